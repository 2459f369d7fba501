//! Tallies of seven days at once. A range of a month by partners is added up from a third of the rows its days have, and one of a year
//! from a sixth; taking over the log changes a tally of a week for each of a day.

use super::log::with_logged;
use super::{Dimension, Figures, Tallies};
use crate::store::value::{Value, row};
use crate::store::{StoreError, Tx, params};
use std::ops::Range;

/// How many days a week has. It is told by how many lie before it since that of 1 January 1970, with which they began: a Thursday.
const DAYS: i64 = 7;

/// A range of days as the whole weeks in it and the days before and after those; together they are the range, each day once.
#[derive(Debug, PartialEq, Eq)]
struct Cover {
    before: Range<i64>,
    weeks: Range<i64>,
    after: Range<i64>,
}

impl Cover {
    fn of(days: Range<i64>) -> Self {
        let first = days.start.saturating_add(DAYS - 1).div_euclid(DAYS);
        let end = days.end.div_euclid(DAYS);
        if first >= end {
            return Self { before: days, weeks: 0..0, after: 0..0 };
        }
        Self { before: days.start..first * DAYS, weeks: first..end, after: end * DAYS..days.end }
    }
}

/// The weeks of which something else is kept than their days come to, of rows that meet a condition.
macro_rules! miscounted {
    ($which:literal) => {
        concat!(
            "select distinct program, week * 7 from (select program, dimension, week, item, clicks, visitors, leads, sales, amount, gone, \
             pending, processed, paid from tally_week ",
            $which,
            // A remainder below zero is that of a day before 1970.
            " union all select program, dimension, (day - (day % 7 + 7) % 7) / 7, item, -clicks, -visitors, -leads, -sales, -amount, -gone, \
             -pending, -processed, -paid from tally ",
            $which,
            ") x group by program, dimension, week, item having sum(clicks) <> 0 or sum(visitors) <> 0 or sum(leads) <> 0 \
             or sum(sales) <> 0 or sum(amount) <> 0 or sum(gone) <> 0 or sum(pending) <> 0 or sum(processed) <> 0 or sum(paid) <> 0 \
             order by program, week * 7"
        )
    };
}

/// The figures of an alias, by whose item they are added up.
macro_rules! figures {
    ($from:literal) => {
        concat!(
            "select t.item, t.clicks, t.visitors, t.leads, t.sales, t.amount, t.gone, t.pending, t.processed, t.paid from ",
            $from
        )
    };
}

impl Tallies {
    /// Their sums, with the week in the place of the day.
    pub(super) fn by_week(&self) -> Self {
        let mut weeks = Self::default();
        for ((program, dimension, day, item), figures) in self.iter() {
            weeks.add(program, dimension, day.div_euclid(DAYS), item, *figures);
        }
        weeks
    }
}

