//! The wire's words as sentences a marketer reads. Pure; a word not known here is shown with its `_` as spaces.

pub mod deal;
pub mod fund;
pub mod payout;
pub mod points;
pub mod review;
mod reward;
pub mod split;

pub use reward::reward;

use crate::{date, format, told};
use goodword_wire::{Commission, Program};

/// How a badge looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Waiting,
    Plain,
    Bad,
}

impl Tone {
    /// The style's class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Waiting => "waiting",
            Self::Plain => "plain",
            Self::Bad => "bad",
        }
    }
}

/// A commission's state: `Held until 23 Dec 2026`.
pub fn commission_status(commission: &Commission) -> (String, Tone) {
    match commission.status.as_str() {
        "pending" => (format!("Held until {}", date::day(&commission.clears_at)), Tone::Waiting),
        "processed" if commission.payout_id.is_some() => ("In a payout".into(), Tone::Good),
        "processed" => ("Payable".into(), Tone::Good),
        "paid" => ("Paid".into(), Tone::Plain),
        "refunded" => ("Refunded".into(), Tone::Bad),
        "canceled" => ("Canceled".into(), Tone::Bad),
        "hold" => ("In review".into(), Tone::Waiting),
        "fraud" => ("Rejected".into(), Tone::Bad),
        "needs_rate" => ("Waits for a rate".into(), Tone::Waiting),
        other => (plain(other), Tone::Plain),
    }
}

/// What a commission was earned for: `Sale INV-7`, `Bonus`, `Correction`.
pub fn earned_for(commission: &Commission) -> String {
    match (commission.kind.as_str(), &commission.invoice_id, &commission.event_name) {
        ("sale", Some(invoice), _) => format!("Sale {invoice}"),
        ("correction", Some(invoice), _) => format!("Correction of sale {invoice}"),
        ("fund_claim", ..) => "Claim on a fund".into(),
        ("correction", None, _) => "Correction of what was paid".into(),
        ("lead", _, Some(name)) => name.clone(),
        ("lead", _, None) => "Sign-up".into(),
        ("click", ..) => "Visit".into(),
        (other, ..) => plain(other),
    }
}

/// A state of commissions, as a filter is called.
pub fn status_filter(status: &str) -> String {
    match status {
        "" => "All".into(),
        "pending" => "Held".into(),
        "processed" => "Payable".into(),
        "hold" => "In review".into(),
        "fraud" => "Rejected".into(),
        "needs_rate" => "Waits for a rate".into(),
        other => plain(other),
    }
}

/// A partner's state in the program.
pub fn partner_status(status: &str) -> (String, Tone) {
    let tone = match status {
        "approved" => Tone::Good,
        "pending" => Tone::Waiting,
        "rejected" | "banned" => Tone::Bad,
        _ => Tone::Plain,
    };
    (if status == "pending" { "Awaiting review".into() } else { plain(status) }, tone)
}

/// Why a partner's state is what it is; the reviewer's own words stay as they are.
pub fn partner_reason(reason: &str) -> String {
    match reason {
        "awaiting_review" => "Waits for your decision.".into(),
        "approved_automatically" => "Approved at once, as the program says.".into(),
        other if other.ends_with("_by_hand") => format!("{}.", plain(other)),
        other => other.to_owned(),
    }
}

