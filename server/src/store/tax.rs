//! What is known of partners' taxes, and the invoices written in their names.

use super::page::turned;
use super::program::broken;
use super::{Page, Row, StoreError, Tx, params};
use goodword_domain::id::{PartnerId, PayoutId, ProgramId, VendorId};
use goodword_domain::tax::{Country, Form, Profile, VatNumber};
use goodword_domain::time::Instant;

/// An invoice, or what undoes one.
#[derive(Clone, Debug)]
pub struct InvoiceRow {
    pub vendor: VendorId,
    pub number: i64,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub payout: PayoutId,
    /// The number that it undoes.
    pub undoes: Option<i64>,
    /// What it says, as JSON.
    pub document: String,
    pub at: Instant,
}

/// The columns [`read_invoice`] reads, then the rest of the query.
macro_rules! invoices {
    ($($rest:literal),+) => {
        concat!(
            "select vendor_id, number, program_id, partner_id, payout_id, undoes, document, at from self_invoice ",
            $($rest),+
        )
    };
}

/// The columns of [`read_profile`], of a table `t` that may have no row.
macro_rules! profile_columns {
    () => {
        "t.country, t.name, t.address, t.is_business, t.vat, t.is_exempt, t.form, t.self_billing"
    };
}

pub(super) use profile_columns;

impl Tx<'_> {
    /// Nothing is known while there is no row.
    pub fn tax_profile(&mut self, partner: &PartnerId) -> Result<Profile, StoreError> {
        let sql = concat!("select ", profile_columns!(), " from partner_tax t where t.partner_id = $1");
        let row = self.row(sql, params![partner])?;
        row.map_or(Ok(Profile::default()), |mut row| read_profile(&mut row))
    }

    pub fn set_tax_profile(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        p: &Profile,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into partner_tax (partner_id, vendor_id, country, name, address, is_business, vat, is_exempt, form, \
                   self_billing, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                   on conflict (partner_id) do update set country = excluded.country, name = excluded.name, \
                   address = excluded.address, is_business = excluded.is_business, vat = excluded.vat, \
                   is_exempt = excluded.is_exempt, form = excluded.form, self_billing = excluded.self_billing, \
                   changed_at = excluded.changed_at";
        let country = p.country.map(|country| country.to_string());
        let (vat, form) = (p.vat.as_ref().map(VatNumber::as_str), p.form.map(Form::word));
        let values = params![
            partner,
            vendor,
            country,
            &p.name,
            &p.address,
            p.is_business,
            vat,
            p.is_exempt,
            form,
            p.self_billing,
            at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Forgets what is known of a partner's taxes; invoices that were written are bookkeeping, and stay.
    pub fn erase_tax_profile(&mut self, partner: &PartnerId) -> Result<(), StoreError> {
        self.execute("delete from partner_tax where partner_id = $1", params![partner])?;
        Ok(())
    }

    /// The number of a vendor's latest invoice; 0 while there is none.
    pub fn latest_invoice(&mut self, vendor: &VendorId) -> Result<i64, StoreError> {
        let sql = "select coalesce(max(number), 0) from self_invoice where vendor_id = $1";
        self.row(sql, params![vendor])?.map_or(Ok(0), |mut row| row.next())
    }

    pub fn insert_invoice(&mut self, i: &InvoiceRow) -> Result<(), StoreError> {
        let sql = "insert into self_invoice (vendor_id, number, program_id, partner_id, payout_id, undoes, document, at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values =
            params![&i.vendor, i.number, &i.program, &i.partner, &i.payout, i.undoes, &i.document, i.at];
        self.execute(sql, values)?;
        Ok(())
    }

    pub fn invoice(&mut self, vendor: &VendorId, number: i64) -> Result<Option<InvoiceRow>, StoreError> {
        let sql = invoices!("where vendor_id = $1 and number = $2");
        self.row(sql, params![vendor, number])?.map(read_invoice).transpose()
    }

    /// What was written over a payout, in order.
    pub fn invoices_of_payout(&mut self, payout: &PayoutId) -> Result<Vec<InvoiceRow>, StoreError> {
        let sql = invoices!("where payout_id = $1 order by number");
        self.rows(sql, params![payout])?.into_iter().map(read_invoice).collect()
    }

    /// A vendor's invoices; `after` is a number.
    pub fn invoices(
        &mut self,
        vendor: &VendorId,
        partner: Option<&PartnerId>,
        after: Option<i64>,
        page: Page,
    ) -> Result<Vec<InvoiceRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                invoices!(
                    "where vendor_id = $1 and (cast($2 as text) is null or partner_id = $2) \
                     and (cast($3 as bigint) is null or number ",
                    $than,
                    " $3) order by number ",
                    $order,
                    " limit $4 offset $5"
                )
            };
        }
        let sql = turned!(page, listed);
        let filter = params![vendor, partner, after, page.limit, page.skip];
        self.rows(sql, filter)?.into_iter().map(read_invoice).collect()
    }
}

/// A profile from its columns, all null where there is no row.
pub(super) fn read_profile(row: &mut Row) -> Result<Profile, StoreError> {
    let country: Option<String> = row.next()?;
    let (name, address) = (row.next()?, row.next()?);
    let is_business = row.next::<Option<bool>>()?.unwrap_or_default();
    let vat: Option<String> = row.next()?;
    let is_exempt = row.next::<Option<bool>>()?.unwrap_or_default();
    let form: Option<String> = row.next()?;
    Ok(Profile {
        country: country.map(|text| Country::parse("country", &text)).transpose().map_err(broken)?,
        name,
        address,
        is_business,
        vat: vat.map(|text| VatNumber::parse(&text)).transpose().map_err(broken)?,
        is_exempt,
        form: form.map(|text| Form::parse(&text)).transpose().map_err(broken)?,
        self_billing: row.next::<Option<bool>>()?.unwrap_or_default(),
    })
}

fn read_invoice(mut row: Row) -> Result<InvoiceRow, StoreError> {
    Ok(InvoiceRow {
        vendor: row.next()?,
        number: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        payout: row.next()?,
        undoes: row.next()?,
        document: row.next()?,
        at: row.next()?,
    })
}
