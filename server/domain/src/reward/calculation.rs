//! How much one commission is: all the figures that decided, so that it can be done again on what remains of the sale.

use super::exact::{floor, gcd, quotient};
use super::{Measure, Room, Tiers, Volume};
use crate::money::{Currency, Percentage};
use crate::points::Multiplier;
use crate::split::largest_remainder;
use rust_decimal::Decimal;

/// What a rule gives for one event, before it is shared. Amounts are minor units of the currency the sale was made in;
/// what comes out is in the program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// So much as it says: a bonus given by hand, a correction.
    Fixed(i64),
    /// A bounty for each unit.
    Flat {
        /// For each.
        each: i64,
        /// How many.
        units: i64,
    },
    /// A bounty for each whole amount.
    PerAmount {
        /// For each.
        each: i64,
        /// For how much: minor units of the program's currency, at least 1.
        per: i64,
        /// Of what: minor units of the sale's currency.
        base: i64,
        /// The program's currency: the commission's own may be points.
        currency: Currency,
    },
    /// What another gives, multiplied for the partner's level and rounded down.
    Times {
        /// The other.
        formula: Box<Formula>,
        /// By how much.
        times: Multiplier,
    },
    /// A part of an amount.
    Percentage {
        /// The part.
        percentage: Percentage,
        /// Of what: minor units of the sale's currency.
        base: i64,
    },
    /// What the partner's period earns with this event, less what it earned without.
    Tiers {
        /// The rule.
        tiers: Tiers,
        /// What the period had brought before.
        before: Volume,
        /// What this event brought.
        mine: Volume,
        /// What the period before that brought, by the tiers' measure.
        baseline: i64,
    },
}

/// A rate between the sale's currency and the program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Units of the program's currency for one unit of the sale's; 0 while nobody has said how many, so that nothing is earned.
    pub rate: Decimal,
    /// The sale's currency.
    pub from: Currency,
    /// The program's.
    pub to: Currency,
    /// Who says so.
    pub source: String,
}

/// Which of the weights a partner has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The weight of everybody's every touchpoint, in their order.
    pub weights: Vec<u64>,
    /// The places of this partner's own.
    pub mine: Vec<usize>,
}

/// A commission's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculation {
    /// What the rule gives for the whole event.
    pub formula: Formula,
    /// What was paid, minor units of the sale's currency; 0 for what is no sale.
    pub paid: i64,
    /// How the sale's currency becomes the program's; none where they are the same.
    pub exchange: Option<Exchange>,
    /// What the caps left.
    pub room: Room,
    /// What part of the whole is this partner's.
    pub part: Part,
}

/// A commission of which only the amount is known, and what was paid: another program has worked it out. A percentage that gives
/// exactly that, so that a refund of a part takes back a part; or a bounty, which stays whole until everything is given back.
/// Minor units.
pub fn imported(amount: i64, paid: i64) -> Calculation {
    if paid <= 0 || amount < 0 {
        return Calculation::fixed(amount);
    }
    let percentage =
        (Decimal::from(amount) * Decimal::ONE_HUNDRED / Decimal::from(paid)).round_dp(4).normalize();
    let percentage = Percentage::parse(&percentage.to_string()).ok().filter(|p| p.of(paid) == amount);
    let formula = match percentage {
        Some(percentage) => Formula::Percentage { percentage, base: paid },
        None => Formula::Flat { each: amount, units: 1 },
    };
    Calculation { formula, paid, ..Calculation::fixed(amount) }
}

impl Part {
    /// All of it.
    pub fn whole() -> Self {
        Self { weights: vec![1], mine: vec![0] }
    }

    fn of(&self, whole: i64) -> i64 {
        let parts = largest_remainder(whole, &self.weights);
        self.mine.iter().filter_map(|place| parts.get(*place)).sum()
    }

    fn is_whole(&self) -> bool {
        self.mine.len() == self.weights.len()
    }
}

