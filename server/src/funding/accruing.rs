//! Purchases that fill a partner's fund. What a period's purchases come to is worked out anew with each of them, and the
//! difference to what has come in is put in or taken away: so nothing counts twice, in whichever order purchases are told,
//! corrected and given back.

use super::{Found, must_be_approved, one_by_one};
use crate::error::Error;
use crate::store::{LotRow, Purchase, Tx};
use crate::world::World;
use goodword_domain::fund::{self, Accrual, Fund, LotKind};
use goodword_domain::id::{LotId, PartnerId};
use goodword_domain::lot::Lot;
use goodword_domain::time::Instant;
use std::collections::BTreeMap;

/// What is told of a purchase.
#[derive(Clone, Debug)]
pub struct Bought {
    pub partner: PartnerId,
    pub external_id: String,
    /// What was bought less what was given back, minor units.
    pub amount: i64,
    /// When; as it was told first.
    pub at: Option<Instant>,
    /// Who tells.
    pub by: String,
}

/// What a purchase has done.
pub struct Accrued {
    pub purchase: Purchase,
    /// All purchases of its period, minor units.
    pub purchased: i64,
    /// What they come to.
    pub target: i64,
    /// What of that has come in.
    pub came_in: i64,
}

/// Has what partners have sold in the calendar period around `at` fill their funds: each partner's sales, as they are left after refunds,
/// stand as one purchase. Done again it corrects what has changed, and nothing else.
pub fn from_sales(
    tx: &mut Tx<'_>,
    world: World,
    of: &Found,
    (at, by): (Instant, &str),
    now: Instant,
) -> Result<Vec<Accrued>, Error> {
    let accrual = of.fund.accrual.as_ref().ok_or_else(not_filled)?;
    let (from, until) = accrual.period().around(at);
    let at = Some(now.min(Instant(until.0 - 1)).max(from));
    let mut all = Vec::new();
    for (partner, amount, _) in sold(tx, of, (from, until))? {
        let external_id = number(&partner, from);
        let bought = Bought { partner, external_id, amount, at, by: by.to_owned() };
        all.push(purchase(tx, world, of, &bought, now)?);
    }
    Ok(all)
}

/// The number under which a partner's sales of a period stand as a purchase.
fn number(partner: &PartnerId, from: Instant) -> String {
    format!("sales:{partner}:{}", from.0)
}

/// What each partner has sold in a period, minor units, and what of that stands as a purchase already. Who has none left there, since
/// it was credited to somebody else, has sold nothing; whoever may not earn yet has none that stands.
fn sold(
    tx: &mut Tx<'_>,
    of: &Found,
    range: (Instant, Instant),
) -> Result<Vec<(PartnerId, i64, Option<i64>)>, Error> {
    let (start, end) = ("sales:", format!(":{}", range.0.0));
    let mut known: BTreeMap<PartnerId, i64> = tx
        .fund_purchases_like(&of.fund.id, (start, &end))?
        .into_iter()
        .map(|purchase| (purchase.partner, purchase.amount))
        .collect();
    let mut all = Vec::new();
    for (partner, amount) in tx.sold_by_partners(&of.program.id, range)? {
        let stands = known.remove(&partner);
        if stands.is_some() || tx.known_partner(&of.program.vendor, &of.program.id, &partner)?.approved {
            all.push((partner, amount, stands));
        }
    }
    all.extend(known.into_iter().map(|(partner, stands)| (partner, 0, Some(stands))));
    Ok(all)
}

/// Whether the sales of a program have still to fill a fund on the day of `now`. A clock that is set back does nothing again.
pub fn is_due(tx: &mut Tx<'_>, of: &Found, now: Instant) -> Result<bool, Error> {
    let by_sales = of.fund.accrual.as_ref().is_some_and(|accrual| accrual.by_sales);
    Ok(by_sales && tx.fund_round(&of.fund.id)?.is_none_or(|day| day < now.day()))
}

/// Has the sales of a program fill a fund, once a day: of the current period, and of those before in which something has changed since,
/// as by a refund or a sale that was told late.
pub fn of_the_day(tx: &mut Tx<'_>, world: World, of: &Found, now: Instant) -> Result<(), Error> {
    one_by_one(tx, &of.fund.id)?;
    if !is_due(tx, of, now)? {
        return Ok(());
    }
    let accrual = of.fund.accrual.as_ref().ok_or_else(not_filled)?;
    let first = tx.first_sold(&of.program.id)?.unwrap_or(now);
    for at in accrual.open(first, now) {
        let range = accrual.period().around(at);
        let is_current = range.0 <= now && now < range.1;
        let changed = sold(tx, of, range)?.iter().any(|(_, amount, stands)| stands.unwrap_or(0) != *amount);
        if is_current || changed {
            from_sales(tx, world, of, (at, "goodword"), now)?;
        }
    }
    Ok(tx.set_fund_round((&of.program.vendor, &of.program.id), &of.fund.id, now.day())?)
}

