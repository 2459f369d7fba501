//! Programs as documents: there and back, whole versions, and every malformed one refused with its field, whichever way it comes.

use crate::harness::{Answer, Client, Server, goodword};
use goodword_wire::{Group, Program, ProgramVersion};
use serde_json::{Value, json};
use std::path::Path;

/// A document with something of everything.
fn document() -> Value {
    json!({
        "name": "Friends of Tea", "url": "https://shop.example/", "currency": "usd",
        "attributionModel": "linear", "attributionWindows": { "click": 30, "form": 30, "code": 90, "registration": 180 },
        "newCustomersOnly": false, "holdDays": 14, "minPayout": 2500, "budgeted": false, "autoApprove": true,
        "status": "open", "terms": { "version": "1", "url": "https://shop.example/terms" },
        "linkParameters": ["friend"], "clickRetentionDays": 400, "groups": ["Gold"],
        "rewards": [
            {
                "name": "Gold", "event": "sale", "type": "tiers", "group": "Gold",
                "tiers": { "mode": "marginal", "measure": "amount", "period": "month", "steps": [
                    { "from": 0, "percentage": "20" }, { "from": 100_000, "percentage": "25" }
                ] },
                "startsAt": "2026-01-01T00:00:00.000Z", "endsAt": "2027-01-01T00:00:00.000Z",
                "split": { "by": "role", "roles": { "seller": 2, "helper": 1 } }
            },
            {
                "name": "Plans", "event": "sale", "type": "percentage", "percentage": "12.5", "basis": "paid", "maxDuration": 12,
                "when": { "all": [
                    { "field": "plan", "is": ["pro"] },
                    { "not": { "field": "amount", "atMost": 100 } }
                ] },
                "caps": { "event": 5000, "customer": 9000, "total": 100_000, "period": "quarter" },
                "referred": { "type": "credit", "amount": 500 }
            },
            { "name": "Course", "event": "custom", "eventName": "Course", "type": "flat", "amount": 10, "unit": "points" }
        ]
    })
}

/// The document with another value at a place; `null` takes the place away.
fn with(pointer: &str, value: &Value) -> Value {
    let mut document = document();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a place in the document");
    match (parent, value) {
        (Value::Object(fields), Value::Null) => drop(fields.remove(name)),
        (Value::Object(fields), value) => drop(fields.insert(name.to_owned(), value.clone())),
        (Value::Array(list), value) => match name.parse::<usize>().ok().filter(|place| *place < list.len()) {
            Some(place) => list[place] = value.clone(),
            None => list.push(value.clone()),
        },
        _ => panic!("{pointer} is in nothing"),
    }
    document
}

/// What is wrong: where, what stands there, and which field the refusal must name.
fn malformed_settings() -> Vec<(&'static str, Value, &'static str)> {
    let long = "x".repeat(101);
    vec![
        ("/nmae", json!("x"), "nmae"),
        ("/name", json!(7), "name"),
        ("/name", json!(long), "name"),
        ("/url", json!("ftp://shop.example/"), "url"),
        ("/currency", json!("dollars"), "currency"),
        ("/attributionModel", json!("best_touch"), "attributionModel"),
        ("/attributionWindows/code", json!(0), "attributionWindows.code"),
        ("/attributionWindows/click", json!(4000), "attributionWindows.click"),
        ("/attributionWindows/clicks", json!(4), "attributionWindows.clicks"),
        ("/holdDays", json!(366), "holdDays"),
        ("/holdDays", json!("30"), "holdDays"),
        ("/minPayout", json!(-1), "minPayout"),
        ("/minPayout", json!(1.5), "minPayout"),
        ("/budgeted", json!("yes"), "budgeted"),
        ("/status", json!("ajar"), "status"),
        ("/terms/version", json!("v".repeat(41)), "terms.version"),
        ("/terms/url", json!("nowhere"), "terms.url"),
        ("/linkParameters", json!(["a b"]), "linkParameters"),
        ("/clickRetentionDays", json!(10), "clickRetentionDays"),
        ("/groups/0", json!(""), "groups[0]"),
        ("/groups/1", json!("Gold"), "groups[1]"),
        ("/attributionWindows", json!({ "registration": -1 }), "attributionWindows.registration"),
        ("/rewards", json!({}), "rewards"),
    ]
}

