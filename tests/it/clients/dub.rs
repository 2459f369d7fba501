//! The public SDKs of Dub, pointed at our server and otherwise unchanged.

use crate::harness::{Script, Server};
use serde_json::json;

#[test]
fn the_npm_package_reports_a_lead_and_a_sale() {
    let server = Server::start();
    let vendor = server.live();
    vendor.program(json!({}));
    vendor.partner("MAYA27");
    let click = server.page().click(json!({ "key": "MAYA27" })).click_id;
    let said = Script::new("dub-track.mjs")
        .with("SERVER", &server.base)
        .with("DUB_API_KEY", &server.vendor.live.secret_key)
        .with("CLICK_ID", &click)
        .run();
    assert_eq!(said["lead"]["customer"]["externalId"], "user_42");
    assert_eq!(said["sale"]["sale"]["amount"], 7800);
    assert_eq!(said["again"], said["sale"], "the same invoice again gets the first answer");
}
