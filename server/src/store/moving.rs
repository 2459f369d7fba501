//! Moves an installation from one database to another, whole.
//!
//! Rows are copied table by table in the order of their keys. Each batch is one transaction in the target, which also
//! writes down how far the move has come: it may be interrupted anywhere, and goes on from there when it is run again.
//! The source is read in one transaction, while nobody else may use it.

mod catalogue;
mod side;
mod verify;

use super::value::{Cell as _, Param as _, params};
use super::{Database, StoreError, Tx, Value, migrate, pg};
use crate::error::Error;
use crate::hash;
use catalogue::Table;
use serde::{Deserialize, Serialize};
use side::Side;

/// How many rows are copied in one transaction.
const BATCH: i64 = 2000;
/// After how many rows of one table it is told how far the move has come.
const A_WHILE: i64 = 100 * BATCH;
/// The setting in the target that tells of the move; it is not moved itself.
const MARK: &str = "moved";

/// What came of a move.
#[derive(Debug)]
pub struct Moved {
    /// How many rows are on both sides.
    pub rows: i64,
    /// Where the two sides differ; empty if all is well.
    pub differences: Vec<String>,
}

/// How far a move has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Mark {
    /// A hash of the source's secret: tells which installation it is, wherever its database lies.
    installation: String,
    /// The number of the copying step that is under way.
    step: usize,
    /// The key of the last row it has copied.
    after: Vec<Cell>,
    done: bool,
}

/// A part of a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Int(i64),
    Text(String),
}

/// Moves everything, or goes on doing so, then compares both sides. `tell` hears of each table how many rows were copied,
/// and of a large one now and then.
pub fn move_all(
    from: &Database,
    to: &Database,
    tell: &mut (dyn FnMut(&str, i64) + Send),
) -> Result<Moved, Error> {
    let mut result = Err(StoreError::Failed("the move was not run".into()).into());
    pg::aside(|| {
        result = run(from, to, tell);
        Ok(())
    })?;
    result
}

fn run(from: &Database, to: &Database, tell: &mut (dyn FnMut(&str, i64) + Send)) -> Result<Moved, Error> {
    let tables = catalogue::tables()?;
    let mut source = Side::source(from)?;
    let installation = source.tx(installation)?;
    let mut target = Side::target(to)?;
    let mut mark = target.transaction(|tx| begin(tx, tables, &installation))?;
    let steps: Vec<Step> = tables.iter().flat_map(Step::of).collect();
    while let Some(step) = steps.get(mark.step).filter(|_| !mark.done) {
        let copied = copy(&mut source, &mut target, step, &mut mark, tell)?;
        tell(step.table.name, copied);
    }
    let moved = verify::compare(&mut source, &mut target, tables)?;
    if moved.differences.is_empty() && !mark.done {
        mark.done = true;
        target.transaction(|tx| Ok(tx.save_mark(&mark)?))?;
    }
    Ok(moved)
}

/// Which installation a source holds; refused unless it is whole and of this version.
fn installation(tx: &mut Tx<'_>) -> Result<String, Error> {
    let refused = |text: &str| Error::Conflict(format!("The source {text}"));
    if !migrate::is_current(tx).unwrap_or(false) {
        return Err(refused(
            "holds no installation of this version: start this version's server on it once, stop it, and try again.",
        ));
    }
    tx.refuse_half_moved()?;
    let row = tx.row("select value from setting where name = $1", params!["click_key"])?;
    let key: String = row.ok_or_else(|| refused("holds no installation."))?.next()?;
    Ok(hash::sha256(&key))
}

/// Makes the target ready, or finds how far an earlier run came.
fn begin(tx: &mut Tx<'_>, tables: &[Table], installation: &str) -> Result<Mark, Error> {
    migrate::run(tx)?;
    if let Some(mark) = tx.mark()? {
        if mark.installation != installation {
            return Err(other_data("was moved to from another installation"));
        }
        return Ok(mark);
    }
    if tx.row("select name from setting", &[])?.is_some() || tx.row("select id from vendor", &[])?.is_some() {
        return Err(other_data("holds data already"));
    }
    // What the migrations themselves have put there comes from the source too.
    for table in tables.iter().rev() {
        tx.execute(table.emptying, &[])?;
    }
    let mark = Mark { installation: installation.to_owned(), step: 0, after: Vec::new(), done: false };
    tx.save_mark(&mark)?;
    Ok(mark)
}

