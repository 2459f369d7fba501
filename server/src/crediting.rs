//! From an event to commissions: the touchpoints, what the domain decides about them, and what that earns.

mod earning;
mod exchange;
mod named;
mod suspicion;

pub use earning::{Credited, Event, applying, credit_all, credit_click, credit_own, recalculated};
pub use exchange::{Exchanged, MAX_VALUE, exchange_for};
pub use named::{NamedPartner, Who, decide_named};
pub use suspicion::{Candidate, Records, Suspected, Trail, asks_for_click};

use crate::error::Error;
use crate::hash;
use crate::http::country_letters;
use crate::registering;
use crate::routes::clicks::origin_and_path;
use crate::routes::view::partner_ref;
use crate::store::{
    Answer, Bound, Click, Customer, Key, KnownPartner, Link, Origin, Program, Tx, Word, device_word,
    means_number,
};
use crate::time::show;
use goodword_domain::attribution::{self, Bar, Binding, BoundShare, Buyer, Decision, Kind, Touch, Verdict};
use goodword_domain::click::site;
use goodword_domain::id::PartnerId;
use goodword_domain::time::Instant;
use goodword_wire::{Touchpoint, Utm};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a report says about how the person came.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// The click, if it is one of ours.
    pub click: Option<Click>,
    /// A click id was sent that we do not know: the report is stored all the same.
    pub unknown_click: bool,
    /// The link of the code that was typed.
    pub code: Option<Link>,
    /// Whether the code came by a form on the partner's own site.
    pub by_form: bool,
}

/// Whether text is one of the ids that travel through addresses and cookies.
pub fn plain(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A touchpoint as it is decided about, and as it is told.
#[derive(Clone, Debug)]
pub struct Contact {
    pub touch: Touch,
    /// What figures are kept by, if it is the one that leads.
    pub origin: Origin,
    /// Without its verdict and weight.
    pub told: Touchpoint,
}

/// A decision with the touchpoints it was made from.
pub struct Attributed {
    pub decision: Decision,
    pub touchpoints: Vec<Touchpoint>,
    /// The weight of those named who may not be credited: what it comes to is nobody's.
    pub spare: u64,
    /// How the event came.
    pub origin: Origin,
}

impl Attributed {
    /// The reason to store: the domain's, unless nobody could be found because the click is unknown.
    pub fn reason(&self, came: &Came) -> &'static str {
        let lost = self.decision.reason == attribution::Reason::NoTouchpoint && came.unknown_click;
        if lost { "unknown_click" } else { self.decision.reason.word() }
    }
}

/// Decides who is credited for an event of `customer` at `at`.
pub fn attribute(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    contacts: &[Contact],
    at: Instant,
) -> Result<Attributed, Error> {
    let (_, terms) = program.version_at(at);
    let mut all = registering::contacts(tx, program, customer, at)?;
    all.extend_from_slice(contacts);
    let contacts = &all;
    let binding = customer.bound.as_ref().map(|b| binding(tx, program, customer, b)).transpose()?;
    let touches: Vec<Touch> = contacts.iter().map(|contact| contact.touch.clone()).collect();
    let bought_before =
        terms.new_customers_only && customer.bound.is_none() && tx.has_bought(&customer.id, at)?;
    let decision =
        attribution::decide(binding.as_ref(), &touches, terms.policy(), Buyer { bought_before }, at);
    let touchpoints = explain(tx, program, customer, binding.as_ref(), contacts, &decision)?;
    let origin = origin(customer, contacts, &decision, at);
    Ok(Attributed { decision, touchpoints, spare: 0, origin })
}

/// How an event came: as the touchpoint that leads, or as the customer had come when he or she was bound.
fn origin(customer: &Customer, contacts: &[Contact], decision: &Decision, at: Instant) -> Origin {
    let known = customer.bound.as_ref().map(|bound| bound.origin);
    let touched = contacts.iter().map(|contact| contact.touch.at).filter(|touch| *touch <= at);
    let first = touched.chain(known.and_then(|known| known.first)).min();
    let leads = |contact: &&Contact| {
        let of = |credit: &attribution::Credit| {
            (&credit.link, &credit.click) == (&contact.touch.link, &contact.touch.click)
        };
        decision.leading().is_some_and(of)
    };
    let leading = match decision.reason {
        attribution::Reason::Bound => known,
        _ => contacts.iter().rfind(leads).map(|contact| contact.origin),
    };
    let means = decision.by.map_or(0, means_number);
    Origin { means, first, ..leading.filter(|_| means > 0).unwrap_or_default() }
}

