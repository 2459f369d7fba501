//! Points: redemptions that wait to be handed over, all others, and prizes.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::date;
use crate::format;
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::form::{Ask, Form, line, note};
use crate::part::head::Head;
use crate::part::rows::{partner_link, when};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::{use_list, use_poll};
use crate::route::encode;
use crate::text::{key, plural, rich, t};
use crate::words::{Tone, points as words};
use goodword_wire::{PrizePeriod, Redemption, RedemptionStepInput};
use yew::prelude::*;

const COLUMNS: [Column; 6] = [
    text(key("Article")),
    text(key("Partner")),
    figure(key("Points")),
    text(key("Asked for")),
    text(key("State")),
    text(""),
];
const PLACES: [Column; 4] =
    [figure(key("Place")), text(key("Partner")), figure(key("Earned")), figure(key("Prize"))];

/// The page.
#[component]
pub fn Points() -> Html {
    let context = use_console();
    let view = context.place.get("status").unwrap_or("requested").to_owned();
    let states =
        ["requested", "fulfilled", "refused", "canceled"].map(|word| (word, words::redemption(word).0));
    let mut options = states.to_vec();
    options.push(("prizes", t("Prizes").to_owned()));
    html! {
        <>
            <Head title={t("Points")} lead={t("Partners redeem points for what a program’s catalogue offers. Hand it over, or refuse it: then the points are back.")}>
                <ProgramChoice />
            </Head>
            <Tabs label={t("View")} name="status" usual="requested" {options} />
            if view == "prizes" { <Prizes /> } else { <Redemptions key={view.clone()} status={view.clone()} /> }
        </>
    }
}

/// In which state.
#[derive(Properties, PartialEq)]
struct ListProps {
    status: String,
}

