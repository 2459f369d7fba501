//! What is due, the batches it is paid in, and how you pay.

mod due;
mod history;
pub mod settings;

use crate::context::use_console;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::head::Head;
use crate::text::t;
use yew::prelude::*;

/// The page.
#[component]
pub fn Payouts() -> Html {
    let context = use_console();
    let tabs = [
        ("", t("Due")),
        ("batches", t("Batches")),
        ("payouts", t("All payouts")),
        ("settings", t("How you pay")),
    ]
    .map(|(word, text)| (word, text.to_owned()));
    let program = context.program_shown().unwrap_or_default().to_owned();
    let (lead, view) = match context.place.get("tab") {
        Some("batches") => (
            t(
                "Payouts that go out together. A batch is approved first, then paid by a file, then marked as paid.",
            ),
            html! { <history::Batches key={program} /> },
        ),
        Some("payouts") => {
            (t("Every payout to every partner."), html! { <history::Payouts key={program} /> })
        }
        Some("settings") => (
            t("Who approves, and what the files say of you. For all programs."),
            html! { <settings::Settings /> },
        ),
        _ => (
            t(
                "What has cleared and waits to be paid. A batch reserves it; nothing is paid until you approve the batch.",
            ),
            html! { <due::Due key={program} /> },
        ),
    };
    html! {
        <>
            <Head title={t("Payouts")} {lead}><ProgramChoice one={true} /></Head>
            <Tabs label={t("Part")} name="tab" options={tabs.to_vec()} />
            { view }
        </>
    }
}
