//! Funds, each kind as its template makes it: the partner asks and claims on our own origin, the marketer decides in the console.

use super::chromium::Browser;
use super::role::{Influencer, Marketer};
use super::world::World;
use crate::api::funds::pdf;
use goodword_wire::{FundLot, Partner, Program};
use serde_json::{Value, json};

const EMAIL: &str = "ines@hartl.example";

/// The fund of a template in the world's program, a partner in a browser of her own, a marketer in another.
struct Scene<'a> {
    world: &'a World,
    fund: String,
    partner: String,
    hers: Browser,
    marketer: Marketer<'a>,
}

/// What a template says of its funds.
fn funds_of(world: &World, template: &str) -> Value {
    let output = crate::harness::goodword()
        .args(["program", "new", "--database", world.server.database(), "--template", template])
        .args(["--url", "https://shop.example/"])
        .output()
        .expect("goodword starts");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let id = printed.split(' ').next().expect("an id");
    let live: Program = world.server.live().get(&format!("/v1/programs/{id}")).ok();
    let mut fund = serde_json::to_value(&live.funds[0]).expect("JSON");
    fund.as_object_mut().expect("an object").remove("id");
    json!([fund])
}

impl<'a> Scene<'a> {
    async fn of(world: &'a World, template: &str) -> Self {
        let vendor = world.backend();
        vendor.freeze("2026-03-01T09:00:00.000Z");
        let funds = funds_of(world, template);
        let program: Program =
            vendor.patch(&format!("/v1/programs/{}", world.program.id), &json!({ "funds": funds })).ok();
        let ines = Influencer::new(world).await;
        ines.joins("Ines Hartl", EMAIL).await;
        ines.confirms_the_address(EMAIL).await;
        let partners: Vec<Partner> = vendor.get("/v1/partners?search=ines").ok();
        let marketer = Marketer::logged_in(world).await;
        let fund = program.funds[0].id.clone().expect("an id");
        let scene = Self { world, fund, partner: partners[0].id.clone(), hers: ines.browser, marketer };
        scene.opens_her_funds().await;
        scene
    }

    fn put_in(&self, amount: i64, given: bool) {
        let partner = given.then_some(self.partner.as_str());
        let body = json!({ "amount": amount, "partnerId": partner });
        self.world.backend().post(&format!("/v1/funds/{}/lots", self.fund), &body).ok::<FundLot>();
    }

    async fn opens_her_funds(&self) {
        let address = format!("{}/p/account/funds?program={}", self.world.server.base, self.world.program.id);
        self.hers.goto(&address).await;
        self.hers.see("h1", "Your funds").await;
    }

    /// A line for each band; what does not go together is refused in the server's words, and nothing is saved.
    async fn changes_the_bands(&self) {
        let (browser, program) = (&self.marketer.browser, &self.world.program.id);
        browser.goto(&format!("{}/console/programs/{program}?mode=test", self.world.server.base)).await;
        browser.click("section[aria-labelledby=funds-title] button", "Change Co-op").await;
        browser.fill("dialog textarea[name=bands]", "100; 3\n50; 4").await;
        browser.click("dialog button[type=submit]", "Save").await;
        browser.see("dialog", "`accrual.steps").await;
        browser.fill("dialog textarea[name=bands]", "0; 3\n5000.00; 6").await;
        browser.click("dialog button[type=submit]", "Save").await;
        let saved = async || {
            let now: Program = self.world.backend().get(&format!("/v1/programs/{program}")).ok();
            let steps = now.funds[0].accrual.clone()?.steps;
            (steps.len() == 2 && steps[1].from == 500_000 && steps[1].percentage.as_deref() == Some("6"))
                .then_some(())
        };
        browser.until("the bands are saved", saved).await;
    }

    /// Days are set as a date picker sets them.
    async fn asks(&self, title: &str, cost: &str, days: Option<(&str, &str)>) {
        self.opens_her_funds().await;
        self.hers.js::<Option<bool>>("document.querySelector('details.ask').open = true", json!([])).await;
        self.hers.fill("input[name=title]", title).await;
        self.hers.fill("form[action$=request] input[name=cost]", cost).await;
        if let Some((from, to)) = days {
            let set = "document.querySelector('input[name=starts]').value = arguments[0]; document.querySelector('input[name=ends]').value = arguments[1];";
            self.hers.js::<Option<bool>>(set, json!([from, to])).await;
        }
        self.hers.click("form[action$=request] button", "Send the request").await;
        self.hers.see("[role=status]", "Your request is sent").await;
        self.hers.see("article h3", "Waits for a decision").await;
    }

