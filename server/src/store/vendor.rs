//! Vendors, their origins, and the server's own settings.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::time::{Clock, Instant};

/// The columns [`Vendor::read`] reads, then the rest of the query.
macro_rules! vendors {
    ($rest:literal) => {
        concat!("select id, name, live_id, clock_offset, clock_frozen from vendor ", $rest)
    };
}

/// A tenant, or its sandbox.
#[derive(Clone, Debug)]
pub struct Vendor {
    pub id: VendorId,
    pub name: String,
    /// The live vendor this is the sandbox of.
    pub live: Option<VendorId>,
    pub clock: Clock,
}

impl Vendor {
    /// Whether it is a sandbox.
    pub fn is_test(&self) -> bool {
        self.live.is_some()
    }

    /// The vendor that people and origins belong to.
    pub fn live_id(&self) -> &VendorId {
        self.live.as_ref().unwrap_or(&self.id)
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.next()?,
            name: row.next()?,
            live: row.next()?,
            clock: Clock { offset: row.next()?, frozen: row.next()? },
        })
    }
}

impl Tx<'_> {
    /// Whose a program is, by id and name.
    pub fn vendor_of_program(
        &mut self,
        program: &ProgramId,
    ) -> Result<Option<(VendorId, String)>, StoreError> {
        let sql = "select v.id, v.name from program p join vendor v on v.id = p.vendor_id where p.id = $1";
        self.row(sql, params![program])?.map(|mut row| Ok((row.next()?, row.next()?))).transpose()
    }

    pub fn insert_vendor(&mut self, vendor: &Vendor, at: Instant) -> Result<(), StoreError> {
        let sql = "insert into vendor (id, name, live_id, clock_offset, clock_frozen, created_at) \
                   values ($1, $2, $3, $4, $5, $6)";
        let clock = vendor.clock;
        self.execute(sql, params![&vendor.id, &vendor.name, &vendor.live, clock.offset, clock.frozen, at])?;
        Ok(())
    }

    pub fn vendor(&mut self, id: &VendorId) -> Result<Option<Vendor>, StoreError> {
        let sql = vendors!("where id = $1");
        self.row(sql, params![id])?.map(Vendor::read).transpose()
    }

    /// Every vendor and every sandbox, oldest first.
    pub fn vendors(&mut self) -> Result<Vec<Vendor>, StoreError> {
        let sql = vendors!("order by id");
        self.rows(sql, &[])?.into_iter().map(Vendor::read).collect()
    }

    pub fn sandbox_of(&mut self, live: &VendorId) -> Result<Option<Vendor>, StoreError> {
        let sql = vendors!("where live_id = $1");
        self.row(sql, params![live])?.map(Vendor::read).transpose()
    }

    pub fn set_clock(&mut self, id: &VendorId, clock: Clock) -> Result<(), StoreError> {
        let sql = "update vendor set clock_offset = $2, clock_frozen = $3 where id = $1";
        self.execute(sql, params![id, clock.offset, clock.frozen])?;
        self.directory_changed()
    }

    pub fn origins(&mut self, live: &VendorId) -> Result<Vec<String>, StoreError> {
        let sql = "select origin from allowed_origin where vendor_id = $1 order by origin";
        self.rows(sql, params![live])?.into_iter().map(|mut row| row.next()).collect()
    }

    pub fn add_origin(&mut self, live: &VendorId, origin: &str) -> Result<(), StoreError> {
        let sql = "insert into allowed_origin (vendor_id, origin) values ($1, $2) on conflict do nothing";
        self.execute(sql, params![live, origin])?;
        self.directory_changed()
    }

    pub fn set_origins(&mut self, live: &VendorId, origins: &[String]) -> Result<(), StoreError> {
        self.execute("delete from allowed_origin where vendor_id = $1", params![live])?;
        self.directory_changed()?;
        origins.iter().try_for_each(|origin| self.add_origin(live, origin))
    }

    /// A setting of the server itself, made by whoever asks first.
    pub fn setting(&mut self, name: &str, fresh: &str) -> Result<String, StoreError> {
        let sql = "insert into setting (name, value) values ($1, $2) on conflict (name) do nothing";
        self.execute(sql, params![name, fresh])?;
        let row = self.row("select value from setting where name = $1", params![name])?;
        row.ok_or_else(|| StoreError::Failed("a setting vanished".into()))?.next()
    }

    /// Today's salt for hashing addresses; those of days gone by are deleted.
    pub fn daily_salt(&mut self, day: i64, fresh: &str) -> Result<String, StoreError> {
        let found = self.row("select salt from daily_salt where day = $1", params![day])?;
        if let Some(mut row) = found {
            return row.next();
        }
        self.execute("delete from daily_salt where day < $1", params![day])?;
        let sql = "insert into daily_salt (day, salt) values ($1, $2) on conflict (day) do nothing";
        self.execute(sql, params![day, fresh])?;
        let row = self.row("select salt from daily_salt where day = $1", params![day])?;
        row.ok_or_else(|| StoreError::Failed("a salt vanished".into()))?.next()
    }
}