/// The same of rewards: their own fields and tiers.
fn malformed_rewards() -> Vec<(&'static str, Value, &'static str)> {
    let long = "x".repeat(101);
    let step = json!({ "from": 0, "percentage": "20" });
    vec![
        ("/rewards/0/evnet", json!("sale"), "rewards[0].evnet"),
        ("/rewards/0/name", json!(long), "rewards[0].name"),
        ("/rewards/0/id", json!("rwd"), "rewards[0].id"),
        ("/rewards/0/event", json!("visit"), "rewards[0].event"),
        ("/rewards/2/eventName", Value::Null, "rewards[2].eventName"),
        ("/rewards/0/eventName", json!("x"), "rewards[0].eventName"),
        ("/rewards/0/type", json!("bonus"), "rewards[0].type"),
        ("/rewards/0/amount", json!(5), "rewards[0].tiers"),
        ("/rewards/2/amount", json!(-1), "rewards[2].amount"),
        ("/rewards/2/amount", json!(1_000_000_001), "rewards[2].amount"),
        ("/rewards/2/amount", Value::Null, "rewards[2].amount"),
        ("/rewards/2/percentage", json!("5"), "rewards[2].percentage"),
        ("/rewards/1/percentage", json!("101"), "rewards[1].percentage"),
        ("/rewards/1/percentage", json!("1.00001"), "rewards[1].percentage"),
        ("/rewards/1/percentage", json!(20), "rewards[1].percentage"),
        ("/rewards/1/percentage", Value::Null, "rewards[1].percentage"),
        ("/rewards/1/amount", json!(5), "rewards[1].amount"),
        ("/rewards/1/event", json!("lead"), "rewards[1].type"),
        ("/rewards/0/tiers", Value::Null, "rewards[0].tiers"),
        ("/rewards/1/tiers", json!({ "mode": "marginal", "steps": [step] }), "rewards[1].type"),
        ("/rewards/0/tiers/mode", json!("steep"), "rewards[0].tiers.mode"),
        ("/rewards/0/tiers/measure", json!("weight"), "rewards[0].tiers.measure"),
        ("/rewards/0/tiers/period", json!("week"), "rewards[0].tiers.period"),
        ("/rewards/0/tiers/steps", json!([]), "rewards[0].tiers.steps"),
        ("/rewards/0/tiers/steps/1/from", json!(0), "rewards[0].tiers.steps[1].from"),
        ("/rewards/0/tiers/steps/0/from", json!(-1), "rewards[0].tiers.steps[0].from"),
        ("/rewards/0/tiers/steps/1/percentage", json!("x"), "rewards[0].tiers.steps[1].percentage"),
        ("/rewards/0/tiers/steps/1/rate", json!("x"), "rewards[0].tiers.steps[1].rate"),
        ("/rewards/0/tiers/steps/1", json!({ "from": 5 }), "rewards[0].tiers.steps[1].percentage"),
        ("/rewards/0/tiers/steps/1", json!({ "from": 5, "amount": 7 }), "rewards[0].tiers.steps[1]"),
        ("/rewards/2/unit", json!("miles"), "rewards[2].unit"),
        ("/rewards/1/basis", json!("gross"), "rewards[1].basis"),
        ("/rewards/2/per", json!("kilo"), "rewards[2].per"),
        ("/rewards/1/maxDuration", json!(1201), "rewards[1].maxDuration"),
        ("/rewards/0/startsAt", json!("soon"), "rewards[0].startsAt"),
        ("/rewards/0/endsAt", json!("2026-01-01T00:00:00Z"), "rewards[0].endsAt"),
        ("/rewards/0/group", json!("Silver"), "rewards[0].group"),
        ("/rewards/0/groupId", json!("grp_1"), "rewards[0].group"),
        ("/rewards/1/groupId", json!("gold"), "rewards[1].groupId"),
    ]
}

/// The same of what rewards hold: conditions, caps, splits, what the referred gets.
fn malformed_parts() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/rewards/1/when/all/0", json!({ "field": "colour", "is": ["x"] }), "rewards[1].when.all[0].field"),
        ("/rewards/1/when/all/0/is", json!([]), "rewards[1].when.all[0].is"),
        ("/rewards/1/when/all/0/is", json!("pro"), "rewards[1].when.all[0].is"),
        ("/rewards/1/when/all/0/atLeast", json!(3), "rewards[1].when.all[0].plan"),
        ("/rewards/1/when/all/0", json!({ "field": "plan", "atLeast": 1 }), "rewards[1].when.all[0].atLeast"),
        ("/rewards/1/when/all/0", json!({ "is": ["x"] }), "rewards[1].when.all[0].field"),
        ("/rewards/1/when/any", json!([]), "rewards[1].when"),
        ("/rewards/1/when/some", json!([]), "rewards[1].when.some"),
        ("/rewards/1/caps/event", json!(-5), "rewards[1].caps.event"),
        ("/rewards/1/caps/period", json!("week"), "rewards[1].caps.period"),
        ("/rewards/1/caps/week", json!(5), "rewards[1].caps.week"),
        ("/rewards/0/split/by", json!("luck"), "rewards[0].split.by"),
        ("/rewards/0/split/roles", json!({ "seller": 0 }), "rewards[0].split.roles"),
        ("/rewards/0/split", json!({ "by": "position", "first": 60, "last": 60 }), "rewards[0].split.first"),
        ("/rewards/1/referred/type", json!("cake"), "rewards[1].referred.type"),
        ("/rewards/1/referred", json!({ "type": "coupon" }), "rewards[1].referred.code"),
        ("/rewards/1/referred/amount", json!(-1), "rewards[1].referred.amount"),
    ]
}

