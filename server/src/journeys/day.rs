//! The journeys of a day that is over, written down so that a report over a year need not read every event of it again.

use super::naming::{Called, Naming};
use super::{Collected, Led, Of, Touch, Trips, reading};
use crate::error::Error;
use crate::store::{ClickRow, JourneyDay, Journeying, Tx};
use crate::vlq::{Packed, Unpacked};
use goodword_domain::click::ClickNumber;
use goodword_domain::time::{DAY_MS, Instant};
use serde::{Deserialize, Serialize};

/// A day's journeys. Names stand once, in the order in which they were met.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Digest {
    /// Ids, and what they were called.
    partners: Vec<(String, String)>,
    links: Vec<String>,
    channels: Vec<String>,
    sites: Vec<String>,
    /// What touchpoints are called, packed: the places of the partner, the link, the channel and the site.
    called: String,
    /// How many journeys there are.
    count: usize,
    /// The journeys, packed: how long after the one before it ended, ms; what it was worth, minor units; how many touchpoints it has;
    /// and of each how long before the end it was, ms, and the place of what it is called.
    trips: String,
    /// Events that nobody brought, and what they were worth.
    direct: (i64, i64),
    without_rate: i64,
}

/// Writes down the sales, or the sign-ups, of a day.
pub fn write_down(tx: &mut Tx<'_>, of: Of, about: &Journeying) -> Result<(), Error> {
    let day = about.from.day();
    let mut collected = Collected::of(of);
    let clicks = reading::read(tx, about, &mut collected)?;
    let mut numbers: Vec<i64> = tx.numbers_of_clicks(&clicks).into_iter().map(|number| number.0).collect();
    numbers.sort_unstable();
    let rows = tx.click_rows(&[about.number], &numbers)?;
    let mut visitors: Vec<i64> = rows.iter().filter_map(ClickRow::key).filter(|key| *key > 0).collect();
    visitors.sort_unstable();
    visitors.dedup();
    let journeys = serde_json::to_string(&Digest::of(&collected, day))
        .map_err(|e| Error::internal(format!("a day cannot be written down: {e}")))?;
    let written = JourneyDay {
        day,
        events: collected.told.converted + collected.told.direct,
        journeys,
        visitors: rising(&visitors),
        clicks: rising(&numbers),
    };
    Ok(tx.write_journey_day(about.number, of == Of::Sales, &written)?)
}

/// Numbers that rise, packed: each as what it has more than the one before.
fn rising(numbers: &[i64]) -> String {
    let mut packed = Packed::default();
    let mut last = 0;
    for number in numbers {
        packed.push(number - last);
        last = *number;
    }
    packed.text()
}

/// Shows each of the numbers that [`rising`] packed.
fn each_rising(text: &str, mut see: impl FnMut(i64)) -> Result<(), Error> {
    let (mut numbers, mut last) = (Unpacked::of(text), 0);
    while !numbers.is_empty() {
        last += numbers.next()?;
        see(last);
    }
    Ok(())
}

/// Adds a day that was written down.
pub fn add(kept: &JourneyDay, into: &mut Collected, led: &mut Led) -> Result<(), Error> {
    let digest: Digest = serde_json::from_str(&kept.journeys)
        .map_err(|e| Error::internal(format!("what is kept of a day is broken: {e}")))?;
    digest.add(kept.day, into)?;
    each_rising(&kept.visitors, |visitor| {
        led.visitors.insert(visitor);
    })?;
    each_rising(&kept.clicks, |number| {
        led.numbers.insert(ClickNumber(number));
    })
}

impl Trips {
    /// Those that ended on the day, as [`Digest::trips`] has them.
    fn packed(&self, day: i64) -> String {
        let (mut packed, mut last) = (Packed::default(), Instant(day * DAY_MS));
        for (trip, touches) in self.iter() {
            let (end, value) = trip.end.unwrap_or((last, 0));
            packed.push(end.0 - last.0);
            packed.push(value);
            packed.push_place(touches.len());
            for touch in touches {
                packed.push(end.0 - touch.at.0);
                packed.push_place(touch.called);
            }
            last = end;
        }
        packed.text()
    }
}

impl Digest {
    fn of(collected: &Collected, day: i64) -> Self {
        let (naming, told) = (&collected.naming, &collected.told);
        let named = |id: &String| (id.clone(), naming.known.get(id).cloned().unwrap_or_default());
        let mut called = Packed::default();
        for Called { partner, link, channel, site } in naming.all_called() {
            for place in [partner, link, channel, site] {
                called.push_place(*place);
            }
        }
        Self {
            partners: naming.partners.all().iter().map(named).collect(),
            links: naming.links.all().to_vec(),
            channels: naming.channels.all().to_vec(),
            sites: naming.sites.all().to_vec(),
            called: called.text(),
            count: collected.trips.len(),
            trips: collected.trips.packed(day),
            direct: (told.direct, told.direct_value),
            without_rate: told.without_rate,
        }
    }

    fn add(&self, day: i64, into: &mut Collected) -> Result<(), Error> {
        into.told.direct += self.direct.0;
        into.told.direct_value += self.direct.1;
        into.told.without_rate += self.without_rate;
        into.told.converted += i64::try_from(self.count).unwrap_or(i64::MAX);
        let mut trips = Unpacked::of(&self.trips);
        let called = self.name(&mut into.naming)?;
        let (mut end, mut touches) = (Instant(day * DAY_MS), Vec::new());
        for _ in 0..self.count {
            end.0 += trips.next()?;
            let value = trips.next()?;
            for _ in 0..trips.next_place()? {
                let at = Instant(end.0 - trips.next()?);
                touches.push(Touch { at, called: trips.next_of(&called)? });
            }
            into.trips.push(Some((end, value)), touches.drain(..));
        }
        Ok(())
    }

    /// Where what this day's touchpoints are called stands among all days'.
    fn name(&self, naming: &mut Naming) -> Result<Vec<usize>, Error> {
        let mut partners = Vec::with_capacity(self.partners.len());
        for (id, name) in &self.partners {
            partners.push(naming.partners.place(id));
            if !naming.known.contains_key(id) {
                naming.known.insert(id.clone(), name.clone());
            }
        }
        let links: Vec<usize> = self.links.iter().map(|id| naming.links.place(id)).collect();
        let channels: Vec<usize> = self.channels.iter().map(|word| naming.channels.place(word)).collect();
        let sites: Vec<usize> = self.sites.iter().map(|word| naming.sites.place(word)).collect();
        let (mut places, mut all) = (Unpacked::of(&self.called), Vec::new());
        while !places.is_empty() {
            let mut next = |list: &[usize]| places.next_of(list);
            let called = Called {
                partner: next(&partners)?,
                link: next(&links)?,
                channel: next(&channels)?,
                site: next(&sites)?,
            };
            all.push(naming.place(called));
        }
        Ok(all)
    }
}
