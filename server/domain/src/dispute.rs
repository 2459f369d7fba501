//! Disputes: a buyer's complaint to the bank takes the commission back when it is opened, and gives it back when the
//! vendor wins.

use crate::Invalid;

/// How a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not decided.
    Open,
    /// The vendor keeps the money.
    Won,
    /// The buyer got it back.
    Lost,
}

/// What a report of a dispute does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It changes to this.
    Becomes(Status),
    /// It says nothing new: the same again, or the opening told after the end.
    Nothing,
    /// It contradicts what was decided.
    Contradicts,
}

/// A report of `told` on a dispute that stands as `known`, or is not known. Processors tell things out of order.
pub fn step(known: Option<Status>, told: Status) -> Step {
    match (known, told) {
        (None | Some(Status::Open), Status::Won | Status::Lost) | (None, Status::Open) => Step::Becomes(told),
        (Some(_), Status::Open) => Step::Nothing,
        (Some(known), told) if known == told => Step::Nothing,
        (Some(_), _) => Step::Contradicts,
    }
}

impl Status {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "open" => Ok(Self::Open),
            "won" => Ok(Self::Won),
            "lost" => Ok(Self::Lost),
            _ => Err(Invalid::new("status", "must be `open`, `won` or `lost`.")),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// Whether what is disputed is gone while it stands so.
    pub fn takes(self) -> bool {
        self != Self::Won
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_in_any_order_it_ends_alike() {
        assert_eq!(step(None, Status::Open), Step::Becomes(Status::Open));
        assert_eq!(step(Some(Status::Open), Status::Won), Step::Becomes(Status::Won));
        assert_eq!(step(None, Status::Won), Step::Becomes(Status::Won));
        assert_eq!(step(Some(Status::Won), Status::Open), Step::Nothing);
        assert_eq!(step(Some(Status::Lost), Status::Lost), Step::Nothing);
        assert_eq!(step(Some(Status::Won), Status::Lost), Step::Contradicts);
    }
}
