//! Events of payment providers: from signed bytes to the reports of sales, refunds and disputes that `/v1/track/*` would make of
//! them. Each provider is read by a file of its own into the same few words (`said.rs`); what those do is the same for all
//! (`carrying.rs`). What comes before what it needs waits (`domain::arrival`), and is carried out when that has come.

mod carrying;
mod generic;
mod money;
mod paddle;
mod provider;
mod said;
mod shopify;
mod signature;
mod stripe;
mod tree;
mod trial;

pub use generic::check as check_mapping;
pub use provider::{Headers, Options, Provider, secrets};
pub use trial::try_out;

use crate::error::Error;
use crate::hash;
use crate::store::{Inbound, Integration, Tx};
use crate::world::World;
use carrying::{Carrier, Done};
use goodword_domain::id::InboundId;
use goodword_domain::time::Instant;
use goodword_wire::InboundReceipt;
use provider::Envelope;
use said::{Said, Says};
use std::collections::{BTreeSet, VecDeque};
use tree::Tree;

/// How many events that waited are carried out in the transaction of the one they waited for. What is left is found by the
/// background step.
const MOST_WOKEN: usize = 100;

/// What is kept of a delivery: its bytes were signed by the provider.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub body: String,
    pub headers: Headers,
}

/// What a server tells of a delivery.
pub struct Receipt {
    pub said: InboundReceipt,
    /// The event's type, for the log.
    pub kind: String,
}

/// Checks who signed a delivery, before anything of it is read.
pub fn verify(
    integration: &Integration,
    options: &Options,
    signature: impl Fn(&str) -> Option<String>,
    body: &[u8],
    now: Instant,
) -> Result<Provider, Error> {
    let provider = Provider::parse(&integration.provider)?;
    let (header, scheme) = provider.signature(options)?;
    signature::check(scheme, signature(&header).as_deref(), body, &secrets(integration)?, now)?;
    Ok(provider)
}

/// Reads an event.
fn read(integration: &Integration, options: &Options, delivery: &Delivery) -> Result<Said, Error> {
    let tree = Tree::read(&delivery.body)?;
    let hash = hash::sha256(&delivery.body);
    let envelope =
        Envelope { tree: &tree, headers: &delivery.headers, options, test: integration.test, hash: &hash };
    Provider::parse(&integration.provider)?.read(&envelope)
}

/// Takes an event in, once: the same again hears what became of the first, and is tried again if that had failed. What cannot
/// be read at all is refused and not stored.
pub fn receive(
    tx: &mut Tx<'_>,
    world: World,
    integration: &Integration,
    delivery: &Delivery,
    real: Instant,
) -> Result<Receipt, Error> {
    let options = Options::of(integration)?;
    let said = read(integration, &options, delivery)?;
    let kind = said.kind.clone();
    if said.says == Says::Unknown {
        tx.count_ignored(integration, &kind, real)?;
        let reason = format!("Events of the type `{kind}` mean nothing here.");
        return Ok(Receipt { said: InboundReceipt { outcome: "ignored".into(), reason }, kind });
    }
    let event = match tx.inbound_told(&integration.id, &said.event_id)? {
        Some(known) if known.outcome != "failed" => known,
        known => {
            let event = known.unwrap_or_else(|| arrived(world, integration, &said, delivery, real));
            let carrier = Carrier::new(tx, world, integration, &options, real)?;
            settle(tx, &carrier, event, &said, false)?
        }
    };
    Ok(Receipt { said: InboundReceipt { outcome: event.outcome.into(), reason: event.reason }, kind })
}

fn arrived(world: World, of: &Integration, said: &Said, delivery: &Delivery, real: Instant) -> Inbound {
    Inbound {
        id: InboundId::from_bits(world.bits()),
        vendor: of.vendor.clone(),
        integration: of.id.clone(),
        event_id: said.event_id.clone(),
        kind: said.kind.clone(),
        body: delivery.body.clone(),
        headers: serde_json::to_string(&delivery.headers).unwrap_or_default(),
        outcome: "waiting",
        reason: String::new(),
        sale: None,
        awaits: None,
        attempts: 0,
        next_attempt_at: None,
        received_at: real,
        decided_at: real,
    }
}