/// Why an event is credited or not.
pub fn reason(word: &str) -> String {
    let sentence = match word {
        "code_typed" => "The buyer used this partner’s code, which comes before any click.",
        "last_touch" => "It was the last touchpoint before the event, within the attribution window.",
        "first_touch" => "It was the first touchpoint, within the attribution window.",
        "linear" => "All clicks within the attribution window share the credit alike.",
        "position_based" => "The first and the last click have 40 % each; those between share the rest.",
        "time_decay" => {
            "The clicks share the credit: each counts half as much for every seven days it is older."
        }
        "form_filled" => "The customer signed up with a form on this partner’s site.",
        "deal_registered" => "This partner had registered the deal, which comes before any code or click.",
        "named_by_vendor" => "You named the partner yourself.",
        "bound_at_sign_up" => "The customer was bound to this partner at the sign-up.",
        "unknown_click" => "The click that was named is not known here; it may belong to the other mode.",
        "nothing_paid" => "The sale was of nothing: a trial, or a voucher for the whole price.",
        "no_reward_applies" => {
            "No reward of the program applies: its duration is over, or it is for another group."
        }
        "no_touchpoint" => "Nothing connects this customer with a partner: no click, no code, no binding.",
        "outside_window" => "The last touchpoint lies outside the program’s attribution window.",
        "after_the_event" => "The only touchpoint came after the event.",
        "partner_not_approved" => "The partner was not approved in this program at the time.",
        "existing_customer" => "The customer bought before, and the program credits new customers only.",
        "other_program" => "The only touchpoint belongs to another program.",
        "bot" => "The only touchpoint was a program’s, not a person’s.",
        "no_consent" => "The visitor had not consented to being recognised.",
        "self_referral" => "The partner referred himself or herself.",
        "blocked" => "A signal of the program blocks the only touchpoint.",
        "duplicate" => "The same visitor on the same link within an hour is counted once.",
        other => return plain(other),
    };
    sentence.into()
}

/// The same in two or three words, for a table.
pub fn reason_short(word: &str) -> String {
    let words = match word {
        "code_typed" => "Code used",
        "bound_at_sign_up" => "Bound at sign-up",
        "visited" => "Paid for a visit",
        "completed" => "Completed by the partner",
        "given" => "Given by the vendor",
        "no_touchpoint" => "No touchpoint",
        "nothing_paid" => "Nothing was paid",
        "no_reward_applies" => "No reward applies",
        "unknown_click" => "Unknown click",
        "outside_window" => "Outside the window",
        "partner_not_approved" => "Partner not approved",
        other => return plain(other),
    };
    words.into()
}

/// Whether a reason says that a partner is credited.
pub fn is_credit(word: &str) -> bool {
    matches!(
        word,
        "code_typed"
            | "form_filled"
            | "deal_registered"
            | "named_by_vendor"
            | "last_touch"
            | "first_touch"
            | "linear"
            | "position_based"
            | "time_decay"
            | "bound_at_sign_up"
    )
}

/// Why a touchpoint counted or not, and how that looks.
pub fn verdict(word: &str) -> (&'static str, String, Tone) {
    let (short, long, tone) = match word {
        "credited" => ("Credited", "This touchpoint earned the credit.", Tone::Good),
        "later_touch_won" => {
            ("Outdone", "A later touchpoint won: the program credits the last one.", Tone::Plain)
        }
        "earlier_touch_won" => {
            ("Outdone", "An earlier touchpoint won: the program credits the first one.", Tone::Plain)
        }
        "code_won" => ("Outdone", "A code was used, and a code comes before a click.", Tone::Plain),
        "registration_won" => {
            ("Outdone", "The deal was registered, and that comes before a code or a click.", Tone::Plain)
        }
        "named_partner_won" => ("Outdone", "You named the partners yourself.", Tone::Plain),
        "faded" => ("Faded", "It is so much older than the last one that no share is left.", Tone::Plain),
        "existing_customer" => (
            "Not new",
            "The customer bought before, and the program credits new customers only.",
            Tone::Waiting,
        ),
        "other_program" => ("Elsewhere", "It belongs to another program.", Tone::Waiting),
        "bot" => ("No person", "It was a crawler’s, a preview’s or a prefetch.", Tone::Bad),
        "no_consent" => ("No consent", "The visitor had not consented to being recognised.", Tone::Waiting),
        "self_referral" => ("Self-referral", "The partner referred himself or herself.", Tone::Bad),
        "blocked" => ("Blocked", "A signal of the program blocks it.", Tone::Bad),
        "binding_won" => {
            ("Outdone", "The customer was already bound to a partner at the sign-up.", Tone::Plain)
        }
        "outside_window" => ("Too old", "It lies outside the program’s attribution window.", Tone::Waiting),
        "after_the_event" => ("Too late", "It came after the event.", Tone::Waiting),
        "partner_not_approved" => ("Not approved", "The partner was not approved at the time.", Tone::Bad),
        other => return ("Considered", plain(other), Tone::Plain),
    };
    (short, long.into(), tone)
}

