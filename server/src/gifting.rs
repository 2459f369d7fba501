//! What people who were referred are promised: which gifts there are, where each stands, and that one was given.

use crate::document;
use crate::error::Error;
use crate::hash;
use crate::routes::view;
use crate::store::{CommissionRow, Given, Program, Tx};
use crate::time::show;
use goodword_domain::gift::Gift;
use goodword_domain::id::{CommissionId, RewardId, VendorId};
use goodword_domain::reward::Referred;
use goodword_wire as wire;
use std::collections::BTreeSet;

/// How many gifts are looked at for a page of those of one status.
const MOST_LOOKED_AT: i64 = 2_000;

/// The latest gifts of programs after one of the page before, at most `limit`; of one status those among the latest 2,000 of each reward.
pub fn latest(
    tx: &mut Tx<'_>,
    programs: &[Program],
    (status, after): (Option<Gift>, Option<&CommissionId>),
    limit: i64,
) -> Result<Vec<wire::Gift>, Error> {
    let most = if status.is_some() { MOST_LOOKED_AT } else { limit };
    let mut ids = BTreeSet::new();
    for program in programs {
        for reward in giving(program) {
            let first = tx.first_commissions_of_reward(&program.id, &reward, after, most)?;
            ids.extend(first.into_iter().map(|(at, id)| (at, id, &program.vendor)));
        }
    }
    let (mut all, wanted) = (Vec::new(), usize::try_from(limit).unwrap_or(usize::MAX));
    for (_, id, vendor) in ids.iter().rev() {
        let Some(row) = tx.commission(vendor, id)? else { continue };
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
        customer: customer.map(|customer| view::customer(tx, &customer)).transpose()?,
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

/// Writes down that a gift was given; one that was given already is the answer, and nothing is written.
pub fn give(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    id: &CommissionId,
    given: &Given,
) -> Result<wire::Gift, Error> {
    tx.lock(&[hash::number(&format!("gift:{id}"))])?;
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
