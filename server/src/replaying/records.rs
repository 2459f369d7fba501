//! What a replay tells, as records: without ids of ours, which are others each time, so that the answers of two rules can be
//! compared line by line.

use super::playing::Stage;
use crate::error::Error;
use crate::routes::view;
use crate::store::{AccountRow, CommissionRow, Lead, Sale, TransferRow, Tx};
use crate::time::show;
use goodword_domain::id::{AccountId, CommissionId, CustomerId, LinkId, PartnerId};
use goodword_wire::{Grounds, Touchpoint, Windows};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// One line of the answer.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Record {
    Commission(Commission),
    Explanation(Explanation),
    Transfer(Transfer),
    Account(Account),
}

/// A commission as it stands at the end.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Commission {
    pub at: String,
    /// `click`, `lead`, `custom`, `sale` or `correction`.
    pub event: String,
    pub invoice_id: Option<String>,
    pub event_name: Option<String>,
    /// The vendor's own id, else the address.
    pub customer: Option<String>,
    /// The code.
    pub partner: String,
    pub reward: Option<String>,
    /// Of the program's terms.
    pub version: i64,
    pub status: String,
    pub reason: String,
    pub amount: i64,
    pub earnings_at_first: i64,
    pub earnings: i64,
    pub currency: String,
    pub clears_at: String,
    pub arithmetic: String,
}

/// Why a sign-up or a sale was credited as it was.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub at: String,
    pub event: &'static str,
    pub event_name: String,
    pub invoice_id: Option<String>,
    pub customer: Option<String>,
    pub amount: i64,
    pub gone: i64,
    pub currency: String,
    pub credited: bool,
    pub reason: String,
    pub program_version: i64,
    pub attribution_model: String,
    pub attribution_windows: Windows,
    pub touchpoints: Vec<Touched>,
    pub rewards: Vec<Fit>,
    pub signals: Vec<goodword_wire::Signal>,
    pub commissions: Vec<Commission>,
}

/// A touchpoint and why it counted or not.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Touched {
    pub at: String,
    pub kind: String,
    pub partner: String,
    pub verdict: String,
    pub weight: u64,
    pub sub_id: Option<String>,
    pub referrer: Option<String>,
}

/// A reward and whether it applied.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fit {
    pub reward: String,
    pub partner: String,
    #[serde(rename = "fit")]
    pub word: String,
}

/// A transfer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    pub place: i64,
    pub at: String,
    pub kind: String,
    pub amount: i64,
    pub currency: String,
    /// The account, and the partner's code where it is a partner's: `held:ANNA11`.
    pub debit: String,
    pub credit: String,
    pub invoice_id: Option<String>,
    pub customer: Option<String>,
}

/// An account.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub kind: String,
    pub partner: Option<String>,
    pub currency: String,
    pub debits: i64,
    pub credits: i64,
    pub balance: i64,
}

/// The names of what has ids.
pub struct Names<'a> {
    stage: &'a Stage,
    codes: HashMap<String, String>,
    rewards: HashMap<String, String>,
}

/// How many codes are remembered; with more, it starts afresh.
const MOST: usize = 50_000;

impl<'a> Names<'a> {
    /// With the names of the program's rewards.
    pub fn new(tx: &mut Tx<'_>, stage: &'a Stage) -> Result<Self, Error> {
        let program = tx.program(&stage.vendor, &stage.program)?;
        let rewards = program.map(|program| program.terms.rewards).unwrap_or_default();
        let name = |(place, r): (usize, goodword_domain::reward::Reward)| {
            (r.id.to_string(), r.name.unwrap_or_else(|| format!("rewards[{place}]")))
        };
        Ok(Self {
            stage,
            codes: HashMap::new(),
            rewards: rewards.into_iter().enumerate().map(name).collect(),
        })
    }

    /// A partner's first code.
    fn code(&mut self, tx: &mut Tx<'_>, id: &str) -> Result<String, Error> {
        if let Some(code) = self.codes.get(id) {
            return Ok(code.clone());
        }
        let links = tx.links_of(&self.stage.program, &PartnerId::parse(id)?)?;
        let code = links.first().map_or_else(|| id.to_owned(), |link: &crate::store::Link| link.code.clone());
        if self.codes.len() >= MOST {
            self.codes.clear();
        }
        self.codes.insert(id.to_owned(), code.clone());
        Ok(code)
    }

