//! What each role may ask, route by route. The table is the whole of it: a route of the document without a row fails the test, and
//! so does a row without a route.

use super::people::member;
use crate::api::auth::{ask, is_let_in, routes};
use crate::harness::{Client, Server};
use serde_json::json;
use ureq::http::Method;

/// Who may: the first letters of `owner`, `manager`, `analyst` and `finance`; `anybody`, whether logged in or not; or `none` of the
/// people, for it is asked with a key, a partner's token or a provider's signature.
const TABLE: &[(&str, &str, &str)] = &[
    ("POST", "/hooks/{provider}/{id}", "none"),
    ("GET", "/v1/analytics", "omaf"),
    ("GET", "/v1/analytics/breakdown", "omaf"),
    ("GET", "/v1/analytics/cohorts", "omaf"),
    ("GET", "/v1/analytics/conversion-times", "omaf"),
    ("GET", "/v1/analytics/overview", "omaf"),
    ("GET", "/v1/analytics/paths", "omaf"),
    ("GET", "/v1/attribution/journeys", "omaf"),
    ("GET", "/v1/attribution/report", "omaf"),
    ("POST", "/v1/attribution/report", "om"),
    ("GET", "/v1/audit", "omf"),
    ("GET", "/v1/audit/export", "omf"),
    ("GET", "/v1/claims", "omaf"),
    ("POST", "/v1/claims", "omf"),
    ("GET", "/v1/claims/{id}", "omaf"),
    ("POST", "/v1/claims/{id}/decide", "omf"),
    ("POST", "/v1/clicks/import", "om"),
    ("GET", "/v1/commissions", "omaf"),
    ("POST", "/v1/commissions", "omf"),
    ("PATCH", "/v1/commissions/bulk", "omf"),
    ("GET", "/v1/commissions/{id}", "omaf"),
    ("PATCH", "/v1/commissions/{id}", "omf"),
    ("POST", "/v1/commissions/{id}/cancel", "omf"),
    ("GET", "/v1/commissions/{id}/explanation", "omaf"),
    ("POST", "/v1/completions", "om"),
    ("GET", "/v1/customers", "omaf"),
    ("DELETE", "/v1/customers/{id}", "om"),
    ("GET", "/v1/customers/{id}", "omaf"),
    ("PATCH", "/v1/customers/{id}", "om"),
    ("GET", "/v1/embed/claims", "none"),
    ("POST", "/v1/embed/claims", "none"),
    ("GET", "/v1/embed/code", "none"),
    ("POST", "/v1/embed/code", "none"),
    ("GET", "/v1/embed/commissions/{id}/explanation", "none"),
    ("GET", "/v1/embed/config", "none"),
    ("GET", "/v1/embed/figures", "none"),
    ("POST", "/v1/embed/identify", "none"),
    ("POST", "/v1/embed/join", "none"),
    ("GET", "/v1/embed/leaderboard", "none"),
    ("POST", "/v1/embed/links", "none"),
    ("GET", "/v1/embed/me", "none"),
    ("GET", "/v1/embed/me/leaderboard", "none"),
    ("GET", "/v1/embed/offer", "none"),
    ("POST", "/v1/embed/payout-method", "none"),
    ("GET", "/v1/embed/points", "none"),
    ("GET", "/v1/embed/progress", "none"),
    ("GET", "/v1/embed/redemptions", "none"),
    ("GET", "/v1/embed/registrations", "none"),
    ("POST", "/v1/embed/registrations", "none"),
    ("POST", "/v1/embed/registrations/check", "none"),
    ("POST", "/v1/embed/registrations/{id}/answer", "none"),
    ("POST", "/v1/embed/renew", "none"),
    ("POST", "/v1/embed/sign-in", "none"),
    ("GET", "/v1/embed/statement", "none"),
    ("POST", "/v1/embed/ticket", "none"),
    ("GET", "/v1/embed/uncredited", "none"),
    ("GET", "/v1/events", "omaf"),
    ("GET", "/v1/exchange-rates", "omaf"),
    ("POST", "/v1/exchange-rates", "omf"),
    ("GET", "/v1/fund-claims", "omaf"),
    ("POST", "/v1/fund-claims", "omf"),
    ("GET", "/v1/fund-claims/{id}", "omaf"),
    ("POST", "/v1/fund-claims/{id}/decide", "omf"),
    ("POST", "/v1/fund-claims/{id}/score", "omf"),
    ("GET", "/v1/fund-expiries", "omaf"),
    ("POST", "/v1/fund-files", "omf"),
    ("GET", "/v1/fund-files/{id}", "omaf"),
    ("POST", "/v1/fund-lots/{id}/end", "omf"),
    ("GET", "/v1/fund-requests", "omaf"),
    ("POST", "/v1/fund-requests", "omf"),
    ("GET", "/v1/fund-requests/{id}", "omaf"),
    ("POST", "/v1/fund-requests/{id}/decide", "omf"),
    ("GET", "/v1/funds", "omaf"),
    ("GET", "/v1/funds/{id}/lots", "omaf"),
    ("POST", "/v1/funds/{id}/lots", "omf"),
    ("POST", "/v1/funds/{id}/accruals", "omf"),
    ("POST", "/v1/funds/{id}/purchases", "omf"),
    ("POST", "/v1/imports", "om"),
    ("GET", "/v1/installations", "omaf"),
    ("GET", "/v1/integrations", "omaf"),
    ("DELETE", "/v1/integrations/{provider}", "om"),
    ("GET", "/v1/integrations/{provider}", "omaf"),
    ("PUT", "/v1/integrations/{provider}", "om"),
    ("GET", "/v1/integrations/{provider}/events", "omaf"),
    ("POST", "/v1/integrations/{provider}/events/{id}/replay", "om"),
    ("POST", "/v1/integrations/{provider}/test", "om"),
    ("GET", "/v1/keys", "omaf"),
    ("POST", "/v1/keys", "o"),
    ("DELETE", "/v1/keys/{id}", "o"),
    ("POST", "/v1/keys/{id}/rotate", "o"),
    ("GET", "/v1/leads/{id}/explanation", "omaf"),
    ("GET", "/v1/ledger", "omaf"),
    ("GET", "/v1/ledger/transfers", "omaf"),
    ("GET", "/v1/links", "omaf"),
    ("POST", "/v1/links", "om"),
    ("GET", "/v1/links/count", "omaf"),
    ("GET", "/v1/links/info", "omaf"),
    ("PUT", "/v1/links/upsert", "om"),
    ("PATCH", "/v1/links/{id}", "om"),
    ("GET", "/v1/origins", "omaf"),
    ("PUT", "/v1/origins", "om"),
    ("GET", "/v1/partners", "omaf"),
    ("POST", "/v1/partners", "om"),
    ("GET", "/v1/partners/analytics", "omaf"),
    ("GET", "/v1/partners/applications", "omaf"),
    ("POST", "/v1/partners/applications/approve", "om"),
    ("POST", "/v1/partners/applications/reject", "om"),
    ("POST", "/v1/partners/approve", "om"),
    ("POST", "/v1/partners/ban", "om"),
    ("POST", "/v1/partners/deactivate", "om"),
    ("POST", "/v1/partners/decide", "om"),
    ("GET", "/v1/partners/export", "omaf"),
    ("POST", "/v1/partners/import", "om"),
    ("GET", "/v1/partners/links", "omaf"),
    ("POST", "/v1/partners/links", "om"),
    ("PUT", "/v1/partners/links/upsert", "om"),
    ("POST", "/v1/partners/message", "om"),
    ("POST", "/v1/partners/reject", "om"),
    ("GET", "/v1/partners/{id}", "omaf"),
    ("PATCH", "/v1/partners/{id}", "om"),
    ("GET", "/v1/partners/{id}/notes", "omaf"),
    ("GET", "/v1/partners/{id}/points", "omaf"),
    ("POST", "/v1/partners/{id}/notes", "om"),
    ("DELETE", "/v1/partners/{id}/notes/{noteId}", "om"),
    ("GET", "/v1/partners/{id}/payout-hold", "omaf"),
    ("PUT", "/v1/partners/{id}/payout-hold", "omf"),
    ("GET", "/v1/partners/{id}/payout-method", "omf"),
    ("PUT", "/v1/partners/{id}/payout-method", "omf"),
    ("GET", "/v1/partners/{id}/statements", "omaf"),
    ("GET", "/v1/partners/{id}/tax", "omf"),
    ("PUT", "/v1/partners/{id}/tax", "omf"),
    ("GET", "/v1/self-invoices", "omf"),
    ("GET", "/v1/self-invoices/{id}", "omf"),
    ("POST", "/v1/partners/{id}/view", "om"),
    ("GET", "/v1/payouts", "omaf"),
    ("GET", "/v1/payouts/batches", "omaf"),
    ("POST", "/v1/payouts/batches", "omf"),
    ("GET", "/v1/payouts/batches/{id}", "omaf"),
    ("POST", "/v1/payouts/batches/{id}/approve", "omf"),
    ("POST", "/v1/payouts/batches/{id}/cancel", "omf"),
    ("GET", "/v1/payouts/batches/{id}/file", "omf"),
    ("GET", "/v1/payouts/due", "omaf"),
    ("POST", "/v1/payouts/mark", "omf"),
    ("GET", "/v1/payouts/settings", "omf"),
    ("PUT", "/v1/payouts/settings", "omf"),
    ("GET", "/v1/payouts/{id}", "omaf"),
    ("GET", "/v1/people", "o"),
    ("POST", "/v1/people/invitations", "o"),
    ("DELETE", "/v1/people/invitations/{id}", "o"),
    ("DELETE", "/v1/people/{id}", "o"),
    ("PATCH", "/v1/people/{id}", "o"),
    ("GET", "/v1/programs", "omaf"),
    ("POST", "/v1/programs", "om"),
    ("GET", "/v1/programs/{id}", "omaf"),
    ("PATCH", "/v1/programs/{id}", "om"),
    ("GET", "/v1/programs/{id}/budget", "omaf"),
    ("POST", "/v1/programs/{id}/budget", "omf"),
    ("GET", "/v1/programs/{id}/document", "omaf"),
    ("PUT", "/v1/programs/{id}/document", "om"),
    ("POST", "/v1/programs/{id}/groups", "om"),
    ("GET", "/v1/programs/{id}/history", "omaf"),
    ("GET", "/v1/programs/{id}/versions", "omaf"),
    ("GET", "/v1/qr", "omaf"),
    ("GET", "/v1/registrations", "omaf"),
    ("POST", "/v1/registrations", "omf"),
    ("POST", "/v1/registrations/check", "om"),
    ("GET", "/v1/registrations/{id}", "omaf"),
    ("POST", "/v1/registrations/{id}/step", "omf"),
    ("GET", "/v1/reviews", "omaf"),
    ("POST", "/v1/reviews/decide", "omf"),
    ("GET", "/v1/sales", "omaf"),
    ("GET", "/v1/sales/{id}", "omaf"),
    ("GET", "/v1/sales/{id}/explanation", "omaf"),
    ("GET", "/v1/sandbox/clock", "omaf"),
    ("POST", "/v1/sandbox/clock", "om"),
    ("GET", "/v1/security", "omaf"),
    ("DELETE", "/v1/security/authenticator", "omaf"),
    ("POST", "/v1/security/authenticator", "omaf"),
    ("POST", "/v1/security/authenticator/confirm", "omaf"),
    ("POST", "/v1/security/password", "omaf"),
    ("DELETE", "/v1/security/sessions", "omaf"),
    ("DELETE", "/v1/security/sessions/{id}", "omaf"),
    ("DELETE", "/v1/session", "omaf"),
    ("GET", "/v1/session", "omaf"),
    ("POST", "/v1/session", "anybody"),
    ("POST", "/v1/session/forgot", "anybody"),
    ("POST", "/v1/session/join", "anybody"),
    ("POST", "/v1/session/reset", "anybody"),
    ("GET", "/v1/prizes", "omaf"),
    ("GET", "/v1/gifts", "omaf"),
    ("POST", "/v1/gifts/{id}/give", "omf"),
    ("GET", "/v1/redemptions", "omaf"),
    ("POST", "/v1/redemptions", "omf"),
    ("GET", "/v1/redemptions/{id}", "omaf"),
    ("POST", "/v1/redemptions/{id}/step", "omf"),
    ("GET", "/v1/splits", "omaf"),
    ("POST", "/v1/splits", "omf"),
    ("GET", "/v1/splits/{id}", "omaf"),
    ("POST", "/v1/splits/{id}/decide", "omf"),
    ("GET", "/v1/settlements", "omaf"),
    ("POST", "/v1/settlements", "omf"),
    ("GET", "/v1/settlements/open", "omaf"),
    ("POST", "/v1/settlements/preview", "om"),
    ("GET", "/v1/settlements/progress", "omaf"),
    ("GET", "/v1/settlements/{id}", "omaf"),
    ("GET", "/v1/signals", "omaf"),
    ("POST", "/v1/tokens/embed/referrals", "om"),
    ("POST", "/v1/track/click", "om"),
    ("POST", "/v1/track/dispute", "om"),
    ("POST", "/v1/track/lead", "om"),
    ("POST", "/v1/track/refund", "om"),
    ("POST", "/v1/track/sale", "om"),
    ("GET", "/v1/triggers", "omaf"),
    ("POST", "/v1/triggers", "omf"),
    ("POST", "/v1/triggers/dry-run", "omf"),
    ("DELETE", "/v1/triggers/{id}", "omf"),
    ("GET", "/v1/triggers/{id}", "omaf"),
    ("PATCH", "/v1/triggers/{id}", "omf"),
    ("GET", "/v1/triggers/{id}/runs", "omaf"),
    ("GET", "/v1/webhooks", "omaf"),
    ("POST", "/v1/webhooks", "om"),
    ("GET", "/v1/webhooks/event-types", "omaf"),
    ("POST", "/v1/webhooks/listeners", "om"),
    ("GET", "/v1/webhooks/listeners/{id}/events", "omaf"),
    ("DELETE", "/v1/webhooks/{id}", "om"),
    ("GET", "/v1/webhooks/{id}", "omaf"),
    ("PATCH", "/v1/webhooks/{id}", "om"),
    ("GET", "/v1/webhooks/{id}/deliveries", "omaf"),
    ("GET", "/v1/webhooks/{id}/deliveries/{deliveryId}", "omaf"),
    ("POST", "/v1/webhooks/{id}/replay", "om"),
    ("POST", "/v1/webhooks/{id}/rotate", "om"),
    ("POST", "/v1/webhooks/{id}/test", "om"),
];

