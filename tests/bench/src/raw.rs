//! The same rows without Goodword: counted by plain SQL, and inserted by a prepared statement.

use crate::pool;
use crate::schema::CLICKS;
use anyhow::Result;
use rusqlite::{Connection, OpenFlags, params};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What to count.
#[derive(clap::Args)]
pub struct Range {
    /// Goodword's database
    #[arg(long)]
    database: PathBuf,
    /// The id of the program
    #[arg(long)]
    program: String,
    /// The first UTC day, numbered from 1970-01-01
    #[arg(long)]
    from: i64,
}

/// How long it took, milliseconds, and how many clicks there were.
#[derive(Serialize)]
pub struct Counted {
    overview_ms: f64,
    partners_ms: f64,
    clicks: i64,
}

/// How long it took, seconds.
#[derive(Serialize)]
pub struct Inserted {
    seconds: f64,
}

/// The number of a click tells its time: milliseconds since 2020, shifted by so many bits.
const COUNT_BITS: i64 = 21;
const EPOCH_MS: i64 = 1_577_836_800_000;
const DAY_MS: i64 = 86_400_000;

/// Counts twice, and tells of the second time: then the file is in memory.
pub fn count(range: &Range) -> Result<Counted> {
    let db = Connection::open_with_flags(&range.database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.pragma_update(None, "mmap_size", 8_i64 << 30)?;
    let number: i64 =
        db.query_row("select number from program where id = ?", [&range.program], |row| row.get(0))?;
    let mut counted = Counted { overview_ms: 0.0, partners_ms: 0.0, clicks: 0 };
    for _ in 0..2 {
        let begun = now();
        counted.clicks = overview(&db, range, number)?;
        counted.overview_ms = milliseconds(begun.elapsed());
        let begun = now();
        partners(&db, range, number)?;
        counted.partners_ms = milliseconds(begun.elapsed());
    }
    Ok(counted)
}

/// Clicks, visitors, sales and commissions by day; answers how many clicks there were.
fn overview(db: &Connection, range: &Range, program: i64) -> Result<i64> {
    let (first, from) = (first_number(range.from), range.from * DAY_MS);
    let sql = "select ((id >> 21) + 1577836800000) / 86400000, count(*), count(distinct browser) from click \
               where program = ? and id >= ? group by 1";
    let mut statement = db.prepare(sql)?;
    let days = statement.query_map(params![program, first], |row| row.get::<_, i64>(1))?;
    let mut clicks = 0;
    for day in days {
        clicks += day?;
    }
    let sql =
        "select at / 86400000, count(*), sum(amount) from sale where program_id = ? and at >= ? group by 1";
    run(db, sql, &range.program, from)?;
    let sql = "select at / 86400000, status, sum(earnings) from commission where program_id = ? and at >= ? \
               group by 1, 2";
    run(db, sql, &range.program, from)?;
    let sql = "select at / 86400000, count(*) from lead where program_id = ? and at >= ? group by 1";
    run(db, sql, &range.program, from)?;
    Ok(clicks)
}

/// The same by partner.
fn partners(db: &Connection, range: &Range, program: i64) -> Result<()> {
    let (first, from) = (first_number(range.from), range.from * DAY_MS);
    let sql = "select l.partner_id, count(*) from click c join link l on l.number = c.link \
               where c.program = ? and c.id >= ? group by 1 order by 2 desc";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(params![program, first])?;
    while rows.next()?.is_some() {}
    let sql =
        "select partner_id, count(*), sum(amount) from sale where program_id = ? and at >= ? group by 1";
    run(db, sql, &range.program, from)?;
    let sql = "select partner_id, sum(earnings) from commission where program_id = ? and at >= ? group by 1";
    run(db, sql, &range.program, from)
}

fn run(db: &Connection, sql: &str, program: &str, from: i64) -> Result<()> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(params![program, from])?;
    while rows.next()?.is_some() {}
    Ok(())
}

fn first_number(day: i64) -> i64 {
    (day * DAY_MS - EPOCH_MS) << COUNT_BITS
}

/// Prepared inserts, twenty thousand in a transaction.
pub fn insert(database: &Path, rows: i64) -> Result<Inserted> {
    let mut db = pool::open(database)?;
    db.execute_batch(CLICKS)?;
    let begun = now();
    let mut next = 0;
    while next < rows {
        let end = rows.min(next + 20_000);
        let tx = db.transaction()?;
        for number in next..end {
            insert_click(&tx, number)?;
        }
        tx.commit()?;
        next = end;
    }
    Ok(Inserted { seconds: begun.elapsed().as_secs_f64() })
}

fn insert_click(tx: &Connection, number: i64) -> Result<()> {
    let sql = "insert into click (id, program, link, browser, previous, visitor, visitor_previous, url, referrer, \
               sub_id, country, device) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let scattered = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.cast_signed()) >> 1;
    let id = (number * 700) << COUNT_BITS;
    let previous = (number % 3 == 0).then_some(id / 2);
    let nothing = None::<i64>;
    let (link, word) = (number % 100, scattered.rem_euclid(50) << 56);
    tx.prepare_cached(sql)?
        .execute(params![id, 1, link, scattered, previous, nothing, nothing, word, word, nothing, 0, 2])?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::disallowed_methods, reason = "this is a stopwatch; nothing depends on what it shows")]
fn now() -> Instant {
    Instant::now()
}
