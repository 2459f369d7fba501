//! The life of a request: requested, approved and so committed, closed or expired; or rejected, or withdrawn.

use super::{Fund, Pays, day_of, instalments, positive};
use crate::Invalid;
use crate::id::FundRequestId;
use crate::lot::{self, Lot, Part};
use crate::reward::Period;
use crate::time::Instant;

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStatus {
    /// It waits for a decision.
    Requested,
    /// Its money is committed, and can be claimed.
    Approved,
    /// The vendor said no.
    Rejected,
    /// The partner took it back.
    Withdrawn,
    /// Done; what was not paid is released.
    Closed,
    /// Its deadline has passed; what was not paid is released.
    Expired,
}

/// What a partner asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it will cost, minor units: the activity, the revenue a tranche's percentages are of, or the yearly salary.
    pub cost: i64,
    /// When it begins.
    pub starts_at: Option<Instant>,
    /// When it has ended; not included.
    pub ends_at: Option<Instant>,
}

/// A partner's request to a fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: FundRequestId,
    /// The fund as it was when the request came; a later change does not touch it.
    pub fund: Fund,
    /// What was asked for.
    pub asked: Asked,
    /// What that comes to by the fund's rules, minor units.
    pub wanted: i64,
    /// Where it stands.
    pub status: RequestStatus,
    /// What was committed to it, minor units.
    pub committed: i64,
    /// How much of that was paid, less what was taken back.
    pub paid: i64,
    /// How much of that was released.
    pub released: i64,
    /// Until when it can be claimed, not included.
    pub claim_by: Option<Instant>,
    /// From which lots its commitment was drawn.
    pub parts: Vec<Part>,
}

/// What a decision goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// What is committed to the partner already in the period of the fund's cap, less what was released, minor units.
    pub by_partner: i64,
}

/// A decision to approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// How much is committed, minor units; all that is wanted where none is said.
    pub amount: Option<i64>,
    /// When it is decided.
    pub at: Instant,
}

/// How many instalments one request may have: ten years of months.
const MOST_INSTALMENTS: usize = 120;

impl Request {
    /// A request, as the fund reads what is asked.
    pub fn new(id: FundRequestId, fund: Fund, asked: Asked, now: Instant) -> Result<Self, Invalid> {
        positive("cost", asked.cost)?;
        let asked = match &fund.pays {
            Pays::Instalments(_) => with_term(&asked, now),
            Pays::Cost | Pays::Tranches(_) => asked,
        };
        if asked.ends_at.zip(asked.starts_at.or(Some(now))).is_some_and(|(ends, starts)| ends <= starts) {
            let after = if asked.starts_at.is_some() { "`startsAt`" } else { "now, or say when it starts" };
            return Err(Invalid::new("endsAt", format!("must be after {after}.")));
        }
        let wanted = wanted(&fund, &asked)?;
        if wanted == 0 {
            return Err(Invalid::new("cost", "is so little that the fund's share of it is nothing."));
        }
        let blank = RequestStatus::Requested;
        let (committed, paid, released) = (0, 0, 0);
        Ok(Self {
            id,
            fund,
            asked,
            wanted,
            status: blank,
            committed,
            paid,
            released,
            claim_by: None,
            parts: Vec::new(),
        })
    }

    /// What is committed and neither paid nor released, minor units.
    pub fn open(&self) -> i64 {
        self.committed - self.paid - self.released
    }

    /// Approves it: draws what is committed from `lots`, oldest first. Refused whole where there is not enough, or a cap would be
    /// broken.
    pub fn approve(&self, approval: Approval, lots: &mut [Lot], spent: Spent) -> Result<Self, Invalid> {
        self.must_be(RequestStatus::Requested)?;
        let amount = positive("amount", approval.amount.unwrap_or(self.wanted))?;
        if amount > self.wanted {
            let remedy = format!("must be at most {}, which the request comes to.", self.wanted);
            return Err(Invalid::new("amount", remedy));
        }
        if let Some((cap, _)) = self.fund.partner_cap {
            let room = (cap - spent.by_partner).max(0);
            if amount > room {
                let remedy = format!("is more than the fund's cap leaves the partner: at most {room}.");
                return Err(Invalid::new("amount", remedy));
            }
        }
        let there = lot::available(lots, approval.at);
        let parts = lot::draw(lots, amount, approval.at).ok_or_else(|| {
            Invalid::new("amount", format!("is more than is available: {amount} of {there} (minor units)."))
        })?;
        let from = self.asked.ends_at.map_or(approval.at, |ends| ends.max(approval.at));
        Ok(Self {
            status: RequestStatus::Approved,
            committed: amount,
            claim_by: Some(from.plus_days(self.fund.claim_days)),
            parts,
            ..self.clone()
        })
    }

