//! Sales that wait for a rate.

use super::pair;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::{SLOW_MS, use_poll_every};
use crate::route::{Mode, Route, encode};
use crate::{date, format};
use goodword_wire::{Commission, SaleOutput};
use std::collections::BTreeMap;
use yew::prelude::*;

const COLUMNS: [Column; 5] =
    [text("Sale of"), text("Partner"), figure("Amount"), text("Rate needed"), text("Sale")];

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
    let told: Vec<_> = needed(&waiting)
        .into_iter()
        .map(|((base, quote), number)| format!("{}: {number}", pair(base, quote)))
        .collect();
    html! {
        <section aria-labelledby="waiting-title">
            <h2 id="waiting-title">{ "Sales that wait for a rate" }</h2>
            <p class="note waiting">{ told.join(", ") }{ ". Add the rate below: it must be from before the sale and not older than 31 days. The commissions are then worked out at once." }</p>
            <Table caption="Sales that wait for an exchange rate" columns={&COLUMNS[..]}>
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

/// Which rates are needed, and for how many.
fn needed(waiting: &[Waits]) -> BTreeMap<(&str, &str), usize> {
    let pairs = waiting.iter().map(|w| (w.sale.sale.currency.as_str(), w.quote.as_str()));
    pairs.fold(BTreeMap::new(), |mut all, pair| {
        *all.entry(pair).or_default() += 1;
        all
    })
}

fn cells(context: &Context, waits: &Waits) -> Vec<Html> {
    let sale = &waits.sale;
    let invoice = sale.sale.invoice_id.clone().unwrap_or_else(|| "Open".into());
    vec![
        html! { date::minute(&sale.sale.created_at) },
        partner_link(context, sale.partner.as_ref()),
        html! { format::money(sale.sale.amount, &sale.sale.currency) },
        html! { pair(&sale.sale.currency, &waits.quote) },
        html! { <Link to={context.to(Route::Sale(sale.id.clone()))}>{ invoice }</Link> },
    ]
}
