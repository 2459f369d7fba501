//! What expires when.

use crate::context::{Context, use_console};
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::use_poll;
use crate::route::Route;
use crate::text::{key, t};
use crate::{date, format};
use goodword_wire::FundExpiry;
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("When, UTC")), text(key("What")), text(key("Partner")), figure(key("Amount"))];

/// The calendar of a year.
#[component]
pub fn Calendar() -> Html {
    let context = use_console();
    let lines = use_poll::<Vec<FundExpiry>>(context.mode(), "/v1/fund-expiries?days=366".to_owned());
    shown(&lines, 4, |lines| {
        let chosen = context.place.get("program");
        let mine: Vec<&FundExpiry> =
            lines.iter().filter(|line| chosen.is_none_or(|program| line.program_id == program)).collect();
        if mine.is_empty() {
            return html! {
                <Empty title={t("Nothing expires within a year")}>
                    <p>{ t("Money that expires and commitments with a deadline stand here, the soonest first.") }</p>
                </Empty>
            };
        }
        html! {
            <Table caption={t("What expires, the soonest first")} columns={&COLUMNS[..]}>
                { for mine.iter().map(|line| row(&line.id, &COLUMNS, cells(&context, line))) }
            </Table>
        }
    })
}

fn cells(context: &Context, line: &FundExpiry) -> Vec<Html> {
    let what = if line.kind == "request" {
        html! { <Link to={context.to(Route::FundRequest(line.id.clone()))}>{ t("Last moment to claim") }</Link> }
    } else if line.partner.is_some() {
        html! { t("A partner’s money expires") }
    } else {
        html! { t("Money set aside expires") }
    };
    vec![
        html! { <time datetime={line.at.clone()}>{ date::minute(&line.at) }</time> },
        what,
        partner_link(context, line.partner.as_ref()),
        html! { format::money(line.amount, &line.currency) },
    ]
}
