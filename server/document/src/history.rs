//! A program's history as it is said over HTTP, for the simulation.

use goodword_domain::Invalid;
use goodword_domain::attribution::{Bar, Credit, Kind, Touch, Verdict};
use goodword_domain::exchange::parse_rate;
use goodword_domain::id::{CustomerId, GroupId, LinkId, PartnerId};
use goodword_domain::money::Currency;
use goodword_domain::reward::{Exchange, Item, Order};
use goodword_domain::simulation::{Completion, Event, Happening, Lead, Partner, Sale};
use goodword_domain::time::Instant;
use goodword_wire as wire;
use std::collections::HashMap;

/// Whoever may be credited.
pub fn partners(told: &[wire::HistoryPartner]) -> Result<HashMap<PartnerId, Partner>, Invalid> {
    let read = |partner: &wire::HistoryPartner| {
        let group = partner.group_id.as_deref().map(GroupId::parse).transpose()?;
        let name = partner.group.clone().unwrap_or_default();
        let standing = Partner { group: group.map(|id| (id, name)), approved: partner.approved };
        Ok((PartnerId::parse(&partner.id)?, standing))
    };
    told.iter().map(read).collect()
}

/// Something that happened.
pub fn event(told: &wire::HistoryEvent) -> Result<Event, Invalid> {
    let kind = match &told.happened {
        wire::HistoryHappened::Lead(lead) => Happening::Lead(Lead {
            customer: CustomerId::parse(&lead.customer_id)?,
            name: lead.event_name.clone(),
            touches: lead.touches.iter().map(touch).collect::<Result<_, _>>()?,
            metadata: lead.metadata.clone(),
        }),
        wire::HistoryHappened::Sale(sale) => Happening::Sale(self::sale(sale)?),
        wire::HistoryHappened::Gone(gone) => Happening::Gone(gone.sale, gone.change),
        wire::HistoryHappened::Completion(done) => Happening::Completion(Completion {
            partner: PartnerId::parse(&done.partner_id)?,
            name: done.event_name.clone(),
            metadata: done.metadata.clone(),
        }),
        wire::HistoryHappened::Budget(set) => {
            Happening::Budget(Currency::parse_unit(&set.currency)?, set.amount)
        }
    };
    Ok(Event { at: Instant(told.at), kind })
}

fn sale(told: &wire::HistorySale) -> Result<Sale, Invalid> {
    let item = |item: &wire::HistoryItem| Item {
        product: item.product.clone(),
        plan: item.plan.clone(),
        quantity: item.quantity,
        amount: item.amount,
    };
    Ok(Sale {
        number: told.sale,
        customer: told.customer_id.as_deref().map(CustomerId::parse).transpose()?,
        touches: told.touches.iter().map(touch).collect::<Result<_, _>>()?,
        named: told.named.iter().map(named).collect::<Result<_, _>>()?,
        order: Order {
            paid: told.paid,
            tax: told.tax,
            shipping: told.shipping,
            discount: told.discount,
            items: told.items.iter().map(item).collect(),
        },
        exchange: told.rate.as_ref().map(exchange).transpose()?,
        country: told.country.clone(),
        metadata: told.metadata.clone(),
    })
}

/// What kept it from counting whatever the policy says keeps it still.
fn touch(told: &wire::HistoryTouch) -> Result<Touch, Invalid> {
    let bar = |word: &str| match Verdict::parse(word) {
        Some(Verdict::Barred(bar)) => bar,
        _ => Bar::Blocked,
    };
    Ok(Touch {
        kind: Kind::parse(&told.kind)?,
        partner: PartnerId::parse(&told.partner_id)?,
        link: LinkId::parse(&told.link_id)?,
        click: None,
        at: Instant(told.at),
        until: told.until.map(Instant),
        bar: told.bar.as_deref().map(bar),
    })
}

fn named(told: &wire::HistoryTouch) -> Result<Credit, Invalid> {
    let (partner, link) = (PartnerId::parse(&told.partner_id)?, LinkId::parse(&told.link_id)?);
    Ok(Credit { partner, link, click: None, weight: told.weight })
}

fn exchange(told: &wire::HistoryRate) -> Result<Exchange, Invalid> {
    let (from, to) = (Currency::parse(&told.from)?, Currency::parse(&told.to)?);
    Ok(match &told.rate {
        Some(rate) => Exchange { rate: parse_rate(rate)?, from, to, source: String::new() },
        None => Exchange::unknown(from, to),
    })
}
