//! Events carried out as the server would: by the same code, in their order, a few hundred in a transaction.

use super::line::{BudgetLine, ClickLine, Event, Line, PartnerLine};
use crate::auth::{EventCaller, Reporter, VendorCaller};
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::hash;
use crate::points::completing;
use crate::rates;
use crate::reporting::{LeadReport, SaleReport};
use crate::routes::{budgets, clicks, commissions, disputes, find, leads, points, refunds, sales};
use crate::store::{Answer, Key, LinkName, Program, Together, Tx};
use crate::visiting::{self, Browser, Source, Visit};
use crate::work::rates::all_within;
use crate::work::release;
use crate::world::World;
use goodword_domain::code::{Code, fold};
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{ClickInput, CompletionInput, LeadInput, SaleInput};
use std::collections::HashSet;
use std::sync::Arc;

/// Where events are played.
#[derive(Clone)]
pub struct Stage {
    pub vendor: VendorId,
    pub program: ProgramId,
    /// By which its clicks know the program.
    pub number: i64,
    /// Whether a code that no event gave to a partner makes one.
    pub implicit_partners: bool,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Taken,
    /// It is a click that was there already.
    Repeated,
    /// It was not counted, and why.
    NotCounted(&'static str),
    /// It was refused, and why.
    Refused(String),
}

type Outcomes = Vec<Outcome>;

/// Plays lines in their order; one outcome each, and until when holds were ended. `looked` is until when they were before.
pub fn play(
    tx: &mut Tx<'_>,
    stage: &Stage,
    lines: &[Line],
    looked: Instant,
) -> Result<(Outcomes, Instant), Error> {
    let (mut outcomes, mut looked) = (Vec::with_capacity(lines.len()), looked);
    for run in lines.chunk_by(alike) {
        let (Some(first), now) = (run.first(), run[0].now) else { continue };
        // What a refund or a dispute does depends on whether the hold had ended. For the others it is enough to look daily.
        if now.day() > looked.day() || matches!(first.event, Event::Refund(_) | Event::Dispute(_)) {
            looked = release_until(tx, stage, now, looked)?;
        }
        let more = match first.event {
            Event::Click(_) => click_all(tx, stage, run)?,
            Event::Lead(..) | Event::Sale(..) => report_all(tx, stage, run)?,
            _ => vec![told(one(tx, stage, first))?],
        };
        outcomes.extend(more);
    }
    Ok((outcomes, looked))
}

/// Whether two lines can be carried out together.
fn alike(a: &Line, b: &Line) -> bool {
    let together = matches!(
        (&a.event, &b.event),
        (Event::Click(_), Event::Click(_))
            | (Event::Lead(..), Event::Lead(..))
            | (Event::Sale(..), Event::Sale(..))
    );
    together && a.now.day() == b.now.day()
}

/// Ends the holds that are over by `now`.
pub fn release_until(
    tx: &mut Tx<'_>,
    stage: &Stage,
    now: Instant,
    looked: Instant,
) -> Result<Instant, Error> {
    while release::release(tx, World, &stage.vendor, now, looked)? > 0 {}
    Ok(now.max(looked))
}

/// A refusal is the event's outcome; a failing database is everybody's.
fn told(result: Result<Outcome, Error>) -> Result<Outcome, Error> {
    match result {
        Err(Error::Store(failed)) => Err(failed.into()),
        Err(Error::Internal(text)) => Err(Error::Internal(text)),
        Err(refusal) => Ok(Outcome::Refused(refusal.to_string())),
        Ok(outcome) => Ok(outcome),
    }
}

/// An event that shares nothing with others. What is refused has written nothing.
fn one(tx: &mut Tx<'_>, stage: &Stage, line: &Line) -> Result<Outcome, Error> {
    match &line.event {
        Event::Partner(partner) => join(tx, stage, partner, line.at)?,
        Event::Refund(input) => {
            refunds::carry_out(tx, World, &stage.vendor, input, None, line.now)?;
        }
        Event::Dispute(input) => {
            disputes::carry_out(tx, World, &stage.vendor, input, line.now)?;
        }
        Event::Rate(rate) => {
            rates::load(tx, &stage.vendor, std::slice::from_ref(rate), line.now)?;
            all_within(tx, World, &stage.vendor, &stage.program, line.now)?;
        }
        Event::Budget(set) => set_aside(tx, stage, set, line.now)?,
        Event::Completion(input, code) => return completion(tx, stage, line, input, code.as_ref()),
        Event::Click(_) | Event::Lead(..) | Event::Sale(..) => {
            return Err(Error::internal("these are carried out together"));
        }
    }
    Ok(Outcome::Taken)
}

fn set_aside(tx: &mut Tx<'_>, stage: &Stage, set: &BudgetLine, now: Instant) -> Result<(), Error> {
    let program = stage.known(tx)?;
    let unit = commissions::bonus_unit(&program, set.currency.as_deref())?;
    budgets::make(tx, World, &program, (set.amount, unit), Default::default(), now)?;
    Ok(())
}

fn completion(
    tx: &mut Tx<'_>,
    stage: &Stage,
    line: &Line,
    input: &CompletionInput,
    code: Option<&String>,
) -> Result<Outcome, Error> {
    let code = find::required("code", code)?;
    meet(tx, stage, code, line.at)?;
    let owned = tx.known_link(&stage.link(code))?;
    let owned = owned.ok_or_else(|| Error::field("code", "is nobody's."))?;
    let told = points::told(input, owned.link.partner.clone(), line.at)?;
    let key = told.external_id.as_ref().map(|id| stage.key(id, "completion"));
    if let Some(key) = &key
        && tx.answers(std::slice::from_ref(key))?.contains_key(key)
    {
        return Ok(Outcome::Repeated);
    }
    let program = stage.known(tx)?;
    let done = completing::complete(tx, World, &program, &told)?;
    let kept =
        key.map(|key| Answer { key, hash: String::new(), text: done.row.id.to_string(), at: line.now });
    tx.insert_answers(kept.as_slice())?;
    Ok(if done.reason == Some(completing::BADGE_THERE) { Outcome::Repeated } else { Outcome::Taken })
}

fn join(tx: &mut Tx<'_>, stage: &Stage, told: &PartnerLine, at: Instant) -> Result<(), Error> {
    let program = stage.known(tx)?;
    find::open(&program)?;
    let name = told.name.as_ref().or(told.code.as_ref());
    let unknown = told.code.as_ref().or(told.name.as_ref()).map(|text| nobody(text));
    let newcomer = Newcomer::parse(name, told.email.as_ref().or(unknown.as_ref()), told.code.as_ref())?;
    if let Some(code) = &newcomer.code
        && tx.link_by_code(&program.id, &code.folded())?.is_some()
    {
        let remedy = format!(
            "{} is taken: put this event before the first that names the code, or choose another.",
            code.as_str()
        );
        return Err(Error::field("code", remedy));
    }
    let group = match &told.group {
        None => None,
        Some(name) => {
            let group = tx.groups(&program.id)?.into_iter().find(|group| group.name == name.trim());
            Some(group.ok_or_else(|| Error::field("group", "is not a group of the program document."))?.id)
        }
    };
    enroll(tx, &program, &Newcomer { group, ..newcomer }, told.approved.unwrap_or(true), at)
}

/// An address that nobody has. Source: RFC 2606, the top-level domain `invalid`.
fn nobody(name: &str) -> String {
    let word: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("{}@partners.invalid", if word.is_empty() { "partner" } else { &word }.to_ascii_lowercase())
}

fn enroll(
    tx: &mut Tx<'_>,
    program: &Program,
    newcomer: &Newcomer,
    approve: bool,
    at: Instant,
) -> Result<(), Error> {
    if newcomer.known(tx, program)?.is_some() {
        return Err(Error::Conflict(format!("{} is a partner already.", newcomer.email.as_str())));
    }
    let partner = newcomer.become_partner(tx, World, program, at)?;
    enrolling::enroll(tx, World, program, &partner, newcomer, approve, at)?;
    Ok(())
}

/// Makes a partner of a code that nobody has, unless that is not wanted or it cannot be a code.
fn meet(tx: &mut Tx<'_>, stage: &Stage, code: &str, at: Instant) -> Result<(), Error> {
    if !stage.implicit_partners || tx.known_link(&stage.link(code))?.is_some() {
        return Ok(());
    }
    let Ok(code) = Code::parse(code) else { return Ok(()) };
    let (name, email) = (code.as_str().to_owned(), nobody(code.as_str()));
    let newcomer = Newcomer::parse(Some(&name), Some(&email), Some(&name))?;
    let program = stage.known(tx)?;
    enroll(tx, &program, &newcomer, true, at)
}

impl Stage {
    fn known(&self, tx: &mut Tx<'_>) -> Result<Arc<Program>, Error> {
        let known = tx.known_program(&self.vendor, Some(&self.program))?;
        known.ok_or_else(|| Error::internal("the program vanished"))
    }

