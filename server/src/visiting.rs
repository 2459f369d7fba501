//! From visits to clicks, many at a time: load the links and what the browsers did before, decide which visits are new
//! clicks, save those. What is known of a browser is a chain of its clicks, newest first; a visitor the page knows has
//! one, too.

mod earning;

use crate::auth::{EventCaller, Reporter};
use crate::error::Error;
use crate::routes::find;
use crate::store::{
    BROWSER_BITS, ClickRow, Dimension, Figures, KnownLink, LinkName, Moved, Origin, StoreError, Tallies,
    Together, Tx, Word, hour_of, means_number,
};
use crate::time;
use earning::Earning;
use goodword_domain::attribution::Kind;
use goodword_domain::click::{Before, ClickNumber, is_out_of_sight, is_same};
use goodword_domain::event::EventKind;
use goodword_domain::id::{ClickId, ProgramId};
use goodword_domain::time::Instant;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Somebody followed a link.
#[derive(Clone, Debug)]
pub struct Visit {
    pub source: Source,
    pub browser: Browser,
    /// A keyed hash of the address it came from, if that tells anything.
    pub address: Option<u64>,
    /// What the world's clock showed.
    pub real: Instant,
    pub trace: Trace,
}

/// How we know of a visit.
#[derive(Clone, Debug)]
pub enum Source {
    /// It came through a short link of this name.
    ShortLink(LinkName),
    /// A page or server reported it.
    Reported {
        reporter: Reporter,
        program: Option<ProgramId>,
        /// The folded key or code of the link.
        key: String,
        /// When it happened, if that was told.
        told: Option<Instant>,
        /// Whether the report itself came from a crawler.
        bot: bool,
    },
    /// A page tells that the browser a redirect brought is one it knows.
    Landed { reporter: Reporter, click: ClickId },
}

/// How one browser is told from another, by a keyed hash.
#[derive(Clone, Copy, Debug)]
pub enum Browser {
    /// By the page's own first-party id.
    Named(u64),
    /// By address and agent, hashed with the salt of a day.
    Met { day: i64, hash: u64 },
    /// Not at all: a server reported the click.
    Unknown,
}

/// What else is kept of a visit; its texts as words, or as what stands for words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trace<W = Word> {
    pub url: Option<W>,
    pub referrer: Option<W>,
    /// The site of the referrer.
    pub site: Option<W>,
    /// The page landed on: its address without a query.
    pub page: Option<W>,
    pub sub_id: Option<W>,
    /// Two letters as a number, 0 for unknown.
    pub country: i64,
    /// 1 desktop, 2 mobile, 3 tablet, 0 for unknown.
    pub device: i64,
}

/// What became of a visit.
#[derive(Clone, Debug)]
pub struct Visited {
    pub link: Arc<KnownLink>,
    /// The click it is, if it counts.
    pub click: Option<ClickNumber>,
    /// Whether that click was there already.
    pub duplicate: bool,
}

impl<W> Trace<W> {
    /// The same with something else in the place of each word.
    pub fn map<'a, V>(&'a self, other: impl Fn(&'a W) -> V) -> Trace<V> {
        Trace {
            url: self.url.as_ref().map(&other),
            referrer: self.referrer.as_ref().map(&other),
            site: self.site.as_ref().map(&other),
            page: self.page.as_ref().map(&other),
            sub_id: self.sub_id.as_ref().map(&other),
            country: self.country,
            device: self.device,
        }
    }
}

impl Browser {
    /// The number its chain is found by, in a program.
    pub fn key(self, program: i64) -> Option<i64> {
        match self {
            Self::Named(hash) => Some((mix(hash, program) >> 1).cast_signed().max(1)),
            Self::Met { day, hash } => {
                Some(first_key_of_day(day) + (mix(hash, program) >> (u64::BITS - BROWSER_BITS)).cast_signed())
            }
            Self::Unknown => None,
        }
    }
}

/// The smallest number of a browser met by address on a day or later; those of days gone by are never met again.
pub fn first_key_of_day(day: i64) -> i64 {
    i64::MIN + (day.clamp(0, (1 << 16) - 1) << BROWSER_BITS)
}

