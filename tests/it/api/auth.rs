//! Who may ask what: every route of the document with every caller who may not.

use crate::harness::{Client, ORIGIN, Server};
use goodword_wire::{Key, Session};
use serde_json::{Value, json};
use ureq::http::Method;

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wants {
    /// A secret key or the console.
    Vendor,
    /// That; people of finance may write too.
    Finance,
    /// A secret key or the console, or a page.
    VendorOrPage,
    /// A page of an allowed origin.
    Page,
    /// Any key, from anywhere that is not a foreign page.
    AnyKey,
    /// A partner's token.
    Token,
    /// A console session.
    Session,
    /// A console session, which a key stands for as little as nobody.
    Person,
    /// Nothing, but of no page of another site.
    OwnSite,
    /// A provider's signature: no key opens it.
    Signature,
    /// Nothing or a key, as the case may be: its own tests say when.
    Perhaps,
}

fn wants(method: &Method, path: &str) -> Wants {
    match path {
        "/v1/track/click" | "/v1/track/lead" => Wants::VendorOrPage,
        "/v1/embed/join" | "/v1/embed/sign-in" | "/v1/embed/ticket" | "/v1/embed/identify" => Wants::Page,
        "/v1/embed/config" | "/v1/embed/offer" | "/v1/embed/leaderboard" => Wants::AnyKey,
        "/v1/embed/code" if *method == Method::GET => Wants::AnyKey,
        "/v1/qr" => Wants::Perhaps,
        own if own.starts_with("/v1/embed/") => Wants::Token,
        hook if hook.starts_with("/hooks/") => Wants::Signature,
        money if moves_money(money) => Wants::Finance,
        "/v1/session" if *method == Method::POST => Wants::OwnSite,
        "/v1/session" => Wants::Session,
        door if door.starts_with("/v1/session/") => Wants::OwnSite,
        own if own.starts_with("/v1/security") => Wants::Session,
        own if own.starts_with("/v1/people") || own.starts_with("/v1/audit") => Wants::Person,
        keys if keys.starts_with("/v1/keys") && *method != Method::GET => Wants::Person,
        _ => Wants::Vendor,
    }
}

fn moves_money(path: &str) -> bool {
    let words = [
        "/payouts",
        "/payout-",
        "/budget",
        "/exchange-rates",
        "/reviews",
        "/claims",
        "/v1/commissions",
        "/triggers",
    ];
    words.iter().any(|word| path.contains(word))
}

/// Every method and path of the document, ids filled in.
pub fn routes(server: &Server) -> Vec<(Method, String)> {
    let document = server.nobody().get("/openapi.json").json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut routes = Vec::new();
    for (path, methods) in paths {
        for method in methods.as_object().expect("methods").keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            routes.push((method, path.clone()));
        }
    }
    routes
}

/// Asks a route with ids filled in and an empty body; the status of the answer.
pub fn ask(client: &Client, method: &Method, path: &str) -> u16 {
    let id = match path {
        p if p.starts_with("/v1/sales") => "sal_0",
        p if p.starts_with("/v1/commissions") => "com_0",
        p if p.starts_with("/v1/partners") => "ptn_0",
        _ => "prg_0",
    };
    let body = (*method != Method::GET && *method != Method::DELETE).then(|| b"{}".to_vec());
    client.send(method.clone(), &path.replace("{id}", id), body).status
}

/// Whether a caller got past the door; what comes after (a missing field) is another matter.
pub fn is_let_in(status: u16) -> bool {
    !matches!(status, 401 | 403 | 429 | 500..)
}

#[track_caller]
fn check(
    who: &str,
    client: &Client,
    routes: &[(Method, String)],
    expected: impl Fn(&Method, Wants) -> Option<u16>,
) {
    for (method, path) in routes {
        let wants = wants(method, path);
        if wants == Wants::Perhaps {
            continue;
        }
        let status = ask(client, method, path);
        if wants == Wants::Signature {
            assert_eq!(status, 401, "{who}: {method} {path}");
            continue;
        }
        match expected(method, wants) {
            Some(refusal) => assert_eq!(status, refusal, "{who}: {method} {path} ({wants:?})"),
            None => assert!(is_let_in(status), "{who}: {method} {path} ({wants:?}) was answered {status}"),
        }
    }
}

