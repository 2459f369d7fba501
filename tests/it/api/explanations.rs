//! Why sales were credited as they were: told to the vendor, and to each partner his or her own part.

use crate::harness::{Client, Server};
use goodword_wire::{Explanation, LeadOutput, OwnExplanation, Partner, SaleOutput, SaleSummary};
use serde_json::{Value, json};

fn shop(server: &Server, program: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-06-01T00:00:00.000Z");
    shop.program(program);
    for code in ["ANNA11", "BERT22", "CARA33"] {
        shop.partner_with(code, json!({ "timestamp": "2020-01-01T00:00:00Z" }));
    }
    shop
}

fn click(shop: &Client, key: &str, at: &str) -> String {
    shop.click(json!({ "key": key, "timestamp": at, "visitorId": "browser-1" })).click_id
}

#[track_caller]
fn of_sale(shop: &Client, sale: &SaleOutput) -> Explanation {
    shop.get(&format!("/v1/sales/{}/explanation", sale.id)).ok()
}

fn touched(explanation: &Explanation) -> Vec<(&str, &str, Option<&str>)> {
    let told = explanation.touchpoints.iter();
    told.map(|t| (&*t.touchpoint.partner.name, &*t.says, t.share.as_deref())).collect()
}

/// Worked example: one sale of 140.00 over A › B › A: linear 93.33/46.67 [Snowplow's test data], here at a reward of 100 %.
#[test]
fn a_sale_shared_over_three_touchpoints() {
    let server = Server::start();
    let rewards = json!([{ "event": "sale", "type": "percentage", "percentage": "100" }]);
    let shop = shop(&server, json!({ "attributionModel": "linear", "rewards": rewards }));
    click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    click(&shop, "BERT22", "2026-05-02T00:00:00Z");
    let id = click(&shop, "ANNA11", "2026-05-03T00:00:00Z");
    let at = "2026-05-04T00:00:00.000Z";
    let sale =
        shop.sale(json!({ "customerExternalId": "u", "amount": 14_000, "clickId": id, "timestamp": at }));
    let told = of_sale(&shop, &sale);
    let has = |share: &str| {
        format!(
            "It has {share} % of the credit: `linear` gives each touchpoint that counts the same, and 3 counted."
        )
    };
    let says = [has("33.3334"), has("33.3333"), has("33.3333")];
    let expected = [
        ("Partner ANNA11", says[0].as_str(), Some("33.3334")),
        ("Partner BERT22", &says[1], Some("33.3333")),
        ("Partner ANNA11", &says[2], Some("33.3333")),
    ];
    assert_eq!(touched(&told), expected);
    assert_eq!((told.reason.as_str(), told.amount, told.credited), ("linear", 14_000, true));
    let codes: Vec<_> = told.touchpoints.iter().map(|t| t.code.as_deref()).collect();
    assert_eq!(codes, [Some("ANNA11"), Some("BERT22"), Some("ANNA11")]);
    assert!(
        told.says.starts_with("Credited to Partner ANNA11 (66.6667 %) and Partner BERT22 (33.3333 %): "),
        "{}",
        told.says
    );
    let earned: Vec<_> = told.commissions.iter().map(|c| (c.commission.earnings, c.says.as_str())).collect();
    let held = "It is held until 2026-06-03T00:00:00.000Z and paid after that, with the next payout in which at least \
                50.00 USD are due.";
    let of = |name: &str, gets: &str, part: &str| {
        format!(
            "Partner {name} gets {gets} USD: 100% of 140.00 USD = 140.00 USD; {part} of it = {gets} USD. {held}"
        )
    };
    assert_eq!(earned, [(9333, &*of("ANNA11", "93.33", "2/3")), (4667, &*of("BERT22", "46.67", "1/3"))]);
    assert_eq!(told.commissions[0].pays_from.as_deref(), Some("2026-06-03T00:00:00.000Z"));
    let history: Vec<_> = told.history.iter().map(|h| (h.at.as_str(), h.says.as_str())).collect();
    let expected = [
        (at, "The sale of 140.00 USD was recorded."),
        (at, "93.33 USD were credited to Partner ANNA11, held."),
        (at, "46.67 USD were credited to Partner BERT22, held."),
    ];
    assert_eq!(history, expected);
    // The same in words and figures, for whoever speaks another language.
    let facts =
        |h: &goodword_wire::Happening| (h.what.clone(), h.amount, h.currency.clone(), h.partner.clone());
    let fact = |what: &str, amount, whose: Option<&str>| {
        (what.to_owned(), Some(amount), Some("usd".to_owned()), whose.map(str::to_owned))
    };
    assert_eq!(
        told.history.iter().map(facts).collect::<Vec<_>>(),
        [
            fact("recorded", 14_000, None),
            fact("hold", 9333, Some("Partner ANNA11")),
            fact("hold", 4667, Some("Partner BERT22")),
        ]
    );
    assert_eq!(told.rewards.len(), 2);
    assert!(
        told.rewards
            .iter()
            .all(|reward| reward.fit.fit == "applies" && reward.says.starts_with("It applies"))
    );
}

