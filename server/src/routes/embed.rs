//! What the widget asks: the offer, joining, signing in, and the partner's own page.

use super::{find, payees, view};
use crate::app::{App, Shared};
use crate::auth::{PageCaller, PartnerCaller, PublicCaller};
use crate::document;
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::hash;
use crate::http::{Body, Client, Query};
use crate::mails;
use crate::qr;
use crate::routes::clicks::check_visitor;
use crate::routes::partners::ProgramQuery;
use crate::seeing;
use crate::store::{Contact, OneTime, Partner, Program, Purpose, Tx};
use crate::time::show;
use crate::token::Token;
use crate::world::World;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use goodword_domain::enrollment::Status;
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::language::Language;
use goodword_domain::person::Email;
use goodword_domain::reward::{Amount, Event, Reward, Unit};
use goodword_domain::time::Instant;
use goodword_wire::{
    EmbedConfig, EmbedEarnings, EmbedMe, EmbedReward, ErrorBody, JoinInput, JoinOutput, SignInInput, Terms,
    TicketInput, TokenOutput, Totals,
};

/// How long the link in a proof mail works: 7 days.
const PROOF_MS: i64 = 7 * 86_400_000;
/// How long a sign-in link works: 30 minutes.
const SIGN_IN_MS: i64 = 30 * 60_000;

/// What a page may know of a program
#[utoipa::path(get, path = "/v1/embed/config", tag = "embed",
    params(("pk" = Option<String>, Query, description = "The publishable key"), ProgramQuery),
    responses((status = 200, body = EmbedConfig), (status = "4XX", body = ErrorBody)))]
pub async fn config(
    State(app): State<Shared>,
    caller: PublicCaller,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<EmbedConfig>, Error> {
    let config = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        let vendor = find::vendor(tx, &caller.vendor)?;
        Ok(embed_config(&program, vendor.name, caller.test))
    });
    Ok(Json(config.await?))
}

fn embed_config(p: &Program, vendor: String, test: bool) -> EmbedConfig {
    // Rewards of a group are between the vendor and that group.
    let rewards = p.terms.rewards.iter().filter(|r| r.group.is_none()).filter_map(offer);
    EmbedConfig {
        program_id: p.id.to_string(),
        name: p.name.clone(),
        vendor,
        url: p.url.clone(),
        currency: p.terms.currency.wire(),
        exponent: p.terms.currency.exponent(),
        mode: if test { "test" } else { "live" }.into(),
        open: p.open,
        auto_approve: p.auto_approve,
        hold_days: p.terms.hold_days,
        terms: Terms { version: p.terms_version.clone(), url: p.terms_url.clone() },
        link_parameters: p.link_parameters.clone(),
        rewards: rewards.collect(),
    }
}

/// A reward as the widget's offer can tell it: a plain one for sign-ups or sales, in money.
fn offer(r: &Reward) -> Option<EmbedReward> {
    let Amount::Rate(rate) = r.amount else { return None };
    let (kind, amount, percentage) = document::show_rate(rate);
    let reward = EmbedReward {
        event: r.event.word().into(),
        kind: kind.into(),
        amount,
        percentage,
        max_duration: r.months,
    };
    let is_told = matches!(r.event, Event::Lead | Event::Sale) && r.unit == Unit::Money;
    is_told.then_some(reward)
}

/// Join a program
///
/// Who is new gets a code and a token at once. An address that is a partner's already gets a mail instead.
#[utoipa::path(post, path = "/v1/embed/join", tag = "embed", request_body = JoinInput,
    params(("pk" = String, Query, description = "The publishable key")),
    responses((status = 200, body = JoinOutput), (status = "4XX", body = ErrorBody)))]
