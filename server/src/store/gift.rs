//! What was given to people who were referred. What is promised to them follows from commissions.

use super::{CommissionRow, Row, StoreError, Tx, params};
use goodword_domain::id::{CommissionId, ProgramId, RewardId};
use goodword_domain::time::Instant;

/// That a gift was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub at: Instant,
    pub by: String,
    pub note: Option<String>,
}

impl Tx<'_> {
    /// The commissions of a program's reward that came first for what they are of, the latest first, each with its time; where a sale
    /// is shared by several partners its buyer is promised one gift and not several. `after` is the last of the page before.
    pub fn first_commissions_of_reward(
        &mut self,
        program: &ProgramId,
        reward: &RewardId,
        after: Option<&CommissionId>,
        limit: i64,
    ) -> Result<Vec<(Instant, CommissionId)>, StoreError> {
        let sql = "select c.at, c.id from commission c left join commission a on a.id = $3 where c.program_id = $1 \
                   and c.reward_id = $2 and c.corrects is null and (a.id is null or c.at < a.at or (c.at = a.at and c.id < a.id)) \
                   and not exists (select 1 from commission e where e.id < c.id and e.reward_id = c.reward_id \
                   and e.corrects is null and (e.sale_id = c.sale_id or e.lead_id = c.lead_id)) \
                   order by c.at desc, c.id desc limit $4";
        let rows = self.rows(sql, params![program, reward, after, limit])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    /// Whether an earlier commission of the same reward is of the same event.
    pub fn is_first_of_reward(&mut self, row: &CommissionRow) -> Result<bool, StoreError> {
        let sql = "select 1 from commission e where e.reward_id = $1 and e.corrects is null and e.id < $2 \
                   and (e.sale_id = $3 or e.lead_id = $4) limit 1";
        Ok(self.row(sql, params![&row.reward, &row.commission.id, &row.sale, &row.lead])?.is_none())
    }

    /// What is written down of a gift; none while it was not given.
    pub fn gift_given(&mut self, commission: &CommissionId) -> Result<Option<Given>, StoreError> {
        let sql = "select given_at, given_by, note from gift where commission_id = $1";
        let read = |mut row: Row| Ok(Given { at: row.next()?, by: row.next()?, note: row.next()? });
        self.row(sql, params![commission])?.map(read).transpose()
    }

    /// Writes down that a gift was given.
    pub fn insert_gift(&mut self, of: &CommissionRow, given: &Given) -> Result<(), StoreError> {
        let sql = "insert into gift (commission_id, vendor_id, program_id, given_at, given_by, note) values ($1, $2, $3, $4, $5, $6)";
        let id = &of.commission.id;
        self.execute(sql, params![id, &of.vendor, &of.program, given.at, &given.by, &given.note])?;
        Ok(())
    }
}
