//! Clicks of the past, many at a time. A body is read as a whole, put in the order of time and stored in parts, each a
//! transaction of its own, so that nobody's click waits long behind an import.
//!
//! Under an idempotency key each part is a report of its own, and its answer is stored with its clicks. Whoever sends the
//! same body again therefore gets the same answers for the parts that are stored and has the others stored now: after a
//! crash in between, nothing is stored twice and nothing is left out.

mod reading;

pub use reading::read;

use crate::crediting;
use crate::error::Error;
use crate::store::{Key, KnownLink, LinkName, Store, Together, Tx, Word};
use crate::time;
use crate::visiting::{self, Browser, Plan, Trace, Visited};
use goodword_domain::id::VendorId;
use goodword_domain::time::Instant;
use goodword_wire::{ClickImportOutput, ImportRefusal};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// How many lines are stored in one transaction.
const PART: usize = 2_000;
/// How many refusals an answer lists.
const LISTED: usize = 100;

/// A body that was read: what can be stored, in the order of time, and what was refused.
#[derive(Debug, Default)]
pub struct Batch {
    lines: Vec<Line>,
    /// Keys and codes, folded; lines name them by their place here.
    keys: Vec<String>,
    /// Texts; lines name them by their place here.
    words: Vec<Word>,
    refused: ClickImportOutput,
}

/// A line that was read.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where it stands in the body, from 1.
    number: usize,
    key: usize,
    at: Instant,
    browser: Browser,
    trace: Trace<usize>,
}

/// What makes an import the same import.
#[derive(Debug)]
pub struct Asked {
    /// The idempotency key.
    pub key: String,
    /// The hash of the body.
    pub hash: String,
}

/// A body on its way into the store.
#[derive(Debug)]
pub struct Import {
    /// Whose links it may name.
    pub vendor: VendorId,
    pub asked: Option<Asked>,
    /// What the world's clock showed.
    pub real: Instant,
    pub batch: Batch,
}

/// Stores an import, part by part.
pub async fn store(store: &Store, import: Import) -> Result<ClickImportOutput, Error> {
    let import = Arc::new(import);
    let mut sum = import.batch.refused.clone();
    let count = import.batch.lines.len();
    for start in (0..count).step_by(PART) {
        let part = Part { import: Arc::clone(&import), lines: start..count.min(start + PART) };
        match store.together(part).await {
            Ok(answer) => add(&mut sum, answer),
            Err(error) if start == 0 => return Err(error),
            Err(error) => return Err(halfway(start, count, &error)),
        }
    }
    Ok(in_short(sum))
}

fn halfway(done: usize, count: usize, error: &Error) -> Error {
    tracing::error!(%error, "an import was interrupted");
    Error::Halfway(format!(
        "The server failed after {done} of {count} lines, the oldest first: send the same body again under the same \
         `Idempotency-Key`, and the others are stored."
    ))
}

/// Some lines of an import, stored in one transaction.
struct Part {
    import: Arc<Import>,
    lines: Range<usize>,
}

impl Together for Part {
    type Answer = ClickImportOutput;

    fn together(tx: &mut Tx<'_>, parts: &[&Self]) -> Result<Vec<Result<ClickImportOutput, Error>>, Error> {
        let answers = parts.iter().map(|part| match part.run(tx) {
            // Nothing was written for it.
            Err(refusal @ Error::Conflict(_)) => Ok(Err(refusal)),
            answer => answer.map(Ok),
        });
        answers.collect()
    }
}

impl Part {
    fn run(&self, tx: &mut Tx<'_>) -> Result<ClickImportOutput, Error> {
        let Some(asked) = &self.import.asked else { return self.store(tx) };
        let program = tx.known_program(&self.import.vendor, None)?;
        let key = program.map(|program| Key {
            program: program.id.clone(),
            source: format!("idempotency-key/{}", self.lines.start / PART),
            external_id: asked.key.clone(),
            kind: "click-import",
        });
        crediting::once(tx, key.as_ref(), &asked.hash, self.import.real, |tx| self.store(tx))
    }

    fn store(&self, tx: &mut Tx<'_>) -> Result<ClickImportOutput, Error> {
        let batch = &self.import.batch;
        let lines = &batch.lines[self.lines.clone()];
        let mut known = Links { import: &self.import, known: HashMap::new() };
        let mut plans = Vec::with_capacity(lines.len());
        for line in lines {
            let plan = match known.plan(tx, line) {
                Err(Error::Store(failed)) => return Err(failed.into()),
                plan => plan,
            };
            plans.push(plan.map(|plan| (plan, line.trace.map(|place| &batch.words[*place]))));
        }
        let mut sum = ClickImportOutput::default();
        for (line, answer) in lines.iter().zip(visiting::carry_out(tx, plans)?) {
            match answer {
                Ok(Visited { duplicate: true, .. }) => sum.duplicates += 1,
                Ok(_) => sum.stored += 1,
                Err(refusal) => refuse(&mut sum, line.number, &refusal),
            }
        }
        Ok(in_short(sum))
    }
}

/// The links a part names, each looked up once.
struct Links<'a> {
    import: &'a Import,
    /// By the place of the key; none where it is no link.
    known: HashMap<usize, Option<Arc<KnownLink>>>,
}

impl Links<'_> {
    fn plan(&mut self, tx: &mut Tx<'_>, told: &Line) -> Result<Plan, Error> {
        let link = self.link(tx, told.key)?;
        let link =
            link.ok_or_else(|| Error::field("key", "is not a link or code of yours: check its spelling."))?;
        visiting::check_link(&link)?;
        let at = time::not_ahead(Some(told.at), link.clock.now(self.import.real))?;
        Ok(Plan::counting(link, told.browser, at))
    }

    fn link(&mut self, tx: &mut Tx<'_>, place: usize) -> Result<Option<Arc<KnownLink>>, Error> {
        if let Some(known) = self.known.get(&place) {
            return Ok(known.clone());
        }
        let key = self.import.batch.keys[place].clone();
        let found = tx.known_link(&LinkName::OfVendor(self.import.vendor.clone(), None, key))?;
        self.known.insert(place, found.clone());
        Ok(found)
    }
}

/// Adds a refusal. What names no field of a line is about its link.
fn refuse(sum: &mut ClickImportOutput, line: usize, refusal: &Error) {
    let field = match refusal {
        Error::Invalid(invalid) => Some(&*invalid.field),
        Error::BadRequest(_) => None,
        _ => Some("key"),
    };
    sum.refused_count += 1;
    sum.refused.push(ImportRefusal { line, field: field.map(str::to_owned), message: refusal.to_string() });
}

fn add(sum: &mut ClickImportOutput, other: ClickImportOutput) {
    sum.stored += other.stored;
    sum.duplicates += other.duplicates;
    sum.refused_count += other.refused_count;
    sum.refused.extend(other.refused);
}

/// The same with the first refusals alone.
fn in_short(mut sum: ClickImportOutput) -> ClickImportOutput {
    sum.refused.sort_unstable_by_key(|refusal| refusal.line);
    sum.refused.truncate(LISTED);
    sum
}
