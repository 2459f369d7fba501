//! Sales: recorded always, credited where a partner is bound or found, and each only once.

use super::desk::{self, Desk};
use super::{Added, Case, Opened, Report, Told, customer, decide_all, event_time, program_of};
use crate::auth::{EventCaller, secret_needed};
use crate::crediting::{self, Attributed, Earned, plain};
use crate::error::Error;
use crate::routes::{find, view};
use crate::store::{CommissionRow, Customer, Key, Program, Sale, Together, Tx};
use crate::time::show;
use goodword_domain::id::{ProgramId, SaleId};
use goodword_domain::money::Currency;
use goodword_domain::reward::Event;
use goodword_domain::time::Instant;
use goodword_wire::{SaleDetail, SaleOutput, Touchpoint};
use std::sync::Arc;

/// A report of a sale, checked.
#[derive(Clone, Debug)]
pub struct SaleReport {
    pub told: Told,
    /// Minor units.
    pub amount: i64,
    pub currency: Option<Currency>,
    pub processor: String,
    pub invoice_id: Option<String>,
    pub idempotency_key: Option<String>,
}

/// Where it was paid: a word of at most 40 letters, digits, `_` and `-`, in lower case.
pub fn parse_processor(text: Option<&String>) -> Result<String, Error> {
    let word =
        find::text("paymentProcessor", text, 40)?.unwrap_or_else(|| "custom".into()).to_ascii_lowercase();
    if plain(&word) {
        Ok(word)
    } else {
        Err(Error::field(
            "paymentProcessor",
            "must be a word such as `stripe`, `shopify`, `paddle` or `custom`.",
        ))
    }
}

impl Together for SaleReport {
    /// JSON.
    type Answer = String;

    fn together(tx: &mut Tx<'_>, reports: &[&Self]) -> Result<Vec<Result<String, Error>>, Error> {
        decide_all(tx, reports)
    }
}

impl Report for SaleReport {
    fn told(&self) -> &Told {
        &self.told
    }

    fn names(&self) -> Vec<String> {
        let invoice = self.invoice().map(|(processor, invoice)| format!("invoice:{processor}:{invoice}"));
        let key = self.idempotency_key.as_ref().map(|key| format!("key:{key}"));
        invoice.into_iter().chain(key).collect()
    }

    fn invoice(&self) -> Option<(&str, &str)> {
        self.invoice_id.as_deref().map(|invoice| (self.processor.as_str(), invoice))
    }

    fn admit(&self, caller: &EventCaller) -> Result<(), Error> {
        if caller.is_vendor() { Ok(()) } else { Err(secret_needed()) }
    }

    /// The program named; else that of the same invoice reported before, of the customer, of the code, of the click; else
    /// the default one. The invoice comes first so that a repeated report never lands in another program.
    fn program(&self, tx: &mut Tx<'_>, desk: &Desk, opened: &Opened) -> Result<Arc<Program>, Error> {
        let vendor = opened.vendor();
        let reported = self.invoice().and_then(|invoice| desk.reported(vendor, invoice)).cloned();
        let found = match (self.told.program.clone(), reported) {
            (Some(named), Some(reported)) if reported != named => {
                return Err(Error::Conflict(format!(
                    "This invoice was reported to the program {reported} before, and one order is never credited twice."
                )));
            }
            (Some(named), _) => Some(named),
            (None, Some(reported)) => Some(reported),
            (None, None) => self.program_by_person(desk, opened),
        };
        program_of(tx, vendor, found.as_ref())
    }

    fn key(&self, case: &Case) -> Option<Key> {
        let (source, external_id) = match (&self.invoice_id, &self.idempotency_key) {
            (Some(invoice), _) => (self.processor.clone(), invoice.clone()),
            (None, Some(key)) => ("idempotency-key".into(), key.clone()),
            (None, None) => return None,
        };
        Some(Key { program: case.program.id.clone(), source, external_id, kind: "sale" })
    }

    fn decide(&self, tx: &mut Tx<'_>, desk: &Desk, case: &Case) -> Result<(String, Added), Error> {
        find::open(&case.program)?;
        self.check_currency(&case.program)?;
        let at = event_time(&self.told, case.now)?;
        let known = customer(desk, &self.told, case, at);
        let touches = desk::touches(tx, desk, case, at)?;
        let attributed = crediting::attribute(tx, &case.program, &known, &touches, at)?;
        let buyer = crediting::bound(self.told.named.complete(known), attributed.decision.winner.as_ref());
        self.credit(tx, case, buyer, &attributed, at)
    }
}

