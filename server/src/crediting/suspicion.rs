//! What speaks against crediting an event to a partner: the facts are gathered for many events at once, and only those that
//! the program's rules ask for.

use super::Event;
use crate::error::Error;
use crate::store::{
    Click, CommissionRow, InstantSale, KnownPartner, Moment, Origin, Pace, Program, Review, Seen, StoreError,
    Tx, seen_id,
};
use goodword_domain::attribution::Kind;
use goodword_domain::click::site;
use goodword_domain::id::{ClickId, LinkId, PartnerId, VendorId};
use goodword_domain::reward::Happened;
use goodword_domain::risk::{self, Action, Facts, Referrer, Rule, Settings, Signal, Threshold, Use};
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire as wire;
use std::collections::{BTreeSet, HashMap};

const HOUR_MS: i64 = 3_600_000;

/// How an event's visitor came, as far as it is known.
pub struct Trail<'a> {
    /// The clicks that may be credited.
    pub clicks: Vec<&'a Click>,
    /// The click that came with the report.
    pub own: Option<&'a Click>,
    /// What was loaded before.
    pub records: &'a Records,
}

impl Trail<'_> {
    fn click(&self, id: Option<&ClickId>) -> Option<&Click> {
        match id {
            Some(id) => self.clicks.iter().copied().find(|click| click.id == *id),
            None => self.own,
        }
    }
}

/// Somebody who may be credited for an event.
pub struct Candidate<'a> {
    pub program: &'a Program,
    pub partner: PartnerId,
    pub at: Instant,
    pub click: Option<&'a Click>,
    /// The link of the code that was used.
    pub code: Option<&'a LinkId>,
}

/// What is known of partners, loaded for many events at once. It lags by the events that are decided together.
#[derive(Default)]
pub struct Records {
    paces: HashMap<Moment, Pace>,
    refunds: HashMap<Moment, i64>,
    seen: HashMap<i64, Option<Seen>>,
    code_sites: HashMap<LinkId, i64>,
}

/// What was found, and what is to be kept of it.
#[derive(Default)]
pub struct Suspected {
    pub signals: Vec<wire::Signal>,
    pub reviews: Vec<Review>,
    pub instant_sales: Vec<InstantSale>,
    pub code_sites: Vec<(VendorId, LinkId, String)>,
}

/// What speaks against one commission.
#[derive(Default)]
pub struct Found {
    pub signals: Vec<Signal>,
    instant: bool,
    code_site: Option<(LinkId, String)>,
}

/// Whether any rule that is on looks at the click that won.
pub fn asks_for_click(settings: &Settings) -> bool {
    let rules = [
        Rule::SelfReferralAddress,
        Rule::SelfReferralDevice,
        Rule::CouponSite,
        Rule::NoReferrerInstant,
        Rule::PaidAds,
        Rule::BannedSource,
    ];
    rules.into_iter().any(|rule| is_on(settings, rule))
}

fn is_on(settings: &Settings, rule: Rule) -> bool {
    settings.action(rule) != Action::Off
}

/// A partner at the end of an instant's second, so that what is reported together is asked for once.
fn moment(program: &Program, partner: &PartnerId, at: Instant) -> Moment {
    let end = at.0.div_euclid(1000) * 1000 + 999;
    (program.id.to_string(), partner.to_string(), end.to_string())
}

fn as_texts((program, partner, at): &Moment) -> [&str; 3] {
    [program, partner, at]
}

/// The numbers by which the addresses and browsers of a click would be a partner's own.
fn seen_ids(settings: &Settings, program: &Program, partner: &PartnerId, click: &Click) -> [Option<i64>; 2] {
    let id = |rule, kind, key: Option<i64>| {
        key.filter(|_| is_on(settings, rule)).map(|key| seen_id(&program.id, partner, kind, key))
    };
    [
        id(Rule::SelfReferralAddress, "address", click.address),
        id(Rule::SelfReferralDevice, "device", click.visitor),
    ]
}

