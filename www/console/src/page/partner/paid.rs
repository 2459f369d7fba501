//! What a partner was paid.

use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::link::Link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, t};
use crate::words::payout as words;
use crate::{date, format};
use goodword_wire::Payout;
use yew::prelude::*;

const COLUMNS: [Column; 5] = [
    text(key("Payout of")),
    figure(key("Amount")),
    text(key("Method")),
    text(key("State")),
    text(key("Note")),
];

/// Whom.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The payouts, newest first.
#[component]
pub fn Paid(props: &Props) -> Html {
    let context = use_console();
    let list = use_list::<Payout>(format!(
        "/v1/payouts?partnerId={}{}",
        encode(&props.id),
        context.program_filter()
    ));
    shown(&list.polled, 3, |data| {
        if data.rows.is_empty() {
            return html! {
                <Empty title={t("No payout yet")}>
                    <p>{ t("What has cleared is paid with the next batch, once it reaches the program’s minimum and a method is known.") }</p>
                </Empty>
            };
        }
        html! {
            <>
                <Table caption={t("Payouts to this partner, newest first")} columns={&COLUMNS[..]}>
                    { for data.rows.iter().map(|payout| row(&payout.id, &COLUMNS, cells(&context, payout))) }
                </Table>
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

fn cells(context: &Context, payout: &Payout) -> Vec<Html> {
    let (word, tone) = words::payout(&payout.status);
    let to = context.to(Route::Batch(payout.batch_id.clone()));
    vec![
        html! { <Link {to}>{ date::day(&payout.created_at) }</Link> },
        html! { format::money(payout.amount, &payout.currency) },
        html! { words::method(&payout.method) },
        badge(&word, tone),
        payout
            .note
            .clone()
            .map_or_else(|| html! { <span class="quiet none">{ "–" }</span> }, |note| html! { note }),
    ]
}
