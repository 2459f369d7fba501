//! What happened in a program, as far as it is decided about: for deciding it anew.

use super::event::{leads, read_lead};
use super::points::{completions, read_completion};
use super::sale::{read_sale, sales};
use super::{CompletionRow, Dimension, Lead, Narrowed, Range, Row, Sale, StoreError, Tx, params};
use goodword_domain::id::{
    BudgetId, CompletionId, DisputeId, GroupId, LeadId, PartnerId, ProgramId, RefundId, SaleId,
};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// A partner of a program, and what was earned.
#[derive(Clone, Debug)]
pub struct Standing {
    pub partner: PartnerId,
    pub name: String,
    pub group: GroupId,
    pub group_name: String,
    pub status: String,
    /// On leads, sales and completions of the range, minor units.
    pub earned: i64,
}

/// Something of a sale that was given back or is disputed.
#[derive(Clone, Debug)]
pub struct GoneRow {
    pub id: String,
    pub sale: String,
    pub at: Instant,
    pub change: i64,
}

/// Something was set aside, or taken away again.
#[derive(Clone, Debug)]
pub struct BudgetRow {
    pub id: String,
    pub at: Instant,
    pub currency: Currency,
    pub amount: i64,
}

// Ids tell when something was reported, so a part of a history is a range of ids. A database that has an index by program would rather
// read all of the program and sort it: an expression of the column keeps it from that.
impl Tx<'_> {
    /// Everybody in a program, with what was earned on leads, sales and completions of a half-open range; what was earned by
    /// hand or elsewhere is left out.
    pub fn standings(
        &mut self,
        program: &ProgramId,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<Standing>, StoreError> {
        let sql = "select p.id, p.name, g.id, g.name, e.status from enrollment e join partner p on p.id = e.partner_id \
                   join partner_group g on g.id = e.group_id where e.program_id = $1 order by p.id";
        let mut earned = self.earned_by_partner(program, (from, to))?;
        let read = |mut row: Row| {
            let partner: PartnerId = row.next()?;
            Ok(Standing {
                earned: earned.remove(&partner).unwrap_or(0),
                partner,
                name: row.next()?,
                group: row.next()?,
                group_name: row.next()?,
                status: row.next()?,
            })
        };
        self.rows(sql, params![program])?.into_iter().map(read).collect()
    }

    /// What was earned of money: all that the tallies of links tell, less what was earned otherwise, of which there is little.
    fn earned_by_partner(
        &mut self,
        program: &ProgramId,
        (start, end): (Instant, Instant),
    ) -> Result<HashMap<PartnerId, i64>, StoreError> {
        let number = self.program_number(program)?;
        let range = Range { start, end: Some(end).filter(|end| *end < Instant(i64::MAX)) };
        let figures = self.figures_by_item(number, Dimension::Link, &Narrowed::default(), &range)?;
        let owners = "select number, partner_id from link where program_id = $1";
        let read = |mut row: Row| Ok((row.next()?, row.next()?));
        let owners: HashMap<i64, PartnerId> =
            self.rows(owners, params![program])?.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        let mut earned: HashMap<PartnerId, i64> = HashMap::new();
        for (link, figures) in figures {
            if let Some(partner) = owners.get(&link) {
                *earned.entry(partner.clone()).or_default() += figures.earnings();
            }
        }
        let otherwise = "select partner_id, cast(sum(earnings) as bigint) from commission where program_id = $1 and at >= $2 \
                         and at < $3 and (reward_id is null or click_id is not null) and link_id is not null \
                         and currency not in ('points', 'credits', 'months') and source <> 'fund' \
                         and status in ('pending', 'hold', 'processed', 'paid') group by partner_id";
        for mut row in self.rows(otherwise, params![program, start, end])? {
            let (partner, sum): (PartnerId, i64) = (row.next()?, row.next()?);
            *earned.entry(partner).or_default() -= sum;
        }
        Ok(earned)
    }

    /// Where a part ends that begins with what was reported at `from` and has at most about so many leads, and so many sales; none if
    /// that is the end. Milliseconds of the clock that ids are made by, for what happened is decided in the order of its reports.
    pub fn end_of_part(
        &mut self,
        program: &ProgramId,
        from: i64,
        many: i64,
    ) -> Result<Option<i64>, StoreError> {
        let leads =
            "select id from lead where program_id || '' = $1 and id >= $2 order by id limit 1 offset $3";
        let sales =
            "select id from sale where program_id || '' = $1 and id >= $2 order by id limit 1 offset $3";
        let mut ends = Vec::new();
        for (sql, prefix) in [(leads, LeadId::PREFIX), (sales, SaleId::PREFIX)] {
            let row = self.row(sql, params![program, &first_id(prefix, from), many])?;
            let id: Option<String> = row.map(|mut row| row.next()).transpose()?;
            ends.extend(id.map(|id| reported_at(&id)));
        }
        // A part takes in a millisecond at the least.
        Ok(ends.into_iter().min().map(|end| end.max(from.saturating_add(1))))
    }

    /// Leads reported in a half-open range, in the order of their reports.
    pub fn leads_reported(
        &mut self,
        program: &ProgramId,
        range: (i64, i64),
    ) -> Result<Vec<Lead>, StoreError> {
        let [from, to] = ids(LeadId::PREFIX, range);
        let rows = self.rows(
            leads!("where program_id || '' = $1 and id >= $2 and id < $3 order by id"),
            params![program, &from, &to],
        )?;
        rows.into_iter().map(read_lead).collect()
    }

    /// Sales reported in a half-open range, in the order of their reports; those that another program has credited are left out.
    pub fn sales_reported(
        &mut self,
        program: &ProgramId,
        range: (i64, i64),
    ) -> Result<Vec<Sale>, StoreError> {
        let [from, to] = ids(SaleId::PREFIX, range);
        let sql = sales!(
            "where program_id || '' = $1 and id >= $2 and id < $3 and not exists (select 1 from commission c \
             where c.sale_id = sale.id and c.corrects is null and c.reward_id is null) order by id"
        );
        self.rows(sql, params![program, &from, &to])?.into_iter().map(read_sale).collect()
    }

    /// What was given back of a program's sales, and disputes that are open or lost, by what was reported in a half-open range, in no
    /// order. A dispute that was won is as if it had never been.
    pub fn gone_reported(
        &mut self,
        program: &ProgramId,
        range: (i64, i64),
    ) -> Result<Vec<GoneRow>, StoreError> {
        let sql = "select r.id, r.sale_id, r.at, r.amount from refund r join sale s on s.id = r.sale_id \
                   where s.program_id || '' = $1 and r.id >= $2 and r.id < $3 \
                   union all select d.id, d.sale_id, d.at, d.amount from dispute d join sale s on s.id = d.sale_id \
                   where s.program_id || '' = $1 and d.id >= $4 and d.id < $5 and d.status <> 'won'";
        let ([from, to], [from_of, to_of]) = (ids(RefundId::PREFIX, range), ids(DisputeId::PREFIX, range));
        let rows = self.rows(sql, params![program, &from, &to, &from_of, &to_of])?;
        let read = |mut row: Row| {
            Ok(GoneRow { id: row.next()?, sale: row.next()?, at: row.next()?, change: row.next()? })
        };
        rows.into_iter().map(read).collect()
    }

    /// What partners have completed, by what was reported in a half-open range, in the order of the reports.
    pub fn completions_reported(
        &mut self,
        program: &ProgramId,
        range: (i64, i64),
    ) -> Result<Vec<CompletionRow>, StoreError> {
        let [from, to] = ids(CompletionId::PREFIX, range);
        let sql = completions!("where program_id = $1 and id >= $2 and id < $3 order by id");
        self.rows(sql, params![program, &from, &to])?.into_iter().map(read_completion).collect()
    }

    /// Changes of a program's budgets, of money and of points, by their ids, in no order.
    pub fn budget_reported(
        &mut self,
        program: &ProgramId,
        range: (i64, i64),
    ) -> Result<Vec<BudgetRow>, StoreError> {
        let [from, to] = ids(BudgetId::PREFIX, range);
        let sql = "select id, at, currency, amount from budget_change where program_id = $1 and id >= $2 and id < $3";
        let rows = self.rows(sql, params![program, &from, &to])?;
        let read = |mut row: Row| {
            Ok(BudgetRow { id: row.next()?, at: row.next()?, currency: row.next()?, amount: row.next()? })
        };
        rows.into_iter().map(read).collect()
    }
}

/// The smallest id of a kind that can be made at an instant or later.
fn first_id(prefix: &str, ms: i64) -> String {
    format!("{prefix}_{:012x}{:020}", ms.clamp(0, (1 << 48) - 1), 0)
}

fn ids(prefix: &str, (from, to): (i64, i64)) -> [String; 2] {
    [first_id(prefix, from), first_id(prefix, to)]
}

/// When what has this id was reported, milliseconds since 1970.
pub fn reported_at(id: &str) -> i64 {
    let hex = id.split_once('_').and_then(|(_, bits)| bits.get(..12));
    hex.and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_when_they_were_made() {
        let id = SaleId::from_bits(
            uuid::Builder::from_unix_timestamp_millis(1_779_271_200_123, &[7; 10]).into_uuid().as_u128(),
        );
        assert_eq!(reported_at(id.as_str()), 1_779_271_200_123);
        let [from, to] = ids(SaleId::PREFIX, (1_779_271_200_123, 1_779_271_200_124));
        assert!(from.as_str() <= id.as_str() && id.as_str() < to.as_str());
        assert!(SaleId::parse(&first_id(SaleId::PREFIX, i64::MAX)).is_ok());
    }
}
