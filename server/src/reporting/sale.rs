//! Sales: recorded always, credited where a partner is bound or found, and each only once.

use super::desk::{self, Desk};
use super::{
    Added, Case, Heard, Opened, Report, Told, customer, decide_all, event_time, flat, grounds, program_of,
};
use crate::auth::{EventCaller, secret_needed};
use crate::crediting::{
    self, Attributed, Credited, Event, Exchanged, MAX_VALUE, NamedPartner, Trail, exchange_for, plain,
};
use crate::document;
use crate::error::Error;
use crate::routes::{find, view};
use crate::store::{CommissionRow, Customer, Key, PassedOver, Program, Sale, Together, Tx};
use crate::time::show;
use goodword_domain::attribution::Kind;
use goodword_domain::commission::Status;
use goodword_domain::id::{PartnerId, ProgramId, SaleId};
use goodword_domain::money::Currency;
use goodword_domain::reward::{Happened, Order};
use goodword_domain::time::Instant;
use goodword_wire::{SaleDetail, SaleExchange, SaleOutput, Touchpoint};
use std::sync::Arc;

/// A report of a sale, checked.
#[derive(Clone, Debug)]
pub struct SaleReport {
    pub told: Told,
    pub order: Order,
    /// The order's parts as they were told, as JSON.
    pub detail: Option<String>,
    pub partners: Vec<NamedPartner>,
    /// Two letters, upper case.
    pub country: Option<String>,
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
    /// Without what [`Heard::in_full`] adds.
    type Answer = Heard<SaleOutput>;

    fn together(tx: &mut Tx<'_>, reports: &[&Self]) -> Result<Vec<Result<Heard<SaleOutput>, Error>>, Error> {
        decide_all(tx, reports)
    }
}

impl Report for SaleReport {
    type Answer = SaleOutput;

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

    fn decide(&self, tx: &mut Tx<'_>, desk: &Desk, case: &Case) -> Result<(SaleOutput, Added), Error> {
        find::open(&case.program)?;
        let at = event_time(&self.told, case.now)?;
        let known = customer(desk, &self.told, case, at);
        let contacts = desk::contacts(tx, desk, case, at)?;
        let attributed = crediting::attribute(tx, &case.program, &known, &contacts, at)?;
        let attributed = self.shared(tx, desk, case, &known, attributed, at)?;
        let completed = self.told.named.complete(known);
        // Partners named with one sale share that sale; whom the customer is bound to stays.
        let buyer = match attributed.decision.by {
            Some(Kind::Manual) => completed,
            _ => crediting::bound(completed, &attributed),
        };
        self.credit(tx, desk, case, buyer, &attributed, at)
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

    /// The partners the vendor named in the place of those found.
    fn shared(
        &self,
        tx: &mut Tx<'_>,
        desk: &Desk,
        case: &Case,
        known: &Customer,
        found: Attributed,
        at: Instant,
    ) -> Result<Attributed, Error> {
        if self.partners.is_empty() {
            return Ok(found);
        }
        let metadata = flat(self.told.metadata.as_deref());
        let trail = desk.trail(case, None);
        let event = Event { at, ..self.event(case, known, &Exchanged::Same, &metadata, &trail) };
        crediting::decide_named(tx, &event, &self.partners, found)
    }

    fn event<'a>(
        &'a self,
        case: &'a Case,
        buyer: &'a Customer,
        exchanged: &'a Exchanged,
        metadata: &'a [(String, String)],
        trail: &'a Trail<'a>,
    ) -> Event<'a> {
        Event {
            program: &case.program,
            customer: Some(buyer),
            happened: Happened::Sale,
            at: case.now,
            lead: None,
            sale: None,
            click: None,
            invoice_id: self.invoice_id.clone(),
            event_name: None,
            order: &self.order,
            exchanged,
            country: self.country.as_deref(),
            metadata,
            first_sign_up: false,
            trail,
        }
    }

    fn credit(
        &self,
        tx: &mut Tx<'_>,
        desk: &Desk,
        case: &Case,
        mut buyer: Customer,
        attributed: &Attributed,
        at: Instant,
    ) -> Result<(SaleOutput, Added), Error> {
        let ours = case.program.terms.currency;
        let currency = self.currency.unwrap_or(ours);
        let exchanged = exchange_for(tx, &case.program.vendor, currency, ours, at)?;
        let mut sale = self.sale(case, &buyer, attributed, at)?;
        sale.currency = currency;
        sale.value_left = exchanged.value(self.order.paid);
        if sale.value_left.is_some_and(|value| value > MAX_VALUE) {
            return Err(Error::field(
                "amount",
                format!("is too much in {ours} to be counted: check `currency`."),
            ));
        }
        sale.rate = exchanged.of_sale();
        let metadata = flat(self.told.metadata.as_deref());
        let trail = desk.trail(case, buyer.bound.as_ref());
        let event = Event {
            at,
            sale: Some(sale.id.clone()),
            ..self.event(case, &buyer, &exchanged, &metadata, &trail)
        };
        let credited = match attributed.decision.credits.is_empty() {
            true => Credited::default(),
            // A trial, or a voucher for the whole price: nothing is earned, and nothing of a reward's duration is used up.
            false if self.order.paid == 0 => {
                sale.reason = "nothing_paid".into();
                Credited::default()
            }
            false => crediting::credit_all(tx, self.told.world, &event, attributed)?,
        };
        if !attributed.decision.credits.is_empty() && self.order.paid > 0 && credited.commissions.is_empty() {
            sale.reason = "no_reward_applies".into();
        }
        if credited.commissions.iter().any(|(row, _)| counts_as_first(row)) {
            let first = buyer.first_commissioned_at.map_or(at, |before| before.min(at));
            buyer.first_commissioned_at = Some(first);
        }
        sale.grounds = grounds(&case.program, at, credited.fits, &credited.suspected.signals)?;
        let rows: Vec<&CommissionRow> = credited.commissions.iter().map(|(row, _)| row).collect();
        let mut answer = brief(tx, &sale, Some(&buyer), &rows, attributed.touchpoints.clone())?;
        answer.referred = credited.referred.as_ref().map(document::show_referred);
        let passed_over = passed_over(&sale, &attributed.touchpoints, &rows)?;
        let Credited { commissions, suspected, .. } = credited;
        let (customer, sale) = (Some(buyer), Some(sale));
        Ok((answer, Added { customer, lead: None, sale, commissions, passed_over, suspected }))
    }

    fn sale(&self, case: &Case, buyer: &Customer, a: &Attributed, at: Instant) -> Result<Sale, Error> {
        let leading = a.decision.leading();
        Ok(Sale {
            id: SaleId::from_bits(self.told.world.bits()),
            vendor: case.program.vendor.clone(),
            program: case.program.id.clone(),
            customer: Some(buyer.id.clone()),
            partner: leading.map(|credit| credit.partner.clone()),
            link: leading.map(|credit| credit.link.clone()),
            processor: self.processor.clone(),
            invoice_id: self.invoice_id.clone(),
            event_name: self.told.event_name.clone(),
            amount: self.order.paid,
            refunded: 0,
            disputed: 0,
            currency: case.program.terms.currency,
            value_left: None,
            rate: None,
            reason: a.reason(&case.came).into(),
            touchpoints: serde_json::to_string(&a.touchpoints).map_err(|e| Error::internal(e.to_string()))?,
            grounds: String::new(),
            detail: self.detail.clone(),
            metadata: self.told.metadata.clone(),
            at,
            origin: a.origin,
        })
    }
}

