//! Leads: a sign-up binds the customer to whoever is credited for it.

use super::customers::Named;
use super::{find, view};
use crate::app::Shared;
use crate::auth::EventCaller;
use crate::crediting::{self, Attributed, Came, Earned};
use crate::error::Error;
use crate::http::Body;
use crate::store::{Customer, Key, Lead, Program, Tx};
use crate::time;
use crate::world::World;
use axum::Json;
use axum::extract::State;
use goodword_domain::id::{LeadId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, ClickRef, ErrorBody, LeadInput, LeadOutput};

/// Report a sign-up
///
/// From a page (publishable key in the query) or from a server (secret key). The same person and event again gets the
/// first answer.
#[utoipa::path(post, path = "/v1/track/lead", tag = "track", request_body = LeadInput,
    responses((status = 200, body = LeadOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    caller: EventCaller,
    Body(input): Body<LeadInput>,
) -> Result<Json<LeadOutput>, Error> {
    if input.timestamp.is_some() && !caller.is_vendor() {
        return Err(Error::Forbidden("`timestamp` needs a secret key: leave it out.".into()));
    }
    let report = Report::parse(&input)?;
    let (world, public_url) = (app.world, app.public_url.clone());
    let (vendor, by_page) = (caller.vendor().clone(), !caller.is_vendor());
    let real = world.now();
    let output = app.store.write(move |tx| {
        let lead =
            Reporting { world, public_url: &public_url, report: &report, vendor: &vendor, by_page, real };
        lead.run(tx)
    });
    Ok(Json(output.await?))
}

/// A report, checked.
#[derive(Clone)]
struct Report {
    input: LeadInput,
    named: Named,
    event_name: String,
    metadata: Option<String>,
    hash: String,
}

impl Report {
    fn parse(input: &LeadInput) -> Result<Self, Error> {
        Ok(Self {
            named: Named::parse(
                input.customer_external_id.as_ref(),
                input.customer_name.as_ref(),
                input.customer_email.as_ref(),
            )?,
            event_name: find::text("eventName", input.event_name.as_ref(), 100)?
                .unwrap_or_else(|| "Sign up".into()),
            metadata: find::metadata(input.metadata.as_ref())?,
            hash: crediting::input_hash(input)?,
            input: input.clone(),
        })
    }
}

struct Reporting<'a> {
    world: World,
    public_url: &'a str,
    report: &'a Report,
    vendor: &'a VendorId,
    by_page: bool,
    real: Instant,
}

