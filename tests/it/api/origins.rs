//! The origins whose pages may use the publishable key.

use crate::harness::{ORIGIN, Server};
use goodword_wire::{EmbedConfig, Origins};
use serde_json::json;

fn origins(list: &[&str]) -> Origins {
    Origins { origins: list.iter().map(|o| (*o).to_owned()).collect() }
}

#[test]
fn the_list_is_replaced_and_holds_at_once() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let config =
        |origin: &str| server.page_of(&server.vendor.test.publishable_key, origin).get("/v1/embed/config");
    config(ORIGIN).ok::<EmbedConfig>();
    config("https://blog.example").refused(403);
    let set: Origins =
        shop.put("/v1/origins", &origins(&["https://Blog.example/", "https://*.tea.example"])).ok();
    assert_eq!(set, origins(&["https://*.tea.example", "https://blog.example"]));
    assert_eq!(server.live().get("/v1/origins").ok::<Origins>(), set, "one list for live and test");
    config("https://blog.example").ok::<EmbedConfig>();
    config("https://a.b.tea.example").ok::<EmbedConfig>();
    for gone in [
        ORIGIN,
        "https://tea.example",
        "http://blog.example",
        "https://evil-tea.example",
        "https://blog.example.evil.example",
    ] {
        config(gone).refused(403);
    }
    config(&server.base).ok::<EmbedConfig>();
}

#[test]
fn what_is_no_origin_is_refused_whole() {
    let server = Server::start();
    let shop = server.test();
    for bad in [
        "shop.example",
        "https://shop.example/path",
        "ftp://x.example",
        "*",
        "null",
        "",
        "https://u@x.example",
        "javascript:alert(1)",
    ] {
        let message = shop.put("/v1/origins", &origins(&["https://good.example", bad])).refused(422);
        assert!(message.contains("`origins`"), "{bad}: {message}");
    }
    let many: Vec<String> = (0..101).map(|i| format!("https://s{i}.example")).collect();
    shop.put("/v1/origins", &Origins { origins: many }).refused(422);
    assert_eq!(shop.get("/v1/origins").ok::<Origins>(), origins(&[ORIGIN]));
}

#[test]
fn pages_may_ask_across_origins_but_never_with_cookies() {
    let server = Server::start();
    server.test().program(json!({}));
    let answer = server.page().get("/v1/embed/config");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[test]
fn an_operator_allows_an_origin() {
    let server = Server::start();
    let printed = server.admin("allow-origin", &["https://new.example"]);
    assert!(printed.contains("https://new.example") && printed.contains(ORIGIN), "{printed}");
    assert_eq!(server.live().get("/v1/origins").ok::<Origins>().origins.len(), 2);
}
