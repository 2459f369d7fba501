//! The `OpenAPI` document: what the routes say of themselves, and what holds for all of them, told once.
//!
//! A route tells its fields and its answers. Who may ask, which refusals there are, what the operation is called and which
//! headers come with it follow from its method and address; so no route can forget to say it.

mod answers;
mod callers;

use crate::error::Error;
use crate::manners;
use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// What the sections of the API are about.
const TAGS: &[(&str, &str)] = &[
    ("track", "Clicks, sign-ups, sales, refunds and disputes: reported, and read again."),
    ("links", "Links and their QR codes."),
    ("partners", "Who recommends: partners, their links and their statements."),
    ("programs", "Programs, their terms, groups, budgets and exchange rates."),
    ("customers", "Who was referred."),
    ("commissions", "What partners earn."),
    ("payouts", "What is due, and how it is paid."),
    ("reviews", "What looks wrong, and what somebody decided about it."),
    ("claims", "What somebody says should have been credited."),
    ("analytics", "Figures, events and attribution models."),
    ("webhooks", "Where the vendor's own servers hear of what happens."),
    ("funds", "Money that partners ask for, and claim with proof."),
    ("registrations", "Deals that partners register, and are protected for."),
    ("points", "What partners earn besides money, and what it is redeemed for."),
    ("splits", "How a sale is shared, agreed among those who share it."),
    ("settlements", "What is paid for all that a partner brought in a period."),
    ("triggers", "What is done when something happens."),
    ("integrations", "Payment providers, and what they may tell."),
    ("hooks", "Where payment providers tell what was paid."),
    ("imports", "What comes from other programs."),
    ("ledger", "Accounts and transfers."),
    ("sandbox", "The clock of the sandbox."),
    ("settings", "Keys and origins."),
    ("session", "Logging in to the console."),
    ("security", "One's own password, authenticator and sessions."),
    ("people", "Who may log in, and what each may."),
    ("audit", "Who changed what."),
    ("embed", "What the widget asks for on a vendor's page."),
];

/// The document as it is served, from what the routes say.
pub fn complete(mut document: Value) -> Result<Value, Error> {
    document["info"]["title"] = json!("Goodword");
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["info"]["license"] = json!({ "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" });
    document["info"]["description"] = json!(concat!(
        "Referral and affiliate software that you host yourself.\n\n",
        "JSON in camelCase; amounts in minor units. Lists are cut into pages by `pageSize` and `startingAfter`. ",
        "A POST under an `Idempotency-Key` is done once. www/docs/api.md in the repository tells the habits all routes share."
    ));
    document["servers"] = json!([{ "url": "/", "description": "The server that gave you this document." }]);
    for (path, operations) in object(&mut document["paths"])? {
        for (method, operation) in object(operations)?.iter_mut() {
            if METHODS.contains(&method.as_str()) {
                describe(method, path, operation)?;
            }
        }
    }
    let used = used_tags(&document);
    document["tags"] = used.iter().map(|tag| json!({ "name": tag, "description": about(tag) })).collect();
    let components = object(&mut document["components"])?;
    components.insert("securitySchemes".into(), callers::schemes());
    components.insert("responses".into(), answers::refusals());
    components.insert("headers".into(), answers::headers());
    components.insert("parameters".into(), answers::parameters());
    for schema in object(&mut components["schemas"])?.values_mut() {
        plain_defaults(schema);
    }
    Ok(document)
}

fn describe(method: &str, path: &str, operation: &mut Value) -> Result<(), Error> {
    operation["operationId"] = json!(name(method, path));
    operation["security"] = callers::of(method, path);
    let takes_body = operation.get("requestBody").is_some();
    answers::complete(method, path, takes_body, object(&mut operation["responses"])?);
    if method == "post" && manners::takes_key(path) {
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        operation["parameters"] = parameters.into_iter().chain([key]).collect();
    }
    Ok(())
}

/// What an operation is called: `getPartnersId`, `postTrackSale`. It follows from the address, which no two share.
fn name(method: &str, path: &str) -> String {
    let words =
        path.trim_start_matches("/v1").split(['/', '-', '{', '}', '.']).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |name, word| {
        let (first, rest) = word.split_at(1);
        name + &first.to_ascii_uppercase() + rest
    })
}

/// The tags that operations have, in the order of [`TAGS`], then whatever that list does not know.
fn used_tags(document: &Value) -> Vec<String> {
    let operations = document["paths"].as_object().into_iter().flatten().filter_map(|(_, o)| o.as_object());
    let mut tags: Vec<String> = operations
        .flat_map(Map::values)
        .filter_map(|operation| operation["tags"][0].as_str().map(str::to_owned))
        .collect();
    let place = |tag: &str| TAGS.iter().position(|(name, _)| *name == tag).unwrap_or(TAGS.len());
    tags.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    tags.dedup();
    tags
}

fn about(tag: &str) -> &str {
    TAGS.iter().find(|(name, _)| *name == tag).map_or("", |(_, about)| about)
}

/// A field that need not be sent has no value of its own; `null` as one says nothing.
fn plain_defaults(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("default").is_some_and(Value::is_null) && fields.len() > 1 {
                fields.remove("default");
            }
            fields.values_mut().for_each(plain_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_defaults),
        _ => {}
    }
}

fn object(value: &mut Value) -> Result<&mut Map<String, Value>, Error> {
    value.as_object_mut().ok_or_else(|| Error::internal("the OpenAPI document has another shape"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_by_its_method_and_address() {
        assert_eq!(name("get", "/v1/partners"), "getPartners");
        assert_eq!(name("get", "/v1/partners/{id}/payout-method"), "getPartnersIdPayoutMethod");
        assert_eq!(name("post", "/v1/embed/sign-in"), "postEmbedSignIn");
    }

    #[test]
    fn a_default_of_nothing_is_left_out_and_a_field_of_that_name_is_not() {
        let mut schema = json!({ "properties": { "default": { "type": "string", "default": null } } });
        plain_defaults(&mut schema);
        assert_eq!(schema, json!({ "properties": { "default": { "type": "string" } } }));
    }
}
