//! Claims on orders: filed by partners or for them, decided by the vendor.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, PartnerCaller, VendorCaller};
use crate::claiming::{self, Order};
use crate::error::Error;
use crate::granting;
use crate::http::{Body, Paging, Query, Turning};
use crate::mails;
use crate::store::{Claim, ClaimEvent, ClaimFilter, Program, Tx};
use crate::time::{self, show};
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{ClaimId, FundFileId, PartnerId, ProgramId, VendorId};
use goodword_domain::money::parse_amount;
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, ClaimDecisionInput, ClaimInput, ErrorBody};
use url::Url;

/// How many claims a partner may file in 30 days.
const MOST: i64 = 50;

/// Which claims to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ClaimQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `open`, `granted` or `refused`.
    status: Option<String>,
}

/// Who looks at a claim.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Vendor,
    Partner,
}

/// List claims
#[utoipa::path(get, path = "/v1/claims", tag = "claims", params(ClaimQuery, Paging, Turning),
    responses((status = 200, body = Vec<wire::Claim>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ClaimQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Claim>>, Error> {
    if query.status.as_deref().is_some_and(|s| !["open", "granted", "refused"].contains(&s)) {
        return Err(Error::field("status", "must be `open`, `granted` or `refused`."));
    }
    let filter = ClaimFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        status: query.status,
        after: paging.after(ClaimId::parse)?,
        page: paging.page(&turning)?,
    };
    let claims = app.store.read(move |tx| {
        let claims = tx.claims(&caller.vendor, &filter)?;
        claims.iter().map(|claim| show_claim(tx, claim, Reader::Vendor)).collect()
    });
    Ok(Json(claims.await?))
}

/// One claim
#[utoipa::path(get, path = "/v1/claims/{id}", tag = "claims", params(("id" = String, Path, description = "`clm_…`")),
    responses((status = 200, body = wire::Claim), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Claim>, Error> {
    let id = ClaimId::parse(&id)?;
    let claim = app.store.read(move |tx| {
        let claim = tx.partner_claim(&caller.vendor, &id)?.ok_or_else(no_such_claim)?;
        show_claim(tx, &claim, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}

/// File a claim for a partner
///
/// The same partner and order again get the claim that is there.
#[utoipa::path(post, path = "/v1/claims", tag = "claims", request_body = ClaimInput,
    responses((status = 200, body = wire::Claim), (status = "4XX", body = ErrorBody)))]
pub async fn file(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<ClaimInput>,
) -> Result<Json<wire::Claim>, Error> {
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let told = Told::parse(&input)?;
    let (world, real) = (app.world, app.world.now());
    let claim = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        if tx.known_partner(&vendor, &program.id, &partner)?.group.is_none() {
            let remedy = "is not a partner of this program: see GET /v1/partners.";
            return Err(Error::field("partnerId", remedy));
        }
        let now = find::now(tx, &vendor, real)?;
        let claim = filed(tx, world, &program, &partner, &told, (&actor.name, now))?;
        show_claim(tx, &claim, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}

/// Decide about a claim
///
/// Granted, the order is credited to the partner, if it was reported and nobody is credited for it. The same decision again
/// changes nothing.
#[utoipa::path(post, path = "/v1/claims/{id}/decide", tag = "claims", request_body = ClaimDecisionInput,
    params(("id" = String, Path, description = "`clm_…`")),
    responses((status = 200, body = wire::Claim), (status = "4XX", body = ErrorBody)))]
pub async fn decide(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<ClaimDecisionInput>,
) -> Result<Json<wire::Claim>, Error> {
    let id = ClaimId::parse(&id)?;
    let decision = find::required("decision", input.decision.as_ref())?.to_owned();
    if !["granted", "refused"].contains(&decision.as_str()) {
        return Err(Error::field("decision", "must be `granted` or `refused`."));
    }
    let note = find::text("note", input.note.as_ref(), 500)?;
    let bonus = input.bonus.map(|bonus| parse_amount("bonus", bonus)).transpose()?;
    let (world, real) = (app.world, app.world.now());
    let claim = app.store.write(move |tx| {
        let claim = tx.partner_claim(&vendor, &id)?.ok_or_else(no_such_claim)?;
        let now = find::now(tx, &vendor, real)?;
        let event =
            ClaimEvent { status: decision.clone(), by: actor.name.clone(), note: note.clone(), at: now };
        let claim = if claim.status == decision { claim } else { told(tx, world, claim, (&event, bonus))? };
        show_claim(tx, &claim, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}

/// File a claim
///
/// From a page, by a partner whose address is proven: "this order was mine". An order that was not reported yet leaves the
/// claim open.
#[utoipa::path(post, path = "/v1/embed/claims", tag = "embed", request_body = ClaimInput,
    responses((status = 200, body = wire::Claim), (status = "4XX", body = ErrorBody)))]
pub async fn file_own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Body(input): Body<ClaimInput>,
) -> Result<Json<wire::Claim>, Error> {
    if input.partner_id.is_some() || input.program_id.is_some() {
        return Err(Error::field("partnerId", "and `programId` are known by the token: leave them out."));
    }
    let told = Told::parse(&input)?;
    let (world, real) = (app.world, app.world.now());
    let claim = app.store.write(move |tx| {
        let program = find::program_by_id(tx, &token.vendor, &token.program)?;
        let proven = tx.partner(&token.vendor, &token.partner)?.is_some_and(|p| p.proven_at.is_some());
        let known = tx.known_partner(&token.vendor, &token.program, &token.partner)?;
        if !proven || !known.approved {
            let remedy =
                "Claims are for approved partners whose address is proven: open the link in the mail.";
            return Err(Error::Forbidden(remedy.into()));
        }
        let now = find::now(tx, &token.vendor, real)?;
        let claim = filed(tx, world, &program, &token.partner, &told, ("partner", now))?;
        show_claim(tx, &claim, Reader::Partner)
    });
    Ok(Json(claim.await?))
}

/// The partner's own claims
#[utoipa::path(get, path = "/v1/embed/claims", tag = "embed", params(Paging, Turning),
    responses((status = 200, body = Vec<wire::Claim>), (status = "4XX", body = ErrorBody)))]
