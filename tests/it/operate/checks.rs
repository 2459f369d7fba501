//! `goodword check` finds what is wrong and nothing else; `goodword rebuild-stats` mends statistics and changes nothing else.

use super::history::play;
use super::{assert_clean, run};
use crate::harness::{Kind, Server, at_once};
use goodword_wire::{Analytics, BreakdownItem};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[test]
fn whatever_happens_statistics_equal_the_facts() {
    for seed in 1..=4 {
        let server = Server::start();
        let history = play(&server, seed, 250);
        assert_clean(&server);
        let before = history.statistics();
        let printed = run(&server, "rebuild-stats", &[], true);
        assert!(printed.contains("; 0 of them were not."), "{printed}");
        assert_eq!(history.statistics(), before, "seed {seed}");
        // As on the third day: chains of browsers met by address are forgotten.
        server.change("delete from visitor where id < 0");
        history.name_all();
        assert_clean(&server);
    }
}

/// The parts of a cut day come to the whole day.
#[test]
fn parts_come_to_the_whole() {
    let server = Server::start();
    let history = play(&server, 9, 250);
    let totals = |start: &str, end: &str| {
        history.shop.get(&format!("/v1/analytics?start={start}&end={end}")).ok::<Analytics>().totals
    };
    let ends =
        ["2026-03-07T00:00:00Z", "2026-03-07T11:30:00Z", "2026-03-08T17:00:00.001Z", "2026-03-09T00:00:00Z"];
    let whole = totals(ends[0], ends[3]);
    assert!(whole.clicks > 20, "{whole:?}");
    let parts: Vec<_> = ends.windows(2).map(|w| totals(w[0], w[1])).collect();
    let sum = |of: fn(&goodword_wire::Totals) -> i64| parts.iter().map(of).sum::<i64>();
    assert_eq!(
        (sum(|t| t.clicks), sum(|t| t.leads), sum(|t| t.sales), sum(|t| t.sale_amount)),
        (whole.clicks, whole.leads, whole.sales, whole.sale_amount)
    );
    assert_eq!(sum(|t| t.pending + t.processed), whole.pending + whole.processed);
    for by in ["links", "sites", "hours"] {
        let clicks = |start: &str, end: &str| {
            let path = format!("/v1/analytics/breakdown?by={by}&start={start}&end={end}");
            let items: Vec<Value> = history.shop.get(&path).ok();
            items.iter().filter_map(|item| item["clicks"].as_i64()).sum::<i64>()
        };
        let parts = ends.windows(2).map(|w| clicks(w[0], w[1])).sum::<i64>();
        assert_eq!((parts, clicks(ends[0], ends[3])), (whole.clicks, whole.clicks), "{by}");
    }
}

/// Long ranges are added up from weeks: also those of an installation that had no weeks before.
#[test]
fn many_days_come_to_the_sum_of_each() {
    let server = Server::start();
    let history = play(&server, 11, 400);
    let day = |n: usize| {
        let (month, of_month) = if n <= 31 { (3, n) } else { (4, n - 31) };
        format!("2026-{month:02}-{of_month:02}T00:00:00Z")
    };
    let sums = |by: &str, days: std::ops::Range<usize>| {
        let (start, end) = (day(days.start), day(days.end));
        let path = format!("/v1/analytics/breakdown?by={by}&start={start}&end={end}");
        let items = history.shop.get(&path).ok::<Vec<BreakdownItem>>().into_iter();
        let figures = items.map(|i| (i.id, [i.clicks, i.leads, i.sales, i.sale_amount, i.earnings]));
        figures.filter(|(_, figures)| *figures != [0; 5]).collect::<BTreeMap<_, _>>()
    };
    let compare = || {
        for by in ["partners", "links", "sites", "countries", "devices", "hours", "pages"] {
            let each: Vec<_> = (1..61).map(|n| sums(by, n..n + 1)).collect();
            let busy = each.iter().filter(|day| !day.is_empty()).count();
            assert!(busy > 14, "too few for whole weeks: {busy} days");
            for days in [1..61, 3..40, 8..18, 6..13, 5..12, 9..23] {
                let mut sum: BTreeMap<String, [i64; 5]> = BTreeMap::new();
                for (id, figures) in each[days.start - 1..days.end - 1].iter().flatten() {
                    let of = sum.entry(id.clone()).or_default();
                    for (place, figure) in figures.iter().enumerate() {
                        of[place] += figure;
                    }
                }
                sum.retain(|_, figures| *figures != [0; 5]);
                assert_eq!(sums(by, days.clone()), sum, "{by} of {days:?}");
            }
        }
    };
    compare();
    server.stop();
    server.change("drop table tally_week; delete from migration where name = '0029_tally_week'");
    server.restart();
    assert_clean(&server);
    compare();
    // A server of that time ends after the new one's first start, and what it still counted is in no week.
    server.stop();
    server.change("update tally_week set clicks = clicks - 1 where dimension in (0, 1) and clicks > 1");
    assert!(!server.operate("check", &[]).status.success());
    server.restart();
    assert_clean(&server);
    compare();
}

