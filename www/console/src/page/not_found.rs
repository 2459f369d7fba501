//! An address that leads nowhere.

use crate::context::use_console;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::route::Route;
use crate::text::t;
use yew::prelude::*;

/// The page.
#[component]
pub fn NotFound() -> Html {
    let context = use_console();
    html! {
        <>
            <Head title={t("No such page")} lead={t("The address leads nowhere in this console.")} />
            <p><Link class="button" to={context.to(Route::Overview)}>{ t("To the overview") }</Link></p>
        </>
    }
}
