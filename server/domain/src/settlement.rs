//! Period settlement: what is paid for all that a partner brought in a period, once the period is over.
//!
//! Sell-through against a target, promotions (SPIF) and rebates are one rule each: a calendar, a scheme, and what limits it. Nothing
//! is remembered but what was posted: whenever a period is settled, what it earns is worked out from the sales as they are known then,
//! and so is what every earlier period would earn by now. The difference to what was posted for that one is its correction. So a
//! settlement that is run again finds nothing to do, and what comes late comes to the same total as if it had come in time.
//!
//! Periods are UTC and half-open; a boundary belongs to the higher tier; an amount is rounded once, half away from zero, when what a
//! group earns is known.

mod calendar;
mod line;
mod rule;

pub use calendar::{Calendar, MONTHS_AFTER, Span};
pub use line::{Line, Sold};
pub use rule::{Attainment, Coop, MOST_RULES, Multiple, Per, Rule, Scheme, Target};

use crate::reward::{Measure, Mode, Tiers, Volume};
use std::collections::BTreeMap;

/// What a partner's period has earned so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accrual {
    /// What was brought, by the scheme's measure: minor units, units or events.
    pub measured: i64,
    /// The target, minor units.
    pub target: Option<i64>,
    /// All that is earned, minor units.
    pub earned: i64,
    /// The part of that which goes into a fund.
    pub coop: i64,
    /// What comes next.
    pub next: Option<Next>,
}

/// The next step: "so much more unlocks so much".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// Where it begins, by the scheme's measure.
    pub from: i64,
    /// How much is missing.
    pub missing: i64,
    /// What all of the period earns once it is reached, minor units.
    pub unlocks: i64,
}

/// What was posted to a partner for a period, by all settlements together, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// Cash and fund.
    pub earned: i64,
    /// The part that went into the fund.
    pub coop: i64,
}

/// What is known of a partner's period when something is settled.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Which.
    pub span: Span,
    /// By the terms that were in force when it ended.
    pub rule: &'a Rule,
    /// What was posted for it before.
    pub posted: Posted,
    /// The partner's lines of all times, by that rule.
    pub lines: &'a [Line],
}

/// What a settlement posts to a partner for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// For which: the one that is settled, or an earlier one that is corrected.
    pub span: Span,
    /// As it is known by now.
    pub accrual: Accrual,
    /// What is posted: minor units, negative where something is taken back.
    pub cash: i64,
    /// What is added to the fund, or taken out.
    pub coop: i64,
}

impl Entry {
    /// The same, where only so much of what went into the fund for that period can be taken out of it again, minor units: what was
    /// used already is taken from the cash, so that both together stay what is earned.
    #[must_use]
    pub fn within(self, most: i64) -> Self {
        let coop = self.coop.max(-most.max(0));
        Self { coop, cash: self.cash + self.coop - coop, ..self }
    }
}

impl Rule {
    /// What a period has earned by now, of one partner's lines of all times.
    pub fn accrue(&self, lines: &[Line], span: Span) -> Accrual {
        let own: Vec<&Line> = lines.iter().filter(|line| span.has(line.at)).collect();
        let target = match &self.scheme {
            Scheme::Target { target, .. } => {
                Some(target.of(&self.brought_before(lines, span, target.periods)))
            }
            Scheme::Tiers(_) | Scheme::Multiple(_) => None,
        };
        let mut accrual = Accrual { target, ..Accrual::default() };
        let before = self.calendar.before(span).filter(|_| self.is_on_growth());
        let earlier: Vec<&Line> =
            before.iter().flat_map(|span| lines.iter().filter(|line| span.has(line.at))).collect();
        for (name, group) in self.groups(&own) {
            let baseline =
                earlier.iter().filter(|line| self.per == Per::Period || self.group_of(line) == name);
            let baseline = self.measure(&baseline.copied().collect::<Vec<_>>());
            let measured = self.measure(&group);
            accrual.measured += measured;
            if measured >= self.threshold {
                accrual.earned = accrual.earned.saturating_add(self.earns(&group, target, baseline));
            }
        }
        accrual.earned = self.capped(accrual.earned);
        accrual.coop = self.coop.as_ref().map_or(0, |coop| coop.split(accrual.earned).1);
        accrual.next = (self.per == Per::Period).then(|| self.next(&own, &earlier, target)).flatten();
        accrual
    }

