//! Amounts and instants as people write them.

use jiff::Timestamp;

/// `1234` as `12.34`.
pub fn decimal(minor: i64) -> String {
    let sign = if minor < 0 { "−" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// `1234` as `$12.34`.
pub fn dollars(minor: i64) -> String {
    match minor {
        ..0 => format!("−{}", dollars(minor.saturating_neg())),
        _ => format!("${}", decimal(minor)),
    }
}

/// `12.34`, `12.3`, `12`, `$12.34` or `12,34` as `1234`; nothing else, nothing negative.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('$').replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let cents: i64 = format!("{fraction:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + cents)
}

/// `2026-08-19T16:13:12.109Z` as `19 Aug 2026`; anything else as it is.
pub fn day(instant: &str) -> String {
    instant
        .parse::<Timestamp>()
        .map_or_else(|_| instant.to_owned(), |at| at.strftime("%-d %b %Y").to_string())
}

/// `2026-08-19T16:13:12.109Z` as `Wed 19 Aug 2026, 16:13 UTC`; anything else as it is.
pub fn moment(instant: &str) -> String {
    instant
        .parse::<Timestamp>()
        .map_or_else(|_| instant.to_owned(), |at| at.strftime("%a %-d %b %Y, %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(dollars(7_800), "$78.00");
        assert_eq!(dollars(-390), "−$3.90");
        assert_eq!(decimal(5), "0.05");
    }

    #[test]
    fn amounts_are_parsed_or_refused() {
        for (text, minor) in [("19.50", 1_950), ("19,5", 1_950), (" $7 ", 700), ("0.05", 5)] {
            assert_eq!(parse(text), Some(minor), "{text}");
        }
        for text in ["", ".5", "-1", "1.234", "1e3", "twelve", "9999999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn instants_read_as_people_write_them() {
        assert_eq!(day("2026-08-19T16:13:12.109Z"), "19 Aug 2026");
        assert_eq!(moment("2026-08-19T16:13:12.109Z"), "Wed 19 Aug 2026, 16:13 UTC");
        assert_eq!(day("soon"), "soon");
    }
}
