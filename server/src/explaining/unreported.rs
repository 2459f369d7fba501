//! Commissions that nobody reported an event for: what a visit earned by itself, and what the vendor gave.

use super::{Stored, codes};
use crate::crediting;
use crate::error::Error;
use crate::routes::view;
use crate::store::{CommissionRow, Program, Tx};
use crate::time::show;
use goodword_domain::attribution::{Kind, Verdict};
use goodword_domain::reward::{Event, Fit, Reward};
use goodword_domain::time::Instant;
use goodword_wire::{Grounds, Happening, RewardFit, Touchpoint, Windows};

/// Why a visit that was rewarded was credited, in a word.
pub const VISITED: &str = "visited";
/// Why what the vendor gave was credited, in a word.
pub const GIVEN: &str = "given";

/// Why what a partner completed was credited, in a word.
pub const COMPLETED: &str = "completed";

/// Of a commission that was earned on neither a sign-up nor a sale.
pub fn stored(tx: &mut Tx<'_>, row: CommissionRow) -> Result<Stored, Error> {
    let program = tx.known_program(&row.vendor, Some(&row.program))?;
    let program = program.ok_or_else(|| Error::internal(format!("program {} vanished", row.program)))?;
    let is_visit = row.click.is_some();
    let touchpoints = vec![if is_visit { visit(tx, &program, &row)? } else { gift(tx, &row)? }];
    let note = || row.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    let (reason, what, says) = match (is_visit, &row.reward) {
        (true, _) => (VISITED, "recorded", "The visit was counted.".to_owned()),
        // A reward paid it, and there is no event of anybody else's: the partner has done it.
        (false, Some(_)) => {
            (COMPLETED, COMPLETED, format!("The vendor reported that it was completed{}.", note()))
        }
        (false, None) => (GIVEN, GIVEN, format!("The vendor gave it{}.", note())),
    };
    Ok(Stored {
        id: row.click.as_ref().map_or_else(|| row.commission.id.to_string(), ToString::to_string),
        event: if is_visit { "click" } else { "bonus" },
        at: row.at,
        amount: 0,
        gone: 0,
        currency: row.commission.currency,
        credited: true,
        reason: reason.into(),
        codes: codes(tx, &row.vendor, &touchpoints)?,
        touchpoints,
        grounds: grounds(&program, &row),
        buyer: None,
        history: vec![(
            row.at,
            0,
            Happening { at: show(row.at), says, what: what.into(), ..Happening::default() },
        )],
        vendor: row.vendor.clone(),
        program: row.program.clone(),
        commissions: vec![row],
    })
}

/// The visit itself. Where its click is deleted by now, the commission still knows partner, link and instant.
fn visit(tx: &mut Tx<'_>, program: &Program, row: &CommissionRow) -> Result<Touchpoint, Error> {
    let ids: Vec<_> = row.click.iter().cloned().collect();
    let found = tx.clicks(&ids)?.pop();
    let told = match found {
        Some((_, click)) => crediting::visit(tx, program, click)?,
        None => Touchpoint {
            click_id: row.click.as_ref().map(ToString::to_string),
            ..bare(tx, row, Kind::Click)?
        },
    };
    Ok(won(told))
}

fn gift(tx: &mut Tx<'_>, row: &CommissionRow) -> Result<Touchpoint, Error> {
    Ok(won(bare(tx, row, Kind::Manual)?))
}

fn bare(tx: &mut Tx<'_>, row: &CommissionRow, kind: Kind) -> Result<Touchpoint, Error> {
    Ok(Touchpoint {
        kind: kind.word().into(),
        partner: view::partner_ref(tx, &row.vendor, &row.program, &row.commission.partner)?,
        at: show(row.at),
        link_id: row.link.as_ref().map(ToString::to_string),
        ..Touchpoint::default()
    })
}

fn won(told: Touchpoint) -> Touchpoint {
    Touchpoint { verdict: Verdict::Credited.word().into(), weight: 1, ..told }
}

/// What decided: the rewards of the version the commission was computed by. No model shares a visit or a gift.
fn grounds(program: &Program, row: &CommissionRow) -> Grounds {
    let version = program.versions.iter().find(|version| version.number == row.version);
    let terms = version.map_or(&program.terms, |version| &version.terms);
    let told = |(reward, fit): (&Reward, Fit)| RewardFit {
        partner_id: row.commission.partner.to_string(),
        reward_id: reward.id.to_string(),
        name: reward.name.clone(),
        event: reward.event.word().into(),
        fit: fit.word().into(),
    };
    let rewards = match (&row.click, &row.reward) {
        (Some(_), _) => fits(&terms.rewards, row).into_iter().map(told).collect(),
        (None, Some(id)) => {
            let paid = terms.rewards.iter().filter(|reward| reward.id == *id);
            paid.map(|reward| told((reward, Fit::Applies))).collect()
        }
        (None, None) => Vec::new(),
    };
    Grounds {
        program_version: row.version,
        attribution_model: String::new(),
        attribution_windows: Windows::default(),
        rewards,
        signals: Vec::new(),
    }
}

/// Which rewards fit a visit, told from which of them it was that paid: those for visits that stand before it did not fit.
fn fits<'a>(rewards: &'a [Reward], row: &CommissionRow) -> Vec<(&'a Reward, Fit)> {
    let mut paid = false;
    let fit = |reward: &'a Reward| {
        let fit = if Some(&reward.id) == row.reward.as_ref() {
            paid = true;
            Fit::Applies
        } else if reward.event != Event::Click {
            Fit::OtherEvent
        } else if paid {
            Fit::EarlierRewardApplies
        } else {
            passed(reward, row.at)
        };
        (reward, fit)
    };
    rewards.iter().map(fit).collect()
}

/// Why a reward for visits did not fit one.
fn passed(reward: &Reward, at: Instant) -> Fit {
    if reward.starts_at.is_some_and(|start| at < start) {
        Fit::NotStarted
    } else if reward.ends_at.is_some_and(|end| at >= end) {
        Fit::Ended
    } else if reward.group.is_some() {
        Fit::OtherGroup
    } else {
        Fit::ConditionNotMet
    }
}
