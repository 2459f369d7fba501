//! The payouts of a batch, and telling what became of them.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::form::{Ask, Form, note};
use crate::part::picks::{Picks, use_picks};
use crate::part::rows::partner_link;
use crate::part::state::shown;
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::encode;
use crate::text::{key, plural, t};
use crate::words::payout as words;
use crate::{date, format};
use goodword_wire::{MarkInput, Payout};
use yew::prelude::*;

const COLUMNS: [Column; 5] =
    [text(key("Partner")), figure(key("Amount")), text(key("Method")), text(key("State")), text(key("Note"))];

/// How many the server marks at once.
const MOST: usize = 1_000;

/// Of which batch.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
    pub currency: AttrValue,
}

/// The payouts with a tick each.
#[component]
pub fn Lines(props: &Props) -> Html {
    let context = use_console();
    let list = use_list::<Payout>(format!("/v1/payouts?batchId={}", encode(&props.id)));
    let (picks, asked) = (use_picks(), use_state_eq(|| None::<&'static str>));
    html! {
        <section aria-labelledby="lines-title">
            <h2 id="lines-title">{ t("Payouts") }</h2>
            { shown(&list.polled, 4, |data| html! {
                <>
                    { bar(&data.rows, &picks, &asked, &props.currency) }
                    <Table caption={t("Payouts of this batch")} columns={&COLUMNS[..]}>
                        { for data.rows.iter().map(|payout| row(&payout.id, &COLUMNS, cells(&context, payout, &picks))) }
                    </Table>
                    { load_more(data.more, list.growing, &list.more) }
                    { question(&data.rows, &picks, &asked, &props.currency) }
                </>
            }) }
        </section>
    }
}

/// Those of the rows that can be marked so.
fn fitting<'a>(rows: &'a [Payout], picks: &Picks, mark: &str) -> Vec<&'a Payout> {
    rows.iter()
        .filter(|payout| picks.has(&payout.id) && words::marks(&payout.status).contains(&mark))
        .collect()
}

/// What can have happened to any of them.
fn offered(rows: &[Payout]) -> Vec<&'static str> {
    let fits = |mark: &str| rows.iter().any(|row| words::marks(&row.status).contains(&mark));
    ["paid", "failed", "returned"].into_iter().filter(|mark| fits(mark)).collect()
}

fn total(payouts: &[&Payout]) -> i64 {
    payouts.iter().map(|payout| payout.amount).sum()
}

fn bar(rows: &[Payout], picks: &Picks, asked: &UseStateHandle<Option<&'static str>>, currency: &str) -> Html {
    let open: Vec<_> = rows.iter().filter(|row| !words::marks(&row.status).is_empty()).collect();
    if open.is_empty() {
        return Html::default();
    }
    let ticked: Vec<_> = open.iter().copied().filter(|payout| picks.has(&payout.id)).collect();
    let said =
        plural!("{n} chosen · {amount}", ticked.len(), amount = format::money(total(&ticked), currency));
    let to_pay = rows.iter().filter(|row| row.status == "processing").map(|row| row.id.clone()).collect();
    html! {
        <div class="bulk" role="group" aria-label={t("What became of them")}>
            { picks.tick_all(to_pay, t("All to be paid")) }
            <span class="rest"><strong aria-live="polite">{ said }</strong>
                { for offered(rows).into_iter().map(|mark| {
                    let asked = asked.clone();
                    let onclick = Callback::from(move |_: MouseEvent| asked.set(Some(mark)));
                    let class = classes!("button", (mark == "paid").then_some("primary"));
                    let disabled = fitting(rows, picks, mark).is_empty();
                    html! { <button key={mark} type="button" {class} {disabled} {onclick}>{ words::mark(mark).0 }</button> }
                }) }</span>
        </div>
    }
}

fn cells(context: &Context, payout: &Payout, picks: &Picks) -> Vec<Html> {
    let (word, tone) = words::payout(&payout.status);
    let tick = if words::marks(&payout.status).is_empty() {
        Html::default()
    } else {
        picks.tick(&payout.id, &t!("Choose the payout to {name}", name = payout.partner.name))
    };
    let ended = payout.paid_at.as_ref().filter(|_| payout.status == "completed").or(payout.ended_at.as_ref());
    vec![
        html! { <span class="pick">{ tick }{ partner_link(context, Some(&payout.partner)) }</span> },
        amount(payout),
        html! { words::method(&payout.method) },
        html! { <span class="state">{ badge(&word, tone) }
        if let Some(at) = ended { <small>{ date::day(at) }</small> }</span> },
        payout
            .note
            .clone()
            .map_or_else(|| html! { <span class="quiet none">{ "–" }</span> }, |note| html! { note }),
    ]
}

/// What goes out, with what was set off.
fn amount(payout: &Payout) -> Html {
    let sum = format::money(payout.amount, &payout.currency);
    if payout.netted == 0 {
        return html! { sum };
    }
    let netted = format::money(payout.netted, &payout.currency);
    html! { <span class="two"><span>{ sum }</span><small>{ t!("{netted} owed was set off", netted) }</small></span> }
}

fn question(
    rows: &[Payout],
    picks: &Picks,
    asked: &UseStateHandle<Option<&'static str>>,
    currency: &str,
) -> Html {
    let Some(mark) = **asked else { return Html::default() };
    let payouts = fitting(rows, picks, mark);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let done = {
        let (picks, close) = (picks.clone(), close.clone());
        Callback::from(move |()| {
            picks.set([]);
            close.emit(());
        })
    };
    let number = plural!("one={n} payout|{n} payouts", i64::try_from(payouts.len()).unwrap_or(i64::MAX));
    let words = format!("{number}, {}", format::money(total(&payouts), currency));
    let ids: Vec<_> = payouts.iter().map(|payout| payout.id.clone()).collect();
    html! { <Mark {mark} {ids} {words} {close} {done} /> }
}

/// What is to be marked, and how.
#[derive(Properties, PartialEq)]
struct MarkProps {
    mark: &'static str,
    ids: Vec<String>,
    /// How many, and how much, in words.
    words: String,
    close: Callback<()>,
    done: Callback<()>,
}

#[component]
fn Mark(props: &MarkProps) -> Html {
    let mode = use_console().mode();
    // Those that were there when it was asked: a row that comes meanwhile was not seen.
    let ids = use_memo((), |()| props.ids.clone());
    let save = use_action(
        move |(mark, ids, note): (&'static str, Vec<String>, Option<String>)| async move {
            for some in ids.chunks(MOST) {
                let input =
                    MarkInput { payouts: Some(some.to_vec()), status: Some(mark.into()), note: note.clone() };
                api::write::<Vec<Payout>>(mode, "POST", "/v1/payouts/mark", &input).await?;
            }
            Ok(())
        },
        props.done.clone(),
    );
    let run = {
        let (run, mark) = (save.run.clone(), props.mark);
        Callback::from(move |form: Form| run.emit((mark, (*ids).clone(), form.text("note"))))
    };
    let (verb, consequence) = words::mark(props.mark);
    html! {
        <Ask title={format!("{verb}: {}?", props.words)} {verb} danger={props.mark != "paid"} {run}
            progress={save.progress.clone()} close={props.close.clone()}>
            <p>{ consequence }</p>
            { note(t("Note, such as the number of the transfer (optional)"), false) }
        </Ask>
    }
}