    fn reward(&self, id: &str) -> String {
        self.rewards.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn customer(&self, tx: &mut Tx<'_>, id: Option<&CustomerId>) -> Result<Option<String>, Error> {
        let Some(id) = id else { return Ok(None) };
        let customer = tx.customer(&self.stage.vendor, id)?;
        Ok(customer.and_then(|customer| customer.external_id.or(customer.email)))
    }

    /// A commission.
    pub fn commission(&mut self, tx: &mut Tx<'_>, row: &CommissionRow) -> Result<Commission, Error> {
        let (c, told) = (&row.commission, view::own_commission(tx, row)?);
        Ok(Commission {
            at: show(row.at),
            event: told.kind,
            invoice_id: row.invoice_id.clone(),
            event_name: row.event_name.clone(),
            customer: self.customer(tx, row.customer.as_ref())?,
            partner: self.code(tx, c.partner.as_str())?,
            reward: row.reward.as_ref().map(|id| self.reward(id.as_str())),
            version: row.version,
            status: told.status,
            reason: told.reason,
            amount: told.amount,
            earnings_at_first: told.earnings_at_first,
            earnings: told.earnings,
            currency: told.currency,
            clears_at: told.clears_at,
            arithmetic: told.arithmetic,
        })
    }

    /// A sign-up explained.
    pub fn lead(&mut self, tx: &mut Tx<'_>, lead: &Lead) -> Result<Explanation, Error> {
        let rows = tx.commissions_of_lead(&lead.id)?;
        let told = self.decided(tx, &lead.touchpoints, &lead.grounds, &rows)?;
        Ok(Explanation {
            at: show(lead.at),
            event: "lead",
            event_name: lead.event_name.clone(),
            customer: self.customer(tx, Some(&lead.customer))?,
            credited: lead.partner.is_some(),
            reason: lead.reason.clone(),
            ..told
        })
    }

    /// A sale explained.
    pub fn sale(&mut self, tx: &mut Tx<'_>, sale: &Sale) -> Result<Explanation, Error> {
        let rows = tx.commissions_of_sale(&sale.id)?;
        let told = self.decided(tx, &sale.touchpoints, &sale.grounds, &rows)?;
        Ok(Explanation {
            at: show(sale.at),
            event: "sale",
            event_name: sale.event_name.clone(),
            invoice_id: sale.invoice_id.clone(),
            customer: self.customer(tx, sale.customer.as_ref())?,
            amount: sale.amount,
            gone: sale.gone(),
            currency: sale.currency.wire(),
            credited: sale.partner.is_some(),
            reason: sale.reason.clone(),
            ..told
        })
    }

    fn decided(
        &mut self,
        tx: &mut Tx<'_>,
        touchpoints: &str,
        grounds: &str,
        rows: &[CommissionRow],
    ) -> Result<Explanation, Error> {
        let grounds: Grounds = stored(grounds)?;
        let mut touched = Vec::new();
        for touchpoint in stored::<Vec<Touchpoint>>(touchpoints)? {
            touched.push(self.touched(tx, touchpoint)?);
        }
        let mut rewards = Vec::with_capacity(grounds.rewards.len());
        for fit in grounds.rewards {
            let partner = self.code(tx, &fit.partner_id)?;
            rewards.push(Fit { reward: self.reward(&fit.reward_id), partner, word: fit.fit });
        }
        let commissions = rows.iter().map(|row| self.commission(tx, row)).collect::<Result<_, _>>()?;
        Ok(Explanation {
            at: String::new(),
            event: "",
            event_name: String::new(),
            invoice_id: None,
            customer: None,
            amount: 0,
            gone: 0,
            currency: String::new(),
            credited: false,
            reason: String::new(),
            program_version: grounds.program_version,
            attribution_model: grounds.attribution_model,
            attribution_windows: grounds.attribution_windows,
            touchpoints: touched,
            rewards,
            signals: grounds.signals,
            commissions,
        })
    }

    fn touched(&mut self, tx: &mut Tx<'_>, t: Touchpoint) -> Result<Touched, Error> {
        let of_link = t.link_id.as_deref().map(LinkId::parse).transpose()?;
        let link = of_link.map(|id| tx.link(&self.stage.vendor, &id)).transpose()?.flatten();
        let partner = match link {
            Some(link) => link.code,
            None => self.code(tx, &t.partner.id)?,
        };
        Ok(Touched {
            at: t.at,
            kind: t.kind,
            partner,
            verdict: t.verdict,
            weight: t.weight,
            sub_id: t.sub_id,
            referrer: t.referrer,
        })
    }

    /// An account.
    pub fn account(&mut self, tx: &mut Tx<'_>, a: AccountRow) -> Result<Account, Error> {
        let partner = a.partner.as_deref().map(|id| self.code(tx, id)).transpose()?;
        let balance = a.credits - a.debits;
        Ok(Account {
            kind: a.kind,
            partner,
            currency: a.currency,
            debits: a.debits,
            credits: a.credits,
            balance,
        })
    }

    /// A transfer; `accounts` are the names of all accounts.
    pub fn transfer(
        &mut self,
        tx: &mut Tx<'_>,
        t: TransferRow,
        accounts: &HashMap<AccountId, String>,
    ) -> Result<Transfer, Error> {
        let name = |id: &AccountId| accounts.get(id).cloned().unwrap_or_default();
        let cause = CommissionId::parse(&t.cause).ok();
        let row = cause.map(|id| tx.commission(&self.stage.vendor, &id)).transpose()?.flatten();
        let customer = row.as_ref().and_then(|row| row.customer.clone());
        Ok(Transfer {
            place: t.place,
            at: show(t.at),
            kind: t.kind,
            amount: t.amount,
            currency: t.currency,
            debit: name(&t.debit),
            credit: name(&t.credit),
            invoice_id: row.and_then(|row| row.invoice_id),
            customer: self.customer(tx, customer.as_ref())?,
        })
    }

    /// The name of an account.
    pub fn account_name(&mut self, tx: &mut Tx<'_>, a: &AccountRow) -> Result<String, Error> {
        let partner = a.partner.as_deref().map(|id| self.code(tx, id)).transpose()?;
        Ok(partner.map_or_else(|| a.kind.clone(), |code| format!("{}:{code}", a.kind)))
    }
}

/// What the store keeps as JSON.
fn stored<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("a stored decision is broken: {e}")))
}
