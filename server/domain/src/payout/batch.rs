//! Payouts that go out together, and who may let them go.

use crate::Invalid;

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStatus {
    /// Made; what is in it is reserved.
    Draft,
    /// To be paid.
    Approved,
    /// Given up before it was approved; what was in it is due again.
    Canceled,
}

/// Who may approve a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// Whoever may create one.
    #[default]
    Anybody,
    /// A person in the console other than the one who created it.
    SecondPerson,
}

/// Whoever acts for the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The id of a person or of an API key.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is a person.
    pub is_person: bool,
}

impl BatchStatus {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Draft, "draft"), (Self::Approved, "approved"), (Self::Canceled, "canceled")];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word);
        let remedy = "must be `draft`, `approved` or `canceled`.";
        found.map(|(status, _)| *status).ok_or_else(|| Invalid::new("status", remedy))
    }

    /// Whether a decision (approved or canceled) changes anything; it is refused once the other one was made.
    pub fn decide(self, decision: Self) -> Result<bool, Invalid> {
        match self {
            Self::Draft => Ok(true),
            _ if self == decision => Ok(false),
            Self::Approved => Err(Invalid::new(
                "batch",
                "is approved already, and its files may be with a bank: mark payouts that do not go out as failed.",
            )),
            Self::Canceled => Err(Invalid::new(
                "batch",
                "is canceled, and what was in it is due again: create another one.",
            )),
        }
    }
}

impl Approval {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anybody => "none",
            Self::SecondPerson => "second_person",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "none" => Ok(Self::Anybody),
            "second_person" => Ok(Self::SecondPerson),
            _ => Err(Invalid::new("approval", "must be `none` or `second_person`.")),
        }
    }

    /// Whether somebody may approve what another one, by id, created.
    pub fn lets(self, actor: &Actor, creator: &str) -> bool {
        self == Self::Anybody || (actor.is_person && actor.id != creator)
    }
}
