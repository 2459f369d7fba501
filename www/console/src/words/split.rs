//! Shared sales in words.

use super::{Tone, plain};
use crate::text::t;

/// A split's state.
pub fn status(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "open" => (t("Waits for you"), Tone::Waiting),
        "proposed" => (t("Waits for answers"), Tone::Waiting),
        "agreed" => (t("All agree"), Tone::Good),
        "disputed" => (t("Somebody disputes it"), Tone::Bad),
        "approved" => (t("Shared"), Tone::Good),
        "rejected" => (t("Left as it was"), Tone::Plain),
        "withdrawn" => (t("Taken back"), Tone::Plain),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// Whether it waits for a decision.
pub fn is_open(status: &str) -> bool {
    ["proposed", "agreed", "disputed"].contains(&status)
}

/// What somebody concerned says.
pub fn answer(answer: &str) -> (String, Tone) {
    match answer {
        "agreed" => (t("Agrees").into(), Tone::Good),
        "disputed" => (t("Disputes it").into(), Tone::Bad),
        "waiting" => (t("Not yet").into(), Tone::Waiting),
        _ => (t("Not asked").into(), Tone::Plain),
    }
}

/// What happened to it.
pub fn happened(status: &str) -> &'static str {
    match status {
        "proposed" => "proposed",
        "agreed" => t("agreed to"),
        "disputed" => t("disputed"),
        "approved" => t("shared so"),
        "rejected" => t("left as it was"),
        _ => t("taken back"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_told_apart_from_what_is_decided() {
        for open in ["proposed", "agreed", "disputed"] {
            assert!(is_open(open) && status(open).0 != plain(open));
        }
        assert!(!is_open("approved") && !is_open("withdrawn"));
        assert_eq!((answer("disputed").1, answer("").0.as_str()), (Tone::Bad, "Not asked"));
        assert_eq!((happened("agreed"), happened("withdrawn")), ("agreed to", "taken back"));
    }
}
