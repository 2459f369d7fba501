//! What time does to funds: lots expire, instalments arise, commitments reach their deadline.

use super::requesting::end;
use super::{Purse, Said, one_by_one};
use crate::error::Error;
use crate::store::{FundClaimRow, LotRow, LotsOf, RequestRow, Tx};
use crate::world::World;
use goodword_domain::fund::{self, Claim, For, Instalment, LotKind, RequestStatus};
use goodword_domain::id::{FundClaimId, FundRequestId, VendorId};
use goodword_domain::lot;
use goodword_domain::time::Instant;

/// How many lots and requests one transaction looks at.
pub const BATCH: i64 = 100;

/// Has the lots of a vendor expire that are due by `now`; how many did.
pub fn expire_lots(tx: &mut Tx<'_>, world: World, vendor: &VendorId, now: Instant) -> Result<usize, Error> {
    let due = tx.lots_to_expire(vendor, now, BATCH)?;
    for row in &due {
        one_by_one(tx, &row.fund)?;
        lapse(tx, world, row, now)?;
    }
    Ok(due.len())
}

/// Takes out what is left of a lot. What was given to a partner goes back to the lots of the budget it came out of; where those
/// have expired meanwhile, it goes with them next.
pub fn lapse(tx: &mut Tx<'_>, world: World, row: &LotRow, now: Instant) -> Result<(), Error> {
    let amount = row.lot.left;
    tx.update_lot(&row.lot.id, 0, row.gone + amount)?;
    if row.kind == LotKind::Allocation {
        let drawer = row.lot.id.as_str();
        let mut parts = tx.draws(drawer)?;
        let mut pool = Purse::load(tx, LotsOf { fund: &row.fund, partner: None, drawer })?;
        lot::give_back(&mut pool.lots, &mut parts, amount)
            .ok_or_else(|| Error::internal(format!("lot {drawer} does not fit what it was drawn from")))?;
        pool.save(tx)?;
        tx.update_draws(drawer, &parts)?;
    }
    let money = (amount, row.currency);
    let posted = fund::lapsed(row.kind, row.lot.id.clone(), row.partner.as_ref(), money);
    tx.post(world, &row.vendor, &row.program, posted.as_ref(), now)?;
    Ok(())
}

/// The approved requests of a vendor for which something is to do: an instalment arises, or the deadline has passed with no claim
/// waiting. At most [`BATCH`].
pub fn due_requests(tx: &mut Tx<'_>, vendor: &VendorId, now: Instant) -> Result<Vec<FundRequestId>, Error> {
    let (mut due, mut after) = (Vec::new(), String::new());
    loop {
        let rows = tx.fund_requests_to_look_at(vendor, now, &after, BATCH)?;
        for row in &rows {
            let claims = tx.claims_of_request(&row.request.id)?;
            let arises = !arising(row, &claims, now).is_empty();
            if arises || is_over(row, &claims, now) {
                due.push(row.request.id.clone());
            }
        }
        match rows.last().filter(|_| i64::try_from(rows.len()) == Ok(BATCH) && due.len() < rows.len()) {
            Some(last) => after = last.request.id.to_string(),
            None => return Ok(due),
        }
    }
}

fn is_over(row: &RequestRow, claims: &[FundClaimRow], now: Instant) -> bool {
    row.request.is_over(now) && !claims.iter().any(|claim| claim.claim.is_open())
}

/// The instalments of periods that have ended, of which there is no claim yet.
fn arising(row: &RequestRow, claims: &[FundClaimRow], now: Instant) -> Vec<Instalment> {
    let is_its = |part: &Instalment, c: &FundClaimRow| matches!(c.claim.what, For::Period { from, .. } if from == part.from);
    let is_new = |part: &Instalment| now >= part.until && !claims.iter().any(|claim| is_its(part, claim));
    let parts = if row.request.open() > 0 { row.request.instalments() } else { Vec::new() };
    parts.into_iter().filter(is_new).filter(|part| part.amount > 0).collect()
}

/// Does what is due for a request.
pub fn look_at(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    id: &FundRequestId,
    now: Instant,
) -> Result<(), Error> {
    let Some(row) = tx.fund_request(vendor, id)? else { return Ok(()) };
    one_by_one(tx, &row.request.fund.id)?;
    let said = Said { by: "goodword".into(), note: None, at: now };
    let mut claims = tx.claims_of_request(id)?;
    for part in arising(&row, &claims, now) {
        let id = FundClaimId::from_bits(world.bits());
        let Some(claim) = Claim::arise(id, &row.request, part, now) else { continue };
        let claimed = FundClaimRow::of(&row, claim, &said);
        tx.insert_fund_claim(&claimed)?;
        let event = said.event(claimed.claim.status.word());
        tx.insert_fund_event(&row.vendor, claimed.claim.id.as_str(), &event)?;
        claims.push(claimed);
    }
    if is_over(&row, &claims, now) {
        end(tx, world, row, RequestStatus::Expired, &said)?;
    }
    Ok(())
}
