//! Why a sign-up, a sale, a visit or a bonus was credited as it was, in sentences: from what was stored with it, and nothing else, so that an
//! explanation stays the same whatever becomes of the program.

mod money;
mod rewards;
mod sentences;
#[cfg(test)]
mod tests;
mod unreported;

pub use sentences::{OWN_REASONS, Reader};

use crate::error::Error;
use crate::store::{CommissionRow, Customer, Lead, Program, Sale, Tx};
use crate::time::show;
use goodword_domain::dispute;
use goodword_domain::id::{LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::program::Terms;
use goodword_domain::time::Instant;
use goodword_wire::{
    ExplainedCommission, ExplainedReward, ExplainedTouchpoint, Explanation, Grounds, Happening,
    OwnExplanation, Touchpoint,
};
use money::Told;
use rewards::Rules;
use sentences::{Telling, shares};
use std::collections::HashMap;

/// What was stored of an event.
pub struct Stored {
    id: String,
    /// `lead`, `sale`, `click` or `bonus`.
    event: &'static str,
    vendor: VendorId,
    program: ProgramId,
    at: Instant,
    amount: i64,
    gone: i64,
    currency: Currency,
    credited: bool,
    reason: String,
    touchpoints: Vec<Touchpoint>,
    grounds: Grounds,
    buyer: Option<Customer>,
    commissions: Vec<CommissionRow>,
    /// What happened to it besides its commissions.
    history: Vec<Told>,
    codes: HashMap<String, String>,
}

/// What of an event is the same for every reader.
struct Explained {
    says: String,
    touchpoints: Vec<ExplainedTouchpoint>,
    rewards: Vec<ExplainedReward>,
    commissions: Vec<ExplainedCommission>,
    history: Vec<Happening>,
}

impl Stored {
    /// Of a sale.
    pub fn of_sale(tx: &mut Tx<'_>, sale: Sale) -> Result<Self, Error> {
        let buyer = sale.customer.as_ref().map(|id| tx.customer(&sale.vendor, id)).transpose()?.flatten();
        let touchpoints: Vec<Touchpoint> = read(&sale.touchpoints)?;
        Ok(Self {
            event: "sale",
            history: history(tx, &sale)?,
            commissions: tx.commissions_of_sale(&sale.id)?,
            codes: codes(tx, &sale.vendor, &touchpoints)?,
            amount: sale.amount,
            gone: sale.gone(),
            currency: sale.currency,
            id: sale.id.to_string(),
            at: sale.at,
            credited: sale.partner.is_some(),
            grounds: read(&sale.grounds)?,
            vendor: sale.vendor,
            program: sale.program,
            reason: sale.reason,
            touchpoints,
            buyer,
        })
    }

    /// Of a sign-up.
    pub fn of_lead(tx: &mut Tx<'_>, lead: Lead) -> Result<Self, Error> {
        let touchpoints: Vec<Touchpoint> = read(&lead.touchpoints)?;
        let terms =
            tx.known_program(&lead.vendor, Some(&lead.program))?.map(|program| program.terms.currency);
        let currency = terms.ok_or_else(|| Error::internal(format!("program {} vanished", lead.program)))?;
        let says = format!("The sign-up `{}` was recorded.", lead.event_name);
        Ok(Self {
            event: "lead",
            history: vec![(
                lead.at,
                0,
                Happening { at: show(lead.at), says, what: "recorded".into(), ..Happening::default() },
            )],
            buyer: tx.customer(&lead.vendor, &lead.customer)?,
            commissions: tx.commissions_of_lead(&lead.id)?,
            codes: codes(tx, &lead.vendor, &touchpoints)?,
            amount: 0,
            gone: 0,
            currency,
            id: lead.id.to_string(),
            at: lead.at,
            credited: lead.partner.is_some(),
            grounds: read(&lead.grounds)?,
            vendor: lead.vendor,
            program: lead.program,
            reason: lead.reason,
            touchpoints,
        })
    }

    /// Of whatever a commission was earned on.
    pub fn of_commission(tx: &mut Tx<'_>, row: CommissionRow) -> Result<Self, Error> {
        if let Some(sale) = row.sale.as_ref().map(|id| tx.sale(&row.vendor, id)).transpose()?.flatten() {
            return Self::of_sale(tx, sale);
        }
        if let Some(lead) = row.lead.as_ref().map(|id| tx.lead(&row.vendor, id)).transpose()?.flatten() {
            return Self::of_lead(tx, lead);
        }
        unreported::stored(tx, row)
    }

    /// For the vendor: all of it.
    pub fn explain(self, tx: &mut Tx<'_>) -> Result<Explanation, Error> {
        let Explained { says, touchpoints, rewards, commissions, history } =
            self.explained(tx, Reader::Vendor)?;
        Ok(Explanation {
            id: self.id,
            event: self.event.into(),
            program_id: self.program.to_string(),
            at: show(self.at),
            amount: self.amount,
            gone: self.gone,
            currency: self.currency.wire(),
            credited: self.credited,
            reason: self.reason,
            says,
            touchpoints,
            grounds: self.grounds,
            rewards,
            commissions,
            history,
        })
    }

    /// For a partner: his or her own part of it.
    pub fn explain_to(self, tx: &mut Tx<'_>, partner: &PartnerId) -> Result<OwnExplanation, Error> {
        let explained = self.explained(tx, Reader::Partner(partner))?;
        let is_own = |t: &Touchpoint| t.partner.id == partner.as_str();
        let telling = self.telling(Reader::Partner(partner));
        let others = self.touchpoints.iter().filter(|t| !is_own(t)).map(|t| telling.other(t));
        let others = others.collect::<Result<_, _>>()?;
        let own = explained.touchpoints.into_iter().filter(|t| is_own(&t.touchpoint));
        Ok(OwnExplanation {
            event: self.event.into(),
            program_id: self.program.to_string(),
            at: show(self.at),
            credited: self.touchpoints.iter().any(|t| is_own(t) && t.weight > 0),
            says: explained.says,
            touchpoints: own.map(without_visitor).collect(),
            others,
            rewards: explained.rewards.into_iter().filter(|r| r.fit.partner_id == partner.as_str()).collect(),
            commissions: explained.commissions,
            history: explained.history,
            attribution_model: self.grounds.attribution_model,
            attribution_windows: self.grounds.attribution_windows,
            id: self.id,
            reason: self.reason,
        })
    }

    fn telling<'a>(&'a self, reader: Reader<'a>) -> Telling<'a> {
        Telling {
            reader,
            event: if self.event == "lead" { "sign-up" } else { self.event },
            at: self.at,
            touchpoints: &self.touchpoints,
            grounds: &self.grounds,
            codes: &self.codes,
        }
    }

    fn explained(&self, tx: &mut Tx<'_>, reader: Reader<'_>) -> Result<Explained, Error> {
        let telling = self.telling(reader);
        let program = tx.known_program(&self.vendor, Some(&self.program))?;
        let program = program.ok_or_else(|| Error::internal(format!("program {} vanished", self.program)))?;
        let terms = self.terms(&program);
        let rules = Rules {
            rewards: &terms.rewards,
            first_commissioned_at: self.buyer.as_ref().and_then(|b| b.first_commissioned_at),
        };
        let (mut commissions, mut history) = (Vec::new(), self.history.clone());
        for row in self.in_order() {
            let (buyer, mine) = match reader {
                Reader::Vendor => (self.buyer.as_ref(), true),
                Reader::Partner(partner) => (None, row.commission.partner == *partner),
            };
            if mine {
                let least = (terms.min_payout, terms.currency);
                let (told, moved) = money::commission(tx, row, buyer, &telling, least)?;
                commissions.push(told);
                history.extend(moved);
            }
        }
        history.sort_by_key(|(at, place, _)| (*at, *place));
        history.dedup();
        Ok(Explained {
            says: telling.reason(&self.reason)?,
            touchpoints: self.touched(&telling)?,
            rewards: self.rewarded(&telling, &rules)?,
            commissions,
            history: history.into_iter().map(|(_, _, told)| told).collect(),
        })
    }

    /// The commissions in the order of their partners' touchpoints, what corrects one after it.
    fn in_order(&self) -> Vec<&CommissionRow> {
        let whose = |row: &CommissionRow| {
            let is_theirs = |t: &Touchpoint| t.weight > 0 && t.partner.id == row.commission.partner.as_str();
            self.touchpoints.iter().position(is_theirs)
        };
        let mut rows: Vec<&CommissionRow> = self.commissions.iter().collect();
        rows.sort_by_key(|row| (whose(row), row.corrects.is_some(), row.at));
        rows
    }

    /// The terms that were in force.
    fn terms<'a>(&self, program: &'a Program) -> &'a Terms {
        let version = program.versions.iter().find(|v| v.number == self.grounds.program_version);
        version.map_or(&program.terms, |version| &version.terms)
    }

    fn touched(&self, telling: &Telling<'_>) -> Result<Vec<ExplainedTouchpoint>, Error> {
        let told = |(t, share): (&Touchpoint, Option<String>)| {
            let code = t.link_id.as_ref().and_then(|id| self.codes.get(id)).cloned();
            Ok(ExplainedTouchpoint { says: telling.verdict(t)?, share, code, touchpoint: t.clone() })
        };
        self.touchpoints.iter().zip(shares(&self.touchpoints)).map(told).collect()
    }

    fn rewarded(&self, telling: &Telling<'_>, rules: &Rules<'_>) -> Result<Vec<ExplainedReward>, Error> {
        let all = &self.grounds.rewards;
        let told = |fit: &goodword_wire::RewardFit| {
            Ok(ExplainedReward { says: rewards::fit(fit, all, telling, rules)?, fit: fit.clone() })
        };
        all.iter().map(told).collect()
    }
}

