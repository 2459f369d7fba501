//! How one sale is shared among several people, agreed among them: somebody proposes it, each of those concerned consents or disputes,
//! the vendor decides.
//!
//! Concerned is whoever has a part by the proposal, and whoever has a commission on the sale and so may lose one. While a
//! proposal is open nothing of the sale is released or paid out. Who was heard and what was decided stays; a decision is not decided
//! again, but another proposal can follow.

use crate::Invalid;
use crate::id::{PartnerId, SplitId};

/// Within how many hours the vendor is to decide.
pub const SERVICE_HOURS: i64 = 72;
/// How many partners may share one sale.
pub const MOST_SHARERS: usize = 20;

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: SplitId,
    /// Where it stands.
    pub status: Status,
    /// Who proposed it; none where the vendor did.
    pub proposer: Option<PartnerId>,
    /// Who is to have which part; each partner once.
    pub parts: Vec<Share>,
    /// Who has which part by the vendor's decision; empty where there is none, or it stays as it was.
    pub decided: Vec<Share>,
    /// What each of those concerned says.
    pub consents: Vec<Consent>,
}

/// What one partner is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who.
    pub partner: PartnerId,
    /// As what: seller, engineer, marketer, manager, or what else the vendor calls it.
    pub role: Option<String>,
    /// The part, of the sum of all; more than nothing.
    pub weight: u64,
}

/// What somebody concerned says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who.
    pub partner: PartnerId,
    /// What.
    pub answer: Answer,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None yet.
    Waiting,
    /// It is fine.
    Agreed,
    /// It is not.
    Disputed,
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Somebody concerned has not answered.
    Proposed,
    /// All concerned agree; the vendor is to decide.
    Agreed,
    /// Somebody concerned disputes it; the vendor is to decide.
    Disputed,
    /// The vendor decided that the sale is shared so.
    Approved,
    /// The vendor decided that it stays as it was.
    Rejected,
    /// Whoever proposed it took it back.
    Withdrawn,
}

impl Proposal {
    /// A proposal; `credited` are those who have a commission on the sale. A partner can propose only about a sale that he or she is
    /// credited with, and agrees by proposing.
    pub fn new(
        id: SplitId,
        proposer: Option<PartnerId>,
        parts: Vec<Share>,
        credited: &[PartnerId],
    ) -> Result<Self, Invalid> {
        if credited.is_empty() {
            return Err(Invalid::new(
                "saleId",
                "is of a sale that nobody is credited with: there is nothing to share.",
            ));
        }
        if proposer.as_ref().is_some_and(|own| !credited.contains(own)) {
            return Err(Invalid::new("saleId", "is of no sale of yours."));
        }
        check(&parts)?;
        let mut concerned: Vec<&PartnerId> = credited.iter().collect();
        for share in &parts {
            if !concerned.contains(&&share.partner) {
                concerned.push(&share.partner);
            }
        }
        let of = |partner: &PartnerId| {
            let answer = if proposer.as_ref() == Some(partner) { Answer::Agreed } else { Answer::Waiting };
            Consent { partner: partner.clone(), answer }
        };
        let consents = concerned.into_iter().map(of).collect();
        let status = Status::Proposed;
        Ok(Self { id, status, proposer, parts, decided: Vec::new(), consents }.stood())
    }

    /// The same, once somebody concerned has answered. An answer can be changed until the vendor decides.
    pub fn answer(&self, partner: &PartnerId, answer: Answer) -> Result<Self, Invalid> {
        self.must_be_open()?;
        if !self.consents.iter().any(|consent| consent.partner == *partner) {
            return Err(Invalid::new("partnerId", "is not concerned by this split."));
        }
        let mut after = self.clone();
        for consent in after.consents.iter_mut().filter(|consent| consent.partner == *partner) {
            consent.answer = answer;
        }
        Ok(after.stood())
    }

    /// The same, ended: approved, rejected or withdrawn. The vendor may approve other parts than were proposed.
    pub fn end(&self, status: Status, parts: Option<Vec<Share>>) -> Result<Self, Invalid> {
        self.must_be_open()?;
        let decided = match parts {
            Some(_) if status != Status::Approved => {
                return Err(Invalid::new("partners", "go with `approved` alone."));
            }
            Some(parts) => {
                check(&parts)?;
                parts
            }
            None if status == Status::Approved => self.parts.clone(),
            None => Vec::new(),
        };
        Ok(Self { status, decided, ..self.clone() })
    }

    fn must_be_open(&self) -> Result<(), Invalid> {
        if self.status.is_open() {
            return Ok(());
        }
        Err(Invalid::new(
            "status",
            format!("is `{}`: it is decided already. Propose another one.", self.status.word()),
        ))
    }