/// The customer, bound to whoever is credited.
pub fn bound(customer: Customer, Attributed { decision, origin, .. }: &Attributed) -> Customer {
    let (Some(leading), Some(by)) = (decision.leading().cloned(), decision.by) else { return customer };
    let shares = if decision.credits.len() > 1 { decision.credits.clone() } else { Vec::new() };
    Customer { bound: Some(Bound { leading, shares, by, origin: *origin }), ..customer }
}

/// A visitor's touchpoints in the program, oldest first: the clicks of the journey, then the code. The page's own visitor
/// id ties clicks together; without one (no consent, or a redirect only) the click that was sent stands alone, for a
/// shared network address proves nothing. A click of another program is told, and does not count.
pub fn contacts(
    tx: &mut Tx<'_>,
    program: &Program,
    journey: Vec<Click>,
    came: &Came,
    at: Instant,
) -> Result<Vec<Contact>, Error> {
    let mut contacts = Vec::with_capacity(journey.len() + 1);
    for click in journey {
        contacts.push(clicked(tx, program, click)?);
    }
    if let Some(link) = came.code.as_ref().filter(|link| link.program == program.id) {
        let kind = if came.by_form { Kind::Form } else { Kind::Code };
        let known = tx.known_partner(&program.vendor, &program.id, &link.partner)?;
        let (partner, id) = (link.partner.clone(), link.id.clone());
        let touch = Touch { kind, partner, link: id, click: None, at, until: None, bar: standing(&known) };
        let told = Touchpoint { link_id: Some(link.id.to_string()), ..told(&touch, known.name.clone()) };
        contacts.push(Contact { touch, told, origin: Origin::default() });
    }
    Ok(contacts)
}

/// A click as a touchpoint is told, without a verdict.
pub fn visit(tx: &mut Tx<'_>, program: &Program, click: Click) -> Result<Touchpoint, Error> {
    Ok(clicked(tx, program, click)?.told)
}

fn clicked(tx: &mut Tx<'_>, program: &Program, click: Click) -> Result<Contact, Error> {
    let known = tx.known_partner(&program.vendor, &click.program, &click.partner)?;
    let bar = if click.program == program.id { standing(&known) } else { Some(Bar::OtherProgram) };
    let Click { partner, link, id, at, landed, referrer, sub_id, country, device, .. } = click;
    let touch = Touch { kind: Kind::Click, partner, link, click: Some(id), at, until: None, bar };
    let (site, page) = (referrer.as_deref().and_then(site), landed.as_deref().map(origin_and_path));
    let page = page.filter(|page| !page.is_empty());
    let word = |text: &Option<String>| text.clone().map_or(0, |text| Word::new(text).id);
    let origin = Origin { site: word(&site), page: word(&page), country, device, ..Origin::default() };
    let told = Touchpoint {
        link_id: Some(touch.link.to_string()),
        sub_id,
        referrer: site,
        landing_page: page,
        utm: landed.as_deref().and_then(utm),
        device: Some(device_word(device).to_owned()),
        country: country_letters(country),
        ..told(&touch, known.name.clone())
    };
    Ok(Contact { touch, origin, told })
}

/// What keeps a partner of this standing from being credited.
pub fn standing(known: &KnownPartner) -> Option<Bar> {
    (!known.approved).then_some(Bar::NotApproved)
}

/// A touchpoint as it is told, without its verdict and weight.
pub fn told(touch: &Touch, name: String) -> Touchpoint {
    Touchpoint {
        kind: touch.kind.word().into(),
        partner: goodword_wire::PartnerRef { id: touch.partner.to_string(), name },
        at: show(touch.at),
        click_id: touch.click.as_ref().map(ToString::to_string),
        ..Touchpoint::default()
    }
}

