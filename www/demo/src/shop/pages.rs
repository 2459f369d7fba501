//! What visitors see.

use super::{
    Shop, Visitor, catalog,
    state::{Order, Report, Session},
    views::{self, Chrome, Outcome, page},
};
use crate::money::moment;
use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use goodword_wire::{SaleOutput, SandboxClock};
use serde::Deserialize;
use std::sync::Arc;

type Books = State<Arc<Shop>>;
type Who = Extension<Visitor>;

/// `GET /`
pub async fn home(State(shop): Books, Extension(visitor): Who) -> Response {
    let (_, chrome) = surroundings(&shop, &visitor, "/");
    page(&views::Home { chrome, shelf: &catalog::SHELF })
}

/// `GET /tea/{slug}`
pub async fn tea(State(shop): Books, Extension(visitor): Who, Path(slug): Path<String>) -> Response {
    let Some(tea) = catalog::find(&slug) else { return not_found(&shop, &visitor) };
    let (_, chrome) = surroundings(&shop, &visitor, &format!("/tea/{slug}"));
    page(&views::OneTea { chrome, tea })
}

/// `GET /partners`
pub async fn partners(State(shop): Books, Extension(visitor): Who) -> Response {
    let (_, chrome) = surroundings(&shop, &visitor, "/partners");
    page(&views::Partners { chrome })
}

/// `GET /theme`
pub async fn theme(State(shop): Books, Extension(visitor): Who) -> Response {
    let (_, chrome) = surroundings(&shop, &visitor, "/theme");
    page(&views::Theme { chrome, code: shop.config.code.clone() })
}

/// `GET /partners/terms`
pub async fn terms(State(shop): Books, Extension(visitor): Who) -> Response {
    let (_, chrome) = surroundings(&shop, &visitor, "/partners/terms");
    page(&views::Terms { chrome })
}

/// `GET /sign-up`
pub async fn sign_up(State(shop): Books, Extension(visitor): Who) -> Response {
    let (session, chrome) = surroundings(&shop, &visitor, "/sign-up");
    if session.account.is_some() {
        return Redirect::to("/account").into_response();
    }
    page(&views::SignUp { chrome, name: String::new(), email: String::new(), problem: "" })
}

/// The form once more, with what was typed.
pub fn sign_up_again(shop: &Shop, visitor: &Visitor, name: &str, email: &str) -> Response {
    let (_, chrome) = surroundings(shop, visitor, "/sign-up");
    let problem = "We need a name and an e-mail address that can receive mail.";
    let form = views::SignUp { chrome, name: name.to_owned(), email: email.to_owned(), problem };
    (StatusCode::UNPROCESSABLE_ENTITY, page(&form)).into_response()
}

/// `GET /account`
pub async fn account(State(shop): Books, Extension(visitor): Who) -> Response {
    let (session, chrome) = surroundings(&shop, &visitor, "/account");
    let Some(account) = session.account else { return Redirect::to("/sign-up").into_response() };
    let outcome = Outcome::of_lead(&account.lead);
    page(&views::AccountPage { chrome, account, outcome, orders: session.orders })
}

/// `GET /cart`
pub async fn cart(State(shop): Books, Extension(visitor): Who) -> Response {
    cart_page(&shop, &visitor, "")
}

/// The checkout form once more.
pub fn cart_again(shop: &Shop, visitor: &Visitor) -> Response {
    let problem = "We need something in the cart, and an e-mail address for the receipt.";
    (StatusCode::UNPROCESSABLE_ENTITY, cart_page(shop, visitor, problem)).into_response()
}

fn cart_page(shop: &Shop, visitor: &Visitor, problem: &'static str) -> Response {
    let (session, chrome) = surroundings(shop, visitor, "/cart");
    let total = session.cart.iter().map(|tea| tea.price).sum();
    page(&views::Cart { chrome, items: session.cart, total, problem })
}

/// What an order's page was told by the handler that led to it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Told {
    refund: String,
}

/// `GET /orders/{id}`
pub async fn order(
    State(shop): Books,
    Extension(visitor): Who,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Response {
    let Some(order) = shop.books().order(&visitor.0, &id) else { return not_found(&shop, &visitor) };
    let outcome = latest(&shop, &order).await;
    let (_, chrome) = surroundings(&shop, &visitor, &format!("/orders/{id}"));
    let problem = if told.refund == "refused" {
        "That is not an amount between 0.01 and what remains of the order."
    } else {
        ""
    };
    page(&views::OrderPage { chrome, order, outcome, problem })
}

/// Asks Goodword how the commission stands now; if it does not answer, the first answer has to do.
async fn latest(shop: &Shop, order: &Order) -> Outcome {
    let Report::Taken(sale) = &order.sale else { return Outcome::of_sale(&order.sale) };
    match shop.goodword.get::<SaleOutput>(&format!("/v1/sales/{}", sale.id)).await {
        Ok(now) => Outcome::of_sale(&Report::Taken(Box::new(now))),
        Err(_) => Outcome { stale: true, ..Outcome::of_sale(&order.sale) },
    }
}

/// `GET /clock`: what the sandbox takes for now, for the bar at the top. The page does not wait for it.
pub async fn clock(State(shop): Books) -> Response {
    match shop.goodword.get::<SandboxClock>("/v1/sandbox/clock").await {
        Ok(clock) => Json(serde_json::json!({"now": moment(&clock.now)})).into_response(),
        Err(_) => (StatusCode::BAD_GATEWAY, Json(serde_json::json!({}))).into_response(),
    }
}

/// Any other address.
pub async fn missing(State(shop): Books, Extension(visitor): Who) -> Response {
    not_found(&shop, &visitor)
}

/// The page that says so.
pub fn not_found(shop: &Shop, visitor: &Visitor) -> Response {
    let (_, chrome) = surroundings(shop, visitor, "/");
    let text = "Perhaps it was another browser's order, or the path has moved.";
    (StatusCode::NOT_FOUND, page(&views::Message { chrome, title: "Nothing up here", text })).into_response()
}

fn surroundings(shop: &Shop, visitor: &Visitor, here: &str) -> (Session, Chrome) {
    let session = shop.books().session(&visitor.0);
    let chrome = Chrome::new(shop, &session, here);
    (session, chrome)
}
