//! A reward in sentences that leave nothing out. Pure.

use crate::{date, format};
use goodword_wire::{Caps, Condition, Program, Referred, Reward, Split, TierStep, Tiers};

/// All a reward says, in sentences.
pub fn reward(reward: &Reward, program: &Program) -> String {
    let told = Told { reward, program };
    let sentences = [
        Some(told.pays()),
        told.tiers(),
        told.dates(),
        told.group(),
        reward.when.as_ref().map(|when| told.condition(when)),
        reward.caps.as_ref().and_then(|caps| told.caps(caps)),
        reward.split.as_ref().map(split),
        reward.referred.as_ref().map(|referred| told.referred(referred)),
    ];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

struct Told<'a> {
    reward: &'a Reward,
    program: &'a Program,
}

impl Told<'_> {
    fn pays(&self) -> String {
        let what = match (self.reward.percentage.as_deref(), &self.reward.tiers) {
            (Some(percentage), _) => format!("{}% of", format::decimal(percentage)),
            (None, Some(_)) => "A rate that depends on what the partner brings, for".to_owned(),
            (None, None) => format!("{} for", self.amount(self.reward.amount.unwrap_or(0))),
        };
        let unit = match (self.reward.per.as_deref(), self.reward.per_amount) {
            (Some("unit"), _) => "each unit in ".to_owned(),
            (Some("amount"), Some(per)) => {
                format!("each whole {} of ", format::money(per, &self.program.currency))
            }
            _ => String::new(),
        };
        format!("{what} {unit}{}{}.", self.event(), self.basis())
    }

    /// Minor units of the program's currency, or points.
    fn amount(&self, minor: i64) -> String {
        format::money(minor, self.unit())
    }

    fn unit(&self) -> &str {
        self.reward.unit.as_deref().filter(|unit| *unit != "money").unwrap_or(&self.program.currency)
    }

    fn event(&self) -> String {
        let (one, every) = match self.reward.event.as_str() {
            "lead" => return "every sign-up".into(),
            "click" => return "every visit".into(),
            "custom" => {
                return format!("every “{}”", self.reward.event_name.as_deref().unwrap_or_default());
            }
            "renewal" => ("renewal", "every renewal"),
            _ => ("sale", "every sale"),
        };
        match self.reward.max_duration {
            Some(0) => format!("a customer’s first {one} only"),
            None => format!("{every}, for as long as the customer buys"),
            Some(1) => format!("{every} in the month after a customer’s first"),
            Some(months) => format!("{every} in the {months} months after a customer’s first"),
        }
    }

    /// What a percentage is taken of, where that is not the usual.
    fn basis(&self) -> &'static str {
        match self.reward.basis.as_deref() {
            Some("paid") => ", counting all that was paid, with tax and shipping",
            Some("before_discount") => ", counting the price before discount, without tax and shipping",
            _ => "",
        }
    }

    fn tiers(&self) -> Option<String> {
        let tiers = self.reward.tiers.as_ref()?;
        let period = match tiers.period.as_deref() {
            None | Some("ever") => "since the beginning".to_owned(),
            Some(period) => format!("in a {period}"),
        };
        let measured = match tiers.measure.as_deref() {
            Some("quantity") => "units",
            Some("count") => "events",
            _ => "revenue",
        };
        let steps: Vec<String> = tiers.steps.iter().map(|step| self.step(step, tiers)).collect();
        let mode = match tiers.mode.as_str() {
            "retroactive" => "The rate reached counts for all of it.",
            "retroactive_on_growth" => "The rate reached counts for what is more than in the period before.",
            _ => "Each rate counts for what lies within its tier.",
        };
        Some(format!("By the partner’s {measured} {period}: {}. {mode}", steps.join(", ")))
    }

    fn step(&self, step: &TierStep, tiers: &Tiers) -> String {
        let rate = match (&step.percentage, step.amount) {
            (Some(percentage), _) => format!("{}%", format::decimal(percentage)),
            (None, amount) => format!("{} each", self.amount(amount.unwrap_or(0))),
        };
        match tiers.measure.as_deref() {
            Some("quantity") => format!("{rate} from unit {} on", format::count(step.from)),
            Some("count") => format!("{rate} from event {} on", format::count(step.from)),
            _ => format!("{rate} from {} on", format::money(step.from, &self.program.currency)),
        }
    }

    fn dates(&self) -> Option<String> {
        let until = |at: &String| format!("until {} UTC", date::minute(at));
        match (&self.reward.starts_at, &self.reward.ends_at) {
            (None, None) => None,
            (Some(start), None) => Some(format!("From {} UTC on.", date::minute(start))),
            (None, Some(end)) => Some(format!("Only {}.", until(end))),
            (Some(start), Some(end)) => Some(format!("From {} {}.", date::minute(start), until(end))),
        }
    }

    fn group(&self) -> Option<String> {
        let of = |id: &String| self.program.groups.iter().find(|group| group.id == *id);
        let by_id = self.reward.group_id.as_ref().map(|id| of(id).map_or(id.as_str(), |group| &group.name));
        let name = by_id.or(self.reward.group.as_deref())?;
        Some(format!("For partners in “{name}”."))
    }

    fn condition(&self, when: &Condition) -> String {
        let articles = if is_about_articles(when) {
            " Of an order with several articles it is paid on those that match."
        } else {
            ""
        };
        format!("Only if {}.{articles}", self.part(when, false))
    }

    /// A condition within a sentence; `inner` puts a group in brackets.
    fn part(&self, c: &Condition, inner: bool) -> String {
        let joined = |parts: &[Condition], word: &str| {
            let text = parts.iter().map(|part| self.part(part, true)).collect::<Vec<_>>().join(word);
            if inner && parts.len() > 1 { format!("({text})") } else { text }
        };
        match (&c.all, &c.any, &c.not) {
            (Some(all), ..) => joined(all, " and "),
            (_, Some(any), _) => joined(any, " or "),
            (_, _, Some(not)) => format!("not {}", self.part(not, true)),
            _ => self.comparison(c),
        }
    }

    fn comparison(&self, c: &Condition) -> String {
        let field = c.field.as_deref().unwrap_or_default();
        let number = |n: i64| {
            if field == "amount" { format::money(n, &self.program.currency) } else { format::count(n) }
        };
        let compared = match (&c.is, &c.is_not, c.at_least, c.at_most) {
            (Some(list), ..) => format!("is {}", list_of("one of", list)),
            (_, Some(list), ..) => match list.as_slice() {
                [only] => format!("is not {only}"),
                list => format!("is {}", list_of("none of", list)),
            },
            (_, _, Some(n), _) => format!("is at least {}", number(n)),
            (_, _, _, n) => format!("is at most {}", number(n.unwrap_or(0))),
        };
        format!("{} {compared}", subject(field))
    }

    fn caps(&self, caps: &Caps) -> Option<String> {
        let period = match caps.period.as_deref() {
            None | Some("ever") => "ever".to_owned(),
            Some(period) => format!("in a {period}"),
        };
        let parts = [
            caps.event.map(|minor| format!("{} for one event", self.amount(minor))),
            caps.customer.map(|minor| format!("{} for one customer", self.amount(minor))),
            caps.partner.map(|minor| format!("{} for one partner {period}", self.amount(minor))),
            caps.total.map(|minor| format!("{} for all partners {period}", self.amount(minor))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("At most {}.", parts.join(", ")))
    }

    fn referred(&self, referred: &Referred) -> String {
        match (&referred.code, referred.amount) {
            (Some(code), _) => format!("Who was referred gets the coupon “{code}”."),
            (None, amount) => {
                let credit = format::money(amount.unwrap_or(0), &self.program.currency);
                format!("Who was referred gets {credit} of credit.")
            }
        }
    }
}

