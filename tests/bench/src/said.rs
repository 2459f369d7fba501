//! What is said to a rival and by it: the same shapes as Goodword's, as far as the bench uses them.

use serde::{Deserialize, Serialize};

/// A page reports a click.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClickInput {
    pub key: String,
    pub url: Option<String>,
    pub referrer: Option<String>,
    pub visitor_id: Option<String>,
}

/// The click that was stored.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClickOutput {
    pub click_id: String,
    pub duplicate: bool,
    pub partner: Partner,
    pub link: LinkRef,
}

#[derive(Serialize)]
pub struct Partner {
    pub id: String,
    pub name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRef {
    pub id: String,
    pub key: String,
    pub url: String,
    pub short_link: String,
}

/// A server reports a sale.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SaleInput {
    pub customer_external_id: String,
    pub customer_email: Option<String>,
    pub invoice_id: String,
    pub amount: i64,
    pub click_id: Option<String>,
    pub code: Option<String>,
}

/// The sale that was stored.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SaleOutput {
    pub id: String,
    pub event_name: &'static str,
    pub customer: Customer,
    pub sale: Sale,
    pub partner: Option<Partner>,
    pub credited: bool,
    pub reason: &'static str,
    pub commission: Option<Commission>,
    pub touchpoints: Vec<Touchpoint>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    pub id: String,
    pub external_id: String,
    pub email: Option<String>,
    pub created_at: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sale {
    pub amount: i64,
    pub currency: &'static str,
    pub payment_processor: &'static str,
    pub invoice_id: String,
    pub refunded: i64,
    pub created_at: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Commission {
    pub id: String,
    pub amount: i64,
    pub earnings: i64,
    pub currency: &'static str,
    pub status: &'static str,
    pub percentage: &'static str,
    pub created_at: &'static str,
    pub clears_at: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Touchpoint {
    pub kind: &'static str,
    pub partner_id: String,
    pub link_id: String,
    pub verdict: &'static str,
    pub at: &'static str,
}

/// An instant as long as any other: a rival's clock is not what is measured.
pub const THEN: &str = "2026-03-01T09:00:00.000Z";

/// The answer to a click, whoever stored it.
pub fn click(click_id: String, key: String) -> ClickOutput {
    ClickOutput {
        click_id,
        duplicate: false,
        partner: Partner { id: "pn_0000000000000000000000000".into(), name: "Partner BENCH000".into() },
        link: LinkRef {
            id: "link_0000000000000000000000000".into(),
            short_link: format!("http://127.0.0.1:7700/r/{key}"),
            url: "https://shop.example/".into(),
            key,
        },
    }
}

/// The answer to a sale, with whom it credits.
pub fn sale(id: String, input: SaleInput, partner: Option<String>) -> SaleOutput {
    let touchpoint = |partner_id: &String| Touchpoint {
        kind: if input.click_id.is_some() { "click" } else { "code" },
        partner_id: partner_id.clone(),
        link_id: "link_0000000000000000000000000".into(),
        verdict: "credited",
        at: THEN,
    };
    SaleOutput {
        id,
        event_name: "Purchase",
        touchpoints: partner.iter().map(touchpoint).collect(),
        credited: partner.is_some(),
        reason: if partner.is_some() { "last_click" } else { "nobody" },
        commission: partner.is_some().then(|| Commission {
            id: "com_0000000000000000000000000".into(),
            amount: input.amount,
            earnings: input.amount / 5,
            currency: "usd",
            status: "pending",
            percentage: "20",
            created_at: THEN,
            clears_at: THEN,
        }),
        partner: partner.map(|id| Partner { id, name: "Partner BENCH000".into() }),
        customer: Customer {
            id: "cus_0000000000000000000000000".into(),
            external_id: input.customer_external_id,
            email: input.customer_email,
            created_at: THEN,
        },
        sale: Sale {
            amount: input.amount,
            currency: "usd",
            payment_processor: "custom",
            invoice_id: input.invoice_id,
            refunded: 0,
            created_at: THEN,
        },
    }
}
