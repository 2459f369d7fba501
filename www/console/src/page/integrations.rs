//! Payment providers: connecting them, and what they sent.

mod connect;
mod events;

use crate::context::use_console;
use crate::date;
use crate::part::badge::badge;
use crate::part::choice::Tabs;
use crate::part::copy::Copy;
use crate::part::facts::facts;
use crate::part::head::Head;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::use_poll;
use crate::text::{key, t};
use crate::words::Tone;
use goodword_wire::Integration;
use yew::prelude::*;

/// Words and names of the providers.
pub const PROVIDERS: [(&str, &str); 4] =
    [("stripe", "Stripe"), ("shopify", "Shopify"), ("paddle", "Paddle"), ("generic", key("Anybody else"))];

const IGNORED: [Column; 3] = [text(key("Type")), figure(key("How many")), text(key("Last"))];

/// The page.
#[component]
pub fn Integrations() -> Html {
    let context = use_console();
    let all = use_poll::<Vec<Integration>>(context.mode(), "/v1/integrations".to_owned());
    let chosen = context.place.get("provider").unwrap_or(PROVIDERS[0].0);
    let (word, name) = PROVIDERS.into_iter().find(|(word, _)| *word == chosen).unwrap_or(PROVIDERS[0]);
    let options = PROVIDERS.map(|(word, name)| (word, t(name).to_owned()));
    html! {
        <>
            <Head title={t("Integrations")} lead={t("Payment providers tell of sales, refunds and disputes themselves. What your server reports as well is still one order.")} />
            <Tabs label={t("Provider")} name="provider" usual={PROVIDERS[0].0} options={options.to_vec()} />
            { shown(&all, 4, |all| {
                let known = all.iter().find(|one| one.provider == word);
                html! {
                    <div key={word}>
                        if let Some(known) = known { { connected(known) } } else { { unconnected(name) } }
                        <connect::Connect provider={word} known={known.cloned()} />
                        if let Some(known) = known {
                            <events::Events provider={word} />
                            { ignored(known) }
                        }
                    </div>
                }
            }) }
        </>
    }
}

fn unconnected(name: &str) -> Html {
    html! {
        <Empty title={t!("{name} is not connected", name)}>
            <p>{ t("Save the secret it signs with; you then see the address to give to it.") }</p>
        </Empty>
    }
}

fn connected(known: &Integration) -> Html {
    let (word, tone) = state(known);
    facts([
        (t("State"), Some(badge(word, tone))),
        (
            t("Address for the provider"),
            Some(html! { <Copy text={known.url.clone()} what={t("the address")} /> }),
        ),
        (t("Secrets"), Some(html! { secrets(known.secrets) })),
        (
            t("Last changed"),
            Some(
                html! { <time datetime={known.changed_at.clone()}>{ date::minute(&known.changed_at) }</time> },
            ),
        ),
    ])
}

/// Whether its events are taken.
fn state(known: &Integration) -> (&'static str, Tone) {
    match (known.active, known.secrets) {
        (true, 1..) => (t("Connected"), Tone::Good),
        (_, 0) => (t("Without a secret"), Tone::Bad),
        (false, _) => (t("Switched off"), Tone::Waiting),
    }
}

fn secrets(count: usize) -> &'static str {
    match count {
        0 => t("None"),
        1 => t("One is known, and never shown"),
        _ => t("Several are known, and never shown: save the new one alone when the provider uses it"),
    }
}

fn ignored(known: &Integration) -> Html {
    if known.ignored.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="ignored-title">
            <h2 id="ignored-title">{ t("Types that mean nothing here") }</h2>
            <p class="quiet">{ t("They do no harm. You can leave them out at the provider.") }</p>
            <Table caption={t("Types that mean nothing here")} columns={&IGNORED[..]}>
                { for known.ignored.iter().map(|one| row(&one.r#type, &IGNORED, vec![
                    html! { <code>{ &one.r#type }</code> },
                    html! { one.count },
                    html! { <time datetime={one.last_at.clone()}>{ date::minute(&one.last_at) }</time> },
                ])) }
            </Table>
        </section>
    }
}