/// Worked example: window 30 d, click 1 Jan, order 15 Feb → recorded, uncredited: outside the window [Refersion].
#[test]
fn an_uncredited_sale_says_when_it_would_have_had_to_be() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionWindowDays": 30 }));
    let id = click(&shop, "ANNA11", "2026-01-01T00:00:00Z");
    let sale = shop.sale(json!({ "customerExternalId": "u", "amount": 100, "clickId": id,
        "timestamp": "2026-02-15T00:00:00Z", "invoiceId": "in_1" }));
    let told = of_sale(&shop, &sale);
    let why = "The sale came 45 days after it, at 2026-02-15T00:00:00.000Z, and a click counts for 30 days: it would have had \
               to come before 2026-01-31T00:00:00.000Z.";
    assert_eq!(touched(&told), [("Partner ANNA11", why, None)]);
    assert_eq!(told.says, format!("Not credited. Partner ANNA11's click came nearest. {why}"));
    assert!(!told.credited && told.commissions.is_empty() && told.rewards.is_empty());
    assert_eq!(
        (told.grounds.attribution_model.as_str(), told.grounds.attribution_windows.click),
        ("last_touch", Some(30))
    );
}

/// Worked example: S clicked day 1, M day 5: last touch → M; a third partner's code typed at checkout beats both [Avada].
#[test]
fn who_won_is_named_with_the_code() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    let id = click(&shop, "BERT22", "2026-05-05T00:00:00Z");
    let last =
        of_sale(&shop, &shop.sale(json!({ "customerExternalId": "u-1", "amount": 100, "clickId": id })));
    let later = "Under `last_touch` the latest that counts wins, and Partner BERT22's click at 2026-05-05T00:00:00.000Z came \
                 later.";
    let whole = "It has the whole of the credit: under `last_touch` the latest that counts wins.";
    assert_eq!(touched(&last), [("Partner ANNA11", later, None), ("Partner BERT22", whole, Some("100"))]);
    let typed = json!({ "customerExternalId": "u-2", "amount": 100, "clickId": id, "code": "cara33" });
    let typed = of_sale(&shop, &shop.sale(typed));
    let won = "Partner CARA33's code `CARA33` at 2026-06-01T00:00:00.000Z won: a code and a form come before a click.";
    let whole = "It has the whole of the credit: Partner CARA33's code `CARA33` was given, which comes before a click.";
    let expected = [
        ("Partner ANNA11", won, None),
        ("Partner BERT22", won, None),
        ("Partner CARA33", whole, Some("100")),
    ];
    assert_eq!(touched(&typed), expected);
}

