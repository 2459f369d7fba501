//! What lists tell of their rows besides: figures of links, sums of customers, what became of commissions.

use super::card::texts;
use super::{LinkFilter, Row, StoreError, Tx, params};
use goodword_domain::id::{CommissionId, CustomerId, ProgramId, SaleId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::Metadata;
use std::collections::HashMap;

/// What of a sale's metadata settlements are worked out by: monthly recurring revenue and the term.
const FIGURES: [&str; 2] = ["mrr", "termMonths"];

/// What a customer has bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bought {
    pub sales: i64,
    /// Minor units of the program's currency, refunds taken off.
    pub amount: i64,
    pub first_at: Option<Instant>,
}

/// What became of a commission, and what was told with its event.
#[derive(Clone, Debug, Default)]
pub struct Aftermath {
    /// What the vendor attached to the event, as JSON.
    pub metadata: Option<String>,
    pub units: i64,
    pub paid_at: Option<Instant>,
    /// When something last moved because of it.
    pub moved_at: Option<Instant>,
}

impl Tx<'_> {
    /// What customers have bought.
    pub fn bought(&mut self, customers: &[CustomerId]) -> Result<HashMap<CustomerId, Bought>, StoreError> {
        let sql = "select customer_id, count(*), cast(coalesce(sum(value_left), 0) as bigint), min(at) from sale \
                   where customer_id = any($1) group by customer_id";
        let ids = texts(customers);
        let read = |mut row: Row| {
            let id = row.next()?;
            Ok((id, Bought { sales: row.next()?, amount: row.next()?, first_at: row.next()? }))
        };
        self.rows(sql, params![&ids[..]])?.into_iter().map(read).collect()
    }

    /// What became of commissions.
    pub fn aftermaths(
        &mut self,
        commissions: &[CommissionId],
    ) -> Result<HashMap<CommissionId, Aftermath>, StoreError> {
        let sql = "select c.id, coalesce(s.metadata, l.metadata), c.units, case when c.status = 'paid' then o.paid_at end, \
                   (select max(t.at) from transfer t where t.cause = c.id) from commission c \
                   left join sale s on s.id = c.sale_id left join lead l on l.id = c.lead_id \
                   left join payout o on o.id = c.payout_id where c.id = any($1)";
        let ids = texts(commissions);
        let read = |mut row: Row| {
            let id = row.next()?;
            let (metadata, units, paid_at, moved_at) = (row.next()?, row.next()?, row.next()?, row.next()?);
            Ok((id, Aftermath { metadata, units, paid_at, moved_at }))
        };
        self.rows(sql, params![&ids[..]])?.into_iter().map(read).collect()
    }

    /// The numbers of links by program, for figures: all of a partner's, of a group's, or one link.
    pub fn link_numbers_of_group(
        &mut self,
        program: &ProgramId,
        group: &str,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = "select l.number from link l join enrollment e on e.program_id = l.program_id and e.partner_id = l.partner_id \
                   where l.program_id = $1 and e.group_id = $2 order by l.id";
        self.rows(sql, params![program, group])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// How many links of a vendor a filter lets through, on all its pages.
    pub fn count_listed_links(&mut self, vendor: &VendorId, f: &LinkFilter) -> Result<i64, StoreError> {
        let sql = "select count(*) from link where vendor_id = $1 and (cast($2 as text) is null or partner_id = $2) \
                   and (cast($3 as text) is null or lower(key) like $3 escape '!' or lower(url) like $3 escape '!') \
                   and (cast($4 as text) is null or program_id = $4)";
        let row = self.row(sql, params![vendor, &f.partner, f.pattern(), &f.program])?;
        row.map_or(Ok(0), |mut row| row.next())
    }

    /// Forgets who a customer is: name, address, the vendor's own id, and what was attached to his or her events. What was
    /// bought and earned stays.
    pub fn erase_customer(&mut self, id: &CustomerId) -> Result<(), StoreError> {
        self.erase_registered(id)?;
        self.execute(
            "update customer set name = null, email = null, email_folded = null, external_id = null where id = $1",
            params![id],
        )?;
        self.execute("delete from customer_profile where customer_id = $1", params![id])?;
        self.execute("update lead set metadata = null where customer_id = $1", params![id])?;
        self.keep_figures_alone(id)
    }

    /// Empties what was told with sales, but for the figures by which settlements are worked out: they say nothing of a person,
    /// and without them a settled period would be corrected.
    fn keep_figures_alone(&mut self, customer: &CustomerId) -> Result<(), StoreError> {
        let told = "select id, metadata from sale where customer_id = $1 and metadata is not null";
        for mut row in self.rows(told, params![customer])? {
            let (sale, text): (SaleId, String) = (row.next()?, row.next()?);
            let mut all: Metadata = serde_json::from_str(&text).unwrap_or_default();
            let is_whole = |text: &str| text.parse::<i64>().is_ok();
            all.retain(|name, value| {
                FIGURES.contains(&name.as_str()) && (value.is_i64() || value.as_str().is_some_and(is_whole))
            });
            let kept = (!all.is_empty()).then(|| serde_json::Value::Object(all).to_string());
            self.execute("update sale set metadata = $2 where id = $1", params![&sale, &kept])?;
        }
        Ok(())
    }

    /// The first answers that tell of a customer, each with its key: program, source, external id, kind, and the text. Of those
    /// that were given under a caller's own key the text alone tells whom they are about.
    pub fn answers_about(&mut self, id: &CustomerId) -> Result<Vec<([String; 4], String)>, StoreError> {
        let sql = "select a.program_id, a.source, a.external_id, a.kind, a.answer from sale s \
                   join answered a on a.program_id = s.program_id and a.source = s.processor \
                   and a.external_id = s.invoice_id and a.kind = 'sale' where s.customer_id = $1 \
                   union all select a.program_id, a.source, a.external_id, a.kind, a.answer from sale s \
                   join answered a on a.program_id = s.program_id and a.source = s.id where s.customer_id = $1 \
                   union all select a.program_id, a.source, a.external_id, a.kind, a.answer from lead l \
                   join customer k on k.id = l.customer_id join answered a on a.program_id = l.program_id \
                   and a.source = l.event_name and (a.external_id = k.external_id or a.external_id = 'mailto:' || k.email_folded) \
                   and a.kind = 'lead' where l.customer_id = $1 \
                   union all select a.program_id, a.source, a.external_id, a.kind, a.answer from customer k \
                   join answered a on a.program_id = k.program_id and a.source = 'idempotency-key' \
                   and a.answer like '%' || k.id || '%' where k.id = $1";
        let read = |mut row: Row| Ok(([row.next()?, row.next()?, row.next()?, row.next()?], row.next()?));
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }

    /// Puts another text in the place of a first answer, under another external id where the old one names somebody.
    pub fn set_answer(
        &mut self,
        [program, source, external_id, kind]: &[String; 4],
        as_id: &str,
        text: &str,
    ) -> Result<(), StoreError> {
        let sql = "update answered set answer = $5, external_id = $6 \
                   where program_id = $1 and source = $2 and external_id = $3 and kind = $4";
        self.execute(sql, params![program, source, external_id, kind, text, as_id])?;
        Ok(())
    }
}
