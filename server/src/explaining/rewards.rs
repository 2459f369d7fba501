//! Sentences for why a reward applied or not.

use super::sentences::Telling;
use crate::error::Error;
use crate::time::show;
use goodword_domain::reward::{Comparison, Condition, Fit, Reward};
use goodword_domain::time::Instant;
use goodword_wire::RewardFit;

/// What sentences about rewards may speak of besides.
pub struct Rules<'a> {
    /// The rewards of the program's version that was in force.
    pub rewards: &'a [Reward],
    /// When the customer's first sale was commissioned, if one was.
    pub first_commissioned_at: Option<Instant>,
}

/// Why a reward applied or not.
pub fn fit(
    told: &RewardFit,
    all: &[RewardFit],
    telling: &Telling<'_>,
    rules: &Rules<'_>,
) -> Result<String, Error> {
    let fit = Fit::ALL.into_iter().find(|fit| fit.word() == told.fit);
    let fit = fit.ok_or_else(|| Error::internal(format!("a stored fit is `{}`, which is none", told.fit)))?;
    let rule = rules.rewards.iter().find(|reward| reward.id.as_str() == told.reward_id);
    let event = telling.event;
    Ok(match fit {
        Fit::Applies => "It applies: of the rewards that fit it stands first in the program.".into(),
        Fit::EarlierRewardApplies => {
            format!("{} pays already, and an event is paid once.", earlier(told, all))
        }
        Fit::OtherEvent => {
            format!("It is for a {}, and this was a {event}{}.", told.event, who_pays(&told.event))
        }
        Fit::NotStarted => {
            format!("It had not begun{}.", at(rule.and_then(|r| r.starts_at), ": it applies from"))
        }
        Fit::Ended => format!("It was over{}.", at(rule.and_then(|r| r.ends_at), ": it applied until")),
        Fit::OtherGroup => "It is for partners of another group.".into(),
        Fit::DurationOver => duration(rule, rules.first_commissioned_at),
        Fit::ConditionNotMet => {
            let condition = rule.map(|rule| format!(": {}", condition(&rule.condition))).unwrap_or_default();
            format!("Its condition is not met{condition}.")
        }
    })
}

fn earlier(told: &RewardFit, all: &[RewardFit]) -> String {
    let applies =
        |other: &&RewardFit| other.partner_id == told.partner_id && other.fit == Fit::Applies.word();
    let name = all.iter().find(applies).map(|other| other.name.as_ref().unwrap_or(&other.reward_id));
    name.map_or_else(
        || "An earlier reward".into(),
        |name| format!("The reward `{name}`, which stands before it,"),
    )
}

fn who_pays(event: &str) -> &'static str {
    if event == "renewal" { " by a customer who had not paid before" } else { "" }
}

fn at(instant: Option<Instant>, what: &str) -> String {
    instant.map_or_else(String::new, |at| format!("{what} {}", show(at)))
}

fn duration(rule: Option<&Reward>, first: Option<Instant>) -> String {
    let since = at(first, ", which was at");
    match rule.and_then(|rule| rule.months) {
        Some(0) => format!("It pays for the customer's first sale alone{since}."),
        Some(months) => format!(
            "It pays for {months} months from the customer's first commissioned sale{since}; they were over."
        ),
        None => "The time in which it pays was over.".into(),
    }
}

/// A condition in words.
fn condition(condition: &Condition) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts.iter().map(|part| format!("({})", self::condition(part))).collect();
        parts.join(word)
    };
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("not ({})", self::condition(part)),
        Condition::Is { field, comparison } => {
            let field = field.word();
            match comparison {
                Comparison::OneOf(list) => format!("{field} is {}", list.join(" or ")),
                Comparison::NoneOf(list) => format!("{field} is not {}", list.join(" or ")),
                Comparison::AtLeast(n) => format!("{field} is at least {n}"),
                Comparison::AtMost(n) => format!("{field} is at most {n}"),
            }
        }
    }
}
