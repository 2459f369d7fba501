//! Claims on what is committed: filed with proof, decided, paid as a commission, reversed.

use super::requesting::{conflict, released_to};
use super::{Purse, Said, one_by_one, proof};
use crate::error::Error;
use crate::mails::{self, Kind};
use crate::remaining;
use crate::store::{CommissionRow, FundClaimRow, Origin, RequestRow, Tallies, Tx};
use crate::world::World;
use goodword_domain::Invalid;
use goodword_domain::commission::{self, Commission, Source, Status};
use goodword_domain::fund::{Claim, ClaimStatus, For, RequestStatus, Score};
use goodword_domain::id::{CommissionId, FundClaimId, FundFileId};
use goodword_domain::reward::Calculation;

/// What a claim says.
#[derive(Clone, Debug)]
pub struct Told {
    pub what: For,
    pub files: Vec<FundFileId>,
}

/// Files a claim.
pub fn file(
    tx: &mut Tx<'_>,
    world: World,
    row: &RequestRow,
    told: &Told,
    said: &Said,
) -> Result<FundClaimRow, Error> {
    one_by_one(tx, &row.request.fund.id)?;
    let id = FundClaimId::from_bits(world.bits());
    let claim = Claim::file(id, &row.request, told.what, said.at)?;
    proof::enough(&row.request.fund, told.files.len())?;
    let claimed = FundClaimRow::of(row, claim, said);
    tx.insert_fund_claim(&claimed)?;
    proof::attach(tx, &claimed, &told.files)?;
    tx.insert_fund_event(&row.vendor, claimed.claim.id.as_str(), &said.event("submitted"))?;
    Ok(claimed)
}

impl FundClaimRow {
    /// A new claim on a request.
    pub(super) fn of(row: &RequestRow, claim: Claim, said: &Said) -> Self {
        Self {
            vendor: row.vendor.clone(),
            program: row.program.clone(),
            request: row.request.id.clone(),
            fund: row.request.fund.id.clone(),
            partner: row.partner.clone(),
            commission: None,
            created_at: said.at,
            decided_at: None,
            claim,
        }
    }
}

/// Takes the figure that decides about a period.
pub fn score(
    tx: &mut Tx<'_>,
    row: &RequestRow,
    claimed: FundClaimRow,
    (score, files): (Score, &[FundFileId]),
    said: &Said,
) -> Result<FundClaimRow, Error> {
    one_by_one(tx, &claimed.fund)?;
    let claim = claimed.claim.scored(&row.request, score)?;
    let there = tx.fund_files(&claimed.claim.id)?.len();
    proof::enough(&row.request.fund, there + files.len())?;
    let scored = FundClaimRow { claim, ..claimed };
    proof::attach(tx, &scored, files)?;
    save(tx, &scored, said)?;
    Ok(scored)
}

/// Decides about a claim. The same decision again changes nothing.
pub fn decide_claim(
    tx: &mut Tx<'_>,
    world: World,
    (row, claimed): (RequestRow, FundClaimRow),
    (decision, amount): (ClaimStatus, Option<i64>),
    said: &Said,
) -> Result<FundClaimRow, Error> {
    one_by_one(tx, &claimed.fund)?;
    if claimed.claim.status == decision {
        return Ok(claimed);
    }
    match decision {
        ClaimStatus::Paid => {
            let about = row.clone();
            let paid = pay(tx, world, row, claimed, amount, said)?;
            let told = (Kind::FundPaid, paid.claim.paid);
            mails::fund_decided(tx, world, &about, told, said.note.as_deref())?;
            Ok(paid)
        }
        ClaimStatus::Rejected => {
            let claim = claimed.claim.reject().map_err(|e| conflict(&e))?;
            let rejected = FundClaimRow { claim, decided_at: Some(said.at), ..claimed };
            save(tx, &rejected, said)?;
            let told = (Kind::FundRefused, rejected.claim.due);
            mails::fund_decided(tx, world, &row, told, said.note.as_deref())?;
            Ok(rejected)
        }
        ClaimStatus::Reversed => reverse(tx, world, row, claimed, said),
        ClaimStatus::Due | ClaimStatus::Submitted | ClaimStatus::Held => {
            Err(Error::field("decision", "must be `paid`, `rejected` or `reversed`."))
        }
    }
}

fn save(tx: &mut Tx<'_>, row: &FundClaimRow, said: &Said) -> Result<(), Error> {
    tx.update_fund_claim(row)?;
    let event = said.event(row.claim.status.word());
    Ok(tx.insert_fund_event(&row.vendor, row.claim.id.as_str(), &event)?)
}

