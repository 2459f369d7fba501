//! What programs set aside for their commissions.

use super::commissions::bonus_unit;
use super::find;
use super::sales::idempotency_key;
use crate::app::Shared;
use crate::auth::{FinanceCaller, Speaker, VendorCaller};
use crate::crediting;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::store::{BudgetChange, Key, Program, Tx, counting_lock};
use crate::time::show;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::budget;
use goodword_domain::id::{BudgetId, ProgramId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, Budget, BudgetInput, ErrorBody};

/// Of what.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct BudgetQuery {
    /// The program's currency (default) or `points`.
    currency: Option<String>,
}

/// A program's budget and its changes
#[utoipa::path(get, path = "/v1/programs/{id}/budget", tag = "programs",
    params(("id" = String, Path, description = "`prg_…`"), BudgetQuery, Paging, Turning),
    responses((status = 200, body = Budget), (status = "4XX", body = ErrorBody)))]
pub async fn read(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<BudgetQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Budget>, Error> {
    let (id, after) = (ProgramId::parse(&id)?, paging.after(BudgetId::parse)?);
    let page = paging.page(&turning)?;
    let budget = app.store.read(move |tx| {
        let program = find::program_by_id(tx, &caller.vendor, &id)?;
        let currency = bonus_unit(&program, query.currency.as_deref())?;
        let (set_aside, left) = (tx.set_aside(&id, currency)?, tx.budget_left(&id, currency)?);
        let changes = tx.budget_changes((&id, currency), after.as_ref(), page)?;
        Ok(Budget {
            program_id: id.to_string(),
            budgeted: program.terms.is_budgeted(currency),
            currency: currency.wire(),
            set_aside,
            spent: set_aside - left,
            left,
            changes: changes.iter().map(shown).collect(),
        })
    });
    Ok(Json(budget.await?))
}

/// Set money aside for a program, or take it away again
///
/// With an `Idempotency-Key` header the same request again gets the first answer. More than is left cannot be taken away.
#[utoipa::path(post, path = "/v1/programs/{id}/budget", tag = "programs", request_body = BudgetInput,
    params(("id" = String, Path, description = "`prg_…`")),
    responses((status = 200, body = wire::BudgetChange), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Speaker(by): Speaker,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(input): Body<BudgetInput>,
) -> Result<Json<wire::BudgetChange>, Error> {
    let (id, hash) = (ProgramId::parse(&id)?, crediting::input_hash(&input)?);
    let amount =
        input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
    let note = find::text("note", input.note.as_ref(), 500)?.unwrap_or_default();
    let key = idempotency_key(&headers)?.map(|external_id| Key {
        program: id.clone(),
        source: "api".into(),
        external_id,
        kind: "budget",
    });
    let (world, real) = (app.world, app.world.now());
    let made = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let program = find::program_by_id(tx, &caller.vendor, &id)?;
        // Sales spend what they see is left: nothing may be taken away between their look and their commit.
        tx.lock(&[counting_lock(&program.id)])?;
        crediting::once(tx, key.as_ref(), &hash, now, |tx| {
            let unit = bonus_unit(&program, input.currency.as_deref())?;
            make(tx, world, &program, (amount, unit), (note.clone(), by.clone()), now)
        })
    });
    Ok(Json(made.await?))
}

/// Sets money aside, or takes it away. `note` and `by` say why, and who. What is refused has written nothing.
pub fn make(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (amount, currency): (i64, Currency),
    (note, by): (String, String),
    at: Instant,
) -> Result<wire::BudgetChange, Error> {
    let left = tx.budget_left(&program.id, currency)?;
    let id = BudgetId::from_bits(world.bits());
    let transfer = budget::change(id.clone(), currency, amount, left)?;
    let (vendor, of) = (program.vendor.clone(), program.id.clone());
    let change = BudgetChange { id, vendor, program: of, amount, currency, note, by, at };
    tx.insert_budget_change(&change)?;
    tx.post(world, &program.vendor, &program.id, Some(&transfer), at)?;
    Ok(shown(&change))
}

fn shown(c: &BudgetChange) -> wire::BudgetChange {
    wire::BudgetChange {
        id: c.id.to_string(),
        amount: c.amount,
        currency: c.currency.wire(),
        note: c.note.clone(),
        by: c.by.clone(),
        at: show(c.at),
    }
}
