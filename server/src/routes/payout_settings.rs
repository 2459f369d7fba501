//! How a vendor pays: who approves, what files say of the payer, and the files.

use super::{find, payouts};
use crate::app::Shared;
use crate::auth::{FinanceCaller, PayeeCaller};
use crate::error::Error;
use crate::http::{Body, Query};
use crate::invoicing;
use crate::paying::{self, Choice, File, Format, GiftCards, Issuer, Line, Payer};
use crate::store::{BatchRow, PayoutRow, Tx};
use crate::time::{parse_day, show_day};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use goodword_domain::id::{BatchId, VendorId};
use goodword_domain::payout::iban::{Bic, Iban};
use goodword_domain::payout::method::Kind;
use goodword_domain::payout::{Approval, BatchStatus, Status};
use goodword_domain::person::parse_name;
use goodword_wire::{ErrorBody, PayoutSettings};

/// How you pay
#[utoipa::path(get, path = "/v1/payouts/settings", tag = "payouts",
    responses((status = 200, body = PayoutSettings), (status = "4XX", body = ErrorBody)))]
pub async fn settings(State(app): State<Shared>, caller: PayeeCaller) -> Result<Json<PayoutSettings>, Error> {
    Ok(Json(app.store.read(move |tx| stored(tx, &caller.vendor)).await?))
}

/// Say how you pay
///
/// Replaces all that was said. That a second person approves can be ended by an owner in the console alone.
#[utoipa::path(put, path = "/v1/payouts/settings", tag = "payouts", request_body = PayoutSettings,
    responses((status = 200, body = PayoutSettings), (status = "4XX", body = ErrorBody)))]
pub async fn set_settings(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Body(input): Body<PayoutSettings>,
) -> Result<Json<PayoutSettings>, Error> {
    let checked = checked(input)?;
    let document = serde_json::to_string(&checked).map_err(|e| Error::internal(e.to_string()))?;
    let wanted = approval_of(&checked)?;
    let saved = app.store.write(move |tx| {
        let was = approval(tx, &caller.vendor)?;
        if (was, wanted) == (Approval::SecondPerson, Approval::Anybody) && !caller.is_owner {
            return Err(Error::Forbidden(
                "That a second person approves can be ended by an owner alone, in the console.".into(),
            ));
        }
        tx.set_payout_settings(&caller.vendor, &document)?;
        stored(tx, &caller.vendor)
    });
    Ok(Json(saved.await?))
}

/// Which file to write.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// `paypal`, `wise`, `sepa`, `tremendous`, `credit_note` or `plain`.
    format: Option<String>,
    /// Only for `sepa`: the day on which the bank is asked to pay, `2026-12-01`; from the day the batch was approved to a year
    /// after it. Default: that day.
    execution_date: Option<String>,
}

/// How far ahead of its approval a batch may be paid, days: beyond that it is a mistake of typing.
const LATEST_EXECUTION_DAYS: i64 = 365;

/// A batch as a file
///
/// A provider's file holds the batch's payouts of its method that are still to be paid; credit notes and the plain one hold what
/// was paid too. Only of approved batches, but for the plain one.
#[utoipa::path(get, path = "/v1/payouts/batches/{id}/file", tag = "payouts",
    params(("id" = String, Path, description = "`bat_…`"), FileQuery),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = "4XX", body = ErrorBody)))]
pub async fn file(
    State(app): State<Shared>,
    caller: PayeeCaller,
    Path(id): Path<String>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Error> {
    let id = BatchId::parse(&id)?;
    let word = find::required("format", query.format.as_ref())?.to_owned();
    let written = app.store.read(move |tx| {
        let batch = payouts::batch_of(tx, &caller.vendor, &id)?;
        let settings = stored(tx, &caller.vendor)?;
        let format = format(&word, &settings)?;
        check_status(&batch, &format)?;
        let rows = tx.payouts_of_batch(&batch.id)?;
        let program = find::program_by_id(tx, &caller.vendor, &batch.program)?.name;
        let vendor = find::vendor(tx, &caller.vendor)?.name;
        let execution_day = execution_day(&batch, &format, query.execution_date.as_deref())?;
        paying::write(&File { execution_day, ..file_of(&batch, format, program, vendor, rows) })
    });
    let written = written.await?;
    let disposition = format!("attachment; filename=\"{}\"", written.name);
    let headers = [
        (header::CONTENT_TYPE, written.media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, written.bytes).into_response())
}

fn file_of(batch: &BatchRow, format: Format, program: String, vendor: String, rows: Vec<PayoutRow>) -> File {
    let wanted = |row: &PayoutRow| match format.kind() {
        Kind::Manual => !row.payout.status.is_undone(),
        Kind::CreditNote => row.method.kind() == Kind::CreditNote && !row.payout.status.is_undone(),
        kind => row.method.kind() == kind && row.payout.status == Status::Processing,
    };
    let lines = rows.into_iter().filter(wanted).map(|row| line(row, &program)).collect();
    File {
        format,
        batch_id: batch.id.to_string(),
        program_name: program,
        vendor_name: vendor,
        currency: batch.currency,
        created_at: batch.created.at,
        execution_day: decided_day(batch),
        lines,
    }
}

fn decided_day(batch: &BatchRow) -> i64 {
    batch.decided.as_ref().map_or(batch.created.at, |deed| deed.at).day()
}

/// On which day a bank is asked to pay.
fn execution_day(batch: &BatchRow, format: &Format, told: Option<&str>) -> Result<i64, Error> {
    const FIELD: &str = "executionDate";
    let decided = decided_day(batch);
    let Some(told) = told else { return Ok(decided) };
    if format.kind() != Kind::Sepa {
        return Err(Error::field(FIELD, "is for `sepa` alone: other providers pay when they are told to."));
    }
    let day = parse_day(FIELD, told)?;
    let days = decided..=decided + LATEST_EXECUTION_DAYS;
    if days.contains(&day) {
        return Ok(day);
    }
    let (first, last) = (show_day(*days.start()), show_day(*days.end()));
    Err(Error::field(FIELD, format!("must be from {first}, when the batch was approved, to {last}.")))
}

fn line(row: PayoutRow, program: &str) -> Line {
    let (from, to) = (show_day(row.period.0.day()), show_day(row.period.1.day()));
    let period = if from == to { from } else { format!("{from} to {to}") };
    Line {
        id: row.payout.id.to_string(),
        partner_id: row.payout.partner.to_string(),
        partner_name: row.partner_name,
        email: row.partner_email,
        method: row.method,
        amount: row.payout.amount,
        note: format!("{program} {period}"),
    }
}

fn check_status(batch: &BatchRow, format: &Format) -> Result<(), Error> {
    if batch.status == BatchStatus::Approved || format.kind() == Kind::Manual {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "The batch is {}: only an approved one becomes a file that money is paid by; `plain` shows what is in it.",
        batch.status.word()
    )))
}

