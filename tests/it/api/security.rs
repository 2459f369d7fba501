//! What keeps an account its owner's: sessions that end, log-ins that no other site can forge, a second factor, other passwords.

use crate::harness::{Client, Server};
use goodword_wire::{Authenticator, CodeNeeded, RecoveryCodes, Security, Session};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use ureq::http::Method;

const HOUR_MS: i64 = 60 * 60 * 1000;

fn log_in(server: &Server, with: Value) -> crate::harness::Answer {
    let owner = &server.vendor.owner;
    let mut input = json!({ "email": owner.email, "password": owner.password });
    if let Value::Object(more) = with {
        input.as_object_mut().expect("an object").extend(more);
    }
    server.nobody().post("/v1/session", &input)
}

fn security(client: &Client) -> Security {
    client.get("/v1/security").ok()
}

#[test]
fn a_session_ends_when_it_is_not_used_and_after_twelve_hours() {
    let server = Server::start();
    let (idle, old, fresh) = (server.console(), server.console(), server.console());
    let of = |client: &Client| {
        security(client).sessions.into_iter().find(|session| session.current).expect("its own session").id
    };
    let (idle_id, old_id, fresh_id) = (of(&idle), of(&old), of(&fresh));
    let ago = |ms: i64, id: &str| {
        server.change(&format!("update login set used_at = used_at - {ms} where id = '{id}'"));
    };
    ago(2 * HOUR_MS - 60_000, &fresh_id);
    fresh.get("/v1/session").ok::<Session>();
    // That it was used counts from now on.
    ago(HOUR_MS, &fresh_id);
    fresh.get("/v1/session").ok::<Session>();
    ago(2 * HOUR_MS, &idle_id);
    idle.get("/v1/session").refused(401);
    server.change(&format!("update login set expires_at = created_at where id = '{old_id}'"));
    old.get("/v1/session").refused(401);
    let open = security(&fresh).sessions;
    assert_eq!(open.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), [fresh_id.as_str()]);
}

#[test]
fn sessions_are_listed_and_ended() {
    let server = Server::start();
    let (here, there, elsewhere) = (server.console(), server.console(), server.console());
    let open = security(&here).sessions;
    assert_eq!((open.len(), open.iter().filter(|session| session.current).count()), (3, 1));
    assert!(open.iter().all(|session| session.agent.contains("Mozilla")), "{open:?}");
    let theirs = security(&there).sessions.into_iter().find(|session| session.current).expect("its own").id;
    here.delete(&format!("/v1/security/sessions/{theirs}")).ok::<Value>();
    there.get("/v1/session").refused(401);
    let ended = here.delete("/v1/security/sessions");
    assert!(ended.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")), "{ended:?}");
    ended.ok::<Value>();
    for client in [&here, &elsewhere] {
        client.get("/v1/session").refused(401);
    }
}

#[test]
fn nobody_ends_another_persons_session() {
    let server = Server::start();
    let (finance, _) = super::people::member(&server, "finance");
    let own = security(&server.console()).sessions.remove(0).id;
    finance.delete(&format!("/v1/security/sessions/{own}")).refused(404);
}

/// A page of another site can send a form or a `text/plain` body, with whatever cookies the browser sends along.
#[test]
fn no_other_site_can_act_for_somebody_or_log_somebody_in() {
    let server = Server::start();
    let console = server.console();
    let program = json!({ "name": "Forged", "url": "https://shop.example/", "currency": "usd" });
    for origin in ["https://evil.example", "null", "https://shop.example"] {
        console.with("origin", origin).post("/v1/programs", &program).refused(403);
        console
            .without("goodword-console")
            .with("origin", origin)
            .post("/v1/programs", &program)
            .refused(403);
        let owner = &server.vendor.owner;
        let input = json!({ "email": owner.email, "password": owner.password });
        let stranger = server.nobody().with("origin", origin).with("content-type", "text/plain");
        assert_eq!(stranger.post("/v1/session", &input).header("set-cookie"), None);
        stranger.post("/v1/session", &input).refused(403);
        stranger.post("/v1/session/join", &json!({ "token": "x" })).refused(403);
        stranger.post("/v1/session/forgot", &json!({ "email": owner.email })).refused(403);
        stranger.post("/v1/session/reset", &json!({ "token": "x" })).refused(403);
    }
    console.with("sec-fetch-site", "cross-site").post("/v1/programs", &program).refused(403);
    console.without("goodword-console").post("/v1/programs", &program).refused(403);
    console
        .with("origin", &server.base)
        .with("sec-fetch-site", "same-origin")
        .post("/v1/programs", &program)
        .ok::<Value>();
    // A preflight request allows no page the header that is needed.
    let preflight = server
        .nobody()
        .with("origin", "https://evil.example")
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "goodword-console,content-type")
        .send(Method::OPTIONS, "/v1/programs", None);
    let allowed = preflight.header("access-control-allow-headers").unwrap_or_default().to_lowercase();
    assert!(!allowed.contains("goodword-console") && !allowed.contains('*'), "{allowed}");
    assert_eq!(preflight.header("access-control-allow-credentials"), None);
}

/// RFC 6238 with SHA-1, written here a second time so that the server is not measured by itself.
fn code(secret: &str, step: i64) -> String {
    let five = |letter: u8| if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
    let bits: Vec<u8> =
        secret.bytes().flat_map(|letter| (0..5).rev().map(move |bit| five(letter) >> bit & 1)).collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes).expect("any key");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = digest[at..at + 4].iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The step of now, by the clock that the server goes by too.
#[expect(clippy::disallowed_methods, reason = "codes are of the real time, which no test can set")]
fn step() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("this millennium") / 30
}

