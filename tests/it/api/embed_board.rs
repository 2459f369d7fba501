//! The leaderboard: honest, with names of those who agreed, and ties.

use crate::harness::{Client, ORIGIN, Server};
use goodword_wire::{EmbedLeaderboard, EmbedTokenOutput, Partner, TokenOutput};
use serde_json::json;

fn sell(shop: &Client, code: &str, count: usize) {
    for i in 0..count {
        shop.sale(json!({ "customerExternalId": format!("{code}-{i}"), "amount": 1000, "code": code }));
    }
}

/// A token of a partner's page, by way of the vendor's server.
fn token_of(server: &Server, partner: &Partner) -> String {
    let made: EmbedTokenOutput =
        server.test().post("/v1/tokens/embed/referrals", &json!({ "partnerId": partner.id })).ok();
    let token: TokenOutput =
        server.page().post("/v1/embed/identify", &json!({ "token": made.public_token })).ok();
    token.token
}

fn ranks(board: &EmbedLeaderboard) -> Vec<(i64, i64)> {
    board.rows.iter().map(|row| (row.rank, row.count)).collect()
}

#[test]
fn ties_share_a_place_and_nobody_is_named_unasked() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "widget": { "leaderboard": "sales" } }));
    let partners: Vec<Partner> =
        ["AAA", "BBB", "CCC", "DDD", "EEE"].iter().map(|code| shop.partner(code)).collect();
    for (code, count) in [("AAA", 3), ("BBB", 2), ("CCC", 2), ("DDD", 1)] {
        sell(&shop, code, count);
    }
    let answer = server.page().get("/v1/embed/leaderboard");
    assert_eq!(answer.header("cache-control"), Some("public, max-age=10"));
    assert!(!answer.text.contains("Partner AAA") && !answer.text.contains("ptn_"), "{}", answer.text);
    let board: EmbedLeaderboard = answer.ok();
    assert_eq!(ranks(&board), [(1, 3), (2, 2), (2, 2), (4, 1)]);
    assert_eq!(
        (board.by.as_str(), board.period.as_str(), board.partners, board.own.is_none()),
        ("sales", "month", 4, true)
    );
    assert!(board.rows.iter().all(|row| row.name.is_none()));
    let own = |partner: &Partner| -> EmbedLeaderboard {
        let holder = server.bearer(&token_of(&server, partner)).with("origin", ORIGIN);
        holder.get("/v1/embed/me/leaderboard").ok()
    };
    assert_eq!(own(&partners[3]).own.map(|row| (row.rank, row.count, row.own)), Some((4, 1, true)));
    assert!(own(&partners[4]).own.is_none(), "who brought nothing has no place");
}

#[test]
fn whoever_is_below_the_last_place_is_told_the_own_one() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "widget": { "leaderboard": "leads", "leaderboardPlaces": 3 } }));
    let codes = ["AAA", "BBB", "CCC", "DDD"];
    let partners: Vec<Partner> = codes.iter().map(|code| shop.partner(code)).collect();
    for (place, code) in codes.iter().enumerate() {
        for i in 0..(4 - place) {
            shop.lead(
                json!({ "code": code, "customerExternalId": format!("{code}{i}"), "eventName": "Sign up" }),
            );
        }
    }
    let holder = server.bearer(&token_of(&server, &partners[3])).with("origin", ORIGIN);
    let board: EmbedLeaderboard = holder.get("/v1/embed/me/leaderboard?period=year").ok();
    assert_eq!(ranks(&board), [(1, 4), (2, 3), (3, 2)]);
    assert_eq!(board.own.map(|row| row.rank), Some(4));
    assert!(board.rows.iter().all(|row| !row.own));
}

#[test]
fn a_period_counts_its_own_days() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-02-10T00:00:00.000Z");
    shop.program(json!({ "widget": { "leaderboard": "sales" } }));
    shop.partner("AAA");
    sell(&shop, "AAA", 2);
    shop.freeze("2026-05-10T00:00:00.000Z");
    let count = |period: &str| {
        let board: EmbedLeaderboard =
            server.page().get(&format!("/v1/embed/leaderboard?period={period}")).ok();
        (board.from, board.rows.first().map(|row| row.count))
    };
    assert_eq!(count("month"), (Some("2026-05-01".into()), None));
    assert_eq!(count("quarter"), (Some("2026-04-01".into()), None));
    assert_eq!(count("year"), (Some("2026-01-01".into()), Some(2)));
    assert_eq!(count("all"), (None, Some(2)));
    assert!(server.page().get("/v1/embed/leaderboard?period=week").refused(422).contains("`period`"));
}

#[test]
fn a_program_without_one_has_none() {
    let server = Server::start();
    server.test().program(json!({}));
    server.page().get("/v1/embed/leaderboard").refused(404);
    let partner = server.test().partner("AAA");
    let holder = server.bearer(&token_of(&server, &partner)).with("origin", ORIGIN);
    holder.get("/v1/embed/me/leaderboard").refused(404);
}
