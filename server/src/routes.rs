//! Every route, on one screen.

pub mod account;
pub mod amending;
pub mod analytics;
pub mod applications;
pub mod assets;
pub mod attribution;
pub mod audit;
pub mod budgets;
pub mod claims;
pub mod clicks;
pub mod commissions;
pub mod customers;
pub mod deliveries;
pub mod disputes;
pub mod docs;
pub mod documents;
pub mod embed;
pub mod explanations;
pub mod explorer;
pub mod figures;
pub mod find;
pub mod full_events;
pub mod funds;
pub mod gifts;
pub mod health;
pub mod histories;
pub mod hooks;
pub mod imports;
pub mod installations;
pub mod integrations;
pub mod keys;
pub mod leads;
pub mod ledger;
pub mod links;
pub mod listed;
pub mod listeners;
pub mod live;
pub mod mail;
pub mod narrow;
pub mod notes;
pub mod overview;
pub mod pages;
pub mod partner_sheet;
pub mod partners;
pub mod payees;
pub mod payout_settings;
pub mod payouts;
pub mod people;
pub mod points;
pub mod programs;
pub mod qr;
pub mod ranked;
pub mod rates;
pub mod redemptions;
pub mod refunds;
pub mod registrations;
pub mod reports;
pub mod reviews;
pub mod sales;
pub mod sandbox;
pub mod security;
pub mod session;
pub mod settings;
pub mod settlements;
pub mod sheet;
pub mod signals;
pub mod splits;
pub mod statements;
pub mod taxes;
pub mod triggers;
pub mod view;
pub mod viewing;
pub mod webhooks;
pub mod words;

use crate::app::Shared;
use crate::brisk::Brisk;
use crate::described::{Described, routes};
use crate::error::Error;
use crate::http::MAX_BODY;
use crate::manners;
use crate::metrics;
use crate::openapi;
use crate::shared::with_version;
use crate::store::StoreError;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Method, Request, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

/// The API, with the document that describes it.
fn api() -> Described {
    Described::none()
        .routes(routes!(clicks::track))
        .routes(routes!(imports::clicks).with_bodies_of(imports::MAX_BODY))
        .routes(routes!(leads::track))
        .routes(routes!(sales::track))
        .routes(routes!(explanations::sales))
        .routes(routes!(sales::one))
        .routes(routes!(explanations::of_sale))
        .routes(routes!(explanations::of_lead))
        .routes(routes!(explanations::of_commission))
        .routes(routes!(refunds::track))
        .routes(routes!(disputes::track))
        .routes(routes!(programs::list, programs::create))
        .routes(routes!(programs::one, programs::change))
        .routes(routes!(programs::add_group))
        .routes(routes!(documents::read, documents::replace))
        .routes(routes!(documents::versions))
        .routes(routes!(rates::list, rates::load).with_bodies_of(rates::MAX_BODY))
        .routes(routes!(budgets::read, budgets::change))
        .routes(routes!(partners::approve))
        .routes(routes!(partners::reject))
        .routes(routes!(statements::of_partner))
        .merge(partner_desk())
        .merge(shared())
        .routes(routes!(commissions::cancel))
        .merge(decisions())
        .merge(funded())
        .merge(rewarded())
        .merge(deals())
        .merge(happenings())
        .merge(brought())
        .merge(installed())
        .merge(embed::routes())
        .routes(routes!(qr::picture))
        .merge(providers())
        .routes(routes!(payouts::list))
        .routes(routes!(payouts::due))
        .routes(routes!(payouts::create, payouts::batches))
        .routes(routes!(payouts::batch))
        .routes(routes!(payouts::approve))
        .routes(routes!(payouts::cancel))
        .routes(routes!(payouts::mark))
        .routes(routes!(payouts::one))
        .routes(routes!(payout_settings::settings, payout_settings::set_settings))
        .routes(routes!(payout_settings::file))
        .routes(routes!(payees::method, payees::set_method))
        .routes(routes!(payees::hold, payees::set_hold))
        .routes(routes!(taxes::profile, taxes::set_profile))
        .routes(routes!(taxes::invoices))
        .routes(routes!(taxes::invoice))
        .merge(explored())
        .routes(
            routes!(attribution::report, attribution::report_of_file).with_bodies_of(attribution::MAX_BODY),
        )
        .routes(routes!(attribution::journeys))
        .routes(routes!(ledger::accounts))
        .routes(routes!(ledger::transfers))
        .routes(routes!(sandbox::read, sandbox::set))
        .routes(routes!(settings::origins, settings::set_origins))
        .merge(people())
        .routes(routes!(explanations::of_own_commission))
        .routes(routes!(explanations::uncredited))
        .routes(routes!(statements::own))
        .routes(routes!(payees::set_own_method))
}

