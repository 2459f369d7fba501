//! Dates as exports write them: `2024-01-15T10:30:00Z`, `2024-01-15 10:30:00 UTC`, `Jan 15, 2024 10:30 AM`, `15.01.2024`,
//! `01/15/2024`, seconds since 1970.

use crate::Invalid;
use crate::time::{DAY_MS, Instant, civil, days_from_civil};

/// Whether days or months come first in dates such as `03/04/2024`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// Whatever a date itself tells.
    #[default]
    Told,
    /// `31/12/2024`.
    DayFirst,
    /// `12/31/2024`.
    MonthFirst,
}

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// An instant.
    At(Instant),
    /// What a clock on a wall showed, as if it were UTC: the zone was not written.
    Local(Instant),
}

impl DayOrder {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "dmy" => Ok(Self::DayFirst),
            "mdy" => Ok(Self::MonthFirst),
            _ => Err(Invalid::new("dates", "must be `dmy` or `mdy`.")),
        }
    }

    /// What the dates of a column tell together: one with a day after the twelfth tells it for all. Those that contradict one
    /// another tell nothing.
    pub fn of_column<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        for text in texts {
            let numbers =
                text.split_whitespace().find(|word| word.contains('/')).map(|word| numbers(word, '/'));
            if let Some(Some([first, second, _])) = numbers {
                day_first |= first > 12 && first <= 31;
                month_first |= second > 12 && first <= 12;
            }
        }
        match (day_first, month_first) {
            (true, false) => Self::DayFirst,
            (false, true) => Self::MonthFirst,
            _ => Self::Told,
        }
    }
}

fn numbers(word: &str, sign: char) -> Option<[i64; 3]> {
    let parts: Vec<i64> = word.split(sign).map(str::parse).collect::<Result<_, _>>().ok()?;
    parts.try_into().ok()
}

/// Reads a date with or without a time.
pub fn read(text: &str, order: DayOrder) -> Result<Told, Invalid> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return of_digits(text).ok_or_else(|| unreadable(text));
    }
    let mut found = Found::default();
    for word in words(text) {
        found.take(&word, order, text)?;
    }
    found.told().ok_or_else(|| unreadable(text))
}

fn unreadable(text: &str) -> Invalid {
    Invalid::new(
        "date",
        format!("must be a date such as `2024-01-31` or `2024-01-31 10:30:00 UTC`; it is `{text}`."),
    )
}

/// Seconds or milliseconds since 1970, or `20240131`.
fn of_digits(text: &str) -> Option<Told> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        8 => {
            let day = day_of(number / 10_000, number / 100 % 100, number % 100)?;
            Some(Told::Local(Instant(day * DAY_MS)))
        }
        9 | 10 => Some(Told::At(Instant(number * 1_000))),
        12 | 13 => Some(Told::At(Instant(number))),
        _ => None,
    }
}

