//! Cohorts, the time until somebody buys, and the ways people went.

use super::analytics::Scope;
use super::narrow::{CameFrom, Narrow};
use super::sheet::{self, Format};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Query;
use crate::journeys::{self, Asked, By, Of};
use crate::span::Span;
use crate::store::{CohortRow, DELAYS, Journeying, Tx};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use goodword_domain::id::VendorId;
use goodword_domain::time::Instant;
use goodword_wire::{Cohort, CohortFigures, ConversionTime, ErrorBody, PathTaken, Paths};

/// Leads and sales of a range by the calendar month in which the person's first touchpoint was
///
/// The oldest month first. Who came without any touchpoint belongs to none.
#[utoipa::path(get, path = "/v1/analytics/cohorts", tag = "analytics", params(Narrow, CameFrom, Span, Format),
    responses((status = 200, body = Vec<Cohort>), (status = "4XX", body = ErrorBody)))]
pub async fn cohorts(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(narrow): Query<Narrow>,
    Query(came): Query<CameFrom>,
    Query(span): Query<Span>,
    Query(format): Query<Format>,
) -> Result<Response, Error> {
    let (as_csv, real) = (format.is_csv()?, app.world.now());
    let rows = app.store.read(move |tx| {
        let scope = Scope::read(tx, &caller.vendor, (&narrow, &came), &span, real)?;
        Ok(tx.cohorts(scope.program.number, &scope.narrowed, &scope.range)?)
    });
    let rows = rows.await?;
    if !as_csv {
        return Ok(Json(in_months(&rows)).into_response());
    }
    let columns = ["month", "monthsLater", "leads", "sales", "saleAmount"];
    let cells = |row: &CohortRow| {
        let [later, leads, sales, amount] =
            [row.later, row.leads, row.sales, row.amount].map(|n| n.to_string());
        [month_text(row.cohort), later, leads, sales, amount]
    };
    sheet::file("cohorts", columns, rows.iter().map(cells))
}

fn in_months(rows: &[CohortRow]) -> Vec<Cohort> {
    let mut cohorts: Vec<Cohort> = Vec::new();
    for row in rows {
        let month = month_text(row.cohort);
        if cohorts.last().is_none_or(|cohort| cohort.month != month) {
            cohorts.push(Cohort { month, total: CohortFigures::default(), months: Vec::new() });
        }
        let Some(cohort) = cohorts.last_mut() else { continue };
        let (figures, later) = (
            CohortFigures { leads: row.leads, sales: row.sales, sale_amount: row.amount },
            usize::try_from(row.later).unwrap_or(0),
        );
        cohort.months.resize(cohort.months.len().max(later + 1), CohortFigures::default());
        for sum in [&mut cohort.total, &mut cohort.months[later]] {
            sum.leads += figures.leads;
            sum.sales += figures.sales;
            sum.sale_amount += figures.sale_amount;
        }
    }
    cohorts
}

/// `2026-08`, from a month counted from the year 0.
fn month_text(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Leads and sales of a range by the time since the person's first touchpoint
///
/// The shortest first; spans without anything are told as well.
#[utoipa::path(get, path = "/v1/analytics/conversion-times", tag = "analytics", params(Narrow, CameFrom, Span, Format),
    responses((status = 200, body = Vec<ConversionTime>), (status = "4XX", body = ErrorBody)))]
pub async fn conversion_times(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(narrow): Query<Narrow>,
    Query(came): Query<CameFrom>,
    Query(span): Query<Span>,
    Query(format): Query<Format>,
) -> Result<Response, Error> {
    let (as_csv, real) = (format.is_csv()?, app.world.now());
    let times = app.store.read(move |tx| {
        let scope = Scope::read(tx, &caller.vendor, (&narrow, &came), &span, real)?;
        let mut times = spans();
        for row in tx.delays(scope.program.number, &scope.narrowed, &scope.range)? {
            if let Some(time) = usize::try_from(row.span).ok().and_then(|place| times.get_mut(place)) {
                (time.leads, time.sales, time.sale_amount) = (row.leads, row.sales, row.amount);
            }
        }
        Ok(times)
    });
    let times = times.await?;
    if !as_csv {
        return Ok(Json(times).into_response());
    }
    let columns = ["fromMs", "toMs", "leads", "sales", "saleAmount"];
    let cells = |time: &ConversionTime| {
        let [from, leads, sales, amount] =
            [time.from_ms, time.leads, time.sales, time.sale_amount].map(|n| n.to_string());
        [from, time.to_ms.map_or_else(String::new, |ms| ms.to_string()), leads, sales, amount]
    };
    sheet::file("conversion-times", columns, times.iter().map(cells))
}

