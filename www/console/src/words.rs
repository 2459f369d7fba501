//! The wire's words as sentences a marketer reads. Pure; a word not known here is shown with its `_` as spaces.

pub mod deal;
pub mod fund;
pub mod gift;
mod known;
pub mod payout;
pub mod points;
pub mod review;
mod reward;
pub mod split;

pub use known::known;
pub use reward::reward;

use crate::text::{plural, t};
use crate::told::{self, Fact};
use crate::{date, format};
use goodword_domain::risk::Rule;
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
        "pending" => (t!("Held until {date}", date = date::day(&commission.clears_at)), Tone::Waiting),
        "processed" if commission.payout_id.is_some() => (t("In a payout").into(), Tone::Good),
        "processed" => (t("Payable").into(), Tone::Good),
        "paid" => (t("Paid").into(), Tone::Plain),
        "refunded" => (t("Refunded").into(), Tone::Bad),
        "canceled" => (t("Canceled").into(), Tone::Bad),
        "hold" => (t("In review").into(), Tone::Waiting),
        "fraud" => (t("Rejected").into(), Tone::Bad),
        "needs_rate" => (t("Waits for a rate").into(), Tone::Waiting),
        other => (plain(other), Tone::Plain),
    }
}

/// What a commission was earned for: `Sale INV-7`, `Bonus`, `Correction`.
pub fn earned_for(commission: &Commission) -> String {
    match (commission.kind.as_str(), &commission.invoice_id, &commission.event_name) {
        ("sale", Some(invoice), _) => t!("Sale {invoice}", invoice),
        ("correction", Some(invoice), _) => t!("Correction of sale {invoice}", invoice),
        ("fund_claim", ..) => t("Claim on a fund").into(),
        ("correction", None, _) => t("Correction of what was paid").into(),
        ("lead", _, Some(name)) => name.clone(),
        ("lead", _, None) => t("Sign-up").into(),
        ("click", ..) => t("Visit").into(),
        (other, ..) => plain(other),
    }
}