    fn link(&self, code: &str) -> LinkName {
        LinkName::OfVendor(self.vendor.clone(), Some(self.program.clone()), fold(code))
    }

    fn reporter(&self) -> Reporter {
        Reporter::Known(EventCaller::Vendor(VendorCaller { vendor: self.vendor.clone(), test: false }))
    }

    /// The key under which the id of a click is kept.
    fn click_key(&self, id: &str) -> Key {
        self.key(id, "click")
    }

    fn key(&self, id: &str, kind: &'static str) -> Key {
        Key { program: self.program.clone(), source: "replay".into(), external_id: id.to_owned(), kind }
    }
}

/// A visitor's browser, by the file's own name of it.
fn browser(visitor: Option<&String>) -> Browser {
    visitor
        .filter(|id| !id.is_empty())
        .map_or(Browser::Unknown, |id| Browser::Named(hash::number(id).cast_unsigned()))
}

fn click_all(tx: &mut Tx<'_>, stage: &Stage, run: &[Line]) -> Result<Outcomes, Error> {
    let named = |line: &Line| if let Event::Click(click) = &line.event { click.id.clone() } else { None };
    let keys: Vec<Key> = run.iter().filter_map(named).map(|id| stage.click_key(&id)).collect();
    let mut met: HashSet<String> = tx.answers(&keys)?.into_keys().map(|key| key.external_id).collect();
    let mut outcomes = Vec::with_capacity(run.len());
    let mut visits: Vec<(usize, Option<String>, Visit)> = Vec::with_capacity(run.len());
    for (place, line) in run.iter().enumerate() {
        let Event::Click(click) = &line.event else { continue };
        if let Some(code) = &click.code {
            meet(tx, stage, code, line.at)?;
        }
        let outcome = match (click.uncounted(), visit(stage, click, line)) {
            (Some(why), _) => Outcome::NotCounted(why),
            (None, Err(refusal)) => Outcome::Refused(refusal.to_string()),
            (None, Ok(_)) if click.id.as_ref().is_some_and(|id| !met.insert(id.clone())) => Outcome::Repeated,
            (None, Ok(visit)) => {
                visits.push((place, click.id.clone(), visit));
                Outcome::Taken
            }
        };
        outcomes.push(outcome);
    }
    let asked: Vec<&Visit> = visits.iter().map(|(_, _, visit)| visit).collect();
    let answers = Visit::together(tx, &asked)?;
    let mut kept = Vec::new();
    for ((place, id, _), answer) in visits.into_iter().zip(answers) {
        match answer {
            Err(Error::Store(failed)) => return Err(failed.into()),
            Err(refusal) => outcomes[place] = Outcome::Refused(refusal.to_string()),
            Ok(visited) => {
                if visited.duplicate {
                    outcomes[place] = Outcome::Repeated;
                }
                let click = visited.click.map(|number| tx.seal().id(stage.number, number).to_string());
                kept.extend(id.zip(click).map(|(id, text)| Answer {
                    key: stage.click_key(&id),
                    hash: String::new(),
                    text,
                    at: run[place].now,
                }));
            }
        }
    }
    tx.insert_answers(&kept)?;
    Ok(outcomes)
}

fn visit(stage: &Stage, click: &ClickLine, line: &Line) -> Result<Visit, Error> {
    let code = find::required("code", click.code.as_ref())?;
    let (url, referrer, sub_id) = (click.url.clone(), click.referrer.clone(), click.sub_id.clone());
    let input = ClickInput { url, referrer, sub_id, ..ClickInput::default() };
    let mut trace = clicks::trace(&input)?;
    (trace.country, trace.device) = (click.country_number()?, click.device_number()?);
    let source = Source::Reported {
        reporter: stage.reporter(),
        program: Some(stage.program.clone()),
        key: fold(code),
        told: Some(line.at),
        bot: false,
    };
    let browser = browser(click.visitor.as_ref());
    Ok(Visit { source, browser, address: None, real: line.now, trace })
}

/// Sign-ups, or sales.
fn report_all(tx: &mut Tx<'_>, stage: &Stage, run: &[Line]) -> Result<Outcomes, Error> {
    let mut outcomes = vec![Outcome::Taken; run.len()];
    let (mut leads, mut sales) = (Vec::new(), Vec::new());
    for (place, line) in run.iter().enumerate() {
        let reported = match &line.event {
            Event::Lead(input, visitor) => {
                lead(tx, stage, line, input, visitor.as_ref()).map(|report| leads.push((place, report)))
            }
            Event::Sale(input, visitor) => {
                sale(tx, stage, line, input, visitor.as_ref()).map(|report| sales.push((place, report)))
            }
            _ => Ok(()),
        };
        outcomes[place] = told(reported.map(|()| Outcome::Taken))?;
    }
    decide(tx, &leads, &mut outcomes)?;
    decide(tx, &sales, &mut outcomes)?;
    Ok(outcomes)
}

fn decide<R: Together>(
    tx: &mut Tx<'_>,
    reports: &[(usize, R)],
    outcomes: &mut [Outcome],
) -> Result<(), Error> {
    if reports.is_empty() {
        return Ok(());
    }
    let asked: Vec<&R> = reports.iter().map(|(_, report)| report).collect();
    for ((place, _), answer) in reports.iter().zip(R::together(tx, &asked)?) {
        outcomes[*place] = told(answer.map(|_| Outcome::Taken))?;
    }
    Ok(())
}

fn lead(
    tx: &mut Tx<'_>,
    stage: &Stage,
    line: &Line,
    input: &LeadInput,
    visitor: Option<&String>,
) -> Result<LeadReport, Error> {
    if let Some(code) = &input.code {
        meet(tx, stage, code, line.at)?;
    }
    let click_id = clicked(tx, stage, input.click_id.as_ref(), visitor)?;
    let input = LeadInput { click_id, ..input.clone() };
    let mut report = leads::report(World, stage.reporter(), &input, "")?;
    report.told.real = line.now;
    report.told.program = Some(stage.program.clone());
    Ok(report)
}

fn sale(
    tx: &mut Tx<'_>,
    stage: &Stage,
    line: &Line,
    input: &SaleInput,
    visitor: Option<&String>,
) -> Result<SaleReport, Error> {
    let named = input.partners.iter().flatten().filter_map(|partner| partner.code.as_ref());
    for code in input.code.iter().chain(named) {
        meet(tx, stage, code, line.at)?;
    }
    let click_id = clicked(tx, stage, input.click_id.as_ref(), visitor)?;
    let input = SaleInput { click_id, ..input.clone() };
    let mut report = sales::report(World, stage.reporter(), &input, None)?;
    report.told.real = line.now;
    report.told.program = Some(stage.program.clone());
    Ok(report)
}

/// The click that an event names by the file's own id, or else the latest of its visitor. An id that is not known stays as it is.
fn clicked(
    tx: &mut Tx<'_>,
    stage: &Stage,
    id: Option<&String>,
    visitor: Option<&String>,
) -> Result<Option<String>, Error> {
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        let latest = visiting::latest_click(tx, stage.number, browser(visitor))?;
        return Ok(latest.map(|click| click.to_string()));
    };
    let key = stage.click_key(id);
    let known = tx.answers(std::slice::from_ref(&key))?.remove(&key);
    Ok(Some(known.map_or_else(|| id.clone(), |(_, click)| click)))
}
