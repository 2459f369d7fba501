//! What a trigger did, and why.

use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::rows::when;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, load_more, row, text};
use crate::poll::use_list;
use crate::route::encode;
use crate::text::{key, t};
use crate::words::Tone;
use goodword_wire::{TriggerCompared, TriggerDetail, TriggerRun};
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("When")), text(key("Event")), text(key("Outcome")), text(key("Why, and what"))];

/// Of which trigger.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The log.
#[component]
pub fn Runs(props: &Props) -> Html {
    let context = use_console();
    let list = use_list::<TriggerRun>(format!("/v1/triggers/{}/runs", encode(&props.id)));
    html! {
        <section aria-labelledby="runs-title">
            <h2 id="runs-title">{ t("What it did") }</h2>
            { shown(&list.polled, 3, |data| {
                if data.rows.is_empty() {
                    return html! { <Empty title={t("Nothing yet")}><p>{ t("Each event it acts on is kept here for 30 days, with why it did.") }</p></Empty> };
                }
                html! {
                    <>
                        <Table caption={t("What it did, newest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|run| row(&run.id, &COLUMNS, cells(&context, run))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </section>
    }
}

fn cells(context: &Context, run: &TriggerRun) -> Vec<Html> {
    let (word, tone) = outcome(&run.outcome);
    vec![
        when(context, &run.at),
        html! { <span class="two"><span>{ &run.event }</span><small class="clip">{ &run.subject }</small></span> },
        badge(word, tone),
        told(&run.detail),
    ]
}

/// An outcome or verdict in words.
pub fn outcome(word: &str) -> (&'static str, Tone) {
    match word {
        "done" => (t("Done"), Tone::Good),
        "partly" => (t("Done in part"), Tone::Waiting),
        "refused" => (t("Refused"), Tone::Bad),
        "too_deep" => (t("Chain ended"), Tone::Plain),
        "acts" => (t("Would act"), Tone::Good),
        _ => (t("Would not act"), Tone::Plain),
    }
}

/// What was compared, and what became of each action.
pub fn told(detail: &TriggerDetail) -> Html {
    html! {
        <ul class="plain">
            { for detail.compared.iter().enumerate().map(|(place, c)| html! { <li key={format!("c{place}")} class="quiet">{ compared(c) }</li> }) }
            { for detail.actions.iter().enumerate().map(|(place, action)| html! {
                <li key={format!("a{place}")}>{ if action.done { "✓ " } else { "✗ " } }{ &action.says }</li>
            }) }
        </ul>
    }
}

/// `totalSales is at least 10: it is 12`.
fn compared(c: &TriggerCompared) -> String {
    let value =
        c.value.as_ref().map_or_else(|| t("it is not known").to_owned(), |value| t!("it is {value}", value));
    format!("{} {}: {value}", c.field, c.with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_reads_as_a_sentence() {
        let c = |value: Option<&str>| TriggerCompared {
            field: "totalSales".into(),
            with: "is at least 10".into(),
            value: value.map(str::to_owned),
            holds: true,
        };
        assert_eq!(compared(&c(Some("12"))), "totalSales is at least 10: it is 12");
        assert_eq!(compared(&c(None)), "totalSales is at least 10: it is not known");
    }
}
