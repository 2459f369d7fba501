//! Clicks: redirected, counted once, and never for programs.

use crate::harness::{Client, Server};
use serde_json::{Value, json};
use ureq::http::Method;

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop
}

fn counted(shop: &Client) -> usize {
    shop.all_rows("/v1/events?event=click", 50).len()
}

/// An id of the same form that was never given out.
fn another(id: &str) -> String {
    let last = if id.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &id[..id.len() - 1])
}

#[track_caller]
fn location(client: &Client, path: &str) -> String {
    let answer = client.get(path);
    assert_eq!(answer.status, 302, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    answer.header("location").expect("where to").to_owned()
}

#[test]
fn a_redirect_stores_the_click_before_it_answers() {
    let server = Server::start();
    let shop = shop(&server);
    let to = location(&server.nobody(), "/r/MAYA10");
    let id = to.strip_prefix("https://shop.example/?gw_id=").expect("the page with the click");
    let events: Vec<Value> = shop.get("/v1/events?event=click").ok();
    assert_eq!(events[0]["id"], id);
    assert_eq!(events[0]["timestamp"], "2026-03-01T09:00:00.000Z");
}

#[test]
fn the_same_visitor_within_the_hour_is_one_click() {
    let server = Server::start();
    let shop = shop(&server);
    let first = location(&server.nobody(), "/r/MAYA10");
    shop.clock(json!({ "advanceMs": 3_599_999 }));
    assert_eq!(location(&server.nobody(), "/r/MAYA10"), first);
    let other = server.nobody().with("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)");
    assert_ne!(location(&other, "/r/MAYA10"), first, "another browser is another visitor");
    assert_eq!(counted(&shop), 2);
    shop.clock(json!({ "advanceMs": 1 }));
    assert_ne!(location(&server.nobody(), "/r/MAYA10"), first, "the hour is over");
    assert_eq!(counted(&shop), 3);
}

#[test]
fn a_page_names_the_browser_itself() {
    let server = Server::start();
    let shop = shop(&server);
    let page = server.page();
    let click = |visitor: &str| {
        page.click(
            json!({ "key": "MAYA10", "visitorId": visitor, "url": "https://shop.example/?via=MAYA10" }),
        )
    };
    let first = click("browser-1");
    let again = click("browser-1");
    assert_eq!((first.duplicate, again.duplicate, &again.click_id), (false, true, &first.click_id));
    assert_ne!(click("browser-2").click_id, first.click_id);
    assert_eq!(counted(&shop), 2);
    assert_eq!((first.partner.name.as_str(), first.link.code.as_str()), ("Partner MAYA10", "MAYA10"));
}

#[test]
fn a_browser_that_wants_no_tracking_is_counted_and_not_known() {
    let server = Server::start();
    let shop = shop(&server);
    let careful = server.nobody().with("sec-gpc", "1");
    assert_eq!(location(&careful, "/r/MAYA10"), "https://shop.example/?via=MAYA10");
    assert_eq!(counted(&shop), 1);
    assert_eq!(location(&careful, "/r/MAYA10"), "https://shop.example/?via=MAYA10");
    assert_eq!(counted(&shop), 1, "within the hour it is one click all the same");

    // What a page says of the browser is not read.
    let page = server
        .page()
        .with("sec-gpc", "1")
        .with("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");
    let click = |visitor: &str| page.click(json!({ "key": "MAYA10", "visitorId": visitor }));
    let first = click("browser-1");
    assert_eq!(click("browser-2").click_id, first.click_id);
    assert_eq!(counted(&shop), 2);
    assert!(location(&server.nobody().with("sec-gpc", "0"), "/r/MAYA10").contains("gw_id="));
}

#[test]
fn a_redirected_click_is_joined_with_the_browser_and_not_stored_twice() {
    let server = Server::start();
    let shop = shop(&server);
    let to = location(&server.nobody(), "/r/MAYA10");
    let id = to.rsplit('=').next().expect("a click");
    let joined = server.page().click(json!({ "clickId": id, "key": "MAYA10", "visitorId": "browser-1" }));
    assert_eq!((joined.click_id.as_str(), joined.duplicate), (id, true));
    assert_eq!(counted(&shop), 1);
    let gone = json!({ "clickId": another(id), "visitorId": "browser-1" });
    server.page().post("/v1/track/click", &gone).refused(404);
}

#[test]
fn crawlers_and_prefetches_are_redirected_but_not_counted() {
    let server = Server::start();
    let shop = shop(&server);
    let crawlers = [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ];
    for agent in crawlers {
        assert_eq!(
            location(&server.nobody().with("user-agent", agent), "/r/MAYA10"),
            "https://shop.example/"
        );
    }
    for (name, value) in [
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ] {
        assert_eq!(location(&server.nobody().with(name, value), "/r/MAYA10"), "https://shop.example/");
    }
    let head = server.nobody().send(Method::HEAD, "/r/MAYA10", None);
    assert_eq!((head.status, head.header("location")), (302, Some("https://shop.example/")));
    assert_eq!(counted(&shop), 0);
}

#[test]
fn who_comes_from_inside_an_app_is_counted() {
    let server = Server::start();
    let shop = shop(&server);
    let inside = "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 \
                  (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36 ";
    for app in ["Instagram 406.0.0.58.159 Android", "MetaIAB Facebook"] {
        location(&server.nobody().with("user-agent", &format!("{inside}{app}")), "/r/MAYA10");
    }
    assert_eq!(counted(&shop), 2);
}

#[test]
fn case_and_look_alikes_do_not_matter() {
    let server = Server::start();
    let shop = shop(&server);
    shop.partner("OIL-100");
    for key in ["maya10", "MaYa1O", "mayaI0", "MAYALO"] {
        assert!(location(&server.nobody(), &format!("/r/{key}")).contains("gw_id=clk_"), "{key}");
    }
    assert_eq!(counted(&shop), 1, "one visitor, one link");
    assert!(location(&server.nobody(), "/r/011-ioo").contains("gw_id="));
    assert_eq!(
        shop.sale(json!({ "customerExternalId": "u-1", "amount": 1, "code": "maya1o" })).reason,
        "code_typed"
    );
}

#[test]
fn what_is_unknown_or_closed() {
    let server = Server::start();
    let shop = shop(&server);
    server.nobody().get("/r/NOBODY").refused(404);
    server.nobody().get("/r/%00").refused(404);
    let page = server.nobody().with("accept", "text/html,*/*").get("/r/NOBODY");
    assert!(
        page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")),
        "a person reads a page"
    );
    shop.post("/v1/track/click", &json!({ "key": "NOBODY" })).refused(404);
    let program: Vec<Value> = shop.get("/v1/programs").ok();
    let path = format!("/v1/programs/{}", program[0]["id"].as_str().expect("an id"));
    shop.patch(&path, &json!({ "status": "closed" })).ok::<Value>();
    assert_eq!(
        location(&server.nobody(), "/r/MAYA10"),
        "https://shop.example/",
        "visitors are never left standing"
    );
    shop.post("/v1/track/click", &json!({ "key": "MAYA10" })).refused(409);
    assert_eq!(counted(&shop), 0);
}

#[test]
fn a_pending_partner_gets_no_clicks() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "autoApprove": false }));
    let maya = server.page().join("Maya", "maya@example.com");
    let me = maya.join.me.expect("her page");
    assert_eq!(
        (me.status.as_str(), me.reason.as_str(), me.link.is_none(), me.qr.is_none()),
        ("pending", "awaiting_review", true, true)
    );
    let row: Vec<Value> = shop.get("/v1/partners?status=pending").ok();
    let key = row[0]["links"][0]["key"].as_str().expect("a key").to_owned();
    assert_eq!(location(&server.nobody(), &format!("/r/{key}")), "https://shop.example/");
    shop.post("/v1/partners/approve", &json!({ "partnerId": row[0]["id"] })).ok::<Value>();
    assert!(location(&server.nobody(), &format!("/r/{key}")).contains("gw_id="));
}

#[test]
fn a_link_keeps_the_query_and_fragment_of_its_page() {
    let server = Server::start();
    let shop = shop(&server);
    let partner: Vec<Value> = shop.get("/v1/partners").ok();
    let link = json!({ "partnerId": partner[0]["id"], "code": "SPRING", "url": "https://shop.example/tea?kind=oolong#top" });
    shop.post("/v1/partners/links", &link).ok::<Value>();
    let to = location(&server.nobody(), "/r/spring?gw_sub=story-1");
    assert!(
        to.starts_with("https://shop.example/tea?kind=oolong&gw_id=clk_") && to.ends_with("#top"),
        "{to}"
    );
    let astray = json!({ "partnerId": partner[0]["id"], "url": "https://evil.example/" });
    assert!(shop.post("/v1/partners/links", &astray).refused(422).contains("`url`"));
}
