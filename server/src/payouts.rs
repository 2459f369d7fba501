//! Payouts on their way: batches are made of what is due, decided about, and what became of each payout is marked. Each step
//! is part of the transaction that loads what it decides on.

use crate::error::Error;
use crate::invoicing;
use crate::mails;
use crate::routes::payout_settings;
use crate::store::{BatchRow, Deed, DueRow, PayoutRow, Posting, Program, Tallies, Tx};
use crate::world::World;
use goodword_domain::Invalid;
use goodword_domain::id::{BatchId, PartnerId, PayoutId, VendorId};
use goodword_domain::ledger::Transfer;
use goodword_domain::money::Currency;
use goodword_domain::payout::method::Method;
use goodword_domain::payout::{Actor, Approval, BatchStatus, Mark, Obstacle, Payout, Status};
use goodword_domain::tax::Wanted;
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// Which payouts a batch is to have.
pub struct Wish {
    /// Only these partners; everybody where there is none.
    pub partners: Vec<PartnerId>,
    /// The least that is paid, minor units.
    pub minimum: i64,
    /// In what: the program's currency, or what is settled in the product.
    pub unit: Currency,
}

/// Makes a batch of all that is due, and reserves it.
pub fn create(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    wish: &Wish,
    actor: &Actor,
    at: Instant,
) -> Result<BatchRow, Error> {
    let wanted = invoicing::wanted(&payout_settings::stored(tx, &program.vendor)?)?;
    let due = chosen(tx.due(&program.id, wish.unit)?, wish, &wanted)?;
    let batch = BatchRow {
        id: BatchId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        currency: wish.unit,
        minimum: wish.minimum,
        status: BatchStatus::Draft,
        created: Deed { by: actor.id.clone(), name: actor.name.clone(), at },
        decided: None,
    };
    let payouts: Vec<_> = due.into_iter().filter_map(|row| payout(world, &batch, row)).collect();
    if payouts.is_empty() {
        return Err(Error::Conflict(
            "Nobody can be paid now: GET /v1/payouts/due tells what each partner is due and why it waits."
                .into(),
        ));
    }
    tx.insert_batch(&batch)?;
    tx.insert_payouts(&payouts)?;
    let postings = payouts.iter().flat_map(|row| postings(row, row.payout.reserve(), at));
    tx.post_all(world, &postings.collect::<Vec<_>>())?;
    Ok(batch)
}

/// Those who are to be paid. Somebody who was named and cannot be paid is not left out silently.
fn chosen(due: Vec<DueRow>, wish: &Wish, wanted: &Wanted) -> Result<Vec<DueRow>, Error> {
    let obstacle = |row: &DueRow| row.obstacle(wanted, wish.minimum, wish.unit);
    if wish.partners.is_empty() {
        return Ok(due.into_iter().filter(|row| obstacle(row).is_none()).collect());
    }
    let mut by_partner: HashMap<_, _> = due.into_iter().map(|row| (row.partner.clone(), row)).collect();
    let named = wish.partners.iter().enumerate().map(|(place, partner)| {
        let row = by_partner.remove(partner);
        let why = row.as_ref().map_or(Some("nothing_due"), |row| obstacle(row).map(Obstacle::word));
        match (row, why) {
            (Some(row), None) => Ok(row),
            (_, why) => Err(Error::at(
                format!("partnerIds[{place}]"),
                format!("cannot be paid now: {}.", why.unwrap_or("nothing_due")),
            )),
        }
    });
    named.collect()
}

fn payout(world: World, batch: &BatchRow, row: DueRow) -> Option<PayoutRow> {
    let id = PayoutId::from_bits(world.bits());
    Some(PayoutRow {
        payout: Payout::of(id, row.partner, batch.currency, &row.due)?,
        vendor: batch.vendor.clone(),
        program: batch.program.clone(),
        batch: batch.id.clone(),
        partner_name: row.name,
        partner_email: row.email,
        // What is settled in the product goes to the partner's account there.
        method: if batch.currency.is_product() { Method::Manual } else { row.payee.method? },
        commissions: row.due.commissions,
        period: row.due.period,
        note: None,
        created_at: batch.created.at,
        initiated_at: None,
        paid_at: None,
        ended_at: None,
    })
}

