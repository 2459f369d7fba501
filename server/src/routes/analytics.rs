//! Figures, read from the tallies, and for the parts of days a range cuts from the facts.

use super::figures::{self, FigureQuery, Question};
use super::narrow::{CameFrom, Narrow};
use super::sheet::{self, Format};
use super::{find, programs};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Query, country_letters};
use crate::span::Span;
use crate::store::{Dimension, Figures, Narrowed, Program, Range, Tx, device_word, means_word};
use crate::time::{show, show_day};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire::{Analytics, AnalyticsAnswer, BreakdownItem, Day, ErrorBody, Totals};
use std::collections::HashMap;

/// Which figures.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AnalyticsQuery {
    /// The program. Default: the vendor's default program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
}

/// Clicks, sign-ups, sales and commissions of a range of time
///
/// Without `groupBy`: an overview, in total and by UTC day, by default of 30 days. With it: what public SDKs ask for, by default
/// of 24 hours. A UTC day that start or end cuts counts in part, to the millisecond; one whose clicks were deleted (see a
/// program's `clickRetentionDays`) counts whole.
#[utoipa::path(get, path = "/v1/analytics", tag = "analytics", params(AnalyticsQuery, Span, FigureQuery),
    responses((status = 200, body = AnalyticsAnswer), (status = "4XX", body = ErrorBody)))]
pub async fn analytics(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<AnalyticsQuery>,
    Query(span): Query<Span>,
    Query(figures): Query<FigureQuery>,
    RawQuery(raw): RawQuery,
) -> Result<Json<AnalyticsAnswer>, Error> {
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let real = app.world.now();
    if figures.group_by.is_some() {
        figures::refuse_unknown_filters(raw.as_deref(), &[])?;
        let question = Question::parse(&app.public_url, figures, span, (query.program_id, partner))?;
        return Ok(Json(app.store.read(move |tx| question.answer(tx, &caller.vendor, real)).await?));
    }
    let analytics = app.store.read(move |tx| {
        let narrow = Narrow {
            program_id: query.program_id.clone(),
            partner_id: query.partner_id.clone(),
            ..Narrow::default()
        };
        let asked = (&narrow, &CameFrom::default());
        let Scope { program, narrowed, now, range } = Scope::read(tx, &caller.vendor, asked, &span, real)?;
        let rows = tx.figures_by_day(program.number, &narrowed, &range)?;
        let whole = narrowed.is_all();
        let mut sum = Figures::default();
        for (_, figures) in &rows {
            sum += *figures;
        }
        Ok(Analytics {
            currency: program.terms.currency.wire(),
            as_of: show(now),
            totals: totals(&sum, whole),
            days: rows
                .iter()
                .filter(|(_, f)| *f != Figures::default())
                .map(|(d, f)| day(*d, f, whole))
                .collect(),
        })
    });
    Ok(Json(AnalyticsAnswer::Overview(Box::new(analytics.await?))))
}

/// What is asked about.
pub struct Scope {
    pub program: Program,
    pub narrowed: Narrowed,
    /// What the vendor's clock shows.
    pub now: Instant,
    pub range: Range,
}

impl Scope {
    /// By default of the 30 days up to today.
    pub fn read(
        tx: &mut Tx<'_>,
        vendor: &VendorId,
        (narrow, came): (&Narrow, &CameFrom),
        span: &Span,
        real: Instant,
    ) -> Result<Self, Error> {
        let now = find::now(tx, vendor, real)?;
        let (program, narrowed) = narrow.read(tx, vendor, came)?;
        let (start, end) = span.range(now)?;
        let month_before = || Instant((end.unwrap_or(now).day() - 30).saturating_mul(DAY_MS));
        let from_the_first = || Instant(0);
        let all = span.interval.is_some();
        let start = start.unwrap_or_else(|| if all { from_the_first() } else { month_before() });
        Ok(Self { program, narrowed, now, range: Range { start, end } })
    }
}

/// The program whose figures are meant.
pub fn scope_of(tx: &mut Tx<'_>, vendor: &VendorId, program: Option<&String>) -> Result<Program, Error> {
    programs::named(tx, vendor, program)
}

