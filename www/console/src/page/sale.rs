//! One sale, and why it was credited as it was.

use crate::context::{Context, use_console};
use crate::page::explained::Explained;
use crate::part::head::Head;
use crate::part::state::shown;
use crate::poll::{Polled, use_poll};
use crate::route::{Route, encode};
use crate::text::t;
use crate::{date, format, told, words};
use goodword_wire::{Customer, Explanation, SaleOutput};
use std::rc::Rc;
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
    let path = format!("/v1/sales/{}", encode(&props.id));
    let explanation = use_poll::<Explanation>(context.mode(), format!("{path}/explanation"));
    let sale = use_poll::<SaleOutput>(context.mode(), path);
    let title = sale.data.as_ref().map_or_else(
        || t("Sale").to_owned(),
        |sale| {
            t!(
                "{event_name} of {amount}",
                event_name = sale.event_name,
                amount = format::money(sale.sale.amount, &sale.sale.currency)
            )
        },
    );
    let back = (context.to(Route::Events), t("Events"));
    html! {
        <>
            <Head {title} {back} />
            { shown(&both(sale, explanation), 6, |both| {
                let (sale, explanation) = &**both;
                html! {
                    <Explained explanation={explanation.clone()}>{ payment(&context, sale, explanation) }</Explained>
                }
            }) }
        </>
    }
}

/// There once both are; failed if one is.
fn both(
    sale: Polled<SaleOutput>,
    explanation: Polled<Explanation>,
) -> Polled<(Rc<SaleOutput>, Rc<Explanation>)> {
    Polled {
        data: sale.data.zip(explanation.data).map(Rc::new),
        failure: sale.failure.or(explanation.failure),
    }
}

fn payment(context: &Context, output: &SaleOutput, explanation: &Explanation) -> Html {
    let sale = &output.sale;
    let money = |minor| format::money(minor, &sale.currency);
    let program = context.currency(Some(&explanation.program_id));
    html! {
        <section aria-labelledby="payment-title">
            <h2 id="payment-title">{ t("Payment") }</h2>
            <dl class="facts">
                <div><dt>{ t("Paid") }</dt><dd>{ money(sale.amount) }</dd></div>
                if sale.refunded != 0 {
                    <div><dt>{ t("Refunded") }</dt><dd>{ money(sale.refunded) }</dd></div>
                }
                if sale.disputed != 0 {
                    <div><dt>{ t("In dispute") }</dt><dd>{ money(sale.disputed) }</dd></div>
                }
                if explanation.gone != 0 {
                    <div><dt>{ t("Remains") }</dt><dd>{ money(sale.amount - explanation.gone) }</dd></div>
                }
                if let Some(rate) = &sale.exchange {
                    <div><dt>{ t("Exchange") }</dt><dd>{ told::exchange(rate, &sale.currency, &program) }</dd></div>
                }
                <div><dt>{ t("When") }</dt><dd>{ date::minute(&sale.created_at) }</dd></div>
                <div><dt>{ t("Customer") }</dt><dd>{ customer(output.customer.as_ref()) }</dd></div>
                if let Some(referred) = &output.referred {
                    <div><dt>{ t("Gets") }</dt><dd>{ words::gift::gets(referred, &program) }</dd></div>
                }
                <div><dt>{ t("Invoice") }</dt><dd>{ sale.invoice_id.clone().unwrap_or_else(|| t("none").into()) }</dd></div>
                <div><dt>{ t("Through") }</dt><dd>{ &sale.payment_processor }</dd></div>
                <div><dt>{ t("Id") }</dt><dd><code>{ &output.id }</code></dd></div>
            </dl>
        </section>
    }
}

/// Who it is, as far as it is known.
pub fn customer(customer: Option<&Customer>) -> String {
    let named = |c: &Customer| {
        let parts: Vec<_> = [&c.name, &c.email, &c.external_id].into_iter().flatten().cloned().collect();
        if parts.is_empty() { c.id.clone() } else { parts.join(" · ") }
    };
    customer.map_or_else(|| t("unknown").to_owned(), named)
}
