//! Figures that were counted and that `tally` does not have yet.
//!
//! A group of clicks or sales touches many tallies: its links, the sites they came from, the day, the hour. To change them all one by
//! one costs more than to store the clicks, and where several transactions write side by side (PostgreSQL) each would wait for the one
//! before. So whoever counts adds one row to `tally_log` for each program, in the transaction that stores the facts, and when there is
//! enough the tallies take over all there are, each changed once. Whoever reads tallies adds what is in the log, on the same snapshot: figures
//! are exact at any time.

use super::{Dimension, Figures, Tallies, TallyKey};
use crate::error::Error;
use crate::store::{Row, StoreError, Tx, params, row};
use crate::vlq::{Packed, Unpacked};
use crate::world::World;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// After how many sums in the log a process has the tallies take them over: until then whoever reads tallies reads these, too. A group of
/// clicks logs some eighty; in builds for tests groups are small.
pub const SUMS: usize = if cfg!(debug_assertions) { 20 } else { 4096 };
/// The same where several write side by side (PostgreSQL): to take them over is a transaction of its own there, and as dear for few as for many.
pub const SUMS_ASIDE: usize = if cfg!(debug_assertions) { 20 } else { 16_384 };

/// What stands in the log; several parts may be of one tally.
type Sums = Arc<[(TallyKey, Figures)]>;

/// What a thread knows of the log.
#[derive(Default)]
pub struct Logged {
    /// How many sums its process has added that the tallies may not have, and that no transaction is about to have them take over.
    added: Arc<AtomicUsize>,
    /// How many the open transaction has them take over.
    settled: usize,
    /// What the open transaction has read of it last, with the programs it asked for.
    read: Option<(Vec<i64>, Sums)>,
}

impl Logged {
    /// What another thread of the process knows, which is how many there are.
    pub(in crate::store) fn fresh(&self) -> Self {
        Self { added: Arc::clone(&self.added), settled: 0, read: None }
    }

    /// That the database has a log already, nobody knows how much of it.
    pub(in crate::store) fn is_found(&self) {
        self.added.fetch_max(SUMS_ASIDE, Ordering::Relaxed);
    }

    /// A transaction begins, and what the one before did has lasted.
    pub(in crate::store) fn begin(&mut self) {
        (self.settled, self.read) = (0, None);
    }

    /// Some of the transaction was undone.
    pub(in crate::store) fn rolled_back(&mut self) {
        self.added.fetch_add(std::mem::take(&mut self.settled), Ordering::Relaxed);
        self.read = None;
    }

    /// The open transaction has the tallies take over what was added: nobody else of the process need.
    fn claim(&mut self) {
        self.settled += self.added.swap(0, Ordering::Relaxed);
        self.read = None;
    }

    /// Whether it is time for the tallies to take it over, so many sums being enough.
    pub(in crate::store) fn is_enough(&self, sums: usize) -> bool {
        self.added.load(Ordering::Relaxed) >= sums
    }

    /// Whether the process has added anything the tallies may not have.
    pub(in crate::store) fn has_some(&self) -> bool {
        self.added.load(Ordering::Relaxed) > 0
    }
}

