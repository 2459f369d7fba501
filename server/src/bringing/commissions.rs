//! Commissions of other programs, with the ledger they leave: held is held, due is payable, and what was paid there is a payout
//! of the past.

use super::customers::{bound, brought};
use super::reading::{Earned, Row};
use super::{Desk, Outcome};
use crate::error::Error;
use crate::reporting::grounds;
use crate::store::{Answer, CommissionRow, Customer, Link, Review, Sale, Tallies};
use crate::time::{self, show};
use goodword_domain::attribution::Reason;
use goodword_domain::commission::{self, Commission, Source, Status, Step};
use goodword_domain::id::{CommissionId, CustomerId, PartnerId, SaleId};
use goodword_domain::import::words::Standing;
use goodword_domain::reward::imported;

/// Under which a commission is kept.
const KIND: &str = "import-commission";

/// What is made of a row: whose it is, by which link, of whom and on which sale.
struct Event {
    partner: PartnerId,
    link: Link,
    customer: Option<CustomerId>,
    sale: Option<Sale>,
}

impl Desk<'_, '_> {
    /// A commission. One that came before is moved on where it stands further by now.
    pub(super) fn commission(&mut self, row: &Row, earned: &Earned) -> Result<Outcome, Error> {
        time::not_ahead(Some(earned.at), self.now).map_err(|_| {
            Error::field("created_at", format!("lies in the future: it is {} now.", show(self.now)))
        })?;
        let partner = self.whom(&earned.who)?;
        let key = self.key(&row.key, KIND);
        if let Some((_, id)) = self.tx.answers(std::slice::from_ref(&key))?.remove(&key) {
            return self.move_on(&CommissionId::parse(&id)?, &partner, earned);
        }
        let link = self.link_of(&earned.who, &partner)?;
        let mut event = self.event(row.line, earned, partner, link)?;
        let sale = event.sale.take();
        let row = self.credited(earned, event, sale.as_ref());
        self.save(&row, sale.as_ref(), earned)?;
        let text = row.commission.id.to_string();
        self.tx.insert_answers(&[Answer { key, hash: String::new(), text, at: self.now }])?;
        self.count(&row, earned);
        Ok(Outcome::Made)
    }

    /// Decides who bought what. Nothing is stored before all of it is known to be good.
    fn event(&mut self, line: usize, earned: &Earned, partner: PartnerId, by: Link) -> Result<Event, Error> {
        if let Some(invoice) = &earned.invoice
            && self.tx.sale_of_order(&self.program.vendor, &self.program.id, invoice)?.is_some()
        {
            let remedy = format!(
                "is `{invoice}`, which was reported here already: one order is never credited twice."
            );
            return Err(Error::field("invoice_id", remedy));
        }
        let customer = self.buyer(line, earned, &partner, &by)?;
        let counts = earned.standing != Standing::Voided && earned.amount >= 0;
        let sale = match earned.sale.filter(|_| counts) {
            Some(amount) => Some(self.sale(earned, amount, (&partner, &by), customer.as_ref())?),
            None => None,
        };
        Ok(Event { partner, link: by, customer, sale })
    }

    /// Whoever bought, bound to the partner: what he or she buys from now on goes on earning, as long as rewards last from the first
    /// commission on.
    fn buyer(
        &mut self,
        line: usize,
        earned: &Earned,
        partner: &PartnerId,
        by: &Link,
    ) -> Result<Option<CustomerId>, Error> {
        if earned.buyer.id.is_none() && earned.buyer.email.is_none() {
            return Ok(None);
        }
        let known = self.find_customer(&earned.buyer)?;
        let before = known.clone();
        let customer = known.unwrap_or_else(|| self.new_customer(&earned.buyer, partner, by, earned.at));
        let of_another = customer.bound.as_ref().is_some_and(|b| b.leading.partner != *partner);
        if of_another {
            self.remark(line, "customer_id", "is bound to another partner here: that stays so.".into());
        }
        let earns = earned.standing != Standing::Voided && earned.amount > 0 && !of_another;
        let first = customer.first_commissioned_at.map_or(earned.at, |first| first.min(earned.at));
        let customer = Customer {
            bound: customer.bound.or_else(|| Some(bound(partner, by))),
            first_commissioned_at: if earns { Some(first) } else { customer.first_commissioned_at },
            ..customer
        };
        let is_as_before = before.is_some_and(|before| {
            before.bound == customer.bound && before.first_commissioned_at == customer.first_commissioned_at
        });
        if !is_as_before {
            self.tx.save_customers(std::slice::from_ref(&customer))?;
        }
        Ok(Some(customer.id))
    }

