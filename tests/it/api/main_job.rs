//! The main job from end to end: join, share, click, sign up, buy, hold, refund, see.

use crate::harness::{Client, Hers, Server};
use goodword_wire::{Analytics, Commission, EmbedMe, LeadOutput, SaleOutput};
use serde_json::json;

#[test]
fn from_joining_to_payable_and_back() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "holdDays": 30, "attributionWindowDays": 60 }));
    let maya = joins_and_proves_her_address(&server);
    let click_id = a_friend_clicks(&server, &maya);
    let lead = the_friend_signs_up(&server, &maya, &click_id);
    let sale = the_friend_buys(&shop, &maya, &lead);
    let commission = sale.commission.expect("a commission");
    the_hold_ends(&server, &maya, &commission);
    the_friend_gets_some_money_back(&server, &maya, &commission);
    the_figures_add_up(&shop);
}

fn joins_and_proves_her_address(server: &Server) -> Hers {
    let maya = server.page().join("Maya Lindholm", "maya@example.com");
    let me = maya.join.me.clone().expect("her page");
    assert_eq!(
        (maya.join.status.as_str(), me.status.as_str(), me.email_proven),
        ("joined", "approved", false)
    );
    let link = me.link.expect("a link");
    assert!(link.code.starts_with("MAYA"), "{}", link.code);
    assert_eq!(link.short_link, format!("{}/r/{}", server.base, link.key));
    assert_eq!(link.direct_link, format!("https://shop.example/?via={}", link.key));
    assert!(me.qr.expect("a QR code").path.starts_with('M'));
    assert!(me.earnings.is_none(), "money shows before the address is proven");
    let proof = server.links_mailed("maya@example.com", "/verify?token=", 1).remove(0);
    prove(server, &proof);
    assert_eq!(page_of(server, &maya).earnings.expect("money shows now").pending, 0);
    maya
}

pub fn prove(server: &Server, address: &str) {
    let asked = server.nobody().get(address);
    assert!(asked.status == 200 && asked.text.contains("<form"), "a button first: {}", asked.text);
    let token = address.rsplit('=').next().expect("a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    let done = form.send(ureq::http::Method::POST, "/verify", Some(format!("token={token}").into_bytes()));
    assert_eq!(done.status, 200, "{}", done.text);
}

fn page_of(server: &Server, who: &Hers) -> EmbedMe {
    server.bearer(&who.token).with("origin", crate::harness::ORIGIN).get("/v1/embed/me").ok()
}

fn a_friend_clicks(server: &Server, maya: &Hers) -> String {
    let link = page_of(server, maya).link.expect("a link");
    let answer = server.nobody().get(&format!("/r/{}", link.key));
    assert_eq!(answer.status, 302);
    let location = answer.header("location").expect("where to").to_owned();
    let click_id = location
        .strip_prefix("https://shop.example/?gw_id=")
        .expect("the vendor's page with the click")
        .to_owned();
    assert_eq!(page_of(server, maya).totals.clicks, 1, "stored before the answer");
    click_id
}

fn the_friend_signs_up(server: &Server, maya: &Hers, click_id: &str) -> LeadOutput {
    let by_page = server
        .page()
        .lead(json!({ "clickId": click_id, "customerEmail": "friend@example.com", "customerName": "Jo" }));
    assert!(by_page.credited && by_page.commission.is_none());
    assert_eq!(by_page.reason, "received");
    assert_eq!(page_of(server, maya).totals.leads, 1);
    by_page
}

fn the_friend_buys(shop: &Client, maya: &Hers, lead: &LeadOutput) -> SaleOutput {
    let sale = shop.sale(json!({
        "customerExternalId": "u-1", "customerEmail": "friend@example.com", "amount": 7800, "currency": "usd",
        "paymentProcessor": "stripe", "invoiceId": "in_1", "metadata": { "basket": ["oolong"] },
    }));
    assert!(sale.credited, "{sale:?}");
    assert_eq!(sale.reason, "bound_at_sign_up");
    let customer = sale.customer.clone().expect("a customer");
    assert_eq!(customer.email, lead.customer.email, "the person of the sign-up");
    assert_eq!(customer.external_id.as_deref(), Some("u-1"));
    let commission = sale.commission.clone().expect("a commission");
    assert_eq!(
        (commission.earnings, commission.status.as_str(), commission.reason.as_str()),
        (1560, "pending", "in_hold")
    );
    assert_eq!(commission.arithmetic, "20% of 78.00 USD = 15.60 USD");
    assert_eq!(commission.clears_at, "2026-03-31T09:00:00.000Z");
    assert_eq!(commission.partner.name, maya.join.me.clone().expect("her page").name);
    assert_eq!(sale.touchpoints[0].verdict, "credited");
    sale
}

fn the_hold_ends(server: &Server, maya: &Hers, commission: &Commission) {
    let before = page_of(server, maya).earnings.expect("money");
    assert_eq!((before.pending, before.processed), (1560, 0));
    assert!(before.commissions[0].customer.is_none(), "a partner does not learn who bought");
    server.test().clock(json!({ "advanceDays": 30 }));
    let after = page_of(server, maya).earnings.expect("money");
    assert_eq!((after.pending, after.processed), (0, 1560));
    assert_eq!(server.test().commission(&commission.id).status, "processed");
}

fn the_friend_gets_some_money_back(server: &Server, maya: &Hers, commission: &Commission) {
    let refund = server.test().refund(
        json!({ "paymentProcessor": "stripe", "invoiceId": "in_1", "refundId": "re_1", "amount": 1950 }),
    );
    assert_eq!((refund.refunded, refund.remaining), (1950, 5850));
    assert_eq!(refund.commission.expect("a commission").earnings, 1170);
    assert_eq!(page_of(server, maya).earnings.expect("money").processed, 1170);
    let now = server.test().commission(&commission.id);
    assert_eq!((now.earnings, now.earnings_at_first, now.status.as_str()), (1170, 1560, "processed"));
}

fn the_figures_add_up(shop: &Client) {
    let analytics: Analytics = shop.get("/v1/analytics?start=2026-02-01T00:00:00Z").ok();
    let t = analytics.totals;
    assert_eq!((t.clicks, t.leads, t.sales, t.sale_amount, t.pending, t.processed), (1, 1, 1, 5850, 0, 1170));
    assert_eq!(analytics.days.len(), 1);
    assert_eq!(analytics.days[0].date, "2026-03-01");
    let ledger = shop.ledger();
    assert_eq!(ledger.total_debits, ledger.total_credits);
    let kinds: Vec<_> = shop.transfers().into_iter().map(|t| (t.kind, t.amount)).collect();
    let expected = [("take_back", 390), ("release", 1560), ("hold", 1560)]
        .map(|(kind, amount)| (kind.to_owned(), amount));
    assert_eq!(kinds, expected);
}
