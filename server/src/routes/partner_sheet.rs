//! Partners as a file: written for spreadsheets, and read from one.

use super::find;
use super::partners::{PartnerQuery, ProgramQuery, is_partner_already, known_group};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::cell;
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::http::{Query, taken};
use crate::routes::listed;
use crate::store::{Group, PartnerFilter, Program, Tx};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use goodword_wire::{ErrorBody, ListedPartner, PartnerSheetOutput, RefusedRow};

/// The largest body taken.
pub const MAX_BODY: usize = 2 * 1024 * 1024;
/// How many rows a file that is read may have.
const MOST_ROWS: usize = 5_000;
/// How many partners are read at a time.
const AT_A_TIME: i64 = 500;

/// Partners as a file
///
/// CSV with the figures of each, by the same filters as the list.
#[utoipa::path(get, path = "/v1/partners/export", tag = "partners", params(PartnerQuery),
    responses((status = 200, description = "The file", content_type = "text/csv"), (status = "4XX", body = ErrorBody)))]
pub async fn export(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<PartnerQuery>,
) -> Result<Response, Error> {
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let broken = |e: csv::Error| Error::internal(e.to_string());
    sheet.write_record(HEADINGS).map_err(broken)?;
    let mut filter = query.filter()?.map(|filter| PartnerFilter { limit: AT_A_TIME, ..filter });
    while let Some(wanted) = filter.take() {
        let (vendor, public_url) = (caller.vendor.clone(), app.public_url.clone());
        let asked = wanted.clone();
        let (rows, last) = app
            .store
            .read(move |tx| {
                let rows = tx.enrollments(&vendor, &asked)?;
                let last = rows.last().map(|(enrollment, _)| enrollment.id.clone());
                Ok((listed::partners(tx, &public_url, &rows)?, last))
            })
            .await?;
        for row in &rows {
            sheet.write_record(cells(row)).map_err(broken)?;
        }
        if i64::try_from(rows.len()).unwrap_or_default() == AT_A_TIME {
            filter = Some(PartnerFilter { after: last, ..wanted });
        }
    }
    let text = sheet.into_inner().map_err(|e| Error::internal(e.to_string()))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"partners.csv\""),
    ];
    Ok((headers, text).into_response())
}

const HEADINGS: [&str; 14] = [
    "id",
    "name",
    "email",
    "status",
    "reason",
    "program_id",
    "group_id",
    "codes",
    "joined_at",
    "clicks",
    "leads",
    "sales",
    "sale_amount",
    "commissions",
];

fn cells(p: &ListedPartner) -> [String; 14] {
    let safe = |text: &str| cell::safe(text).into_owned();
    let p = &p.partner;
    let codes: Vec<&str> = p.links.iter().map(|link| link.code.as_str()).collect();
    [
        p.id.clone(),
        safe(&p.name),
        safe(&p.email),
        p.status.clone(),
        safe(&p.reason),
        p.program_id.clone(),
        p.group_id.clone(),
        codes.join(" "),
        p.created_at.clone(),
        p.total_clicks.to_string(),
        p.total_leads.to_string(),
        p.total_sales.to_string(),
        p.total_sale_amount.to_string(),
        p.total_commissions.to_string(),
    ]
}

/// What to do with a file.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// `true` to store nothing and be told what would happen.
    dry_run: Option<bool>,
}

/// A row that can be read.
struct Line {
    at: i64,
    name: String,
    email: String,
    code: Option<String>,
    group: Option<String>,
}

