//! Partners in the order of what they brought, which no index knows.

use crate::error::Error;
use crate::http::Turning;
use crate::store::{Dimension, Enrollment, Figures, Narrowed, Partner, PartnerFilter, Range, Tx};
use goodword_domain::id::{LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Of how many partners at the most an order by figures is worked out.
const MOST: i64 = 100_000;

/// By which figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Clicks,
    Leads,
    Conversions,
    SaleAmount,
    Commissions,
    NetRevenue,
}

impl Sort {
    /// From its word; none for the order of time.
    pub fn parse(turning: &Turning) -> Result<Option<Self>, Error> {
        let known = [
            "createdAt",
            "totalClicks",
            "totalLeads",
            "totalConversions",
            "totalSaleAmount",
            "totalCommissions",
            "netRevenue",
        ];
        Ok(match turning.sorted_by(&known)? {
            "totalClicks" => Some(Self::Clicks),
            "totalLeads" => Some(Self::Leads),
            "totalConversions" => Some(Self::Conversions),
            "totalSaleAmount" => Some(Self::SaleAmount),
            "totalCommissions" => Some(Self::Commissions),
            "netRevenue" => Some(Self::NetRevenue),
            _ => None,
        })
    }

    fn of(self, figures: &Figures, conversions: i64) -> i64 {
        match self {
            Self::Clicks => figures.clicks,
            Self::Leads => figures.leads,
            Self::Conversions => conversions,
            Self::SaleAmount => figures.amount,
            Self::Commissions => figures.earnings(),
            Self::NetRevenue => figures.amount - figures.earnings(),
        }
    }
}

/// Enrollments of a filter, in the order of a figure; of those alike the newest first.
pub fn enrollments(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    filter: &PartnerFilter,
    sort: Sort,
) -> Result<Vec<(Enrollment, Partner)>, Error> {
    let whole = PartnerFilter { oldest_first: false, skip: 0, limit: MOST + 1, ..filter.clone() };
    let rows = tx.enrollments(vendor, &whole)?;
    if rows.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
        let remedy = format!("orders at most {MOST} partners: narrow the list, or sort by `createdAt`.");
        return Err(Error::field("sortBy", remedy));
    }
    let figures = figures(tx, &rows, sort)?;
    let figure = |(e, _): &(Enrollment, Partner)| {
        figures.get(&(e.program.clone(), e.partner.clone())).copied().unwrap_or_default()
    };
    let mut rows: Vec<_> = rows.into_iter().map(|row| (figure(&row), row)).collect();
    if filter.oldest_first {
        rows.sort_by_key(|(figure, _)| *figure);
    } else {
        rows.sort_by_key(|(figure, _)| Reverse(*figure));
    }
    let (skip, limit) = (filter.skip.max(0).unsigned_abs(), filter.limit.max(0).unsigned_abs());
    let [skip, limit] = [skip, limit].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    Ok(rows.into_iter().map(|(_, row)| row).skip(skip).take(limit).collect())
}

fn figures(
    tx: &mut Tx<'_>,
    rows: &[(Enrollment, Partner)],
    sort: Sort,
) -> Result<HashMap<(ProgramId, PartnerId), i64>, Error> {
    let mut programs: Vec<&ProgramId> = rows.iter().map(|(e, _)| &e.program).collect();
    programs.sort();
    programs.dedup();
    let mut sums = HashMap::new();
    for program in programs {
        let number = tx.program_number(program)?;
        let labels = tx.link_labels(program)?;
        let links = labels.iter().map(|label| LinkId::parse(&label.link)).collect::<Result<Vec<_>, _>>()?;
        let always = Range { start: Instant(0), end: None };
        let by_link: HashMap<i64, Figures> =
            tx.figures_by_item(number, Dimension::Link, &Narrowed::default(), &always)?.into_iter().collect();
        let conversions = if sort == Sort::Conversions {
            tx.conversions_of_links(program, &links)?
        } else {
            HashMap::new()
        };
        for (label, link) in labels.iter().zip(&links) {
            let figures = by_link.get(&label.number).copied().unwrap_or_default();
            let converted = conversions.get(link).copied().unwrap_or_default();
            let partner = PartnerId::parse(&label.partner)?;
            *sums.entry((program.clone(), partner)).or_insert(0) += sort.of(&figures, converted);
        }
    }
    Ok(sums)
}
