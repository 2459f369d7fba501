//! Period settlement: what is settled, what would be, and how the current periods stand.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, PartnerCaller, VendorCaller};
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::settling::{self, Worked};
use crate::store::{Program, SettlementRow, Tx};
use crate::time::{self, show};
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{PartnerId, ProgramId, SettlementId};
use goodword_domain::reward::Measure;
use goodword_domain::settlement::{Accrual, Rule, Scheme, Span};
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire::{self as wire, ErrorBody, Progress, ProgressNext, Settlement, SettlementInput};

/// Which settlements, or which progress, to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SettlementQuery {
    /// Only of this program.
    program_id: Option<String>,
}

/// Whose progress.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProgressQuery {
    /// Of this program. Default: the default one.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
}

/// List settlements
#[utoipa::path(get, path = "/v1/settlements", tag = "settlements", params(SettlementQuery, Paging, Turning),
    responses((status = 200, body = Vec<Settlement>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<SettlementQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Settlement>>, Error> {
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let (after, page) = (paging.after(SettlementId::parse)?, paging.page(&turning)?);
    let all = app.store.read(move |tx| {
        let rows = tx.settlements(&caller.vendor, program.as_ref(), after.as_ref(), page)?;
        rows.iter().map(|row| shown(tx, row)).collect()
    });
    Ok(Json(all.await?))
}

/// One settlement
#[utoipa::path(get, path = "/v1/settlements/{id}", tag = "settlements", params(("id" = String, Path, description = "`stl_…`")),
    responses((status = 200, body = Settlement), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Settlement>, Error> {
    let id = SettlementId::parse(&id)?;
    let found = app.store.read(move |tx| {
        let row = tx.settlement(&caller.vendor, &id)?;
        let missing =
            || Error::NotFound("There is no such settlement in this mode: see GET /v1/settlements.".into());
        shown(tx, &row.ok_or_else(missing)?)
    });
    Ok(Json(found.await?))
}

/// Settle a period
///
/// One that is over, also before its days of grace are: what comes later corrects it in the next. The same again gets the
/// settlement that is there, and changes nothing.
#[utoipa::path(post, path = "/v1/settlements", tag = "settlements", request_body = SettlementInput,
    responses((status = 200, body = Settlement), (status = "4XX", body = ErrorBody)))]
pub async fn settle(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<SettlementInput>,
) -> Result<Json<Settlement>, Error> {
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let now = find::now(tx, &vendor, real)?;
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        let (key, span) = meant(&program, &input, now)?;
        let row = settling::settle(tx, world, &program, (&key, span), &actor.name, now)?;
        shown(tx, &row)
    });
    Ok(Json(done.await?))
}

/// What settling a period would post
///
/// As things are known now; nothing is written. Also of a period that is not over.
#[utoipa::path(post, path = "/v1/settlements/preview", tag = "settlements", request_body = SettlementInput,
    responses((status = 200, body = Settlement), (status = "4XX", body = ErrorBody)))]
pub async fn preview(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<SettlementInput>,
) -> Result<Json<Settlement>, Error> {
    let real = app.world.now();
    let worked = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        let (key, span) = meant(&program, &input, now)?;
        let worked = settling::work_out(tx, &program, &key, span, now)?;
        previewed(tx, &program, &worked)
    });
    Ok(Json(worked.await?))
}

/// Periods that are over and not settled
///
/// With what settling each would post. Once their days of grace are over they are settled by themselves.
#[utoipa::path(get, path = "/v1/settlements/open", tag = "settlements", params(SettlementQuery),
    responses((status = 200, body = Vec<Settlement>), (status = "4XX", body = ErrorBody)))]
pub async fn open(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<SettlementQuery>,
) -> Result<Json<Vec<Settlement>>, Error> {
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        let mut all = Vec::new();
        for rule in &program.terms.settlements {
            let settled = tx.settlements_of_rule(&program.id, &rule.key)?;
            for span in rule.calendar.closed(program.created_at, now) {
                let is_settled = settled.iter().any(|row| row.span == span);
                if !is_settled && settling::rule_at(&program, &rule.key, span).is_some() {
                    let worked = settling::work_out(tx, &program, &rule.key, span, now)?;
                    all.push(previewed(tx, &program, &worked)?);
                }
            }
        }
        Ok(all)
    });
    Ok(Json(all.await?))
}

/// How the current periods stand
///
/// What each partner has brought and earned so far, and how far the next step is.
#[utoipa::path(get, path = "/v1/settlements/progress", tag = "settlements", params(ProgressQuery),
    responses((status = 200, body = Vec<Progress>), (status = "4XX", body = ErrorBody)))]
pub async fn progress(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ProgressQuery>,
) -> Result<Json<Vec<Progress>>, Error> {
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        progress_of(tx, &program, partner.as_ref(), now)
    });
    Ok(Json(all.await?))
}

/// How the partner's own periods stand
#[utoipa::path(get, path = "/v1/embed/progress", tag = "embed",
    responses((status = 200, body = Vec<Progress>), (status = "4XX", body = ErrorBody)))]
pub async fn own_progress(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
) -> Result<Json<Vec<Progress>>, Error> {
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let now = find::now(tx, &token.vendor, real)?;
        let program = find::program_by_id(tx, &token.vendor, &token.program)?;
        progress_of(tx, &program, Some(&token.partner), now)
    });
    Ok(Json(all.await?))
}