pub async fn own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Claim>>, Error> {
    let filter = ClaimFilter {
        program: Some(token.program),
        partner: Some(token.partner),
        status: None,
        after: paging.after(ClaimId::parse)?,
        page: paging.page(&turning)?,
    };
    let claims = app.store.read(move |tx| of_partner(tx, &token.vendor, &filter));
    Ok(Json(claims.await?))
}

/// Claims as a partner sees his or her own.
pub fn of_partner(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    filter: &ClaimFilter,
) -> Result<Vec<wire::Claim>, Error> {
    let claims = tx.claims(vendor, filter)?;
    claims.iter().map(|claim| show_claim(tx, claim, Reader::Partner)).collect()
}

fn no_such_claim() -> Error {
    Error::NotFound("There is no such claim in this mode: see GET /v1/claims.".into())
}

/// What a claim says, checked.
pub struct Told {
    /// The number of the order, or the address of content.
    invoice_id: String,
    is_content: bool,
    file: Option<FundFileId>,
    ordered_at: Option<Instant>,
    amount: Option<i64>,
    note: Option<String>,
}

impl Told {
    pub fn parse(input: &ClaimInput) -> Result<Self, Error> {
        let order = find::text("invoiceId", input.invoice_id.as_ref(), 255)?;
        let address = find::text("url", input.url.as_ref(), 255)?.map(|text| address(&text)).transpose()?;
        let is_content = address.is_some();
        let invoice_id = match (order, address) {
            (Some(order), None) => order,
            (None, Some(address)) => address,
            (None, None) => {
                let remedy = "is needed: send the number of the order, or the `url` of content.";
                return Err(Error::field("invoiceId", remedy));
            }
            (Some(_), Some(_)) => {
                return Err(Error::field(
                    "url",
                    "is of content: leave `invoiceId` out, or the other way round.",
                ));
            }
        };
        let file = input.file_id.as_deref().map(FundFileId::parse).transpose()?;
        if file.is_some() && !is_content {
            return Err(Error::field("fileId", "goes with `url` alone."));
        }
        Ok(Self {
            invoice_id,
            is_content,
            file,
            ordered_at: input.ordered_at.as_deref().map(|at| time::parse("orderedAt", at)).transpose()?,
            amount: input.amount.map(|amount| parse_amount("amount", amount)).transpose()?,
            note: find::text("note", input.note.as_ref(), 500)?,
        })
    }
}

