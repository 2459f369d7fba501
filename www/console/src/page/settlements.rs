//! Periods: how the current ones stand, what waits to be settled, and what was.

use crate::action::use_action;
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::form::{Ask, Form};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::{use_list, use_poll};
use crate::route::Route;
use crate::text::{key, rich, t};
use crate::words::Tone;
use crate::{api, date, format};
use goodword_wire::{Progress, Settlement, SettlementInput, SettlementLine};
use yew::prelude::*;

const CURRENT: [Column; 6] = [
    text(key("Partner")),
    text(key("Rule")),
    figure(key("Brought")),
    figure(key("Earned so far")),
    text(key("Next")),
    text(key("Ends")),
];
const LINES: [Column; 6] = [
    text(key("Partner")),
    text(key("Period")),
    figure(key("Brought")),
    figure(key("Earned")),
    figure(key("Posted")),
    figure(key("Into a fund")),
];

/// The page.
#[component]
pub fn Settlements() -> Html {
    let context = use_console();
    let tab = context.place.get("tab").unwrap_or("current").to_owned();
    let options =
        [("current", t("Current periods")), ("open", t("To be settled")), ("settled", t("Settled"))];
    let options = options.map(|(word, text)| (word, text.to_owned()));
    let any = context.programs.iter().any(|program| !program.settlements.is_empty());
    html! {
        <>
            <Head title={t("Settlements")} lead={t("What is paid for a whole period once it is over. What comes late corrects it in the next.")}>
                <ProgramChoice one=true />
            </Head>
            if any {
                <Tabs label={t("Periods")} name="tab" usual="current" options={options.to_vec()} />
                { match tab.as_str() {
                    "open" => html! { <Open /> },
                    "settled" => html! { <Settled /> },
                    _ => html! { <Current /> },
                } }
            } else {
                <Empty title={t("No program is settled by periods")}>
                    <p>{ rich!("Give a program {table}, or make one of a template such as {template}: {docs}.",
                        table = html! { <code>{ "settlements" }</code> },
                        template = html! { <code>{ "rebate" }</code> },
                        docs = html! { <a href="/docs/settlements">{ t("how settlements work") }</a> }) }</p>
                </Empty>
            }
        </>
    }
}

fn filter(context: &Context) -> String {
    context.program_shown().map_or_else(String::new, |id| format!("?programId={id}"))
}

#[component]
fn Current() -> Html {
    let context = use_console();
    let path = format!("/v1/settlements/progress{}", filter(&context));
    let progress = use_poll::<Vec<Progress>>(context.mode(), path);
    shown(&progress, 5, |all| {
        if all.is_empty() {
            return html! { <Empty title={t("Nothing brought yet")}><p>{ t("Whoever sells something in the current period stands here, with the distance to the next step.") }</p></Empty> };
        }
        html! {
            <Table caption={t("Current periods, by partner")} columns={&CURRENT[..]}>
                { for all.iter().map(|p| row(&format!("{} {}", p.partner.id, p.rule), &CURRENT, current(&context, p))) }
            </Table>
        }
    })
}

fn current(context: &Context, p: &Progress) -> Vec<Html> {
    let brought = if p.measure == "amount" {
        format::money(p.measured, &p.currency)
    } else {
        format::count(p.measured)
    };
    let target = p.target.map(
        |target| html! { <small>{ t!("of {amount}", amount = format::money(target, &p.currency)) }</small> },
    );
    let says = if p.says.is_empty() { "–" } else { p.says.as_str() };
    vec![
        partner_link(context, Some(&p.partner)),
        html! { &p.name },
        html! { <span class="two"><span>{ brought }</span>{ target }</span> },
        html! { format::money(p.earned, &p.currency) },
        html! { says },
        html! { <time datetime={p.ends_at.clone()} title={t!("Settled from {time} UTC", time = date::minute(&p.settles_at))}>{ date::day(&p.ends_at) }</time> },
    ]
}

#[component]
fn Open() -> Html {
    let context = use_console();
    let open =
        use_poll::<Vec<Settlement>>(context.mode(), format!("/v1/settlements/open{}", filter(&context)));
    shown(&open, 5, |all| {
        if all.is_empty() {
            return html! { <Empty title={t("No period waits")}><p>{ t("A period that is over stands here until its days of grace are over. Then it is settled by itself.") }</p></Empty> };
        }
        html! { <>{ for all.iter().map(|period| html! { <Waiting key={format!("{} {}", period.rule, period.starts_at)} period={period.clone()} /> }) }</> }
    })
}

/// A period that is over and not settled, with what settling it would post.
#[derive(Properties, PartialEq)]
struct WaitingProps {
    period: Settlement,
}

