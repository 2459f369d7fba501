//! Journeys that led to nothing: visitors with clicks in a range of whom no event in it is known.

use super::naming::Called;
use super::reading::of_click;
use super::{Collected, Led, Touch};
use crate::error::Error;
use crate::store::{ClickRow, ClickSeen, Journeying, Tx};
use goodword_domain::click::ClickNumber;
use rustc_hash::{FxHashMap, FxHashSet};

/// The most clicks that are read: the latest.
const MOST: usize = 50_000;
/// How many rows are looked up by a list at once.
const AT_ONCE: usize = 5_000;

/// The earliest click that is read, or an earlier one.
pub fn since(tx: &mut Tx<'_>, about: &Journeying) -> Result<ClickNumber, Error> {
    let left_out = tx.latest_click_but(about, i64::try_from(MOST).unwrap_or(i64::MAX))?;
    Ok(left_out.unwrap_or_else(|| ClickNumber::first_at(about.from)))
}

/// Adds them.
pub fn add(tx: &mut Tx<'_>, about: &Journeying, led: &Led, into: &mut Collected) -> Result<(), Error> {
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut clicks = tx.clicks_seen(about, limit)?;
    if clicks.len() > MOST {
        into.told.clicks_left_out = true;
        clicks.remove(0);
    }
    let converted = converted(tx, about, &clicks, led)?;
    let gone = |click: &&ClickSeen| {
        let is_gone = |visitor| !led.visitors.contains(&visitor) && !converted.contains(&visitor);
        !led.numbers.contains(&click.number) && visitor(click).is_none_or(is_gone)
    };
    let lost: Vec<ClickSeen> = clicks.iter().filter(gone).copied().collect();
    let touches = touches(tx, about, &lost, into)?;
    let mut places: FxHashMap<i64, usize> = FxHashMap::default();
    let mut steps = Vec::with_capacity(lost.len());
    let mut count = 0;
    for (click, touch) in lost.iter().zip(touches) {
        let place = visitor(click).map_or(count, |visitor| *places.entry(visitor).or_insert(count));
        count += usize::from(place == count);
        steps.push((place, touch));
    }
    // Stable: each visitor's clicks stay in the order of time.
    steps.sort_by_key(|(place, _)| *place);
    for touches in steps.chunk_by(|(one, _), (other, _)| one == other) {
        into.trips.push(None, touches.iter().map(|(_, touch)| *touch));
    }
    into.told.lost += i64::try_from(count).unwrap_or(i64::MAX);
    Ok(())
}

/// The visitor as the page knew him or her; a browser met by its address proves no journey.
fn visitor(click: &ClickSeen) -> Option<i64> {
    click.visitor.filter(|key| *key > 0)
}

/// The visitors whose clicks led somewhere, the clicks before the range included, besides those that are known.
fn converted(
    tx: &mut Tx<'_>,
    about: &Journeying,
    clicks: &[ClickSeen],
    led: &Led,
) -> Result<FxHashSet<i64>, Error> {
    let led_on = clicks.iter().filter(|click| led.numbers.contains(&click.number));
    let mut converted: FxHashSet<i64> = led_on.filter_map(visitor).collect();
    let first = clicks.first().map_or(ClickNumber::first_at(about.to), |click| click.number);
    let before: Vec<i64> =
        led.unseen.iter().filter(|number| **number < first).map(|number| number.0).collect();
    for numbers in before.chunks(AT_ONCE) {
        let rows = tx.click_rows(&[about.number], numbers)?;
        converted.extend(rows.iter().filter_map(ClickRow::key).filter(|key| *key > 0));
    }
    Ok(converted)
}

/// The touchpoints that clicks are.
fn touches(
    tx: &mut Tx<'_>,
    about: &Journeying,
    clicks: &[ClickSeen],
    into: &mut Collected,
) -> Result<Vec<Touch>, Error> {
    let mut texts: FxHashMap<i64, String> = FxHashMap::default();
    let mut wanted: Vec<i64> =
        clicks.iter().flat_map(|click| [click.url, click.referrer]).flatten().collect();
    wanted.sort_unstable();
    wanted.dedup();
    for ids in wanted.chunks(AT_ONCE) {
        texts.extend(tx.words(about.number, ids)?.into_iter().map(|word| (word.id, word.text)));
    }
    let mut links: FxHashMap<i64, (usize, usize)> = FxHashMap::default();
    let mut numbers: Vec<i64> = clicks.iter().map(|click| click.link).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for numbers in numbers.chunks(AT_ONCE) {
        for label in tx.labels_of_numbers(numbers)? {
            let naming = &mut into.naming;
            links.insert(
                label.number,
                (naming.partners.place(&label.partner), naming.links.place(&label.link)),
            );
            naming.known.insert(label.partner, label.name);
        }
    }
    let mut met = FxHashMap::default();
    let mut touch = |click: &ClickSeen| {
        let (partner, link) = *links.get(&click.link)?;
        let text = |word: Option<i64>| word.and_then(|word| texts.get(&word)).map(String::as_str);
        let naming = &mut into.naming;
        let called = *met.entry((click.link, click.url, click.referrer)).or_insert_with(|| {
            let (channel, site) = of_click(text(click.url), text(click.referrer), naming);
            naming.place(Called { partner, link, channel, site })
        });
        Some(Touch { at: click.number.at(), called })
    };
    let all = clicks
        .iter()
        .map(|click| touch(click).ok_or_else(|| Error::internal(format!("link {} vanished", click.link))));
    all.collect()
}
