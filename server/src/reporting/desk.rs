//! What is loaded for reports before any of them is decided, and what they add, saved for all at once.

use super::{Added, Case, Named, Opened, Report};
use crate::crediting::{self, Candidate, Contact, Records, Suspected, Trail, asks_for_click};
use crate::error::Error;
use crate::store::{
    Answer, Bound, Click, CommissionRow, Customer, Key, Lead, PassedOver, Posting, Program, Sale, StoreError,
    Tallies, Tx,
};
use crate::world::World;
use goodword_domain::id::{ClickId, CustomerId, ProgramId, VendorId};
use goodword_domain::program::Terms;
use goodword_domain::time::Instant;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is known, and what is new.
pub struct Desk {
    customers: Vec<Customer>,
    /// Where in `customers` those with a name stand; of a vendor's the first found is the one meant.
    by_name: HashMap<String, Vec<usize>>,
    clicks: HashMap<ClickId, (VendorId, Click)>,
    /// The clicks of a program's visitors, oldest first.
    journeys: HashMap<(ProgramId, i64), Vec<Click>>,
    /// The programs that invoices were reported to.
    invoices: HashMap<(VendorId, String, String), ProgramId>,
    answers: HashMap<Key, (String, String)>,
    leads: Vec<Lead>,
    /// Whose leads have earned a commission, and what those are called.
    commissioned: Vec<(CustomerId, String)>,
    touched: HashSet<CustomerId>,
    /// What is known of the partners who may be credited.
    records: Records,
    new: New,
}

#[derive(Default)]
struct New {
    customers: Vec<Customer>,
    leads: Vec<Lead>,
    sales: Vec<Sale>,
    commissions: Vec<CommissionRow>,
    postings: Vec<Posting>,
    passed_over: Vec<PassedOver>,
    answers: Vec<Answer>,
    suspected: Suspected,
}

impl Desk {
    /// Loads what decides about the programs of reports: people, clicks, invoices. On PostgreSQL whoever reports the same
    /// names elsewhere waits until this is saved.
    pub(super) fn load<R: Report>(
        tx: &mut Tx<'_>,
        asked: &[(&R, &Opened)],
        names: &HashSet<String>,
    ) -> Result<Self, StoreError> {
        tx.lock_names(names)?;
        let mut desk = Self {
            customers: customers(tx, asked)?,
            by_name: HashMap::new(),
            clicks: clicks(tx, asked)?,
            journeys: HashMap::new(),
            invoices: invoices(tx, asked)?,
            answers: HashMap::new(),
            leads: Vec::new(),
            commissioned: Vec::new(),
            touched: HashSet::new(),
            records: Records::default(),
            new: New::default(),
        };
        desk.index();
        Ok(desk)
    }

    fn index(&mut self) {
        for (place, customer) in self.customers.iter().enumerate() {
            for name in names_of(customer) {
                self.by_name.entry(name).or_default().push(place);
            }
        }
    }

    /// Loads what decides about the reports themselves: journeys, answers given before, sign-ups.
    pub(super) fn load_history<R: Report>(
        &mut self,
        tx: &mut Tx<'_>,
        asked: &[(&R, &Case)],
    ) -> Result<(), StoreError> {
        let keys: Vec<Key> = asked.iter().filter_map(|(report, case)| report.key(case)).collect();
        self.answers = tx.answers(&keys)?;
        let mut visitors: BTreeMap<i64, (&ProgramId, BTreeSet<i64>)> = BTreeMap::new();
        for (_, case) in asked {
            let click = case.came.click.as_ref().filter(|click| click.program == case.program.id);
            if let Some(visitor) = click.and_then(|click| click.visitor) {
                let entry = visitors.entry(case.program.number);
                entry.or_insert_with(|| (&case.program.id, BTreeSet::new())).1.insert(visitor);
            }
        }
        for (number, (program, visitors)) in visitors {
            for click in tx.journeys(number, &Vec::from_iter(visitors))? {
                if let Some(visitor) = click.visitor {
                    self.journeys.entry((program.clone(), visitor)).or_default().push(click);
                }
            }
        }
        if asked.iter().any(|(report, _)| report.needs_leads()) {
            let ids: Vec<String> = self.customers.iter().map(|c| c.id.to_string()).collect();
            self.leads = tx.leads_of(&ids)?;
            self.commissioned = tx.commissioned_leads(&ids)?;
        }
        self.load_clicks_of_bound(tx, asked)?;
        self.records = Records::load(tx, &self.candidates(asked))?;
        Ok(())
    }

