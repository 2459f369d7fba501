//! Who is due what, and the batch that pays it.

use crate::action::use_action;
use crate::context::{Context, Step, use_console};
use crate::part::badge::badge;
use crate::part::choice::Tabs;
use crate::part::facts::figures;
use crate::part::form::{Ask, Form};
use crate::part::link::Link;
use crate::part::picks::{Picks, use_picks};
use crate::part::rows::partner_link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::{Polled, use_poll};
use crate::route::Route;
use crate::text::{key, plural, t};
use crate::words::payout as words;
use crate::{api, browser, date, format};
use goodword_wire::{DueList, DuePartner, PayoutBatch, PayoutBatchInput};
use std::rc::Rc;
use yew::prelude::*;

const COLUMNS: [Column; 6] = [
    text(key("Partner")),
    figure(key("Due")),
    figure(key("Commissions")),
    text(key("Earned")),
    text(key("Method")),
    text(key("State")),
];

/// How many rows of a preview are seen without scrolling; a region that scrolls must be reached by the keyboard.
const FIT: usize = 7;

/// What is due in the program chosen.
#[component]
pub fn Due() -> Html {
    let context = use_console();
    let unit = context.place.get("unit").unwrap_or_default().to_owned();
    let due = use_poll::<DueList>(context.mode(), path(&context, &unit));
    let units = UNITS.map(|(word, text)| (word, t(text).to_owned())).to_vec();
    html! {
        <>
            <Tabs label={t("In")} name="unit" usual="" options={units} />
            <InUnit key={unit} {due} />
        </>
    }
}

/// In what something may be due.
const UNITS: [(&str, &str); 3] =
    [("", key("Money")), ("credits", key("Credits of the product")), ("months", key("Free months"))];

fn path(context: &Context, unit: &str) -> String {
    let program = context.one_program_filter();
    let unit = if unit.is_empty() { String::new() } else { format!("&currency={unit}") };
    format!("/v1/payouts/due{}", format!("{program}{unit}").replacen('&', "?", 1))
}

/// What is due in one unit.
#[derive(Properties, PartialEq)]
struct InUnitProps {
    due: Polled<DueList>,
}

#[component]
fn InUnit(props: &InUnitProps) -> Html {
    let context = use_console();
    let due = props.due.clone();
    let (picks, begun) = (use_picks(), use_state_eq(|| false));
    let asked = use_state_eq(|| None::<Rc<Vec<DuePartner>>>);
    // Whoever can be paid is ticked at first; what somebody unticks stays so.
    use_effect_with(due.data.clone(), {
        let (picks, begun) = (picks.clone(), begun.clone());
        move |due| {
            if let Some(due) = due.as_ref().filter(|_| !*begun) {
                picks.set(payable(due));
                begun.set(true);
            }
        }
    });
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    shown(&due, 6, |due| {
        if due.partners.is_empty() {
            return nothing(&context);
        }
        html! {
            <>
                { figures([
                    (t("Ready to be paid"), format::money(due.amount, &due.currency)),
                    (t("Partners"), t!("{count} of {partners}", count = format::count(due.eligible), partners = due.partners.len())),
                    (t("Minimum payout"), format::money(due.minimum, &due.currency)),
                ]) }
                { bar(due, &picks, &asked) }
                { table(&context, due, &picks) }
                if let Some(partners) = (*asked).clone() {
                    <Preview due={due.clone()} {partners} {close} />
                }
            </>
        }
    })
}

fn payable(due: &DueList) -> Vec<String> {
    due.partners.iter().filter(|partner| partner.eligible).map(|partner| partner.partner.id.clone()).collect()
}

/// Who can be paid first, and of those and of the others the most first.
fn in_order(partners: &[DuePartner]) -> Vec<&DuePartner> {
    let mut all: Vec<_> = partners.iter().collect();
    all.sort_by_key(|partner| (!partner.eligible, -partner.amount));
    all
}

fn chosen(due: &DueList, picks: &Picks) -> Vec<DuePartner> {
    due.partners.iter().filter(|p| p.eligible && picks.has(&p.partner.id)).cloned().collect()
}

fn total(partners: &[DuePartner]) -> i64 {
    partners.iter().map(|partner| partner.amount).sum()
}

fn nothing(context: &Context) -> Html {
    html! {
        <Empty title={t("Nothing is due")}>
            <p>{ t("A commission is due once its hold has ended and it is in no payout yet.") }</p>
            <p><Link to={context.to(Route::Commissions).with("status", "pending")}>{ t("See what is still held") }</Link></p>
        </Empty>
    }
}