#[test]
fn a_database_of_a_newer_version_is_not_opened() {
    let server = Server::start();
    play(&server, 5, 40);
    server.change("insert into migration (name) values ('9999_later')");
    let output = server.operate("check", &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && told.contains("newer version") && told.contains("9999_later"),
        "{told}"
    );
    server.change("delete from migration where name = '9999_later'");
    assert_clean(&server);
}

/// A kind of damage: what does it, what undoes it, and the checks that must tell.
struct Damage {
    done: &'static str,
    undone: &'static str,
    told: &'static [&'static str],
}

const DAMAGES: &[Damage] = &[
    Damage {
        done: "update tally set clicks = clicks + 1 where dimension = 0 and day = (select max(day) from tally)",
        undone: "update tally set clicks = clicks - 1 where dimension = 0 and day = (select max(day) from tally)",
        told: &["statistics"],
    },
    Damage {
        done: "create table kept as select * from tally where dimension = 2; delete from tally where dimension = 2",
        undone: "insert into tally select * from kept; drop table kept",
        told: &["statistics"],
    },
    Damage {
        done: "update tally_week set clicks = clicks + 1 where dimension = 1 and week = (select max(week) from tally_week)",
        undone: "update tally_week set clicks = clicks - 1 where dimension = 1 and week = (select max(week) from tally_week)",
        told: &["statistics"],
    },
    Damage {
        done: "create table kept as select * from tally_week where dimension = 2; delete from tally_week where dimension = 2",
        undone: "insert into tally_week select * from kept; drop table kept",
        told: &["statistics"],
    },
    Damage {
        done: "update link_total set conversions = conversions + 1 where link = (select min(link) from link_total)",
        undone: "update link_total set conversions = conversions - 1 where link = (select min(link) from link_total)",
        told: &["statistics"],
    },
    Damage {
        done: "update due set owed = owed + 1 where partner_id = (select min(partner_id) from due)",
        undone: "update due set owed = owed - 1 where partner_id = (select min(partner_id) from due)",
        told: &["statistics"],
    },
    Damage {
        done: "create table kept as select * from click where id = (select max(previous) from click); \
               delete from click where id = (select max(previous) from click)",
        undone: "insert into click select * from kept; drop table kept",
        told: &["statistics", "chains"],
    },
    Damage {
        done: "create table kept as select * from visitor where head = (select min(head) from visitor); \
               update visitor set head = head + 1000000 where head = (select min(head) from visitor)",
        undone: "delete from visitor where id = (select id from kept); insert into visitor select * from kept; drop table kept",
        told: &["chains"],
    },
    Damage {
        done: "update transfer set amount = amount + 1 where id = (select max(id) from transfer)",
        undone: "update transfer set amount = amount - 1 where id = (select max(id) from transfer)",
        told: &["ledger chain", "commissions"],
    },
    Damage {
        done: "update account set currency = 'eur' where kind = 'expense'",
        undone: "update account set currency = 'usd' where kind = 'expense'",
        told: &["transfers", "ledger"],
    },
    Damage {
        done: "update sale set link_id = 'lnk_x' where id = (select max(sale_id) from commission)",
        undone: "update sale set link_id = (select link_id from commission where sale_id = sale.id) where link_id = 'lnk_x'",
        told: &["names", "statistics"],
    },
    Damage {
        done: "create table kept as select id, vendor_id from customer where id = (select max(id) from customer); \
               update customer set vendor_id = 'ven_x' where id = (select id from kept)",
        undone: "update customer set vendor_id = (select vendor_id from kept) where vendor_id = 'ven_x'; drop table kept",
        told: &["names"],
    },
    Damage {
        done: "update refund set amount = amount + 1 where id = (select min(id) from refund)",
        undone: "update refund set amount = amount - 1 where id = (select min(id) from refund)",
        told: &["refunds"],
    },
    Damage {
        done: "create table kept as select id, status from commission where status = 'pending' and earnings > 0; \
               update commission set status = 'processed' where id in (select id from kept)",
        undone: "update commission set status = 'pending' where id in (select id from kept); drop table kept",
        told: &["commissions", "payouts", "statistics"],
    },
    Damage {
        done: "update lead set at = at - 86400000 where id = (select min(id) from lead)",
        undone: "update lead set at = at + 86400000 where id = (select min(id) from lead)",
        told: &["statistics"],
    },
];

