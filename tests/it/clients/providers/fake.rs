//! The stand-in for Stripe that the quick start uses: a shop sells by Stripe's own library, pointed at it.

use super::{SECRET, Shop};
use crate::harness::{Script, Server};
use goodword_wire::Integration;
use serde_json::json;

#[test]
fn a_shop_sells_by_stripes_own_library() {
    let server = Server::start();
    let vendor = server.test();
    vendor.program(json!({}));
    vendor.partner("MAYA27");
    let click = server.page().click(json!({ "key": "MAYA27" })).click_id;
    let stripe: Integration = vendor.put("/v1/integrations/stripe", &json!({ "secrets": [SECRET] })).ok();
    let said = Script::new("stripe-shop.mjs")
        .with("WEBHOOK", &stripe.url)
        .with("SECRET", SECRET)
        .with("CLICK_ID", &click)
        .run();
    assert_eq!(said["paid"], json!([303, 303]));
    let outcomes: Vec<_> =
        said["sent"].as_array().expect("a list").iter().map(|s| s["answer"]["outcome"].clone()).collect();
    assert_eq!(outcomes, ["taken", "waiting", "noted", "noted", "taken"], "{said}");
    let shop = Shop { server, vendor, click };
    let mut earnings: Vec<i64> = shop.vendor.commissions().iter().map(|c| c.earnings).collect();
    earnings.sort_unstable();
    // 100.00 each at 20 %; of the first a quarter was given back.
    assert_eq!(earnings, [1500, 2000]);
}
