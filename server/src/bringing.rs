//! What other programs have exported, brought into this one: partners with the names in their links, customers, commissions, and
//! balances to compare. A file is read as a whole, away from the database, and stored in parts, each a transaction of its own.
//!
//! A row is recognised by the other program's id, or by all it says, so that a file can be brought again, whole or from
//! where it stopped, and nothing is stored twice; a newer export moves on what has moved there. A dry run does the same work
//! and undoes each part.

mod balances;
pub mod cli;
mod commissions;
mod customers;
mod history;
mod names;
mod partners;
mod reading;
mod sheet;
mod zone;

pub use reading::{Batch, Reading};
pub use zone::Zone;

use crate::error::Error;
use crate::routes::find;
use crate::store::{Group, Key, Program, Store, Tx};
use crate::world::World;
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::import::{Kind, Source};
use goodword_domain::time::Instant;
use goodword_wire::{ImportOutput, ImportRefusal};
use history::History;
use reading::{Brought, PartnerRow, Row, Who};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many rows are stored in one transaction.
const PART: usize = 200;
/// How many refusals and remarks an answer lists.
const LISTED: usize = 100;

/// What is brought where.
#[derive(Clone)]
pub struct Job {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub source: Source,
    pub dry_run: bool,
    pub world: World,
}

/// Partners of files that a dry run has seen and not stored, by the names rows use for them.
#[derive(Default)]
pub struct Foreseen(HashMap<String, Arc<PartnerRow>>);

impl Foreseen {
    /// Takes in a batch, so that those after it find its partners.
    pub fn add(&mut self, batch: &Batch) {
        for row in &*batch.rows {
            if let Brought::Partner(partner) = &row.what {
                for name in partner.names_for_rows() {
                    self.0.entry(name).or_insert_with(|| Arc::clone(partner));
                }
            }
        }
    }
}

/// Brings a batch, part by part; `tell` hears how many rows are done.
pub async fn bring(
    store: &Store,
    job: &Job,
    batch: &Batch,
    foreseen: &Arc<Foreseen>,
    mut tell: impl FnMut(usize),
) -> Result<ImportOutput, Error> {
    let mut sum = batch.output(job);
    let count = batch.rows.len();
    for start in (0..count).step_by(PART) {
        let part = Part {
            job: job.clone(),
            batch: batch.clone(),
            foreseen: Arc::clone(foreseen),
            rows: start..count.min(start + PART),
        };
        match part.store(store).await {
            Ok(answer) => add(&mut sum, answer),
            Err(error) if start == 0 => return Err(error),
            Err(error) => return Err(halfway(start, count, &error)),
        }
        tell(count.min(start + PART));
    }
    if batch.kind <= Kind::Codes && count > 0 {
        sum.link_parameters = parameters(store, job, batch).await?;
    }
    Ok(in_short(sum))
}

fn halfway(done: usize, count: usize, error: &Error) -> Error {
    tracing::error!(%error, "an import was interrupted");
    Error::Halfway(format!(
        "The server failed after {done} of {count} rows: send the same file again, and the others are brought."
    ))
}

/// Some rows of a batch.
#[derive(Clone)]
struct Part {
    job: Job,
    batch: Batch,
    foreseen: Arc<Foreseen>,
    rows: std::ops::Range<usize>,
}

impl Part {
    async fn store(self, store: &Store) -> Result<ImportOutput, Error> {
        if !self.job.dry_run {
            return store.write(move |tx| self.run(tx)).await;
        }
        // What a transaction has done is undone by refusing it; what it found out is kept aside.
        let kept: Arc<Mutex<Option<ImportOutput>>> = Arc::default();
        let keep = Arc::clone(&kept);
        let undone = store.write(move |tx| {
            let found = self.run(tx)?;
            *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
            Err::<(), _>(Error::Conflict("a dry run".into()))
        });
        let refused = undone.await;
        let found = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        found.ok_or_else(|| refused.err().unwrap_or_else(|| Error::internal("a dry run was not undone")))
    }

