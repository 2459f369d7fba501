//! Sales that are shared: somebody proposes it, those concerned answer, the vendor decides. Each step is part of the transaction that
//! loads what it decides on; the deciding is `goodword_domain::split::proposal`.
//!
//! A decision changes what part of the sale each commission is, and nothing else of it: so a later refund takes from each what he or she
//! has by then. What was sent already stays, and is corrected by commissions of their own.

use crate::crediting::{NamedPartner, Who};
use crate::error::Error;
use crate::hash;
use crate::mails::{self, Kind};
use crate::remaining;
use crate::store::{
    CommissionRow, LinkName, Program, Sale, SplitEvent, SplitRow, Tallies, Tx, counting_lock,
};
use crate::world::World;
use goodword_domain::commission::{self, Commission, Status as Earned};
use goodword_domain::id::{CommissionId, PartnerId, SaleId, SplitId};
use goodword_domain::reward::{Calculation, Part, Room, Split};
use goodword_domain::split::proposal::{Answer, Proposal, SERVICE_HOURS, Share, Status};
use goodword_domain::time::{HOUR_MS, Instant};

/// Who speaks: `partner`, or a person or key of the vendor; and what is said.
#[derive(Clone, Debug)]
pub struct Said {
    pub by: String,
    pub partner: Option<PartnerId>,
    pub note: Option<String>,
    pub at: Instant,
}

impl Said {
    fn event(&self, status: &str) -> SplitEvent {
        let (by, partner, note) = (self.by.clone(), self.partner.clone(), self.note.clone());
        SplitEvent { status: status.into(), by, partner, note, at: self.at }
    }
}

/// What whoever names a split hears that is not there.
pub fn no_such_split() -> Error {
    Error::NotFound("There is no such split in this mode: see GET /v1/splits.".into())
}

/// Proposes how a sale is shared. From then on nothing of it is released or paid out until the vendor has decided.
pub fn propose(
    tx: &mut Tx<'_>,
    world: World,
    (program, sale): (&Program, &Sale),
    named: &[NamedPartner],
    said: &Said,
) -> Result<SplitRow, Error> {
    one_by_one(tx, &sale.id)?;
    if tx.has_open_split(&sale.id)? {
        return Err(Error::Conflict(
            "A split of this sale waits for a decision already: answer that one.".into(),
        ));
    }
    let firsts = firsts(tx, sale)?;
    let credited: Vec<PartnerId> = firsts.iter().map(|row| row.commission.partner.clone()).collect();
    let parts = parts(tx, program, firsts.first(), named)?;
    let id = SplitId::from_bits(world.bits());
    let row = SplitRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        sale: sale.id.clone(),
        created_at: said.at,
        due_at: Instant(said.at.0 + SERVICE_HOURS * HOUR_MS),
        decided_at: None,
        proposal: Proposal::new(id, said.partner.clone(), parts, &credited)?,
    };
    tx.insert_split(&row)?;
    tx.insert_split_event(&row.vendor, &row.proposal.id, &said.event(Status::Proposed.word()))?;
    tell(tx, world, (&row, sale), Kind::SplitProposed, said)?;
    Ok(row)
}

/// Answers for a partner who is concerned.
pub fn answer(
    tx: &mut Tx<'_>,
    row: SplitRow,
    partner: &PartnerId,
    answer: Answer,
    said: &Said,
) -> Result<SplitRow, Error> {
    one_by_one(tx, &row.sale)?;
    let proposal = row.proposal.answer(partner, answer).map_err(|e| conflict(&e))?;
    let row = SplitRow { proposal, ..row };
    tx.update_split(&row)?;
    tx.insert_split_event(&row.vendor, &row.proposal.id, &said.event(answer.word()))?;
    Ok(row)
}

/// Ends a proposal: as the vendor decides, or because whoever proposed it takes it back. The same decision again changes nothing.
pub fn end(
    tx: &mut Tx<'_>,
    world: World,
    (program, row): (&Program, SplitRow),
    (decision, named): (Status, Option<&[NamedPartner]>),
    said: &Said,
) -> Result<SplitRow, Error> {
    one_by_one(tx, &row.sale)?;
    if row.proposal.status == decision && named.is_none() {
        return Ok(row);
    }
    let sale = sale_of(tx, &row)?;
    let firsts = firsts(tx, &sale)?;
    let other = named.map(|named| parts(tx, program, firsts.first(), named)).transpose()?;
    let proposal = row.proposal.end(decision, other).map_err(|e| conflict(&e))?;
    let row = SplitRow { proposal, decided_at: Some(said.at), ..row };
    tx.update_split(&row)?;
    tx.insert_split_event(&row.vendor, &row.proposal.id, &said.event(decision.word()))?;
    if decision == Status::Approved {
        share(tx, world, program, (&row, &firsts), said.at)?;
    }
    match decision {
        Status::Approved => tell(tx, world, (&row, &sale), Kind::SplitApproved, said)?,
        Status::Rejected => tell(tx, world, (&row, &sale), Kind::SplitRefused, said)?,
        _ => {}
    }
    Ok(row)
}

