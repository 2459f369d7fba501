//! What tax law wants to know of a partner, said on the account page; and the invoices written in the partner's name.

use super::Account;
use super::changes::{answer as answered, plain};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::http::Query;
use crate::invoicing;
use crate::routes::embed::Own;
use crate::routes::words::{Speech, Words};
use crate::routes::{find, pages, payout_settings, taxes};
use crate::store::{Page, Tx};
use crate::time::show_day;
use axum::extract::{Form, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use goodword_domain::money::Currency;
use goodword_wire::TaxProfile;

/// How many invoices the page lists.
const MOST: i64 = 60;

/// What the page says of taxes.
pub struct Taxes {
    /// The fields payouts wait for, in words; empty where they do not.
    pub missing: String,
    /// Word, name, and whether it is the one.
    pub kinds: [(&'static str, &'static str, bool); 3],
    pub name: String,
    pub address: String,
    pub country: String,
    pub vat: String,
    /// Whether the vendor writes invoices.
    pub writes: bool,
    pub agrees: bool,
    /// Number, and day with amount.
    pub invoices: Vec<(String, String)>,
}

impl Taxes {
    /// A partner's, of all the vendor's programs.
    pub fn of(tx: &mut Tx<'_>, w: &Words, own: &Own) -> Result<Self, Error> {
        let vendor = &own.program.vendor;
        let wanted = invoicing::wanted(&payout_settings::stored(tx, vendor)?)?;
        let p = taxes::of_partner(tx, vendor, &own.partner.id)?;
        let called = |field: &String| match field.as_str() {
            "country" => w.country,
            "name" => w.legal_name,
            "address" => w.address,
            "vatNumber" => w.vat_number,
            _ => "W-9 / W-8",
        };
        let chosen = (p.business, p.vat_exempt);
        let mut invoices = Vec::new();
        let page = Page { limit: MOST, ..Page::default() };
        for row in tx.invoices(vendor, Some(&own.partner.id), None, page)? {
            let said = invoicing::read(&row)?;
            let amount = Currency::parse(&said.currency)?.show(said.amount);
            invoices.push((invoicing::name(row.number), format!("{} · {amount}", show_day(row.at.day()))));
        }
        Ok(Self {
            missing: p.missing.iter().map(called).collect::<Vec<_>>().join(", "),
            kinds: [
                ("person", w.tax_person, !chosen.0),
                ("firm", w.tax_firm, chosen == (true, false)),
                ("exempt", w.tax_exempt, chosen == (true, true)),
            ],
            name: p.name.unwrap_or_default(),
            address: p.address.unwrap_or_default(),
            country: p.country.unwrap_or_default(),
            vat: p.vat_number.unwrap_or_default(),
            writes: wanted.self_billing,
            agrees: p.self_billing,
            invoices,
        })
    }
}

/// The fields.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct TaxForm {
    mark: String,
    program: String,
    kind: String,
    legal_name: String,
    address: String,
    country: String,
    vat: String,
    self_billing: String,
}

/// Saves them. Which form of the United States the vendor has on file, the vendor alone says.
pub async fn save(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<TaxForm>,
) -> Response {
    let program = plain(&form.program);
    let done = saved(&app, &account, form).await;
    answered(&app, words, &account, program, ("tax", done)).await
}

async fn saved(app: &App, account: &Account, form: TaxForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let told = taxes::read(&TaxProfile {
        country: Some(form.country),
        name: Some(form.legal_name),
        address: Some(form.address),
        business: form.kind != "person",
        vat_number: Some(form.vat),
        vat_exempt: form.kind == "exempt",
        form: None,
        self_billing: form.self_billing == "yes",
        missing: Vec::new(),
    })?;
    let (real, account) = (app.world.now(), account.again());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let now = find::now(tx, &own.program.vendor, real)?;
        let known = tx.tax_profile(&own.partner.id)?;
        let profile = goodword_domain::tax::Profile { form: known.form, ..told.clone() };
        Ok(tx.set_tax_profile(&own.program.vendor, &own.partner.id, &profile, now)?)
    });
    done.await
}

/// Which invoice.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct InvoiceQuery {
    id: String,
}

/// One of the partner's own invoices, to print.
pub async fn invoice(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Query(query): Query<InvoiceQuery>,
) -> Response {
    let found = shown(&app, &account, query).await;
    found.unwrap_or_else(|error| pages::refused(words, &error))
}

async fn shown(app: &App, account: &Account, query: InvoiceQuery) -> Result<Response, Error> {
    let account = account.again();
    let row = app.store.read(move |tx| {
        let row = invoicing::find(tx, &account.session.vendor, &query.id)?;
        if row.partner == account.session.partner {
            return Ok(row);
        }
        Err(Error::NotFound("This is not one of your invoices.".into()))
    });
    let headers = [(header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, Html(invoicing::page(&row.await?)?)).into_response())
}
