//! Who may ask what, as the document says it. A test asks every route as everybody who may not.

use serde_json::{Value, json};

/// The ways of saying who asks.
pub fn schemes() -> Value {
    json!({
        "secretKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "A secret key, `sk_live_…` or `sk_test_…`: from servers only."
        },
        "publishableKey": {
            "type": "apiKey",
            "in": "query",
            "name": "pk",
            "description": "A publishable key, `pk_live_…` or `pk_test_…`: from pages of an allowed origin."
        },
        "partnerToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "A partner's token, as the widget gets it by joining or signing in; good for 15 minutes."
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "gw_session",
            "description": "A session of the console. Whatever changes something also needs the header `Goodword-Console: 1`."
        }
    })
}

/// Who may ask for an operation; any one of them is enough.
pub fn of(method: &str, path: &str) -> Value {
    if path == "/v1/qr" {
        // Our own links are drawn for anybody.
        return json!([{}, { "secretKey": [] }, { "publishableKey": [] }]);
    }
    let names: &[&str] = match path {
        "/v1/session" if method == "post" => &[],
        "/v1/session" => &["session"],
        "/v1/session/join" | "/v1/session/forgot" | "/v1/session/reset" => &[],
        own if ["/v1/security", "/v1/people", "/v1/audit"].iter().any(|start| own.starts_with(start)) => {
            &["session"]
        }
        "/v1/keys" if method == "get" => &["secretKey", "session"],
        own if own.starts_with("/v1/keys") => &["session"],
        "/v1/track/click" | "/v1/track/lead" => &["secretKey", "session", "publishableKey"],
        "/v1/embed/config" | "/v1/embed/offer" | "/v1/embed/leaderboard" => &["publishableKey", "secretKey"],
        "/v1/embed/code" if method == "get" => &["publishableKey", "secretKey"],
        "/v1/embed/join" | "/v1/embed/sign-in" | "/v1/embed/ticket" | "/v1/embed/identify" => {
            &["publishableKey"]
        }
        // Signed by the provider.
        hook if hook.starts_with("/hooks/") => &[],
        own if own.starts_with("/v1/embed/") => &["partnerToken"],
        _ => &["secretKey", "session"],
    };
    names.iter().map(|name| json!({ *name: [] })).collect()
}
