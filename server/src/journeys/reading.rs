//! From stored events to journeys.

use super::naming::{Called, Naming};
use super::{Collected, Of, Touch};
use crate::crediting::utm;
use crate::error::Error;
use crate::store::{Journeyed, Journeying, Tx};
use crate::time;
use goodword_domain::attribution::Verdict;
use goodword_domain::click::site;
use goodword_domain::id::ClickId;
use goodword_domain::journey::channel;
use goodword_domain::time::Instant;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// How many events are read at once.
const PAGE: usize = 5_000;
/// The most events of one report.
const MOST: usize = 500_000;
/// How many clicks are looked up at once.
const CLICKS: usize = 5_000;

/// What a report needs of a stored touchpoint.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    partner: Whose<'a>,
    #[serde(borrow)]
    at: Cow<'a, str>,
    click_id: Option<String>,
    #[serde(default)]
    link_id: Option<String>,
    #[serde(borrow)]
    verdict: Cow<'a, str>,
    #[serde(default)]
    referrer: Option<String>,
    #[serde(default)]
    utm: Option<Marks>,
}

#[derive(Deserialize)]
struct Whose<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Marks {
    source: Option<String>,
    medium: Option<String>,
}

/// A touchpoint that says of a click only which it was: the one that bound the customer.
struct Binding {
    trip: usize,
    touch: usize,
    click: ClickId,
}

/// Reads the journeys that led to events; returns the clicks that were part of any.
pub fn read(tx: &mut Tx<'_>, about: &Journeying, into: &mut Collected) -> Result<Vec<ClickId>, Error> {
    let (mut clicks, mut bindings, mut last) = (Vec::new(), Vec::new(), None);
    loop {
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let page = match into.of {
            Of::Sales => tx.sales_journeyed(about, last.as_ref(), limit),
            Of::Leads => tx.leads_journeyed(about, last.as_ref(), limit),
        }?;
        for event in &page {
            add(event, into, &mut clicks, &mut bindings)?;
        }
        if into.trips.len() > MOST {
            return Err(Error::field(
                "end",
                format!("takes in more than {MOST} events: ask for a shorter range."),
            ));
        }
        let more = page.len() == PAGE;
        last = page.into_iter().last();
        if !more {
            break;
        }
    }
    name_bindings(tx, &bindings, into)?;
    Ok(clicks)
}

fn add(
    event: &Journeyed,
    into: &mut Collected,
    clicks: &mut Vec<ClickId>,
    bindings: &mut Vec<Binding>,
) -> Result<(), Error> {
    let all: Vec<Told<'_>> = serde_json::from_str(&event.touchpoints)
        .map_err(|e| Error::internal(format!("the touchpoints of {} are broken: {e}", event.id)))?;
    into.told.without_rate += i64::from(event.value.is_none());
    let value = event.value.unwrap_or(0);
    let mut touches = Vec::with_capacity(all.len());
    for told in &all {
        let click = told.click_id.as_deref().and_then(|id| ClickId::parse(id).ok());
        let again = |other: &Told<'_>| other.kind != "binding" && other.click_id == told.click_id;
        let repeated = told.kind == "binding" && click.is_some() && all.iter().any(again);
        if could_count(&told.verdict) && !repeated {
            touches.push((
                touch(told, event.at, &mut into.naming)?,
                click.clone().filter(|_| told.kind == "binding"),
            ));
        }
        clicks.extend(click);
    }
    if touches.is_empty() {
        into.told.direct += 1;
        into.told.direct_value += value;
        return Ok(());
    }
    // Stable: touchpoints of one instant stay in the order they were stored in.
    touches.sort_by_key(|(touch, _)| touch.at);
    let trip = into.trips.len();
    for (touch, (_, click)) in touches.iter().enumerate() {
        bindings.extend(click.clone().map(|click| Binding { trip, touch, click }));
    }
    into.told.converted += 1;
    let touches = touches.into_iter().map(|(touch, _)| touch);
    into.trips.push(Some((event.at, value)), touches);
    into.events.push(event.id.clone());
    Ok(())
}

/// Whether a touchpoint could have counted under some model.
fn could_count(verdict: &str) -> bool {
    let bars = |v: Verdict| matches!(v, Verdict::OutsideWindow | Verdict::AfterTheEvent | Verdict::Barred(_));
    Verdict::parse(verdict).is_some_and(|verdict| !bars(verdict))
}

/// A binding is as old as the customer, who may be known for longer than the event was back-dated to.
fn touch(told: &Told<'_>, event_at: Instant, naming: &mut Naming) -> Result<Touch, Error> {
    let at = time::parse("at", &told.at)?.min(event_at);
    if !naming.known.contains_key(&*told.partner.id) {
        naming.known.insert(told.partner.id.clone().into_owned(), told.partner.name.clone().into_owned());
    }
    let marks = told.utm.as_ref();
    let (source, medium) = (marks.and_then(|m| m.source.as_deref()), marks.and_then(|m| m.medium.as_deref()));
    let otherwise = match &*told.kind {
        "click" => "direct",
        "binding" => "bound",
        kind => kind,
    };
    let site = told.referrer.as_deref();
    let called = Called {
        partner: naming.partners.place(&told.partner.id),
        link: naming.links.place(told.link_id.as_deref().unwrap_or_default()),
        channel: naming.channels.place(&channel(source, medium, site, otherwise)),
        site: naming.sites.place(site.unwrap_or(otherwise)),
    };
    Ok(Touch { at, called: naming.place(called) })
}

/// A binding's channel is that of the click that bound, as long as that is kept.
fn name_bindings(tx: &mut Tx<'_>, bindings: &[Binding], into: &mut Collected) -> Result<(), Error> {
    let mut wanted: Vec<ClickId> = bindings.iter().map(|binding| binding.click.clone()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = HashMap::new();
    for ids in wanted.chunks(CLICKS) {
        for (_, click) in tx.clicks(ids)? {
            let named = of_click(click.landed.as_deref(), click.referrer.as_deref(), &mut into.naming);
            found.insert(click.id, named);
        }
    }
    for binding in bindings {
        if let Some((channel, site)) = found.get(&binding.click) {
            let touch = into.trips.touch_mut((binding.trip, binding.touch));
            let before = into.naming.all_called()[touch.called];
            touch.called = into.naming.place(Called { channel: *channel, site: *site, ..before });
        }
    }
    Ok(())
}

/// The channel and the site of a click, by the address it landed on and the one it came from.
pub fn of_click(landed: Option<&str>, referrer: Option<&str>, naming: &mut Naming) -> (usize, usize) {
    let marks = landed.and_then(utm).unwrap_or_default();
    let site = referrer.and_then(site);
    let channel = channel(marks.source.as_deref(), marks.medium.as_deref(), site.as_deref(), "direct");
    (naming.channels.place(&channel), naming.sites.place(site.as_deref().unwrap_or("direct")))
}
