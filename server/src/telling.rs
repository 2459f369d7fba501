//! What is told of an event: built from what is stored, once, and kept as it is sent.

mod examples;

pub use examples::{event_types, example};

use crate::error::Error;
use crate::http::country_letters;
use crate::reporting::sale_output;
use crate::routes::funds::shown::{self, Reader};
use crate::routes::{claims, payouts, redemptions, registrations, splits, view};
use crate::store::device_word;
use crate::store::{Click, Lead, Sale, Told, Tx};
use crate::time::show;
use goodword_domain::Invalid;
use goodword_domain::event::EventKind;
use goodword_domain::id::{
    ClaimId, ClickId, CommissionId, DisputeId, EnrollmentId, FundClaimId, FundRequestId, LeadId, LinkId,
    PayoutId, RedemptionId, RefundId, RegistrationId, SaleId, SplitId,
};
use goodword_domain::time::Instant;
use goodword_wire::{Commission, Metadata};
use serde::Serialize;
use serde_json::{Value, json};

/// The body of an event, as Standard Webhooks recommends it.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: String,
    data: &'a Metadata,
}

/// The body as it is sent.
pub fn body(kind: EventKind, at: Instant, data: &Metadata) -> Result<String, Error> {
    let body = Body { kind: kind.word(), timestamp: show(at), data };
    serde_json::to_string(&body).map_err(|e| Error::internal(e.to_string()))
}

/// The data of a body that is stored.
pub fn data_of(body: &str) -> Result<Metadata, Error> {
    let mut body: Metadata = serde_json::from_str(body).map_err(|e| broken(&e))?;
    match body.remove("data") {
        Some(Value::Object(data)) => Ok(data),
        _ => Err(Error::internal("a stored event has no data".to_owned())),
    }
}

/// What an event is about, as it stands now; none when that is gone.
pub fn data(tx: &mut Tx<'_>, public_url: &str, told: &Told) -> Result<Option<Metadata>, Error> {
    let value = match told.kind.object() {
        "partner" => partner(tx, public_url, told)?,
        "link" if told.kind == EventKind::LinkClicked => click(tx, public_url, told)?,
        "link" => {
            let link = tx.link(&told.vendor, &id(LinkId::parse, told)?)?;
            link.map(|link| json(&view::link(public_url, &link))).transpose()?
        }
        "lead" => lead(tx, public_url, told)?,
        "sale" => sale(tx, told)?,
        "commission" => commission(tx, told)?,
        "fund_request" => {
            let row = tx.fund_request(&told.vendor, &id(FundRequestId::parse, told)?)?;
            row.map(|row| json(&shown::request(tx, &row, Reader::Vendor)?)).transpose()?
        }
        "fund_claim" => fund_claim(tx, told)?,
        "redemption" => {
            let row = tx.redemption(&told.vendor, &id(RedemptionId::parse, told)?)?;
            row.map(|row| json(&redemptions::shown(tx, &row)?)).transpose()?
        }
        "registration" => {
            let row = tx.registration(&told.vendor, &id(RegistrationId::parse, told)?)?;
            row.map(|row| json(&registrations::to_vendor(tx, &row, told.at)?)).transpose()?
        }
        "split" => {
            let row = tx.split(&told.vendor, &id(SplitId::parse, told)?)?;
            row.map(|row| json(&splits::shown(tx, &row, splits::Reader::Vendor, told.at)?)).transpose()?
        }
        "payout" => {
            let row = tx.payout(&told.vendor, &id(PayoutId::parse, told)?)?;
            row.map(|row| json(&payouts::view(&row))).transpose()?
        }
        _ => {
            let claim = tx.partner_claim(&told.vendor, &id(ClaimId::parse, told)?)?;
            claim.map(|claim| json(&claims::shown(tx, &claim)?)).transpose()?
        }
    };
    Ok(value)
}

/// The id of what an event is about. One that is not of its kind was not written by us.
fn id<T>(parse: impl Fn(&str) -> Result<T, Invalid>, told: &Told) -> Result<T, Error> {
    parse(&told.subject).map_err(|e| Error::internal(format!("the event {} is broken: {e}", told.id)))
}

fn json(value: &impl Serialize) -> Result<Metadata, Error> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Error::internal("what is told of an event is no object".to_owned())),
        Err(error) => Err(broken(&error)),
    }
}

fn broken(error: &serde_json::Error) -> Error {
    Error::internal(format!("what is stored of an event is broken: {error}"))
}

fn partner(tx: &mut Tx<'_>, public_url: &str, told: &Told) -> Result<Option<Metadata>, Error> {
    let Some(enrollment) = tx.enrollment_by_id(&told.vendor, &id(EnrollmentId::parse, told)?)? else {
        return Ok(None);
    };
    let Some(partner) = tx.partner(&told.vendor, &enrollment.partner)? else { return Ok(None) };
    let shown = json(&view::partner(tx, public_url, &enrollment, &partner)?)?;
    let Some(detail) = &told.detail else { return Ok(Some(shown)) };
    let level: Value = serde_json::from_str(detail).map_err(|e| broken(&e))?;
    Ok(Some(with(shown, [("level", level)])))
}

