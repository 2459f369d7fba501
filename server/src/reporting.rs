//! From reports of sign-ups and sales to what is stored of them, many at a time: what the reports name is loaded for all
//! of them, each is decided by itself, and what they add is saved for all of them.
//!
//! Reports that may touch the same record (a customer, an invoice, an idempotency key) are decided one after the other, in
//! waves, so that each sees what the one before has done.

mod desk;
mod lead;
mod sale;
mod who;

pub use desk::Desk;
pub use lead::LeadReport;
pub use sale::{SaleReport, counts_as_first, parse_processor, sale_output};
pub use who::Named;

use crate::auth::{EventCaller, Reporter};
use crate::crediting::{Came, Suspected, plain};
use crate::document;
use crate::error::Error;
use crate::routes::find;
use crate::store::{
    CommissionRow, Customer, Key, KnownLink, Lead, LinkName, PassedOver, Program, Sale, StoreError, Tx,
    counting_lock,
};
use crate::time;
use crate::world::World;
use goodword_domain::id::{ClickId, CustomerId, ProgramId, VendorId};
use goodword_domain::ledger::Transfer;
use goodword_domain::time::Instant;
use goodword_wire::{Grounds, Metadata, RewardFit, Signal};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// What every report says, checked.
#[derive(Clone, Debug)]
pub struct Told {
    pub world: World,
    pub reporter: Reporter,
    /// What the world's clock showed.
    pub real: Instant,
    /// When it happened, if that was told.
    pub at: Option<Instant>,
    pub program: Option<ProgramId>,
    pub named: Named,
    /// The click id that was sent, whether or not it is one of ours.
    pub click_id: Option<String>,
    /// The code that was typed.
    pub code: Option<String>,
    /// Whether it came by a form on the partner's own site.
    pub by_form: bool,
    pub event_name: String,
    pub metadata: Option<String>,
    /// By which two requests are the same request.
    pub hash: String,
}

impl Told {
    /// The click, if the id that was sent can be one.
    fn click(&self) -> Option<ClickId> {
        self.click_id.as_deref().and_then(|id| ClickId::parse(id).ok())
    }
}

/// [`Told`], from the fields that the records of the wire share without being one type. `$event` is what the event is called
/// unless it was said.
macro_rules! told {
    ($world:expr, $reporter:expr, $input:expr, $event:literal) => {
        $crate::reporting::Told {
            world: $world,
            reporter: $reporter,
            real: $world.now(),
            at: $input.timestamp.as_deref().map(|t| $crate::time::parse("timestamp", t)).transpose()?,
            program: $input.program_id.as_deref().map(goodword_domain::id::ProgramId::parse).transpose()?,
            named: $crate::reporting::Named::parse(
                $input.customer_external_id.as_ref(),
                $input.customer_name.as_ref(),
                $input.customer_email.as_ref(),
            )?,
            click_id: $crate::reporting::click_id($input.click_id.as_ref())?,
            code: $crate::routes::find::text("code", $input.code.as_ref(), 255)?,
            by_form: false,
            event_name: $crate::routes::find::text("eventName", $input.event_name.as_ref(), 100)?
                .unwrap_or_else(|| $event.into()),
            metadata: $crate::routes::find::metadata($input.metadata.as_ref())?,
            hash: $crate::crediting::input_hash(&$input)?,
        }
    };
}
pub(crate) use told;

/// An optional click id, as it was sent.
pub fn click_id(sent: Option<&String>) -> Result<Option<String>, Error> {
    let id = sent.map(|id| id.trim()).filter(|id| !id.is_empty());
    if id.is_some_and(|id| !plain(id)) {
        return Err(Error::field(
            "clickId",
            "must be 1 to 64 of A–Z, a–z, 0–9, `_` and `-`, as `/track/click` gave it.",
        ));
    }
    Ok(id.map(str::to_owned))
}

