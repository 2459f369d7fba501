//! The log of heads: what is added to it, and what others added.

use super::row::{packed, unpacked};
use super::today::Today;
use super::{AT_ONCE, Head, Heads, Key};
use crate::store::{StoreError, Tx, params};
use rustc_hash::FxHashMap;

/// How many rows of the log are read at once.
const PAGE: i64 = if cfg!(debug_assertions) { 3 } else { 4_096 };

impl Tx<'_> {
    /// Reads what was added to the log since it was read last; once in a transaction.
    pub(super) fn read_head_log(&mut self) -> Result<(), StoreError> {
        if self.memory.heads.fresh || !self.driver.writes_alone() {
            return Ok(());
        }
        let last = self.memory.heads.read;
        if last == 0 {
            // There is no row by which to tell whether some were dropped since: the table may have what the bits do not tell.
            self.memory.heads.today = Today::default();
        }
        let mut rows = self.logged_since(last)?;
        if last > 0 && rows.first().is_none_or(|(place, _)| *place != last) {
            // Another process has dropped rows this one has not read.
            self.memory.heads = Heads::default();
            rows = self.logged_since(0)?;
        }
        if self.memory.heads.read == 0 {
            self.memory.heads.deleted = rows.first().map_or(0, |(place, _)| place - 1);
        }
        loop {
            let heads = &mut self.memory.heads;
            let (known, more) = (heads.read, i64::try_from(rows.len()) == Ok(PAGE));
            for (place, text) in rows.into_iter().filter(|(place, _)| *place > known) {
                heads.extend(&unpacked(&text)?, place);
            }
            if !more {
                heads.fresh = true;
                return Ok(());
            }
            rows = self.logged_since(self.memory.heads.read + 1)?;
        }
    }

    /// Rows of the log from a place on, packed; as many as are read at once.
    fn logged_since(&mut self, place: i64) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = "select place, heads from head_log where place >= $1 order by place limit $2";
        let rows = self.rows(sql, params![place, PAGE])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    pub(super) fn log_heads(&mut self, moved: &[(Key, Head)]) -> Result<(), StoreError> {
        if moved.is_empty() {
            return Ok(());
        }
        self.read_head_log()?;
        let place = self.memory.heads.read + 1;
        let sql = "insert into head_log (place, heads) values ($1, $2)";
        self.execute(sql, params![place, packed(moved)])?;
        let heads = &mut self.memory.heads;
        heads.extend(moved, place);
        (heads.added, heads.rows_added) = (heads.added + moved.len(), heads.rows_added + 1);
        Ok(())
    }

    /// Before several threads write to a database: what it has in its log is from one that was moved.
    pub(in crate::store) fn empty_head_log(&mut self) -> Result<(), StoreError> {
        let (mut latest, mut last) = (FxHashMap::default(), 0);
        loop {
            let rows = self.logged_since(last + 1)?;
            let Some((place, _)) = rows.last() else { break };
            last = *place;
            for (_, heads) in rows {
                latest.extend(unpacked(&heads)?);
            }
        }
        for part in Vec::from_iter(latest).chunks(AT_ONCE) {
            self.put_heads(part)?;
        }
        self.execute("delete from head_log", &[])?;
        Ok(())
    }
}