    fn sale(
        &mut self,
        earned: &Earned,
        amount: i64,
        (partner, link): (&PartnerId, &Link),
        customer: Option<&CustomerId>,
    ) -> Result<Sale, Error> {
        Ok(Sale {
            id: SaleId::from_bits(self.world.bits()),
            vendor: self.program.vendor.clone(),
            program: self.program.id.clone(),
            customer: customer.cloned(),
            partner: Some(partner.clone()),
            link: Some(link.id.clone()),
            processor: processor(earned.invoice.as_deref(), self.source.word()),
            invoice_id: earned.invoice.clone(),
            event_name: "Purchase".into(),
            amount,
            refunded: 0,
            disputed: 0,
            currency: self.program.terms.currency,
            value_left: Some(amount),
            rate: None,
            reason: Reason::Named.word().into(),
            touchpoints: self.named(partner, link, earned.at)?,
            grounds: grounds(&self.program, earned.at, Vec::new(), &[])?,
            detail: None,
            metadata: None,
            at: earned.at,
            origin: brought(),
        })
    }

    fn credited(&self, earned: &Earned, event: Event, sale: Option<&Sale>) -> CommissionRow {
        let paid = sale.map_or(0, |sale| sale.amount);
        let status = match earned.standing {
            Standing::Voided => Status::Canceled,
            // What is owed is owed at once.
            Standing::Held if earned.amount >= 0 => Status::Pending,
            Standing::Review if earned.amount >= 0 => Status::Hold,
            _ => Status::Processed,
        };
        // What waits for a decision there waits here as long as anything new.
        let clears_at = match earned.standing {
            Standing::Held | Standing::Review => {
                earned.due_at.unwrap_or_else(|| self.program.terms.clears_at(self.now))
            }
            Standing::Payable | Standing::Paid | Standing::Voided => earned.at,
        };
        let commission = Commission {
            id: CommissionId::from_bits(self.world.bits()),
            partner: event.partner,
            currency: self.program.terms.currency,
            calculation: imported(earned.amount, paid),
            amount: paid,
            refunded: 0,
            earnings: 0,
            status,
            clears_at,
            source: Source::Expense,
            in_payout: false,
        };
        let note = earned.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        CommissionRow {
            vendor: self.program.vendor.clone(),
            program: self.program.id.clone(),
            customer: event.customer,
            link: Some(event.link.id),
            lead: None,
            invoice_id: sale.and_then(|sale| sale.invoice_id.clone()),
            sale: sale.map(|sale| sale.id.clone()),
            click: None,
            corrects: None,
            reward: None,
            version: self.program.version(),
            earnings_at_first: earned.amount,
            note: Some(format!("Brought from {}{note}", self.source.name())),
            at: earned.at,
            event_name: None,
            payout: None,
            origin: brought(),
            commission,
        }
    }

