//! Codes that partners choose and change, and links for their posts.

use crate::harness::{Answer, Client, Hers, ORIGIN, Server, at_once};
use goodword_wire::{CodeAnswer, EmbedMe, EmbedPost, EmbedTokenOutput, JoinOutput, Link, TokenOutput};
use serde_json::{Value, json};

fn holder(server: &Server, token: &str) -> Client {
    server.bearer(token).with("origin", ORIGIN)
}

/// A partner whose address is proven.
fn proven(server: &Server, name: &str, code: &str) -> Hers {
    let email = format!("{}@example.com", name.to_lowercase());
    let join: JoinOutput = server.page().try_join(name, &email, json!({ "code": code })).ok();
    let link = server.links_mailed(&email, "/verify?token=", 1).remove(0);
    let (path, query) = link.split_once('?').expect("a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    let pressed = form.send("POST".parse().expect("a method"), path, Some(query.as_bytes().to_vec()));
    assert_eq!(pressed.status, 200);
    Hers { token: join.token.clone().expect("a token"), join }
}

fn ask(server: &Server, code: &str) -> CodeAnswer {
    server.page().get(&format!("/v1/embed/code?code={code}")).ok()
}

#[test]
fn whether_a_code_is_free_is_told_while_somebody_types() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    shop.partner("MAYA10");
    let told = |code: &str| {
        let answer = ask(&server, code);
        (answer.code, answer.free, answer.reason)
    };
    assert_eq!(told("tea-time"), ("TEA-TIME".into(), true, None));
    assert_eq!(told("maya1o"), ("MAYA1O".into(), false, Some("taken".into())));
    assert_eq!(told("adm1n"), ("ADM1N".into(), false, Some("reserved".into())));
    assert_eq!(told("tea-shop").2, Some("reserved".into()));
    assert_eq!(told("ab"), ("AB".into(), false, Some("malformed".into())));
    assert_eq!(told("").2, Some("malformed".into()));
}

#[test]
fn nobody_reads_off_all_codes() {
    let server = Server::start();
    server.test().program(json!({}));
    let asked = at_once(8, |thread| {
        let ask = |i: usize| server.page().get(&format!("/v1/embed/code?code=CODE-{thread}-{i}")).status;
        (0..50).map(ask).collect::<Vec<u16>>()
    });
    let statuses: Vec<u16> = asked.into_iter().flatten().collect();
    let answered = statuses.iter().filter(|status| **status == 200).count();
    assert!(answered >= 120 && statuses.contains(&429), "{answered} of {} were answered", statuses.len());
}

#[test]
fn the_code_before_goes_on_earning() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya = proven(&server, "Maya", "MAYA-OLD");
    let her = holder(&server, &maya.token);
    let link: Link = her.post("/v1/embed/code", &json!({ "code": " maya-new " })).ok();
    assert_eq!((link.code.as_str(), link.key.as_str()), ("MAYA-NEW", "MAYA-NEW"));
    let me: EmbedMe = her.get("/v1/embed/me").ok();
    assert_eq!((me.link.map(|l| l.code), me.code_changes), (Some("MAYA-NEW".into()), 2));
    for (i, code) in ["maya-old", "maya-new"].iter().enumerate() {
        let sale = shop.sale(json!({ "customerExternalId": format!("u-{i}"), "amount": 1000, "code": code }));
        assert_eq!(sale.partner.map(|p| p.name), Some("Maya".into()), "{code}");
        let to = server.nobody().get(&format!("/r/{code}"));
        assert!(to.header("location").is_some_and(|l| l.contains("gw_id=clk_")), "{to:?}");
    }
    let me: EmbedMe = her.get("/v1/embed/me").ok();
    assert_eq!((me.totals.sales, me.totals.clicks >= 1), (2, true));
}

#[test]
fn a_code_is_changed_so_often_and_no_more() {
    let server = Server::start();
    server.test().program(json!({ "widget": { "codeChanges": 1 } }));
    let maya = proven(&server, "Maya", "MAYA-A");
    let change = |code: &str| -> Answer {
        holder(&server, &maya.token).post("/v1/embed/code", &json!({ "code": code }))
    };
    change("ADMIN").refused(422);
    assert_eq!(change("MAYA-B").ok::<Link>().code, "MAYA-B");
    assert!(change("MAYA-C").refused(409).contains("as often"));
    // What is hers already costs nothing.
    assert_eq!(change("maya-a").ok::<Link>().code, "MAYA-A");
    let me: EmbedMe = holder(&server, &maya.token).get("/v1/embed/me").ok();
    assert_eq!((me.link.map(|l| l.code), me.code_changes), (Some("MAYA-A".into()), 0));
}

