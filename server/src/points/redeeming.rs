//! Redemptions: asked for, and fulfilled, refused or cancelled.

use super::{Book, must_be_approved, one_by_one};
use crate::error::Error;
use crate::hash;
use crate::mails;
use crate::store::{PointsOf, Program, RedemptionEvent, RedemptionRow, Tx};
use crate::world::World;
use goodword_domain::id::{PartnerId, RedemptionId};
use goodword_domain::points::{Done, Redemption, RedemptionStatus};
use goodword_domain::time::Instant;

/// How many redemptions of a partner may wait at once.
const MOST_OPEN: i64 = 50;

/// What somebody said with a step.
#[derive(Clone, Debug)]
pub struct Said {
    /// Who: `partner`, or a person or key of the vendor.
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

impl Said {
    fn event(&self, status: RedemptionStatus) -> RedemptionEvent {
        let Self { by, note, at } = self.clone();
        RedemptionEvent { status: status.word().into(), by, note, at }
    }
}

/// Asks for an article of the program's catalogue.
pub fn ask(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (partner, key): (&PartnerId, &str),
    said: &Said,
) -> Result<RedemptionRow, Error> {
    // Stock is one for all partners.
    tx.lock(&[hash::number(&format!("catalogue:{}", program.id))])?;
    one_by_one(tx, &program.id, partner)?;
    must_be_approved(tx, program, partner)?;
    let article = program.terms.catalogue.iter().find(|article| article.key == key).ok_or_else(|| {
        Error::field("article", "is not in the program's catalogue: see `catalogue` of the program.")
    })?;
    if tx.redemptions_waiting(&program.id, partner)? >= MOST_OPEN {
        let remedy =
            format!("At most {MOST_OPEN} redemptions of a partner can wait: wait for one to be fulfilled.");
        return Err(Error::TooMany(remedy));
    }
    let taken = tx.redeemed(&program.id, partner, key)?;
    let of = PointsOf { program: &program.id, partner, commission: None, drawer: "" };
    let mut book = Book::load(tx, &program.vendor, of)?;
    let id = RedemptionId::from_bits(world.bits());
    let (redemption, transfer) = Redemption::ask(id, article, &mut book.purse, taken, said.at)?;
    let row = RedemptionRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        reference: None,
        created_at: said.at,
        decided_at: None,
        redemption,
    };
    tx.insert_redemption(&row)?;
    tx.insert_draws(&row.vendor, row.redemption.id.as_str(), &row.redemption.parts)?;
    tx.insert_redemption_event(&row.vendor, &row.redemption.id, &said.event(RedemptionStatus::Requested))?;
    book.done(tx, world, (Done::default(), transfer), said.at)?;
    Ok(row)
}

/// Fulfils, refuses or cancels a redemption. The same again changes nothing.
pub fn step(
    tx: &mut Tx<'_>,
    world: World,
    row: &RedemptionRow,
    (status, reference): (RedemptionStatus, Option<String>),
    said: &Said,
) -> Result<RedemptionRow, Error> {
    let partner = row.redemption.partner.clone();
    one_by_one(tx, &row.program, &partner)?;
    // Read again under the lock: somebody else may have decided meanwhile.
    let again = tx.redemption(&row.vendor, &row.redemption.id)?;
    let mut row = again.ok_or_else(|| Error::internal(format!("{} vanished", row.redemption.id)))?;
    if row.redemption.status == status {
        return Ok(row);
    }
    let drawer = row.redemption.id.to_string();
    row.redemption.parts = tx.draws(&drawer)?;
    let of = PointsOf { program: &row.program, partner: &partner, commission: None, drawer: &drawer };
    let mut book = Book::load(tx, &row.vendor, of)?;
    let conflict = |e: goodword_domain::Invalid| Error::Conflict(format!("The redemption {}", e.remedy));
    let (redemption, transfer) = match status {
        RedemptionStatus::Fulfilled => row.redemption.fulfil().map_err(conflict)?,
        _ => row.redemption.end(status, &mut book.purse).map_err(conflict)?,
    };
    let row = RedemptionRow { redemption, reference, decided_at: Some(said.at), ..row };
    tx.update_draws(&drawer, &row.redemption.parts)?;
    tx.update_redemption(&row)?;
    tx.insert_redemption_event(&row.vendor, &row.redemption.id, &said.event(status))?;
    let covered = book.purse.cover(said.at);
    book.done(tx, world, (covered, transfer), said.at)?;
    if status != RedemptionStatus::Canceled {
        mails::redemption_decided(tx, world, &row, said.note.as_deref())?;
    }
    Ok(row)
}
