//! What other programs have exported: brought once, whatever happens, with a ledger that balances, and old links that go on earning.

use crate::harness::{Client, ORIGIN, Server, goodword};
use goodword_wire::{Commission, ImportOutput, Partner, SaleOutput, Transfer};
use serde_json::{Value, json};
use ureq::http::Method;

const PARTNERS: &str = "id,email,first_name,last_name,token,coupon,state,created_at\n\
    a1,maya@x.example,Maya,Lindholm,maya-tea,TEA10,active,2024-01-05T10:00:00Z\n\
    a2,bert@x.example,Bert,,b_t,,active,2024-02-01T10:00:00Z\n\
    a3,carl@x.example,Carl,,carl,,disabled,2024-02-01T10:00:00Z\n";

const CUSTOMERS: &str = "stripe_customer_id,customer_email,affiliate_email,created_at\n\
    cus_1,ann@y.example,maya@x.example,2024-03-01\ncus_2,ben@y.example,bert@x.example,2024-03-02\n";

const COMMISSIONS: &str = "commission_id,affiliate_email,amount,sale_amount,currency,state,created_at,due_at,paid_at,stripe_charge_id,stripe_customer_id\n\
    c1,maya@x.example,$15.60,$78.00,USD,paid,2024-03-01,2024-04-01,2024-04-02,ch_1,cus_1\n\
    c2,maya@x.example,\"$1,000.00\",\"$5,000.00\",USD,paid,2024-03-15,2024-04-15,2024-04-02,ch_2,cus_1\n\
    c3,maya@x.example,15.60,78.00,USD,due,2024-04-01,2024-05-01,,ch_3,cus_1\n\
    c4,bert@x.example,7.80,39.00,USD,pending,2024-05-20,2024-07-01,,ch_4,cus_2\n\
    c5,bert@x.example,7.80,39.00,USD,voided,2024-05-21,,,ch_5,cus_2\n";

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2024-06-01T00:00:00.000Z");
    shop.program(json!({}));
    shop
}

#[track_caller]
fn bring(shop: &Client, query: &str, file: &str) -> ImportOutput {
    let csv = shop.with("content-type", "text/csv");
    csv.send(Method::POST, &format!("/v1/imports?{query}"), Some(file.as_bytes().to_vec())).ok()
}

/// New, changed, known, refused.
fn counts(o: &ImportOutput) -> [usize; 4] {
    [o.made, o.changed, o.known, o.refused_count]
}

#[track_caller]
fn bring_all(shop: &Client, dry: &str) -> [ImportOutput; 3] {
    [PARTNERS, CUSTOMERS, COMMISSIONS].map(|file| bring(shop, &format!("source=rewardful{dry}"), file))
}