/// The address of content, without what points into the page.
fn address(text: &str) -> Result<String, Error> {
    let refused = || Error::field("url", "must be an address such as `https://video.example/watch?v=1`.");
    let mut url = Url::parse(text).map_err(|_| refused())?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.host_str().is_none() {
        return Err(refused());
    }
    url.set_fragment(None);
    Ok(url.to_string())
}

/// Refuses content that another partner has sent in, and a file that is another's.
fn check_content(tx: &mut Tx<'_>, program: &Program, partner: &PartnerId, told: &Told) -> Result<(), Error> {
    if tx.is_content_of_others(&program.id, partner, &told.invoice_id)? {
        return Err(Error::Conflict("Another partner has sent this in already.".into()));
    }
    let Some(id) = &told.file else { return Ok(()) };
    let file = tx.fund_file(&program.vendor, id)?;
    let own = file.filter(|file| file.partner == *partner && file.program == program.id);
    own.map(drop).ok_or_else(|| Error::field("fileId", "is not a file of this partner in this program."))
}

/// The claim that is there already, or a new one. One on an order that is credited is kept, with why it is refused.
pub fn filed(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &PartnerId,
    told: &Told,
    (by, now): (&str, Instant),
) -> Result<Claim, Error> {
    if let Some(known) = tx.claim_on(&program.id, partner, &told.invoice_id)? {
        return Ok(known);
    }
    if tx.claims_since(&program.id, partner, now.plus_days(-30))? >= MOST {
        return Err(Error::TooMany(format!("At most {MOST} claims can be filed in 30 days: wait.")));
    }
    if told.is_content {
        check_content(tx, program, partner, told)?;
    }
    let mut claim = Claim {
        id: ClaimId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: partner.clone(),
        invoice_id: told.invoice_id.clone(),
        ordered_at: told.ordered_at,
        amount: told.amount,
        status: "open".into(),
        reason: String::new(),
        sale: None,
        created_at: now,
        is_content: told.is_content,
        file: told.file.clone(),
        commission: None,
    };
    tx.insert_claim(&claim)?;
    let said = ClaimEvent { status: "open".into(), by: by.to_owned(), note: told.note.clone(), at: now };
    tx.insert_claim_event(&claim, &said)?;
    let order = if claim.is_content { Order::Unknown } else { Order::find(tx, &claim)? };
    if let Order::Taken(sale) | Order::Theirs(sale) | Order::Nothing(sale) = &order {
        claim.sale = Some(sale.id.clone());
        claim.status = "refused".into();
        claim.reason = order.reason().into();
        tx.update_claim(&claim)?;
        let note = Some(claiming::says(&claim.reason).to_owned());
        let refused = ClaimEvent { status: "refused".into(), by: "goodword".into(), note, at: now };
        tx.insert_claim_event(&claim, &refused)?;
    }
    Ok(claim)
}

/// Decides, and tells the partner.
fn told(
    tx: &mut Tx<'_>,
    world: World,
    claim: Claim,
    (event, bonus): (&ClaimEvent, Option<i64>),
) -> Result<Claim, Error> {
    if bonus.is_some() && (!claim.is_content || event.status != "granted") {
        return Err(Error::field(
            "bonus",
            "goes with content that is granted; an order is credited by the rewards.",
        ));
    }
    let claim = decided(tx, world, claim, (event, bonus))?;
    mails::claim_decided(tx, world, &claim, event.note.as_deref())?;
    Ok(claim)
}

fn decided(
    tx: &mut Tx<'_>,
    world: World,
    claim: Claim,
    (event, bonus): (&ClaimEvent, Option<i64>),
) -> Result<Claim, Error> {
    let decided = match (event.status.as_str(), claim.status.as_str()) {
        ("granted", _) if claim.is_content => taken(tx, world, claim, (bonus, event))?,
        ("granted", _) => granted(tx, world, claim, event.at)?,
        (_, "granted") => {
            return Err(Error::Conflict(
                "The claim was granted, and the order is credited: cancel the commission to take that back."
                    .into(),
            ));
        }
        _ => Claim { status: "refused".into(), reason: "refused_by_vendor".into(), ..claim },
    };
    tx.update_claim(&decided)?;
    tx.insert_claim_event(&decided, event)?;
    Ok(decided)
}