/// The words of a date. What stands between date and time may be a `T`, a comma or a blank.
fn words(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let has_t = bytes.get(10) == Some(&b'T') && bytes.get(11).is_some_and(u8::is_ascii_digit);
    let text = if has_t { format!("{} {}", &text[..10], &text[11..]) } else { text.to_owned() };
    text.split([' ', ',', '\u{a0}', '\u{202f}']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What the words have told so far.
#[derive(Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Milliseconds since midnight.
    time: Option<i64>,
    afternoon: Option<bool>,
    /// Milliseconds ahead of UTC.
    offset: Option<i64>,
}

impl Found {
    fn take(&mut self, word: &str, order: DayOrder, text: &str) -> Result<(), Invalid> {
        let lower = word.to_ascii_lowercase();
        let lower = lower.trim_end_matches('.');
        let taken = if lower.contains(':') && self.time.is_none() {
            self.take_time(lower)
        } else if let Some(offset) = zone(lower).filter(|_| self.time.is_some() || self.day.is_some()) {
            self.offset.replace(offset).is_none()
        } else if lower == "am" || lower == "pm" {
            self.afternoon.replace(lower == "pm").is_none()
        } else if let Some(month) = month(lower) {
            self.month.replace(month).is_none()
        } else if lower == "at" || lower == "of" || is_weekday(lower) {
            true
        } else if lower.contains(['-', '/', '.']) {
            self.take_date(lower, order, text)?
        } else {
            self.take_number(lower)
        };
        if taken { Ok(()) } else { Err(unreadable(text)) }
    }

    /// `10:30`, `10:30:05.123`, with `Z`, `+02:00` or `pm` at its end.
    fn take_time(&mut self, word: &str) -> bool {
        let digits = word.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(word.len());
        let (clock, rest) = word.split_at(digits);
        match rest {
            "" => {}
            "am" | "pm" => self.afternoon = Some(rest == "pm"),
            zoned => match zone(zoned) {
                Some(offset) => self.offset = Some(offset),
                None => return false,
            },
        }
        self.time = clock_of(clock);
        self.time.is_some()
    }

    /// `2024-01-31`, `31.01.2024`, `1/31/24`, `31-Jan-2024`.
    fn take_date(&mut self, word: &str, order: DayOrder, text: &str) -> Result<bool, Invalid> {
        let sign = word.chars().find(|c| "-/.".contains(*c)).unwrap_or('-');
        let parts: Vec<&str> = word.split(sign).collect();
        let [first, second, third] = parts[..] else { return Ok(false) };
        if self.day.is_some() || self.year.is_some() {
            return Ok(false);
        }
        if let Some(named) = month(second) {
            self.month = Some(named);
            return Ok(self.take_number(first) && self.take_number(third));
        }
        let (Ok(a), Ok(b), Ok(c)) = (first.parse::<i64>(), second.parse::<i64>(), third.parse::<i64>())
        else {
            return Ok(false);
        };
        let (year, month, day) = if first.len() == 4 {
            (a, b, c)
        } else {
            let day_first = sign == '.'
                || match order {
                    DayOrder::DayFirst => true,
                    DayOrder::MonthFirst => false,
                    DayOrder::Told if a == b || a > 12 || b > 12 => a > 12,
                    DayOrder::Told => {
                        let remedy = format!(
                            "is `{text}`, which can be read in two ways: say whether dates are `dmy` or `mdy`."
                        );
                        return Err(Invalid::new("date", remedy));
                    }
                };
            if day_first { (full_year(c, third), b, a) } else { (full_year(c, third), a, b) }
        };
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
        Ok(true)
    }

    /// A day such as `31` or `31st`, or a year.
    fn take_number(&mut self, word: &str) -> bool {
        let digits =
            ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
        let Ok(number) = digits.parse::<i64>() else { return false };
        if digits.len() <= 2 && self.day.is_none() {
            self.day.replace(number).is_none()
        } else {
            self.year.replace(full_year(number, digits)).is_none()
        }
    }

    fn told(&self) -> Option<Told> {
        let day = day_of(self.year?, self.month?, self.day?)?;
        let mut time = self.time.unwrap_or(0);
        if let Some(afternoon) = self.afternoon {
            let hour = time / 3_600_000;
            if !(1..=12).contains(&hour) {
                return None;
            }
            time += if afternoon && hour < 12 { 43_200_000 } else { 0 };
            time -= if !afternoon && hour == 12 { 43_200_000 } else { 0 };
        }
        let wall = Instant(day * DAY_MS + time);
        Some(match self.offset {
            Some(offset) => Told::At(Instant(wall.0 - offset)),
            None => Told::Local(wall),
        })
    }
}

fn full_year(number: i64, text: &str) -> i64 {
    if text.len() == 2 { 2_000 + number } else { number }
}

/// The number of a day that exists, between the years 1970 and 9998.
fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let good = (1970..9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let number = good.then(|| days_from_civil(year, month, day))?;
    (civil(number) == (year, month, day)).then_some(number)
}

fn clock_of(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?);
    let (second, milli) = match parts.next() {
        None => (0, 0),
        Some(seconds) => {
            let (second, part) = seconds.split_once('.').unwrap_or((seconds, ""));
            let part: String = part.chars().chain("000".chars()).take(3).collect();
            (second.parse::<i64>().ok()?, part.parse::<i64>().ok()?)
        }
    };
    let good = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    (good && parts.next().is_none()).then_some(((hour * 60 + minute) * 60 + second) * 1_000 + milli)
}

/// Milliseconds ahead of UTC of a zone whose abbreviation means one thing, or that is an offset itself.
fn zone(word: &str) -> Option<i64> {
    let hours = |hours: i64| Some(hours * 3_600_000);
    match word {
        "z" | "utc" | "gmt" => Some(0),
        "est" => hours(-5),
        "edt" => hours(-4),
        "pst" => hours(-8),
        "pdt" => hours(-7),
        "cet" => hours(1),
        "cest" => hours(2),
        _ => offset(word.strip_prefix("utc").or(word.strip_prefix("gmt")).unwrap_or(word)),
    }
}