pub async fn join(
    State(app): State<Shared>,
    page: PageCaller,
    client: Client,
    headers: HeaderMap,
    Body(input): Body<JoinInput>,
) -> Result<Json<JoinOutput>, Error> {
    let newcomer = Newcomer::parse(input.name.as_ref(), input.email.as_ref(), input.code.as_ref())?;
    if input.terms_accepted != Some(true) {
        return Err(Error::field("termsAccepted", "must be true: agree to the terms to join."));
    }
    let visitor_id = input.visitor_id.clone().filter(|id| !id.is_empty());
    visitor_id.as_deref().map_or(Ok(()), check_visitor)?;
    let language = language(input.lang.as_deref(), &headers);
    app.limits.join(&client.address)?;
    app.limits.mail(&newcomer.email.folded())?;
    let shared = app.clone();
    let real = app.world.now();
    let output = app.store.write(move |tx| {
        let program = find::program(tx, &page.vendor, input.program_id.as_deref())?;
        find::open(&program)?;
        check_terms(&program, &input)?;
        let back = page_to_return_to(tx, input.page.as_deref(), &program)?;
        let joining = Joining { app: &shared, program: &program, origin: &page.origin, back, language, real };
        joining.run(tx, &newcomer)
    });
    let (output, joined) = output.await?;
    if let Some(who) = joined {
        seeing::see(&app, who, &client, visitor_id.as_deref()).await?;
    }
    Ok(Json(output))
}

/// The language a newcomer is written to in: the page's, where it says one we know, or else the browser's.
fn language(told: Option<&str>, headers: &HeaderMap) -> Language {
    let accepted = crate::http::header(headers, header::ACCEPT_LANGUAGE);
    told.and_then(Language::of_tag).or_else(|| accepted.and_then(Language::of_header)).unwrap_or_default()
}

fn check_terms(program: &Program, input: &JoinInput) -> Result<(), Error> {
    let shown = input.terms_version.as_deref().unwrap_or_default();
    if shown == program.terms_version {
        Ok(())
    } else {
        Err(Error::Conflict(format!(
            "The terms have changed: read version {} and agree to it (`termsVersion`).",
            program.terms_version
        )))
    }
}

/// The page to come back to from a mail: the one told, if it is the vendor's, else the program's.
fn page_to_return_to(tx: &mut Tx<'_>, told: Option<&str>, program: &Program) -> Result<String, Error> {
    match told.map(|page| enrolling::parse_vendor_page(tx, program, "page", page)) {
        Some(Ok(page)) => Ok(page),
        None | Some(Err(Error::Invalid(_))) => Ok(program.url.clone()),
        Some(Err(other)) => Err(other),
    }
}

/// A partner of a vendor in a program.
type Who = (VendorId, ProgramId, PartnerId);

struct Joining<'a> {
    app: &'a App,
    program: &'a Program,
    origin: &'a str,
    back: String,
    language: Language,
    real: Instant,
}

impl Joining<'_> {
    /// What is answered, and who has joined.
    fn run(&self, tx: &mut Tx<'_>, newcomer: &Newcomer) -> Result<(JoinOutput, Option<Who>), Error> {
        if let Some(known) = newcomer.known(tx, self.program)? {
            return Ok((self.meet_again(tx, newcomer, &known)?, None));
        }
        let (world, program) = (self.app.world, self.program);
        let at = find::now(tx, &program.vendor, self.real)?;
        let partner = newcomer.become_partner(tx, world, program, at)?;
        let contact = Contact { language: self.language, page: Some(self.back.clone()) };
        tx.set_contact(&program.vendor, &partner.id, &contact)?;
        self.enroll(tx, newcomer, &partner, at)?;
        let address = one_time(tx, world, program, &partner.id, Purpose::Prove, &self.back, self.real)?;
        let address = format!("{}/verify?token={address}", self.app.public_url);
        mails::prove(tx, world, program, &partner, &address)?;
        let token = Token::issue(
            program.vendor.clone(),
            program.id.clone(),
            partner.id.clone(),
            self.origin.to_owned(),
            self.real,
        );
        let output = JoinOutput {
            status: "joined".into(),
            token: Some(token.sign(&self.app.token_key)),
            expires_at: Some(show(token.until)),
            me: Some(me(tx, &self.app.public_url, &token, self.real)?),
        };
        Ok((output, Some((token.vendor, token.program, token.partner))))
    }

    fn enroll(
        &self,
        tx: &mut Tx<'_>,
        newcomer: &Newcomer,
        partner: &Partner,
        at: Instant,
    ) -> Result<(), Error> {
        let wish = Newcomer { terms_version: self.program.terms_version.clone(), ..newcomer.clone() };
        enrolling::enroll(tx, self.app.world, self.program, partner, &wish, self.program.auto_approve, at)?;
        Ok(())
    }

    /// A known address: only a mail to it tells whether its owner is asking, so nothing is given out here.
    fn meet_again(&self, tx: &mut Tx<'_>, newcomer: &Newcomer, known: &Partner) -> Result<JoinOutput, Error> {
        if tx.enrollment(&self.program.id, &known.id)?.is_none() {
            let at = find::now(tx, &self.program.vendor, self.real)?;
            self.enroll(tx, newcomer, known, at)?;
        }
        mail_sign_in(tx, self.app, self.program, known, &self.back, self.real)?;
        Ok(JoinOutput { status: "check_email".into(), token: None, expires_at: None, me: None })
    }
}

