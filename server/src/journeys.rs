//! Journeys of a program: the touchpoints that led to its sales or sign-ups, and those that led to nothing.
//!
//! A touchpoint is part of a journey if it could have counted, whatever the program's model and precedence: before the event,
//! within its window, and not barred. `www/docs/journeys.md` says the same to marketers.

mod day;
mod lost;
mod naming;
mod reading;

pub use day::write_down;
pub use naming::By;

use crate::attribute::Reading;
use crate::cell;
use crate::error::Error;
use crate::store::{Journeying, Tx};
use crate::time::show;
use goodword_domain::click::ClickNumber;
use goodword_domain::journey::{Journeys, Name, Outcome};
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire::{JourneysTold, PathTaken};
use naming::Naming;
use rustc_hash::FxHashSet;
use std::collections::HashMap;

/// What journeys lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Sales,
    Leads,
}

/// Which journeys.
#[derive(Clone, Debug)]
pub struct Asked {
    pub of: Of,
    pub about: Journeying,
    /// Whether those that led to nothing are asked for.
    pub lost: bool,
    /// Whether it must be told of each to which event it led.
    pub named: bool,
}

/// A touchpoint: when it was, and what it is called, by its place in [`Naming`].
#[derive(Clone, Copy, Debug)]
struct Touch {
    at: Instant,
    called: usize,
}

/// One journey.
struct Trip {
    /// Where among all touchpoints its own end, which stand in the order of time; they begin where those before it end.
    until: usize,
    /// When it led to an event, and the minor units that was worth; none where it led to nothing.
    end: Option<(Instant, i64)>,
}

/// Journeys by the hundred thousand: their touchpoints stand in one list, for a list of each would cost more than all the rest.
#[derive(Default)]
struct Trips {
    all: Vec<Trip>,
    touches: Vec<Touch>,
}

impl Trips {
    fn push(&mut self, end: Option<(Instant, i64)>, touches: impl IntoIterator<Item = Touch>) {
        self.touches.extend(touches);
        self.all.push(Trip { until: self.touches.len(), end });
    }

    fn len(&self) -> usize {
        self.all.len()
    }

    /// Each with its touchpoints.
    fn iter(&self) -> impl Iterator<Item = (&Trip, &[Touch])> {
        let mut first = 0;
        self.all
            .iter()
            .map(move |trip| (trip, &self.touches[std::mem::replace(&mut first, trip.until)..trip.until]))
    }

    /// A touchpoint, by the places of its journey and of its own there.
    fn touch_mut(&mut self, (trip, touch): (usize, usize)) -> &mut Touch {
        let first = trip.checked_sub(1).map_or(0, |before| self.all[before].until);
        &mut self.touches[first + touch]
    }
}

/// Journeys with what their touchpoints are called.
pub struct Collected {
    of: Of,
    trips: Trips,
    /// The ids of the events, in the order of the journeys that led to one; of days that are written down they are not known.
    events: Vec<String>,
    naming: Naming,
    pub told: JourneysTold,
}

impl Of {
    /// From its word; sales unless told.
    pub fn parse(word: Option<&str>) -> Result<Self, Error> {
        match word {
            None | Some("sales") => Ok(Self::Sales),
            Some("leads") => Ok(Self::Leads),
            Some(_) => Err(Error::field("of", "must be `sales` or `leads`.")),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Leads => "leads",
        }
    }
}

/// The clicks that were part of a journey that led somewhere.
#[derive(Default)]
struct Led {
    numbers: FxHashSet<ClickNumber>,
    /// Their visitors as the pages knew them, as far as they are known yet.
    visitors: FxHashSet<i64>,
    /// Those whose visitors are still to be looked up.
    unseen: Vec<ClickNumber>,
}

/// How many days that are written down are held at once.
const DAYS: usize = 31;

/// Reads journeys: of days that are over as they are written down, of all others from their events.
pub fn collect(tx: &mut Tx<'_>, asked: &Asked) -> Result<Collected, Error> {
    let about = &asked.about;
    let mut collected = Collected::of(asked.of);
    let (mut led, mut from) = (Led::default(), about.from);
    // What led somewhere on a day was clicked before its end: of an early day nothing is among the latest clicks.
    let clicks_since = if asked.lost { Some(lost::since(tx, about)?.at().day()) } else { None };
    for days in whole_days(tx, asked)?.chunks(DAYS) {
        let range = (days[0].0, days[days.len() - 1].0 + 1);
        let kept = tx.journey_days(about.number, asked.of == Of::Sales, range, clicks_since)?;
        for day in kept.iter().filter(|kept| days.binary_search(&(kept.day, kept.events)).is_ok()) {
            let begin = Instant(day.day * DAY_MS);
            read(tx, about, (from, begin), (&mut collected, &mut led))?;
            day::add(day, &mut collected, &mut led)?;
            from = Instant(begin.0 + DAY_MS);
        }
    }
    read(tx, about, (from, about.to), (&mut collected, &mut led))?;
    if asked.lost {
        lost::add(tx, about, &led, &mut collected)?;
    }
    collected.naming.label(tx)?;
    Ok(collected)
}