impl Tx<'_> {
    /// Tallies of some items of a dimension over days that are not all there are, in no order.
    pub(in crate::store) fn tallies_of_items(
        &mut self,
        program: i64,
        dimension: Dimension,
        items: &[i64],
        (from, to): (i64, i64),
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        // By way of the weeks and days on which the program has anything, so that each look-up is one of a whole key.
        let sql = concat!(
            figures!(
                "tally_week d join tally_week t on t.program = d.program and t.dimension = $2 and t.week = d.week and t.item = any($9) \
                 where d.program = $1 and d.dimension = 0 and d.week >= $3 and d.week < $4 union all "
            ),
            figures!(
                "tally d join tally t on t.program = d.program and t.dimension = $2 and t.day = d.day and t.item = any($9) \
                 where d.program = $1 and d.dimension = 0 and d.day >= $5 and d.day < $6 union all "
            ),
            figures!(
                "tally d join tally t on t.program = d.program and t.dimension = $2 and t.day = d.day and t.item = any($9) \
                 where d.program = $1 and d.dimension = 0 and d.day >= $7 and d.day < $8"
            )
        );
        self.tallies_over(sql, program, (dimension, Some(items)), from..to)
    }

    /// Tallies of a program by item of a dimension, over days, in no order.
    pub(in crate::store) fn tallies_by_item(
        &mut self,
        program: i64,
        dimension: Dimension,
        from_day: i64,
        to_day: i64,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let sql = concat!(
            figures!(
                "tally_week t where t.program = $1 and t.dimension = $2 and t.week >= $3 and t.week < $4 union all "
            ),
            figures!(
                "tally t where t.program = $1 and t.dimension = $2 and t.day >= $5 and t.day < $6 union all "
            ),
            figures!("tally t where t.program = $1 and t.dimension = $2 and t.day >= $7 and t.day < $8")
        );
        self.tallies_over(sql, program, (dimension, None), from_day..to_day)
    }

    /// What a query tells of the weeks and days that cover a range, with what is logged of the same.
    fn tallies_over(
        &mut self,
        sql: &'static str,
        program: i64,
        of: (Dimension, Option<&[i64]>),
        days: Range<i64>,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let Cover { before, weeks, after } = Cover::of(days.clone());
        let bounds = [weeks, before, after].map(|part| [part.start, part.end]).concat();
        let mut params = row![program, of.0.number()];
        params.extend(bounds.into_iter().map(Value::Int));
        params.extend(of.1.map(|items| Value::Ints(items.to_vec())));
        let stored = self.figures_by_key(sql, &params)?;
        let logged = self.logged_tallies(program, of, days)?;
        Ok(with_logged(stored, logged.into_iter().map(|(_, item, figures)| (item, figures))))
    }

    /// Adds up anew what the days of a program come to in the week of one of them, while nobody else adds to tallies.
    pub fn recount_week(&mut self, program: i64, day: i64) -> Result<(), StoreError> {
        self.driver.stop_settling()?;
        let all = "delete from tally_week where program = $1 and dimension = $2 and week = $3";
        let sql = "insert into tally_week (program, dimension, week, item, clicks, visitors, leads, sales, amount, gone, pending, \
                   processed, paid) select program, dimension, cast($3 as bigint), item, cast(sum(clicks) as bigint), cast(sum(visitors) as bigint), \
                   cast(sum(leads) as bigint), cast(sum(sales) as bigint), cast(sum(amount) as bigint), cast(sum(gone) as bigint), \
                   cast(sum(pending) as bigint), cast(sum(processed) as bigint), cast(sum(paid) as bigint) from tally \
                   where program = $1 and dimension = $2 and day >= $4 and day < $5 group by program, dimension, item";
        let week = day.div_euclid(DAYS);
        for dimension in Dimension::ALL.map(Dimension::number) {
            self.execute(all, params![program, dimension, week])?;
            self.execute(sql, params![program, dimension, week, week * DAYS, (week + 1) * DAYS])?;
        }
        Ok(())
    }

    /// Adds up anew the weeks that a server of before there were weeks has counted past: it may end after this version's first start.
    pub fn mend_weeks(&mut self) -> Result<(), StoreError> {
        // Whatever is counted is counted for its program as a whole, too.
        for (program, day) in self.weeks_told(miscounted!("where dimension = 0"))? {
            self.recount_week(program, day)?;
        }
        Ok(())
    }

    /// The weeks of which something else is kept than their days come to, each as program and the day it begins with, in order.
    pub fn weeks_miscounted(&mut self) -> Result<Vec<(i64, i64)>, StoreError> {
        self.weeks_told(miscounted!(""))
    }

    fn weeks_told(&mut self, sql: &'static str) -> Result<Vec<(i64, i64)>, StoreError> {
        self.rows(sql, &[])?.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Session;
    use crate::store::tally::Tallies;
    use crate::store::{Memory, migrate};

    #[track_caller]
    fn check(days: Range<i64>, before: Range<i64>, weeks: Range<i64>, after: Range<i64>) {
        assert_eq!(Cover::of(days), Cover { before, weeks, after });
    }

    #[test]
    fn whole_weeks_are_taken_whole() {
        check(14..28, 14..14, 2..4, 28..28);
        check(13..30, 13..14, 2..4, 28..30);
        check(-8..8, -8..-7, -1..1, 7..8);
        check(8..13, 8..13, 0..0, 0..0);
        check(8..20, 8..20, 0..0, 0..0);
        check(9..9, 9..9, 0..0, 0..0);
    }

    #[test]
    fn no_day_is_left_out_or_taken_twice() {
        for (from, to) in (-20..20).flat_map(|from| (from..40).map(move |to| (from, to))) {
            let Cover { before, weeks, after } = Cover::of(from..to);
            let whole = weeks.flat_map(|week| week * DAYS..(week + 1) * DAYS);
            assert!(before.chain(whole).chain(after).eq(from..to), "{from} to {to}");
        }
    }

    #[test]
    fn a_range_without_an_end_has_one() {
        let Cover { before, weeks, after } = Cover::of(i64::MIN..i64::MAX);
        assert!(before.start == i64::MIN && before.end == weeks.start * DAYS);
        assert!(after.end == i64::MAX && after.start == weeks.end * DAYS);
    }

    /// Runs something in a new database.
    fn on_new(work: impl FnOnce(&mut Tx<'_>)) {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let (mut session, mut memory) = (Session::new(&connection), Memory::default());
        let mut tx = Tx::new(&mut session, &mut memory);
        migrate::run(&mut tx).expect("the tables are made");
        work(&mut tx);
    }

    #[test]
    fn a_week_that_comes_to_nothing_still_leads_to_what_it_has() {
        on_new(|tx| {
            let mut tallies = Tallies::default();
            let of = |pending: i64| Figures { pending, ..Figures::default() };
            for (day, link, pending) in [(7, 1, 100), (8, 2, -100)] {
                tallies.add(3, Dimension::Program, day, 0, of(pending));
                tallies.add(3, Dimension::Link, day, link, of(pending));
            }
            tx.put_sums(&tallies).expect("they are stored");
            let found = tx.tallies_of_items(3, Dimension::Link, &[1, 2], (7, 14)).expect("they are told");
            assert_eq!(found, [(1, of(100)), (2, of(-100))]);
        });
    }

    #[test]
    fn sums_that_no_number_holds_are_refused() {
        on_new(|tx| {
            let mut tallies = Tallies::default();
            for day in [3, 10] {
                let most = Figures { clicks: i64::MAX / 2 + 1, ..Figures::default() };
                tallies.add(3, Dimension::Site, day, 1, most);
            }
            tx.put_sums(&tallies).expect("they are stored");
            assert!(tx.tallies_by_item(3, Dimension::Site, 0, 7).is_ok());
            assert!(tx.tallies_by_item(3, Dimension::Site, 0, 14).is_err());
        });
    }
}
