//! Deal registrations: filed by partners or for them, decided by the vendor.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, PartnerCaller, VendorCaller};
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::registering::{self, Filed, Said, TAKEN, Told};
use crate::store::{Program, RegistrationFilter, RegistrationRow, Tx};
use crate::time::{self, show};
use crate::token::Token;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{PartnerId, ProgramId, RegistrationId};
use goodword_domain::money::parse_amount;
use goodword_domain::registration::{Act, Customer, Standing, Status};
use goodword_domain::time::Instant;
use goodword_wire::{
    self as wire, ErrorBody, RegistrationCheck, RegistrationCheckInput, RegistrationInput,
    RegistrationStepInput,
};

/// Which registrations to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RegistrationQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `submitted`, `more_information`, `approved`, `won`, `lost`, `expired`, `rejected` or `disqualified`.
    status: Option<String>,
}

/// Who looks at a registration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Vendor,
    Partner,
}

/// List registrations
#[utoipa::path(get, path = "/v1/registrations", tag = "registrations", params(RegistrationQuery, Paging, Turning),
    responses((status = 200, body = Vec<wire::Registration>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<RegistrationQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Registration>>, Error> {
    let status = query.status.as_deref().map(Status::parse).transpose()?;
    let filter = RegistrationFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        status: status.map(|status| status.word().to_owned()),
        after: paging.after(RegistrationId::parse)?,
        page: paging.page(&turning)?,
    };
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let rows = tx.registrations(&caller.vendor, &filter)?;
        rows.iter().map(|row| shown(tx, row, Reader::Vendor, now)).collect()
    });
    Ok(Json(all.await?))
}

/// One registration
#[utoipa::path(get, path = "/v1/registrations/{id}", tag = "registrations", params(("id" = String, Path, description = "`reg_…`")),
    responses((status = 200, body = wire::Registration), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Registration>, Error> {
    let (id, real) = (RegistrationId::parse(&id)?, app.world.now());
    let found = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let row = tx.registration(&caller.vendor, &id)?.ok_or_else(registering::no_such_registration)?;
        shown(tx, &row, Reader::Vendor, now)
    });
    Ok(Json(found.await?))
}

/// File a registration for a partner
///
/// The partner's own of the same customer that is there already is the answer. A customer that another partner has is refused
/// with 409, or registered as the second where the program's rule is `half`.
#[utoipa::path(post, path = "/v1/registrations", tag = "registrations", request_body = RegistrationInput,
    responses((status = 200, body = wire::Registration), (status = "4XX", body = ErrorBody)))]
pub async fn file(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<RegistrationInput>,
) -> Result<Json<wire::Registration>, Error> {
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let told = told(&input)?;
    let (world, real) = (app.world, app.world.now());
    let filed = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        find::open(&program)?;
        registering::rules(&program)?;
        if !tx.known_partner(&vendor, &program.id, &partner)?.approved {
            let remedy = "is not an approved partner of this program: see GET /v1/partners.";
            return Err(Error::field("partnerId", remedy));
        }
        let now = find::now(tx, &vendor, real)?;
        let said = Said { by: actor.name.clone(), note: told.note.clone() };
        let filed = registering::file(tx, world, &program, &partner, &told, (&said, now))?;
        answer(tx, filed, Reader::Vendor, now)
    });
    filed.await?.map(Json).ok_or_else(taken)
}

/// None where somebody else has the customer: that is told once what was tried is kept.
fn answer(
    tx: &mut Tx<'_>,
    filed: Filed,
    reader: Reader,
    now: Instant,
) -> Result<Option<wire::Registration>, Error> {
    match filed {
        Filed::Here(row) => shown(tx, &row, reader, now).map(Some),
        Filed::Taken => Ok(None),
    }
}

fn taken() -> Error {
    Error::Conflict(TAKEN.into())
}

/// Whether a customer can be registered
///
/// For a partner (`partnerId`), or for anybody.
#[utoipa::path(post, path = "/v1/registrations/check", tag = "registrations", request_body = RegistrationInput,
    responses((status = 200, body = RegistrationCheck), (status = "4XX", body = ErrorBody)))]
pub async fn check(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<RegistrationInput>,
) -> Result<Json<RegistrationCheck>, Error> {
    let partner = input.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let (customer, real) = (told(&input)?.customer, app.world.now());
    let found = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        let now = find::now(tx, &caller.vendor, real)?;
        let anybody = PartnerId::from_bits(0);
        standing(tx, &program, partner.as_ref().unwrap_or(&anybody), &customer, now)
    });
    Ok(Json(found.await?))
}