/// Worked examples: sale 100.00 × 30 % = 30.00, charged 2020-08-19T16:28:25Z, hold 30 d → payable 2020-09-18T16:28:25Z
/// [Rewardful]; a refund before and one after takes back its part [ours].
#[test]
fn the_dates_and_everything_that_happened_since() {
    let server = Server::start();
    let rewards = json!([{ "event": "lead", "type": "flat", "amount": 500 },
        { "event": "sale", "type": "percentage", "percentage": "30", "name": "Thirty" }]);
    let shop = shop(&server, json!({ "rewards": rewards, "minPayout": 2500 }));
    shop.freeze("2020-08-19T16:28:25.000Z");
    let id = shop.click(json!({ "key": "ANNA11", "timestamp": "2020-08-19T16:13:12.109Z" })).click_id;
    let sale =
        shop.sale(json!({ "customerExternalId": "u", "amount": 10_000, "clickId": id, "invoiceId": "in_1" }));
    shop.clock(json!({ "now": "2020-08-20T00:00:00.000Z", "frozen": true }));
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 1000 }));
    shop.clock(json!({ "now": "2020-09-18T16:28:25.000Z", "frozen": true }));
    let told = of_sale(&shop, &sale);
    let commission = &told.commissions[0];
    assert_eq!(
        commission.says,
        "Partner ANNA11 gets 27.00 USD: 30% of (100.00 USD − 10.00 USD refunded) = 27.00 USD. It is payable since \
         2020-09-18T16:28:25.000Z: it is paid, with the next payout in which at least 25.00 USD are due."
    );
    assert_eq!(commission.commission.created_at, "2020-08-19T16:28:25.000Z");
    assert_eq!(commission.pays_from.as_deref(), Some("2020-09-18T16:28:25.000Z"));
    let says: Vec<_> = told.history.iter().map(|h| h.says.as_str()).collect();
    let expected = [
        "The sale of 100.00 USD was recorded.",
        "30.00 USD were credited to Partner ANNA11, held.",
        "10.00 USD were refunded.",
        "3.00 USD were taken back from Partner ANNA11.",
        "The hold ended: 27.00 USD became payable to Partner ANNA11.",
    ];
    assert_eq!(says, expected);
    let fits: Vec<_> =
        told.rewards.iter().map(|reward| (reward.fit.fit.as_str(), reward.says.as_str())).collect();
    let applies = "It applies: of the rewards that fit it stands first in the program.";
    assert_eq!(fits, [("other_event", "It is for a lead, and this was a sale."), ("applies", applies)]);
}

/// Worked example: click day 0, lead day 12, window 30 d, payments from day 42 on → credited, for the lead bound the customer
/// [Tolt].
#[test]
fn a_binding_is_told_with_its_date() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionWindowDays": 30 }));
    let id = click(&shop, "ANNA11", "2026-01-01T00:00:00Z");
    let lead: LeadOutput =
        shop.lead(json!({ "customerExternalId": "u", "clickId": id, "timestamp": "2026-01-13T00:00:00Z" }));
    let of_lead: Explanation = shop.get(&format!("/v1/leads/{}/explanation", lead.id)).ok();
    assert_eq!((of_lead.event.as_str(), of_lead.amount, of_lead.reason.as_str()), ("lead", 0, "last_touch"));
    let sale =
        shop.sale(json!({ "customerExternalId": "u", "amount": 4900, "timestamp": "2026-02-12T00:00:00Z" }));
    let told = of_sale(&shop, &sale);
    let why = "It has the whole of the credit: the customer was bound at 2026-01-13T00:00:00.000Z.";
    assert_eq!(touched(&told), [("Partner ANNA11", why, Some("100"))]);
    assert_eq!(told.says, "Credited to Partner ANNA11: the customer was bound before.");
}

#[test]
fn any_sale_is_found() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    for n in 0..5 {
        let code = if n % 2 == 0 { json!("ANNA11") } else { Value::Null };
        let input = json!({ "customerExternalId": format!("u-{}", n / 2), "amount": 100, "invoiceId": format!("in_{n}"),
            "code": code, "timestamp": format!("2026-05-0{}T00:00:00Z", n / 2 + 1) });
        shop.sale(input);
    }
    let found = |query: &str| -> Vec<String> {
        let all: Vec<SaleSummary> = shop.all(&format!("/v1/sales?{query}"), 2);
        let mut all: Vec<String> = all.into_iter().filter_map(|sale| sale.invoice_id).collect();
        all.sort();
        all
    };
    assert_eq!(found("invoiceId=in_3"), ["in_3"]);
    assert_eq!(found("customerExternalId=u-1"), ["in_2", "in_3"]);
    assert_eq!(found("customerExternalId=u-1&invoiceId=in_0"), [""; 0]);
    assert_eq!(found("credited=true").len() + found("credited=false").len(), 5);
    assert_eq!(found("reason=bound_at_sign_up"), ["in_1", "in_3"]);
    let newest: Vec<SaleSummary> = shop.get("/v1/sales").ok();
    assert!(newest.is_sorted_by(|a, b| a.at >= b.at) && newest.len() == 5);
    assert_eq!(newest[0].customer.as_ref().and_then(|c| c.external_id.as_deref()), Some("u-2"));
    assert!(shop.get("/v1/sales?reason=because").refused(422).contains("`reason`"));
    assert!(shop.get("/v1/sales?credited=maybe").status == 400);
    shop.get("/v1/sales/sal_00000000000000000000000000000000/explanation").refused(404);
    let live: Vec<SaleSummary> = server.live().get("/v1/sales").ok();
    assert!(live.is_empty());
}