#[test]
fn every_kind_of_damage_is_found_and_told() {
    let server = Server::start();
    play(&server, 5, 400);
    // A server that stops leaves every visitor's latest click where the damage is done.
    server.stop();
    server.change(
        "create table left_over (n bigint check (n <= 1)); insert into left_over select count(*) from head_log; \
         drop table left_over",
    );
    server.restart();
    for Damage { done, undone, told } in DAMAGES {
        server.change(done);
        let printed = String::from_utf8(server.operate("check", &[]).stdout).expect("it prints UTF-8");
        let wrong: Vec<_> = printed
            .lines()
            .filter_map(|line| line.strip_prefix("WRONG ")?.split(':').next().map(str::to_owned))
            .collect();
        let mut expected = told.to_vec();
        expected.sort_unstable();
        let mut found = wrong.clone();
        found.sort_unstable();
        assert_eq!(found, expected, "{done}\n{printed}");
        let mut findings = printed.lines().filter(|line| line.starts_with("      "));
        assert!(
            findings.any(|line| line.contains("restore a backup") || line.contains("rebuild-stats")),
            "{printed}"
        );
        run(&server, "check", &[], false);
        server.change(undone);
    }
    assert_clean(&server);
}

/// What a database that does not watch its foreign keys, or whose file was touched, says of itself.
#[test]
fn a_broken_file_is_found() {
    let server = Server::on(Kind::Sqlite);
    play(&server, 5, 120);
    server.change("pragma foreign_keys = off; delete from account where kind = 'held'");
    let printed = run(&server, "check", &[], false);
    for check in ["WRONG storage:", "WRONG transfers:"] {
        assert!(printed.contains(check), "{printed}");
    }
    assert!(
        printed.contains("row") && printed.contains("of transfer belongs to something that is not there")
    );
}

#[test]
fn wrong_statistics_are_made_right_while_clicks_come_in() {
    let server = Server::start();
    let history = play(&server, 6, 200);
    let before = history.statistics();
    server.change(
        "update tally set clicks = clicks + 7, sales = sales + 1; delete from tally where dimension = 3",
    );
    assert_ne!(history.statistics(), before);
    let printed = at_once(2, |i| {
        if i == 0 {
            return run(&server, "rebuild-stats", &[], true);
        }
        for n in 0..150 {
            let shop = server.test();
            shop.click(json!({ "key": "ANNA11", "visitorId": format!("new-{n}"), "timestamp": "2026-03-08T10:00:00Z" }));
        }
        String::new()
    });
    assert!(!printed[0].contains("; 0 of them were not."), "{}", printed[0]);
    assert_clean(&server);
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let server = Server::on(Kind::Sqlite);
    let elsewhere = server.elsewhere();
    for command in ["check", "rebuild-stats"] {
        let printed = run(&elsewhere, command, &[], false);
        assert!(printed.contains("There is no database at") && printed.contains("--database"), "{printed}");
    }
    assert_eq!(std::fs::read_dir(elsewhere.folder()).expect("a folder").count(), 0);
}
