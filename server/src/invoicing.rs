//! Invoices that the vendor writes in partners' names, because they agreed to it: one over each payout that is paid, and one that undoes it
//! where the payout comes back. Each is written in the transaction that marks the payout, under a lock of the vendor's, so that numbers
//! have no gaps; what it says is kept as it was then.

use crate::error::Error;
use crate::hash;
use crate::store::{InvoiceRow, PayoutRow, Tx};
use crate::time::show_day;
use askama::Template;
use goodword_domain::id::VendorId;
use goodword_domain::money::{Currency, Percentage};
use goodword_domain::payout::Mark;
use goodword_domain::tax::{Country, Profile, Treatment, Wanted};
use goodword_domain::time::Instant;
use goodword_wire::{PayoutSettings, TaxSettings};
use serde::{Deserialize, Serialize};

/// What an invoice says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// The partner: name, address, country, VAT number.
    pub seller: Party,
    /// The vendor.
    pub buyer: Party,
    /// What it is for.
    pub program: String,
    /// The first and the last day.
    pub period: (String, String),
    pub currency: String,
    /// What was paid, minor units; negative where it undoes another.
    pub amount: i64,
    /// Without VAT.
    pub net: i64,
    pub vat: i64,
    /// Percent, where there is VAT.
    pub rate: Option<String>,
    /// Whether the payer owes the VAT.
    pub reverse_charge: bool,
}

/// Who sells, or buys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    pub name: String,
    pub address: String,
    pub country: String,
    pub vat: Option<String>,
}

/// What a vendor's settings want.
pub fn wanted(settings: &PayoutSettings) -> Result<Wanted, Error> {
    let told: TaxSettings = settings.tax.clone().unwrap_or_default();
    let country = told.country.as_deref().filter(|text| !text.trim().is_empty());
    let rate = told.domestic_vat.as_deref().filter(|text| !text.trim().is_empty());
    let parse = |text: &str| Percentage::parse(text).map_err(|e| Error::field("tax.domesticVat", e.remedy));
    Ok(Wanted {
        required: told.required,
        country: country.map(|text| Country::parse("tax.country", text)).transpose()?,
        self_billing: told.self_billing,
        domestic_vat: rate.map(parse).transpose()?,
    })
}

/// Writes what belongs to a payout that was marked.
pub fn marked(tx: &mut Tx<'_>, row: &PayoutRow, mark: Mark, at: Instant) -> Result<(), Error> {
    match mark {
        Mark::Paid => paid(tx, row, at),
        Mark::Returned => returned(tx, row, at),
        Mark::Approved | Mark::Canceled | Mark::Failed => Ok(()),
    }
}

fn paid(tx: &mut Tx<'_>, row: &PayoutRow, at: Instant) -> Result<(), Error> {
    let settings = crate::routes::payout_settings::stored(tx, &row.vendor)?;
    let (wanted, profile) = (wanted(&settings)?, tx.tax_profile(&row.payout.partner)?);
    let complete = profile.missing(&wanted).is_empty();
    let agreed = wanted.self_billing && profile.self_billing;
    if !(agreed && complete && row.payout.currency.is_money()) {
        return Ok(());
    }
    let document = document(tx, row, &settings, (&profile, &wanted))?;
    insert(tx, row, None, &document, at)
}

fn returned(tx: &mut Tx<'_>, row: &PayoutRow, at: Instant) -> Result<(), Error> {
    let Some(first) = tx.invoices_of_payout(&row.payout.id)?.into_iter().next() else { return Ok(()) };
    let was = read(&first)?;
    let document = Document { amount: -was.amount, net: -was.net, vat: -was.vat, ..was };
    insert(tx, row, Some(first.number), &document, at)
}