/// What the vendor's people do about partners by hand.
fn partner_desk() -> Described {
    Described::none()
        .routes(routes!(applications::decide))
        .routes(routes!(applications::message))
        .routes(routes!(notes::list, notes::add))
        .routes(routes!(notes::delete))
        .routes(routes!(viewing::view))
        .routes(routes!(partner_sheet::export))
        .routes(routes!(partner_sheet::import).with_bodies_of(partner_sheet::MAX_BODY))
}

/// What is asked in the words of public SDKs, too.
fn shared() -> Described {
    Described::none()
        .routes(routes!(partners::list, partners::create))
        .routes(routes!(partners::one, applications::change))
        .routes(routes!(partners::ban))
        .routes(routes!(partners::deactivate))
        .routes(routes!(partners::applications))
        .routes(routes!(partners::approve_application))
        .routes(routes!(partners::reject_application))
        .routes(routes!(figures::of_partner))
        .routes(routes!(links::of_partners, links::add_for_partner))
        .routes(routes!(links::upsert_for_partner))
        .routes(routes!(links::list, links::create))
        .routes(routes!(links::count))
        .routes(routes!(links::one))
        .routes(routes!(links::upsert))
        .routes(routes!(links::change))
        .routes(routes!(customers::list))
        .routes(routes!(customers::one, customers::change, customers::erase))
        .routes(routes!(commissions::list, commissions::add))
        .routes(routes!(amending::many))
        .routes(routes!(commissions::one, amending::one))
        .routes(routes!(analytics::analytics))
        .routes(routes!(reports::events))
}

/// Figures of ranges, from every side.
fn explored() -> Described {
    Described::none()
        .routes(routes!(analytics::breakdown))
        .routes(routes!(overview::overview))
        .routes(routes!(explorer::cohorts))
        .routes(routes!(explorer::conversion_times))
        .routes(routes!(explorer::paths))
        .routes(routes!(histories::of_program))
}

/// What somebody decides about: signals and claims.
fn decisions() -> Described {
    Described::none()
        .routes(routes!(signals::list))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::decide))
        .routes(routes!(claims::list, claims::file))
        .routes(routes!(claims::one))
        .routes(routes!(claims::decide))
        .routes(routes!(claims::own, claims::file_own))
}

/// Funds, and what is asked and claimed of them.
fn funded() -> Described {
    Described::none()
        .routes(routes!(funds::list))
        .routes(routes!(funds::lots, funds::put_in))
        .routes(routes!(funds::end_lot))
        .routes(routes!(funds::purchase))
        .routes(routes!(funds::accrue))
        .routes(routes!(funds::calendar))
        .routes(routes!(funds::requests::list, funds::requests::ask))
        .routes(routes!(funds::requests::one))
        .routes(routes!(funds::requests::decide))
        .routes(routes!(funds::claims::list, funds::claims::file))
        .routes(routes!(funds::claims::one))
        .routes(routes!(funds::claims::score))
        .routes(routes!(funds::claims::decide))
        .routes(routes!(funds::files::store).with_bodies_of(funds::files::MAX_BODY))
        .routes(routes!(funds::files::read))
}

