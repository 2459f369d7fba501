//! Sales: recorded always, credited where a partner is bound or found, and each only once.

use super::customers::Named;
use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::crediting::{self, Attributed, Came, Earned};
use crate::error::Error;
use crate::http::Body;
use crate::store::{Customer, Key, Program, Sale, Tx};
use crate::time::{self, show};
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::id::{ProgramId, SaleId, VendorId};
use goodword_domain::money::{Currency, parse_amount};
use goodword_domain::reward::Event;
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, SaleDetail, SaleInput, SaleOutput};

/// Report a sale
///
/// From a server (secret key). The same `invoiceId` of the same `paymentProcessor` again (or the same
/// `Idempotency-Key` header) gets the first answer; with other content it is refused with 409.
#[utoipa::path(post, path = "/v1/track/sale", tag = "track", request_body = SaleInput,
    responses((status = 200, body = SaleOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    caller: VendorCaller,
    headers: HeaderMap,
    Body(input): Body<SaleInput>,
) -> Result<Json<SaleOutput>, Error> {
    let report = Report::parse(input, idempotency_key(&headers)?)?;
    let (world, real) = (app.world, app.world.now());
    let sale =
        app.store.write(move |tx| Reporting { world, report: &report, vendor: &caller.vendor, real }.run(tx));
    Ok(Json(sale.await?))
}

/// One sale, with everything that was considered for it
#[utoipa::path(get, path = "/v1/sales/{id}", tag = "track", params(("id" = String, Path, description = "`sal_…`")),
    responses((status = 200, body = SaleOutput), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<SaleOutput>, Error> {
    let id = SaleId::parse(&id)?;
    let sale = app.store.read(move |tx| {
        let sale = tx.sale(&caller.vendor, &id)?;
        let sale = sale.ok_or_else(|| {
            Error::NotFound("There is no such sale in this mode: see GET /v1/events?event=sale.".into())
        })?;
        output(tx, &sale)
    });
    Ok(Json(sale.await?))
}

/// The `Idempotency-Key` header, if one was sent.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Error::BadRequest("The header `Idempotency-Key` must be 1 to 255 printable ASCII characters.".into())
    })
}

/// Where it was paid: a word of at most 40 letters, digits, `_` and `-`, in lower case.
pub fn parse_processor(text: Option<&String>) -> Result<String, Error> {
    let word =
        find::text("paymentProcessor", text, 40)?.unwrap_or_else(|| "custom".into()).to_ascii_lowercase();
    if crediting::plain(&word) {
        Ok(word)
    } else {
        Err(Error::field(
            "paymentProcessor",
            "must be a word such as `stripe`, `shopify`, `paddle` or `custom`.",
        ))
    }
}

/// A report, checked.
struct Report {
    input: SaleInput,
    named: Named,
    amount: i64,
    currency: Option<Currency>,
    processor: String,
    invoice_id: Option<String>,
    event_name: String,
    metadata: Option<String>,
    idempotency_key: Option<String>,
    hash: String,
}

impl Report {
    fn parse(input: SaleInput, idempotency_key: Option<String>) -> Result<Self, Error> {
        let amount =
            input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
        Ok(Self {
            named: Named::parse(
                input.customer_external_id.as_ref(),
                input.customer_name.as_ref(),
                input.customer_email.as_ref(),
            )?,
            amount: parse_amount("amount", amount)?,
            currency: input.currency.as_deref().map(Currency::parse).transpose()?,
            processor: parse_processor(input.payment_processor.as_ref())?,
            invoice_id: find::text("invoiceId", input.invoice_id.as_ref(), 255)?,
            event_name: find::text("eventName", input.event_name.as_ref(), 100)?
                .unwrap_or_else(|| "Purchase".into()),
            metadata: find::metadata(input.metadata.as_ref())?,
            hash: crediting::input_hash(&input)?,
            idempotency_key,
            input,
        })
    }

    fn key(&self, program: &Program) -> Option<Key> {
        let (source, external_id) = match (&self.invoice_id, &self.idempotency_key) {
            (Some(invoice), _) => (self.processor.clone(), invoice.clone()),
            (None, Some(key)) => ("idempotency-key".into(), key.clone()),
            (None, None) => return None,
        };
        Some(Key { program: program.id.clone(), source, external_id, kind: "sale" })
    }
}

struct Reporting<'a> {
    world: World,
    report: &'a Report,
    vendor: &'a VendorId,
    real: Instant,
}