impl Tx<'_> {
    /// Writes sums down in the log.
    pub(super) fn log_sums(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        let mut programs: BTreeMap<i64, Vec<(TallyKey, Figures)>> = BTreeMap::new();
        for (key, figures) in tallies.iter().filter(|(_, figures)| **figures != Figures::default()) {
            programs.entry(key.0).or_default().push((key, *figures));
        }
        if programs.is_empty() {
            return Ok(());
        }
        let place = self.new_click(World.now());
        let place = place.ok_or_else(|| StoreError::Failed("the clock shows no year of ours".into()))?.0;
        let rows = programs.iter().map(|(program, sums)| row![*program, place, packed(sums)]);
        let sql = "insert into tally_log (program, place, sums) values ($1, $2, $3)";
        self.execute_all(sql, &rows.collect::<Vec<_>>())?;
        self.memory.logged.read = None;
        let added = programs.values().map(Vec::len).sum();
        self.memory.logged.added.fetch_add(added, Ordering::Relaxed);
        Ok(())
    }

    /// The tallies take over what is in the log. No two take the same: who deletes a row has it. A row that cannot be read is dropped,
    /// lest it be in everybody's way; the facts have what it said.
    pub(in crate::store) fn settle_tallies(&mut self) -> Result<(), StoreError> {
        self.memory.logged.claim();
        self.driver.stop_settling()?;
        let mut tallies = Tallies::default();
        for mut row in self.rows("delete from tally_log returning program, sums", &[])? {
            let (program, text, mut sums) = (row.next()?, row.next::<String>()?, Vec::new());
            if let Err(error) = unpack(program, &text, &mut sums) {
                tracing::error!(%error, program, "figures are lost: `goodword rebuild-stats` makes them anew");
            }
            for ((program, dimension, day, item), figures) in sums {
                tallies.add(program, dimension, day, item, figures);
            }
        }
        self.put_sums(&tallies)
    }

    /// Whether there is anything in the log.
    pub(in crate::store) fn has_log(&mut self) -> Result<bool, StoreError> {
        Ok(self.row("select place from tally_log limit 1", &[])?.is_some())
    }

    /// What the log has of programs. To be asked beside the tallies on one snapshot: not where each statement has its own, as in the
    /// groups of PostgreSQL.
    pub(in crate::store) fn logged(&mut self, programs: &[i64]) -> Result<Sums, StoreError> {
        if let Some((of, sums)) = &self.memory.logged.read
            && of == programs
        {
            return Ok(Arc::clone(sums));
        }
        let sql = "select program, sums from tally_log where program = any($1)";
        let sums: Sums = all_unpacked(self.rows(sql, params![programs])?)?.into();
        self.memory.logged.read = Some((programs.to_vec(), Arc::clone(&sums)));
        Ok(sums)
    }

    /// Everything in the log.
    pub(in crate::store) fn logged_of_all(&mut self) -> Result<Vec<(TallyKey, Figures)>, StoreError> {
        all_unpacked(self.rows("select program, sums from tally_log", &[])?)
    }

    /// What the log has of a dimension's tallies of a program, of some items alone when `items` are given, told as day, item and figures.
    pub(super) fn logged_tallies(
        &mut self,
        program: i64,
        (dimension, items): (Dimension, Option<&[i64]>),
        days: Range<i64>,
    ) -> Result<Vec<(i64, i64, Figures)>, StoreError> {
        let logged = self.logged(&[program])?;
        if logged.is_empty() {
            return Ok(Vec::new());
        }
        let items: Option<FxHashSet<i64>> = items.map(|items| items.iter().copied().collect());
        let is_meant = |item: &i64| items.as_ref().is_none_or(|items| items.contains(item));
        let of_it = logged
            .iter()
            .filter(|((_, of, day, item), _)| *of == dimension && days.contains(day) && is_meant(item));
        Ok(of_it.map(|((_, _, day, item), figures)| (*day, *item, *figures)).collect())
    }
}

/// Figures by a key, in its order, with what is logged of the same.
pub(super) fn with_logged(
    stored: Vec<(i64, Figures)>,
    logged: impl Iterator<Item = (i64, Figures)>,
) -> Vec<(i64, Figures)> {
    let mut all: BTreeMap<i64, Figures> = stored.into_iter().collect();
    for (key, figures) in logged {
        *all.entry(key).or_default() += figures;
    }
    all.into_iter().collect()
}

/// A program's sums as a row of the log has them: a day, and of each tally its dimension, how many days later it is, its item, which
/// figures it has, one bit each, and those.
fn packed(sums: &[(TallyKey, Figures)]) -> String {
    let mut text = Packed::default();
    let first = sums.iter().map(|((_, _, day, _), _)| *day).min().unwrap_or_default();
    text.push(first);
    for ((_, dimension, day, item), figures) in sums {
        let values = figures.values();
        let which = (0..).zip(values).filter(|(_, value)| *value != 0).map(|(place, _)| 1_i64 << place).sum();
        let there = values.into_iter().filter(|value| *value != 0);
        for number in [dimension.number(), day - first, *item, which].into_iter().chain(there) {
            text.push(number);
        }
    }
    text.text()
}

