//! Vendors' accounts at payment providers.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{IntegrationId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_integration`] reads, then the rest of the query.
macro_rules! integrations {
    ($rest:literal) => {
        concat!(
            "select i.id, i.vendor_id, i.provider, i.active, i.program_id, i.secrets, i.options, i.created_at, i.changed_at, \
             cast(case when v.live_id is null then 0 else 1 end as bigint) \
             from integration i join vendor v on v.id = i.vendor_id ",
            $rest
        )
    };
}

/// A vendor's account at a payment provider.
#[derive(Clone)]
pub struct Integration {
    pub id: IntegrationId,
    pub vendor: VendorId,
    /// Its word.
    pub provider: String,
    pub active: bool,
    pub program: Option<ProgramId>,
    /// What was signed with, as a JSON list. Never logged, never given back.
    pub secrets: String,
    /// What else was set, as JSON.
    pub options: String,
    pub created_at: Instant,
    pub changed_at: Instant,
    /// Whether the vendor is a sandbox.
    pub test: bool,
}

/// How often a type came that means nothing here.
#[derive(Clone, Debug)]
pub struct Ignored {
    pub kind: String,
    pub count: i64,
    pub last_at: Instant,
}

impl Tx<'_> {
    /// Stores an integration, new or changed.
    pub fn save_integration(&mut self, i: &Integration) -> Result<(), StoreError> {
        let sql = "insert into integration (id, vendor_id, provider, active, program_id, secrets, options, created_at, changed_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   on conflict (id) do update set active = excluded.active, program_id = excluded.program_id, \
                   secrets = excluded.secrets, options = excluded.options, changed_at = excluded.changed_at";
        let (provider, secrets, options) = (&i.provider, &i.secrets, &i.options);
        let values = params![
            &i.id,
            &i.vendor,
            provider,
            i.active,
            &i.program,
            secrets,
            options,
            i.created_at,
            i.changed_at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    pub fn integration(&mut self, id: &IntegrationId) -> Result<Option<Integration>, StoreError> {
        self.row(integrations!("where i.id = $1"), params![id])?.map(read_integration).transpose()
    }

    /// A vendor's account at a provider.
    pub fn integration_with(
        &mut self,
        vendor: &VendorId,
        provider: &str,
    ) -> Result<Option<Integration>, StoreError> {
        let sql = integrations!("where i.vendor_id = $1 and i.provider = $2");
        self.row(sql, params![vendor, provider])?.map(read_integration).transpose()
    }

    /// In the order of their names.
    pub fn integrations(&mut self, vendor: &VendorId) -> Result<Vec<Integration>, StoreError> {
        let sql = integrations!("where i.vendor_id = $1 order by i.provider");
        self.rows(sql, params![vendor])?.into_iter().map(read_integration).collect()
    }

    /// Counts an event of a type that means nothing here.
    pub fn count_ignored(&mut self, of: &Integration, kind: &str, now: Instant) -> Result<(), StoreError> {
        let sql = "insert into inbound_ignored (integration_id, type, vendor_id, count, last_at) values ($1, $2, $3, 1, $4) \
                   on conflict (integration_id, type) do update set count = inbound_ignored.count + 1, \
                   last_at = excluded.last_at";
        self.execute(sql, params![&of.id, kind, &of.vendor, now])?;
        Ok(())
    }

    /// The types that mean nothing here, the latest first.
    pub fn ignored(&mut self, of: &IntegrationId) -> Result<Vec<Ignored>, StoreError> {
        let sql = "select type, count, last_at from inbound_ignored where integration_id = $1 \
                   order by last_at desc, type limit 50";
        let read = |mut row: Row| Ok(Ignored { kind: row.next()?, count: row.next()?, last_at: row.next()? });
        self.rows(sql, params![of])?.into_iter().map(read).collect()
    }
}

fn read_integration(mut row: Row) -> Result<Integration, StoreError> {
    Ok(Integration {
        id: row.next()?,
        vendor: row.next()?,
        provider: row.next()?,
        active: row.next()?,
        program: row.next()?,
        secrets: row.next()?,
        options: row.next()?,
        created_at: row.next()?,
        changed_at: row.next()?,
        test: row.next::<i64>()? == 1,
    })
}
