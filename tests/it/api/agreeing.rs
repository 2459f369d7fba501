//! Numbers agree everywhere: whatever has happened, overview, explorer, lists of events, files and ledger give the same totals for
//! the same filter.

use super::sums::assert_sound;
use crate::harness::{Client, Server};
use crate::ledger::Rng;
use goodword_wire::{BreakdownItem, Cohort, ConversionTime, Link, Overview, OverviewFigures, Partner, Paths};
use serde_json::{Value, json};

const CODES: [&str; 3] = ["ANNA11", "BERT22", "CARA33"];
const AGENTS: [&str; 3] =
    ["iPhone; CPU iPhone OS 18_0 like Mac OS X", "X11; Linux x86_64", "iPad; CPU OS 18_0"];
const SITES: [&str; 3] = ["https://blog.example/post", "https://video.example/w?v=1", ""];
const PAGES: [&str; 3] = ["https://shop.example/tea?utm_source=x", "https://shop.example/", ""];
const RANGE: &str = "start=2026-01-01T00:00:00Z&end=2026-05-20T17:30:00Z";

/// Clicks, sign-ups, sales, refunds and payouts of four months as chance has it.
fn play(server: &Server, seed: u64) -> Client {
    let shop = server.test();
    let lead = json!({ "event": "lead", "type": "flat", "amount": 150 });
    let sale = json!({ "event": "sale", "type": "percentage", "percentage": "20" });
    shop.freeze("2026-01-10T08:00:00.000Z");
    shop.program(
        json!({ "holdDays": 20, "attributionModel": "linear", "minPayout": 0, "rewards": [lead, sale] }),
    );
    for code in CODES {
        shop.partner(code);
    }
    let mut rng = Rng(seed);
    let (mut clicks, mut sales) = (Vec::new(), 0_usize);
    for step in 0..120 {
        match rng.below(8) {
            0..=2 => clicks.push(click(server, &mut rng)),
            3 | 4 => {
                let click = if clicks.is_empty() { None } else { Some(&clicks[rng.below(clicks.len())]) };
                let code = (rng.below(4) == 0).then(|| CODES[rng.below(3)]);
                let customer = format!("u{}", rng.below(25));
                shop.lead(json!({ "customerExternalId": customer, "eventName": format!("L{step}"),
                    "clickId": click.filter(|_| rng.below(3) > 0), "code": code }));
            }
            5 => {
                sales += 1;
                let click = if clicks.is_empty() { None } else { Some(&clicks[rng.below(clicks.len())]) };
                let code = (rng.below(4) == 0).then(|| CODES[rng.below(3)]);
                shop.sale(json!({ "customerExternalId": format!("u{}", rng.below(25)), "amount": 100 + rng.below(9000),
                    "invoiceId": format!("in_{sales}"), "clickId": click.filter(|_| rng.below(2) == 0), "code": code }));
            }
            6 if sales > 0 => {
                let refund = json!({ "invoiceId": format!("in_{}", 1 + rng.below(sales)),
                    "refundId": format!("re_{step}"), "amount": 1 + rng.below(300) });
                let status = shop.post("/v1/track/refund", &refund).status;
                assert!(matches!(status, 200 | 422), "{refund}: {status}");
            }
            _ => {
                shop.clock(json!({ "advanceMs": rng.below(90) * 3_600_000 + 1 }));
            }
        }
    }
    shop.freeze("2026-05-20T18:00:00.000Z");
    shop
}

fn click(server: &Server, rng: &mut Rng) -> String {
    let page = server.page().with("user-agent", &format!("Mozilla/5.0 ({})", AGENTS[rng.below(3)]));
    let input = json!({ "key": CODES[rng.below(3)], "visitorId": format!("v{}", rng.below(20)),
        "url": PAGES[rng.below(3)], "referrer": SITES[rng.below(3)] });
    page.click(input).click_id
}

fn filters(shop: &Client) -> Vec<String> {
    let partners: Vec<Partner> = shop.get("/v1/partners").ok();
    let links: Vec<Link> = shop.get(&format!("/v1/links?partnerId={}", partners[0].id)).ok();
    let (partner, link) = (&partners[1].id, &links[0].id);
    [
        String::new(),
        format!("&partnerId={partner}"),
        format!("&linkId={link}"),
        "&site=blog.example".into(),
        "&site=none".into(),
        "&device=mobile".into(),
        "&landingPage=https%3A%2F%2Fshop.example%2Ftea".into(),
        "&touchpoint=click".into(),
        "&touchpoint=code".into(),
        "&touchpoint=none".into(),
        "&country=none".into(),
        format!("&partnerId={partner}&device=desktop"),
        format!("&partnerId={partner}&site=video.example&touchpoint=click"),
        "&site=none&landingPage=none&device=tablet".into(),
    ]
    .into()
}

