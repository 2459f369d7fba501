//! Events in the shape that public SDKs read: each with its click, its link and its person in full.

use super::figures::device_name;
use super::listed;
use crate::error::Error;
use crate::http::country_letters;
use crate::shared::{Record, Words};
use crate::store::{Click, Customer, EventRow, Link, Tx};
use crate::time::show;
use goodword_domain::click::site;
use goodword_domain::id::{ClickId, LeadId, SaleId, VendorId};
use goodword_wire::{EventClick, EventSale, ListedEvent, Metadata};
use serde_json::{Map, Value, json};

/// Payment processors that SDKs know.
const PROCESSORS: [&str; 9] =
    ["stripe", "shopify", "polar", "paddle", "apple", "revenuecat", "lemonsqueezy", "dub", "custom"];

/// Who asks, and how to answer.
pub struct Asked<'a> {
    pub vendor: &'a VendorId,
    pub public_url: &'a str,
    pub words: Words,
}

/// What an event is about, as it is stored.
#[derive(Default)]
struct Facts {
    name: String,
    click: Option<Click>,
    link: Option<Link>,
    customer: Option<Customer>,
    sale: Option<EventSale>,
    metadata: Option<String>,
}

impl Asked<'_> {
    /// A click.
    pub fn click(&self, tx: &mut Tx<'_>, row: &EventRow) -> Result<Value, Error> {
        let click = self.stored_click(tx, &ClickId::parse(&row.id)?)?;
        let facts = Facts { name: "Click".into(), click, link: self.link(tx, row)?, ..Facts::default() };
        self.show(tx, row, "click", facts)
    }

    /// A sign-up.
    pub fn lead(&self, tx: &mut Tx<'_>, row: &EventRow) -> Result<Value, Error> {
        let lead = tx.lead(self.vendor, &LeadId::parse(&row.id)?)?;
        let lead = lead.ok_or_else(|| Error::internal("a listed lead vanished"))?;
        let facts = Facts {
            name: lead.event_name,
            click: lead.click.map(|id| self.stored_click(tx, &id)).transpose()?.flatten(),
            link: self.link(tx, row)?,
            customer: tx.customer(self.vendor, &lead.customer)?,
            sale: None,
            metadata: lead.metadata,
        };
        self.show(tx, row, "lead", facts)
    }

    /// A sale.
    pub fn sale(&self, tx: &mut Tx<'_>, row: &EventRow) -> Result<Value, Error> {
        let sale = tx.sale(self.vendor, &SaleId::parse(&row.id)?)?;
        let sale = sale.ok_or_else(|| Error::internal("a listed sale vanished"))?;
        let customer = sale.customer.as_ref().map(|id| tx.customer(self.vendor, id)).transpose()?.flatten();
        let bound = customer.as_ref().and_then(|c| c.bound.as_ref()).and_then(|b| b.leading.click.clone());
        let known = PROCESSORS.contains(&sale.processor.as_str()) || self.words == Words::Ours;
        let facts = Facts {
            name: sale.event_name,
            click: bound.map(|id| self.stored_click(tx, &id)).transpose()?.flatten(),
            link: self.link(tx, row)?,
            customer,
            sale: Some(EventSale {
                amount: sale.amount,
                currency: sale.currency.wire(),
                invoice_id: sale.invoice_id,
                payment_processor: if known { sale.processor } else { "custom".into() },
            }),
            metadata: sale.metadata,
        };
        self.show(tx, row, "sale", facts)
    }

    fn stored_click(&self, tx: &mut Tx<'_>, id: &ClickId) -> Result<Option<Click>, Error> {
        let found = tx.clicks(std::slice::from_ref(id))?.into_iter();
        Ok(found.filter(|(vendor, _)| vendor == self.vendor).map(|(_, click)| click).next())
    }

    fn link(&self, tx: &mut Tx<'_>, row: &EventRow) -> Result<Option<Link>, Error> {
        Ok(row.link.as_ref().map(|id| tx.link(self.vendor, id)).transpose()?.flatten())
    }

    fn show(&self, tx: &mut Tx<'_>, row: &EventRow, event: &str, facts: Facts) -> Result<Value, Error> {
        let link = match &facts.link {
            Some(link) => listed::link(tx, self.public_url, link)?,
            None => self.no_link(),
        };
        let click = shown_click(facts.click.as_ref(), &link.link.url, show(row.at));
        let customer = match &facts.customer {
            Some(customer) => Some(listed::customer(tx, self.public_url, customer)?),
            None if event == "click" => None,
            None => Some(nobody(row)),
        };
        let metadata: Option<Metadata> =
            facts.metadata.map(|text| serde_json::from_str(&text)).transpose().map_err(|e| broken(&e))?;
        let flat = flat(&click, &link.link, facts.sale.as_ref());
        let customer = customer.map(|c| Record::Customer.full(self.words, &c)).transpose()?;
        let told = ListedEvent {
            event: event.to_owned(),
            event_id: row.id.clone(),
            event_name: facts.name,
            timestamp: show(row.at),
            click,
            link: Record::Link.full(self.words, &link)?,
            customer: None,
            sale: facts.sale,
            metadata,
        };
        let mut told = serde_json::to_value(&told).map_err(|e| broken(&e))?;
        if let Value::Object(fields) = &mut told {
            fields.extend(customer.map(|customer| ("customer".to_owned(), customer)));
            fields.extend(flat);
        }
        Ok(told)
    }

    /// What stands where no link led to an event: SDKs take it for granted that one did.
    fn no_link(&self) -> goodword_wire::ListedLink {
        let empty = String::new;
        let link = goodword_wire::Link {
            id: empty(),
            partner_id: empty(),
            program_id: empty(),
            code: empty(),
            key: empty(),
            short_link: empty(),
            direct_link: empty(),
            url: empty(),
            created_at: empty(),
        };
        let (workspace_id, project_id) = (self.vendor.to_string(), self.vendor.to_string());
        let more = goodword_wire::LinkMore { workspace_id, project_id, ..Default::default() };
        goodword_wire::ListedLink { link, more }
    }
}

