//! Payment providers: connecting them, and what they sent.

use super::find;
use crate::app::{App, Shared};
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::inbound::{self, Headers, Options, Provider};
use crate::store::{Inbound, InboundFilter, Integration, OUTCOMES, Tx};
use crate::time::show;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::code::fold;
use goodword_domain::id::{InboundId, IntegrationId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{
    self as wire, ErrorBody, IgnoredType, InboundEvent, InboundTrial, InboundTrialInput, IntegrationInput,
};
use std::collections::BTreeMap;

/// Which events to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// `taken`, `noted`, `waiting`, `ignored` or `failed`.
    outcome: Option<String>,
}

/// List connected payment providers
#[utoipa::path(get, path = "/v1/integrations", tag = "integrations",
    responses((status = 200, body = Vec<wire::Integration>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
) -> Result<Json<Vec<wire::Integration>>, Error> {
    let url = app.public_url.clone();
    let all = app.store.read(move |tx| {
        let all = tx.integrations(&caller.vendor)?;
        all.iter().map(|integration| shown(tx, integration, &url)).collect()
    });
    Ok(Json(all.await?))
}

/// One connected payment provider
#[utoipa::path(get, path = "/v1/integrations/{provider}", tag = "integrations",
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`")),
    responses((status = 200, body = wire::Integration), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(provider): Path<String>,
) -> Result<Json<wire::Integration>, Error> {
    let (provider, url) = (Provider::parse(&provider)?, app.public_url.clone());
    let one = app.store.read(move |tx| {
        let integration = connected(tx, &caller.vendor, provider)?;
        shown(tx, &integration, &url)
    });
    Ok(Json(one.await?))
}

/// Connect a payment provider, or change how it is connected
///
/// What is left out stays as it is. Secrets are never given back. Give the answer's `url` to the provider.
#[utoipa::path(put, path = "/v1/integrations/{provider}", tag = "integrations", request_body = IntegrationInput,
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`")),
    responses((status = 200, body = wire::Integration), (status = "4XX", body = ErrorBody)))]
pub async fn set(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(provider): Path<String>,
    Body(input): Body<IntegrationInput>,
) -> Result<Json<wire::Integration>, Error> {
    let (provider, url) = (Provider::parse(&provider)?, app.public_url.clone());
    check(provider, &input)?;
    let (world, real) = (app.world, app.world.now());
    let set = app.store.write(move |tx| {
        let known = tx.integration_with(&caller.vendor, provider.word())?;
        let integration = known.unwrap_or_else(|| fresh(world, &caller, provider, real));
        let changed = changed(tx, integration, &input, real)?;
        tx.save_integration(&changed)?;
        shown(tx, &changed, &url)
    });
    Ok(Json(set.await?))
}

fn fresh(world: World, caller: &VendorCaller, provider: Provider, now: Instant) -> Integration {
    Integration {
        id: IntegrationId::from_bits(world.bits()),
        vendor: caller.vendor.clone(),
        provider: provider.word().into(),
        active: true,
        program: None,
        secrets: "[]".into(),
        options: "{}".into(),
        created_at: now,
        changed_at: now,
        test: caller.test,
    }
}

/// Refuses what cannot be set, without telling what it was where it is a secret.
fn check(provider: Provider, input: &IntegrationInput) -> Result<(), Error> {
    for secret in input.secrets.iter().flatten() {
        let fits = (8..=255).contains(&secret.trim().len())
            && secret.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if !fits {
            return Err(Error::field("secrets", "must each be 8 to 255 printable ASCII characters."));
        }
    }
    if input.secrets.as_ref().is_some_and(|secrets| !(1..=4).contains(&secrets.len())) {
        return Err(Error::field("secrets", "must be one to four."));
    }
    let codes = input.codes.iter().flatten();
    if codes.clone().count() > 500 || codes.clone().any(|(a, b)| !short(a, 100) || !short(b, 100)) {
        return Err(Error::field("codes", "must be at most 500, each of 1 to 100 characters."));
    }
    if (input.shop.is_some() || input.money.is_some()) && provider != Provider::Shopify {
        return Err(Error::field("shop", "and `money` are for Shopify alone."));
    }
    if input.shop.as_ref().is_some_and(|shop| !shop.is_empty() && !is_host(shop)) {
        return Err(Error::field("shop", "must be a host such as `tea.myshopify.com`."));
    }
    if input.money.as_deref().is_some_and(|money| !["shop", "presentment"].contains(&money)) {
        return Err(Error::field("money", "must be `shop` or `presentment`."));
    }
    match &input.mapping {
        Some(_) if provider != Provider::Generic => {
            Err(Error::field("mapping", "is for `generic` alone: other providers are known."))
        }
        Some(mapping) => inbound::check_mapping(mapping),
        None => Ok(()),
    }
}

