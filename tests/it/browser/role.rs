//! Who acts in the scenarios, each in a browser of his or her own.

use super::chromium::Browser;
use super::world::World;
use std::time::Duration;
use tokio::time::Instant;

/// Somebody who promotes the vendor.
pub struct Influencer<'a> {
    pub browser: Browser,
    world: &'a World,
}

/// What an influencer is given.
pub struct Given {
    pub code: String,
    pub link: String,
}

impl<'a> Influencer<'a> {
    pub async fn new(world: &'a World) -> Self {
        Self { browser: Browser::open().await, world }
    }

    /// Opens the shop's page for partners.
    pub async fn visits_the_partner_page(&self) {
        self.browser.goto(&format!("{}/partners", self.world.shop)).await;
    }

    /// Fills in the form of `<goodword-join>` and sends it off; code, link and QR code are there at once.
    pub async fn joins(&self, name: &str, email: &str) -> Given {
        self.visits_the_partner_page().await;
        fill_join_form(&self.browser, "goodword-join >>> ", name, email).await;
        self.browser.see("goodword-join >>> svg.qr path", "").await;
        Given {
            code: self.browser.text("goodword-join >>> bdi.code").await,
            link: self.browser.text("goodword-join >>> bdi:not(.code)").await,
        }
    }

    /// Opens the mail in the outbox, follows its link and presses the button there.
    pub async fn confirms_the_address(&self, email: &str) {
        let mailed = self.world.server.links_mailed(email, "/verify", 1);
        self.browser.goto(&format!("{}/outbox", self.world.server.base)).await;
        self.browser.click("article a", &mailed[0]).await;
        self.browser.click("button", "Yes, confirm my address").await;
        self.browser.see("h1", "your address is confirmed").await;
    }

    /// Asks `<goodword-share>` for a sign-in link, and follows it from the mail back to the shop's page.
    pub async fn comes_back_by_mail(&self, email: &str) {
        self.browser.fill("goodword-share >>> input[name=email]", email).await;
        self.browser.click("goodword-share >>> button[type=submit]", "").await;
        self.browser.see("goodword-share >>> h2", "Check your e-mail").await;
        let mailed = self.world.server.links_mailed(email, "/p/open", 1);
        self.browser.goto(&format!("{}{}", self.world.server.base, mailed[0])).await;
        self.browser.click("button", "Open my partner page").await;
    }

    /// Waits until a commission of this amount is listed in `<goodword-share>` in this state.
    pub async fn sees_earned(&self, limit: Duration, amount: &str, status: &str) {
        let row = format!("goodword-share >>> [part~=commissions] li[data-status={status}]");
        let what = format!("<goodword-share> lists {amount} as {status}");
        self.browser.within(limit, &what, async || self.browser.sees(&row, amount).await.then_some(())).await;
    }
}

/// Name, address, agreement, and off it goes; `root` is where the form is.
pub async fn fill_join_form(browser: &Browser, root: &str, name: &str, email: &str) {
    fill_form(browser, root, name, email, "Get my code and link").await;
}

/// The same where the button says something else.
pub async fn fill_form(browser: &Browser, root: &str, name: &str, email: &str, button: &str) {
    browser.fill(&format!("{root}input[name=name]"), name).await;
    browser.fill(&format!("{root}input[name=email]"), email).await;
    browser.click(&format!("{root}input[name=terms]"), "").await;
    browser.click(&format!("{root}button[type=submit]"), button).await;
}

/// Somebody who was sent a link.
pub struct Visitor<'a> {
    pub browser: Browser,
    world: &'a World,
}

impl<'a> Visitor<'a> {
    pub async fn new(world: &'a World) -> Self {
        Self { browser: Browser::open().await, world }
    }

    /// Follows a link, and ends up in the shop.
    pub async fn follows(&self, link: &str) {
        self.browser.goto(link).await;
        assert!(self.browser.address().await.starts_with(&self.world.shop), "{link} leads elsewhere");
        self.browser.see("h1", "Tea from where the trees give up").await;
    }

    /// Signs up in the shop's own form.
    pub async fn signs_up(&self, name: &str, email: &str) {
        self.browser.click("nav a", "Sign up").await;
        self.browser.fill("#sign-up-form input[name=name]", name).await;
        self.browser.fill("#sign-up-form input[name=email]", email).await;
        self.browser.click("#sign-up-form button", "Sign up").await;
        self.browser.see("nav a", "Account").await;
    }

    /// Buys a tea; what the shop was told of the commission, minor units, and when the order was placed.
    pub async fn buys(&self, tea: &str) -> (i64, Instant) {
        self.browser.goto(&format!("{}/tea/{tea}", self.world.shop)).await;
        self.browser.click("button[name=slug]", "Add to cart").await;
        self.browser.click("#checkout-form button", "Pay").await;
        self.browser.see("#outcome", "Credited to").await;
        let placed = Instant::now();
        let earned: Option<String> = self
            .browser
            .js("return document.getElementById('outcome').dataset.commission", serde_json::json!([]))
            .await;
        let earned = earned.and_then(|text| text.parse().ok());
        (earned.expect("the shop's page says what was earned"), placed)
    }
}

/// Somebody who runs the program in the console.
pub struct Marketer<'a> {
    pub browser: Browser,
    world: &'a World,
}

impl<'a> Marketer<'a> {
    /// In front of the log-in page.
    pub async fn new(world: &'a World) -> Self {
        let marketer = Self { browser: Browser::open().await, world };
        marketer.browser.goto(&format!("{}/console/?mode=test", world.server.base)).await;
        marketer.browser.see("h1", "Log in").await;
        marketer
    }

    /// Logged in, in test mode.
    pub async fn logged_in(world: &'a World) -> Self {
        let marketer = Self::new(world).await;
        marketer.logs_in().await;
        marketer
    }

    /// Logs in, and is in.
    pub async fn logs_in(&self) {
        self.tries_to_log_in(&self.world.server.vendor.owner.password).await;
        self.browser.see("nav.sections a[aria-current=page]", "Overview").await;
    }

    /// Types the owner's address and a password, and sends them.
    pub async fn tries_to_log_in(&self, password: &str) {
        self.browser.fill("input[name=email]", &self.world.server.vendor.owner.email).await;
        self.browser.fill("input[name=password]", password).await;
        self.browser.click("button[type=submit]", "Log in").await;
    }

    /// Opens a section by its link.
    pub async fn goes_to(&self, section: &str) {
        self.browser.click("nav.sections a", section).await;
        self.browser.see("nav.sections a[aria-current=page]", section).await;
    }

    /// Waits until a commission of this amount is in the list in this state, as the screen words it.
    pub async fn sees_earned(&self, limit: Duration, amount: &str, state: &str) {
        let what = format!("the console lists {amount} as “{state}”");
        let row = async || {
            let rows: Vec<String> = self.browser.js(ROWS, serde_json::json!([])).await;
            rows.iter().any(|row| row.contains(amount) && row.contains(state)).then_some(())
        };
        self.browser.within(limit, &what, row).await;
    }

    /// Moves the sandbox's clock by a month and a day.
    pub async fn lets_a_month_pass(&self) {
        self.browser.click(".sandbox button", "+31 days").await;
    }
}

const ROWS: &str = "return [...document.querySelectorAll('main tbody tr')].map((row) => row.textContent)";
