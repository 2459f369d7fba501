//! Leads, and the first answers given to what was reported.

use super::value::Value;
use super::{Fact, Figures, Origin, Row, StoreError, Tallies, Tx, params, row};
use goodword_domain::event::EventKind;
use goodword_domain::id::{ClickId, CustomerId, LeadId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// A sign-up and who is credited for it.
#[derive(Clone, Debug)]
pub struct Lead {
    pub id: LeadId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub customer: CustomerId,
    pub partner: Option<PartnerId>,
    pub link: Option<LinkId>,
    pub click: Option<ClickId>,
    pub event_name: String,
    pub reason: String,
    /// The touchpoints considered, as JSON of the wire.
    pub touchpoints: String,
    /// What else decided, as JSON of the wire.
    pub grounds: String,
    pub metadata: Option<String>,
    pub at: Instant,
    /// How it came.
    pub origin: Origin,
}

/// What makes a report the same report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub program: ProgramId,
    pub source: String,
    pub external_id: String,
    pub kind: &'static str,
}

/// The first answer given under a key.
#[derive(Clone, Debug)]
pub struct Answer {
    pub key: Key,
    /// Of what was asked.
    pub hash: String,
    pub text: String,
    pub at: Instant,
}

/// The columns [`read_lead`] reads, then the rest of the query.
macro_rules! leads {
    ($rest:literal) => {
        concat!(
            "select id, vendor_id, program_id, customer_id, partner_id, link_id, click_id, event_name, reason, \
             touchpoints, grounds, metadata, at, origin from lead ",
            $rest
        )
    };
}

pub(super) use leads;

impl Tx<'_> {
    /// A program's leads in the order in which they were made, after one of them.
    pub fn leads_in_order(
        &mut self,
        program: &ProgramId,
        (at, id): (Instant, &str),
        limit: i64,
    ) -> Result<Vec<Lead>, StoreError> {
        let sql =
            leads!("where program_id = $1 and at >= $2 and (at > $2 or id > $3) order by at, id limit $4");
        self.rows(sql, params![program, at, id, limit])?.into_iter().map(read_lead).collect()
    }

    /// Stores leads, and counts them.
    pub fn insert_leads(&mut self, leads: &[Lead], tallies: &mut Tallies) -> Result<(), StoreError> {
        let sql = "insert into lead (id, vendor_id, program_id, customer_id, partner_id, link_id, click_id, event_name, \
                   reason, touchpoints, grounds, metadata, at, origin) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let one = Figures { leads: 1, ..Figures::default() };
        for lead in leads {
            let Lead { program, link, at, id, origin, .. } = lead;
            let fact = Fact { program, link: link.as_ref(), at: *at, id: id.as_str(), origin: *origin };
            self.tally(tallies, &fact, one)?;
            self.tell((&lead.vendor, &lead.program), EventKind::LeadCreated, lead.id.as_str())?;
        }
        self.execute_all(sql, &leads.iter().map(values).collect::<Vec<_>>())
    }

    pub fn lead(&mut self, vendor: &VendorId, id: &LeadId) -> Result<Option<Lead>, StoreError> {
        let sql = leads!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_lead).transpose()
    }

    /// The leads of customers.
    pub fn leads_of(&mut self, customers: &[String]) -> Result<Vec<Lead>, StoreError> {
        let rows = self.rows(leads!("where customer_id = any($1)"), params![customers])?;
        rows.into_iter().map(read_lead).collect()
    }

    /// The leads of customers that have earned a commission: whose each was, and what it is called.
    pub fn commissioned_leads(
        &mut self,
        customers: &[String],
    ) -> Result<Vec<(CustomerId, String)>, StoreError> {
        let sql = "select distinct l.customer_id, l.event_name from lead l join commission c on c.lead_id = l.id \
                   and c.corrects is null where l.customer_id = any($1)";
        let rows = self.rows(sql, params![customers])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    /// The first answers given under keys of one kind, with the hash of what was asked.
    pub fn answers(&mut self, keys: &[Key]) -> Result<HashMap<Key, (String, String)>, StoreError> {
        let Some(kind) = keys.first().map(|key| key.kind) else { return Ok(HashMap::new()) };
        let sql = "with wanted (program_id, source, external_id, kind) as (values ($1, $2, $3, $4)) \
                   select a.program_id, a.source, a.external_id, a.input_hash, a.answer from wanted w cross join answered a \
                   where a.program_id = w.program_id and a.source = w.source and a.external_id = w.external_id \
                   and a.kind = w.kind";
        let wanted = keys.iter().map(|key| [key.program.as_str(), &key.source, &key.external_id, key.kind]);
        let rows = self.look_up(sql, &wanted.collect::<Vec<_>>())?;
        let read = |mut row: Row| {
            let key = Key { program: row.next()?, source: row.next()?, external_id: row.next()?, kind };
            Ok((key, (row.next()?, row.next()?)))
        };
        rows.into_iter().map(read).collect()
    }

    pub fn insert_answers(&mut self, answers: &[Answer]) -> Result<(), StoreError> {
        let sql = "insert into answered (program_id, source, external_id, kind, input_hash, answer, at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let row = |a: &Answer| {
            let k = &a.key;
            row![&k.program, &k.source, &k.external_id, k.kind, &a.hash, &a.text, a.at]
        };
        self.execute_all(sql, &answers.iter().map(row).collect::<Vec<_>>())
    }
}

fn values(l: &Lead) -> Vec<Value> {
    row![
        &l.id,
        &l.vendor,
        &l.program,
        &l.customer,
        &l.partner,
        &l.link,
        &l.click,
        &l.event_name,
        &l.reason,
        &l.touchpoints,
        &l.grounds,
        &l.metadata,
        l.at,
        l.origin
    ]
}

pub(super) fn read_lead(mut row: Row) -> Result<Lead, StoreError> {
    Ok(Lead {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        customer: row.next()?,
        partner: row.next()?,
        link: row.next()?,
        click: row.next()?,
        event_name: row.next()?,
        reason: row.next()?,
        touchpoints: row.next()?,
        grounds: row.next()?,
        metadata: row.next()?,
        at: row.next()?,
        origin: row.next()?,
    })
}
