//! The page of each route, chapter by chapter. Of a chapter that is not here yet, nothing may be called but through its module.

use crate::page;
use crate::route::Route;
use yew::prelude::*;

/// Draws the page of a route, if it is in the chapter.
pub type View = fn(&Route) -> Option<Html>;

/// What is in the console's first module.
pub fn first(route: &Route) -> Html {
    match route {
        Route::Overview => html! { <page::overview::Overview /> },
        _ => html! { <page::not_found::NotFound /> },
    }
}

/// Programs and their terms.
pub fn terms(route: &Route) -> Option<Html> {
    Some(match route {
        Route::Programs => html! { <page::programs::Programs /> },
        Route::Program(id) => html! { <page::program::ProgramPage key={id.clone()} id={id.clone()} /> },
        Route::Signals => html! { <page::signals::Signals /> },
        _ => return None,
    })
}

/// Who brought what, and why each was credited.
pub fn people(route: &Route) -> Option<Html> {
    Some(match route {
        Route::Partners => html! { <page::partners::Partners /> },
        Route::Partner(id) => html! { <page::partner::PartnerPage key={id.clone()} id={id.clone()} /> },
        Route::Events => html! { <page::events::Events /> },
        Route::Sale(id) => html! { <page::sale::Sale key={id.clone()} id={id.clone()} /> },
        Route::Lead(id) => html! { <page::lead::Lead key={id.clone()} id={id.clone()} /> },
        Route::Explorer => html! { <page::explorer::Explorer /> },
        Route::Attribution => html! { <page::attribution::Attribution /> },
        _ => return None,
    })
}

/// What is owed, decided about and paid.
pub fn money(route: &Route) -> Option<Html> {
    Some(match route {
        Route::Commissions => html! { <page::commissions::Commissions /> },
        Route::Commission(id) => {
            html! { <page::commission::CommissionPage key={id.clone()} id={id.clone()} /> }
        }
        Route::Payouts => html! { <page::payouts::Payouts /> },
        Route::Batch(id) => html! { <page::batch::Batch key={id.clone()} id={id.clone()} /> },
        Route::Reviews => html! { <page::reviews::Reviews /> },
        Route::Claims => html! { <page::claims::Claims /> },
        Route::Claim(id) => html! { <page::claim::ClaimPage key={id.clone()} id={id.clone()} /> },
        Route::Funds => html! { <page::funds::Funds /> },
        Route::FundRequest(id) => {
            html! { <page::fund_request::FundRequestPage key={id.clone()} id={id.clone()} /> }
        }
        Route::Registrations => html! { <page::registrations::Registrations /> },
        Route::Registration(id) => {
            html! { <page::registration::RegistrationPage key={id.clone()} id={id.clone()} /> }
        }
        Route::Splits => html! { <page::splits::Splits /> },
        Route::Settlements => html! { <page::settlements::Settlements /> },
        Route::Points => html! { <page::points::Points /> },
        Route::Gifts => html! { <page::gifts::Gifts /> },
        Route::Rates => html! { <page::rates::Rates /> },
        Route::Ledger => html! { <page::ledger::LedgerPage /> },
        _ => return None,
    })
}

/// What runs by itself, and the account's own settings.
pub fn works(route: &Route) -> Option<Html> {
    Some(match route {
        Route::Webhooks => html! { <page::webhooks::Webhooks /> },
        Route::Webhook(id) => html! { <page::webhook::WebhookPage key={id.clone()} id={id.clone()} /> },
        Route::Triggers => html! { <page::triggers::Triggers /> },
        Route::Trigger(id) => html! { <page::trigger::TriggerPage key={id.clone()} id={id.clone()} /> },
        Route::Integrations => html! { <page::integrations::Integrations /> },
        Route::Imports => html! { <page::imports::Imports /> },
        Route::Settings => html! { <page::settings::Settings /> },
        Route::Audit => html! { <page::audit::Audit /> },
        _ => return None,
    })
}
