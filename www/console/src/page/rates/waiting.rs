//! Sales that wait for a rate.

use super::pair;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::{SLOW_MS, use_poll_every};
use crate::route::{Mode, Route, encode};
use crate::text::{key, plural, t};
use crate::{date, format};
use goodword_wire::{Commission, SaleOutput};
use std::collections::BTreeMap;
use yew::prelude::*;

const COLUMNS: [Column; 5] = [
    text(key("Sale of")),
    text(key("Partner")),
    figure(key("Amount")),
    text(key("Rate needed")),
    text(key("Sale")),
];

/// How many are looked at; a rate for these lets all others of their currencies go on too.
const LOOKED_AT: usize = 20;

/// A sale that waits.
#[derive(Clone, Debug, PartialEq)]
struct Waits {
    sale: SaleOutput,
    /// The currency it is to be counted in.
    quote: String,
}

/// Those there are; nothing where none waits.
#[component]
pub fn Waiting() -> Html {
    let context = use_console();
    let key = (context.mode(), context.tick);
    let waiting = use_poll_every(SLOW_MS, key, context.expired.clone(), |(mode, _)| load(mode));
    let Some(waiting) = waiting.data.filter(|waiting| !waiting.is_empty()) else { return Html::default() };
    let told: Vec<_> =
        needed(&waiting).into_iter().map(|(pair, (number, first))| said(pair, number, first)).collect();
    html! {
        <section aria-labelledby="waiting-title">
            <h2 id="waiting-title">{ t("Sales that wait for a rate") }</h2>
            <p class="note waiting">{ told.join(", ") }{ ". " }{ t("Add a rate below that is from before the sale, and not older than 31 days then: the commissions are worked out at once.") }</p>
            <Table caption={t("Sales that wait for an exchange rate")} columns={&COLUMNS[..]}>
                { for waiting.iter().map(|waits| row(&waits.sale.id, &COLUMNS, cells(&context, waits))) }
            </Table>
        </section>
    }
}

async fn load(mode: Mode) -> Result<Vec<Waits>, Failure> {
    let path = format!("/v1/commissions?status=needs_rate&pageSize={LOOKED_AT}");
    let commissions: Vec<Commission> = api::get(mode, &path).await?;
    let mut waiting: Vec<Waits> = Vec::new();
    for commission in commissions {
        let Some(id) = commission.sale_id.filter(|id| waiting.iter().all(|known| known.sale.id != *id))
        else {
            continue;
        };
        let sale = api::get(mode, &format!("/v1/sales/{}", encode(&id))).await?;
        waiting.push(Waits { sale, quote: commission.currency });
    }
    Ok(waiting)
}

/// A currency, and the one it is counted in.
type Pair<'a> = (&'a str, &'a str);

/// Which rates are needed: for how many sales, and when the first of them was.
fn needed(waiting: &[Waits]) -> BTreeMap<Pair<'_>, (i64, &str)> {
    waiting.iter().fold(BTreeMap::new(), |mut all, waits| {
        let sale = &waits.sale.sale;
        let (number, first) = all
            .entry((sale.currency.as_str(), waits.quote.as_str()))
            .or_insert((0, sale.created_at.as_str()));
        *number += 1;
        *first = sale.created_at.as_str().min(*first);
        all
    })
}

/// `GBP → USD for 2 sales, the first of 24 Nov 2026`.
fn said((base, quote): Pair<'_>, number: i64, first: &str) -> String {
    plural!(
        "one={pair} for {n} sale, the first of {date}|{pair} for {n} sales, the first of {date}",
        number,
        pair = pair(base, quote),
        date = date::day(first)
    )
}

fn cells(context: &Context, waits: &Waits) -> Vec<Html> {
    let sale = &waits.sale;
    let invoice = sale.sale.invoice_id.clone().unwrap_or_else(|| t("Open").into());
    vec![
        html! { date::minute(&sale.sale.created_at) },
        partner_link(context, sale.partner.as_ref()),
        html! { format::money(sale.sale.amount, &sale.sale.currency) },
        html! { pair(&sale.sale.currency, &waits.quote) },
        html! { <Link to={context.to(Route::Sale(sale.id.clone()))}>{ invoice }</Link> },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::SaleDetail;

    fn waits(currency: &str, at: &str) -> Waits {
        let detail = SaleDetail {
            amount: 1,
            currency: currency.into(),
            payment_processor: String::new(),
            invoice_id: None,
            refunded: 0,
            disputed: 0,
            exchange: None,
            metadata: None,
            created_at: at.into(),
        };
        let sale = SaleOutput {
            id: at.into(),
            event_name: String::new(),
            customer: None,
            sale: detail,
            partner: None,
            credited: true,
            reason: String::new(),
            commission: None,
            commissions: Vec::new(),
            touchpoints: Vec::new(),
            referred: None,
        };
        Waits { sale, quote: "usd".into() }
    }

    #[test]
    fn the_rates_needed_are_named_with_the_first_sale() {
        let waiting = [
            waits("gbp", "2026-11-24T10:00:00.000Z"),
            waits("gbp", "2026-11-02T10:00:00.000Z"),
            waits("chf", "2026-11-05T10:00:00.000Z"),
        ];
        let needed = needed(&waiting);
        let (number, first) = needed[&("gbp", "usd")];
        assert_eq!(said(("gbp", "usd"), number, first), "GBP → USD for 2 sales, the first of 2 Nov 2026");
        assert_eq!(needed.len(), 2);
    }
}
