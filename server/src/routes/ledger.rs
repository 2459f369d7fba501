//! The ledger, read only: there is no way to write to it but through what happens.

use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query, Turning};
use crate::routes::partners::ProgramQuery;
use crate::store::{AccountRow, TransferRow};
use crate::time::show;
use axum::Json;
use axum::extract::State;
use goodword_domain::id::{CommissionId, ProgramId, TransferId};
use goodword_wire::{Account, ErrorBody, Ledger, Transfer};

/// All accounts with their balances, and the proof that they balance
#[utoipa::path(get, path = "/v1/ledger", tag = "ledger", params(ProgramQuery),
    responses((status = 200, body = Ledger), (status = "4XX", body = ErrorBody)))]
pub async fn accounts(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<Ledger>, Error> {
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let rows = app.store.read(move |tx| Ok(tx.accounts(&caller.vendor, program.as_ref())?)).await?;
    Ok(Json(Ledger {
        total_debits: rows.iter().map(|a| a.debits).sum(),
        total_credits: rows.iter().map(|a| a.credits).sum(),
        accounts: rows.into_iter().map(account).collect(),
    }))
}

fn account(a: AccountRow) -> Account {
    Account {
        id: a.id.to_string(),
        kind: a.kind,
        partner_id: a.partner,
        program_id: a.program.to_string(),
        currency: a.currency,
        credits: a.credits,
        debits: a.debits,
        balance: a.credits - a.debits,
    }
}

/// Which transfers to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct TransferQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only those a commission caused.
    commission_id: Option<String>,
    /// Only those with this cause: the id of a commission, a payout or a change of budget.
    cause: Option<String>,
}

/// List transfers
#[utoipa::path(get, path = "/v1/ledger/transfers", tag = "ledger", params(TransferQuery, Paging, Turning),
    responses((status = 200, body = Vec<Transfer>), (status = "4XX", body = ErrorBody)))]
pub async fn transfers(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<TransferQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Transfer>>, Error> {
    let (page, after) = (paging.page(&turning)?, paging.after(TransferId::parse)?);
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let commission = query.commission_id.as_deref().map(CommissionId::parse).transpose()?;
    let cause = commission.map(|id| id.to_string()).or(query.cause);
    let rows = app.store.read(move |tx| {
        Ok(tx.transfers(&caller.vendor, program.as_ref(), cause.as_deref(), after.as_ref(), page)?)
    });
    Ok(Json(rows.await?.into_iter().map(transfer).collect()))
}

fn transfer(t: TransferRow) -> Transfer {
    Transfer {
        id: t.id.to_string(),
        debit_account: t.debit.to_string(),
        credit_account: t.credit.to_string(),
        amount: t.amount,
        currency: t.currency,
        kind: t.kind,
        commission_id: Some(t.cause.clone()).filter(|id| CommissionId::parse(id).is_ok()),
        cause: t.cause,
        at: show(t.at),
        place: t.place,
        hash: t.hash,
    }
}
