//! One partner: links, figures, commissions and events.

pub mod decision;
mod group;
pub mod message;
mod notes;
mod paid;
mod payee;
mod points;
mod seen;
mod statement;
mod tax;

use crate::context::{Context, use_console};
use crate::page::commissions::bonus::Bonus;
use crate::page::partner::decision::Decide;
use crate::part::choice::Tabs;
use crate::part::copy::Copy;
use crate::part::head::Head;
use crate::part::rows;
use crate::part::state::{Empty, shown};
use crate::part::table::load_more;
use crate::part::{badge, table};
use crate::poll::{use_list, use_poll};
use crate::route::{Route, encode};
use crate::text::{key, t};
use crate::{date, format, words};
use goodword_wire::{Commission, Event, Link as PartnerLink, Partner};
use std::rc::Rc;
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn PartnerPage(props: &Props) -> Html {
    let context = use_console();
    let filter = context.program_filter().replace('&', "?");
    let path = format!("/v1/partners/{}{filter}", encode(&props.id));
    let partner = use_poll::<Partner>(context.mode(), path);
    let title = partner.data.as_ref().map_or_else(|| t("Partner").to_owned(), |partner| partner.name.clone());
    let back = (context.to(Route::Partners), t("Partners"));
    let tab = context.place.get("tab").unwrap_or_default().to_owned();
    let tabs = [
        ("", t("Commissions")),
        ("payouts", t("Payouts")),
        ("points", t("Points")),
        ("statement", t("Statement")),
        ("sale", t("Sales")),
        ("lead", t("Leads")),
        ("click", t("Clicks")),
        ("notes", t("Notes")),
    ];
    html! {
        <>
            <Head {title} {back}>
                if let Some(partner) = &partner.data {
                    if partner.status == "approved" {
                        <Bonus partner={(partner.id.clone(), partner.name.clone())} program={partner.program_id.clone()} />
                    }
                    if context.may_manage() {
                        <Write partner={partner.clone()} />
                        <seen::SeenAs partner={(**partner).clone()} />
                    }
                    <Decide partner={(**partner).clone()} />
                }
            </Head>
            { shown(&partner, 6, |partner| view(&context, partner)) }
            <Tabs label={t("What came of it")} name="tab" options={tabs.map(|(word, text)| (word, text.to_owned())).to_vec()} />
            { tabbed(&props.id, &tab, partner.data.as_ref()) }
        </>
    }
}

fn tabbed(id: &AttrValue, tab: &str, partner: Option<&Rc<Partner>>) -> Html {
    match (tab, partner) {
        ("", _) => html! { <Earned id={id.clone()} /> },
        ("notes", _) => html! { <notes::Notes id={id.clone()} /> },
        ("points", Some(partner)) => html! { <points::Points partner={partner.clone()} /> },
        ("payouts", _) => {
            html! { <><payee::Payee id={id.clone()} /><tax::Tax id={id.clone()} /><paid::Paid id={id.clone()} /></> }
        }
        ("statement", Some(partner)) => html! { <statement::Statements partner={partner.clone()} /> },
        ("points" | "statement", None) => Html::default(),
        (kind, _) => html! { <Happened key={kind.to_owned()} id={id.clone()} kind={kind.to_owned()} /> },
    }
}

fn view(context: &Context, partner: &Rc<Partner>) -> Html {
    let currency = context.currency(Some(&partner.program_id));
    let figures = [
        (t("Clicks"), format::count(partner.total_clicks)),
        (t("Leads"), format::count(partner.total_leads)),
        (t("Sales"), format::count(partner.total_sales)),
        (t("Revenue"), format::money(partner.total_sale_amount, &currency)),
        (t("Commissions"), format::money(partner.total_commissions, &currency)),
    ];
    let proven = if partner.email_proven {
        t("address proven")
    } else {
        t("address not proven yet: earnings are hidden from this partner")
    };
    html! {
        <>
            <div class="about">
            <p class="badges">{ badge::partner(&partner.status) }<span class="quiet">{ words::partner_reason(&partner.reason) }</span></p>
            <p>{ &partner.email }<span class="quiet">{ " · " }{ t!("{proven} · joined {date}", proven, date = date::day(&partner.created_at)) }</span></p>
            <group::GroupChoice partner={(**partner).clone()} />
            </div>
            { signals(context, partner) }
            <dl class="figures">
                { for figures.into_iter().map(|(title, value)| html! { <div key={title}><dt>{ title }</dt><dd>{ value }</dd></div> }) }
            </dl>
            <statement::Balance partner={partner.clone()} />
            { answers(partner) }
            <section aria-labelledby="links-title">
                <h2 id="links-title">{ t("Links") }</h2>
                { links(&partner.links) }
            </section>
        </>
    }
}