/// `+02:00`, `+0200`, `+2`.
fn offset(word: &str) -> Option<i64> {
    let sign = if word.starts_with('+') {
        1
    } else if word.starts_with('-') {
        -1
    } else {
        return None;
    };
    let digits = word[1..].replace(':', "");
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i64>().ok()?, 0),
        4 => (digits.get(..2)?.parse::<i64>().ok()?, digits.get(2..)?.parse::<i64>().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

fn month(word: &str) -> Option<i64> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let place = NAMES.iter().position(|name| {
        word.len() >= 3 && (name.starts_with(word) || word == "sept" && *name == "september")
    })?;
    i64::try_from(place + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|name| word.len() >= 3 && name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Instant {
        Instant(days_from_civil(year, month, day) * DAY_MS + (hour * 60 + minute) * 60_000)
    }

    #[track_caller]
    fn check(text: &str, expected: Told) {
        assert_eq!(read(text, DayOrder::Told), Ok(expected), "{text}");
    }

    #[test]
    fn as_exports_write_them() {
        let noon = at(2024, 1, 15, 12, 30);
        for text in [
            "2024-01-15T12:30:00Z",
            "2024-01-15 12:30:00 UTC",
            "2024-01-15 12:30 GMT",
            "2024-01-15T14:30:00+02:00",
            "2024-01-15 07:30:00 -0500",
            "2024-01-15 7:30 EST",
            "15 Jan 2024 12:30 UTC",
            "Mon, 15 Jan 2024 12:30:00 +0000",
            "2024-01-15T12:30:00.000Z",
            "1705321800",
            "1705321800000",
            "2024-01-15 12:30:00 UTC+0",
        ] {
            check(text, Told::At(noon));
        }
        for text in [
            "2024-01-15 12:30:00",
            "January 15, 2024 12:30 PM",
            "Jan 15, 2024, 12:30pm",
            "15.01.2024 12:30",
            "15-Jan-2024 12:30",
            "15th January 2024 at 12:30",
            "01/15/2024 12:30",
            "15/01/2024 12:30",
            "1/15/24 12:30 PM",
            "2024/01/15 12:30",
        ] {
            check(text, Told::Local(noon));
        }
        check("2024-01-15", Told::Local(at(2024, 1, 15, 0, 0)));
        check("20240115", Told::Local(at(2024, 1, 15, 0, 0)));
        check("Sept 3, 2023 12:05 AM", Told::Local(at(2023, 9, 3, 0, 5)));
        check("05/05/2024", Told::Local(at(2024, 5, 5, 0, 0)));
    }

    #[test]
    fn what_is_refused() {
        for bad in [
            "",
            "yesterday",
            "2024-02-30",
            "2024-13-01",
            "03/04/2024",
            "2024-01-15 25:00",
            "15",
            "Jan 2024",
            "2024-01-15 13:00 PM",
            "1234567",
            "2024-01-15 2024-01-16",
            "2024-01-15 10:00 IST",
            "31/31/2024",
            "10:30",
        ] {
            assert!(read(bad, DayOrder::Told).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_or_months_first() {
        let (march, april) = (Told::Local(at(2024, 3, 4, 0, 0)), Told::Local(at(2024, 4, 3, 0, 0)));
        assert_eq!(read("03/04/2024", DayOrder::MonthFirst), Ok(march));
        assert_eq!(read("03/04/2024", DayOrder::DayFirst), Ok(april));
        assert_eq!(DayOrder::of_column(["03/04/2024", "03/14/2024"].into_iter()), DayOrder::MonthFirst);
        assert_eq!(DayOrder::of_column(["03/04/2024 10:00", "14/03/2024"].into_iter()), DayOrder::DayFirst);
        assert_eq!(DayOrder::of_column(["14/03/2024", "03/14/2024"].into_iter()), DayOrder::Told);
        assert_eq!(DayOrder::of_column(["2024-03-14", ""].into_iter()), DayOrder::Told);
        assert!(read("14/03/2024", DayOrder::MonthFirst).is_err(), "there is no fourteenth month");
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[0-9a-zA-Z/:., +-]{0,24}") {
            let _ = read(&text, DayOrder::Told);
        }

        #[test]
        fn days_are_read_back(day in 0_i64..20_000) {
            let (y, m, d) = civil(day);
            prop_assert_eq!(read(&format!("{y:04}-{m:02}-{d:02}"), DayOrder::Told), Ok(Told::Local(Instant(day * DAY_MS))));
        }
    }
}