fn is_about_articles(c: &Condition) -> bool {
    let parts = c.all.iter().chain(&c.any).flatten().chain(c.not.as_deref());
    let own = c.field.as_deref().is_some_and(|field| matches!(field, "product" | "plan" | "quantity"));
    own || parts.into_iter().any(is_about_articles)
}

fn subject(field: &str) -> String {
    match (field, field.strip_prefix("metadata.")) {
        (_, Some(name)) => format!("“{name}” in the metadata"),
        ("amount", _) => "the amount paid".into(),
        ("customer", _) => "the customer".into(),
        ("group", _) => "the partner’s group".into(),
        (other, _) => format!("the {other}"),
    }
}

/// One value alone, or several after what is said of them: `and` and `or` are kept for what joins conditions.
fn list_of(several: &str, list: &[String]) -> String {
    if list.len() == 1 { list.join("") } else { format!("{several} {}", list.join(", ")) }
}

fn split(split: &Split) -> String {
    match split.by.as_str() {
        "role" => {
            let roles = split.roles.iter().flatten().map(|(role, weight)| format!("{role} {weight}"));
            format!("Partners named with a sale share it by role: {}.", roles.collect::<Vec<_>>().join(", "))
        }
        "position" => {
            let (first, last) = (split.first.unwrap_or(0), split.last.unwrap_or(0));
            format!(
                "Partners named with a sale share it by position: {first}% to the first, {last}% to the last, the rest alike among all."
            )
        }
        _ => "Partners named with a sale share it by the percentages sent with it.".into(),
    }
}

#[cfg(test)]
#[path = "reward_tests.rs"]
mod tests;