/// Reads a part of the range from its events.
fn read(
    tx: &mut Tx<'_>,
    about: &Journeying,
    (from, to): (Instant, Instant),
    (collected, led): (&mut Collected, &mut Led),
) -> Result<(), Error> {
    if from < to {
        let clicks = reading::read(tx, &Journeying { from, to, ..about.clone() }, collected)?;
        led.add(tx.numbers_of_clicks(&clicks));
    }
    Ok(())
}

/// The days that lie in the range whole and have events, each with how many; none where it must be told which events.
fn whole_days(tx: &mut Tx<'_>, asked: &Asked) -> Result<Vec<(i64, i64)>, Error> {
    let about = &asked.about;
    let days = (about.from.0.saturating_sub(1).div_euclid(DAY_MS) + 1, about.to.day());
    if asked.named || days.0 >= days.1 {
        return Ok(Vec::new());
    }
    Ok(tx.events_by_day(about.number, asked.of == Of::Sales, days)?)
}

impl Led {
    fn add(&mut self, numbers: impl IntoIterator<Item = ClickNumber>) {
        for number in numbers {
            if self.numbers.insert(number) {
                self.unseen.push(number);
            }
        }
    }
}

impl Collected {
    fn of(of: Of) -> Self {
        let told = JourneysTold { of: of.word().into(), ..JourneysTold::default() };
        Self { of, trips: Trips::default(), events: Vec::new(), naming: Naming::default(), told }
    }

    /// Ready to be credited to partners, channels, links or sites; sign-ups are worth nothing.
    pub fn reading(&self, by: By) -> Result<Reading, Error> {
        let mut journeys = Journeys::default();
        let mut names: Vec<Option<Name>> = vec![None; self.naming.all_called().len()];
        let mut touches = Vec::new();
        for (trip, met) in self.trips.iter() {
            touches.clear();
            touches.extend(met.iter().map(|touch| {
                let name = || journeys.name(self.naming.name(by, touch.called));
                (*names[touch.called].get_or_insert_with(name), Some(touch.at))
            }));
            let outcome = match trip.end {
                Some((_, value)) => Outcome { conversions: 1, lost: 0, value },
                None => Outcome { lost: 1, ..Outcome::default() },
            };
            journeys.add_named(&touches, outcome)?;
        }
        Ok(Reading { by: by.word(), valued: self.of == Of::Sales, journeys })
    }

    /// The ways that led somewhere, the most frequent first; the same step twice in a row is one.
    pub fn paths(&self, by: By) -> Vec<PathTaken> {
        let mut counts: HashMap<Vec<&str>, (i64, i64)> = HashMap::new();
        for (trip, touches) in self.trips.iter() {
            let Some((_, value)) = trip.end else { continue };
            let mut steps: Vec<&str> =
                touches.iter().map(|touch| self.naming.name(by, touch.called)).collect();
            steps.dedup();
            let sum = counts.entry(steps).or_default();
            *sum = (sum.0 + 1, sum.1 + value);
        }
        let path = |(steps, (conversions, value)): (Vec<&str>, (i64, i64))| PathTaken {
            steps: steps.into_iter().map(str::to_owned).collect(),
            conversions,
            value,
        };
        let mut paths: Vec<PathTaken> = counts.into_iter().map(path).collect();
        paths.sort_unstable_by(|a, b| {
            (b.conversions, b.value, &a.steps).cmp(&(a.conversions, a.value, &b.steps))
        });
        paths
    }

    /// The ids of partners or links, by what they are called.
    pub fn ids(&self, by: By) -> HashMap<&str, &str> {
        self.naming.ids(by)
    }

    /// As the CSV that `goodword attribute` reads: a row for each touchpoint, and one for what a journey led to.
    pub fn csv(&self) -> Result<String, Error> {
        let failed = |error: csv::Error| Error::internal(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        let columns = ["journey", "at", "channel", "partner", "link", "conversion", "value"];
        // A sign-up has no value.
        let width = if self.of == Of::Sales { 7 } else { 6 };
        writer.write_record(&columns[..width]).map_err(failed)?;
        let (mut lost, mut events) = (0, self.events.iter());
        for (trip, touches) in self.trips.iter() {
            lost += i64::from(trip.end.is_none());
            let event = trip.end.and_then(|_| events.next()).cloned();
            let id = event.unwrap_or_else(|| format!("lost-{lost}"));
            for touch in touches {
                let name = |by: By| cell::safe(self.naming.name(by, touch.called)).into_owned();
                let (channel, partner, link) = (name(By::Channel), name(By::Partner), name(By::Link));
                let row = [id.clone(), show(touch.at), channel, partner, link, String::new(), String::new()];
                writer.write_record(&row[..width]).map_err(failed)?;
            }
            if let Some((at, value)) = trip.end {
                let [none, nobody, nothing] = [const { String::new() }; 3];
                let row = [id, show(at), none, nobody, nothing, "1".into(), value.to_string()];
                writer.write_record(&row[..width]).map_err(failed)?;
            }
        }
        let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Error::internal(error.to_string()))
    }
}
