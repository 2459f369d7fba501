//! What was earned before, as far as it decides about what is earned next: caps, tiers, budgets.

use super::balance::balance;
use super::{StoreError, Tx, params};
use goodword_domain::id::{CustomerId, PartnerId, ProgramId, RewardId};
use goodword_domain::money::Currency;
use goodword_domain::reward::Volume;
use goodword_domain::time::Instant;

impl Tx<'_> {
    /// Whether a customer has paid by an instant; a trial is no payment.
    pub fn has_bought(&mut self, customer: &CustomerId, by: Instant) -> Result<bool, StoreError> {
        let sql = "select id from sale where customer_id = $1 and amount > 0 and at <= $2 limit 1";
        Ok(self.row(sql, params![customer, by])?.is_some())
    }

    /// What a reward has paid on a customer, whoever was credited, minor units.
    pub fn earned_on_customer(
        &mut self,
        customer: &CustomerId,
        reward: &RewardId,
    ) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(earnings), 0) as bigint) from commission where customer_id = $1 and reward_id = $2";
        self.figure(sql, params![customer, reward])
    }

    /// What a reward has paid one partner, or all, in a half-open range of instants, minor units.
    pub fn earned_by_reward(
        &mut self,
        program: &ProgramId,
        partner: Option<&PartnerId>,
        reward: &RewardId,
        from: Instant,
        to: Instant,
    ) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(earnings), 0) as bigint) from commission where program_id = $1 \
                   and (cast($2 as text) is null or partner_id = $2) and reward_id = $3 and at >= $4 and at < $5";
        self.figure(sql, params![program, partner, reward, from, to])
    }

    /// What a partner brought by a reward in a half-open range of instants; what was voided does not count.
    pub fn volume_brought(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        reward: &RewardId,
        from: Instant,
        to: Instant,
    ) -> Result<Volume, StoreError> {
        let sql = "select cast(coalesce(sum(volume), 0) as bigint), cast(coalesce(sum(units), 0) as bigint) from commission \
                   where program_id = $1 and partner_id = $2 and reward_id = $3 and at >= $4 and at < $5 \
                   and corrects is null and status not in ('canceled', 'fraud', 'needs_rate')";
        let row = self.row(sql, params![program, partner, reward, from, to])?;
        row.map_or(Ok(Volume::default()), |mut row| Ok(Volume { amount: row.next()?, units: row.next()? }))
    }

    /// What is left of a program's budget, minor units.
    pub fn budget_left(&mut self, program: &ProgramId, currency: Currency) -> Result<i64, StoreError> {
        let sql = concat!(
            "select ",
            balance!(),
            " from account a where a.program_id = $1 and a.kind = 'budget' and a.currency = $2"
        );
        self.figure(sql, params![program, currency])
    }

    fn figure(&mut self, sql: &'static str, params: &[super::Value]) -> Result<i64, StoreError> {
        self.row(sql, params)?.map_or(Ok(0), |mut row| row.next())
    }
}
