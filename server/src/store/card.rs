//! What vendors tell of partners, customers and links in their own words, and their own ids of them.

use super::value::Param;
use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{CustomerId, LinkId, PartnerId, VendorId};
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// What a vendor tells of a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartnerProfile {
    /// The vendor's own id of the partner.
    pub tenant: Option<String>,
    pub country: Option<String>,
    pub description: Option<String>,
    /// An address of a picture.
    pub image: Option<String>,
}

/// What a vendor tells of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerProfile {
    /// An address of a picture.
    pub avatar: Option<String>,
    pub country: Option<String>,
    pub stripe_customer: Option<String>,
}

/// What a vendor tells of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkProfile {
    /// The vendor's own id of the link.
    pub external_id: Option<String>,
    pub comments: Option<String>,
    /// When it, or the link's target, was last changed.
    pub changed_at: Option<Instant>,
}

/// A partner beside an amount: who it is, and how he or she is paid.
#[derive(Clone, Debug)]
pub struct PartnerCard {
    pub id: PartnerId,
    pub name: String,
    pub email: String,
    pub profile: PartnerProfile,
    /// The word of the method of payment, where one is set and nothing is held back.
    pub paid_by: Option<String>,
    pub paid_by_since: Option<Instant>,
}

impl Tx<'_> {
    /// Partners with what is told of them, by id.
    pub fn partner_cards(
        &mut self,
        vendor: &VendorId,
        partners: &[PartnerId],
    ) -> Result<HashMap<PartnerId, PartnerCard>, StoreError> {
        let sql = "select p.id, p.name, p.email, p.tenant_id, f.country, f.description, f.image, \
                   case when y.on_hold then null else y.method end, case when y.on_hold then null else y.changed_at end \
                   from partner p left join partner_profile f on f.partner_id = p.id \
                   left join payee y on y.partner_id = p.id where p.vendor_id = $1 and p.id = any($2)";
        let read = |mut row: Row| {
            let card = PartnerCard {
                id: row.next()?,
                name: row.next()?,
                email: row.next()?,
                profile: next_partner_profile(&mut row)?,
                paid_by: row.next()?,
                paid_by_since: row.next()?,
            };
            Ok((card.id.clone(), card))
        };
        let ids = texts(partners);
        self.rows(sql, params![vendor, &ids[..]])?.into_iter().map(read).collect()
    }

    pub fn partner_profile(&mut self, partner: &PartnerId) -> Result<PartnerProfile, StoreError> {
        let sql = "select p.tenant_id, f.country, f.description, f.image from partner p \
                   left join partner_profile f on f.partner_id = p.id where p.id = $1";
        let row = self.row(sql, params![partner])?;
        row.map_or_else(|| Ok(PartnerProfile::default()), |mut row| next_partner_profile(&mut row))
    }

    pub fn save_partner_profile(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        p: &PartnerProfile,
    ) -> Result<(), StoreError> {
        let sql = "insert into partner_profile (partner_id, vendor_id, country, description, image) \
                   values ($1, $2, $3, $4, $5) on conflict (partner_id) do update set \
                   country = excluded.country, description = excluded.description, image = excluded.image";
        self.execute(sql, params![partner, vendor, &p.country, &p.description, &p.image])?;
        self.execute("update partner set tenant_id = $2 where id = $1", params![partner, &p.tenant])?;
        Ok(())
    }

    pub fn customer_profiles(
        &mut self,
        customers: &[CustomerId],
    ) -> Result<HashMap<CustomerId, CustomerProfile>, StoreError> {
        let sql = "select customer_id, avatar, country, stripe_customer_id from customer_profile where customer_id = any($1)";
        let read = |mut row: Row| {
            let id = row.next()?;
            let (avatar, country, stripe_customer) = (row.next()?, row.next()?, row.next()?);
            Ok((id, CustomerProfile { avatar, country, stripe_customer }))
        };
        let ids = texts(customers);
        self.rows(sql, params![&ids[..]])?.into_iter().map(read).collect()
    }

    pub fn save_customer_profile(
        &mut self,
        vendor: &VendorId,
        customer: &CustomerId,
        p: &CustomerProfile,
    ) -> Result<(), StoreError> {
        let sql = "insert into customer_profile (customer_id, vendor_id, avatar, country, stripe_customer_id) \
                   values ($1, $2, $3, $4, $5) on conflict (customer_id) do update set avatar = excluded.avatar, \
                   country = excluded.country, stripe_customer_id = excluded.stripe_customer_id";
        self.execute(sql, params![customer, vendor, &p.avatar, &p.country, &p.stripe_customer])?;
        Ok(())
    }

    pub fn link_profiles(&mut self, links: &[LinkId]) -> Result<HashMap<LinkId, LinkProfile>, StoreError> {
        let sql =
            "select link_id, external_id, comments, changed_at from link_profile where link_id = any($1)";
        let read = |mut row: Row| {
            let id = row.next()?;
            let (external_id, comments, changed_at) = (row.next()?, row.next()?, row.next()?);
            Ok((id, LinkProfile { external_id, comments, changed_at }))
        };
        let ids = texts(links);
        self.rows(sql, params![&ids[..]])?.into_iter().map(read).collect()
    }

    pub fn save_link_profile(
        &mut self,
        vendor: &VendorId,
        link: &LinkId,
        p: &LinkProfile,
    ) -> Result<(), StoreError> {
        let sql = "insert into link_profile (link_id, vendor_id, external_id, comments, changed_at) \
                   values ($1, $2, $3, $4, $5) on conflict (link_id) do update set external_id = excluded.external_id, \
                   comments = excluded.comments, changed_at = excluded.changed_at";
        self.execute(sql, params![link, vendor, &p.external_id, &p.comments, p.changed_at])?;
        Ok(())
    }

    /// The link that the vendor knows by an id of its own.
    pub fn link_of_external_id(
        &mut self,
        vendor: &VendorId,
        external_id: &str,
    ) -> Result<Option<LinkId>, StoreError> {
        let sql = "select link_id from link_profile where vendor_id = $1 and external_id = $2";
        self.row(sql, params![vendor, external_id])?.map(|mut row| row.next()).transpose()
    }

    /// Leads a link elsewhere from now on.
    pub fn set_link_target(&mut self, link: &LinkId, url: &str) -> Result<(), StoreError> {
        self.execute("update link set url = $2 where id = $1", params![link, url])?;
        self.directory_changed()
    }
}

fn next_partner_profile(row: &mut Row) -> Result<PartnerProfile, StoreError> {
    Ok(PartnerProfile {
        tenant: row.next()?,
        country: row.next()?,
        description: row.next()?,
        image: row.next()?,
    })
}

/// Ids as a list for `= any($1)`.
pub(super) fn texts<T: ToString + Param>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