/// Where a refusal is about how things stand, it is a conflict; else the field is wrong.
fn refused(refusal: Invalid) -> Error {
    if refusal.field == "status" { conflict(&refusal) } else { refusal.into() }
}

fn pay(
    tx: &mut Tx<'_>,
    world: World,
    row: RequestRow,
    claimed: FundClaimRow,
    amount: Option<i64>,
    said: &Said,
) -> Result<FundClaimRow, Error> {
    let mut purse = Purse::of(tx, &row.request.fund, &row.partner, row.request.id.as_str())?;
    let paid = claimed.claim.pay(&row.request, amount, &mut purse.lots).map_err(refused)?;
    let commission = reimburse(tx, world, &row, &paid.claim, said)?;
    let was_open = row.request.status;
    let row = RequestRow { request: paid.request, ..row };
    if paid.released > 0 {
        released_to(tx, world, &row, &purse, paid.released, said.at)?;
    }
    tx.update_fund_request(&row)?;
    if row.request.status != was_open {
        let closed = Said { by: "goodword".into(), note: None, at: said.at };
        let event = closed.event(RequestStatus::Closed.word());
        tx.insert_fund_event(&row.vendor, row.request.id.as_str(), &event)?;
    }
    let done = FundClaimRow {
        claim: paid.claim,
        commission: Some(commission),
        decided_at: Some(said.at),
        ..claimed
    };
    save(tx, &done, said)?;
    Ok(done)
}

/// The commission that pays a claim: payable at once, for it is held to no sale that could be given back.
fn reimburse(
    tx: &mut Tx<'_>,
    world: World,
    row: &RequestRow,
    claim: &Claim,
    said: &Said,
) -> Result<CommissionId, Error> {
    let program = tx.program(&row.vendor, &row.program)?;
    let version = program.map_or(1, |program| program.version());
    let step = commission::reimburse(Commission {
        id: CommissionId::from_bits(world.bits()),
        partner: row.partner.clone(),
        currency: row.currency,
        calculation: Calculation::fixed(claim.paid),
        amount: 0,
        refunded: 0,
        earnings: 0,
        status: Status::Processed,
        clears_at: said.at,
        source: Source::Fund,
        in_payout: false,
    });
    let commission = CommissionRow {
        vendor: row.vendor.clone(),
        program: row.program.clone(),
        customer: None,
        link: None,
        lead: None,
        sale: None,
        click: None,
        corrects: None,
        reward: None,
        version,
        earnings_at_first: claim.paid,
        note: Some(format!("{}: {} ({})", row.request.fund.name, row.title, claim.id)),
        at: said.at,
        invoice_id: None,
        event_name: None,
        payout: None,
        origin: Origin::default(),
        commission: step.commission,
    };
    let mut tallies = Tallies::default();
    tx.insert_commissions(std::slice::from_ref(&commission), &mut tallies)?;
    tx.add_tallies(&tallies)?;
    tx.post(world, &row.vendor, &row.program, step.transfer.as_ref(), said.at)?;
    Ok(commission.commission.id)
}

/// Takes back what was paid: the commission is voided where it is in no payout, and else corrected by one that the next payout nets
/// off.
fn reverse(
    tx: &mut Tx<'_>,
    world: World,
    row: RequestRow,
    claimed: FundClaimRow,
    said: &Said,
) -> Result<FundClaimRow, Error> {
    let mut purse = Purse::of(tx, &row.request.fund, &row.partner, row.request.id.as_str())?;
    let (request, claim, released) =
        claimed.claim.reverse(&row.request, &mut purse.lots).map_err(|e| conflict(&e))?;
    let id = claimed.commission.as_ref().ok_or_else(|| Error::internal("a paid claim without commission"))?;
    let paid = tx.commission(&row.vendor, id)?;
    let paid = paid.ok_or_else(|| Error::internal(format!("commission {id} vanished")))?;
    if let Some(step) = paid.commission.void(Status::Canceled) {
        remaining::save(tx, world, &paid, &step, said.at)?;
    } else {
        let note = Some(format!("{} was reversed", claimed.claim.id));
        remaining::correct(tx, world, &paid, -claimed.claim.paid, note, said.at)?;
    }
    let row = RequestRow { request, ..row };
    if released > 0 {
        released_to(tx, world, &row, &purse, released, said.at)?;
    }
    tx.update_fund_request(&row)?;
    let reversed = FundClaimRow { claim, decided_at: Some(said.at), ..claimed };
    save(tx, &reversed, said)?;
    Ok(reversed)
}
