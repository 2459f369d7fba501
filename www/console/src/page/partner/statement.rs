//! What a partner's accounts hold, and what moved in them in a month.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::part::link::Link;
use crate::part::state::{Empty, refused, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::{Polled, use_poll};
use crate::route::{Route, encode};
use crate::text::{key, t};
use crate::words::{self, payout};
use crate::{date, format};
use goodword_wire::{CurrencyStatement, Partner, Statement, StatementBalances, StatementLine};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// As far back as one can choose.
const MOST_MONTHS: usize = 60;

const LINES: [Column; 4] =
    [text(key("When")), text(key("What")), figure(key("Amount")), figure(key("Payable after it"))];

/// Whose.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub partner: Rc<Partner>,
}

fn path(partner: &Partner, month: &str) -> String {
    let (id, program) = (encode(&partner.id), encode(&partner.program_id));
    format!("/v1/partners/{id}/statements?month={}&programId={program}", encode(month))
}

#[hook]
fn use_statement(partner: &Partner, month: &str) -> Polled<Statement> {
    let mode = use_console().mode();
    use_poll::<Statement>(mode, path(partner, month))
}

/// What the accounts hold now.
#[component]
pub fn Balance(props: &Props) -> Html {
    let context = use_console();
    let month = date::months(context.now, "", 1).swap_remove(0);
    let statement = use_statement(&props.partner, &month);
    let Some(statement) = statement.data.filter(|statement| !statement.currencies.is_empty()) else {
        return Html::default();
    };
    html! {
        <section aria-labelledby="balance-title">
            <h2 id="balance-title">{ t("Balance") }</h2>
            { for statement.currencies.iter().map(|part| html! {
                <dl key={part.currency.clone()} class="figures">
                    { for balances(&part.closing).into_iter().map(|(title, minor)| html! {
                        <div key={title}><dt>{ title }</dt><dd>{ format::money(minor, &part.currency) }</dd></div>
                    }) }
                </dl>
            }) }
        </section>
    }
}

/// What there is always, and what there is only sometimes.
fn balances(held: &StatementBalances) -> Vec<(&'static str, i64)> {
    let mut all = vec![(t("Held"), held.held), (t("Payable"), held.payable)];
    let sometimes = [(t("On its way"), held.sent), (t("Owed to you"), -held.clawback)];
    all.extend(sometimes.into_iter().filter(|(_, minor)| *minor != 0));
    all.push((t("Paid, ever"), held.paid));
    all
}

/// The statement of a month one chooses.
#[component]
pub fn Statements(props: &Props) -> Html {
    let context = use_console();
    let partner = &props.partner;
    let months = date::months(context.now, &partner.created_at, MOST_MONTHS);
    let chosen = context.place.get("month").filter(|month| months.iter().any(|known| known == month));
    let chosen = chosen.map_or_else(|| months[0].clone(), str::to_owned);
    let statement = use_statement(partner, &chosen);
    let onchange = {
        let context = context.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            context.choose("month", &select.value());
        })
    };
    html! {
        <section aria-labelledby="statement-title">
            <div class="head-row">
                <h2 id="statement-title">{ t!("Statement of {month}", month = date::month(&chosen)) }</h2>
                <div class="controls">
                    <label class="field inline"><span class="hidden">{ t("Month") }</span>
                        <select {onchange}>
                            { for months.iter().map(|month| html! {
                                <option key={month.clone()} value={month.clone()} selected={*month == chosen}>{ date::month(month) }</option>
                            }) }
                        </select></label>
                    <Download path={path(partner, &chosen)} />
                </div>
            </div>
            { shown(&statement, 4, |statement| view(&context, statement)) }
        </section>
    }
}

/// Of what.
#[derive(Properties, PartialEq)]
struct DownloadProps {
    path: String,
}

#[component]
fn Download(props: &DownloadProps) -> Html {
    let mode = use_console().mode();
    let path = props.path.clone();
    let fetch = use_action(
        move |format: &'static str| {
            let path = format!("{path}&format={format}");
            async move { api::download(mode, &path).await }
        },
        Callback::noop(),
    );
    let button = |format: &'static str, text: &'static str| {
        let onclick = fetch.run.reform(move |_: MouseEvent| format);
        html! { <button type="button" class="button" disabled={fetch.progress.busy} {onclick}>{ text }</button> }
    };
    html! {
        <>
            { button("csv", t("Download CSV")) }
            { button("html", t("Download to print")) }
            { refused(fetch.progress.failure.as_ref()) }
        </>
    }
}

fn view(context: &Context, statement: &Statement) -> Html {
    if statement.currencies.is_empty() {
        return html! { <Empty title={t("Nothing in this month")}><p>{ t("Nothing was held, and nothing moved.") }</p></Empty> };
    }
    html! { { for statement.currencies.iter().map(|part| currency(context, part)) } }
}

fn currency(context: &Context, part: &CurrencyStatement) -> Html {
    let unit = if part.currency.len() > 3 {
        crate::words::plain(&part.currency)
    } else {
        part.currency.to_ascii_uppercase()
    };
    html! {
        <div key={part.currency.clone()} class="stack">
            { held(&part.opening, &part.currency, t("When it began")) }
            if part.lines.is_empty() {
                <p class="quiet">{ t("Nothing moved in this month.") }</p>
            } else {
                <Table caption={t!("What moved, {unit}", unit)} columns={&LINES[..]}>
                    { for part.lines.iter().map(|line| row(&line.transfer_id, &LINES, cells(context, line, &part.currency))) }
                </Table>
            }
            { held(&part.closing, &part.currency, t("When it ends")) }
        </div>
    }
}

fn held(balances_of: &StatementBalances, currency: &str, title: &str) -> Html {
    let told: Vec<_> = balances(balances_of)
        .into_iter()
        .map(|(name, minor)| format!("{} {}", name.to_lowercase(), format::money(minor, currency)))
        .collect();
    html! { <p><strong>{ title }</strong><span class="quiet">{ ": " }{ told.join(" · ") }</span></p> }
}

fn cells(context: &Context, line: &StatementLine, currency: &str) -> Vec<Html> {
    let to = context.to(Route::Ledger).with("cause", &line.cause);
    let way = way(line.from.as_deref(), line.to.as_deref());
    vec![
        html! { <time datetime={line.at.clone()}>{ date::minute(&line.at) }</time> },
        html! { <span class="two"><span><Link {to}>{ payout::movement(&line.what) }</Link></span><small>{ way }</small></span> },
        html! { format::money(line.amount, currency) },
        html! { format::money(line.balances.payable, currency) },
    ]
}

/// `Held → Payable`; the program where it is none of the partner's accounts.
fn way(from: Option<&str>, to: Option<&str>) -> String {
    let name = |account: Option<&str>| account.map_or_else(|| t("The program").to_owned(), words::account);
    format!("{} → {}", name(from), name(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debt_is_told_only_where_there_is_one() {
        let none = StatementBalances { held: 5, payable: 10, paid: 20, ..StatementBalances::default() };
        assert_eq!(balances(&none), [("Held", 5), ("Payable", 10), ("Paid, ever", 20)]);
        let owing = StatementBalances { clawback: -7, ..none };
        assert!(balances(&owing).contains(&("Owed to you", 7)));
        assert_eq!(way(None, Some("held")), "The program → Held");
    }
}
