//! A rate typed in, or a file of them.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::use_console;
use crate::date;
use crate::part::form::{Field, Form, line};
use crate::part::state::refused;
use crate::text::{plural, t};
use goodword_domain::time::DAY_MS;
use goodword_wire::{ExchangeRateInput, ExchangeRatesOutput};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::prelude::*;

/// The two forms.
#[component]
pub fn Add() -> Html {
    html! {
        <div class="columns">
            <section aria-labelledby="add-title">
                <h2 id="add-title">{ t("Add a rate") }</h2>
                <One />
            </section>
            <section aria-labelledby="file-title">
                <h2 id="file-title">{ t("Load a file") }</h2>
                <Many />
            </section>
        </div>
    }
}

#[component]
fn One() -> Html {
    let context = use_console();
    let (mode, outcome) = (context.mode(), use_state_eq(|| None::<ExchangeRatesOutput>));
    let add = {
        let outcome = outcome.clone();
        use_action(
            move |(input, form): (ExchangeRateInput, Form)| {
                let outcome = outcome.clone();
                async move {
                    outcome.set(Some(api::write(mode, "POST", "/v1/exchange-rates", &input).await?));
                    form.reset();
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    let onsubmit = {
        let (run, outcome) = (add.run.clone(), outcome.clone());
        Callback::from(move |event: SubmitEvent| {
            let form = Form::of(&event);
            outcome.set(None);
            run.emit((typed(&form), form));
        })
    };
    let quote = context.currency(context.place.get("program")).to_ascii_uppercase();
    let today = date::day_text(context.now.div_euclid(DAY_MS));
    html! {
        <form class="sheet panel" {onsubmit}>
            <div class="fields">
                { line(t("From (the sale’s currency)"), "base", "", "GBP", true) }
                { line(t("To (the program’s currency)"), "quote", &quote, "USD", true) }
                { line(t("One of the first is"), "rate", "", "1.2704", true) }
                <Field label={t("From this day on")} name="at" kind="date" value={today} needed=true />
                { line(t("Who says so"), "source", "", t("European Central Bank"), true) }
            </div>
            { refused(add.progress.failure.as_ref()) }
            <div class="controls">
                <button type="submit" class="button primary" disabled={add.progress.busy}>{ t("Add the rate") }</button>
                { said(outcome.as_ref()) }
            </div>
        </form>
    }
}

fn typed(form: &Form) -> ExchangeRateInput {
    ExchangeRateInput {
        base: form.text_or_empty("base"),
        quote: form.text_or_empty("quote"),
        rate: form.text_or_empty("rate").replace(',', "."),
        source: form.text_or_empty("source"),
        at: form.text_or_empty("at"),
    }
}

#[component]
fn Many() -> Html {
    let mode = use_console().mode();
    let outcome = use_state_eq(|| None::<ExchangeRatesOutput>);
    let load = {
        let outcome = outcome.clone();
        use_action(
            move |(file, form): (Option<File>, Form)| {
                let outcome = outcome.clone();
                async move {
                    let text = read(file).await?;
                    outcome.set(Some(api::post_csv(mode, "/v1/exchange-rates", &text).await?));
                    form.reset();
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    let onsubmit = {
        let (run, outcome) = (load.run.clone(), outcome.clone());
        Callback::from(move |event: SubmitEvent| {
            let form = Form::of(&event);
            outcome.set(None);
            run.emit((form.file("file"), form));
        })
    };
    html! {
        <form class="sheet panel" {onsubmit}>
            <p class="quiet">{ t("Comma-separated values with these columns in the first line; all are stored, or none.") }</p>
            <pre class="example"><code>{ "base,quote,rate,source,at\nGBP,USD,1.2704,ECB,2026-11-02" }</code></pre>
            <label class="field"><span>{ t("File") }</span>
                <input type="file" name="file" accept=".csv,text/csv" required=true /></label>
            { refused(load.progress.failure.as_ref()) }
            <div class="controls">
                <button type="submit" class="button" disabled={load.progress.busy}>{ t("Load the file") }</button>
                { said(outcome.as_ref()) }
            </div>
        </form>
    }
}

async fn read(file: Option<File>) -> Result<String, Failure> {
    let missing = || Failure::of_input(t("The file could not be read: choose it again."));
    let text = JsFuture::from(file.ok_or_else(missing)?.text()).await.map_err(|_| missing())?;
    text.as_string().ok_or_else(missing)
}

fn said(outcome: Option<&ExchangeRatesOutput>) -> Html {
    let words = outcome.map_or_else(String::new, told);
    html! { <span role="status" class="quiet">{ words }</span> }
}

/// What came of it.
fn told(outcome: &ExchangeRatesOutput) -> String {
    let stored = plural!("one={n} rate stored|{n} rates stored", outcome.stored);
    let known =
        if outcome.known > 0 { t!(", {known} known before", known = outcome.known) } else { String::new() };
    let resumed = match outcome.resumed {
        0 => String::new(),
        sales => plural!("one=; {n} sale counted now|; {n} sales counted now", sales),
    };
    format!("{stored}{known}{resumed}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_file() {
        let outcome = |stored, known, resumed| told(&ExchangeRatesOutput { stored, known, resumed });
        assert_eq!(outcome(1, 0, 0), "1 rate stored.");
        assert_eq!(outcome(2, 3, 1), "2 rates stored, 3 known before; 1 sale counted now.");
    }
}
