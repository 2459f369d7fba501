//! What a partner is told is next.

use super::{Own, in_force};
use crate::document;
use crate::error::Error;
use crate::store::Tx;
use crate::time::show;
use goodword_domain::nudge::{Ahead, nearest, next_tier};
use goodword_domain::reward::{Amount, Event, Measure, Period, Reward, Tiers, Volume};
use goodword_domain::time::Instant;
use goodword_wire::{EmbedNudge, Milestone, Totals};

/// What somebody has brought, and what of it he or she may hear.
pub struct Brought<'a> {
    pub totals: &'a Totals,
    /// Whether amounts may be told.
    pub is_proven: bool,
    /// Whether it is one link's figures alone: then tiers begin from nothing, as a newcomer's do.
    pub is_guest: bool,
}

/// The nearest tier or milestone that is not yet reached.
pub fn next(
    tx: &mut Tx<'_>,
    own: &Own,
    brought: &Brought<'_>,
    now: Instant,
) -> Result<Option<EmbedNudge>, Error> {
    let milestones = own.program.widget.milestones.iter();
    let mut ahead: Vec<Ahead<EmbedNudge>> =
        milestones.filter_map(|milestone| to_milestone(milestone, brought.totals)).collect();
    for reward in own.program.terms.rewards.iter().filter(|reward| concerns(reward, own, now)) {
        if let Amount::Tiers(tiers) = &reward.amount
            && (brought.is_proven || tiers.measure != Measure::Amount)
        {
            ahead.extend(to_tier(tx, own, (reward, tiers), brought, now)?);
        }
    }
    Ok(nearest(ahead).map(|ahead| EmbedNudge { left: ahead.left(), at: ahead.at, ..ahead.brings }))
}

fn concerns(reward: &Reward, own: &Own, now: Instant) -> bool {
    in_force(reward, now) && reward.group.as_ref().is_none_or(|group| *group == own.enrollment.group)
}

fn to_milestone(milestone: &Milestone, totals: &Totals) -> Option<Ahead<EmbedNudge>> {
    let have = match milestone.of.as_str() {
        "clicks" => totals.clicks,
        "leads" => totals.leads,
        "sales" => totals.sales,
        _ => return None,
    };
    let text = Some(milestone.text.clone());
    Ahead::new(have, milestone.at, EmbedNudge { of: milestone.of.clone(), text, ..EmbedNudge::default() })
}

fn to_tier(
    tx: &mut Tx<'_>,
    own: &Own,
    (reward, tiers): (&Reward, &Tiers),
    brought: &Brought<'_>,
    now: Instant,
) -> Result<Option<Ahead<EmbedNudge>>, Error> {
    let (from, to) = tiers.period.around(now);
    let volume = if brought.is_guest {
        Volume::default()
    } else {
        tx.volume_brought(&own.program.id, &own.partner.id, &reward.id, from, to)?
    };
    Ok(next_tier(tiers, volume).and_then(|ahead| {
        let (_, amount, percentage) = document::show_rate(ahead.brings);
        let nudge = EmbedNudge {
            of: counted(reward, tiers).into(),
            amount,
            percentage,
            unit: document::unit_word(reward.unit),
            until: (tiers.period != Period::Ever).then(|| show(to)),
            ..EmbedNudge::default()
        };
        Ahead::new(ahead.have, ahead.at, nudge)
    }))
}

/// What a tier counts, as partners call it.
fn counted(reward: &Reward, tiers: &Tiers) -> &'static str {
    match (tiers.measure, &reward.event) {
        (Measure::Amount, _) => "amount",
        (Measure::Quantity, _) | (Measure::Count, Event::Custom(_)) => "units",
        (Measure::Count, Event::Click) => "clicks",
        (Measure::Count, Event::Lead) => "leads",
        (Measure::Count, Event::Sale | Event::Renewal) => "sales",
    }
}