    /// Loads the clicks that bound the people reports are about, where a rule asks for them.
    fn load_clicks_of_bound<R: Report>(
        &mut self,
        tx: &mut Tx<'_>,
        asked: &[(&R, &Case)],
    ) -> Result<(), StoreError> {
        let mut ids = BTreeSet::new();
        for (report, case) in asked.iter().filter(|(_, case)| asks_for_click(&case.program.terms.signals)) {
            let bound = self.known(&report.told().named, &case.program).and_then(|c| c.bound.as_ref());
            ids.extend(bound.into_iter().flat_map(Bound::credits).filter_map(|credit| credit.click.clone()));
        }
        let unknown: Vec<ClickId> = ids.into_iter().filter(|id| !self.clicks.contains_key(id)).collect();
        let found = tx.clicks(&unknown)?;
        self.clicks.extend(found.into_iter().map(|(vendor, click)| (click.id.clone(), (vendor, click))));
        Ok(())
    }

    /// Who may be credited: whose code was used, whose links were clicked, to whom the person is bound.
    fn candidates<'a, R: Report>(&'a self, asked: &[(&R, &'a Case)]) -> Vec<Candidate<'a>> {
        let mut candidates = Vec::with_capacity(asked.len());
        for (report, case) in asked {
            let (told, program) = (report.told(), &*case.program);
            let at = told.at.unwrap_or(case.now);
            let known = self.known(&told.named, program).and_then(|customer| customer.bound.as_ref());
            let trail = self.trail(case, known);
            let code = case.came.code.as_ref().filter(|link| link.program == program.id);
            candidates.extend(code.map(|link| Candidate {
                program,
                partner: link.partner.clone(),
                at,
                click: trail.own,
                code: Some(&link.id),
            }));
            candidates.extend(trail.clicks.iter().map(|&click| Candidate {
                program,
                partner: click.partner.clone(),
                at,
                click: Some(click),
                code: None,
            }));
            candidates.extend(known.into_iter().flat_map(Bound::credits).map(|credit| Candidate {
                program,
                partner: credit.partner.clone(),
                at,
                click: None,
                code: None,
            }));
        }
        candidates
    }

    /// How the visitor of a report came: his or her journey, or the clicks that bound the customer.
    pub(super) fn trail<'a>(&'a self, case: &'a Case, bound: Option<&Bound>) -> Trail<'a> {
        let own = case.came.click.as_ref().filter(|click| click.program == case.program.id);
        let visitor = own.and_then(|click| click.visitor);
        let journey = visitor.and_then(|visitor| self.journeys.get(&(case.program.id.clone(), visitor)));
        let mut clicks: Vec<&Click> = journey.into_iter().flatten().chain(own).collect();
        let named = bound.into_iter().flat_map(Bound::credits).filter_map(|credit| credit.click.as_ref());
        clicks.extend(named.filter_map(|id| self.click(&case.program.vendor, id)));
        Trail { clicks, own, records: &self.records }
    }

    /// A vendor's click.
    pub fn click(&self, vendor: &VendorId, id: &ClickId) -> Option<&Click> {
        self.clicks.get(id).filter(|(owner, _)| owner == vendor).map(|(_, click)| click)
    }

    /// The touchpoints a click brings with it: all of its visitor's, or itself alone.
    pub fn journey(&self, program: &Program, click: &Click) -> Vec<Click> {
        let journey = click.visitor.and_then(|visitor| self.journeys.get(&(program.id.clone(), visitor)));
        journey.cloned().unwrap_or_else(|| vec![click.clone()])
    }

    /// The program the same invoice was reported to before.
    pub fn reported(&self, vendor: &VendorId, (processor, invoice): (&str, &str)) -> Option<&ProgramId> {
        self.invoices.get(&(vendor.clone(), processor.to_owned(), invoice.to_owned()))
    }

    pub(super) fn answer(&self, key: &Key) -> Option<&(String, String)> {
        self.answers.get(key)
    }

    /// A person's sign-up of a name.
    pub fn lead(&self, customer: &CustomerId, event_name: &str) -> Option<&Lead> {
        self.leads.iter().find(|lead| lead.customer == *customer && lead.event_name == event_name)
    }

    /// Whether a sign-up of this person has earned a commission; custom events with a reward of their own are none.
    pub fn has_commissioned_sign_up(&self, customer: &CustomerId, terms: &Terms) -> bool {
        self.commissioned.iter().any(|(who, event)| who == customer && !terms.is_custom(event))
    }

    /// Everybody a name may mean, by the vendor's own id first.
    fn meant(&self, vendor: &VendorId, named: &Named) -> Vec<&Customer> {
        let places = named.names().iter().filter_map(|name| self.by_name.get(name));
        let found = places.flatten().map(|place| &self.customers[*place]);
        found.filter(|customer| customer.vendor == *vendor).collect()
    }

    /// This person, in whichever of the vendor's programs knows him or her.
    pub fn known_to(&self, vendor: &VendorId, named: &Named) -> Option<&Customer> {
        self.meant(vendor, named).into_iter().find(|customer| is_meant(customer, named))
    }

    /// This person in a program. Somebody whom a page reported by address alone is recognised when the vendor reports the
    /// same address with its own id.
    pub fn known(&self, named: &Named, program: &Program) -> Option<&Customer> {
        let mut meant = self.meant(&program.vendor, named).into_iter();
        meant.find(|customer| customer.program == program.id && is_meant(customer, named))
    }

    /// Whether an earlier report on this desk was about one of those the name may mean.
    pub(super) fn is_touched(&self, vendor: &VendorId, named: &Named) -> bool {
        !self.touched.is_empty() && self.meant(vendor, named).iter().any(|c| self.touched.contains(&c.id))
    }

    pub(super) fn add(&mut self, case: &Case, named: &Named, added: Added) {
        let meant: Vec<CustomerId> =
            self.meant(case.caller.vendor(), named).iter().map(|customer| customer.id.clone()).collect();
        self.touched.extend(meant);
        self.new.customers.extend(added.customer);
        self.new.leads.extend(added.lead);
        self.new.sales.extend(added.sale);
        self.new.suspected.extend(added.suspected);
        self.new.passed_over.extend(added.passed_over);
        for (row, transfer) in added.commissions {
            let (vendor, program, at) = (row.vendor.clone(), row.program.clone(), row.at);
            self.new.postings.extend(transfer.map(|transfer| Posting { vendor, program, transfer, at }));
            self.new.commissions.push(row);
        }
    }

    pub(super) fn keep_answer(&mut self, key: Key, hash: &str, text: String, at: Instant) {
        self.new.answers.push(Answer { key, hash: hash.to_owned(), text, at });
    }

    pub(super) fn save(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let new = self.new;
        let mut tallies = Tallies::default();
        tx.store_customers(&new.customers, &mut tallies)?;
        tx.insert_leads(&new.leads, &mut tallies)?;
        tx.insert_sales(&new.sales, &mut tallies)?;
        tx.insert_passed_over(&new.passed_over)?;
        tx.insert_commissions(&new.commissions, &mut tallies)?;
        new.suspected.save(tx)?;
        tx.insert_answers(&new.answers)?;
        // From here on whoever posts in the same program waits for us.
        tx.post_all(World, &new.postings)?;
        tx.add_tallies(&tallies)?;
        Ok(())
    }
}

/// The names a stored customer is found by; as [`Named::names`].
fn names_of(customer: &Customer) -> Vec<String> {
    let (external_id, email) = (customer.external_id.clone(), customer.email.as_ref());
    let id = external_id.map(|id| format!("customer:{id}"));
    id.into_iter().chain(email.map(|email| format!("mailto:{}", email.to_lowercase()))).collect()
}

/// The vendor's own id decides, where it was told; an address means somebody only while no id was told, or while the
/// vendor has not named that somebody.
fn is_meant(customer: &Customer, named: &Named) -> bool {
    match (&named.external_id, &customer.external_id) {
        (Some(told), Some(known)) => told == known,
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

fn vendors<R: Report>(asked: &[(&R, &Opened)]) -> Vec<String> {
    let vendors: BTreeSet<&str> = asked.iter().map(|(_, opened)| opened.vendor().as_str()).collect();
    vendors.into_iter().map(str::to_owned).collect()
}

fn customers<'a, R: Report>(
    tx: &mut Tx<'_>,
    asked: &[(&'a R, &'a Opened)],
) -> Result<Vec<Customer>, StoreError> {
    let vendors = vendors(asked);
    let named = || asked.iter().map(|(report, _)| &report.told().named);
    let with_own_id = |(report, opened): &(&'a R, &'a Opened)| {
        Some([opened.vendor().as_str(), report.told().named.external_id.as_deref()?])
    };
    let ids: Vec<[&str; 2]> = asked.iter().filter_map(with_own_id).collect();
    let (with_id, without): (Vec<_>, Vec<_>) =
        named().filter(|named| named.email.is_some()).partition(|named| named.external_id.is_some());
    let folded = |named: Vec<&Named>| named.into_iter().filter_map(Named::folded).collect::<Vec<_>>();
    let mut all = tx.customers_by_external_id(&ids)?;
    all.extend(tx.unnamed_customers_by_email(&vendors, &folded(with_id))?);
    all.extend(tx.customers_by_email(&vendors, &folded(without))?);
    let mut seen = HashSet::new();
    all.retain(|customer| seen.insert(customer.id.clone()));
    // Of several that a name may mean, whoever is bound comes first, then the oldest.
    all.sort_by(|a, b| (a.bound.is_none(), &a.id).cmp(&(b.bound.is_none(), &b.id)));
    Ok(all)
}

fn clicks<R: Report>(
    tx: &mut Tx<'_>,
    asked: &[(&R, &Opened)],
) -> Result<HashMap<ClickId, (VendorId, Click)>, StoreError> {
    let ids: Vec<ClickId> = asked.iter().filter_map(|(report, _)| report.told().click()).collect();
    let found = tx.clicks(&ids)?;
    Ok(found.into_iter().map(|(vendor, click)| (click.id.clone(), (vendor, click))).collect())
}

fn invoices<'a, R: Report>(
    tx: &mut Tx<'_>,
    asked: &[(&'a R, &'a Opened)],
) -> Result<HashMap<(VendorId, String, String), ProgramId>, StoreError> {
    let invoice = |(report, opened): &(&'a R, &'a Opened)| {
        let (processor, invoice) = report.invoice()?;
        Some([opened.vendor().as_str(), processor, invoice])
    };
    tx.programs_of_invoices(&asked.iter().filter_map(invoice).collect::<Vec<_>>())
}

/// Loads the touchpoints of a report in its program, oldest first; a click of another program stands alone.
pub(super) fn contacts(
    tx: &mut Tx<'_>,
    desk: &Desk,
    case: &Case,
    at: Instant,
) -> Result<Vec<Contact>, Error> {
    let program = &case.program;
    let journey = match &case.came.click {
        Some(click) if click.program == program.id => desk.journey(program, click),
        Some(click) => vec![click.clone()],
        None => Vec::new(),
    };
    crediting::contacts(tx, program, journey, &case.came, at)
}
