//! Codes: chosen or generated, unique in the program, readable aloud.

use crate::harness::{Server, at_once};
use goodword_wire::{JoinOutput, Link, Partner};
use serde_json::json;
use std::collections::HashSet;

#[test]
fn a_chosen_code_is_kept_and_a_taken_one_refused() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya: JoinOutput =
        server.page().try_join("Maya", "maya@example.com", json!({ "code": " tea-Time " })).ok();
    assert_eq!(
        maya.me.and_then(|me| me.link).map(|l| (l.code, l.key)),
        Some(("TEA-TIME".into(), "TEA-TIME".into()))
    );
    for same in ["tea-time", "TEA-TlME", "tea-t1me"] {
        let refused =
            server.page().try_join("Otto", "otto@example.com", json!({ "code": same })).refused(409);
        assert!(refused.contains("taken"), "{refused}");
    }
    assert_eq!(shop.all_rows("/v1/partners", 50).len(), 1, "a refused code leaves nobody behind");
    for bad in ["ab", "-abc", "a b", "naïve", "x/../y"] {
        assert!(
            server
                .page()
                .try_join("Otto", "otto@example.com", json!({ "code": bad }))
                .refused(422)
                .contains("`code`"),
            "{bad}"
        );
    }
    assert_eq!(shop.all_rows("/v1/partners", 50).len(), 1);
}

#[test]
fn a_generated_code_can_be_read_aloud() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let names = [
        "Maya",
        "Olivia Lilo",
        "李小龙",
        "Jo",
        "Bartholomew Longname-Veryverylong",
        "O'Neil",
        "1337",
        "Ivo Illi",
    ];
    for (i, name) in names.iter().enumerate() {
        let input = json!({ "name": name, "email": format!("p{i}@example.com") });
        let partner: Partner = shop.post("/v1/partners", &input).ok();
        let code = &partner.links[0].code;
        assert!((4..=20).contains(&code.len()), "{code}");
        assert!(code.bytes().all(|b| b.is_ascii_alphanumeric() && !b"01OIL".contains(&b)), "{name}: {code}");
    }
}

#[test]
fn two_hundred_of_one_name_at_once_get_two_hundred_codes() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let made = at_once(20, |thread| {
        let add = |i: usize| {
            let input = json!({ "name": "Maya Lindholm", "email": format!("maya{thread}x{i}@example.com") });
            shop.post("/v1/partners", &input).ok::<Partner>().links.remove(0)
        };
        (0..10).map(add).collect::<Vec<Link>>()
    });
    let links: Vec<_> = made.into_iter().flatten().collect();
    let codes: HashSet<_> = links.iter().map(|l| l.code.to_uppercase()).collect();
    let keys: HashSet<_> = links.iter().map(|l| l.key.to_uppercase()).collect();
    assert_eq!((codes.len(), keys.len()), (200, 200));
    assert_eq!(shop.all_rows("/v1/partners", 100).len(), 200);
}

#[test]
fn fifty_who_want_the_same_code_at_once() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let statuses = at_once(50, |i| {
        let wish = json!({ "code": "TEATIME" });
        server.page().try_join("Maya", &format!("maya{i}@example.com"), wish).status
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 49, "{statuses:?}");
    assert_eq!(shop.all_rows("/v1/partners", 100).len(), 1);
}

#[test]
fn a_code_is_unique_in_its_program_and_a_key_on_the_server() {
    let server = Server::start();
    let shop = server.test();
    let (first, second) = (
        shop.program(json!({})),
        shop.program(json!({ "name": "Other", "url": "https://shop.example/other" })),
    );
    let here = shop.partner("MAYA10");
    let there = shop.partner_with("MAYA10", json!({ "programId": second.id, "email": "other@example.com" }));
    assert_eq!((here.program_id, there.program_id), (first.id, second.id.clone()));
    assert_eq!(there.links[0].code, "MAYA10");
    assert_ne!(there.links[0].key, here.links[0].key);
    let to = server.nobody().get(&format!("/r/{}", there.links[0].key));
    assert!(to.header("location").is_some_and(|l| l.starts_with("https://shop.example/other?gw_id=")));
    let sale = shop.sale(
        json!({ "customerExternalId": "u-1", "amount": 1000, "code": "maya10", "programId": second.id }),
    );
    assert_eq!(sale.partner.map(|p| p.id), Some(there.id));
}

#[test]
fn a_partner_has_several_links() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya = shop.partner("MAYA10");
    let add = |code: &str| shop.post("/v1/partners/links", &json!({ "partnerId": maya.id, "code": code }));
    let link: Link = add("spring").ok();
    assert_eq!(link.code, "SPRING");
    add("SPRING").refused(409);
    let links: Vec<Link> = shop.get(&format!("/v1/partners/links?partnerId={}", maya.id)).ok();
    assert_eq!(links.iter().map(|l| l.code.as_str()).collect::<Vec<_>>(), ["SPRING", "MAYA10"]);
    shop.post("/v1/partners", &json!({ "name": "Maya", "email": "MAYA10@partners.example" })).refused(409);
}
