//! Erasing a person: the rows about him or her, and every text that is kept and tells who it was. Ids, amounts and times stay, for
//! they are bookkeeping and tell of nobody once the rest is gone.

use crate::error::Error;
use crate::store::{Customer, Partner, Tx};
use goodword_domain::id::{CustomerId, PartnerId, VendorId};
use goodword_domain::time::Instant;
use serde_json::Value;

/// What a partner is called when he or she is nobody any more.
const FORMER: &str = "Former partner";

/// Fields that tell who somebody is, of the objects that have his or her id.
const PERSONAL: [&str; 13] = [
    "answers",
    "avatar",
    "companyName",
    "country",
    "description",
    "email",
    "externalId",
    "image",
    "metadata",
    "name",
    "shownAs",
    "tenantId",
    "username",
];

/// Somebody to be forgotten.
struct Person {
    id: String,
    email: Option<String>,
    name: Option<String>,
    is_customer: bool,
}

/// Erases a partner.
pub fn partner(tx: &mut Tx<'_>, partner: &Partner, at: Instant) -> Result<(), Error> {
    let person = Person {
        id: partner.id.to_string(),
        email: Some(partner.email.clone()),
        name: Some(partner.name.clone()),
        is_customer: false,
    };
    person.forget(tx, &partner.vendor)?;
    Ok(tx.erase_partner(partner, at)?)
}

/// Erases a customer.
pub fn customer(tx: &mut Tx<'_>, customer: &Customer) -> Result<(), Error> {
    let person = Person {
        id: customer.id.to_string(),
        email: customer.email.clone(),
        name: customer.name.clone(),
        is_customer: true,
    };
    person.forget(tx, &customer.vendor)?;
    for (key, text) in tx.answers_about(&customer.id)? {
        let as_id = if key[3] == "lead" { person.id.clone() } else { key[2].clone() };
        tx.set_answer(&key, &as_id, &person.taken_out_of(&text)?)?;
    }
    for (field, value) in [("email", &customer.email), ("external_id", &customer.external_id)] {
        if let Some(value) = value {
            tx.forget_buyer(&customer.vendor, &format!("\"{field}\":{}", Value::from(value.as_str())))?;
        }
    }
    Ok(tx.erase_customer(&customer.id)?)
}

impl Person {
    /// Takes the person out of every text that is kept.
    fn forget(&self, tx: &mut Tx<'_>, vendor: &VendorId) -> Result<(), Error> {
        // Before the events: by what they tell the runs are found.
        let word = self.email.as_deref().unwrap_or(&self.id);
        for (run, detail) in tx.runs_that_tell(vendor, &self.id, word)? {
            tx.set_run_text(&run, &self.taken_out_of(&detail)?)?;
        }
        for (event, body) in tx.events_that_tell(vendor, &self.id)? {
            tx.set_event_text(&event, &self.taken_out_of(&body)?)?;
        }
        for (key, answer) in tx.answers_that_tell(&self.id)? {
            tx.set_keyed_answer(&key, &self.taken_out_of(&answer)?)?;
        }
        Ok(())
    }

    /// A text of JSON that tells nothing of the person any more.
    fn taken_out_of(&self, text: &str) -> Result<String, Error> {
        let broken = |e: serde_json::Error| Error::internal(format!("a stored text is broken: {e}"));
        let mut value: Value = serde_json::from_str(text).map_err(broken)?;
        self.take_out(&mut value);
        serde_json::to_string(&value).map_err(broken)
    }

