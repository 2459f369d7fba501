//! `<goodword-signup>` on an influencer's blog, an origin that is not the vendor's.

use super::chromium::Browser;
use super::world::{CODE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_blog_becomes_a_lead_of_its_author() {
    let world = World::open().await;
    let reader = Browser::open().await;
    reader.goto(&world.blog).await;
    scroll_to(&reader, "goodword-signup").await;
    reader.see("goodword-signup >>> form", "").await;
    reader.click("goodword-signup >>> button[type=submit]", "Sign up").await;
    reader.see("goodword-signup >>> .error", "Please enter your e-mail address.").await;
    reader.fill("goodword-signup >>> input[name=name]", "Elif Jansen").await;
    reader.fill("goodword-signup >>> input[name=email]", "elif@jansen.example").await;
    reader.click("goodword-signup >>> button[type=submit]", "Sign up").await;
    reader.see("goodword-signup >>> [role=status]", "Welcome to").await;

    let event = reader.event("goodword-signup lead").await;
    assert!(event.contains("elif@jansen.example"), "{event}");
    assert!(!event.contains("cus_"), "a page learns which customer that is: {event}");
    let leads = world.events("lead");
    assert_eq!(leads.len(), 1, "{leads:?}");
    assert_eq!(
        leads[0].partner.as_ref().map(|partner| partner.name.as_str()),
        Some(&*format!("Partner {CODE}"))
    );
    assert_eq!(leads[0].earnings, 500, "{leads:?}");
    reader.assert_quiet().await;
}

/// As a reader who got that far.
pub async fn scroll_to(browser: &Browser, path: &str) {
    let () = browser
        .js(
            "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
            serde_json::json!([path]),
        )
        .await;
}
