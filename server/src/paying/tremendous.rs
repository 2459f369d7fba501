//! Gift cards of Tremendous: a JSON array of orders, each the body of one `POST /api/v2/orders`. An order is of one reward
//! and bears the payout's id as `external_id`, so an order that is sent again is the same order. Source:
//! <https://developers.tremendous.com/reference/create-order>.

use super::{Choice, File, GiftCards, Line};
use crate::error::Error;
use goodword_domain::payout::method::Method;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Order<'a> {
    external_id: &'a str,
    payment: Payment<'a>,
    reward: Reward<'a>,
}

#[derive(Serialize)]
struct Payment<'a> {
    funding_source_id: &'a str,
}

#[derive(Serialize)]
struct Reward<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<&'a [String]>,
    value: Value,
    recipient: Recipient<'a>,
    delivery: Delivery,
}

#[derive(Serialize)]
struct Value {
    /// A number that never was a float: its text is written as it is.
    denomination: Box<RawValue>,
    currency_code: String,
}

#[derive(Serialize)]
struct Recipient<'a> {
    name: &'a str,
    email: &'a str,
}

#[derive(Serialize)]
struct Delivery {
    method: &'static str,
}

/// The orders.
pub fn write(file: &File, cards: &GiftCards) -> Result<Vec<u8>, Error> {
    if matches!(&cards.choice, Choice::Products(products) if products.is_empty()) {
        return Err(Error::field("products", "must name at least one product, or a campaign instead."));
    }
    let orders = file.lines.iter().map(|line| order(file, cards, line)).collect::<Result<Vec<_>, _>>()?;
    serde_json::to_vec_pretty(&orders).map_err(failed)
}

fn order<'a>(file: &File, cards: &'a GiftCards, line: &'a Line) -> Result<Order<'a>, Error> {
    let Method::GiftCard { email } = &line.method else { return Err(line.misplaced(file)) };
    let (campaign_id, products) = match &cards.choice {
        Choice::Campaign(id) => (Some(id.as_str()), None),
        Choice::Products(ids) => (None, Some(ids.as_slice())),
    };
    let denomination = RawValue::from_string(file.decimal(line.amount)).map_err(failed)?;
    Ok(Order {
        external_id: &line.id,
        payment: Payment { funding_source_id: &cards.funding_source },
        reward: Reward {
            campaign_id,
            products,
            value: Value { denomination, currency_code: file.currency.to_string() },
            recipient: Recipient { name: &line.partner_name, email: email.as_str() },
            delivery: Delivery { method: "EMAIL" },
        },
    })
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, refusal, text};
    use super::super::{Format, GiftCards};
    use super::*;
    use serde_json::{Value as Json, json};

    fn cards(choice: Choice) -> Format {
        Format::Tremendous(GiftCards { funding_source: "balance".into(), choice })
    }

    #[test]
    fn the_body_of_an_order() {
        let orders: Json =
            serde_json::from_str(&text(&file(cards(Choice::Campaign("CAMP1".into())), "usd"))).unwrap();
        assert_eq!(orders.as_array().unwrap().len(), 2);
        let expected = json!({
            "external_id": "pyt_00000000000000000000000000000001",
            "payment": { "funding_source_id": "balance" },
            "reward": {
                "campaign_id": "CAMP1",
                "value": { "denomination": 12.34, "currency_code": "USD" },
                "recipient": { "name": "Maya Núñez", "email": "maya@example.com" },
                "delivery": { "method": "EMAIL" },
            },
        });
        assert_eq!(orders[0], expected);
    }

    #[test]
    fn amounts_are_numbers_with_the_digits_of_their_currency() {
        for (currency, amount) in [("jpy", "1234"), ("usd", "12.34"), ("kwd", "1.234"), ("clf", "0.1234")] {
            let written = text(&file(cards(Choice::Campaign("C".into())), currency));
            assert!(written.contains(&format!("\"denomination\": {amount},")), "{written}");
        }
    }

    #[test]
    fn products_instead_of_a_campaign() {
        let chosen = Choice::Products(vec!["OKMHM2X2OHYV".into()]);
        let orders: Json = serde_json::from_str(&text(&file(cards(chosen), "usd"))).unwrap();
        assert_eq!(orders[0]["reward"]["products"], json!(["OKMHM2X2OHYV"]));
        assert!(orders[0]["reward"].get("campaign_id").is_none());
        assert!(refusal(&file(cards(Choice::Products(Vec::new())), "usd")).contains("products"));
    }
}
