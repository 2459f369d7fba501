//! Who invites a visitor, and what he or she gets.

use super::offered;
use crate::app::Shared;
use crate::auth::PublicCaller;
use crate::error::Error;
use crate::http::{Client, Query};
use crate::routes::find;
use crate::store::{KnownLink, LinkName, Tx};
use axum::Json;
use axum::extract::State;
use goodword_domain::click::ClickNumber;
use goodword_domain::code::fold;
use goodword_domain::id::{ClickId, ProgramId, VendorId};
use goodword_domain::reward::Referred;
use goodword_domain::time::Instant;
use goodword_wire::{EmbedOffer, ErrorBody};
use std::sync::Arc;

/// Whose offer.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct OfferQuery {
    /// The code, or the key of a link.
    code: Option<String>,
    /// Or the click that brought the visitor: `clk_…`.
    click_id: Option<String>,
    /// The program of a code. Default: any of the vendor's.
    program_id: Option<String>,
}

/// What a visitor gets, and from whom
///
/// By the code or by the click. The partner is named only if he or she agreed to be.
#[utoipa::path(get, path = "/v1/embed/offer", tag = "embed",
    params(("pk" = Option<String>, Query, description = "The publishable key"), OfferQuery),
    responses((status = 200, body = EmbedOffer), (status = "4XX", body = ErrorBody)))]
pub async fn offer(
    State(app): State<Shared>,
    caller: PublicCaller,
    client: Client,
    Query(query): Query<OfferQuery>,
) -> Result<Json<EmbedOffer>, Error> {
    app.limits.code(&client.address)?;
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let (code, click) = (query.code.as_deref().map(fold), query.click_id);
    if code.is_none() && click.is_none() {
        return Err(Error::field("code", "is needed, or `clickId`."));
    }
    let real = app.world.now();
    let offer = app.store.read(move |tx| {
        let name = match (&code, &click) {
            (Some(code), _) => LinkName::OfVendor(caller.vendor.clone(), program.clone(), code.clone()),
            (None, click) => clicked(tx, click.as_deref().unwrap_or_default())?,
        };
        let link = tx.known_link(&name)?.filter(|link| is_good(link, &caller.vendor));
        offer_of(tx, &*link.ok_or_else(nobody)?, real)
    });
    Ok(Json(offer.await?))
}

fn nobody() -> Error {
    Error::NotFound("`code` is not one that counts here: check its spelling, or leave it out.".into())
}

/// Whether a link is the vendor's, and credits its partner.
fn is_good(link: &Arc<KnownLink>, vendor: &VendorId) -> bool {
    link.link.vendor == *vendor && link.program.open && link.partner.approved
}

/// The link of a click.
fn clicked(tx: &mut Tx<'_>, click: &str) -> Result<LinkName, Error> {
    let id = ClickId::parse(click).map_err(|e| Error::field("clickId", e.remedy))?;
    let (program, ClickNumber(number)) = tx.seal().open(&id).ok_or_else(nobody)?;
    let row = tx.click_rows(&[program], &[number])?.pop().ok_or_else(nobody)?;
    Ok(LinkName::Number(row.link))
}

fn offer_of(tx: &mut Tx<'_>, known: &KnownLink, real: Instant) -> Result<EmbedOffer, Error> {
    let (program, link) = (&known.program, &known.link);
    let now = find::now(tx, &program.vendor, real)?;
    let reward = offered(program, now).find(|reward| reward.referred.is_some());
    let gift = match reward.and_then(|reward| reward.referred.as_ref()) {
        Some(Referred::Coupon(code)) => EmbedOffer { coupon: Some(code.clone()), ..EmbedOffer::default() },
        Some(Referred::Credit(amount)) => EmbedOffer { credit: Some(*amount), ..EmbedOffer::default() },
        Some(Referred::Credits(amount)) => EmbedOffer { credits: Some(*amount), ..EmbedOffer::default() },
        Some(Referred::Months(months)) => EmbedOffer { months: Some(*months), ..EmbedOffer::default() },
        None => EmbedOffer::default(),
    };
    Ok(EmbedOffer {
        code: link.code.clone(),
        name: tx.shown_as(&link.partner)?,
        event: reward.map(|reward| reward.event.word().into()),
        currency: program.terms.currency.wire(),
        exponent: program.terms.currency.exponent(),
        ..gift
    })
}