/// Scatters a hash differently for every program, so that nobody is known across programs. Source: the finalizer of
/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
fn mix(hash: u64, program: i64) -> u64 {
    let z = hash.wrapping_add(program.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Visit {
    fn address_key(&self, program: i64) -> Option<i64> {
        self.address.map(|hash| address_key(hash, program))
    }
}

/// The number an address is found by in a program, from its keyed hash.
pub fn address_key(hash: u64, program: i64) -> i64 {
    (mix(hash, program) >> 1).cast_signed()
}

/// The latest click of a browser in a program.
pub fn latest_click(tx: &mut Tx<'_>, program: i64, browser: Browser) -> Result<Option<ClickId>, StoreError> {
    let Some(key) = browser.key(program) else { return Ok(None) };
    let head = tx.heads(&[[program, key]])?.pop();
    Ok(head.map(|(_, number)| tx.seal().id(program, number)))
}

impl Together for Visit {
    type Answer = Visited;
    /// A group of clicks is decided in no time, and one large one is much cheaper than two.
    const SIDE_BY_SIDE: usize = 1;

    fn together(tx: &mut Tx<'_>, visits: &[&Self]) -> Result<Vec<Result<Visited, Error>>, Error> {
        let mut plans = Vec::with_capacity(visits.len());
        for visit in visits {
            match plan(tx, visit) {
                Err(Error::Store(failed)) => return Err(failed.into()),
                plan => plans.push(plan.map(|plan| (plan, visit.trace.map(|word| word)))),
            }
        }
        carry_out(tx, plans)
    }
}

/// What is to be done with a visit, before its browser's history is looked at.
pub struct Plan {
    link: Arc<KnownLink>,
    at: Instant,
    key: Option<i64>,
    /// The number its address is found by, in the program.
    address: Option<i64>,
    /// The browser that made a click to be named: whether there is a visitor less depends on what else it did.
    met: Option<i64>,
    action: Action,
    /// Whether it may be rewarded.
    earns: bool,
    /// Whether it happens now, and is not history.
    live: bool,
}

impl Plan {
    /// Counts a visit of the past, which was at `at`: history, for which nobody is rewarded any more.
    pub fn counting(link: Arc<KnownLink>, browser: Browser, at: Instant) -> Self {
        Self {
            at,
            key: browser.key(link.program.number),
            address: None,
            link,
            met: None,
            action: Action::Count,
            earns: false,
            live: false,
        }
    }
}

/// Carries out plans, each with what else is kept of its visit; a refusal in the place of one is its answer.
pub fn carry_out(
    tx: &mut Tx<'_>,
    plans: Vec<Result<(Plan, Trace<&Word>), Error>>,
) -> Result<Vec<Result<Visited, Error>>, Error> {
    let mut desk = Desk::load(tx, &plans)?;
    let mut answers = Vec::with_capacity(plans.len());
    for plan in plans {
        answers.push(match plan {
            Ok((plan, trace)) => Ok(desk.decide(tx, plan, trace)?),
            Err(refusal) => Err(refusal),
        });
    }
    desk.save(tx)?;
    Ok(answers)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    /// Lead on, and count nothing.
    Pass,
    /// Count it.
    Count,
    /// It is a click already; tell whose.
    Name(ClickNumber),
}

fn plan(tx: &mut Tx<'_>, visit: &Visit) -> Result<Plan, Error> {
    match &visit.source {
        Source::ShortLink(name) => {
            let link = tx.known_link(name)?;
            let link =
                link.ok_or_else(|| Error::NotFound("There is no such link: check its spelling.".into()))?;
            let counts = link.program.open && link.partner.approved;
            let action = if counts { Action::Count } else { Action::Pass };
            let (at, key) = (link.clock.now(visit.real), visit.browser.key(link.program.number));
            let address = visit.address_key(link.program.number);
            Ok(Plan { link, at, key, address, met: None, action, earns: true, live: true })
        }
        Source::Reported { reporter, program, key, told, bot } => {
            let caller = reporter.caller(tx)?;
            check_reporter(&caller, told.is_some(), *bot)?;
            let name = LinkName::OfVendor(caller.vendor().clone(), program.clone(), key.clone());
            let link = tx.known_link(&name)?.ok_or_else(|| {
                Error::NotFound("`key` is not a link or code of yours: check its spelling.".into())
            })?;
            check_link(&link)?;
            let at = time::not_ahead(*told, link.clock.now(visit.real))?;
            let met = matches!(visit.browser, Browser::Met { .. });
            let browser = if met && caller.is_vendor() { Browser::Unknown } else { visit.browser };
            // A server reports from an address of its own.
            let address = if caller.is_vendor() { None } else { visit.address_key(link.program.number) };
            let (key, action) = (browser.key(link.program.number), Action::Count);
            // What cannot be told from others cannot be rewarded once.
            Ok(Plan { at, key, address, link, met: None, action, earns: key.is_some(), live: true })
        }
        Source::Landed { reporter, click } => {
            let gone =
                || Error::NotFound("`clickId` is not a click of yours: leave it out and send `key`.".into());
            let caller = reporter.caller(tx)?;
            check_reporter(&caller, false, false)?;
            let (program, number) = tx.seal().open(click).ok_or_else(gone)?;
            let row = tx.click_rows(&[program], &[number.0])?.pop().ok_or_else(gone)?;
            let link = tx.known_link(&LinkName::Number(row.link))?.ok_or_else(gone)?;
            if link.link.vendor != *caller.vendor() {
                return Err(gone());
            }
            let key = visit.browser.key(row.program).filter(|key| *key > 0);
            let (at, met, action) = (number.at(), row.browser, Action::Name(number));
            Ok(Plan { link, at, key, address: None, met, action, earns: false, live: true })
        }
    }
}

fn check_reporter(caller: &EventCaller, told: bool, bot: bool) -> Result<(), Error> {
    if caller.is_vendor() {
        return Ok(());
    }
    if told {
        return Err(Error::Forbidden("`timestamp` needs a secret key: leave it out.".into()));
    }
    if bot {
        return Err(Error::Forbidden("Crawlers are not counted.".into()));
    }
    Ok(())
}

/// Refuses what a link takes no clicks for.
pub fn check_link(link: &KnownLink) -> Result<(), Error> {
    find::open(&link.program)?;
    if link.partner.approved {
        Ok(())
    } else {
        Err(Error::Conflict(
            "The partner of this link is not approved: approve the partner to count clicks.".into(),
        ))
    }
}

/// What was loaded for a group of visits, and what is to be saved.
#[derive(Default)]
struct Desk<'a> {
    heads: FxHashMap<i64, ClickNumber>,
    /// Clicks that were stored before.
    rows: FxHashMap<ClickNumber, ClickRow>,
    /// Which of those are other than they are stored.
    changed: BTreeSet<ClickNumber>,
    /// New clicks, and where each stands among them.
    new: Vec<ClickRow>,
    places: FxHashMap<ClickNumber, usize>,
    /// The program of every key whose head is another now, and whether it had none.
    moved: FxHashMap<i64, (i64, bool)>,
    tallies: Tallies,
    words: Vec<(i64, &'a Word)>,
    /// New clicks that may earn something.
    earning: Vec<Earning>,
}

impl<'a> Desk<'a> {
    fn load(tx: &mut Tx<'_>, plans: &[Result<(Plan, Trace<&'a Word>), Error>]) -> Result<Self, StoreError> {
        let planned = || plans.iter().flatten().map(|(plan, _)| plan);
        let wanted = || planned().filter(|plan| plan.action != Action::Pass);
        let named = |plan: &Plan| {
            let program = plan.link.program.number;
            [plan.key, plan.met].into_iter().flatten().map(move |key| [program, key])
        };
        let keys: Vec<[i64; 2]> = wanted().flat_map(named).collect();
        // Of a click two may tell at once whose it is.
        let naming = wanted().filter(|plan| matches!(plan.action, Action::Name(_)));
        let rivals: Vec<i64> = naming.flat_map(|plan| [plan.key, plan.met]).flatten().collect();
        let heads: FxHashMap<_, _> = tx.held_heads(&keys, &rivals)?.into_iter().collect();
        let near = wanted().filter_map(|plan| {
            let head = heads.get(&plan.key?)?;
            (!is_out_of_sight(*head, plan.at)).then_some(head.0)
        });
        let mut numbers: Vec<i64> = near.collect();
        numbers.extend(wanted().filter_map(|plan| match plan.action {
            Action::Name(number) => Some(number.0),
            Action::Pass | Action::Count => None,
        }));
        let programs: BTreeSet<i64> = wanted().map(|plan| plan.link.program.number).collect();
        let programs = Vec::from_iter(programs);
        let rows = if numbers.is_empty() { Vec::new() } else { tx.click_rows(&programs, &numbers)? };
        let mut desk = Self { heads, new: Vec::with_capacity(plans.len()), ..Self::default() };
        desk.places.reserve(plans.len());
        desk.moved.reserve(plans.len());
        desk.rows.extend(rows.into_iter().map(|row| (row.number, row)));
        Ok(desk)
    }

    fn decide(&mut self, tx: &mut Tx<'_>, plan: Plan, trace: Trace<&'a Word>) -> Result<Visited, Error> {
        match plan.action {
            Action::Pass => Ok(Visited { link: plan.link, click: None, duplicate: false }),
            Action::Count => self.count(tx, plan, trace),
            Action::Name(number) => {
                if let Some(visitor) = plan.key {
                    self.name(tx, plan.link.program.number, number, visitor)?;
                }
                Ok(Visited { link: plan.link, click: Some(number), duplicate: true })
            }
        }
    }

    fn count(&mut self, tx: &mut Tx<'_>, plan: Plan, trace: Trace<&'a Word>) -> Result<Visited, Error> {
        let Plan { link, at, key, address, earns, live, .. } = plan;
        let number = tx
            .new_click(at)
            .ok_or_else(|| Error::field("timestamp", "must lie between the years 1881 and 2159."))?;
        let mut row = ClickRow {
            number,
            program: link.program.number,
            link: link.link.number,
            browser: key,
            previous: None,
            visitor: None,
            visitor_previous: None,
            url: trace.url.map(|word| word.id),
            referrer: trace.referrer.map(|word| word.id),
            sub_id: trace.sub_id.map(|word| word.id),
            country: trace.country,
            device: trace.device,
            address,
        };
        let mut new_visitor = true;
        if let Some(key) = key {
            let near = self.nearby(tx, row.program, key, at)?;
            if let Some(same) = near.same(row.link, at) {
                return Ok(Visited { link, click: Some(same), duplicate: true });
            }
            new_visitor = !near.has_been(key, at.day());
            row.previous = self.put(&near, key, row.program, number);
        }
        let words = [trace.url, trace.referrer, trace.site, trace.page, trace.sub_id].into_iter().flatten();
        let unknown = words.map(|word| (row.program, word)).filter(|(of, word)| !tx.knows_word(*of, word.id));
        self.words.extend(unknown);
        self.places.insert(number, self.new.len());
        self.new.push(row);
        let item = |word: Option<&Word>| word.map_or(0, |word| word.id);
        let origin = Origin {
            means: means_number(Kind::Click),
            site: item(trace.site),
            country: row.country,
            device: row.device,
            page: item(trace.page),
            first: Some(at),
        };
        self.tally(&row, &origin, new_visitor);
        if live && tx.is_listened(&link.link.vendor, EventKind::LinkClicked)? {
            let (link, program) = (&link.link, link.program.number);
            let id = tx.seal().id(program, number);
            tx.tell((&link.vendor, &link.program), EventKind::LinkClicked, id.as_str())?;
        }
        if earns && link.program.version_at(at).1.pays_clicks() {
            self.earning.push(Earning { link: Arc::clone(&link), number, origin });
        }
        Ok(Visited { link, click: Some(number), duplicate: false })
    }

    fn tally(&mut self, row: &ClickRow, origin: &Origin, new_visitor: bool) {
        let at = row.number.at();
        let (day, one) = (at.day(), Figures { clicks: 1, ..Figures::default() });
        let whole = Figures { visitors: i64::from(new_visitor), ..one };
        for (dimension, item, figures) in [
            (Dimension::Program, 0, whole),
            (Dimension::Link, row.link, one),
            (Dimension::Hour, hour_of(at), one),
            (Dimension::Site, origin.site, one),
            (Dimension::Country, origin.country, one),
            (Dimension::Device, origin.device, one),
            (Dimension::Page, origin.page, one),
            (Dimension::Means, origin.means, one),
        ] {
            self.tallies.add(row.program, dimension, day, item, figures);
        }
    }

    /// Tells that a click met by address is one of a visitor the page knows, unless that was told before.
    fn name(
        &mut self,
        tx: &mut Tx<'_>,
        program: i64,
        number: ClickNumber,
        visitor: i64,
    ) -> Result<(), StoreError> {
        let Some(mut row) = self.row(tx, program, number)?.filter(|row| row.key().is_none_or(|key| key < 0))
        else {
            return Ok(());
        };
        let at = number.at();
        let near = self.nearby(tx, program, visitor, at)?;
        let others = match row.browser {
            Some(browser) => self.has_others(tx, program, browser, number)?,
            None => false,
        };
        let visitors = i64::from(!near.has_been(visitor, at.day())) - i64::from(!others);
        let figures = Figures { visitors, ..Figures::default() };
        self.tallies.add(row.program, Dimension::Program, at.day(), 0, figures);
        row.visitor = Some(visitor);
        row.visitor_previous = self.put(&near, visitor, row.program, number);
        self.change(number, |stored| *stored = row);
        Ok(())
    }

    /// Whether a browser has clicks on the day of one that count as its own, besides that one.
    fn has_others(
        &mut self,
        tx: &mut Tx<'_>,
        program: i64,
        browser: i64,
        number: ClickNumber,
    ) -> Result<bool, StoreError> {
        let day = number.at().day();
        if self.heads.contains_key(&browser) {
            let met = self.nearby(tx, program, browser, number.at())?;
            return Ok(met.rows.iter().any(|row| row.number != number && row.is_of(browser, day)));
        }
        // Its chain was forgotten, for it cannot be met again.
        let stored = tx.clicks_of_browser(program, browser, day)?;
        let is_its = |other: &ClickNumber| self.known(*other).is_none_or(|row| row.is_of(browser, day));
        Ok(stored.iter().any(|other| *other != number && is_its(other)))
    }

    /// Puts a click into its place in a chain; returns the one before it.
    fn put(&mut self, near: &Nearby, key: i64, program: i64, number: ClickNumber) -> Option<ClickNumber> {
        let after = near.rows.iter().rfind(|row| row.number > number).map(|row| row.number);
        if let Some(after) = after {
            self.change(after, |row| row.set_before(key, Some(number)));
        } else {
            let is_new = self.heads.insert(key, number).is_none();
            self.moved.entry(key).or_insert((program, is_new));
        }
        near.rows.iter().find(|row| row.number < number).map(|row| row.number).or(near.rest)
    }

    /// The clicks of a chain that matter to one at `at`: the newer ones, and those of its hour and its day.
    fn nearby(&mut self, tx: &mut Tx<'_>, program: i64, key: i64, at: Instant) -> Result<Nearby, StoreError> {
        let mut near = Nearby { rows: Vec::new(), rest: self.heads.get(&key).copied() };
        while let Some(number) = near.rest.filter(|number| !is_out_of_sight(*number, at)) {
            // What is not found was deleted with all before it: clicks are not kept for ever.
            let Some(row) = self.row(tx, program, number)? else { break };
            near.rest = row.before(key);
            near.rows.push(row);
        }
        Ok(near)
    }

    fn row(
        &mut self,
        tx: &mut Tx<'_>,
        program: i64,
        number: ClickNumber,
    ) -> Result<Option<ClickRow>, StoreError> {
        if let Some(row) = self.known(number) {
            return Ok(Some(*row));
        }
        let row = tx.click_rows(&[program], &[number.0])?.pop();
        self.rows.extend(row.map(|row| (number, row)));
        Ok(row)
    }

    /// A click that is new or was loaded.
    fn known(&self, number: ClickNumber) -> Option<&ClickRow> {
        match self.places.get(&number) {
            Some(place) => self.new.get(*place),
            None => self.rows.get(&number),
        }
    }

    /// Changes one of those.
    fn change(&mut self, number: ClickNumber, change: impl FnOnce(&mut ClickRow)) {
        if let Some(row) = self.places.get(&number).and_then(|place| self.new.get_mut(*place)) {
            change(row);
        } else if let Some(row) = self.rows.get_mut(&number) {
            change(row);
            self.changed.insert(number);
        }
    }

    fn save(mut self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.insert_words(&self.words)?;
        tx.insert_clicks(&self.new)?;
        for number in &self.changed {
            tx.update_click(&self.rows[number])?;
        }
        let told = |(key, (program, is_new))| Moved { program, key, head: self.heads[&key], is_new };
        let mut moved: Vec<Moved> = self.moved.into_iter().map(told).collect();
        moved.sort_unstable();
        tx.set_heads(&moved)?;
        earning::reward(tx, &self.earning, &mut self.tallies)?;
        Ok(tx.add_tallies(&self.tallies)?)
    }
}

