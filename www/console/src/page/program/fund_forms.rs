//! A program's funds, each with a form.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::use_console;
use crate::format;
use crate::part::form::{Ask, Field, Form, line};
use crate::route::encode;
use crate::terms::fund::{AccrualForm, PaysForm, check};
use crate::text::{key, plural, rich, t};
use goodword_wire::{Fund, Program, ProgramInput};
use std::rc::Rc;
use yew::prelude::*;

/// Whose.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub program: Rc<Program>,
}

/// The funds in words, with what changes them.
#[component]
pub fn Funds(props: &Props) -> Html {
    let may = use_console().may_manage();
    let asked = use_state_eq(|| None::<usize>);
    let ask = |place: usize| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(place)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let funds = &props.program.funds;
    html! {
        <section aria-labelledby="funds-title">
            <h2 id="funds-title">{ t("Funds") }</h2>
            <p class="lead">{ rich!("Money that partners ask for, and claim with proof. {docs}.", docs = html! { <a href="/docs/funds">{ t("How funds work") }</a> }) }</p>
            <ul class="plain">{ for funds.iter().enumerate().map(|(place, fund)| html! {
                <li key={fund.name.clone()}><strong>{ &fund.name }</strong>{ format!(": {}", says(fund, &props.program.currency)) }
                    if may { { " " }<button type="button" class="button" onclick={ask(place)}>{ t!("Change {name}", name = fund.name) }</button> }</li>
            }) }</ul>
            if may { <button type="button" class="button" onclick={ask(funds.len())}>{ t("Add a fund") }</button> }
            if let Some(place) = *asked {
                <Change key={place} program={props.program.clone()} {place} {close} />
            }
        </section>
    }
}

/// `50 % of what something costs, at most $5,000.00 for a request, claimed within 60 days`.
fn says(fund: &Fund, currency: &str) -> String {
    let share = fund.share.as_deref().unwrap_or("100");
    let of = match (&fund.tranches, &fund.instalments) {
        (Some(_), _) => t("of a revenue, in tranches"),
        (_, Some(_)) => t("of a salary, by periods"),
        _ => t("of what something costs"),
    };
    let mut parts = vec![format!("{share} % {of}")];
    parts.extend(
        fund.max_request
            .map(|most| t!("at most {amount} for a request", amount = format::money(most, currency))),
    );
    parts.push(plural!("claimed within {n} days", fund.claim_days.unwrap_or(60)));
    if let Some(accrual) = &fund.accrual {
        parts.push(
            t(if accrual.sales { key("filled by sales") } else { key("filled by purchases") }).to_owned(),
        );
    }
    parts.join(", ")
}

/// Which fund of which program; one after the last is new.
#[derive(Properties, PartialEq)]
struct ChangeProps {
    program: Rc<Program>,
    place: usize,
    close: Callback<()>,
}

#[component]
fn Change(props: &ChangeProps) -> Html {
    let mode = use_console().mode();
    // What was there when it was opened: what is typed meanwhile stays.
    let known = use_memo((), |()| props.program.funds.get(props.place).cloned().unwrap_or_default());
    let save = {
        let (program, place) = (props.program.clone(), props.place);
        use_action(
            move |fund: Result<Fund, Failure>| {
                let (path, mut funds) =
                    (format!("/v1/programs/{}", encode(&program.id)), program.funds.clone());
                async move {
                    let fund = fund?;
                    match funds.get_mut(place) {
                        Some(old) => *old = fund,
                        None => funds.push(fund),
                    }
                    let input = ProgramInput { funds: Some(funds), ..ProgramInput::default() };
                    api::write::<Program>(mode, "PATCH", &path, &input).await.map(|_| ())
                }
            },
            props.close.clone(),
        )
    };
    let currency = props.program.currency.clone();
    let run = {
        let (known, currency) = (known.clone(), currency.clone());
        save.run.reform(move |form: Form| typed(&form, &known, &currency))
    };
    let is_new = props.place >= props.program.funds.len();
    let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let (accrual, pays) = (AccrualForm::of(&known, &currency), PaysForm::of(&known, &currency));
    let cap = known.max_request.map_or_else(String::new, |most| format::units(most, &currency));
    html! {
        <Ask title={if is_new { t("Add a fund") } else { t("Change a fund") }} verb={t("Save")} {run}
            progress={save.progress.clone()} close={props.close.clone()}>
            { line(t("Name"), "name", &known.name, t("Market development"), true) }
            { select(t("Whose the money is"), "scope", known.scope.as_deref().unwrap_or("partner"),
                &[("partner", t("Each partner’s own")), ("shared", t("All draw on one budget"))]) }
            { line(t("Your share, percent"), "share", known.share.as_deref().unwrap_or("100"), "50", true) }
            { select(t("Requests"), "reviewed", if known.reviewed == Some(false) { "no" } else { "yes" },
                &[("yes", t("Somebody decides")), ("no", t("Are approved as far as there is money"))]) }
            { line(t("At most for one request (empty: no limit)"), "cap", &cap, "5000.00", false) }
            <Field label={t("Days to claim")} name="claimDays" kind="number" range={Some((1, 730))} value={known.claim_days.unwrap_or(60).to_string()} needed=true />
            { select(t("What comes in expires"), "end", known.lots_end.as_deref().unwrap_or(if known.lot_days.is_some() { "days" } else { "" }),
                &[("", t("Never")), ("days", t("After so many days")), ("month", t("With the month")), ("quarter", t("With the quarter")), ("year", t("With the year"))]) }
            <Field label={t("After how many days, where so")} name="lotDays" kind="number" range={Some((1, 3650))} value={number(known.lot_days)} />
            <Field label={t("Files a claim must have")} name="proofs" kind="number" range={Some((0, 10))} value={known.proofs.unwrap_or(0).to_string()} needed=true />
            { filled_by(&accrual) }
            { what_it_pays(&pays) }
            <p class="quiet">{ t("It counts for requests from now on.") }</p>
        </Ask>
    }
}