/// A state of commissions, as a filter is called.
pub fn status_filter(status: &str) -> String {
    match status {
        "" => t("All").into(),
        "pending" => t("Held").into(),
        "processed" => t("Payable").into(),
        "hold" => t("In review").into(),
        "fraud" => t("Rejected").into(),
        "needs_rate" => t("Waits for a rate").into(),
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
    (if status == "pending" { t("Awaiting review").into() } else { plain(status) }, tone)
}

/// Why a partner's state is what it is; the reviewer's own words stay as they are.
pub fn partner_reason(reason: &str) -> String {
    match reason {
        "awaiting_review" => t("Waits for your decision.").into(),
        "approved_automatically" => t("Approved at once, as the program says.").into(),
        other if other.ends_with("_by_hand") => format!("{}.", plain(other)),
        other => other.to_owned(),
    }
}

/// What a rule for signals looks for.
pub fn signal(rule: &str) -> String {
    Rule::parse(rule).map_or_else(|_| plain(rule), |rule| known(rule.explanation()).to_owned())
}

/// What speaks against an applicant; where others are named after it, it ends so.
pub fn applicant_signal(rule: &str) -> String {
    let sentence = match rule {
        "refused_elsewhere" => t("Another program of yours rejected or banned this partner."),
        "same_mailbox" => t("The e-mail address leads to the same mailbox as that of:"),
        "shared_device" => t("The same browser was used by:"),
        "disposable_email" => t("The e-mail address is at a provider of throw-away mail."),
        "shared_address" => t("On the same day the same network address was used by:"),
        "unproven_email" => t("The e-mail address was not proven yet."),
        other => return plain(other),
    };
    sentence.into()
}

/// Why an event is credited or not.
pub fn reason(word: &str) -> String {
    let sentence = match word {
        "code_typed" => t("The buyer used this partner’s code, which comes before any click."),
        "last_touch" => t("It was the last touchpoint before the event, within the attribution window."),
        "first_touch" => t("It was the first touchpoint, within the attribution window."),
        "linear" => t("All clicks within the attribution window share the credit alike."),
        "position_based" => t("The first and the last click have 40 % each; those between share the rest."),
        "time_decay" => {
            t("The clicks share the credit: each counts half as much for every seven days it is older.")
        }
        "form_filled" => t("The customer signed up with a form on this partner’s site."),
        "deal_registered" => t("This partner had registered the deal, which comes before any code or click."),
        "named_by_vendor" => t("You named the partner yourself."),
        "bound_at_sign_up" => t("The customer was bound to this partner at the sign-up."),
        "unknown_click" => t("The click that was named is not known here; it may belong to the other mode."),
        "nothing_paid" => t("The sale was of nothing: a trial, or a voucher for the whole price."),
        "no_reward_applies" => {
            t("No reward of the program applies: its duration is over, or it is for another group.")
        }
        "no_touchpoint" => t("Nothing connects this customer with a partner: no click, no code, no binding."),
        "outside_window" => t("The last touchpoint lies outside the program’s attribution window."),
        "after_the_event" => t("The only touchpoint came after the event."),
        "partner_not_approved" => t("The partner was not approved in this program at the time."),
        "existing_customer" => t("The customer bought before, and the program credits new customers only."),
        "other_program" => t("The only touchpoint belongs to another program."),
        "bot" => t("The only touchpoint was a program’s, not a person’s."),
        "no_consent" => t("The visitor had not consented to being recognised."),
        "self_referral" => t("The partner referred himself or herself."),
        "blocked" => t("A signal of the program blocks the only touchpoint."),
        "duplicate" => t("The same visitor on the same link within an hour is counted once."),
        other => return plain(other),
    };
    sentence.into()
}

/// The same in two or three words, for a table.
pub fn reason_short(word: &str) -> String {
    let words = match word {
        "code_typed" => t("Code used"),
        "bound_at_sign_up" => t("Bound at sign-up"),
        "visited" => t("Paid for a visit"),
        "completed" => t("Completed by the partner"),
        "given" => t("Given by the vendor"),
        "no_touchpoint" => t("No touchpoint"),
        "nothing_paid" => t("Nothing was paid"),
        "no_reward_applies" => t("No reward applies"),
        "unknown_click" => t("Unknown click"),
        "outside_window" => t("Outside the window"),
        "partner_not_approved" => t("Partner not approved"),
        "last_touch" | "first_touch" | "linear" | "position_based" => model(word),
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
        "credited" => (t("Credited"), t("This touchpoint earned the credit."), Tone::Good),
        "later_touch_won" => {
            (t("Outdone"), t("A later touchpoint won: the program credits the last one."), Tone::Plain)
        }
        "earlier_touch_won" => {
            (t("Outdone"), t("An earlier touchpoint won: the program credits the first one."), Tone::Plain)
        }
        "code_won" => (t("Outdone"), t("A code was used, and a code comes before a click."), Tone::Plain),
        "registration_won" => (
            t("Outdone"),
            t("The deal was registered, and that comes before a code or a click."),
            Tone::Plain,
        ),
        "named_partner_won" => (t("Outdone"), t("You named the partners yourself."), Tone::Plain),
        "faded" => {
            (t("Faded"), t("It is so much older than the last one that no share is left."), Tone::Plain)
        }
        "existing_customer" => (
            t("Not new"),
            t("The customer bought before, and the program credits new customers only."),
            Tone::Waiting,
        ),
        "other_program" => (t("Elsewhere"), t("It belongs to another program."), Tone::Waiting),
        "bot" => (t("No person"), t("It was a crawler’s, a preview’s or a prefetch."), Tone::Bad),
        "no_consent" => {
            (t("No consent"), t("The visitor had not consented to being recognised."), Tone::Waiting)
        }
        "self_referral" => (t("Self-referral"), t("The partner referred himself or herself."), Tone::Bad),
        "blocked" => (t("Blocked"), t("A signal of the program blocks it."), Tone::Bad),
        "binding_won" => {
            (t("Outdone"), t("The customer was already bound to a partner at the sign-up."), Tone::Plain)
        }
        "outside_window" => {
            (t("Too old"), t("It lies outside the program’s attribution window."), Tone::Waiting)
        }
        "after_the_event" => (t("Too late"), t("It came after the event."), Tone::Waiting),
        "partner_not_approved" => {
            (t("Not approved"), t("The partner was not approved at the time."), Tone::Bad)
        }
        other => return (t("Considered"), plain(other), Tone::Plain),
    };
    (short, long.into(), tone)
}

/// How credit is given among touchpoints; a word that is no model stays as it is.
pub fn model(word: &str) -> &str {
    match word {
        "last_touch" => t("Last touch"),
        "first_touch" => t("First touch"),
        "linear" => t("Linear"),
        "position_based" => t("Position-based"),
        "time_decay" => t("Time decay"),
        "markov" => t("Data-driven (Markov)"),
        other => other,
    }
}

/// What is rewarded, as a noun.
pub fn event(word: &str) -> &str {
    match word {
        "click" => t("visit"),
        "lead" => t("sign-up"),
        "sale" => t("sale"),
        "renewal" => t("renewal"),
        "custom" => t("custom event"),
        other => other,
    }
}

/// What a touchpoint was, with the place of whose it is.
pub fn touch(kind: &str) -> &'static str {
    match kind {
        "click" => t("Click on a link of {partner}"),
        "form" => t("Form on the site of {partner}"),
        "registration" => t("Deal registered by {partner}"),
        "manual" => t("Named by you: {partner}"),
        "code" => t("Code of {partner}"),
        "binding" => t("Bound at the sign-up to {partner}"),
        _ => "{partner}",
    }
}

