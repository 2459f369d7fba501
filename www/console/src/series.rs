//! From figures to what is drawn: days without gaps, an axis with round numbers, one list of three. Pure.

use crate::date;
use crate::text::t;
use goodword_wire::{BreakdownItem, Day, Event};
use std::collections::HashMap;

/// Which figure of a day is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    Clicks,
    Leads,
    Sales,
    Revenue,
    Commissions,
}

impl Metric {
    /// From the word in the address; sales' worth of anything else is clicks.
    pub fn parse(word: &str) -> Self {
        match word {
            "leads" => Self::Leads,
            "sales" => Self::Sales,
            "revenue" => Self::Revenue,
            "commissions" => Self::Commissions,
            _ => Self::Clicks,
        }
    }

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Clicks => "clicks",
            Self::Leads => "leads",
            Self::Sales => "sales",
            Self::Revenue => "revenue",
            Self::Commissions => "commissions",
        }
    }

    /// What it is called on the screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Clicks => t("Clicks"),
            Self::Leads => t("Leads"),
            Self::Sales => t("Sales"),
            Self::Revenue => t("Revenue"),
            Self::Commissions => t("Commissions"),
        }
    }

    /// By what the server sorts.
    pub fn sort(self) -> &'static str {
        match self {
            Self::Clicks => "clicks",
            Self::Leads => "leads",
            Self::Sales => "sales",
            Self::Revenue => "saleAmount",
            Self::Commissions => "earnings",
        }
    }

    /// That figure of an item.
    pub fn of_item(self, item: &BreakdownItem) -> i64 {
        match self {
            Self::Clicks => item.clicks,
            Self::Leads => item.leads,
            Self::Sales => item.sales,
            Self::Revenue => item.sale_amount,
            Self::Commissions => item.earnings,
        }
    }

    /// Whether it counts minor units.
    pub fn is_money(self) -> bool {
        matches!(self, Self::Revenue | Self::Commissions)
    }

    /// That figure of a day.
    pub fn of(self, day: &Day) -> i64 {
        match self {
            Self::Clicks => day.clicks,
            Self::Leads => day.leads,
            Self::Sales => day.sales,
            Self::Revenue => day.sale_amount,
            Self::Commissions => day.earnings,
        }
    }
}

/// Every day from `first` on, with zeros where nothing happened.
pub fn fill(days: &[Day], first: i64, length: i64) -> Vec<Day> {
    let empty = |date: String| Day {
        date,
        clicks: 0,
        visitors: None,
        leads: 0,
        sales: 0,
        sale_amount: 0,
        earnings: 0,
    };
    let known: HashMap<&str, &Day> = days.iter().map(|day| (day.date.as_str(), day)).collect();
    (first..first + length)
        .map(|number| {
            let date = date::day_text(number);
            known.get(date.as_str()).map_or_else(|| empty(date.clone()), |day| (*day).clone())
        })
        .collect()
}

/// The least round number (1, 2, 4 or 5 × 10ⁿ, and even from 4 on) that no value exceeds.
pub fn ceiling(values: &[i64]) -> i64 {
    let top = values.iter().copied().max().unwrap_or(0).max(4);
    let mut unit = 1_i64;
    while unit * 10 <= top {
        unit *= 10;
    }
    [1, 2, 4, 6, 8, 10].into_iter().map(|n| n * unit).find(|round| *round >= top).unwrap_or(top)
}

/// Several lists of events as one, newest first, at most `length`.
pub fn latest<'a>(lists: impl IntoIterator<Item = &'a [Event]>, length: usize) -> Vec<Event> {
    let mut all: Vec<Event> = lists.into_iter().flatten().cloned().collect();
    all.sort_by(|a, b| b.timestamp.cmp(&a.timestamp).then_with(|| b.id.cmp(&a.id)));
    all.truncate(length);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(date: &str, clicks: i64) -> Day {
        Day { date: date.into(), clicks, visitors: None, leads: 0, sales: 0, sale_amount: 0, earnings: 0 }
    }

    fn event(id: &str, timestamp: &str) -> Event {
        Event {
            event: "click".into(),
            id: id.into(),
            timestamp: timestamp.into(),
            partner: None,
            link: None,
            customer: None,
            amount: 0,
            currency: "usd".into(),
            earnings: 0,
            earnings_currency: "usd".into(),
            reason: String::new(),
        }
    }

    #[test]
    fn days_without_events_are_zeros() {
        let first = date::day_number("2026-02-27").unwrap();
        let filled = fill(&[day("2026-02-28", 3), day("2026-03-02", 5)], first, 4);
        let shown: Vec<_> = filled.iter().map(|d| (d.date.as_str(), d.clicks)).collect();
        assert_eq!(shown, [("2026-02-27", 0), ("2026-02-28", 3), ("2026-03-01", 0), ("2026-03-02", 5)]);
    }

    #[test]
    fn the_axis_ends_on_a_round_number_with_a_whole_half() {
        assert_eq!(ceiling(&[]), 4);
        assert_eq!(ceiling(&[3, 1]), 4);
        assert_eq!(ceiling(&[37]), 40);
        assert_eq!(ceiling(&[100]), 100);
        assert_eq!(ceiling(&[101]), 200);
        assert_eq!(ceiling(&[7_999]), 8_000);
        assert_eq!(ceiling(&[8_001]), 10_000);
    }

    #[test]
    fn three_lists_become_one_newest_first() {
        let (a, b) = ([event("1", "T1"), event("2", "T0")], [event("3", "T2")]);
        let ids: Vec<_> = latest([&a[..], &b[..]], 2).into_iter().map(|e| e.id).collect();
        assert_eq!(ids, ["3", "1"]);
    }

    #[test]
    fn every_metric_has_its_word() {
        for metric in [Metric::Clicks, Metric::Leads, Metric::Sales, Metric::Revenue, Metric::Commissions] {
            assert_eq!(Metric::parse(metric.word()), metric);
        }
    }
}