fn short(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count())
}

fn is_host(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

fn changed(
    tx: &mut Tx<'_>,
    known: Integration,
    input: &IntegrationInput,
    now: Instant,
) -> Result<Integration, Error> {
    let json = |e: serde_json::Error| Error::internal(e.to_string());
    let mut options = Options::of(&known)?;
    if let Some(codes) = &input.codes {
        options.codes = codes.iter().map(|(theirs, ours)| (fold(theirs), ours.trim().to_owned())).collect();
    }
    if let Some(shop) = &input.shop {
        options.shop = Some(shop.to_ascii_lowercase()).filter(|shop| !shop.is_empty());
    }
    options.money = input.money.clone().or(options.money);
    options.mapping = input.mapping.clone().or(options.mapping);
    let program = match input.program_id.as_deref() {
        None => known.program,
        Some("") => None,
        Some(id) => Some(find::program_by_id(tx, &known.vendor, &ProgramId::parse(id)?)?.id),
    };
    let secrets: Option<Vec<&str>> =
        input.secrets.as_ref().map(|secrets| secrets.iter().map(|secret| secret.trim()).collect());
    let changed = Integration {
        active: input.active.unwrap_or(known.active),
        program,
        secrets: secrets
            .map(|s| serde_json::to_string(&s))
            .transpose()
            .map_err(json)?
            .unwrap_or(known.secrets),
        options: serde_json::to_string(&options).map_err(json)?,
        changed_at: now,
        ..known
    };
    if inbound::secrets(&changed)?.is_empty() {
        return Err(Error::field("secrets", "are needed: without one no signature can be checked."));
    }
    if changed.provider == Provider::Generic.word() && options.mapping.is_none() {
        return Err(Error::field("mapping", "is needed: it says where in a body what is needed stands."));
    }
    Ok(changed)
}

/// Forget a payment provider's secrets
///
/// Its events are taken no more. What was taken stays.
#[utoipa::path(delete, path = "/v1/integrations/{provider}", tag = "integrations",
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`")),
    responses((status = 200, body = wire::Integration), (status = "4XX", body = ErrorBody)))]
pub async fn remove(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(provider): Path<String>,
) -> Result<Json<wire::Integration>, Error> {
    let (provider, url, real) = (Provider::parse(&provider)?, app.public_url.clone(), app.world.now());
    let removed = app.store.write(move |tx| {
        let known = connected(tx, &caller.vendor, provider)?;
        let empty = Integration { active: false, secrets: "[]".into(), changed_at: real, ..known };
        tx.save_integration(&empty)?;
        shown(tx, &empty, &url)
    });
    Ok(Json(removed.await?))
}

fn connected(tx: &mut Tx<'_>, vendor: &VendorId, provider: Provider) -> Result<Integration, Error> {
    tx.integration_with(vendor, provider.word())?.ok_or_else(|| {
        let word = provider.word();
        Error::NotFound(format!(
            "{word} is not connected in this mode: PUT /v1/integrations/{word} connects it."
        ))
    })
}

fn shown(tx: &mut Tx<'_>, integration: &Integration, url: &str) -> Result<wire::Integration, Error> {
    let options = Options::of(integration)?;
    let ignored = tx.ignored(&integration.id)?.into_iter();
    let ignored = ignored.map(|i| IgnoredType { r#type: i.kind, count: i.count, last_at: show(i.last_at) });
    Ok(wire::Integration {
        id: integration.id.to_string(),
        provider: integration.provider.clone(),
        active: integration.active,
        url: format!("{url}/hooks/{}/{}", integration.provider, integration.id),
        secrets: inbound::secrets(integration)?.len(),
        program_id: integration.program.as_ref().map(ToString::to_string),
        codes: options.codes,
        shop: options.shop,
        money: options.money,
        mapping: options.mapping,
        ignored: ignored.collect(),
        created_at: show(integration.created_at),
        changed_at: show(integration.changed_at),
    })
}

/// What a payment provider sent, and what became of it
///
/// Newest first. Events are kept for 90 days once they are decided about.
#[utoipa::path(get, path = "/v1/integrations/{provider}/events", tag = "integrations",
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`"), EventQuery, Paging),
    responses((status = 200, body = Vec<InboundEvent>), (status = "4XX", body = ErrorBody)))]
