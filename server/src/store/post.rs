//! Which of a partner's links carries the code, and the links that were made for posts.

use super::partner::read_link;
use super::{Link, StoreError, Tx, params};
use goodword_domain::id::{EnrollmentId, LinkId, PartnerId, ProgramId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

impl Tx<'_> {
    /// The link with the code a partner goes by: the one chosen last, or the first.
    pub fn main_link(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<Option<Link>, StoreError> {
        let sql = "select id, number, vendor_id, program_id, partner_id, test, key, code, url, created_at from link where id = \
                   coalesce((select e.link_id from enrollment e where e.program_id = $1 and e.partner_id = $2), \
                   (select l.id from link l where l.program_id = $1 and l.partner_id = $2 order by l.id limit 1))";
        self.row(sql, params![program, partner])?.map(read_link).transpose()
    }

    /// A partner goes by another link's code from now on.
    pub fn set_main_link(&mut self, enrollment: &EnrollmentId, link: &LinkId) -> Result<(), StoreError> {
        self.execute("update enrollment set link_id = $2 where id = $1", params![enrollment, link])?;
        Ok(())
    }

    /// How often the code of an enrollment was changed.
    pub fn code_changes(&mut self, enrollment: &EnrollmentId) -> Result<i64, StoreError> {
        let row = self.row("select code_changes from enrollment where id = $1", params![enrollment])?;
        row.map_or(Ok(0), |mut row| row.next())
    }

    /// Counts a change of the code.
    pub fn count_code_change(&mut self, enrollment: &EnrollmentId) -> Result<(), StoreError> {
        let sql = "update enrollment set code_changes = code_changes + 1 where id = $1";
        self.execute(sql, params![enrollment])?;
        Ok(())
    }

    /// Says what a partner calls the post a link was made for.
    pub fn set_label(&mut self, link: &LinkId, label: &str) -> Result<(), StoreError> {
        self.execute("update link set label = $2 where id = $1", params![link, label])?;
        Ok(())
    }

    /// The links a partner made for posts, newest first, each with what the post is called.
    pub fn posts(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<Vec<(String, Link)>, StoreError> {
        let sql = "select label, id, number, vendor_id, program_id, partner_id, test, key, code, url, created_at from link \
                   where program_id = $1 and partner_id = $2 and label is not null order by id desc limit 100";
        let rows = self.rows(sql, params![program, partner])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, read_link(row)?))).collect()
    }

    /// How many links a partner has in a program.
    pub fn count_links(&mut self, program: &ProgramId, partner: &PartnerId) -> Result<i64, StoreError> {
        let sql = "select count(*) from link where program_id = $1 and partner_id = $2";
        self.row(sql, params![program, partner])?.map_or(Ok(0), |mut row| row.next())
    }

    /// What a partner's held commissions of a currency come to that clear by an instant, minor units; what is in review is left
    /// out.
    pub fn clearing_by(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        currency: Currency,
        by: Instant,
    ) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(earnings), 0) as bigint) from commission where program_id = $1 and partner_id = $2 \
                   and currency = $3 and status = 'pending' and clears_at <= $4";
        self.row(sql, params![program, partner, currency, by])?.map_or(Ok(0), |mut row| row.next())
    }
}