    /// Rejects or withdraws it, while it waits. The same again changes nothing.
    pub fn end(&self, status: RequestStatus) -> Result<Self, Invalid> {
        if self.status == status {
            return Ok(self.clone());
        }
        self.must_be(RequestStatus::Requested)?;
        Ok(Self { status, ..self.clone() })
    }

    /// Closes it, or lets it expire: releases what is open to the lots it came from. Says how much that was.
    pub fn close(&self, status: RequestStatus, lots: &mut [Lot]) -> Result<(Self, i64), Invalid> {
        self.must_be(RequestStatus::Approved)?;
        let closed = Self { status, ..self.clone() };
        closed.release(lots)
    }

    /// Whether it expires: its time has passed.
    pub fn is_over(&self, now: Instant) -> bool {
        self.status == RequestStatus::Approved && self.claim_by.is_some_and(|by| now >= by)
    }

    /// Releases what is open of a request that has ended.
    pub(super) fn release(mut self, lots: &mut [Lot]) -> Result<(Self, i64), Invalid> {
        let open = self.open();
        let given = lot::give_back(lots, &mut self.parts, open);
        given.ok_or_else(|| Invalid::new("amount", "cannot be released: its lots are not there."))?;
        self.released += open;
        Ok((self, open))
    }

    fn must_be(&self, status: RequestStatus) -> Result<(), Invalid> {
        let remedy = || format!("is `{}`, and would have to be `{}`.", self.status.word(), status.word());
        if self.status == status { Ok(()) } else { Err(Invalid::new("status", remedy())) }
    }

    /// The instalments of its term; none where its fund has none.
    pub fn instalments(&self) -> Vec<super::Instalment> {
        of_term(&self.fund, &self.asked)
    }
}

/// The term of what is paid by periods: from today on where no beginning is said, for a year where no end is.
fn with_term(asked: &Asked, now: Instant) -> Asked {
    let starts_at = day_of(asked.starts_at.unwrap_or(now));
    let ends_at = day_of(asked.ends_at.unwrap_or_else(|| starts_at.plus_months(12)));
    Asked { cost: asked.cost, starts_at: Some(starts_at), ends_at: Some(ends_at) }
}

fn wanted(fund: &Fund, asked: &Asked) -> Result<i64, Invalid> {
    let Pays::Instalments(_) = fund.pays else { return Ok(fund.share_of(asked.cost)) };
    let parts = of_term(fund, asked);
    if parts.len() >= MOST_INSTALMENTS {
        return Err(Invalid::new("endsAt", format!("makes more than {MOST_INSTALMENTS} instalments.")));
    }
    let sum: i64 = parts.iter().map(|part| part.amount).sum();
    Ok(sum.min(fund.request_cap.unwrap_or(i64::MAX)))
}

fn of_term(fund: &Fund, asked: &Asked) -> Vec<super::Instalment> {
    let period = match &fund.pays {
        Pays::Instalments(parts) => parts.period,
        Pays::Cost | Pays::Tranches(_) => return Vec::new(),
    };
    let term = asked.starts_at.zip(asked.ends_at);
    term.map_or_else(Vec::new, |term| instalments((asked.cost, fund.share), period, term, MOST_INSTALMENTS))
}

impl Fund {
    /// The period in which a partner's cap counts at an instant; none where there is no cap.
    pub fn cap_period(&self, at: Instant) -> Option<(Instant, Instant)> {
        self.partner_cap.map(|(_, period): (i64, Period)| period.around(at))
    }
}

impl RequestStatus {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 6] = [
        (Self::Requested, "requested"),
        (Self::Approved, "approved"),
        (Self::Rejected, "rejected"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Closed, "closed"),
        (Self::Expired, "expired"),
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
