//! From stored rows to what lists tell of them, many at a time.

use super::view;
use crate::applying;
use crate::error::Error;
use crate::store::{self, CommissionRow, Link, PartnerCard, PayoutRow, Tx};
use crate::time::show;
use goodword_domain::id::{CommissionId, CustomerId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_wire as wire;
use std::collections::{BTreeSet, HashMap};

/// The host of our own address.
pub fn host(public_url: &str) -> &str {
    public_url.split_once("://").map_or(public_url, |(_, host)| host)
}

/// The link somebody came by, in brief.
pub fn lead_link(public_url: &str, l: &Link) -> wire::LeadLink {
    let wire::LinkRef { id, code, key, short_link } = view::link_ref(public_url, l);
    wire::LeadLink {
        id,
        code,
        domain: host(public_url).to_owned(),
        key,
        short_link,
        url: l.url.clone(),
        partner_id: l.partner.to_string(),
        program_id: l.program.to_string(),
        external_id: None,
        tenant_id: None,
    }
}

/// Links with their figures.
pub fn links(tx: &mut Tx<'_>, public_url: &str, links: &[Link]) -> Result<Vec<wire::ListedLink>, Error> {
    let figures = figures(tx, links)?;
    links_with(tx, public_url, links, &figures)
}

/// The same where their figures are known by their numbers.
fn links_with(
    tx: &mut Tx<'_>,
    public_url: &str,
    links: &[Link],
    figures: &HashMap<i64, store::Figures>,
) -> Result<Vec<wire::ListedLink>, Error> {
    let ids: Vec<LinkId> = links.iter().map(|l| l.id.clone()).collect();
    let (profiles, conversions) = (tx.link_profiles(&ids)?, conversions(tx, links)?);
    let mut tenants: HashMap<PartnerId, Option<String>> = HashMap::new();
    let mut listed = Vec::with_capacity(links.len());
    for l in links {
        let tenant = match tenants.get(&l.partner) {
            Some(tenant) => tenant.clone(),
            None => tx.partner_profile(&l.partner)?.tenant,
        };
        tenants.insert(l.partner.clone(), tenant.clone());
        let profile = profiles.get(&l.id).cloned().unwrap_or_default();
        let sums = figures.get(&l.number).copied().unwrap_or_default();
        let link = view::link(public_url, l);
        let more = wire::LinkMore {
            domain: host(public_url).to_owned(),
            qr_code: format!("{public_url}/v1/qr?url={}", encoded(&link.short_link)),
            external_id: profile.external_id,
            tenant_id: tenant,
            comments: profile.comments,
            workspace_id: l.vendor.to_string(),
            project_id: l.vendor.to_string(),
            clicks: sums.clicks,
            leads: sums.leads,
            conversions: conversions.get(&l.id).copied().unwrap_or_default(),
            sales: sums.sales,
            sale_amount: sums.amount,
            updated_at: show(profile.changed_at.unwrap_or(l.created_at)),
        };
        listed.push(wire::ListedLink { link, more });
    }
    Ok(listed)
}

/// How many people each link has brought who earned somebody a commission.
fn conversions(tx: &mut Tx<'_>, links: &[Link]) -> Result<HashMap<LinkId, i64>, Error> {
    let mut conversions = HashMap::new();
    for links in links.chunk_by(|one, next| one.program == next.program) {
        let ids: Vec<LinkId> = links.iter().map(|l| l.id.clone()).collect();
        if let Some(first) = links.first() {
            conversions.extend(tx.conversions_of_links(&first.program, &ids)?);
        }
    }
    Ok(conversions)
}

/// One link with its figures.
pub fn link(tx: &mut Tx<'_>, public_url: &str, l: &Link) -> Result<wire::ListedLink, Error> {
    let listed = links(tx, public_url, std::slice::from_ref(l))?.pop();
    listed.ok_or_else(|| Error::internal("a link was not listed"))
}

fn figures(tx: &mut Tx<'_>, links: &[Link]) -> Result<HashMap<i64, store::Figures>, Error> {
    let mut programs: HashMap<&ProgramId, Vec<i64>> = HashMap::new();
    for l in links {
        programs.entry(&l.program).or_default().push(l.number);
    }
    let mut figures = HashMap::new();
    for (program, numbers) in programs {
        figures.extend(tx.figures_by_link(program, &numbers)?);
    }
    Ok(figures)
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Enrollments with everything lists tell of them.
pub fn partners(
    tx: &mut Tx<'_>,
    public_url: &str,
    rows: &[(store::Enrollment, store::Partner)],
) -> Result<Vec<wire::ListedPartner>, Error> {
    let ids: Vec<PartnerId> = rows.iter().map(|(_, p)| p.id.clone()).collect();
    let cards = match rows.first() {
        Some((first, _)) => tx.partner_cards(&first.vendor, &ids)?,
        None => HashMap::new(),
    };
    // The figures of all links at once: they are most of what a list costs.
    let stored = rows.iter().map(|(e, p)| tx.links_of(&e.program, &p.id)).collect::<Result<Vec<_>, _>>()?;
    let figures = figures(tx, &stored.concat())?;
    let listed = rows.iter().zip(&stored).map(|((e, p), stored)| {
        let mut totals = store::Figures::default();
        for link in stored {
            totals += figures.get(&link.number).copied().unwrap_or_default();
        }
        let signals = applying::signals(tx, e, p)?;
        let partner =
            wire::Partner { signals, ..view::partner_with(tx, public_url, (e, p), (stored, totals))? };
        let links = links_with(tx, public_url, stored, &figures)?;
        let card = card(cards.get(&p.id), &p.id, None);
        let profile = cards.get(&p.id).map(|c| c.profile.clone()).unwrap_or_default();
        let more = wire::PartnerMore {
            partner_id: p.id.to_string(),
            tenant_id: card.tenant_id,
            image: card.image,
            country: card.country,
            description: profile.description,
            total_conversions: links.iter().map(|l| l.more.conversions).sum(),
            links,
            net_revenue: partner.total_sale_amount - partner.total_commissions,
            network_status: "approved".into(),
            default_payout_method: card.default_payout_method,
            payouts_enabled_at: card.payouts_enabled_at,
        };
        Ok(wire::ListedPartner { partner, more })
    });
    listed.collect()
}

/// One enrollment.
pub fn partner(
    tx: &mut Tx<'_>,
    public_url: &str,
    row: (store::Enrollment, store::Partner),
) -> Result<wire::ListedPartner, Error> {
    let listed = partners(tx, public_url, &[row])?.pop();
    listed.ok_or_else(|| Error::internal("a partner was not listed"))
}

fn card(card: Option<&PartnerCard>, id: &PartnerId, group: Option<String>) -> wire::PartnerCard {
    let Some(card) = card else { return wire::PartnerCard { id: id.to_string(), ..Default::default() } };
    let method = match card.paid_by.as_deref() {
        Some("paypal") => Some("paypal"),
        Some("gift_card") => Some("tremendous"),
        _ => None,
    };
    wire::PartnerCard {
        id: card.id.to_string(),
        name: card.name.clone(),
        email: Some(card.email.clone()),
        image: card.profile.image.clone(),
        country: card.profile.country.clone(),
        tenant_id: card.profile.tenant.clone(),
        group_id: group,
        default_payout_method: method.map(str::to_owned),
        payouts_enabled_at: card.paid_by.as_ref().and(card.paid_by_since).map(show),
    }
}

/// Customers with what they bought.
pub fn customers(
    tx: &mut Tx<'_>,
    public_url: &str,
    rows: &[store::Customer],
) -> Result<Vec<wire::ListedCustomer>, Error> {
    let ids: Vec<CustomerId> = rows.iter().map(|c| c.id.clone()).collect();
    let (profiles, bought) = (tx.customer_profiles(&ids)?, tx.bought(&ids)?);
    let bound: Vec<_> = rows.iter().filter_map(|c| c.bound.as_ref()).map(|b| b.leading.clone()).collect();
    let partners: Vec<PartnerId> = bound.iter().map(|credit| credit.partner.clone()).collect();
    let cards = match rows.first() {
        Some(first) => tx.partner_cards(&first.vendor, &partners)?,
        None => HashMap::new(),
    };
    let listed = rows.iter().map(|c| {
        let profile = profiles.get(&c.id).cloned().unwrap_or_default();
        let bought = bought.get(&c.id).copied().unwrap_or_default();
        let credit = c.bound.as_ref().map(|b| &b.leading);
        let link = credit.map(|credit| tx.link(&c.vendor, &credit.link)).transpose()?.flatten();
        let customer = view::customer(tx, c)?;
        let more = wire::CustomerMore {
            external_id: c.external_id.clone().unwrap_or_default(),
            avatar: profile.avatar,
            country: profile.country,
            stripe_customer_id: profile.stripe_customer,
            sales: bought.sales,
            sale_amount: bought.amount,
            first_sale_at: bought.first_at.map(show),
            program_id: c.program.to_string(),
            partner: credit.map(|credit| card(cards.get(&credit.partner), &credit.partner, None)),
            link: link.map(|l| lead_link(public_url, &l)),
        };
        Ok(wire::ListedCustomer { customer, more })
    });
    listed.collect()
}

/// One customer.
pub fn customer(
    tx: &mut Tx<'_>,
    public_url: &str,
    c: &store::Customer,
) -> Result<wire::ListedCustomer, Error> {
    let listed = customers(tx, public_url, std::slice::from_ref(c))?.pop();
    listed.ok_or_else(|| Error::internal("a customer was not listed"))
}

/// Commissions with whom and what they are about.
pub fn commissions(
    tx: &mut Tx<'_>,
    public_url: &str,
    rows: &[CommissionRow],
) -> Result<Vec<wire::ListedCommission>, Error> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let ids: Vec<CommissionId> = rows.iter().map(|row| row.commission.id.clone()).collect();
    let mut aftermaths = tx.aftermaths(&ids)?;
    let partners: Vec<PartnerId> = rows.iter().map(|row| row.commission.partner.clone()).collect();
    let cards = tx.partner_cards(&first.vendor, &partners)?;
    let buyers = buyers(tx, public_url, &first.vendor, rows)?;
    let listed = rows.iter().map(|row| {
        let (c, after) = (&row.commission, aftermaths.remove(&row.commission.id).unwrap_or_default());
        let group = tx.known_partner(&row.vendor, &row.program, &c.partner)?.group.clone();
        let metadata = after.metadata.map(|text| serde_json::from_str(&text)).transpose();
        let metadata = metadata.map_err(|e| Error::internal(format!("stored metadata is broken: {e}")))?;
        let more = wire::CommissionMore {
            partner: card(cards.get(&c.partner), &c.partner, group.map(|id| id.to_string())),
            customer: row.customer.as_ref().and_then(|id| buyers.get(id)).cloned(),
            description: row.note.clone(),
            quantity: after.units.max(1),
            metadata,
            updated_at: show(after.moved_at.unwrap_or(row.at)),
            paid_at: after.paid_at.map(show),
        };
        Ok(wire::ListedCommission { commission: view::commission(tx, row)?, more })
    });
    listed.collect()
}

/// One commission.
pub fn commission(
    tx: &mut Tx<'_>,
    public_url: &str,
    row: &CommissionRow,
) -> Result<wire::ListedCommission, Error> {
    let listed = commissions(tx, public_url, std::slice::from_ref(row))?.pop();
    listed.ok_or_else(|| Error::internal("a commission was not listed"))
}

fn buyers(
    tx: &mut Tx<'_>,
    public_url: &str,
    vendor: &VendorId,
    rows: &[CommissionRow],
) -> Result<HashMap<CustomerId, wire::ListedCustomer>, Error> {
    let ids: BTreeSet<&CustomerId> = rows.iter().filter_map(|row| row.customer.as_ref()).collect();
    let mut stored = Vec::new();
    for id in ids {
        stored.extend(tx.customer(vendor, id)?);
    }
    let listed = customers(tx, public_url, &stored)?;
    Ok(stored.into_iter().map(|c| c.id).zip(listed).collect())
}

/// Payouts with whom they go to.
pub fn payouts(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    rows: &[PayoutRow],
    view: impl Fn(&PayoutRow) -> wire::Payout,
) -> Result<Vec<wire::ListedPayout>, Error> {
    let partners: Vec<PartnerId> = rows.iter().map(|row| row.payout.partner.clone()).collect();
    let cards = tx.partner_cards(vendor, &partners)?;
    let listed = rows.iter().map(|row| {
        let o = &row.payout;
        let group = tx.known_partner(&row.vendor, &row.program, &o.partner)?.group.clone();
        let undone = row.ended_at.is_some();
        let changed = [row.ended_at, row.paid_at, row.initiated_at].into_iter().flatten().max();
        let more = wire::PayoutMore {
            partner: card(cards.get(&o.partner), &o.partner, group.map(|id| id.to_string())),
            description: row.note.clone(),
            failure_reason: row.note.clone().filter(|_| undone),
            updated_at: show(changed.unwrap_or(row.created_at)),
        };
        Ok(wire::ListedPayout { payout: view(row), more })
    });
    listed.collect()
}