/// The UTM fields of an address, if it has any.
pub fn utm(address: &str) -> Option<Utm> {
    let (_, query) = address.split_once('?')?;
    let query = query.split('#').next()?;
    let field = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let told = pairs.find(|(key, _)| key == name).map(|(_, value)| value);
        let kept =
            |text: std::borrow::Cow<'_, str>| text.chars().filter(|c| !c.is_control()).take(100).collect();
        told.map(kept).filter(|text: &String| !text.is_empty())
    };
    let utm = Utm {
        source: field("utm_source"),
        medium: field("utm_medium"),
        campaign: field("utm_campaign"),
        term: field("utm_term"),
        content: field("utm_content"),
    };
    (utm != Utm::default()).then_some(utm)
}

fn binding(tx: &mut Tx<'_>, program: &Program, customer: &Customer, bound: &Bound) -> Result<Binding, Error> {
    let mut shares = Vec::with_capacity(1);
    for credit in bound.credits() {
        let approved = tx.known_partner(&program.vendor, &program.id, &credit.partner)?.approved;
        shares.push(BoundShare { credit: credit.clone(), approved });
    }
    Ok(Binding { shares, by: bound.by, earned: customer.first_commissioned_at.is_some() })
}

fn explain(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    binding: Option<&Binding>,
    contacts: &[Contact],
    decision: &Decision,
) -> Result<Vec<Touchpoint>, Error> {
    let mut all = Vec::with_capacity(contacts.len() + 1);
    for share in binding.iter().flat_map(|binding| &binding.shares) {
        let kept = decision.reason == attribution::Reason::Bound;
        let verdict = match decision.by {
            _ if !share.approved => Verdict::Barred(Bar::NotApproved),
            Some(_) if kept => Verdict::Credited,
            Some(by) => Verdict::Outranked(by),
            None => Verdict::Barred(Bar::NotApproved),
        };
        all.push(Touchpoint {
            kind: "binding".into(),
            partner: partner_ref(tx, &program.vendor, &program.id, &share.credit.partner)?,
            at: show(customer.created_at),
            click_id: share.credit.click.as_ref().map(ToString::to_string),
            link_id: Some(share.credit.link.to_string()),
            verdict: verdict.word().into(),
            weight: if kept && share.approved { share.credit.weight } else { 0 },
            ..Touchpoint::default()
        });
    }
    for ((contact, verdict), weight) in contacts.iter().zip(&decision.verdicts).zip(&decision.weights) {
        let verdict = verdict.word().to_owned();
        all.push(Touchpoint { verdict, weight: *weight, ..contact.told.clone() });
    }
    Ok(all)
}

/// Whoever is credited, each once, in order, with the places of his or her parts among the credits.
pub fn sharers(decision: &Decision) -> Vec<(PartnerId, Vec<usize>)> {
    let mut sharers: Vec<(PartnerId, Vec<usize>)> = Vec::new();
    for (place, credit) in decision.credits.iter().enumerate() {
        match sharers.iter_mut().find(|(partner, _)| *partner == credit.partner) {
            Some((_, places)) => places.push(place),
            None => sharers.push((credit.partner.clone(), vec![place])),
        }
    }
    sharers
}

/// The hash by which two requests are the same request: of the fields that were sent, in the order of the record. So a field
/// added in a later version does not make another request of an old one; reordering the record's fields would.
pub fn input_hash(input: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(input).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash::sha256(&text))
}

/// Answers a report once: the same again gets the first answer, another one under the same key is refused.
pub fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    key: Option<&Key>,
    input_hash: &str,
    now: Instant,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(key) = key else { return work(tx) };
    if let Some((first_hash, answer)) = tx.answers(std::slice::from_ref(key))?.remove(key) {
        if first_hash != input_hash {
            return Err(Error::Conflict(format!(
                "`{}` was reported before with other content: send it as it was, or under a key of its own.",
                key.external_id
            )));
        }
        return serde_json::from_str(&answer)
            .map_err(|e| Error::internal(format!("a stored answer is broken: {e}")));
    }
    let answer = work(tx)?;
    let text = serde_json::to_string(&answer).map_err(|e| Error::internal(e.to_string()))?;
    tx.insert_answers(&[Answer { key: key.clone(), hash: input_hash.to_owned(), text, at: now }])?;
    Ok(answer)
}
