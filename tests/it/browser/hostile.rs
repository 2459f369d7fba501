//! Style sheets that spare nothing.

use super::chromium::Browser;
use super::role::fill_join_form;
use super::site::Page;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn hostile_styles_leave_the_widget_usable() {
    let world = World::open().await;
    let style = "<style>* { all: unset !important } html { font-size: 8px } button, input { display: none !important; height: 1px !important }</style>";
    let page = world
        .site
        .put("/", Page::new(&format!("{style}{}", world.tag("")), "<goodword-join></goodword-join>"));
    let browser = Browser::open().await;
    browser.goto(&page).await;
    for path in ["goodword-join >>> button[type=submit]", "goodword-join >>> input[name=email]"] {
        let (width, height) = browser.size(path).await;
        assert!(height >= 24.0 && width >= 24.0, "{path} is {width} by {height}");
    }
    fill_join_form(&browser, "goodword-join >>> ", "Vera Lang", "vera@lang.example").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    let (width, height) = browser.size("goodword-join >>> [part~=copy-button]").await;
    assert!(height >= 24.0 && width >= 24.0, "the copy button is {width} by {height}");
    browser.assert_quiet().await;
}