fn standing(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    customer: &Customer,
    now: Instant,
) -> Result<RegistrationCheck, Error> {
    let word = match registering::check(tx, program, partner, customer, now)?.0 {
        Standing::First => "free",
        Standing::Second => "second",
        Standing::Own(_) => "own",
        Standing::Taken => "taken",
    };
    Ok(RegistrationCheck { standing: word.into() })
}

/// Do something about a registration
///
/// `approve` protects it, `reject` does not, `ask` wants to know more (and stops the clock of the review until `answer`), `extend`
/// protects it for longer, `advance` pays a stage, `win` pays the bonus, `lose` frees the customer, `disqualify` takes back all
/// that it paid.
#[utoipa::path(post, path = "/v1/registrations/{id}/step", tag = "registrations", request_body = RegistrationStepInput,
    params(("id" = String, Path, description = "`reg_…`")),
    responses((status = 200, body = wire::Registration), (status = "4XX", body = ErrorBody)))]
pub async fn step(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<RegistrationStepInput>,
) -> Result<Json<wire::Registration>, Error> {
    let id = RegistrationId::parse(&id)?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let external = find::text("customerExternalId", input.customer_external_id.as_ref(), 255)?;
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let now = find::now(tx, &vendor, real)?;
        let row = tx.registration(&vendor, &id)?.ok_or_else(registering::no_such_registration)?;
        let program = find::program_by_id(tx, &vendor, &row.program)?;
        let act = act(tx, &row, &input, now)?;
        let said = Said { by: actor.name.clone(), note: note.clone() };
        let mut row = registering::act(tx, world, &program, &id, (&act, &said), now)?;
        if let Some(external) = &external {
            row.external_id = Some(external.clone());
            tx.insert_registration_key(&row, &registering::key_of_external(external))?;
        }
        row.invoice_id = find::text("invoiceId", input.invoice_id.as_ref(), 255)?.or(row.invoice_id);
        tx.update_registration(&row)?;
        shown(tx, &row, Reader::Vendor, now)
    });
    Ok(Json(done.await?))
}

/// What a step means.
fn act(
    tx: &mut Tx<'_>,
    row: &RegistrationRow,
    input: &RegistrationStepInput,
    now: Instant,
) -> Result<Act, Error> {
    let step = find::required("step", input.step.as_ref())?;
    if step != "win" && (input.amount.is_some() || input.at.is_some() || input.invoice_id.is_some()) {
        return Err(Error::field("amount", "`at` and `invoiceId` go with the step `win` alone."));
    }
    Ok(match step {
        "approve" => Act::Approve,
        "reject" => Act::Reject,
        "ask" => Act::Ask,
        "answer" => Act::Answer,
        "extend" => Act::Extend,
        "advance" => Act::Advance(find::required("stage", input.stage.as_ref())?.to_owned()),
        "win" => win(tx, row, input, now)?,
        "lose" => Act::Lose,
        "disqualify" => Act::Disqualify,
        _ => {
            let remedy = "must be `approve`, `reject`, `ask`, `answer`, `extend`, `advance`, `win`, `lose` or `disqualify`.";
            return Err(Error::field("step", remedy));
        }
    })
}

/// For how much a deal was won, and when: as it is told, as the order says, as was expected.
fn win(
    tx: &mut Tx<'_>,
    row: &RegistrationRow,
    input: &RegistrationStepInput,
    now: Instant,
) -> Result<Act, Error> {
    let invoice = find::text("invoiceId", input.invoice_id.as_ref(), 255)?;
    let sale = match &invoice {
        Some(invoice) => {
            let id = tx.sale_of_order(&row.vendor, &row.program, invoice)?;
            let sale = id.map(|id| tx.sale(&row.vendor, &id)).transpose()?.flatten();
            let remedy = "is of no sale of this program: report the sale first, or leave it out.";
            Some(sale.ok_or_else(|| Error::field("invoiceId", remedy))?)
        }
        None => None,
    };
    let told = input.amount.map(|amount| parse_amount("amount", amount)).transpose()?;
    let amount = told.or(sale.as_ref().and_then(|sale| sale.value_left)).or(row.amount);
    let amount = amount
        .ok_or_else(|| Error::field("amount", "is needed: for how much was it won, in minor units?"))?;
    let told = input.at.as_deref().map(|text| time::parse("at", text)).transpose()?;
    let at = told.or(sale.map(|sale| sale.at)).unwrap_or(now);
    if at > now {
        return Err(Error::field("at", format!("lies in the future: it is {} now.", show(now))));
    }
    Ok(Act::Win { amount, at })
}

/// File a registration
///
/// From a page, by a partner whose address is proven. A customer that another partner has is refused with 409; who that is is
/// not told.
#[utoipa::path(post, path = "/v1/embed/registrations", tag = "embed", request_body = RegistrationInput,
    responses((status = 200, body = wire::Registration), (status = "4XX", body = ErrorBody)))]
