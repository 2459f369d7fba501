//! What-if equals the server: the simulation that the browser runs over a program's history ends in the figures of `goodword replay` on the
//! same history, by whatever terms.

use super::{Files, history};
use crate::harness::Client;
use goodword_document::{history as told, read};
use goodword_domain::id::RewardId;
use goodword_domain::program::Terms;
use goodword_domain::simulation::Simulation;
use goodword_domain::time::Instant;
use goodword_wire::{History, Partner, Program, TermsDocument, Windows};
use serde_json::Value;
use std::collections::BTreeMap;

/// How many histories, each with terms it was lived by and others to try.
const HISTORIES: u64 = 10;

/// The terms of a program document.
fn terms(document: &Value) -> Terms {
    let mut rewards: Vec<goodword_wire::Reward> =
        serde_json::from_value(document["rewards"].clone()).expect("rewards");
    for (number, reward) in (1..).zip(&mut rewards) {
        reward.id = Some(RewardId::from_bits(number).to_string());
    }
    let days = document["attributionWindowDays"].as_i64();
    let document = TermsDocument {
        currency: "usd".into(),
        attribution_model: document["attributionModel"].as_str().expect("a model").into(),
        attribution_windows: Windows { click: days, form: days, code: days, registration: days },
        new_customers_only: document["newCustomersOnly"].as_bool().expect("a boolean"),
        hold_days: document["holdDays"].as_i64().expect("days"),
        min_payout: 0,
        budgeted: false,
        rewards,
        points: serde_json::from_value(document["points"].clone()).expect("points"),
        levels: serde_json::from_value(document["levels"].clone()).expect("levels"),
        ..TermsDocument::default()
    };
    read(&document).expect("terms")
}

/// The whole history of the program, as the console reads it.
fn history_of(shop: &Client) -> History {
    let programs: Vec<Program> = shop.get("/v1/programs").ok();
    let path = format!("/v1/programs/{}/history?interval=all", programs[0].id);
    let mut whole: History = shop.get(&path).ok();
    while let Some(next) = whole.next {
        let part: History = shop.get(&format!("{path}&from={next}")).ok();
        whole.events.extend(part.events);
        whole.next = part.next;
    }
    whole
}

/// A program document and what happened, but for what a simulation tells differently: a rate that comes late counts there as if it
/// had been known, and a dispute that is won as if it had never been.
pub fn comparable(seed: u64) -> (Value, Vec<Value>) {
    let (document, mut events) = history::made(seed);
    events.retain(|event| event["type"] != "rate" && event["type"] != "dispute");
    for event in &mut events {
        event.as_object_mut().expect("an object").remove("currency");
    }
    (document, events)
}

/// What each partner would have earned, by code: money, and points.
pub type Sums = BTreeMap<String, (i64, i64)>;

pub fn simulated(shop: &Client, document: &Value) -> Sums {
    let (terms, history) = (terms(document), history_of(shop));
    let partners = told::partners(&history.partners).expect("partners");
    let mut simulation = Simulation::new(&terms, &partners, (Instant(0), Instant(i64::MAX)));
    for event in &history.events {
        simulation.play(&told::event(event).expect("an event"));
    }
    let known: Vec<Partner> = shop.all("/v1/partners", 100);
    let code = |id: &str| known.iter().find(|p| p.id == id).expect("a partner").links[0].code.clone();
    let earned = simulation.earnings(Instant(0));
    let earned = earned.into_iter().map(|(id, earned)| (code(id.as_str()), (earned.money, earned.points)));
    earned.filter(|(_, sums)| *sums != (0, 0)).collect()
}

/// The same, as a replay says it.
pub fn replayed(document: &Value, events: &[Value]) -> Sums {
    let mut sums = Sums::new();
    for row in Files::new(document, events).rows(&["--out", "commissions"]) {
        let partner = row["partner"].as_str().expect("a code").to_owned();
        let (money, points) = sums.entry(partner).or_default();
        let sum = if row["currency"] == "points" { points } else { money };
        *sum += row["earnings"].as_i64().expect("an amount");
    }
    sums.retain(|_, sums| *sums != (0, 0));
    sums
}

#[test]
fn what_if_equals_a_replay_by_random_terms_over_random_histories() {
    let (mut earned, mut points) = (0, 0);
    for seed in 0..HISTORIES {
        let (lived_by, events) = comparable(seed);
        let (_server, shop) = history::told_to_a_server(&lived_by, &events);
        // The terms it was lived by, and those of two others: another model, other rewards, other windows.
        for tried in [seed, seed + 1, seed + 2] {
            let (document, _) = history::made(tried);
            let (here, there) = (simulated(&shop, &document), replayed(&document, &events));
            assert_eq!(here, there, "history {seed}, terms {tried}");
            earned += there.len();
            points += there.values().filter(|(_, points)| *points > 0).count();
        }
    }
    assert!(earned > 60 && points > 30, "too little was earned to compare: {earned}, {points}");
}
