//! Figures as public SDKs ask for them: of an event, grouped by something, over an interval.

use super::analytics::scope_of;
use super::links;
use super::listed::host;
use super::partners::of_tenant;
use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Query, country_letters};
use crate::span::Span;
use crate::store::{Dimension, Figures, Link, LinkFilter, Narrowed, Program, Range, Tx, device_word};
use crate::time::show;
use axum::Json;
use axum::extract::{RawQuery, State};
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire::{AnalyticsAnswer, ErrorBody, FigureRow};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// How many rows an answer has at the most.
const MOST_ROWS: usize = 1000;
/// How many days are told one by one, those without events included.
const MOST_DAYS: i64 = 3660;

/// What to group by, and whose figures.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// `count`, `timeseries` (by UTC day), `countries`, `devices`, `referers`, `top_links`, `top_urls` or `top_partners`. Told, the
    /// answer is of the shape that public SDKs read: one row of figures, or a list of them. Left out, it is the overview.
    pub group_by: Option<String>,
    /// With `groupBy`: `clicks` (default), `leads`, `sales` or `composite` (all of them); lists are sorted by it.
    pub event: Option<String>,
    /// With `groupBy`: only of the partner whom the vendor knows by this id of its own.
    pub tenant_id: Option<String>,
    /// With `groupBy`: only of partners of this group.
    pub group_id: Option<String>,
    /// With `groupBy`: only through this link.
    pub link_id: Option<String>,
    /// The same by the vendor's own id of the link.
    pub external_id: Option<String>,
    /// The same by the link's key or code.
    pub key: Option<String>,
}

/// Filters of public SDKs by what figures are not kept by.
const NOT_KEPT: [&str; 24] = [
    "city",
    "region",
    "continent",
    "country",
    "device",
    "browser",
    "os",
    "trigger",
    "referer",
    "refererUrl",
    "url",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "tagId",
    "tagIds",
    "folderId",
    "partnerTagId",
    "customerId",
    "qr",
    "saleType",
    "query",
];

