//! A stranger's page that is itself made with Yew: two modules, one DOM.

use super::chromium::Browser;
use super::role::fill_join_form;
use super::site::Page;
use super::world::World;
use serde_json::json;
use std::path::Path;

/// What `cargo xtask wasm --yew-host` has built.
fn put_up(world: &World) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/assets-test/yew-host");
    let files: Vec<_> = std::fs::read_dir(&folder).into_iter().flatten().flatten().collect();
    assert!(!files.is_empty(), "{} is missing: run `cargo xtask wasm --yew-host` first", folder.display());
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let mut bytes = std::fs::read(file.path()).expect("it was listed");
        if name == "index.html" {
            let page = String::from_utf8(bytes).expect("the page is text");
            bytes = page.replace("</body>", &format!("{}</body>", world.tag(""))).into_bytes();
        }
        world.site.put(&format!("/{name}"), Page::file(&name, bytes));
    }
    format!("{}/index.html", world.site.origin)
}

#[tokio::test(flavor = "multi_thread")]
async fn host_and_widget_hear_only_their_own_clicks() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&put_up(&world)).await;
    browser.see("#host-button", "Host button").await;
    // Inside what the host's Yew draws, where its delegated listeners hear every click that bubbles.
    let inside = "document.querySelector('#host p').append(document.createElement('goodword-join'))";
    let () = browser.js(inside, json!([])).await;
    browser.click("#host-button", "Host button").await;
    browser.see("#host-count", "1").await;
    browser.click("goodword-join >>> button", "Sign in").await;
    browser.see("goodword-join >>> form[data-gw=sign-in]", "").await;
    browser.click("goodword-join >>> button", "Back").await;
    fill_join_form(&browser, "goodword-join >>> ", "Yuki Ito", "yuki@ito.example").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    assert_eq!(browser.text("#host-count").await, "1", "the host heard clicks of the widget");
    browser.click("#host-button", "Host button").await;
    browser.see("#host-count", "2").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    browser.assert_quiet().await;
}
