//! Amounts that are credited for no single event: what a registered deal pays as it moves, what a period has earned.

use crate::error::Error;
use crate::store::{CommissionRow, Origin, Program, Tallies, Tx, counting_lock};
use crate::world::World;
use goodword_domain::commission::{self, Commission, Source, Status};
use goodword_domain::id::{CommissionId, PartnerId};
use goodword_domain::money::Currency;
use goodword_domain::reward::Calculation;
use goodword_domain::time::Instant;

/// Credits an amount, minor units of the program's currency: held like any other commission. A negative one is owed, and nets off
/// what is paid out next. Nothing is credited where it is nothing.
pub fn grant(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (partner, amount): (&PartnerId, i64),
    note: String,
    now: Instant,
) -> Result<Option<CommissionId>, Error> {
    grant_in(tx, world, program, (partner, amount, program.terms.currency), note, now)
}

/// The same in the program's currency or in points; of points no less than nothing.
pub fn grant_in(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (partner, amount, unit): (&PartnerId, i64, Currency),
    note: String,
    now: Instant,
) -> Result<Option<CommissionId>, Error> {
    if amount == 0 {
        return Ok(None);
    }
    let terms = &program.terms;
    let budgeted = terms.is_budgeted(unit);
    if budgeted {
        tx.lock(&[counting_lock(&program.id)])?;
        if amount > 0 && tx.budget_left(&program.id, unit)? < amount {
            return Err(Error::Conflict("The program's budget does not cover it: raise it first.".into()));
        }
    }
    let blank = Commission {
        id: CommissionId::from_bits(world.bits()),
        partner: partner.clone(),
        currency: unit,
        calculation: Calculation::fixed(amount),
        amount: 0,
        refunded: 0,
        earnings: 0,
        status: Status::Pending,
        clears_at: if amount > 0 { terms.clears_at(now) } else { now },
        source: if budgeted { Source::Budget } else { Source::Expense },
        in_payout: false,
    };
    let step = if amount > 0 { commission::credit(blank) } else { commission::correct(blank) };
    // By a link of the partner's it is counted among what he or she has earned.
    let link = tx.links_of(&program.id, partner)?.into_iter().next().map(|link| link.id);
    let row = CommissionRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        customer: None,
        link,
        lead: None,
        sale: None,
        click: None,
        corrects: None,
        reward: None,
        version: program.version(),
        earnings_at_first: step.commission.earnings,
        note: Some(note),
        at: now,
        invoice_id: None,
        event_name: None,
        payout: None,
        origin: Origin::default(),
        commission: step.commission,
    };
    let mut tallies = Tallies::default();
    tx.insert_commissions(std::slice::from_ref(&row), &mut tallies)?;
    tx.add_tallies(&tallies)?;
    tx.post(world, &row.vendor, &row.program, step.transfer.as_ref(), now)?;
    Ok(Some(row.commission.id))
}
