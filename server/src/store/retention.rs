//! Clicks are not kept for ever, where a program says so: what is deleted, and what is known of it afterwards.

use super::{Row, StoreError, Tx, params};
use goodword_domain::click::ClickNumber;
use goodword_domain::time::Clock;
use std::collections::HashMap;

/// A program whose clicks are not kept for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub program: i64,
    /// For how many days.
    pub days: i64,
    pub clock: Clock,
    /// The first day of which all clicks are there.
    pub since: Option<i64>,
}

/// A click that may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldClick {
    pub number: ClickNumber,
    pub program: i64,
}

impl Tx<'_> {
    /// The programs whose clicks are not kept for ever.
    pub fn programs_that_forget(&mut self) -> Result<Vec<Kept>, StoreError> {
        let sql = "select g.number, g.click_days, v.clock_offset, v.clock_frozen, g.clicks_deleted_before \
                   from program g join vendor v on v.id = g.vendor_id where g.click_days is not null";
        let read = |mut row: Row| {
            Ok(Kept {
                program: row.next()?,
                days: row.next()?,
                clock: Clock { offset: row.next()?, frozen: row.next()? },
                since: row.next()?,
            })
        };
        self.rows(sql, &[])?.into_iter().map(read).collect()
    }

    /// The first day of which all clicks of a program are there; smaller than any where none was ever deleted.
    pub fn clicks_kept_since(&mut self, programs: &[i64]) -> Result<HashMap<i64, i64>, StoreError> {
        let sql = "select number, clicks_deleted_before from program where number = any($1)";
        let read = |mut row: Row| Ok((row.next()?, row.next::<Option<i64>>()?.unwrap_or(i64::MIN)));
        self.rows(sql, params![programs])?.into_iter().map(read).collect()
    }

    /// Tells that clicks of days before may be gone from now on.
    pub fn forget_clicks_before(&mut self, program: i64, day: i64) -> Result<(), StoreError> {
        let sql = "update program set clicks_deleted_before = $2 \
                   where number = $1 and (clicks_deleted_before is null or clicks_deleted_before < $2)";
        self.execute(sql, params![program, day])?;
        Ok(())
    }

    /// Clicks from a number on, oldest first, whosever they are.
    pub fn clicks_from(
        &mut self,
        from: ClickNumber,
        below: ClickNumber,
        limit: i64,
    ) -> Result<Vec<OldClick>, StoreError> {
        let sql = "select id, program from click where id >= $1 and id < $2 order by id limit $3";
        let read = |mut row: Row| Ok(OldClick { number: row.next()?, program: row.next()? });
        self.rows(sql, params![from, below, limit])?.into_iter().map(read).collect()
    }

    /// Deletes clicks of a program, and the heads of chains of which nothing else is left.
    pub fn delete_clicks(&mut self, program: i64, numbers: &[i64]) -> Result<(), StoreError> {
        let rows = self.click_rows(&[program], numbers)?;
        let keys: Vec<i64> = rows.iter().flat_map(|row| [row.browser, row.visitor]).flatten().collect();
        self.lock(&keys)?;
        self.forget_heads(program, &keys, numbers)?;
        self.execute("delete from click where program = $1 and id = any($2)", params![program, numbers])?;
        Ok(())
    }

    /// The clicks of a day that count as those of a browser met by address: to be asked once its chain is forgotten.
    pub fn clicks_of_browser(
        &mut self,
        program: i64,
        browser: i64,
        day: i64,
    ) -> Result<Vec<ClickNumber>, StoreError> {
        let sql = "select id from click where id >= $1 and id < $2 and program = $3 and browser = $4 and visitor is null";
        let (from, below) = (ClickNumber::first_of_day(day), ClickNumber::first_of_day(day + 1));
        let rows = self.rows(sql, params![from, below, program, browser])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }
}