/// A report of an event by somebody who became, or is, a customer.
trait Report: Send + Sync + 'static {
    /// What its caller hears, as it is kept.
    type Answer: Serialize;

    /// What every report says.
    fn told(&self) -> &Told;

    /// What else tells this report from others, besides the person: the same again must wait.
    fn names(&self) -> Vec<String>;

    /// The payment processor and the invoice, if it has one.
    fn invoice(&self) -> Option<(&str, &str)> {
        None
    }

    /// Whether it matters how the person signed up.
    fn needs_leads(&self) -> bool {
        false
    }

    /// Whether this caller may report this.
    fn admit(&self, caller: &EventCaller) -> Result<(), Error>;

    /// In which program it is counted.
    fn program(&self, tx: &mut Tx<'_>, desk: &Desk, case: &Opened) -> Result<Arc<Program>, Error>;

    /// The key under which it is answered once.
    fn key(&self, case: &Case) -> Option<Key>;

    /// Decides: what is answered, and what is to be saved.
    fn decide(&self, tx: &mut Tx<'_>, desk: &Desk, case: &Case) -> Result<(Self::Answer, Added), Error>;
}

/// A report before its program is known.
struct Opened {
    caller: EventCaller,
    /// What the vendor's clock shows.
    now: Instant,
    /// The link of the code that was typed.
    code: Option<Arc<KnownLink>>,
}

/// A report with all that decides about it.
#[derive(Clone)]
struct Case {
    caller: EventCaller,
    now: Instant,
    program: Arc<Program>,
    came: Came,
}

impl Opened {
    fn vendor(&self) -> &VendorId {
        self.caller.vendor()
    }
}

/// What a report adds.
#[derive(Default)]
struct Added {
    customer: Option<Customer>,
    lead: Option<Lead>,
    sale: Option<Sale>,
    commissions: Vec<(CommissionRow, Option<Transfer>)>,
    suspected: Suspected,
    passed_over: Vec<PassedOver>,
}

fn open(tx: &mut Tx<'_>, report: &impl Report) -> Result<Opened, Error> {
    let told = report.told();
    let caller = told.reporter.caller(tx)?;
    report.admit(&caller)?;
    let now = tx.known_clock(caller.vendor())?.now(told.real);
    let code = match &told.code {
        Some(code) => Some(known_code(tx, caller.vendor(), told.program.as_ref(), code)?),
        None => None,
    };
    Ok(Opened { caller, now, code })
}

/// An unknown code is refused, for the person who typed it can mend it.
fn known_code(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    program: Option<&ProgramId>,
    code: &str,
) -> Result<Arc<KnownLink>, Error> {
    let folded = goodword_domain::code::fold(code);
    tx.known_link(&LinkName::OfVendor(vendor.clone(), program.cloned(), folded))?.ok_or_else(|| {
        Error::field("code", "is not known in this program: check its spelling, or leave it out.")
    })
}

/// The program of an id, or the vendor's default one.
fn program_of(tx: &mut Tx<'_>, vendor: &VendorId, id: Option<&ProgramId>) -> Result<Arc<Program>, Error> {
    let found = tx.known_program(vendor, id)?;
    found.ok_or_else(|| if id.is_some() { find::no_such_program() } else { find::no_program_yet() })
}

/// When it happened: what was told, or now.
fn event_time(told: &Told, now: Instant) -> Result<Instant, Error> {
    time::not_ahead(told.at, now)
}

/// What the caller of a report hears.
#[derive(Clone, Debug)]
pub enum Heard<T> {
    /// It was decided now.
    First(T),
    /// It was reported before: what was answered then, as it is kept.
    Again(String),
}

impl<T: Serialize> Heard<T> {
    /// As JSON. What is kept may be of an older version, and is told as it was.
    pub fn json(self) -> Result<String, Error> {
        match self {
            Self::First(answer) => serde_json::to_string(&answer).map_err(|e| Error::internal(e.to_string())),
            Self::Again(kept) => Ok(kept),
        }
    }
}

type Answered<R> = Result<Heard<<R as Report>::Answer>, Error>;

/// Decides reports, each once; the answers stand in their order.
fn decide_all<R: Report>(tx: &mut Tx<'_>, reports: &[&R]) -> Result<Vec<Answered<R>>, Error> {
    let mut answers: Vec<Option<Answered<R>>> = reports.iter().map(|_| None).collect();
    let mut waiting: Vec<usize> = (0..reports.len()).collect();
    while !waiting.is_empty() {
        waiting = wave(tx, reports, &waiting, &mut answers)?;
    }
    let lost = || Err(Error::internal("a report was never decided".to_owned()));
    Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(lost)).collect())
}

/// Decides those that do not touch what an earlier one touches; returns the others.
fn wave<R: Report>(
    tx: &mut Tx<'_>,
    reports: &[&R],
    waiting: &[usize],
    answers: &mut [Option<Answered<R>>],
) -> Result<Vec<usize>, Error> {
    let (mut opened, mut later, mut names) = (Vec::new(), Vec::new(), HashSet::new());
    for &index in waiting {
        let report = reports[index];
        if !claim(&mut names, [report.told().named.names().to_vec(), report.names()].concat()) {
            later.push(index);
        } else if let Some(case) = refused(open(tx, report), &mut answers[index])? {
            opened.push((index, case));
        }
    }
    let asked: Vec<_> = opened.iter().map(|(index, case)| (reports[*index], case)).collect();
    let mut desk = Desk::load(tx, &asked, &names)?;
    let mut cases = Vec::with_capacity(opened.len());
    for (index, case) in opened {
        let chosen = choose(tx, &desk, reports[index], case);
        if let Some(case) = refused(chosen, &mut answers[index])? {
            cases.push((index, case));
        }
    }
    let asked: Vec<_> = cases.iter().map(|(index, case)| (reports[*index], case)).collect();
    let counted = asked.iter().filter(|(_, case)| case.program.counts());
    tx.lock(&counted.map(|(_, case)| counting_lock(&case.program.id)).collect::<Vec<_>>())?;
    desk.load_history(tx, &asked)?;
    let mut counting = HashSet::new();
    for (index, case) in cases {
        let touched = desk.is_touched(case.caller.vendor(), &reports[index].told().named);
        // What a capped or tiered reward pays depends on what was paid before, which must be stored to be seen.
        let counts = case.program.counts();
        if touched || (counts && !counting.insert(case.program.id.clone())) {
            later.push(index);
        } else if let Some(answer) = refused(once(tx, &mut desk, reports[index], &case), &mut answers[index])?
        {
            answers[index] = Some(Ok(answer));
        }
    }
    desk.save(tx)?;
    later.sort_unstable();
    Ok(later)
}

