//! Clicks and leads, and the first answers given to what was reported.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{ClickId, CustomerId, LeadId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_click`] reads, then the rest of the query.
macro_rules! clicks {
    ($rest:literal) => {
        concat!(
            "select id, vendor_id, program_id, partner_id, link_id, visitor, browser, at, url, \
             referrer, sub_id from click ",
            $rest
        )
    };
}

/// A visit through a link.
#[derive(Clone, Debug)]
pub struct Click {
    pub id: ClickId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub link: LinkId,
    /// A hash that tells one browser from another: `v:…` of the page's own id, `h:…` of address and agent.
    pub visitor: String,
    /// The same when the click was stored.
    pub browser: String,
    pub at: Instant,
    pub url: Option<String>,
    pub referrer: Option<String>,
    pub sub_id: Option<String>,
}

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
    pub fn insert_click(&mut self, c: &Click) -> Result<(), StoreError> {
        let sql = "insert into click (id, vendor_id, program_id, partner_id, link_id, visitor, browser, at, url, referrer, \
                   sub_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        self.execute(
            sql,
            params![
                &c.id,
                &c.vendor,
                &c.program,
                &c.partner,
                &c.link,
                &c.visitor,
                &c.browser,
                c.at,
                &c.url,
                &c.referrer,
                &c.sub_id
            ],
        )?;
        Ok(())
    }

    /// The latest click of a browser on a link since an instant, up to another.
    pub fn recent_click(
        &mut self,
        program: &ProgramId,
        link: &LinkId,
        browser: &str,
        after: Instant,
        until: Instant,
    ) -> Result<Option<ClickId>, StoreError> {
        let sql = "select id from click where program_id = $1 and browser = $2 and link_id = $3 and at > $4 and at <= $5 \
                   order by at desc limit 1";
        self.row(sql, params![program, browser, link, after, until])?.map(|mut row| row.next()).transpose()
    }

    pub fn click(&mut self, vendor: &VendorId, id: &ClickId) -> Result<Option<Click>, StoreError> {
        let sql = clicks!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_click).transpose()
    }

    /// Tells that the browser that made a click is one the page knows.
    pub fn name_visitor(&mut self, id: &ClickId, visitor: &str) -> Result<(), StoreError> {
        self.execute("update click set visitor = $2 where id = $1", params![id, visitor])?;
        Ok(())
    }

    /// A visitor's latest clicks in a program, at most a hundred, oldest first.
    pub fn clicks_of(&mut self, program: &ProgramId, visitor: &str) -> Result<Vec<Click>, StoreError> {
        let sql = clicks!("where program_id = $1 and visitor = $2 order by at desc, id desc limit 100");
        let mut clicks: Vec<_> = self
            .rows(sql, params![program, visitor])?
            .into_iter()
            .map(read_click)
            .collect::<Result<_, _>>()?;
        clicks.reverse();
        Ok(clicks)
    }

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
        Ok(())
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

fn read_click(mut row: Row) -> Result<Click, StoreError> {
    Ok(Click {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        link: row.next()?,
        visitor: row.next()?,
        browser: row.next()?,
        at: row.next()?,
        url: row.next()?,
        referrer: row.next()?,
        sub_id: row.next()?,
    })
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