fn set_up() -> (Server, Vec<(Method, String)>) {
    let server = Server::start();
    server.test().program(json!({}));
    let routes = routes(&server);
    assert!(routes.len() >= 38, "{routes:?}");
    (server, routes)
}

#[test]
fn nobody_and_strangers() {
    let (server, routes) = set_up();
    let stranger = |_: &Method, wants| (!matches!(wants, Wants::OwnSite)).then_some(401);
    check("nobody", &server.nobody(), &routes, stranger);
    let unknown = format!("sk_test_{}", "0".repeat(48));
    check("an unknown key", &server.bearer(&unknown), &routes, stranger);
    check("an empty key", &server.bearer(""), &routes, stranger);
    let in_the_address = server.nobody().with_pk(&server.vendor.test.secret_key);
    check("a secret key in the address, where proxies log it", &in_the_address, &routes, stranger);
    let page = server.page_of("pk_test_0", ORIGIN);
    check("an unknown publishable key", &page, &routes, |_, wants| {
        Some(if wants == Wants::OwnSite { 403 } else { 401 })
    });
    let cookie = server.nobody().with("cookie", "gw_session=0").with("goodword-console", "1");
    check("an unknown session", &cookie, &routes, stranger);
}

#[test]
fn a_secret_key() {
    let (server, routes) = set_up();
    check("a secret key", &server.test(), &routes, |_, wants| match wants {
        Wants::Page | Wants::Person => Some(403),
        Wants::Token | Wants::Session => Some(401),
        _ => None,
    });
}

#[test]
fn a_publishable_key_reads_and_moves_no_money() {
    let (server, routes) = set_up();
    let allowed = |_: &Method, wants| match wants {
        Wants::Vendor | Wants::Finance | Wants::Person => Some(403),
        Wants::Token | Wants::Session => Some(401),
        _ => None,
    };
    let elsewhere = |method: &Method, wants| {
        if wants == Wants::OwnSite { Some(403) } else { allowed(method, wants) }
    };
    check("a page", &server.page(), &routes, elsewhere);
    let bearer = server.bearer(&server.vendor.test.publishable_key).with("origin", ORIGIN);
    check("a publishable key as a bearer", &bearer, &routes, elsewhere);
    let own = server.page_of(&server.vendor.test.publishable_key, &server.base);
    check("our own page", &own, &routes, allowed);
}

#[test]
fn a_page_elsewhere() {
    let (server, routes) = set_up();
    for origin in [
        "https://evil.example",
        "http://shop.example",
        "https://shop.example.evil.example",
        "https://shop.example:8443",
        "null",
        "",
    ] {
        let page = server.page_of(&server.vendor.test.publishable_key, origin);
        check(origin, &page, &routes, |_, wants| match wants {
            Wants::Token | Wants::Session | Wants::Signature => Some(401),
            Wants::Perhaps => None,
            _ => Some(403),
        });
    }
    let nowhere = server.page().without("origin");
    check("a publishable key on a server", &nowhere, &routes, |_, wants| match wants {
        Wants::Vendor | Wants::Finance | Wants::VendorOrPage | Wants::Page | Wants::Person => Some(403),
        Wants::Token | Wants::Session | Wants::Signature => Some(401),
        Wants::AnyKey | Wants::Perhaps | Wants::OwnSite => None,
    });
}

/// Routes a console session reaches; those that end it are asked by themselves.
fn for_the_console(routes: &[(Method, String)]) -> Vec<(Method, String)> {
    let ends = |method: &Method, path: &str| {
        (path == "/v1/session" && *method != Method::GET) || path == "/v1/security/sessions"
    };
    routes.iter().filter(|(method, path)| !ends(method, path)).cloned().collect()
}

#[test]
fn the_console_without_its_header() {
    let (server, routes) = set_up();
    let console = server.console();
    let routes = for_the_console(&routes);
    let keys = |method: &Method, wants| match wants {
        Wants::Page | Wants::AnyKey | Wants::Token => Some(401),
        Wants::Vendor | Wants::Finance | Wants::VendorOrPage | Wants::Session | Wants::Person
            if *method != Method::GET =>
        {
            Some(403)
        }
        _ => None,
    };
    // A page of another site sends the cookie at most; a page needs a key even then.
    let page_routes: Vec<_> = routes.iter().filter(|(m, p)| wants(m, p) != Wants::Page).cloned().collect();
    check("the console without its header", &console.without("goodword-console"), &page_routes, keys);
    check("the console", &console, &page_routes, |_, wants| {
        matches!(wants, Wants::AnyKey | Wants::Token).then_some(401)
    });
    console.without("goodword-console").delete("/v1/session").refused(403);
    console.get("/v1/session").ok::<Session>();
    console.delete("/v1/session").ok::<Value>();
    console.get("/v1/session").refused(401);
    console.get("/v1/programs").refused(401);
}

