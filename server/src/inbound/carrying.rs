//! What an event says, done: by the code that serves `/v1/track/*`, so that a report and an event of the same order are one.

use super::provider::{Options, Provider};
use super::said::{Act, Buyer, Disputed, Refunded, Returned, Sold};
use crate::auth::{EventCaller, Reporter, VendorCaller};
use crate::crediting::plain;
use crate::error::Error;
use crate::reporting::SaleReport;
use crate::routes::{disputes, find, refunds, sales};
use crate::store::{Integration, LinkName, NoteKind, Sale, Together, Tx};
use crate::time;
use crate::world::World;
use goodword_domain::arrival::{Fate, Need, fate, happened};
use goodword_domain::code::fold;
use goodword_domain::id::SaleId;
use goodword_domain::person::Email;
use goodword_domain::time::Instant;
use goodword_wire::{DisputeInput, RefundInput, SaleInput, SaleItem};

/// Whose events are carried out, and when.
pub struct Carrier<'a> {
    pub world: World,
    pub integration: &'a Integration,
    pub options: &'a Options,
    /// What `paymentProcessor` its sales have.
    processor: String,
    /// What the vendor's clock shows.
    now: Instant,
    /// What the world's clock shows.
    pub real: Instant,
}

/// How often an event was tried before, and since when.
#[derive(Clone, Copy)]
pub struct Attempt {
    pub received: Instant,
    pub attempts: i64,
    /// Whether it shall wait for a buyer no longer.
    pub forced: bool,
}

/// What became of an event, or of one thing it says.
pub struct Done {
    pub outcome: &'static str,
    /// A sentence.
    pub reason: String,
    pub sale: Option<SaleId>,
    /// The name of what it waits for, and when it is looked at again.
    pub awaits: Option<(String, Instant)>,
}

impl Done {
    fn new(outcome: &'static str, reason: impl Into<String>) -> Self {
        Self { outcome, reason: reason.into(), sale: None, awaits: None }
    }

    /// Nothing is to be done.
    pub fn ignored(reason: impl Into<String>) -> Self {
        Self::new("ignored", reason)
    }

    /// It cannot be done.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::new("failed", reason)
    }

    fn about(self, sale: &SaleId) -> Self {
        Self { sale: Some(sale.clone()), ..self }
    }

    /// Which of two says more of an event that says several things.
    fn weight(&self) -> usize {
        let by_weight = ["noted", "ignored", "taken", "waiting", "failed"];
        by_weight.iter().position(|word| *word == self.outcome).unwrap_or(0)
    }
}

impl<'a> Carrier<'a> {
    /// For one integration, at this moment.
    pub fn new(
        tx: &mut Tx<'_>,
        world: World,
        integration: &'a Integration,
        options: &'a Options,
        real: Instant,
    ) -> Result<Self, Error> {
        let processor = Provider::parse(&integration.provider)?.processor(options);
        let now = find::now(tx, &integration.vendor, real)?;
        Ok(Self { world, integration, options, processor, now, real })
    }

    /// Does everything an event says, in order, each once; `names` takes the names that are known now. A failing database fails
    /// the event; a refusal is what became of it.
    pub fn carry_out_all(
        &self,
        tx: &mut Tx<'_>,
        acts: &[Act],
        attempt: Attempt,
        names: &mut Vec<String>,
    ) -> Result<Done, Error> {
        let mut all = Done::new("noted", "It is kept for other events.");
        for act in acts {
            let done = match self.carry_out(tx, act, attempt, names) {
                Err(Error::Store(failed)) => return Err(failed.into()),
                Err(Error::Internal(text)) => return Err(Error::Internal(text)),
                Err(refusal) => Done::failed(refusal.to_string()),
                Ok(done) => done,
            };
            let sale = all.sale.clone().or_else(|| done.sale.clone());
            if done.weight() > all.weight() {
                all = done;
            }
            all.sale = sale;
        }
        Ok(all)
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        act: &Act,
        attempt: Attempt,
        names: &mut Vec<String>,
    ) -> Result<Done, Error> {
        match act {
            Act::OrderName { name, order } => {
                self.note(tx, NoteKind::Order, name, order)?;
                names.push(name.clone());
            }
            Act::CodeName { name, code } => self.note(tx, NoteKind::Code, &fold(name), code)?,
            Act::Buyer { name, buyer } => {
                self.note_buyer(tx, name, buyer)?;
                names.push(name.clone());
            }
            Act::Sold(sold) => return self.sell(tx, sold, attempt, names),
            Act::Refunded(refunded) => {
                return match self.sale_of(tx, &refunded.orders)? {
                    Some(sale) => self.refund(tx, &sale, refunded, attempt),
                    None => Ok(self.without_sale(&refunded.orders, attempt)),
                };
            }
            Act::Disputed(disputed) => {
                return match self.sale_of(tx, &disputed.orders)? {
                    Some(sale) => self.dispute(tx, &sale, disputed, attempt),
                    None => Ok(self.without_sale(&disputed.orders, attempt)),
                };
            }
        }
        Ok(Done::new("noted", "It is kept for other events."))
    }