fn not_filled() -> Error {
    Error::Conflict("This fund is not filled by purchases: its program says no `accrual` of it.".into())
}

/// Stores a purchase as it stands now, and brings in what it adds.
pub fn purchase(
    tx: &mut Tx<'_>,
    world: World,
    of: &Found,
    bought: &Bought,
    now: Instant,
) -> Result<Accrued, Error> {
    let Found { program, fund } = of;
    one_by_one(tx, &fund.id)?;
    let accrual = fund.accrual.as_ref().ok_or_else(not_filled)?;
    let known = tx.fund_purchase(&fund.id, &bought.external_id)?;
    if known.as_ref().is_some_and(|known| known.partner != bought.partner) {
        return Err(Error::Conflict(format!("`{}` is another partner's purchase.", bought.external_id)));
    }
    if known.is_none() {
        must_be_approved(tx, program, &bought.partner)?;
    }
    let at = known.as_ref().map_or_else(|| bought.at.unwrap_or(now), |known| known.at);
    let purchase = Purchase {
        id: known.map_or_else(|| LotId::from_bits(world.bits()).to_string(), |known| known.id),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        fund: fund.id.clone(),
        partner: bought.partner.clone(),
        external_id: bought.external_id.clone(),
        amount: bought.amount,
        at,
    };
    tx.put_fund_purchase(&purchase)?;
    let (purchased, target, came_in) = level(tx, world, of, accrual, (&purchase, &bought.by), now)?;
    Ok(Accrued { purchase, purchased, target, came_in })
}

/// Puts in, or takes away, what a period's purchases differ by from what has come in. What was used already cannot be taken away:
/// it is left standing, and lessens what comes in next.
fn level(
    tx: &mut Tx<'_>,
    world: World,
    of: &Found,
    accrual: &Accrual,
    (purchase, by): (&Purchase, &str),
    now: Instant,
) -> Result<(i64, i64, i64), Error> {
    let (fund, partner) = (&of.fund, &purchase.partner);
    let period = accrual.period().around(purchase.at);
    let purchased = tx.purchased(&fund.id, partner, period)?;
    let target = accrual.of(purchased);
    let lots = tx.accrued_lots(&fund.id, partner, period.0)?;
    let came_in: i64 = lots.iter().map(|row| row.amount).sum();
    if target > came_in {
        let note = format!("Purchase {}", purchase.external_id);
        let row = lot(world, of, purchase, (target - came_in, period.0), (note, by), now);
        tx.insert_lot(&row)?;
        let money = (row.amount, row.currency);
        let posted = fund::made(LotKind::Accrual, row.lot.id.clone(), Some(partner), money);
        tx.post(world, &row.vendor, &row.program, posted.as_ref(), now)?;
        return Ok((purchased, target, target));
    }
    let taken = take_away(tx, world, &lots, came_in - target, now)?;
    Ok((purchased, target, came_in - taken))
}

fn lot(
    world: World,
    Found { program, fund }: &Found,
    purchase: &Purchase,
    (amount, period_start): (i64, Instant),
    (note, by): (String, &str),
    now: Instant,
) -> LotRow {
    let expires_at = expiry(fund, purchase.at);
    LotRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        fund: fund.id.clone(),
        partner: Some(purchase.partner.clone()),
        kind: LotKind::Accrual,
        currency: program.terms.currency,
        amount,
        gone: 0,
        period_start: Some(period_start),
        note,
        by: by.to_owned(),
        lot: Lot { id: LotId::from_bits(world.bits()), came_at: now, expires_at, left: amount },
    }
}

/// What a purchase accrues expires by when it was made, not by when it was told.
fn expiry(fund: &Fund, bought_at: Instant) -> Option<Instant> {
    fund.expires_at(bought_at)
}

fn take_away(tx: &mut Tx<'_>, world: World, lots: &[LotRow], most: i64, now: Instant) -> Result<i64, Error> {
    let mut taken = 0;
    for row in lots {
        let amount = row.lot.left.min(most - taken);
        if amount > 0 {
            tx.lessen_lot(&row.lot.id, amount, row.lot.left - amount)?;
            let money = (amount, row.currency);
            let posted = fund::unmade(row.kind, row.lot.id.clone(), row.partner.as_ref(), money);
            tx.post(world, &row.vendor, &row.program, posted.as_ref(), now)?;
            taken += amount;
        }
    }
    Ok(taken)
}