/// Pays the bonus of content, held like any commission.
fn taken(
    tx: &mut Tx<'_>,
    world: World,
    claim: Claim,
    (bonus, event): (Option<i64>, &ClaimEvent),
) -> Result<Claim, Error> {
    let bonus = bonus
        .ok_or_else(|| Error::field("bonus", "is needed: what is the content worth, in minor units?"))?;
    let program = find::program_by_id(tx, &claim.vendor, &claim.program)?;
    if !tx.known_partner(&claim.vendor, &claim.program, &claim.partner)?.approved {
        return Err(Error::Conflict(
            "The partner is not approved in this program: approve him or her.".into(),
        ));
    }
    let note = format!("Content: {}", claim.invoice_id);
    let commission = granting::grant(tx, world, &program, (&claim.partner, bonus), note, event.at)?;
    Ok(Claim { status: "granted".into(), reason: "content_granted".into(), commission, ..claim })
}

fn granted(tx: &mut Tx<'_>, world: World, claim: Claim, now: Instant) -> Result<Claim, Error> {
    let sale = match Order::find(tx, &claim)? {
        Order::Free(sale) => sale,
        Order::Unknown => {
            let remedy =
                "No sale with this `invoiceId` was reported to the program: report it, then grant the claim.";
            return Err(Error::Conflict(remedy.into()));
        }
        Order::Nothing(_) => {
            return Err(Error::Conflict(
                "Nothing was paid for this order: there is nothing to credit.".into(),
            ));
        }
        Order::Theirs(sale) | Order::Taken(sale) => {
            return Err(Error::Conflict(format!(
                "The order is credited already (see GET /v1/sales/{}), and one order is never credited twice.",
                sale.id
            )));
        }
    };
    let program = find::program_by_id(tx, &claim.vendor, &claim.program)?;
    let id = sale.id.clone();
    claiming::grant(tx, world, &program, &claim, *sale, now)?;
    Ok(Claim { status: "granted".into(), reason: "claim_granted".into(), sale: Some(id), ..claim })
}

/// A claim as the vendor sees it.
pub fn shown(tx: &mut Tx<'_>, claim: &Claim) -> Result<wire::Claim, Error> {
    show_claim(tx, claim, Reader::Vendor)
}

fn show_claim(tx: &mut Tx<'_>, claim: &Claim, reader: Reader) -> Result<wire::Claim, Error> {
    let is_open = claim.status == "open";
    let order = if is_open && !claim.is_content { Order::find(tx, claim)? } else { Order::Unknown };
    let reason = match (is_open, claim.is_content) {
        (true, true) => "content_waiting",
        (true, false) => order.reason(),
        (false, _) => claim.reason.as_str(),
    };
    let sale = claim.sale.as_ref().or(order.sale().map(|sale| &sale.id));
    let granted = claim.sale.as_ref().filter(|_| claim.status == "granted");
    let rows = granted.map(|sale| tx.commissions_of_sale(sale)).transpose()?.unwrap_or_default();
    let paid = claim.commission.as_ref().map(|id| tx.commission(&claim.vendor, id)).transpose()?.flatten();
    let own = rows.iter().find(|row| row.commission.partner == claim.partner && row.corrects.is_none());
    let row = paid.as_ref().or(own);
    let trail = tx.claim_events(&claim.id)?.into_iter().map(|event| {
        let is_vendor = !["partner", "goodword"].contains(&event.by.as_str());
        let by = if reader == Reader::Partner && is_vendor { "vendor".into() } else { event.by };
        wire::ClaimEvent { at: show(event.at), by, status: event.status, note: event.note }
    });
    Ok(wire::Claim {
        id: claim.id.to_string(),
        status: claim.status.clone(),
        reason: reason.into(),
        says: claiming::says(reason).into(),
        partner: view::partner_ref(tx, &claim.vendor, &claim.program, &claim.partner)?,
        program_id: claim.program.to_string(),
        invoice_id: claim.invoice_id.clone(),
        url: claim.is_content.then(|| claim.invoice_id.clone()),
        file_id: claim.file.as_ref().map(ToString::to_string),
        ordered_at: claim.ordered_at.map(show),
        amount: claim.amount,
        sale_id: sale.filter(|_| reader == Reader::Vendor).map(ToString::to_string),
        commission: row.map(|row| view::own_commission(tx, row)).transpose()?,
        created_at: show(claim.created_at),
        trail: trail.collect(),
    })
}