fn enable(server: &Server, console: &Client) -> (String, i64, Vec<String>) {
    let password = &server.vendor.owner.password;
    console.post("/v1/security/authenticator", &json!({ "password": "not it at all" })).refused(422);
    let offered: Authenticator =
        console.post("/v1/security/authenticator", &json!({ "password": password })).ok();
    assert!(offered.uri.contains(&format!("secret={}&", offered.secret)) && offered.qr.size > 20);
    // It is only offered: logging in is as before.
    log_in(server, json!({})).ok::<Session>();
    console.post("/v1/security/authenticator/confirm", &json!({ "code": "000000x" })).refused(422);
    let used = step();
    let confirmed: RecoveryCodes = console
        .post("/v1/security/authenticator/confirm", &json!({ "code": code(&offered.secret, used) }))
        .ok();
    assert_eq!(confirmed.codes.len(), 10);
    (offered.secret, used, confirmed.codes)
}

#[test]
fn a_second_factor_is_asked_for_and_no_code_works_twice() {
    let server = Server::start();
    let console = server.console();
    let (secret, used, codes) = enable(&server, &console);
    let asked = log_in(&server, json!({}));
    assert_eq!((asked.status, asked.header("set-cookie")), (202, None));
    assert!(asked.ok::<CodeNeeded>().needs_code);
    log_in(&server, json!({ "code": "123456" })).refused(401);
    log_in(&server, json!({ "code": code(&secret, used) })).refused(401);
    let next = code(&secret, used + 1);
    log_in(&server, json!({ "code": next })).ok::<Session>();
    log_in(&server, json!({ "code": next })).refused(401);
    // A wrong password hears nothing of the second factor.
    let wrong = server.nobody().post(
        "/v1/session",
        &json!({ "email": server.vendor.owner.email, "password": "wrong password", "code": next }),
    );
    wrong.refused(401);
    log_in(&server, json!({ "code": codes[0] })).ok::<Session>();
    log_in(&server, json!({ "code": codes[0] })).refused(401);
    assert_eq!((security(&console).two_factor, security(&console).recovery_codes), (true, 9));
}

#[test]
fn the_authenticator_is_removed_with_password_and_code() {
    let server = Server::start();
    let console = server.console();
    let (_, _, codes) = enable(&server, &console);
    let remove = |input: Value| {
        let body = serde_json::to_vec(&input).expect("JSON");
        console.send(Method::DELETE, "/v1/security/authenticator", Some(body))
    };
    let password = &server.vendor.owner.password;
    console.post("/v1/security/authenticator", &json!({ "password": password })).refused(409);
    remove(json!({ "password": password })).refused(422);
    remove(json!({ "password": password, "code": "000000" })).refused(422);
    remove(json!({ "password": "wrong password", "code": codes[1] })).refused(422);
    // Small letters and other dashes are read as well.
    remove(json!({ "password": password, "code": codes[1].to_lowercase().replace('-', " ") })).ok::<Value>();
    log_in(&server, json!({})).ok::<Session>();
}

#[test]
fn another_password_ends_the_other_sessions() {
    let server = Server::start();
    let (here, there) = (server.console(), server.console());
    let (email, password) = (&server.vendor.owner.email, &server.vendor.owner.password);
    let change = |current: &str, new: &str| {
        here.post("/v1/security/password", &json!({ "current": current, "new": new }))
    };
    change("wrong password", "another long one").refused(422);
    change(password, "short").refused(422);
    change(password, "another long one").ok::<Value>();
    here.get("/v1/session").ok::<Session>();
    there.get("/v1/session").refused(401);
    log_in(&server, json!({})).refused(401);
    server.console_of(email, "another long one");
    let mails = server.mailed(email, 1);
    assert!(mails.iter().any(|mail| mail.contains("Your password was changed")), "{mails:?}");
}

#[test]
fn a_forgotten_password_is_replaced_by_mail_once() {
    let server = Server::start();
    let console = server.console();
    let (_, _, codes) = enable(&server, &console);
    let email = server.vendor.owner.email.clone();
    let forgot = |email: &str| server.nobody().post("/v1/session/forgot", &json!({ "email": email }));
    let (known, unknown) = (forgot(&email), forgot("nobody@shop.example"));
    assert_eq!((known.status, &known.text), (202, &unknown.text));
    assert_eq!(known.status, unknown.status);
    let first = server.links_mailed(&email, "/console/reset?token=", 1).remove(0);
    forgot(&email);
    let second = server.links_mailed(&email, "/console/reset?token=", 2).remove(1);
    let reset = |link: &str| {
        let token = link.split_once("token=").expect("a token").1;
        server
            .nobody()
            .post("/v1/session/reset", &json!({ "token": token, "password": "found again at last" }))
    };
    reset(&first).refused(401);
    reset(&second).ok::<Value>();
    reset(&second).refused(401);
    console.get("/v1/session").refused(401);
    let again = |with: Value| {
        let mut input = json!({ "email": email, "password": "found again at last" });
        input.as_object_mut().expect("an object").extend(with.as_object().cloned().unwrap_or_default());
        server.nobody().post("/v1/session", &input)
    };
    // Whoever reads somebody's mail does not have the second factor.
    assert_eq!(again(json!({})).status, 202);
    again(json!({ "code": codes[2] })).ok::<Session>();
    forgot(&email);
    let third = server.links_mailed(&email, "/console/reset?token=", 3).remove(2);
    server.change("update password_reset set expires_at = expires_at - 3600000");
    reset(&third).refused(401);
    assert_eq!(server.mails_to("nobody@shop.example"), 0);
}