fn spans() -> Vec<ConversionTime> {
    let span = |from_ms, to_ms| ConversionTime { from_ms, to_ms, leads: 0, sales: 0, sale_amount: 0 };
    let begins = std::iter::once(0).chain(DELAYS);
    begins.zip(DELAYS.map(Some).into_iter().chain([None])).map(|(from, to)| span(from, to)).collect()
}

/// Which ways.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PathsQuery {
    /// The program. Default: the vendor's default program.
    program_id: Option<String>,
    /// What the steps are: `partner` (the default), `channel`, `link` or `site`.
    by: Option<String>,
    /// What the ways led to: `sales` (the default) or `leads`.
    of: Option<String>,
    /// How many at the most, 1 to 1,000. Default 50.
    limit: Option<i64>,
}

/// The ways people went before they bought or signed up, with how many went each
///
/// Of every touchpoint that could have counted, whatever the model. The most frequent first.
#[utoipa::path(get, path = "/v1/analytics/paths", tag = "analytics", params(PathsQuery, Span, Format),
    responses((status = 200, body = Paths), (status = "4XX", body = ErrorBody)))]
pub async fn paths(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<PathsQuery>,
    Query(span): Query<Span>,
    Query(format): Query<Format>,
) -> Result<Response, Error> {
    let (as_csv, by, of) =
        (format.is_csv()?, By::parse(query.by.as_deref())?, Of::parse(query.of.as_deref())?);
    let limit = usize::try_from(query.limit.unwrap_or(50)).ok().filter(|n| (1..=1000).contains(n));
    let limit = limit.ok_or_else(|| Error::field("limit", "must be 1 to 1,000."))?;
    let real = app.world.now();
    let program = Narrow { program_id: query.program_id.clone(), ..Narrow::default() };
    let taken = app.store.read(move |tx| taken(tx, &caller.vendor, (&program, &span, real), (by, of)));
    let mut taken = taken.await?;
    taken.paths.truncate(limit);
    if !as_csv {
        return Ok(Json(taken).into_response());
    }
    let cells = |path: &PathTaken| {
        [path.steps.join(" > "), path.conversions.to_string(), path.value.to_string(), taken.currency.clone()]
    };
    sheet::file("paths", ["path", "conversions", "value", "currency"], taken.paths.iter().map(cells))
}

fn taken(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    (narrow, span, real): (&Narrow, &Span, Instant),
    (by, of): (By, Of),
) -> Result<Paths, Error> {
    let scope = Scope::read(tx, vendor, (narrow, &CameFrom::default()), span, real)?;
    let about = Journeying {
        program: scope.program.id.clone(),
        number: scope.program.number,
        from: scope.range.start,
        to: scope.range.end.unwrap_or(Instant(i64::MAX)),
    };
    let collected = journeys::collect(tx, &Asked { of, about, lost: false, named: false })?;
    let paths = collected.paths(by);
    Ok(Paths {
        by: by.word().into(),
        of: collected.told.of.clone(),
        currency: scope.program.terms.currency.wire(),
        different: i64::try_from(paths.len()).unwrap_or(i64::MAX),
        paths,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_told_as_people_write_them() {
        assert_eq!([month_text(2026 * 12), month_text(2026 * 12 + 11)], ["2026-01", "2026-12"]);
    }

    #[test]
    fn months_without_anything_are_told_between_others() {
        let row = |cohort, later, sales| CohortRow { cohort, later, leads: 1, sales, amount: 100 * sales };
        let cohorts = in_months(&[row(24_312, 0, 2), row(24_312, 2, 3), row(24_313, 1, 1)]);
        assert_eq!(cohorts.iter().map(|c| c.month.as_str()).collect::<Vec<_>>(), ["2026-01", "2026-02"]);
        assert_eq!(cohorts[0].total, CohortFigures { leads: 2, sales: 5, sale_amount: 500 });
        let sales: Vec<i64> = cohorts[0].months.iter().map(|month| month.sales).collect();
        assert_eq!((sales, cohorts[1].months.len()), (vec![2, 0, 3], 2));
    }

    #[test]
    fn spans_follow_one_another() {
        let spans = spans();
        assert!(spans.windows(2).all(|pair| pair[0].to_ms == Some(pair[1].from_ms)));
        assert_eq!((spans[0].from_ms, spans.last().and_then(|span| span.to_ms)), (0, None));
    }
}
