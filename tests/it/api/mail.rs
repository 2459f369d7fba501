//! What is proven by mail: an address, and who signs in.

use crate::harness::{Answer, Hers, ORIGIN, Server};
use goodword_wire::{EmbedMe, JoinOutput, Partner, TokenOutput};
use serde_json::{Value, json};
use ureq::http::Method;

fn press(server: &Server, link: &str) -> Answer {
    let (path, token) = link.split_once("?token=").expect("a link with a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    form.send(Method::POST, path, Some(format!("token={token}").into_bytes()))
}

fn me(server: &Server, token: &str) -> EmbedMe {
    server.bearer(token).with("origin", ORIGIN).get("/v1/embed/me").ok()
}

fn joined(server: &Server) -> Hers {
    server.test().program(json!({}));
    server.page().join("Maya", "maya@example.com")
}

/// Asks for a sign-in link, follows it and gives the ticket it ends with.
fn ticket(server: &Server, earlier: usize) -> String {
    let ask = json!({ "email": "MAYA@example.com", "page": "https://shop.example/partners?x=1#there" });
    let answer = server.page().post("/v1/embed/sign-in", &ask);
    assert_eq!((answer.status, answer.text.as_str()), (202, "{}"));
    let link = server.links_mailed("maya@example.com", "/p/open?token=", earlier + 1).pop().expect("a link");
    let shown = server.nobody().get(&link);
    assert!(shown.status == 200 && shown.text.contains("<form"), "{}", shown.text);
    let opened = press(server, &link);
    assert_eq!(opened.status, 303, "{}", opened.text);
    assert_eq!(press(server, &link).status, 410, "it works once");
    let to = opened.header("location").expect("where to");
    to.strip_prefix("https://shop.example/partners?x=1#gw_ticket=")
        .expect("the page with a ticket")
        .to_owned()
}

#[test]
fn earnings_show_once_the_address_is_proven() {
    let server = Server::start();
    let maya = joined(&server);
    let code = maya.join.me.clone().and_then(|me| me.link).expect("a link").code;
    server.test().sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": code }));
    let before = me(&server, &maya.token);
    assert_eq!((before.email_proven, before.earnings.is_none()), (false, true));
    assert_eq!((before.totals.sales, before.totals.sale_amount, before.totals.pending), (1, 0, 0));
    let link = server.links_mailed("maya@example.com", "/verify?token=", 1).remove(0);
    for _ in 0..3 {
        assert_eq!(
            server.nobody().get(&link).status,
            200,
            "a scanner that follows the link does not use it up"
        );
    }
    assert!(!me(&server, &maya.token).email_proven);
    assert_eq!(press(&server, &link).status, 200);
    let after = me(&server, &maya.token);
    assert_eq!(
        (after.email_proven, after.earnings.map(|e| e.pending), after.totals.sale_amount),
        (true, Some(200), 1000)
    );
    assert_eq!(press(&server, &link).status, 410, "it works once");
    assert_eq!(press(&server, "/verify?token=made-up").status, 410);
    let partner: Vec<Partner> = server.test().get("/v1/partners").ok();
    assert!(partner[0].email_proven);
}

#[test]
fn signing_in_by_mail() {
    let server = Server::start();
    joined(&server);
    let ticket = ticket(&server, 0);
    let exchange = || server.page().post("/v1/embed/ticket", &json!({ "ticket": ticket }));
    let token: TokenOutput = exchange().ok();
    let me = me(&server, &token.token);
    assert_eq!((me.name.as_str(), me.email_proven), ("Maya", true), "whoever opens the mail has the address");
    exchange().refused(401);
}

#[test]
fn a_ticket_is_for_its_vendor() {
    let server = Server::start();
    joined(&server);
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    let ticket = ticket(&server, 0);
    let foreign = server.page_of(&other.test.publishable_key, "https://coffee.example");
    foreign.post("/v1/embed/ticket", &json!({ "ticket": ticket })).refused(401);
    server
        .page_of(&server.vendor.live.publishable_key, ORIGIN)
        .post("/v1/embed/ticket", &json!({ "ticket": "made-up" }))
        .refused(401);
}

#[test]
fn a_known_address_gives_nothing_away() {
    let server = Server::start();
    joined(&server);
    let again: JoinOutput = server.page().try_join("Impostor", "Maya@Example.com", json!({})).ok();
    let me = again.me.expect("a page, as for anybody");
    assert_eq!((me.name.as_str(), me.email_proven, me.totals.clicks), ("Impostor", false, 0));
    server.links_mailed("maya@example.com", "/p/open?token=", 1);
    let rows: Vec<Partner> = server.test().get("/v1/partners").ok();
    assert_eq!(rows.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Maya"]);
    assert_eq!(rows[0].links.len(), 2, "the code that was given is hers");
}

#[test]
fn asking_to_sign_in_tells_nobody_who_is_a_partner() {
    let server = Server::start();
    joined(&server);
    let ask = |email: &str| server.page().post("/v1/embed/sign-in", &json!({ "email": email }));
    let (known, unknown) = (ask("maya@example.com"), ask("nobody@example.com"));
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
    server.links_mailed("maya@example.com", "/p/open?token=", 1);
    assert_eq!(server.mails_to("nobody@example.com"), 0);
}

#[test]
fn a_mail_never_leads_to_a_foreign_page() {
    let server = Server::start();
    joined(&server);
    let ask = json!({ "email": "maya@example.com", "page": "https://evil.example/partners" });
    assert_eq!(server.page().post("/v1/embed/sign-in", &ask).status, 202);
    let link = server.links_mailed("maya@example.com", "/p/open?token=", 1).remove(0);
    let opened = press(&server, &link);
    assert!(
        opened.header("location").is_some_and(|l| l.starts_with("https://shop.example/#gw_ticket=")),
        "{opened:?}"
    );
}

#[test]
fn nobodys_mailbox_is_flooded() {
    let server = Server::start();
    server.test().program(json!({}));
    let ask = || server.page().post("/v1/embed/sign-in", &json!({ "email": "victim@example.com" })).status;
    let statuses: Vec<u16> = (0..11).map(|_| ask()).collect();
    assert_eq!((statuses[9], statuses[10]), (202, 429), "{statuses:?}");
}

#[test]
fn a_decision_is_mailed() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "autoApprove": false }));
    let maya = server.page().join("Maya", "maya@example.com");
    let row: Vec<Partner> = shop.get("/v1/partners").ok();
    shop.post("/v1/partners/reject", &json!({ "partnerId": row[0].id, "reason": "not now" })).ok::<Value>();
    let page = me(&server, &maya.token);
    assert_eq!(
        (page.status.as_str(), page.reason.as_str(), page.link.is_none()),
        ("rejected", "not now", true)
    );
    server.links_mailed("maya@example.com", "/verify?token=", 1);
    for _ in 0..100 {
        if server.mails_to("maya@example.com") == 2 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the decision was not mailed");
}
