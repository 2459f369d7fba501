//! Everything about a range on one page, compared with another range.

use super::analytics::{Scope, day};
use super::narrow::{CameFrom, Narrow};
use super::sheet::{self, Format};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Query;
use crate::span::Span;
use crate::store::{Figures, Narrowed, Range, Tx, means_number};
use crate::time::show;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use goodword_domain::attribution::Kind;
use goodword_domain::time::{DAY_MS, Instant, civil, days_from_civil};
use goodword_wire::{Day, ErrorBody, Overview, OverviewFigures, OverviewRange};

/// With what a range is compared.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Compared {
    /// `previous` for the range of the same length just before, `year` for the same range a year earlier.
    compare: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Compare {
    Previous,
    Year,
}

impl Compared {
    fn read(&self) -> Result<Option<Compare>, Error> {
        match self.compare.as_deref() {
            None | Some("" | "none") => Ok(None),
            Some("previous") => Ok(Some(Compare::Previous)),
            Some("year") => Ok(Some(Compare::Year)),
            Some(_) => Err(Error::field("compare", "must be `previous`, `year` or `none`.")),
        }
    }
}

impl Compare {
    /// The range to compare `[start, end)` with.
    fn with(self, start: Instant, end: Instant) -> (Instant, Instant) {
        match self {
            Self::Previous => (Instant(start.0.saturating_sub(end.0.saturating_sub(start.0))), start),
            Self::Year => (a_year_before(start), a_year_before(end)),
        }
    }
}

/// The same time of the same day a year before; of 29 February that of 28 February.
fn a_year_before(at: Instant) -> Instant {
    let (year, month, day) = civil(at.day());
    let day = if (month, day) == (2, 29) { 28 } else { day };
    Instant(days_from_civil(year - 1, month, day).saturating_mul(DAY_MS) + at.0.rem_euclid(DAY_MS))
}

/// The figures of a range, in all and by UTC day, beside those of another
///
/// By default of 30 days. Filters combine: all must hold. A part of a program is answered from what is kept by day as long as
/// one filter is given; with several the events of the range are counted anew, which takes longer the more clicks there are.
#[utoipa::path(get, path = "/v1/analytics/overview", tag = "analytics", params(Narrow, CameFrom, Span, Compared, Format),
    responses((status = 200, body = Overview), (status = "4XX", body = ErrorBody)))]
pub async fn overview(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(narrow): Query<Narrow>,
    Query(came): Query<CameFrom>,
    Query(span): Query<Span>,
    Query(compared): Query<Compared>,
    Query(format): Query<Format>,
) -> Result<Response, Error> {
    let (compare, as_csv, real) = (compared.read()?, format.is_csv()?, app.world.now());
    let overview = app.store.read(move |tx| {
        let Scope { program, narrowed, now, range } =
            Scope::read(tx, &caller.vendor, (&narrow, &came), &span, real)?;
        let end = range.end.unwrap_or(now);
        // What was reported a little ahead of our clock counts as well.
        let shown = (range.start, end);
        let before = match compare {
            Some(compare) if range.start > Instant(0) => {
                let (start, end) = compare.with(range.start, end);
                let range = Range { start, end: Some(end) };
                Some(of_range(tx, program.number, &narrowed, &range, (start, end))?)
            }
            _ => None,
        };
        Ok(Overview {
            currency: program.terms.currency.wire(),
            as_of: show(now),
            range: of_range(tx, program.number, &narrowed, &range, shown)?,
            before,
        })
    });
    let overview = overview.await?;
    if as_csv { csv(&overview) } else { Ok(Json(overview).into_response()) }
}

fn of_range(
    tx: &mut Tx<'_>,
    program: i64,
    narrowed: &Narrowed,
    range: &Range,
    (start, end): (Instant, Instant),
) -> Result<OverviewRange, Error> {
    let rows = tx.figures_by_day(program, narrowed, range)?;
    let mut sum = Figures::default();
    for (_, figures) in &rows {
        sum += *figures;
    }
    let (mut partners, mut codes, mut links) = (Figures::default(), 0, 0);
    for (means, figures) in tx.sales_by_means(program, narrowed, range)? {
        match means {
            0 => continue,
            code if code == means_number(Kind::Code) => codes += figures.sales,
            click if click == means_number(Kind::Click) => links += figures.sales,
            _ => {}
        }
        partners += figures;
    }
    let whole = narrowed.is_all();
    let some = rows.iter().filter(|(_, figures)| *figures != Figures::default());
    Ok(OverviewRange {
        start: show(start),
        end: show(end),
        figures: OverviewFigures {
            clicks: sum.clicks,
            visitors: whole.then_some(sum.visitors),
            leads: sum.leads,
            sales: sum.sales,
            sale_amount: sum.amount,
            refunded_amount: sum.gone,
            partner_sales: partners.sales,
            partner_sale_amount: partners.amount,
            code_sales: codes,
            link_sales: links,
            pending: sum.pending,
            processed: sum.processed,
            paid: sum.paid,
        },
        days: some.map(|(number, figures)| day(*number, figures, whole)).collect(),
    })
}

/// The days and their sum, in minor units.
fn csv(overview: &Overview) -> Result<Response, Error> {
    let columns = ["date", "clicks", "visitors", "leads", "sales", "saleAmount", "earnings", "currency"];
    let currency = &overview.currency;
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let row = |day: &Day| {
        let counts = [day.leads, day.sales, day.sale_amount, day.earnings].map(|n| n.to_string());
        let [leads, sales, amount, earnings] = counts;
        let (clicks, visitors) = (day.clicks.to_string(), number(day.visitors));
        [day.date.clone(), clicks, visitors, leads, sales, amount, earnings, currency.clone()]
    };
    let f = &overview.range.figures;
    let total = Day {
        date: "total".into(),
        clicks: f.clicks,
        visitors: f.visitors,
        leads: f.leads,
        sales: f.sales,
        sale_amount: f.sale_amount,
        earnings: f.pending + f.processed + f.paid,
    };
    sheet::file("overview", columns, overview.range.days.iter().chain([&total]).map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        crate::time::parse("at", text).unwrap()
    }

    #[test]
    fn the_previous_range_is_as_long_and_ends_where_this_one_begins() {
        let range = Compare::Previous.with(at("2026-03-01T00:00:00Z"), at("2026-03-08T12:00:00Z"));
        assert_eq!(range, (at("2026-02-21T12:00:00Z"), at("2026-03-01T00:00:00Z")));
    }

    #[test]
    fn a_year_before_a_leap_day_is_the_day_before_march() {
        let range = Compare::Year.with(at("2028-02-29T10:00:00Z"), at("2028-03-01T00:00:00Z"));
        assert_eq!(range, (at("2027-02-28T10:00:00Z"), at("2027-03-01T00:00:00Z")));
    }
}