#[test]
fn a_partners_token_is_for_the_partners_page_alone() {
    let (server, routes) = set_up();
    let maya = server.page().join("Maya", "maya@example.com");
    let token = server.bearer(&maya.token).with("origin", ORIGIN);
    // What tells of money, and what changes something, is for who has proven the address.
    super::main_job::prove(&server, &server.links_mailed("maya@example.com", "/verify?token=", 1)[0]);
    // How a partner is paid is said on our own origin alone.
    let routes: Vec<_> = routes.into_iter().filter(|(_, path)| path != "/v1/embed/payout-method").collect();
    check("a partner", &token, &routes, |_, wants| match wants {
        Wants::Token | Wants::Perhaps => None,
        Wants::OwnSite => Some(403),
        _ => Some(401),
    });
}

#[test]
fn a_foreign_secret_key_finds_nothing() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({}));
    let maya = shop.partner("MAYA10");
    let sale = shop
        .sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": "MAYA10", "invoiceId": "in_1" }));
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    let foreign = server.bearer(&other.test.secret_key);
    let commission = sale.commission.expect("a commission").id;
    for path in [
        format!("/v1/programs/{}", program.id),
        format!("/v1/sales/{}", sale.id),
        format!("/v1/commissions/{commission}"),
    ] {
        shop.get(&path).ok::<Value>();
        foreign.get(&path).refused(404);
        server.live().get(&path).refused(404);
    }
    foreign.patch(&format!("/v1/programs/{}", program.id), &json!({ "name": "Mine" })).refused(404);
    foreign.post("/v1/partners/ban", &json!({ "partnerId": maya.id, "programId": program.id })).refused(404);
    foreign.post("/v1/track/refund", &json!({ "saleId": sale.id, "refundId": "re_1" })).refused(404);
    foreign.post("/v1/track/refund", &json!({ "invoiceId": "in_1", "refundId": "re_1" })).refused(404);
    foreign.post("/v1/track/click", &json!({ "key": "MAYA10" })).refused(404);
    assert_eq!(shop.commission(&commission).earnings, 200);
    server
        .page_of(&server.vendor.test.publishable_key, "https://coffee.example")
        .get("/v1/embed/config")
        .refused(403);
}

#[test]
fn keys_are_listed_without_their_secrets() {
    let server = Server::start();
    let keys: Vec<Key> = server.test().get("/v1/keys").ok();
    assert_eq!(keys.len(), 2);
    for key in keys {
        match key.kind.as_str() {
            "secret" => assert!(
                server.vendor.test.secret_key.starts_with(key.shown.trim_end_matches('…'))
                    && key.shown.len() < 20
            ),
            _ => assert_eq!(key.shown, server.vendor.test.publishable_key),
        }
    }
    let made = server.admin("create-key", &["--mode", "test", "--kind", "secret", "--json"]);
    let made: Value = serde_json::from_str(&made).expect("JSON");
    assert_eq!(server.bearer(made["key"].as_str().expect("a key")).get("/v1/keys").ok::<Vec<Key>>().len(), 3);
}

#[test]
fn a_wrong_password_tells_nothing_and_is_slowed_down() {
    let server = Server::start();
    let try_in = |email: &str| {
        server.nobody().post("/v1/session", &json!({ "email": email, "password": "wrong password" }))
    };
    let (known, unknown) = (try_in("owner@shop.example"), try_in("nobody@shop.example"));
    assert_eq!(known.refused(401), unknown.refused(401));
    let statuses: Vec<u16> = (0..12).map(|_| try_in("owner@shop.example").status).collect();
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    let cookie =
        server.nobody().post("/v1/session", &json!({ "email": "owner2@shop.example", "password": "x" }));
    assert_eq!(cookie.header("set-cookie"), None);
}

#[test]
fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let server = Server::start();
    let owner = &server.vendor.owner;
    let answer =
        server.nobody().post("/v1/session", &json!({ "email": owner.email, "password": owner.password }));
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}
