//! Stripe: one-time payments, subscriptions in two API versions, codes, refunds, disputes, currencies.

use super::{Job, SECRET, Shop};
use goodword_wire::Integration;
use serde_json::json;

fn job(shop: &Shop, name: &str) -> Job {
    Job::new("stripe", shop.body(name))
}

/// 78.00 with 13.00 tax and 5.00 shipping: 60.00 are shared, at 20 %.
#[test]
fn a_checkout_is_credited_by_its_click() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let session = "stripe-2026-10-28/checkout.session.completed.payment";
    assert_eq!(shop.take(&stripe, &[job(&shop, session), job(&shop, session)]), ["taken", "taken"]);
    let sale = shop.sale(&stripe, "evt_pay_session");
    assert_eq!((sale.sale.amount, sale.sale.currency.as_str()), (7800, "usd"));
    assert_eq!(
        (sale.sale.payment_processor.as_str(), sale.sale.invoice_id.as_deref()),
        ("stripe", Some("pi_3Sx1"))
    );
    assert!(sale.credited, "{sale:?}");
    let customer = sale.customer.expect("a customer");
    assert_eq!(
        (customer.external_id.as_deref(), customer.email.as_deref()),
        (Some("user_42"), Some("ann@example.com"))
    );
    let all = shop.vendor.commissions();
    assert_eq!(all.len(), 1, "the same event again changes nothing");
    assert_eq!(all[0].earnings, 1200);
    // The same order told by another event, and by the vendor's own server, is still one.
    let again = shop.body(session).replace("evt_pay_session", "evt_again");
    assert_eq!(shop.take(&stripe, &[Job::new("stripe", again)]), ["ignored"]);
    assert_eq!(shop.vendor.commissions().len(), 1);
}

/// Both API versions: 78.00 of which 13.00 tax, paid twice; of the first 13.00 and then 6.50 more are refunded, and 39.00 are
/// disputed and lost.
#[track_caller]
fn a_subscription(version: &str, more: &[&str]) {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let named = |name: &str| job(&shop, &format!("{version}/{name}"));
    let first = [named("checkout.session.completed.subscription"), named("invoice.paid.first")];
    assert_eq!(shop.take(&stripe, &first), ["noted", "taken"]);
    let extra: Vec<Job> = more.iter().map(|name| named(name)).collect();
    assert!(shop.take(&stripe, &extra).iter().all(|outcome| outcome == "noted"));
    let sale = shop.sale(&stripe, "evt_invoice_1");
    assert_eq!((sale.sale.amount, sale.credited), (7800, true));
    assert_eq!(shop.vendor.commissions()[0].earnings, 1300);
    assert_eq!(shop.take(&stripe, &[named("invoice.paid.renewal")]), ["taken"]);
    let renewal = shop.sale(&stripe, "evt_invoice_2");
    assert_eq!((renewal.credited, renewal.reason.as_str()), (true, "bound_at_sign_up"));
    let takes = [
        named("charge.refunded.part"),
        named("charge.refunded.more"),
        named("charge.dispute.created"),
        named("charge.dispute.closed"),
    ];
    assert_eq!(shop.take(&stripe, &takes), ["taken"; 4]);
    let sale = shop.sale(&stripe, "evt_invoice_1");
    assert_eq!((sale.sale.refunded, sale.sale.disputed), (1950, 3900));
    // 1300 of 7800 for the whole: of the 1950 that remain a quarter.
    let earnings: Vec<i64> = shop.vendor.commissions().iter().map(|c| c.earnings).collect();
    assert_eq!(earnings.iter().sum::<i64>(), 1300 + 325, "{earnings:?}");
}

#[test]
fn a_subscription_in_the_newest_version() {
    a_subscription("stripe-2026-10-28", &["invoice_payment.paid"]);
}

#[test]
fn a_subscription_in_the_version_of_2020() {
    a_subscription("stripe-2020-08-27", &[]);
}

#[test]
fn sums_of_refunds_told_out_of_order_are_counted_once() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let named = |name: &str| job(&shop, &format!("stripe-2020-08-27/{name}"));
    shop.take(&stripe, &[named("checkout.session.completed.subscription"), named("invoice.paid.first")]);
    let told = [named("charge.refunded.more"), named("charge.refunded.part"), named("charge.refunded.more")];
    assert_eq!(shop.take(&stripe, &told), ["taken", "ignored", "taken"]);
    assert_eq!(shop.sale(&stripe, "evt_invoice_1").sale.refunded, 1950);
}