fn other_data(what: &str) -> Error {
    Error::Conflict(format!("The target {what}: name an empty database. Nothing was changed."))
}

/// One table, or one part of it, with the statements that copy it.
struct Step {
    table: &'static Table,
    /// Whether no other part of the table comes before it.
    is_first: bool,
    first: &'static str,
    next: &'static str,
}

impl Step {
    fn of(table: &'static Table) -> impl Iterator<Item = Self> {
        table.steps().into_iter().enumerate().map(|(place, (table, condition))| {
            let (first, next) = table.pages(condition.as_deref());
            Self { table, is_first: place == 0, first, next }
        })
    }
}

/// Copies what a step has left to copy; gives the number of rows.
fn copy(
    source: &mut Side,
    target: &mut Side,
    step: &Step,
    mark: &mut Mark,
    tell: &mut (dyn FnMut(&str, i64) + Send),
) -> Result<i64, Error> {
    let mut copied = 0;
    if step.is_first && mark.after.is_empty() {
        // The migrations of a newer version may have put something there, where an older one was interrupted.
        target.transaction(|tx| {
            tx.execute(step.table.emptying, &[])?;
            Ok(tx.save_mark(mark)?)
        })?;
    }
    loop {
        let rows = source.tx(|tx| Ok(page(tx, step, &mark.after)?))?;
        let Some(last) = rows.last() else {
            (mark.step, mark.after) = (mark.step + 1, Vec::new());
            return Ok(copied);
        };
        mark.after = step.table.key.iter().map(|column| last[*column].clone()).filter_map(Cell::of).collect();
        target.transaction(|tx| {
            tx.execute_all(step.table.insert, &rows)?;
            Ok(tx.save_mark(mark)?)
        })?;
        copied += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if copied % A_WHILE == 0 {
            tell(step.table.name, copied);
        }
    }
}

/// The next rows of a table, their booleans as such on both databases.
fn page(tx: &mut Tx<'_>, step: &Step, after: &[Cell]) -> Result<Vec<Vec<Value>>, StoreError> {
    let limit = BATCH.value();
    let rows = if after.is_empty() {
        tx.rows(step.first, &[limit])
    } else {
        let mut values: Vec<Value> = after.iter().map(Cell::value).collect();
        values.push(limit);
        tx.rows(step.next, &values)
    }?;
    let as_declared = |(value, boolean): (Value, &bool)| match value {
        Value::Int(_) if *boolean => bool::from_value(value).map_or(Value::Null, Value::Bool),
        other => other,
    };
    Ok(rows
        .into_iter()
        .map(|row| row.values().zip(&step.table.booleans).map(as_declared).collect())
        .collect())
}

impl Cell {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Int(i) => Some(Self::Int(i)),
            Value::Text(t) => Some(Self::Text(t)),
            _ => None,
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Int(i) => Value::Int(*i),
            Self::Text(t) => Value::Text(t.clone()),
        }
    }
}

impl Tx<'_> {
    /// Refuses a database to which a move is not finished.
    pub fn refuse_half_moved(&mut self) -> Result<(), StoreError> {
        match self.mark()? {
            Some(mark) if !mark.done => Err(StoreError::Failed(
                "an installation is being moved here and is not whole: run `goodword migrate-database` again"
                    .into(),
            )),
            _ => Ok(()),
        }
    }

    fn mark(&mut self) -> Result<Option<Mark>, StoreError> {
        let row = self.row("select value from setting where name = $1", params![MARK])?;
        let Some(text) = row.map(|mut row| row.next::<String>()).transpose()? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|e| StoreError::Failed(e.to_string()))
    }

    fn save_mark(&mut self, mark: &Mark) -> Result<(), StoreError> {
        let text = serde_json::to_string(mark).map_err(|e| StoreError::Failed(e.to_string()))?;
        let sql = "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
        self.execute(sql, params![MARK, text])?;
        Ok(())
    }
}
