//! Completions: what partners do themselves, such as courses and certificates, through the rewards of their name.

use super::must_be_approved;
use crate::crediting::{self, Event, Exchanged, Records, Trail};
use crate::error::Error;
use crate::hash;
use crate::reporting::flat;
use crate::store::{CompletionRow, Program, Tallies, Tx, counting_lock};
use crate::world::World;
use goodword_domain::id::{CompletionId, PartnerId};
use goodword_domain::money::Currency;
use goodword_domain::reward::{Happened, Order};
use goodword_domain::time::Instant;

/// Why a badge that a partner has already earns nothing.
pub const BADGE_THERE: &str = "badge_there";

/// What is told of a completion.
#[derive(Clone, Debug)]
pub struct Told {
    pub partner: PartnerId,
    pub event_name: String,
    pub badge: Option<String>,
    pub external_id: Option<String>,
    /// Free data of the vendor's, JSON.
    pub metadata: Option<String>,
    pub at: Instant,
}

impl CompletionRow {
    /// The vendor's free data, flattened, and the badge.
    pub fn as_conditions_read_it(&self) -> Vec<(String, String)> {
        let badge = self.badge.iter().map(|badge| ("badge".to_owned(), badge.clone()));
        flat(self.metadata.as_deref()).into_iter().chain(badge).collect()
    }
}

/// What a completion has done.
pub struct Done {
    pub row: CompletionRow,
    pub earned: i64,
    pub currency: Currency,
    /// Why nothing was earned.
    pub reason: Option<&'static str>,
}

/// Stores a completion, and credits what it earns. A badge that is there already is the answer, and earns nothing again.
pub fn complete(tx: &mut Tx<'_>, world: World, program: &Program, told: &Told) -> Result<Done, Error> {
    must_be_approved(tx, program, &told.partner)?;
    let folded = |text: &str| text.trim().to_lowercase();
    let badge_key =
        told.badge.as_ref().map(|badge| format!("{}|{}", folded(&told.event_name), folded(badge)));
    if let Some(key) = &badge_key {
        tx.lock(&[hash::number(&format!("badge:{}:{}:{key}", program.id, told.partner))])?;
        if let Some(row) = tx.completion_of_badge(&program.id, &told.partner, key)? {
            return Ok(Done { row, earned: 0, currency: Currency::POINTS, reason: Some(BADGE_THERE) });
        }
    }
    let row = CompletionRow {
        id: CompletionId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: told.partner.clone(),
        event_name: told.event_name.clone(),
        badge: told.badge.clone(),
        badge_key,
        external_id: told.external_id.clone(),
        metadata: told.metadata.clone(),
        commission: None,
        at: told.at,
    };
    credit(tx, world, program, told, row)
}

fn credit(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    told: &Told,
    mut row: CompletionRow,
) -> Result<Done, Error> {
    if program.counts() {
        tx.lock(&[counting_lock(&program.id)])?;
    }
    let metadata = row.as_conditions_read_it();
    let event = Event {
        program,
        customer: None,
        happened: Happened::Lead(&told.event_name),
        at: told.at,
        lead: None,
        sale: None,
        click: None,
        invoice_id: None,
        event_name: None,
        order: &Order::default(),
        exchanged: &Exchanged::Same,
        country: None,
        metadata: &metadata,
        first_sign_up: false,
        trail: &Trail { clicks: Vec::new(), own: None, records: &Records::default() },
    };
    // By a link of the partner's it is counted among what he or she has earned.
    let link = tx.links_of(&program.id, &told.partner)?.into_iter().next().map(|link| link.id);
    let credited = crediting::credit_own(tx, world, &event, (&told.partner, link.as_ref()))?.commissions;
    let Some((mut commission, transfer)) = credited.into_iter().next() else {
        tx.insert_completion(&row)?;
        return Ok(Done { row, earned: 0, currency: Currency::POINTS, reason: Some("no_reward") });
    };
    commission.note = Some(match &told.badge {
        Some(badge) => format!("{}: {badge}", told.event_name),
        None => told.event_name.clone(),
    });
    let mut tallies = Tallies::default();
    tx.insert_commissions(std::slice::from_ref(&commission), &mut tallies)?;
    tx.add_tallies(&tallies)?;
    tx.post(world, &program.vendor, &program.id, transfer.as_ref(), told.at)?;
    row.commission = Some(commission.commission.id.clone());
    tx.insert_completion(&row)?;
    let (earned, currency) = (commission.commission.earnings, commission.commission.currency);
    let reason = (earned == 0).then(|| refusal(program, &commission.commission));
    Ok(Done { row, earned, currency, reason })
}

/// Why a reward that applies has paid nothing.
fn refusal(program: &Program, commission: &goodword_domain::commission::Commission) -> &'static str {
    let in_points = commission.currency == Currency::POINTS;
    let given_whole = commission.calculation.whole(0) > 0;
    if in_points && program.terms.points.budgeted && given_whole && commission.calculation.room.own == Some(0)
    {
        return "budget_exhausted";
    }
    "capped"
}
