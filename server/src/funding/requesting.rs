//! Requests: asked, decided, ended.

use super::{Found, Purse, Said, must_be_approved, one_by_one};
use crate::error::Error;
use crate::mails::{self, Kind};
use crate::store::{RequestRow, Tx};
use crate::world::World;
use goodword_domain::fund::{self, Approval, Asked, Request, RequestStatus, Spent};
use goodword_domain::id::{FundRequestId, PartnerId};
use goodword_domain::time::Instant;

/// How many requests of a partner may wait at once.
const MOST_OPEN: i64 = 50;

/// What a partner asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    pub partner: PartnerId,
    pub title: String,
    pub asked: Asked,
}

/// Stores a request; where nobody decides about the fund's requests it is approved as far as there is money.
pub fn request(
    tx: &mut Tx<'_>,
    world: World,
    Found { program, fund }: &Found,
    wish: &Wish,
    said: &Said,
) -> Result<RequestRow, Error> {
    one_by_one(tx, &fund.id)?;
    must_be_approved(tx, program, &wish.partner)?;
    if tx.fund_sums(&fund.id, Some(&wish.partner), said.at)?.requests >= MOST_OPEN {
        return Err(Error::TooMany(format!(
            "At most {MOST_OPEN} requests of a partner can wait: wait for a decision."
        )));
    }
    let id = FundRequestId::from_bits(world.bits());
    let row = RequestRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: wish.partner.clone(),
        currency: program.terms.currency,
        title: wish.title.clone(),
        created_at: said.at,
        decided_at: None,
        request: Request::new(id, fund.clone(), wish.asked.clone(), said.at)?,
    };
    tx.insert_fund_request(&row)?;
    tx.insert_fund_event(&row.vendor, row.request.id.as_str(), &said.event("requested"))?;
    if fund.reviewed {
        return Ok(row);
    }
    let by_itself = Said { by: "goodword".into(), note: None, at: said.at };
    match approve(tx, world, &row, None, &by_itself) {
        Err(Error::Invalid(_)) => Ok(row),
        other => other,
    }
}

/// Decides about a request, or ends it. The same decision again changes nothing.
pub fn decide(
    tx: &mut Tx<'_>,
    world: World,
    row: RequestRow,
    (decision, amount): (RequestStatus, Option<i64>),
    said: &Said,
) -> Result<RequestRow, Error> {
    one_by_one(tx, &row.request.fund.id)?;
    if row.request.status == decision {
        return Ok(row);
    }
    match decision {
        RequestStatus::Approved => {
            let approved = approve(tx, world, &row, amount, said)?;
            let told = (Kind::FundApproved, approved.request.committed);
            mails::fund_decided(tx, world, &approved, told, said.note.as_deref())?;
            Ok(approved)
        }
        RequestStatus::Rejected | RequestStatus::Withdrawn => {
            let request = row.request.end(decision).map_err(|e| conflict(&e))?;
            let ended = RequestRow { request, decided_at: Some(said.at), ..row };
            save(tx, &ended, said)?;
            if decision == RequestStatus::Rejected {
                let told = (Kind::FundRefused, ended.request.wanted);
                mails::fund_decided(tx, world, &ended, told, said.note.as_deref())?;
            }
            Ok(ended)
        }
        RequestStatus::Closed | RequestStatus::Expired => end(tx, world, row, decision, said),
        RequestStatus::Requested => {
            let remedy = "must be `approved`, `rejected`, `withdrawn` or `closed`.";
            Err(Error::field("decision", remedy))
        }
    }
}

fn approve(
    tx: &mut Tx<'_>,
    world: World,
    row: &RequestRow,
    amount: Option<i64>,
    said: &Said,
) -> Result<RequestRow, Error> {
    let (fund, id) = (&row.request.fund, &row.request.id);
    if row.request.status != RequestStatus::Requested {
        let status = row.request.status.word();
        return Err(Error::Conflict(format!(
            "The request is `{status}`: only one that waits can be approved."
        )));
    }
    let by_partner = match fund.cap_period(said.at) {
        Some(period) => tx.fund_committed(&fund.id, &row.partner, period)?,
        None => 0,
    };
    let mut purse = Purse::of(tx, fund, &row.partner, id.as_str())?;
    let approval = Approval { amount, at: said.at };
    let request = row.request.approve(approval, &mut purse.lots, Spent { by_partner })?;
    purse.save(tx)?;
    tx.insert_draws(&row.vendor, id.as_str(), &request.parts)?;
    let money = (request.committed, row.currency);
    let posted = fund::committed(fund.scope, id.clone(), &row.partner, money);
    let approved = RequestRow { request, decided_at: Some(said.at), ..row.clone() };
    save(tx, &approved, said)?;
    tx.post(world, &row.vendor, &row.program, posted.as_ref(), said.at)?;
    Ok(approved)
}

/// Closes a request, or lets it expire, once no claim on it waits: what is open is released.
pub fn end(
    tx: &mut Tx<'_>,
    world: World,
    row: RequestRow,
    status: RequestStatus,
    said: &Said,
) -> Result<RequestRow, Error> {
    if tx.claims_of_request(&row.request.id)?.iter().any(|claim| claim.claim.is_open()) {
        return Err(Error::Conflict("A claim on it waits: decide about the claim first.".into()));
    }
    let mut purse = Purse::of(tx, &row.request.fund, &row.partner, row.request.id.as_str())?;
    let (request, released) = row.request.close(status, &mut purse.lots).map_err(|e| conflict(&e))?;
    let ended = RequestRow { request, ..row };
    released_to(tx, world, &ended, &purse, released, said.at)?;
    save(tx, &ended, said)?;
    Ok(ended)
}

/// Saves what a request gave back to its lots, and posts it.
pub(super) fn released_to(
    tx: &mut Tx<'_>,
    world: World,
    row: &RequestRow,
    purse: &Purse,
    released: i64,
    at: Instant,
) -> Result<(), Error> {
    purse.save(tx)?;
    tx.update_draws(row.request.id.as_str(), &row.request.parts)?;
    let (scope, id) = (row.request.fund.scope, row.request.id.clone());
    let posted = fund::freed(scope, id, &row.partner, (released, row.currency));
    tx.post(world, &row.vendor, &row.program, posted.as_ref(), at)?;
    Ok(())
}

fn save(tx: &mut Tx<'_>, row: &RequestRow, said: &Said) -> Result<(), Error> {
    tx.update_fund_request(row)?;
    let event = said.event(row.request.status.word());
    Ok(tx.insert_fund_event(&row.vendor, row.request.id.as_str(), &event)?)
}

/// What contradicts where a request or a claim stands.
pub(super) fn conflict(refusal: &goodword_domain::Invalid) -> Error {
    Error::Conflict(format!("It {}", refusal.remedy))
}
