//! Instants as text, and back.

use crate::error::Error;
use goodword_domain::Invalid;
use goodword_domain::time::{Instant, days_from_civil};
use jiff::Timestamp;

/// RFC 3339 in UTC with milliseconds.
pub fn show(at: Instant) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |t| format!("{t:.3}"))
}

/// RFC 3339 in UTC of a time that is known in whole seconds since 1970: without a fraction, which would claim more.
pub fn show_seconds(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|at| at.to_string())
}

/// Whether a time is told in whole seconds.
pub fn is_in_whole_seconds(text: &str) -> bool {
    !text.contains(['.', ','])
}

/// `2026-08-19`, of a day numbered from 1970-01-01.
pub fn show_day(day: i64) -> String {
    let (year, month, day) = goodword_domain::time::civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// From RFC 3339 text, between the years 1970 and 9999.
pub fn parse(field: &'static str, text: &str) -> Result<Instant, Invalid> {
    let at: Option<Timestamp> = text.parse().ok();
    at.map(|t| Instant(t.as_millisecond()))
        .filter(|t| t.0 >= 0)
        .ok_or_else(|| Invalid::new(field, "must be RFC 3339 text such as `2026-08-19T16:13:12.109Z`."))
}

/// The number of a day from text such as `2026-08-19`, between the years 1970 and 9998.
pub fn parse_day(field: &'static str, text: &str) -> Result<i64, Invalid> {
    let date: Option<jiff::civil::Date> = text.parse().ok().filter(|_| text.len() == 10);
    date.filter(|date| (1970..9999).contains(&date.year()))
        .map(|d| days_from_civil(d.year().into(), d.month().into(), d.day().into()))
        .ok_or_else(|| Invalid::new(field, "must be a day such as `2026-08-19`."))
}

/// When a reported event happened: now, or the instant told, which may lie at most five minutes ahead (clocks differ).
pub fn event_time(told: Option<&str>, now: Instant) -> Result<Instant, Error> {
    not_ahead(told.map(|text| parse("timestamp", text)).transpose()?, now)
}

/// The same for an instant that has been read.
pub fn not_ahead(told: Option<Instant>, now: Instant) -> Result<Instant, Error> {
    let at = told.unwrap_or(now);
    if at.0 > now.0 + 300_000 {
        return Err(Error::field("timestamp", format!("lies in the future: it is {} now.", show(now))));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let at = Instant(1_597_853_592_109);
        assert_eq!(show(at), "2020-08-19T16:13:12.109Z");
        assert_eq!(parse("timestamp", "2020-08-19T18:13:12.109+02:00").unwrap(), at);
        assert_eq!(show(Instant(0)), "1970-01-01T00:00:00.000Z");
        assert!(parse("timestamp", "yesterday").is_err() && parse("timestamp", "2020-08-19").is_err());
        assert_eq!(show_day(11_017), "2000-03-01");
        assert_eq!(parse_day("from", "2000-03-01").unwrap(), 11_017);
        for bad in
            ["", "2000-02-30", "2000-3-1", "1969-12-31", "9999-01-01", "20000301", "2000-03-01T00:00:00Z"]
        {
            assert!(parse_day("from", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn whole_seconds_have_no_fraction() {
        assert_eq!(show_seconds(1_597_853_592).as_deref(), Some("2020-08-19T16:13:12Z"));
        assert_eq!(show_seconds(i64::MAX), None);
        assert!(is_in_whole_seconds("2020-08-19T12:13:12-04:00"));
        assert!(!is_in_whole_seconds("2020-08-19T16:13:12.109Z") && !is_in_whole_seconds(&show(Instant(0))));
    }

    #[test]
    fn the_future_is_refused() {
        let now = Instant(1_000_000_000);
        assert!(event_time(Some(&show(Instant(now.0 + 299_999))), now).is_ok());
        assert!(event_time(Some(&show(Instant(now.0 + 300_001))), now).is_err());
        assert_eq!(event_time(None, now).unwrap(), now);
    }
}