impl Calculation {
    /// So much as it says.
    pub fn fixed(amount: i64) -> Self {
        let formula = Formula::Fixed(amount);
        Self { formula, paid: 0, exchange: None, room: Room::default(), part: Part::whole() }
    }

    /// The commission while `refunded` of what was paid has been given back: what the rule gives on what remains. Minor
    /// units of the commission's currency. All of it never grows with what is refunded, and a part of it by one minor unit per
    /// touchpoint at most: what is shared by the largest remainder is shared anew.
    pub fn earns(&self, refunded: i64) -> i64 {
        let part = self.part.of(self.whole(refunded));
        self.room.own.map_or(part, |room| part.min(room.max(0)))
    }

    /// Everybody's together.
    pub fn whole(&self, refunded: i64) -> i64 {
        let given = self.formula_gives(refunded);
        self.room.whole.map_or(given, |room| given.min(room.max(0)))
    }

    /// Whether it cannot be worked out before somebody says a rate.
    pub fn needs_rate(&self) -> bool {
        self.is_converted() && self.exchange.as_ref().is_some_and(Exchange::is_unknown)
    }

    fn formula_gives(&self, refunded: i64) -> i64 {
        self.gives(&self.formula, (self.paid - refunded).max(0))
    }

    fn gives(&self, formula: &Formula, left: i64) -> i64 {
        match formula {
            Formula::Fixed(amount) => *amount,
            Formula::Flat { each, units } => each.saturating_mul(self.units_left(*units, left)),
            Formula::PerAmount { each, per, base, .. } => {
                let (above, mut below) = self.factors(*base, left);
                below.push(u128::from(per.unsigned_abs().max(1)));
                each.saturating_mul(floor(above, below))
            }
            Formula::Times { formula, times } => times.times(self.gives(formula, left)),
            Formula::Percentage { percentage, base } => self.converted(*base, left, Some(*percentage)),
            Formula::Tiers { tiers, before, mine, baseline } => {
                let left = self.left_of(tiers, *mine, left);
                // Which of the units were given back is not known, so what remains keeps the rate they had on average.
                let units = if tiers.is_percentage_by_number() { mine.units } else { left.units };
                tiers.earns(*before, Volume { units, ..left }, *baseline)
            }
        }
    }

    /// A unit is whole until all of it is given back.
    fn units_left(&self, units: i64, left: i64) -> i64 {
        if left >= self.paid {
            return units;
        }
        let (units, left, paid) = (i128::from(units), i128::from(left), i128::from(self.paid));
        i64::try_from((units * left + paid - 1) / paid).unwrap_or(i64::MAX)
    }

    /// What remains of what the event brought, in the program's currency.
    fn left_of(&self, tiers: &Tiers, mine: Volume, left: i64) -> Volume {
        let units = if tiers.measure == Measure::Quantity || left == 0 {
            self.units_left(mine.units, left)
        } else {
            mine.units
        };
        Volume { amount: self.converted(mine.amount, left, None), units }
    }

    /// What the event counts for towards tiers, in the program's currency, while `refunded` has been given back.
    /// Nothing while it waits for a rate.
    pub fn volume(&self, refunded: i64) -> Volume {
        if self.needs_rate() {
            return Volume::default();
        }
        self.volume_by(&self.formula, (self.paid - refunded).max(0))
    }

    fn volume_by(&self, formula: &Formula, left: i64) -> Volume {
        match formula {
            Formula::Times { formula, .. } => self.volume_by(formula, left),
            Formula::Tiers { tiers, mine, .. } => self.left_of(tiers, *mine, left),
            Formula::Percentage { base, .. } | Formula::PerAmount { base, .. } => {
                Volume { amount: self.converted(*base, left, None), units: 1 }
            }
            Formula::Flat { units, .. } => Volume { amount: 0, units: self.units_left(*units, left) },
            Formula::Fixed(_) => Volume::default(),
        }
    }

