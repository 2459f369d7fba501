//! What a program's widget looks like, asks and offers, and how rewards are told to strangers.

use crate::harness::Server;
use goodword_wire::{EmbedConfig, Program, WidgetSettings};
use serde_json::{Value, json};

fn settings() -> Value {
    json!({
        "theme": "warm", "languages": ["en", "de"], "leaderboard": "sales", "payoutDay": 15, "codeChanges": 2,
        "shareTexts": ["Try this: {link}"],
        "questions": [{ "id": "site", "label": "Your site", "type": "url", "required": true }],
        "assets": [{ "title": "Logo", "url": "https://shop.example/logo.svg", "type": "image" }],
        "milestones": [{ "of": "leads", "at": 10, "text": "a mug" }],
        "properties": { "--goodword-accent": "#0a7d4f" },
        "texts": { "de": { "join.title": "Mach mit!" }, "en": { "join.title": "Join us!" } },
    })
}

#[test]
fn the_widget_is_told_what_the_program_says() {
    let server = Server::start();
    let program = server.test().program(json!({ "widget": settings() }));
    let wanted: WidgetSettings = serde_json::from_value(settings()).expect("settings");
    assert_eq!(program.widget, wanted);
    let config: EmbedConfig = server.page().get("/v1/embed/config?lang=de-AT").ok();
    assert_eq!(config.texts.get("join.title").map(String::as_str), Some("Mach mit!"));
    assert_eq!((config.theme.as_deref(), config.leaderboard.as_deref()), (Some("warm"), Some("sales")));
    assert_eq!(
        (config.questions, config.assets, config.share_texts),
        (wanted.questions, wanted.assets, wanted.share_texts)
    );
    assert_eq!((config.properties, config.languages), (wanted.properties, wanted.languages));
    let english: EmbedConfig = server.page().get("/v1/embed/config").ok();
    assert_eq!(english.texts.get("join.title").map(String::as_str), Some("Join us!"));
    let french: EmbedConfig = server.page().get("/v1/embed/config?lang=fr").ok();
    assert!(french.texts.is_empty());
}

#[test]
fn settings_stay_until_they_are_said_anew_and_make_no_new_version_of_the_terms() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({ "widget": settings() }));
    let path = format!("/v1/programs/{}", program.id);
    let renamed: Program = shop.patch(&path, &json!({ "name": "Other" })).ok();
    assert_eq!(renamed.widget, program.widget);
    let bare: Program = shop.patch(&path, &json!({ "widget": { "theme": "bold" } })).ok();
    assert_eq!(bare.widget, WidgetSettings { theme: Some("bold".into()), ..WidgetSettings::default() });
    assert_eq!(bare.version, program.version);
}

#[test]
fn a_refusal_names_the_field() {
    let server = Server::start();
    let shop = server.test();
    let path = format!("/v1/programs/{}", shop.program(json!({})).id);
    for (widget, field) in [
        (json!({ "theme": "pink" }), "widget.theme"),
        (
            json!({ "questions": [{ "id": "a", "label": "b", "type": "choice" }] }),
            "widget.questions[0].options",
        ),
        (json!({ "properties": { "--goodword-accent": "red;}" } }), "widget.properties.--goodword-accent"),
        (json!({ "assets": [{ "title": "x", "url": "javascript:1" }] }), "widget.assets[0].url"),
        (json!({ "colour": "x" }), "widget.colour"),
    ] {
        let refused = shop.patch(&path, &json!({ "widget": widget })).refused(422);
        assert!(refused.contains(&format!("`{field}`")), "{refused}");
    }
}

#[test]
fn a_document_holds_the_settings() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({ "widget": settings() }));
    let path = format!("/v1/programs/{}/document", program.id);
    let text = shop.get(&path).text;
    assert!(text.contains("[widget]") && text.contains("[[widget.questions]]"), "{text}");
    let toml = shop.with("content-type", "application/toml");
    let put = |text: &str| toml.send("PUT".parse().expect("a method"), &path, Some(text.as_bytes().to_vec()));
    assert_eq!(put(&text).ok::<Program>().widget, program.widget);
    let refused = put(&text.replace("theme = \"warm\"", "theme = \"pink\"")).refused(422);
    assert!(refused.contains("`widget.theme`") && refused.contains("(line "), "{refused}");
    let bare = put("name = \"Tea\"\nurl = \"https://shop.example/\"\n").ok::<Program>();
    assert_eq!(bare.widget, WidgetSettings::default());
}

#[test]
fn every_kind_of_reward_is_told() {
    let server = Server::start();
    let rewards = json!([
        { "event": "sale", "type": "tiers", "tiers": { "mode": "marginal", "period": "month", "steps": [
            { "from": 0, "percentage": "10" }, { "from": 100_000, "percentage": "20" }] } },
        { "event": "lead", "type": "flat", "amount": 50, "unit": "points" },
        { "event": "custom", "eventName": "demo", "type": "flat", "amount": 500, "caps": { "partner": 5_000, "total": 9_000, "period": "month" } },
        { "event": "sale", "type": "flat", "amount": 5, "endsAt": "2020-01-01T00:00:00Z" },
        { "event": "renewal", "type": "flat", "amount": 7, "per": "unit" },
    ]);
    server.test().program(json!({ "rewards": rewards }));
    let told: Value = server.page().get("/v1/embed/config").ok();
    let told = told["rewards"].as_array().expect("rewards").clone();
    assert_eq!(told.len(), 4, "what has ended is not offered: {told:?}");
    assert_eq!(
        (&told[0]["type"], &told[0]["measure"], &told[0]["period"], &told[0]["steps"][1]),
        (&json!("tiers"), &json!("amount"), &json!("month"), &json!({ "from": 100_000, "percentage": "20" }))
    );
    assert_eq!((&told[1]["amount"], &told[1]["unit"]), (&json!(50), &json!("points")));
    assert_eq!(
        (&told[2]["eventName"], &told[2]["cap"], &told[2]["capPer"]),
        (&json!("demo"), &json!(5_000), &json!("month"))
    );
    assert_eq!((&told[3]["event"], &told[3]["perUnit"]), (&json!("renewal"), &json!(true)));
}
