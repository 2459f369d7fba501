//! The vendor's own settings: keys and origins, people, one's own security, approval of payouts, mails.

mod authenticator;
mod keys;
mod mail;
mod members;
mod origins;
mod security;

use crate::context::use_console;
use crate::page::payouts::settings::Settings as HowWePay;
use crate::part::choice::Tabs;
use crate::part::head::Head;
use crate::part::language::LanguageChoice;
use crate::part::link::Link;
use crate::route::Route;
use crate::text::t;
use yew::prelude::*;

pub use security::secret;

/// The page.
#[component]
pub fn Settings() -> Html {
    let context = use_console();
    let tab = context.place.get("tab").unwrap_or_default();
    let is_owner = context.session.user.role == "owner";
    let tabs = [
        ("", t("Keys and origins")),
        ("people", t("People")),
        ("security", t("Your security")),
        ("approval", t("Approval")),
        ("mail", t("Mail")),
    ];
    let tabs = tabs.into_iter().filter(|(word, _)| *word != "people" || is_owner);
    html! {
        <>
            <Head title={t("Settings")} lead={lead(tab)}>
                <LanguageChoice />
                if context.session.user.role != "analyst" {
                    <Link class="button" to={context.to(Route::Audit)}>{ t("Audit log") }</Link>
                }
            </Head>
            <Tabs label={t("Settings")} name="tab" options={tabs.map(|(word, text)| (word, text.to_owned())).collect::<Vec<_>>()} />
            { match tab {
                "people" => html! { <members::Members /> },
                "security" => html! { <security::OwnSecurity /> },
                "approval" => html! { <section aria-label={t("Approval")}><HowWePay /></section> },
                "mail" => html! { <mail::Mails /> },
                _ => html! { <><keys::Keys /><origins::AllowedOrigins /></> },
            } }
        </>
    }
}

fn lead(tab: &str) -> &'static str {
    match tab {
        "people" => t("Who may log in, and what each may."),
        "security" => t("Your password, your authenticator, and where you are logged in."),
        "approval" => t("Whether a second person approves payouts, and what files say of you."),
        "mail" => t("What partners get, in their language."),
        _ => t("What opens the API, and from where."),
    }
}
