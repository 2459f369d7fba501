//! Instants as people read them, in UTC, and ranges of whole days. Pure.

use crate::intl;
use crate::text::t;
use goodword_domain::time::{DAY_MS, civil, days_from_civil};

const DAY: (&str, &str) = ("day", "numeric");
const MONTH: (&str, &str) = ("month", "short");
const YEAR: (&str, &str) = ("year", "numeric");

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The epoch milliseconds of RFC 3339 text in UTC.
pub fn parse(text: &str) -> Option<i64> {
    let day = day_number(text.get(..10)?)?;
    let number = |from: usize| text.get(from..from + 2)?.parse::<i64>().ok();
    let millis = text.get(20..23).and_then(|ms| ms.parse::<i64>().ok()).unwrap_or(0);
    Some(day * DAY_MS + ((number(11)? * 60 + number(14)?) * 60 + number(17)?) * 1_000 + millis)
}

/// The number of the day `2026-08-19`, counted from 1970-01-01.
pub fn day_number(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| days_from_civil(year, month, day))
}

/// `2026-08-19` of a day's number.
pub fn day_text(number: i64) -> String {
    let (year, month, day) = civil(number);
    format!("{year:04}-{month:02}-{day:02}")
}

/// RFC 3339 text of epoch milliseconds.
pub fn rfc3339(ms: i64) -> String {
    let (hour, minute, second) = clock(ms);
    format!(
        "{}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        day_text(ms.div_euclid(DAY_MS)),
        ms.rem_euclid(1_000)
    )
}

/// `23 Dec 2026`; text that is no date stays as it is.
pub fn day(text: &str) -> String {
    text.get(..10).and_then(day_number).map_or_else(|| text.to_owned(), day_words)
}

/// `23 Dec` of a day's number.
pub fn day_short(number: i64) -> String {
    if !intl::is_english() {
        return intl::date(number * DAY_MS, &[DAY, MONTH]);
    }
    let (_, month, day) = civil(number);
    format!("{day} {}", month_word(month))
}

/// `23 Dec 2026, 14:05`.
pub fn minute(text: &str) -> String {
    parse(text).map_or_else(
        || text.to_owned(),
        |ms| {
            if !intl::is_english() {
                let clock = [("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")];
                return intl::date(ms, &[&[DAY, MONTH, YEAR][..], &clock[..]].concat());
            }
            let (hour, minute, _) = clock(ms);
            format!("{}, {hour:02}:{minute:02}", day_words(ms.div_euclid(DAY_MS)))
        },
    )
}

/// `Nov 2026` of `2026-11`.
pub fn month(text: &str) -> String {
    let parsed = text.split_once('-').and_then(|(year, month)| Some((year, month.parse::<i64>().ok()?)));
    match parsed {
        Some((year, month @ 1..=12)) => match day_number(&format!("{text}-01")) {
            Some(first) if !intl::is_english() => intl::date(first * DAY_MS, &[MONTH, YEAR]),
            _ => format!("{} {year}", month_word(month)),
        },
        _ => text.to_owned(),
    }
}

/// The months from the one that holds `now` back to the one of the date in `since`, as `2026-11`; `most` at the most.
pub fn months(now: i64, since: &str, most: usize) -> Vec<String> {
    let (year, month, _) = civil(now.div_euclid(DAY_MS));
    let first = since.get(..7).unwrap_or_default();
    let back = (0..).map(|back| {
        let months = year * 12 + month - 1 - back;
        format!("{:04}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
    });
    let mut all: Vec<String> = back.take(most).take_while(|text| text.as_str() >= first).collect();
    if all.is_empty() {
        all.push(format!("{year:04}-{month:02}"));
    }
    all
}

/// How far the first lies before the second: `5 s ago`, `12 min ago`, `3 h ago`, else the minute.
pub fn ago(text: &str, now: i64) -> String {
    let Some(seconds) = parse(text).map(|ms| (now - ms) / 1_000) else { return text.to_owned() };
    match seconds {
        ..5 => t("just now").to_owned(),
        5..60 => t!("{n} s ago", n = seconds),
        60..3_600 => t!("{n} min ago", n = seconds / 60),
        3_600..86_400 => t!("{n} h ago", n = seconds / 3_600),
        _ => minute(text),
    }
}

/// The start of a range of that many whole days, the last of which holds `now`.
pub fn range_start(now: i64, days: i64) -> i64 {
    now.div_euclid(DAY_MS) - (days - 1)
}

fn day_words(number: i64) -> String {
    if !intl::is_english() {
        return intl::date(number * DAY_MS, &[DAY, MONTH, YEAR]);
    }
    let (year, month, day) = civil(number);
    format!("{day} {} {year}", month_word(month))
}

fn month_word(month: i64) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or("?")
}

fn clock(ms: i64) -> (i64, i64, i64) {
    let seconds = ms.rem_euclid(DAY_MS) / 1_000;
    (seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "2026-12-23T14:05:09.120Z";

    #[test]
    fn months_go_back_to_the_first() {
        let now = parse("2026-02-10T00:00:00.000Z").unwrap();
        assert_eq!(months(now, "2025-12-24T10:00:00.000Z", 12), ["2026-02", "2026-01", "2025-12"]);
        assert_eq!(months(now, "2020-01-01", 2), ["2026-02", "2026-01"]);
        assert_eq!(months(now, "2027-01-01", 12), ["2026-02"]);
        assert_eq!(month("2026-02"), "Feb 2026");
        assert_eq!(month("soon"), "soon");
    }

    #[test]
    fn text_and_back() {
        let ms = parse(TEXT).unwrap();
        assert_eq!(rfc3339(ms), TEXT);
        assert_eq!(parse("2026-12-23T14:05:09Z"), Some(ms - 120));
        assert_eq!(parse("soon"), None);
        assert_eq!(parse("2026-13-01T00:00:00Z"), None);
        assert_eq!(parse("1970-01-01T00:00:00.000Z"), Some(0));
    }

    #[test]
    fn as_people_read_it() {
        assert_eq!(day(TEXT), "23 Dec 2026");
        assert_eq!(minute(TEXT), "23 Dec 2026, 14:05");
        assert_eq!(day("soon"), "soon");
        assert_eq!(day_short(day_number("2026-01-05").unwrap()), "5 Jan");
    }

    #[test]
    fn how_long_ago() {
        let now = parse(TEXT).unwrap();
        let before = |ms| rfc3339(now - ms);
        assert_eq!(ago(&before(1_000), now), "just now");
        assert_eq!(ago(&before(59_000), now), "59 s ago");
        assert_eq!(ago(&before(3_540_000), now), "59 min ago");
        assert_eq!(ago(&before(7_200_000), now), "2 h ago");
        assert_eq!(ago(&before(DAY_MS), now), "22 Dec 2026, 14:05");
    }

    #[test]
    fn a_range_ends_with_the_day_of_now() {
        let now = parse(TEXT).unwrap();
        assert_eq!(day_text(range_start(now, 7)), "2026-12-17");
        assert_eq!(day_text(range_start(now, 1)), "2026-12-23");
    }
}