/// Takes all of the names, or none if one is taken.
fn claim(taken: &mut HashSet<String>, names: Vec<String>) -> bool {
    let free = names.iter().all(|name| !taken.contains(name));
    if free {
        taken.extend(names);
    }
    free
}

/// A refusal is the report's answer; a failing database is everybody's.
fn refused<T, A>(
    result: Result<T, Error>,
    answer: &mut Option<Result<A, Error>>,
) -> Result<Option<T>, StoreError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Store(failed)) => Err(failed),
        Err(refusal) => {
            *answer = Some(Err(refusal));
            Ok(None)
        }
    }
}

fn choose<R: Report>(tx: &mut Tx<'_>, desk: &Desk, report: &R, opened: Opened) -> Result<Case, Error> {
    let program = report.program(tx, desk, &opened)?;
    let click = report.told().click().and_then(|id| desk.click(opened.vendor(), &id)).cloned();
    let came = Came {
        unknown_click: report.told().click_id.is_some() && click.is_none(),
        click,
        code: opened.code.as_ref().map(|known| known.link.clone()),
        by_form: report.told().by_form,
    };
    Ok(Case { caller: opened.caller, now: opened.now, program, came })
}

/// Answers a report once: the same again gets the first answer, another one under the same key is refused.
fn once<R: Report>(tx: &mut Tx<'_>, desk: &mut Desk, report: &R, case: &Case) -> Answered<R> {
    let key = report.key(case);
    let hash = &report.told().hash;
    if let Some((first_hash, kept)) = key.as_ref().and_then(|key| desk.answer(key)) {
        let is_same = first_hash == hash;
        return if is_same { Ok(Heard::Again(kept.clone())) } else { Err(reported_otherwise(key.as_ref())) };
    }
    let (answer, added) = report.decide(tx, desk, case)?;
    if let Some(key) = key {
        let kept = serde_json::to_string(&answer).map_err(|e| Error::internal(e.to_string()))?;
        desk.keep_answer(key, hash, kept, case.now);
    }
    desk.add(case, &report.told().named, added);
    Ok(Heard::First(answer))
}

/// What decided besides the touchpoints, as JSON.
pub fn grounds(
    program: &Program,
    at: Instant,
    rewards: Vec<RewardFit>,
    signals: &[Signal],
) -> Result<String, Error> {
    let (program_version, terms) = program.version_at(at);
    let grounds = Grounds {
        program_version,
        attribution_model: terms.model.word().into(),
        attribution_windows: document::show_windows(terms.windows),
        rewards,
        signals: signals.to_vec(),
    };
    serde_json::to_string(&grounds).map_err(|e| Error::internal(e.to_string()))
}

/// Free data as conditions compare it: names and values as text; what is no text, number or boolean is left out.
pub fn flat(metadata: Option<&str>) -> Vec<(String, String)> {
    let map: Metadata = metadata.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    map.into_iter().filter_map(|(key, value)| Some((key, text(value)?))).collect()
}

fn reported_otherwise(key: Option<&Key>) -> Error {
    let name = key.map_or("", |key| &key.external_id);
    Error::Conflict(format!(
        "`{name}` was reported before with other content: send it as it was, or under a key of its own."
    ))
}

/// The person a report is about: known before, or new.
fn customer(desk: &Desk, told: &Told, case: &Case, at: Instant) -> Customer {
    desk.known(&told.named, &case.program).cloned().unwrap_or_else(|| Customer {
        id: CustomerId::from_bits(told.world.bits()),
        vendor: case.program.vendor.clone(),
        program: case.program.id.clone(),
        external_id: told.named.external_id.clone(),
        name: told.named.name.clone(),
        email: told.named.email.as_ref().map(|e| e.as_str().to_owned()),
        bound: None,
        first_commissioned_at: None,
        created_at: at,
    })
}
