//! Which tables and columns there are. The migrations are run on a database in memory, and that is asked: it holds for
//! whatever pair of databases.

use super::super::sqlite::Session;
use super::super::value::params;
use super::super::{Memory, StoreError, Tx, migrate};
use super::MARK;

/// A table with the statements that move it. They are made once, and stay for the rest of the command.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    columns: Vec<String>,
    /// Which columns are declared as boolean; SQLite keeps them as integers.
    pub booleans: Vec<bool>,
    /// The places of the columns of its primary key, in the key's order.
    pub key: Vec<usize>,
    /// The column that refers to the table itself.
    own: Option<String>,
    pub insert: &'static str,
    pub emptying: &'static str,
    pub counting: &'static str,
}

/// All tables but the list of migrations, each after those it refers to: that is the order in which they are made.
pub fn tables() -> Result<&'static [Table], StoreError> {
    let connection = rusqlite::Connection::open_in_memory()?;
    let mut session = Session::new(&connection);
    let mut memory = Memory::default();
    let mut tx = Tx::new(&mut session, &mut memory);
    migrate::run(&mut tx)?;
    let names = "select name from sqlite_schema where type = 'table' and name <> 'migration' order by rowid";
    let rows = tx.rows(names, &[])?;
    let tables: Vec<Table> = rows
        .into_iter()
        .map(|mut row| Table::read(&mut tx, row.next()?))
        .collect::<Result<_, StoreError>>()?;
    Ok(Vec::leak(tables))
}

impl Table {
    fn read(tx: &mut Tx<'_>, name: String) -> Result<Self, StoreError> {
        let (mut columns, mut booleans, mut key) = (Vec::new(), Vec::new(), Vec::new());
        let told = "select name, type, pk from pragma_table_info($1) order by cid";
        for (place, mut row) in tx.rows(told, params![&name])?.into_iter().enumerate() {
            let (column, kind, of_key): (String, String, i64) = (row.next()?, row.next()?, row.next()?);
            columns.push(column);
            booleans.push(kind == "boolean");
            if of_key > 0 {
                key.push((of_key, place));
            }
        }
        key.sort_unstable();
        let references = "select \"from\" from pragma_foreign_key_list($1) where \"table\" = $1";
        let own = tx.row(references, params![&name])?.map(|mut row| row.next()).transpose()?;
        let lasting = |text: String| -> &'static str { text.leak() };
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let (all, places) = (columns.join(", "), places.join(", "));
        let but_the_mark = if name == "setting" { format!(" where name <> '{MARK}'") } else { String::new() };
        Ok(Self {
            insert: lasting(format!("insert into {name} ({all}) values ({places})")),
            emptying: lasting(format!("delete from {name}")),
            counting: lasting(format!("select count(*) from {name}{but_the_mark}")),
            name: lasting(name),
            columns,
            booleans,
            key: key.into_iter().map(|(_, place)| place).collect(),
            own,
        })
    }

    /// In which parts it is copied. Rows that refer to others of the same table come after those.
    pub fn steps(&'static self) -> Vec<(&'static Self, Option<String>)> {
        match &self.own {
            Some(own) => {
                ["is null", "is not null"].map(|which| (self, Some(format!("{own} {which}")))).to_vec()
            }
            None if self.name == "setting" => vec![(self, Some(format!("name <> '{MARK}'")))],
            None => vec![(self, None)],
        }
    }

    /// The query for the first rows that meet a condition, and the one for the rows after a key.
    pub fn pages(&self, condition: Option<&str>) -> (&'static str, &'static str) {
        let (all, name) = (self.columns.join(", "), self.name);
        let key: Vec<&str> = self.key.iter().map(|place| self.columns[*place].as_str()).collect();
        let (places, limit) = (1..=key.len())
            .map(|n| format!("${n}"))
            .fold((String::new(), key.len() + 1), |(list, limit), place| {
                (if list.is_empty() { place } else { format!("{list}, {place}") }, limit)
            });
        let key = key.join(", ");
        let condition = condition.unwrap_or("1 = 1");
        let first = format!("select {all} from {name} where {condition} order by {key} limit $1");
        let next = format!(
            "select {all} from {name} where {condition} and ({key}) > ({places}) order by {key} limit ${limit}"
        );
        (first.leak(), next.leak())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_key_and_comes_after_those_it_refers_to() {
        let tables = tables().unwrap();
        let names: Vec<&str> = tables.iter().map(|t| t.name).collect();
        assert!(
            tables.iter().all(|t| !t.key.is_empty() && t.columns.len() == t.booleans.len()),
            "{tables:?}"
        );
        let place = |name| names.iter().position(|n| *n == name).unwrap();
        for (first, then) in [("vendor", "program"), ("commission", "transfer"), ("account", "transfer")] {
            assert!(place(first) < place(then), "{names:?}");
        }
        assert!(!names.contains(&"migration"));
    }

    #[test]
    fn the_statements_of_a_table() {
        let tables = tables().unwrap();
        let of = |name| tables.iter().find(|t| t.name == name).unwrap();
        let (first, next) = of("word").pages(None);
        assert_eq!(first, "select program, id, text from word where 1 = 1 order by program, id limit $1");
        assert_eq!(
            next,
            "select program, id, text from word where 1 = 1 and (program, id) > ($1, $2) order by program, id limit $3"
        );
        assert_eq!(of("word").insert, "insert into word (program, id, text) values ($1, $2, $3)");
        let conditions: Vec<_> = of("vendor").steps().into_iter().filter_map(|(_, which)| which).collect();
        assert_eq!(conditions, ["live_id is null", "live_id is not null"]);
    }
}