    /// Opens the request from the queue, and approves it.
    async fn approves(&self, title: &str, wanted: &str) {
        self.marketer.goes_to("Funds").await;
        self.marketer.browser.see("main tbody tr", wanted).await;
        self.marketer.browser.click("main tbody a", title).await;
        self.marketer.browser.click("main button", "Approve").await;
        self.marketer.browser.click("dialog button[type=submit]", "Approve").await;
        self.marketer.browser.see("main .badges", "Approved").await;
        self.opens_her_funds().await;
        self.hers.see("article h3", "Approved").await;
    }

    async fn claims(&self, figure: &str) {
        let file = self.world.server.folder().join("invoice.pdf");
        std::fs::write(&file, pdf(figure)).expect("a file");
        self.hers
            .js::<Option<bool>>("document.querySelector('article details.ask').open = true", json!([]))
            .await;
        self.hers.fill("input[name=figure]", figure).await;
        self.hers.choose("article input[type=file]", &file).await;
        self.hers.click("form[action$=claim] button", "Send the claim").await;
        self.hers.see("[role=status]", "Your claim is sent").await;
    }

    /// Pays the claim that waits on the page of its request.
    async fn pays(&self, due: &str) {
        self.marketer.browser.see("main article", due).await;
        self.marketer.browser.click("main article button", "Pay").await;
        self.marketer.browser.click("dialog button[type=submit]", "Pay").await;
        self.marketer.browser.see("main article .badges", "Paid").await;
        self.opens_her_funds().await;
        self.hers.see(".claim .state", "Paid").await;
    }

    async fn ends_well(&self) {
        self.marketer.browser.assert_quiet().await;
        self.hers.assert_quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn market_development_is_asked_approved_claimed_with_an_invoice_and_paid() {
    let world = World::open().await;
    let scene = Scene::of(&world, "market-development-fund").await;
    scene.put_in(5_000_000, false);
    scene.put_in(2_000_000, true);
    scene.asks("Stand at the May fair", "10000", Some(("2026-05-01", "2026-05-03"))).await;
    scene.hers.see(".sums", "20000.00 USD").await;
    scene.hers.see(".lots", "until 2026-12-31").await;
    scene.approves("Stand at the May fair", "$5,000.00").await;
    scene.claims("8400").await;
    scene.marketer.browser.see("main .files li", "invoice.pdf").await;
    scene.pays("$4,200.00").await;
    scene.hers.see(".sums", "15800.00 USD").await;
    scene.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn co_op_money_accrues_stands_in_the_calendar_and_is_committed() {
    let world = World::open().await;
    let scene = Scene::of(&world, "co-op-fund").await;
    let purchase = json!({ "partnerId": scene.partner, "externalId": "R-1", "amount": 3_000_000 });
    world.backend().post(&format!("/v1/funds/{}/purchases", scene.fund), &purchase).ok::<Value>();
    scene.marketer.goes_to("Funds").await;
    scene.marketer.browser.click("nav.tabs a", "Calendar").await;
    scene.marketer.browser.see("main tbody tr", "$1,500.00").await;
    scene.marketer.browser.click("nav.tabs a", "Money").await;
    scene.marketer.browser.see("main article", "With partners").await;
    scene.asks("Radio", "2000", None).await;
    scene.hers.see(".sums", "1500.00 USD").await;
    scene.approves("Radio", "$1,000.00").await;
    scene.hers.see(".sums", "500.00 USD").await;
    scene.claims("1800,00").await;
    scene.pays("$900.00").await;
    scene.changes_the_bands().await;
    scene.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solution_is_paid_as_evidence_reaches_its_tranches() {
    let world = World::open().await;
    let scene = Scene::of(&world, "solution-fund").await;
    scene.put_in(300_000_000, false);
    scene.asks("Migration kit", "5000000", None).await;
    scene.approves("Migration kit", "$1,000,000.00").await;
    scene.claims("50000").await;
    scene.pays("$400,000.00").await;
    scene.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instalment_waits_for_its_figure_is_held_and_then_paid() {
    let world = World::open().await;
    let scene = Scene::of(&world, "embedded-headcount").await;
    scene.put_in(5_000_000, false);
    scene.asks("Engineer", "60000", Some(("2026-02-15", "2026-12-31"))).await;
    scene.approves("Engineer", "$26,250.00").await;
    world.backend().clock(json!({ "now": "2026-04-01T00:00:00.000Z" }));
    scene.opens_her_funds().await;
    scene.hers.see(".claim", "3750.00 USD due").await;
    for (figure, state) in [("60", "Held"), ("80", "Waits for a decision")] {
        scene.hers.fill("input[name=score]", figure).await;
        scene.hers.click("form[action$=score] button", "Send the figure").await;
        scene.hers.see(".claim .state", state).await;
    }
    scene.pays("$3,750.00").await;
    scene.ends_well().await;
}