/// Writes to everybody concerned but whoever speaks.
fn tell(
    tx: &mut Tx<'_>,
    world: World,
    (row, sale): (&SplitRow, &Sale),
    kind: Kind,
    said: &Said,
) -> Result<(), Error> {
    let called = sale.invoice_id.as_deref().unwrap_or(sale.id.as_str());
    let decided = row.proposal.decided.iter().map(|share| &share.partner);
    let mut whom: Vec<&PartnerId> = row.proposal.consents.iter().map(|consent| &consent.partner).collect();
    for partner in decided {
        if !whom.contains(&partner) {
            whom.push(partner);
        }
    }
    // What a partner says to others is read on the account page; a mail carries the vendor's own words alone.
    let note = said.note.as_deref().filter(|_| said.partner.is_none());
    for partner in whom.into_iter().filter(|partner| said.partner.as_ref() != Some(partner)) {
        mails::split_told(tx, world, row, (partner, kind), (called, note))?;
    }
    Ok(())
}

/// The sale of a split.
pub fn sale_of(tx: &mut Tx<'_>, row: &SplitRow) -> Result<Sale, Error> {
    let sale = tx.sale(&row.vendor, &row.sale)?;
    sale.ok_or_else(|| Error::internal(format!("sale {} vanished", row.sale)))
}

/// The commissions of a sale as they were credited first, without corrections, and without what was voided or rejected.
fn firsts(tx: &mut Tx<'_>, sale: &Sale) -> Result<Vec<CommissionRow>, Error> {
    let counts = |row: &CommissionRow| {
        row.corrects.is_none() && !matches!(row.commission.status, Earned::Canceled | Earned::Fraud)
    };
    Ok(tx.commissions_of_sale(&sale.id)?.into_iter().filter(counts).collect())
}

fn one_by_one(tx: &mut Tx<'_>, sale: &SaleId) -> Result<(), Error> {
    Ok(tx.lock(&[hash::number(&format!("split:{sale}"))])?)
}

fn conflict(refusal: &goodword_domain::Invalid) -> Error {
    if refusal.field == "status" {
        return Error::Conflict(format!("The split {}", refusal.remedy));
    }
    Error::from(refusal.clone())
}

/// The parts that are told, weighed as the reward says that pays the first commission of the sale.
fn parts(
    tx: &mut Tx<'_>,
    program: &Program,
    leading: Option<&CommissionRow>,
    named: &[NamedPartner],
) -> Result<Vec<Share>, Error> {
    let told: Vec<(Option<u64>, Option<&str>)> =
        named.iter().map(|one| (one.part, one.role.as_deref())).collect();
    let by_part = told.iter().any(|(part, _)| part.is_some());
    let by_role = leading.and_then(|row| split_of(program, row)).filter(|_| !by_part);
    let weights = match by_role {
        Some(split) if told.iter().any(|(_, role)| role.is_some()) => split.weights(&told)?,
        _ if by_part => Split::Percentage.weights(&told)?,
        _ => vec![1; named.len()],
    };
    let mut parts = Vec::with_capacity(named.len());
    for ((place, one), weight) in named.iter().enumerate().zip(weights) {
        parts.push(Share { partner: whom(tx, program, place, one)?, role: one.role.clone(), weight });
    }
    Ok(parts)
}

fn split_of<'a>(program: &'a Program, row: &CommissionRow) -> Option<&'a Split> {
    let version = program.versions.iter().find(|version| version.number == row.version)?;
    let reward = version.terms.rewards.iter().find(|reward| Some(&reward.id) == row.reward.as_ref())?;
    reward.split.as_ref()
}