impl Records {
    /// Loads what the rules ask about whoever may be credited.
    pub fn load(tx: &mut Tx<'_>, candidates: &[Candidate<'_>]) -> Result<Self, StoreError> {
        let (mut paces, mut refunds) = (BTreeSet::new(), BTreeSet::new());
        let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for candidate in candidates {
            let (_, terms) = candidate.program.version_at(candidate.at);
            let settings = &terms.signals;
            let Candidate { program, partner, click, .. } = candidate;
            for (rule, moments) in [(Rule::Velocity, &mut paces), (Rule::RefundRate, &mut refunds)] {
                if is_on(settings, rule) {
                    moments.insert(moment(program, partner, candidate.at));
                }
            }
            let keys = click.map_or([None; 2], |click| seen_ids(settings, program, partner, click));
            ids.extend(keys.into_iter().flatten());
            codes.extend(candidate.code.filter(|_| is_on(settings, Rule::CouponSite)));
        }
        let ids: Vec<[i64; 1]> = ids.into_iter().map(|id| [id]).collect();
        let codes: Vec<[&str; 1]> = codes.into_iter().map(|link| [link.as_str()]).collect();
        let seen = tx.seen(&ids)?;
        Ok(Self {
            paces: tx.paces(&paces.iter().map(as_texts).collect::<Vec<_>>())?,
            refunds: tx.refunds(&refunds.iter().map(as_texts).collect::<Vec<_>>())?,
            seen: ids.into_iter().map(|[id]| (id, seen.get(&id).copied())).collect(),
            code_sites: tx.code_sites(&codes)?,
        })
    }

    fn pace(&self, tx: &mut Tx<'_>, moment: &Moment) -> Result<Pace, StoreError> {
        match self.paces.get(moment) {
            Some(known) => Ok(*known),
            None => Ok(tx.paces(&[as_texts(moment)])?.remove(moment).unwrap_or_default()),
        }
    }

    fn refunded(&self, tx: &mut Tx<'_>, moment: &Moment) -> Result<i64, StoreError> {
        match self.refunds.get(moment) {
            Some(known) => Ok(*known),
            None => Ok(tx.refunds(&[as_texts(moment)])?.remove(moment).unwrap_or_default()),
        }
    }

    /// When the partner used what has these numbers, as seen from an instant.
    fn uses(&self, tx: &mut Tx<'_>, id: Option<i64>, key: i64, at: Instant) -> Result<Vec<Use>, StoreError> {
        let Some(id) = id else { return Ok(Vec::new()) };
        let seen = match self.seen.get(&id) {
            Some(known) => *known,
            None => tx.seen(&[[id]])?.remove(&id),
        };
        let apart = |used: Instant| Use { key, seconds_apart: (used.0 - at.0).abs() / 1000 };
        Ok(seen.map_or_else(Vec::new, |seen| vec![apart(seen.first), apart(seen.last)]))
    }

    fn coupon_sites(&self, tx: &mut Tx<'_>, link: &LinkId) -> Result<i64, StoreError> {
        match self.code_sites.get(link) {
            Some(known) => Ok(*known),
            None => Ok(tx.code_sites(&[[link.as_str()]])?.remove(link).unwrap_or(0)),
        }
    }
}

/// By what somebody is credited.
#[derive(Clone, Copy, Default)]
pub struct By<'a> {
    pub kind: Option<Kind>,
    pub link: Option<&'a LinkId>,
    pub click: Option<&'a ClickId>,
    /// How the event came.
    pub origin: Origin,
}

/// Looks at a partner's part of an event by the rules in force when it happened; what somebody cleared stays cleared.
pub fn examine(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    (partner, known): (&PartnerId, &KnownPartner),
    By { kind, link, click, .. }: By<'_>,
) -> Result<Found, Error> {
    // A click is looked at once somebody has signed up or bought; what a partner has completed nobody else did.
    if event.lead.is_none() && event.sale.is_none() {
        return Ok(Found::default());
    }
    let (_, terms) = event.program.version_at(event.at);
    let settings = &terms.signals;
    let click = event.trail.click(click).filter(|click| click.program == event.program.id);
    let mut facts = Facts {
        partner_email: Some(known.email.clone()).filter(|email| !email.is_empty()),
        customer_email: event.customer.and_then(|customer| customer.email.clone()),
        touchpoint: kind,
        ..Facts::default()
    };
    if let Some(click) = click.filter(|_| asks_for_click(settings)) {
        about_click(tx, event, settings, partner, click, &mut facts)?;
    }
    about_partner(tx, event, settings, partner, &mut facts)?;
    let instant = is_instant(settings, event, &facts);
    if instant {
        let month = (Instant(event.at.0 - 30 * DAY_MS), event.at);
        let before = tx.instant_sales_of(&event.program.id, partner, month)?;
        facts.partner_instant_sales = Some(before + 1);
    }
    let code = link.filter(|_| kind == Some(Kind::Code) && is_on(settings, Rule::CouponSite));
    let mut code_site = None;
    if let Some(link) = code {
        facts.code_coupon_sites = Some(event.trail.records.coupon_sites(tx, link)?);
        let host = if let Referrer::Site(host) = &facts.referrer { Some(host) } else { None };
        let found = host.and_then(|host| settings.coupon_site(host));
        code_site = found.map(|site| (link.clone(), site.to_owned()));
    }
    let signals = uncleared(tx, event, partner, risk::evaluate(settings, &facts))?;
    Ok(Found { signals, instant, code_site })
}

fn uncleared(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    partner: &PartnerId,
    signals: Vec<Signal>,
) -> Result<Vec<Signal>, StoreError> {
    let Some(customer) = event.customer.filter(|_| !signals.is_empty()) else { return Ok(signals) };
    let cleared = tx.cleared_signals(&customer.id, partner)?;
    Ok(risk::without_cleared(signals, &cleared))
}

