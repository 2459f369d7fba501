//! A commission's figures as the JSON of its column, and back.

use super::StoreError;
use super::program::broken;
use goodword_domain::money::{Currency, Percentage};
use goodword_domain::points::Multiplier;
use goodword_domain::reward::{
    Calculation, Exchange, Formula, Measure, Mode, Part, Period, Rate, Room, Step, Tiers, Volume,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    formula: StoredFormula,
    paid: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exchange: Option<StoredExchange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole_room: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own_room: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<(Vec<u64>, Vec<usize>)>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredFormula {
    Fixed { amount: i64 },
    Flat { each: i64, units: i64 },
    PerAmount { each: i64, per: i64, base: i64, currency: String },
    Times { formula: Box<StoredFormula>, hundredths: i64 },
    Percentage { percentage: String, base: i64 },
    Tiers { tiers: StoredTiers, before: (i64, i64), mine: (i64, i64), baseline: i64 },
}

#[derive(Serialize, Deserialize)]
struct StoredTiers {
    mode: String,
    measure: String,
    period: String,
    steps: Vec<(i64, StoredRate)>,
}

/// A number is a bounty, text a percentage.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredRate {
    Flat(i64),
    Percentage(String),
}

#[derive(Serialize, Deserialize)]
struct StoredExchange {
    rate: String,
    from: String,
    to: String,
    source: String,
}

/// As JSON.
pub fn write(calculation: &Calculation) -> String {
    let part = &calculation.part;
    let stored = Stored {
        formula: formula(&calculation.formula),
        paid: calculation.paid,
        exchange: calculation.exchange.as_ref().map(|e| StoredExchange {
            rate: e.rate.to_string(),
            from: e.from.wire(),
            to: e.to.wire(),
            source: e.source.clone(),
        }),
        whole_room: calculation.room.whole,
        own_room: calculation.room.own,
        part: (*part != Part::whole()).then(|| (part.weights.clone(), part.mine.clone())),
    };
    serde_json::to_string(&stored).unwrap_or_default()
}

/// From JSON.
pub fn read(text: &str) -> Result<Calculation, StoreError> {
    let stored: Stored = serde_json::from_str(text).map_err(broken)?;
    Ok(Calculation {
        formula: read_formula(stored.formula)?,
        paid: stored.paid,
        exchange: stored.exchange.map(read_exchange).transpose()?,
        room: Room { whole: stored.whole_room, own: stored.own_room },
        part: stored.part.map_or_else(Part::whole, |(weights, mine)| Part { weights, mine }),
    })
}

fn formula(formula: &Formula) -> StoredFormula {
    let pair = |volume: &Volume| (volume.amount, volume.units);
    match formula {
        Formula::Fixed(amount) => StoredFormula::Fixed { amount: *amount },
        Formula::Flat { each, units } => StoredFormula::Flat { each: *each, units: *units },
        Formula::PerAmount { each, per, base, currency } => {
            StoredFormula::PerAmount { each: *each, per: *per, base: *base, currency: currency.wire() }
        }
        Formula::Times { formula: inner, times } => {
            StoredFormula::Times { formula: Box::new(self::formula(inner)), hundredths: times.hundredths() }
        }
        Formula::Percentage { percentage, base } => {
            StoredFormula::Percentage { percentage: percentage.to_string(), base: *base }
        }
        Formula::Tiers { tiers, before, mine, baseline } => StoredFormula::Tiers {
            tiers: StoredTiers {
                mode: tiers.mode.word().into(),
                measure: tiers.measure.word().into(),
                period: tiers.period.word().into(),
                steps: tiers.steps.iter().map(|step| (step.from, rate(step.rate))).collect(),
            },
            before: pair(before),
            mine: pair(mine),
            baseline: *baseline,
        },
    }
}