    fn save(&mut self, row: &CommissionRow, sale: Option<&Sale>, earned: &Earned) -> Result<(), Error> {
        let mut tallies = Tallies::default();
        self.tx.insert_sales(sale.map_or(&[], std::slice::from_ref), &mut tallies)?;
        let Step { commission, transfer } = commission::import(row.commission.clone());
        let row = CommissionRow { commission, ..row.clone() };
        self.tx.insert_commissions(std::slice::from_ref(&row), &mut tallies)?;
        self.tx.add_tallies(&tallies)?;
        if row.commission.status == Status::Hold {
            self.tx.insert_reviews(&[Review {
                commission: row.commission.id.clone(),
                vendor: row.vendor.clone(),
                program: row.program.clone(),
                partner: row.commission.partner.clone(),
                rules: Vec::new(),
                signals: "[]".into(),
                opened_at: self.now,
                decided: None,
            }])?;
        }
        self.tx.post(self.world, &row.vendor, &row.program, transfer.as_ref(), row.at)?;
        if earned.standing == Standing::Paid {
            self.history.add(
                &row,
                earned.paid_at.or(earned.due_at).unwrap_or(earned.at).clamp(row.at, self.now.max(row.at)),
            );
        }
        Ok(())
    }

    fn count(&mut self, row: &CommissionRow, earned: &Earned) {
        let sum = match earned.standing {
            Standing::Paid => &mut self.output.paid,
            _ if row.commission.status == Status::Canceled => return,
            _ if row.commission.status == Status::Processed => &mut self.output.processed,
            _ => &mut self.output.pending,
        };
        *sum += earned.amount;
    }

    /// Moves on a commission that came before, as far as it has moved there: from held to payable, to paid, or to voided.
    fn move_on(&mut self, id: &CommissionId, partner: &PartnerId, earned: &Earned) -> Result<Outcome, Error> {
        let row = self.tx.commission(&self.program.vendor, id)?;
        let row = row.ok_or_else(|| Error::internal(format!("commission {id} vanished")))?;
        if row.commission.partner != *partner || row.earnings_at_first != earned.amount {
            let remedy = format!(
                "differs from what was brought before as {id}: what is credited is not changed; cancel it or give a bonus by hand."
            );
            return Err(Error::field("amount", remedy));
        }
        let (stands, is_paid) = (row.commission.status, earned.standing == Standing::Paid);
        match (stands, earned.standing) {
            (Status::Pending, Standing::Payable | Standing::Paid) => {
                let due = Commission { clears_at: self.now, ..row.commission.clone() };
                let step =
                    due.release(self.now).ok_or_else(|| Error::internal(format!("{id} was not released")))?;
                self.step(&row, &step)?;
                self.move_on_to_paid(&row, step.commission, is_paid, earned);
                Ok(Outcome::Changed)
            }
            (Status::Processed, Standing::Paid) if !row.commission.in_payout => {
                let commission = row.commission.clone();
                self.move_on_to_paid(&row, commission, true, earned);
                Ok(Outcome::Changed)
            }
            (Status::Pending | Status::Processed | Status::Hold, Standing::Voided) => {
                let step = row.commission.void(Status::Canceled).ok_or_else(|| {
                    Error::field("status", format!("says that it was voided, and {id} is in a payout here: report a refund of its sale."))
                })?;
                self.step(&row, &step)?;
                Ok(Outcome::Changed)
            }
            _ => Ok(Outcome::Known),
        }
    }

    fn step(&mut self, row: &CommissionRow, step: &Step) -> Result<(), Error> {
        self.tx.update_commission(row, &step.commission)?;
        let at = self.now.max(row.at);
        Ok(self.tx.post(self.world, &row.vendor, &row.program, step.transfer.as_ref(), at)?)
    }

    fn move_on_to_paid(
        &mut self,
        row: &CommissionRow,
        commission: Commission,
        is_paid: bool,
        earned: &Earned,
    ) {
        if is_paid {
            let at = earned.paid_at.unwrap_or(self.now).clamp(row.at, self.now.max(row.at));
            self.history.add(&CommissionRow { commission, ..row.clone() }, at);
            self.output.paid += earned.amount;
        } else {
            self.output.processed += earned.amount;
        }
    }
}

/// By the look of an order's number where it was paid, so that a refund that is reported later finds the order.
fn processor(invoice: Option<&str>, source: &str) -> String {
    let is_stripe = |id: &str| ["ch_", "py_", "in_", "pi_"].iter().any(|prefix| id.starts_with(prefix));
    if invoice.is_some_and(is_stripe) { "stripe".into() } else { source.into() }
}