fn format(word: &str, settings: &PayoutSettings) -> Result<Format, Error> {
    Ok(match word {
        "paypal" => Format::PayPal,
        "wise" => Format::Wise,
        "plain" => Format::Plain,
        "sepa" => Format::Sepa(sepa_payer(settings)?.ok_or_else(|| unsaid("sepa"))?),
        "tremendous" => Format::Tremendous(gift_cards(settings)?.ok_or_else(|| unsaid("tremendous"))?),
        "credit_note" => Format::CreditNote(issuer(settings)?),
        _ => {
            let remedy = "must be `paypal`, `wise`, `sepa`, `tremendous`, `credit_note` or `plain`.";
            return Err(Error::field("format", remedy));
        }
    })
}

fn unsaid(field: &str) -> Error {
    Error::Conflict(format!("Say first what is paid from: `{field}` in PUT /v1/payouts/settings."))
}

fn sepa_payer(settings: &PayoutSettings) -> Result<Option<Payer>, Error> {
    let Some(told) = &settings.sepa else { return Ok(None) };
    let iban = Iban::parse("sepa.iban", &told.iban)?;
    if !iban.in_sepa() {
        return Err(Error::field("sepa.iban", "must be an account in the SEPA area."));
    }
    let bic = told.bic.as_deref().map(|bic| Bic::parse("sepa.bic", bic)).transpose()?;
    Ok(Some(Payer { name: parse_name("sepa.name", &told.name)?, iban, bic }))
}

fn gift_cards(settings: &PayoutSettings) -> Result<Option<GiftCards>, Error> {
    let Some(told) = &settings.tremendous else { return Ok(None) };
    let funding_source = find::text("tremendous.fundingSource", told.funding_source.as_ref(), 100)?;
    let choice = match (&told.campaign_id, &told.products) {
        (Some(id), None) if !id.trim().is_empty() => Choice::Campaign(id.trim().to_owned()),
        (None, Some(ids)) if !ids.is_empty() => Choice::Products(ids.clone()),
        _ => {
            let remedy = "must name a campaign or products, one of the two.";
            return Err(Error::field("tremendous.campaignId", remedy));
        }
    };
    Ok(Some(GiftCards { funding_source: funding_source.unwrap_or_else(|| "balance".into()), choice }))
}

fn issuer(settings: &PayoutSettings) -> Result<Issuer, Error> {
    let told = settings.credit_note.clone().unwrap_or_default();
    let address = find::text("creditNote.address", Some(&told.address), 300)?.unwrap_or_default();
    Ok(Issuer { address, tax_id: find::text("creditNote.taxId", told.tax_id.as_ref(), 40)? })
}

fn checked(input: PayoutSettings) -> Result<PayoutSettings, Error> {
    let approval = approval_of(&input)?;
    sepa_payer(&input)?;
    gift_cards(&input)?;
    issuer(&input)?;
    invoicing::wanted(&input)?;
    Ok(PayoutSettings { approval: Some(approval.word().into()), ..input })
}

fn approval_of(settings: &PayoutSettings) -> Result<Approval, Error> {
    Ok(settings.approval.as_deref().map_or(Ok(Approval::Anybody), Approval::parse)?)
}

/// How a vendor pays, as it was said last.
pub fn stored(tx: &mut Tx<'_>, vendor: &VendorId) -> Result<PayoutSettings, Error> {
    let Some(document) = tx.payout_settings(vendor)? else {
        let approval = Some(Approval::Anybody.word().into());
        return Ok(PayoutSettings { approval, ..PayoutSettings::default() });
    };
    serde_json::from_str(&document).map_err(|e| Error::internal(format!("payout settings are broken: {e}")))
}

/// Who may approve a vendor's batches.
pub fn approval(tx: &mut Tx<'_>, vendor: &VendorId) -> Result<Approval, Error> {
    let settings = stored(tx, vendor)?;
    approval_of(&settings)
}
