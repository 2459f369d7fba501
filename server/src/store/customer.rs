//! Customers: who was referred, and to whom each is bound.

use super::program::broken;
use super::{Row, StoreError, Tx, params};
use goodword_domain::attribution::Kind;
use goodword_domain::id::{ClickId, CustomerId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_customer`] reads, then the rest of the query.
macro_rules! customers {
    ($rest:literal) => {
        concat!(
            "select id, vendor_id, program_id, external_id, name, email, partner_id, link_id, \
             click_id, bound_by, first_commissioned_at, created_at from customer ",
            $rest
        )
    };
}

/// A person known to the vendor.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: CustomerId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub external_id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub bound: Option<Bound>,
    pub first_commissioned_at: Option<Instant>,
    pub created_at: Instant,
}

/// The partner a customer is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    pub partner: PartnerId,
    pub link: LinkId,
    pub click: Option<ClickId>,
    pub by: Kind,
}

impl Tx<'_> {
    pub fn insert_customer(&mut self, c: &Customer) -> Result<(), StoreError> {
        let sql = "insert into customer (id, vendor_id, program_id, external_id, name, email, email_folded, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let folded = c.email.as_ref().map(|e| e.to_lowercase());
        let values =
            params![&c.id, &c.vendor, &c.program, &c.external_id, &c.name, &c.email, folded, c.created_at];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Fills in what was not known before.
    pub fn update_customer(&mut self, c: &Customer) -> Result<(), StoreError> {
        let sql =
            "update customer set external_id = $2, name = $3, email = $4, email_folded = $5 where id = $1";
        let folded = c.email.as_ref().map(|e| e.to_lowercase());
        self.execute(sql, params![&c.id, &c.external_id, &c.name, &c.email, folded])?;
        Ok(())
    }

    pub fn bind_customer(&mut self, id: &CustomerId, bound: &Bound) -> Result<(), StoreError> {
        let sql =
            "update customer set partner_id = $2, link_id = $3, click_id = $4, bound_by = $5 where id = $1";
        self.execute(sql, params![id, &bound.partner, &bound.link, &bound.click, bound.by.word()])?;
        Ok(())
    }

    pub fn mark_first_commissioned(&mut self, id: &CustomerId, at: Instant) -> Result<(), StoreError> {
        let sql = "update customer set first_commissioned_at = $2 \
                   where id = $1 and (first_commissioned_at is null or first_commissioned_at > $2)";
        self.execute(sql, params![id, at])?;
        Ok(())
    }

    pub fn customer(&mut self, vendor: &VendorId, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
        let sql = customers!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_customer).transpose()
    }

    /// By the vendor's own id, in one program or, when none is said, in whichever knows it first.
    pub fn customer_by_external_id(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        external_id: &str,
    ) -> Result<Option<Customer>, StoreError> {
        let sql = customers!(
            "where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) and \
             external_id = $3 order by id limit 1"
        );
        self.row(sql, params![vendor, program, external_id])?.map(read_customer).transpose()
    }

    /// Somebody a page reported by e-mail alone, whom the vendor has not yet named.
    pub fn unnamed_customer_by_email(
        &mut self,
        program: &ProgramId,
        folded: &str,
    ) -> Result<Option<Customer>, StoreError> {
        let sql = customers!(
            "where program_id = $1 and email_folded = $2 and external_id is null order by id \
             limit 1"
        );
        self.row(sql, params![program, folded])?.map(read_customer).transpose()
    }

    /// A customer of that address in any program of the vendor's, a bound one before others; where `unnamed` is asked for,
    /// only one whom the vendor has not named yet.
    pub fn vendor_customer_by_email(
        &mut self,
        vendor: &VendorId,
        folded: &str,
        unnamed: bool,
    ) -> Result<Option<Customer>, StoreError> {
        let sql = customers!(
            "where vendor_id = $1 and email_folded = $2 and (external_id is null or not $3) order \
             by case when partner_id is null then 1 else 0 end, id limit 1"
        );
        self.row(sql, params![vendor, folded, unnamed])?.map(read_customer).transpose()
    }

    /// Anybody of that address, named or not; for leads reported by e-mail alone.
    pub fn customer_by_email(
        &mut self,
        program: &ProgramId,
        folded: &str,
    ) -> Result<Option<Customer>, StoreError> {
        let sql = customers!("where program_id = $1 and email_folded = $2 order by id limit 1");
        self.row(sql, params![program, folded])?.map(read_customer).transpose()
    }

    /// A vendor's customers, newest first.
    pub fn customers(
        &mut self,
        vendor: &VendorId,
        external_id: Option<&str>,
        email: Option<&str>,
        after: Option<&CustomerId>,
        limit: i64,
    ) -> Result<Vec<Customer>, StoreError> {
        let sql = customers!(
            "where vendor_id = $1 and (cast($2 as text) is null or external_id = $2) and (cast($3 \
             as text) is null or email_folded = $3) and (cast($4 as text) is null or id < $4) \
             order by id desc limit $5"
        );
        self.rows(sql, params![vendor, external_id, email, after, limit])?
            .into_iter()
            .map(read_customer)
            .collect()
    }
}

fn read_customer(mut row: Row) -> Result<Customer, StoreError> {
    let (id, vendor, program) = (row.next()?, row.next()?, row.next()?);
    let (external_id, name, email) = (row.next()?, row.next()?, row.next()?);
    let (partner, link, click, by): (Option<_>, Option<_>, _, Option<String>) =
        (row.next()?, row.next()?, row.next()?, row.next()?);
    let bound = match (partner, link, by) {
        (Some(partner), Some(link), Some(by)) => {
            Some(Bound { partner, link, click, by: Kind::parse(&by).map_err(broken)? })
        }
        _ => None,
    };
    let (first_commissioned_at, created_at) = (row.next()?, row.next()?);
    Ok(Customer { id, vendor, program, external_id, name, email, bound, first_commissioned_at, created_at })
}