    /// Where it stands by what was answered.
    fn stood(self) -> Self {
        let any = |answer| self.consents.iter().any(|consent| consent.answer == answer);
        let status = if any(Answer::Disputed) {
            Status::Disputed
        } else if any(Answer::Waiting) {
            Status::Proposed
        } else {
            Status::Agreed
        };
        Self { status, ..self }
    }
}

fn check(parts: &[Share]) -> Result<(), Invalid> {
    if parts.is_empty() || parts.len() > MOST_SHARERS {
        return Err(Invalid::new("partners", format!("must be 1 to {MOST_SHARERS} partners.")));
    }
    for (place, share) in parts.iter().enumerate() {
        if parts[..place].iter().any(|before| before.partner == share.partner) {
            return Err(Invalid::new(
                format!("partners[{place}]"),
                "is there twice: name each partner once.",
            ));
        }
        if share.weight == 0 {
            return Err(Invalid::new(
                format!("partners[{place}]"),
                "must have more than nothing; leave out who has no part.",
            ));
        }
    }
    Ok(())
}

impl Status {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 6] = [
        (Self::Proposed, "proposed"),
        (Self::Agreed, "agreed"),
        (Self::Disputed, "disputed"),
        (Self::Approved, "approved"),
        (Self::Rejected, "rejected"),
        (Self::Withdrawn, "withdrawn"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("status", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// Whether the vendor has still to decide.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Agreed | Self::Disputed)
    }
}

impl Answer {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Waiting, "waiting"), (Self::Agreed, "agreed"), (Self::Disputed, "disputed")];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("answer", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(n: u128) -> PartnerId {
        PartnerId::from_bits(n)
    }

    fn parts(all: &[(u128, u64)]) -> Vec<Share> {
        all.iter().map(|(n, weight)| Share { partner: who(*n), role: None, weight: *weight }).collect()
    }

    fn proposed(proposer: Option<u128>) -> Result<Proposal, Invalid> {
        Proposal::new(SplitId::from_bits(1), proposer.map(who), parts(&[(1, 60), (2, 40)]), &[who(1), who(3)])
    }

    #[test]
    fn whoever_gains_or_may_lose_is_heard_and_the_proposer_has_agreed() {
        let proposal = proposed(Some(1)).unwrap();
        let heard: Vec<(PartnerId, Answer)> =
            proposal.consents.iter().map(|c| (c.partner.clone(), c.answer)).collect();
        assert_eq!(heard, [(who(1), Answer::Agreed), (who(3), Answer::Waiting), (who(2), Answer::Waiting)]);
        assert_eq!(proposal.status, Status::Proposed);
        let agreed = proposal.answer(&who(2), Answer::Agreed).unwrap();
        assert_eq!(agreed.status, Status::Proposed);
        let disputed = agreed.answer(&who(3), Answer::Disputed).unwrap();
        assert_eq!(disputed.status, Status::Disputed);
        assert_eq!(disputed.answer(&who(3), Answer::Agreed).unwrap().status, Status::Agreed);
        assert_eq!(proposal.answer(&who(4), Answer::Agreed).unwrap_err().field, "partnerId");
        assert_eq!(proposed(Some(2)).unwrap_err().field, "saleId", "the sale is none of his");
        assert!(proposed(None).unwrap().consents.iter().all(|c| c.answer == Answer::Waiting));
    }

    #[test]
    fn a_decision_is_the_end_of_it() {
        let proposal = proposed(None).unwrap();
        let other = proposal.end(Status::Approved, Some(parts(&[(3, 1)]))).unwrap();
        assert_eq!((other.status, other.decided.len(), other.parts.len()), (Status::Approved, 1, 2));
        assert_eq!(other.end(Status::Rejected, None).unwrap_err().field, "status");
        assert_eq!(other.answer(&who(1), Answer::Agreed).unwrap_err().field, "status");
        let why = proposal.end(Status::Rejected, Some(parts(&[(3, 1)]))).unwrap_err();
        assert_eq!(why.field, "partners");
    }

    #[test]
    fn parts_are_each_of_another_and_of_something() {
        let of = |all: &[(u128, u64)]| {
            Proposal::new(SplitId::from_bits(1), None, parts(all), &[who(1)]).unwrap_err().field
        };
        assert_eq!(of(&[]), "partners");
        assert_eq!(of(&[(1, 1), (1, 2)]), "partners[1]");
        assert_eq!(of(&[(1, 1), (2, 0)]), "partners[1]");
        let nobodys = Proposal::new(SplitId::from_bits(1), None, parts(&[(1, 1)]), &[]).unwrap_err();
        assert_eq!(nobodys.field, "saleId");
    }
}
