//! Triggers: when an event meets a condition, something is done.

use super::find;
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::store::{Told, Trigger, Tx};
use crate::telling;
use crate::time::show;
use crate::triggering::{self, Scene, Stored};
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::event::EventKind;
use goodword_domain::id::{EventId, ProgramId, TriggerId, TriggerRunId, VendorId};
use goodword_domain::time::Instant;
use goodword_domain::trigger::{Action, Rule, Verdict};
use goodword_wire::{
    self as wire, DryRun, DryRunInput, ErrorBody, Metadata, TriggerDetail, TriggerInput, TriggerRun,
};

/// How many triggers a vendor may have.
const MOST: i64 = 100;

/// On how many of the latest a trigger is tried, at the most and usually.
const MOST_TRIED: i64 = 100;
const USUALLY_TRIED: i64 = 20;

/// Which triggers to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct TriggerQuery {
    /// Only of this program.
    program_id: Option<String>,
}

/// List triggers, newest first
#[utoipa::path(get, path = "/v1/triggers", tag = "triggers", params(TriggerQuery, Paging),
    responses((status = 200, body = Vec<wire::Trigger>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<TriggerQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Trigger>>, Error> {
    let (limit, after) = (paging.limit()?, paging.after(TriggerId::parse)?);
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let triggers = app.store.read(move |tx| {
        let rows = tx.triggers(&caller.vendor, program.as_ref(), after.as_ref(), limit)?;
        rows.iter().map(|row| triggering::show(tx, row)).collect()
    });
    Ok(Json(triggers.await?))
}

/// Add a trigger
///
/// It acts on events from now on, on each once.
#[utoipa::path(post, path = "/v1/triggers", tag = "triggers", request_body = TriggerInput,
    responses((status = 200, body = wire::Trigger), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    Body(input): Body<TriggerInput>,
) -> Result<Json<wire::Trigger>, Error> {
    let (world, now) = (app.world, app.world.now());
    let trigger = app.store.write(move |tx| {
        if tx.count_triggers(&vendor)? >= MOST {
            return Err(Error::Conflict(format!("There are {MOST} triggers already: delete one first.")));
        }
        find::required("name", input.name.as_ref())?;
        let (trigger, _) = described(tx, world, &vendor, &input, now)?;
        tx.insert_trigger(&trigger)?;
        triggering::show(tx, &trigger)
    });
    Ok(Json(trigger.await?))
}

/// One trigger
#[utoipa::path(get, path = "/v1/triggers/{id}", tag = "triggers", params(("id" = String, Path, description = "`trg_…`")),
    responses((status = 200, body = wire::Trigger), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Trigger>, Error> {
    let trigger = app.store.read(move |tx| {
        let trigger = trigger_of(tx, &caller.vendor, &id)?;
        triggering::show(tx, &trigger)
    });
    Ok(Json(trigger.await?))
}

/// Change a trigger
///
/// What is not sent stays as it is. Events that were before are not looked at again.
#[utoipa::path(patch, path = "/v1/triggers/{id}", tag = "triggers", request_body = TriggerInput,
    params(("id" = String, Path, description = "`trg_…`")),
    responses((status = 200, body = wire::Trigger), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<TriggerInput>,
) -> Result<Json<wire::Trigger>, Error> {
    let trigger = app.store.write(move |tx| {
        let before = trigger_of(tx, &vendor, &id)?;
        let (trigger, _) = changed(tx, before, &input)?;
        tx.update_trigger(&trigger)?;
        triggering::show(tx, &trigger)
    });
    Ok(Json(trigger.await?))
}

/// Delete a trigger
///
/// What it did stays done. The answer is the trigger as it was.
#[utoipa::path(delete, path = "/v1/triggers/{id}", tag = "triggers", params(("id" = String, Path, description = "`trg_…`")),
    responses((status = 200, body = wire::Trigger), (status = "4XX", body = ErrorBody)))]
pub async fn delete(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Trigger>, Error> {
    let now = app.world.now();
    let trigger = app.store.write(move |tx| {
        let trigger = trigger_of(tx, &vendor, &id)?;
        tx.delete_trigger(&trigger.id, now)?;
        triggering::show(tx, &trigger)
    });
    Ok(Json(trigger.await?))
}

/// List what a trigger did, newest first
///
/// On which event, why, and what became of each action. Kept for 30 days.
#[utoipa::path(get, path = "/v1/triggers/{id}/runs", tag = "triggers", params(("id" = String, Path, description = "`trg_…`"), Paging),
    responses((status = 200, body = Vec<TriggerRun>), (status = "4XX", body = ErrorBody)))]
