//! Deals that partners registered, what happened to them, and what they paid.

use super::page::turned;
use super::program::broken;
use super::{Page, Row, StoreError, Tx, params};
use goodword_domain::event::EventKind;
use goodword_domain::id::{CommissionId, CustomerId, PartnerId, ProgramId, RegistrationId, VendorId};
use goodword_domain::registration::{Registration, Status};
use goodword_domain::time::Instant;

/// The columns [`read_registration`] reads, then the rest of the query.
macro_rules! registrations {
    ($($rest:literal),+) => {
        concat!(
            "select r.partner_id, r.place, r.status, r.due_at, r.asked_at, r.protected_from, r.protected_until, r.extended, \
             r.reached, r.won_for, r.id, r.vendor_id, r.program_id, r.customer_name, r.contact, r.customer_external_id, r.amount, \
             r.reason, r.invoice_id, r.created_at from registration r ",
            $($rest),+
        )
    };
}

/// A registration with whom it is about.
#[derive(Clone, Debug)]
pub struct RegistrationRow {
    pub id: RegistrationId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub customer_name: String,
    /// A domain or an e-mail address, folded.
    pub contact: String,
    /// By which the vendor knows the customer.
    pub external_id: Option<String>,
    /// What the partner expects, minor units.
    pub amount: Option<i64>,
    /// Why it stands where it does, in a word.
    pub reason: String,
    pub invoice_id: Option<String>,
    pub created_at: Instant,
    pub registration: Registration,
}

/// Something that happened to a registration.
#[derive(Clone, Debug)]
pub struct RegistrationEvent {
    pub status: String,
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

/// Something a registration has paid.
#[derive(Clone, Debug)]
pub struct RegistrationPaid {
    /// `win`, or `stage:` and the stage's name.
    pub name: String,
    /// Minor units.
    pub amount: i64,
    pub commission: CommissionId,
}

/// Which registrations to list.
#[derive(Clone, Debug, Default)]
pub struct RegistrationFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub status: Option<String>,
    pub after: Option<RegistrationId>,
    pub page: Page,
}