pub async fn file_own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Body(input): Body<RegistrationInput>,
) -> Result<Json<wire::Registration>, Error> {
    if input.partner_id.is_some() || input.program_id.is_some() {
        return Err(Error::field("partnerId", "and `programId` are known by the token: leave them out."));
    }
    let told = told(&input)?;
    let (world, real) = (app.world, app.world.now());
    let filed = app.store.write(move |tx| {
        let program = permitted(tx, &token)?;
        find::open(&program)?;
        let now = find::now(tx, &token.vendor, real)?;
        let said = Said { by: "partner".into(), note: told.note.clone() };
        let filed = registering::file(tx, world, &program, &token.partner, &told, (&said, now))?;
        answer(tx, filed, Reader::Partner, now)
    });
    filed.await?.map(Json).ok_or_else(taken)
}

/// The program of a partner who may register: approved, with a proven address.
fn permitted(tx: &mut Tx<'_>, token: &Token) -> Result<Program, Error> {
    let program = find::program_by_id(tx, &token.vendor, &token.program)?;
    let proven = tx.partner(&token.vendor, &token.partner)?.is_some_and(|p| p.proven_at.is_some());
    if !proven || !tx.known_partner(&token.vendor, &token.program, &token.partner)?.approved {
        let remedy =
            "Registrations are for approved partners whose address is proven: open the link in the mail.";
        return Err(Error::Forbidden(remedy.into()));
    }
    registering::rules(&program)?;
    Ok(program)
}

/// Whether a customer can be registered
///
/// To be asked while somebody types. Who has it is not told.
#[utoipa::path(post, path = "/v1/embed/registrations/check", tag = "embed", request_body = RegistrationCheckInput,
    responses((status = 200, body = RegistrationCheck), (status = "4XX", body = ErrorBody)))]
pub async fn check_own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Body(input): Body<RegistrationCheckInput>,
) -> Result<Json<RegistrationCheck>, Error> {
    let customer = customer(input.customer_name.as_ref(), input.contact.as_ref())?;
    let real = app.world.now();
    let found = app.store.read(move |tx| {
        let program = permitted(tx, &token)?;
        let now = find::now(tx, &token.vendor, real)?;
        standing(tx, &program, &token.partner, &customer, now)
    });
    Ok(Json(found.await?))
}

/// The partner's own registrations
#[utoipa::path(get, path = "/v1/embed/registrations", tag = "embed", params(Paging, Turning),
    responses((status = 200, body = Vec<wire::Registration>), (status = "4XX", body = ErrorBody)))]
pub async fn own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Registration>>, Error> {
    let filter = RegistrationFilter {
        program: Some(token.program),
        partner: Some(token.partner),
        status: None,
        after: paging.after(RegistrationId::parse)?,
        page: paging.page(&turning)?,
    };
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let now = find::now(tx, &token.vendor, real)?;
        let rows = tx.registrations(&token.vendor, &filter)?;
        rows.iter().map(|row| shown(tx, row, Reader::Partner, now)).collect()
    });
    Ok(Json(all.await?))
}

/// Answer what the vendor asked
#[utoipa::path(post, path = "/v1/embed/registrations/{id}/answer", tag = "embed", request_body = RegistrationStepInput,
    params(("id" = String, Path, description = "`reg_…`")),
    responses((status = 200, body = wire::Registration), (status = "4XX", body = ErrorBody)))]
pub async fn answer_own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Path(id): Path<String>,
    Body(input): Body<RegistrationStepInput>,
) -> Result<Json<wire::Registration>, Error> {
    let id = RegistrationId::parse(&id)?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let note = Some(note.ok_or_else(|| Error::field("note", "is needed: answer what was asked."))?);
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let program = find::program_by_id(tx, &token.vendor, &token.program)?;
        let own = tx
            .registration(&token.vendor, &id)?
            .filter(|row| row.registration.partner == token.partner && row.program == token.program);
        own.ok_or_else(|| Error::NotFound("There is no such registration of yours.".into()))?;
        let now = find::now(tx, &token.vendor, real)?;
        let said = Said { by: "partner".into(), note: note.clone() };
        let row = registering::act(tx, world, &program, &id, (&Act::Answer, &said), now)?;
        shown(tx, &row, Reader::Partner, now)
    });
    Ok(Json(done.await?))
}

fn told(input: &RegistrationInput) -> Result<Told, Error> {
    Ok(Told {
        customer: customer(input.customer_name.as_ref(), input.contact.as_ref())?,
        amount: input.amount.map(|amount| parse_amount("amount", amount)).transpose()?,
        note: find::text("note", input.note.as_ref(), 1000)?,
    })
}

