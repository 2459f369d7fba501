//! What visitors do: each handler changes the shop's books first and tells Goodword afterwards.

use super::{
    Shop, Visitor, catalog, pages,
    report::Task,
    state::{Account, Order, Refund, Report, random},
};
use crate::money;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use goodword_wire::{LeadInput, RefundInput, SaleInput, SandboxClock, SandboxClockInput};
use serde::Deserialize;
use std::sync::Arc;

/// The sign-up form. `gw_click` is the hidden field that goodword.js puts into a form with `data-goodword`.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct SignUp {
    name: String,
    email: String,
    gw_click: String,
}

/// `POST /sign-up`
pub async fn sign_up(
    State(shop): State<Arc<Shop>>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<SignUp>,
) -> Response {
    let (name, email) = (form.name.trim(), form.email.trim());
    if name.is_empty() || name.chars().count() > 100 || !plausible(email) {
        return pages::sign_up_again(&shop, &visitor, name, email);
    }
    let id = format!("acct_{}", random(10));
    let account =
        Account { id: id.clone(), name: name.to_owned(), email: email.to_owned(), lead: Report::Waiting };
    shop.books().session_mut(&visitor.0).account = Some(account);
    let input = LeadInput {
        click_id: filled(&form.gw_click),
        event_name: Some("Sign up".to_owned()),
        customer_external_id: Some(id),
        customer_name: filled(name),
        customer_email: filled(email),
        ..LeadInput::default()
    };
    shop.report(Task::Lead { session: visitor.0, input }).await;
    Redirect::to("/account").into_response()
}

/// A tea by its name in the address.
#[derive(Deserialize)]
pub struct Pick {
    slug: String,
}

/// `POST /cart`
pub async fn add(
    State(shop): State<Arc<Shop>>,
    Extension(visitor): Extension<Visitor>,
    Form(pick): Form<Pick>,
) -> Redirect {
    let mut books = shop.books();
    let session = books.session_mut(&visitor.0);
    if let Some(tea) = catalog::find(&pick.slug).filter(|_| session.cart.len() < 20) {
        session.cart.push(tea);
    }
    Redirect::to("/cart")
}

/// `POST /cart/remove`
pub async fn remove(
    State(shop): State<Arc<Shop>>,
    Extension(visitor): Extension<Visitor>,
    Form(pick): Form<Pick>,
) -> Redirect {
    let mut books = shop.books();
    let cart = &mut books.session_mut(&visitor.0).cart;
    if let Some(at) = cart.iter().position(|tea| tea.slug == pick.slug) {
        cart.remove(at);
    }
    Redirect::to("/cart")
}

/// The checkout form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CheckOut {
    name: String,
    email: String,
    code: String,
    gw_click: String,
}

/// `POST /checkout`
pub async fn check_out(
    State(shop): State<Arc<Shop>>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<CheckOut>,
) -> Response {
    let session = shop.books().session(&visitor.0);
    let guest = session.account.is_none();
    if session.cart.is_empty() || (guest && !plausible(form.email.trim())) {
        return pages::cart_again(&shop, &visitor);
    }
    let order = Order {
        id: format!("AT-{}", random(7)),
        session: visitor.0,
        total: session.cart.iter().map(|tea| tea.price).sum(),
        items: session.cart,
        code: form.code.trim().chars().take(40).collect(),
        sale: Report::Waiting,
        refunds: vec![],
    };
    let input = sale(&order, session.account.as_ref(), &form);
    let (id, page) = (order.id.clone(), format!("/orders/{}", order.id));
    shop.books().place(order);
    shop.report(Task::Sale { order: id, input }).await;
    Redirect::to(&page).into_response()
}

/// What Goodword should know of an order: who, how much, which invoice, and what may have led here.
fn sale(order: &Order, account: Option<&Account>, form: &CheckOut) -> SaleInput {
    let guest = || format!("guest_{}", order.id);
    SaleInput {
        customer_external_id: Some(account.map_or_else(guest, |account| account.id.clone())),
        customer_name: account.map_or_else(|| filled(&form.name), |account| Some(account.name.clone())),
        customer_email: account.map_or_else(|| filled(&form.email), |account| Some(account.email.clone())),
        amount: Some(order.total),
        currency: Some("usd".to_owned()),
        invoice_id: Some(order.id.clone()),
        event_name: Some("Tea order".to_owned()),
        click_id: filled(&form.gw_click),
        code: filled(&order.code),
        ..SaleInput::default()
    }
}