impl SaleReport {
    fn program_by_person(&self, desk: &Desk, opened: &Opened) -> Option<ProgramId> {
        let vendor = opened.vendor();
        let known = desk.known_to(vendor, &self.told.named).map(|customer| customer.program.clone());
        let by_code = || opened.code.as_ref().map(|known| known.link.program.clone());
        let by_click = || {
            let click = self.told.click().and_then(|id| desk.click(vendor, &id));
            click.map(|click| click.program.clone())
        };
        known.or_else(by_code).or_else(by_click)
    }

    fn check_currency(&self, program: &Program) -> Result<(), Error> {
        let ours = program.terms.currency;
        match self.currency {
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

    fn credit(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        mut buyer: Customer,
        attributed: &Attributed,
        at: Instant,
    ) -> Result<(String, Added), Error> {
        let mut sale = self.sale(case, &buyer, attributed, at)?;
        let earned = match &attributed.decision.winner {
            None => None,
            // A trial, or a voucher for the whole price: nothing is earned, and nothing of a reward's duration is used up.
            Some(_) if self.amount == 0 => {
                sale.reason = "nothing_paid".into();
                None
            }
            Some(winner) => {
                let reward = crediting::applying(tx, &case.program, &buyer, winner, Event::Sale, at)?;
                if reward.is_none() {
                    sale.reason = "no_reward_applies".into();
                }
                reward.map(|reward| (winner, reward))
            }
        };
        let commission = earned.map(|(winner, reward)| {
            let (program, customer, id) = (&*case.program, &buyer, Some(sale.id.clone()));
            let (amount, invoice_id) = (self.amount, sale.invoice_id.clone());
            let of = Earned { program, customer, winner, lead: None, sale: id, invoice_id, amount, at };
            crediting::credit(self.told.world, &reward, of)
        });
        if commission.as_ref().is_some_and(|(row, _)| row.commission.earnings > 0) {
            let first = buyer.first_commissioned_at.map_or(at, |before| before.min(at));
            buyer.first_commissioned_at = Some(first);
        }
        let earned = commission.as_ref().map(|(row, _)| row);
        let answer = sale_output(tx, &sale, Some(&buyer), earned, attributed.touchpoints.clone())?;
        let answer = serde_json::to_string(&answer).map_err(|e| Error::internal(e.to_string()))?;
        Ok((answer, Added { customer: Some(buyer), lead: None, sale: Some(sale), commission }))
    }

    fn sale(&self, case: &Case, buyer: &Customer, a: &Attributed, at: Instant) -> Result<Sale, Error> {
        let winner = a.decision.winner.as_ref();
        Ok(Sale {
            id: SaleId::from_bits(self.told.world.bits()),
            vendor: case.program.vendor.clone(),
            program: case.program.id.clone(),
            customer: Some(buyer.id.clone()),
            partner: winner.map(|w| w.partner.clone()),
            link: winner.map(|w| w.link.clone()),
            processor: self.processor.clone(),
            invoice_id: self.invoice_id.clone(),
            event_name: self.told.event_name.clone(),
            amount: self.amount,
            refunded: 0,
            currency: case.program.terms.currency,
            reason: a.reason(&case.came).into(),
            touchpoints: serde_json::to_string(&a.touchpoints).map_err(|e| Error::internal(e.to_string()))?,
            metadata: self.told.metadata.clone(),
            at,
        })
    }
}

/// A sale as the vendor sees it.
pub fn sale_output(
    tx: &mut Tx<'_>,
    sale: &Sale,
    buyer: Option<&Customer>,
    commission: Option<&CommissionRow>,
    touchpoints: Vec<Touchpoint>,
) -> Result<SaleOutput, Error> {
    let (vendor, program) = (&sale.vendor, &sale.program);
    let broken = |e: serde_json::Error| Error::internal(format!("a stored sale is broken: {e}"));
    let customer = buyer.map(|c| view::customer(tx, c)).transpose()?;
    let partner = sale.partner.as_ref().map(|id| view::partner_ref(tx, vendor, program, id)).transpose()?;
    let commission = commission.map(|row| view::commission_of(tx, row, buyer)).transpose()?;
    Ok(SaleOutput {
        id: sale.id.to_string(),
        event_name: sale.event_name.clone(),
        customer,
        sale: SaleDetail {
            amount: sale.amount,
            currency: sale.currency.wire(),
            payment_processor: sale.processor.clone(),
            invoice_id: sale.invoice_id.clone(),
            refunded: sale.refunded,
            metadata: sale.metadata.as_deref().map(serde_json::from_str).transpose().map_err(broken)?,
            created_at: show(sale.at),
        },
        partner,
        credited: sale.partner.is_some(),
        reason: sale.reason.clone(),
        commission,
        touchpoints,
    })
}