fn click(tx: &mut Tx<'_>, public_url: &str, told: &Told) -> Result<Option<Metadata>, Error> {
    let found = tx.clicks(&[id(ClickId::parse, told)?])?.pop();
    let Some((_, click)) = found else { return Ok(None) };
    let Click { id, program, partner, link, at, landed, referrer, sub_id, country, device, .. } = click;
    let Some(link) = tx.link(&told.vendor, &link)? else { return Ok(None) };
    let partner = view::partner_ref(tx, &told.vendor, &program, &partner)?;
    let told = json!({
        "id": id.to_string(), "programId": program.to_string(), "partner": partner,
        "link": view::link_ref(public_url, &link), "url": landed, "referrer": referrer, "subId": sub_id,
        "country": country_letters(country), "device": device_word(device), "createdAt": show(at),
    });
    json(&told).map(Some)
}

fn lead(tx: &mut Tx<'_>, public_url: &str, told: &Told) -> Result<Option<Metadata>, Error> {
    let Some(lead) = tx.lead(&told.vendor, &id(LeadId::parse, told)?)? else { return Ok(None) };
    let Lead { vendor, program, .. } = &lead;
    let Some(person) = tx.customer(vendor, &lead.customer)? else { return Ok(None) };
    let link = lead.link.as_ref().map(|id| tx.link(vendor, id)).transpose()?.flatten();
    let partner = lead.partner.as_ref().map(|id| view::partner_ref(tx, vendor, program, id)).transpose()?;
    let rows = tx.commissions_of_lead(&lead.id)?;
    let commission = rows.first().map(|row| view::commission_of(tx, row, Some(&person))).transpose()?;
    let metadata: Option<Value> =
        lead.metadata.as_deref().map(serde_json::from_str).transpose().map_err(|e| broken(&e))?;
    let told = json!({
        "id": lead.id.to_string(), "programId": program.to_string(), "eventName": lead.event_name,
        "click": lead.click.as_ref().map(|id| json!({ "id": id.to_string() })),
        "link": link.map(|link| view::link_ref(public_url, &link)), "customer": view::customer(tx, &person)?,
        "credited": partner.is_some(), "partner": partner, "reason": lead.reason, "commission": commission,
        "metadata": metadata, "createdAt": show(lead.at),
    });
    json(&told).map(Some)
}

fn with<const N: usize>(mut map: Metadata, more: [(&str, Value); N]) -> Metadata {
    map.extend(more.map(|(name, value)| (name.to_owned(), value)));
    map
}

/// A sale, with the refund or dispute the event is about.
fn sale(tx: &mut Tx<'_>, told: &Told) -> Result<Option<Metadata>, Error> {
    match told.kind {
        EventKind::SaleRefunded => {
            let Some(refund) = tx.refund(&told.vendor, &id(RefundId::parse, told)?)? else { return Ok(None) };
            let part = json!({
                "id": refund.id.to_string(), "refundId": refund.external_id, "amount": refund.amount,
                "createdAt": show(refund.at),
            });
            Ok(whole_sale(tx, told, &refund.sale)?.map(|sale| with(sale, [("refund", part)])))
        }
        EventKind::SaleDisputed => {
            let found = tx.dispute_by_id(&told.vendor, &id(DisputeId::parse, told)?)?;
            let Some(dispute) = found else { return Ok(None) };
            let part = json!({
                "id": dispute.id.to_string(), "disputeId": dispute.external_id, "amount": dispute.amount,
                "status": dispute.status.word(), "createdAt": show(dispute.at),
                "closedAt": dispute.closed_at.map(show),
            });
            Ok(whole_sale(tx, told, &dispute.sale)?.map(|sale| with(sale, [("dispute", part)])))
        }
        _ => whole_sale(tx, told, &id(SaleId::parse, told)?),
    }
}

fn whole_sale(tx: &mut Tx<'_>, told: &Told, id: &SaleId) -> Result<Option<Metadata>, Error> {
    let Some(sale) = tx.sale(&told.vendor, id)? else { return Ok(None) };
    let Sale { vendor, customer, touchpoints, .. } = &sale;
    let buyer = customer.as_ref().map(|id| tx.customer(vendor, id)).transpose()?.flatten();
    let rows = tx.commissions_of_sale(id)?;
    let touchpoints = serde_json::from_str(touchpoints).map_err(|e| broken(&e))?;
    let output = sale_output(tx, &sale, buyer.as_ref(), &rows.iter().collect::<Vec<_>>(), touchpoints)?;
    Ok(Some(with(json(&output)?, [("programId", json!(sale.program.to_string()))])))
}

fn fund_claim(tx: &mut Tx<'_>, told: &Told) -> Result<Option<Metadata>, Error> {
    let Some(claim) = tx.fund_claim(&told.vendor, &id(FundClaimId::parse, told)?)? else { return Ok(None) };
    let request = tx.fund_request(&told.vendor, &claim.request)?;
    request.map(|request| json(&shown::claim(tx, &request, &claim, Reader::Vendor)?)).transpose()
}

fn commission(tx: &mut Tx<'_>, told: &Told) -> Result<Option<Metadata>, Error> {
    let Some(row) = tx.commission(&told.vendor, &id(CommissionId::parse, told)?)? else { return Ok(None) };
    let commission: Commission = view::commission(tx, &row)?;
    let shown = json(&commission)?;
    let Some(detail) = &told.detail else { return Ok(Some(shown)) };
    let previous: Value = serde_json::from_str(detail).map_err(|e| broken(&e))?;
    Ok(Some(with(shown, [("previous", previous)])))
}
