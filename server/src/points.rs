//! Points at work: lots that come with commissions, expire and are redeemed; completions; levels; prizes. Each step is part of the
//! transaction that loads what it decides on; the deciding is `goodword_domain::points`.

pub mod completing;
pub mod levels;
pub mod prizes;
pub mod redeeming;

use crate::error::Error;
use crate::hash;
use crate::store::{CommissionRow, PointsOf, Posting, Program, Tx};
use crate::world::World;
use goodword_domain::commission::{Status, Step};
use goodword_domain::id::{LotId, PartnerId, ProgramId, VendorId};
use goodword_domain::ledger::Transfer;
use goodword_domain::lot::Lot;
use goodword_domain::money::Currency;
use goodword_domain::points::{Credited, Done, Purse};
use goodword_domain::time::Instant;

/// How many partners' points one transaction looks at.
const BATCH: i64 = 100;

/// What changes one partner's points does so one after the other, also across server processes.
fn one_by_one(tx: &mut Tx<'_>, program: &ProgramId, partner: &PartnerId) -> Result<(), Error> {
    Ok(tx.lock(&[hash::number(&format!("points:{program}:{partner}"))])?)
}

/// A partner's points as they are loaded and saved.
pub struct Book {
    vendor: VendorId,
    program: ProgramId,
    before: Vec<Credited>,
    pub purse: Purse,
}

impl Book {
    /// Loads what `of` names, and what is owed.
    pub fn load(tx: &mut Tx<'_>, vendor: &VendorId, of: PointsOf<'_>) -> Result<Self, Error> {
        let lots = tx.points_lots(of)?;
        let owed = tx.points_owed(of.program, of.partner)?;
        let purse = Purse { partner: of.partner.clone(), lots: lots.clone(), owed };
        Ok(Self { vendor: vendor.clone(), program: of.program.clone(), before: lots, purse })
    }

    /// Saves the lots that are new or others.
    fn save(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let of = (&self.vendor, &self.program, &self.purse.partner);
        for (place, after) in self.purse.lots.iter().enumerate() {
            match self.before.get(place) {
                None => tx.insert_points_lot(of, after)?,
                Some(before) if before != after => tx.update_points_lot(after)?,
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Saves the lots, and what a step of the purse writes around a transfer of its own.
    fn done(
        &self,
        tx: &mut Tx<'_>,
        world: World,
        (done, own): (Done, Option<Transfer>),
        at: Instant,
    ) -> Result<(), Error> {
        self.save(tx)?;
        if !done.covered.is_empty() {
            tx.insert_draws(&self.vendor, &format!("owed_{:032x}", world.bits()), &done.covered)?;
        }
        self.post(tx, world, done.before.into_iter().chain(own).chain(done.after), at)
    }

    fn post(
        &self,
        tx: &mut Tx<'_>,
        world: World,
        transfers: impl IntoIterator<Item = Transfer>,
        at: Instant,
    ) -> Result<(), Error> {
        let (vendor, program) = (&self.vendor, &self.program);
        let posting = |transfer| Posting { vendor: vendor.clone(), program: program.clone(), transfer, at };
        let postings: Vec<Posting> = transfers.into_iter().map(posting).collect();
        Ok(tx.post_all(world, &postings)?)
    }
}

/// Posts a step of a commission that was saved. What lies in `payable` of one in points lies in lots, too.
pub fn post(
    tx: &mut Tx<'_>,
    world: World,
    row: &CommissionRow,
    step: &Step,
    at: Instant,
) -> Result<(), Error> {
    let after = &step.commission;
    if after.currency != Currency::POINTS {
        return Ok(tx.post(world, &row.vendor, &row.program, step.transfer.as_ref(), at)?);
    }
    one_by_one(tx, &row.program, &after.partner)?;
    let (program, partner, commission) = (&row.program, &after.partner, Some(&after.id));
    let mut book = Book::load(tx, &row.vendor, PointsOf { program, partner, commission, drawer: "" })?;
    let is_payable = matches!(after.status, Status::Processed | Status::Paid);
    let target = if is_payable { after.earnings.max(0) } else { 0 };
    // A refund that is told late is no reason to take a lot for one that has not come in yet.
    let now = book.purse.lots.iter().map(|lot| lot.lot.came_at).max().map_or(at, |last| last.max(at));
    let lot = Lot {
        id: LotId::from_bits(world.bits()),
        came_at: now,
        expires_at: expires_at(tx, row, now)?,
        left: 0,
    };
    let done = book.purse.level(&after.id, target, lot, now);
    book.done(tx, world, (done, step.transfer.clone()), at)
}

/// By the terms that were in force when the commission was earned.
fn expires_at(tx: &mut Tx<'_>, row: &CommissionRow, at: Instant) -> Result<Option<Instant>, Error> {
    let program = tx.known_program(&row.vendor, Some(&row.program))?;
    let terms = program.as_ref().map(|program| {
        let version = program.versions.iter().find(|version| version.number == row.version);
        version.map_or(&program.terms, |version| &version.terms)
    });
    Ok(terms.and_then(|terms| terms.points.expiry.of(at)))
}

/// Whether points of a vendor have expired by `now`.
pub fn any_to_expire(tx: &mut Tx<'_>, vendor: &VendorId, now: Instant) -> Result<bool, Error> {
    Ok(!tx.points_to_expire(vendor, now, 1)?.is_empty())
}

/// Takes out of lots what has expired by `now`; of how many partners.
pub fn expire(tx: &mut Tx<'_>, world: World, vendor: &VendorId, now: Instant) -> Result<usize, Error> {
    let due = tx.points_to_expire(vendor, now, BATCH)?;
    for (program, partner) in &due {
        one_by_one(tx, program, partner)?;
        let of = PointsOf { program, partner, commission: None, drawer: "" };
        let mut book = Book::load(tx, vendor, of)?;
        let posted = book.purse.expire(now);
        book.save(tx)?;
        book.post(tx, world, posted, now)?;
    }
    Ok(due.len())
}

/// Only an approved partner of the program earns and redeems points.
fn must_be_approved(tx: &mut Tx<'_>, program: &Program, partner: &PartnerId) -> Result<(), Error> {
    if tx.known_partner(&program.vendor, &program.id, partner)?.approved {
        return Ok(());
    }
    Err(Error::field("partnerId", "is not an approved partner of this program: see GET /v1/partners."))
}
