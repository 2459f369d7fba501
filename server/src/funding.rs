//! Funds at work: money that comes in and expires, requests, claims. Each step is part of the transaction that loads what it
//! decides on; the deciding is `goodword_domain::fund`.
//!
//! A claim that is paid becomes a commission, payable at once, out of what is committed: from there it goes the way of all
//! commissions, so that no payout knows of funds.

mod accruing;
mod claiming;
mod proof;
mod requesting;
mod settled;
pub mod sweeping;

pub use accruing::{Accrued, Bought, from_sales, is_due, of_the_day, purchase};
pub use claiming::{Told, decide_claim, file, score};
pub use proof::{MAX_FILE, Upload, store_file};
pub use requesting::{Wish, decide, request};
pub use settled::{fund_of, lock_funds_of, put_in_settled, takable, take_out_settled};

use crate::error::Error;
use crate::hash;
use crate::store::{FundEvent, LotRow, LotsOf, Page, Program, Tx};
use crate::world::World;
use goodword_domain::fund::{self, Fund, LotKind, Scope};
use goodword_domain::id::{FundId, LotId, PartnerId, ProgramId, VendorId};
use goodword_domain::lot::{self, Lot};
use goodword_domain::money::parse_amount;
use goodword_domain::time::Instant;

/// How many programs of a vendor are looked through.
const MOST_PROGRAMS: i64 = 1_000;

/// A fund with its program.
#[derive(Clone, Debug)]
pub struct Found {
    pub program: Program,
    pub fund: Fund,
}

/// Every fund of a vendor, or of one program.
pub fn all(tx: &mut Tx<'_>, vendor: &VendorId, program: Option<&ProgramId>) -> Result<Vec<Found>, Error> {
    let page = Page { limit: MOST_PROGRAMS, oldest_first: true, ..Page::default() };
    let programs = match program {
        Some(id) => tx.program(vendor, id)?.into_iter().collect(),
        None => tx.programs(vendor, None, page)?,
    };
    let of = |program: Program| {
        let funds = program.terms.funds.clone();
        funds.into_iter().map(move |fund| Found { program: program.clone(), fund })
    };
    Ok(programs.into_iter().flat_map(of).collect())
}

/// The fund of an id.
pub fn find(tx: &mut Tx<'_>, vendor: &VendorId, id: &FundId) -> Result<Found, Error> {
    let found = all(tx, vendor, None)?.into_iter().find(|found| found.fund.id == *id);
    found.ok_or_else(|| Error::NotFound("There is no such fund in this mode: see GET /v1/funds.".into()))
}

/// Only an approved partner of the program has money of its funds.
fn must_be_approved(tx: &mut Tx<'_>, program: &Program, partner: &PartnerId) -> Result<(), Error> {
    if tx.known_partner(&program.vendor, &program.id, partner)?.approved {
        return Ok(());
    }
    Err(Error::field("partnerId", "is not an approved partner of this program: see GET /v1/partners."))
}

/// What writes to one fund does so one after the other, also across server processes.
fn one_by_one(tx: &mut Tx<'_>, fund: &FundId) -> Result<(), Error> {
    Ok(tx.lock(&[hash::number(&format!("fund:{fund}"))])?)
}

/// Lots that are drawn on or given back to, and how they stood before.
struct Purse {
    before: Vec<LotRow>,
    lots: Vec<Lot>,
}

impl Purse {
    fn load(tx: &mut Tx<'_>, of: LotsOf<'_>) -> Result<Self, Error> {
        let before = tx.lots(of)?;
        let lots = before.iter().map(|row| row.lot.clone()).collect();
        Ok(Self { before, lots })
    }

    /// The lots a request of a partner draws on.
    fn of(tx: &mut Tx<'_>, fund: &Fund, partner: &PartnerId, drawer: &str) -> Result<Self, Error> {
        let partner = (fund.scope == Scope::Partner).then_some(partner);
        Self::load(tx, LotsOf { fund: &fund.id, partner, drawer })
    }

    fn save(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for (before, after) in self.before.iter().zip(&self.lots) {
            if before.lot.left != after.left {
                tx.update_lot(&after.id, after.left, before.gone)?;
            }
        }
        Ok(())
    }
}

