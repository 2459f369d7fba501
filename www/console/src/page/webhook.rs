//! One endpoint: how it stands, what can be done with it, and its log.

mod log;
mod tools;

use crate::context::use_console;
use crate::date;
use crate::page::webhooks::{hears, state};
use crate::part::badge::badge;
use crate::part::facts::facts;
use crate::part::head::Head;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::t;
use goodword_wire::Webhook;
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn WebhookPage(props: &Props) -> Html {
    let context = use_console();
    let webhook = use_poll::<Webhook>(context.mode(), format!("/v1/webhooks/{}", encode(&props.id)));
    let back = (context.to(Route::Webhooks), t("Webhooks"));
    html! {
        <>
            <Head title={t("Endpoint")} {back}>
                if let Some(webhook) = &webhook.data {
                    <tools::Tools webhook={(**webhook).clone()} />
                }
            </Head>
            { shown(&webhook, 5, |webhook| view(webhook)) }
            <log::Log id={props.id.clone()} />
        </>
    }
}

fn view(webhook: &Webhook) -> Html {
    let (word, tone) = state(webhook);
    let minute = |at: &Option<String>| at.as_ref().map(|at| html! { date::minute(at) });
    html! {
        <section aria-labelledby="endpoint-title">
            <h2 id="endpoint-title" class="hidden">{ t("The endpoint") }</h2>
            { facts([
                (t("Address"), Some(html! { <code class="clip">{ &webhook.url }</code> })),
                (t("For"), (!webhook.description.is_empty()).then(|| html! { &webhook.description })),
                (t("Hears of"), Some(html! { <span title={webhook.events.join(", ")}>{ hears(&webhook.events) }</span> })),
                (t("State"), Some(badge(word, tone))),
                (t("Disabled"), minute(&webhook.disabled_at)),
                (t("Has taken nothing since"), minute(&webhook.failing_since)),
                (t("The old secret signs until"), minute(&webhook.old_secret_until)),
            ]) }
            if webhook.status == "disabled" {
                <p class="note waiting" role="status">{ t("Nothing is sent. Once it is enabled, what waited goes out; what happened meanwhile you can send again.") }</p>
            }
        </section>
    }
}