/// What is chosen, and the button that goes on with it.
fn bar(due: &Rc<DueList>, picks: &Picks, asked: &UseStateHandle<Option<Rc<Vec<DuePartner>>>>) -> Html {
    let partners = chosen(due, picks);
    let words = format!(
        "{} · {}",
        plural!("one={n} partner|{n} partners", count(&partners)),
        format::money(total(&partners), &due.currency)
    );
    let disabled = partners.is_empty();
    let onclick = {
        let (asked, partners) = (asked.clone(), Rc::new(partners));
        Callback::from(move |_: MouseEvent| asked.set(Some(partners.clone())))
    };
    html! {
        <div class="bulk" role="group" aria-label={t("The next batch")}>
            { picks.tick_all(payable(due), t("Everybody who can be paid")) }
            <span class="rest"><strong aria-live="polite">{ words }</strong>
                <button type="button" class="button primary" {disabled} {onclick}>{ t("Preview the batch") }</button></span>
        </div>
    }
}

fn count(partners: &[DuePartner]) -> i64 {
    i64::try_from(partners.len()).unwrap_or(i64::MAX)
}

fn table(context: &Context, due: &DueList, picks: &Picks) -> Html {
    html! {
        <Table caption={t("What partners are due")} columns={&COLUMNS[..]}>
            { for in_order(&due.partners).into_iter().map(|partner| {
                row(&partner.partner.id, &COLUMNS, cells(context, partner, &due.currency, picks))
            }) }
        </Table>
    }
}

fn cells(context: &Context, partner: &DuePartner, currency: &str, picks: &Picks) -> Vec<Html> {
    let tick = if partner.eligible {
        picks.tick(&partner.partner.id, &t!("Pay {name}", name = partner.partner.name))
    } else {
        html! { <input type="checkbox" class="box" disabled=true aria-label={t!("{name} is not paid", name = partner.partner.name)} /> }
    };
    let reason = partner.reason.as_deref();
    let (word, tone) = words::due(reason);
    vec![
        html! { <span class="pick">{ tick }{ partner_link(context, Some(&partner.partner)) }</span> },
        amount(partner, currency),
        html! { format::count(partner.commissions) },
        html! { period(&partner.period_start, &partner.period_end) },
        partner.method.as_deref().map_or_else(
            || html! { <span class="quiet none">{ "–" }</span> },
            |method| html! { words::method(method) },
        ),
        html! { <span title={words::due_help(reason)}>{ badge(&word, tone) }</span> },
    ]
}

/// What is due, with how it comes about where something is owed.
fn amount(partner: &DuePartner, currency: &str) -> Html {
    let due = format::money(partner.amount, currency);
    if partner.owed == 0 {
        return html! { due };
    }
    let earned = format::money(partner.earned, currency);
    let owed = format::money(partner.owed, currency);
    html! { <span class="two"><span>{ due }</span><small>{ t!("{earned} less {owed} owed", earned, owed) }</small></span> }
}

fn period(start: &str, end: &str) -> String {
    let (start, end) = (date::day(start), date::day(end));
    if start == end { start } else { format!("{start} – {end}") }
}

/// What a batch would hold.
#[derive(Properties, PartialEq)]
struct PreviewProps {
    due: Rc<DueList>,
    /// Those chosen when it was opened: what is shown is what is asked for.
    partners: Rc<Vec<DuePartner>>,
    close: Callback<()>,
}

