//! Customers: who was referred, and to whom each is bound.

use super::partner::like;
use super::program::broken;
use super::value::Value;
use super::{Origin, Row, StoreError, Tallies, Tx, params, row};
use goodword_domain::attribution::{Credit, Kind};
use goodword_domain::id::{ClickId, CustomerId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_customer`] reads, then the rest of the query.
macro_rules! customers {
    ($($rest:literal),+) => {
        concat!(
            "select id, vendor_id, program_id, external_id, name, email, partner_id, link_id, \
             click_id, bound_by, bound_shares, first_commissioned_at, created_at, origin from customer ",
            $($rest),+
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

/// Which customers to list.
#[derive(Clone, Debug, Default)]
pub struct CustomerFilter {
    /// The vendor's own id.
    pub external_id: Option<String>,
    /// Folded to lower case.
    pub email: Option<String>,
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub link: Option<LinkId>,
    /// A part of the name, the address or the vendor's own id, folded to lower case.
    pub search: Option<String>,
    pub oldest_first: bool,
    pub after: Option<CustomerId>,
    pub skip: i64,
    pub limit: i64,
}

/// The partners a customer is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The one that leads: of several that share the credit the one with the largest part.
    pub leading: Credit,
    /// All of them, where they are several touchpoints; else none.
    pub shares: Vec<Credit>,
    pub by: Kind,
    /// How the customer came.
    pub origin: Origin,
}

impl Bound {
    /// Everybody who shares the credit.
    pub fn credits(&self) -> &[Credit] {
        if self.shares.is_empty() { std::slice::from_ref(&self.leading) } else { &self.shares }
    }
}

impl Tx<'_> {
    /// Stores customers, new ones and changed ones.
    pub fn save_customers(&mut self, customers: &[Customer]) -> Result<(), StoreError> {
        let mut tallies = Tallies::default();
        self.store_customers(customers, &mut tallies)?;
        self.add_tallies(&tallies)
    }

    /// The same, to be counted with others.
    pub fn store_customers(
        &mut self,
        customers: &[Customer],
        tallies: &mut Tallies,
    ) -> Result<(), StoreError> {
        self.count_conversions(customers, tallies)?;
        let sql = "insert into customer (id, vendor_id, program_id, external_id, name, email, email_folded, partner_id, link_id, \
                   click_id, bound_by, bound_shares, first_commissioned_at, created_at, origin) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                   on conflict (id) do update set external_id = excluded.external_id, name = excluded.name, \
                   email = excluded.email, email_folded = excluded.email_folded, partner_id = excluded.partner_id, \
                   link_id = excluded.link_id, click_id = excluded.click_id, bound_by = excluded.bound_by, bound_shares = excluded.bound_shares, \
                   first_commissioned_at = excluded.first_commissioned_at, origin = excluded.origin";
        let rows: Vec<Vec<Value>> = customers.iter().map(values).collect();
        self.execute_all(sql, &rows)
    }

    pub fn customer(&mut self, vendor: &VendorId, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
        let sql = customers!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_customer).transpose()
    }

    /// Customers by vendors and the vendors' own ids, in whichever programs; held until the transaction ends.
    pub fn customers_by_external_id(
        &mut self,
        vendors_ids: &[[&str; 2]],
    ) -> Result<Vec<Customer>, StoreError> {
        let sql = "with wanted (vendor_id, external_id) as (values ($1, $2)) \
                   select c.id, c.vendor_id, c.program_id, c.external_id, c.name, c.email, c.partner_id, c.link_id, \
                   c.click_id, c.bound_by, c.bound_shares, c.first_commissioned_at, c.created_at, c.origin from wanted w cross join customer c \
                   where c.vendor_id = w.vendor_id and c.external_id = w.external_id /* hold */";
        self.look_up(sql, vendors_ids)?.into_iter().map(read_customer).collect()
    }

    /// Those whom pages reported by address alone, whom the vendor has not named yet; held until the transaction ends.
    pub fn unnamed_customers_by_email(
        &mut self,
        vendors: &[String],
        folded: &[String],
    ) -> Result<Vec<Customer>, StoreError> {
        let sql = customers!(
            "where vendor_id = any($1) and email_folded = any($2) and external_id is null /* hold */"
        );
        self.named_customers(sql, vendors, folded)
    }

    /// Of each address one customer in each program, named or not: a bound one before others, then the oldest; held until
    /// the transaction ends.
    pub fn customers_by_email(
        &mut self,
        vendors: &[String],
        folded: &[String],
    ) -> Result<Vec<Customer>, StoreError> {
        let sql = customers!(
            "where id in (select id from (select id, row_number() over (partition by program_id, email_folded \
             order by case when partner_id is null then 1 else 0 end, id) as place from customer \
             where vendor_id = any($1) and email_folded = any($2)) placed where place = 1) /* hold */"
        );
        self.named_customers(sql, vendors, folded)
    }

    fn named_customers(
        &mut self,
        sql: &'static str,
        vendors: &[String],
        names: &[String],
    ) -> Result<Vec<Customer>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        self.rows(sql, params![vendors, names])?.into_iter().map(read_customer).collect()
    }

    /// A vendor's customers, without those who were erased.
    pub fn customers(&mut self, vendor: &VendorId, f: &CustomerFilter) -> Result<Vec<Customer>, StoreError> {
        macro_rules! listed {
            ($order:literal) => {
                customers!(
                    "where vendor_id = $1 and (external_id is not null or email_folded is not null) \
                     and (cast($2 as text) is null or external_id = $2) and (cast($3 as text) is null or email_folded = $3) \
                     and (cast($6 as text) is null or program_id = $6) and (cast($7 as text) is null or partner_id = $7) \
                     and (cast($8 as text) is null or link_id = $8) and (cast($9 as text) is null \
                     or lower(coalesce(name, '')) like $9 escape '!' or coalesce(email_folded, '') like $9 escape '!' \
                     or lower(coalesce(external_id, '')) like $9 escape '!') ",
                    $order,
                    " limit $5 offset $10"
                )
            };
        }
        let sql = if f.oldest_first {
            listed!("and (cast($4 as text) is null or id > $4) order by id")
        } else {
            listed!("and (cast($4 as text) is null or id < $4) order by id desc")
        };
        let pattern = f.search.as_deref().map(like);
        let filter = params![
            vendor,
            &f.external_id,
            &f.email,
            &f.after,
            f.limit,
            &f.program,
            &f.partner,
            &f.link,
            pattern,
            f.skip
        ];
        self.rows(sql, filter)?.into_iter().map(read_customer).collect()
    }
}

fn values(c: &Customer) -> Vec<Value> {
    let (folded, bound) = (c.email.as_ref().map(|e| e.to_lowercase()), c.bound.as_ref());
    row![
        &c.id,
        &c.vendor,
        &c.program,
        &c.external_id,
        &c.name,
        &c.email,
        folded,
        bound.map(|b| &b.leading.partner),
        bound.map(|b| &b.leading.link),
        bound.and_then(|b| b.leading.click.as_ref()),
        bound.map(|b| b.by.word()),
        bound.filter(|b| !b.shares.is_empty()).map(|b| write_shares(&b.shares)),
        c.first_commissioned_at,
        c.created_at,
        bound.map(|b| b.origin)
    ]
}

fn read_customer(mut row: Row) -> Result<Customer, StoreError> {
    let (id, vendor, program) = (row.next()?, row.next()?, row.next()?);
    let (external_id, name, email) = (row.next()?, row.next()?, row.next()?);
    let (partner, link, click, by): (Option<_>, Option<_>, _, Option<String>) =
        (row.next()?, row.next()?, row.next()?, row.next()?);
    let shares = row.next::<Option<String>>()?.map_or(Ok(Vec::new()), |text| read_shares(&text))?;
    let (first_commissioned_at, created_at, origin) = (row.next()?, row.next()?, row.next()?);
    let bound = match (partner, link, by) {
        (Some(partner), Some(link), Some(by)) => {
            let leading = Credit { partner, link, click, weight: 1 };
            Some(Bound { leading, shares, by: Kind::parse(&by).map_err(broken)?, origin })
        }
        _ => None,
    };
    Ok(Customer { id, vendor, program, external_id, name, email, bound, first_commissioned_at, created_at })
}

/// One a line: partner, link, click or `-`, weight.
fn write_shares(shares: &[Credit]) -> String {
    let line = |c: &Credit| {
        let click = c.click.as_ref().map_or("-", ClickId::as_str);
        format!("{} {} {click} {}", c.partner, c.link, c.weight)
    };
    shares.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read_shares(text: &str) -> Result<Vec<Credit>, StoreError> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        let [partner, link, click, weight] = fields[..] else { return Err(broken("a share of a binding")) };
        Ok(Credit {
            partner: PartnerId::parse(partner).map_err(broken)?,
            link: LinkId::parse(link).map_err(broken)?,
            click: if click == "-" { None } else { Some(ClickId::parse(click).map_err(broken)?) },
            weight: weight.parse().map_err(broken)?,
        })
    };
    text.lines().map(line).collect()
}