/// Maya joins by the widget and proves her address; gives her token and her code.
fn maya(server: &Server) -> (Client, String) {
    let hers = server.page().join("Maya", "maya@example.com");
    let link = hers.join.me.as_ref().and_then(|me| me.link.clone()).expect("a link");
    let page = server.bearer(&hers.token).with("origin", crate::harness::ORIGIN);
    page.get("/v1/embed/uncredited").refused(403);
    let proof = server.links_mailed("maya@example.com", "/verify?token=", 1).remove(0);
    let token = proof.rsplit('=').next().expect("a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    form.send(ureq::http::Method::POST, "/verify", Some(format!("token={token}").into_bytes()));
    (page, link.code)
}

#[test]
fn a_partner_reads_her_own_part() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionModel": "linear", "autoApprove": true }));
    let (page, code) = maya(&server);
    let at = |day: u32| format!("2026-05-0{day}T00:00:00Z");
    click(&shop, "BERT22", &at(1));
    let id = shop.click(json!({ "key": code, "timestamp": at(2), "visitorId": "browser-1", "referrer": "https://blog.example/tea" }));
    let input = json!({ "customerExternalId": "secret-buyer", "customerName": "Ben Buyer", "amount": 1000, "clickId": id.click_id });
    shop.sale(input);
    let me: Value = page.get("/v1/embed/me").ok();
    let id = me["earnings"]["commissions"][0]["id"].as_str().expect("a commission").to_owned();
    let answer = page.get(&format!("/v1/embed/commissions/{id}/explanation"));
    let hidden =
        ["secret-buyer", "Ben Buyer", "BERT22", "Partner"].iter().find(|name| answer.text.contains(**name));
    assert_eq!(hidden, None, "{}", answer.text);
    let told: OwnExplanation = answer.ok();
    assert!(
        told.credited && told.says.starts_with("Credited to another partner (50 %) and you (50 %): "),
        "{}",
        told.says
    );
    assert_eq!((told.touchpoints.len(), told.touchpoints[0].share.as_deref()), (1, Some("50")));
    assert_eq!(told.touchpoints[0].touchpoint.referrer.as_deref(), Some("blog.example"));
    assert_eq!(told.others, ["Another partner's click has 50 % of the credit."]);
    assert_eq!((told.commissions.len(), told.commissions[0].commission.earnings), (1, 100));
    assert!(
        told.commissions[0]
            .says
            .starts_with("You get 1.00 USD: 20% of 10.00 USD = 2.00 USD; 1/2 of it = 1.00 USD.")
    );
    let partners: Vec<Partner> = shop.get("/v1/partners?search=bert22").ok();
    let all: Vec<Value> = shop.get(&format!("/v1/commissions?partnerId={}", partners[0].id)).ok();
    page.get(&format!("/v1/embed/commissions/{}/explanation", all[0]["id"].as_str().expect("an id")))
        .refused(404);
    server.nobody().get(&format!("/v1/embed/commissions/{id}/explanation")).refused(401);
}

