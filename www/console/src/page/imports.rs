//! What other programs have exported: a dry run that tells what would happen, and the import after it.

mod asked;
mod report;
mod running;

use crate::context::use_console;
use crate::part::form::{Field, Form};
use crate::part::head::Head;
use crate::part::state::{Empty, refused};
use crate::text::{rich, t};
use asked::{Asked, KINDS};
use goodword_domain::import::Source;
use goodword_wire::ImportOutput;
use running::{File, use_import};
use std::rc::Rc;
use yew::prelude::*;

/// What was imported since the page was opened: the file's name, and what came of it.
type Done = Rc<Vec<(String, ImportOutput)>>;

/// The page.
#[component]
pub fn Imports() -> Html {
    let done = use_state_eq(Done::default);
    let add = {
        let done = done.clone();
        Callback::from(move |one: (String, ImportOutput)| {
            let mut all = (**done).clone();
            all.push(one);
            done.set(Rc::new(all));
        })
    };
    html! {
        <>
            <Head title={t("Imports")} lead={t("Partners, customers and commissions from the program you come from. Links that are posted go on earning, and nobody is paid twice.")} />
            <OneFile {add} />
            <section aria-labelledby="done-title">
                <h2 id="done-title">{ t("Imported just now") }</h2>
                { listed(&done) }
            </section>
        </>
    }
}

fn listed(done: &Done) -> Html {
    if done.is_empty() {
        return html! {
            <Empty title={t("Nothing yet")}>
                <p>{ t("Begin with partners; links and codes where they are files of their own; then customers, then commissions. Balances come last: they are compared, and nothing is stored of them.") }</p>
                <p>{ t("The same file again changes nothing, and a newer export moves on what has moved on there.") }</p>
            </Empty>
        };
    }
    html! {
        <ul class="plain files">
            { for done.iter().enumerate().map(|(place, (name, output))| html! {
                <li key={place}><strong>{ name }</strong><span class="quiet">{ report::in_short(output) }</span></li>
            }) }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    /// Hears of each import that was done.
    add: Callback<(String, ImportOutput)>,
}

/// One file: chosen, tried, imported.
#[component]
fn OneFile(props: &Props) -> Html {
    let context = use_console();
    let import = use_import(context.mode(), props.add.clone());
    let wrong = use_state_eq(|| None);
    let onsubmit = {
        let (run, wrong) = (import.try_out.clone(), wrong.clone());
        Callback::from(move |event: SubmitEvent| {
            let form = Form::of(&event);
            match (Asked::read(|name| form.text(name)), form.file("file")) {
                (Ok(asked), Some(file)) => {
                    wrong.set(None);
                    run.emit(File { asked, file });
                }
                (Err(failure), _) => wrong.set(Some(failure)),
                (Ok(_), None) => {}
            }
        })
    };
    let busy = import.under_way.is_some();
    html! {
        <>
            <form class="sheet" {onsubmit}>
                <div class="fields">
                    { choice(t("It comes from"), "source", Source::WORDS.map(|(source, word)| (word, source.name()))) }
                    { choice(t("The file has"), "kind", KINDS) }
                    { programs(&context) }
                    <label class="field"><span>{ t("CSV file") }</span>
                        <input type="file" name="file" accept=".csv,text/csv" required=true /></label>
                </div>
                <p class="quiet">{ rich!("At most 20,000 rows and 8 MB. Larger files: {command} on the server.", command = html! { <code>{ "goodword import" }</code> }) }</p>
                { how_to_read() }
                { refused(wrong.as_ref()) }
                <div class="controls">
                    <button type="submit" class="button primary" disabled={busy} aria-busy={busy.to_string()}>{ t("Dry run") }</button>
                    <span class="quiet">{ t("Nothing is stored by it.") }</span>
                </div>
            </form>
            { running::shown(&import) }
            if let Some((name, output)) = &import.told {
                <report::Report name={name.clone()} output={output.clone()} go={import.go.clone()} {busy} />
            }
        </>
    }
}

fn choice<const N: usize>(
    label: &'static str,
    name: &'static str,
    words: [(&'static str, &'static str); N],
) -> Html {
    html! {
        <label class="field"><span>{ label }</span>
            <select {name}>
                { for words.iter().enumerate().map(|(place, (word, text))| html! {
                    <option key={*word} value={*word} selected={place == 0}>{ t(text).to_owned() }</option>
                }) }
            </select>
        </label>
    }
}

fn programs(context: &crate::context::Context) -> Html {
    if context.programs.len() < 2 {
        return Html::default();
    }
    let chosen = context.program_shown();
    html! {
        <label class="field"><span>{ t("Into the program") }</span>
            <select name="programId">
                { for context.programs.iter().map(|program| html! {
                    <option key={program.id.clone()} value={program.id.clone()} selected={chosen == Some(program.id.as_str())}>
                        { format!("{} ({})", program.name, program.currency.to_ascii_uppercase()) }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// For files that can be read in two ways, or whose columns are called otherwise.
fn how_to_read() -> Html {
    html! {
        <details class="more-options">
            <summary>{ t("If something is read wrongly") }</summary>
            <div class="fields">
                { choice(t("Decimals stand after"), "decimal", [("", t("Told by each amount")), ("point", t("a point: 1,234.50")), ("comma", t("a comma: 1.234,50"))]) }
                { choice(t("In 03/04/2024 stands first"), "dates", [("", t("Told by the other dates")), ("dmy", t("the day")), ("mdy", t("the month"))]) }
                <Field label={t("Time zone of dates without one")} name="timeZone" example="Europe/Berlin" />
            </div>
            <Field label={t("Columns with other names, one a line")} name="map" rows={3} example={"Umsatz = sale_amount\nNotiz = ignore"} />
        </details>
    }
}