/// Points, what they are redeemed for, and who has most.
fn rewarded() -> Described {
    Described::none()
        .routes(routes!(points::of_partner))
        .routes(routes!(points::own))
        .routes(routes!(points::complete))
        .routes(routes!(points::all_prizes))
        .routes(routes!(gifts::list))
        .routes(routes!(gifts::give))
        .routes(routes!(redemptions::list, redemptions::ask))
        .routes(routes!(redemptions::one))
        .routes(routes!(redemptions::step))
        .routes(routes!(redemptions::own))
}

/// Registered deals, sales that are shared, and what is settled by periods.
fn deals() -> Described {
    Described::none()
        .routes(routes!(registrations::list, registrations::file))
        .routes(routes!(registrations::check))
        .routes(routes!(registrations::one))
        .routes(routes!(registrations::step))
        .routes(routes!(registrations::own, registrations::file_own))
        .routes(routes!(registrations::check_own))
        .routes(routes!(registrations::answer_own))
        .routes(routes!(splits::list, splits::propose))
        .routes(routes!(splits::one))
        .routes(routes!(splits::decide))
        .routes(routes!(settlements::list, settlements::settle))
        .routes(routes!(settlements::preview))
        .routes(routes!(settlements::progress))
        .routes(routes!(settlements::open))
        .routes(routes!(settlements::one))
        .routes(routes!(settlements::own_progress))
}

/// Who hears of what happens: endpoints, listeners, triggers.
fn happenings() -> Described {
    Described::none()
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::event_types))
        .routes(routes!(listeners::begin))
        .routes(routes!(listeners::events))
        .routes(routes!(webhooks::one, webhooks::change, webhooks::delete))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::one))
        .routes(routes!(deliveries::replay))
        .routes(routes!(triggers::list, triggers::create))
        .routes(routes!(triggers::dry_run))
        .routes(routes!(triggers::one, triggers::change, triggers::delete))
        .routes(routes!(triggers::runs))
}

/// What other programs have exported.
fn brought() -> Described {
    Described::none().routes(routes!(imports::bring).with_bodies_of(imports::MAX_BODY))
}

/// Where the script is.
fn installed() -> Described {
    Described::none().routes(routes!(installations::list))
}

/// Who is in, what proves it, and what was changed by whom.
fn people() -> Described {
    Described::none()
        .routes(routes!(session::log_in, session::current, session::log_out))
        .routes(routes!(session::join))
        .routes(routes!(session::forgot))
        .routes(routes!(session::reset))
        .routes(routes!(security::read))
        .routes(routes!(security::set_password))
        .routes(routes!(security::offer, security::remove))
        .routes(routes!(security::confirm))
        .routes(routes!(security::end_all))
        .routes(routes!(security::end_one))
        .routes(routes!(people::list))
        .routes(routes!(people::invite))
        .routes(routes!(people::withdraw))
        .routes(routes!(people::change, people::remove))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::revoke))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
}

/// Payment providers, and what they send.
fn providers() -> Described {
    Described::none()
        .routes(routes!(integrations::list))
        .routes(routes!(integrations::one, integrations::set, integrations::remove))
        .routes(routes!(integrations::events))
        .routes(routes!(integrations::replay))
        .routes(routes!(integrations::test))
        .routes(routes!(hooks::receive).with_bodies_of(hooks::MAX_BODY))
}