    fn note(&self, tx: &mut Tx<'_>, kind: NoteKind, name: &str, value: &str) -> Result<(), Error> {
        Ok(tx.note(self.integration, (kind, name), value, self.real)?)
    }

    /// What is known of a buyer stays, and what is new is added.
    fn note_buyer(&self, tx: &mut Tx<'_>, name: &str, buyer: &Buyer) -> Result<(), Error> {
        let known = self.buyer(tx, name)?;
        let all = known.clone().unwrap_or_default().or(buyer.clone());
        if known.as_ref() == Some(&all) {
            return Ok(());
        }
        let text = serde_json::to_string(&all).map_err(|e| Error::internal(e.to_string()))?;
        self.note(tx, NoteKind::Buyer, name, &text)
    }

    fn buyer(&self, tx: &mut Tx<'_>, name: &str) -> Result<Option<Buyer>, Error> {
        let noted = tx.noted(&self.integration.id, NoteKind::Buyer, name)?;
        let read = noted.map(|text| serde_json::from_str(&text)).transpose();
        read.map_err(|e| Error::internal(format!("a stored note is broken: {e}")))
    }

    /// The sale of an order, by any of its names.
    fn sale_of(&self, tx: &mut Tx<'_>, names: &[String]) -> Result<Option<Sale>, Error> {
        for name in names {
            let noted = tx.noted(&self.integration.id, NoteKind::Order, name)?;
            for order in noted.iter().chain([name]) {
                let vendor = &self.integration.vendor;
                if let Some(sale) = tx.sale_by_invoice(vendor, None, &self.processor, order)? {
                    return Ok(Some(sale));
                }
            }
        }
        Ok(None)
    }

    /// A refund or a dispute of an order that is not known: it may come.
    fn without_sale(&self, orders: &[String], attempt: Attempt) -> Done {
        let Some(name) = orders.first() else { return Done::failed("It names no order.") };
        match fate(Need::Order, attempt.received, self.real, attempt.attempts, attempt.forced) {
            Fate::Later(at) => Done {
                awaits: Some((name.clone(), at)),
                ..Done::new("waiting", format!("No sale of {name} has been reported yet."))
            },
            Fate::Now | Fate::Never => Done::ignored(format!("No sale of {name} was ever reported.")),
        }
    }

    fn sell(
        &self,
        tx: &mut Tx<'_>,
        sold: &Sold,
        attempt: Attempt,
        names: &mut Vec<String>,
    ) -> Result<Done, Error> {
        let known = self.sale_of(tx, std::slice::from_ref(&sold.order))?;
        if let Some(sale) = known {
            self.known_now(tx, sold, names)?;
            return Ok(
                Done::ignored(format!("The order {} was reported before.", sold.order)).about(&sale.id)
            );
        }
        if let Some(name) = &sold.awaits
            && self.buyer(tx, name)?.is_none()
            && let Fate::Later(at) =
                fate(Need::Buyer, attempt.received, self.real, attempt.attempts, attempt.forced)
        {
            let reason = format!("Who bought {} is not told yet; it waits for an hour at most.", sold.order);
            return Ok(Done { awaits: Some((name.clone(), at)), ..Done::new("waiting", reason) });
        }
        let buyer = self.told_buyer(tx, sold)?;
        let input = self.sale_input(tx, sold, &buyer, attempt)?;
        let (vendor, test) = (self.integration.vendor.clone(), self.integration.test);
        let reporter = Reporter::Known(EventCaller::Vendor(VendorCaller { vendor, test }));
        let report = sales::report(self.world, reporter, &input, None)?;
        let mut answers = SaleReport::together(tx, &[&report])?;
        answers.pop().unwrap_or_else(|| Err(Error::internal("a report was never decided")))?;
        if let Some(customer) = &sold.customer {
            self.note_buyer(tx, customer, &buyer.identity())?;
        }
        self.known_now(tx, sold, names)?;
        let sale = self.sale_of(tx, std::slice::from_ref(&sold.order))?;
        let sale = sale.ok_or_else(|| Error::internal("a sale was reported and is not there"))?;
        let reason = if sale.partner.is_some() {
            "The sale is credited."
        } else {
            "The sale is recorded, and credited to nobody."
        };
        Ok(Done::new("taken", reason).about(&sale.id))
    }

