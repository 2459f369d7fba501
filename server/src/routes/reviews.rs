//! The queue of commissions that signals speak against, and what is decided about them.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::remaining;
use crate::reporting::counts_as_first;
use crate::store::{CommissionRow, Decided, Review, ReviewFilter, Tx};
use crate::time::show;
use crate::world::World;
use axum::Json;
use axum::extract::State;
use goodword_domain::commission::Status;
use goodword_domain::id::{CommissionId, PartnerId, ProgramId, VendorId};
use goodword_domain::risk::{self, Decision, Rule, Scope};
use goodword_wire::{self as wire, ErrorBody, ExplainedSignal, ReviewDecision, ReviewDecisionInput};

/// The most that are decided at once.
const MOST: usize = 100;

/// Which reviews to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ReviewQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// Only those that this rule speaks against, as in `GET /v1/signals`.
    rule: Option<String>,
    /// `waiting`, `cleared` or `rejected`.
    status: Option<String>,
}

/// List commissions that signals speak against
///
/// Those that wait for a decision come first, the earliest first.
#[utoipa::path(get, path = "/v1/reviews", tag = "reviews", params(ReviewQuery, Paging),
    responses((status = 200, body = Vec<wire::Review>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ReviewQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Review>>, Error> {
    let status = query.status.as_deref();
    if status.is_some_and(|s| !["waiting", "cleared", "rejected"].contains(&s)) {
        return Err(Error::field("status", "must be `waiting`, `cleared` or `rejected`."));
    }
    let filter = ReviewFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        rule: query.rule.as_deref().map(Rule::parse).transpose()?,
        status: query.status,
        after: paging.after(CommissionId::parse)?,
        limit: paging.limit()?,
    };
    let reviews = app.store.read(move |tx| {
        let mut reviews = Vec::new();
        for review in tx.reviews(&caller.vendor, &filter)? {
            if let Some(row) = tx.commission(&caller.vendor, &review.commission)? {
                reviews.push(show_review(tx, &review, &row)?);
            }
        }
        Ok(reviews)
    });
    Ok(Json(reviews.await?))
}

/// Decide about commissions in review
///
/// All of them alike, each for itself: one that is refused keeps none of the others back. The same decision again changes
/// nothing and posts nothing.
#[utoipa::path(post, path = "/v1/reviews/decide", tag = "reviews", request_body = ReviewDecisionInput,
    responses((status = 200, body = Vec<ReviewDecision>), (status = "4XX", body = ErrorBody)))]
pub async fn decide(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<ReviewDecisionInput>,
) -> Result<Json<Vec<ReviewDecision>>, Error> {
    if !(1..=MOST).contains(&input.ids.len()) {
        return Err(Error::field("ids", format!("must be 1 to {MOST} commissions.")));
    }
    let parse = |(place, id): (usize, &String)| {
        CommissionId::parse(id).map_err(|e| Error::at(format!("ids[{place}]"), e.remedy))
    };
    let ids = input.ids.iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?;
    let decision = Decision::parse(find::required("decision", input.decision.as_ref())?)?;
    let note = find::text("note", input.note.as_ref(), 500)?;
    let (world, real) = (app.world, app.world.now());
    let decided = app.store.write(move |tx| {
        let at = find::now(tx, &vendor, real)?;
        let said = Decided { decision, by: actor.name.clone(), note: note.clone(), at };
        ids.iter().map(|id| one(tx, world, &vendor, id, &said)).collect()
    });
    Ok(Json(decided.await?))
}

/// Decides about one commission in review.
pub fn one(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    id: &CommissionId,
    said: &Decided,
) -> Result<ReviewDecision, Error> {
    let refused = |message: String| ReviewDecision {
        id: id.to_string(),
        result: "refused".into(),
        message: Some(message),
        review: None,
    };
    let found = tx.review(vendor, id)?.zip(tx.commission(vendor, id)?);
    let Some((review, row)) = found else {
        return Ok(refused("No signal speaks against such a commission: see GET /v1/reviews.".into()));
    };
    let before = review.decided.as_ref().map(|decided| decided.decision);
    if before == Some(said.decision) {
        let review = Some(show_review(tx, &review, &row)?);
        return Ok(ReviewDecision { id: id.to_string(), result: "unchanged".into(), message: None, review });
    }
    let step = match risk::review(&row.commission, said.decision) {
        Ok(step) => step,
        Err(invalid) => return Ok(refused(invalid.to_string())),
    };
    let mut after = row.clone();
    if let Some(step) = step {
        remaining::save(tx, world, &row, &step, said.at)?;
        after.commission = step.commission;
        if row.commission.status == Status::Fraud && row.sale.is_some() && counts_as_first(&after) {
            after.earnings_at_first = after.commission.earnings;
            tx.begin_after_all(id, row.customer.as_ref(), (after.earnings_at_first, row.at))?;
        }
    }
    keep_cleared(tx, &review, &row, said)?;
    tx.decide_review(id, said)?;
    let review = Review { decided: Some(said.clone()), ..review };
    let review = Some(show_review(tx, &review, &after)?);
    Ok(ReviewDecision { id: id.to_string(), result: "decided".into(), message: None, review })
}

/// What was cleared about the two stays cleared, until somebody rejects it after all.
fn keep_cleared(tx: &mut Tx<'_>, review: &Review, row: &CommissionRow, said: &Decided) -> Result<(), Error> {
    let (Some(customer), partner) = (&row.customer, &row.commission.partner) else { return Ok(()) };
    for rule in review.rules.iter().filter(|rule| rule.scope() == Scope::Customer) {
        match said.decision {
            Decision::Cleared => tx.clear_signal(&row.vendor, (customer, partner), *rule, said.at)?,
            Decision::Rejected => tx.unclear_signal(customer, partner, *rule)?,
        }
    }
    Ok(())
}

fn show_review(tx: &mut Tx<'_>, review: &Review, row: &CommissionRow) -> Result<wire::Review, Error> {
    let signals: Vec<wire::Signal> = serde_json::from_str(&review.signals)
        .map_err(|e| Error::internal(format!("a stored review is broken: {e}")))?;
    let decided = review.decided.as_ref();
    let event_id = row.sale.as_ref().map(ToString::to_string);
    Ok(wire::Review {
        id: review.commission.to_string(),
        status: decided.map_or("waiting", |decided| decided.decision.word()).into(),
        signals: signals.into_iter().map(explained).collect(),
        commission: view::commission(tx, row)?,
        event: if row.sale.is_some() { "sale" } else { "lead" }.into(),
        event_id: event_id.or(row.lead.as_ref().map(ToString::to_string)).unwrap_or_default(),
        opened_at: show(review.opened_at),
        decided_at: decided.map(|decided| show(decided.at)),
        decided_by: decided.map(|decided| decided.by.clone()),
        note: decided.and_then(|decided| decided.note.clone()),
    })
}

fn explained(signal: wire::Signal) -> ExplainedSignal {
    let explanation = Rule::parse(&signal.rule).map_or("", Rule::explanation).to_owned();
    ExplainedSignal { signal, explanation }
}
