//! A group that asks nothing and only inserts, as most groups of clicks do, goes out whole: one statement that is a transaction by
//! itself, with one answer, where `begin`, each insert and `commit` had one each, for which both sides wake up and a packet is sent.

use super::begin::{self, KNOWN_VERSION};
use super::line::Encoded;
use super::lists::around_values;
use super::{Client, StoreError};
use std::collections::HashMap;
use std::mem;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Statement};

/// What a group has to say, held back until it asks something or ends.
#[derive(Default)]
pub(super) struct Whole {
    /// The version of the directory it trusts, while nothing of the transaction was sent.
    unbegun: Option<i64>,
    inserts: Vec<Insert>,
    /// The statements that say several inserts, by where the texts of those are.
    statements: HashMap<Vec<(usize, usize)>, Statement>,
    /// Whether the server must be told in parts, as one that spreads tables over several machines may.
    in_parts: bool,
}

/// An insert of a list for each column.
struct Insert {
    /// What it says before and after its values.
    around: (&'static str, &'static str),
    of_lists: Statement,
    lists: Vec<Encoded>,
}

impl Whole {
    /// Nothing is sent of the transaction yet.
    pub fn begin(&mut self, version: i64) {
        self.unbegun = Some(version);
    }

    /// Whether a statement is held back.
    pub fn holds(&self, sql: &str) -> bool {
        self.unbegun.is_some() && !self.in_parts && sql.starts_with("insert into ")
    }

    /// Forgets what was held back, and tells whether nothing was sent: then there is nothing to undo. Whoever is unsure whether the
    /// version is right has that asked all the same.
    pub fn forget(&mut self, unsure: bool) -> bool {
        self.inserts.clear();
        !unsure && self.unbegun.take().is_some()
    }
}

impl Client {
    /// Holds an insert of lists back.
    pub(super) fn hold_back(
        &mut self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<(), StoreError> {
        let around = around_values(sql)?;
        let of_lists = self.prepared_for_many(sql)?;
        let lists = Encoded::all(params, &of_lists);
        self.whole.inserts.push(Insert { around, of_lists, lists });
        Ok(())
    }

    /// Sends what was held back one by one, for something is asked before the group ends.
    pub(super) fn go_out(&mut self) -> Result<(), StoreError> {
        let Some(version) = self.whole.unbegun.take() else { return Ok(()) };
        self.line.post_batch(&begin::trusting(version))?;
        for insert in mem::take(&mut self.whole.inserts) {
            self.line.post_encoded(&insert.of_lists, insert.lists)?;
        }
        Ok(())
    }

    /// Sends what was held back as one transaction, and waits until it is committed; false where there is something to commit yet.
    pub(super) fn commit_whole(&mut self) -> Result<bool, StoreError> {
        let Some(version) = self.whole.unbegun.filter(|_| !self.whole.inserts.is_empty()) else {
            return Ok(false);
        };
        match self.send_whole(version) {
            Ok(()) => Ok(self.whole.forget(false)),
            Err(error) if error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) => {
                self.whole.in_parts = true;
                Err(StoreError::Conflict("it is said in parts".into()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn send_whole(&mut self, version: i64) -> Result<(), Error> {
        let statement = self.prepared_whole()?;
        let lists = self.whole.inserts.drain(..).flat_map(|insert| insert.lists);
        let params = [Encoded::new(&version, &Type::INT8)].into_iter().chain(lists).collect();
        self.line.execute_encoded(&statement, params).map(drop)
    }

    fn prepared_whole(&mut self) -> Result<Statement, Error> {
        let inserts = &self.whole.inserts;
        let place = |insert: &Insert| (insert.around.0.as_ptr() as usize, insert.around.0.len());
        let name: Vec<_> = inserts.iter().map(place).collect();
        if let Some(statement) = self.whole.statements.get(&name) {
            return Ok(statement.clone());
        }
        let parts: Vec<_> = inserts.iter().map(|insert| (insert.around, insert.of_lists.params())).collect();
        let statement = self.line.prepare(&said_at_once(&parts))?;
        self.whole.statements.insert(name, statement.clone());
        Ok(statement)
    }
}

/// Inserts of lists as one statement, which has the version of the directory as its first parameter. Each inserts from what that is
/// compared in, so that no row is stored before the lock is held; its tables are locked before, so that it and whoever holds that
/// lock alone and asks for a table may have to be parted by the database. The rows are stored in the order of the parts, as a
/// group in parts does it, lest two wait for one another: PostgreSQL runs first what `with` belongs to, and then from the last to the first.
fn said_at_once(parts: &[((&str, &str), &[Type])]) -> String {
    let mut first = 2;
    let mut inserts = Vec::with_capacity(parts.len());
    for ((into, after), lists) in parts {
        let columns: Vec<String> =
            lists.iter().zip(first..).map(|(ty, number)| format!("${number}::{}", ty.name())).collect();
        first += lists.len();
        inserts
            .push(format!("{into}select listed.* from known, unnest({}) listed{after}", columns.join(", ")));
    }
    let mut with: Vec<String> =
        (1..).zip(&inserts).skip(1).map(|(place, insert)| format!("part_{place} as ({insert})")).collect();
    with.push(format!("known as materialized ({KNOWN_VERSION})"));
    with.reverse();
    format!("with {} {}", with.join(", "), inserts[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inserts_as_one_statement() {
        let parts: [(_, &[Type]); 3] = [
            (("insert into t (a, b) ", " on conflict (a) do nothing"), &[Type::INT8_ARRAY, Type::TEXT_ARRAY]),
            (("insert into u (c) ", ""), &[Type::INT8_ARRAY]),
            (("insert into v (d) ", ""), &[Type::INT8_ARRAY]),
        ];
        let all = format!(
            "with known as materialized ({KNOWN_VERSION}), \
             part_3 as (insert into v (d) select listed.* from known, unnest($5::_int8) listed), \
             part_2 as (insert into u (c) select listed.* from known, unnest($4::_int8) listed) \
             insert into t (a, b) select listed.* from known, unnest($2::_int8, $3::_text) listed on conflict (a) do nothing"
        );
        assert_eq!(said_at_once(&parts), all);
    }
}
