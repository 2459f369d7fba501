//! One commission on a visit, or a bonus, and why it is what it is. Those on sales and sign-ups are told with these.

use crate::context::use_console;
use crate::date;
use crate::page::explained::Explained;
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
pub fn CommissionPage(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/commissions/{}/explanation", encode(&props.id));
    let explanation = use_poll::<Explanation>(context.mode(), path);
    let back = (context.to(Route::Commissions), t("Commissions"));
    html! {
        <>
            <Head title={t("Commission")} {back} />
            { shown(&explanation, 6, |explanation| html! {
                <Explained explanation={explanation.clone()}>{ about(explanation, &props.id) }</Explained>
            }) }
        </>
    }
}

fn about(explanation: &Explanation, id: &AttrValue) -> Html {
    let what = match explanation.event.as_str() {
        "click" => t("A visit"),
        "sale" => t("A sale"),
        "lead" => t("A sign-up"),
        _ => t("A bonus"),
    };
    html! {
        <section aria-labelledby="commission-facts">
            <h2 id="commission-facts">{ t("Earned for") }</h2>
            <dl class="facts">
                <div><dt>{ t("What") }</dt><dd>{ what }</dd></div>
                <div><dt>{ t("When") }</dt><dd>{ date::minute(&explanation.at) }</dd></div>
                <div><dt>{ t("Id") }</dt><dd><code>{ id }</code></dd></div>
            </dl>
        </section>
    }
}
