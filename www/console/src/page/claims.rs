//! Orders that partners say were theirs.

use crate::context::{Context, use_console};
use crate::format;
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::{partner_link, when};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, t};
use crate::words::review as words;
use goodword_wire::Claim;
use yew::prelude::*;

const COLUMNS: [Column; 6] = [
    text(key("Order")),
    text(key("Partner")),
    figure(key("Amount, as told")),
    text(key("Filed")),
    text(key("State")),
    text(key("Why")),
];

/// The page.
#[component]
pub fn Claims() -> Html {
    let context = use_console();
    let status = context.place.get("status").unwrap_or("open").to_owned();
    let list =
        use_list::<Claim>(format!("/v1/claims?status={}{}", encode(&status), context.program_filter()));
    let options = ["open", "granted", "refused"].map(|word| (word, words::claim(word).0));
    html! {
        <>
            <Head title={t("Claims")} lead={t("A partner says an order was his or hers. Granted, the order is credited to the partner.")}>
                <ProgramChoice />
            </Head>
            <Tabs label={t("State")} name="status" usual="open" options={options.to_vec()} />
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return nothing(&status);
                }
                html! {
                    <>
                        <Table caption={t("Claims, newest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|claim| row(&claim.id, &COLUMNS, cells(&context, claim))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn nothing(status: &str) -> Html {
    if status == "open" {
        return html! {
            <Empty title={t("No claim waits for you")}>
                <p>{ t("Partners file claims from the widget on your page, when an order they expected is not theirs.") }</p>
            </Empty>
        };
    }
    html! { <Empty title={t("None in this state")}><p>{ t("What you decide about claims is kept here, with the trail.") }</p></Empty> }
}

fn cells(context: &Context, claim: &Claim) -> Vec<Html> {
    let (word, tone) = words::claim(&claim.status);
    let currency = context.currency(Some(&claim.program_id));
    vec![
        html! { <Link class="clip" to={context.to(Route::Claim(claim.id.clone()))}>{ &claim.invoice_id }</Link> },
        partner_link(context, Some(&claim.partner)),
        claim.amount.map_or_else(
            || html! { <span class="quiet none">{ "–" }</span> },
            |amount| html! { format::money(amount, &currency) },
        ),
        when(context, &claim.created_at),
        badge(&word, tone),
        html! { <span class="quiet">{ words::claim_reason(&claim.reason) }</span> },
    ]
}
