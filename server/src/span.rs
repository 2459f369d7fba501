//! Ranges of time as lists and figures are asked for: by their ends, or by a word.

use crate::error::Error;
use crate::time;
use goodword_domain::time::{DAY_MS, Instant, civil, days_from_civil};

/// From when to when.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// A range that ends now, in the place of `start`: `24h`, `7d`, `30d`, `90d`, `1y`, `mtd`, `qtd`, `ytd` (from the beginning of
    /// the month, quarter or year on) or `all`.
    pub interval: Option<String>,
    /// From this instant on, RFC 3339, or from the beginning of a UTC day.
    pub start: Option<String>,
    /// Up to this instant, RFC 3339, which is not included; or to the end of a UTC day.
    pub end: Option<String>,
    /// `UTC`: there are no other days.
    pub timezone: Option<String>,
}

impl Span {
    /// The first instant and the one after the last, where they are bounded. `now` is what the vendor's clock shows.
    pub fn range(&self, now: Instant) -> Result<(Option<Instant>, Option<Instant>), Error> {
        if self.timezone.as_deref().is_some_and(|zone| !matches!(zone, "UTC" | "Etc/UTC" | "GMT")) {
            let remedy = "must be `UTC`: days are UTC days. Send `start` and `end` with an offset instead.";
            return Err(Error::field("timezone", remedy));
        }
        let begun = match (&self.start, self.interval.as_deref()) {
            (Some(text), _) => Some(start(text)?),
            (None, Some(word)) => begins(word, now)?,
            (None, None) => None,
        };
        Ok((begun, self.end.as_deref().map(end).transpose()?))
    }

    /// The same with a word for where nothing is said.
    pub fn range_or(&self, word: &str, now: Instant) -> Result<(Option<Instant>, Option<Instant>), Error> {
        let interval = self.interval.clone().or_else(|| Some(word.to_owned()));
        Self { interval, ..self.clone() }.range(now)
    }
}

fn start(text: &str) -> Result<Instant, Error> {
    match time::parse_day("start", text) {
        Ok(day) => Ok(first_of(day)),
        Err(_) => Ok(time::parse("start", text)?),
    }
}

fn end(text: &str) -> Result<Instant, Error> {
    match time::parse_day("end", text) {
        Ok(day) => Ok(first_of(day + 1)),
        Err(_) => Ok(time::parse("end", text)?),
    }
}

fn first_of(day: i64) -> Instant {
    Instant(day.saturating_mul(DAY_MS))
}

fn begins(word: &str, now: Instant) -> Result<Option<Instant>, Error> {
    let before = |days: i64| Some(Instant(now.0 - days * DAY_MS));
    let (year, month, _) = civil(now.day());
    let first = |month| Some(first_of(days_from_civil(year, month, 1)));
    Ok(match word {
        "24h" => before(1),
        "7d" => before(7),
        "30d" => before(30),
        "90d" => before(90),
        "1y" => before(365),
        "mtd" => first(month),
        "qtd" => first((month - 1) / 3 * 3 + 1),
        "ytd" => first(1),
        "all" => None,
        _ => {
            let remedy = "must be `24h`, `7d`, `30d`, `90d`, `1y`, `mtd`, `qtd`, `ytd` or `all`.";
            return Err(Error::field("interval", remedy));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        time::parse("at", text).unwrap()
    }

    #[track_caller]
    fn check(span: &Span, start: Option<&str>, end: Option<&str>) {
        let range = span.range(at("2026-08-19T16:13:12Z")).unwrap();
        assert_eq!(range, (start.map(at), end.map(at)));
    }

    fn span(interval: &str) -> Span {
        Span { interval: Some(interval.into()), ..Span::default() }
    }

    #[test]
    fn words() {
        check(&Span::default(), None, None);
        check(&span("all"), None, None);
        check(&span("24h"), Some("2026-08-18T16:13:12Z"), None);
        check(&span("7d"), Some("2026-08-12T16:13:12Z"), None);
        check(&span("mtd"), Some("2026-08-01T00:00:00Z"), None);
        check(&span("qtd"), Some("2026-07-01T00:00:00Z"), None);
        check(&span("ytd"), Some("2026-01-01T00:00:00Z"), None);
        assert!(span("2d").range(at("2026-08-19T16:13:12Z")).is_err());
    }

    #[test]
    fn ends() {
        let told =
            |start: &str, end: &str| Span { start: Some(start.into()), end: Some(end.into()), ..span("7d") };
        check(&told("2026-01-01", "2026-01-31"), Some("2026-01-01T00:00:00Z"), Some("2026-02-01T00:00:00Z"));
        let (start, end) = ("2026-01-01T10:00:00+02:00", "2026-01-31T00:00:00Z");
        check(&told(start, end), Some("2026-01-01T08:00:00Z"), Some("2026-01-31T00:00:00Z"));
        assert!(told("yesterday", "2026-01-31").range(Instant(0)).is_err());
    }

    #[test]
    fn other_days_are_refused() {
        let zone = |zone: &str| Span { timezone: Some(zone.into()), ..Span::default() };
        assert!(zone("UTC").range(Instant(0)).is_ok() && zone("Europe/Berlin").range(Instant(0)).is_err());
    }
}
