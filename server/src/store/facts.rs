//! Figures computed from the facts themselves: what the tallies must say. For the parts of days a range cuts, for
//! rebuilding the tallies, and for checking them.

use super::scan::{page_of, site_of};
use super::{
    Brought, Dimension, Figures, Origin, StoreError, Tallies, Tx, Word, hour_of, means_number, params,
};
use crate::crediting::MAX_VALUE;
use crate::routes::clicks::origin_and_path;
use goodword_domain::attribution::Kind;
use goodword_domain::click::ClickNumber;
use goodword_domain::commission::Status;
use goodword_domain::exchange::parse_rate;
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::reward::Exchange;
use goodword_domain::time::{DAY_MS, Instant};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeSet, HashMap};

/// The setting that tells up to which day the figures of before were worked out; there only while some wait.
const WORKED_OUT: &str = "figures_worked_out";

/// How many clicks are held in memory at once.
const PAGE: i64 = 20_000;

/// The tallies of one day, as they are and as they should be.
pub struct DayOfTallies {
    pub stored: Tallies,
    pub right: Tallies,
}

/// What one click adds to the tallies.
struct Counted {
    number: ClickNumber,
    program: i64,
    link: i64,
    visitor: Option<i64>,
    referrer: Option<i64>,
    url: Option<i64>,
    country: i64,
    device: i64,
}

/// Clicks as they are counted, day by day in the order of time.
struct Counting {
    /// The programs, with the first day of which all clicks are there.
    since: HashMap<i64, i64>,
    day: i64,
    seen: FxHashSet<(i64, i64)>,
    /// The site and the page of each address met, by program and word.
    addresses: FxHashMap<(i64, i64), Address>,
    tallies: Tallies,
}

/// What figures are kept by of an address, as words; 0 for none.
#[derive(Clone, Copy, Default)]
struct Address {
    site: i64,
    page: i64,
}

impl Counting {
    fn add(&mut self, click: &Counted) {
        let at = click.number.at();
        if self.since.get(&click.program).is_none_or(|since| at.day() < *since) {
            return;
        }
        if at.day() != self.day {
            self.day = at.day();
            self.seen.clear();
        }
        let new = click.visitor.is_none_or(|visitor| self.seen.insert((click.program, visitor)));
        let of = |word: Option<i64>| {
            word.and_then(|word| self.addresses.get(&(click.program, word)).copied()).unwrap_or_default()
        };
        let (site, page) = (of(click.referrer).site, of(click.url).page);
        let one = Figures { clicks: 1, ..Figures::default() };
        let whole = Figures { visitors: i64::from(new), ..one };
        for (dimension, item, figures) in [
            (Dimension::Program, 0, whole),
            (Dimension::Link, click.link, one),
            (Dimension::Hour, hour_of(at), one),
            (Dimension::Site, site, one),
            (Dimension::Country, click.country, one),
            (Dimension::Device, click.device, one),
            (Dimension::Page, page, one),
            (Dimension::Means, means_number(Kind::Click), one),
        ] {
            self.tallies.add(click.program, dimension, self.day, item, figures);
        }
    }
}

