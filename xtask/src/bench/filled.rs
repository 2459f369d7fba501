//! Files with many clicks in them, made once through the API and kept.

use super::Bench;
use super::client::Client;
use super::load::float;
use super::script;
use super::site::{Site, Vendor};
use crate::demo::{Stopwatch, today};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub const DAY_MS: i64 = 86_400_000;
/// The most the endpoint takes at once.
const LINES: u64 = 20_000;
/// Requests in flight.
const HANDS: usize = 4;
/// One sale for so many clicks.
pub const CLICKS_A_SALE: u64 = 50;

/// How many clicks, of how many days, up to which.
#[derive(Clone, Copy)]
pub struct Filling {
    pub clicks: u64,
    pub days: i64,
    /// The day after the last click, numbered from 1970-01-01.
    pub until: i64,
}

/// How a file is made.
pub struct Recipe {
    /// What its folder is called, before the number of clicks.
    pub name: &'static str,
    pub days: i64,
    /// How long commissions are held, days.
    pub hold_days: u32,
    /// Does what follows the clicks.
    pub trade: fn(&Site, &Filling) -> Result<()>,
}

/// A season without a commission released, so that nothing happens beside what is measured.
const SEASON: Recipe = Recipe { name: "filled", days: SEASON_DAYS, hold_days: 365, trade: sell };
/// How long a season is.
pub const SEASON_DAYS: i64 = 90;

/// A file with clicks, whose server has ended.
pub struct Filled {
    folder: PathBuf,
    pub vendor: Vendor,
    /// Bytes on disk a click, before there were sales.
    pub bytes: f64,
    /// The day after the last click, numbered from 1970-01-01.
    pub until: i64,
}

impl Filled {
    /// The file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("goodword.db")
    }

    /// A server on a copy.
    pub fn open_copy(&self, folder: &Path) -> Result<Site> {
        let copy = self.copy(folder)?;
        Site::open(&format!("sqlite:{}", copy.display()), "full", folder, 1, self.vendor.clone())
    }

    /// A copy that is on disk, so that nobody else waits for it.
    pub fn copy(&self, folder: &Path) -> Result<PathBuf> {
        let copy = folder.join("goodword.db");
        std::fs::copy(self.database(), &copy)?;
        File::open(&copy)?.sync_all()?;
        Ok(copy)
    }
}

/// Makes a file with so many clicks and sales, unless it is there.
pub fn prepare(bench: &Bench, clicks: u64) -> Result<Filled> {
    prepare_by(bench, clicks, &SEASON)
}

/// The same by a recipe.
pub fn prepare_by(bench: &Bench, clicks: u64, recipe: &Recipe) -> Result<Filled> {
    let name = format!("{}-{clicks}", recipe.name);
    let schema = schema()?;
    if let Some(filled) = reuse(&bench.folder.join(&name), &schema) {
        return Ok(filled);
    }
    println!("      filling a file with {clicks} clicks");
    let folder = bench.empty_folder(&name)?;
    let database = format!("sqlite:{}", folder.join("goodword.db").display());
    let filling = Filling { clicks, days: recipe.days, until: today() };
    let site = Site::holding(recipe.hold_days, &database, &folder)?;
    let vendor = site.vendor.clone().context("a new site has a vendor")?;
    import(&site, &filling)?;
    site.stop()?;
    let stored = std::fs::metadata(folder.join("goodword.db"))?.len();
    let bytes = float(stored / 1000) * 1000.0 / float(clicks);
    let site = Site::open(&database, "full", &folder, 1, vendor.clone())?;
    (recipe.trade)(&site, &filling)?;
    site.stop()?;
    let Vendor { secret_key, publishable_key, program } = &vendor;
    let state = json!({
        "schema": schema, "secretKey": secret_key, "publishableKey": publishable_key, "program": program,
        "bytes": bytes, "until": filling.until,
    });
    std::fs::write(folder.join("state.json"), state.to_string())?;
    Ok(Filled { folder, vendor, bytes, until: filling.until })
}

/// What was made before, if the tables are still the same.
fn reuse(folder: &Path, schema: &str) -> Option<Filled> {
    let state = std::fs::read(folder.join("state.json")).ok()?;
    let state: Value = serde_json::from_slice(&state).ok()?;
    let text = |name: &str| state[name].as_str().map(str::to_owned);
    let vendor = Vendor {
        secret_key: text("secretKey")?,
        publishable_key: text("publishableKey")?,
        program: text("program")?,
    };
    let (bytes, until) = (state["bytes"].as_f64()?, state["until"].as_i64()?);
    (text("schema")? == schema).then(|| Filled { folder: folder.to_owned(), vendor, bytes, until })
}

/// A mark of the tables there are.
fn schema() -> Result<String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(crate::root().join("server/migrations"))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(std::fs::read(file)?);
    }
    Ok(crate::hexadecimal(&hash.finalize()))
}

/// Reports clicks of the past, several requests in flight.
fn import(site: &Site, filling: &Filling) -> Result<()> {
    let progress = Progress::new("clicks", filling.clicks);
    in_parts(filling.clicks.div_ceil(LINES), |part| {
        let lines = lines(part, filling);
        let mut client = site.client()?;
        let count = report(&mut client, lines.as_bytes())?;
        progress.add(count);
        Ok(())
    })
}

/// One request; answers how many clicks it stored.
pub fn report(client: &mut Client, lines: &[u8]) -> Result<u64> {
    let answer = client.post_as("/v1/clicks/import", "application/x-ndjson", lines)?;
    let refused = answer["refused"].as_array().context("the answer tells no refusals")?;
    ensure!(refused.is_empty(), "clicks were refused, the first: {}", refused[0]);
    answer["stored"].as_u64().context("the answer tells nothing stored")
}