fn about_click(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    settings: &Settings,
    partner: &PartnerId,
    click: &Click,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let [address, device] = seen_ids(settings, event.program, partner, click);
    let records = event.trail.records;
    facts.partner_addresses = records.uses(tx, address, click.address.unwrap_or(0), click.at)?;
    facts.partner_devices = records.uses(tx, device, click.visitor.unwrap_or(0), click.at)?;
    facts.click_address = click.address;
    facts.click_device = click.visitor;
    facts.seconds_to_event = Some((event.at.0 - click.at.0).div_euclid(1000)).filter(|seconds| *seconds >= 0);
    facts.referrer = match (click.referrer.as_deref().and_then(site), click.met || click.address.is_some()) {
        (Some(host), _) => Referrer::Site(host),
        (None, true) => Referrer::Absent,
        (None, false) => Referrer::Unknown,
    };
    facts.ad_parameter = click.landed.as_deref().and_then(risk::ad_parameter);
    Ok(())
}

fn about_partner(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    settings: &Settings,
    partner: &PartnerId,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let (records, moment) = (event.trail.records, moment(event.program, partner, event.at));
    if is_on(settings, Rule::Velocity) {
        let pace = records.pace(tx, &moment)?;
        for (threshold, length, counted, fact) in [
            (Threshold::PerHour, HOUR_MS, pace.hour, &mut facts.partner_events_hour),
            (Threshold::PerDay, DAY_MS, pace.day, &mut facts.partner_events_day),
        ] {
            let most = settings.threshold(threshold);
            let more = counted >= Pace::MOST && most > Pace::MOST;
            let since = (Instant(event.at.0 - length), event.at);
            let events = if more { tx.events_of(&event.program.id, partner, since, most)? } else { counted };
            *fact = Some(events + 1);
        }
    }
    if !is_on(settings, Rule::RefundRate) {
        return Ok(());
    }
    let refunded = records.refunded(tx, &moment)?;
    let (percent, least) =
        (settings.threshold(Threshold::RefundPercent), settings.threshold(Threshold::RefundSales));
    if refunded * 100 >= least * percent {
        // More sales than these and the part is too small to be found.
        let most = (refunded * 100 / percent + 1).max(least);
        let since = (Instant(event.at.0 - 90 * DAY_MS), event.at);
        facts.partner_sales = Some(tx.sales_of(&event.program.id, partner, since, most)?);
        facts.partner_refunded = Some(refunded);
    }
    Ok(())
}

fn is_instant(settings: &Settings, event: &Event<'_>, facts: &Facts) -> bool {
    is_on(settings, Rule::NoReferrerInstant)
        && matches!(event.happened, Happened::Sale)
        && facts.referrer == Referrer::Absent
        && facts.touchpoint != Some(Kind::Code)
        && facts.seconds_to_event.is_some_and(|s| s <= settings.threshold(Threshold::InstantSeconds))
}

impl Suspected {
    /// Keeps what was found about a commission.
    pub fn add(&mut self, row: &CommissionRow, found: Found) -> Result<(), Error> {
        let (vendor, program, commission) =
            (row.vendor.clone(), row.program.clone(), row.commission.id.clone());
        let partner = row.commission.partner.clone();
        if let Some((link, site)) = found.code_site {
            self.code_sites.push((vendor.clone(), link, site));
        }
        if found.instant {
            let (vendor, program, partner) = (vendor.clone(), program.clone(), partner.clone());
            let commission = commission.clone();
            self.instant_sales.push(InstantSale { vendor, program, partner, commission, at: row.at });
        }
        if found.signals.is_empty() {
            return Ok(());
        }
        let told: Vec<wire::Signal> = found.signals.iter().map(tell).collect();
        self.reviews.push(Review {
            commission,
            vendor,
            program,
            partner,
            rules: found.signals.iter().map(|signal| signal.rule).collect(),
            signals: serde_json::to_string(&told).map_err(|e| Error::internal(e.to_string()))?,
            opened_at: row.at,
            decided: None,
        });
        self.signals.extend(told);
        Ok(())
    }

    /// Adds what was found about others.
    pub fn extend(&mut self, other: Self) {
        self.signals.extend(other.signals);
        self.reviews.extend(other.reviews);
        self.instant_sales.extend(other.instant_sales);
        self.code_sites.extend(other.code_sites);
    }

    /// Stores it, after the commissions it is about.
    pub fn save(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        tx.insert_reviews(&self.reviews)?;
        tx.insert_instant_sales(&self.instant_sales)?;
        tx.insert_code_sites(&self.code_sites)
    }
}

fn tell(signal: &Signal) -> wire::Signal {
    wire::Signal {
        rule: signal.rule.word().into(),
        action: signal.action.word().into(),
        why: signal.why.clone(),
    }
}
