//! What a program says, in sentences.

mod points;

use crate::store::{Group, Program};
use goodword_domain::fund::{Expiry, Fund, Pays, Scope, Threshold, Tranche};
use goodword_domain::money::Currency;
use goodword_domain::program::Terms;
use goodword_domain::registration::{self, Conflict};
use goodword_domain::reward::{
    Amount, Basis, Caps, Comparison, Condition, Event, Field, Measure, Mode, Per, Period, Rate, Referred,
    Reward, Split, Tiers,
};
use goodword_domain::settlement::{self, Calendar, Rule, Scheme};

/// A program in sentences, one a line.
pub fn program(p: &Program, groups: &[Group]) -> String {
    let t = &p.terms;
    let mut lines = vec![
        format!("{} ({}), links lead to {}.", p.name, t.currency.wire().to_ascii_uppercase(), p.url),
        format!(
            "Credit goes by `{}`; clicks count for {}, codes for {}{}.",
            t.model.word(),
            days(t.windows.click),
            days(t.windows.code),
            if t.new_customers_only { "; only for customers who never bought before" } else { "" }
        ),
        format!(
            "Commissions are held for {}; {} is the least that is paid out{}.",
            days(t.hold_days),
            t.currency.show(t.min_payout),
            if t.budgeted { "; they end with the budget" } else { "" }
        ),
    ];
    if t.rewards.is_empty() {
        lines.push("It has no rewards: no single event is paid.".into());
    }
    let numbered = t.rewards.iter().enumerate();
    lines.extend(numbered.map(|(place, r)| format!("{}. {}", place + 1, reward(r, t, groups))));
    lines.extend(t.funds.iter().map(|f| fund(f, t.currency)));
    lines.extend(t.registrations.as_ref().map(|rules| registrations(rules, t.currency)));
    lines.extend(t.settlements.iter().map(|rule| settlement(rule, t.currency)));
    lines.extend(points::points(t));
    lines.join("\n") + "\n"
}

/// A fund in a sentence.
pub fn fund(f: &Fund, currency: Currency) -> String {
    let whose = match f.scope {
        Scope::Partner => "each partner draws on money of his or her own",
        Scope::Shared => "all partners draw on its budget",
    };
    let mut parts =
        vec![format!("Fund {}: {whose}; it pays {}% {}", f.name, f.share, paid_for(&f.pays, currency))];
    parts.extend(f.accrual.as_ref().map(|accrual| {
        let bands = accrual.bands();
        let step = |step: &goodword_domain::reward::Step| match step.rate {
            Rate::Percentage(share) => format!("{share}% from {}", currency.show(step.from)),
            Rate::Flat(_) => String::new(),
        };
        let steps: Vec<String> = bands.steps.iter().map(step).collect();
        let (period, mode) = (bands.period.word(), bands.mode.word());
        format!("filled by purchases of a {period}: {} ({mode})", steps.join(", "))
    }));
    parts.extend(f.request_cap.map(|cap| format!("at most {} to a request", currency.show(cap))));
    parts.extend(
        f.partner_cap
            .map(|(cap, period)| format!("at most {} to a partner ({})", currency.show(cap), period.word())),
    );
    parts.push(format!("claimed within {}", days(f.claim_days)));
    parts.extend(match f.expiry {
        Expiry::Never => None,
        Expiry::Days(n) => Some(format!("what comes in expires after {}", days(n))),
        Expiry::End(period) => Some(format!("what comes in expires with the {}", period.word())),
    });
    if !f.reviewed {
        parts.push("requests are approved by themselves".into());
    }
    parts.join("; ") + "."
}

fn paid_for(pays: &Pays, currency: Currency) -> String {
    match pays {
        Pays::Cost => "of what something has cost".into(),
        Pays::Tranches(tranches) => {
            let of = |t: &Tranche| {
                let reaches = match t.reaches {
                    Threshold::Amount(amount) => currency.show(amount),
                    Threshold::Share(share) => format!("{share}% of the amount named"),
                };
                let pays = t.pays.map_or_else(|| "the rest".into(), |pays| currency.show(pays));
                format!("{pays} at {reaches}")
            };
            let parts: Vec<String> = tranches.iter().map(of).collect();
            format!("of the amount named, in tranches: {}", parts.join(", "))
        }
        Pays::Instalments(parts) => {
            let gate = parts.gate.as_ref().map_or_else(String::new, |gate| {
                format!(" where “{}” reaches {}%", gate.name, gate.at_least)
            });
            format!("of a yearly cost, by {}s, prorated by days{gate}", parts.period.word())
        }
    }
}