impl Reporting<'_> {
    fn run(&self, tx: &mut Tx<'_>) -> Result<LeadOutput, Error> {
        let input = &self.report.input;
        let now = find::now(tx, self.vendor, self.real)?;
        let at = time::event_time(input.timestamp.as_deref(), now)?;
        let named = input.program_id.as_deref().map(ProgramId::parse).transpose()?;
        let came = crediting::how_they_came(
            tx,
            self.vendor,
            named.as_ref(),
            input.click_id.as_deref(),
            input.code.as_deref(),
        )?;
        let program = self.program(tx, named.as_ref(), &came)?;
        if self.by_page {
            self.store(tx, &program, &came, at)?;
            return self.receipt(tx, &came, at);
        }
        let key = Key {
            program: program.id.clone(),
            source: self.report.event_name.clone(),
            external_id: self.report.named.key(),
            kind: "lead",
        };
        crediting::once(tx, Some(&key), &self.report.hash, now, |tx| {
            let (customer, lead) = self.store(tx, &program, &came, at)?;
            self.output(tx, &customer, &lead)
        })
    }

    fn program(&self, tx: &mut Tx<'_>, named: Option<&ProgramId>, came: &Came) -> Result<Program, Error> {
        let by_touch = came.code.as_ref().map(|l| &l.program).or(came.click.as_ref().map(|c| &c.program));
        match named.or(by_touch) {
            Some(id) => find::program_by_id(tx, self.vendor, id),
            None => find::program(tx, self.vendor, None),
        }
    }

    /// Stores the lead, unless the person has one of that name already.
    fn store(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        came: &Came,
        at: Instant,
    ) -> Result<(Customer, Lead), Error> {
        find::open(program)?;
        let customer = self.customer(tx, program, at)?;
        if let Some(before) = tx.lead_of(&customer.id, &self.report.event_name)? {
            return Ok((customer, before));
        }
        let first = !tx.has_commissioned_lead(&customer.id)?;
        // A page can be forged: a code it sends does not take a customer from the partner he or she is bound to.
        let binding_stands = self.by_page && customer.bound.is_some();
        let came = if binding_stands { &Came { code: None, ..came.clone() } } else { came };
        let attributed = crediting::attribute(tx, program, &customer, came, at)?;
        let lead = self.lead(program, &customer, came, &attributed, at)?;
        tx.insert_lead(&lead)?;
        if let Some(winner) = attributed.decision.winner.as_ref().filter(|_| first) {
            let id = Some(lead.id.clone());
            let earned = Earned { program, customer: &customer, winner, lead: id, sale: None, amount: 0, at };
            crediting::credit(tx, self.world, earned)?;
        }
        Ok((customer, lead))
    }

    fn customer(&self, tx: &mut Tx<'_>, program: &Program, at: Instant) -> Result<Customer, Error> {
        let named = &self.report.named;
        if self.by_page {
            named.customer_of_page(tx, self.world, program, at)
        } else {
            named.customer(tx, self.world, program, at)
        }
    }

    /// What a page hears: its own words and its own touchpoint back, whoever the person turned out to be. Nothing tells
    /// whether he or she was known before.
    fn receipt(&self, tx: &mut Tx<'_>, came: &Came, at: Instant) -> Result<LeadOutput, Error> {
        let clicked =
            came.click.as_ref().map(|click| tx.link(self.vendor, &click.link)).transpose()?.flatten();
        let link = came.code.clone().or(clicked);
        let partner = link.as_ref().map(|l| view::partner_ref(tx, self.vendor, &l.partner)).transpose()?;
        let Named { external_id, name, email } = self.report.named.clone();
        Ok(LeadOutput {
            id: String::new(),
            click: came.click.as_ref().map(|click| ClickRef { id: click.id.to_string() }),
            link: link.map(|l| view::link_ref(self.public_url, &l)),
            customer: wire::Customer {
                id: String::new(),
                external_id,
                name,
                email: email.map(|e| e.as_str().to_owned()),
                created_at: time::show(at),
                partner: None,
            },
            credited: partner.is_some(),
            partner,
            reason: "received".into(),
            commission: None,
        })
    }

    fn lead(
        &self,
        program: &Program,
        customer: &Customer,
        came: &Came,
        a: &Attributed,
        at: Instant,
    ) -> Result<Lead, Error> {
        let winner = a.decision.winner.as_ref();
        Ok(Lead {
            id: LeadId::from_bits(self.world.bits()),
            vendor: program.vendor.clone(),
            program: program.id.clone(),
            customer: customer.id.clone(),
            partner: winner.map(|w| w.partner.clone()),
            link: winner.map(|w| w.link.clone()),
            click: winner.and_then(|w| w.click.clone()),
            event_name: self.report.event_name.clone(),
            reason: a.reason(came).into(),
            touchpoints: serde_json::to_string(&a.touchpoints).map_err(|e| Error::internal(e.to_string()))?,
            metadata: self.report.metadata.clone(),
            at,
        })
    }

    fn output(&self, tx: &mut Tx<'_>, customer: &Customer, lead: &Lead) -> Result<LeadOutput, Error> {
        let vendor = &lead.vendor;
        let fresh = tx.customer(vendor, &customer.id)?.unwrap_or_else(|| customer.clone());
        let link = lead.link.as_ref().map(|id| tx.link(vendor, id)).transpose()?.flatten();
        let commission = tx.commission_of_lead(&lead.id)?;
        Ok(LeadOutput {
            id: lead.id.to_string(),
            click: lead.click.as_ref().map(|id| ClickRef { id: id.to_string() }),
            link: link.map(|l| view::link_ref(self.public_url, &l)),
            customer: view::customer(tx, &fresh)?,
            partner: lead.partner.as_ref().map(|id| view::partner_ref(tx, vendor, id)).transpose()?,
            credited: lead.partner.is_some(),
            reason: lead.reason.clone(),
            commission: commission.map(|row| view::commission(tx, &row)).transpose()?,
        })
    }
}
