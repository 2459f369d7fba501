//! What is owed, to whom, and from when on.

pub mod bonus;
pub mod bulk;
pub mod cancel;

use crate::context::{Context, use_console};
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::head::Head;
use crate::part::picks::use_picks;
use crate::part::rows;
use crate::part::state::{Empty, shown};
use crate::part::table::load_more;
use crate::poll::{use_list, use_poll};
use crate::text::t;
use crate::{format, words};
use goodword_wire::{Commission, Ledger};
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn Commissions() -> Html {
    let context = use_console();
    let status = context
        .place
        .get("status")
        .map_or(String::new(), |word| format!("&status={}", crate::route::encode(word)));
    let list = use_list::<Commission>(
        format!("/v1/commissions?{}{status}", context.program_filter()).replace("?&", "?"),
    );
    let path = format!("/v1/ledger{}", context.program_filter().replace('&', "?"));
    let ledger = use_poll::<Ledger>(context.mode(), path);
    let picks = use_picks();
    let options = ["", "pending", "processed", "paid", "hold", "needs_rate", "refunded", "canceled", "fraud"]
        .map(|word| (word, words::status_filter(word)));
    html! {
        <>
            <Head title={t("Commissions")} lead={t("Each is held first, then payable, then paid.")}><ProgramChoice /><bonus::Bonus /></Head>
            { ledger.data.as_ref().map(|ledger| totals(ledger)) }
            <Tabs label={t("State")} name="status" options={options.to_vec()} />
            { shown(&list.polled, 8, |data| {
                if data.rows.is_empty() {
                    return nothing(&context);
                }
                html! {
                    <>
                        if context.may_pay() { <bulk::Bar rows={Rc::new(data.rows.clone())} picks={picks.clone()} /> }
                        <rows::Commissions caption={t("Commissions, newest first")} commissions={Rc::new(data.rows.clone())}
                            picks={context.may_pay().then(|| picks.clone())} />
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

/// From the ledger, so that they are the books and not a second opinion.
fn totals(ledger: &Ledger) -> Html {
    let mut currencies: Vec<&str> = ledger.accounts.iter().map(|account| account.currency.as_str()).collect();
    currencies.sort_unstable_by_key(|currency| (currency.len() > 3, *currency));
    currencies.dedup();
    html! {
        { for currencies.into_iter().map(|currency| html! {
            <dl class="figures" key={currency}>
                { for figures(ledger, currency).into_iter().map(|(title, minor)| html! {
                    <div key={title}><dt>{ title }</dt><dd>{ format::money(minor, currency) }</dd></div>
                }) }
            </dl>
        }) }
    }
}

/// What commissions come to by where they are; of what is not usual, only what there is.
fn figures(ledger: &Ledger, currency: &str) -> Vec<(&'static str, i64)> {
    let kinds = [
        ("held", t("Held"), true),
        ("payable", t("Payable"), true),
        ("sent", t("On its way"), false),
        ("paid", t("Paid"), true),
    ];
    let all = kinds.map(|(kind, title, usual)| (title, balance(ledger, kind, currency), usual));
    let owed = (t("Owed by partners"), -balance(ledger, "clawback", currency), false);
    let shown = all.into_iter().chain([owed]).filter(|(_, minor, usual)| *usual || *minor != 0);
    shown.map(|(title, minor, _)| (title, minor)).collect()
}

fn balance(ledger: &Ledger, kind: &str, currency: &str) -> i64 {
    let those = ledger.accounts.iter().filter(|account| account.kind == kind && account.currency == currency);
    those.map(|account| account.balance).sum()
}

fn nothing(context: &Context) -> Html {
    if context.place.get("status").is_some() {
        return html! { <Empty title={t("None in this state")}><p>{ t("Choose “All” to see every commission.") }</p></Empty> };
    }
    html! {
        <Empty title={t("No commission yet")}>
            <p>{ t("The first credited sale makes the first commission; it is held for as long as the program says.") }</p>
            <p>{ t("In test mode you can report a sale and move the clock to see the hold end.") }</p>
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::Account;

    fn account(kind: &str, currency: &str, balance: i64) -> Account {
        Account {
            id: String::new(),
            kind: kind.into(),
            partner_id: None,
            program_id: String::new(),
            currency: currency.into(),
            credits: 0,
            debits: 0,
            balance,
        }
    }

    #[test]
    fn totals_never_mix_currencies() {
        let accounts =
            vec![account("held", "usd", 5), account("held", "usd", 7), account("held", "eur", 100)];
        let ledger = Ledger { accounts, total_debits: 0, total_credits: 0 };
        assert_eq!(balance(&ledger, "held", "usd"), 12);
        assert_eq!(balance(&ledger, "paid", "usd"), 0);
        assert_eq!(figures(&ledger, "usd"), [("Held", 12), ("Payable", 0), ("Paid", 0)]);
    }

    #[test]
    fn what_partners_owe_is_told_as_a_debt() {
        let accounts = vec![account("clawback", "usd", -300), account("sent", "usd", 50)];
        let ledger = Ledger { accounts, total_debits: 0, total_credits: 0 };
        let told = figures(&ledger, "usd");
        assert_eq!(told.last(), Some(&("Owed by partners", 300)));
        assert!(told.contains(&("On its way", 50)));
    }
}
