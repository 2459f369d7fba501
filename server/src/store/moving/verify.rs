//! Compares both sides of a move: how many rows each table has, what each account holds, what the tallies come to.

use super::super::{StoreError, Value};
use super::catalogue::Table;
use super::side::Side;
use super::{Error, Moved};
use std::collections::BTreeMap;

/// How many differences of one kind are told.
const MOST: usize = 10;

/// What each account has received and given.
const ACCOUNTS: &str = "select a.id, \
    (select cast(coalesce(sum(amount), 0) as bigint) from transfer where credit_account = a.id), \
    (select cast(coalesce(sum(amount), 0) as bigint) from transfer where debit_account = a.id) from account a";

/// What a table of tallies comes to of each program, by dimension.
macro_rules! tallies {
    ($table:literal) => {
        concat!(
            "select program, dimension, cast(sum(clicks) as bigint), cast(sum(visitors) as bigint), cast(sum(leads) as bigint), \
             cast(sum(sales) as bigint), cast(sum(amount) as bigint), cast(sum(gone) as bigint), cast(sum(pending) as bigint), \
             cast(sum(processed) as bigint), cast(sum(paid) as bigint) from ",
            $table,
            " group by program, dimension"
        )
    };
}

/// What the tallies do not have yet.
const LOGGED: &str = "select program, place, sums from tally_log";

pub fn compare(source: &mut Side, target: &mut Side, tables: &[Table]) -> Result<Moved, Error> {
    let mut moved = Moved { rows: 0, differences: Vec::new() };
    for table in tables {
        let (here, there) = (count(source, table)?, count(target, table)?);
        moved.rows += there;
        if here != there {
            moved
                .differences
                .push(format!("{}: {here} rows in the source, {there} in the target", table.name));
        }
    }
    for (what, sql, of_key) in [
        ("account", ACCOUNTS, 1),
        ("tallies of program and dimension", tallies!("tally"), 2),
        ("tallies of weeks of program and dimension", tallies!("tally_week"), 2),
        ("row of the tallies' log", LOGGED, 2),
    ] {
        let (here, there) = (sums(source, sql, of_key)?, sums(target, sql, of_key)?);
        moved.differences.extend(differences(what, &here, &there));
    }
    Ok(moved)
}

fn count(side: &mut Side, table: &Table) -> Result<i64, Error> {
    let count = side.tx(|tx| Ok(tx.row(table.counting, &[])?))?;
    let mut row = count.ok_or_else(|| StoreError::Failed("a count gave no row".into()))?;
    Ok(row.next()?)
}

/// Sums by their key.
type Sums = BTreeMap<String, Vec<Value>>;

fn sums(side: &mut Side, sql: &'static str, of_key: usize) -> Result<Sums, Error> {
    let rows = side.tx(|tx| Ok(tx.rows(sql, &[])?))?;
    let keyed = |mut values: Vec<Value>| {
        let sums = values.split_off(of_key);
        (values.iter().map(word).collect::<Vec<_>>().join(" "), sums)
    };
    Ok(rows.into_iter().map(|row| keyed(row.values().collect())).collect())
}

fn word(value: &Value) -> String {
    match value {
        Value::Int(i) => i.to_string(),
        Value::Text(t) => t.clone(),
        other => format!("{other:?}"),
    }
}

fn differences(what: &str, here: &Sums, there: &Sums) -> Vec<String> {
    let told = |sums: Option<&Vec<Value>>| {
        sums.map_or_else(|| "nothing".into(), |sums| sums.iter().map(word).collect::<Vec<_>>().join(" "))
    };
    let all = here.keys().chain(there.keys().filter(|key| !here.contains_key(*key)));
    let differ = all.filter(|key| here.get(*key) != there.get(*key));
    let line = |key: &String| {
        format!("{what} {key}: {} in the source, {} in the target", told(here.get(key)), told(there.get(key)))
    };
    differ.take(MOST).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_on_either_side_is_told() {
        let sums = |all: &[(&str, i64)]| -> Sums {
            all.iter().map(|(key, sum)| ((*key).to_owned(), vec![Value::Int(*sum)])).collect()
        };
        let (here, there) = (sums(&[("a", 1), ("b", 2), ("c", 3)]), sums(&[("a", 1), ("b", 5), ("d", 4)]));
        assert_eq!(
            differences("account", &here, &there),
            [
                "account b: 2 in the source, 5 in the target",
                "account c: 3 in the source, nothing in the target",
                "account d: nothing in the source, 4 in the target",
            ]
        );
        assert!(differences("account", &here, &here).is_empty());
    }
}