fn whom(tx: &mut Tx<'_>, program: &Program, place: usize, one: &NamedPartner) -> Result<PartnerId, Error> {
    let partner = match &one.who {
        Who::Id(id) => Some(id.clone()),
        Who::Code(code) => {
            let name = LinkName::OfVendor(program.vendor.clone(), Some(program.id.clone()), code.clone());
            tx.known_link(&name)?.map(|known| known.link.partner.clone())
        }
    };
    if let Some(partner) = partner
        && tx.known_partner(&program.vendor, &program.id, &partner)?.approved
    {
        return Ok(partner);
    }
    Err(Error::at(
        format!("partners[{place}]"),
        "is not an approved partner of this program: see GET /v1/partners.",
    ))
}

/// Has each commission of the sale be the part that was decided, and credits whoever had none before. Whoever is new has a part of what
/// the reward of the first commission gives.
fn share(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (row, firsts): (&SplitRow, &[CommissionRow]),
    at: Instant,
) -> Result<(), Error> {
    let parts = &row.proposal.decided;
    let weights: Vec<u64> = parts.iter().map(|share| share.weight).collect();
    let part_of = |partner: &PartnerId| {
        let mine = (0..parts.len()).filter(|place| parts[*place].partner == *partner).collect();
        Part { weights: weights.clone(), mine }
    };
    if firsts.iter().any(|first| first.commission.status == Earned::Hold) {
        return Err(Error::Conflict(
            "A commission of this sale is in review: decide about that first.".into(),
        ));
    }
    let is_new = |share: &&Share| !firsts.iter().any(|first| first.commission.partner == share.partner);
    let leading = firsts.first().ok_or_else(|| {
        Error::Conflict("Nobody has a commission on this sale any more: there is nothing to share.".into())
    })?;
    let news: Vec<Commission> =
        parts.iter().filter(is_new).map(|s| joining(world, leading, s, part_of(&s.partner))).collect();
    must_be_covered(tx, program, firsts, (&news, &part_of))?;
    let note = format!("Split {}", row.proposal.id);
    for first in firsts {
        let change = first.commission.share(part_of(&first.commission.partner), at);
        remaining::change(tx, world, first, change, Some(note.clone()), at)?;
    }
    for commission in news {
        credit(tx, world, leading, commission, (&note, at))?;
    }
    Ok(())
}

/// A commission of somebody who had none on the sale.
fn joining(world: World, leading: &CommissionRow, share: &Share, part: Part) -> Commission {
    let of = &leading.commission;
    let room = Room { own: None, ..of.calculation.room };
    Commission {
        id: CommissionId::from_bits(world.bits()),
        partner: share.partner.clone(),
        calculation: Calculation { part, room, ..of.calculation.clone() },
        earnings: 0,
        status: Earned::Pending,
        in_payout: false,
        ..of.clone()
    }
}

/// What a budget does not cover is not shared: those who are paid by different rewards may have more together than before.
fn must_be_covered(
    tx: &mut Tx<'_>,
    program: &Program,
    firsts: &[CommissionRow],
    (news, part_of): (&[Commission], &impl Fn(&PartnerId) -> Part),
) -> Result<(), Error> {
    if !program.terms.budgeted {
        return Ok(());
    }
    tx.lock(&[counting_lock(&program.id)])?;
    let more = |c: &Commission| {
        let shared = Calculation { part: part_of(&c.partner), ..c.calculation.clone() };
        shared.earns(c.refunded) - c.calculation.earns(c.refunded)
    };
    let more: i64 = firsts.iter().map(|row| more(&row.commission)).sum::<i64>()
        + news.iter().map(|c| c.calculation.earns(c.refunded)).sum::<i64>();
    if more > 0 && tx.budget_left(&program.id, program.terms.currency)? < more {
        return Err(Error::Conflict("The program's budget does not cover it: raise it first.".into()));
    }
    Ok(())
}

fn credit(
    tx: &mut Tx<'_>,
    world: World,
    leading: &CommissionRow,
    commission: Commission,
    (note, at): (&str, Instant),
) -> Result<(), Error> {
    let link = tx.links_of(&leading.program, &commission.partner)?.into_iter().next().map(|link| link.id);
    let step = commission::credit(commission);
    let row = CommissionRow {
        link,
        corrects: None,
        earnings_at_first: step.commission.earnings,
        note: Some(note.to_owned()),
        payout: None,
        commission: step.commission,
        ..leading.clone()
    };
    let mut tallies = Tallies::default();
    tx.insert_commissions(std::slice::from_ref(&row), &mut tallies)?;
    tx.add_tallies(&tallies)?;
    Ok(tx.post(world, &row.vendor, &row.program, step.transfer.as_ref(), at.max(row.at))?)
}
