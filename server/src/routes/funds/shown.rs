//! Funds, requests and claims as they are told.

use crate::document;
use crate::error::Error;
use crate::funding::{Accrued, Found};
use crate::routes::view;
use crate::store::{FundClaimRow, FundEvent, FundFile, LotRow, RequestRow, Tx};
use crate::time::show;
use goodword_domain::fund::{For, Scope};
use goodword_domain::id::PartnerId;
use goodword_domain::time::Instant;
use goodword_wire as wire;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The vendor.
    Vendor,
    /// The partner, who does not learn who of the vendor's people decided.
    Partner,
}

/// A fund with its figures.
pub fn state(
    tx: &mut Tx<'_>,
    Found { program, fund }: &Found,
    partner: Option<&PartnerId>,
    now: Instant,
) -> Result<wire::FundState, Error> {
    let sums = tx.fund_sums(&fund.id, partner, now)?;
    let available = match fund.scope {
        Scope::Partner => sums.allocated,
        Scope::Shared => sums.budget,
    };
    Ok(wire::FundState {
        id: fund.id.to_string(),
        program_id: program.id.to_string(),
        program_name: program.name.clone(),
        currency: program.terms.currency.wire(),
        fund: document::show_fund(fund),
        budget: sums.budget,
        allocated: sums.allocated,
        available,
        committed: sums.committed,
        paid: sums.paid,
        open_requests: sums.requests,
        open_claims: sums.claims,
    })
}

/// A lot.
pub fn lot(tx: &mut Tx<'_>, row: &LotRow) -> Result<wire::FundLot, Error> {
    let partner = row.partner.as_ref().map(|id| view::partner_ref(tx, &row.vendor, &row.program, id));
    Ok(wire::FundLot {
        id: row.lot.id.to_string(),
        fund_id: row.fund.to_string(),
        program_id: row.program.to_string(),
        kind: row.kind.word().into(),
        partner: partner.transpose()?,
        currency: row.currency.wire(),
        amount: row.amount,
        left: row.lot.left,
        gone: row.gone,
        note: row.note.clone(),
        by: row.by.clone(),
        at: show(row.lot.came_at),
        expires_at: row.lot.expires_at.map(show),
    })
}

/// What a purchase has done.
pub fn purchase(done: &Accrued) -> wire::FundPurchase {
    let bought = &done.purchase;
    wire::FundPurchase {
        fund_id: bought.fund.to_string(),
        partner_id: bought.partner.to_string(),
        external_id: bought.external_id.clone(),
        amount: bought.amount,
        at: show(bought.at),
        purchased: done.purchased,
        accrues: done.target,
        accrued: done.came_in,
    }
}

/// When a lot expires.
pub fn lot_expiry(tx: &mut Tx<'_>, row: &LotRow) -> Result<wire::FundExpiry, Error> {
    let partner = row.partner.as_ref().map(|id| view::partner_ref(tx, &row.vendor, &row.program, id));
    Ok(wire::FundExpiry {
        at: row.lot.expires_at.map(show).unwrap_or_default(),
        kind: "lot".into(),
        id: row.lot.id.to_string(),
        fund_id: row.fund.to_string(),
        program_id: row.program.to_string(),
        partner: partner.transpose()?,
        currency: row.currency.wire(),
        amount: row.lot.left,
    })
}

/// When a commitment can no longer be claimed.
pub fn request_expiry(tx: &mut Tx<'_>, row: &RequestRow) -> Result<wire::FundExpiry, Error> {
    Ok(wire::FundExpiry {
        at: row.request.claim_by.map(show).unwrap_or_default(),
        kind: "request".into(),
        id: row.request.id.to_string(),
        fund_id: row.request.fund.id.to_string(),
        program_id: row.program.to_string(),
        partner: Some(view::partner_ref(tx, &row.vendor, &row.program, &row.partner)?),
        currency: row.currency.wire(),
        amount: row.request.open(),
    })
}