/// Asked last, for they end the session, or keep it from being asked again.
const LAST: &[(&str, &str)] = &[("DELETE", "/v1/session"), ("DELETE", "/v1/security/sessions")];

fn row(method: &Method, path: &str) -> Option<&'static str> {
    TABLE.iter().find(|row| row.0 == method.as_str() && row.1 == path).map(|row| row.2)
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let server = Server::start();
    let routes = routes(&server);
    for (method, path) in &routes {
        assert!(row(method, path).is_some(), "{method} {path} has no row: say which roles may ask it");
    }
    for (method, path, _) in TABLE {
        let known = routes.iter().any(|(m, p)| m.as_str() == *method && p == path);
        assert!(known, "{method} {path} is no route any more");
    }
    assert_eq!(TABLE.len(), routes.len(), "a row stands there twice");
}

#[track_caller]
fn check(client: &Client, role: &str, method: &Method, path: &str) {
    let who = row(method, path).expect("a row");
    let status = ask(client, method, path);
    match who {
        // A page's token and a provider's signature are asked for instead: a session counts for nothing there.
        "none" => assert!(matches!(status, 401 | 403), "{role}: {method} {path} was answered {status}"),
        "anybody" => assert!(status != 403, "{role}: {method} {path} was answered {status}"),
        letters if letters.contains(&role[..1]) => {
            assert!(is_let_in(status), "{role}: {method} {path} was answered {status}");
        }
        _ => assert_eq!(status, 403, "{role}: {method} {path}"),
    }
}

