//! Several partners who sold something together, named by the vendor with the sale.

use super::{Attributed, Contact, Event, applying, standing};
use crate::error::Error;
use crate::store::{Link, LinkName, Origin, Program, Tx, means_number};
use crate::time::show;
use goodword_domain::attribution::{Credit, Decision, Kind, Reason, Touch, Verdict};
use goodword_domain::id::PartnerId;
use goodword_domain::reward::Split;
use goodword_domain::time::Instant;
use goodword_wire::{PartnerRef, SalePartner, Touchpoint};

/// One of several partners, as the vendor named him or her, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPartner {
    pub who: Who,
    pub role: Option<String>,
    /// Hundredths of a percent.
    pub part: Option<u64>,
}

/// By which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Id(PartnerId),
    Code(String),
}

/// How many partners may share one sale.
const MOST: usize = 20;

impl NamedPartner {
    /// From the list of a sale.
    pub fn parse_all(list: Option<&Vec<SalePartner>>) -> Result<Vec<Self>, Error> {
        let list = list.map(Vec::as_slice).unwrap_or_default();
        if list.len() > MOST {
            return Err(Error::field("partners", format!("must be at most {MOST}.")));
        }
        list.iter().enumerate().map(|(place, one)| Self::parse(place, one)).collect()
    }

    fn parse(place: usize, one: &SalePartner) -> Result<Self, Error> {
        let at = format!("partners[{place}]");
        let who = match (&one.partner_id, &one.code) {
            (Some(id), None) => Who::Id(PartnerId::parse(id).map_err(|e| e.within(&at))?),
            (None, Some(code)) => Who::Code(goodword_domain::code::fold(code)),
            _ => return Err(Error::at(format!("{at}.partnerId"), "or `code` is needed, and not both.")),
        };
        let part = one.percentage.as_deref().map(|text| hundredths(&at, text)).transpose()?;
        Ok(Self { who, role: one.role.clone(), part })
    }
}

/// `12.5` is 1,250.
fn hundredths(at: &str, text: &str) -> Result<u64, Error> {
    let percentage = goodword_domain::money::Percentage::parse(text).map_err(|e| e.within(at))?;
    let millionths = percentage.millionths();
    if millionths.is_multiple_of(100) {
        Ok(u64::try_from(millionths / 100).unwrap_or(0))
    } else {
        Err(Error::at(format!("{at}.percentage"), "must have at most two decimals."))
    }
}

/// Credits those named, as the reward says that pays the first of them; whoever the sale is attributed to has the rest where the parts
/// told leave something.
pub fn decide_named(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    named: &[NamedPartner],
    found: Attributed,
) -> Result<Attributed, Error> {
    let (program, at) = (event.program, event.at);
    let mut told: Vec<(Option<u64>, Option<&str>)> =
        named.iter().map(|one| (one.part, one.role.as_deref())).collect();
    let mut people = Vec::with_capacity(named.len() + 1);
    for (place, one) in named.iter().enumerate() {
        people.push(contact(tx, program, place, one, at)?);
    }
    let leaves_some = told.iter().all(|(part, _)| part.is_some())
        && told.iter().filter_map(|(part, _)| *part).sum::<u64>() < 10_000;
    let primary = found.decision.leading().cloned().filter(|_| leaves_some);
    if let Some(primary) = &primary {
        told.push((None, None));
        people.push(primary_contact(tx, program, primary, at)?);
    }
    let reward = match people.first() {
        Some(first) => applying(tx, event, &first.touch.partner)?,
        None => None,
    };
    let split = reward.and_then(|reward| reward.split.as_ref());
    let by_part = told.iter().any(|(part, _)| part.is_some());
    let weights = match split {
        Some(split) if !(by_part && primary.is_some()) => split.weights(&told)?,
        _ if by_part => Split::Percentage.weights(&told)?,
        _ => vec![1; people.len()],
    };
    Ok(decision(people, weights, found))
}

fn decision(people: Vec<Contact>, weights: Vec<u64>, found: Attributed) -> Attributed {
    let mut touchpoints: Vec<Touchpoint> = found.touchpoints;
    for touchpoint in touchpoints.iter_mut().filter(|t| t.verdict == Verdict::Credited.word()) {
        touchpoint.verdict = Verdict::Outranked(Kind::Manual).word().into();
        touchpoint.weight = 0;
    }
    let (mut credits, mut verdicts, mut spare) = (Vec::new(), Vec::new(), 0);
    for (Contact { touch, told, .. }, weight) in people.into_iter().zip(&weights) {
        let verdict = touch.bar.map_or(Verdict::Credited, Verdict::Barred);
        spare += touch.bar.map_or(0, |_| *weight);
        let weight = if touch.bar.is_some() { 0 } else { *weight };
        touchpoints.push(Touchpoint { verdict: verdict.word().into(), weight, ..told });
        verdicts.push(verdict);
        if weight > 0 {
            let Touch { partner, link, click, .. } = touch;
            credits.push(Credit { partner, link, click, weight });
        }
    }
    let nobody = verdicts.iter().find_map(|v| if let Verdict::Barred(bar) = v { Some(*bar) } else { None });
    let reason = match nobody {
        Some(bar) if credits.is_empty() => Reason::Barred(bar),
        _ => Reason::Named,
    };
    let by = (!credits.is_empty()).then_some(Kind::Manual);
    let means = by.map_or(0, means_number);
    let origin = Origin { means, first: found.origin.first, ..Origin::default() };
    Attributed { decision: Decision { credits, by, reason, verdicts, weights }, touchpoints, spare, origin }
}

fn contact(
    tx: &mut Tx<'_>,
    program: &Program,
    place: usize,
    one: &NamedPartner,
    at: Instant,
) -> Result<Contact, Error> {
    let link = match &one.who {
        Who::Code(code) => {
            let name = LinkName::OfVendor(program.vendor.clone(), Some(program.id.clone()), code.clone());
            tx.known_link(&name)?.map(|known| known.link.clone())
        }
        Who::Id(id) => tx.links_of(&program.id, id)?.into_iter().next(),
    };
    let link = link.ok_or_else(|| {
        Error::at(format!("partners[{place}]"), "is not a partner of this program: see GET /v1/partners.")
    })?;
    manual(tx, program, link, at)
}

fn primary_contact(
    tx: &mut Tx<'_>,
    program: &Program,
    credit: &Credit,
    at: Instant,
) -> Result<Contact, Error> {
    let link = tx.link(&program.vendor, &credit.link)?;
    let link = link.ok_or_else(|| Error::internal(format!("link {} vanished", credit.link)))?;
    manual(tx, program, link, at)
}

fn manual(tx: &mut Tx<'_>, program: &Program, link: Link, at: Instant) -> Result<Contact, Error> {
    let known = tx.known_partner(&program.vendor, &program.id, &link.partner)?;
    let told = Touchpoint {
        kind: Kind::Manual.word().into(),
        partner: PartnerRef { id: link.partner.to_string(), name: known.name.clone() },
        at: show(at),
        link_id: Some(link.id.to_string()),
        ..Touchpoint::default()
    };
    let (partner, link) = (link.partner, link.id);
    Ok(Contact {
        touch: Touch {
            kind: Kind::Manual,
            partner,
            link,
            click: None,
            at,
            until: None,
            bar: standing(&known),
        },
        origin: Origin::default(),
        told,
    })
}