    /// What a settlement of the last of `periods` posts: that one's own, and what has changed of those before it, which were
    /// settled.
    pub fn settle(periods: &[Known<'_>]) -> Vec<Entry> {
        let last = periods.len().saturating_sub(1);
        let entry = |(place, known): (usize, &Known<'_>)| {
            let Known { span, rule, posted, lines } = *known;
            let accrual =
                if rule.calendar.is_after(span) { Accrual::default() } else { rule.accrue(lines, span) };
            let coop = accrual.coop - posted.coop;
            let cash = accrual.earned - posted.earned - coop;
            (place == last || cash != 0 || coop != 0).then_some(Entry { span, accrual, cash, coop })
        };
        periods.iter().enumerate().filter_map(entry).collect()
    }

    fn is_on_growth(&self) -> bool {
        matches!(&self.scheme, Scheme::Tiers(tiers) if tiers.mode == Mode::RetroactiveOnGrowth)
    }

    fn capped(&self, earned: i64) -> i64 {
        self.cap.map_or(earned, |cap| earned.min(cap))
    }

    fn brought_before(&self, lines: &[Line], span: Span, periods: i64) -> Vec<i64> {
        let mut brought = Vec::new();
        let mut at = span;
        for _ in 0..periods {
            let Some(before) = self.calendar.before(at) else { break };
            brought.push(lines.iter().filter(|line| before.has(line.at)).map(|line| line.amount).sum());
            at = before;
        }
        brought
    }

    fn group_of<'a>(&self, line: &'a Line) -> &'a str {
        match self.per {
            Per::Period | Per::Line => "",
            Per::Customer => &line.customer,
            Per::Product => &line.product,
        }
    }

    /// What is measured by itself, in order.
    fn groups<'a>(&self, own: &[&'a Line]) -> Vec<(&'a str, Vec<&'a Line>)> {
        if self.per == Per::Line {
            return own.iter().map(|line| ("", vec![*line])).collect();
        }
        let mut groups: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
        for line in own {
            groups.entry(self.group_of(line)).or_default().push(line);
        }
        groups.into_iter().collect()
    }

    fn measure(&self, group: &[&Line]) -> i64 {
        match &self.scheme {
            Scheme::Tiers(tiers) => tiers.measured(volume(tiers, group)),
            Scheme::Target { .. } => group.iter().map(|line| line.amount).sum(),
            Scheme::Multiple(_) => deals(group),
        }
    }

    fn earns(&self, group: &[&Line], target: Option<i64>, baseline: i64) -> i64 {
        match &self.scheme {
            Scheme::Tiers(tiers) => tiers.earns(Volume::default(), volume(tiers, group), baseline),
            Scheme::Target { mode, steps, .. } => {
                let tiers = Target::tiers(target.unwrap_or(0), *mode, steps);
                tiers.earns(Volume::default(), volume(&tiers, group), 0)
            }
            Scheme::Multiple(rows) => multiplied(rows, group, deals(group)),
        }
    }

    /// The step after the one that was reached. Of percentages by number none, for what a unit will cost is not known.
    fn next(&self, own: &[&Line], earlier: &[&Line], target: Option<i64>) -> Option<Next> {
        let measured = self.measure(own);
        let (from, unlocks) = match &self.scheme {
            Scheme::Tiers(tiers) => {
                Self::next_tier(tiers, volume(tiers, own), self.measure(earlier), self.threshold)?
            }
            Scheme::Target { mode, steps, .. } => {
                let tiers = Target::tiers(target?, *mode, steps);
                Self::next_tier(&tiers, volume(&tiers, own), 0, self.threshold)?
            }
            Scheme::Multiple(rows) => {
                let next = rows.iter().map(|row| row.deals).filter(|deals| *deals > measured).min()?;
                (next, multiplied(rows, own, next))
            }
        };
        Some(Next { from, missing: from - measured, unlocks: self.capped(unlocks) })
    }

    fn next_tier(tiers: &Tiers, own: Volume, baseline: i64, threshold: i64) -> Option<(i64, i64)> {
        let measured = tiers.measured(own);
        let from = tiers.steps.iter().map(|step| step.from.max(threshold)).find(|from| *from > measured)?;
        if tiers.is_percentage() && tiers.measure != Measure::Amount {
            return None;
        }
        let reached = match tiers.measure {
            Measure::Amount => Volume { amount: from, units: own.units },
            Measure::Quantity | Measure::Count => Volume { amount: own.amount, units: from },
        };
        Some((from, tiers.earns(Volume::default(), reached, baseline)))
    }
}

/// Sales that nothing is left of count for nothing.
fn deals(group: &[&Line]) -> i64 {
    i64::try_from(group.iter().filter(|line| line.amount > 0 || line.mrr > 0).count()).unwrap_or(i64::MAX)
}

fn volume(tiers: &Tiers, group: &[&Line]) -> Volume {
    let units = match tiers.measure {
        Measure::Count => deals(group),
        Measure::Amount | Measure::Quantity => group.iter().map(|line| line.units).sum(),
    };
    Volume { amount: group.iter().map(|line| line.amount).sum(), units }
}

/// Each deal by the highest multiple that its term and the number of deals reach.
fn multiplied(rows: &[Multiple], group: &[&Line], deals: i64) -> i64 {
    let times = |line: &Line| {
        let reached = rows.iter().filter(|row| row.months <= line.months && row.deals <= deals);
        reached.max_by_key(|row| row.times)
    };
    group.iter().filter_map(|line| times(line).map(|row| row.of(line.mrr))).fold(0, i64::saturating_add)
}

#[cfg(test)]
#[path = "settlement_tests.rs"]
mod tests;