#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let context = use_console();
    let mode = context.mode();
    let asked = use_state_eq(|| false);
    let set = |open: bool| {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(open))
    };
    let period = props.period.clone();
    let input = SettlementInput {
        program_id: Some(period.program_id.clone()),
        rule: Some(period.rule.clone()),
        day: period.starts_at.get(..10).map(str::to_owned),
    };
    let settle = use_action(
        move |()| {
            let input = input.clone();
            async move { api::write::<Settlement>(mode, "POST", "/v1/settlements", &input).await.map(|_| ()) }
        },
        set(false),
    );
    let total = posts(&period);
    html! {
        <section>
            <h2>{ title(&period) }</h2>
            <p class="quiet">{ t!("Would post {total} now. Settled by itself from {time} UTC on.", total, time = date::minute(&period.settles_at)) }</p>
            { lines(&context, &period) }
            <div class="controls">
                <button type="button" class="button" onclick={set(true).reform(|_: MouseEvent| ())}>{ t("Settle now") }</button>
            </div>
            if *asked {
                <Ask title={t!("Settle {title}?", title = title(&period))} verb={t("Settle")} run={settle.run.reform(|_: Form| ())}
                    progress={settle.progress.clone()} close={set(false)}>
                    <p>{ t!("{total} are posted, and held like any commission. What is reported later for this period corrects the next one.", total) }</p>
                </Ask>
            }
        </section>
    }
}

#[component]
fn Settled() -> Html {
    let context = use_console();
    let list = use_list::<Settlement>(format!(
        "/v1/settlements{}",
        if filter(&context).is_empty() { "?".into() } else { filter(&context) }
    ));
    shown(&list.polled, 5, |data| {
        if data.rows.is_empty() {
            return html! { <Empty title={t("Nothing settled yet")}><p>{ t("Every period that was settled is kept here, with what corrected it.") }</p></Empty> };
        }
        html! {
            <>
                { for data.rows.iter().map(|period| html! {
                    <section key={period.id.clone()}>
                        <h2>{ title(period) }</h2>
                        <p class="quiet">{ settled(period) }</p>
                        { lines(&context, period) }
                    </section>
                }) }
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

/// What was posted, and when by whom.
fn settled(period: &Settlement) -> String {
    let sum = posts(period);
    match &period.settled_at {
        Some(at) => {
            let (date, by) = (date::day(at), crate::words::review::by(&period.by));
            t!("{sum} posted on {date} by {by}", sum, date, by)
        }
        None => t!("{sum} posted", sum),
    }
}

/// `$600.00`, and what goes into a fund.
fn posts(period: &Settlement) -> String {
    let money = |amount: i64| format::money(amount, &period.currency);
    match period.coop_total {
        0 => money(period.total),
        coop => t!("{total}, and {share} into a fund", total = money(period.total), share = money(coop)),
    }
}

/// `Quarterly volume, 1 Jan 2026 to 1 Apr 2026`.
fn title(period: &Settlement) -> String {
    t!(
        "{name}, {from} to {to}",
        name = period.name,
        from = date::day(&period.starts_at),
        to = date::day(&period.ends_at)
    )
}

fn lines(context: &Context, period: &Settlement) -> Html {
    if period.lines.is_empty() {
        return html! { <p>{ t("Nobody brought anything.") }</p> };
    }
    html! {
        <Table caption={title(period)} columns={&LINES[..]}>
            { for period.lines.iter().map(|line| {
                row(&format!("{} {}", line.partner.id, line.starts_at), &LINES, cells(context, period, line))
            }) }
        </Table>
    }
}

fn cells(context: &Context, period: &Settlement, line: &SettlementLine) -> Vec<Html> {
    let money = |amount: i64| format::money(amount, &period.currency);
    let of_amounts = context.program(Some(&period.program_id)).and_then(|program| {
        let rule = program.settlements.iter().find(|rule| rule.key == period.rule)?;
        let measure = rule.tiers.as_ref().and_then(|tiers| tiers.measure.as_deref());
        Some(rule.multiples.is_none() && measure.is_none_or(|measure| measure == "amount"))
    });
    let brought =
        if of_amounts.unwrap_or(true) { money(line.measured) } else { format::count(line.measured) };
    let posted = match &line.commission_id {
        Some(id) => {
            html! { <Link to={context.to(Route::Ledger).with("commission", id)}>{ money(line.amount) }</Link> }
        }
        None => html! { money(line.amount) },
    };
    vec![
        partner_link(context, Some(&line.partner)),
        html! {
            <span class="badges">{ date::day(&line.starts_at) }
                if line.corrects { { badge(t("Correction"), Tone::Waiting) } }</span>
        },
        html! { brought },
        html! { money(line.earned) },
        posted,
        if line.coop == 0 {
            html! { "–" }
        } else {
            html! { money(line.coop) }
        },
    ]
}