/// What speaks against somebody who waits for a decision.
fn signals(context: &Context, partner: &Partner) -> Html {
    if partner.signals.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby="signals-title">
            <h2 id="signals-title">{ t("Before you decide") }</h2>
            { for partner.signals.iter().map(|signal| html! {
                <p key={signal.rule.clone()} class="note waiting">
                    <strong>{ words::plain(&signal.rule) }</strong>{ ": " }{ words::applicant_signal(&signal.rule) }
                    { for signal.partners.iter().enumerate().map(|(place, other)| html! {
                        <>{ if place == 0 { " " } else { ", " } }{ rows::partner_link(context, Some(other)) }</>
                    }) }
                </p>
            }) }
        </section>
    }
}

/// To whom.
#[derive(Properties, PartialEq)]
struct WriteProps {
    partner: Rc<Partner>,
}

/// A button that opens a mail to the partner.
#[component]
fn Write(props: &WriteProps) -> Html {
    let open = use_state_eq(|| false);
    let show = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <>
            <button type="button" class="button" onclick={show}>{ t("Write") }</button>
            if *open {
                <message::Message partners={Rc::new(vec![(*props.partner).clone()])} close={close.clone()} done={close} />
            }
        </>
    }
}

/// What the partner answered when joining, by the ids of the questions.
fn answers(partner: &Partner) -> Html {
    if partner.answers.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby="answers-title">
            <h2 id="answers-title">{ t("Answers") }</h2>
            <dl class="facts">
                { for partner.answers.iter().map(|(id, text)| html! { <div key={id.clone()}><dt>{ id }</dt><dd>{ text }</dd></div> }) }
            </dl>
        </section>
    }
}

const LINKS: [table::Column; 4] = [
    table::text(key("Code")),
    table::text(key("Short link")),
    table::text(key("Leads to")),
    table::text(key("Made")),
];

fn links(links: &[PartnerLink]) -> Html {
    if links.is_empty() {
        return html! { <p class="quiet">{ t("This partner has no link.") }</p> };
    }
    html! {
        <table::Table caption={t("Links of this partner")} columns={&LINKS[..]}>
            { for links.iter().map(|link| table::row(&link.id, &LINKS, vec![
                html! { <strong>{ &link.code }</strong> },
                html! { <Copy text={link.short_link.clone()} what={t("the short link")} /> },
                html! { <span class="clip">{ &link.url }</span> },
                html! { date::day(&link.created_at) },
            ])) }
        </table::Table>
    }
}

#[component]
fn Earned(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/commissions?partnerId={}{}", encode(&props.id), context.program_filter());
    let list = use_list::<Commission>(path);
    shown(&list.polled, 4, |data| {
        if data.rows.is_empty() {
            return html! {
                <Empty title={t("No commission yet")}>
                    <p>{ t("It appears here with the first sign-up or sale that is credited to this partner and rewarded.") }</p>
                </Empty>
            };
        }
        html! {
            <>
                <rows::Commissions caption={t("Commissions of this partner, newest first")}
                    commissions={Rc::new(data.rows.clone())} of_one_partner={true} />
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

/// Which events of whom.
#[derive(Properties, PartialEq)]
struct HappenedProps {
    id: AttrValue,
    kind: AttrValue,
}

#[component]
fn Happened(props: &HappenedProps) -> Html {
    let context = use_console();
    let (kind, id) = (encode(&props.kind), encode(&props.id));
    let list =
        use_list::<Event>(format!("/v1/events?event={kind}&partnerId={id}{}", context.program_filter()));
    shown(&list.polled, 4, |data| {
        if data.rows.is_empty() {
            return html! {
                <Empty title={t!("No {kind} yet", kind = props.kind)}>
                    <p>{ t("Ask the partner to share the link: what comes of it appears here within two seconds.") }</p>
                </Empty>
            };
        }
        html! {
            <>
                <rows::Events caption={t("Events of this partner, newest first")} events={Rc::new(data.rows.clone())}
                    clicks_only={props.kind == "click"} leads_only={props.kind == "lead"} />
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}