#[track_caller]
fn assert_clean(server: &Server) {
    let output = server.operate("check", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What the partners' accounts of a kind hold together.
fn balance(shop: &Client, kind: &str) -> i64 {
    let accounts = shop.ledger().accounts;
    accounts.iter().filter(|account| account.kind == kind).map(|account| account.balance).sum()
}

#[test]
fn everything_is_brought_and_the_ledger_balances() {
    let server = Server::start();
    let shop = shop(&server);
    let [partners, customers, commissions] = bring_all(&shop, "");
    assert_eq!((partners.kind.as_str(), counts(&partners)), ("partners", [3, 0, 0, 0]), "{partners:?}");
    assert_eq!((customers.kind.as_str(), counts(&customers)), ("customers", [2, 0, 0, 0]), "{customers:?}");
    assert_eq!(
        (commissions.kind.as_str(), counts(&commissions)),
        ("commissions", [5, 0, 0, 0]),
        "{commissions:?}"
    );
    assert_eq!((commissions.pending, commissions.processed, commissions.paid), (780, 1_560, 101_560));
    let kinds = ["held", "payable", "paid", "sent", "expense"].map(|kind| balance(&shop, kind));
    assert_eq!(kinds, [780, 1_560, 101_560, 0, -103_900]);
    let transfers: Vec<Transfer> = shop.transfers();
    assert!(transfers.iter().all(|t| t.kind == "import"), "{transfers:?}");
    let rows: Vec<Partner> = shop.all("/v1/partners", 100);
    // Those brought within a millisecond are in no order.
    let mut told: Vec<_> = rows.iter().map(|p| (p.name.as_str(), p.status.as_str())).collect();
    told.sort_unstable();
    assert_eq!(told, [("Bert", "approved"), ("Carl", "banned"), ("Maya Lindholm", "approved")]);
    let payouts = shop.all_rows("/v1/payouts", 100);
    assert_eq!(payouts.len(), 1);
    assert_eq!((&payouts[0]["status"], &payouts[0]["amount"]), (&json!("completed"), &json!(101_560)));
    assert_eq!(payouts[0]["paidAt"], json!("2024-04-02T00:00:00.000Z"));
    assert_clean(&server);
    // The hold of what was pending ends when it was to be due there.
    shop.clock(json!({ "now": "2024-07-02T00:00:00.000Z", "frozen": true }));
    for _ in 0..100 {
        if balance(&shop, "held") == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(balance(&shop, "payable"), 2_340);
    assert_clean(&server);
}

#[test]
fn twice_is_once_and_a_dry_run_is_nothing() {
    let server = Server::start();
    let shop = shop(&server);
    let dry = bring(&shop, "source=rewardful&dryRun=true", PARTNERS);
    assert_eq!((dry.dry_run, counts(&dry)), (true, [3, 0, 0, 0]));
    assert!(shop.all_rows("/v1/partners", 100).is_empty());
    bring_all(&shop, "");
    let dry = bring(
        &shop,
        "source=rewardful&dryRun=true",
        &COMMISSIONS.replace("c1,", "c9,").replace("ch_1", "ch_9"),
    );
    assert_eq!(counts(&dry), [1, 0, 4, 0], "{dry:?}");
    let before = (shop.commissions(), shop.transfers().len(), shop.all_rows("/v1/customers", 100));
    let again = bring_all(&shop, "");
    assert_eq!(again.iter().map(counts).collect::<Vec<_>>(), [[0, 0, 3, 0], [0, 0, 2, 0], [0, 0, 5, 0]]);
    assert_eq!((shop.commissions(), shop.transfers().len(), shop.all_rows("/v1/customers", 100)), before);
}

#[test]
fn a_newer_export_moves_on_what_has_moved_there() {
    let server = Server::start();
    let shop = shop(&server);
    bring_all(&shop, "");
    let newer = COMMISSIONS
        .replace("USD,due,2024-04-01,2024-05-01,,", "USD,paid,2024-04-01,2024-05-01,2024-05-02,")
        .replace("USD,pending,", "USD,due,");
    let output = bring(&shop, "source=rewardful", &newer);
    assert_eq!(counts(&output), [0, 2, 3, 0], "{output:?}");
    let kinds = ["held", "payable", "paid"].map(|kind| balance(&shop, kind));
    assert_eq!(kinds, [0, 780, 103_120]);
    let voided = newer.replace("USD,due,2024-05-20", "USD,voided,2024-05-20");
    assert_eq!(counts(&bring(&shop, "source=rewardful", &voided)), [0, 1, 4, 0]);
    assert_eq!(balance(&shop, "payable"), 0);
    let other = voided.replace("c3,maya@x.example,15.60", "c3,maya@x.example,16.00");
    let output = bring(&shop, "source=rewardful", &other);
    assert_eq!(counts(&output), [0, 0, 4, 1], "what is credited is not changed");
    assert_eq!((output.refused[0].line, output.refused[0].field.as_deref()), (4, Some("amount")));
    assert_clean(&server);
}

#[test]
fn links_that_were_posted_go_on_earning() {
    let server = Server::start();
    let shop = shop(&server);
    let file = "email,first name,ref_id\nmaya@x.example,Maya,maya_tea\nbert@x.example,Bert,abc\n";
    let output = bring(&shop, "source=firstpromoter", file);
    assert_eq!(
        (counts(&output), output.link_parameters),
        ([2, 0, 0, 0], vec!["fpr".to_owned(), "fp_ref".to_owned()])
    );
    for (key, name) in [("abc", "Bert"), ("maya_tea", "Maya"), ("MAYA_TEA", "Maya")] {
        // As the script on the vendor's page reports `?fpr=abc`.
        let page = json!({ "key": key, "url": format!("https://shop.example/tea?fpr={key}"), "visitorId": format!("v-{key}") });
        let click: Value = server.page().post("/v1/track/click", &page).ok();
        let buyer = format!("u-{key}");
        shop.lead(json!({ "clickId": click["clickId"], "customerExternalId": buyer }));
        let sale: SaleOutput =
            shop.sale(json!({ "customerExternalId": buyer, "amount": 1_000, "invoiceId": key }));
        let earned: Vec<_> = sale.commissions.iter().map(|c| (c.partner.name.as_str(), c.earnings)).collect();
        assert_eq!(earned, [(name, 200)], "{key}");
    }
    // Nobody else can take such a name for a code.
    let taken = json!({ "name": "Eve", "email": "eve@x.example", "code": "ABC" });
    shop.post("/v1/partners", &taken).refused(409);
    let page = server.page_of(&server.vendor.test.publishable_key, ORIGIN);
    let config: Value = page.get("/v1/embed/config").ok();
    assert_eq!(config["linkParameters"], json!(["fpr", "fp_ref"]));
}

#[test]
fn the_keys_in_links_of_partnerstack() {
    let server = Server::start();
    let shop = shop(&server);
    let file = "partner_key,email,name\ntroycooper1364,troy@x.example,Troy\n";
    assert_eq!(counts(&bring(&shop, "source=partnerstack", file)), [1, 0, 0, 0]);
    // As in `?ps_partner_key=dHJveWNvb3BlcjEzNjQ&ps_xid=…`.
    let click = shop.click(json!({ "key": "dHJveWNvb3BlcjEzNjQ", "visitorId": "v-1" }));
    shop.lead(json!({ "clickId": click.click_id, "customerExternalId": "u-1" }));
    let sale = shop.sale(json!({ "customerExternalId": "u-1", "amount": 1_000 }));
    assert_eq!(sale.commissions[0].partner.name, "Troy");
}

#[test]
fn customers_go_on_earning_and_refunds_find_their_orders() {
    let server = Server::start();
    let shop = shop(&server);
    bring_all(&shop, "");
    let sale = shop.sale(json!({ "customerExternalId": "cus_1", "amount": 7_800, "invoiceId": "in_9" }));
    let earned: Vec<_> = sale.commissions.iter().map(|c| (c.partner.name.as_str(), c.earnings)).collect();
    assert_eq!(earned, [("Maya Lindholm", 1_560)], "bound to whoever brought her");
    // A refund of an order that was paid and paid out there is owed here.
    shop.refund(
        json!({ "paymentProcessor": "stripe", "invoiceId": "ch_1", "refundId": "re_1", "amount": 3_900 }),
    );
    assert_eq!(balance(&shop, "clawback"), -780);
    shop.refund(
        json!({ "paymentProcessor": "stripe", "invoiceId": "ch_3", "refundId": "re_2", "amount": 7_800 }),
    );
    assert_eq!(balance(&shop, "payable"), 0);
    let commissions: Vec<Commission> = shop.commissions();
    let of = |invoice: &str| {
        commissions.iter().find(|c| c.invoice_id.as_deref() == Some(invoice)).expect("it is there")
    };
    assert_eq!(
        (of("ch_3").status.as_str(), of("ch_4").note.as_deref()),
        ("refunded", Some("Brought from Rewardful"))
    );
    let sale = of("ch_1").sale_id.clone().expect("a sale");
    let why: Value = shop.get(&format!("/v1/sales/{sale}/explanation")).ok();
    assert!(why.to_string().contains("Maya Lindholm"), "{why}");
    assert_clean(&server);
}

#[test]
fn one_order_is_never_credited_twice() {
    let server = Server::start();
    let shop = shop(&server);
    bring(&shop, "source=rewardful", PARTNERS);
    shop.sale(
        json!({ "customerExternalId": "cus_1", "amount": 7_800, "invoiceId": "ch_1", "code": "TEA10" }),
    );
    let output = bring(&shop, "source=rewardful", COMMISSIONS);
    assert_eq!(counts(&output), [4, 0, 0, 1], "{output:?}");
    assert_eq!((output.refused[0].line, output.refused[0].field.as_deref()), (2, Some("stripe_charge_id")));
}

#[test]
fn each_fault_is_told_by_line_and_column() {
    let server = Server::start();
    let shop = shop(&server);
    bring(&shop, "source=tolt", "email,name,value\nmaya@x.example,Maya,maya\n");
    let file = "Partner Email,Commission,Status,Created,Note\n\
        maya@x.example,1.00,approved,2024-01-05,fine\nmaya@x.example,1.00,odd,2024-01-05,\n\
        nobody@x.example,1.00,approved,2024-01-05,\nmaya@x.example,1.00,approved,2031-01-05,\n";
    let output = bring(&shop, "source=tolt", file);
    let told: Vec<_> =
        output.refused.iter().map(|r| (r.line, r.field.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        (counts(&output), told),
        ([1, 0, 0, 3], vec![(3, "Status"), (4, "Partner Email"), (5, "Created")])
    );
    let csv = shop.with("content-type", "text/csv");
    let refused = |query: &str, file: &str| {
        csv.send(Method::POST, &format!("/v1/imports?{query}"), Some(file.as_bytes().to_vec())).refused(422)
    };
    assert!(refused("source=impact", PARTNERS).contains("`source`"));
    assert!(refused("source=tolt&kind=clicks", PARTNERS).contains("`kind`"));
    assert!(refused("source=tolt&kind=commissions", PARTNERS).contains("no column for"));
    assert!(refused("source=tolt&map=%7B%22x%22:%22status%22%7D", PARTNERS).contains("`map`"));
    assert!(refused("source=tolt&timeZone=Mars", PARTNERS).contains("`timeZone`"));
    server.page().send(Method::POST, "/v1/imports?source=tolt", Some(PARTNERS.into())).refused(403);
}

#[test]
fn columns_can_be_named_and_zones_told() {
    let server = Server::start();
    let shop = shop(&server);
    bring(&shop, "source=tapfiliate", "email,name,id\nmaya@x.example,Maya,m1\n");
    let file = "Wer;Wieviel;Stand;Wann\nm1;1.234,50;approved;05.01.2024 10:00\n";
    let map = "%7B%22Wer%22:%22partner_id%22,%22Wieviel%22:%22amount%22,%22Stand%22:%22status%22,%22Wann%22:%22created_at%22%7D";
    let output =
        bring(&shop, &format!("source=tapfiliate&kind=commissions&timeZone=Europe/Berlin&map={map}"), file);
    assert_eq!((counts(&output), output.processed), ([1, 0, 0, 0], 123_450), "{output:?}");
    assert_eq!(shop.commissions()[0].created_at, "2024-01-05T09:00:00.000Z");
}

#[test]
fn what_is_on_hold_waits_for_a_decision() {
    let server = Server::start();
    let shop = shop(&server);
    bring(&shop, "source=partnerstack", "partner_key,email,name\nm1,maya@x.example,Maya\n");
    let file = "reward_key,partner_key,amount,reward_status,created_at\nr1,m1,10.00,hold,1704448800\nr2,m1,10.00,hold,1704448800\n";
    assert_eq!(bring(&shop, "source=partnerstack", file).pending, 2_000);
    let waiting = shop.all_rows("/v1/reviews?status=waiting", 100);
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    let commissions = shop.commissions();
    assert!(commissions.iter().all(|c| c.status == "hold"), "{commissions:?}");
    assert_clean(&server);
}

#[test]
fn balances_are_compared() {
    let server = Server::start();
    let shop = shop(&server);
    bring_all(&shop, "");
    let file = "affiliate email,pending,unpaid,paid\nmaya@x.example,0.00,15.60,1015.60\nbert@x.example,7.80,1.00,0\n";
    let before = shop.transfers().len();
    let output = bring(&shop, "source=rewardful&kind=balances", file);
    assert_eq!((output.compared, output.differences.len()), (2, 1), "{output:?}");
    let d = &output.differences[0];
    assert_eq!(
        (d.partner_name.as_str(), d.figure.as_str(), d.theirs, d.ours, d.difference),
        ("Bert", "payable", 100, 0, 100)
    );
    assert_eq!(shop.transfers().len(), before, "nothing is posted for it");
}

/// The command, as somebody runs it who moves: first dry, then for good, then once more with what had been missing.
#[test]
fn the_command() {
    let server = Server::start();
    let shop = shop(&server);
    let folder = server.folder();
    let files = [("commissions.csv", COMMISSIONS), ("partners.csv", PARTNERS), ("customers.csv", CUSTOMERS)];
    let paths = files.map(|(name, text)| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    });
    let run = |words: &[&str]| {
        let mut command = goodword();
        command
            .args(["import", "rewardful", "--database", server.database(), "--mode", "test"])
            .args(&paths)
            .args(words);
        let output = command.output().expect("goodword starts");
        (
            output.status.success(),
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat(),
        )
    };
    let (good, told) = run(&["--dry-run"]);
    assert!(good && told.contains("5 would be new") && told.contains("1015.60 USD paid before"), "{told}");
    assert!(shop.all_rows("/v1/partners", 100).is_empty() && shop.transfers().is_empty());
    let half: Vec<&str> = COMMISSIONS.lines().take(3).collect();
    std::fs::write(&paths[0], half.join("\n") + "\n").expect("a file");
    let (good, told) = run(&[]);
    assert!(good && told.contains("2 new, 0 changed, 0 known, 0 refused"), "{told}");
    std::fs::write(&paths[0], COMMISSIONS).expect("a file");
    let (good, told) = run(&[]);
    assert!(good && told.contains("3 new, 0 changed, 2 known, 0 refused"), "{told}");
    assert_eq!(["held", "payable", "paid"].map(|kind| balance(&shop, kind)), [780, 1_560, 101_560]);
    std::fs::write(&paths[0], COMMISSIONS.replace("c5,bert", "c6,nobody").replace("ch_5", "ch_6"))
        .expect("a file");
    let (good, told) = run(&[]);
    assert!(!good && told.contains("line 6, column `affiliate_email`"), "{told}");
    assert_clean(&server);
}