/// What can be added up of an overview: clicks, leads, sales, their amount, commissions.
fn sums(f: &OverviewFigures) -> [i64; 5] {
    [f.clicks, f.leads, f.sales, f.sale_amount, f.pending + f.processed + f.paid]
}

fn added(rows: impl IntoIterator<Item = [i64; 5]>) -> [i64; 5] {
    rows.into_iter().fold([0; 5], |sum, row| std::array::from_fn(|place| sum[place] + row[place]))
}

fn of_item(item: &BreakdownItem) -> [i64; 5] {
    [item.clicks, item.leads, item.sales, item.sale_amount, item.earnings]
}

/// The columns of that name of a CSV file, row by row.
fn columns<const N: usize>(text: &str, names: [&str; N]) -> Vec<[i64; N]> {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let places = names.map(|name| header.iter().position(|column| *column == name).expect("a column"));
    lines.map(|cells| places.map(|place| cells[place].parse().expect("a number"))).collect()
}

const FIGURES: [&str; 5] = ["clicks", "leads", "sales", "saleAmount", "earnings"];

fn text(shop: &Client, path: &str) -> String {
    let answer = shop.get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.text
}

fn check(shop: &Client, filter: &str) {
    let overview: Overview = shop.get(&format!("/v1/analytics/overview?{RANGE}{filter}")).ok();
    let whole = sums(&overview.range.figures);
    let days =
        added(overview.range.days.iter().map(|d| [d.clicks, d.leads, d.sales, d.sale_amount, d.earnings]));
    assert_eq!(days, whole, "days of {filter:?}");
    let csv = columns(&text(shop, &format!("/v1/analytics/overview?{RANGE}{filter}&format=csv")), FIGURES);
    assert_eq!(csv.last(), Some(&whole), "CSV of {filter:?}");
    assert_eq!(added(csv[..csv.len() - 1].iter().copied()), whole, "days in the CSV of {filter:?}");
    for by in ["sites", "pages", "countries", "devices", "touchpoints", "hours"] {
        let path = format!("/v1/analytics/breakdown?by={by}&limit=1000&{RANGE}{filter}");
        let items: Vec<BreakdownItem> = shop.get(&path).ok();
        assert_eq!(added(items.iter().map(of_item)), whole, "{by} of {filter:?}");
        let csv = columns(&text(shop, &format!("{path}&format=csv")), FIGURES);
        assert_eq!(added(csv), whole, "CSV of {by} of {filter:?}");
    }
    let of = |by: &str| {
        let path = format!("/v1/analytics/breakdown?by={by}&limit=1000&{RANGE}{filter}");
        added(shop.get(&path).ok::<Vec<BreakdownItem>>().iter().map(of_item))
    };
    assert_eq!(of("partners"), of("links"), "{filter:?}");
    for (place, kind) in ["click", "lead", "sale"].into_iter().enumerate() {
        let rows = shop.all_rows(&format!("/v1/events?event={kind}&{RANGE}{filter}"), 7);
        assert_eq!(rows.len(), usize::try_from(whole[place]).expect("a count"), "{kind} of {filter:?}");
        if kind == "sale" {
            let paid: i64 = rows.iter().filter_map(|row| row["amount"].as_i64()).sum();
            let gone = overview.range.figures.refunded_amount;
            assert_eq!(paid - gone, whole[3], "what was paid less what was given back, of {filter:?}");
        }
    }
    converted(shop, filter);
}

/// Cohorts, times and ways tell of the same leads and sales.
fn converted(shop: &Client, filter: &str) {
    let cohorts: Vec<Cohort> = shop.get(&format!("/v1/analytics/cohorts?{RANGE}{filter}")).ok();
    let times: Vec<ConversionTime> =
        shop.get(&format!("/v1/analytics/conversion-times?{RANGE}{filter}")).ok();
    let of_cohorts = cohorts.iter().fold([0; 3], |sum: [i64; 3], cohort| {
        [sum[0] + cohort.total.leads, sum[1] + cohort.total.sales, sum[2] + cohort.total.sale_amount]
    });
    let of_times = times.iter().fold([0; 3], |sum: [i64; 3], time| {
        [sum[0] + time.leads, sum[1] + time.sales, sum[2] + time.sale_amount]
    });
    assert_eq!(of_cohorts, of_times, "{filter:?}");
    let csv = columns(
        &text(shop, &format!("/v1/analytics/cohorts?{RANGE}{filter}&format=csv")),
        ["leads", "sales", "saleAmount"],
    );
    let of_csv = csv.iter().fold([0; 3], |sum, row| [sum[0] + row[0], sum[1] + row[1], sum[2] + row[2]]);
    assert_eq!(of_csv, of_cohorts, "{filter:?}");
}