fn read_formula(stored: StoredFormula) -> Result<Formula, StoreError> {
    let volume = |(amount, units): (i64, i64)| Volume { amount, units };
    Ok(match stored {
        StoredFormula::Fixed { amount } => Formula::Fixed(amount),
        StoredFormula::Flat { each, units } => Formula::Flat { each, units },
        StoredFormula::PerAmount { each, per, base, currency } => {
            Formula::PerAmount { each, per, base, currency: Currency::parse(&currency).map_err(broken)? }
        }
        StoredFormula::Times { formula, hundredths } => Formula::Times {
            formula: Box::new(read_formula(*formula)?),
            times: Multiplier::of(hundredths).ok_or_else(|| broken(hundredths))?,
        },
        StoredFormula::Percentage { percentage, base } => {
            Formula::Percentage { percentage: Percentage::parse(&percentage).map_err(broken)?, base }
        }
        StoredFormula::Tiers { tiers, before, mine, baseline } => {
            Formula::Tiers { tiers: read_tiers(tiers)?, before: volume(before), mine: volume(mine), baseline }
        }
    })
}

fn read_tiers(stored: StoredTiers) -> Result<Tiers, StoreError> {
    let step = |(from, rate): (i64, StoredRate)| Ok(Step { from, rate: read_rate(rate)? });
    Ok(Tiers {
        mode: Mode::parse(&stored.mode).map_err(broken)?,
        measure: Measure::parse(&stored.measure).map_err(broken)?,
        period: Period::parse(&stored.period).map_err(broken)?,
        steps: stored.steps.into_iter().map(step).collect::<Result<_, StoreError>>()?,
    })
}

fn rate(rate: Rate) -> StoredRate {
    match rate {
        Rate::Flat(each) => StoredRate::Flat(each),
        Rate::Percentage(percentage) => StoredRate::Percentage(percentage.to_string()),
    }
}

fn read_rate(stored: StoredRate) -> Result<Rate, StoreError> {
    Ok(match stored {
        StoredRate::Flat(each) => Rate::Flat(each),
        StoredRate::Percentage(text) => Rate::Percentage(Percentage::parse(&text).map_err(broken)?),
    })
}

fn read_exchange(stored: StoredExchange) -> Result<Exchange, StoreError> {
    let (from, to) =
        (Currency::parse(&stored.from).map_err(broken)?, Currency::parse(&stored.to).map_err(broken)?);
    if stored.rate == "0" {
        return Ok(Exchange::unknown(from, to));
    }
    let rate = goodword_domain::exchange::parse_rate(&stored.rate).map_err(broken)?;
    Ok(Exchange { rate, from, to, source: stored.source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let tiers = Tiers {
            mode: Mode::Retroactive,
            measure: Measure::Quantity,
            period: Period::Quarter,
            steps: vec![
                Step { from: 1, rate: Rate::Flat(25_000) },
                Step { from: 4, rate: Rate::Flat(40_000) },
            ],
        };
        let before = Volume { amount: 1, units: 2 };
        let exchange = Exchange {
            rate: goodword_domain::exchange::parse_rate("1.0825").unwrap(),
            from: Currency::parse("eur").unwrap(),
            to: Currency::parse("usd").unwrap(),
            source: "ECB".into(),
        };
        let unknown = Exchange::unknown(exchange.from, exchange.to);
        let percentage = Percentage::parse("2.9").unwrap();
        for formula in [
            Formula::Fixed(-5),
            Formula::Flat { each: 500, units: 3 },
            Formula::Percentage { percentage, base: 7800 },
            Formula::PerAmount { each: 1, per: 1_000, base: 10_500, currency: exchange.to },
            Formula::Times {
                formula: Box::new(Formula::Flat { each: 5, units: 1 }),
                times: Multiplier::parse("1.25").unwrap(),
            },
            Formula::Tiers { tiers, before, mine: Volume::default(), baseline: 7 },
        ] {
            let calculation = Calculation {
                formula,
                paid: 9000,
                exchange: Some(exchange.clone()),
                room: Room { whole: Some(3600), own: None },
                part: Part { weights: vec![1, 1, 2], mine: vec![0, 2] },
            };
            assert_eq!(read(&write(&calculation)).unwrap(), calculation);
            let waiting = Calculation { exchange: Some(unknown.clone()), ..calculation };
            assert_eq!(read(&write(&waiting)).unwrap(), waiting);
        }
    }
}