/// How credit is given among touchpoints; a word that is no model stays as it is.
pub fn model(word: &str) -> &str {
    match word {
        "last_touch" => "Last touch",
        "first_touch" => "First touch",
        "linear" => "Linear",
        "position_based" => "Position-based",
        "time_decay" => "Time decay",
        "markov" => "Data-driven (Markov)",
        other => other,
    }
}

/// What is rewarded, as a noun.
pub fn event(word: &str) -> &str {
    match word {
        "click" => "visit",
        "lead" => "sign-up",
        "custom" => "custom event",
        other => other,
    }
}

/// What a touchpoint was.
pub fn touch(kind: &str) -> &str {
    match kind {
        "click" => "Click on a link of",
        "form" => "Form on the site of",
        "registration" => "Deal registered by",
        "manual" => "Named by you:",
        "code" => "Code of",
        "binding" => "Bound at the sign-up to",
        other => other,
    }
}

/// What a transfer is for.
pub fn transfer(kind: &str) -> String {
    match kind {
        "hold" => "Held",
        "import" => "Brought from another program",
        "release" => "Released: the hold ended",
        "take_back" => "Taken back: a refund or a dispute",
        "restore" => "Given back: a dispute won",
        "void" => "Voided",
        "net" => "Netted off with what was owed",
        "send" => "Sent with a payout",
        "pay" => "Paid out",
        "return" => "Returned from a payout",
        "grant" => "Given to a partner out of a fund",
        "accrue" => "Accrued by purchases",
        "commit" => "Committed to a request",
        "free" => "Released: not claimed",
        "reimburse" => "Paid out of a fund",
        "expire" => "Expired in a fund",
        "allocate" => "Set aside",
        "withdraw" => "No longer set aside",
        other => return plain(other),
    }
    .into()
}

/// What an account is called.
pub fn account(kind: &str) -> String {
    match kind {
        "expense" => "Commission expense".into(),
        "budget" => "Budget left".into(),
        "fund" => "Left in funds".into(),
        "allocated" => "In funds, free".into(),
        "committed" => "In funds, committed".into(),
        "sent" => "On its way".into(),
        "clawback" => "Owed by the partner".into(),
        other => plain(other),
    }
}

/// The site of an address; any other text as it is.
pub fn site(address: &str) -> &str {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.map_or(address, |rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        host.strip_prefix("www.").unwrap_or(host)
    })
}

/// A note without the id of what it is about, which the line beside it links to.
pub fn note(note: &str) -> &str {
    note.rsplit_once(" (fcl_").filter(|(_, rest)| rest.ends_with(')')).map_or(note, |(before, _)| before)
}

/// A program's terms, each as a heading and a sentence.
pub fn terms(program: &Program) -> Vec<(&'static str, String)> {
    let model = match program.attribution_model.as_str() {
        "first_touch" => "The first partner a customer met is credited.",
        "linear" => "All partners a customer met share the credit alike.",
        "position_based" => {
            "The first and the last partner a customer met have 40 % each; those between share the rest."
        }
        "time_decay" => "All partners a customer met share the credit, the later the more.",
        _ => "The last partner a customer met is credited.",
    };
    let new = if program.new_customers_only { " Only who never bought before can be referred." } else { "" };
    let window = format!("{model} A code comes before a click.{new}");
    let windows = told::windows(&program.attribution_windows);
    let hold = match program.hold_days {
        0 => "A commission is payable at once.".to_owned(),
        days => {
            format!("A commission is held for {} and then becomes payable.", format::counted(days, "day"))
        }
    };
    let joins = match (program.status.as_str(), program.auto_approve) {
        ("closed", _) => "The program is closed: nobody can join.",
        (_, true) => "Who joins is approved at once.",
        (_, false) => "Who joins waits for your approval.",
    };
    let budget = if program.budgeted { " Only as long as the budget lasts." } else { "" };
    let payout =
        format!("Paid out from {} on.{budget}", format::money(program.min_payout, &program.currency));
    vec![
        ("Credit", window),
        ("Counts for", windows),
        ("Hold", hold),
        ("Payout", payout),
        ("Joining", joins.to_owned()),
    ]
}

/// `partner_not_approved` as `Partner not approved`.
pub fn plain(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[path = "words_tests.rs"]
pub mod tests;
