//! The catalogue: asked for, handed over, refused, taken back; on the account page, too.

use super::{balance, checked, redeem, redeem_for, step};
use crate::api::account::{SignedIn, send, signed_in};
use crate::api::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Commission, Partner, Program, Redemption};
use serde_json::{Value, json};

fn catalogue() -> Value {
    json!([
        { "key": "voucher", "name": "A <b>voucher</b>", "kind": "voucher", "price": 40, "stock": 2, "perPartner": 1 },
        { "key": "banner", "name": "A banner", "kind": "material", "price": 60 },
    ])
}

/// So many points for a partner, that can be redeemed.
fn give(shop: &Client, partner: &Partner, points: i64) {
    let bonus =
        json!({ "partnerId": partner.id, "amount": points, "currency": "points", "note": "For helping" });
    let _: Commission = shop.post("/v1/commissions", &bonus).ok();
    shop.clock(json!({ "advanceDays": 1 }));
}

fn scene(shop: &Client) -> Partner {
    shop.freeze("2026-01-01T00:00:00.000Z");
    shop.program(json!({ "holdDays": 1, "catalogue": catalogue() }));
    let rosa = shop.partner("ROSA");
    give(shop, &rosa, 100);
    rosa
}

#[test]
fn a_redemption_is_fulfilled_or_its_points_are_back() {
    let server = Server::start();
    let shop = server.test();
    let rosa = scene(&shop);
    let asked: Redemption = redeem(&shop, &rosa, "voucher").ok();
    assert_eq!((asked.status.as_str(), asked.article.price, asked.trail.len()), ("requested", 40, 1));
    assert_eq!((balance(&shop, &rosa).available, balance(&shop, &rosa).requested), (60, 40));
    let banner: Redemption = redeem(&shop, &rosa, "banner").ok();
    let done: Redemption =
        step(&shop, &asked, json!({ "step": "fulfil", "reference": "TEA-2K9F", "note": "Enjoy" })).ok();
    assert_eq!((done.status.as_str(), done.reference.as_deref()), ("fulfilled", Some("TEA-2K9F")));
    assert!(done.decided_at.is_some() && done.trail[1].note.as_deref() == Some("Enjoy"));
    let again: Redemption = step(&shop, &asked, json!({ "step": "fulfil", "reference": "OTHER" })).ok();
    assert_eq!(again, done, "the same step again changes nothing");
    step(&shop, &asked, json!({ "step": "refuse" })).refused(409);
    let refused: Redemption =
        step(&shop, &banner, json!({ "step": "refuse", "note": "None is printed" })).ok();
    assert_eq!(refused.status, "refused");
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.requested, points.redeemed), (60, 0, 40));
    let waiting: Vec<Redemption> = shop.get("/v1/redemptions?status=requested").ok();
    assert_eq!(waiting, []);
    let all: Vec<Redemption> = shop.all("/v1/redemptions", 1);
    assert_eq!(all.len(), 2);
    assert_sound(&shop);
    checked(&server);
}

#[test]
fn stock_and_limits_count_what_waits_and_what_was_handed_over() {
    let server = Server::start();
    let shop = server.test();
    let rosa = scene(&shop);
    let _: Redemption = redeem(&shop, &rosa, "voucher").ok();
    assert!(redeem(&shop, &rosa, "voucher").refused(422).contains("is limited to 1 for each partner"));
    let (bert, cleo) = (shop.partner("BERT"), shop.partner("CLEO"));
    give(&shop, &bert, 50);
    give(&shop, &cleo, 50);
    let second: Redemption = redeem(&shop, &bert, "voucher").ok();
    assert!(redeem(&shop, &cleo, "voucher").refused(422).contains("is out of stock"));
    let _: Redemption = step(&shop, &second, json!({ "step": "cancel" })).ok();
    let _: Redemption = redeem(&shop, &cleo, "voucher").ok();
    assert!(redeem(&shop, &cleo, "teapot").refused(422).contains("catalogue"));
    step(&shop, &second, json!({ "step": "eat" })).refused(422);
    let reference = json!({ "step": "refuse", "reference": "x" });
    step(&shop, &second, reference).refused(422);
    assert_sound(&shop);
}

/// What goes back to a lot that has expired meanwhile expires then.
#[test]
fn what_is_given_back_too_late_expires() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-01T00:00:00.000Z");
    shop.program(json!({ "holdDays": 0, "catalogue": catalogue(), "points": { "expireDays": 10 } }));
    let rosa = shop.partner("ROSA");
    give(&shop, &rosa, 100);
    let asked: Redemption = redeem(&shop, &rosa, "banner").ok();
    shop.clock(json!({ "advanceDays": 12 }));
    assert_eq!((balance(&shop, &rosa).available, balance(&shop, &rosa).requested), (0, 60));
    let _: Redemption = step(&shop, &asked, json!({ "step": "cancel" })).ok();
    assert_eq!(balance(&shop, &rosa).available, 0);
    assert_sound(&shop);
    shop.clock(json!({ "advanceDays": 1 }));
    let lots: i64 = shop.transfers().iter().filter(|t| t.kind == "expire").map(|t| t.amount).sum();
    assert_eq!(lots, 100);
    assert_sound(&shop);
    checked(&server);
}