    /// The names by which what waits for this sale may call it.
    fn known_now(&self, tx: &mut Tx<'_>, sold: &Sold, names: &mut Vec<String>) -> Result<(), Error> {
        names.push(sold.order.clone());
        names.extend(tx.names_of_order(&self.integration.id, &sold.order)?);
        names.extend(sold.customer.clone());
        Ok(())
    }

    /// Who bought: as was noted for the order, as the event says, and as was noted for the provider's customer.
    fn told_buyer(&self, tx: &mut Tx<'_>, sold: &Sold) -> Result<Buyer, Error> {
        let of_order = self.buyer(tx, &sold.order)?.unwrap_or_default();
        let of_customer = match &sold.customer {
            Some(customer) => self.buyer(tx, customer)?.unwrap_or_default(),
            None => Buyer::default(),
        };
        let buyer = of_order.or(sold.buyer.clone()).or(of_customer.identity());
        let short = |text: &String, most: usize| text.chars().count() <= most;
        let cut = |name: String| name.chars().take(100).collect::<String>();
        let buyer = Buyer {
            external_id: buyer.external_id.filter(|id| short(id, 100)),
            // One bad character in an address is no reason to lose a sale.
            email: buyer.email.filter(|email| Email::parse("customerEmail", email).is_ok()),
            name: buyer.name.map(cut),
            country: buyer.country.filter(|country| sales::country(country).is_ok()),
            click_id: buyer.click_id.filter(|id| plain(id)),
            codes: buyer.codes,
        };
        let nobody = buyer.external_id.is_none() && buyer.email.is_none();
        let stand_in = || sold.customer.clone().unwrap_or_else(|| sold.order.clone());
        let external_id = buyer.external_id.or_else(|| nobody.then(stand_in)).filter(|id| short(id, 100));
        Ok(Buyer { external_id, ..buyer })
    }

    fn sale_input(
        &self,
        tx: &mut Tx<'_>,
        sold: &Sold,
        buyer: &Buyer,
        attempt: Attempt,
    ) -> Result<SaleInput, Error> {
        let label = |text: Option<String>| text.filter(|text| text.chars().count() <= 255);
        let item = |item: SaleItem| SaleItem { product: label(item.product), plan: label(item.plan), ..item };
        let input = sold.input.clone();
        Ok(SaleInput {
            customer_external_id: buyer.external_id.clone(),
            customer_email: buyer.email.clone(),
            customer_name: buyer.name.clone(),
            country: buyer.country.clone(),
            click_id: buyer.click_id.clone(),
            code: self.known_code(tx, &buyer.codes)?,
            payment_processor: Some(self.processor.clone()),
            invoice_id: Some(sold.order.clone()),
            program_id: self.integration.program.as_ref().map(ToString::to_string),
            timestamp: self.happened(input.timestamp.as_ref(), attempt)?,
            metadata: input.metadata.filter(|data| find::metadata(Some(data)).is_ok()),
            items: input.items.map(|items| items.into_iter().map(item).collect()),
            ..input
        })
    }

