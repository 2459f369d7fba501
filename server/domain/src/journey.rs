//! Journeys, and how several attribution models would share their conversions and their value.
//!
//! This is for reports: it looks at many journeys, those that led to nothing included, and pays nobody. Whatever the
//! model, the credits of all names add up to the total, exactly.

mod channel;
mod markov;

pub use channel::channel;

use crate::Invalid;
use crate::money::parse_amount;
use crate::split::{Splitter, largest_remainder};
use crate::time::Instant;
use crate::weights;
use std::collections::HashMap;

/// How many parts one conversion is split into: credits count conversions in millionths.
pub const MILLIONTHS: i64 = 1_000_000;
/// The most conversions of all journeys together, so that their millionths fit in 64 bits.
pub const MAX_CONVERSIONS: i64 = 1_000_000_000_000;
/// The most names [`Model::Markov`] tells apart: the time it takes grows with their third power.
pub const MAX_MARKOV_NAMES: usize = 2_000;

/// How credit is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// All to the last touchpoint.
    LastTouch,
    /// All to the first.
    FirstTouch,
    /// The same to each.
    Linear,
    /// 40 % to the first, 40 % to the last, 20 % to those between.
    PositionBased,
    /// Half as much per half-life that a touchpoint is older than the journey's last.
    TimeDecay {
        /// In days of 24 hours, at least 1.
        half_life_days: i64,
    },
    /// By the conversions that would be missed without the name, in a Markov chain of order 1.
    Markov,
}

impl Model {
    /// Every model, with the half-life that time decay has.
    pub fn all(half_life_days: i64) -> [Self; 6] {
        [
            Self::LastTouch,
            Self::FirstTouch,
            Self::Linear,
            Self::PositionBased,
            Self::TimeDecay { half_life_days },
            Self::Markov,
        ]
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::LastTouch => "last_touch",
            Self::FirstTouch => "first_touch",
            Self::Linear => "linear",
            Self::PositionBased => "position_based",
            Self::TimeDecay { .. } => "time_decay",
            Self::Markov => "markov",
        }
    }

    /// From its word.
    pub fn parse(word: &str, half_life_days: i64) -> Result<Self, Invalid> {
        let all = Self::all(half_life_days);
        all.into_iter().find(|model| model.word() == word).ok_or_else(|| {
            let words = all.map(|model| format!("`{}`", model.word())).join(", ");
            Invalid::new("model", format!("must be one of {words}; it is `{word}`."))
        })
    }
}

/// How a journey ended, or how often, where one stands for many that took the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How often it led to a conversion.
    pub conversions: u32,
    /// How often it led to nothing.
    pub lost: u32,
    /// What the conversions were worth together, in minor units from 0 to [`crate::money::MAX_AMOUNT`].
    pub value: i64,
}

/// What is credited to a name, or the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Conversions, in [`MILLIONTHS`].
    pub conversions: i64,
    /// Minor units.
    pub value: i64,
}

impl Credit {
    fn add(&mut self, part: Self) {
        self.conversions += part.conversions;
        self.value += part.value;
    }
}

/// Journeys whose touchpoints name what is to be credited: partners, channels or links.
#[derive(Clone, Debug, Default)]
pub struct Journeys {
    names: Vec<String>,
    places: HashMap<String, Name>,
    /// Those of several names.
    mixed: Vec<Journey>,
    /// Their names, by the places in `names`, all in one list: a list of each would cost more than all the rest.
    steps: Vec<usize>,
    /// When the steps were; said of all, or of no use.
    times: Vec<Instant>,
    /// By name, those of that name alone: it has them whole under every model.
    alone: Vec<Ends>,
    /// Whether it is not known of some touchpoint when it was.
    untimed: bool,
    total: Credit,
}

/// A name's place among all, for those who add many journeys of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name(usize);

#[derive(Clone, Debug)]
struct Journey {
    /// Where in [`Journeys::steps`] its own end; they begin where those before it end.
    until: usize,
    ends: Ends,
}

/// How journeys ended, all together.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    converted: i64,
    lost: i64,
    /// Minor units.
    value: i64,
}

impl Ends {
    fn of(outcome: Outcome) -> Self {
        Self {
            converted: i64::from(outcome.conversions),
            lost: i64::from(outcome.lost),
            value: outcome.value,
        }
    }

    fn add(&mut self, other: Self) {
        self.converted += other.converted;
        self.lost += other.lost;
        self.value += other.value;
    }

    fn worth(self) -> Credit {
        Credit { conversions: self.converted * MILLIONTHS, value: self.value }
    }
}

impl Journeys {
    /// Adds a journey: its touchpoints in their order, each with what is credited and when it was, if that is known.
    pub fn add(&mut self, touches: &[(&str, Option<Instant>)], outcome: Outcome) -> Result<(), Invalid> {
        // Names of a journey that is refused are not kept.
        self.checked(touches.len(), outcome)?;
        let steps = touches.iter().map(|(name, at)| (self.name(name), *at)).collect::<Vec<_>>();
        self.add_named(&steps, outcome)
    }

    /// The same by names that were asked for.
    pub fn add_named(
        &mut self,
        touches: &[(Name, Option<Instant>)],
        outcome: Outcome,
    ) -> Result<(), Invalid> {
        self.total = self.checked(touches.len(), outcome)?;
        self.untimed |= touches.iter().any(|(_, at)| at.is_none());
        let ends = Ends::of(outcome);
        let (Name(first), _) = touches[0];
        if touches.iter().all(|(Name(place), _)| *place == first) {
            self.alone[first].add(ends);
            return Ok(());
        }
        self.steps.extend(touches.iter().map(|(Name(place), _)| *place));
        self.times.extend(touches.iter().map(|(_, at)| at.unwrap_or(Instant(0))));
        self.mixed.push(Journey { until: self.steps.len(), ends });
        Ok(())
    }