fn all_unpacked(rows: Vec<Row>) -> Result<Vec<(TallyKey, Figures)>, StoreError> {
    let mut sums = Vec::new();
    for mut row in rows {
        let (program, text) = (row.next()?, row.next::<String>()?);
        unpack(program, &text, &mut sums).map_err(|error| StoreError::Failed(error.to_string()))?;
    }
    Ok(sums)
}

fn unpack(program: i64, text: &str, sums: &mut Vec<(TallyKey, Figures)>) -> Result<(), Error> {
    let mut numbers = Unpacked::of(text);
    let first = numbers.next()?;
    while !numbers.is_empty() {
        let [dimension, later, item, which] = numbers.next_some()?;
        let dimension = Dimension::of_number(dimension)
            .ok_or_else(|| Error::internal(format!("a tally is of the dimension {dimension}")))?;
        let mut values = [0; 9];
        for (place, value) in values.iter_mut().enumerate() {
            if which >> place & 1 == 1 {
                *value = numbers.next()?;
            }
        }
        let key = (program, dimension, first.saturating_add(later), item);
        sums.push((key, Figures::of_values(values)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Session;
    use crate::store::{Memory, migrate};

    /// Runs one transaction of a thread; `lasts` tells whether it is committed.
    fn transact(
        session: &mut Session<'_>,
        memory: &mut Memory,
        lasts: bool,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), StoreError>,
    ) {
        memory.begin();
        let mut tx = Tx::new(session, memory);
        tx.execute("begin immediate", &[]).expect("it begins");
        work(&mut tx).expect("it runs");
        if lasts && tx.memory.logged.is_enough(SUMS) {
            tx.settle_tallies().expect("the tallies take over");
        }
        tx.execute(if lasts { "commit" } else { "rollback" }, &[]).expect("it ends");
        if !lasts {
            memory.rolled_back();
        }
    }

    /// What the ways of reading tallies tell of two programs, each against the tallies that were counted.
    fn compare(tx: &mut Tx<'_>, right: &Tallies) -> Result<(), StoreError> {
        let of = |program: i64, dimension: Dimension, is_meant: &dyn Fn(i64, i64) -> bool, by_day: bool| {
            let mut sums: BTreeMap<i64, Figures> = BTreeMap::new();
            for ((p, d, day, item), figures) in right.iter() {
                if (p, d) == (program, dimension) && is_meant(day, item) {
                    *sums.entry(if by_day { day } else { item }).or_default() += *figures;
                }
            }
            sums
        };
        let told = |rows: Vec<(i64, Figures)>| BTreeMap::from_iter(rows);
        let items: Vec<i64> = (0..10).collect();
        for program in 1..=2 {
            let whole = told(tx.tallies_by_day(program, None, 2, 27)?);
            assert_eq!(
                whole,
                of(program, Dimension::Program, &|day, item| item == 0 && (2..27).contains(&day), true)
            );
            let by_item = told(tx.tallies_by_item(program, Dimension::Site, 2, 27)?);
            assert_eq!(by_item, of(program, Dimension::Site, &|day, _| (2..27).contains(&day), false));
            let is_meant = |day: i64, item: i64| day < 25 && items.contains(&item);
            let some = told(tx.tallies_of_items(program, Dimension::Link, &items, (0, 25))?);
            assert_eq!(some, of(program, Dimension::Link, &is_meant, false));
            let days = told(tx.tallies_by_day(program, Some((Dimension::Link, &items)), 0, 25)?);
            assert_eq!(days, of(program, Dimension::Link, &is_meant, true));
        }
        Ok(())
    }

    /// Two threads count, some of it is undone, one forgets what it knows; whoever reads at any time reads all that lasts.
    #[test]
    fn what_is_logged_is_read_with_what_was_taken_over() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut session = Session::new(&connection);
        migrate::run(&mut Tx::new(&mut session, &mut Memory::default())).expect("the tables are made");
        // They count their rows together, as the threads of a process do.
        let all = Memory::default();
        let mut threads = [all.fresh(), all.fresh()];
        let (mut right, mut state, mut beside_a_log) = (Tallies::default(), 7_u64, 0);
        let mut next = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below).cast_signed()
        };
        for turn in 0..600 {
            let mut group = Tallies::default();
            for _ in 0..=next(4) {
                let (program, day, one) = (
                    next(2) + 1,
                    next(30),
                    Figures {
                        clicks: 1,
                        visitors: next(2),
                        sales: next(2),
                        paid: next(99) - 50,
                        ..Figures::default()
                    },
                );
                group.add(program, Dimension::Program, day, 0, one);
                group.add(program, Dimension::Link, day, next(20), one);
                group.add(program, Dimension::Site, day, next(1 << 30) << 32, one);
            }
            let (memory, lasts) = (&mut threads[usize::from(next(3) == 0)], next(5) > 0);
            transact(&mut session, memory, lasts, |tx| tx.add_tallies(&group));
            if lasts {
                for ((program, dimension, day, item), figures) in group.iter() {
                    right.add(program, dimension, day, item, *figures);
                }
            }
            if next(20) == 0 {
                threads[0] = all.fresh();
            }
            if turn % 7 == 0 {
                transact(&mut session, &mut Memory::default(), true, |tx| {
                    beside_a_log += usize::from(!tx.logged_of_all()?.is_empty());
                    compare(tx, &right)
                });
            }
        }
        assert!((20..80).contains(&beside_a_log), "{beside_a_log} of 86 looks found something logged");
        transact(&mut session, &mut threads[1], true, |tx| {
            tx.settle_tallies()?;
            assert!(tx.logged_of_all()?.is_empty());
            assert_eq!(tx.links_miscounted()?, [] as [i64; 0]);
            assert_eq!(tx.weeks_miscounted()?, [] as [(i64, i64); 0]);
            compare(tx, &right)
        });
    }

    #[test]
    fn a_row_that_cannot_be_read_is_in_nobodys_way() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut session = Session::new(&connection);
        migrate::run(&mut Tx::new(&mut session, &mut Memory::default())).expect("the tables are made");
        let mut right = Tallies::default();
        right.add(1, Dimension::Program, 3, 0, Figures { sales: 2, ..Figures::default() });
        transact(&mut session, &mut Memory::default(), true, |tx| {
            tx.execute("insert into tally_log (program, place, sums) values (1, 1, '!')", &[])?;
            tx.log_sums(&right)?;
            assert!(tx.logged(&[1]).is_err() && tx.logged(&[2])?.is_empty());
            tx.settle_tallies()?;
            assert!(!tx.has_log()?);
            compare(tx, &right)
        });
    }

    #[test]
    fn what_is_logged_is_read_again() {
        let unpacked = |text: &str| {
            let mut sums = Vec::new();
            unpack(7, text, &mut sums).map(|()| sums)
        };
        let of_values = Figures::of_values;
        let sums = vec![
            ((7, Dimension::Program, 20_001, 0), of_values([3, 2, 0, 0, 0, 0, 0, 0, 0])),
            ((7, Dimension::Site, 20_000, i64::MAX), of_values([0, -1, 0, 0, i64::MIN, 0, 0, 0, 9])),
            ((7, Dimension::Page, -3, 0), of_values([1, 2, 3, 4, 5, 6, 7, 8, 9])),
        ];
        assert_eq!(unpacked(&packed(&sums)).expect("it was written so"), sums);
        assert_eq!(unpacked(&packed(&[])).expect("it was written so"), []);
        assert!(unpacked("AA").is_err(), "it ends too early");
    }
}
