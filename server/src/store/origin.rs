//! How a lead or a sale came, as figures are kept by it.

use super::program::broken;
use super::value::{Cell, Param, Value};
use super::{StoreError, Word};
use crate::http::country_number;
use goodword_domain::attribution::{Kind, Verdict};
use goodword_domain::time::Instant;

/// How an event came: all of it that of the touchpoint that leads, but for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The number of the kind of touchpoint, 0 where nobody is credited.
    pub means: i64,
    /// The word of the site that referred, 0 for none.
    pub site: i64,
    /// Two letters as a number, 0 for unknown.
    pub country: i64,
    /// The number of a kind of device, 0 for unknown.
    pub device: i64,
    /// The word of the page the visitor landed on, 0 for the link's own.
    pub page: i64,
    /// When the first touchpoint was, credited or not.
    pub first: Option<Instant>,
}

/// The kinds of touchpoint in the order of their numbers, from 1.
const MEANS: [Kind; 5] = [Kind::Click, Kind::Form, Kind::Code, Kind::Registration, Kind::Manual];

/// The number of a kind of touchpoint.
pub fn means_number(kind: Kind) -> i64 {
    match kind {
        Kind::Click => 1,
        Kind::Form => 2,
        Kind::Code => 3,
        Kind::Registration => 4,
        Kind::Manual => 5,
    }
}

/// The word of a number of [`Origin::means`]; `none` where nobody is credited.
pub fn means_word(number: i64) -> &'static str {
    let place = usize::try_from(number - 1).ok();
    place.and_then(|place| MEANS.get(place)).map_or("none", |kind| kind.word())
}

/// The number of a word that [`means_word`] gives.
pub fn means_of_word(word: &str) -> Option<i64> {
    if word == "none" { Some(0) } else { Kind::parse(word).ok().map(means_number) }
}

/// The word of a device's number.
pub fn device_word(number: i64) -> &'static str {
    match number {
        1 => "desktop",
        2 => "mobile",
        3 => "tablet",
        _ => "",
    }
}

impl Origin {
    /// As it is stored.
    pub fn text(&self) -> String {
        let Self { means, site, country, device, page, first } = self;
        let first = first.map_or_else(|| "-".to_owned(), |first| first.0.to_string());
        format!("{means} {site} {country} {device} {page} {first}")
    }

    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(' ').collect();
        let [means, site, country, device, page, first] = fields[..] else { return None };
        Some(Self {
            means: means.parse().ok()?,
            site: site.parse().ok()?,
            country: country.parse().ok()?,
            device: device.parse().ok()?,
            page: page.parse().ok()?,
            first: if first == "-" { None } else { Some(Instant(first.parse().ok()?)) },
        })
    }

    /// From the touchpoints that were stored with an event before its origin was.
    pub fn of_touchpoints(json: &str, at: Instant) -> Result<Self, StoreError> {
        let all: Vec<Told> = serde_json::from_str(json).map_err(broken)?;
        let when = |told: &Told| crate::time::parse("at", &told.at).ok();
        let first = all.iter().filter_map(when).filter(|first| *first <= at).min();
        let credited = all.iter().filter(|told| told.verdict == Verdict::Credited.word());
        let leading = credited.enumerate().max_by_key(|(place, told)| (told.weight, *place));
        Ok(leading.map_or(Self { first, ..Self::default() }, |(_, told)| Self { first, ..told.origin() }))
    }
}

/// What is read of a stored touchpoint.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    kind: String,
    at: String,
    click_id: Option<String>,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    weight: u64,
    referrer: Option<String>,
    landing_page: Option<String>,
    device: Option<String>,
    country: Option<String>,
}

impl Told {
    fn origin(&self) -> Origin {
        let word = |text: &Option<String>| text.clone().map_or(0, |text| Word::new(text).id);
        // A binding does not say by what it bound; with a click it was most likely that.
        let bound = if self.click_id.is_some() { Kind::Click } else { Kind::Code };
        let kind = if self.kind == "binding" { bound } else { Kind::parse(&self.kind).unwrap_or(bound) };
        Origin {
            means: means_number(kind),
            site: word(&self.referrer),
            country: self.country.as_deref().and_then(country_number).unwrap_or(0),
            device: (1..=3).find(|n| Some(device_word(*n)) == self.device.as_deref()).unwrap_or(0),
            page: word(&self.landing_page),
            first: None,
        }
    }
}

impl Param for Origin {
    fn value(&self) -> Value {
        Value::Text(self.text())
    }
}

impl Cell for Origin {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::default()),
            other => Self::parse(&String::from_value(other)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_it_was_written() {
        let origin =
            Origin { means: 3, site: 7, country: 82, device: 2, page: i64::MAX, first: Some(Instant(5)) };
        assert_eq!(Origin::parse(&origin.text()), Some(origin));
        let nothing = Origin::default();
        assert_eq!((nothing.text().as_str(), Origin::parse("0 0 0 0 0 -")), ("0 0 0 0 0 -", Some(nothing)));
        assert_eq!(Origin::parse("0 0 0 0 0"), None);
    }

    #[test]
    fn every_kind_has_a_number_and_a_word() {
        for (number, kind) in (1..).zip(MEANS) {
            assert_eq!((means_number(kind), means_word(number)), (number, kind.word()));
            assert_eq!(means_of_word(kind.word()), Some(number));
        }
        assert_eq!((means_word(0), means_of_word("none"), means_of_word("what")), ("none", Some(0), None));
    }

    #[test]
    fn the_heaviest_touchpoint_leads_and_the_earliest_is_the_first() {
        let told = r#"[
            {"kind":"click","at":"2026-01-01T00:00:00Z","verdict":"credited","weight":60,"clickId":"clk_1","country":"DE","device":"mobile",
             "referrer":"blog.example","landingPage":"https://shop.example/"},
            {"kind":"click","at":"2025-12-01T00:00:00Z","verdict":"outside_window","weight":0,"clickId":"clk_0"},
            {"kind":"click","at":"2026-01-02T00:00:00Z","verdict":"credited","weight":40,"clickId":"clk_2","country":"FR"}]"#;
        let at = crate::time::parse("at", "2026-01-03T00:00:00Z").unwrap();
        let origin = Origin::of_touchpoints(told, at).unwrap();
        assert_eq!((origin.means, origin.device, origin.country), (1, 2, country_number("DE").unwrap()));
        assert_eq!(origin.site, Word::new("blog.example".into()).id);
        assert_eq!(origin.first, crate::time::parse("at", "2025-12-01T00:00:00Z").ok());
        assert_eq!(Origin::of_touchpoints("[]", at).unwrap(), Origin::default());
    }
}
