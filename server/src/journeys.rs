//! Journeys of a program: the touchpoints that led to its sales or sign-ups, and those that led to nothing.
//!
//! A touchpoint is part of a journey if it could have counted, whatever the program's model and precedence: before the event,
//! within its window, and not barred. `www/docs/journeys.md` says the same to marketers.

mod lost;
mod naming;
mod reading;

pub use naming::By;

use crate::attribute::Reading;
use crate::cell;
use crate::error::Error;
use crate::store::{Journeying, Tx};
use crate::time::show;
use goodword_domain::journey::{Journeys, Outcome};
use goodword_domain::time::Instant;
use goodword_wire::{JourneysTold, PathTaken};
use naming::Naming;
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
}

/// What a touchpoint is called, by its place in each list of [`Naming`].
#[derive(Clone, Copy, Debug)]
struct Touch {
    at: Instant,
    partner: usize,
    link: usize,
    channel: usize,
    site: usize,
}

/// One journey, its touchpoints in the order of time.
struct Trip {
    /// What tells it from others.
    id: String,
    touches: Vec<Touch>,
    /// When it led to an event, and the minor units that was worth; none where it led to nothing.
    end: Option<(Instant, i64)>,
}

/// Journeys with what their touchpoints are called.
pub struct Collected {
    of: Of,
    trips: Vec<Trip>,
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

/// Reads journeys.
pub fn collect(tx: &mut Tx<'_>, asked: &Asked) -> Result<Collected, Error> {
    let mut collected = Collected {
        of: asked.of,
        trips: Vec::new(),
        naming: Naming::default(),
        told: JourneysTold { of: asked.of.word().into(), ..JourneysTold::default() },
    };
    let clicks = reading::read(tx, asked, &mut collected)?;
    if asked.lost {
        lost::add(tx, &asked.about, &clicks, &mut collected)?;
    }
    collected.naming.label(tx)?;
    Ok(collected)
}

impl Collected {
    /// Ready to be credited to partners, channels, links or sites; sign-ups are worth nothing.
    pub fn reading(&self, by: By) -> Result<Reading, Error> {
        let mut journeys = Journeys::default();
        for trip in &self.trips {
            let touches: Vec<_> =
                trip.touches.iter().map(|t| (self.naming.name(by, t), Some(t.at))).collect();
            let outcome = match trip.end {
                Some((_, value)) => Outcome { conversions: 1, lost: 0, value },
                None => Outcome { lost: 1, ..Outcome::default() },
            };
            journeys.add(&touches, outcome)?;
        }
        Ok(Reading { by: by.word(), valued: self.of == Of::Sales, journeys })
    }

    /// The ways that led somewhere, the most frequent first; the same step twice in a row is one.
    pub fn paths(&self, by: By) -> Vec<PathTaken> {
        let mut counts: HashMap<Vec<&str>, (i64, i64)> = HashMap::new();
        for trip in &self.trips {
            let Some((_, value)) = trip.end else { continue };
            let mut steps: Vec<&str> = trip.touches.iter().map(|touch| self.naming.name(by, touch)).collect();
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
        for trip in &self.trips {
            for touch in &trip.touches {
                let name = |by: By| cell::safe(self.naming.name(by, touch)).into_owned();
                let (channel, partner, link) = (name(By::Channel), name(By::Partner), name(By::Link));
                let row =
                    [trip.id.clone(), show(touch.at), channel, partner, link, String::new(), String::new()];
                writer.write_record(&row[..width]).map_err(failed)?;
            }
            if let Some((at, value)) = trip.end {
                let [none, nobody, nothing] = [const { String::new() }; 3];
                let row = [trip.id.clone(), show(at), none, nobody, nothing, "1".into(), value.to_string()];
                writer.write_record(&row[..width]).map_err(failed)?;
            }
        }
        let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Error::internal(error.to_string()))
    }
}