#[test]
fn each_role_may_what_its_row_says() {
    let server = Server::start();
    server.test().program(json!({}));
    let routes = routes(&server);
    let is_last = |(method, path): &&(Method, String)| LAST.contains(&(method.as_str(), path.as_str()));
    for role in ["owner", "manager", "analyst", "finance"] {
        let client = if role == "owner" { server.console() } else { member(&server, role).0 };
        for (method, path) in routes.iter().filter(|route| !is_last(route)) {
            check(&client, role, method, path);
        }
        for (method, path) in LAST {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let client = if role == "owner" {
                server.console()
            } else {
                server.console_of(&format!("{role}@shop.example"), super::people::PASSWORD)
            };
            check(&client, role, &method, path);
            assert_eq!(client.get("/v1/session").status, 401, "{role}: {method} {path} ends the session");
        }
    }
}

/// Keys open what they opened before there were roles, and nothing that is about people, sessions, keys or the log.
#[test]
fn what_is_for_people_alone_is_refused_to_keys() {
    let server = Server::start();
    server.test().program(json!({}));
    for (method, path, _) in TABLE {
        let for_people =
            ["/v1/people", "/v1/audit", "/v1/security"].iter().any(|start| path.starts_with(start))
                || (path.starts_with("/v1/keys") && *method != "GET");
        if for_people {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let status = ask(&server.test(), &method, path);
            assert!(matches!(status, 401 | 403), "{method} {path} was answered {status}");
        }
    }
}