/// What comes into a fund.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// To whom; none where it is set aside for all.
    pub partner: Option<PartnerId>,
    /// Minor units.
    pub amount: i64,
    /// From when on it is gone; by the fund's rule where none is said.
    pub expires_at: Option<Instant>,
    pub note: String,
    pub by: String,
}

/// Sets money aside in a fund, or gives a partner some of what is set aside.
pub fn put_in(
    tx: &mut Tx<'_>,
    world: World,
    Found { program, fund }: &Found,
    incoming: &Incoming,
    now: Instant,
) -> Result<LotRow, Error> {
    one_by_one(tx, &fund.id)?;
    if parse_amount("amount", incoming.amount)? == 0 {
        return Err(Error::field("amount", "must be at least 1."));
    }
    if incoming.expires_at.is_some_and(|at| at <= now) {
        return Err(Error::field("expiresAt", "must lie in the future."));
    }
    let id = LotId::from_bits(world.bits());
    let kind = match &incoming.partner {
        Some(partner) => {
            must_be_approved(tx, program, partner)?;
            draw_from_budget(tx, fund, &id, incoming.amount, (&program.vendor, now))?;
            LotKind::Allocation
        }
        None => LotKind::Budget,
    };
    let lot = Lot {
        id: id.clone(),
        came_at: now,
        expires_at: incoming.expires_at.or_else(|| fund.expires_at(now)),
        left: incoming.amount,
    };
    let row = LotRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        fund: fund.id.clone(),
        partner: incoming.partner.clone(),
        kind,
        currency: program.terms.currency,
        amount: incoming.amount,
        gone: 0,
        period_start: None,
        note: incoming.note.clone(),
        by: incoming.by.clone(),
        lot,
    };
    tx.insert_lot(&row)?;
    let posted = fund::made(kind, id, row.partner.as_ref(), (row.amount, row.currency));
    tx.post(world, &row.vendor, &row.program, posted.as_ref(), now)?;
    Ok(row)
}

fn draw_from_budget(
    tx: &mut Tx<'_>,
    fund: &Fund,
    drawer: &LotId,
    amount: i64,
    (vendor, now): (&VendorId, Instant),
) -> Result<(), Error> {
    if fund.scope == Scope::Shared {
        let remedy = "goes with funds of `scope = \"partner\"`: on this one all partners draw together.";
        return Err(Error::field("partnerId", remedy));
    }
    let mut pool = Purse::load(tx, LotsOf { fund: &fund.id, partner: None, drawer: "" })?;
    let there = lot::available(&pool.lots, now);
    let parts = lot::draw(&mut pool.lots, amount, now).ok_or_else(|| {
        let remedy = format!(
            "is more than the fund's budget has: {amount} of {there} (minor units). Set more aside first."
        );
        Error::field("amount", remedy)
    })?;
    pool.save(tx)?;
    Ok(tx.insert_draws(vendor, drawer.as_str(), &parts)?)
}

/// Ends a lot now: what is left of it goes back to where it came from.
pub fn end_lot(tx: &mut Tx<'_>, world: World, row: LotRow, now: Instant) -> Result<LotRow, Error> {
    one_by_one(tx, &row.fund)?;
    let remedy = match row.kind {
        LotKind::Accrual => {
            "What purchases accrued is the partner's until it expires: correct the purchase instead."
        }
        LotKind::Settlement => {
            "What a settlement put in is the partner's until it expires: what has changed corrects it in the next."
        }
        LotKind::Budget | LotKind::Allocation => "",
    };
    if !remedy.is_empty() {
        return Err(Error::Conflict(remedy.into()));
    }
    if row.lot.left == 0 {
        return Ok(row);
    }
    tx.end_lot(&row.lot.id, now)?;
    sweeping::lapse(tx, world, &row, now)?;
    let again = tx.lot(&row.vendor, &row.lot.id)?;
    again.ok_or_else(|| Error::internal(format!("lot {} vanished", row.lot.id)))
}

/// What somebody said with a decision.
#[derive(Clone, Debug)]
pub struct Said {
    /// Who: `partner`, `goodword`, or a person or key of the vendor.
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

impl Said {
    fn event(&self, status: &str) -> FundEvent {
        FundEvent { status: status.into(), by: self.by.clone(), note: self.note.clone(), at: self.at }
    }
}
