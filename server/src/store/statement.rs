//! What moved in a partner's accounts.

use super::chain::{Entry, Span, read_entry};
use super::{StoreError, Tx, params};
use goodword_domain::id::{PartnerId, ProgramId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

impl Tx<'_> {
    /// What each of a partner's accounts in a program held at an instant, by currency and kind; minor units.
    pub fn partner_accounts_at(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        at: Instant,
    ) -> Result<Vec<(Currency, String, i64)>, StoreError> {
        let sql = "select a.currency, a.kind, \
                   (select cast(coalesce(sum(amount), 0) as bigint) from transfer where credit_account = a.id and at < $3) \
                   - (select cast(coalesce(sum(amount), 0) as bigint) from transfer where debit_account = a.id and at < $3) \
                   from account a where a.program_id = $1 and a.partner_id = $2 order by a.currency, a.kind";
        let rows = self.rows(sql, params![program, partner, at])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?, row.next()?))).collect()
    }

    /// What moved in a partner's accounts in a span, in the order in which it happened.
    pub fn partner_entries(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        span: Span,
    ) -> Result<Vec<Entry>, StoreError> {
        let sql = "select d.kind, d.partner_id, c.kind, c.partner_id, t.id, t.debit_account, t.credit_account, t.amount, t.currency, \
                   t.kind, t.cause, t.at, t.place, t.hash from (select t.* from account a join transfer t on t.debit_account = a.id \
                   where a.program_id = $1 and a.partner_id = $2 and t.at >= $3 and t.at < $4 union \
                   select t.* from account a join transfer t on t.credit_account = a.id \
                   where a.program_id = $1 and a.partner_id = $2 and t.at >= $3 and t.at < $4) t \
                   join account d on d.id = t.debit_account join account c on c.id = t.credit_account order by t.at, t.place";
        let rows = self.rows(sql, params![program, partner, span.from, span.to])?;
        rows.into_iter().map(read_entry).collect()
    }
}
