//! The books: accounts, the proof that they balance, and the transfers of a commission.

mod budget;

use crate::context::{Context, use_console};
use crate::part::choice::ProgramChoice;
use crate::part::first::use_first;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::when;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::{use_list, use_poll};
use crate::route::{Route, encode};
use crate::text::{key, rich, t};
use crate::{format, words};
use goodword_wire::{Account, Ledger, Partner, Transfer};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

const ACCOUNTS: [Column; 5] = [
    text(key("Account")),
    text(key("Whose")),
    figure(key("Debits (out)")),
    figure(key("Credits (in)")),
    figure(key("Balance")),
];
const TRANSFERS: [Column; 5] =
    [text(key("When")), text(key("What")), text(key("From")), text(key("To")), figure(key("Amount"))];

/// The page.
#[component]
pub fn LedgerPage() -> Html {
    let context = use_console();
    let filter = context.program_filter();
    let ledger = use_poll::<Ledger>(context.mode(), format!("/v1/ledger{}", filter.replace('&', "?")));
    let partners = use_poll::<Vec<Partner>>(context.mode(), format!("/v1/partners?pageSize=100{filter}"));
    let partners = partners.data.unwrap_or_default();
    html! {
        <>
            <Head title={t("Ledger")} lead={t("Every amount moves from one account to another. Nothing is ever changed or deleted: a correction is one more transfer.")}>
                <ProgramChoice />
            </Head>
            { shown(&ledger, 6, |ledger| html! {
                <>
                    { proof(ledger) }
                    if cause(&context).is_some() {
                        <Transfers ledger={ledger.clone()} partners={partners.clone()} />
                        <Accounts ledger={ledger.clone()} partners={partners.clone()} />
                    } else {
                        <budget::BudgetPart />
                        <Accounts ledger={ledger.clone()} partners={partners.clone()} />
                        <Transfers ledger={ledger.clone()} partners={partners.clone()} />
                    }
                </>
            }) }
        </>
    }
}

/// What the transfers are to be of: a commission, or whatever else caused some.
fn cause(context: &Context) -> Option<&str> {
    context.place.get("commission").or_else(|| context.place.get("cause"))
}

/// The proof for every currency: one that balances cannot make up for another that does not.
fn proof(ledger: &Ledger) -> Html {
    html! {
        { for sums(ledger).into_iter().map(|(currency, (debits, credits))| {
            let balanced = debits == credits;
            let class = classes!("proof", if balanced { "good" } else { "bad" });
            html! {
                <p key={currency.to_owned()} {class} role={(!balanced).then_some("alert")}>
                    <span>{ rich!("Debits {amount}", amount = html! { <strong>{ format::money(debits, currency) }</strong> }) }</span>
                    <span class="sign">{ if balanced { "=" } else { "≠" } }</span>
                    <span>{ rich!("Credits {amount}", amount = html! { <strong>{ format::money(credits, currency) }</strong> }) }</span>
                    <span class="quiet">{ if balanced { t("The books balance.") } else { t("The books do not balance. Stop paying out and ask for help.") } }</span>
                </p>
            }
        }) }
    }
}

/// Debits and credits of each currency, minor units.
fn sums(ledger: &Ledger) -> BTreeMap<&str, (i64, i64)> {
    ledger.accounts.iter().fold(BTreeMap::new(), |mut sums, account| {
        let (debits, credits) = sums.entry(account.currency.as_str()).or_default();
        *debits += account.debits;
        *credits += account.credits;
        sums
    })
}

/// Every account with its balances: each partner has a few.
#[component]
fn Accounts(props: &TransfersProps) -> Html {
    let context = use_console();
    let first = use_first();
    let accounts = &props.ledger.accounts;
    html! {
        <section aria-labelledby="accounts-title">
            <h2 id="accounts-title">{ t("Accounts") }</h2>
            { account_table(&context, first.of(accounts), &props.partners) }
            { first.more(accounts.len()) }
        </section>
    }
}

fn account_table(context: &Context, accounts: &[Account], partners: &[Partner]) -> Html {
    if accounts.is_empty() {
        return html! {
            <Empty title={t("No account yet")}><p>{ t("Accounts open by themselves with the first commission.") }</p></Empty>
        };
    }
    html! {
        <Table caption={t("Accounts and their balances")} columns={&ACCOUNTS[..]}>
            { for accounts.iter().map(|account| row(&account.id, &ACCOUNTS, vec![
                html! { words::account(&account.kind) },
                whose(context, account, partners),
                html! { format::money(account.debits, &account.currency) },
                html! { format::money(account.credits, &account.currency) },
                html! { <strong>{ format::money(account.balance, &account.currency) }</strong> },
            ])) }
        </Table>
    }
}