fn malformed() -> Vec<(&'static str, Value, &'static str)> {
    [malformed_settings(), malformed_rewards(), malformed_parts()].concat()
}

fn put(shop: &Client, path: &str, kind: &str, text: String) -> Answer {
    let method = ureq::http::Method::PUT;
    shop.with("content-type", kind).send(method, path, Some(text.into_bytes()))
}

fn toml_of(document: &Value) -> String {
    toml::to_string(document).expect("it can be written as TOML")
}

#[test]
fn what_is_malformed_is_refused_with_its_field() {
    let server = Server::start();
    let shop = server.test();
    let program: Program = shop.post("/v1/programs", &document()).ok();
    let path = format!("/v1/programs/{}", program.id);
    let of_document = format!("{path}/document");
    let mut wrong = Vec::new();
    for (pointer, value, field) in malformed() {
        let bad = with(pointer, &value);
        let named = format!("`{field}` ");
        let refusals = [
            shop.post("/v1/programs", &bad),
            shop.patch(&path, &bad),
            put(&shop, &of_document, "application/json", bad.to_string()),
            put(&shop, &of_document, "application/toml", toml_of(&bad)),
        ];
        let told =
            refusals.map(|refusal| format!("{} {}", refusal.status, refusal.json()["error"]["message"]));
        let expected = format!("422 \"{named}");
        wrong
            .extend(told.into_iter().filter(|told| !told.starts_with(&expected)).map(|told| (pointer, told)));
        let printed = check(server.folder(), "bad.toml", &toml_of(&bad)).expect_err(pointer);
        // What is not there has no line, and what it is missing in has one.
        let line = printed.contains("(line ") || bad.pointer(pointer).is_none();
        if !printed.contains(&format!("bad.toml: {named}")) || !line {
            wrong.push((pointer, printed));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(shop.get(&path).ok::<Program>(), program, "nothing of it was stored");
    assert_eq!(shop.get("/v1/programs").ok::<Vec<Program>>().len(), 1);
}

/// What `goodword program check` prints, or its refusal.
fn check(folder: &Path, name: &str, text: &str) -> Result<String, String> {
    let file = folder.join(name);
    std::fs::write(&file, text).expect("a file");
    let output = goodword().args(["program", "check"]).arg(&file).output().expect("goodword starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[test]
fn a_rule_that_is_there_twice_is_refused() {
    let server = Server::start();
    let shop = server.test();
    let program: Program = shop.post("/v1/programs", &document()).ok();
    let mut twice = document();
    let first = program.rewards[2].clone();
    twice["rewards"] = json!([first, first]);
    let path = format!("/v1/programs/{}/document", program.id);
    let message = put(&shop, &path, "application/json", twice.to_string()).refused(422);
    assert!(message.starts_with("`rewards[1]` "), "{message}");
}

#[test]
fn a_document_comes_back_as_it_went_in() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T00:00:00.000Z");
    let made: Program = shop.post("/v1/programs", &document()).ok();
    let path = format!("/v1/programs/{}/document", made.id);
    for (format, kind) in [("toml", "application/toml"), ("json", "application/json")] {
        let told = shop.get(&format!("{path}?format={format}"));
        assert_eq!((told.status, told.header("content-type")), (200, Some(kind)));
        let same: Program = put(&shop, &path, kind, told.text.clone()).ok();
        assert_eq!(same, made, "{}", told.text);
        assert!(told.text.contains("Gold") && !told.text.contains("grp_"), "{}", told.text);
    }
    let versions: Vec<ProgramVersion> = shop.get(&format!("/v1/programs/{}/versions", made.id)).ok();
    assert_eq!(versions.len(), 1, "nothing was changed");
    assert!(shop.get(&format!("{path}?format=yaml")).refused(422).contains("`format`"));
    assert!(put(&shop, &path, "text/html", String::new()).refused(415).contains("Content-Type"));
    assert!(put(&shop, &path, "application/toml", "name = ".into()).refused(400).contains("(line 1)"));
}

#[test]
fn a_document_replaces_all_and_ids_keep_counting() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T00:00:00.000Z");
    let made: Program = shop.post("/v1/programs", &document()).ok();
    let path = format!("/v1/programs/{}/document", made.id);
    shop.clock(json!({ "advanceDays": 1 }));
    let kept = made.rewards[1].id.clone().expect("an id");
    let less = format!(
        "name = \"Tea\"\nurl = \"https://shop.example/\"\n[[rewards]]\nid = \"{kept}\"\nevent = \"sale\"\n\
         type = \"percentage\"\npercentage = \"30\"\n"
    );
    let changed: Program = put(&shop, &path, "application/toml", less).ok();
    assert_eq!((changed.version, changed.hold_days, changed.min_payout), (2, 30, 5000), "defaults");
    assert_eq!((changed.rewards.len(), changed.rewards[0].id.as_ref()), (1, Some(&kept)));
    assert_eq!((changed.name.as_str(), changed.groups.len()), ("Tea", 2), "groups stay");
    let versions: Vec<ProgramVersion> = shop.get(&format!("/v1/programs/{}/versions", made.id)).ok();
    let told: Vec<_> =
        versions.iter().map(|v| (v.version, v.since.as_str(), v.terms.rewards.len())).collect();
    assert_eq!(told, [(1, "2026-03-01T00:00:00.000Z", 3), (2, "2026-03-02T00:00:00.000Z", 1)]);
    for missing in ["name", "url"] {
        let document = with(&format!("/{missing}"), &Value::Null);
        assert!(put(&shop, &path, "application/json", document.to_string()).refused(422).contains(missing));
    }
    assert!(put(&shop, &path, "application/json", "{}".into()).refused(422).contains("`name`"));
    let stranger = shop.get("/v1/programs/prg_00000000000000000000000000/document");
    assert!([404, 422].contains(&stranger.status), "{stranger:?}");
}

#[test]
fn groups_are_named() {
    let server = Server::start();
    let shop = server.test();
    let program: Program = shop.post("/v1/programs", &document()).ok();
    let gold = program.groups.iter().find(|group| group.name == "Gold").expect("the group");
    assert_eq!(program.rewards[0].group_id.as_ref(), Some(&gold.id));
    let change = json!({ "groups": ["Gold", "Silver"], "rewards": [
        { "event": "sale", "type": "flat", "amount": 5, "group": "Silver" },
        { "event": "sale", "type": "flat", "amount": 4, "group": "Everyone" },
    ] });
    let changed: Program = shop.patch(&format!("/v1/programs/{}", program.id), &change).ok();
    let mut names: Vec<&str> = changed.groups.iter().map(|group| group.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Everyone", "Gold", "Silver"]);
    let of = |place: usize| {
        let is_it = |group: &&Group| Some(&group.id) == changed.rewards[place].group_id.as_ref();
        changed.groups.iter().find(is_it).map(|group| group.name.as_str())
    };
    assert_eq!((of(0), of(1)), (Some("Silver"), Some("Everyone")));
}

#[test]
fn the_command_checks_shows_and_applies() {
    let server = Server::start();
    let told = check(server.folder(), "good.toml", &toml_of(&document())).expect("it is good");
    for sentence in [
        "1. Gold: A sale pays by what the partner brings in a month: 20% from 0.00 USD, 25% from 1000.00 USD",
        "for partners of the group Gold only",
        "2. Plans: A sale pays 12.5% of all that was paid, for 12 months",
        "if (plan is pro and not amount is at most 1.00 USD)",
        "at most 1000.00 USD to all partners in a quarter",
        "3. Course: The event “Course” pays 10",
    ] {
        assert!(told.contains(sentence), "{sentence}: {told}");
    }
    let file = server.folder().join("good.json");
    std::fs::write(&file, document().to_string()).expect("a file");
    let program = |words: &[&str]| {
        let (word, rest) = words.split_first().expect("a word");
        let output = goodword()
            .args(["program", word, "--database", server.database()])
            .args(rest)
            .output()
            .expect("goodword starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let path = file.to_str().expect("a path");
    let applied = program(&["apply", path]);
    let id = applied.split(' ').next().expect("an id").to_owned();
    assert!(id.starts_with("prg_") && applied.contains("version 1"), "{applied}");
    let shown = program(&["show", "--program", &id, "--format", "json"]);
    std::fs::write(&file, shown.replace("12.5", "15")).expect("a file");
    assert!(program(&["apply", path, "--program", &id]).contains("version 2"));
    let live: Program = server.live().get(&format!("/v1/programs/{id}")).ok();
    assert_eq!((live.version, live.rewards[1].percentage.as_deref()), (2, Some("15")));
    let again: Value = serde_json::from_str(&program(&["show", "--format", "json"])).expect("JSON");
    assert_eq!(again["rewards"][1]["id"], json!(live.rewards[1].id));
}