/// The rules of registrations in a sentence.
fn registrations(s: &registration::Settings, currency: Currency) -> String {
    let mut parts = vec![format!(
        "Partners register deals: reviewed within {} hours, protected for {}, extended at most {} times",
        s.review_hours,
        days(s.protection_days),
        s.extensions
    )];
    parts.push(match s.conflict {
        Conflict::Refuse => "a second registrant is refused".into(),
        Conflict::Half => "a second registrant gets half".into(),
    });
    parts.extend(
        s.stages.iter().map(|stage| format!("“{}” pays {}", stage.name, currency.show(stage.amount))),
    );
    parts.extend(s.bonus.map(|bonus| match bonus {
        Rate::Flat(amount) => format!("winning pays {}", currency.show(amount)),
        Rate::Percentage(percentage) => format!("winning pays {percentage}% of what it is won for"),
    }));
    parts.extend(s.bonus_cap.map(|cap| format!("at most {}", currency.show(cap))));
    parts.join(", ") + "."
}

/// A rule of settlements in a sentence.
fn settlement(r: &Rule, currency: Currency) -> String {
    let period = match r.calendar {
        Calendar::Every(period) => over(period).trim_start_matches("in ").to_owned(),
        Calendar::Once(start, end) => {
            format!("the time from {} until {}", crate::time::show(start), crate::time::show(end))
        }
    };
    let mut parts = vec![format!("{} is settled for {period}, {} after its end", r.name, days(r.grace_days))];
    parts.push(match &r.scheme {
        Scheme::Tiers(t) => format!("paying {}", tiers(t, currency)),
        Scheme::Target { target, steps, .. } => {
            let steps: Vec<String> =
                steps.iter().map(|s| format!("{}% from {}% of it", s.percentage, s.from)).collect();
            format!(
                "by a target of the mean of {} periods and {}% more: {}",
                target.periods,
                target.plus,
                steps.join(", ")
            )
        }
        Scheme::Multiple(rows) => {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| format!("{} times from {} months and {} deals", row.times, row.months, row.deals))
                .collect();
            format!("paying monthly recurring revenue {}", rows.join(", "))
        }
    });
    if r.per != settlement::Per::Period {
        parts.push(format!("for each {}", r.per.word()));
    }
    if !r.products.is_empty() {
        parts.push(format!("for {} only", r.products.join(" or ")));
    }
    if r.threshold > 0 {
        parts.push(format!("from {} on", r.threshold));
    }
    parts.extend(r.cap.map(|cap| format!("at most {} to a partner", currency.show(cap))));
    parts.extend(r.coop.as_ref().map(|coop| {
        let least = if coop.least > 0 {
            format!(" where that is at least {}", currency.show(coop.least))
        } else {
            String::new()
        };
        format!("{}% of it into the fund {}{least}", coop.percentage, coop.fund)
    }));
    parts.join(", ") + "."
}

/// A reward in a sentence.
pub fn reward(r: &Reward, terms: &Terms, groups: &[Group]) -> String {
    let unit = terms.unit(r);
    let name = r.name.as_ref().map_or_else(String::new, |name| format!("{name}: "));
    let mut parts = vec![format!("{name}{} {}", event(&r.event), pays(r, unit, terms.currency))];
    match r.months {
        Some(0) => parts.push("for the customer's first sale only".into()),
        Some(months) => {
            parts.push(format!("for {months} months from the customer's first commissioned sale"));
        }
        None => {}
    }
    if let Some(group) = groups.iter().find(|group| Some(&group.id) == r.group.as_ref()) {
        parts.push(format!("for partners of the group {} only", group.name));
    }
    if r.condition != Condition::default() {
        parts.push(format!("if {}", condition(&r.condition, terms.currency)));
    }
    parts.extend(r.starts_at.map(|at| format!("from {}", crate::time::show(at))));
    parts.extend(r.ends_at.map(|at| format!("until {}", crate::time::show(at))));
    parts.extend(caps(r.caps, unit));
    parts.extend(r.split.as_ref().map(split));
    parts.extend(r.referred.as_ref().map(|referred| match referred {
        Referred::Coupon(code) => format!("and the one who was referred gets the coupon {code}"),
        Referred::Credit(amount) => {
            format!("and the one who was referred gets {} of credit", terms.currency.show(*amount))
        }
        Referred::Credits(amount) => {
            format!("and the one who was referred gets {}", Currency::CREDITS.show(*amount))
        }
        Referred::Months(1) => "and the one who was referred gets a free month".to_owned(),
        Referred::Months(months) => format!("and the one who was referred gets {months} free months"),
    }));
    parts.join(", ") + "."
}