/// Refuses filters that would be passed over in silence.
pub fn refuse_unknown_filters(query: Option<&str>, but: &[&str]) -> Result<(), Error> {
    let names = query.unwrap_or_default().split('&').filter_map(|pair| pair.split('=').next());
    let mut refused = names.filter(|name| NOT_KEPT.contains(name) && !but.contains(name));
    refused.next().map_or(Ok(()), |name| {
        Err(Error::at(name.to_owned(), "is nothing figures and lists are kept by: leave it out."))
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GroupBy {
    Count,
    Day,
    Country,
    Device,
    Referer,
    Link,
    Url,
    Partner,
}

impl GroupBy {
    fn parse(word: &str) -> Result<Self, Error> {
        Ok(match word {
            "count" => Self::Count,
            "timeseries" => Self::Day,
            "countries" => Self::Country,
            "devices" => Self::Device,
            "referers" => Self::Referer,
            "top_links" => Self::Link,
            "top_urls" => Self::Url,
            "top_partners" => Self::Partner,
            _ => {
                let remedy = "must be `count`, `timeseries`, `countries`, `devices`, `referers`, `top_links`, `top_urls` or \
                              `top_partners`: nothing else is kept.";
                return Err(Error::field("groupBy", remedy));
            }
        })
    }

    /// What clicks alone are counted by.
    fn of_clicks(self) -> Option<Dimension> {
        match self {
            Self::Country => Some(Dimension::Country),
            Self::Device => Some(Dimension::Device),
            Self::Referer => Some(Dimension::Site),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Clicks,
    Leads,
    Sales,
    Composite,
}

impl Event {
    fn parse(word: Option<&str>) -> Result<Self, Error> {
        match word {
            None | Some("clicks") => Ok(Self::Clicks),
            Some("leads") => Ok(Self::Leads),
            Some("sales") => Ok(Self::Sales),
            Some("composite") => Ok(Self::Composite),
            Some(_) => Err(Error::field("event", "must be `clicks`, `leads`, `sales` or `composite`.")),
        }
    }

    /// The figure by which rows are sorted.
    fn of(self, row: &FigureRow) -> i64 {
        match self {
            Self::Clicks | Self::Composite => row.clicks,
            Self::Leads => row.leads.unwrap_or_default(),
            Self::Sales => row.sale_amount.unwrap_or_default(),
        }
    }
}

/// A question about figures, understood but for names that only the store knows.
pub struct Question {
    by: GroupBy,
    event: Event,
    query: FigureQuery,
    program: Option<String>,
    partner: Option<PartnerId>,
    span: Span,
    /// Whether earnings are told, too.
    with_earnings: bool,
    public_url: String,
}

impl Question {
    /// Of `/v1/analytics`, where it names a group.
    pub fn parse(
        public_url: &str,
        query: FigureQuery,
        span: Span,
        (program, partner): (Option<String>, Option<PartnerId>),
    ) -> Result<Self, Error> {
        Ok(Self {
            by: GroupBy::parse(query.group_by.as_deref().unwrap_or("count"))?,
            event: Event::parse(query.event.as_deref())?,
            query,
            program,
            partner,
            span,
            with_earnings: false,
            public_url: public_url.to_owned(),
        })
    }

    /// The answer. `real` is what the world's clock shows.
    pub fn answer(
        &self,
        tx: &mut Tx<'_>,
        vendor: &VendorId,
        real: Instant,
    ) -> Result<AnalyticsAnswer, Error> {
        let now = find::now(tx, vendor, real)?;
        let (start, end) = self.span.range_or("24h", now)?;
        let program = scope_of(tx, vendor, self.program.as_ref())?;
        let range = Range { start: start.unwrap_or(Instant(0)), end };
        let links = self.links(tx, vendor, &program)?;
        let numbers: Option<Vec<i64>> = links.as_ref().map(|links| links.iter().map(|l| l.number).collect());
        let narrowed = Narrowed { links: numbers.clone(), items: Vec::new() };
        if let Some(dimension) = self.by.of_clicks() {
            return self.of_clicks(tx, &program, dimension, &range, numbers.is_some());
        }
        match self.by {
            GroupBy::Count | GroupBy::Day => {
                let rows = tx.figures_by_day(program.number, &narrowed, &range)?;
                Ok(if self.by == GroupBy::Count { self.total(&rows) } else { self.days(&rows, &range, now) })
            }
            _ => self.of_links(tx, &program, &range, numbers.as_deref()),
        }
    }

    /// The links that are meant; none for the whole program.
    fn links(
        &self,
        tx: &mut Tx<'_>,
        vendor: &VendorId,
        program: &Program,
    ) -> Result<Option<Vec<Link>>, Error> {
        let q = &self.query;
        if q.link_id.is_some() || q.external_id.is_some() || q.key.is_some() {
            let link =
                links::meant(tx, vendor, q.link_id.as_deref(), q.external_id.as_deref(), q.key.as_deref())?;
            return Ok(Some(link.filter(|link| link.program == program.id).into_iter().collect()));
        }
        let tenant = q.tenant_id.as_deref().map(|id| of_tenant(tx, vendor, id)).transpose()?;
        let partner = self.partner.clone().or(tenant);
        if partner.is_none() && q.group_id.is_none() {
            return Ok(None);
        }
        let filter = LinkFilter {
            program: Some(program.id.clone()),
            partner,
            limit: i64::from(u32::MAX),
            ..LinkFilter::default()
        };
        let mut links = tx.links(vendor, &filter)?;
        if let Some(group) = &q.group_id {
            let members = tx.link_numbers_of_group(&program.id, group)?;
            links.retain(|link| members.contains(&link.number));
        }
        Ok(Some(links))
    }

    fn row(&self, f: &Figures) -> FigureRow {
        FigureRow {
            clicks: f.clicks,
            leads: Some(f.leads),
            sales: Some(f.sales),
            sale_amount: Some(f.amount),
            earnings: self.with_earnings.then(|| f.earnings()),
            ..FigureRow::default()
        }
    }

    fn total(&self, rows: &[(i64, Figures)]) -> AnalyticsAnswer {
        let mut sum = Figures::default();
        for (_, figures) in rows {
            sum += *figures;
        }
        AnalyticsAnswer::Total(Box::new(self.row(&sum)))
    }

    /// One row for each day, also for those on which nothing happened.
    fn days(&self, rows: &[(i64, Figures)], range: &Range, now: Instant) -> AnalyticsAnswer {
        let figures: BTreeMap<i64, Figures> = rows.iter().copied().collect();
        let first = if range.start == Instant(0) {
            figures.keys().next().copied().unwrap_or(now.day())
        } else {
            range.start.day()
        };
        let last = range.end.map_or(now.day(), |end| Instant(end.0 - 1).day());
        let last = last.max(figures.keys().next_back().copied().unwrap_or(last));
        let first = first.max(last - MOST_DAYS);
        let day = |day: i64| {
            let begins = Some(show(Instant(day.saturating_mul(DAY_MS))));
            FigureRow { start: begins, ..self.row(&figures.get(&day).copied().unwrap_or_default()) }
        };
        AnalyticsAnswer::Rows((first..=last).map(day).collect())
    }

    fn of_clicks(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        dimension: Dimension,
        range: &Range,
        narrowed: bool,
    ) -> Result<AnalyticsAnswer, Error> {
        if self.event != Event::Clicks || narrowed {
            let remedy =
                "tells of all clicks of a program: send `event=clicks`, and name neither partner nor link.";
            return Err(Error::field("groupBy", remedy));
        }
        let figures = tx.figures_by_item(program.number, dimension, &Narrowed::default(), range)?;
        let ids: Vec<i64> = figures.iter().map(|(item, _)| *item).collect();
        let words: HashMap<i64, String> = match dimension {
            Dimension::Site => {
                tx.words(program.number, &ids)?.into_iter().map(|word| (word.id, word.text)).collect()
            }
            _ => HashMap::new(),
        };
        let rows = figures.into_iter().filter(|(_, f)| f.clicks > 0).map(|(item, f)| {
            let row = FigureRow { clicks: f.clicks, ..FigureRow::default() };
            match dimension {
                Dimension::Country => {
                    let letters = country_letters(item).unwrap_or_else(|| "Unknown".into());
                    FigureRow { country: Some(letters), ..row }
                }
                Dimension::Device => FigureRow { device: Some(device_name(item).to_owned()), ..row },
                _ => {
                    let site = words.get(&item).cloned().unwrap_or_else(|| "(direct)".into());
                    FigureRow { referer: Some(site), ..row }
                }
            }
        });
        Ok(self.sorted(rows.collect()))
    }

    fn of_links(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        range: &Range,
        numbers: Option<&[i64]>,
    ) -> Result<AnalyticsAnswer, Error> {
        let figures = tx.figures_by_item(program.number, Dimension::Link, &Narrowed::default(), range)?;
        let wanted = |number: &i64| numbers.is_none_or(|numbers| numbers.contains(number));
        let filter = LinkFilter {
            program: Some(program.id.clone()),
            limit: i64::from(u32::MAX),
            ..LinkFilter::default()
        };
        let known = tx.links(&program.vendor, &filter)?;
        let known: HashMap<i64, &Link> = known.iter().map(|link| (link.number, link)).collect();
        let mut sums: HashMap<String, (FigureRow, Figures)> = HashMap::new();
        for (number, f) in figures.iter().filter(|(number, f)| wanted(number) && *f != Figures::default()) {
            let Some(link) = known.get(number) else { continue };
            let (name, row) = self.label(tx, link)?;
            sums.entry(name).or_insert_with(|| (row, Figures::default())).1 += *f;
        }
        let rows = sums.into_values().map(|(label, f)| FigureRow {
            clicks: f.clicks,
            leads: Some(f.leads),
            sales: Some(f.sales),
            sale_amount: Some(f.amount),
            earnings: self.with_earnings.then(|| f.earnings()),
            ..label
        });
        Ok(self.sorted(rows.collect()))
    }

    /// By what a link's figures are summed up, and how the sum is called.
    fn label(&self, tx: &mut Tx<'_>, link: &Link) -> Result<(String, FigureRow), Error> {
        let none = FigureRow::default();
        Ok(match self.by {
            GroupBy::Url => (link.url.clone(), FigureRow { url: Some(link.url.clone()), ..none }),
            GroupBy::Partner => {
                let name = tx.known_partner(&link.vendor, &link.program, &link.partner)?.name.clone();
                let id = link.partner.to_string();
                (id.clone(), FigureRow { partner_id: Some(id), partner_name: Some(name), ..none })
            }
            _ => {
                let short = view::link_ref(&self.public_url, link);
                let row = FigureRow {
                    link: Some(short.id.clone()),
                    id: Some(short.id.clone()),
                    domain: Some(host(&self.public_url).to_owned()),
                    key: Some(short.key),
                    short_link: Some(short.short_link),
                    url: Some(link.url.clone()),
                    created_at: Some(show(link.created_at)),
                    partner_id: Some(link.partner.to_string()),
                    ..none
                };
                (short.id, row)
            }
        })
    }

    fn sorted(&self, mut rows: Vec<FigureRow>) -> AnalyticsAnswer {
        rows.sort_by_key(|row| Reverse((self.event.of(row), row.clicks)));
        rows.truncate(MOST_ROWS);
        AnalyticsAnswer::Rows(rows)
    }
}

/// The name of a kind of device as public SDKs have it.
pub fn device_name(number: i64) -> &'static str {
    match device_word(number) {
        "desktop" => "Desktop",
        "mobile" => "Mobile",
        "tablet" => "Tablet",
        _ => "Unknown",
    }
}

/// Whose figures.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PartnerFigureQuery {
    /// `ptn_…`; or `tenantId`.
    partner_id: Option<String>,
    /// The vendor's own id of the partner.
    tenant_id: Option<String>,
    /// The program. Default: the vendor's default program.
    program_id: Option<String>,
    /// `count` (default), `timeseries` (by UTC day) or `top_links`.
    group_by: Option<String>,
}

/// Figures of one partner, with earnings
#[utoipa::path(get, path = "/v1/partners/analytics", tag = "partners", params(PartnerFigureQuery, Span),
    responses((status = 200, body = AnalyticsAnswer), (status = "4XX", body = ErrorBody)))]
pub async fn of_partner(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<PartnerFigureQuery>,
    Query(span): Query<Span>,
    RawQuery(raw): RawQuery,
) -> Result<Json<AnalyticsAnswer>, Error> {
    refuse_unknown_filters(raw.as_deref(), &[])?;
    if query.partner_id.is_none() && query.tenant_id.is_none() {
        return Err(Error::field("partnerId", "is needed, or `tenantId`."));
    }
    if !matches!(query.group_by.as_deref(), None | Some("count" | "timeseries" | "top_links")) {
        return Err(Error::field("groupBy", "must be `count`, `timeseries` or `top_links`."));
    }
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let figures = FigureQuery {
        group_by: query.group_by,
        event: Some("composite".into()),
        tenant_id: query.tenant_id,
        ..FigureQuery::default()
    };
    let question = Question::parse(&app.public_url, figures, span, (query.program_id, partner))?;
    let question = Question { with_earnings: true, ..question };
    let real = app.world.now();
    Ok(Json(app.store.read(move |tx| question.answer(tx, &caller.vendor, real)).await?))
}
