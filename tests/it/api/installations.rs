//! Where the script is, as far as it was heard of.

use crate::harness::{Kind, ORIGIN, Server};
use goodword_wire::Installation;
use serde_json::json;

fn sites(client: &crate::harness::Client) -> Vec<(String, bool)> {
    let list: Vec<Installation> = client.get("/v1/installations").ok();
    let mut sites: Vec<_> = list.into_iter().map(|site| (site.origin, site.allowed)).collect();
    sites.sort();
    sites
}

fn of(list: &[(&str, bool)]) -> Vec<(String, bool)> {
    list.iter().map(|(origin, allowed)| ((*origin).to_owned(), *allowed)).collect()
}

#[test]
fn sites_are_heard_of_by_key_and_by_script() {
    let server = Server::with_origins(Kind::chosen(), &[ORIGIN, "https://*.tea.example"]);
    server.test().program(json!({}));
    server.test().partner("MAYA");
    assert_eq!(sites(&server.test()), of(&[]));

    server.page().click(json!({ "key": "MAYA" }));
    let key = &server.vendor.test.publishable_key;
    server.page_of(key, "https://a.tea.example").get("/v1/embed/config");
    // Somebody pasted the tag on a site nobody has allowed yet: that is told, so that it can be.
    server.page_of(key, "https://new.example").get("/v1/embed/config").refused(403);
    server
        .page_of(key, "https://newer.example")
        .post("/v1/track/click", &json!({ "key": "MAYA" }))
        .refused(403);
    let expected = of(&[
        ("https://a.tea.example", true),
        ("https://new.example", false),
        ("https://newer.example", false),
        (ORIGIN, true),
    ]);
    assert_eq!(sites(&server.test()), expected);
    assert_eq!(sites(&server.live()), of(&[]), "the sandbox's key says nothing of live pages");

    // Whoever loads the script names no key, but a page.
    let reader = |page: &str| server.nobody().with("referer", page).get("/goodword.js");
    reader("https://b.tea.example/oolong?x=1");
    reader("https://stranger.example/");
    reader("about:blank");
    assert_eq!(sites(&server.live()), of(&[("https://b.tea.example", true)]));

    server.page_of("pk_test_nobodys", "https://thief.example").get("/v1/embed/config").refused(401);
    server.test().with("origin", "https://server.example").get("/v1/embed/config");
    assert_eq!(sites(&server.test()), expected);
    server.page().get("/v1/installations").refused(403);
}

#[test]
fn they_are_remembered_and_a_flood_of_made_up_sites_is_not() {
    let server = Server::start();
    server.test().program(json!({}));
    server.page().get("/v1/embed/config");
    server.stop();
    server.restart();
    let first: Vec<Installation> = server.test().get("/v1/installations").ok();
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(first[0].first_seen_at <= first[0].last_seen_at);

    let key = &server.vendor.test.publishable_key;
    for number in 0..230 {
        server.page_of(key, &format!("https://s{number}.example")).get("/v1/embed/config").refused(403);
    }
    let list: Vec<Installation> = server.test().get("/v1/installations").ok();
    assert_eq!(list.len(), 200);
    // One that is allowed is told of however many are made up.
    server.admin("allow-origin", &["https://late.example"]);
    server.page_of(key, "https://late.example").get("/v1/embed/config");
    let list: Vec<Installation> = server.test().get("/v1/installations").ok();
    assert!(list.iter().any(|site| site.origin == "https://late.example" && site.allowed), "{list:?}");
}