fn mail_sign_in(
    tx: &mut Tx<'_>,
    app: &App,
    program: &Program,
    partner: &Partner,
    back: &str,
    real: Instant,
) -> Result<(), Error> {
    let secret = one_time(tx, app.world, program, &partner.id, Purpose::Open, back, real)?;
    let address = format!("{}/p/open?token={secret}", app.public_url);
    mails::sign_in(tx, app.world, program, partner, &address)
}

/// Makes a one-time secret; its hash is stored, and it is given out here alone.
pub fn one_time(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &PartnerId,
    purpose: Purpose,
    page: &str,
    real: Instant,
) -> Result<String, Error> {
    let life = if purpose == Purpose::Prove { PROOF_MS } else { SIGN_IN_MS };
    let secret = world.secret("");
    let once = OneTime {
        purpose,
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: partner.clone(),
        page: page.to_owned(),
        expires_at: Instant(real.0 + life),
    };
    tx.insert_once(&hash::sha256(&secret), &once)?;
    Ok(secret)
}

/// Ask for a sign-in link by e-mail
///
/// The answer is the same whether the address is a partner's or not.
#[utoipa::path(post, path = "/v1/embed/sign-in", tag = "embed", request_body = SignInInput,
    params(("pk" = String, Query, description = "The publishable key")),
    responses((status = 202, description = "If the address is a partner's, a link is on its way"), (status = "4XX", body = ErrorBody)))]
pub async fn sign_in(
    State(app): State<Shared>,
    page: PageCaller,
    client: Client,
    Body(input): Body<SignInInput>,
) -> Result<Response, Error> {
    let email = Email::parse("email", find::required("email", input.email.as_ref())?)?;
    app.limits.join(&client.address)?;
    app.limits.mail(&email.folded())?;
    let (shared, real) = (app.clone(), app.world.now());
    let done = app.store.write(move |tx| {
        let program = find::program(tx, &page.vendor, input.program_id.as_deref())?;
        let Some(partner) = tx.partner_by_email(&page.vendor, &email.folded())? else { return Ok(()) };
        if tx.enrollment(&program.id, &partner.id)?.is_some() {
            let back = page_to_return_to(tx, input.page.as_deref(), &program)?;
            mail_sign_in(tx, &shared, &program, &partner, &back, real)?;
        }
        Ok(())
    });
    done.await?;
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))).into_response())
}

/// Exchange a one-time ticket for a token
#[utoipa::path(post, path = "/v1/embed/ticket", tag = "embed", request_body = TicketInput,
    params(("pk" = String, Query, description = "The publishable key")),
    responses((status = 200, body = TokenOutput), (status = "4XX", body = ErrorBody)))]
pub async fn ticket(
    State(app): State<Shared>,
    page: PageCaller,
    Body(input): Body<TicketInput>,
) -> Result<Json<TokenOutput>, Error> {
    let ticket_hash = hash::sha256(find::required("ticket", input.ticket.as_ref())?);
    let (real, vendor) = (app.world.now(), page.vendor.clone());
    let once = app.store.write(move |tx| {
        let once = tx.use_once(Purpose::Ticket, &ticket_hash, real)?.filter(|o| o.vendor == vendor);
        once.ok_or_else(|| {
            Error::Unauthorized("The sign-in link was used already or is too old: ask for a new one.".into())
        })
    });
    let once = once.await?;
    let token = Token::issue(once.vendor, once.program, once.partner, page.origin, real);
    Ok(Json(TokenOutput { token: token.sign(&app.token_key), expires_at: show(token.until) }))
}

/// A fresh token for one that has not ended yet
#[utoipa::path(post, path = "/v1/embed/renew", tag = "embed",
    responses((status = 200, body = TokenOutput), (status = "4XX", body = ErrorBody)))]
pub async fn renew(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
) -> Result<Json<TokenOutput>, Error> {
    let token = token.renew(app.world.now())?;
    Ok(Json(TokenOutput { token: token.sign(&app.token_key), expires_at: show(token.until) }))
}

