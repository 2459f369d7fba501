//! Claims: a partner says that an order was his or hers. Granted, the order is credited the way any other is.

use crate::crediting::{
    Attributed, Credited, Event, Exchanged, NamedPartner, Records, Trail, Who, credit_all, decide_named,
};
use crate::error::Error;
use crate::remaining;
use crate::reporting::{counts_as_first, flat, grounds};
use crate::routes::sales::{country, order};
use crate::store::{Claim, Customer, Posting, Program, Sale, Tallies, Tx, counting_lock};
use crate::world::World;
use goodword_domain::attribution::{Decision, Reason};
use goodword_domain::reward::Happened;
use goodword_domain::time::Instant;
use goodword_wire::{SaleInput, Touchpoint};

/// How an order stands towards somebody who claims it.
#[derive(Clone, Debug)]
pub enum Order {
    /// Nobody has reported it.
    Unknown,
    /// Nobody is credited for it.
    Free(Box<Sale>),
    /// Nothing was paid, so there is nothing to credit.
    Nothing(Box<Sale>),
    /// It is credited to whoever claims it.
    Theirs(Box<Sale>),
    /// It is credited to somebody else.
    Taken(Box<Sale>),
}

impl Order {
    /// Looks an order up by its number.
    pub fn find(tx: &mut Tx<'_>, claim: &Claim) -> Result<Self, Error> {
        let id = match &claim.sale {
            Some(id) => Some(id.clone()),
            None => tx.sale_of_order(&claim.vendor, &claim.program, &claim.invoice_id)?,
        };
        let sale = id.map(|id| tx.sale(&claim.vendor, &id)).transpose()?.flatten();
        let Some(sale) = sale.map(Box::new) else { return Ok(Self::Unknown) };
        let theirs = sale.partner.as_ref() == Some(&claim.partner)
            || tx.commissions_of_sale(&sale.id)?.iter().any(|row| row.commission.partner == claim.partner);
        Ok(match sale {
            sale if theirs => Self::Theirs(sale),
            sale if sale.partner.is_some() => Self::Taken(sale),
            sale if sale.amount == 0 => Self::Nothing(sale),
            sale => Self::Free(sale),
        })
    }

    /// How it stands, in a word.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "not_reported_yet",
            Self::Free(_) => "waiting_for_decision",
            Self::Nothing(_) => "nothing_paid",
            Self::Theirs(_) => "already_yours",
            Self::Taken(_) => "already_credited",
        }
    }

    /// The sale, where it is known.
    pub fn sale(&self) -> Option<&Sale> {
        match self {
            Self::Unknown => None,
            Self::Free(sale) | Self::Nothing(sale) | Self::Theirs(sale) | Self::Taken(sale) => Some(sale),
        }
    }
}

/// The reason of a claim in a sentence, to whoever claims.
pub fn says(reason: &str) -> &'static str {
    match reason {
        "not_reported_yet" => "No order of this number has been reported yet; the claim stays open.",
        "waiting_for_decision" => {
            "The order is known and nobody is credited for it; the vendor decides about the claim."
        }
        "nothing_paid" => "Nothing was paid for this order, so there is nothing to credit.",
        "already_yours" => "The order is credited to you already.",
        "already_credited" => {
            "The order is credited to somebody else, and one order is never credited twice."
        }
        "content_waiting" => "The vendor looks at it and decides.",
        "content_granted" => "The vendor took it, and its bonus is yours.",
        "claim_granted" => "The vendor granted the claim, and the order is credited to you.",
        _ => "The vendor refused the claim.",
    }
}