/// What a transfer is for.
pub fn transfer(kind: &str) -> String {
    match kind {
        "hold" => t("Held"),
        "import" => t("Brought from another program"),
        "release" => t("Released: the hold ended"),
        "take_back" => t("Taken back: a refund or a dispute"),
        "restore" => t("Given back: a dispute won"),
        "void" => t("Voided"),
        "net" => t("Netted off with what was owed"),
        "send" => t("Sent with a payout"),
        "pay" => t("Paid out"),
        "return" => t("Returned from a payout"),
        "grant" => t("Given to a partner out of a fund"),
        "accrue" => t("Accrued by purchases"),
        "commit" => t("Committed to a request"),
        "free" => t("Released: not claimed"),
        "reimburse" => t("Paid out of a fund"),
        "expire" => t("Expired in a fund"),
        "allocate" => t("Set aside"),
        "withdraw" => t("No longer set aside"),
        other => return plain(other),
    }
    .into()
}

/// What an account is called.
pub fn account(kind: &str) -> String {
    match kind {
        "expense" => t("Commission expense").into(),
        "budget" => t("Budget left").into(),
        "fund" => t("Left in funds").into(),
        "allocated" => t("In funds, free").into(),
        "committed" => t("In funds, committed").into(),
        "sent" => t("On its way").into(),
        "clawback" => t("Owed by the partner").into(),
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
pub fn terms(program: &Program) -> Vec<Fact> {
    let model = match program.attribution_model.as_str() {
        "first_touch" => t("The first partner a customer met is credited."),
        "linear" => t("All partners a customer met share the credit alike."),
        "position_based" => {
            t("The first and the last partner a customer met have 40 % each; those between share the rest.")
        }
        "time_decay" => t("All partners a customer met share the credit, the later the more."),
        _ => t("The last partner a customer met is credited."),
    };
    let mut credit = vec![model, t("A code comes before a click.")];
    if program.new_customers_only {
        credit.push(t("Only who never bought before can be referred."));
    }
    let windows = told::windows(&program.attribution_windows);
    let joins = match (program.status.as_str(), program.auto_approve) {
        ("closed", _) => t("The program is closed: nobody can join."),
        (_, true) => t("Who joins is approved at once."),
        (_, false) => t("Who joins waits for your approval."),
    };
    vec![
        (t("Credit"), credit.join(" ")),
        (t("Counts for"), windows),
        hold(program),
        payout_from(program),
        (t("Joining"), joins.to_owned()),
    ]
}

/// How long commissions are held.
pub fn hold(program: &Program) -> Fact {
    let text = match program.hold_days {
        0 => t("A commission is payable at once.").to_owned(),
        days => plural!(
            "one=A commission is held for {n} day and then becomes payable.|A commission is held for {n} days and then becomes payable.",
            days
        ),
    };
    (t("Hold"), text)
}

/// From which amount on it pays.
pub fn payout_from(program: &Program) -> Fact {
    let amount = format::money(program.min_payout, &program.currency);
    let mut text = t!("Paid out from {amount} on.", amount);
    if program.budgeted {
        text = format!("{text} {}", t("Only as long as the budget lasts."));
    }
    (t("Payout"), text)
}

/// `partner_not_approved` as `Partner not approved`.
pub fn plain(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut letters = text.chars();
    let text: String =
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect());
    known(&text).to_owned()
}

#[cfg(test)]
#[path = "words_tests.rs"]
pub mod tests;
