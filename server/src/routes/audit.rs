//! The audit log: who changed what.

use crate::app::Shared;
use crate::auth::AuditCaller;
use crate::cell;
use crate::error::Error;
use crate::http::{Paging, Query};
use crate::store::{AuditFilter, AuditLine};
use crate::time::{parse, show};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use goodword_domain::id::AuditId;
use goodword_wire::{AuditEntry, ErrorBody};

/// How many lines a file holds at the most.
const MOST: i64 = 50_000;

/// Which lines are wanted.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// `live` or `test`. Default: both.
    mode: Option<String>,
    /// Only by this person or key: `usr_…` or `key_…`.
    actor_id: Option<String>,
    /// Only what begins so: `partner`, or `partner.banned`.
    action: Option<String>,
    /// Only what was done to this.
    subject_id: Option<String>,
    /// From this instant on.
    from: Option<String>,
    /// Before this instant.
    to: Option<String>,
}

impl AuditQuery {
    fn filter(self) -> Result<AuditFilter, Error> {
        let test = match self.mode.as_deref() {
            None | Some("") => None,
            Some("live") => Some(false),
            Some("test") => Some(true),
            Some(_) => return Err(Error::field("mode", "must be `live` or `test`.")),
        };
        let told = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let at = |field: &'static str, text: Option<String>| told(text).map(|t| parse(field, &t)).transpose();
        Ok(AuditFilter {
            test,
            actor: told(self.actor_id),
            action: told(self.action),
            subject: told(self.subject_id),
            from: at("from", self.from)?,
            to: at("to", self.to)?,
            ..AuditFilter::default()
        })
    }
}

/// Who changed what, the latest first
///
/// For owners, managers and people of finance in the console. Holds no secrets, no account numbers and nothing personal of
/// customers.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditQuery, Paging),
    responses((status = 200, body = Vec<AuditEntry>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: AuditCaller,
    Query(query): Query<AuditQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<AuditEntry>>, Error> {
    let filter =
        AuditFilter { after: paging.after(AuditId::parse)?, limit: paging.limit()?, ..query.filter()? };
    let rows = app.store.read(move |tx| Ok(tx.audit_lines(&caller.live, &filter)?)).await?;
    Ok(Json(rows.into_iter().map(told).collect()))
}

fn told(e: AuditLine) -> AuditEntry {
    let state = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    AuditEntry {
        id: e.id.to_string(),
        at: show(e.at),
        mode: if e.test { "test" } else { "live" }.to_owned(),
        actor_kind: if e.actor.is_person { "person" } else { "key" }.to_owned(),
        actor_id: e.actor.id,
        actor: e.actor.name,
        action: e.action,
        subject_kind: e.subject_kind,
        subject_id: e.subject_id,
        before: state(e.before),
        after: state(e.after),
    }
}

/// The same as a file
///
/// CSV with at most 50,000 lines.
#[utoipa::path(get, path = "/v1/audit/export", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "The file", content_type = "text/csv"), (status = "4XX", body = ErrorBody)))]
pub async fn export(
    State(app): State<Shared>,
    caller: AuditCaller,
    Query(query): Query<AuditQuery>,
) -> Result<Response, Error> {
    let filter = AuditFilter { limit: MOST, ..query.filter()? };
    let rows = app.store.read(move |tx| Ok(tx.audit_lines(&caller.live, &filter)?)).await?;
    let text = sheet(&rows).map_err(|e| Error::internal(e.to_string()))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, text).into_response())
}

fn sheet(rows: &[AuditLine]) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    sheet.write_record([
        "at",
        "mode",
        "actor_kind",
        "actor_id",
        "actor",
        "action",
        "subject_kind",
        "subject_id",
        "before",
        "after",
    ])?;
    for e in rows {
        let (at, mode) = (show(e.at), if e.test { "test" } else { "live" });
        let kind = if e.actor.is_person { "person" } else { "key" };
        let name = cell::safe(&e.actor.name);
        let before = e.before.as_deref().unwrap_or_default();
        let after = e.after.as_deref().unwrap_or_default();
        let row =
            [&at, mode, kind, &e.actor.id, &name, &e.action, &e.subject_kind, &e.subject_id, before, after];
        sheet.write_record(row)?;
    }
    sheet.flush()?;
    sheet.into_inner().map_err(|e| e.into_error().into())
}
