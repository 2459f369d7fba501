//! The life of a claim on a commitment: due or submitted, held, paid in whole or in part, rejected, or reversed.

use super::{Pays, Request, RequestStatus, Score, positive};
use crate::Invalid;
use crate::id::FundClaimId;
use crate::lot::Lot;
use crate::time::Instant;

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimStatus {
    /// Its period has ended; it waits for the figure that decides.
    Due,
    /// It waits for a decision.
    Submitted,
    /// The figure is below what must be reached.
    Held,
    /// Paid, wholly or in part.
    Paid,
    /// The vendor said no.
    Rejected,
    /// Paid, and taken back.
    Reversed,
}

/// What a claim is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// What something has cost.
    Cost {
        /// Minor units.
        cost: i64,
        /// Whether nothing more will be claimed, so that the rest is released once it is decided.
        last: bool,
    },
    /// Tranches that evidence has reached.
    Reached {
        /// The evidence, minor units.
        reached: i64,
    },
    /// A period.
    Period {
        /// Its first instant.
        from: Instant,
        /// The first instant after it.
        until: Instant,
        /// The figure that decides, if it was told.
        score: Option<Score>,
    },
}

/// A claim on a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: FundClaimId,
    /// What it is for.
    pub what: For,
    /// What it is due by the fund's rules, minor units; never more than was open of the commitment.
    pub due: i64,
    /// Where it stands.
    pub status: ClaimStatus,
    /// What was paid on it, minor units.
    pub paid: i64,
}

/// A claim that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The request as it is now.
    pub request: Request,
    /// The claim as it is now.
    pub claim: Claim,
    /// What the partner gets, minor units.
    pub amount: i64,
    /// What was released because it was the last claim.
    pub released: i64,
}

impl Claim {
    /// A claim a partner makes. Of what is paid by periods there is none: those arise by themselves.
    pub fn file(id: FundClaimId, request: &Request, what: For, now: Instant) -> Result<Self, Invalid> {
        check_open(request, now)?;
        let due = due(request, what)?;
        if due == 0 {
            return Err(match what {
                For::Reached { .. } => {
                    Invalid::new("reached", "does not reach a tranche that is not paid yet.")
                }
                For::Cost { .. } | For::Period { .. } => {
                    Invalid::new("cost", "comes to nothing: nothing of the commitment is left for it.")
                }
            });
        }
        Ok(Self { id, what, due, status: ClaimStatus::Submitted, paid: 0 })
    }

    /// The claim of a period that has ended by `now`.
    pub fn arise(id: FundClaimId, request: &Request, part: super::Instalment, now: Instant) -> Option<Self> {
        let Pays::Instalments(parts) = &request.fund.pays else { return None };
        let status = if parts.gate.is_some() { ClaimStatus::Due } else { ClaimStatus::Submitted };
        let due = part.amount.min(request.open());
        let ended = request.status == RequestStatus::Approved && now >= part.until && due > 0;
        let what = For::Period { from: part.from, until: part.until, score: None };
        ended.then_some(Self { id, what, due, status, paid: 0 })
    }

    /// Takes the figure that decides about a period: submitted where it reaches what it must, else held. May be told again while
    /// nothing is decided.
    pub fn scored(&self, request: &Request, score: Score) -> Result<Self, Invalid> {
        let For::Period { from, until, .. } = self.what else {
            return Err(Invalid::new("score", "goes with claims for periods alone."));
        };
        if !self.is_open() {
            return Err(Invalid::new("status", format!("is `{}`: it is decided.", self.status.word())));
        }
        let gate = match &request.fund.pays {
            Pays::Instalments(parts) => parts.gate.as_ref(),
            Pays::Cost | Pays::Tranches(_) => None,
        };
        let reached = gate.is_none_or(|gate| score >= gate.at_least);
        let status = if reached { ClaimStatus::Submitted } else { ClaimStatus::Held };
        Ok(Self { what: For::Period { from, until, score: Some(score) }, status, ..self.clone() })
    }

    /// Whether nobody has decided about it yet.
    pub fn is_open(&self) -> bool {
        matches!(self.status, ClaimStatus::Due | ClaimStatus::Submitted | ClaimStatus::Held)
    }