fn broken(error: &serde_json::Error) -> Error {
    Error::internal(format!("a stored event is broken: {error}"))
}

/// Who stands where nobody is known.
fn nobody(row: &EventRow) -> goodword_wire::ListedCustomer {
    let customer = goodword_wire::Customer {
        id: String::new(),
        external_id: None,
        name: None,
        email: None,
        avatar: None,
        created_at: show(row.at),
        partner: None,
    };
    goodword_wire::ListedCustomer { customer, more: goodword_wire::CustomerMore::default() }
}

fn shown_click(click: Option<&Click>, leads_to: &str, event_at: String) -> EventClick {
    let unknown = || "Unknown".to_owned();
    let referrer = click.and_then(|c| c.referrer.clone()).filter(|r| !r.is_empty());
    EventClick {
        id: click.map(|c| c.id.to_string()).unwrap_or_default(),
        timestamp: click.map_or(event_at, |c| show(c.at)),
        url: click.and_then(|c| c.landed.clone()).unwrap_or_else(|| leads_to.to_owned()),
        country: click.and_then(|c| country_letters(c.country)).unwrap_or_else(unknown),
        city: unknown(),
        region: unknown(),
        continent: unknown(),
        device: device_name(click.map_or(0, |c| c.device)).to_owned(),
        browser: unknown(),
        os: unknown(),
        referer: referrer.as_deref().and_then(site).unwrap_or_else(|| "(direct)".into()),
        referer_url: referrer.unwrap_or_else(|| "(direct)".into()),
        qr: false,
        ip: String::new(),
    }
}

/// The same once more in fields without nesting, as SDKs still read them.
fn flat(click: &EventClick, link: &goodword_wire::Link, sale: Option<&EventSale>) -> Map<String, Value> {
    let mut fields = json!({
        "click_id": click.id, "link_id": link.id, "domain": "", "key": link.key, "url": click.url,
        "continent": click.continent, "country": click.country, "city": click.city, "device": click.device,
        "browser": click.browser, "os": click.os, "qr": 0, "ip": "",
    });
    if let Some(sale) = sale {
        fields["saleAmount"] = json!(sale.amount);
        fields["invoice_id"] = json!(sale.invoice_id.clone().unwrap_or_default());
        fields["payment_processor"] = json!(sale.payment_processor);
    }
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