impl Tx<'_> {
    /// The figures of programs over a half-open range of instants, in every dimension. Clicks of days of which some may
    /// have been deleted are left out.
    pub fn facts(&mut self, programs: &[i64], from: Instant, to: Instant) -> Result<Tallies, StoreError> {
        let mut tallies = self.facts_of_clicks(programs, from, to)?;
        self.add_leads(&mut tallies, programs, from, to)?;
        self.add_sales(&mut tallies, programs, from, to)?;
        self.add_earnings(&mut tallies, programs, from, to)?;
        Ok(tallies)
    }

    /// The same of a part of a day, with leads, sales and commissions as the narrow rows tell them.
    pub(super) fn figures_of_part(
        &mut self,
        programs: &[i64],
        from: Instant,
        to: Instant,
    ) -> Result<Tallies, StoreError> {
        let mut tallies = self.facts_of_clicks(programs, from, to)?;
        self.add_brought_between(&mut tallies, programs, (from, to))?;
        Ok(tallies)
    }

    /// The tallies of a day of programs. What they say of clicks that were deleted is taken from themselves.
    pub fn day_of_tallies(&mut self, programs: &[i64], day: i64) -> Result<DayOfTallies, StoreError> {
        let start = Instant(day.saturating_mul(DAY_MS));
        let stored = self.tallies_of_day(programs, day)?;
        let mut right = self.facts(programs, start, start.plus_days(1))?;
        let since = self.clicks_kept_since(programs)?;
        for ((program, dimension, day, item), figures) in stored.iter() {
            if since.get(&program).is_some_and(|since| day < *since) {
                let Figures { clicks, visitors, .. } = *figures;
                right.add(program, dimension, day, item, Figures { clicks, visitors, ..Figures::default() });
            }
        }
        Ok(DayOfTallies { stored, right })
    }

    /// Puts the right tallies of a day in the place of those stored, while nobody else counts.
    pub fn rebuild_day(&mut self, programs: &[i64], day: i64) -> Result<bool, StoreError> {
        self.stop_counting()?;
        self.settle_tallies()?;
        let start = Instant(day.saturating_mul(DAY_MS));
        self.work_out_origins(start, start.plus_days(1))?;
        self.name_pages(programs, start)?;
        let DayOfTallies { stored, right } = self.day_of_tallies(programs, day)?;
        let changed: BTreeSet<i64> =
            stored.differences(&right).map(|((program, ..), _, _)| program).collect();
        if changed.is_empty() && stored.different_facts(&right).is_empty() {
            return Ok(false);
        }
        self.execute("delete from tally where program = any($1) and day = $2", params![programs, day])?;
        let sql = "delete from brought where program = any($1) and at >= $2 and at < $3";
        self.execute(sql, params![programs, start, start.plus_days(1)])?;
        self.add_to_links(&stored.negative_sums())?;
        self.put_tallies(&right)?;
        // To every week the right figures were added beside the wrong ones.
        let stored = stored.iter().map(|((program, ..), _)| program);
        for program in changed.into_iter().chain(stored).collect::<BTreeSet<i64>>() {
            self.recount_week(program, day)?;
        }
        Ok(true)
    }

    /// Writes down how leads, sales and commissions of a range came, where nobody has: of those made before that was kept.
    fn work_out_origins(&mut self, from: Instant, to: Instant) -> Result<(), StoreError> {
        let leads = "select id, touchpoints, at from lead where at >= $1 and at < $2 and origin is null";
        let sales = "select id, touchpoints, at from sale where at >= $1 and at < $2 and origin is null";
        let of_lead = "update lead set origin = $2 where id = $1";
        let of_sale = "update sale set origin = $2 where id = $1";
        for (wanted, done) in [(leads, of_lead), (sales, of_sale)] {
            for mut row in self.rows(wanted, params![from, to])? {
                let (id, touchpoints, at): (String, String, _) = (row.next()?, row.next()?, row.next()?);
                let origin = Origin::of_touchpoints(&touchpoints, at)?;
                self.execute(done, params![&id, origin])?;
            }
        }
        let sql = "update commission set origin = coalesce((select s.origin from sale s where s.id = commission.sale_id), \
                   (select l.origin from lead l where l.id = commission.lead_id)) \
                   where at >= $1 and at < $2 and origin is null and coalesce(sale_id, lead_id) is not null";
        self.execute(sql, params![from, to])?;
        Ok(())
    }

    /// Stores the pages that clicks of a day landed on as words, where they are none yet.
    fn name_pages(&mut self, programs: &[i64], start: Instant) -> Result<(), StoreError> {
        let sql = "select distinct c.program, w.text from click c join word w on w.program = c.program and w.id = c.url \
                   where c.id >= $1 and c.id < $2 and c.program = any($3)";
        let (from, to) = (ClickNumber::first_at(start), ClickNumber::first_at(start.plus_days(1)));
        let mut pages = Vec::new();
        for mut row in self.rows(sql, params![from, to, programs])? {
            let (program, url): (i64, String) = (row.next()?, row.next()?);
            pages.push((program, Word::new(origin_and_path(&url))));
        }
        let named: Vec<(i64, &Word)> = pages
            .iter()
            .filter(|(_, page)| !page.text.is_empty())
            .map(|(program, page)| (*program, page))
            .collect();
        self.insert_words(&named)
    }

    /// The day after which figures of before wait to be worked out; none if none do.
    pub fn figures_to_work_out(&mut self) -> Result<Option<i64>, StoreError> {
        let row = self.row("select value from setting where name = $1", params![WORKED_OUT])?;
        row.map(|mut row| Ok(row.next::<String>()?.parse().unwrap_or(i64::MIN))).transpose()
    }

    /// Writes down up to which day they are; none for all.
    pub fn figures_worked_out(&mut self, day: Option<i64>) -> Result<(), StoreError> {
        let Some(day) = day else {
            self.execute("delete from setting where name = $1", params![WORKED_OUT])?;
            return Ok(());
        };
        self.execute("update setting set value = $2 where name = $1", params![WORKED_OUT, &day.to_string()])?;
        Ok(())
    }

    /// What changes whenever figures of a vendor do, or anything that is kept in memory.
    pub fn mark_of_figures(&mut self, vendor: &VendorId) -> Result<Vec<i64>, StoreError> {
        let sql = "select cast(coalesce(sum(t.clicks), 0) as bigint), cast(coalesce(sum(t.visitors), 0) as bigint), \
                   cast(coalesce(sum(t.leads), 0) as bigint), cast(coalesce(sum(t.sales), 0) as bigint), \
                   cast(coalesce(sum(t.amount), 0) as bigint), cast(coalesce(sum(t.gone), 0) as bigint), \
                   cast(coalesce(sum(t.pending), 0) as bigint), cast(coalesce(sum(t.processed), 0) as bigint), \
                   cast(coalesce(sum(t.paid), 0) as bigint), \
                   (select cast(coalesce(sum(c.place), 0) as bigint) from chain c join program g on g.id = c.program_id \
                   where g.vendor_id = $1), (select version from directory where id = 0) \
                   from program p join tally t on t.program = p.number and t.dimension = 0 where p.vendor_id = $1";
        let row: Option<[Option<i64>; 11]> = self.rows_of_numbers(sql, params![vendor])?.pop();
        let mut mark = row.map(|row| row.map(Option::unwrap_or_default)).unwrap_or_default();
        let mut logged = Figures::default();
        let programs = self.numbers_of(vendor, None)?;
        for ((_, dimension, ..), figures) in self.logged(&programs)?.iter() {
            if *dimension == Dimension::Program {
                logged += *figures;
            }
        }
        for (figure, more) in mark.iter_mut().zip(logged.values()) {
            *figure += more;
        }
        Ok(mark.to_vec())
    }

    /// The number of every program there is.
    pub fn program_numbers(&mut self) -> Result<Vec<i64>, StoreError> {
        let rows = self.rows("select number from program order by number", &[])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    /// All programs, each with its number.
    pub fn numbered_programs(&mut self) -> Result<Vec<(i64, ProgramId)>, StoreError> {
        let rows = self.rows("select number, id from program order by number", &[])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    /// The days of which there are tallies or facts, oldest first.
    pub fn days_of_figures(&mut self) -> Result<Vec<i64>, StoreError> {
        let sql = "select day from tally union select at / 86400000 from lead union select at / 86400000 from sale \
                   union select at / 86400000 from commission";
        let mut days: Vec<i64> =
            self.rows(sql, &[])?.into_iter().map(|mut row| row.next()).collect::<Result<_, _>>()?;
        days.extend(self.logged_of_all()?.into_iter().map(|((_, _, day, _), _)| day));
        let mut next = i64::MIN;
        while let Some(day) = self.next_day_with_clicks(next)? {
            days.push(day);
            next = ClickNumber::first_of_day(day + 1).0;
        }
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    fn next_day_with_clicks(&mut self, number: i64) -> Result<Option<i64>, StoreError> {
        let row = self.row("select id from click where id >= $1 order by id limit 1", params![number])?;
        row.map(|mut row| Ok(row.next::<ClickNumber>()?.at().day())).transpose()
    }

    fn facts_of_clicks(
        &mut self,
        programs: &[i64],
        from: Instant,
        to: Instant,
    ) -> Result<Tallies, StoreError> {
        let sql = "select id, program, link, coalesce(visitor, browser), referrer, url, country, device from click \
                   where id >= $1 and id < $2 and program = any($3) order by id limit $4";
        let since = self.clicks_kept_since(programs)?;
        let (seen, addresses) = (FxHashSet::default(), FxHashMap::default());
        let mut counting = Counting { since, day: i64::MIN, seen, addresses, tallies: Tallies::default() };
        let (mut next, end) = (ClickNumber::first_at(from).0, ClickNumber::first_at(to).0);
        loop {
            let rows = self.rows_of_numbers(sql, params![next, end, programs, PAGE])?;
            let page: Vec<Counted> = rows.into_iter().map(counted).collect();
            self.learn_addresses(&mut counting.addresses, &page)?;
            for click in &page {
                counting.add(click);
            }
            match page.last() {
                Some(last) if Some(page.len()) == usize::try_from(PAGE).ok() => next = last.number.0 + 1,
                _ => return Ok(counting.tallies),
            }
        }
    }

    /// Looks up the sites and pages of addresses not met before.
    fn learn_addresses(
        &mut self,
        addresses: &mut FxHashMap<(i64, i64), Address>,
        page: &[Counted],
    ) -> Result<(), StoreError> {
        let mut new: FxHashMap<i64, FxHashSet<i64>> = FxHashMap::default();
        for click in page {
            for word in [click.referrer, click.url].into_iter().flatten() {
                if !addresses.contains_key(&(click.program, word)) {
                    new.entry(click.program).or_default().insert(word);
                }
            }
        }
        for (program, words) in new {
            let words = Vec::from_iter(words);
            for word in self.words(program, &words)? {
                let address = Address { site: site_of(&word.text), page: page_of(&word.text) };
                addresses.insert((program, word.id), address);
            }
        }
        Ok(())
    }

    fn add_leads(
        &mut self,
        tallies: &mut Tallies,
        programs: &[i64],
        from: Instant,
        to: Instant,
    ) -> Result<(), StoreError> {
        let sql = "select g.number, l.at, l.id, k.number, l.origin from program g join lead l on l.program_id = g.id \
                   left join link k on k.id = l.link_id where g.number = any($1) and l.at >= $2 and l.at < $3";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let key = (row.next()?, row.next()?, row.next()?);
            let (link, origin) = (row.next::<Option<i64>>()?.unwrap_or(0), row.next()?);
            tallies
                .add_fact(key, Brought { link, origin, figures: Figures { leads: 1, ..Figures::default() } });
        }
        Ok(())
    }

    fn add_sales(
        &mut self,
        tallies: &mut Tallies,
        programs: &[i64],
        from: Instant,
        to: Instant,
    ) -> Result<(), StoreError> {
        let sql = "select g.number, s.at, s.id, k.number, s.origin, s.value_left, s.amount, s.currency, g.currency, s.rate \
                   from program g join sale s on s.program_id = g.id left join link k on k.id = s.link_id \
                   where g.number = any($1) and s.at >= $2 and s.at < $3";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let key = (row.next()?, row.next()?, row.next()?);
            let (link, origin) = (row.next::<Option<i64>>()?.unwrap_or(0), row.next()?);
            let (left, paid): (Option<i64>, i64) = (row.next()?, row.next()?);
            let amount = left.unwrap_or(0);
            let whole = worth(paid, (row.next()?, row.next()?), row.next()?)?;
            let gone = left.and(whole).map_or(0, |whole| whole - amount);
            tallies.add_fact(
                key,
                Brought { link, origin, figures: Figures { gone, ..Figures::of_sale(amount) } },
            );
        }
        Ok(())
    }

    fn add_earnings(
        &mut self,
        tallies: &mut Tallies,
        programs: &[i64],
        from: Instant,
        to: Instant,
    ) -> Result<(), StoreError> {
        let sql = "select g.number, c.at, c.id, k.number, c.origin, c.status, c.earnings \
                   from program g join commission c on c.program_id = g.id left join link k on k.id = c.link_id \
                   where g.number = any($1) and c.at >= $2 and c.at < $3 and c.currency not in ('points', 'credits', 'months') \
                   and c.source <> 'fund'";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let key = (row.next()?, row.next()?, row.next()?);
            let (link, origin) = (row.next::<Option<i64>>()?.unwrap_or(0), row.next()?);
            let status = Status::parse(&row.next::<String>()?).map_err(super::program::broken)?;
            tallies
                .add_fact(key, Brought { link, origin, figures: Figures::of_earnings(status, row.next()?) });
        }
        Ok(())
    }

    fn tallies_of_day(&mut self, programs: &[i64], day: i64) -> Result<Tallies, StoreError> {
        let sql = "select program, dimension, item, clicks, visitors, leads, sales, amount, gone, pending, processed, paid \
                   from tally where program = any($1) and dimension = any($2) and day = $3";
        let dimensions: Vec<i64> = Dimension::ALL.iter().map(|d| d.number()).collect();
        let mut tallies = Tallies::default();
        let start = Instant(day.saturating_mul(DAY_MS));
        self.add_brought_between(&mut tallies, programs, (start, start.plus_days(1)))?;
        tallies.keep_facts_only();
        for mut row in self.rows(sql, params![programs, dimensions, day])? {
            let (program, dimension, item) = (row.next()?, row.next()?, row.next()?);
            let dimension = Dimension::of_number(dimension)
                .ok_or_else(|| StoreError::Failed(format!("a tally is of the dimension {dimension}")))?;
            tallies.add(program, dimension, day, item, Figures::read(&mut row)?);
        }
        for ((program, dimension, of, item), figures) in self.logged(programs)?.iter() {
            if *of == day {
                tallies.add(*program, *dimension, day, *item, *figures);
            }
        }
        Ok(tallies)
    }
}

fn counted([number, program, link, visitor, referrer, url, country, device]: [Option<i64>; 8]) -> Counted {
    let known = Option::unwrap_or_default;
    Counted {
        number: ClickNumber(known(number)),
        program: known(program),
        link: known(link),
        visitor,
        referrer,
        url,
        country: known(country),
        device: known(device),
    }
}

/// What a sale came to in its program's currency, before anything was given back; none without a rate.
fn worth(
    paid: i64,
    (from, to): (Currency, Currency),
    rate: Option<String>,
) -> Result<Option<i64>, StoreError> {
    if from == to {
        return Ok(Some(paid));
    }
    let Some(rate) = rate else { return Ok(None) };
    let rate = parse_rate(&rate).map_err(super::program::broken)?;
    let exchange = Exchange { rate, from, to, source: String::new() };
    Ok(Some(exchange.value(paid).min(MAX_VALUE)))
}
