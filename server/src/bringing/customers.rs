//! Customers of other programs, bound to whoever brought them, so that what they buy from now on goes on earning.

use super::reading::{Buyer, CustomerRow, Who};
use super::{Desk, Outcome};
use crate::error::Error;
use crate::reporting::grounds;
use crate::routes::view::partner_ref;
use crate::store::{Bound, Customer, Lead, Link, Origin, Tallies, means_number};
use crate::time::show;
use goodword_domain::attribution::{Credit, Kind, Reason, Verdict};
use goodword_domain::code::fold;
use goodword_domain::id::{CustomerId, LeadId, PartnerId};
use goodword_domain::time::Instant;
use goodword_wire::Touchpoint;

/// What the sign-up of a customer is called who signed up elsewhere.
const SIGN_UP: &str = "Sign up";

impl Desk<'_, '_> {
    /// A customer with a sign-up. One who is bound to another partner already stays so.
    pub(super) fn customer(&mut self, line: usize, row: &CustomerRow) -> Result<Outcome, Error> {
        let partner = self.whom(&row.who)?;
        let by = self.link_of(&row.who, &partner)?;
        let at = row.at.unwrap_or(self.now).min(self.now);
        let (outcome, customer) = match self.find_customer(&row.buyer)? {
            Some(known) if is_bound_to(&known, &partner) => return Ok(Outcome::Known),
            Some(known) if known.bound.is_some() => {
                let message = "is bound to another partner here already: it stays so.";
                self.remark(line, "customer_id", message.into());
                return Ok(Outcome::Known);
            }
            Some(known) => (Outcome::Changed, Customer { bound: Some(bound(&partner, &by)), ..known }),
            None => (Outcome::Made, self.new_customer(&row.buyer, &partner, &by, at)),
        };
        self.tx.save_customers(std::slice::from_ref(&customer))?;
        if outcome == Outcome::Made {
            self.sign_up(&customer, &partner, &by, at)?;
        }
        Ok(outcome)
    }

    /// The customer of an id, or else of an address.
    pub(super) fn find_customer(&mut self, buyer: &Buyer) -> Result<Option<Customer>, Error> {
        let (vendor, program) = (self.program.vendor.as_str().to_owned(), self.program.id.clone());
        if let Some(id) = &buyer.id {
            let found = self.tx.customers_by_external_id(&[[vendor.as_str(), id.as_str()]])?;
            if let Some(known) = found.into_iter().find(|customer| customer.program == program) {
                return Ok(Some(known));
            }
        }
        let Some(email) = &buyer.email else { return Ok(None) };
        let found = self.tx.customers_by_email(&[vendor], &[email.folded()])?;
        // Somebody with another id is somebody else.
        let is_same = |c: &Customer| c.program == program && (c.external_id.is_none() || buyer.id.is_none());
        let known = found.into_iter().find(is_same);
        Ok(known.map(|known| Customer { external_id: known.external_id.or(buyer.id.clone()), ..known }))
    }

    pub(super) fn new_customer(
        &self,
        buyer: &Buyer,
        partner: &PartnerId,
        link: &Link,
        at: Instant,
    ) -> Customer {
        Customer {
            id: CustomerId::from_bits(self.world.bits()),
            vendor: self.program.vendor.clone(),
            program: self.program.id.clone(),
            external_id: buyer.id.clone(),
            name: buyer.name.clone(),
            email: buyer.email.as_ref().map(|email| email.as_str().to_owned()),
            bound: Some(bound(partner, link)),
            first_commissioned_at: None,
            created_at: at,
        }
    }

    /// The link a row names, where it is the partner's, or else the partner's first.
    pub(super) fn link_of(&mut self, who: &Who, partner: &PartnerId) -> Result<Link, Error> {
        if let Some(code) = &who.code {
            let named = self.tx.vendor_link(&self.program.vendor, Some(&self.program.id), &fold(code))?;
            if let Some(link) = named.filter(|link| link.partner == *partner) {
                return Ok(link);
            }
        }
        self.first_link(partner)
    }

    fn sign_up(
        &mut self,
        customer: &Customer,
        partner: &PartnerId,
        link: &Link,
        at: Instant,
    ) -> Result<(), Error> {
        let lead = Lead {
            id: LeadId::from_bits(self.world.bits()),
            vendor: self.program.vendor.clone(),
            program: self.program.id.clone(),
            customer: customer.id.clone(),
            partner: Some(partner.clone()),
            link: Some(link.id.clone()),
            click: None,
            event_name: SIGN_UP.into(),
            reason: Reason::Named.word().into(),
            touchpoints: self.named(partner, link, at)?,
            grounds: grounds(&self.program, at, Vec::new(), &[])?,
            metadata: None,
            at,
            origin: brought(),
        };
        let mut tallies = Tallies::default();
        self.tx.insert_leads(&[lead], &mut tallies)?;
        Ok(self.tx.add_tallies(&tallies)?)
    }

    /// The one touchpoint that is known of the past: whom the vendor names now.
    pub(super) fn named(&mut self, partner: &PartnerId, link: &Link, at: Instant) -> Result<String, Error> {
        let touchpoint = Touchpoint {
            kind: Kind::Manual.word().into(),
            partner: partner_ref(self.tx, &self.program.vendor, &self.program.id, partner)?,
            at: show(at),
            link_id: Some(link.id.to_string()),
            verdict: Verdict::Credited.word().into(),
            weight: 1,
            ..Touchpoint::default()
        };
        serde_json::to_string(&[touchpoint]).map_err(|e| Error::internal(e.to_string()))
    }
}

pub(super) fn bound(partner: &PartnerId, link: &Link) -> Bound {
    let leading = Credit { partner: partner.clone(), link: link.id.clone(), click: None, weight: 1 };
    Bound { leading, shares: Vec::new(), by: Kind::Manual, origin: brought() }
}

/// What another program credited counts as named by the vendor.
pub(super) fn brought() -> Origin {
    Origin { means: means_number(Kind::Manual), ..Origin::default() }
}

fn is_bound_to(customer: &Customer, partner: &PartnerId) -> bool {
    customer
        .bound
        .as_ref()
        .is_some_and(|bound| bound.credits().iter().any(|credit| credit.partner == *partner))
}