fn customer(name: Option<&String>, contact: Option<&String>) -> Result<Customer, Error> {
    Ok(Customer::parse(find::required("customerName", name)?, find::required("contact", contact)?)?)
}

/// Registrations as a partner sees his or her own.
pub fn of_partner(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    (limit, now): (i64, Instant),
) -> Result<Vec<wire::Registration>, Error> {
    let page = crate::store::Page { limit, ..crate::store::Page::default() };
    let filter = RegistrationFilter {
        program: Some(program.id.clone()),
        partner: Some(partner.clone()),
        page,
        ..RegistrationFilter::default()
    };
    let rows = tx.registrations(&program.vendor, &filter)?;
    rows.iter().map(|row| shown(tx, row, Reader::Partner, now)).collect()
}

/// A registration as the vendor reads it.
pub fn to_vendor(tx: &mut Tx<'_>, row: &RegistrationRow, now: Instant) -> Result<wire::Registration, Error> {
    shown(tx, row, Reader::Vendor, now)
}

fn shown(
    tx: &mut Tx<'_>,
    row: &RegistrationRow,
    reader: Reader,
    now: Instant,
) -> Result<wire::Registration, Error> {
    let program = find::program_by_id(tx, &row.vendor, &row.program)?;
    let r = row.registration.at(now);
    let rules = program.terms.registrations.as_ref();
    let ended = r.status == Status::Expired && row.registration.status == Status::Approved;
    let reason = if ended { "protection_ended" } else { row.reason.as_str() };
    let part = |amount: i64| if r.place == 1 { amount } else { amount / 2 + amount % 2 };
    let stages = rules.into_iter().flat_map(|rules| &rules.stages).map(|stage| wire::RegistrationStage {
        name: stage.name.clone(),
        amount: part(stage.amount),
        reached: r.reached.contains(&stage.name),
    });
    let payments = tx.registration_payments(&row.id)?.into_iter().map(|paid| wire::RegistrationPayment {
        name: paid.name,
        amount: paid.amount,
        commission_id: paid.commission.to_string(),
    });
    let is_vendor = reader == Reader::Vendor;
    Ok(wire::Registration {
        id: row.id.to_string(),
        status: r.status.word().into(),
        reason: reason.into(),
        says: registering::says(reason).into(),
        program_id: row.program.to_string(),
        partner: view::partner_ref(tx, &row.vendor, &row.program, &r.partner)?,
        customer_name: row.customer_name.clone(),
        contact: row.contact.clone(),
        customer_external_id: row.external_id.clone().filter(|_| is_vendor),
        amount: row.amount,
        currency: program.terms.currency.wire(),
        place: r.place,
        due_at: show(r.due_at),
        overdue: r.is_overdue(now),
        protected_from: r.protected_from.map(show),
        protected_until: r.protected_until.map(show),
        extensions_left: rules.map_or(0, |rules| (rules.extensions - r.extended).max(0)),
        stages: stages.collect(),
        won_for: r.won_for,
        invoice_id: row.invoice_id.clone(),
        conflicts: if is_vendor { conflicts(tx, row, now)? } else { Vec::new() },
        payments: payments.collect(),
        created_at: show(row.created_at),
        trail: trail(tx, row, reader)?,
    })
}

fn trail(
    tx: &mut Tx<'_>,
    row: &RegistrationRow,
    reader: Reader,
) -> Result<Vec<wire::RegistrationEvent>, Error> {
    let told = |event: crate::store::RegistrationEvent| {
        let is_vendor = !["partner", "goodword"].contains(&event.by.as_str());
        let by = if reader == Reader::Partner && is_vendor { "vendor".into() } else { event.by };
        wire::RegistrationEvent { at: show(event.at), by, status: event.status, note: event.note }
    };
    Ok(tx.registration_events(&row.id)?.into_iter().map(told).collect())
}

/// Who else has the customer now.
fn conflicts(
    tx: &mut Tx<'_>,
    row: &RegistrationRow,
    now: Instant,
) -> Result<Vec<wire::RegistrationConflict>, Error> {
    let customer = Customer { name: row.customer_name.clone(), contact: row.contact.clone() };
    let mut all = Vec::new();
    for other in tx.registrations_of_keys(&row.program, &customer.keys())? {
        if other.id != row.id && other.registration.is_live(now) {
            all.push(wire::RegistrationConflict {
                id: other.id.to_string(),
                partner: view::partner_ref(tx, &row.vendor, &row.program, &other.registration.partner)?,
                status: other.registration.status.word().into(),
                protected_until: other.registration.protected_until.map(show),
            });
        }
    }
    Ok(all)
}
