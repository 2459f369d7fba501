//! What this API shares with the public API of Dub, so that its SDKs work here: the addresses without `/v1`, the words for what
//! their lists do not have, and the fields they insist on.

use crate::app::Shared;
use crate::error::Error;
use axum::extract::{FromRequestParts, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use goodword_domain::enrollment::DEACTIVATED;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The first parts of addresses that are there without `/v1`, too.
const SHARED: [&str; 10] = [
    "analytics",
    "commissions",
    "customers",
    "events",
    "links",
    "partners",
    "payouts",
    "qr",
    "tokens",
    "track",
];

/// Addresses that are called otherwise by some SDKs: theirs, and ours.
const ALSO: [(&str, &str); 3] = [
    ("/program-applications", "/partners/applications"),
    // The browser script's own addresses for what its pages report.
    ("/track/lead/client", "/track/lead"),
    ("/track/sale/client", "/track/sale"),
];

/// In whose words an answer is. An SDK refuses a whole list for one word it does not know. So at an address without `/v1`, where
/// only SDKs ask, what they have no word for is told in the nearest they have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Words {
    /// Ours.
    #[default]
    Ours,
    /// Those of the public SDKs.
    Shared,
}

impl FromRequestParts<Shared> for Words {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

/// A request at an address that only SDKs know as one at ours; any other as it is.
pub fn with_version(mut request: Request) -> Request {
    let path = request.uri().path();
    let (version, path) = match path.strip_prefix("/v1/") {
        Some(rest) => (true, format!("/{rest}")),
        None => (false, path.to_owned()),
    };
    let other = ALSO.iter().find_map(|(theirs, ours)| {
        let rest = path.strip_prefix(theirs).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        Some(format!("{ours}{rest}"))
    });
    let first = path.split('/').nth(1).unwrap_or_default();
    if other.is_none() && (version || !SHARED.contains(&first)) {
        return request;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let address = format!("/v1{}{query}", other.unwrap_or(path));
    if let Ok(address) = address.parse::<Uri>() {
        *request.uri_mut() = address;
        if !version {
            request.extensions_mut().insert(Words::Shared);
        }
    }
    request
}

/// Which record is told, for the fields SDKs insist on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    Commission,
    Customer,
    Link,
    Partner,
    Payout,
}

impl Record {
    /// Fields that have no meaning here, and are there all the same.
    fn nulls(self) -> &'static [&'static str] {
        match self {
            Self::Commission => &["userId"],
            Self::Customer => &["discount", "subscriptionCanceledAt"],
            Self::Link => &[
                "expiresAt",
                "expiredUrl",
                "disabledAt",
                "password",
                "title",
                "description",
                "image",
                "video",
                "ios",
                "android",
                "geo",
                "tags",
                "folderId",
                "utm_source",
                "utm_medium",
                "utm_campaign",
                "utm_term",
                "utm_content",
                "testVariants",
                "testStartedAt",
                "testCompletedAt",
                "userId",
                "lastClicked",
                "tagId",
            ],
            Self::Partner => {
                &["username", "companyName", "paypalEmail", "stripeConnectId", "identityVerifiedAt"]
            }
            Self::Payout => &["invoiceId", "mode", "traceId", "user"],
        }
    }

    fn constants(self) -> Value {
        match self {
            Self::Link => json!({
                "archived": false, "proxy": false, "rewrite": false, "doIndex": false, "publicStats": false,
                "trackConversion": true, "webhookIds": [],
            }),
            _ => json!({}),
        }
    }

    /// A record in the full shape, where the second of two fields of one name counts.
    pub fn full(self, words: Words, record: &impl Serialize) -> Result<Value, Error> {
        let told = serde_json::to_value(record).map_err(|e| Error::internal(e.to_string()))?;
        let Value::Object(told) = told else { return Err(Error::internal("a record that is no object")) };
        let mut full: Map<String, Value> =
            self.nulls().iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
        if let Value::Object(constants) = self.constants() {
            full.extend(constants);
        }
        full.extend(told);
        if words == Words::Shared {
            self.translate(&mut full);
        }
        Ok(Value::Object(full))
    }