    /// Pays it: all that is due, or less. Never more than is open of the commitment at this moment, whatever was open when it was
    /// filed.
    pub fn pay(&self, request: &Request, amount: Option<i64>, lots: &mut [Lot]) -> Result<Paid, Invalid> {
        match self.status {
            ClaimStatus::Submitted => {}
            ClaimStatus::Due => {
                return Err(Invalid::new("status", "is `due`: the figure that decides was not told yet."));
            }
            ClaimStatus::Held => {
                let remedy =
                    "is `held`: the figure does not reach what it must. Tell a new one, or reject the claim.";
                return Err(Invalid::new("status", remedy));
            }
            other => return Err(Invalid::new("status", format!("is `{}`: it is decided.", other.word()))),
        }
        if request.status != RequestStatus::Approved {
            let remedy = format!("is of a request that is `{}`.", request.status.word());
            return Err(Invalid::new("status", remedy));
        }
        // Two claims may have been filed for the same tranche: what one was paid is not due to the other.
        let still = match self.what {
            For::Reached { .. } => due(request, self.what)?,
            For::Cost { .. } | For::Period { .. } => self.due,
        };
        let most = self.due.min(still).min(request.open());
        let amount = positive("amount", amount.unwrap_or(most))?;
        if amount > most {
            return Err(Invalid::new(
                "amount",
                format!("must be at most {most}, which is due and committed."),
            ));
        }
        let claim = Self { status: ClaimStatus::Paid, paid: amount, ..self.clone() };
        let request = Request { paid: request.paid + amount, ..request.clone() };
        let done = claim.is_last() || request.open() == 0;
        let (request, released) =
            if done { request.close(RequestStatus::Closed, lots)? } else { (request, 0) };
        Ok(Paid { request, claim, amount, released })
    }

    fn is_last(&self) -> bool {
        matches!(self.what, For::Cost { last: true, .. })
    }

    /// Rejects it. The request stays open until its deadline, so that the partner can claim better. The same again changes
    /// nothing.
    pub fn reject(&self) -> Result<Self, Invalid> {
        if !self.is_open() && self.status != ClaimStatus::Rejected {
            return Err(Invalid::new("status", format!("is `{}`: reverse it.", self.status.word())));
        }
        Ok(Self { status: ClaimStatus::Rejected, ..self.clone() })
    }

    /// Takes back what was paid: it is open of the commitment again, and released at once where the request has ended. Says how
    /// much is released.
    pub fn reverse(&self, request: &Request, lots: &mut [Lot]) -> Result<(Request, Self, i64), Invalid> {
        if self.status != ClaimStatus::Paid {
            return Err(Invalid::new("status", format!("is `{}`: nothing was paid.", self.status.word())));
        }
        let claim = Self { status: ClaimStatus::Reversed, paid: 0, ..self.clone() };
        let request = Request { paid: request.paid - self.paid, ..request.clone() };
        if request.status == RequestStatus::Approved {
            return Ok((request, claim, 0));
        }
        let (request, released) = request.release(lots)?;
        Ok((request, claim, released))
    }
}

fn check_open(request: &Request, now: Instant) -> Result<(), Invalid> {
    if request.status != RequestStatus::Approved {
        let remedy = format!("is `{}`: only what is `approved` can be claimed.", request.status.word());
        return Err(Invalid::new("requestId", remedy));
    }
    if request.claim_by.is_some_and(|by| now >= by) {
        return Err(Invalid::new("requestId", "is past its deadline."));
    }
    Ok(())
}

/// What a claim is due, minor units.
fn due(request: &Request, what: For) -> Result<i64, Invalid> {
    let figure = match (what, &request.fund.pays) {
        (For::Cost { cost, .. }, Pays::Cost) => request.fund.share.of(positive("cost", cost)?),
        (For::Reached { reached }, Pays::Tranches(tranches)) => {
            let reached = positive("reached", reached)?;
            let of = request.asked.cost;
            let met = tranches.iter().take_while(|tranche| reached >= tranche.reaches.amount(of));
            let all = met
                .fold(0_i64, |sum, tranche| tranche.pays.map_or(i64::MAX, |pays| sum.saturating_add(pays)));
            all.min(request.committed) - request.paid
        }
        (For::Period { .. }, _) | (_, Pays::Instalments(_)) => {
            let remedy =
                "is paid by periods: claims arise when they end, and wait for the figure that decides.";
            return Err(Invalid::new("requestId", remedy));
        }
        (For::Cost { .. }, Pays::Tranches(_)) => {
            return Err(Invalid::new("reached", "is needed: the fund pays by what is reached."));
        }
        (For::Reached { .. }, Pays::Cost) => {
            return Err(Invalid::new("cost", "is needed: the fund pays a share of what something has cost."));
        }
    };
    Ok(figure.clamp(0, request.open()))
}

impl ClaimStatus {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 6] = [
        (Self::Due, "due"),
        (Self::Submitted, "submitted"),
        (Self::Held, "held"),
        (Self::Paid, "paid"),
        (Self::Rejected, "rejected"),
        (Self::Reversed, "reversed"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("status", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}