pub async fn runs(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<TriggerRun>>, Error> {
    let (limit, after) = (paging.limit()?, paging.after(TriggerRunId::parse)?);
    let runs = app.store.read(move |tx| {
        let trigger = trigger_of(tx, &caller.vendor, &id)?;
        Ok(tx.runs(&trigger.id, after.as_ref(), limit)?)
    });
    let shown = runs.await?.into_iter().map(|(run, event, subject)| {
        let detail: TriggerDetail = serde_json::from_str(&run.detail)
            .map_err(|e| Error::internal(format!("{} is broken: {e}", run.id)))?;
        let (id, event_id) = (run.id.to_string(), run.event.to_string());
        Ok(TriggerRun { id, event_id, event, subject, outcome: run.outcome, detail, at: show(run.at) })
    });
    Ok(Json(shown.collect::<Result<_, Error>>()?))
}

/// Try a trigger out
///
/// On an event that was, on one made up, or on the latest that were before. Nothing is done: the answer tells what would be, and
/// what would be in the way.
#[utoipa::path(post, path = "/v1/triggers/dry-run", tag = "triggers", request_body = DryRunInput,
    responses((status = 200, body = Vec<DryRun>), (status = "4XX", body = ErrorBody)))]
pub async fn dry_run(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    Body(input): Body<DryRunInput>,
) -> Result<Json<Vec<DryRun>>, Error> {
    let latest = input.latest.unwrap_or(USUALLY_TRIED);
    if !(1..=MOST_TRIED).contains(&latest) {
        return Err(Error::field("latest", format!("must be 1 to {MOST_TRIED}; it is {latest}.")));
    }
    let (world, now, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let tried = app.store.read(move |tx| {
        let (trigger, rule) = match (&input.trigger, &input.trigger_id) {
            (Some(described_as), None) => described(tx, world, &vendor, described_as, now)?,
            (None, Some(id)) => {
                let trigger = trigger_of(tx, &vendor, id)?;
                let rule = triggering::read(&trigger)?;
                (trigger, rule)
            }
            _ => return Err(Error::field("trigger", "or `triggerId` is needed: one of the two.")),
        };
        let scenes = occasions(tx, &public_url, &trigger, &input, latest)?;
        scenes.iter().map(|occasion| tried(tx, (&trigger, &public_url), &rule, occasion)).collect()
    });
    Ok(Json(tried.await?))
}

/// An event a trigger is tried on.
struct Occasion {
    kind: EventKind,
    subject: String,
    at: Option<Instant>,
    depth: i64,
    data: Metadata,
}

/// The events a trigger is to be tried on.
fn occasions(
    tx: &mut Tx<'_>,
    public_url: &str,
    trigger: &Trigger,
    input: &DryRunInput,
    latest: i64,
) -> Result<Vec<Occasion>, Error> {
    match (&input.event_id, &input.data) {
        (Some(_), Some(_)) => Err(Error::field("eventId", "and `data` contradict each other: send one.")),
        (Some(id), None) => {
            let missing = || Error::NotFound("There is no such event (any more) in this mode.".into());
            let told = tx.told(&trigger.vendor, &EventId::parse(id)?)?.ok_or_else(missing)?;
            let data = match triggering::stored_data(told.body.as_deref())? {
                Some(data) => data,
                None => telling::data(tx, public_url, &told)?.ok_or_else(missing)?,
            };
            let Told { kind, subject, at, depth, .. } = told;
            Ok(vec![Occasion { kind, subject, at: Some(at), depth, data }])
        }
        (None, Some(data)) => Ok(vec![Occasion {
            kind: trigger.event,
            subject: String::new(),
            at: None,
            depth: 0,
            data: data.clone(),
        }]),
        (None, None) => before(tx, public_url, trigger, latest),
    }
}

/// What was before, as events of the trigger's kind.
fn before(tx: &mut Tx<'_>, public_url: &str, trigger: &Trigger, latest: i64) -> Result<Vec<Occasion>, Error> {
    let mut found = Vec::new();
    for (subject, at) in tx.latest_subjects((&trigger.vendor, &trigger.program), trigger.event, latest)? {
        let told = Told {
            id: EventId::from_bits(0),
            vendor: trigger.vendor.clone(),
            program: trigger.program.clone(),
            kind: trigger.event,
            subject: subject.clone(),
            detail: None,
            depth: 0,
            at,
            body: None,
        };
        let data = telling::data(tx, public_url, &told)?;
        found.extend(data.map(|data| Occasion {
            kind: trigger.event,
            subject,
            at: Some(at),
            depth: 0,
            data,
        }));
    }
    Ok(found)
}

fn tried(
    tx: &mut Tx<'_>,
    (trigger, public_url): (&Trigger, &str),
    rule: &Rule,
    occasion: &Occasion,
) -> Result<DryRun, Error> {
    let place = (&trigger.vendor, &trigger.program);
    let facts = triggering::facts(tx, place, occasion.kind, &occasion.data)?;
    let verdict = rule.decide(occasion.kind, &facts, occasion.depth);
    let actions = if verdict == Verdict::Acts {
        let scene = Scene::set(tx, (trigger, public_url), None, &facts)?;
        triggering::check(tx, &scene, &rule.actions)?
    } else {
        Vec::new()
    };
    Ok(DryRun {
        subject: occasion.subject.clone(),
        at: occasion.at.map(show),
        verdict: verdict.word().into(),
        detail: TriggerDetail { compared: triggering::compared(rule, &facts), actions },
    })
}

fn trigger_of(tx: &mut Tx<'_>, vendor: &VendorId, id: &str) -> Result<Trigger, Error> {
    let missing = "There is no such trigger in this mode: see GET /v1/triggers.";
    tx.trigger(vendor, &TriggerId::parse(id)?)?.ok_or_else(|| Error::NotFound(missing.into()))
}

/// A new trigger as it is described.
fn described(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    input: &TriggerInput,
    now: Instant,
) -> Result<(Trigger, Rule), Error> {
    let event = EventKind::parse(find::required("event", input.event.as_ref())?)?;
    let fresh = Trigger {
        id: TriggerId::from_bits(world.bits()),
        vendor: vendor.clone(),
        program: find::program(tx, vendor, input.program_id.as_deref())?.id,
        name: String::new(),
        event,
        document: serde_json::to_string(&Stored::default()).map_err(|e| Error::internal(e.to_string()))?,
        enabled: true,
        created_at: now,
    };
    changed(tx, fresh, input)
}

/// The same with what is said, checked.
fn changed(tx: &mut Tx<'_>, before: Trigger, input: &TriggerInput) -> Result<(Trigger, Rule), Error> {
    let broken = |e: serde_json::Error| Error::internal(format!("a stored trigger is broken: {e}"));
    let mut trigger = before;
    if let Some(name) = find::text("name", input.name.as_ref(), 100)? {
        trigger.name = name;
    }
    if let Some(id) = &input.program_id {
        trigger.program = find::program_by_id(tx, &trigger.vendor, &ProgramId::parse(id)?)?.id;
    }
    if let Some(event) = &input.event {
        trigger.event = EventKind::parse(event)?;
    }
    let mut stored: Stored = serde_json::from_str(&trigger.document).map_err(broken)?;
    if let Some(when) = &input.when {
        // All of nothing is always so.
        let always = wire::Condition { all: Some(Vec::new()), ..wire::Condition::default() };
        stored.when = Some(when.clone()).filter(|when| *when != always);
    }
    if let Some(actions) = &input.actions {
        stored.actions.clone_from(actions);
    }
    trigger.enabled = match input.status.as_deref() {
        None => trigger.enabled,
        Some("enabled") => true,
        Some("disabled") => false,
        Some(_) => return Err(Error::field("status", "must be `enabled` or `disabled`.")),
    };
    let rule = triggering::parse(trigger.event, &stored)?;
    check_names(tx, &trigger, &rule)?;
    trigger.document = serde_json::to_string(&stored).map_err(broken)?;
    Ok((trigger, rule))
}

/// Refuses actions that name what is not there.
fn check_names(tx: &mut Tx<'_>, trigger: &Trigger, rule: &Rule) -> Result<(), Error> {
    for (place, action) in rule.actions.iter().enumerate() {
        let (field, known) = match action {
            Action::MoveToGroup(group) => {
                ("groupId", tx.groups(&trigger.program)?.iter().any(|g| g.id == *group))
            }
            Action::Webhook(id) => ("webhookId", tx.webhook(&trigger.vendor, id)?.is_some()),
            _ => continue,
        };
        if !known {
            let remedy = "is not one of this program’s groups or your endpoints: check the id.";
            return Err(Error::at(format!("actions[{place}].{field}"), remedy));
        }
    }
    Ok(())
}