/// Add partners from a file
///
/// CSV with the columns `name` and `email`, and where wanted `code` and `group` (a group's name or id); at most 5,000 rows and
/// 2 MiB. They are approved at once. Whoever is a partner of the program already stays as he or she is, so the same file again
/// adds nobody twice. A wrong row refuses only itself.
#[utoipa::path(post, path = "/v1/partners/import", tag = "partners", params(SheetQuery, ProgramQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = PartnerSheetOutput), (status = "4XX", body = ErrorBody)))]
pub async fn import(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<SheetQuery>,
    Query(named): Query<ProgramQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PartnerSheetOutput>, Error> {
    let lines = read(&taken(body, MAX_BODY)?)?;
    let dry_run = query.dry_run.unwrap_or_default();
    let mut told = PartnerSheetOutput::default();
    for line in lines {
        let (vendor, program) = (caller.vendor.clone(), named.program_id.clone());
        let (world, real, place) = (app.world, app.world.now(), line.at);
        let done = app.store.write(move |tx| {
            let program = find::program(tx, &vendor, program.as_deref())?;
            find::open(&program)?;
            let at = find::now(tx, &vendor, real)?;
            let newcomer = newcomer(tx, &program, &line)?;
            let known = newcomer.known(tx, &program)?;
            if let Some(partner) = &known
                && tx.enrollment(&program.id, &partner.id)?.is_some()
            {
                return Err(is_partner_already(partner));
            }
            check_code(tx, &program, &newcomer)?;
            if dry_run {
                return Ok(());
            }
            let partner = match known {
                Some(partner) => partner,
                None => newcomer.become_partner(tx, world, &program, at)?,
            };
            enrolling::enroll(tx, world, &program, &partner, &newcomer, true, at).map(drop)
        });
        match done.await {
            Ok(()) => told.added += 1,
            Err(Error::Conflict(text)) if text.contains("is a partner of this program already") => {
                told.known += 1;
            }
            Err(refusal @ (Error::Invalid(_) | Error::Conflict(_))) => {
                told.refused.push(RefusedRow { line: place, message: refusal.to_string() });
            }
            Err(other) => return Err(other),
        }
    }
    Ok(Json(told))
}

fn newcomer(tx: &mut Tx<'_>, program: &Program, line: &Line) -> Result<Newcomer, Error> {
    let mut newcomer = Newcomer::parse(Some(&line.name), Some(&line.email), line.code.as_ref())?;
    newcomer.terms_version.clone_from(&program.terms_version);
    if let Some(wanted) = &line.group {
        let groups = tx.groups(&program.id)?;
        let by_name = |group: &&Group| group.name.eq_ignore_ascii_case(wanted) || group.id.as_str() == wanted;
        let group = groups.iter().find(by_name).map(|group| group.id.clone());
        let group = group
            .ok_or_else(|| Error::field("group", format!("{wanted} is not a group of this program.")))?;
        known_group(tx, program, &group)?;
        newcomer.group = Some(group);
    }
    Ok(newcomer)
}

fn check_code(tx: &mut Tx<'_>, program: &Program, newcomer: &Newcomer) -> Result<(), Error> {
    match &newcomer.code {
        Some(code) if tx.code_is_taken(&program.id, &code.folded())? => {
            Err(Error::field("code", format!("{} is taken in this program.", code.as_str())))
        }
        _ => Ok(()),
    }
}

/// On which line of the file a row stands, from 1: the reader's place is before the empty lines that it skips.
fn line_of(text: &str, position: &csv::Position) -> i64 {
    let start = usize::try_from(position.byte()).unwrap_or_default();
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
    i64::try_from(position.line()).unwrap_or_default() + i64::try_from(skipped.count()).unwrap_or_default()
}

/// The rows of a file, by the names of its columns.
fn read(body: &[u8]) -> Result<Vec<Line>, Error> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Error::BadRequest("The file is not UTF-8: save it as such.".into()))?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut sheet =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let broken = |e: csv::Error| Error::BadRequest(format!("The file is not CSV: {e}."));
    let headings = sheet.headers().map_err(broken)?.clone();
    let place = |name: &str| headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name));
    let (Some(name), Some(email)) = (place("name"), place("email")) else {
        return Err(Error::BadRequest("The first row must name the columns `name` and `email`.".into()));
    };
    let (code, group) = (place("code"), place("group"));
    let mut lines = Vec::new();
    for (index, record) in sheet.records().enumerate() {
        if index >= MOST_ROWS {
            return Err(Error::TooLarge(format!(
                "The file has more than {MOST_ROWS} rows: send it in parts."
            )));
        }
        let record = record.map_err(broken)?;
        let at = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
        let told = |place: Option<usize>| place.map(at).filter(|text| !text.is_empty());
        let line = record.position().map_or(0, |position| line_of(text, position));
        lines.push(Line { at: line, name: at(name), email: at(email), code: told(code), group: told(group) });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let file =
            "\u{feff}E-mail;Email;Name;Code\n-;maya@example.com;Maya; MAYA10 \n\n-;otto@example.com;Otto;\n";
        let lines = read(file.as_bytes()).unwrap();
        let told: Vec<_> = lines.iter().map(|l| (l.at, l.name.as_str(), l.code.as_deref())).collect();
        assert_eq!(told, [(2, "Maya", Some("MAYA10")), (4, "Otto", None)]);
        assert!(read(b"who,where\n").is_err() && read(&[0xff]).is_err());
    }
}
