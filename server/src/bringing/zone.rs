//! The time zone of dates that name none.

use goodword_domain::Invalid;
use goodword_domain::import::date::Told;
use goodword_domain::time::Instant;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time zone.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// From a name such as `Europe/Berlin`, or an offset such as `+02:00`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("utc") || text == "Z" {
            return Ok(Self::default());
        }
        let zone = if text.starts_with(['+', '-']) {
            offset(text).and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok()).map(TimeZone::fixed)
        } else {
            TimeZone::get(text).ok()
        };
        zone.map(Self).ok_or_else(|| {
            Invalid::new(
                "timeZone",
                "must be a time zone such as `Europe/Berlin`, or an offset such as `+02:00`.",
            )
        })
    }

    /// The instant a text tells. What a clock on a wall shows twice, or never, is taken as it is before the clocks are set.
    pub fn instant(&self, told: Told) -> Option<Instant> {
        let wall = match told {
            Told::At(at) => return Some(at),
            Told::Local(wall) => Timestamp::from_millisecond(wall.0).ok()?,
        };
        let at = self.0.to_timestamp(TimeZone::UTC.to_datetime(wall)).ok()?;
        Some(Instant(at.as_millisecond()))
    }
}

fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = (if text.starts_with('-') { -1 } else { 1 }, &text[1..]);
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: &str, wall: &str, expected: &str) {
        let wall = crate::time::parse("date", wall).unwrap();
        let at = Zone::parse(zone).unwrap().instant(Told::Local(wall)).unwrap();
        assert_eq!(crate::time::show(at), expected, "{zone}");
    }

    #[test]
    fn walls_have_zones() {
        check("UTC", "2024-07-01T12:00:00Z", "2024-07-01T12:00:00.000Z");
        check("Europe/Berlin", "2024-07-01T12:00:00Z", "2024-07-01T10:00:00.000Z");
        check("Europe/Berlin", "2024-01-01T12:00:00Z", "2024-01-01T11:00:00.000Z");
        check("America/New_York", "2024-01-01T12:00:00Z", "2024-01-01T17:00:00.000Z");
        check("+05:30", "2024-01-01T12:00:00Z", "2024-01-01T06:30:00.000Z");
        check("-8", "2024-01-01T12:00:00Z", "2024-01-01T20:00:00.000Z");
        for bad in ["", "Mars/Olympus", "+25:00", "+é"] {
            assert!(Zone::parse(bad).is_err(), "{bad}");
        }
        let at = Instant(5);
        assert_eq!(Zone::parse("Asia/Tokyo").unwrap().instant(Told::At(at)), Some(at));
    }
}