#[test]
fn a_code_of_another_is_not_to_be_had() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    shop.partner("OTTO10");
    let maya = proven(&server, "Maya", "MAYA-A");
    let refused =
        holder(&server, &maya.token).post("/v1/embed/code", &json!({ "code": "0TT010" })).refused(409);
    assert!(refused.contains("taken"), "{refused}");
    let me: EmbedMe = holder(&server, &maya.token).get("/v1/embed/me").ok();
    assert_eq!(me.code_changes, 3, "what was refused does not count");
}

/// The token of somebody whom the vendor knows, and who is a partner from then on.
fn signed_in_at_the_vendors(server: &Server, name: &str) -> String {
    let who = json!({ "partner": { "email": format!("{name}@example.com") } });
    let made: EmbedTokenOutput = server.test().post("/v1/tokens/embed/referrals", &who).ok();
    let token: TokenOutput =
        server.page().post("/v1/embed/identify", &json!({ "token": made.public_token })).ok();
    token.token
}

#[test]
fn two_processes_give_a_code_to_one_partner() {
    let server = Server::start();
    server.test().program(json!({ "widget": { "codeChanges": 20 } }));
    let beside = server.beside();
    let tokens: Vec<String> =
        ["ann", "ben", "cem", "dia"].iter().map(|name| signed_in_at_the_vendors(&server, name)).collect();
    for round in 0..3 {
        let wish = json!({ "code": format!("WANTED-{round}") });
        let statuses = at_once(4, |i| {
            let process = if i % 2 == 0 { &server } else { &beside };
            holder(process, &tokens[i]).post("/v1/embed/code", &wish).status
        });
        assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 3, "{statuses:?}");
    }
}

fn post(server: &Server, token: &str, body: &Value) -> Answer {
    holder(server, token).post("/v1/embed/links", body)
}

#[test]
fn each_post_has_a_link_and_figures_of_its_own() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya = proven(&server, "Maya", "MAYA10");
    let body = json!({ "url": "https://shop.example/teapots?colour=red", "label": "Reel, 3 May" });
    let reel: EmbedPost = post(&server, &maya.token, &body).ok();
    assert_eq!(reel.code, "MAYA10-REEL3MAY");
    assert_eq!(reel.short_link, format!("{}/r/MAYA10-REEL3MAY?gw_sub=reel--3-may", server.base));
    assert_eq!(
        reel.direct_link,
        "https://shop.example/teapots?colour=red&via=MAYA10-REEL3MAY&gw_sub=reel--3-may"
    );
    let to = server.nobody().get(reel.short_link.strip_prefix(&server.base).expect("ours"));
    let to = to.header("location").expect("where to").to_owned();
    assert!(to.starts_with("https://shop.example/teapots?colour=red&gw_id=clk_"), "{to}");
    let click = to.split_once("gw_id=").map(|(_, id)| id).expect("a click");
    shop.lead(json!({ "clickId": click, "customerExternalId": "u-1", "customerEmail": "u@example.com" }));
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 1000 }));
    let other: EmbedPost = post(&server, &maya.token, &json!({ "label": "Blog" })).ok();
    let me: EmbedMe = holder(&server, &maya.token).get("/v1/embed/me").ok();
    let told: Vec<_> =
        me.posts.iter().map(|p| (p.label.as_str(), p.clicks, p.leads, p.sales, p.earnings)).collect();
    assert_eq!(told, [("Blog", 0, 0, 0, 0), ("Reel, 3 May", 1, 1, 1, 200)]);
    assert_eq!(me.link.map(|l| l.code), Some("MAYA10".into()), "the code stays what it is");
    assert_eq!((me.totals.clicks, other.code.as_str()), (1, "MAYA10-BLOG"));
    assert!(post(&server, &maya.token, &json!({ "label": "Blog" })).refused(409).contains("already"));
}

#[test]
fn links_lead_to_the_vendors_pages_alone() {
    let server = Server::start();
    server.test().program(json!({}));
    let maya = proven(&server, "Maya", "MAYA10");
    for bad in [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "javascript:alert(1)",
        "//shop.example",
        "https://u@shop.example/",
    ] {
        let refused = post(&server, &maya.token, &json!({ "url": bad, "label": "x" })).refused(422);
        assert!(refused.contains("`url`"), "{bad}: {refused}");
    }
    assert!(
        post(&server, &maya.token, &json!({ "url": "https://shop.example/" }))
            .refused(422)
            .contains("`label`")
    );
    let me: EmbedMe = holder(&server, &maya.token).get("/v1/embed/me").ok();
    assert!(me.posts.is_empty());
}