    /// The same of several.
    pub fn all(self, words: Words, records: &[impl Serialize]) -> Result<Vec<Value>, Error> {
        records.iter().map(|record| self.full(words, record)).collect()
    }

    /// Puts words that SDKs know in the place of those they do not.
    fn translate(self, record: &mut Map<String, Value>) {
        let told = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or_default();
        let (field, word) = match (self, told("status")) {
            (Self::Commission, "needs_rate") => ("status", json!("hold")),
            (Self::Payout, "returned") => ("status", json!("failed")),
            (Self::Partner, "banned") if told("reason") == DEACTIVATED => ("status", json!("deactivated")),
            _ => ("", Value::Null),
        };
        let other = match (self, told("type"), told("method")) {
            (Self::Commission, "bonus" | "correction" | "fund_claim", _) => ("type", json!("custom")),
            (Self::Payout, _, "paypal") => ("", Value::Null),
            (Self::Payout, _, "gift_card") => ("method", json!("tremendous")),
            (Self::Payout, ..) => ("method", Value::Null),
            _ => ("", Value::Null),
        };
        for (field, word) in [(field, word), other] {
            if !field.is_empty() {
                record.insert(field.to_owned(), word);
            }
        }
    }
}

/// The words of a status that SDKs ask for, in ours; none where nothing here can have it.
pub fn partner_status(word: &str) -> Option<(&str, Option<&'static str>)> {
    match word {
        "invited" | "declined" | "archived" => None,
        "deactivated" => Some(("banned", Some(DEACTIVATED))),
        _ => Some((word, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[track_caller]
    fn check(path: &str, becomes: Option<&str>) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        assert_eq!(with_version(request).uri().to_string(), becomes.unwrap_or(path), "{path}");
    }

    #[test]
    fn addresses_without_a_version() {
        check("/partners", Some("/v1/partners"));
        check("/partners/links?partnerId=ptn_1&x=%20", Some("/v1/partners/links?partnerId=ptn_1&x=%20"));
        check("/track/lead/client", Some("/v1/track/lead"));
        check("/customers/client", Some("/v1/customers/client"));
        check("/program-applications/approve", Some("/v1/partners/applications/approve"));
        check("/v1/program-applications?page=2", Some("/v1/partners/applications?page=2"));
        for nothing in
            ["/v1/partners", "/program-applicationsx", "/", "/programs", "/partnersx", "/console/partners"]
        {
            check(nothing, None);
        }
    }

    #[test]
    fn words_that_sdks_know() {
        let told = |record: Record, words, value: Value| record.full(words, &value).unwrap();
        let waiting = json!({ "type": "bonus", "status": "needs_rate" });
        let ours = told(Record::Commission, Words::Ours, waiting.clone());
        assert_eq!((&ours["type"], &ours["status"]), (&json!("bonus"), &json!("needs_rate")));
        let shared = told(Record::Commission, Words::Shared, waiting);
        assert_eq!((&shared["type"], &shared["status"]), (&json!("custom"), &json!("hold")));
        let payout = json!({ "status": "returned", "method": "sepa" });
        let payout = told(Record::Payout, Words::Shared, payout);
        assert_eq!((&payout["status"], &payout["method"]), (&json!("failed"), &Value::Null));
        let left = json!({ "status": "banned", "reason": "deactivated" });
        assert_eq!(told(Record::Partner, Words::Shared, left)["status"], "deactivated");
        let put_out = json!({ "status": "banned", "reason": "fraud" });
        assert_eq!(told(Record::Partner, Words::Shared, put_out)["status"], "banned");
    }

    #[test]
    fn what_is_told_stands_before_what_is_not() {
        let full = Record::Link.full(Words::Ours, &json!({ "archived": true })).unwrap();
        assert_eq!((&full["archived"], &full["proxy"]), (&json!(true), &json!(false)));
        assert!(full["password"].is_null() && full.get("password").is_some());
    }
}