/// Looks again at an event that waits or has failed. `forced` is the vendor's word that it shall wait no longer for its buyer.
pub fn again(
    tx: &mut Tx<'_>,
    world: World,
    integration: &Integration,
    event: Inbound,
    real: Instant,
    forced: bool,
) -> Result<Inbound, Error> {
    let options = Options::of(integration)?;
    let carrier = Carrier::new(tx, world, integration, &options, real)?;
    let said = said_by(&carrier, &event)?;
    settle(tx, &carrier, event, &said, forced)
}

fn said_by(carrier: &Carrier<'_>, event: &Inbound) -> Result<Said, Error> {
    let headers = serde_json::from_str(&event.headers)
        .map_err(|e| Error::internal(format!("a stored event is broken: {e}")))?;
    match read(carrier.integration, carrier.options, &Delivery { body: event.body.clone(), headers }) {
        Err(failed @ (Error::Store(_) | Error::Internal(_))) => Err(failed),
        // What it is set to was changed since it was taken in.
        Err(refusal) => {
            let says = Says::Unreadable(refusal.to_string());
            Ok(Said { event_id: event.event_id.clone(), kind: event.kind.clone(), says })
        }
        Ok(said) => Ok(said),
    }
}

/// Decides about an event, saves that, and does the same for those that waited for it.
fn settle(
    tx: &mut Tx<'_>,
    carrier: &Carrier<'_>,
    event: Inbound,
    said: &Said,
    forced: bool,
) -> Result<Inbound, Error> {
    let (event, names) = decide(tx, carrier, event, said, forced)?;
    let mut names: VecDeque<String> = names.into();
    let (mut asked, mut woken) = (BTreeSet::new(), 0);
    while let Some(name) = names.pop_front() {
        if !asked.insert(name.clone()) {
            continue;
        }
        for waiting in tx.inbound_awaiting(&carrier.integration.id, &name)? {
            woken += 1;
            if woken > MOST_WOKEN {
                return Ok(event);
            }
            let said = said_by(carrier, &waiting)?;
            let (waiting, more) = decide(tx, carrier, waiting, &said, false)?;
            // A name may be asked again: what has been carried out meanwhile may have given it another meaning.
            if waiting.outcome != "waiting" {
                for name in &more {
                    asked.remove(name);
                }
                names.extend(more);
            }
        }
    }
    Ok(event)
}

/// Carries out what an event says, and saves what became of it; gives the names that are known now.
fn decide(
    tx: &mut Tx<'_>,
    carrier: &Carrier<'_>,
    event: Inbound,
    said: &Said,
    forced: bool,
) -> Result<(Inbound, Vec<String>), Error> {
    let attempt = carrying::Attempt { received: event.received_at, attempts: event.attempts, forced };
    let mut names = Vec::new();
    let done = match &said.says {
        Says::Unknown => Done::ignored("It means nothing here."),
        Says::Nothing(reason) => Done::ignored(reason.clone()),
        Says::Unreadable(reason) => Done::failed(reason.clone()),
        Says::Acts(acts) => carrier.carry_out_all(tx, acts, attempt, &mut names)?,
    };
    let keeps = matches!(done.outcome, "waiting" | "failed");
    let event = Inbound {
        body: if keeps { event.body } else { String::new() },
        outcome: done.outcome,
        reason: done.reason,
        sale: done.sale.or(event.sale),
        next_attempt_at: done.awaits.as_ref().map(|(_, at)| *at),
        awaits: done.awaits.map(|(name, _)| name),
        attempts: event.attempts + 1,
        decided_at: carrier.real,
        ..event
    };
    tx.save_inbound(&event)?;
    Ok((event, names))
}