impl Reporting<'_> {
    fn run(&self, tx: &mut Tx<'_>) -> Result<SaleOutput, Error> {
        let input = &self.report.input;
        let now = find::now(tx, self.vendor, self.real)?;
        let named = input.program_id.as_deref().map(ProgramId::parse).transpose()?;
        let (click, code) = (input.click_id.as_deref(), input.code.as_deref());
        let came = crediting::how_they_came(tx, self.vendor, named.as_ref(), click, code)?;
        let program = self.program(tx, named, &came)?;
        let key = self.report.key(&program);
        crediting::once(tx, key.as_ref(), &self.report.hash, now, |tx| {
            find::open(&program)?;
            self.check_currency(&program)?;
            let at = time::event_time(input.timestamp.as_deref(), now)?;
            self.store(tx, &program, &came, at)
        })
    }

    /// The program named; else that of the same invoice reported before, of the customer, of the code, of the click; else
    /// the default one. The invoice comes first so that a repeated report never lands in another program.
    fn program(&self, tx: &mut Tx<'_>, named: Option<ProgramId>, came: &Came) -> Result<Program, Error> {
        let reported = self.reported(tx)?;
        let found = match (named, reported) {
            (Some(named), Some(sale)) if sale.program != named => {
                return Err(Error::Conflict(format!(
                    "This invoice was reported to the program {} before, and one order is never credited twice.",
                    sale.program
                )));
            }
            (Some(named), _) => Some(named),
            (None, Some(sale)) => Some(sale.program),
            (None, None) => self.program_of_customer(tx)?.or_else(|| {
                let by_click = came.click.as_ref().map(|click| click.program.clone());
                came.code.as_ref().map(|link| link.program.clone()).or(by_click)
            }),
        };
        match found {
            Some(id) => find::program_by_id(tx, self.vendor, &id),
            None => find::program(tx, self.vendor, None),
        }
    }

    /// The same invoice, if it was reported before.
    fn reported(&self, tx: &mut Tx<'_>) -> Result<Option<Sale>, Error> {
        let Some(invoice) = &self.report.invoice_id else { return Ok(None) };
        Ok(tx.sale_by_invoice(self.vendor, None, &self.report.processor, invoice)?)
    }

    fn program_of_customer(&self, tx: &mut Tx<'_>) -> Result<Option<ProgramId>, Error> {
        Ok(self.report.named.known_to(tx, self.vendor)?.map(|customer| customer.program))
    }

    fn check_currency(&self, program: &Program) -> Result<(), Error> {
        let ours = program.terms.currency;
        match self.report.currency {
            Some(other) if other != ours => Err(Error::field(
                "currency",
                format!(
                    "must be {}, the program's currency; convert the amount, or report to a program in {}.",
                    ours.wire(),
                    other.wire()
                ),
            )),
            _ => Ok(()),
        }
    }

    fn store(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        came: &Came,
        at: Instant,
    ) -> Result<SaleOutput, Error> {
        let customer = self.report.named.customer(tx, self.world, program, at)?;
        let attributed = crediting::attribute(tx, program, &customer, came, at)?;
        let mut sale = self.sale(program, &customer, came, &attributed, at)?;
        let Some(winner) = &attributed.decision.winner else {
            tx.insert_sale(&sale)?;
            return output(tx, &sale);
        };
        // A trial, or a voucher for the whole price: nothing is earned, and nothing of a reward's duration is used up.
        if self.report.amount == 0 {
            sale.reason = "nothing_paid".into();
            tx.insert_sale(&sale)?;
            return output(tx, &sale);
        }
        if crediting::applying(tx, program, &customer, winner, Event::Sale, at)?.is_none() {
            sale.reason = "no_reward_applies".into();
        }
        tx.insert_sale(&sale)?;
        let (amount, id) = (self.report.amount, Some(sale.id.clone()));
        crediting::credit(
            tx,
            self.world,
            Earned { program, customer: &customer, winner, lead: None, sale: id, amount, at },
        )?;
        output(tx, &sale)
    }

    fn sale(
        &self,
        program: &Program,
        customer: &Customer,
        came: &Came,
        a: &Attributed,
        at: Instant,
    ) -> Result<Sale, Error> {
        let (report, winner) = (self.report, a.decision.winner.as_ref());
        Ok(Sale {
            id: SaleId::from_bits(self.world.bits()),
            vendor: program.vendor.clone(),
            program: program.id.clone(),
            customer: Some(customer.id.clone()),
            partner: winner.map(|w| w.partner.clone()),
            link: winner.map(|w| w.link.clone()),
            processor: report.processor.clone(),
            invoice_id: report.invoice_id.clone(),
            event_name: report.event_name.clone(),
            amount: report.amount,
            refunded: 0,
            currency: program.terms.currency,
            reason: a.reason(came).into(),
            touchpoints: serde_json::to_string(&a.touchpoints).map_err(|e| Error::internal(e.to_string()))?,
            metadata: report.metadata.clone(),
            at,
        })
    }
}

fn output(tx: &mut Tx<'_>, sale: &Sale) -> Result<SaleOutput, Error> {
    let vendor = &sale.vendor;
    let broken = |e: serde_json::Error| Error::internal(format!("a stored sale is broken: {e}"));
    let customer = sale.customer.as_ref().map(|id| tx.customer(vendor, id)).transpose()?.flatten();
    let commission = tx.commission_of_sale(&sale.id)?;
    Ok(SaleOutput {
        id: sale.id.to_string(),
        event_name: sale.event_name.clone(),
        customer: customer.map(|c| view::customer(tx, &c)).transpose()?,
        sale: SaleDetail {
            amount: sale.amount,
            currency: sale.currency.wire(),
            payment_processor: sale.processor.clone(),
            invoice_id: sale.invoice_id.clone(),
            refunded: sale.refunded,
            metadata: sale.metadata.as_deref().map(serde_json::from_str).transpose().map_err(broken)?,
            created_at: show(sale.at),
        },
        partner: sale.partner.as_ref().map(|id| view::partner_ref(tx, vendor, id)).transpose()?,
        credited: sale.partner.is_some(),
        reason: sale.reason.clone(),
        commission: commission.map(|row| view::commission(tx, &row)).transpose()?,
        touchpoints: serde_json::from_str(&sale.touchpoints).map_err(broken)?,
    })
}
