//! Triggers: what is done without a hand.

use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::choice::ProgramChoice;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::when;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, load_more, row, text};
use crate::poll::use_list;
use crate::route::Route;
use crate::text::{key, t};
use crate::words::Tone;
use goodword_wire::Trigger;
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("Trigger")), text(key("What it does")), text(key("State")), text(key("Made"))];

/// The address of the page that makes one.
pub const NEW: &str = "new";

/// The page.
#[component]
pub fn Triggers() -> Html {
    let context = use_console();
    let filter = context.program_filter();
    let filter = filter.strip_prefix('&').map_or(String::new(), |filter| format!("?{filter}"));
    let list = use_list::<Trigger>(format!("/v1/triggers{filter}"));
    html! {
        <>
            <Head title={t("Triggers")} lead={t("When an event meets a condition, something is done without a hand: once for each event, and logged.")}>
                <ProgramChoice />
                <Link class="button primary" to={context.to(Route::Trigger(NEW.into()))}>{ t("Add a trigger") }</Link>
            </Head>
            { shown(&list.polled, 3, |data| {
                if data.rows.is_empty() {
                    return nothing();
                }
                html! {
                    <>
                        <Table caption={t("Triggers, newest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|trigger| row(&trigger.id, &COLUMNS, cells(&context, trigger))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn nothing() -> Html {
    html! {
        <Empty title={t("No trigger yet")}>
            <p>{ t("For example: approve whoever applies from your own domain; move a partner to gold with the tenth sale; grant points for a training.") }</p>
        </Empty>
    }
}

fn cells(context: &Context, trigger: &Trigger) -> Vec<Html> {
    let (word, tone) = state(&trigger.status);
    vec![
        html! { <Link to={context.to(Route::Trigger(trigger.id.clone()))}>{ &trigger.name }</Link> },
        html! { <span class="quiet">{ &trigger.says }</span> },
        badge(word, tone),
        when(context, &trigger.created_at),
    ]
}

/// How it stands.
pub fn state(status: &str) -> (&'static str, Tone) {
    if status == "enabled" { (t("Enabled"), Tone::Good) } else { (t("Disabled"), Tone::Plain) }
}