impl Tx<'_> {
    /// Stores a registration with the keys by which its customer is known.
    pub fn insert_registration(&mut self, r: &RegistrationRow, keys: &[String]) -> Result<(), StoreError> {
        let sql = "insert into registration (id, vendor_id, program_id, partner_id, customer_name, contact, \
                   customer_external_id, amount, place, status, reason, due_at, reached, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let d = &r.registration;
        let values = params![
            &r.id,
            &r.vendor,
            &r.program,
            &d.partner,
            &r.customer_name,
            &r.contact,
            &r.external_id,
            r.amount,
            d.place,
            d.status.word(),
            &r.reason,
            d.due_at,
            written(&d.reached)?,
            r.created_at
        ];
        self.execute(sql, values)?;
        self.tell((&r.vendor, &r.program), EventKind::RegistrationCreated, r.id.as_str())?;
        keys.iter().try_for_each(|key| self.insert_registration_key(r, key))
    }

    /// Adds a key by which the customer of a registration is known; one that is there already stays.
    pub fn insert_registration_key(&mut self, r: &RegistrationRow, key: &str) -> Result<(), StoreError> {
        let sql = "insert into registration_key (program_id, key, registration_id) values ($1, $2, $3) on conflict do nothing";
        self.execute(sql, params![&r.program, key, &r.id])?;
        Ok(())
    }

    /// Tells those who listen that something has happened to a registration.
    pub fn registration_changed(&mut self, r: &RegistrationRow) -> Result<(), StoreError> {
        self.tell((&r.vendor, &r.program), EventKind::RegistrationUpdated, r.id.as_str())
    }

    /// Saves what an act changed.
    pub fn update_registration(&mut self, r: &RegistrationRow) -> Result<(), StoreError> {
        let sql = "update registration set place = $2, status = $3, reason = $4, due_at = $5, asked_at = $6, protected_from = $7, \
                   protected_until = $8, extended = $9, reached = $10, won_for = $11, invoice_id = $12, \
                   customer_external_id = $13 where id = $1";
        let d = &r.registration;
        let values = params![
            &r.id,
            d.place,
            d.status.word(),
            &r.reason,
            d.due_at,
            d.asked_at,
            d.protected_from,
            d.protected_until,
            d.extended,
            written(&d.reached)?,
            d.won_for,
            &r.invoice_id,
            &r.external_id
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    pub fn registration(
        &mut self,
        vendor: &VendorId,
        id: &RegistrationId,
    ) -> Result<Option<RegistrationRow>, StoreError> {
        let sql = registrations!("where r.vendor_id = $1 and r.id = $2");
        self.row(sql, params![vendor, id])?.map(read_registration).transpose()
    }

    /// A vendor's registrations.
    pub fn registrations(
        &mut self,
        vendor: &VendorId,
        f: &RegistrationFilter,
    ) -> Result<Vec<RegistrationRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                registrations!(
                    "left join registration a on a.id = $5 and a.vendor_id = $1 where r.vendor_id = $1 \
                     and (cast($2 as text) is null or r.program_id = $2) and (cast($3 as text) is null or r.partner_id = $3) \
                     and (cast($4 as text) is null or r.status = $4) and (cast($5 as text) is null or (r.created_at, r.id) ",
                    $than, " (a.created_at, a.id)) order by r.created_at ", $order, ", r.id ", $order, " limit $6 offset $7"
                )
            };
        }
        let (sql, page) = (turned!(f.page, listed), f.page);
        let filter = params![vendor, &f.program, &f.partner, &f.status, &f.after, page.limit, page.skip];
        self.rows(sql, filter)?.into_iter().map(read_registration).collect()
    }

    /// Every registration in a program of a customer who is known by any of the keys, the oldest first.
    pub fn registrations_of_keys(
        &mut self,
        program: &ProgramId,
        keys: &[String],
    ) -> Result<Vec<RegistrationRow>, StoreError> {
        let sql = registrations!(
            "where r.id in (select k.registration_id from registration_key k where k.program_id = $1 and k.key = any($2)) \
             order by r.created_at, r.id"
        );
        self.rows(sql, params![program, keys])?.into_iter().map(read_registration).collect()
    }

    /// Every key by which the customer of a registration is known.
    pub fn registration_keys(&mut self, id: &RegistrationId) -> Result<Vec<String>, StoreError> {
        let sql = "select key from registration_key where registration_id = $1 order by key";
        self.rows(sql, params![id])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// How many registrations a partner has filed since an instant.
    pub fn registrations_since(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        at: Instant,
    ) -> Result<i64, StoreError> {
        let sql =
            "select count(*) from registration where program_id = $1 and partner_id = $2 and created_at > $3";
        self.row(sql, params![program, partner, at])?.map_or(Ok(0), |mut row| row.next())
    }

    /// Registrations of a vendor whose protection has ended, or whose review is due where that approves them.
    pub fn registrations_due(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        approving: &[String],
        limit: i64,
    ) -> Result<Vec<RegistrationRow>, StoreError> {
        let sql = registrations!(
            "where r.vendor_id = $1 and ((r.status = 'approved' and r.protected_until <= $2) or (r.status = 'submitted' \
             and r.due_at <= $2 and r.program_id = any($3))) order by r.id limit $4"
        );
        self.rows(sql, params![vendor, now, approving, limit])?.into_iter().map(read_registration).collect()
    }

    /// Adds to what happened to a registration.
    pub fn insert_registration_event(
        &mut self,
        r: &RegistrationRow,
        e: &RegistrationEvent,
    ) -> Result<(), StoreError> {
        let sql = "insert into registration_event (registration_id, place, vendor_id, status, by, note, at) \
                   select $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5, $6 from registration_event where registration_id = $1";
        self.execute(sql, params![&r.id, &r.vendor, &e.status, &e.by, &e.note, e.at])?;
        Ok(())
    }

    pub fn registration_events(&mut self, id: &RegistrationId) -> Result<Vec<RegistrationEvent>, StoreError> {
        let sql =
            "select status, by, note, at from registration_event where registration_id = $1 order by place";
        let read = |mut row: Row| {
            Ok(RegistrationEvent { status: row.next()?, by: row.next()?, note: row.next()?, at: row.next()? })
        };
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }

    /// Writes down what a registration has paid; the same twice is refused by the database.
    pub fn insert_registration_payment(
        &mut self,
        id: &RegistrationId,
        paid: &RegistrationPaid,
    ) -> Result<(), StoreError> {
        let sql = "insert into registration_payment (registration_id, name, commission_id, amount) values ($1, $2, $3, $4)";
        self.execute(sql, params![id, &paid.name, &paid.commission, paid.amount])?;
        Ok(())
    }

    pub fn registration_payments(
        &mut self,
        id: &RegistrationId,
    ) -> Result<Vec<RegistrationPaid>, StoreError> {
        let sql = "select name, amount, commission_id from registration_payment where registration_id = $1 \
                   order by commission_id";
        let read = |mut row: Row| {
            Ok(RegistrationPaid { name: row.next()?, amount: row.next()?, commission: row.next()? })
        };
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }

    /// Takes whoever is erased out of registrations that name his or her own address.
    pub(super) fn erase_registered(&mut self, customer: &CustomerId) -> Result<(), StoreError> {
        let named = "delete from registration_key where registration_id in (select r.id from registration r join customer c \
                     on c.vendor_id = r.vendor_id and c.email_folded = r.contact where c.id = $1)";
        self.execute(named, params![customer])?;
        let told = "update registration set customer_name = 'Former customer', contact = '', customer_external_id = null \
                    where vendor_id = (select vendor_id from customer where id = $1) \
                    and contact = (select email_folded from customer where id = $1)";
        self.execute(told, params![customer])?;
        Ok(())
    }
}

fn written(reached: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(reached).map_err(broken)
}

fn read_registration(mut row: Row) -> Result<RegistrationRow, StoreError> {
    let registration = Registration {
        partner: row.next()?,
        place: row.next()?,
        status: Status::parse(&row.next::<String>()?).map_err(broken)?,
        due_at: row.next()?,
        asked_at: row.next()?,
        protected_from: row.next()?,
        protected_until: row.next()?,
        extended: row.next()?,
        reached: serde_json::from_str(&row.next::<String>()?).map_err(broken)?,
        won_for: row.next()?,
    };
    Ok(RegistrationRow {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        customer_name: row.next()?,
        contact: row.next()?,
        external_id: row.next()?,
        amount: row.next()?,
        reason: row.next()?,
        invoice_id: row.next()?,
        created_at: row.next()?,
        registration,
    })
}
