//! What settlements put into partners' funds, and take out of them again.
//!
//! Each period has its own lots. What of them was drawn already stays drawn; the settlement takes that much cash instead. What has
//! expired went back to the program by itself, so it is not asked for a second time.

use super::one_by_one;
use crate::error::Error;
use crate::store::{LotRow, Program, Tx};
use crate::world::World;
use goodword_domain::fund::{self, Fund, LotKind};
use goodword_domain::id::{LotId, PartnerId};
use goodword_domain::lot::Lot;
use goodword_domain::settlement::Span;
use goodword_domain::time::Instant;

/// The fund that a rule of a version of the terms names, as it is now if it is still there.
pub fn fund_of(program: &Program, version: i64, name: &str) -> Option<Fund> {
    let terms = program.versions.iter().find(|one| one.number == version).map(|one| &one.terms)?;
    let then = terms.partners_fund(name)?;
    let now = program.terms.funds.iter().find(|fund| fund.id == then.id);
    Some(now.unwrap_or(then).clone())
}

/// How much can be taken out again of what was put in by lots, minor units.
pub fn takable(lots: &[LotRow]) -> i64 {
    lots.iter().map(|row| row.lot.left + row.gone).sum()
}

/// Puts a part of what a period has earned into a partner's fund. `amount` in minor units, at least 1.
pub fn put_in_settled(
    tx: &mut Tx<'_>,
    world: World,
    (program, fund): (&Program, &Fund),
    (partner, amount): (&PartnerId, i64),
    note: String,
    now: Instant,
) -> Result<LotId, Error> {
    let expires_at = fund.expires_at(now);
    let lot = Lot { id: LotId::from_bits(world.bits()), came_at: now, expires_at, left: amount };
    let row = LotRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        fund: fund.id.clone(),
        partner: Some(partner.clone()),
        kind: LotKind::Settlement,
        currency: program.terms.currency,
        amount,
        gone: 0,
        period_start: None,
        note,
        by: "goodword".into(),
        lot,
    };
    tx.insert_lot(&row)?;
    let posted = fund::made(row.kind, row.lot.id.clone(), Some(partner), (amount, row.currency));
    tx.post(world, &row.vendor, &row.program, posted.as_ref(), now)?;
    Ok(row.lot.id)
}

/// Takes an amount out of the lots a period has made: at most [`takable`], minor units.
pub fn take_out_settled(
    tx: &mut Tx<'_>,
    world: World,
    (program, rule): (&Program, &str),
    (partner, span, amount): (&PartnerId, Span, i64),
    now: Instant,
) -> Result<(), Error> {
    let mut wanted = amount;
    for row in tx.settled_lots(&program.id, rule, partner, span)? {
        let taken = wanted.min(row.lot.left);
        let expired = (wanted - taken).min(row.gone);
        wanted -= taken + expired;
        tx.take_from_lot(&row.lot.id, taken, expired)?;
        let money = (taken, row.currency);
        let posted = fund::unmade(row.kind, row.lot.id.clone(), row.partner.as_ref(), money);
        tx.post(world, &row.vendor, &row.program, posted.as_ref(), now)?;
    }
    if wanted > 0 {
        return Err(Error::internal(format!(
            "{wanted} more than its lots have was to be taken from {partner}"
        )));
    }
    Ok(())
}

/// Has whatever else writes to the funds of a rule wait.
pub fn lock_funds_of(tx: &mut Tx<'_>, program: &Program, rule: &str) -> Result<(), Error> {
    for version in &program.versions {
        let rules = version.terms.settlements.iter().filter(|own| own.key == rule);
        let funds = rules.filter_map(|own| version.terms.partners_fund(&own.coop.as_ref()?.fund));
        for fund in funds {
            one_by_one(tx, &fund.id)?;
        }
    }
    Ok(())
}
