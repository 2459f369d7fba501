//! What is decided about several partners at once, said to them, and changed of one.

use super::partners::{decide_one, enrolled, known_group};
use super::{find, listed};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Body;
use crate::mails;
use crate::shared::{Record, Words};
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::enrollment::Decision;
use goodword_domain::id::GroupId;
use goodword_wire::{
    DecisionOutput, DecisionsInput, ErrorBody, ListedPartner, MessageInput, MessageOutput, PartnerChange,
};

/// How many partners are decided about at once.
const MOST_DECIDED: usize = 100;
/// How many are written to at once.
const MOST_WRITTEN_TO: usize = 500;

/// Decide about several partners alike
///
/// One that cannot be decided about so is told with the reason; the others are decided about nevertheless.
#[utoipa::path(post, path = "/v1/partners/decide", tag = "partners", request_body = DecisionsInput,
    responses((status = 200, body = Vec<DecisionOutput>), (status = "4XX", body = ErrorBody)))]
pub async fn decide(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<DecisionsInput>,
) -> Result<Json<Vec<DecisionOutput>>, Error> {
    if !(1..=MOST_DECIDED).contains(&input.partner_ids.len()) {
        return Err(Error::field("partnerIds", format!("must be 1 to {MOST_DECIDED} partners.")));
    }
    let decision = match find::required("decision", input.decision.as_ref())? {
        "approve" => Decision::Approve,
        "reject" => Decision::Reject,
        "ban" => Decision::Ban,
        _ => return Err(Error::field("decision", "must be `approve`, `reject` or `ban`.")),
    };
    let reason = find::text("reason", input.reason.as_ref(), 500)?;
    let (world, public_url) = (app.world, app.public_url.clone());
    let decided = app.store.write(move |tx| {
        let mut told = Vec::new();
        for id in &input.partner_ids {
            // Looked up and asked before anything is written: a refusal leaves nothing behind.
            let found = enrolled(tx, &caller.vendor, Some(id), input.program_id.as_deref());
            let checked = found.and_then(|found| {
                found.0.status.decide(decision)?;
                Ok(found)
            });
            let refusal = match checked {
                Ok((before, partner)) => {
                    let parties = (&before, &partner);
                    decide_one(tx, (world, &public_url), parties, decision, reason.as_ref())?;
                    None
                }
                Err(Error::Store(failed)) => return Err(failed.into()),
                Err(refusal) => Some(refusal.to_string()),
            };
            let result = if refusal.is_none() { "decided" } else { "refused" }.to_owned();
            told.push(DecisionOutput { partner_id: id.clone(), result, message: refusal });
        }
        Ok(told)
    });
    Ok(Json(decided.await?))
}

/// Change a partner
///
/// Another group holds for what is credited from then on.
#[utoipa::path(patch, path = "/v1/partners/{id}", tag = "partners", request_body = PartnerChange,
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<PartnerChange>,
) -> Result<Json<serde_json::Value>, Error> {
    let group = GroupId::parse(find::required("groupId", input.group_id.as_ref())?)?;
    let public_url = app.public_url.clone();
    let changed = app.store.write(move |tx| {
        let (enrollment, _) = enrolled(tx, &caller.vendor, Some(&id), input.program_id.as_deref())?;
        let program = find::program_by_id(tx, &caller.vendor, &enrollment.program)?;
        known_group(tx, &program, &group)?;
        if enrollment.group != group {
            tx.set_group(&enrollment, &group)?;
        }
        let row = enrolled(tx, &caller.vendor, Some(&id), input.program_id.as_deref())?;
        Record::Partner.full(Words::Ours, &listed::partner(tx, &public_url, row)?)
    });
    Ok(Json(changed.await?))
}

/// Write to partners
///
/// A mail to each, in the vendor's own words and in the program's name.
#[utoipa::path(post, path = "/v1/partners/message", tag = "partners", request_body = MessageInput,
    responses((status = 200, body = MessageOutput), (status = "4XX", body = ErrorBody)))]
pub async fn message(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<MessageInput>,
) -> Result<Json<MessageOutput>, Error> {
    if !(1..=MOST_WRITTEN_TO).contains(&input.partner_ids.len()) {
        return Err(Error::field("partnerIds", format!("must be 1 to {MOST_WRITTEN_TO} partners.")));
    }
    find::required("subject", input.subject.as_ref())?;
    find::required("text", input.text.as_ref())?;
    let subject = find::text("subject", input.subject.as_ref(), 150)?.unwrap_or_default();
    let text = find::text("text", input.text.as_ref(), 10_000)?.unwrap_or_default();
    if subject.chars().any(char::is_control) {
        return Err(Error::field("subject", "must be one line."));
    }
    let world = app.world;
    let sent = app.store.write(move |tx| {
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        for id in &input.partner_ids {
            let (_, partner) = enrolled(tx, &caller.vendor, Some(id), Some(program.id.as_str()))?;
            if partner.email.ends_with(".invalid") {
                return Err(Error::Conflict(format!("{} has no address any more.", partner.name)));
            }
            mails::message(tx, world, &program, &partner, (&subject, &text))?;
        }
        Ok(i64::try_from(input.partner_ids.len()).unwrap_or_default())
    });
    Ok(Json(MessageOutput { sent: sent.await? }))
}
