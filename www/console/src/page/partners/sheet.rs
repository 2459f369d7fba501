//! Partners as files: exported as they are filtered, and added from one.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::use_console;
use crate::part::form::{Ask, Form};
use crate::part::state::refused;
use crate::text::{plural, rich, t};
use goodword_wire::PartnerSheetOutput;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

/// The filters of the list, as they stand in an address.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub filters: AttrValue,
}

/// The two buttons.
#[component]
pub fn Sheet(props: &Props) -> Html {
    let context = use_console();
    let (mode, open) = (context.mode(), use_state_eq(|| false));
    let path = format!("/v1/partners/export{}", props.filters);
    let export = use_action(
        move |()| {
            let path = path.clone();
            async move { api::download(mode, &path).await }
        },
        Callback::noop(),
    );
    let onclick = export.run.reform(|_: MouseEvent| ());
    let show = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <>
            { refused(export.progress.failure.as_ref()) }
            <button type="button" class="button" disabled={export.progress.busy} {onclick}>{ t("Export CSV") }</button>
            if context.may_manage() { <button type="button" class="button" onclick={show}>{ t("Import CSV") }</button> }
            if *open { <Import {close} /> }
        </>
    }
}

/// How it is closed.
#[derive(Properties, PartialEq)]
struct ImportProps {
    close: Callback<()>,
}

#[component]
fn Import(props: &ImportProps) -> Html {
    let context = use_console();
    let told = use_state_eq(|| None::<(bool, Rc<PartnerSheetOutput>)>);
    let (mode, program) = (context.mode(), context.program_filter());
    let import = {
        let told = told.clone();
        use_action(
            move |form: Form| {
                let (told, program) = (told.clone(), program.clone());
                async move {
                    let file = form.file("file").ok_or_else(|| Failure::of_input(t("Choose a file.")))?;
                    let is_trial = form.text("how").as_deref() == Some("trial");
                    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
                    let text = text.ok_or_else(|| Failure::of_input(t("The file could not be read.")))?;
                    let path = format!("/v1/partners/import?dryRun={is_trial}{program}");
                    told.set(Some((is_trial, Rc::new(api::post_csv(mode, &path, &text).await?))));
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    html! {
        <Ask title={t("Add partners from a file")} verb={t("Go")} run={import.run.clone()} progress={import.progress.clone()} close={props.close.clone()}>
            <p>{ rich!("CSV with the columns {name} and {email}, and where wanted {code} and {group}. They are approved at once; whoever is a partner already stays as he or she is.",
                name = column("name"), email = column("email"), code = column("code"), group = column("group")) }</p>
            <label class="field"><span>{ t("File") }</span><input type="file" name="file" accept=".csv,text/csv" required=true /></label>
            <label class="field"><span>{ t("How") }</span>
                <select name="how">
                    <option value="trial">{ t("Try it: store nothing, say what would happen") }</option>
                    <option value="store">{ t("Add them") }</option>
                </select></label>
            if let Some((is_trial, told)) = &*told { { outcome(*is_trial, told) } }
        </Ask>
    }
}

fn column(name: &'static str) -> Html {
    html! { <code>{ name }</code> }
}

fn outcome(is_trial: bool, told: &PartnerSheetOutput) -> Html {
    let (known, refused) = (told.known, told.refused.len());
    let said = if is_trial {
        plural!(
            "one={n} partner would be added, {known} known already, {refused} refused.|{n} partners would be added, {known} known already, {refused} refused.",
            told.added,
            known,
            refused
        )
    } else {
        plural!(
            "one={n} partner added, {known} known already, {refused} refused.|{n} partners added, {known} known already, {refused} refused.",
            told.added,
            known,
            refused
        )
    };
    html! {
        <div class="note" role="status">
            <p>{ said }</p>
            <ul>{ for told.refused.iter().take(20).map(|row| html! { <li key={row.line}>{ t!("Line {line}: {message}", line = row.line, message = row.message) }</li> }) }</ul>
        </div>
    }
}