/// Which browser asks.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct VisitorQuery {
    /// The page's own id of the browser, given with consent: as with `POST /v1/track/click`.
    visitor_id: Option<String>,
}

/// What the partner sees of himself or herself
///
/// With an `ETag`, so that asking often costs little.
#[utoipa::path(get, path = "/v1/embed/me", tag = "embed", params(VisitorQuery),
    responses((status = 200, body = EmbedMe), (status = 304, description = "Nothing has changed"), (status = "4XX", body = ErrorBody)))]
pub async fn show_me(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    client: Client,
    Query(query): Query<VisitorQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = (token.vendor.clone(), token.program.clone(), token.partner.clone());
    // A partner's page is shown all the same where the database takes no writes.
    if let Err(error) = seeing::see(&app, who, &client, query.visitor_id.as_deref()).await {
        tracing::warn!(%error, "what a partner used was not written down");
    }
    let (public_url, real) = (app.public_url.clone(), app.world.now());
    let me = app.store.read(move |tx| me(tx, &public_url, &token, real)).await?;
    let tag = entity_tag(&me)?;
    let cached = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if crate::http::header(&headers, header::IF_NONE_MATCH) == Some(tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
    }
    Ok((cached, Json(me)).into_response())
}

/// The clock goes on while nothing changes, so it is left out of the tag.
fn entity_tag(me: &EmbedMe) -> Result<String, Error> {
    let still = EmbedMe { now: String::new(), ..me.clone() };
    let text = serde_json::to_string(&still).map_err(|e| Error::internal(e.to_string()))?;
    Ok(format!("\"{}\"", &hash::sha256(&text)[..32]))
}

fn me(tx: &mut Tx<'_>, public_url: &str, token: &Token, real: Instant) -> Result<EmbedMe, Error> {
    let gone = || Error::Unauthorized("This partner is not in the program any more: join again.".into());
    let program = tx.program(&token.vendor, &token.program)?.ok_or_else(gone)?;
    let partner = tx.partner(&token.vendor, &token.partner)?.ok_or_else(gone)?;
    let enrollment = tx.enrollment(&program.id, &partner.id)?.ok_or_else(gone)?;
    let now = find::now(tx, &token.vendor, real)?;
    let proven = partner.proven_at.is_some();
    let approved = enrollment.status == Status::Approved;
    let links = tx.links_of(&program.id, &partner.id)?;
    let link = links.first().filter(|_| approved).map(|l| view::link(public_url, l));
    let totals = totals(tx, &program, &partner.id)?;
    Ok(EmbedMe {
        name: partner.name.clone(),
        email_proven: proven,
        status: enrollment.status.word().into(),
        reason: enrollment.reason,
        qr: link.as_ref().map(|l| qr::code(&l.short_link)).transpose()?,
        link,
        totals: if proven { totals } else { counts_only(totals) },
        earnings: if proven { Some(earnings(tx, &program, &partner.id)?) } else { None },
        now: show(now),
    })
}

fn totals(tx: &mut Tx<'_>, program: &Program, partner: &PartnerId) -> Result<Totals, Error> {
    let counted = tx.partner_figures(&program.id, partner)?;
    let balances = tx.partner_balances(&program.id, partner, program.terms.currency)?;
    Ok(Totals {
        clicks: counted.clicks,
        leads: counted.leads,
        sales: counted.sales,
        visitors: None,
        sale_amount: counted.amount,
        pending: balances.held,
        processed: balances.payable,
        paid: balances.paid,
    })
}

/// How many, but not how much.
fn counts_only(t: Totals) -> Totals {
    Totals { clicks: t.clicks, visitors: t.visitors, leads: t.leads, sales: t.sales, ..Totals::default() }
}

fn earnings(tx: &mut Tx<'_>, program: &Program, partner: &PartnerId) -> Result<EmbedEarnings, Error> {
    let rows = tx.latest_commissions_of(&program.id, partner, 20)?;
    let commissions = rows.iter().map(|row| view::own_commission(tx, row)).collect::<Result<_, _>>()?;
    let balances = tx.partner_balances(&program.id, partner, program.terms.currency)?;
    Ok(view::earnings(
        program.terms.currency,
        balances,
        program.terms.min_payout,
        commissions,
        payees::own(tx, program, partner)?,
    ))
}
