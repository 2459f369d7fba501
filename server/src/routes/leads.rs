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
use goodword_wire::{ClickRef, ErrorBody, LeadInput, LeadOutput};

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
    let output = output.await?;
    Ok(Json(if by_page { for_a_page(output, &input) } else { output }))
}

/// What a page hears: its own words back, and nothing of money.
fn for_a_page(mut output: LeadOutput, input: &LeadInput) -> LeadOutput {
    output.commission = None;
    output.customer.name.clone_from(&input.customer_name);
    output.customer.email.clone_from(&input.customer_email);
    output.customer.partner = None;
    output
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
        let key = Key {
            program: program.id.clone(),
            source: self.report.event_name.clone(),
            external_id: self.report.named.key(),
            kind: "lead",
        };
        let hash = self.hash(tx, &key)?;
        crediting::once(tx, Some(&key), &hash, now, |tx| self.store(tx, &program, &came, at))
    }

    /// A page may not learn who signed up before by sending something else: it hears the first answer again.
    fn hash(&self, tx: &mut Tx<'_>, key: &Key) -> Result<String, Error> {
        let first = if self.by_page { tx.answer(key)? } else { None };
        Ok(first.map_or_else(|| self.report.hash.clone(), |(hash, _)| hash))
    }

    fn program(&self, tx: &mut Tx<'_>, named: Option<&ProgramId>, came: &Came) -> Result<Program, Error> {
        let by_touch = came.code.as_ref().map(|l| &l.program).or(came.click.as_ref().map(|c| &c.program));
        let program = match named.or(by_touch) {
            Some(id) => find::program_by_id(tx, self.vendor, id)?,
            None => find::program(tx, self.vendor, None)?,
        };
        find::open(&program)?;
        Ok(program)
    }

    fn store(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        came: &Came,
        at: Instant,
    ) -> Result<LeadOutput, Error> {
        let customer = self.report.named.customer(tx, self.world, program, at)?;
        if let Some(before) = tx.lead_of(&customer.id, &self.report.event_name)? {
            return self.output(tx, &customer, &before);
        }
        let first = !tx.has_lead(&customer.id)?;
        let attributed = crediting::attribute(tx, program, &customer, came, at)?;
        let lead = self.lead(program, &customer, came, &attributed, at)?;
        tx.insert_lead(&lead)?;
        if let Some(winner) = attributed.decision.winner.as_ref().filter(|_| first) {
            let id = Some(lead.id.clone());
            let earned = Earned { program, customer: &customer, winner, lead: id, sale: None, amount: 0, at };
            crediting::credit(tx, self.world, earned)?;
        }
        self.output(tx, &customer, &lead)
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