fn totals(f: &Figures, whole: bool) -> Totals {
    Totals {
        clicks: f.clicks,
        visitors: whole.then_some(f.visitors),
        leads: f.leads,
        sales: f.sales,
        sale_amount: f.amount,
        pending: f.pending,
        processed: f.processed,
        paid: f.paid,
    }
}

/// A day as it is told; visitors are counted of the whole program alone.
pub fn day(day: i64, f: &Figures, whole: bool) -> Day {
    Day {
        date: show_day(day),
        clicks: f.clicks,
        visitors: whole.then_some(f.visitors),
        leads: f.leads,
        sales: f.sales,
        sale_amount: f.amount,
        earnings: f.earnings(),
    }
}

/// What to break figures down by.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct BreakdownQuery {
    /// `partners`, `links`, `sites`, `pages`, `countries`, `devices`, `touchpoints` or `hours`.
    by: String,
    /// `clicks` (the default), `leads`, `sales`, `saleAmount` or `earnings`: the item with the most comes first.
    sort: Option<String>,
    /// How many items at the most, 1 to 1,000. Default 50.
    limit: Option<i64>,
}

/// By what items are sorted.
#[derive(Clone, Copy)]
enum Sort {
    Clicks,
    Leads,
    Sales,
    Amount,
    Earnings,
}

impl Sort {
    fn parse(word: Option<&str>) -> Result<Self, Error> {
        match word {
            None | Some("clicks") => Ok(Self::Clicks),
            Some("leads") => Ok(Self::Leads),
            Some("sales") => Ok(Self::Sales),
            Some("saleAmount") => Ok(Self::Amount),
            Some("earnings") => Ok(Self::Earnings),
            Some(_) => {
                let remedy = "must be `clicks`, `leads`, `sales`, `saleAmount` or `earnings`.";
                Err(Error::field("sort", remedy))
            }
        }
    }

    fn of(self, item: &BreakdownItem) -> i64 {
        match self {
            Self::Clicks => item.clicks,
            Self::Leads => item.leads,
            Self::Sales => item.sales,
            Self::Amount => item.sale_amount,
            Self::Earnings => item.earnings,
        }
    }
}

/// Figures of a range of time by partner, link, referring site, landing page, country, device, kind of touchpoint or hour
///
/// The item with the most clicks first, unless `sort` says otherwise. Leads, sales and commissions count under what the touchpoint
/// that leads came from. Countries are known where a proxy of the operator's tells them.
#[utoipa::path(get, path = "/v1/analytics/breakdown", tag = "analytics", params(Narrow, CameFrom, Span, BreakdownQuery, Format),
    responses((status = 200, body = Vec<BreakdownItem>), (status = "4XX", body = ErrorBody)))]
pub async fn breakdown(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(narrow): Query<Narrow>,
    Query(came): Query<CameFrom>,
    Query(span): Query<Span>,
    Query(wanted): Query<BreakdownQuery>,
    Query(format): Query<Format>,
) -> Result<Response, Error> {
    let (by, sort, as_csv) = (By::parse(&wanted.by)?, Sort::parse(wanted.sort.as_deref())?, format.is_csv()?);
    let limit = usize::try_from(wanted.limit.unwrap_or(50)).ok().filter(|n| (1..=1000).contains(n));
    let limit = limit.ok_or_else(|| Error::field("limit", "must be 1 to 1,000."))?;
    let real = app.world.now();
    let items = app.store.read(move |tx| {
        let scope = Scope::read(tx, &caller.vendor, (&narrow, &came), &span, real)?;
        let program = &scope.program;
        let mut rows = tx.figures_by_item(program.number, by.dimension(), &scope.narrowed, &scope.range)?;
        rows.retain(|(_, figures)| *figures != Figures::default());
        let mut items = by.name(tx, program, &rows)?;
        items.sort_by(|a, b| (sort.of(b), b.sales, &a.id).cmp(&(sort.of(a), a.sales, &b.id)));
        items.truncate(limit);
        Ok((items, program.terms.currency.wire()))
    });
    let (items, currency) = items.await?;
    if !as_csv {
        return Ok(Json(items).into_response());
    }
    let columns = ["id", "name", "clicks", "leads", "sales", "saleAmount", "earnings", "currency"];
    let cells = |item: &BreakdownItem| {
        let figures = [item.clicks, item.leads, item.sales, item.sale_amount, item.earnings];
        let [clicks, leads, sales, amount, earnings] = figures.map(|n| n.to_string());
        [item.id.clone(), item.name.clone(), clicks, leads, sales, amount, earnings, currency.clone()]
    };
    sheet::file(&wanted.by, columns, items.iter().map(cells))
}