/// How periods stand, of one partner or of all.
pub fn progress_of(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: Option<&PartnerId>,
    now: Instant,
) -> Result<Vec<Progress>, Error> {
    let mut all = Vec::new();
    for (partner, rule, span, accrual) in settling::progress(tx, program, partner, now)? {
        let partner = view::partner_ref(tx, &program.vendor, &program.id, &partner)?;
        all.push(show_progress(program, partner, &rule, span, accrual));
    }
    Ok(all)
}

fn show_progress(
    program: &Program,
    partner: wire::PartnerRef,
    rule: &Rule,
    span: Span,
    a: Accrual,
) -> Progress {
    let currency = program.terms.currency;
    let (measure, is_money) = match &rule.scheme {
        Scheme::Tiers(tiers) => (tiers.measure.word(), tiers.measure == Measure::Amount),
        Scheme::Target { .. } => ("amount", true),
        Scheme::Multiple(_) => ("count", false),
    };
    let figure = |n: i64| if is_money { currency.decimal(n) } else { n.to_string() };
    let says = a.next.map(|next| {
        let (missing, unlocks) = (figure(next.missing), currency.decimal(next.unlocks));
        format!("{missing} more by {} unlocks {unlocks}", settling::last_day(span))
    });
    Progress {
        partner,
        rule: rule.key.clone(),
        name: rule.name.clone(),
        starts_at: show(span.start),
        ends_at: show(span.end),
        settles_at: show(span.end.plus_days(rule.grace_days)),
        measure: measure.into(),
        measured: a.measured,
        target: a.target,
        earned: a.earned,
        coop: a.coop,
        currency: currency.wire(),
        exponent: currency.exponent(),
        next: a.next.map(|next| ProgressNext {
            from: next.from,
            missing: next.missing,
            unlocks: next.unlocks,
            by: time::show_day(Instant(span.end.0 - 1).day()),
        }),
        says: says.unwrap_or_default(),
    }
}

/// The rule and the period that somebody means by a day in it.
fn meant(program: &Program, input: &SettlementInput, now: Instant) -> Result<(String, Span), Error> {
    let key = find::required("rule", input.rule.as_ref())?;
    let day = time::parse_day("day", find::required("day", input.day.as_ref())?)?;
    let versions = program.versions.iter().rev().flat_map(|version| &version.terms.settlements);
    let rules: Vec<&Rule> = versions.filter(|rule| rule.key == key).collect();
    if rules.is_empty() {
        return Err(Error::field("rule", "is not the key of a rule: see `settlements` of the program."));
    }
    let noon = Instant(day * DAY_MS + DAY_MS / 2);
    let of = |rule: &&Rule| {
        let after = || rule.calendar.closed(program.created_at, now).into_iter().find(|span| span.has(noon));
        rule.calendar.around(noon).or_else(after)
    };
    let spans = rules.iter().filter_map(of);
    let mut own = spans.filter(|span| settling::rule_at(program, key, *span).is_some());
    let span = own.next().ok_or_else(|| Error::field("day", "lies in no period of the rule."))?;
    Ok((key.to_owned(), span))
}

fn blank(program: &Program, rule: Option<&Rule>, key: &str, span: Span, version: i64) -> Settlement {
    Settlement {
        program_id: program.id.to_string(),
        rule: key.to_owned(),
        name: rule.map_or_else(|| key.to_owned(), |rule| rule.name.clone()),
        starts_at: show(span.start),
        ends_at: show(span.end),
        settles_at: show(span.end.plus_days(rule.map_or(0, |rule| rule.grace_days))),
        version,
        currency: program.terms.currency.wire(),
        ..Settlement::default()
    }
}

fn previewed(tx: &mut Tx<'_>, program: &Program, worked: &Worked) -> Result<Settlement, Error> {
    let mut shown = blank(program, Some(&worked.rule), &worked.rule.key, worked.span, worked.version);
    for (partner, entries) in &worked.entries {
        let partner = view::partner_ref(tx, &program.vendor, &program.id, partner)?;
        shown.lines.extend(entries.iter().map(|entry| wire::SettlementLine {
            partner: partner.clone(),
            starts_at: show(entry.span.start),
            ends_at: show(entry.span.end),
            corrects: entry.span != worked.span,
            measured: entry.accrual.measured,
            target: entry.accrual.target,
            earned: entry.accrual.earned,
            amount: entry.cash,
            coop: entry.coop,
            commission_id: None,
        }));
    }
    add_up(&mut shown);
    Ok(shown)
}

fn shown(tx: &mut Tx<'_>, row: &SettlementRow) -> Result<Settlement, Error> {
    let program = find::program_by_id(tx, &row.vendor, &row.program)?;
    let rule = settling::rule_at(&program, &row.rule, row.span).map(|(_, rule)| rule);
    let mut shown = blank(&program, rule, &row.rule, row.span, row.version);
    for line in tx.settlement_lines(&row.id)? {
        shown.lines.push(wire::SettlementLine {
            partner: view::partner_ref(tx, &row.vendor, &row.program, &line.partner)?,
            starts_at: show(line.span.start),
            ends_at: show(line.span.end),
            corrects: line.span != row.span,
            measured: line.measured,
            target: line.target,
            earned: line.earned,
            amount: line.cash,
            coop: line.coop,
            commission_id: line.commission.map(|id| id.to_string()),
        });
    }
    shown.id = row.id.to_string();
    shown.settled_at = Some(show(row.at));
    shown.by.clone_from(&row.by);
    add_up(&mut shown);
    Ok(shown)
}

fn add_up(shown: &mut Settlement) {
    shown.total = shown.lines.iter().map(|line| line.amount).sum();
    shown.coop_total = shown.lines.iter().map(|line| line.coop).sum();
}