/// Credits a sale that nobody is credited for to whoever claims it. What was given back of it meanwhile is taken off.
pub fn grant(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    claim: &Claim,
    mut sale: Sale,
    now: Instant,
) -> Result<(), Error> {
    if program.counts() {
        tx.lock(&[counting_lock(&program.id)])?;
    }
    let buyer = sale.customer.as_ref().map(|id| tx.customer(&sale.vendor, id)).transpose()?.flatten();
    let (attributed, credited) = credited(tx, world, program, claim, &sale, buyer.as_ref())?;
    let Credited { commissions, fits, suspected, .. } = credited;
    if commissions.is_empty() {
        return Err(Error::Conflict(
            "No reward of the program applies to this order for this partner: nothing would be earned."
                .into(),
        ));
    }
    let (before, leading) = (sale.clone(), attributed.decision.leading());
    sale.origin = attributed.origin;
    sale.partner = leading.map(|credit| credit.partner.clone());
    sale.link = leading.map(|credit| credit.link.clone());
    sale.reason = "claim_granted".into();
    sale.touchpoints =
        serde_json::to_string(&attributed.touchpoints).map_err(|e| Error::internal(e.to_string()))?;
    sale.grounds = grounds(program, sale.at, fits, &suspected.signals)?;
    tx.credit_sale(&before, &sale)?;
    let (rows, transfers): (Vec<_>, Vec<_>) = commissions.into_iter().unzip();
    let mut tallies = Tallies::default();
    tx.insert_commissions(&rows, &mut tallies)?;
    tx.add_tallies(&tallies)?;
    suspected.save(tx)?;
    let posting =
        |transfer| Posting { vendor: sale.vendor.clone(), program: sale.program.clone(), transfer, at: now };
    tx.post_all(world, &transfers.into_iter().flatten().map(posting).collect::<Vec<_>>())?;
    if let Some(buyer) = buyer.filter(|_| rows.iter().any(counts_as_first)) {
        let first = buyer.first_commissioned_at.map_or(sale.at, |before| before.min(sale.at));
        tx.save_customers(&[Customer { first_commissioned_at: Some(first), ..buyer }])?;
    }
    for row in rows.iter().filter(|_| sale.gone() > 0) {
        remaining::remain(tx, world, row, sale.gone(), now, now)?;
    }
    Ok(())
}

/// What the claimant earns on a sale.
fn credited(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    claim: &Claim,
    sale: &Sale,
    buyer: Option<&Customer>,
) -> Result<(Attributed, Credited), Error> {
    let detail: SaleInput = sale
        .detail
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(|e| broken(&e))?
        .unwrap_or_default();
    let country = detail.country.as_deref().map(country).transpose()?;
    let order = order(&SaleInput { amount: Some(sale.amount), ..detail })?;
    let exchanged = Exchanged::read(sale.rate.as_ref(), sale.currency, program.terms.currency)?;
    let metadata = flat(sale.metadata.as_deref());
    let records = Records::default();
    let event = Event {
        program,
        customer: buyer,
        happened: Happened::Sale,
        at: sale.at,
        lead: None,
        sale: Some(sale.id.clone()),
        click: None,
        invoice_id: sale.invoice_id.clone(),
        event_name: None,
        order: &order,
        exchanged: &exchanged,
        country: country.as_deref(),
        metadata: &metadata,
        first_sign_up: false,
        trail: &Trail { clicks: Vec::new(), own: None, records: &records },
    };
    let attributed = attributed(tx, &event, claim, sale)?;
    let credited = credit_all(tx, world, &event, &attributed)?;
    Ok((attributed, credited))
}

/// The claimant in the place of those who were considered before.
fn attributed(tx: &mut Tx<'_>, event: &Event<'_>, claim: &Claim, sale: &Sale) -> Result<Attributed, Error> {
    let touchpoints: Vec<Touchpoint> = serde_json::from_str(&sale.touchpoints).map_err(|e| broken(&e))?;
    let nobody = Decision {
        credits: Vec::new(),
        by: None,
        reason: Reason::NoTouchpoint,
        verdicts: Vec::new(),
        weights: Vec::new(),
    };
    let named = NamedPartner { who: Who::Id(claim.partner.clone()), role: None, part: None };
    let found = Attributed { decision: nobody, touchpoints, spare: 0, origin: sale.origin };
    let attributed = decide_named(tx, event, &[named], found)?;
    if attributed.decision.credits.is_empty() {
        return Err(Error::Conflict(
            "The partner is not approved in this program: approve him or her.".into(),
        ));
    }
    Ok(attributed)
}

fn broken(error: &serde_json::Error) -> Error {
    Error::internal(format!("a stored sale is broken: {error}"))
}