/// How much to give back: empty means all that remains.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct GiveBack {
    amount: String,
}

/// `POST /orders/{id}/refund`
pub async fn refund(
    State(shop): State<Arc<Shop>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Form(form): Form<GiveBack>,
) -> Response {
    let Some(order) = shop.books().order(&visitor.0, &id) else { return pages::not_found(&shop, &visitor) };
    let Some(amount) = to_give_back(&form.amount, order.remaining()) else {
        return Redirect::to(&format!("/orders/{id}?refund=refused")).into_response();
    };
    let refund = Refund { id: format!("RF-{}", random(7)), amount, report: Report::Waiting };
    let input = RefundInput {
        invoice_id: Some(id.clone()),
        refund_id: Some(refund.id.clone()),
        amount: Some(amount),
        ..RefundInput::default()
    };
    if let Some(order) = shop.books().order_mut(&id) {
        order.refunds.push(refund);
    }
    shop.report(Task::Refund { order: id.clone(), input }).await;
    Redirect::to(&format!("/orders/{id}")).into_response()
}

fn to_give_back(asked: &str, remaining: i64) -> Option<i64> {
    let amount = if asked.trim().is_empty() { remaining } else { money::parse(asked)? };
    (1..=remaining).contains(&amount).then_some(amount)
}

/// How far to move the sandbox's clock, and where to go afterwards.
#[derive(Deserialize)]
pub struct Advance {
    days: i64,
    #[serde(default)]
    back: String,
}

/// `POST /clock`: only a demo's shop has this. It moves the vendor's sandbox clock through the public API.
pub async fn move_clock(State(shop): State<Arc<Shop>>, Form(form): Form<Advance>) -> Redirect {
    let input =
        SandboxClockInput { advance_days: Some(form.days.clamp(0, 366)), ..SandboxClockInput::default() };
    let moved = shop.goodword.post::<SandboxClock>("/v1/sandbox/clock", &input).await;
    let back = if local(&form.back) { form.back.as_str() } else { "/" };
    Redirect::to(&if moved.is_ok() { back.to_owned() } else { format!("{back}?clock=stuck") })
}

/// A path of our own, so that the form redirects nowhere else.
fn local(path: &str) -> bool {
    path.starts_with('/')
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte))
        && !path.starts_with("//")
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn plausible(email: &str) -> bool {
    email.len() <= 200
        && email.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::state::tests::order;

    #[test]
    fn what_is_given_back_is_within_what_remains() {
        assert_eq!(to_give_back("", 7_800), Some(7_800));
        assert_eq!(to_give_back("19.50", 7_800), Some(1_950));
        assert_eq!(to_give_back("78.01", 7_800), None);
        assert_eq!(to_give_back("0", 7_800), None);
        assert_eq!(to_give_back("", 0), None);
    }

    #[test]
    fn the_form_leads_nowhere_else() {
        assert!(local("/orders/AT-1"));
        assert!(!local("//evil.example"));
        assert!(!local("https://evil.example"));
        assert!(!local("/\\evil.example"));
    }

    #[test]
    fn a_guest_is_reported_with_click_code_and_invoice() {
        let mut order = order("me", "AT-1");
        order.code = "MARA".to_owned();
        let form =
            CheckOut { email: "a@b.example".to_owned(), gw_click: "clk_1".to_owned(), ..CheckOut::default() };
        let input = sale(&order, None, &form);
        assert_eq!(input.customer_external_id.as_deref(), Some("guest_AT-1"));
        assert_eq!((input.amount, input.invoice_id.as_deref()), (Some(7_800), Some("AT-1")));
        assert_eq!((input.code.as_deref(), input.click_id.as_deref()), (Some("MARA"), Some("clk_1")));
    }
}
