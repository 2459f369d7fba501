//! Lists page without gaps or repeats, newest first; figures equal what they are the figures of.

use crate::harness::{Client, Server};
use goodword_wire::{Analytics, Commission, Event, Partner, Program};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Partners with clicks, leads and sales over two weeks, some of them at the very same instant.
fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-15T00:00:00.000Z");
    shop.program(json!({ "holdDays": 7 }));
    for code in ["ANNA11", "BERT22", "CARA33"] {
        shop.partner_with(code, json!({ "timestamp": "2026-03-01T00:00:00Z" }));
    }
    for i in 0..23 {
        let code = ["ANNA11", "BERT22", "CARA33"][i % 3];
        let at = format!("2026-03-{:02}T12:00:00Z", 1 + i / 2);
        let click =
            shop.click(json!({ "key": code, "visitorId": format!("b{i}"), "timestamp": at })).click_id;
        shop.lead(json!({ "customerExternalId": format!("u{i}"), "clickId": click, "timestamp": at }));
        let sale = json!({ "customerExternalId": format!("u{i}"), "amount": 1000 + i, "invoiceId": format!("in_{i}"), "timestamp": at });
        shop.sale(sale);
    }
    shop.sale(json!({ "customerExternalId": "stray", "amount": 999 }));
    // Ends the holds that are over, so that nothing changes on its own while lists are read.
    shop.clock(json!({ "advanceMs": 0 }));
    shop
}

#[test]
fn pages_have_no_gaps_and_no_repeats() {
    let server = Server::start();
    let shop = shop(&server);
    shop.refund(json!({ "invoiceId": "in_3", "refundId": "re_1" }));
    let lists = [
        ("/v1/partners", 3),
        ("/v1/partners/links", 3),
        ("/v1/customers", 24),
        ("/v1/commissions", 23),
        ("/v1/events?event=click", 23),
        ("/v1/events?event=lead", 23),
        ("/v1/events?event=sale", 24),
        ("/v1/programs", 1),
    ];
    for (path, count) in lists {
        let whole = shop.all_rows(path, 100);
        assert_eq!(whole.len(), count, "{path}");
        for page_size in [1, 2, 5, 23] {
            assert!(shop.all_rows(path, page_size) == whole, "{path} by {page_size} is another list");
        }
        let ids: HashSet<_> = whole.iter().map(|row| row["id"].to_string()).collect();
        assert_eq!(ids.len(), count, "{path}");
        let times: Vec<_> = whole
            .iter()
            .map(|r| r["createdAt"].as_str().or(r["timestamp"].as_str()).expect("a time").to_owned())
            .collect();
        assert!(times.is_sorted_by(|a, b| a >= b), "{path} is not newest first: {times:?}");
    }
    assert_eq!(shop.all_rows("/v1/ledger/transfers", 7), shop.all_rows("/v1/ledger/transfers", 100));
}

#[test]
fn a_partner_of_two_programs_stands_twice_in_the_list() {
    let server = Server::start();
    let shop = shop(&server);
    let other: Program = shop.program(json!({ "name": "Other" }));
    shop.partner("ANNA11-B");
    let again = json!({ "email": "anna11@partners.example", "programId": other.id, "code": "ANNA11-C" });
    shop.partner_with("ANNA11", again);
    let whole: Vec<Partner> = shop.get("/v1/partners").ok();
    assert_eq!(whole.len(), 5);
    let mut paged: Vec<Partner> = Vec::new();
    loop {
        let after = paged.last().map_or_else(String::new, |p| format!("&startingAfter={}", p.enrollment_id));
        let page: Vec<Partner> = shop.get(&format!("/v1/partners?pageSize=1{after}")).ok();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, whole);
}

