//! As little as a server can do: read the request, answer something of the right shape.

use crate::said::{self, ClickInput, ClickOutput, SaleInput, SaleOutput};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};

/// A redirect, and two posts with JSON.
pub fn router() -> Router {
    Router::new()
        .route("/r/{key}", get(redirect))
        .route("/v1/track/click", post(click))
        .route("/v1/track/sale", post(sale))
        .route("/healthz", get(async || "ok"))
}

async fn redirect(Path(key): Path<String>) -> impl IntoResponse {
    let location = format!("https://shop.example/?gw_id=clk_00000000000000000000{key}");
    (
        StatusCode::FOUND,
        [(header::LOCATION, location), (header::CACHE_CONTROL, "private, no-store".to_owned())],
    )
}

async fn click(Json(input): Json<ClickInput>) -> Json<ClickOutput> {
    Json(said::click("clk_00000000000000000000".into(), input.key))
}

async fn sale(Json(input): Json<SaleInput>) -> Json<SaleOutput> {
    Json(said::sale(
        "sal_0000000000000000000000000".into(),
        input,
        Some("pn_0000000000000000000000000".into()),
    ))
}
