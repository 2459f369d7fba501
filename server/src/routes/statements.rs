//! Partners' statements, for the vendor and for the partner.

use super::find;
use super::partners::enrolled;
use crate::app::Shared;
use crate::auth::{PartnerCaller, VendorCaller};
use crate::error::Error;
use crate::http::Query;
use crate::routes::words::Words;
use crate::statement::{self, Month};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use goodword_domain::Invalid;
use goodword_domain::language::Language;
use goodword_wire::{ErrorBody, Statement};

/// Which statement, and how.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    /// The program. Default: the vendor's default program; a partner's own statement is of the token's program.
    program_id: Option<String>,
    /// As in `2026-11`; it begins and ends at midnight UTC.
    month: Option<String>,
    /// `json` (default), `csv`, or `html` to print.
    format: Option<String>,
}

/// How a statement is given.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Json,
    Csv,
    Html,
}

impl StatementQuery {
    fn month(&self) -> Result<Month, Error> {
        let text = self.month.as_deref();
        let text = text.ok_or_else(|| Error::field("month", "is needed: send a month such as `2026-11`."))?;
        Ok(Month::parse(text)?)
    }

    fn shape(&self) -> Result<Shape, Invalid> {
        match self.format.as_deref() {
            None | Some("json") => Ok(Shape::Json),
            Some("csv") => Ok(Shape::Csv),
            Some("html") => Ok(Shape::Html),
            Some(_) => Err(Invalid::new("format", "must be `json`, `csv` or `html`.")),
        }
    }
}

/// A partner's statement of a month
///
/// What the accounts held when it began, everything that moved with the balances after it, and what they hold when it ends,
/// which is what they hold when the next begins.
#[utoipa::path(get, path = "/v1/partners/{id}/statements", tag = "partners",
    params(("id" = String, Path, description = "`ptn_…`"), StatementQuery),
    responses((status = 200, body = Statement), (status = "4XX", body = ErrorBody)))]
pub async fn of_partner(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<StatementQuery>,
) -> Result<Response, Error> {
    let (month, shape) = (query.month()?, query.shape()?);
    let told = app.store.read(move |tx| {
        let (enrollment, partner) = enrolled(tx, &caller.vendor, Some(&id), query.program_id.as_deref())?;
        let program = find::program_by_id(tx, &caller.vendor, &enrollment.program)?;
        let vendor = find::vendor(tx, &caller.vendor)?.name;
        Ok((vendor, statement::of_month(tx, &program, &partner.id, month)?))
    });
    let (vendor, statement) = told.await?;
    given(Words::of(Language::En), shape, &vendor, statement)
}

/// The partner's own statement of a month
///
/// Once the e-mail address is proven, as with everything about money.
#[utoipa::path(get, path = "/v1/embed/statement", tag = "embed", params(StatementQuery),
    responses((status = 200, body = Statement), (status = "4XX", body = ErrorBody)))]
pub async fn own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Query(query): Query<StatementQuery>,
) -> Result<Response, Error> {
    let (month, shape) = (query.month()?, query.shape()?);
    let told = app.store.read(move |tx| {
        let gone = || Error::Unauthorized("This partner is not in the program any more: join again.".into());
        let program = tx.program(&token.vendor, &token.program)?.ok_or_else(gone)?;
        let partner = tx.partner(&token.vendor, &token.partner)?.ok_or_else(gone)?;
        tx.enrollment(&program.id, &partner.id)?.ok_or_else(gone)?;
        if partner.proven_at.is_none() {
            return Err(Error::Forbidden(
                "Statements are shown once your e-mail address is proven: follow the link in the mail you got.".into(),
            ));
        }
        let vendor = find::vendor(tx, &token.vendor)?.name;
        Ok((vendor, statement::of_month(tx, &program, &partner.id, month)?))
    });
    let (vendor, statement) = told.await?;
    given(Words::of(Language::En), shape, &vendor, statement)
}

/// A statement in a shape; as a page in the words of a language.
pub fn given(w: &'static Words, shape: Shape, vendor: &str, statement: Statement) -> Result<Response, Error> {
    let private = [(header::CACHE_CONTROL, "private, no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    match shape {
        Shape::Json => Ok((private, Json(statement)).into_response()),
        Shape::Html => {
            let page = statement::html(w, vendor, &statement)?;
            let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
            Ok((private, [kind, (header::CONTENT_SECURITY_POLICY, policy)], page).into_response())
        }
        Shape::Csv => {
            let name = format!(
                "attachment; filename=\"statement-{}-{}.csv\"",
                statement.partner.id, statement.month
            );
            let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
            let headers = [kind, (header::CONTENT_DISPOSITION, name)];
            Ok((private, headers, statement::csv(&statement)?).into_response())
        }
    }
}