    fn take_out(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                let is_own = fields.get("id").and_then(Value::as_str) == Some(&self.id);
                // Somebody else may be called the same.
                let is_another =
                    fields.get("id").and_then(Value::as_str).is_some_and(|id| self.is_another(id));
                let is_anothers = |name: &str| is_another && name == "name";
                // What was written beside a claim or a grant of his or hers.
                let is_about = fields.get("partner").and_then(|p| p["id"].as_str()) == Some(&self.id);
                for (name, field) in fields {
                    let is_personal = PERSONAL.contains(&name.as_str());
                    // What was handed over for points may be an address.
                    let is_word = is_about && (name == "note" || name == "reference");
                    if is_about && name == "trail" {
                        without_notes(field);
                    }
                    if (is_own && is_personal) || is_word || (self.is_customer && name == "metadata") {
                        *field = self.in_place_of(name, field);
                    } else if self.is_called(field)
                        && name.to_lowercase().ends_with("name")
                        && !is_anothers(name)
                    {
                        *field = self.in_place_of("name", field);
                    } else if self.is_customer && name == "customer" && field.is_object() {
                        self.take_out_whole(field);
                    } else {
                        self.take_out(field);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.take_out(item)),
            Value::String(text) => self.take_out_words(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Of a customer whose events these are every field that tells something.
    fn take_out_whole(&self, customer: &mut Value) {
        if let Value::Object(fields) = customer {
            for (name, field) in fields {
                if PERSONAL.contains(&name.as_str()) {
                    *field = self.in_place_of(name, field);
                } else {
                    self.take_out(field);
                }
            }
        }
    }

    /// The address, also in a sentence.
    fn take_out_words(&self, text: &mut String) {
        let Some(email) = self.email.as_deref().filter(|email| !email.is_empty()) else { return };
        if text.contains(email) {
            *text = text.replace(email, &self.nobody());
        }
    }

    fn is_called(&self, field: &Value) -> bool {
        field.as_str() == self.name.as_deref()
    }

    /// Whether an id is that of another person.
    fn is_another(&self, id: &str) -> bool {
        let kind = id.split('_').next().unwrap_or_default();
        id != self.id && [PartnerId::PREFIX, CustomerId::PREFIX].contains(&kind)
    }

    fn nobody(&self) -> String {
        format!("{}@erased.invalid", self.id)
    }

    /// What stands in the place of a field: of its kind, for the readers of partners want a name and an address.
    fn in_place_of(&self, name: &str, field: &Value) -> Value {
        match (name, field) {
            ("name", _) if !self.is_customer => FORMER.into(),
            ("email", Value::String(_)) if !self.is_customer => self.nobody().into(),
            (_, Value::Object(_)) if name != "metadata" => Value::Object(serde_json::Map::new()),
            _ => Value::Null,
        }
    }
}

/// What happened to a claim, without the words.
fn without_notes(trail: &mut Value) {
    for step in trail.as_array_mut().into_iter().flatten() {
        if let Some(note) = step.get_mut("note") {
            *note = Value::Null;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn maya() -> Person {
        Person {
            id: "ptn_1".into(),
            email: Some("maya@x.example".into()),
            name: Some("Maya".into()),
            is_customer: false,
        }
    }

    fn without(person: &Person, value: &Value) -> Value {
        serde_json::from_str(&person.taken_out_of(&value.to_string()).unwrap()).unwrap()
    }

    #[test]
    fn a_partner_is_taken_out_of_what_was_told() {
        let told = json!({ "type": "sale.created", "data": {
            "partner": { "id": "ptn_1", "name": "Maya", "email": "maya@x.example", "answers": { "site": "x" }, "status": "approved" },
            "commissions": [{ "earnings": 200, "partnerName": "Maya", "partner": { "id": "ptn_2", "name": "Ben" } }],
            "customer": { "id": "cus_1", "name": "Ann" }, "says": "Mailed to maya@x.example.", "note": "I am Maya of the blog", "trail": [{ "by": "partner", "note": "Me" }]
        } });
        let left = without(&maya(), &told);
        assert_eq!(
            left["data"]["partner"],
            json!({ "id": "ptn_1", "name": FORMER, "email": "ptn_1@erased.invalid", "answers": {}, "status": "approved" })
        );
        assert_eq!(left["data"]["commissions"][0]["partnerName"], FORMER);
        assert_eq!(left["data"]["commissions"][0]["partner"]["name"], "Ben");
        assert_eq!(
            (&left["data"]["customer"]["name"], &left["type"]),
            (&json!("Ann"), &json!("sale.created"))
        );
        assert_eq!(left["data"]["says"], "Mailed to ptn_1@erased.invalid.");
        assert_eq!(left["data"]["note"], Value::Null);
        assert_eq!(left["data"]["trail"], json!([{ "by": "partner", "note": null }]));
    }

    #[test]
    fn a_customer_is_taken_out_with_what_was_attached() {
        let ann = Person {
            id: "cus_1".into(),
            email: Some("ann@y.example".into()),
            name: Some("Ann".into()),
            is_customer: true,
        };
        let told = json!({
            "id": "sal_1", "amount": 500, "metadata": { "street": "Elm 1" },
            "customer": { "id": "cus_1", "name": "Ann", "email": "ann@y.example", "externalId": "u-1", "avatar": null,
                          "partner": { "id": "ptn_1", "name": "Maya" } }
        });
        assert_eq!(
            without(&ann, &told),
            json!({
                "id": "sal_1", "amount": 500, "metadata": null,
                "customer": { "id": "cus_1", "name": null, "email": null, "externalId": null, "avatar": null,
                              "partner": { "id": "ptn_1", "name": "Maya" } }
            })
        );
    }

    #[test]
    fn somebody_else_of_the_same_name_keeps_it() {
        let ann = Person { id: "cus_1".into(), email: None, name: Some("Ann".into()), is_customer: true };
        let told = json!({
            "customer": { "id": "cus_1", "name": "Ann" }, "customerName": "Ann",
            "partner": { "id": "ptn_1", "name": "Ann" }, "touchpoints": [{ "partner": { "id": "ptn_1", "name": "Ann" } }]
        });
        assert_eq!(
            without(&ann, &told),
            json!({
                "customer": { "id": "cus_1", "name": null }, "customerName": null,
                "partner": { "id": "ptn_1", "name": "Ann" }, "touchpoints": [{ "partner": { "id": "ptn_1", "name": "Ann" } }]
            })
        );
    }

    #[test]
    fn what_is_no_json_is_not_kept_in_silence() {
        assert!(maya().taken_out_of("maya@x.example").is_err());
    }
}
