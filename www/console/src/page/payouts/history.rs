//! The batches and the payouts there were.

use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::choice::Tabs;
use crate::part::link::Link;
use crate::part::rows::{partner_link, when};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, rich, t};
use crate::words::payout as words;
use crate::{date, format};
use goodword_wire::{Payout, PayoutBatch};
use yew::prelude::*;

const BATCHES: [Column; 5] = [
    text(key("Batch of")),
    text(key("State")),
    figure(key("Payouts")),
    figure(key("Amount")),
    text(key("Created by")),
];
const PAYOUTS: [Column; 6] = [
    text(key("When")),
    text(key("Partner")),
    figure(key("Amount")),
    text(key("Method")),
    text(key("State")),
    text(key("Batch")),
];

/// Batches of the program chosen.
#[component]
pub fn Batches() -> Html {
    let context = use_console();
    let list = use_list::<PayoutBatch>(format!(
        "/v1/payouts/batches{}",
        context.one_program_filter().replace('&', "?")
    ));
    shown(&list.polled, 5, |data| {
        if data.rows.is_empty() {
            return html! {
                <Empty title={t("No batch yet")}>
                    <p>{ rich!("{due} and create the first one.", due = html! { <Link to={context.place.with("tab", "")}>{ t("See what is due") }</Link> }) }</p>
                </Empty>
            };
        }
        html! {
            <>
                <Table caption={t("Batches, newest first")} columns={&BATCHES[..]}>
                    { for data.rows.iter().map(|batch| row(&batch.id, &BATCHES, batch_cells(&context, batch))) }
                </Table>
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

fn batch_cells(context: &Context, batch: &PayoutBatch) -> Vec<Html> {
    let to = context.to(Route::Batch(batch.id.clone()));
    let (word, tone) = words::batch_progress(&batch.status, &batch.parts);
    vec![
        html! { <Link {to}>{ date::minute(&batch.created_at) }</Link> },
        badge(&word, tone),
        html! { format::count(batch.payouts) },
        html! { format::money(batch.amount, &batch.currency) },
        html! { &batch.created_by },
    ]
}

/// Payouts of the program chosen.
#[component]
pub fn Payouts() -> Html {
    let context = use_console();
    let states = ["", "pending", "processing", "completed", "failed", "returned", "canceled"];
    let options =
        states.map(|word| (word, if word.is_empty() { t("All").to_owned() } else { words::payout(word).0 }));
    let status =
        context.place.get("status").map_or(String::new(), |word| format!("&status={}", encode(word)));
    let list = use_list::<Payout>(
        format!("/v1/payouts?{}{status}", context.one_program_filter()).replace("?&", "?"),
    );
    html! {
        <>
            <Tabs label={t("State")} name="status" options={options.to_vec()} />
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return html! { <Empty title={t("No payout here")}><p>{ t("Payouts are made by a batch, one for each partner in it.") }</p></Empty> };
                }
                html! {
                    <>
                        <Table caption={t("Payouts, newest first")} columns={&PAYOUTS[..]}>
                            { for data.rows.iter().map(|payout| row(&payout.id, &PAYOUTS, payout_cells(&context, payout))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn payout_cells(context: &Context, payout: &Payout) -> Vec<Html> {
    let (word, tone) = words::payout(&payout.status);
    let to = context.to(Route::Batch(payout.batch_id.clone()));
    vec![
        when(context, &payout.created_at),
        partner_link(context, Some(&payout.partner)),
        html! { format::money(payout.amount, &payout.currency) },
        html! { words::method(&payout.method) },
        html! { <span class="state">{ badge(&word, tone) }{ note(payout.note.as_deref()) }</span> },
        html! { <Link {to}>{ t("Open") }<span class="hidden">{ " " }{ t!("the batch of {name}", name = payout.partner.name) }</span></Link> },
    ]
}

fn note(said: Option<&str>) -> Html {
    said.map_or_else(Html::default, |text| html! { <small>{ text.to_owned() }</small> })
}