/// What fills it besides what the vendor sets aside.
fn filled_by(form: &AccrualForm) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Filled by purchases") }</legend>
            { select(t("Of what is bought"), "accrual", &form.mode, &[("", t("Nothing comes in")),
                ("retroactive", t("The band reached, on the whole amount")), ("marginal", t("Each band, on what lies within it"))]) }
            { select(t("Added up"), "accrualPeriod", &form.period, &[("month", t("By month")), ("quarter", t("By quarter")),
                ("year", t("By year")), ("ever", t("For ever"))]) }
            { select(t("What counts"), "accrualSales", if form.sales { "sales" } else { "told" },
                &[("told", t("Purchases you tell")), ("sales", t("What partners sell in the program"))]) }
            { area(t("Bands, one a line: from; percent"), "bands", &form.bands, "0; 3\n7500.00; 4") }
        </fieldset>
    }
}

/// What a claim is due.
fn what_it_pays(form: &PaysForm) -> Html {
    html! {
        <fieldset>
            <legend>{ t("What it pays") }</legend>
            { select(t("Your share is"), "pays", &form.kind, &[("cost", t("Of what something has cost")),
                ("tranches", t("Of a revenue, in tranches")), ("instalments", t("Of a yearly salary, by periods"))]) }
            { area(t("Tranches, one a line: name; reached; pays"), "tranches", &form.tranches,
                "First customers; 50000.00; 400000.00\nIn the market; 20 %") }
            { select(t("Instalments"), "every", &form.every, &[("month", t("Each month")), ("quarter", t("Each quarter")), ("year", t("Each year"))]) }
            { line(t("An instalment needs the figure (empty: none)"), "gate", &form.gate, t("Goals reached"), false) }
            { line(t("Of at least, percent"), "atLeast", &form.at_least, "70", false) }
        </fieldset>
    }
}

fn area(label: &'static str, name: &'static str, value: &str, example: &'static str) -> Html {
    html! {
        <label class="field"><span>{ label }</span>
            <textarea {name} rows="3" spellcheck="false" autocomplete="off" placeholder={example} defaultvalue={value.to_owned()} /></label>
    }
}

fn select(
    label: &'static str,
    name: &'static str,
    chosen: &str,
    options: &[(&'static str, &'static str)],
) -> Html {
    html! {
        <label class="field"><span>{ label }</span>
            <select {name}>{ for options.iter().map(|(word, text)| html! {
                <option key={*word} value={*word} selected={*word == chosen}>{ *text }</option>
            }) }</select></label>
    }
}

fn typed(form: &Form, known: &Fund, currency: &str) -> Result<Fund, Failure> {
    let number = |name: &str| {
        let text = form.text(name);
        let parsed = text.map(|text| text.parse::<i64>()).transpose();
        parsed.map_err(|_| Failure::of_input(t("Type whole numbers.")))
    };
    let cap = form.text("cap").map(|_| form.money("cap", currency)).transpose()?;
    let end = form.text_or_empty("end");
    let accrual = AccrualForm {
        mode: form.text_or_empty("accrual"),
        period: form.text_or_empty("accrualPeriod"),
        sales: form.text_or_empty("accrualSales") == "sales",
        bands: form.text_or_empty("bands"),
    };
    let pays = PaysForm {
        kind: form.text_or_empty("pays"),
        tranches: form.text_or_empty("tranches"),
        every: form.text_or_empty("every"),
        gate: form.text_or_empty("gate"),
        at_least: form.text_or_empty("atLeast"),
    };
    let fund = Fund {
        name: form.text_or_empty("name"),
        scope: form.text("scope"),
        share: form.text("share"),
        reviewed: Some(form.text("reviewed").as_deref() != Some("no")),
        max_request: cap,
        claim_days: number("claimDays")?,
        lot_days: if end == "days" { number("lotDays")? } else { None },
        lots_end: Some(end.clone()).filter(|end| !end.is_empty() && end != "days"),
        proofs: number("proofs")?,
        accrual: accrual.read(currency).map_err(Failure::of_input)?,
        ..known.clone()
    };
    let fund = pays.put(fund, currency).map_err(Failure::of_input)?;
    check(&fund).map_err(Failure::of_input)?;
    Ok(fund)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fund_is_told_in_a_line() {
        let fund = Fund { share: Some("50".into()), max_request: Some(500_000), ..Fund::default() };
        let told = "50 % of what something costs, at most $5,000.00 for a request, claimed within 60 days";
        assert_eq!(says(&fund, "usd"), told);
        let head = Fund { instalments: Some(goodword_wire::FundInstalments::default()), ..Fund::default() };
        assert_eq!(says(&head, "usd"), "100 % of a salary, by periods, claimed within 60 days");
    }
}