    /// The first code that is a partner's: as the vendor has set, as the provider has told, or as it stands. A shop's other
    /// discounts are nobody's.
    fn known_code(&self, tx: &mut Tx<'_>, codes: &[String]) -> Result<Option<String>, Error> {
        for code in codes.iter().take(20) {
            let folded = fold(code);
            let set = self.options.codes.get(&folded).cloned();
            let noted = tx.noted(&self.integration.id, NoteKind::Code, &folded)?;
            let noted_and_set = noted.as_ref().and_then(|code| self.options.codes.get(&fold(code)).cloned());
            for candidate in [set, noted_and_set, noted, Some(code.clone())].into_iter().flatten() {
                let (vendor, program) = (self.integration.vendor.clone(), self.integration.program.clone());
                if tx.known_link(&LinkName::OfVendor(vendor, program, fold(&candidate)))?.is_some() {
                    return Ok(Some(candidate));
                }
            }
        }
        Ok(None)
    }

    /// When it happened, as `domain::arrival` says, by the vendor's clock: a sandbox may live in another year, and nobody knows
    /// what it showed when the event was received.
    fn happened(&self, told: Option<&String>, attempt: Attempt) -> Result<Option<String>, Error> {
        let Some(text) = told else { return Ok(None) };
        let at = time::parse("timestamp", text)?;
        let received = if self.now == self.real { attempt.received } else { self.now };
        Ok(Some(time::show(happened(at, time::is_in_whole_seconds(text), received, self.now))))
    }

    fn refund(
        &self,
        tx: &mut Tx<'_>,
        sale: &Sale,
        refunded: &Refunded,
        attempt: Attempt,
    ) -> Result<Done, Error> {
        let before = tx.refunds_of(&sale.id)?;
        let (id, amount) = match &refunded.amount {
            Returned::One { id, amount } => (id.clone(), *amount),
            Returned::Rest { id } => (id.clone(), i64::MAX),
            Returned::UpToNow { payment, amount } => {
                let of_payment = before.iter().filter(|refund| is_of(&refund.external_id, payment));
                let counted: i64 = of_payment.map(|refund| refund.amount).sum();
                (format!("{payment}:{amount}"), amount - counted)
            }
        };
        if amount <= 0 || before.iter().any(|refund| refund.external_id == id) {
            return Ok(Done::ignored("It was counted before.").about(&sale.id));
        }
        let left = sale.amount - sale.refunded;
        if left == 0 {
            return Ok(Done::ignored("Nothing of the sale is left.").about(&sale.id));
        }
        let input = RefundInput {
            sale_id: Some(sale.id.to_string()),
            refund_id: Some(id),
            amount: Some(amount.min(left)),
            currency: refunded.currency.clone(),
            timestamp: self.happened(refunded.at.as_ref(), attempt)?,
            ..RefundInput::default()
        };
        refunds::carry_out(tx, self.world, &self.integration.vendor, &input, None, self.now)?;
        Ok(Done::new("taken", "The refund is counted.").about(&sale.id))
    }

    fn dispute(
        &self,
        tx: &mut Tx<'_>,
        sale: &Sale,
        disputed: &Disputed,
        attempt: Attempt,
    ) -> Result<Done, Error> {
        let known = tx.dispute(&sale.id, &disputed.id)?;
        if known.as_ref().is_some_and(|known| known.status.word() == disputed.status) {
            return Ok(Done::ignored("It was counted before.").about(&sale.id));
        }
        let left = sale.amount - sale.gone();
        if known.is_none() && left == 0 {
            return Ok(Done::ignored("Nothing of the sale is left.").about(&sale.id));
        }
        let is_ours = disputed.currency.as_ref().is_none_or(|told| *told == sale.currency.wire());
        let input = DisputeInput {
            sale_id: Some(sale.id.to_string()),
            dispute_id: Some(disputed.id.clone()),
            status: Some(disputed.status.into()),
            amount: disputed.amount.filter(|_| is_ours).map(|amount| amount.min(left)),
            timestamp: self.happened(disputed.at.as_ref(), attempt)?,
            ..DisputeInput::default()
        };
        disputes::carry_out(tx, self.world, &self.integration.vendor, &input, self.now)?;
        Ok(Done::new("taken", format!("The dispute is counted as {}.", disputed.status)).about(&sale.id))
    }
}

/// Whether a refund was told as a sum so far of this payment.
fn is_of(external_id: &str, payment: &str) -> bool {
    external_id.rsplit_once(':').is_some_and(|(of, _)| of == payment)
}
