//! Levels of partners: when to look at them again, and when they changed.

use super::{Enrollment, Row, StoreError, Tx, params};
use goodword_domain::event::EventKind;
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// A change of a partner's level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelChangeRow {
    /// Its name; empty for none.
    pub level: String,
    /// The points of the period then.
    pub points: i64,
    pub at: Instant,
}

impl Tx<'_> {
    /// Has a partner's level looked at, at an instant; at once where points have changed.
    pub fn look_at_level(
        &mut self,
        (vendor, program, partner): (&VendorId, &ProgramId, &PartnerId),
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into level_look (program_id, partner_id, vendor_id, look_at) values ($1, $2, $3, $4) \
                   on conflict (program_id, partner_id) do update set look_at = excluded.look_at";
        self.execute(sql, params![program, partner, vendor, at])?;
        Ok(())
    }

    /// Has the level of everybody looked at who has earned points in a program.
    pub fn look_at_levels_of(&mut self, program: &ProgramId) -> Result<(), StoreError> {
        let sql = "insert into level_look (program_id, partner_id, vendor_id, look_at) \
                   select distinct program_id, partner_id, vendor_id, 0 from commission where program_id = $1 and currency = 'points' \
                   on conflict (program_id, partner_id) do update set look_at = excluded.look_at";
        self.execute(sql, params![program])?;
        Ok(())
    }

    /// Partners of a vendor whose level is to be looked at.
    pub fn levels_to_look_at(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<(ProgramId, PartnerId)>, StoreError> {
        let sql = "select program_id, partner_id from level_look where vendor_id = $1 and look_at <= $2 \
                   order by look_at, program_id, partner_id limit $3";
        let read = |mut row: Row| Ok((row.next()?, row.next()?));
        self.rows(sql, params![vendor, now, limit])?.into_iter().map(read).collect()
    }

    /// A partner's level need not be looked at until points change.
    pub fn forget_level_look(&mut self, program: &ProgramId, partner: &PartnerId) -> Result<(), StoreError> {
        let sql = "delete from level_look where program_id = $1 and partner_id = $2";
        self.execute(sql, params![program, partner])?;
        Ok(())
    }

    /// Writes a change down, and tells of it; `before` is the level the partner had.
    pub fn insert_level_change(
        &mut self,
        enrollment: &Enrollment,
        before: &str,
        c: &LevelChangeRow,
    ) -> Result<(), StoreError> {
        let Enrollment { vendor, program, partner, .. } = enrollment;
        let sql = "insert into level_change (program_id, partner_id, place, vendor_id, level, points, at) values ($1, $2, \
                   (select coalesce(max(place), 0) + 1 from level_change where program_id = $1 and partner_id = $2), \
                   $3, $4, $5, $6)";
        self.execute(sql, params![program, partner, vendor, &c.level, c.points, c.at])?;
        let named = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        let change = || {
            let (name, previous) = (named(&c.level), named(before));
            serde_json::json!({ "name": name, "previous": previous, "points": c.points }).to_string()
        };
        let (kind, subject) = (EventKind::PartnerLevelChanged, enrollment.id.as_str());
        self.tell_with((vendor, program), kind, subject, || Some(change()))
    }

    /// The changes of a partner's level, the latest first.
    pub fn level_changes(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<LevelChangeRow>, StoreError> {
        let sql = "select level, points, at from level_change where program_id = $1 and partner_id = $2 order by place desc limit $3";
        let read =
            |mut row: Row| Ok(LevelChangeRow { level: row.next()?, points: row.next()?, at: row.next()? });
        self.rows(sql, params![program, partner, limit])?.into_iter().map(read).collect()
    }
}
