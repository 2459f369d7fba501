//! The journeys of a day that is over, written down so that a report over a year need not read every event of it again.

use super::{Collected, Led, Of, Touch, Trip, reading};
use crate::error::Error;
use crate::store::{ClickRow, JourneyDay, Journeying, Tx};
use goodword_domain::click::ClickNumber;
use goodword_domain::time::{DAY_MS, Instant};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A touchpoint: how long before the end of its journey, ms, and the places of the partner, the link, the channel and the site.
type Placed = (i64, [usize; 4]);

/// A day's journeys. Names stand once, in the order in which they were met, and touchpoints say their places.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Digest {
    /// Ids, and what they were called.
    partners: Vec<(String, String)>,
    links: Vec<String>,
    channels: Vec<String>,
    sites: Vec<String>,
    /// When in the day it ended, ms; what it was worth, minor units; its touchpoints.
    trips: Vec<(i64, i64, Vec<Placed>)>,
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
    let written = JourneyDay {
        day,
        events: collected.told.converted + collected.told.direct,
        journeys: written(&Digest::of(&collected, day))?,
        clicks: written(&(&visitors, &numbers))?,
    };
    Ok(tx.write_journey_day(about.number, of == Of::Sales, &written)?)
}

fn written(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::internal(format!("a day cannot be written down: {e}")))
}

/// Adds a day that was written down.
pub fn add(kept: &JourneyDay, into: &mut Collected, led: &mut Led) -> Result<(), Error> {
    let broken = |e: serde_json::Error| Error::internal(format!("what is kept of a day is broken: {e}"));
    let digest: Digest = serde_json::from_str(&kept.journeys).map_err(broken)?;
    digest.add(kept.day, into);
    if kept.clicks.is_empty() {
        return Ok(());
    }
    let (visitors, numbers): (Vec<i64>, &RawValue) = serde_json::from_str(&kept.clicks).map_err(broken)?;
    led.visitors.extend(visitors);
    // What led somewhere that day was clicked before its end: of an early day nothing is among the latest clicks.
    if ClickNumber::first_at(Instant((kept.day + 1) * DAY_MS)) > led.since {
        let numbers: Vec<i64> = serde_json::from_str(numbers.get()).map_err(broken)?;
        led.numbers.extend(numbers.into_iter().map(ClickNumber));
    }
    Ok(())
}

impl Digest {
    fn of(collected: &Collected, day: i64) -> Self {
        let (naming, told) = (&collected.naming, &collected.told);
        let called = |id: &String| (id.clone(), naming.known.get(id).cloned().unwrap_or_default());
        let trip = |(trip, touches): (&Trip, &[Touch])| {
            let (end, value) = trip.end.unwrap_or((Instant(0), 0));
            let touch = |t: &Touch| (end.0 - t.at.0, [t.partner, t.link, t.channel, t.site]);
            (end.0 - day * DAY_MS, value, touches.iter().map(touch).collect())
        };
        Self {
            partners: naming.partners.all().iter().map(called).collect(),
            links: naming.links.all().to_vec(),
            channels: naming.channels.all().to_vec(),
            sites: naming.sites.all().to_vec(),
            trips: collected.trips.iter().map(trip).collect(),
            direct: (told.direct, told.direct_value),
            without_rate: told.without_rate,
        }
    }

    fn add(self, day: i64, into: &mut Collected) {
        let naming = &mut into.naming;
        let mut partners = Vec::with_capacity(self.partners.len());
        for (id, name) in self.partners {
            partners.push(naming.partners.place(&id));
            naming.known.entry(id).or_insert(name);
        }
        let links: Vec<usize> = self.links.iter().map(|id| naming.links.place(id)).collect();
        let channels: Vec<usize> = self.channels.iter().map(|word| naming.channels.place(word)).collect();
        let sites: Vec<usize> = self.sites.iter().map(|word| naming.sites.place(word)).collect();
        into.told.converted += i64::try_from(self.trips.len()).unwrap_or(i64::MAX);
        into.told.direct += self.direct.0;
        into.told.direct_value += self.direct.1;
        into.told.without_rate += self.without_rate;
        for (end, value, touches) in self.trips {
            let end = Instant(day * DAY_MS + end);
            let touch = |(before, [partner, link, channel, site]): Placed| Touch {
                at: Instant(end.0 - before),
                partner: partners[partner],
                link: links[link],
                channel: channels[channel],
                site: sites[site],
            };
            into.trips.push(String::new(), Some((end, value)), touches.into_iter().map(touch));
        }
    }
}
