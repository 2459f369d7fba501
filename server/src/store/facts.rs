//! Figures computed from the facts themselves: what the tallies must say. For the parts of days a range cuts, for
//! rebuilding the tallies, and for checking them.

use super::{Dimension, Figures, Row, StoreError, Tallies, Tx, Word, params};
use goodword_domain::click::{ClickNumber, site};
use goodword_domain::commission::Status;
use goodword_domain::time::{DAY_MS, Instant};
use std::collections::{HashMap, HashSet};

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
    country: i64,
    device: i64,
}

/// Clicks as they are counted, day by day in the order of time.
struct Counting {
    /// The programs, with the first day of which all clicks are there.
    since: HashMap<i64, i64>,
    day: i64,
    seen: HashSet<(i64, i64)>,
    sites: HashMap<(i64, i64), i64>,
    tallies: Tallies,
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
        let site = click.referrer.and_then(|word| self.sites.get(&(click.program, word)).copied());
        let one = Figures { clicks: 1, ..Figures::default() };
        let whole = Figures { visitors: i64::from(new), ..one };
        let hour = at.0.rem_euclid(DAY_MS) / 3_600_000;
        for (dimension, item, figures) in [
            (Dimension::Program, 0, whole),
            (Dimension::Link, click.link, one),
            (Dimension::Hour, hour, one),
            (Dimension::Site, site.unwrap_or(0), one),
            (Dimension::Country, click.country, one),
            (Dimension::Device, click.device, one),
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

    /// The tallies of a day of programs. What they say of clicks that were deleted is taken from themselves.
    pub fn day_of_tallies(&mut self, programs: &[i64], day: i64) -> Result<DayOfTallies, StoreError> {
        let stored = self.tallies_of_day(programs, day)?;
        let start = Instant(day.saturating_mul(DAY_MS));
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
        let DayOfTallies { stored, right } = self.day_of_tallies(programs, day)?;
        if stored.differences(&right).next().is_none() {
            return Ok(false);
        }
        self.execute("delete from tally where program = any($1) and day = $2", params![programs, day])?;
        self.add_tallies(&right)?;
        Ok(true)
    }

    /// The number of every program there is.
    pub fn program_numbers(&mut self) -> Result<Vec<i64>, StoreError> {
        let rows = self.rows("select number from program order by number", &[])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    /// The days of which there are tallies or facts, oldest first.
    pub fn days_of_figures(&mut self) -> Result<Vec<i64>, StoreError> {
        let sql = "select day from tally union select at / 86400000 from lead union select at / 86400000 from sale \
                   union select at / 86400000 from commission";
        let mut days: Vec<i64> =
            self.rows(sql, &[])?.into_iter().map(|mut row| row.next()).collect::<Result<_, _>>()?;
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
        let sql = "select id, program, link, coalesce(visitor, browser), referrer, country, device from click \
                   where id >= $1 and id < $2 and program = any($3) order by id limit $4";
        let since = self.clicks_kept_since(programs)?;
        let (seen, sites) = (HashSet::new(), HashMap::new());
        let mut counting = Counting { since, day: i64::MIN, seen, sites, tallies: Tallies::default() };
        let (mut next, end) = (ClickNumber::first_at(from).0, ClickNumber::first_at(to).0);
        loop {
            let rows = self.rows(sql, params![next, end, programs, PAGE])?;
            let page: Vec<Counted> = rows.into_iter().map(read_counted).collect::<Result<_, _>>()?;
            self.learn_sites(&mut counting.sites, &page)?;
            for click in &page {
                counting.add(click);
            }
            match page.last() {
                Some(last) if Some(page.len()) == usize::try_from(PAGE).ok() => next = last.number.0 + 1,
                _ => return Ok(counting.tallies),
            }
        }
    }

    /// Looks up the sites of referrers not met before.
    fn learn_sites(
        &mut self,
        sites: &mut HashMap<(i64, i64), i64>,
        page: &[Counted],
    ) -> Result<(), StoreError> {
        let mut new: HashMap<i64, HashSet<i64>> = HashMap::new();
        for click in page {
            if let Some(word) = click.referrer.filter(|word| !sites.contains_key(&(click.program, *word))) {
                new.entry(click.program).or_default().insert(word);
            }
        }
        for (program, words) in new {
            let words = Vec::from_iter(words);
            for word in self.words(program, &words)? {
                let its = site(&word.text).map_or(0, |site| Word::new(site).id);
                sites.insert((program, word.id), its);
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
        let sql = "select g.number, k.number, l.at / 86400000, count(*) from program g join lead l on l.program_id = g.id \
                   left join link k on k.id = l.link_id where g.number = any($1) and l.at >= $2 and l.at < $3 \
                   group by g.number, k.number, l.at / 86400000";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let (program, link, day) = (row.next()?, row.next()?, row.next()?);
            tallies.add_event(program, link, day, Figures { leads: row.next()?, ..Figures::default() });
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
        let sql = "select g.number, k.number, s.at / 86400000, count(*), cast(coalesce(sum(s.value_left), 0) as bigint) \
                   from program g join sale s on s.program_id = g.id left join link k on k.id = s.link_id \
                   where g.number = any($1) and s.at >= $2 and s.at < $3 group by g.number, k.number, s.at / 86400000";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let (program, link, day) = (row.next()?, row.next()?, row.next()?);
            let (sales, amount) = (row.next()?, row.next()?);
            tallies.add_event(program, link, day, Figures { sales, amount, ..Figures::default() });
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
        let sql = "select g.number, k.number, c.at / 86400000, c.status, cast(sum(c.earnings) as bigint) \
                   from program g join commission c on c.program_id = g.id left join link k on k.id = c.link_id \
                   where g.number = any($1) and c.at >= $2 and c.at < $3 and c.currency <> 'points' \
                   group by g.number, k.number, c.at / 86400000, c.status";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let (program, link, day) = (row.next()?, row.next()?, row.next()?);
            let status = Status::parse(&row.next::<String>()?).map_err(super::program::broken)?;
            tallies.add_event(program, link, day, Figures::of_earnings(status, row.next()?));
        }
        Ok(())
    }

    fn tallies_of_day(&mut self, programs: &[i64], day: i64) -> Result<Tallies, StoreError> {
        let sql = "select program, dimension, item, clicks, visitors, leads, sales, amount, pending, processed, paid \
                   from tally where program = any($1) and dimension = any($2) and day = $3";
        let dimensions: Vec<i64> = Dimension::ALL.iter().map(|d| d.number()).collect();
        let mut tallies = Tallies::default();
        for mut row in self.rows(sql, params![programs, dimensions, day])? {
            let (program, dimension, item) = (row.next()?, row.next()?, row.next()?);
            let dimension = Dimension::of_number(dimension)
                .ok_or_else(|| StoreError::Failed(format!("a tally is of the dimension {dimension}")))?;
            tallies.add(program, dimension, day, item, Figures::read(&mut row)?);
        }
        Ok(tallies)
    }
}

fn read_counted(mut row: Row) -> Result<Counted, StoreError> {
    Ok(Counted {
        number: row.next()?,
        program: row.next()?,
        link: row.next()?,
        visitor: row.next()?,
        referrer: row.next()?,
        country: row.next()?,
        device: row.next()?,
    })
}