#[test]
fn no_order_passes_a_partner_over_without_a_reason() {
    let server = Server::start();
    let shop = shop(&server, json!({ "autoApprove": true }));
    let (page, code) = maya(&server);
    let click = |day: u32, key: &str, visitor: &str| {
        let at = format!("2026-05-0{day}T00:00:00Z");
        shop.click(json!({ "key": key, "timestamp": at, "visitorId": visitor })).click_id
    };
    let sale = |customer: &str, amount: i64, click: &str| {
        let at = "2026-05-20T00:00:00Z";
        shop.sale(
            json!({ "customerExternalId": customer, "amount": amount, "clickId": click, "timestamp": at }),
        )
    };
    click(1, &code, "v1");
    let lost = sale("u-1", 100, &click(2, "BERT22", "v1"));
    let hers = click(1, &code, "v2");
    sale("u-2", 100, &hers);
    let trial = sale("u-3", 0, &click(1, &code, "v3"));
    let all: Vec<OwnExplanation> = page.get("/v1/embed/uncredited").ok();
    let mut told: Vec<_> = all.iter().map(|one| (one.id.as_str(), one.says.as_str(), one.credited)).collect();
    told.sort_unstable();
    let by = "Credited to another partner: under `last_touch` the latest that counts wins.";
    let nothing = "Nothing was paid, so nothing is earned; it was brought by you.";
    let mut expected = [(lost.id.as_str(), by, false), (trial.id.as_str(), nothing, true)];
    expected.sort_unstable();
    assert_eq!(told, expected);
    let of_lost = all.iter().find(|one| one.id == lost.id).expect("the lost one");
    assert_eq!(
        of_lost.touchpoints[0].says,
        "Under `last_touch` the latest that counts wins, and another partner's click at 2026-05-02T00:00:00.000Z came later."
    );
    let pages: Vec<OwnExplanation> = shop_page(&page);
    assert_eq!(pages, all);
}

/// The same list, one at a time.
fn shop_page(page: &Client) -> Vec<OwnExplanation> {
    page.all("/v1/embed/uncredited", 1)
}

#[test]
fn a_paid_visit_and_a_bonus_are_explained_as_well() {
    let server = Server::start();
    let rewards = json!([
        { "event": "sale", "type": "percentage", "percentage": "20" },
        { "event": "click", "type": "flat", "amount": 9, "endsAt": "2026-01-01T00:00:00Z", "name": "Launch" },
        { "event": "click", "type": "flat", "amount": 5, "name": "Visits" },
        { "event": "click", "type": "flat", "amount": 4, "name": "Later" },
    ]);
    let shop = shop(&server, json!({ "rewards": rewards, "autoApprove": true }));
    let (page, code) = maya(&server);
    let at = "2026-06-01T00:00:00.000Z";
    let click =
        shop.click(json!({ "key": code, "visitorId": "v", "referrer": "https://blog.example/tea?x=1" }));
    let paid = shop.commissions().remove(0);
    let told: Explanation = shop.get(&format!("/v1/commissions/{}/explanation", paid.id)).ok();
    assert_eq!(
        (told.event.as_str(), told.id.as_str(), told.reason.as_str()),
        ("click", &*click.click_id, "visited")
    );
    assert_eq!(told.says, "Credited to Maya: the visit came by the link, and is paid by itself.");
    let touch = &told.touchpoints[0];
    assert_eq!(touch.says, "It has the whole of the credit: the visit came by this link.");
    assert_eq!(touch.touchpoint.referrer.as_deref(), Some("blog.example"));
    let fits: Vec<_> =
        told.rewards.iter().map(|reward| (reward.fit.fit.as_str(), reward.says.as_str())).collect();
    let expected = [
        ("other_event", "It is for a sale, and this was a click."),
        ("ended", "It was over: it applied until 2026-01-01T00:00:00.000Z."),
        ("applies", "It applies: of the rewards that fit it stands first in the program."),
        (
            "earlier_reward_applies",
            "The reward `Visits`, which stands before it, pays already, and an event is paid once.",
        ),
    ];
    assert_eq!(fits, expected);
    assert!(told.commissions[0].says.starts_with("Maya gets 0.05 USD: 0.05 USD flat. It is held until "));
    let history: Vec<_> = told.history.iter().map(|h| (h.at.as_str(), h.says.as_str())).collect();
    assert_eq!(history, [(at, "The visit was counted."), (at, "0.05 USD were credited to Maya, held.")]);

    let gift = json!({ "partnerId": paid.partner.id, "amount": 2500, "note": "Thanks for the talk" });
    let given: goodword_wire::Commission = shop.post("/v1/commissions", &gift).ok();
    let told: OwnExplanation = page.get(&format!("/v1/embed/commissions/{}/explanation", given.id)).ok();
    assert_eq!(
        (told.event.as_str(), told.says.as_str()),
        ("bonus", "Credited to you: the vendor gave it, for no event.")
    );
    assert_eq!(told.history[0].says, "The vendor gave it: Thanks for the talk.");
    assert!(told.commissions[0].says.starts_with("You get 25.00 USD: "), "{}", told.commissions[0].says);
    shop.get("/v1/commissions/com_00000000000000000000000000000000/explanation").refused(404);
}
