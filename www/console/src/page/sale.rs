//! One sale, and why it was credited as it was.

use crate::context::{Context, use_console};
use crate::part::badge;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::{credited, partner_link};
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::{date, format, words};
use goodword_wire::{Commission, Customer, SaleOutput, Touchpoint};
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn Sale(props: &Props) -> Html {
    let context = use_console();
    let sale = use_poll::<SaleOutput>(context.mode(), format!("/v1/sales/{}", encode(&props.id)));
    let title = sale.data.as_ref().map_or_else(
        || "Sale".to_owned(),
        |sale| format!("{} of {}", sale.event_name, format::money(sale.sale.amount, &sale.sale.currency)),
    );
    let back = (context.to(Route::Events), "Events");
    html! {
        <>
            <Head {title} {back} />
            { shown(&sale, 6, |sale| view(&context, sale)) }
        </>
    }
}

fn view(context: &Context, sale: &SaleOutput) -> Html {
    html! {
        <>
            <section class="verdict panel" aria-labelledby="why-title">
                <h2 id="why-title">{ "Why" }</h2>
                <p class="badges">{ credited(sale.credited) }
                    if sale.partner.is_some() {
                        <strong>{ partner_link(context, sale.partner.as_ref()) }</strong>
                    }
                </p>
                <p class="why">{ words::reason(&sale.reason) }</p>
            </section>
            <div class="columns">
                <section aria-labelledby="touch-title">
                    <h2 id="touch-title">{ "Touchpoints" }</h2>
                    { timeline(context, sale) }
                </section>
                <div>
                    { sale.commission.as_ref().map(|commission| owed(context, commission)) }
                    { payment(sale) }
                </div>
            </div>
        </>
    }
}

fn timeline(context: &Context, sale: &SaleOutput) -> Html {
    if sale.touchpoints.is_empty() {
        return html! { <p class="quiet">{ "No click and no code is known of this customer." }</p> };
    }
    html! {
        <ol class="timeline">
            { for sale.touchpoints.iter().enumerate().map(|(key, touch)| touchpoint(context, key, touch)) }
            <li class="end">
                <time datetime={sale.sale.created_at.clone()}>{ date::minute(&sale.sale.created_at) }</time>
                <p><strong>{ &sale.event_name }</strong></p>
            </li>
        </ol>
    }
}

fn touchpoint(context: &Context, key: usize, touch: &Touchpoint) -> Html {
    let (short, long, tone) = words::verdict(&touch.verdict);
    html! {
        <li key={key} class={tone.class()}>
            <time datetime={touch.at.clone()}>{ date::minute(&touch.at) }</time>
            <p>{ words::touch(&touch.kind) }{ " " }{ partner_link(context, Some(&touch.partner)) }{ " " }{ badge::badge(short, tone) }</p>
            <p class="quiet">{ long }</p>
        </li>
    }
}

fn owed(context: &Context, commission: &Commission) -> Html {
    let money = |minor| format::money(minor, &commission.currency);
    html! {
        <section aria-labelledby="commission-title">
            <h2 id="commission-title">{ "Commission" }</h2>
            <p class="amount">{ money(commission.earnings) }{ " " }{ badge::commission(commission) }</p>
            <dl class="facts">
                <div><dt>{ "Arithmetic" }</dt><dd>{ &commission.arithmetic }</dd></div>
                if commission.earnings != commission.earnings_at_first {
                    <div><dt>{ "At first" }</dt><dd>{ money(commission.earnings_at_first) }</dd></div>
                }
                <div><dt>{ "Earned" }</dt><dd>{ date::minute(&commission.created_at) }</dd></div>
                <div><dt>{ "Clears" }</dt><dd>{ date::minute(&commission.clears_at) }</dd></div>
                <div><dt>{ "Ledger" }</dt><dd>
                    <Link to={context.to(Route::Ledger).with("commission", &commission.id)}>{ "Its transfers" }</Link>
                </dd></div>
            </dl>
        </section>
    }
}

fn payment(sale: &SaleOutput) -> Html {
    let money = |minor| format::money(minor, &sale.sale.currency);
    html! {
        <section aria-labelledby="payment-title">
            <h2 id="payment-title">{ "Payment" }</h2>
            <dl class="facts">
                <div><dt>{ "Paid" }</dt><dd>{ money(sale.sale.amount) }</dd></div>
                if sale.sale.refunded > 0 {
                    <div><dt>{ "Refunded" }</dt><dd>{ money(sale.sale.refunded) }</dd></div>
                    <div><dt>{ "Remains" }</dt><dd>{ money(sale.sale.amount - sale.sale.refunded) }</dd></div>
                }
                if sale.sale.disputed > 0 {
                    <div><dt>{ "Disputed" }</dt><dd>{ money(sale.sale.disputed) }</dd></div>
                }
                if let Some(exchange) = &sale.sale.exchange {
                    <div><dt>{ "Exchange rate" }</dt><dd>{ words::exchange(exchange) }</dd></div>
                }
                <div><dt>{ "When" }</dt><dd>{ date::minute(&sale.sale.created_at) }</dd></div>
                <div><dt>{ "Customer" }</dt><dd>{ customer(sale.customer.as_ref()) }</dd></div>
                <div><dt>{ "Invoice" }</dt><dd>{ sale.sale.invoice_id.clone().unwrap_or_else(|| "none".into()) }</dd></div>
                <div><dt>{ "Through" }</dt><dd>{ &sale.sale.payment_processor }</dd></div>
                <div><dt>{ "Id" }</dt><dd><code>{ &sale.id }</code></dd></div>
            </dl>
        </section>
    }
}

fn customer(customer: Option<&Customer>) -> String {
    let named = |c: &Customer| {
        let parts: Vec<_> = [&c.name, &c.email, &c.external_id].into_iter().flatten().cloned().collect();
        if parts.is_empty() { c.id.clone() } else { parts.join(" · ") }
    };
    customer.map_or_else(|| "unknown".to_owned(), named)
}
