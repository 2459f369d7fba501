//! What a page shows, as a file of comma-separated values.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::part::state::refused;
use crate::text::t;
use yew::prelude::*;

/// Which file.
#[derive(Properties, PartialEq)]
pub struct CsvProps {
    pub path: AttrValue,
}

/// A button that hands over what is shown.
#[component]
pub fn Csv(props: &CsvProps) -> Html {
    let mode = use_console().mode();
    let fetch =
        use_action(move |path: AttrValue| async move { api::download(mode, &path).await }, Callback::noop());
    let onclick = {
        let path = props.path.clone();
        fetch.run.reform(move |_: MouseEvent| path.clone())
    };
    html! {
        <>
            <button type="button" class="button" disabled={fetch.progress.busy} {onclick}>{ t("Download CSV") }</button>
            { refused(fetch.progress.failure.as_ref()) }
        </>
    }
}