    /// What remains of an amount, in the program's currency, and a percentage of that; rounded once.
    fn converted(&self, base: i64, left: i64, percentage: Option<Percentage>) -> i64 {
        let (mut above, mut below) = self.factors(base, left);
        if let Some(percentage) = percentage {
            above.push(percentage.millionths());
            below.push(1_000_000);
        }
        quotient(above, below)
    }

    /// What remains of an amount, in the program's currency, as a product over a product.
    fn factors(&self, base: i64, left: i64) -> (Vec<u128>, Vec<u128>) {
        let positive = |figure: i64| u128::from(figure.unsigned_abs());
        let (mut above, mut below) = (vec![positive(base)], Vec::new());
        if self.paid > 0 {
            above.push(positive(left));
            below.push(positive(self.paid));
        }
        if let Some(exchange) = &self.exchange {
            let (n, d) = exchange.fraction();
            above.push(n);
            below.push(d);
        }
        (above, below)
    }

    /// The same in words and numbers, for whoever wants to check it, in the commission's currency.
    pub fn arithmetic(&self, refunded: i64, currency: Currency) -> String {
        let paid_in = self.exchange.as_ref().map_or(currency, |exchange| exchange.from);
        let mut said = vec![self.rule_in_words(refunded, currency, paid_in)];
        if self.needs_rate() {
            said.push(format!("; waits for the rate of {paid_in} in {currency}"));
            return said.concat();
        }
        if let Some(exchange) = self.exchange.as_ref().filter(|_| self.is_converted()) {
            said.push(format!(
                " at {} {currency} for 1 {paid_in} ({})",
                exchange.rate.normalize(),
                exchange.source
            ));
        }
        let (given, whole, own) = (self.formula_gives(refunded), self.whole(refunded), self.earns(refunded));
        let mut last = given;
        if !matches!(self.formula, Formula::Fixed(_)) && !self.is_plain_bounty(refunded) {
            said.push(format!(" = {}", currency.show(given)));
        }
        if whole != given {
            said.push(format!("; capped to {}", currency.show(whole)));
            last = whole;
        }
        if !self.part.is_whole() {
            last = self.part.of(whole);
            said.push(format!("; {} of it = {}", self.part, currency.show(last)));
        }
        if last != own {
            said.push(format!("; capped to {}", currency.show(own)));
        }
        said.concat()
    }

    /// A bounty is in the program's currency, whatever the sale was made in.
    fn is_converted(&self) -> bool {
        fn is(formula: &Formula) -> bool {
            match formula {
                Formula::Percentage { .. } | Formula::Tiers { .. } | Formula::PerAmount { .. } => true,
                Formula::Times { formula, .. } => is(formula),
                Formula::Fixed(_) | Formula::Flat { .. } => false,
            }
        }
        is(&self.formula)
    }

    /// A bounty of one unit of which nothing was given back says all there is to say.
    fn is_plain_bounty(&self, refunded: i64) -> bool {
        matches!(self.formula, Formula::Flat { units: 1, .. }) && refunded == 0
    }