fn event(event: &Event) -> String {
    match event {
        Event::Click => "A click pays".into(),
        Event::Lead => "A sign-up pays".into(),
        Event::Sale => "A sale pays".into(),
        Event::Renewal => "A renewal pays".into(),
        Event::Custom(name) => format!("The event “{name}” pays"),
    }
}

fn pays(r: &Reward, unit: Currency, currency: Currency) -> String {
    let of = match r.basis {
        Basis::Net => "of what was paid without tax and shipping",
        Basis::Paid => "of all that was paid",
        Basis::Listed => "of the price before discount, tax and shipping",
    };
    match &r.amount {
        Amount::Rate(Rate::Percentage(percentage)) => format!("{percentage}% {of}"),
        Amount::Rate(Rate::Flat(amount)) => {
            let per = match r.per {
                Per::Event => String::new(),
                Per::Unit => " for each unit".into(),
                Per::Amount(per) => format!(" for each whole {} {of}", currency.show(per)),
            };
            format!("{}{per}", unit.show(*amount))
        }
        Amount::Tiers(t) => tiers(t, unit),
    }
}

fn tiers(t: &Tiers, unit: Currency) -> String {
    let from = |from: i64| match t.measure {
        Measure::Amount => unit.show(from),
        Measure::Quantity => format!("unit {from}"),
        Measure::Count => format!("event {from}"),
    };
    let rate = |rate: Rate| match rate {
        Rate::Flat(amount) => unit.show(amount),
        Rate::Percentage(percentage) => format!("{percentage}%"),
    };
    let steps: Vec<String> =
        t.steps.iter().map(|step| format!("{} from {}", rate(step.rate), from(step.from))).collect();
    let mode = match t.mode {
        Mode::Marginal => "each for what lies within it",
        Mode::Retroactive => "the one reached for all of the period",
        Mode::RetroactiveOnGrowth => "the one reached for what is more than in the period before",
    };
    format!("by what the partner brings {}: {} ({mode})", over(t.period), steps.join(", "))
}

fn over(period: Period) -> &'static str {
    match period {
        Period::Day => "in a day",
        Period::Month => "in a month",
        Period::Quarter => "in a quarter",
        Period::Year => "in a year",
        Period::Ever => "in all",
    }
}

fn caps(caps: Caps, unit: Currency) -> Vec<String> {
    let most = |amount: Option<i64>, whom: &str| {
        amount.map(|amount| format!("at most {} {whom}", unit.show(amount)))
    };
    let each = |cap: Option<(i64, Period)>, whom: &str| {
        cap.map(|(amount, period)| format!("at most {} {whom} {}", unit.show(amount), over(period)))
    };
    let all = [
        most(caps.event, "for an event"),
        most(caps.customer, "for a customer"),
        each(caps.partner, "to a partner"),
        each(caps.total, "to all partners"),
    ];
    all.into_iter().flatten().collect()
}

fn split(split: &Split) -> String {
    match split {
        Split::Percentage => "shared by the parts that are told".into(),
        Split::Role(roles) => {
            let roles: Vec<String> = roles.iter().map(|(role, weight)| format!("{role} {weight}")).collect();
            format!("shared by role ({})", roles.join(", "))
        }
        Split::Position { first, last } => {
            format!("shared by place: {first}% more to the first, {last}% more to the last, the rest evenly")
        }
    }
}

fn condition(c: &Condition, currency: Currency) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let told: Vec<String> = parts.iter().map(|part| condition(part, currency)).collect();
        if told.len() == 1 { told.concat() } else { format!("({})", told.join(word)) }
    };
    match c {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("not {}", condition(part, currency)),
        Condition::Is { field, comparison } => {
            let amount = |n: i64| if *field == Field::Amount { currency.show(n) } else { n.to_string() };
            let word = field.word();
            match comparison {
                Comparison::OneOf(list) => format!("{word} is {}", list.join(" or ")),
                Comparison::NoneOf(list) => format!("{word} is not {}", list.join(" or ")),
                Comparison::AtLeast(n) => format!("{word} is at least {}", amount(*n)),
                Comparison::AtMost(n) => format!("{word} is at most {}", amount(*n)),
            }
        }
    }
}

fn days(days: i64) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}