/// Everything the server answers.
pub fn all(app: Shared) -> Brisk {
    let timeout = Duration::from_secs(app.config.request_timeout);
    let routes = manners::teach(api().router, &app)
        .route("/openapi.json", get(openapi::document))
        .route("/docs/api", get(docs::reference::page))
        .route("/docs", get(docs::index))
        .route("/docs/", get(docs::index))
        .route("/docs/{page}", get(docs::page))
        .route("/docs/pictures/{file}", get(docs::picture))
        .route("/r/{key}", get(clicks::redirect))
        .route("/goodword.js", get(assets::script))
        .route("/w/{file}", get(assets::widget))
        // Before the layer: set after it, it would answer a browser's preflight request in the layer's place.
        .method_not_allowed_fallback(wrong_method)
        .layer(cors())
        .route("/embed/frame", get(assets::frame))
        .route("/v1/live", get(live::stream))
        .route("/console", get(assets::console))
        .route("/console/", get(assets::console))
        .route("/console/{*path}", get(assets::console))
        .route("/verify", get(pages::verify).post(pages::verified))
        .route("/p/open", get(pages::open).post(pages::opened))
        .route("/mail/decline", get(mail::decline).post(mail::declined))
        .route("/mail/resume", post(mail::resumed))
        .route("/mail/preview", get(mail::previews))
        .route("/mail/preview/{kind}", get(mail::preview))
        .merge(account::routes())
        .route("/outbox", get(pages::outbox))
        .route("/page.css", get(pages::style))
        .route("/favicon.ico", get(pages::icon))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/", get(health::home));
    let routes =
        if app.config.metrics.is_some() { routes.route("/metrics", get(metrics::show)) } else { routes };
    let rest = measured(routes, &app)
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout))
        .layer(CatchPanicLayer::new())
        .layer(map_response(in_our_own_words))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(from_fn(manners::identify))
        .with_state(Arc::clone(&app));
    Brisk::new(app, without_version(rest))
}

/// The same, and what SDKs ask for at addresses without `/v1`.
fn without_version(rest: Router) -> Router {
    let versioned = rest.clone();
    let again = move |request: Request<Body>| {
        let versioned = versioned.clone();
        async move { versioned.oneshot(with_version(request)).await.into_response() }
    };
    rest.fallback(again)
}

async fn nothing_here() -> Error {
    Error::NotFound("There is nothing at this address: see /docs/api.".into())
}

/// With what `/metrics` tells of requests, if that is wanted.
fn measured(routes: Router<Shared>, app: &Shared) -> Router<Shared> {
    if app.config.metrics.is_none() {
        return routes;
    }
    routes.route_layer(from_fn_with_state(Arc::clone(app), metrics::measure))
}

async fn wrong_method() -> Error {
    Error::Method("This address does not take that method: see /docs/api.".into())
}

/// What a log line tells of its request: never the query, for tokens and keys travel in it.
fn span(request: &Request<Body>) -> Span {
    let id = manners::shown(request.headers());
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

/// The layers that end slow and broken requests answer without a body, or in plain text: ours is put in its place.
async fn in_our_own_words(response: Response) -> Response {
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    match response.status() {
        StatusCode::SERVICE_UNAVAILABLE if !json => Error::Store(StoreError::Busy).into_response(),
        StatusCode::INTERNAL_SERVER_ERROR if !json => Error::internal("a request panicked").into_response(),
        _ => response,
    }
}

/// Pages of any origin may ask; whether they are answered is for the key and its allowed origins to say. No cookie is
/// ever sent along, so nothing of the console's is within their reach.
fn cors() -> CorsLayer {
    let told = [header::ETAG, header::RETRY_AFTER, manners::X_REQUEST_ID];
    let told: Vec<HeaderName> = told.into_iter().chain(manners::QUOTA_HEADERS).collect();
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            manners::X_REQUEST_ID,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers(told)
        .max_age(Duration::from_hours(1))
}

/// What the routes say of themselves, and what holds for all of them.
#[cfg(debug_assertions)]
pub fn described() -> Result<serde_json::Value, Error> {
    let told = serde_json::to_value(api().document).map_err(|e| Error::internal(e.to_string()))?;
    openapi::made::complete(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A route that changes something is told of by the audit log, or is said not to be, with the others of its kind.
    #[test]
    fn the_audit_log_knows_every_route() {
        let document: serde_json::Value = described().unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let method = method.to_uppercase();
                assert!(
                    manners::is_listed(&method, path).is_some(),
                    "{method} {path}: add it to manners/audited.rs"
                );
            }
        }
    }
}
