//! What people who were referred are promised: held with the partner's commission, due when that is payable, and given by the vendor.

use super::find;
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::document;
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::store::{CommissionRow, Given, Program, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::gift::Gift;
use goodword_domain::id::{CommissionId, RewardId, VendorId};
use goodword_domain::reward::Referred;
use goodword_wire::{self as wire, ErrorBody, GiftInput};
use std::collections::BTreeSet;

/// How many gifts are looked at for a page of those of one status.
const MOST_LOOKED_AT: i64 = 2_000;

/// Which gifts to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct GiftQuery {
    /// `prg_…`; the default program where it is left out.
    program_id: Option<String>,
    /// `held`, `due`, `given`, `canceled` or `to_take_back`.
    status: Option<String>,
}

/// List gifts
///
/// What people who were referred are promised, beside coupons: the latest first. Of one status at most those among the latest 2,000 of each reward.
#[utoipa::path(get, path = "/v1/gifts", tag = "commissions", params(GiftQuery, Paging),
    responses((status = 200, body = Vec<wire::Gift>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<GiftQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Gift>>, Error> {
    let status = query.status.as_deref().map(Gift::parse).transpose()?;
    let (after, limit) = (paging.after(CommissionId::parse)?, paging.limit()?);
    let all = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        latest(tx, &program, (status, after.as_ref()), limit)
    });
    Ok(Json(all.await?))
}

fn latest(
    tx: &mut Tx<'_>,
    program: &Program,
    (status, after): (Option<Gift>, Option<&CommissionId>),
    limit: i64,
) -> Result<Vec<wire::Gift>, Error> {
    let most = if status.is_some() { MOST_LOOKED_AT } else { limit };
    let mut ids = BTreeSet::new();
    for reward in giving(program) {
        ids.extend(tx.first_commissions_of_reward(&program.id, &reward, after, most)?);
    }
    let (mut all, wanted) = (Vec::new(), usize::try_from(limit).unwrap_or(usize::MAX));
    for (_, id) in ids.iter().rev() {
        let Some(row) = tx.commission(&program.vendor, id)? else { continue };
        let Some((gift, told)) = shown(tx, &row)? else { continue };
        if status.is_none_or(|status| status == gift) {
            all.push(told);
        }
        if all.len() == wanted {
            break;
        }
    }
    Ok(all)
}

/// The rewards of a program that promise a gift, or have in an earlier version.
fn giving(program: &Program) -> BTreeSet<RewardId> {
    let versions = program.versions.iter().flat_map(|version| &version.terms.rewards);
    let rewards = program.terms.rewards.iter().chain(versions);
    rewards.filter(|reward| promised(reward.referred.as_ref()).is_some()).map(|r| r.id.clone()).collect()
}

/// A gift that somebody has to give: a coupon gives itself.
fn promised(referred: Option<&Referred>) -> Option<&Referred> {
    referred.filter(|referred| !matches!(referred, Referred::Coupon(_)))
}

/// A gift and where it stands; none where a commission promises nothing to give.
fn shown(tx: &mut Tx<'_>, row: &CommissionRow) -> Result<Option<(Gift, wire::Gift)>, Error> {
    let Some(known) = tx.known_program(&row.vendor, Some(&row.program))? else { return Ok(None) };
    let version = known.versions.iter().find(|version| version.number == row.version);
    let terms = version.map_or(&known.terms, |version| &version.terms);
    let reward = terms.rewards.iter().find(|reward| Some(&reward.id) == row.reward.as_ref());
    let Some(referred) = promised(reward.and_then(|reward| reward.referred.as_ref())) else {
        return Ok(None);
    };
    let (gift, currency) = (document::show_referred(referred), terms.currency.wire());
    let given = tx.gift_given(&row.commission.id)?;
    let standing = Gift::of(&row.commission, given.is_some());
    let customer = row.customer.as_ref().map(|id| tx.customer(&row.vendor, id)).transpose()?.flatten();
    let (given_at, given_by, note) =
        given.map_or((None, None, None), |given| (Some(show(given.at)), Some(given.by), given.note));
    let told = wire::Gift {
        id: row.commission.id.to_string(),
        program_id: row.program.to_string(),
        customer: customer.map(|customer| super::view::customer(tx, &customer)).transpose()?,
        gift,
        currency,
        status: standing.word().into(),
        created_at: show(row.at),
        due_at: show(row.commission.clears_at),
        given_at,
        given_by,
        note,
    };
    Ok(Some((standing, told)))
}

/// Say that a gift was given
///
/// Once it is due. The same again changes nothing, and gets the first answer.
#[utoipa::path(post, path = "/v1/gifts/{id}/give", tag = "commissions", request_body = GiftInput,
    params(("id" = String, Path, description = "That of the commission: `com_…`")),
    responses((status = 200, body = wire::Gift), (status = "4XX", body = ErrorBody)))]
pub async fn give(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<GiftInput>,
) -> Result<Json<wire::Gift>, Error> {
    let id = CommissionId::parse(&id)?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let real = app.world.now();
    let done = app.store.write(move |tx| {
        let at = find::now(tx, &vendor, real)?;
        handed_over(tx, &vendor, &id, &Given { at, by: actor.name.clone(), note: note.clone() })
    });
    Ok(Json(done.await?))
}

fn handed_over(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    id: &CommissionId,
    given: &Given,
) -> Result<wire::Gift, Error> {
    tx.lock(&[crate::hash::number(&format!("gift:{id}"))])?;
    let row = tx.commission(vendor, id)?.filter(|row| row.corrects.is_none()).ok_or_else(no_such)?;
    if !tx.is_first_of_reward(&row)? {
        return Err(no_such());
    }
    match shown(tx, &row)?.ok_or_else(no_such)? {
        (Gift::Given | Gift::ToTakeBack, told) => Ok(told),
        (Gift::Due, _) => {
            tx.insert_gift(&row, given)?;
            shown(tx, &row)?.map(|(_, told)| told).ok_or_else(no_such)
        }
        (Gift::Held, told) => Err(Error::Conflict(format!(
            "This gift is held with its commission, until {} at the least.",
            told.due_at
        ))),
        (Gift::Canceled, _) => Err(Error::Conflict(
            "What this gift was promised for was refunded or voided: nothing is to be given.".into(),
        )),
    }
}

fn no_such() -> Error {
    Error::NotFound("There is no such gift in this mode: see GET /v1/gifts.".into())
}