fn whose(context: &Context, account: &Account, partners: &[Partner]) -> Html {
    match &account.partner_id {
        Some(id) => html! {
            <Link to={context.to(Route::Partner(id.clone()))}>{ name(id, partners) }</Link>
        },
        None => {
            html! { context.program(Some(&account.program_id)).map_or(t("The program"), |program| program.name.as_str()) }
        }
    }
}

fn name<'a>(id: &'a str, partners: &'a [Partner]) -> &'a str {
    partners.iter().find(|partner| partner.id == id).map_or(id, |partner| partner.name.as_str())
}

/// What is needed to name an account.
#[derive(Properties, PartialEq)]
struct TransfersProps {
    ledger: Rc<Ledger>,
    partners: Rc<Vec<Partner>>,
}

#[component]
fn Transfers(props: &TransfersProps) -> Html {
    let context = use_console();
    let cause = cause(&context).map(str::to_owned);
    let of_one = cause.as_ref().map_or_else(String::new, |id| format!("&cause={}", encode(id)));
    let path = format!("/v1/ledger/transfers?{}{of_one}", context.program_filter()).replace("?&", "?");
    let list = use_list::<Transfer>(path);
    html! {
        <section aria-labelledby="transfers-title">
            <h2 id="transfers-title">{ of_what(cause.as_deref()) }</h2>
            if let Some(id) = &cause {
                <p class="badges"><code>{ id }</code>
                    <Link class="button small" to={context.place.with("commission", "").with("cause", "")}>{ t("Show all") }</Link></p>
            }
            { shown(&list.polled, 3, |data| html! {
                <>
                    { transfers(&context, &data.rows, props) }
                    { load_more(data.more, list.growing, &list.more) }
                </>
            }) }
        </section>
    }
}

fn of_what(cause: Option<&str>) -> &'static str {
    match cause.map(|id| id.split('_').next().unwrap_or_default()) {
        None => t("Latest transfers"),
        Some("com") => t("Transfers of one commission"),
        Some("po") => t("Transfers of one payout"),
        Some("bud") => t("Transfer of a change of the budget"),
        Some(_) => t("Transfers of one cause"),
    }
}

fn transfers(context: &Context, transfers: &[Transfer], props: &TransfersProps) -> Html {
    if transfers.is_empty() {
        return html! {
            <Empty title={t("No transfer yet")}><p>{ t("A commission’s first transfer moves it from the program’s expense to what is held for the partner.") }</p></Empty>
        };
    }
    let named = |id: &str| account_name(id, &props.ledger, &props.partners);
    html! {
        <Table caption={t("Transfers, newest first")} columns={&TRANSFERS[..]}>
            { for transfers.iter().map(|transfer| row(&transfer.id, &TRANSFERS, vec![
                when(context, &transfer.at),
                caused(context, transfer),
                html! { named(&transfer.debit_account) },
                html! { named(&transfer.credit_account) },
                html! { format::money(transfer.amount, &transfer.currency) },
            ])) }
        </Table>
    }
}

/// Why it moved; with the way to all that moved for the same cause.
fn caused(context: &Context, transfer: &Transfer) -> Html {
    let words = words::transfer(&transfer.kind);
    let to = context.place.with("commission", "").with("cause", &transfer.cause);
    html! { <Link {to}>{ words }</Link> }
}

fn account_name(id: &str, ledger: &Ledger, partners: &[Partner]) -> String {
    let Some(account) = ledger.accounts.iter().find(|account| account.id == id) else { return id.to_owned() };
    let kind = words::account(&account.kind);
    account
        .partner_id
        .as_deref()
        .map_or_else(|| kind.clone(), |partner| format!("{kind} · {}", name(partner, partners)))
}

#[cfg(test)]
mod tests {
    use super::{of_what, sums};
    use goodword_wire::{Account, Ledger};

    #[test]
    fn each_currency_balances_by_itself() {
        let account = |currency: &str, debits, credits| Account {
            id: String::new(),
            kind: "held".into(),
            partner_id: None,
            program_id: String::new(),
            currency: currency.into(),
            credits,
            debits,
            balance: credits - debits,
        };
        let accounts = vec![account("usd", 5, 0), account("usd", 2, 7), account("points", 1, 1)];
        let ledger = Ledger { accounts, total_debits: 8, total_credits: 8 };
        let sums = sums(&ledger);
        assert_eq!((sums["usd"], sums["points"]), ((7, 7), (1, 1)));
    }

    #[test]
    fn transfers_are_named_by_what_caused_them() {
        assert_eq!(of_what(None), "Latest transfers");
        assert_eq!(of_what(Some("po_1")), "Transfers of one payout");
        assert_eq!(of_what(Some("bud_1")), "Transfer of a change of the budget");
    }
}