#[test]
fn a_promotion_code_names_the_partner() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({ "codes": { "promo_set": "maya27" } }));
    let session = |id: &str, discounts: &str| {
        let text = shop.body("stripe-2026-10-28/checkout.session.completed.payment");
        let text =
            text.replace(&shop.click, "unused").replace("user_42", id).replace("ann@", &format!("{id}@"));
        let text = text
            .replace("cus_QfG7", &format!("cus_{id}"))
            .replace("\"discounts\": []", &format!("\"discounts\": {discounts}"));
        Job::new(
            "stripe",
            text.replace("evt_pay_session", &format!("evt_{id}")).replace("pi_3Sx1", &format!("pi_{id}")),
        )
    };
    let told = job(&shop, "stripe-2026-10-28/promotion_code.created");
    let sessions = [
        told,
        session("told", r#"[{"coupon":null,"promotion_code":"promo_1Sx8"}]"#),
        session("set", r#"[{"coupon":null,"promotion_code":"promo_set"}]"#),
        session("coupon", r#"[{"coupon":"MAYA27","promotion_code":null}]"#),
        session("nobody", r#"[{"coupon":"SUMMER","promotion_code":"promo_other"}]"#),
    ];
    assert_eq!(shop.take(&stripe, &sessions), ["noted", "taken", "taken", "taken", "taken"]);
    for (event, credited) in
        [("evt_told", true), ("evt_set", true), ("evt_coupon", true), ("evt_nobody", false)]
    {
        let sale = shop.sale(&stripe, event);
        assert_eq!(
            (sale.credited, sale.reason == "no_touchpoint"),
            (credited, !credited),
            "{event}: {sale:?}"
        );
    }
}

/// Stripe counts Icelandic crowns and Ugandan shillings in hundredths, ariary and yen in whole ones.
#[test]
fn currencies_are_counted_as_stripe_counts_them() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let session = |currency: &str| {
        let text = shop.body("stripe-2026-10-28/checkout.session.completed.payment");
        let text = text.replace("\"currency\": \"usd\"", &format!("\"currency\": \"{currency}\""));
        let text = text.replace("evt_pay_session", &format!("evt_{currency}"));
        Job::new("stripe", text.replace("pi_3Sx1", &format!("pi_{currency}")))
    };
    let codes = ["jpy", "isk", "ugx", "mga", "huf", "kwd"];
    assert_eq!(shop.take(&stripe, &codes.map(session)), ["taken"; 6]);
    let amounts = codes.map(|code| shop.sale(&stripe, &format!("evt_{code}")).sale.amount);
    assert_eq!(amounts, [7800, 78, 78, 780_000, 7800, 7800]);
}

#[test]
fn an_event_of_the_other_mode_is_not_counted() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let text = shop.body("stripe-2026-10-28/checkout.session.completed.payment");
    let live = text.replace("\"livemode\": false", "\"livemode\": true");
    assert_eq!(shop.take(&stripe, &[Job::new("stripe", live)]), ["ignored"]);
    assert!(shop.events(&stripe)[0].reason.contains("sandbox"), "{:?}", shop.events(&stripe));
    let live: Integration =
        shop.server.live().put("/v1/integrations/stripe", &json!({ "secrets": [SECRET] })).ok();
    assert_ne!(live.url, stripe.url);
    assert_eq!(shop.take(&live, &[Job::new("stripe", text)]), ["ignored"]);
}

#[test]
fn what_means_nothing_is_counted_and_what_ends_is_noted() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let unknown =
        |id: &str| json!({ "id": id, "type": "payout.paid", "livemode": false, "data": { "object": {} } });
    let jobs = ["evt_a", "evt_b"].map(|id| Job::new("stripe", unknown(id).to_string()));
    assert_eq!(shop.take(&stripe, &jobs), ["ignored", "ignored"]);
    assert!(shop.events(&stripe).is_empty(), "what means nothing has no line of its own");
    let known: Integration = shop.vendor.get("/v1/integrations/stripe").ok();
    assert_eq!((known.ignored[0].r#type.as_str(), known.ignored[0].count), ("payout.paid", 2));
    let gone = job(&shop, "stripe-2026-10-28/customer.subscription.deleted");
    assert_eq!(shop.take(&stripe, &[gone]), ["ignored"]);
    assert!(shop.events(&stripe)[0].reason.contains("has ended"));
}