#[test]
fn filters() {
    let server = Server::start();
    let shop = shop(&server);
    let partners: Vec<Partner> = shop.get("/v1/partners?search=ANNA").ok();
    assert_eq!(partners.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Partner ANNA11"]);
    let anna = &partners[0].id;
    let hers: Vec<Commission> = shop.all(&format!("/v1/commissions?partnerId={anna}"), 3);
    assert!(hers.len() == 8 && hers.iter().all(|c| c.partner.id == *anna));
    let clicks: Vec<Event> = shop.all(&format!("/v1/events?event=click&partnerId={anna}"), 3);
    assert_eq!(clicks.len(), 8);
    let (pending, processed) = (
        shop.all_rows("/v1/commissions?status=pending", 5),
        shop.all_rows("/v1/commissions?status=processed", 5),
    );
    assert_eq!(pending.len() + processed.len(), 23);
    assert!(
        processed.iter().all(|c| c["status"] == "processed") && !processed.is_empty() && !pending.is_empty()
    );
    assert_eq!(shop.get("/v1/customers?externalId=u7").ok::<Vec<Value>>().len(), 1);
}

#[test]
fn bad_pages_are_refused() {
    let server = Server::start();
    let shop = shop(&server);
    for path in [
        "/v1/partners",
        "/v1/commissions",
        "/v1/events",
        "/v1/customers",
        "/v1/ledger/transfers",
        "/v1/programs",
        "/v1/partners/links",
    ] {
        for bad in ["pageSize=0", "pageSize=101", "pageSize=-1", "startingAfter=nonsense"] {
            shop.get(&format!("{path}?{bad}")).refused(422);
        }
        shop.get(&format!("{path}?pageSize=many")).refused(400);
        shop.get(&format!("{path}?startingAfter=%00")).refused(400);
    }
    shop.get("/v1/commissions?status=lost").refused(422);
    shop.get("/v1/events?event=smile").refused(422);
}

#[test]
fn figures_equal_the_events() {
    let server = Server::start();
    let shop = shop(&server);
    shop.refund(json!({ "invoiceId": "in_3", "refundId": "re_1", "amount": 500 }));
    let analytics: Analytics = shop.get("/v1/analytics?start=2026-01-01T00:00:00Z").ok();
    let (clicks, leads, sales) = (
        shop.all_rows("/v1/events?event=click", 9),
        shop.all_rows("/v1/events?event=lead", 9),
        shop.all_rows("/v1/events?event=sale", 9),
    );
    let count = |rows: &[Value]| i64::try_from(rows.len()).expect("few");
    let t = analytics.totals;
    assert_eq!((t.clicks, t.leads, t.sales), (count(&clicks), count(&leads), count(&sales)));
    let sold: i64 = sales.iter().filter_map(|s| s["amount"].as_i64()).sum();
    assert_eq!(t.sale_amount, sold - 500, "events show what was paid, figures what remains");
    let by_status = |status: &str| {
        shop.commissions().iter().filter(|c| c.status == status).map(|c| c.earnings).sum::<i64>()
    };
    assert_eq!((t.pending, t.processed, t.paid), (by_status("pending"), by_status("processed"), 0));
    let days = |of: fn(&goodword_wire::Day) -> i64| analytics.days.iter().map(of).sum::<i64>();
    assert_eq!(
        (days(|d| d.clicks), days(|d| d.leads), days(|d| d.sales), days(|d| d.sale_amount)),
        (t.clicks, t.leads, t.sales, t.sale_amount)
    );
    assert_eq!(days(|d| d.earnings), t.pending + t.processed);
    assert!(analytics.days.is_sorted_by(|a, b| a.date < b.date));
}

#[test]
fn a_range_is_half_open_and_a_partner_has_a_share() {
    let server = Server::start();
    let shop = shop(&server);
    let range = |query: &str| shop.get(&format!("/v1/analytics?{query}")).ok::<Analytics>().totals;
    assert_eq!(range("start=2026-03-01T12:00:00Z&end=2026-03-02T12:00:00Z").clicks, 2);
    assert_eq!(range("start=2026-03-01T12:00:00.001Z&end=2026-03-02T12:00:00Z").clicks, 0);
    assert_eq!(range("start=2026-03-01T12:00:00Z&end=2026-03-02T12:00:00.001Z").clicks, 4);
    let partners: Vec<Partner> = shop.get("/v1/partners").ok();
    let shares = partners.iter().map(|p| (range(&format!("partnerId={}", p.id)), p));
    let clicks = shares.map(|(t, p)| {
        assert_eq!(
            (t.clicks, t.leads, t.sales, t.sale_amount),
            (p.total_clicks, p.total_leads, p.total_sales, p.total_sale_amount)
        );
        t.clicks
    });
    assert_eq!(clicks.sum::<i64>(), 23);
    let other: Program = shop.program(json!({ "name": "Empty" }));
    assert_eq!(range(&format!("programId={}", other.id)), goodword_wire::Totals::default());
}

#[test]
fn lists_are_read_either_way_round_and_by_number() {
    let server = Server::start();
    let shop = shop(&server);
    shop.program(json!({ "name": "Other" }));
    for partner in shop.all::<Partner>("/v1/partners", 100) {
        let claim =
            json!({ "partnerId": partner.id, "invoiceId": format!("lost_{}", partner.id), "amount": 100 });
        assert_eq!(shop.post("/v1/claims", &claim).status, 200);
    }
    let lists = [("/v1/programs", 2), ("/v1/sales", 24), ("/v1/ledger/transfers", 23), ("/v1/claims", 3)];
    for (path, least) in lists {
        let newest = shop.all_rows(path, 100);
        assert!(newest.len() >= least, "{path} has {}", newest.len());
        let reversed: Vec<Value> = newest.iter().rev().cloned().collect();
        let oldest = shop.all_rows(&format!("{path}?sortOrder=asc&sortBy=createdAt"), 5);
        assert!(oldest == reversed, "{path}, oldest first, is another list");
        let second: Vec<Value> = shop.get(&format!("{path}?page=2&pageSize=1")).ok();
        assert_eq!(second, newest[1..2], "{path}");
        let beyond: Vec<Value> = shop.get(&format!("{path}?page=50&pageSize=100")).ok();
        assert_eq!(beyond, Vec::<Value>::new(), "{path}");
        for (wrong, word) in [
            ("sortOrder=up", "`sortOrder`"),
            ("sortBy=colour", "`sortBy`"),
            ("page=0", "`page`"),
            ("page=100000000", "`page`"),
            ("page=2&startingAfter=x", "startingAfter"),
            ("endingBefore=x", "`endingBefore`"),
        ] {
            let message = shop.get(&format!("{path}?{wrong}")).refused(422);
            assert!(message.contains(word), "{path}?{wrong}: {message}");
        }
    }
}