/// A part of a chain, newest first.
struct Nearby {
    rows: Vec<ClickRow>,
    /// The click before those.
    rest: Option<ClickNumber>,
}

impl Nearby {
    fn same(&self, link: i64, at: Instant) -> Option<ClickNumber> {
        let same = |row: &&ClickRow| is_same(Before { number: row.number, link: row.link }, link, at);
        self.rows.iter().find(same).map(|row| row.number)
    }

    /// Whether whoever the chain belongs to was counted as a visitor of a day.
    fn has_been(&self, key: i64, day: i64) -> bool {
        self.rows.iter().any(|row| row.is_of(key, day))
    }
}

impl ClickRow {
    fn is_of(&self, key: i64, day: i64) -> bool {
        self.key() == Some(key) && self.number.at().day() == day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_kinds_days_and_programs_apart() {
        let met = |day, program| Browser::Met { day, hash: 99 }.key(program).unwrap();
        assert!(met(20_000, 1) < first_key_of_day(20_001) && met(20_000, 1) >= first_key_of_day(20_000));
        assert!(first_key_of_day(60_000) < 0);
        assert_ne!(met(20_000, 1), met(20_000, 2));
        assert!(Browser::Named(0).key(1).unwrap() > 0);
        assert_ne!(Browser::Named(7).key(1), Browser::Named(7).key(2));
        assert_eq!(Browser::Unknown.key(1), None);
    }
}
