//! Who promotes the vendor, and who waits for a decision.

mod bar;
mod sheet;

use crate::context::{Context, use_console};
use crate::page::partner::decision::Decide;
use crate::part::badge;
use crate::part::choice::{ProgramChoice, Search, Tabs};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::picks::{Picks, use_picks};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, rich, t};
use crate::{format, words};
use goodword_wire::Partner;
use std::rc::Rc;
use yew::prelude::*;

const COLUMNS: [Column; 8] = [
    text(key("Partner")),
    text(key("State")),
    text(key("Code")),
    figure(key("Clicks")),
    figure(key("Leads")),
    figure(key("Sales")),
    figure(key("Revenue")),
    figure(key("Commissions")),
];

/// The page.
#[component]
pub fn Partners() -> Html {
    let context = use_console();
    let list = use_list::<Partner>(path(&context));
    let picks = use_picks();
    let may_manage = context.may_manage();
    let states = ["", "pending", "approved", "rejected", "banned"];
    let options = states.map(|word| {
        (word, if word.is_empty() { t("All").to_owned() } else { words::partner_status(word).0 })
    });
    html! {
        <>
            <Head title={t("Partners")} lead={t("Everybody who has a code and a link, with what came of them.")}>
                <ProgramChoice />
                <Search />
                <sheet::Sheet filters={filters(&context)} />
            </Head>
            <Tabs label={t("State")} name="status" options={options.to_vec()} />
            { shown(&list.polled, 6, |data| html! {
                <>
                    if may_manage && !data.rows.is_empty() {
                        <bar::Bar rows={Rc::new(data.rows.clone())} picks={picks.clone()} />
                    }
                    { table(&context, &data.rows, may_manage.then_some(&picks)) }
                    { load_more(data.more, list.growing, &list.more) }
                </>
            }) }
        </>
    }
}

fn path(context: &Context) -> String {
    format!("/v1/partners{}", filters(context))
}

/// What is chosen, as the query of an address.
fn filters(context: &Context) -> String {
    let filter = |name: &str| {
        context.place.get(name).map_or(String::new(), |value| format!("&{name}={}", encode(value)))
    };
    let all = format!("{}{}{}", filter("status"), filter("search"), context.program_filter());
    all.strip_prefix('&').map_or(String::new(), |all| format!("?{all}"))
}

fn table(context: &Context, partners: &[Partner], picks: Option<&Picks>) -> Html {
    if partners.is_empty() {
        return nobody(context);
    }
    html! {
        <Table caption={t("Partners, newest first")} columns={&COLUMNS[..]}>
            { for partners.iter().map(|partner| {
                row(&format!("{}{}", partner.id, partner.program_id), &COLUMNS, cells(context, partner, picks))
            }) }
        </Table>
    }
}

fn nobody(context: &Context) -> Html {
    if context.place.get("search").is_some() {
        return html! {
            <Empty title={t("Nobody by that name")}><p>{ t("Try part of the name, of the e-mail address or of the code.") }</p></Empty>
        };
    }
    if context.place.get("status").is_some() {
        return html! { <Empty title={t("Nobody in this state")}><p>{ t("Choose “All” to see everybody.") }</p></Empty> };
    }
    html! {
        <Empty title={t("No partner yet")}>
            <p>{ t("Partners join through the widget on your page: each gets a code and a link at once.") }</p>
            <p>{ rich!("{open} to copy the tag to paste.", open = html! { <Link to={context.to(Route::Programs)}>{ t("Open a program") }</Link> }) }</p>
        </Empty>
    }
}

fn cells(context: &Context, partner: &Partner, picks: Option<&Picks>) -> Vec<Html> {
    let currency = context.currency(Some(&partner.program_id));
    let to = context.to(Route::Partner(partner.id.clone())).with("program", &program_of(context, partner));
    let codes: Vec<_> = partner.links.iter().map(|link| link.code.as_str()).collect();
    vec![
        html! {
            <span class="pick">
                if let Some(picks) = picks { { picks.tick(&partner.enrollment_id, &t!("Choose {name}", name = partner.name)) } }
                <span class="two"><Link {to}>{ &partner.name }</Link><small>{ &partner.email }</small></span>
            </span>
        },
        html! {
            <span class="state">
                { badge::partner(&partner.status) }
                if partner.status == "pending" {
                    <Decide partner={partner.clone()} small={true} />
                }
                { for partner.signals.iter().map(|signal| html! {
                    <small key={signal.rule.clone()} class="doubt" title={words::applicant_signal(&signal.rule)}>{ words::plain(&signal.rule) }</small>
                }) }
            </span>
        },
        html! { <code>{ codes.join(", ") }</code> },
        html! { format::count(partner.total_clicks) },
        html! { format::count(partner.total_leads) },
        html! { format::count(partner.total_sales) },
        html! { format::money(partner.total_sale_amount, &currency) },
        html! { format::money(partner.total_commissions, &currency) },
    ]
}

/// A partner of several programs is shown in the one whose row was followed.
fn program_of(context: &Context, partner: &Partner) -> String {
    if context.programs.len() > 1 { partner.program_id.clone() } else { String::new() }
}