#[component]
fn Redemptions(props: &ListProps) -> Html {
    let context = use_console();
    // What waits is done in the order in which it came.
    let order = if props.status == "requested" { "&sortOrder=asc" } else { "" };
    let path = format!("/v1/redemptions?status={}{order}{}", encode(&props.status), context.program_filter());
    let list = use_list::<Redemption>(path);
    shown(&list.polled, 5, |data| {
        if data.rows.is_empty() {
            return nothing(&context, &props.status);
        }
        html! {
            <>
                <Table caption={t("Redemptions")} columns={&COLUMNS[..]}>
                    { for data.rows.iter().map(|redemption| row(&redemption.id, &COLUMNS, cells(&context, redemption))) }
                </Table>
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

fn nothing(context: &Context, status: &str) -> Html {
    let offers = context.programs.iter().any(|program| !program.catalogue.is_empty());
    match (offers, status) {
        (false, _) => html! {
            <Empty title={t("No program has a catalogue")}>
                <p>{ rich!("Give a program a {table}, or make one of the template {template}: {docs}.",
                    table = html! { <code>{ "catalogue" }</code> },
                    template = html! { <code>{ "loyalty" }</code> },
                    docs = html! { <a href="/docs/points">{ t("how points work") }</a> }) }</p>
            </Empty>
        },
        (true, "requested") => html! {
            <Empty title={t("Nothing waits for you")}><p>{ t("Partners redeem points on their account page.") }</p></Empty>
        },
        (true, _) => {
            html! { <Empty title={t("None in this state")}><p>{ t("What becomes of redemptions is kept here.") }</p></Empty> }
        }
    }
}

fn cells(context: &Context, redemption: &Redemption) -> Vec<Html> {
    let (word, tone) = words::redemption(&redemption.status);
    let reference = redemption.reference.as_ref().map(|reference| html! { <small>{ reference }</small> });
    vec![
        html! {
            <span class="two">
                <span class="clip">{ &redemption.article.name }</span>
                { reference.unwrap_or_else(|| html! { <small>{ words::kind(&redemption.article.kind) }</small> }) }
            </span>
        },
        partner_link(context, Some(&redemption.partner)),
        html! { format::count(redemption.article.price) },
        when(context, &redemption.created_at),
        badge(&word, tone),
        if redemption.status == "requested" && context.may_pay() {
            html! { <Decide redemption={redemption.clone()} /> }
        } else {
            html! { <span class="quiet none">{ "–" }</span> }
        },
    ]
}

/// What is decided about.
#[derive(Properties, PartialEq)]
struct DecideProps {
    redemption: Redemption,
}

/// What is asked.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Fulfil,
    Refuse,
}

/// Two buttons, each with its question.
#[component]
fn Decide(props: &DecideProps) -> Html {
    let context = use_console();
    let mode = context.mode();
    let asked = use_state_eq(|| None::<Asked>);
    let set = |what: Option<Asked>| {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(what))
    };
    let path = format!("/v1/redemptions/{}/step", props.redemption.id);
    let step = {
        let (close, refresh) = (set(None), context.refresh.clone());
        use_action(
            move |input: RedemptionStepInput| {
                let path = path.clone();
                async move { api::write::<Redemption>(mode, "POST", &path, &input).await.map(|_| ()) }
            },
            Callback::from(move |()| {
                close.emit(());
                refresh.emit(());
            }),
        )
    };
    let run = |word: &'static str| {
        step.run.reform(move |form: Form| RedemptionStepInput {
            step: Some(word.to_owned()),
            reference: form.text("reference"),
            note: form.text("note"),
        })
    };
    let name = t!(
        "{article} for {partner}",
        article = props.redemption.article.name,
        partner = props.redemption.partner.name
    );
    let points = props.redemption.article.price;
    html! {
        <div class="controls">
            <button type="button" class="button" aria-label={t!("Hand over {name}", name)}
                onclick={set(Some(Asked::Fulfil)).reform(|_: MouseEvent| ())}>{ t("Hand over") }</button>
            <button type="button" class="button" aria-label={t!("Refuse {name}", name)}
                onclick={set(Some(Asked::Refuse)).reform(|_: MouseEvent| ())}>{ t("Refuse") }</button>
            if *asked == Some(Asked::Fulfil) {
                <Ask title={t!("Hand over {name}?", name)} verb={t("Hand over")} run={run("fulfil")}
                    progress={step.progress.clone()} close={set(None)}>
                    <p>{ t("What you say here is shown on the partner’s account page; the mail that tells of it holds no code.") }</p>
                    { line(t("Code, number or address"), "reference", "", "GIFT-2K9F-7QXA", false) }
                    { note(t("Note to the partner"), false) }
                </Ask>
            }
            if *asked == Some(Asked::Refuse) {
                <Ask title={t!("Refuse {name}?", name)} verb={t("Refuse")} danger=true run={run("refuse")}
                    progress={step.progress.clone()} close={set(None)}>
                    <p>{ plural!("The {n} points go back to where they came from.", points) }</p>
                    { note(t("Why, for the partner"), false) }
                </Ask>
            }
        </div>
    }
}

#[component]
fn Prizes() -> Html {
    let context = use_console();
    let filter = context.program_filter();
    let query = filter.strip_prefix('&').map_or_else(String::new, |filter| format!("?{filter}"));
    let prizes = use_poll::<Vec<PrizePeriod>>(context.mode(), format!("/v1/prizes{query}"));
    shown(&prizes, 5, |all| {
        if all.is_empty() {
            return html! {
                <Empty title={t("No program has prizes")}>
                    <p>{ rich!("Give a program {table}: {docs}.", table = html! { <code>{ "prizes" }</code> },
                        docs = html! { <a href="/docs/points">{ t("how prizes work") }</a> }) }</p>
                </Empty>
            };
        }
        html! { <>{ for all.iter().map(|period| prize(&context, period)) }</> }
    })
}

fn prize(context: &Context, period: &PrizePeriod) -> Html {
    let title = t!(
        "{name}, {from} to {to}",
        name = period.name,
        from = date::day(&period.starts_at),
        to = date::day(&period.ends_at)
    );
    let state = match &period.settled_at {
        Some(at) => badge(&t!("Given {date}", date = date::day(at)), Tone::Good),
        None => badge(t("As it stands"), Tone::Waiting),
    };
    html! {
        <section key={format!("{} {} {}", period.program_id, period.prize, period.starts_at)}>
            <h2>{ title.clone() }</h2>
            <p class="badges">{ state }</p>
            if period.places.is_empty() {
                <p class="quiet">{ t("Nobody has earned points in it.") }</p>
            } else {
                <Table caption={title} columns={&PLACES[..]}>
                    { for period.places.iter().map(|place| row(&place.partner.id, &PLACES, vec![
                        html! { format::count(place.rank) },
                        partner_link(context, Some(&place.partner)),
                        html! { format::count(place.points) },
                        html! { format::count(place.prize) },
                    ])) }
                </Table>
            }
        </section>
    }
}