    /// The total with one more journey of so many touchpoints.
    fn checked(&self, touches: usize, outcome: Outcome) -> Result<Credit, Invalid> {
        if touches == 0 {
            return Err(Invalid::new("path", "must have a touchpoint: there is nobody to credit."));
        }
        if outcome.conversions == 0 && outcome.lost == 0 {
            return Err(Invalid::new("conversions", "must be at least 1 where none was lost."));
        }
        let value = parse_amount("value", outcome.value)?;
        if outcome.conversions == 0 && value > 0 {
            return Err(Invalid::new("value", "must be 0 where nothing was converted."));
        }
        let conversions = self.total.conversions + i64::from(outcome.conversions) * MILLIONTHS;
        if conversions > MAX_CONVERSIONS * MILLIONTHS {
            let remedy = format!("must not come to more than {MAX_CONVERSIONS} in all.");
            return Err(Invalid::new("conversions", remedy));
        }
        let value = self.total.value.checked_add(value);
        let value = value.ok_or_else(|| Invalid::new("value", "must fit into 64 bits, all added up."))?;
        Ok(Credit { conversions, value })
    }

    /// The place of a name, new or not.
    pub fn name(&mut self, name: &str) -> Name {
        if let Some(name) = self.places.get(name) {
            return *name;
        }
        let place = Name(self.names.len());
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        self.alone.push(Ends::default());
        place
    }

    /// What can be credited, in the order of first appearance.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The journeys of several names: the places of those, when the steps were, and how it ended.
    fn mixed(&self) -> impl Iterator<Item = (&[usize], &[Instant], Ends)> {
        let mut first = 0;
        self.mixed.iter().map(move |Journey { until, ends }| {
            let own = std::mem::replace(&mut first, *until)..*until;
            (&self.steps[own.clone()], &self.times[own], *ends)
        })
    }

    /// Shows each way that was taken, with how those who took it ended: once for all that met one name alone.
    fn each_walk(&self, mut see: impl FnMut(&[usize], Ends)) {
        for (place, ends) in self.alone.iter().enumerate().filter(|(_, ends)| ends.converted + ends.lost > 0)
        {
            see(&[place], *ends);
        }
        self.mixed().for_each(|(steps, _, ends)| see(steps, ends));
    }

    /// What there is to share: the sum of the credits under every model.
    pub fn total(&self) -> Credit {
        self.total
    }

    /// Whether it is known of every touchpoint when it was; [`Model::TimeDecay`] needs that.
    pub fn timed(&self) -> bool {
        !self.untimed
    }

    /// What `model` credits to each of [`Journeys::names`], in their order. The credits add up to [`Journeys::total`].
    ///
    /// A journey is split over its touchpoints by the largest remainder, and a name gets what its touchpoints get; but
    /// under [`Model::Markov`] the total is split, at once, in proportion to the removal effects.
    pub fn credit(&self, model: Model) -> Result<Vec<Credit>, Invalid> {
        if model == Model::Markov {
            return Ok(split(self.total, &markov::weights(self)?));
        }
        if matches!(model, Model::TimeDecay { .. }) && self.untimed {
            return Err(Invalid::new(
                "model",
                "`time_decay` needs the instant of every touchpoint: add the instants, or take another model.",
            ));
        }
        let mut credits: Vec<Credit> = self.alone.iter().map(|ends| ends.worth()).collect();
        let mut shared = Sharing::default();
        for (names, times, ends) in self.mixed().filter(|(_, _, ends)| ends.converted > 0) {
            let (n, worth) = (names.len(), ends.worth());
            match model {
                Model::FirstTouch => credits[names[0]].add(worth),
                Model::LastTouch => credits[names[n - 1]].add(worth),
                Model::PositionBased => shared.add(worth, names, weights::position_based(n), &mut credits),
                Model::TimeDecay { half_life_days } => {
                    shared.add(worth, names, weights::time_decay(times, half_life_days), &mut credits);
                }
                // Markov credits all journeys at once: it does not come here.
                Model::Linear | Model::Markov => shared.add(worth, names, weights::linear(n), &mut credits),
            }
        }
        Ok(credits)
    }
}

/// Splits one journey after the other over its touchpoints, with the same memory.
#[derive(Default)]
struct Sharing {
    weights: Vec<u64>,
    splitter: Splitter,
}

impl Sharing {
    /// Adds to each name's credit what its weight gives it of a whole.
    fn add(
        &mut self,
        whole: Credit,
        names: &[usize],
        weights: impl Iterator<Item = u64>,
        credits: &mut [Credit],
    ) {
        self.weights.clear();
        self.weights.extend(weights);
        for (name, part) in names.iter().zip(self.splitter.split(whole.conversions, &self.weights)) {
            credits[*name].conversions += part;
        }
        for (name, part) in names.iter().zip(self.splitter.split(whole.value, &self.weights)) {
            credits[*name].value += part;
        }
    }
}

fn split(whole: Credit, weights: &[u64]) -> Vec<Credit> {
    let conversions = largest_remainder(whole.conversions, weights);
    let values = largest_remainder(whole.value, weights);
    conversions.into_iter().zip(values).map(|(conversions, value)| Credit { conversions, value }).collect()
}

#[cfg(test)]
#[path = "journey/tests.rs"]
mod tests;
