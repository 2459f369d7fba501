//! What the templates are given. Askama escapes every value it writes into a page.

use super::{
    Shop,
    catalog::Tea,
    state::{Account, Order, Report, Session},
};
use crate::money::{day, moment};
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use goodword_wire::{LeadOutput, SaleOutput};

/// What surrounds every page.
pub struct Chrome {
    /// Goodword's address.
    pub goodword: String,
    /// The key in the script tag.
    pub key: String,
    /// The blog's address.
    pub blog: String,
    /// How many things are in the cart.
    pub cart: usize,
    /// The name of who signed up in this browser, or empty.
    pub name: String,
    /// Reports that wait for Goodword.
    pub waiting: usize,
    /// Where the clock's buttons lead back to.
    pub here: String,
}

impl Chrome {
    /// For a page at `here`.
    pub fn new(shop: &Shop, session: &Session, here: &str) -> Self {
        Self {
            goodword: shop.config.goodword.clone(),
            key: shop.config.publishable_key.clone(),
            blog: shop.config.blog.clone(),
            cart: session.cart.len(),
            name: session.account.as_ref().map(|account| account.name.clone()).unwrap_or_default(),
            waiting: shop.books().queue.len(),
            here: here.to_owned(),
        }
    }
}

/// The shelf.
#[derive(Template)]
#[template(path = "shop/home.html")]
pub struct Home {
    pub chrome: Chrome,
    pub shelf: &'static [Tea],
}

/// One tea.
#[derive(Template)]
#[template(path = "shop/tea.html")]
pub struct OneTea {
    pub chrome: Chrome,
    pub tea: &'static Tea,
}

/// The cart with the checkout form.
#[derive(Template)]
#[template(path = "shop/cart.html")]
pub struct Cart {
    pub chrome: Chrome,
    pub items: Vec<&'static Tea>,
    pub total: i64,
    pub problem: &'static str,
}

/// The sign-up form.
#[derive(Template)]
#[template(path = "shop/sign_up.html")]
pub struct SignUp {
    pub chrome: Chrome,
    pub name: String,
    pub email: String,
    pub problem: &'static str,
}

/// The page for partners, with their elements.
#[derive(Template)]
#[template(path = "shop/partners.html")]
pub struct Partners {
    pub chrome: Chrome,
}

/// Every element of the widget, to try its looks on.
#[derive(Template)]
#[template(path = "shop/theme.html")]
pub struct Theme {
    pub chrome: Chrome,
    pub code: String,
}

/// The partners' terms.
#[derive(Template)]
#[template(path = "shop/terms.html")]
pub struct Terms {
    pub chrome: Chrome,
}

/// Who signed up, and what came of it.
#[derive(Template)]
#[template(path = "shop/account.html")]
pub struct AccountPage {
    pub chrome: Chrome,
    pub account: Account,
    pub outcome: Outcome,
    pub orders: Vec<String>,
}

/// An order, and what came of it.
#[derive(Template)]
#[template(path = "shop/order.html")]
pub struct OrderPage {
    pub chrome: Chrome,
    pub order: Order,
    pub outcome: Outcome,
    pub problem: &'static str,
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "shop/message.html")]
pub struct Message {
    pub chrome: Chrome,
    pub title: &'static str,
    pub text: &'static str,
}

/// What Goodword made of a report, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// `waiting`, `refused`, `credited` or `uncredited`.
    pub state: &'static str,
    /// The partner's name.
    pub partner: String,
    /// Why, as Goodword says it.
    pub reason: String,
    /// The commission, in cents as it stands now.
    pub commission: Option<i64>,
    /// The commission's status word.
    pub status: String,
    /// The same for people.
    pub status_text: String,
    /// How it was computed.
    pub arithmetic: String,
    /// Everything considered: kind, partner, when, verdict.
    pub touchpoints: Vec<[String; 4]>,
    /// Whether these are the latest figures or the ones from the order.
    pub stale: bool,
}

