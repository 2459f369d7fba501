//! People who are signed in at the vendor's: the vendor's server says who somebody is, and the page shows them their own.

use crate::app::Shared;
use crate::auth::{PageCaller, VendorCaller};
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::http::Body;
use crate::origin;
use crate::routes::find;
use crate::store::{Partner, Program, Tx};
use crate::time::show;
use crate::token::{Pass, Token};
use crate::world::World;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use goodword_domain::code::Code;
use goodword_domain::id::PartnerId;
use goodword_domain::person::{Email, parse_name};
use goodword_domain::time::Instant;
use goodword_wire::{
    EmbedTokenInput, EmbedTokenOutput, EmbedTokenPartner, ErrorBody, IdentifyInput, TokenOutput,
};

/// A token for somebody who is signed in at the vendor's
///
/// From the vendor's server. Names a partner, or says who becomes one: that is your word that it is he or she who is signed in, and
/// the e-mail address counts as proven. Hand the token to your page: `goodword('identify', token)`. It is valid 15 minutes.
#[utoipa::path(post, path = "/v1/tokens/embed/referrals", tag = "partners", request_body = EmbedTokenInput,
    responses((status = 201, body = EmbedTokenOutput), (status = "4XX", body = ErrorBody)))]
pub async fn create_token(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<EmbedTokenInput>,
) -> Result<(StatusCode, Json<EmbedTokenOutput>), Error> {
    let origin = input.origin.as_deref().map(origin::parse).transpose()?;
    let (world, real) = (app.world, app.world.now());
    let vendor = caller.vendor.clone();
    let found = app.store.write(move |tx| {
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        let at = find::now(tx, &caller.vendor, real)?;
        let partner = named(tx, world, &program, &input, at)?;
        Ok((program.id, partner.id))
    });
    let (program, partner) = found.await?;
    let pass = Pass::issue(vendor, program, partner, origin, real);
    let output = EmbedTokenOutput { public_token: pass.sign(&app.token_key), expires: show(pass.until) };
    Ok((StatusCode::CREATED, Json(output)))
}

/// Whom the vendor names; a newcomer is enrolled.
fn named(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    input: &EmbedTokenInput,
    at: Instant,
) -> Result<Partner, Error> {
    let missing = || Error::NotFound("There is no such partner in this mode: see GET /v1/partners.".into());
    let known = match (&input.partner_id, &input.tenant_id, &input.partner) {
        (Some(id), None, None) => tx.partner(&program.vendor, &PartnerId::parse(id)?)?,
        (None, Some(tenant), None) => tx.partner_by_tenant(&program.vendor, tenant)?,
        (None, None, Some(told)) => return signed_in(tx, world, program, told, at),
        _ => {
            return Err(Error::field(
                "partner",
                "is needed, or `partnerId` or `tenantId`: one of the three.",
            ));
        }
    };
    let partner = known.ok_or_else(missing)?;
    tx.enrollment(&program.id, &partner.id)?.ok_or_else(missing)?;
    tx.prove_partner(&partner.id, at)?;
    Ok(partner)
}

fn signed_in(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    told: &EmbedTokenPartner,
    at: Instant,
) -> Result<Partner, Error> {
    let newcomer = newcomer(told)?;
    let tenant = find::text("partner.tenantId", told.tenant_id.as_ref(), 255)?;
    let by_tenant = tenant.as_deref().map(|id| tx.partner_by_tenant(&program.vendor, id)).transpose()?;
    let partner = match by_tenant.flatten() {
        Some(known) => known,
        None => match newcomer.known(tx, program)? {
            Some(known) => known,
            None => newcomer.become_partner(tx, world, program, at)?,
        },
    };
    if let Some(tenant) = &tenant {
        set_tenant(tx, &partner, tenant)?;
    }
    if partner.email.to_lowercase() == newcomer.email.folded() {
        tx.prove_partner(&partner.id, at)?;
    }
    if tx.enrollment(&program.id, &partner.id)?.is_none() {
        find::open(program)?;
        let wish = Newcomer { terms_version: program.terms_version.clone(), ..newcomer };
        enrolling::enroll(tx, world, program, &partner, &wish, true, at)?;
    }
    Ok(partner)
}

fn newcomer(told: &EmbedTokenPartner) -> Result<Newcomer, Error> {
    let within = |e: goodword_domain::Invalid| Error::from(e.within("partner"));
    let email = find::required("partner.email", told.email.as_ref())?;
    let email = Email::parse("email", email).map_err(within)?;
    let before_at = email.as_str().split('@').next().unwrap_or_default().to_owned();
    let name = told.name.clone().filter(|name| !name.trim().is_empty()).unwrap_or(before_at);
    let code = told.username.as_deref().map(str::trim).filter(|code| !code.is_empty());
    Ok(Newcomer {
        name: parse_name("name", &name).map_err(within)?,
        email,
        code: code.map(Code::parse).transpose().map_err(|e| Error::field("partner.username", e.remedy))?,
        url: None,
        terms_version: String::new(),
        group: None,
    })
}

fn set_tenant(tx: &mut Tx<'_>, partner: &Partner, tenant: &str) -> Result<(), Error> {
    match tx.tenant_of(&partner.id)? {
        None => Ok(tx.set_tenant(&partner.id, tenant)?),
        Some(known) if known == tenant => Ok(()),
        Some(_) => Err(Error::Conflict(
            "`partner.email` is the address of a partner with another `tenantId`: check which of the two is meant.".into(),
        )),
    }
}

/// Exchange a vendor's token for one of the page's
///
/// What `goodword('identify', token)` does.
#[utoipa::path(post, path = "/v1/embed/identify", tag = "embed", request_body = IdentifyInput,
    params(("pk" = String, Query, description = "The publishable key")),
    responses((status = 200, body = TokenOutput), (status = "4XX", body = ErrorBody)))]
pub async fn identify(
    State(app): State<Shared>,
    page: PageCaller,
    Body(input): Body<IdentifyInput>,
) -> Result<Json<TokenOutput>, Error> {
    let real = app.world.now();
    let pass = Pass::read(&app.token_key, find::required("token", input.token.as_ref())?, real)?;
    if pass.vendor != page.vendor {
        return Err(Error::Unauthorized("This token is of another vendor, or of the other mode.".into()));
    }
    if pass.origin.as_ref().is_some_and(|origin| *origin != page.origin) {
        return Err(Error::Forbidden("This token is for pages of another origin.".into()));
    }
    let token = Token::issue(pass.vendor, pass.program, pass.partner, page.origin, real);
    Ok(Json(TokenOutput { token: token.sign(&app.token_key), expires_at: show(token.until) }))
}
