//! Triggers: what is known of an event, whether a trigger acts on it, and what it does.

mod acting;
mod document;
mod facts;

pub use acting::{Scene, check};
pub use document::{Stored, parse, read, show};
pub use facts::{facts, stored_data};

use crate::error::Error;
use crate::store::{Told, Trigger, TriggerRun, Tx};
use crate::world::World;
use goodword_domain::id::TriggerRunId;
use goodword_domain::reward::{Compared, Comparison};
use goodword_domain::trigger::{Facts, Rule, Verdict};
use goodword_wire::{Metadata, TriggerCompared, TriggerDetail};

/// A trigger that an event sets off.
pub struct Match {
    pub trigger: Trigger,
    pub rule: Rule,
    pub facts: Facts,
    pub verdict: Verdict,
}

/// The triggers an event sets off, in the order in which they were made.
pub fn matches(tx: &mut Tx<'_>, told: &Told, data: &Metadata) -> Result<Vec<Match>, Error> {
    let triggers = tx.triggers_on(&told.vendor, &told.program, told.kind)?;
    if triggers.is_empty() {
        return Ok(Vec::new());
    }
    let facts = facts(tx, (&told.vendor, &told.program), told.kind, data)?;
    let mut found = Vec::new();
    for trigger in triggers {
        let rule = read(&trigger)?;
        let verdict = rule.decide(told.kind, &facts, told.depth);
        if matches!(verdict, Verdict::Acts | Verdict::TooDeep) {
            found.push(Match { trigger, rule, facts: facts.clone(), verdict });
        }
    }
    Ok(found)
}

/// Why a trigger acts or not, comparison by comparison.
pub fn compared(rule: &Rule, facts: &Facts) -> Vec<TriggerCompared> {
    let one = |c: goodword_domain::trigger::Compare<'_>| TriggerCompared {
        field: c.fact.word().into_owned(),
        with: with(c.comparison),
        value: c.value.map(str::to_owned),
        holds: c.holds,
    };
    rule.compared(facts).into_iter().map(one).collect()
}

/// A comparison in words.
fn with(comparison: &Comparison) -> String {
    match comparison {
        Comparison::OneOf(list) => format!("is {}", list.join(" or ")),
        Comparison::NoneOf(list) => format!("is not {}", list.join(" or ")),
        Comparison::AtLeast(least) => format!("is at least {least}"),
        Comparison::AtMost(most) => format!("is at most {most}"),
    }
}

/// Has a trigger act on an event, once: a run is written down first, and whoever finds it there does nothing.
pub fn run(
    tx: &mut Tx<'_>,
    (world, public_url): (World, &str),
    told: &Told,
    found: &Match,
) -> Result<(), Error> {
    let mut detail = TriggerDetail { compared: compared(&found.rule, &found.facts), actions: Vec::new() };
    let mut run = TriggerRun {
        id: TriggerRunId::from_bits(world.bits()),
        vendor: told.vendor.clone(),
        trigger: found.trigger.id.clone(),
        event: told.id.clone(),
        outcome: "too_deep".into(),
        detail: text(&detail)?,
        at: world.now(),
    };
    if !tx.begin_run(&run)? || found.verdict == Verdict::TooDeep {
        return Ok(());
    }
    let scene = Scene::set(tx, (&found.trigger, public_url), Some(told), &found.facts)?;
    tx.act_on(Some(told));
    for action in &found.rule.actions {
        detail.actions.push(acting::act(tx, world, &scene, action)?);
    }
    tx.act_on(None);
    let done = detail.actions.iter().filter(|action| action.done).count();
    run.outcome = match done {
        0 => "refused",
        n if n == detail.actions.len() => "done",
        _ => "partly",
    }
    .into();
    run.detail = text(&detail)?;
    Ok(tx.end_run(&run)?)
}

fn text(detail: &TriggerDetail) -> Result<String, Error> {
    serde_json::to_string(detail).map_err(|e| Error::internal(e.to_string()))
}
