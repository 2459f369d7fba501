//! A reward in sentences that leave nothing out. Pure.

use crate::text::{plural, t};
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
        let (event, basis) = (self.event(), self.basis());
        let event = match (self.reward.per.as_deref(), self.reward.per_amount) {
            (Some("unit"), _) => t!("each unit in {event}", event),
            (Some("amount"), Some(per)) => {
                let amount = format::money(per, &self.program.currency);
                t!("each whole {amount} of {event}", amount, event)
            }
            _ => event,
        };
        match (self.reward.percentage.as_deref(), &self.reward.tiers) {
            (Some(percentage), _) => {
                t!("{percent}% of {event}{basis}.", percent = format::decimal(percentage), event, basis)
            }
            (None, Some(_)) => {
                t!("A rate that depends on what the partner brings, for {event}{basis}.", event, basis)
            }
            (None, None) => {
                let amount = self.amount(self.reward.amount.unwrap_or(0));
                t!("{amount} for {event}{basis}.", amount, event, basis)
            }
        }
    }

    /// Minor units of the program's currency, or points.
    fn amount(&self, minor: i64) -> String {
        format::money(minor, self.unit())
    }

    fn unit(&self) -> &str {
        self.reward.unit.as_deref().filter(|unit| *unit != "money").unwrap_or(&self.program.currency)
    }

    fn event(&self) -> String {
        let is_renewal = match self.reward.event.as_str() {
            "lead" => return t("every sign-up").into(),
            "click" => return t("every visit").into(),
            "custom" => {
                return t!("every “{name}”", name = self.reward.event_name.as_deref().unwrap_or_default());
            }
            event => event == "renewal",
        };
        match (self.reward.max_duration, is_renewal) {
            (Some(0), false) => t("a customer’s first sale only").into(),
            (Some(0), true) => t("a customer’s first renewal only").into(),
            (None, false) => t("every sale, for as long as the customer buys").into(),
            (None, true) => t("every renewal, for as long as the customer buys").into(),
            (Some(months), false) => plural!(
                "one=every sale in the month after a customer’s first|every sale in the {n} months after a customer’s first",
                months
            ),
            (Some(months), true) => plural!(
                "one=every renewal in the month after a customer’s first|every renewal in the {n} months after a customer’s first",
                months
            ),
        }
    }

    /// What a percentage is taken of, where that is not the usual.
    fn basis(&self) -> &'static str {
        match self.reward.basis.as_deref() {
            Some("paid") => t(", counting all that was paid, with tax and shipping"),
            Some("before_discount") => t(", counting the price before discount, without tax and shipping"),
            _ => "",
        }
    }

    fn tiers(&self) -> Option<String> {
        let tiers = self.reward.tiers.as_ref()?;
        let period = match tiers.period.as_deref() {
            None | Some("ever") => t("since the beginning").to_owned(),
            Some(period) => within(period),
        };
        let measured = match tiers.measure.as_deref() {
            Some("quantity") => t("units"),
            Some("count") => t("events"),
            _ => t("revenue"),
        };
        let steps: Vec<String> = tiers.steps.iter().map(|step| self.step(step, tiers)).collect();
        let mode = match tiers.mode.as_str() {
            "retroactive" => t("The rate reached counts for all of it."),
            "retroactive_on_growth" => {
                t("The rate reached counts for what is more than in the period before.")
            }
            _ => t("Each rate counts for what lies within its tier."),
        };
        Some(t!(
            "By the partner’s {measured} {period}: {steps}. {mode}",
            measured,
            period,
            steps = steps.join(", "),
            mode
        ))
    }

    fn step(&self, step: &TierStep, tiers: &Tiers) -> String {
        let rate = match (&step.percentage, step.amount) {
            (Some(percentage), _) => format!("{}%", format::decimal(percentage)),
            (None, amount) => t!("{amount} each", amount = self.amount(amount.unwrap_or(0))),
        };
        match tiers.measure.as_deref() {
            Some("quantity") => t!("{rate} from unit {count} on", rate, count = format::count(step.from)),
            Some("count") => t!("{rate} from event {count} on", rate, count = format::count(step.from)),
            _ => {
                t!("{rate} from {amount} on", rate, amount = format::money(step.from, &self.program.currency))
            }
        }
    }

    fn dates(&self) -> Option<String> {
        match (&self.reward.starts_at, &self.reward.ends_at) {
            (None, None) => None,
            (Some(start), None) => Some(t!("From {time} UTC on.", time = date::minute(start))),
            (None, Some(end)) => Some(t!("Only until {time} UTC.", time = date::minute(end))),
            (Some(start), Some(end)) => Some(t!(
                "From {start} until {end} UTC.",
                start = date::minute(start),
                end = date::minute(end)
            )),
        }
    }

    fn group(&self) -> Option<String> {
        let of = |id: &String| self.program.groups.iter().find(|group| group.id == *id);
        let by_id = self.reward.group_id.as_ref().map(|id| of(id).map_or(id.as_str(), |group| &group.name));
        let name = by_id.or(self.reward.group.as_deref())?;
        Some(t!("For partners in “{name}”.", name))
    }

    fn condition(&self, when: &Condition) -> String {
        let only = t!("Only if {condition}.", condition = self.part(when, false));
        if is_about_articles(when) {
            format!("{only} {}", t("Of an order with several articles it is paid on those that match."))
        } else {
            only
        }
    }

    /// A condition within a sentence; `inner` puts a group in brackets.
    fn part(&self, c: &Condition, inner: bool) -> String {
        let joined = |parts: &[Condition], word: &str| {
            let text =
                parts.iter().map(|part| self.part(part, true)).collect::<Vec<_>>().join(&format!(" {word} "));
            if inner && parts.len() > 1 { format!("({text})") } else { text }
        };
        match (&c.all, &c.any, &c.not) {
            (Some(all), ..) => joined(all, t("and")),
            (_, Some(any), _) => joined(any, t("or")),
            (_, _, Some(not)) => t!("not {condition}", condition = self.part(not, true)),
            _ => self.comparison(c),
        }
    }

    fn comparison(&self, c: &Condition) -> String {
        let field = c.field.as_deref().unwrap_or_default();
        let what = subject(field);
        let number = |n: i64| {
            if field == "amount" { format::money(n, &self.program.currency) } else { format::count(n) }
        };
        match (&c.is, &c.is_not, c.at_least, c.at_most) {
            (Some(list), ..) => match list.as_slice() {
                [only] => t!("{what} is {value}", what, value = only),
                list => t!("{what} is one of {list}", what, list = list.join(", ")),
            },
            (_, Some(list), ..) => match list.as_slice() {
                [only] => t!("{what} is not {value}", what, value = only),
                list => t!("{what} is none of {list}", what, list = list.join(", ")),
            },
            (_, _, Some(n), _) => t!("{what} is at least {number}", what, number = number(n)),
            (_, _, _, n) => t!("{what} is at most {number}", what, number = number(n.unwrap_or(0))),
        }
    }

    fn caps(&self, caps: &Caps) -> Option<String> {
        let period = match caps.period.as_deref() {
            None | Some("ever") => t("ever").to_owned(),
            Some(period) => within(period),
        };
        let parts = [
            caps.event.map(|minor| t!("{amount} for one event", amount = self.amount(minor))),
            caps.customer.map(|minor| t!("{amount} for one customer", amount = self.amount(minor))),
            caps.partner
                .map(|minor| t!("{amount} for one partner {period}", amount = self.amount(minor), period)),
            caps.total
                .map(|minor| t!("{amount} for all partners {period}", amount = self.amount(minor), period)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| t!("At most {parts}.", parts = parts.join(", ")))
    }

    fn referred(&self, referred: &Referred) -> String {
        match (&referred.code, referred.amount) {
            (Some(code), _) => t!("Who was referred gets the coupon “{code}”.", code),
            (None, amount) => {
                let credit = format::money(amount.unwrap_or(0), &self.program.currency);
                t!("Who was referred gets {credit} of credit.", credit)
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
        (_, Some(name)) => t!("“{name}” in the metadata", name),
        ("amount", _) => t("the amount paid").into(),
        ("customer", _) => t("the customer").into(),
        ("group", _) => t("the partner’s group").into(),
        ("product", _) => t("the product").into(),
        ("plan", _) => t("the plan").into(),
        ("quantity", _) => t("the quantity").into(),
        ("country", _) => t("the country").into(),
        ("currency", _) => t("the currency").into(),
        ("channel", _) => t("the channel").into(),
        (other, _) => t!("the {field}", field = other),
    }
}

fn within(period: &str) -> String {
    match period {
        "month" => t("in a month").into(),
        "quarter" => t("in a quarter").into(),
        "year" => t("in a year").into(),
        other => t!("in a {period}", period = other),
    }
}

fn split(split: &Split) -> String {
    match split.by.as_str() {
        "role" => {
            let roles = split.roles.iter().flatten().map(|(role, weight)| format!("{role} {weight}"));
            t!(
                "Partners named with a sale share it by role: {roles}.",
                roles = roles.collect::<Vec<_>>().join(", ")
            )
        }
        "position" => {
            let (first, last) = (split.first.unwrap_or(0), split.last.unwrap_or(0));
            t!(
                "Partners named with a sale share it by position: {first}% to the first, {last}% to the last, the rest alike among all.",
                first,
                last
            )
        }
        _ => t("Partners named with a sale share it by the percentages sent with it.").into(),
    }
}

#[cfg(test)]
#[path = "reward_tests.rs"]
mod tests;