    fn run(&self, tx: &mut Tx<'_>) -> Result<ImportOutput, Error> {
        let program = find::program_by_id(tx, &self.job.vendor, &self.job.program)?;
        let groups = tx.groups(&program.id)?;
        let real = self.job.world.now();
        let now = find::now(tx, &self.job.vendor, real)?;
        let mut desk = Desk {
            tx,
            world: self.job.world,
            source: self.job.source,
            foreseen: &self.foreseen,
            batch: &self.batch,
            program,
            groups,
            now,
            known: HashMap::new(),
            history: History::default(),
            output: ImportOutput::default(),
        };
        for row in &self.batch.rows[self.rows.clone()] {
            desk.row(row)?;
        }
        desk.pay()?;
        Ok(in_short(desk.output))
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is new here.
    Made,
    /// It was here, and is changed.
    Changed,
    /// It was here.
    Known,
}

/// A part on its way into the store.
struct Desk<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    world: World,
    source: Source,
    foreseen: &'a Foreseen,
    batch: &'a Batch,
    program: Program,
    groups: Vec<Group>,
    /// By the vendor's clock.
    now: Instant,
    /// Whom rows have named so far.
    known: HashMap<Who, PartnerId>,
    /// What was paid elsewhere, until it is posted.
    history: History,
    output: ImportOutput,
}

impl Desk<'_, '_> {
    /// Brings a row. A refusal is the row's own; what the database refuses is everybody's.
    fn row(&mut self, row: &Row) -> Result<(), Error> {
        let outcome = match &row.what {
            Brought::Partner(partner) => self.partner(row.line, partner),
            Brought::Link(link) => self.link(row.line, link),
            Brought::Customer(customer) => self.customer(row.line, customer),
            Brought::Commission(commission) => self.commission(row, commission),
            Brought::Balance(balance) => self.balance(row.line, balance),
        };
        match outcome {
            Ok(Outcome::Made) => self.output.made += 1,
            Ok(Outcome::Changed) => self.output.changed += 1,
            Ok(Outcome::Known) => self.output.known += 1,
            Err(error @ (Error::Store(_) | Error::Internal(_))) => return Err(error),
            Err(refusal) => self.batch.refuse(&mut self.output, row.line, &refusal),
        }
        Ok(())
    }

    /// A remark about a row that is brought all the same.
    fn remark(&mut self, line: usize, field: &str, message: String) {
        let field = self.batch.header(field);
        self.output.remark_count += 1;
        self.output.remarks.push(ImportRefusal { line, field, message });
    }

    /// The key by which something of the other program is known here.
    fn key(&self, external_id: &str, kind: &'static str) -> Key {
        Key {
            program: self.program.id.clone(),
            source: format!("import/{}", self.source.word()),
            external_id: external_id.to_owned(),
            kind,
        }
    }
}

/// Adds to the program the parameters by which old links name a partner, and gives all it has then.
async fn parameters(store: &Store, job: &Job, batch: &Batch) -> Result<Vec<String>, Error> {
    let (job, mut wanted) = (job.clone(), batch.parameters.clone());
    wanted.extend(job.source.link_parameters().iter().map(|name| (*name).to_owned()));
    let real = job.world.now();
    let changed = store.write(move |tx| {
        let mut program = find::program_by_id(tx, &job.vendor, &job.program)?;
        let before = program.link_parameters.len();
        for name in &wanted {
            let is_read = ["via", "ref", "gw"].contains(&name.as_str());
            // As many as a program can have.
            if !is_read && !program.link_parameters.contains(name) && program.link_parameters.len() < 10 {
                program.link_parameters.push(name.clone());
            }
        }
        if program.link_parameters.len() > before && !job.dry_run {
            let now = find::now(tx, &job.vendor, real)?;
            tx.update_program(&program, now)?;
        }
        Ok(program.link_parameters)
    });
    changed.await
}

fn add(sum: &mut ImportOutput, other: ImportOutput) {
    sum.made += other.made;
    sum.changed += other.changed;
    sum.known += other.known;
    sum.pending += other.pending;
    sum.processed += other.processed;
    sum.paid += other.paid;
    sum.refused_count += other.refused_count;
    sum.refused.extend(other.refused);
    sum.remark_count += other.remark_count;
    sum.remarks.extend(other.remarks);
    sum.compared += other.compared;
    sum.differences.extend(other.differences);
}

/// The same with the first refusals and remarks alone.
fn in_short(mut sum: ImportOutput) -> ImportOutput {
    for list in [&mut sum.refused, &mut sum.remarks] {
        list.sort_by_key(|refusal| refusal.line);
        list.truncate(LISTED);
    }
    sum
}