/// A request with its claims.
pub fn request(tx: &mut Tx<'_>, row: &RequestRow, reader: Reader) -> Result<wire::FundRequest, Error> {
    let q = &row.request;
    let claims = tx.claims_of_request(&q.id)?;
    let parts = q.instalments().into_iter().map(|part| wire::FundInstalment {
        from: show(part.from),
        until: show(part.until),
        amount: part.amount,
    });
    Ok(wire::FundRequest {
        id: q.id.to_string(),
        status: q.status.word().into(),
        partner: view::partner_ref(tx, &row.vendor, &row.program, &row.partner)?,
        program_id: row.program.to_string(),
        fund: document::show_fund(&q.fund),
        title: row.title.clone(),
        currency: row.currency.wire(),
        cost: q.asked.cost,
        starts_at: q.asked.starts_at.map(show),
        ends_at: q.asked.ends_at.map(show),
        wanted: q.wanted,
        committed: q.committed,
        paid: q.paid,
        released: q.released,
        open: q.open(),
        claim_by: q.claim_by.map(show),
        instalments: parts.collect(),
        created_at: show(row.created_at),
        decided_at: row.decided_at.map(show),
        trail: trail(tx, q.id.as_str(), reader)?,
        claims: claims.iter().map(|claim| self::claim(tx, row, claim, reader)).collect::<Result<_, _>>()?,
    })
}

/// A claim on a request.
pub fn claim(
    tx: &mut Tx<'_>,
    row: &RequestRow,
    claimed: &FundClaimRow,
    reader: Reader,
) -> Result<wire::FundClaim, Error> {
    let claim = &claimed.claim;
    let (kind, cost, last, reached, period, score) = match claim.what {
        For::Cost { cost, last } => ("cost", Some(cost), last, None, None, None),
        For::Reached { reached } => ("reached", None, false, Some(reached), None, None),
        For::Period { from, until, score } => ("period", None, false, None, Some((from, until)), score),
    };
    Ok(wire::FundClaim {
        id: claim.id.to_string(),
        status: claim.status.word().into(),
        request_id: claimed.request.to_string(),
        title: row.title.clone(),
        partner: view::partner_ref(tx, &claimed.vendor, &claimed.program, &claimed.partner)?,
        program_id: claimed.program.to_string(),
        fund_id: claimed.fund.to_string(),
        currency: row.currency.wire(),
        kind: kind.into(),
        cost,
        last,
        reached,
        from: period.map(|(from, _)| show(from)),
        until: period.map(|(_, until)| show(until)),
        score: score.map(|score| score.to_string()),
        due: claim.due,
        paid: claim.paid,
        commission_id: claimed.commission.as_ref().map(ToString::to_string),
        files: tx.fund_files(&claim.id)?.iter().map(file).collect(),
        created_at: show(claimed.created_at),
        decided_at: claimed.decided_at.map(show),
        trail: trail(tx, claim.id.as_str(), reader)?,
    })
}

/// A file.
pub fn file(f: &FundFile) -> wire::FundFile {
    wire::FundFile {
        id: f.id.to_string(),
        name: f.name.clone(),
        media_type: f.media_type.clone(),
        size: f.size,
        sha256: f.sha256.clone(),
        claim_id: f.claim.as_ref().map(ToString::to_string),
        created_at: show(f.created_at),
    }
}

fn trail(tx: &mut Tx<'_>, subject: &str, reader: Reader) -> Result<Vec<wire::FundEvent>, Error> {
    let told = |e: FundEvent| {
        let is_vendor = !["partner", "goodword"].contains(&e.by.as_str());
        let by = if reader == Reader::Partner && is_vendor { "vendor".into() } else { e.by };
        wire::FundEvent { at: show(e.at), by, status: e.status, note: e.note }
    };
    Ok(tx.fund_events(subject)?.into_iter().map(told).collect())
}