#[component]
fn Preview(props: &PreviewProps) -> Html {
    let context = use_console();
    // One key for as long as the question is open: pressing twice, or again after a lost answer, makes one batch.
    let key = use_memo((), |()| browser::unique_key());
    let (mode, step, place) = (context.mode(), context.step.clone(), context.place.clone());
    let create = use_action(
        move |input: PayoutBatchInput| {
            let (step, place) = (step.clone(), place.clone());
            async move {
                let batch: PayoutBatch = api::write(mode, "POST", "/v1/payouts/batches", &input).await?;
                step.emit(Step { place: place.to(Route::Batch(batch.id)), replace: false });
                Ok(())
            }
        },
        Callback::noop(),
    );
    let run = {
        let (run, key) = (create.run.clone(), key.clone());
        let (program, partners) = (props.due.program_id.clone(), props.partners.clone());
        let currency = props.due.currency.clone();
        Callback::from(move |_: Form| {
            run.emit(PayoutBatchInput {
                program_id: Some(program.clone()),
                currency: Some(currency.clone()),
                partner_ids: Some(partners.iter().map(|due| due.partner.id.clone()).collect()),
                batch_key: Some((*key).clone()),
                ..PayoutBatchInput::default()
            });
        })
    };
    let sum = format::money(total(&props.partners), &props.due.currency);
    html! {
        <Ask title={plural!("one=A batch of {sum} to {n} partner?|A batch of {sum} to {n} partners?", count(&props.partners), sum)} verb={t("Create the batch")} wide={true} {run}
            progress={create.progress.clone()} close={props.close.clone()}>
            { by_method(&props.partners, &props.due.currency) }
            { listed(&props.partners, &props.due.currency) }
            <p class="note">{ t("This reserves the money. Nothing is paid yet: the batch is approved on its own page, and can be canceled there until then.") }</p>
        </Ask>
    }
}

/// What goes by which method.
fn by_method(partners: &[DuePartner], currency: &str) -> Html {
    let sums = sums_by_method(partners);
    html! {
        <ul class="sums">
            { for sums.into_iter().map(|(method, number, sum)| html! {
                <li key={method}><span>{ words::method(method) }<span class="quiet">{ format!(" · {number}") }</span></span>
                    <strong>{ format::money(sum, currency) }</strong></li>
            }) }
        </ul>
    }
}

/// Method, how many, how much; in the order of the methods.
fn sums_by_method(partners: &[DuePartner]) -> Vec<(&'static str, usize, i64)> {
    let sum = |method: &'static str| {
        let those: Vec<_> = partners.iter().filter(|p| p.method.as_deref() == Some(method)).collect();
        (method, those.len(), those.iter().map(|p| p.amount).sum::<i64>())
    };
    words::METHODS.into_iter().map(sum).filter(|(_, number, _)| *number > 0).collect()
}

fn listed(partners: &[DuePartner], currency: &str) -> Html {
    html! {
        <div class="scroll" tabindex={(partners.len() > FIT).then_some("0")} role="region" aria-label={t("Who is paid")}>
            <table class="numbers">
                <thead><tr><th scope="col">{ t("Partner") }</th><th scope="col" class="number">{ t("Amount") }</th></tr></thead>
                <tbody>
                    { for partners.iter().map(|due| html! {
                        <tr key={due.partner.id.clone()}><td>{ &due.partner.name }</td>
                            <td class="number">{ format::money(due.amount, currency) }</td></tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::PartnerRef;

    fn due(name: &str, amount: i64, method: Option<&str>) -> DuePartner {
        DuePartner {
            partner: PartnerRef { id: name.into(), name: name.into() },
            amount,
            earned: amount,
            owed: 0,
            commissions: 1,
            period_start: "2026-10-01T00:00:00.000Z".into(),
            period_end: "2026-10-31T00:00:00.000Z".into(),
            method: method.map(str::to_owned),
            eligible: method.is_some(),
            reason: method.is_none().then(|| "no_method".into()),
            missing: Vec::new(),
        }
    }

    #[test]
    fn a_preview_adds_up_by_method() {
        let partners =
            [due("a", 5_000, Some("sepa")), due("b", 7_001, Some("paypal")), due("c", 2, Some("sepa"))];
        assert_eq!(sums_by_method(&partners), [("paypal", 1, 7_001), ("sepa", 2, 5_002)]);
        assert_eq!(total(&partners), 12_003);
    }

    #[test]
    fn who_can_be_paid_comes_first() {
        let partners = [due("a", 9, None), due("b", 5, Some("wise")), due("c", 7, Some("wise"))];
        let names: Vec<_> = in_order(&partners).into_iter().map(|p| p.partner.name.as_str()).collect();
        assert_eq!(names, ["c", "b", "a"]);
    }

    #[test]
    fn only_who_is_eligible_is_ticked() {
        let list = DueList {
            program_id: String::new(),
            currency: "usd".into(),
            minimum: 0,
            amount: 5,
            eligible: 1,
            partners: vec![due("a", 5, Some("wise")), due("b", 7, None)],
        };
        assert_eq!(payable(&list), ["a"]);
        assert_eq!(
            period(&list.partners[0].period_start, &list.partners[0].period_end),
            "1 Oct 2026 – 31 Oct 2026"
        );
    }
}
