//! Points, each kind as its template makes it: the partner learns, sells and redeems on our own origin, the vendor hands over in the
//! console.

use super::chromium::Browser;
use super::role::{Influencer, Marketer};
use super::world::World;
use crate::harness::goodword;
use goodword_wire::{Completion, Partner, Redemption};
use serde_json::{Value, json};

const EMAIL: &str = "ines@hartl.example";

/// What a template says of its program.
fn template(name: &str) -> Value {
    let printed = goodword().args(["program", "new", "--template", name, "--print"]).output();
    let text = String::from_utf8(printed.expect("goodword starts").stdout).expect("text");
    let document: toml::Table = text.parse().expect("TOML");
    let mut all = serde_json::to_value(document).expect("JSON");
    all.as_object_mut().expect("an object").remove("name");
    all
}

/// A program of a template, a partner in a browser of her own, a marketer in another.
struct Scene<'a> {
    world: &'a World,
    partner: Partner,
    code: String,
    hers: Browser,
    marketer: Marketer<'a>,
}

impl<'a> Scene<'a> {
    async fn of(world: &'a World) -> Self {
        let vendor = world.backend();
        vendor.freeze("2036-01-12T09:00:00.000Z");
        let ines = Influencer::new(world).await;
        let code = ines.joins("Ines Hartl", EMAIL).await.code;
        ines.confirms_the_address(EMAIL).await;
        let partner = vendor.get("/v1/partners?search=ines").ok::<Vec<Partner>>().remove(0);
        let marketer = Marketer::logged_in(world).await;
        Self { world, partner, code, hers: ines.browser, marketer }
    }

    /// Opens the account page, and from there her points.
    async fn opens_her_points(&self) {
        let address = format!("{}/p/account?program={}", self.world.server.base, self.world.program.id);
        self.hers.goto(&address).await;
        self.hers.click("a.button", "Your points").await;
        self.hers.see("h1", "Your points").await;
    }

    /// In `<goodword-share>` on the shop's page: what she has, her level, the way to the next one, and what she can have for it.
    async fn sees_in_the_widget(&self, points: &str, level: &str, next: &str, article: &str) {
        self.hers.goto(&format!("{}/partners", self.world.shop)).await;
        self.hers.see("goodword-share >>> [part~=points]", points).await;
        self.hers.see("goodword-share >>> [part~=level]", level).await;
        self.hers.see("goodword-share >>> [part~=level]", next).await;
        self.hers.click("goodword-share >>> [part~=catalogue] summary", "What you can redeem").await;
        self.hers.see("goodword-share >>> [part~=catalogue] li", article).await;
        self.hers.see("goodword-share >>> [part~=catalogue] li a", "Redeem").await;
        self.hers.click("goodword-share >>> [part~=completed] summary", "Completed").await;
        self.hers.see("goodword-share >>> [part~=completed] li", "cloud-101").await;
    }

    async fn redeems(&self, article: &str, state: &str) {
        self.hers.click(&format!("article[aria-labelledby=a-{article}] button"), "Redeem").await;
        self.hers.see("[role=status]", "Your points are taken").await;
        self.hers.see("section[aria-labelledby=redeemed] h3", state).await;
    }

    /// Hands over what waits, with a code, and she reads it.
    async fn hands_over(&self, article: &str, reference: &str) {
        self.marketer.goes_to("Points").await;
        self.marketer.browser.see("main tbody tr", article).await;
        self.marketer.browser.click("main tbody button", "Hand over").await;
        self.marketer.browser.fill("dialog input[name=reference]", reference).await;
        self.marketer.browser.click("dialog button[type=submit]", "Hand over").await;
        self.marketer.browser.see("main .empty", "Nothing waits for you").await;
        self.marketer.browser.click("nav.tabs a", "Handed over").await;
        self.marketer.browser.see("main tbody tr", reference).await;
        self.opens_her_points().await;
        self.hers.see(".reference", reference).await;
    }

    async fn ends_well(&self) {
        self.marketer.browser.assert_quiet().await;
        self.hers.assert_quiet().await;
    }
}

/// A course and a certificate are 350 points and Sapphire; 300 are redeemed for an exam, and the vendor sees who leads.
#[tokio::test(flavor = "multi_thread")]
async fn training_is_learned_redeemed_and_handed_over() {
    let world = World::with(template("training")).await;
    let scene = Scene::of(&world).await;
    let vendor = world.backend();
    for (event, badge) in [("Course completed", "cloud-101"), ("Certificate earned", "cloud-architect")] {
        let input = json!({ "partnerId": scene.partner.id, "eventName": event, "badge": badge });
        vendor.post("/v1/completions", &input).ok::<Completion>();
    }
    vendor.clock(json!({ "advanceDays": 0 }));
    scene.opens_her_points().await;
    scene.hers.see(".sums", "350").await;
    scene.hers.see("#level", "Sapphire").await;
    scene.hers.see("section[aria-labelledby=level] p", "650 more points make you Emerald").await;
    scene.hers.see("section[aria-labelledby=completed] li", "Course completed: cloud-101").await;
    scene
        .hers
        .see("section[aria-label^=Best] p", "You are on place 1 with 350 points, which gives 500 more.")
        .await;
    scene
        .sees_in_the_widget(
            "350",
            "Sapphire",
            "650 more points make you Emerald",
            "Voucher for the next exam",
        )
        .await;
    scene.opens_her_points().await;
    scene.redeems("exam", "On its way").await;
    scene.hands_over("Voucher for the next exam", "EXAM-77").await;
    scene.hers.see(".lots", "50").await;
    scene.marketer.browser.click("nav.tabs a", "Prizes").await;
    scene.marketer.browser.see("main tbody tr", "Ines Hartl").await;
    scene.marketer.browser.see("main tbody tr", "500").await;
    scene.ends_well().await;
}

/// 3,000.00 sold are 300 points; 250 are redeemed for a banner, taken back, and redeemed for vouchers that are handed over.
#[tokio::test(flavor = "multi_thread")]
async fn loyalty_points_are_collected_taken_back_and_redeemed() {
    let world = World::with(template("loyalty")).await;
    let scene = Scene::of(&world).await;
    let vendor = world.backend();
    let sale =
        json!({ "customerExternalId": "u-1", "code": scene.code, "amount": 300_999, "currency": "usd" });
    assert!(vendor.sale(sale).credited);
    vendor.clock(json!({ "advanceDays": 30 }));
    scene.opens_her_points().await;
    scene.hers.see(".lots", "300 through 2037-02-10").await;
    scene.redeems("banner", "On its way").await;
    scene.hers.see("article[aria-labelledby=a-banner]", "You have as many as one partner may have").await;
    scene.hers.click("section[aria-labelledby=redeemed] button", "Take it back").await;
    scene.hers.see("[role=status]", "your points are yours again").await;
    scene.hers.see(".sums", "300").await;
    scene.redeems("voucher-10", "On its way").await;
    scene.hands_over("Voucher of 10.00", "TEN-4711").await;
    let all: Vec<Redemption> = vendor.get("/v1/redemptions").ok();
    assert_eq!(all.iter().map(|one| one.status.as_str()).collect::<Vec<_>>(), ["fulfilled", "canceled"]);
    scene.marketer.goes_to("Partners").await;
    scene.marketer.browser.click("main tbody a", "Ines Hartl").await;
    scene.marketer.browser.click("nav.tabs a", "Points").await;
    scene.marketer.browser.see("main dl.figures", "200").await;
    scene.ends_well().await;
}
