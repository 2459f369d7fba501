//! Which requests the audit log tells of, and of what: one table for the whole API. The store writes the lines, in the
//! transaction of each change (`store/trail.rs`).
//!
//! What happened to customers (clicks, sign-ups, sales, refunds) is not among them: those are facts with rows of their own. Nor is
//! what only asks, though by POST.

use crate::app::{App, Shared};
use crate::auth;
use crate::error::Error;
use crate::http::read;
use crate::store::{Doing, Named, Subject};
use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::http::{Method, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use goodword_domain::id::VendorId;
use serde_json::Value;

/// Where the id of what is changed stands.
#[derive(Clone, Copy)]
enum Where {
    /// In the address.
    Path(&'static str),
    /// In a field of the body, as a text or a list of texts.
    Body(&'static str),
    /// Nowhere: it is made by the request.
    Made,
    /// Nowhere: it is made by the request, or is there already.
    Saved,
    /// There is one for the vendor.
    One,
}

use Where::{Body as InBody, Made, One, Path, Saved};

const ID: Where = Path("id");

/// Method, address, what is done, what it is about, and which.
type Line = (&'static str, &'static str, &'static str, Subject, Where);

const LINES: &[Line] = &[
    ("POST", "/v1/programs", "program.created", Subject::Program, Made),
    ("PATCH", "/v1/programs/{id}", "program.changed", Subject::Program, ID),
    ("PUT", "/v1/programs/{id}/document", "program.terms_changed", Subject::Terms, ID),
    ("POST", "/v1/programs/{id}/groups", "group.created", Subject::Group, Made),
    ("POST", "/v1/programs/{id}/budget", "budget.changed", Subject::Budget, Made),
    ("POST", "/v1/partners", "partner.added", Subject::Partner, Made),
    ("PATCH", "/v1/partners/{id}", "partner.changed", Subject::Partner, ID),
    ("POST", "/v1/partners/approve", "partner.approved", Subject::Partner, InBody("partnerId")),
    ("POST", "/v1/partners/reject", "partner.rejected", Subject::Partner, InBody("partnerId")),
    ("POST", "/v1/partners/ban", "partner.banned", Subject::Partner, InBody("partnerId")),
    ("POST", "/v1/partners/deactivate", "partner.deactivated", Subject::Partner, InBody("partnerId")),
    ("POST", "/v1/partners/applications/approve", "partner.approved", Subject::Partner, InBody("partnerId")),
    ("POST", "/v1/partners/applications/reject", "partner.rejected", Subject::Partner, InBody("partnerId")),
    ("POST", "/v1/partners/decide", "partner.decided", Subject::Partner, InBody("partnerIds")),
    ("POST", "/v1/partners/message", "partner.written_to", Subject::Partner, InBody("partnerIds")),
    ("POST", "/v1/partners/import", "partners.imported", Subject::Nothing, One),
    ("POST", "/v1/partners/{id}/view", "partner.viewed_as", Subject::Partner, ID),
    ("POST", "/v1/partners/{id}/notes", "note.added", Subject::Note, Made),
    ("DELETE", "/v1/partners/{id}/notes/{noteId}", "note.deleted", Subject::Note, Path("noteId")),
    ("PUT", "/v1/partners/{id}/payout-method", "partner.payout_method_changed", Subject::Payee, ID),
    ("PUT", "/v1/partners/{id}/tax", "partner.tax_changed", Subject::Tax, ID),
    ("PUT", "/v1/partners/{id}/payout-hold", "partner.payout_hold_changed", Subject::Payee, ID),
    ("POST", "/v1/links", "link.created", Subject::Link, Made),
    ("PUT", "/v1/links/upsert", "link.saved", Subject::Link, Saved),
    ("PATCH", "/v1/links/{id}", "link.changed", Subject::Link, ID),
    ("POST", "/v1/partners/links", "link.created", Subject::Link, Made),
    ("PUT", "/v1/partners/links/upsert", "link.saved", Subject::Link, Saved),
    ("PATCH", "/v1/customers/{id}", "customer.changed", Subject::Customer, ID),
    ("DELETE", "/v1/customers/{id}", "customer.erased", Subject::Customer, ID),
    ("POST", "/v1/commissions", "commission.added", Subject::Commission, Made),
    ("PATCH", "/v1/commissions/{id}", "commission.changed", Subject::Commission, ID),
    ("PATCH", "/v1/commissions/bulk", "commission.changed", Subject::Commission, InBody("commissionIds")),
    ("POST", "/v1/commissions/{id}/cancel", "commission.canceled", Subject::Commission, ID),
    ("POST", "/v1/gifts/{id}/give", "gift.given", Subject::Commission, ID),
    ("POST", "/v1/reviews/decide", "review.decided", Subject::Review, InBody("ids")),
    ("POST", "/v1/claims", "claim.filed", Subject::Claim, Made),
    ("POST", "/v1/claims/{id}/decide", "claim.decided", Subject::Claim, ID),
    ("POST", "/v1/funds/{id}/lots", "fund.granted", Subject::Lot, Made),
    ("POST", "/v1/fund-lots/{id}/end", "fund.lot_ended", Subject::Lot, ID),
    ("POST", "/v1/fund-requests", "fund_request.filed", Subject::FundRequest, Made),
    ("POST", "/v1/fund-requests/{id}/decide", "fund_request.decided", Subject::FundRequest, ID),
    ("POST", "/v1/fund-claims", "fund_claim.filed", Subject::FundClaim, Made),
    ("POST", "/v1/fund-claims/{id}/score", "fund_claim.scored", Subject::FundClaim, ID),
    ("POST", "/v1/fund-claims/{id}/decide", "fund_claim.decided", Subject::FundClaim, ID),
    ("POST", "/v1/fund-files", "fund_file.added", Subject::FundFile, Made),
    ("POST", "/v1/registrations", "registration.filed", Subject::Registration, Made),
    ("POST", "/v1/registrations/{id}/step", "registration.decided", Subject::Registration, ID),
    ("POST", "/v1/redemptions", "redemption.asked", Subject::Redemption, Made),
    ("POST", "/v1/redemptions/{id}/step", "redemption.decided", Subject::Redemption, ID),
    ("POST", "/v1/splits", "split.proposed", Subject::Split, Made),
    ("POST", "/v1/splits/{id}/decide", "split.decided", Subject::Split, ID),
    ("POST", "/v1/settlements", "settlement.posted", Subject::Settlement, Made),
    ("POST", "/v1/payouts/batches", "batch.created", Subject::Batch, Made),
    ("POST", "/v1/payouts/batches/{id}/approve", "batch.approved", Subject::Batch, ID),
    ("POST", "/v1/payouts/batches/{id}/cancel", "batch.canceled", Subject::Batch, ID),
    ("POST", "/v1/payouts/mark", "payout.marked", Subject::Payout, InBody("payouts")),
    ("PUT", "/v1/payouts/settings", "payout_settings.changed", Subject::PayoutSettings, One),
    ("POST", "/v1/exchange-rates", "rates.loaded", Subject::Nothing, One),
    ("POST", "/v1/clicks/import", "clicks.imported", Subject::Nothing, One),
    ("POST", "/v1/imports", "import.run", Subject::Nothing, One),
    ("POST", "/v1/webhooks", "webhook.created", Subject::Webhook, Made),
    ("PATCH", "/v1/webhooks/{id}", "webhook.changed", Subject::Webhook, ID),
    ("DELETE", "/v1/webhooks/{id}", "webhook.deleted", Subject::Webhook, ID),
    ("POST", "/v1/webhooks/{id}/rotate", "webhook.secret_rotated", Subject::Webhook, ID),
    ("POST", "/v1/webhooks/{id}/replay", "webhook.replayed", Subject::Webhook, ID),
    ("POST", "/v1/triggers", "trigger.created", Subject::Trigger, Made),
    ("PATCH", "/v1/triggers/{id}", "trigger.changed", Subject::Trigger, ID),
    ("DELETE", "/v1/triggers/{id}", "trigger.deleted", Subject::Trigger, ID),
    ("PUT", "/v1/integrations/{provider}", "integration.changed", Subject::Integration, Path("provider")),
    ("DELETE", "/v1/integrations/{provider}", "integration.removed", Subject::Integration, Path("provider")),
    ("POST", "/v1/integrations/{provider}/events/{id}/replay", "integration.replayed", Subject::Nothing, ID),
    ("PUT", "/v1/origins", "origins.changed", Subject::Origins, One),
    ("POST", "/v1/sandbox/clock", "sandbox.clock_changed", Subject::Clock, One),
    ("POST", "/v1/keys", "key.created", Subject::Key, Made),
    ("POST", "/v1/keys/{id}/rotate", "key.rotated", Subject::Key, ID),
    ("DELETE", "/v1/keys/{id}", "key.revoked", Subject::Key, ID),
    ("POST", "/v1/people/invitations", "person.invited", Subject::Invitation, Made),
    ("DELETE", "/v1/people/invitations/{id}", "person.invitation_withdrawn", Subject::Invitation, ID),
    ("PATCH", "/v1/people/{id}", "person.role_changed", Subject::Person, ID),
    ("DELETE", "/v1/people/{id}", "person.removed", Subject::Person, ID),
    ("POST", "/v1/security/password", "person.password_changed", Subject::Nothing, One),
    ("POST", "/v1/security/authenticator/confirm", "person.authenticator_added", Subject::Nothing, One),
    ("DELETE", "/v1/security/authenticator", "person.authenticator_removed", Subject::Nothing, One),
    ("DELETE", "/v1/security/sessions", "person.logged_out_everywhere", Subject::Nothing, One),
    ("DELETE", "/v1/security/sessions/{id}", "person.session_ended", Subject::Nothing, ID),
];

/// What the log does not tell of though it is no GET: facts, questions, tests, and what pages and partners ask. Whoever logs in, out
/// or comes in is told of where that happens, for there is nobody yet to ask for it.
#[cfg(test)]
const UNTOLD: &[(&str, &str)] = &[
    ("POST", "/v1/track/click"),
    ("POST", "/v1/track/lead"),
    ("POST", "/v1/track/sale"),
    ("POST", "/v1/completions"),
    ("POST", "/v1/track/refund"),
    ("POST", "/v1/track/dispute"),
    ("POST", "/v1/funds/{id}/purchases"),
    ("POST", "/v1/funds/{id}/accruals"),
    ("POST", "/v1/attribution/report"),
    ("POST", "/v1/registrations/check"),
    ("POST", "/v1/settlements/preview"),
    ("POST", "/v1/tokens/embed/referrals"),
    ("POST", "/v1/triggers/dry-run"),
    ("POST", "/v1/webhooks/listeners"),
    ("POST", "/v1/webhooks/{id}/test"),
    ("POST", "/v1/integrations/{provider}/test"),
    ("POST", "/v1/security/authenticator"),
    ("POST", "/v1/session"),
    ("DELETE", "/v1/session"),
    ("POST", "/v1/session/join"),
    ("POST", "/v1/session/forgot"),
    ("POST", "/v1/session/reset"),
    ("POST", "/hooks/{provider}/{id}"),
];

/// Whether it is said of a route that the log tells of it (true) or does not (false); nothing is said of a route that was
/// forgotten.
#[cfg(test)]
pub fn is_listed(method: &str, path: &str) -> Option<bool> {
    if method == "GET" || path.starts_with("/v1/embed/") || UNTOLD.contains(&(method, path)) {
        return Some(false);
    }
    line(method, path).map(|_| true)
}

fn line(method: &str, path: &str) -> Option<&'static Line> {
    LINES.iter().find(|line| line.0 == method && line.1 == path)
}

/// Answers a request with what it changes written down.
pub async fn written_down(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let found = path.and_then(|path| line(request.method().as_str(), path));
    let Some(line) = found.filter(|_| request.method() != Method::GET) else {
        return next.run(request).await;
    };
    match about(&app, line, request).await {
        Ok((Some(doing), request)) => doing.over(next.run(request)).await,
        Ok((None, request)) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// What a request is about to change; nothing where nobody known asks, whom the route itself refuses.
async fn about(app: &App, line: &Line, request: Request) -> Result<(Option<Doing>, Request), Error> {
    let (mut parts, mut body) = request.into_parts();
    let Ok((actor, vendor, owner)) = auth::actor(&parts, app).await else {
        return Ok((None, Request::from_parts(parts, body)));
    };
    let (_, _, action, subject, from) = *line;
    let named = match from {
        Made => Named::Newest,
        Saved => Named::NewestOrOther,
        One => Named::Ids(vec![one_of(subject, &vendor, &actor.id)]),
        Path(name) => Named::Ids(vec![in_path(&mut parts, name).await]),
        InBody(field) => {
            let bytes = read(Request::new(body)).await?;
            let ids = in_body(&bytes, field);
            body = Body::from(bytes);
            // Named some other way: the line tells at least that it was done.
            Named::Ids(if ids.is_empty() { vec![String::new()] } else { ids })
        }
    };
    let doing = Doing::new((vendor, owner), actor, action, (subject, named));
    Ok((Some(doing), Request::from_parts(parts, body)))
}

/// The id of what a vendor or a person has one of.
fn one_of(subject: Subject, vendor: &VendorId, actor: &str) -> String {
    if subject == Subject::Nothing { actor.to_owned() } else { vendor.to_string() }
}

async fn in_path(parts: &mut Parts, name: &str) -> String {
    let Ok(all) = RawPathParams::from_request_parts(parts, &()).await else { return String::new() };
    all.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

/// The ids in a field of a body, at most a thousand; a body that cannot be read has none, and is refused by the route.
fn in_body(bytes: &[u8], field: &str) -> Vec<String> {
    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
    match &body[field] {
        Value::String(id) => vec![id.clone()],
        Value::Array(ids) => ids.iter().take(1000).filter_map(|id| id.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_body() {
        assert_eq!(in_body(br#"{"partnerId":"ptn_1"}"#, "partnerId"), ["ptn_1"]);
        assert_eq!(in_body(br#"{"ids":["a",1,"b"]}"#, "ids"), ["a", "b"]);
        assert!(in_body(b"{", "ids").is_empty() && in_body(b"[]", "ids").is_empty());
    }

    #[test]
    fn no_route_is_said_to_be_both() {
        for (method, path) in UNTOLD {
            assert!(line(method, path).is_none(), "{method} {path}");
        }
        assert_eq!(is_listed("POST", "/v1/keys"), Some(true));
        assert_eq!(is_listed("POST", "/v1/nothing"), None);
    }
}
