//! Kettle & Crag, an influencer's blog on a third origin: one article, with the three ways to send readers to the shop.

use crate::{Config, policy, shop::asset};
use askama::Template;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "blog/article.html")]
struct Article<'a> {
    site: &'a Config,
}

/// The blog, ready to be served.
pub fn blog(config: Config) -> Router {
    let config = Arc::new(config);
    Router::new()
        .route("/", get(article))
        .route(
            "/blog.css",
            get(|| async { asset("text/css; charset=utf-8", include_str!("../assets/blog.css")) }),
        )
        .route("/favicon.svg", get(|| async { asset("image/svg+xml", include_str!("../assets/blog.svg")) }))
        .route("/healthz", get(|| async { "ok" }))
        .layer(middleware::from_fn_with_state(config.clone(), strict))
        .with_state(config)
}

async fn article(State(site): State<Arc<Config>>) -> Response {
    Article { site: &site }.render().map_or_else(
        |_| (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.").into_response(),
        |text| Html(text).into_response(),
    )
}

async fn strict(State(site): State<Arc<Config>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = HeaderValue::from_str(&policy(&site.goodword));
    response.headers_mut().extend(policy.map(|value| (header::CONTENT_SECURITY_POLICY, value)));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_sends_readers_in_three_ways() {
        let text = |text: &str| text.to_owned();
        let site = Config {
            goodword: text("http://127.0.0.1:7700"),
            publishable_key: text("pk_test_1"),
            secret_key: text("sk_test_never_on_a_page"),
            shop: text("http://localhost:7701"),
            blog: text("http://blog.localhost:7702"),
            code: text("MARA"),
            key: text("mara"),
        };
        let html = Article { site: &site }.render().unwrap();
        assert!(
            html.contains(r#"href="http://localhost:7701/?via=mara&#38;gw_sub=kettle-and-crag""#),
            "{html}"
        );
        assert!(html.contains(r#"href="http://127.0.0.1:7700/r/mara""#));
        assert!(html.contains(r#"<goodword-signup code="MARA">"#));
        assert!(!html.contains("sk_test"));
    }
}