/// The lines of one request of many.
pub fn lines(part: u64, filling: &Filling) -> String {
    let mut lines = String::new();
    for number in part * LINES..filling.clicks.min((part + 1) * LINES) {
        line(&mut lines, number, filling);
    }
    lines
}

/// One click of many: in the order of time, by a partner as chance has it, and three in ten by somebody who came before.
fn line(out: &mut String, number: u64, filling: &Filling) {
    let partner = mix(number) % script::PARTNERS;
    let mut visitor = number;
    while visitor > 0 && mix(visitor ^ 1 << 40) % 10 < 3 {
        visitor -= 1 + mix(visitor ^ 1 << 41) % visitor.min(1_000_000);
    }
    let (key, when) = (script::code(partner), instant(time(number, filling.clicks, filling)));
    let done = writeln!(
        out,
        "{{\"key\":\"{key}\",\"timestamp\":\"{when}\",\"visitorId\":\"v{visitor}\",\
         \"url\":\"https://shop.example/tea/{}\",\"referrer\":\"https://blog{partner}.example/post\"}}",
        number % 20
    );
    debug_assert!(done.is_ok(), "a string takes whatever is written");
}

/// Spread evenly over the days.
fn time(number: u64, of: u64, filling: &Filling) -> i64 {
    let span = i128::from(filling.days * DAY_MS - 1) * i128::from(number) / i128::from(of.max(1));
    (filling.until - filling.days) * DAY_MS + i64::try_from(span).unwrap_or_default()
}

/// Reports sales by code, spread over the same days.
fn sell(site: &Site, filling: &Filling) -> Result<()> {
    const SALES_A_PART: u64 = 100;
    let sales = filling.clicks / CLICKS_A_SALE;
    let progress = Progress::new("sales", sales);
    in_parts_by(64, sales.div_ceil(SALES_A_PART), |part| {
        let mut client = site.client()?;
        let numbers = part * SALES_A_PART..sales.min((part + 1) * SALES_A_PART);
        let count = numbers.end - numbers.start;
        for number in numbers {
            client.post("/v1/track/sale", &sale(number, sales, filling))?;
        }
        progress.add(count);
        Ok(())
    })
}

fn sale(number: u64, sales: u64, filling: &Filling) -> Value {
    json!({
        "customerExternalId": format!("filled_{number}"), "invoiceId": format!("filled_{number}"),
        "amount": 1000 + mix(number) % 9000, "code": script::code(mix(number)),
        "timestamp": instant(time(number, sales, filling)),
    })
}

fn in_parts(parts: u64, work: impl Fn(u64) -> Result<()> + Sync) -> Result<()> {
    in_parts_by(HANDS, parts, work)
}

/// Does all parts, several at once; the first failure ends it.
pub fn in_parts_by(hands: usize, parts: u64, work: impl Fn(u64) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicU64::new(0);
    let hand = || {
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= parts {
                return Ok(());
            }
            if let Err(error) = work(part) {
                next.store(parts, Ordering::Relaxed);
                return Err(error);
            }
        }
    };
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..hands).map(|_| scope.spawn(hand)).collect();
        hands.into_iter().try_for_each(|hand| hand.join().map_err(|_| anyhow::anyhow!("a thread failed"))?)
    })
}

/// Tells now and then how far it is.
pub struct Progress {
    what: &'static str,
    all: u64,
    done: AtomicU64,
    begun: Stopwatch,
}

impl Progress {
    pub fn new(what: &'static str, all: u64) -> Self {
        Self { what, all, done: AtomicU64::new(0), begun: Stopwatch::start() }
    }

    /// At every tenth.
    pub fn add(&self, count: u64) {
        let before = self.done.fetch_add(count, Ordering::Relaxed);
        let (step, now) = ((self.all / 10).max(1), before + count);
        if before / step != now / step {
            let rate = float(now) / f64::from(self.begun.seconds());
            println!("      {now} of {} {}, {rate:.0} a second", self.all, self.what);
        }
    }
}

/// Milliseconds since 1970 as RFC 3339. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
pub fn instant(ms: i64) -> String {
    let (days, ms) = (ms.div_euclid(DAY_MS) + 719_468, ms.rem_euclid(DAY_MS));
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
}

/// A day as an instant.
pub fn day(number: i64) -> String {
    instant(number * DAY_MS)
}

/// Scatters numbers. Source: the finalizer of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators".
pub fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn instants_are_written_as_people_write_them() {
        assert_eq!(instant(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(instant(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(instant(1_767_225_599_999), "2025-12-31T23:59:59.999Z");
    }

    #[test]
    fn clicks_are_in_the_order_of_time_and_three_in_ten_come_again() {
        let filling = Filling { clicks: 20_000, days: 90, until: 20_000 };
        let text = lines(0, &filling);
        let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let times: Vec<_> = rows.iter().map(|row| row["timestamp"].as_str().expect("a time")).collect();
        assert!(times.is_sorted() && rows.len() == 20_000);
        let visitors: BTreeSet<_> = rows.iter().map(|row| row["visitorId"].as_str()).collect();
        assert!((13_500..14_500).contains(&visitors.len()), "{}", visitors.len());
    }

    #[test]
    fn a_failure_ends_it() {
        let done = AtomicU64::new(0);
        let work = |part| {
            done.fetch_add(1, Ordering::Relaxed);
            ensure!(part != 3, "no");
            Ok(())
        };
        // Of several hands, others may have done any number of parts before the failure is known.
        assert!(in_parts_by(2, 1000, work).is_err());
        done.store(0, Ordering::Relaxed);
        assert!(in_parts_by(1, 1000, work).is_err());
        assert_eq!(done.load(Ordering::Relaxed), 4);
    }
}