impl Outcome {
    /// Of a sign-up.
    pub fn of_lead(report: &Report<LeadOutput>) -> Self {
        Self::of(report, |lead| {
            let partner = lead.partner.as_ref().map(|partner| partner.name.clone());
            Self::answered(lead.credited, partner, &lead.reason, lead.commission.as_ref())
        })
    }

    /// Of a sale.
    pub fn of_sale(report: &Report<SaleOutput>) -> Self {
        Self::of(report, |sale| {
            let partner = sale.partner.as_ref().map(|partner| partner.name.clone());
            let touchpoints = sale.touchpoints.iter().map(|touch| {
                [touch.kind.clone(), touch.partner.name.clone(), moment(&touch.at), words(&touch.verdict)]
            });
            Self {
                touchpoints: touchpoints.collect(),
                ..Self::answered(sale.credited, partner, &sale.reason, sale.commission.as_ref())
            }
        })
    }

    fn of<T>(report: &Report<T>, taken: impl FnOnce(&T) -> Self) -> Self {
        match report {
            Report::Waiting => Self { state: "waiting", ..Self::default() },
            Report::Refused(why) => Self { state: "refused", reason: why.clone(), ..Self::default() },
            Report::Taken(answer) => taken(answer),
        }
    }

    fn answered(
        credited: bool,
        partner: Option<String>,
        reason: &str,
        commission: Option<&goodword_wire::Commission>,
    ) -> Self {
        Self {
            state: if credited { "credited" } else { "uncredited" },
            partner: partner.unwrap_or_default(),
            reason: words(reason),
            commission: commission.map(|commission| commission.earnings),
            status: commission.map(|commission| commission.status.clone()).unwrap_or_default(),
            status_text: commission.map(|one| status(&one.status, &one.clears_at)).unwrap_or_default(),
            arithmetic: commission.map(|commission| commission.arithmetic.clone()).unwrap_or_default(),
            ..Self::default()
        }
    }
}

fn words(reason: &str) -> String {
    reason.replace('_', " ")
}

fn status(status: &str, clears_at: &str) -> String {
    match status {
        "pending" => format!("Held until {}", day(clears_at)),
        "processed" => "Payable".to_owned(),
        "paid" => "Paid".to_owned(),
        "refunded" => "Taken back".to_owned(),
        "canceled" => "Canceled".to_owned(),
        other => other.to_owned(),
    }
}

/// A rendered page, or a plain apology.
pub fn page(template: &impl Template) -> Response {
    template.render().map_or_else(
        |_| (axum::http::StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.").into_response(),
        |text| Html(text).into_response(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chrome(name: &str) -> Chrome {
        let text = |text: &str| text.to_owned();
        Chrome {
            goodword: text("http://127.0.0.1:7700"),
            key: text("pk_test_1"),
            blog: text("http://blog.localhost:7702"),
            cart: 0,
            name: text(name),
            waiting: 0,
            here: text("/"),
        }
    }

    #[test]
    fn what_people_type_is_escaped() {
        let (name, email) = ("\"><script>alert(1)</script>".to_owned(), "a'b<c".to_owned());
        let html = SignUp { chrome: chrome("<b>Eve</b>"), name, email, problem: "" }.render().unwrap();
        assert!(!html.contains("<script>alert") && !html.contains("<b>Eve") && !html.contains("b<c"));
    }

    #[test]
    fn every_page_carries_the_tag() {
        let html = Partners { chrome: chrome("") }.render().unwrap();
        assert!(html.contains(
            r#"<script async src="http://127.0.0.1:7700/goodword.js" data-key="pk_test_1"></script>"#
        ));
        assert!(html.contains("<goodword-join") && html.contains("<goodword-share"));
    }

    #[test]
    fn states_are_said_in_words() {
        assert_eq!(status("pending", "2026-09-18T16:28:25.000Z"), "Held until 18 Sep 2026");
        assert_eq!(Outcome::of_sale(&Report::Waiting).state, "waiting");
        assert_eq!(Outcome::of_lead(&Report::Refused("no".to_owned())).reason, "no");
    }
}
