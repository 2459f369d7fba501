//! What remains of a sale after refunds and disputes, and of the commissions on it.

use crate::crediting::Exchanged;
use crate::error::Error;
use crate::points;
use crate::store::{CommissionRow, Posting, Sale, Tx};
use crate::world::World;
use goodword_domain::commission::{self, Change, Commission, Status, Step};
use goodword_domain::id::CommissionId;
use goodword_domain::reward::Calculation;
use goodword_domain::time::Instant;

/// Saves what is left of a sale that stood as `before`, and of each commission on it. `at` is when it happened, `now` what the
/// vendor's clock shows.
pub fn settle(
    tx: &mut Tx<'_>,
    world: World,
    before: &Sale,
    mut after: Sale,
    at: Instant,
    now: Instant,
) -> Result<Sale, Error> {
    let program = tx.known_program(&before.vendor, Some(&before.program))?;
    let ours = program.map_or(before.currency, |program| program.terms.currency);
    let exchanged = Exchanged::read(before.rate.as_ref(), before.currency, ours)?;
    after.value_left = exchanged.value(after.amount - after.gone());
    tx.update_sale(before, &after)?;
    for row in tx.commissions_of_sale(&before.id)? {
        if row.corrects.is_none() {
            remain(tx, world, &row, after.gone(), at, now)?;
        }
    }
    Ok(after)
}

pub fn remain(
    tx: &mut Tx<'_>,
    world: World,
    row: &CommissionRow,
    gone: i64,
    at: Instant,
    now: Instant,
) -> Result<(), Error> {
    change(tx, world, row, row.commission.remain(gone, now), None, at)
}

/// Saves what a commission has become: itself, or one of its own that corrects it.
pub fn change(
    tx: &mut Tx<'_>,
    world: World,
    row: &CommissionRow,
    change: Change,
    note: Option<String>,
    at: Instant,
) -> Result<(), Error> {
    match change {
        Change::Same(step) => save(tx, world, row, &step, at),
        Change::Correction(kept, 0) => Ok(tx.update_commission(row, &kept)?),
        Change::Correction(kept, amount) => {
            tx.update_commission(row, &kept)?;
            correct(tx, world, row, amount, note, at)
        }
    }
}

/// Saves a step of a commission. Nothing is posted before the commission was, so that no balance ever dips below what was held.
pub fn save(
    tx: &mut Tx<'_>,
    world: World,
    row: &CommissionRow,
    step: &Step,
    at: Instant,
) -> Result<(), Error> {
    tx.update_commission(row, &step.commission)?;
    points::post(tx, world, row, step, at.max(row.at))
}

/// Adds to a commission that was sent, or takes from it, by one of its own. Minor units.
pub fn correct(
    tx: &mut Tx<'_>,
    world: World,
    row: &CommissionRow,
    amount: i64,
    note: Option<String>,
    at: Instant,
) -> Result<(), Error> {
    let at = at.max(row.at);
    let step = commission::correct(Commission {
        id: CommissionId::from_bits(world.bits()),
        calculation: Calculation::fixed(amount),
        amount: 0,
        refunded: 0,
        earnings: amount,
        status: Status::Processed,
        clears_at: at,
        in_payout: false,
        ..row.commission.clone()
    });
    let correction = CommissionRow {
        corrects: Some(row.commission.id.clone()),
        earnings_at_first: amount,
        payout: None,
        note,
        at,
        commission: step.commission,
        ..row.clone()
    };
    let mut tallies = crate::store::Tallies::default();
    tx.insert_commissions(&[correction], &mut tallies)?;
    tx.add_tallies(&tallies)?;
    let (vendor, program) = (row.vendor.clone(), row.program.clone());
    let postings = step.transfer.map(|transfer| Posting { vendor, program, transfer, at });
    tx.post_all(world, postings.as_slice())?;
    Ok(())
}