/// Many ask at once for the last of a kind, and for more points than there are.
#[test]
fn nothing_is_redeemed_twice_by_many_at_once() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-01T00:00:00.000Z");
    let article =
        json!([{ "key": "banner", "name": "A banner", "kind": "material", "price": 30, "stock": 4 }]);
    shop.program(json!({ "holdDays": 1, "catalogue": article }));
    let partners = ["ROSA", "BERT"].map(|code| shop.partner(code));
    for partner in &partners {
        give(&shop, partner, 100);
    }
    let done: usize = std::thread::scope(|scope| {
        let ask = |place: usize| {
            let (shop, partner) = (shop.clone(), &partners[place % 2]);
            scope.spawn(move || usize::from(redeem(&shop, partner, "banner").status == 200))
        };
        let all: Vec<_> = (0..12).map(ask).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).sum()
    });
    assert_eq!(done, 4, "four of stock, and three at most for 100 points each");
    let redeemed: i64 = partners.iter().map(|partner| balance(&shop, partner).requested).sum();
    assert_eq!(redeemed, 120);
    assert_sound(&shop);
    checked(&server);
}

/// A partner who is signed in on our own origin, with points.
struct Scene {
    server: Server,
    shop: Client,
    program: String,
    maya: SignedIn,
}

impl Scene {
    fn new() -> Self {
        let server = Server::start();
        let maya = signed_in(&server);
        let shop = server.test();
        let programs: Vec<Program> = shop.get("/v1/programs").ok();
        let path = format!("/v1/programs/{}", programs[0].id);
        let change = json!({ "catalogue": catalogue(), "holdDays": 0 });
        let program: Program = shop.patch(&path, &change).ok();
        let partners: Vec<Partner> = shop.get("/v1/partners").ok();
        give(&shop, &partners[0], 100);
        Self { server, shop, program: program.id, maya }
    }

    fn page(&self) -> String {
        let page = self.maya.browser.get(&format!("/p/account/points?program={}", self.program));
        assert_eq!(page.status, 200, "{}", page.text);
        page.text
    }

    fn send(&self, path: &str, mark: &str, more: (&str, &str)) -> u16 {
        let fields = [("mark", mark), ("program", self.program.as_str()), more];
        send(&self.maya.browser, path, &fields).status
    }
}

#[test]
fn a_partner_redeems_takes_back_and_reads_the_code() {
    let scene = Scene::new();
    let mark = scene.maya.mark.clone();
    let account = scene.maya.browser.get("/p/account").text;
    assert!(account.contains("Your points: see and redeem"), "{account}");
    let page = scene.page();
    assert!(
        page.contains("<dd>100</dd>")
            && page.contains("A &#60;b&#62;voucher")
            && !page.contains("<b>voucher"),
        "{page}"
    );
    let redeem = "/p/account/points/redeem";
    assert_eq!(scene.send(redeem, "made-up", ("article", "banner")), 403);
    assert_eq!(scene.send(redeem, &mark, ("article", "teapot")), 422);
    assert_eq!(scene.send(redeem, &mark, ("article", "banner")), 303);
    assert_eq!(scene.send(redeem, &mark, ("article", "banner")), 422, "40 are left, and it costs 60");
    assert!(scene.page().contains("20 more points are needed."));
    let asked: Redemption = scene.shop.get("/v1/redemptions").ok::<Vec<Redemption>>().remove(0);
    assert_eq!(asked.trail[0].by, "partner");
    assert_eq!(scene.send("/p/account/points/cancel", &mark, ("id", &asked.id)), 303);
    assert_eq!(scene.send(redeem, &mark, ("article", "voucher")), 303);
    let asked: Redemption = scene.shop.get("/v1/redemptions").ok::<Vec<Redemption>>().remove(0);
    let _: Redemption =
        step(&scene.shop, &asked, json!({ "step": "fulfil", "reference": "TEA-<2K9F>" })).ok();
    let page = scene.page();
    assert!(page.contains("TEA-&#60;2K9F&#62;") && page.contains("Handed over"), "{page}");
    assert_eq!(scene.send("/p/account/points/cancel", &mark, ("id", &asked.id)), 409);
    let widget = scene.server.bearer(scene.maya.join.token.as_deref().expect("a token"));
    let widget = widget.with("origin", crate::harness::ORIGIN);
    let own: Vec<Redemption> = widget.get("/v1/embed/redemptions").ok();
    assert!(own.len() == 2 && own.iter().all(|one| one.reference.is_none()), "no code on a stranger's page");
    let points: Value = widget.get("/v1/embed/points").json();
    assert_eq!((&points["available"], &points["redeemed"]), (&json!(60), &json!(40)));
    let mails = scene.server.mailed("maya@example.com", 3);
    assert!(mails.iter().any(|mail| mail.contains("voucher")), "{mails:?}");
    assert!(!mails.iter().any(|mail| mail.contains("2K9F")), "no code in a mail");
    let other: Partner = scene.shop.partner("OTHER");
    give(&scene.shop, &other, 100);
    let theirs: Redemption = redeem_for(&scene.shop, &other, "banner", Some(&scene.program)).ok();
    assert_eq!(
        scene.send("/p/account/points/cancel", &mark, ("id", &theirs.id)),
        404,
        "another's is not hers"
    );
    let export = scene.maya.browser.get("/p/account/export").json();
    let told = &export["programs"][0];
    assert_eq!(
        (&told["redemptions"][0]["reference"], &told["points"]["available"]),
        (&json!("TEA-<2K9F>"), &json!(60))
    );
    assert_eq!(scene.send("/p/account/erase", &mark, ("sure", "yes")), 200);
    let erased: Redemption = scene.shop.get(&format!("/v1/redemptions/{}", asked.id)).ok();
    assert_eq!(
        (erased.status.as_str(), erased.reference),
        ("fulfilled", None),
        "what was handed over is forgotten"
    );
    assert_sound(&scene.shop);
    checked(&scene.server);
}
