//! Every route, on one screen.

pub mod account;
pub mod analytics;
pub mod assets;
pub mod attribution;
pub mod budgets;
pub mod claims;
pub mod clicks;
pub mod commissions;
pub mod customers;
pub mod disputes;
pub mod docs;
pub mod documents;
pub mod embed;
pub mod explanations;
pub mod find;
pub mod health;
pub mod imports;
pub mod installations;
pub mod leads;
pub mod ledger;
pub mod pages;
pub mod partners;
pub mod payees;
pub mod payout_settings;
pub mod payouts;
pub mod programs;
pub mod qr;
pub mod rates;
pub mod refunds;
pub mod reports;
pub mod reviews;
pub mod sales;
pub mod sandbox;
pub mod session;
pub mod settings;
pub mod signals;
pub mod statements;
pub mod view;

use crate::app::Shared;
use crate::brisk;
use crate::error::Error;
use crate::http::MAX_BODY;
use crate::metrics;
use crate::store::StoreError;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Method, Request, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "Goodword",
    description = "Referral and affiliate software that you host yourself.",
    license(name = "MIT OR Apache-2.0")
))]
struct Document;

/// The API, with the document that describes it.
fn api() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(clicks::track))
        .routes(routes!(imports::clicks).layer(DefaultBodyLimit::max(imports::MAX_BODY)))
        .routes(routes!(leads::track))
        .routes(routes!(sales::track))
        .routes(routes!(explanations::sales))
        .routes(routes!(sales::one))
        .routes(routes!(explanations::of_sale))
        .routes(routes!(explanations::of_lead))
        .routes(routes!(refunds::track))
        .routes(routes!(disputes::track))
        .routes(routes!(programs::list, programs::create))
        .routes(routes!(programs::one, programs::change))
        .routes(routes!(programs::add_group))
        .routes(routes!(documents::read, documents::replace))
        .routes(routes!(documents::versions))
        .routes(routes!(rates::list, rates::load).layer(DefaultBodyLimit::max(rates::MAX_BODY)))
        .routes(routes!(budgets::read, budgets::change))
        .routes(routes!(partners::list, partners::create))
        .routes(routes!(partners::links, partners::add_link))
        .routes(routes!(partners::approve))
        .routes(routes!(partners::reject))
        .routes(routes!(partners::ban))
        .routes(routes!(partners::one))
        .routes(routes!(statements::of_partner))
        .routes(routes!(customers::list))
        .routes(routes!(commissions::list, commissions::add))
        .routes(routes!(commissions::one))
        .routes(routes!(commissions::cancel))
        .merge(decisions())
        .merge(installed())
        .merge(embed::routes())
        .routes(routes!(qr::picture))
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
        .routes(routes!(analytics::analytics))
        .routes(routes!(analytics::breakdown))
        .routes(routes!(reports::events))
        .routes(
            routes!(attribution::report, attribution::report_of_file)
                .layer(DefaultBodyLimit::max(attribution::MAX_BODY)),
        )
        .routes(routes!(attribution::journeys))
        .routes(routes!(ledger::accounts))
        .routes(routes!(ledger::transfers))
        .routes(routes!(sandbox::read, sandbox::set))
        .routes(routes!(settings::keys))
        .routes(routes!(settings::origins, settings::set_origins))
        .routes(routes!(session::log_in, session::current, session::log_out))
        .routes(routes!(explanations::of_own_commission))
        .routes(routes!(explanations::uncredited))
        .routes(routes!(statements::own))
        .routes(routes!(payees::set_own_method))
}

/// What somebody decides about: signals and claims.
fn decisions() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(signals::list))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::decide))
        .routes(routes!(claims::list, claims::file))
        .routes(routes!(claims::one))
        .routes(routes!(claims::decide))
        .routes(routes!(claims::own, claims::file_own))
}

/// Where the script is.
fn installed() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(installations::list))
}

/// Everything the server answers.
pub fn router(app: Shared) -> Router {
    let timeout = Duration::from_secs(app.config.request_timeout);
    let (api, document) = api().split_for_parts();
    let document = serde_json::to_value(document).unwrap_or_default();
    let reference = docs::reference::render(&document).unwrap_or_default();
    let routes = api
        .route("/openapi.json", get(move || std::future::ready(axum::Json(document.clone()))))
        .route("/docs/api", get(move || std::future::ready(docs::answer(&reference))))
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
        .route("/console", get(assets::console))
        .route("/console/", get(assets::console))
        .route("/console/{*path}", get(assets::console))
        .route("/verify", get(pages::verify).post(pages::verified))
        .route("/p/open", get(pages::open).post(pages::opened))
        .merge(account::routes())
        .route("/outbox", get(pages::outbox))
        .route("/page.css", get(pages::style))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/", get(health::home));
    let routes =
        if app.config.metrics.is_some() { routes.route("/metrics", get(metrics::show)) } else { routes };
    let rest = measured(routes, &app)
        .fallback(async || Error::NotFound("There is nothing at this address: see /docs/api.".into()))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout))
        .layer(CatchPanicLayer::new())
        .layer(map_response(in_our_own_words))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .with_state(Arc::clone(&app));
    measured(brisk::router(&rest), &app).fallback_service(rest).with_state(app)
}

/// With what `/metrics` tells of requests, if that is wanted.
fn measured(routes: Router<Shared>, app: &Shared) -> Router<Shared> {
    if app.config.metrics.is_none() {
        return routes;
    }
    routes.route_layer(from_fn_with_state(Arc::clone(app), metrics::measure))
}

async fn wrong_method() -> Error {
    Error::BadRequest("This address does not take that method: see /docs/api.".into())
}

/// What a log line tells of its request: never the query, for tokens and keys travel in it.
fn span(request: &Request<Body>) -> Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
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
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([header::ETAG])
        .max_age(Duration::from_hours(1))
}

/// The `OpenAPI` document as it is checked in.
pub fn openapi() -> Result<String, Error> {
    api().split_for_parts().1.to_pretty_json().map_err(|e| Error::internal(e.to_string()))
}
