//! One sign-up, and why it was credited as it was.

use crate::context::use_console;
use crate::date;
use crate::page::explained::Explained;
use crate::page::sale::customer;
use crate::part::head::Head;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::t;
use goodword_wire::Explanation;
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn Lead(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/leads/{}/explanation", encode(&props.id));
    let explanation = use_poll::<Explanation>(context.mode(), path);
    let back = (context.to(Route::Events).with("tab", "lead"), t("Leads"));
    html! {
        <>
            <Head title={t("Sign-up")} {back} />
            { shown(&explanation, 6, |explanation| html! {
                <Explained explanation={explanation.clone()}>{ about(explanation) }</Explained>
            }) }
        </>
    }
}

fn about(explanation: &Explanation) -> Html {
    let commission = explanation.commissions.first().map(|told| &told.commission);
    let person = commission.and_then(|commission| commission.customer.as_ref());
    html! {
        <section aria-labelledby="lead-title">
            <h2 id="lead-title">{ t("Sign-up") }</h2>
            <dl class="facts">
                <div><dt>{ t("When") }</dt><dd>{ date::minute(&explanation.at) }</dd></div>
                if person.is_some() {
                    <div><dt>{ t("Customer") }</dt><dd>{ customer(person) }</dd></div>
                }
                <div><dt>{ t("Id") }</dt><dd><code>{ &explanation.id }</code></dd></div>
            </dl>
        </section>
    }
}
