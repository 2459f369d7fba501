//! Instants as text, and back.

use goodword_domain::Invalid;
use goodword_domain::time::{DAY_MS, Instant, civil, days_from_civil};

/// RFC 3339 in UTC with milliseconds.
pub fn show(at: Instant) -> String {
    let ((year, month, day), ms) = (civil(at.day()), at.0.rem_euclid(DAY_MS));
    let (hour, minute, second, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// From RFC 3339 text, between the years 1970 and 9999.
pub fn parse(field: &'static str, text: &str) -> Result<Instant, Invalid> {
    let at = read(text).filter(|at| at.0 >= 0);
    at.ok_or_else(|| Invalid::new(field, "must be RFC 3339 text such as `2026-08-19T16:13:12.109Z`."))
}

fn read(text: &str) -> Option<Instant> {
    let (date, rest) = (text.get(..10)?, text.get(11..)?);
    let separated = matches!(text.as_bytes()[10], b'T' | b't' | b' ');
    let [year, month, day] = numbers(date, '-')?;
    let day_number = days_from_civil(year, month, day);
    let (time, offset) = split(rest)?;
    let (whole, part) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(whole, ':')?;
    let ms: String = part.chars().chain(std::iter::repeat('0')).take(3).collect();
    let fits = separated
        && part.bytes().all(|b| b.is_ascii_digit())
        && civil(day_number) == (year, month, day)
        && (hour < 24 && minute < 60 && second < 60)
        && year < 10_000;
    let of_day = (hour * 60 + minute) * 60_000 + second * 1_000 + ms.parse::<i64>().ok()?;
    fits.then(|| Instant(day_number * DAY_MS + of_day - offset * 60_000))
}

/// The time of day, and the offset in minutes.
fn split(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let place = text.rfind(['+', '-'])?;
    let (time, offset) = text.split_at(place);
    let (hours, minutes) = offset[1..].split_once(':')?;
    let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some((time, if offset.starts_with('-') { -minutes } else { minutes }))
}

/// Three numbers, each of as many digits as RFC 3339 says.
fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let digits = part.bytes().all(|b| b.is_ascii_digit()) && (part.len() == 2 || part.len() == 4);
        digits.then(|| part.parse().ok()).flatten()
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let at = Instant(1_597_853_592_109);
        assert_eq!(show(at), "2020-08-19T16:13:12.109Z");
        for text in
            ["2020-08-19T16:13:12.109Z", "2020-08-19T18:13:12.109+02:00", "2020-08-19t14:43:12.109999-01:30"]
        {
            assert_eq!(parse("at", text).unwrap(), at, "{text}");
        }
        assert_eq!(parse("at", "1970-01-01T00:00:00Z").unwrap(), Instant(0));
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for bad in [
            "yesterday",
            "2020-08-19",
            "2020-02-30T00:00:00Z",
            "2020-08-19T24:00:00Z",
            "2020-08-19T10:00Z",
            "1969-12-31T23:59:59Z",
            "2020-08-19T10:00:00",
            "2020-08-19T10:00:00.x1Z",
        ] {
            assert!(parse("at", bad).is_err(), "{bad}");
        }
    }
}