/// The partners who had a touchpoint and earn nothing, each once.
fn passed_over(
    sale: &Sale,
    touchpoints: &[Touchpoint],
    commissions: &[&CommissionRow],
) -> Result<Vec<PassedOver>, Error> {
    let mut all: Vec<PassedOver> = Vec::new();
    for touchpoint in touchpoints {
        let partner = PartnerId::parse(&touchpoint.partner.id)?;
        let earns = commissions.iter().any(|row| row.commission.partner == partner);
        if !earns && all.iter().all(|other| other.partner != partner) {
            let (vendor, program, sale, at) =
                (sale.vendor.clone(), sale.program.clone(), sale.id.clone(), sale.at);
            all.push(PassedOver { vendor, program, partner, sale, at });
        }
    }
    Ok(all)
}

/// Whether a commission begins the customer's time under a reward: it earns something, or will once there is a rate.
pub fn counts_as_first(row: &CommissionRow) -> bool {
    row.commission.earnings > 0 || row.commission.status == Status::NeedsRate
}

/// A sale as the vendor sees it.
pub fn sale_output(
    tx: &mut Tx<'_>,
    sale: &Sale,
    buyer: Option<&Customer>,
    commissions: &[&CommissionRow],
    touchpoints: Vec<Touchpoint>,
) -> Result<SaleOutput, Error> {
    brief(tx, sale, buyer, commissions, touchpoints).map(in_full)
}

/// An answer with what it says more than once for its readers' sake: the buyer with each commission, and the first of these by
/// itself. It is kept without, for whoever stores sales has no time to write the same again.
fn in_full(mut answer: SaleOutput) -> SaleOutput {
    for commission in &mut answer.commissions {
        commission.customer = commission.customer.take().or_else(|| answer.customer.clone());
    }
    answer.commission = answer.commissions.first().cloned();
    answer
}

