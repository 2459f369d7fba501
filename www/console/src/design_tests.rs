//! What is read from settings and sent again says the same.

use super::*;

fn settings() -> WidgetSettings {
    let question = Question {
        id: "where".into(),
        label: "Where do you publish?".into(),
        kind: Some("choice".into()),
        required: true,
        options: vec!["Blog".into(), "Film".into()],
    };
    let german = BTreeMap::from([("do-join".to_owned(), "Los".to_owned())]);
    WidgetSettings {
        theme: Some("warm".into()),
        languages: vec!["de".into(), "fr".into()],
        leaderboard: Some("sales".into()),
        leaderboard_places: Some(20),
        code_changes: Some(0),
        payout_day: Some(15),
        share_texts: vec!["Try this: {link}".into()],
        disclosure: Some("#ad".into()),
        content: true,
        questions: vec![question],
        assets: vec![Asset {
            title: "Logo".into(),
            url: "https://shop.example/logo.svg".into(),
            kind: Some("image".into()),
        }],
        milestones: vec![Milestone { of: "leads".into(), at: 10, text: "a mug".into() }],
        properties: BTreeMap::from([
            ("--goodword-accent".into(), "#0a7d4f".into()),
            ("--goodword-on-accent".into(), "#fff".into()),
        ]),
        texts: BTreeMap::from([("de".to_owned(), german)]),
    }
}

#[test]
fn nothing_is_lost_or_added_on_the_way_through_the_form() {
    for told in [settings(), WidgetSettings::default()] {
        assert_eq!(DesignForm::of(&told).read(), Ok(told));
    }
}

#[test]
fn what_is_no_number_is_refused_at_its_field() {
    let mut form = DesignForm::of(&settings());
    form.payout_day = "soon".into();
    form.milestones[0].at = "ten".into();
    let faults = form.read().expect_err("two faults");
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["widget.payoutDay", "widget.milestones[0].at"]);
    assert!(paths.iter().all(|path| form.paths().contains(&(*path).to_owned())));
}

#[test]
fn a_fault_of_the_servers_finds_its_field() {
    let form = DesignForm::of(&settings());
    for path in [
        "questions[0].options",
        "assets[0].url",
        "properties.--goodword-accent",
        "texts.de.do-join",
        "shareTexts[0]",
    ] {
        assert!(form.paths().contains(&format!("widget.{path}")), "{path}");
    }
}

#[test]
fn empty_words_and_values_are_not_said() {
    let mut form = DesignForm::of(&settings());
    form.properties.insert("--goodword-accent".into(), "  ".into());
    form.texts[0].text = " ".into();
    form.share_texts.push(String::new());
    form.questions[0].kind = String::new();
    let told = form.read().expect("settings");
    assert!(!told.properties.contains_key("--goodword-accent") && told.texts.is_empty());
    assert_eq!(
        (told.share_texts.len(), told.questions[0].options.len()),
        (1, 0),
        "options go with choices alone"
    );
}

#[test]
fn every_text_of_the_widget_can_be_replaced() {
    assert!(names().count() > 150, "{}", names().count());
    assert_eq!(usual("do-join"), Some("Get my code and link"));
    assert_eq!(usual("nothing-of-the-kind"), None);
}

#[test]
fn a_swatch_shows_what_it_can() {
    assert_eq!(swatch("#0a7d4f"), Some("#0a7d4f".into()));
    assert_eq!(swatch(" #fe0 "), Some("#ffee00".into()));
    assert_eq!(swatch("lab(60% 20 40)"), None);
    assert_eq!(swatch("#12345z"), None);
}