fn insert(
    tx: &mut Tx<'_>,
    row: &PayoutRow,
    undoes: Option<i64>,
    document: &Document,
    at: Instant,
) -> Result<(), Error> {
    tx.lock(&[hash::number(&format!("self invoices:{}", row.vendor))])?;
    let number = tx.latest_invoice(&row.vendor)? + 1;
    let document = serde_json::to_string(document).map_err(|e| Error::internal(e.to_string()))?;
    let (vendor, program) = (row.vendor.clone(), row.program.clone());
    let (partner, payout) = (row.payout.partner.clone(), row.payout.id.clone());
    Ok(tx.insert_invoice(&InvoiceRow { vendor, number, program, partner, payout, undoes, document, at })?)
}

fn document(
    tx: &mut Tx<'_>,
    row: &PayoutRow,
    settings: &PayoutSettings,
    (profile, wanted): (&Profile, &Wanted),
) -> Result<Document, Error> {
    let program = tx.program(&row.vendor, &row.program)?.map(|program| program.name).unwrap_or_default();
    let vendor = tx.vendor(&row.vendor)?.map(|vendor| vendor.name).unwrap_or_default();
    let issuer = settings.credit_note.clone().unwrap_or_default();
    let country = |country: Option<Country>| country.map(|country| country.to_string()).unwrap_or_default();
    let amount = row.payout.amount;
    let treatment = profile.treatment(wanted, amount);
    let (net, vat, rate) = match &treatment {
        Treatment::Included { rate, net, vat } => (*net, *vat, Some(rate.to_string())),
        Treatment::ReverseCharge | Treatment::None => (amount, 0, None),
    };
    Ok(Document {
        seller: Party {
            name: profile.name.clone().unwrap_or_else(|| row.partner_name.clone()),
            address: profile.address.clone().unwrap_or_default(),
            country: country(profile.country),
            vat: profile.vat.as_ref().map(|vat| vat.as_str().to_owned()),
        },
        buyer: Party {
            name: vendor,
            address: issuer.address,
            country: country(wanted.country),
            vat: issuer.tax_id,
        },
        program,
        period: (show_day(row.period.0.day()), show_day(row.period.1.day())),
        currency: row.payout.currency.wire(),
        amount,
        net,
        vat,
        rate,
        reverse_charge: treatment == Treatment::ReverseCharge,
    })
}

/// What an invoice says, from what is kept.
pub fn read(row: &InvoiceRow) -> Result<Document, Error> {
    let broken = |e: serde_json::Error| Error::internal(format!("invoice {} is broken: {e}", row.number));
    serde_json::from_str(&row.document).map_err(broken)
}

/// `SB-000012`.
pub fn name(number: i64) -> String {
    format!("SB-{number:06}")
}

/// The number of a name.
pub fn number(name: &str) -> Result<i64, Error> {
    let digits = name.strip_prefix("SB-").filter(|digits| digits.len() >= 6);
    let number = digits.and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| Error::field("id", "must be the number of an invoice, such as `SB-000012`."))
}

#[derive(Template)]
#[template(path = "self_invoice.html")]
struct Page {
    name: String,
    undoes: Option<String>,
    date: String,
    d: Document,
    net: String,
    vat: String,
    total: String,
}

/// The invoice to be read and printed.
pub fn page(row: &InvoiceRow) -> Result<String, Error> {
    let d = read(row)?;
    let currency = Currency::parse(&d.currency)?;
    let page = Page {
        name: name(row.number),
        undoes: row.undoes.map(name),
        date: show_day(row.at.day()),
        net: currency.show(d.net),
        vat: currency.show(d.vat),
        total: currency.show(d.amount),
        d,
    };
    page.render().map_err(|e| Error::internal(e.to_string()))
}

/// The invoice of a number, of a vendor's.
pub fn find(tx: &mut Tx<'_>, vendor: &VendorId, named: &str) -> Result<InvoiceRow, Error> {
    let found = tx.invoice(vendor, number(named)?)?;
    found.ok_or_else(|| {
        Error::NotFound("There is no such invoice in this mode: see GET /v1/self-invoices.".into())
    })
}