    fn rule_in_words(&self, refunded: i64, currency: Currency, paid_in: Currency) -> String {
        let back = format!("{} of {} refunded", paid_in.show(refunded), paid_in.show(self.paid));
        match &self.formula {
            Formula::PerAmount { each, per, base, currency: ours } => {
                let paid_in = self.exchange.as_ref().map_or(*ours, |exchange| exchange.from);
                let back = format!("{} of {} refunded", paid_in.show(refunded), paid_in.show(self.paid));
                let less = if refunded == 0 { String::new() } else { format!(" less its part of {back}") };
                let (each, per, base) = (currency.show(*each), ours.show(*per), paid_in.show(*base));
                format!("{each} for each whole {per} of {base}{less}")
            }
            Formula::Times { formula, times } => {
                let once = Self { formula: (**formula).clone(), ..self.clone() };
                let rule = once.rule_in_words(refunded, currency, paid_in);
                format!("{rule} = {}, × {times} by level", currency.show(once.formula_gives(refunded)))
            }
            Formula::Fixed(amount) => format!("{} fixed", currency.show(*amount)),
            Formula::Flat { each, units: 1 } if refunded == 0 => format!("{} flat", currency.show(*each)),
            Formula::Flat { each, units: 1 } => format!("{} flat, {back}", currency.show(*each)),
            Formula::Flat { each, units } if refunded == 0 => format!("{units} × {}", currency.show(*each)),
            Formula::Flat { each, units } => format!("{units} × {}, {back}", currency.show(*each)),
            Formula::Percentage { percentage, base } if refunded == 0 => {
                format!("{percentage}% of {}", paid_in.show(*base))
            }
            Formula::Percentage { percentage, base } if *base == self.paid => {
                format!(
                    "{percentage}% of ({} − {} refunded)",
                    paid_in.show(self.paid),
                    paid_in.show(refunded)
                )
            }
            Formula::Percentage { percentage, base } => {
                format!("{percentage}% of {} less its part of {back}", paid_in.show(*base))
            }
            Formula::Tiers { .. } => self.tiers_in_words(refunded, currency),
        }
    }

    fn tiers_in_words(&self, refunded: i64, currency: Currency) -> String {
        let Formula::Tiers { tiers, before, baseline, .. } = &self.formula else { return String::new() };
        let show = |figure: i64| match tiers.measure {
            Measure::Amount => currency.show(figure),
            Measure::Quantity | Measure::Count => figure.to_string(),
        };
        let mine = self.volume(refunded);
        let after = Volume { amount: before.amount + mine.amount, units: before.units + mine.units };
        let growth = if tiers.mode == super::Mode::RetroactiveOnGrowth {
            format!(" over {}", show(*baseline))
        } else {
            String::new()
        };
        format!(
            "{} tiers by {}, from {} to {}{growth}",
            tiers.mode.word().replace('_', " "),
            tiers.measure.word(),
            show(tiers.measured(*before)),
            show(tiers.measured(after)),
        )
    }
}

impl Exchange {
    /// Between two currencies, before anybody has said by which rate.
    pub fn unknown(from: Currency, to: Currency) -> Self {
        Self { rate: Decimal::ZERO, from, to, source: String::new() }
    }

    /// Whether nobody has said the rate.
    pub fn is_unknown(&self) -> bool {
        self.rate.is_zero()
    }

    /// What an amount in the one currency is in the other, minor units.
    pub fn value(&self, amount: i64) -> i64 {
        let calculation = Calculation {
            formula: Formula::Percentage { percentage: Percentage::whole(), base: amount },
            paid: amount,
            exchange: Some(self.clone()),
            room: Room::default(),
            part: Part::whole(),
        };
        calculation.earns(0)
    }

    /// How many minor units of the program's currency one of the sale's is, as a fraction.
    fn fraction(&self) -> (u128, u128) {
        let digits = |n: u32| 10_u128.pow(n);
        let above = self.rate.mantissa().unsigned_abs().saturating_mul(digits(self.to.exponent()));
        (above, digits(self.rate.scale()) * digits(self.from.exponent()))
    }
}

impl std::fmt::Display for Part {
    /// `2/5`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all: u128 = self.weights.iter().map(|w| u128::from(*w)).sum();
        let mine: u128 =
            self.mine.iter().filter_map(|place| self.weights.get(*place)).map(|w| u128::from(*w)).sum();
        let common = gcd(mine, all).max(1);
        let (mine, all) = (mine / common, all / common);
        if all <= 1000 {
            write!(f, "{mine}/{all}")
        } else {
            let hundredths = Decimal::from(quotient(vec![mine, 10_000], vec![all])) / Decimal::ONE_HUNDRED;
            write!(f, "{}%", hundredths.normalize())
        }
    }
}

#[cfg(test)]
#[path = "calculation_tests.rs"]
mod tests;