/// What a partner may see of a visitor: where he or she came from, and no more.
fn without_visitor(told: ExplainedTouchpoint) -> ExplainedTouchpoint {
    let touchpoint = Touchpoint { device: None, country: None, ..told.touchpoint };
    ExplainedTouchpoint { touchpoint, ..told }
}

/// What happened to a sale, but for what its commissions' transfers tell.
fn history(tx: &mut Tx<'_>, sale: &Sale) -> Result<Vec<Told>, Error> {
    // Before the transfers that follow, whose places begin at 1.
    let told = |at: Instant, what: &str, amount: i64, says: String| {
        let (amount, currency) = (Some(amount), Some(sale.currency.wire()));
        (at, 0, Happening { at: show(at), says, what: what.into(), amount, currency, ..Happening::default() })
    };
    let show_amount = |amount: i64| sale.currency.show(amount);
    let recorded = format!("The sale of {} was recorded.", show_amount(sale.amount));
    let mut all = vec![told(sale.at, "recorded", sale.amount, recorded)];
    for refund in tx.refunds_of(&sale.id)? {
        let says = format!("{} were refunded.", show_amount(refund.amount));
        all.push(told(refund.at, "refunded", refund.amount, says));
    }
    for dispute in tx.disputes_of(&sale.id)? {
        let amount = show_amount(dispute.amount);
        let says = format!("A dispute over {amount} was opened.");
        all.push(told(dispute.at, "dispute_opened", dispute.amount, says));
        let end = match dispute.status {
            dispute::Status::Open => None,
            dispute::Status::Won => Some(("dispute_won", "the vendor keeps the money")),
            dispute::Status::Lost => Some(("dispute_lost", "the buyer got the money back")),
        };
        all.extend(dispute.closed_at.zip(end).map(|(at, (what, end))| {
            told(at, what, dispute.amount, format!("The dispute over {amount} ended: {end}."))
        }));
    }
    Ok(all)
}

/// The codes of the links that touchpoints name.
fn codes(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    touchpoints: &[Touchpoint],
) -> Result<HashMap<String, String>, Error> {
    let mut codes = HashMap::new();
    for id in touchpoints.iter().filter_map(|t| t.link_id.as_ref()) {
        if let Some(link) = tx.link(vendor, &LinkId::parse(id)?)? {
            codes.insert(id.clone(), link.code);
        }
    }
    Ok(codes)
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("a stored event is broken: {e}")))
}
