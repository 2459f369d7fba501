//! Leads, and the first answers given to what was reported.

use super::{Figures, Row, StoreError, Tx, params};
use goodword_domain::id::{ClickId, CustomerId, LeadId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

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
    pub metadata: Option<String>,
    pub at: Instant,
}

/// What makes a report the same report.
#[derive(Clone, Debug)]
pub struct Key {
    pub program: ProgramId,
    pub source: String,
    pub external_id: String,
    pub kind: &'static str,
}

impl Tx<'_> {
    pub fn insert_lead(&mut self, l: &Lead) -> Result<(), StoreError> {
        let sql = "insert into lead (id, vendor_id, program_id, customer_id, partner_id, link_id, click_id, event_name, \
                   reason, touchpoints, metadata, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        self.execute(
            sql,
            params![
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
                &l.metadata,
                l.at
            ],
        )?;
        self.count(&l.program, l.link.as_ref(), l.at, Figures { leads: 1, ..Figures::default() })
    }

    pub fn lead_of(&mut self, customer: &CustomerId, event_name: &str) -> Result<Option<Lead>, StoreError> {
        let sql = "select id, vendor_id, program_id, customer_id, partner_id, link_id, click_id, event_name, reason, \
                   touchpoints, metadata, at from lead where customer_id = $1 and event_name = $2";
        self.row(sql, params![customer, event_name])?.map(read_lead).transpose()
    }

    pub fn has_commissioned_lead(&mut self, customer: &CustomerId) -> Result<bool, StoreError> {
        let sql =
            "select c.id from lead l join commission c on c.lead_id = l.id where l.customer_id = $1 limit 1";
        Ok(self.row(sql, params![customer])?.is_some())
    }

    /// The first answer given under a key, with the hash of what was asked.
    pub fn answer(&mut self, key: &Key) -> Result<Option<(String, String)>, StoreError> {
        let sql = "select input_hash, answer from answered \
                   where program_id = $1 and source = $2 and external_id = $3 and kind = $4";
        let row = self.row(sql, params![&key.program, &key.source, &key.external_id, key.kind])?;
        row.map(|mut row| Ok((row.next()?, row.next()?))).transpose()
    }

    pub fn insert_answer(
        &mut self,
        key: &Key,
        hash: &str,
        answer: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into answered (program_id, source, external_id, kind, input_hash, answer, at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        self.execute(sql, params![&key.program, &key.source, &key.external_id, key.kind, hash, answer, at])?;
        Ok(())
    }
}

fn read_lead(mut row: Row) -> Result<Lead, StoreError> {
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
        metadata: row.next()?,
        at: row.next()?,
    })
}
