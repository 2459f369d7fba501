use super::*;
use serde_json::json;

fn field(settings: &serde_json::Value) -> String {
    let told: WidgetSettings = serde_json::from_value(settings.clone()).unwrap();
    match read(&told) {
        Ok(_) => panic!("{settings} was taken"),
        Err(refusal) => refusal.field.into_owned(),
    }
}

#[test]
fn what_makes_sense_is_taken() {
    let told: WidgetSettings = serde_json::from_value(json!({
        "theme": "warm", "languages": ["de", "ar"], "leaderboard": "sales", "leaderboardPlaces": 5, "codeChanges": 0, "payoutDay": 15,
        "shareTexts": ["Try this: {link}"],
        "questions": [{ "id": "site", "label": "Your site", "type": "url", "required": true },
                      { "id": "size", "label": "How many follow you?", "type": "choice", "options": ["few", "many"] }],
        "assets": [{ "title": "Logo", "url": "https://shop.example/logo.svg", "type": "image" }],
        "milestones": [{ "of": "leads", "at": 10, "text": "a mug" }],
        "properties": { "--goodword-accent": "#0a7d4f", "--goodword-radius": "calc(2px + (1em / 4))", "--goodword-font": "Georgia, serif",
                        "--goodword-card": "color-mix(in srgb, rgb(1 2 3 / 50%) 10%, white)" },
        "texts": { "de": { "join.title": "Mach mit!" } },
    }))
    .unwrap();
    assert_eq!(read(&told).unwrap(), told);
    assert_eq!(read(&WidgetSettings::default()).unwrap(), WidgetSettings::default());
}

#[test]
fn a_refusal_names_the_field() {
    let question = |q: serde_json::Value| json!({ "questions": [q] });
    for (settings, wanted) in [
        (json!({ "theme": "pink" }), "widget.theme"),
        (json!({ "leaderboard": "clicks" }), "widget.leaderboard"),
        (json!({ "payoutDay": 29 }), "widget.payoutDay"),
        (json!({ "languages": ["en", "xx"] }), "widget.languages[1]"),
        (json!({ "shareTexts": [""] }), "widget.shareTexts[0]"),
        (question(json!({ "id": "a b", "label": "x" })), "widget.questions[0].id"),
        (question(json!({ "id": "a", "label": " " })), "widget.questions[0].label"),
        (
            question(json!({ "id": "a", "label": "x", "type": "choice", "options": ["one"] })),
            "widget.questions[0].options",
        ),
        (
            question(json!({ "id": "a", "label": "x", "options": ["one", "two"] })),
            "widget.questions[0].options",
        ),
        (
            json!({ "questions": [{ "id": "a", "label": "x" }, { "id": "a", "label": "y" }] }),
            "widget.questions[1]",
        ),
        (json!({ "assets": [{ "title": "x", "url": "javascript:alert(1)" }] }), "widget.assets[0].url"),
        (json!({ "assets": [{ "title": "x", "url": "http://shop.example" }] }), "widget.assets[0].url"),
        (json!({ "milestones": [{ "of": "likes", "at": 1, "text": "x" }] }), "widget.milestones[0].of"),
        (json!({ "texts": { "xx": {} } }), "widget.texts"),
        (json!({ "texts": { "de": { "a b": "c" } } }), "widget.texts.de"),
        (json!({ "texts": { "de": { "join.title": "" } } }), "widget.texts.de.join.title"),
        (json!({ "properties": { "color": "red" } }), "widget.properties"),
        (json!({ "properties": { "--goodword-a}b": "red" } }), "widget.properties"),
    ] {
        assert_eq!(field(&settings), wanted, "{settings}");
    }
}

#[test]
fn a_property_stays_within_its_declaration() {
    for evil in [
        "red;position:fixed",
        "red}body{display:none",
        "url(https://evil.example/)",
        "URL(x)",
        "image-set(x)",
        "var(--secret)",
        "env(x)",
        "expression(alert(1))",
        "attr(href)",
        "red/*",
        "\\75rl(x)",
        "rgb(0 0 0",
        "rgb)0(",
        "(red)",
        "@import x",
        "\"x\"",
        "<b>",
        "",
        "  ",
        "a\nb",
        "é",
    ] {
        assert!(!is_harmless(evil), "{evil}");
    }
    for good in
        ["#fff", "0.5rem 1rem", "oklch(70% 0.1 200)", "min(1rem, (2vw + 3px))", "system-ui, sans-serif"]
    {
        assert!(is_harmless(good), "{good}");
    }
}

#[test]
fn answers_fit_their_questions() {
    let questions: Vec<Question> = serde_json::from_value(json!([
        { "id": "site", "label": "Your site", "type": "url", "required": true },
        { "id": "size", "label": "Size", "type": "choice", "options": ["few", "many"] },
        { "id": "why", "label": "Why?" },
    ]))
    .unwrap();
    let told = |pairs: &[(&str, &str)]| {
        let pairs: BTreeMap<String, String> =
            pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        answers(&questions, &pairs)
    };
    let taken = told(&[("site", " https://maya.example "), ("why", "")]).unwrap();
    assert_eq!(taken, BTreeMap::from([("site".to_owned(), "https://maya.example".to_owned())]));
    for (pairs, field) in [
        (vec![], "answers.site"),
        (vec![("site", "javascript:alert(1)")], "answers.site"),
        (vec![("site", "https://a.example"), ("size", "huge")], "answers.size"),
        (vec![("site", "https://a.example"), ("other", "x")], "answers.other"),
    ] {
        assert_eq!(told(&pairs).unwrap_err().field, field, "{pairs:?}");
    }
    let long = "x".repeat(1001);
    assert_eq!(told(&[("site", "https://a.example"), ("why", &long)]).unwrap_err().field, "answers.why");
}