#[test]
fn overview_explorer_lists_files_and_ledger_agree_whatever_happened() {
    let server = Server::start();
    let shop = play(&server, 11);
    for filter in filters(&shop) {
        check(&shop, &filter);
    }
    assert_sound(&shop);
    let overview: Overview = shop.get(&format!("/v1/analytics/overview?{RANGE}")).ok();
    let f = overview.range.figures;
    let sales: i64 = shop
        .all_rows("/v1/sales", 50)
        .iter()
        .filter(|sale| !sale["partner"].is_null())
        .count()
        .try_into()
        .expect("few");
    assert_eq!(f.partner_sales, sales, "sales somebody is credited for");
    let by_code: Overview = shop.get(&format!("/v1/analytics/overview?{RANGE}&touchpoint=code")).ok();
    let by_click: Overview = shop.get(&format!("/v1/analytics/overview?{RANGE}&touchpoint=click")).ok();
    assert_eq!((f.code_sales, f.link_sales), (by_code.range.figures.sales, by_click.range.figures.sales));
    let paths: Paths = shop.get(&format!("/v1/analytics/paths?{RANGE}&limit=1000")).ok();
    assert!(
        paths.different > 0 && paths.paths.is_sorted_by(|a, b| a.conversions >= b.conversions),
        "{paths:?}"
    );
    for command in ["check", "rebuild-stats"] {
        let output = server.operate(command, &[]);
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn what_is_kept_is_what_the_facts_say_and_can_be_worked_out_anew() {
    let server = Server::start();
    let shop = play(&server, 31);
    let shown = |shop: &Client| -> Vec<Value> {
        let all = filters(shop).into_iter().flat_map(|filter| {
            [
                format!("/v1/analytics/overview?{RANGE}{filter}"),
                format!("/v1/analytics/breakdown?by=sites&{RANGE}{filter}"),
                format!("/v1/analytics/cohorts?{RANGE}{filter}"),
            ]
        });
        all.map(|path| shop.get(&path).ok()).collect()
    };
    let before = shown(&shop);
    server.change("update tally set leads = leads + 3, gone = gone + 1 where dimension = 3");
    server.change("update brought set country = 7 where sales > 0");
    let output = server.operate("check", &[]);
    assert!(!output.status.success(), "a changed figure is found");
    let output = server.operate("rebuild-stats", &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(shown(&shop), before);
    // As a database of before this was kept comes up: the background works it all out.
    server.change("delete from brought; update sale set origin = null; update lead set origin = null; update commission set origin = null");
    server.change("delete from tally where dimension > 5; update tally set gone = 0, leads = 0, sales = 0, amount = 0 where dimension between 2 and 5");
    server.change("insert into setting (name, value) values ('figures_worked_out', '')");
    server.stop();
    server.restart();
    let (shop, whole) = (server.test(), format!("/v1/analytics/breakdown?by=touchpoints&{RANGE}"));
    // Each look takes a while; the server does a day in a moment.
    assert!(
        (0..100).any(|_| server.operate("check", &[]).status.success()),
        "the figures of before are worked out"
    );
    let items: Vec<BreakdownItem> = shop.get(&whole).ok();
    assert!(items.iter().any(|item| item.id == "click" && item.sales + item.leads > 0), "{items:?}");
}

#[test]
fn a_range_is_compared_with_the_one_before_or_the_year_before() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-05-20T18:00:00.000Z");
    shop.program(json!({}));
    shop.partner("ANNA11");
    for (place, day) in ["2025-05-12", "2026-05-02", "2026-05-12"].into_iter().enumerate() {
        for n in 0..=place {
            let invoice = format!("{day}-{n}");
            shop.sale(
                json!({ "customerExternalId": invoice, "invoiceId": invoice, "amount": 1000, "code": "ANNA11",
                "timestamp": format!("{day}T10:00:00Z") }),
            );
        }
    }
    let asked = |compare: &str| -> Overview {
        shop.get(&format!("/v1/analytics/overview?start=2026-05-11&end=2026-05-20&compare={compare}")).ok()
    };
    let sales = |overview: &Overview| {
        (overview.range.figures.sales, overview.before.as_ref().map(|before| before.figures.sales))
    };
    assert_eq!(sales(&asked("previous")), (3, Some(2)));
    assert_eq!(sales(&asked("year")), (3, Some(1)));
    assert_eq!(sales(&asked("none")), (3, None));
    let before = asked("previous").before.expect("a range");
    assert_eq!(
        (before.start.as_str(), before.end.as_str()),
        ("2026-05-01T00:00:00.000Z", "2026-05-11T00:00:00.000Z")
    );
    shop.get("/v1/analytics/overview?compare=decade").refused(422);
    for bad in ["country=Germany", "device=fridge", "touchpoint=handshake", "format=xml"] {
        shop.get(&format!("/v1/analytics/overview?{bad}")).refused(422);
    }
}
