//! Which days are looked at, as the address says it: the last so many, all there are, or from one day to another. Pure.

use crate::date;
use crate::route::Place;
use crate::text::{key, t};

/// The choices that are named, in days.
pub const NAMED: [(&str, i64, &str); 4] = [
    ("7", 7, key("7 days")),
    ("30", 30, key("30 days")),
    ("90", 90, key("90 days")),
    ("365", 365, key("12 months")),
];

/// What is chosen unless something is.
pub const USUAL: &str = "30";

/// The earliest day that can be chosen: 2000-01-01.
const EARLIEST: i64 = 10_957;

/// The days looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So many, the present one the last.
    Last(i64),
    /// From the first there is anything of.
    All,
    /// From a day to another, both included.
    Between(i64, i64),
}

impl Span {
    /// As the address says.
    pub fn of(place: &Place) -> Self {
        let day = |key| place.get(key).and_then(date::day_number).filter(|day| *day >= EARLIEST);
        match (place.get("range"), day("from"), day("to")) {
            (Some("all"), ..) => Self::All,
            (None, Some(from), Some(to)) if from <= to => Self::Between(from, to),
            (chosen, ..) => {
                let named = NAMED.iter().find(|(word, ..)| Some(*word) == chosen);
                Self::Last(named.map_or(30, |(_, days, _)| *days))
            }
        }
    }

    /// What is asked of the server: `start=…` and perhaps `end=…`.
    pub fn query(self, now: i64) -> String {
        match self {
            Self::Last(days) => format!("start={}", date::day_text(date::range_start(now, days))),
            Self::All => "interval=all".to_owned(),
            Self::Between(from, to) => format!("start={}&end={}", date::day_text(from), date::day_text(to)),
        }
    }

    /// The first day and how many there are; `earliest` is the first there is anything of.
    pub fn days(self, now: i64, earliest: Option<i64>) -> (i64, i64) {
        let today = date::range_start(now, 1);
        match self {
            Self::Last(days) => (date::range_start(now, days), days),
            Self::All => {
                let first = earliest.unwrap_or(today).min(today);
                (first, today - first + 1)
            }
            Self::Between(from, to) => (from, to - from + 1),
        }
    }

    /// In words, as part of a sentence.
    pub fn words(self) -> String {
        match self {
            Self::Last(365) => t("the last 12 months").to_owned(),
            Self::Last(days) => t!("the last {n} days", n = days),
            Self::All => t("all the time").to_owned(),
            Self::Between(from, to) if from == to => date::day_text(from),
            Self::Between(from, to) => {
                t!("{from} to {to}", from = date::day_text(from), to = date::day_text(to))
            }
        }
    }
}

/// The place with these days chosen.
pub fn between(place: &Place, from: &str, to: &str) -> Place {
    place.with("range", "").with("from", from).with("to", to)
}

/// The place with a named choice.
pub fn named(place: &Place, word: &str) -> Place {
    let word = if word == USUAL { "" } else { word };
    place.with("from", "").with("to", "").with("range", word)
}

/// The choice's name that is current; none for days chosen one by one.
pub fn chosen(place: &Place) -> Option<&'static str> {
    match Span::of(place) {
        Span::Last(days) => NAMED.iter().find(|(_, length, _)| *length == days).map(|(word, ..)| *word),
        Span::All => Some("all"),
        Span::Between(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(search: &str) -> Span {
        Span::of(&Place::parse("/console", search))
    }

    /// 2026-05-20T10:00:00Z.
    const NOW: i64 = 1_779_271_200_000;

    #[test]
    fn the_address_says_which_days() {
        assert_eq!(of(""), Span::Last(30));
        assert_eq!(of("?range=7"), Span::Last(7));
        assert_eq!(of("?range=all"), Span::All);
        assert_eq!(of("?range=nonsense"), Span::Last(30));
        assert_eq!(of("?from=2026-01-02&to=2026-01-03"), Span::Between(20_455, 20_456));
        assert_eq!(of("?from=2026-01-03&to=2026-01-02"), Span::Last(30), "no days lie between");
        assert_eq!(of("?from=2026-01-03"), Span::Last(30));
    }

    #[test]
    fn what_is_asked_of_the_server() {
        assert_eq!(Span::Last(7).query(NOW), "start=2026-05-14");
        assert_eq!(Span::All.query(NOW), "interval=all");
        assert_eq!(Span::Between(20_455, 20_456).query(NOW), "start=2026-01-02&end=2026-01-03");
    }

    #[test]
    fn days_are_counted() {
        let today = date::day_number("2026-05-20").unwrap();
        assert_eq!(Span::Last(7).days(NOW, None), (today - 6, 7));
        assert_eq!(Span::All.days(NOW, Some(today - 9)), (today - 9, 10));
        assert_eq!(Span::All.days(NOW, None), (today, 1));
        assert_eq!(Span::Between(5, 7).days(NOW, None), (5, 3));
    }

    #[test]
    fn a_choice_puts_the_other_away() {
        let place = Place::parse("/console", "?from=2026-01-02&to=2026-01-03");
        assert_eq!((chosen(&place), named(&place, "7").url().as_str()), (None, "/console?range=7"));
        assert_eq!(between(&named(&place, "90"), "2026-02-01", "2026-02-02").get("range"), None);
        assert_eq!(chosen(&named(&place, USUAL)), Some("30"));
    }
}