pub async fn events(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(provider): Path<String>,
    Query(query): Query<EventQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<InboundEvent>>, Error> {
    let provider = Provider::parse(&provider)?;
    if query.outcome.as_deref().is_some_and(|word| !OUTCOMES.contains(&word)) {
        return Err(Error::field("outcome", "must be `taken`, `noted`, `waiting`, `ignored` or `failed`."));
    }
    let filter = InboundFilter {
        outcome: query.outcome,
        after: paging.after(InboundId::parse)?,
        limit: paging.limit()?,
    };
    let events = app.store.read(move |tx| {
        let integration = connected(tx, &caller.vendor, provider)?;
        let events = tx.inbounds(&integration.id, &filter)?;
        Ok(events.into_iter().map(|event| event_shown(provider, event)).collect())
    });
    Ok(Json(events.await?))
}

fn event_shown(provider: Provider, event: Inbound) -> InboundEvent {
    InboundEvent {
        id: event.id.to_string(),
        provider: provider.word().into(),
        event_id: event.event_id,
        r#type: event.kind,
        outcome: event.outcome.into(),
        reason: event.reason,
        sale_id: event.sale.map(|id| id.to_string()),
        attempts: event.attempts,
        next_attempt_at: event.next_attempt_at.map(show),
        at: show(event.received_at),
    }
}

/// Try an event again
///
/// One that failed or waits. A sale that waits for its buyer is carried out without; a refund or a dispute still needs its sale.
/// Of others nothing changes.
#[utoipa::path(post, path = "/v1/integrations/{provider}/events/{id}/replay", tag = "integrations",
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`"),
        ("id" = String, Path, description = "`inb_…`")),
    responses((status = 200, body = InboundEvent), (status = "4XX", body = ErrorBody)))]
pub async fn replay(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path((provider, id)): Path<(String, String)>,
) -> Result<Json<InboundEvent>, Error> {
    let (provider, id) = (Provider::parse(&provider)?, InboundId::parse(&id)?);
    let (world, real) = (app.world, app.world.now());
    let event = app.store.write(move |tx| {
        let integration = connected(tx, &caller.vendor, provider)?;
        let event = tx.inbound(&integration.id, &id)?;
        let event = event.ok_or_else(|| {
            Error::NotFound("There is no such event: see GET /v1/integrations/{provider}/events.".into())
        })?;
        if !matches!(event.outcome, "waiting" | "failed") {
            return Ok(event);
        }
        inbound::again(tx, world, &integration, event, real, true)
    });
    Ok(Json(event_shown(provider, event.await?)))
}

/// Read an event without carrying it out
///
/// Tells what it would report, in the words of `/v1/track/*`. Nothing is stored, and no signature is needed.
#[utoipa::path(post, path = "/v1/integrations/{provider}/test", tag = "integrations", request_body = InboundTrialInput,
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`")),
    responses((status = 200, body = InboundTrial), (status = "4XX", body = ErrorBody)))]
pub async fn test(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(provider): Path<String>,
    Body(input): Body<InboundTrialInput>,
) -> Result<Json<InboundTrial>, Error> {
    let provider = Provider::parse(&provider)?;
    let mut options = known_options(&app, &caller, provider).await?;
    if let Some(mapping) = input.mapping {
        inbound::check_mapping(&mapping)?;
        options.mapping = Some(mapping);
    }
    let body = serde_json::to_string(&input.body).map_err(|e| Error::internal(e.to_string()))?;
    let headers: BTreeMap<String, String> =
        input.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    Ok(Json(inbound::try_out(provider, &options, &body, &Headers::from(headers), caller.test)?))
}

/// What is set, if the provider is connected.
async fn known_options(app: &App, caller: &VendorCaller, provider: Provider) -> Result<Options, Error> {
    let vendor = caller.vendor.clone();
    let known = app.store.read(move |tx| Ok(tx.integration_with(&vendor, provider.word())?)).await?;
    known.as_ref().map_or(Ok(Options::default()), Options::of)
}