#[derive(Clone, Copy)]
enum By {
    Partner,
    Link,
    Site,
    Country,
    Device,
    Page,
    Touchpoint,
    Hour,
}

impl By {
    fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "partners" => Ok(Self::Partner),
            "links" => Ok(Self::Link),
            "sites" => Ok(Self::Site),
            "countries" => Ok(Self::Country),
            "devices" => Ok(Self::Device),
            "pages" => Ok(Self::Page),
            "touchpoints" => Ok(Self::Touchpoint),
            "hours" => Ok(Self::Hour),
            _ => Err(Error::field(
                "by",
                "must be `partners`, `links`, `sites`, `pages`, `countries`, `devices`, `touchpoints` or `hours`.",
            )),
        }
    }

    fn dimension(self) -> Dimension {
        match self {
            Self::Partner | Self::Link => Dimension::Link,
            Self::Site => Dimension::Site,
            Self::Country => Dimension::Country,
            Self::Device => Dimension::Device,
            Self::Page => Dimension::Page,
            Self::Touchpoint => Dimension::Means,
            Self::Hour => Dimension::Hour,
        }
    }

    fn name(
        self,
        tx: &mut Tx<'_>,
        program: &Program,
        rows: &[(i64, Figures)],
    ) -> Result<Vec<BreakdownItem>, Error> {
        let same = |label: fn(i64) -> String| {
            Ok(rows.iter().map(|(number, f)| item(label(*number), label(*number), f)).collect())
        };
        match self {
            Self::Partner => by_partner(tx, program, rows),
            Self::Link => by_link(tx, program, rows),
            Self::Site | Self::Page => by_word(tx, program, rows),
            Self::Touchpoint => same(|number| means_word(number).to_owned()),
            Self::Country => same(|number| country_letters(number).unwrap_or_default()),
            Self::Device => same(|number| device_word(number).to_owned()),
            Self::Hour => same(|hour| hour.to_string()),
        }
    }
}

fn by_partner(
    tx: &mut Tx<'_>,
    program: &Program,
    rows: &[(i64, Figures)],
) -> Result<Vec<BreakdownItem>, Error> {
    let labels: HashMap<_, _> = tx.link_labels(&program.id)?.into_iter().map(|l| (l.number, l)).collect();
    let mut partners: HashMap<&str, (&str, Figures)> = HashMap::new();
    for (number, figures) in rows {
        if let Some(label) = labels.get(number) {
            partners.entry(&label.partner).or_insert((&label.name, Figures::default())).1 += *figures;
        }
    }
    Ok(partners.into_iter().map(|(id, (name, f))| item(id.to_owned(), name.to_owned(), &f)).collect())
}

fn by_link(tx: &mut Tx<'_>, program: &Program, rows: &[(i64, Figures)]) -> Result<Vec<BreakdownItem>, Error> {
    let labels: HashMap<_, _> = tx.link_labels(&program.id)?.into_iter().map(|l| (l.number, l)).collect();
    let named = rows.iter().filter_map(|(number, f)| {
        let label = labels.get(number)?;
        Some(item(label.link.clone(), label.code.clone(), f))
    });
    Ok(named.collect())
}

fn by_word(tx: &mut Tx<'_>, program: &Program, rows: &[(i64, Figures)]) -> Result<Vec<BreakdownItem>, Error> {
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let words: HashMap<i64, String> =
        tx.words(program.number, &ids)?.into_iter().map(|w| (w.id, w.text)).collect();
    let text = |id: &i64| words.get(id).cloned().unwrap_or_default();
    Ok(rows.iter().map(|(id, f)| item(text(id), text(id), f)).collect())
}

fn item(id: String, name: String, f: &Figures) -> BreakdownItem {
    BreakdownItem {
        id,
        name,
        clicks: f.clicks,
        leads: f.leads,
        sales: f.sales,
        sale_amount: f.amount,
        earnings: f.earnings(),
    }
}
