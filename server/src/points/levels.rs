//! Levels: how a partner stands, and the history of it.

use super::BATCH;
use crate::error::Error;
use crate::mails;
use crate::store::{LevelChangeRow, Program, Tx};
use crate::world::World;
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::points::{Earned, Levels};
use goodword_domain::time::Instant;

/// What a partner has earned, as far as it matters at an instant. What was earned at that very instant counts.
pub fn earned(
    tx: &mut Tx<'_>,
    program: &Program,
    levels: &Levels,
    partner: &PartnerId,
    now: Instant,
) -> Result<Vec<Earned>, Error> {
    let range = (levels.since(now), Instant(now.0.saturating_add(1)));
    Ok(tx.points_earned(&program.id, partner, range)?)
}

/// Whether a level of a vendor's partners is to be looked at.
pub fn any_to_look_at(tx: &mut Tx<'_>, vendor: &VendorId, now: Instant) -> Result<bool, Error> {
    Ok(!tx.levels_to_look_at(vendor, now, 1)?.is_empty())
}

/// Looks at the levels that may be others by `now`, writes down those that are, and tells of them; how many were looked at.
pub fn look(tx: &mut Tx<'_>, world: World, vendor: &VendorId, now: Instant) -> Result<usize, Error> {
    let due = tx.levels_to_look_at(vendor, now, BATCH)?;
    for (program, partner) in &due {
        let found = tx.program(vendor, program)?;
        let levels = found.as_ref().and_then(|program| Some((program, program.terms.levels.as_ref()?)));
        let Some((program, levels)) = levels else {
            tx.forget_level_look(program, partner)?;
            continue;
        };
        let earned = earned(tx, program, levels, partner, now)?;
        let standing = levels.standing(&earned, now);
        let level = standing.level.map_or_else(String::new, |level| level.name.clone());
        let of = (vendor, &program.id, partner);
        let last =
            tx.level_changes(&program.id, partner, 1)?.pop().map_or_else(String::new, |last| last.level);
        if last != level {
            let change = LevelChangeRow { level, points: standing.points, at: now };
            write_down(tx, world, (program, levels), partner, (&last, &change))?;
        }
        match levels.next_look(&earned, now) {
            Some(at) => tx.look_at_level(of, at)?,
            None => tx.forget_level_look(&program.id, partner)?,
        }
    }
    Ok(due.len())
}

/// Writes a change of level down, and tells of it: the vendor's systems, and the partner by mail. A level that is only called
/// something else is no news to the partner.
fn write_down(
    tx: &mut Tx<'_>,
    world: World,
    (program, levels): (&Program, &Levels),
    partner: &PartnerId,
    (before, change): (&str, &LevelChangeRow),
) -> Result<(), Error> {
    // Whoever left the program meanwhile has no level that anybody asks for.
    let Some(enrollment) = tx.enrollment(&program.id, partner)? else { return Ok(()) };
    tx.insert_level_change(&enrollment, before, change)?;
    mails::level_changed(tx, world, program, partner, (levels.way(before, &change.level), &change.level))
}
