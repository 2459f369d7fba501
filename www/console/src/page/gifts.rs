//! What people who were referred are promised: what is to be given, the oldest of it last, and all the rest.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::date;
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::form::{Ask, Form, note};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::when;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, rich, t};
use crate::words::gift as words;
use goodword_wire::{Gift, GiftInput};
use yew::prelude::*;

const COLUMNS: [Column; 6] = [
    text(key("Who")),
    text(key("Gets")),
    text(key("Promised")),
    text(key("Due from")),
    text(key("State")),
    text(""),
];

/// The page.
#[component]
pub fn Gifts() -> Html {
    let context = use_console();
    let status = context.place.get("status").unwrap_or(words::STATES[0]).to_owned();
    let list = use_list::<Gift>(format!("/v1/gifts?status={}{}", encode(&status), context.program_filter()));
    let options = words::STATES.map(|word| (word, words::status(word).0));
    html! {
        <>
            <Head title={t("Gifts")} lead={t("What people who were referred are promised: held as long as the partner’s commission, and undone with it. Give what is to be given in your product, and say so here.")}>
                <ProgramChoice />
            </Head>
            <Tabs label={t("State")} name="status" usual={words::STATES[0]} options={options.to_vec()} />
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return nothing(&context, &status);
                }
                html! {
                    <>
                        <Table caption={t("Gifts")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|gift| row(&gift.id, &COLUMNS, cells(&context, gift))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn nothing(context: &Context, status: &str) -> Html {
    let mut rewards = context.programs.iter().flat_map(|program| &program.rewards);
    let promises = rewards.any(|reward| reward.referred.as_ref().is_some_and(|gift| gift.kind != "coupon"));
    match (promises, status) {
        (false, _) => html! {
            <Empty title={t("No program promises gifts")}>
                <p>{ rich!("A reward can promise credit, credits of your product or free months to whoever was referred: {docs}.",
                    docs = html! { <a href="/docs/program-referral">{ t("how people refer friends") }</a> }) }</p>
            </Empty>
        },
        (true, "due") => html! {
            <Empty title={t("Nothing is to be given")}><p>{ t("A gift is due once the partner’s commission is payable.") }</p></Empty>
        },
        (true, _) => {
            html! { <Empty title={t("None in this state")}><p>{ t("What becomes of gifts is kept here.") }</p></Empty> }
        }
    }
}

fn cells(context: &Context, gift: &Gift) -> Vec<Html> {
    let (word, tone) = words::status(&gift.status);
    let who = crate::page::sale::customer(gift.customer.as_ref());
    vec![
        html! {
            <Link to={context.to(Route::Commission(gift.id.clone()))}><span class="clip">{ who }</span></Link>
        },
        html! { words::gets(&gift.gift, &gift.currency) },
        when(context, &gift.created_at),
        html! { date::day(&gift.due_at) },
        html! {
            <span class="two">
                <span>{ badge(&word, tone) }</span>
                if let Some(given) = &gift.given_at { <small>{ said(given, gift) }</small> }
            </span>
        },
        if gift.status == "due" && context.may_pay() {
            html! { <Give gift={gift.clone()} /> }
        } else {
            html! { <span class="quiet none">{ "–" }</span> }
        },
    ]
}

/// When it was given, by whom, and what was said with it.
fn said(given: &str, gift: &Gift) -> String {
    let by = t!(
        "{time} by {who}",
        time = date::day(given),
        who = gift.given_by.as_deref().unwrap_or_else(|| t("unknown"))
    );
    [Some(by), gift.note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What is given.
#[derive(Properties, PartialEq)]
struct GiveProps {
    gift: Gift,
}

/// A button with its question.
#[component]
fn Give(props: &GiveProps) -> Html {
    let context = use_console();
    let mode = context.mode();
    let asked = use_state_eq(|| false);
    let set = |open: bool| {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(open))
    };
    let path = format!("/v1/gifts/{}/give", props.gift.id);
    let give = {
        let (close, refresh) = (set(false), context.refresh.clone());
        use_action(
            move |input: GiftInput| {
                let path = path.clone();
                async move { api::write::<Gift>(mode, "POST", &path, &input).await.map(|_| ()) }
            },
            Callback::from(move |()| {
                close.emit(());
                refresh.emit(());
            }),
        )
    };
    let name = t!(
        "{gift} for {person}",
        gift = words::gets(&props.gift.gift, &props.gift.currency),
        person = crate::page::sale::customer(props.gift.customer.as_ref())
    );
    html! {
        <>
            <button type="button" class="button" aria-label={t!("Say that it was given: {name}", name)}
                onclick={set(true).reform(|_: MouseEvent| ())}>{ t("Given…") }</button>
            if *asked {
                <Ask title={t!("Was it given: {name}?", name)} verb={t("It was given")}
                    run={give.run.reform(|form: Form| GiftInput { note: form.text("note") })}
                    progress={give.progress.clone()} close={set(false)}>
                    <p>{ t("Give it in your product first. This is written down once and not undone.") }</p>
                    { note(t("Note, such as its number in your product"), false) }
                </Ask>
            }
        </>
    }
}