impl Heard<SaleOutput> {
    /// With what the answer repeats.
    #[must_use]
    pub fn in_full(self) -> Self {
        match self {
            Self::First(answer) => Self::First(in_full(answer)),
            Self::Again(kept) => match serde_json::from_str(&kept) {
                Ok(answer) => Self::First(in_full(answer)),
                Err(_) => Self::Again(kept),
            },
        }
    }
}

/// The same without that.
fn brief(
    tx: &mut Tx<'_>,
    sale: &Sale,
    buyer: Option<&Customer>,
    commissions: &[&CommissionRow],
    touchpoints: Vec<Touchpoint>,
) -> Result<SaleOutput, Error> {
    let (vendor, program) = (&sale.vendor, &sale.program);
    let broken = |e: serde_json::Error| Error::internal(format!("a stored sale is broken: {e}"));
    let customer = buyer.map(|c| view::customer(tx, c)).transpose()?;
    let partner = sale.partner.as_ref().map(|id| view::partner_ref(tx, vendor, program, id)).transpose()?;
    let commissions = commissions.iter().map(|row| view::own_commission(tx, row));
    let commissions = commissions.collect::<Result<_, _>>()?;
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
            disputed: sale.disputed,
            exchange: exchange(tx, sale)?,
            metadata: sale.metadata.as_deref().map(serde_json::from_str).transpose().map_err(broken)?,
            created_at: show(sale.at),
        },
        partner,
        credited: sale.partner.is_some(),
        reason: sale.reason.clone(),
        commission: None,
        commissions,
        touchpoints,
        referred: None,
    })
}

fn exchange(tx: &mut Tx<'_>, sale: &Sale) -> Result<Option<SaleExchange>, Error> {
    let ours = tx.known_program(&sale.vendor, Some(&sale.program))?.map(|program| program.terms.currency);
    if ours == Some(sale.currency) {
        return Ok(None);
    }
    let rate = sale.rate.clone();
    Ok(Some(SaleExchange {
        rate: rate.as_ref().map(|r| r.rate.clone()),
        at: rate.as_ref().map(|r| show(r.at)),
        source: rate.map(|r| r.source),
    }))
}

#[cfg(test)]
mod tests {
    use super::{Heard, in_full};
    use goodword_wire::SaleOutput;
    use serde_json::{Value, json};

    fn commission(customer: &Value) -> Value {
        json!({
            "id": "com_1", "type": "sale", "status": "pending", "reason": "in_hold", "amount": 4900, "earnings": 980,
            "earningsAtFirst": 980, "currency": "usd", "arithmetic": "20% of 49.00 USD = 9.80 USD",
            "partner": { "id": "ptn_1", "name": "Maya" }, "programId": "prg_1", "saleId": "sal_1", "corrects": null,
            "rewardId": "rwd_1", "payoutId": null, "note": null, "eventName": null, "invoiceId": "in_1",
            "createdAt": "2026-01-01T00:00:00.000Z", "clearsAt": "2026-01-31T00:00:00.000Z", "customer": customer
        })
    }

    fn sale(first: &Value, commissions: &[Value]) -> SaleOutput {
        serde_json::from_value(json!({
            "id": "sal_1", "eventName": "Purchase", "customer": ann(), "partner": { "id": "ptn_1", "name": "Maya" },
            "sale": { "amount": 4900, "currency": "usd", "paymentProcessor": "custom", "invoiceId": "in_1", "refunded": 0,
                      "metadata": null, "createdAt": "2026-01-01T00:00:00.000Z" },
            "credited": true, "reason": "last_touch", "commission": first, "commissions": commissions, "touchpoints": []
        }))
        .unwrap()
    }

    fn ann() -> Value {
        json!({ "id": "cus_1", "externalId": "ann", "name": "Ann", "email": null, "avatar": null,
                "createdAt": "2026-01-01T00:00:00.000Z", "partner": null })
    }

    #[test]
    fn an_answer_in_full_has_the_buyer_with_each_commission_and_the_first_by_itself() {
        let brief = sale(&Value::Null, &[commission(&Value::Null)]);
        let full = commission(&ann());
        assert_eq!(in_full(brief), sale(&full, std::slice::from_ref(&full)));
        let nobodys = sale(&Value::Null, &[]);
        assert_eq!(in_full(nobodys.clone()), nobodys);
    }

    #[test]
    fn one_kept_in_full_stays_as_it_is_and_so_does_one_that_is_not_understood() {
        let full = commission(&ann());
        let kept = sale(&full, std::slice::from_ref(&full));
        assert_eq!(in_full(kept.clone()), kept);
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(Heard::Again(text.clone()).in_full().json().unwrap(), text);
        let older = r#"{"id":"sal_1","customer":"ann"}"#;
        assert_eq!(Heard::Again(older.into()).in_full().json().unwrap(), older);
    }
}