/// Approves a batch or cancels it. The same decision again changes nothing.
pub fn decide(
    tx: &mut Tx<'_>,
    world: World,
    batch: BatchRow,
    decision: BatchStatus,
    actor: &Actor,
    at: Instant,
) -> Result<BatchRow, Error> {
    if !batch.status.decide(decision).map_err(|e| contradiction(&e))? {
        return Ok(batch);
    }
    let decided = Some(Deed { by: actor.id.clone(), name: actor.name.clone(), at });
    let batch = BatchRow { status: decision, decided, ..batch };
    tx.decide_batch(&batch)?;
    let mark = if decision == BatchStatus::Approved { Mark::Approved } else { Mark::Canceled };
    let payouts = tx.payouts_of_batch(&batch.id)?;
    mark_all(tx, world, payouts, mark, None, at)?;
    Ok(batch)
}

/// Refuses somebody who may not approve a batch.
pub fn check_approver(approval: Approval, actor: &Actor, batch: &BatchRow) -> Result<(), Error> {
    if approval.lets(actor, &batch.created.by) {
        return Ok(());
    }
    let why = if actor.is_person { "you created it" } else { "an API key is no person" };
    Err(Error::Forbidden(format!(
        "This batch must be approved by a second person, and {why}: ask somebody else who has a login to the console."
    )))
}

/// Payouts by their ids.
pub fn named(tx: &mut Tx<'_>, vendor: &VendorId, ids: &[PayoutId]) -> Result<Vec<PayoutRow>, Error> {
    let one = |(place, id): (usize, &PayoutId)| {
        if ids[..place].contains(id) {
            return Err(Error::at(format!("payouts[{place}]"), "is there twice: name each payout once."));
        }
        let missing = || Error::NotFound(format!("`payouts[{place}]` is no payout of yours in this mode."));
        tx.payout(vendor, id)?.ok_or_else(missing)
    };
    ids.iter().enumerate().map(one).collect()
}

/// Marks payouts, all or none. Those that stand there already stay as they are.
pub fn mark_all(
    tx: &mut Tx<'_>,
    world: World,
    rows: Vec<PayoutRow>,
    mark: Mark,
    note: Option<&String>,
    at: Instant,
) -> Result<Vec<PayoutRow>, Error> {
    let (mut tallies, mut posted, mut marked) =
        (Tallies::default(), Vec::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        let Some((payout, transfers)) = row.payout.step(mark).map_err(|e| contradiction(&e))? else {
            marked.push(row);
            continue;
        };
        let before = row.payout.status;
        let row = dated(PayoutRow { payout, note: note.cloned().or(row.note), ..row }, at);
        tx.update_payout(&row, before, &mut tallies)?;
        mails::paid(tx, world, &row, mark)?;
        invoicing::marked(tx, &row, mark, at)?;
        posted.extend(postings(&row, transfers, at));
        marked.push(row);
    }
    tx.add_tallies(&tallies)?;
    tx.post_all(world, &posted)?;
    Ok(marked)
}

fn dated(row: PayoutRow, at: Instant) -> PayoutRow {
    match row.payout.status {
        Status::Pending => row,
        Status::Processing => PayoutRow { initiated_at: Some(at), ..row },
        Status::Completed => PayoutRow { paid_at: Some(at), ..row },
        Status::Failed | Status::Returned | Status::Canceled => PayoutRow { ended_at: Some(at), ..row },
    }
}

fn postings(row: &PayoutRow, transfers: Vec<Transfer>, at: Instant) -> impl Iterator<Item = Posting> {
    let (vendor, program) = (row.vendor.clone(), row.program.clone());
    let posting = move |transfer| Posting { vendor: vendor.clone(), program: program.clone(), transfer, at };
    transfers.into_iter().map(posting)
}

/// What contradicts what is known is a conflict, not a mistake of spelling.
fn contradiction(invalid: &Invalid) -> Error {
    Error::Conflict(invalid.to_string())
}
