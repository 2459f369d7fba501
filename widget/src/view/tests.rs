//! Views drawn natively, as HTML, from the records the server writes.

use super::{Canvas, Pen, Scope, Speaker, Views};
use crate::node::Node;
use goodword_wire as wire;
use serde_json::{Value, json};
use std::borrow::Cow;

impl Node for Value {
    fn get(&self, name: &str) -> Option<Self> {
        let found = match self {
            Self::Array(list) => list.get(name.parse::<usize>().ok()?),
            other => other.as_object()?.get(name),
        };
        found.filter(|value| !value.is_null()).cloned()
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn truth(&self) -> bool {
        !matches!(self, Self::Bool(false) | Self::Null) && *self != json!(0) && *self != json!("")
    }
    fn items(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }
    fn word(text: &str) -> Self {
        text.into()
    }
}

struct Html(String);

impl Canvas for Html {
    fn element(
        tag: &'static str,
        key: String,
        keys: &'static [&'static str],
        values: Vec<Cow<'static, str>>,
        inside: Vec<Self>,
    ) -> Self {
        let key = if key.is_empty() { key } else { format!(" #{key}") };
        let given = keys.iter().zip(values).filter(|(_, value)| !value.is_empty());
        let attributes = given.fold(String::new(), |all, (key, value)| all + " " + key + "=" + &value);
        let inside: String = inside.into_iter().map(|html| html.0).collect();
        Self(format!("<{tag}{key}{attributes}>{inside}</{tag}>"))
    }
    fn text(text: Cow<'static, str>) -> Self {
        Self(text.into_owned())
    }
}

/// Says the English texts, and formats in a way a test can see.
struct English(Vec<(String, String)>);

impl English {
    fn new() -> Self {
        let files = [include_str!("../../text/en.txt"), include_str!("../../text/share/en.txt")];
        let lines = files
            .iter()
            .flat_map(|file| file.lines())
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        Self(
            lines
                .filter_map(|line| line.split_once(": "))
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
        )
    }
}

impl Speaker<Value> for English {
    fn text(&self, key: &str, count: Option<Value>) -> Option<String> {
        let text = &self.0.iter().find(|(known, _)| known == key)?.1;
        let one =
            text.split('|').find_map(|case| case.strip_prefix("one=")).filter(|_| count == Some(json!(1)));
        Some(one.or(text.rsplit('|').next()).unwrap_or_default().to_owned())
    }
    fn format(&self, how: &str, value: &Value) -> String {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match how {
            "say" => text
                .strip_prefix('~')
                .map_or_else(|| text.clone(), |key| Self::text(self, key, None).unwrap_or_default()),
            "" => text,
            how => format!("{text}<{how}>"),
        }
    }
}

fn draw(views: &str, data: &Value) -> String {
    let views = Views::parse(views.to_owned().leak());
    let drawn = Pen { views: &views, speaker: &English::new() }.draw("root", &Scope::new(data.clone(), None));
    drawn.into_iter().map(|html: Html| html.0).collect()
}

#[track_caller]
fn check(views: &str, data: &Value, expected: &str) {
    assert_eq!(draw(views, data), expected);
}

#[test]
fn what_an_element_has_besides_stands_beside_what_all_have() {
    let base = Views::parse(":root\n b\n  =own\n:shared\n | both");
    let views = base.with(":own\n i\n  =shared");
    let pen = Pen { views: &views, speaker: &English::new() };
    let drawn: Vec<Html> = pen.draw("root", &Scope::new(json!({}), None));
    assert_eq!(drawn.into_iter().map(|html| html.0).collect::<String>(), "<b><i>both</i></b>");
    let pen = Pen { views: &base, speaker: &English::new() };
    let drawn: Vec<Html> = pen.draw("root", &Scope::new(json!({}), None));
    assert_eq!(
        drawn.into_iter().map(|html| html.0).collect::<String>(),
        "<b></b>",
        "another element has it not"
    );
}

#[test]
fn elements_have_attributes_texts_and_what_is_deeper() {
    check(
        ":root\n p.big part=x id={n} hidden={no} | a {n}\n  b | c\n i",
        &json!({"n": "1"}),
        "<p class=big part=x id=1>a 1<b>c</b></p><i></i>",
    );
    check(":root\n p | {no}\n |  and {n} ", &json!({"n": 7}), "<p></p> and 7 ");
}

#[test]
fn conditions_look_at_presence_absence_and_words() {
    let views = ":root\n ?a\n  | a\n ?!a\n  | no a\n ?b=x\n  | x\n ?list.0\n  | some\n | {a?yes:no}{b?:none}";
    check(views, &json!({"a": true, "b": "x", "list": [1]}), "axsomeyes");
    check(views, &json!({"a": 0, "list": []}), "no anonone");
    check(views, &json!({"a": false, "b": "y", "list": [{}]}), "no asomeno");
}

#[test]
fn items_hide_what_is_around_them_and_see_the_rest() {
    let views = ":root\n *list\n  | {x}{y} \n *words\n  | {it}!";
    check(views, &json!({"x": 1, "y": 2, "list": [{"x": 3}, {}], "words": ["a", "b"]}), "32 12 a!b!");
}

#[test]
fn blocks_take_words_and_pass_them_on() {
    let views = ":root\n =field name text\n =$kind\n:field\n | {1}:{2}{3}.\n =error\n:error\n | {bad-$1}\n:join\n | joins";
    check(views, &json!({"bad-name": "oh", "kind": "join"}), "name:text.ohjoins");
    check(":root\n =nobody\n | x", &json!({}), "x");
}

#[test]
fn texts_of_the_language_have_values_and_plurals() {
    check(
        ":root\n | {~joinTitle} {~hold,holdDays} {~state-$s}",
        &json!({"vendor": "A{b}", "holdDays": 1, "s": "paid"}),
        "Become a partner of A{b} Commissions become payable after a day. Paid",
    );
    check(
        ":root\n | {~hold,holdDays}{~nothingOfTheKind}",
        &json!({"holdDays": 30}),
        "Commissions become payable after 30 days.",
    );
}

#[test]
fn only_harmless_links_pass() {
    let check = |link: &str, passes: bool| {
        let drawn = draw(":root\n a href={link}", &json!({ "link": link }));
        assert_eq!(drawn.contains("href"), passes, "{drawn}");
    };
    for link in [
        "https://shop/terms",
        "mailto:a@b.example",
        "sms:?body=x",
        "http://localhost:80/",
        "http://127.0.0.1/",
    ] {
        check(link, true);
    }
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://shop/",
        "//x",
        "x",
        "JAVASCRIPT:alert(1)",
        " https://x",
    ] {
        check(link, false);
    }
}

/// Through the wire's own type: a field renamed there breaks here.
fn through<T: serde::Serialize + serde::de::DeserializeOwned>(value: Value) -> Value {
    let record: T = serde_json::from_value(value).expect("a wire record");
    serde_json::to_value(record).expect("JSON")
}

/// What the shell makes of a record: the record, and more.
fn with(mut record: Value, more: Value) -> Value {
    if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
        record.extend(more);
    }
    record
}

const VIEWS: [&str; 2] = [
    concat!(include_str!("../../view/base.view"), "\n", include_str!("../../view/share.view")),
    concat!(include_str!("../../view/base.view"), "\n", include_str!("../../view/show.view")),
];

/// As the build writes them into the files that browsers load.
fn built(views: &str) -> String {
    views.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_text_that_views_name_is_there_and_every_text_is_named() {
    let english = English::new();
    let sources = [&VIEWS.concat(), include_str!("../state.rs"), include_str!("../state/form.rs")].concat();
    let scripts = [
        include_str!("../../js/element.js"),
        include_str!("../../js/port.js"),
        include_str!("../../js/share.js"),
        include_str!("../../js/show.js"),
    ]
    .concat();
    for token in VIEWS.concat().split("{~").skip(1) {
        let name = token.split(['}', ',']).next().unwrap_or_default();
        let known = match name.split_once('$') {
            Some(("", _)) => true,
            Some((start, _)) => english.0.iter().any(|(known, _)| known.starts_with(start)),
            None => english.0.iter().any(|(known, _)| known == name),
        };
        assert!(known, "no text `{name}`");
    }
    for (name, _) in &english.0 {
        let start = name.split_once('-').map_or(name.as_str(), |(start, _)| start);
        let used = [&sources, &scripts].iter().any(|text| {
            text.contains(&format!("~{name}"))
                || text.contains(&format!("~{start}-"))
                || text.contains(&format!("words.{name}"))
                || text.contains(&format!("\"{start}-\""))
                || text.contains(&format!("fill(\"{name}\""))
                || text.contains("(points|credits|months)") && ["credits", "months"].contains(&name.as_str())
                || text.contains(&format!(" {name}\n"))
                || text.contains(&format!("=field {name} "))
                || text.contains(&format!("title: \"{name}\""))
                || text.contains(&format!("\"{name}\""))
                || text.contains(&format!("=embed/{name}"))
        });
        assert!(used, "nobody says `{name}`");
    }
}

#[test]
fn the_form_to_join_is_drawn_whole() {
    let config = through::<wire::EmbedConfig>(json!({
        "programId": "prg_1", "name": "Friends", "vendor": "Acme", "url": "https://shop/", "currency": "usd", "exponent": 2,
        "mode": "live", "open": true, "autoApprove": false, "holdDays": 30, "linkParameters": [],
        "terms": {"version": "2026-01", "url": "https://shop/terms"},
        "rewards": [{"event": "sale", "type": "percentage", "percentage": "20", "maxDuration": 12, "cap": 3600, "capPer": "customer"},
            {"event": "sale", "type": "flat", "amount": 1, "unit": "points", "perAmount": 1000}],
        "questions": [{"id": "site", "label": "Your site", "type": "url", "required": true}, {"id": "size", "label": "Readers", "options": ["few", "many"]}],
    }));
    let reward = with(config["rewards"][0].clone(), json!({"what": "20%", "most": "$36.00"}));
    let points = with(config["rewards"][1].clone(), json!({"what": "1 point"}));
    let data = with(
        config,
        json!({"kind": "join", "screen": "form", "name": null, "bad-email": "~emailMissing", "rewards": [reward, points]}),
    );
    let drawn = draw(&built(VIEWS[0]), &data);
    for part in [
        "Become a partner of Acme",
        "<b>20%</b> on every sale you bring, for 12 months per customer (at most $36.00 per customer)",
        "<b>1 point</b> for each 1000<m> on every sale you bring</p>",
        "<label for=email>E-mail address</label>",
        "aria-invalid=true aria-describedby=e-email",
        "<p class=error id=e-email part=error>Please enter your e-mail address.</p>",
        "<a href=https://shop/terms",
        "(2026-01)",
        "<input id=answers.site name=answers.site type=url",
        "<option>few</option><option>many</option>",
        "Get my code and link",
    ] {
        assert!(drawn.contains(part), "{part}\n{drawn}");
    }
    assert!(!drawn.contains("for a month") && !drawn.contains("Test data"), "{drawn}");
}

fn ada() -> Value {
    let commission = json!({"id": "com_1", "type": "sale", "status": "pending", "reason": "in_hold", "amount": 7800, "earnings": 1560,
        "earningsAtFirst": 1560, "currency": "usd", "arithmetic": "20%", "partner": {"id": "ptn_1", "name": "Ada"}, "programId": "prg_1",
        "createdAt": "2026-11-01", "clearsAt": "2026-12-01"});
    let me = through::<wire::EmbedMe>(json!({
        "name": "Ada", "status": "approved", "reason": "", "emailProven": true, "codeChanges": 2, "accountUrl": "https://h/account",
        "link": {"id": "lnk_1", "partnerId": "ptn_1", "programId": "prg_1", "code": "ADA", "key": "ada", "shortLink": "https://h/r/ada",
            "directLink": "https://shop/?via=ada", "url": "https://shop/", "createdAt": "2026-11-01"},
        "qr": {"size": 33, "path": "M4 4h7"}, "totals": {"clicks": 9, "leads": 3, "sales": 2, "saleAmount": 0, "pending": 0, "processed": 0, "paid": 0},
        "nudge": {"of": "leads", "left": 2, "at": 5, "percentage": "25"}, "now": "2026-11-02",
        "posts": [{"id": "lnk_1", "label": "reel", "code": "X", "shortLink": "https://h/r/x", "directLink": "https://shop/?via=x", "clicks": 1, "leads": 0, "sales": 0, "earnings": 5}],
        "earnings": {"currency": "usd", "exponent": 2, "pending": 1560, "processed": 0, "paid": 0, "minPayout": 5000, "commissions": [commission],
            "payoutMethod": {}, "payouts": []},
        "points": {"available": 320, "held": 50, "expiring": 1, "expiresAt": "2027-01-01", "url": "https://h/points",
            "level": {"name": "Silver", "elite": true, "times": "1.5", "points": 700, "next": "Gold", "missing": 300},
            "articles": [{"name": "Mug", "price": 100}, {"name": "Trip", "price": 900, "missing": 580, "left": 2}, {"name": "Pen", "price": 10, "left": 0}],
            "completed": [{"eventName": "Course", "badge": "c-1", "at": "2026-10-01"}]},
        "product": [{"unit": "months", "earned": 2, "pending": 1}],
    }));
    let row = with(
        me["earnings"]["commissions"][0].clone(),
        json!({"title": "why", "path": "embed/commissions/com_1/explanation", "worth": "15.60"}),
    );
    let earnings = with(me["earnings"].clone(), json!({ "commissions": [row] }));
    let qr = with(me["qr"].clone(), json!({"box": "0 0 33 33"}));
    let worths = [(100, true), (900, false), (10, false)];
    let article = |(place, (price, can))| {
        with(me["points"]["articles"][place].clone(), json!({"worth": format!("{price} points"), "can": can}))
    };
    let articles: Vec<Value> = worths.into_iter().enumerate().map(article).collect();
    let points = with(me["points"].clone(), json!({ "articles": articles }));
    with(me, json!({ "earnings": earnings, "qr": qr, "points": points }))
}

#[test]
fn the_partners_page_is_drawn_whole() {
    let me = ada();
    let data = json!({
        "kind": "share", "screen": "me", "open-embed/claims": "true", "assets": [{"title": "Logo", "url": "https://shop/logo.svg"}],
        "told-embed/claims": [{"head": "A-1 · Open", "says": "It waits.", "parts": [{"head": "You", "says": "Mine", "parts": []}]}],
        "targets": [{"name": "WhatsApp", "url": "https://wa.me/?text=x"}], "sayings": ["Try it"], "progress": "40",
        "panels": [{"title": "claims", "path": "embed/claims"}], "gain": "25%", "figures": [{"name": "clicks", "value": "9"}],
        "sums": [{"name": "pending", "value": 1560}], "pointSums": [{"name": "available", "value": 320}],
        "chart": {"what": "clicks", "line": "M0 0", "area": "M0 0Z", "label": "Clicks: 9", "from": "2026-11-01", "to": "2026-11-02",
            "choices": [{"what": "clicks", "on": "true"}], "days": [{"day": "2026-11-02", "value": "4"}]},
        "me": me,
    });
    let drawn = draw(&built(VIEWS[0]), &data);
    for part in [
        "Hello, Ada",
        "<bdi class=code part=value>ADA</bdi>",
        "viewBox=0 0 33 33",
        "<b>2<n> more sign-ups</b> · 25%",
        "WhatsApp",
        "Try it",
        "<dt>Clicks</dt><dd>9</dd>",
        "<dt>Held</dt><dd>1560<m></dd>",
        "<progress max=100 value=40",
        "<dt>To redeem</dt><dd>320<n></dd>",
        "1 point expires on 2027-01-01<d>.",
        "<b dir=auto>Silver</b><span class=badge>Elite</span>",
        "You earn × 1.5.",
        "300<n> more points make you Gold.",
        "<span dir=auto>Mug</span><span class=hint></span></div><div class=end><b>100 points</b><a href=https://h/points",
        "<span dir=auto>Trip</span><span class=hint>580<n> more points needed 2<n> left</span></div><div class=end><b>900 points</b></div>",
        "<span dir=auto>Pen</span><span class=hint> 0<n> left</span></div><div class=end><b>10 points</b></div>",
        "Course: c-1",
        "<dt>Free months</dt><dd>2<n></dd><dd class=hint>Held 1<n></dd>",
        "<b>15.60</b>",
        "Held until 2026-12-01<d>",
        "aria-expanded=true>Missing an order?",
        "name=invoiceId",
        "<span class=hint>A-1 · Open</span>It waits.<d><ul class=told><li><span class=hint>You</span>Mine<d></li></ul>",
        "https://h/account",
        "Logo",
        "You can change it 2 more times",
        "reel",
    ] {
        assert!(drawn.contains(part), "{part}\n{drawn}");
    }
}

#[test]
fn offer_and_leaderboard_are_drawn() {
    let offer =
        through::<wire::EmbedOffer>(json!({"name": "Ada", "event": "sale", "months": 1, "coupon": "TEN"}));
    let offer = json!({"kind": "offer", "screen": "form", "vendor": "Acme", "code": "ADA", "offer": offer, "gift": "1 free month"});
    let drawn = draw(&built(VIEWS[1]), &offer);
    assert!(
        drawn.contains("Ada invites you to Acme")
            && drawn.contains("1 free month for you with your first purchase")
            && drawn.contains(">TEN<"),
        "{drawn}"
    );
    let board =
        through::<wire::EmbedLeaderboard>(json!({"by": "sales", "partners": 3, "own": {"rank": 2}, "rows": [
        {"rank": 1, "name": "Ada", "count": 9}, {"rank": 2, "name": "", "count": 4, "own": true}]}));
    let board = json!({"kind": "leaderboard", "screen": "form", "periods": [{"name": "month", "on": "true"}], "board": board});
    let drawn = draw(&built(VIEWS[1]), &board);
    assert!(
        drawn.contains("<bdi>A partner</bdi><span class=badge>You</span>")
            && drawn.contains("You are number 2<n> of 3<n>."),
        "{drawn}"
    );
}

/// `{…}` of a text, in order of the alphabet.
fn tokens(text: &str) -> Vec<&str> {
    let last = text.rsplit('|').next().unwrap_or_default();
    let mut all: Vec<_> = last.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    all.sort_unstable();
    all
}

#[test]
fn every_language_says_everything_with_the_same_values() {
    let english = English::new();
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/text"));
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of languages").flatten() {
        if entry.path().is_dir() {
            continue;
        }
        count += 1;
        let read = |path: std::path::PathBuf| std::fs::read_to_string(path).expect("a language");
        let file = read(entry.path()) + &read(folder.join("share").join(entry.file_name()));
        let texts: Vec<_> = file
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .filter_map(|line| line.split_once(": "))
            .collect();
        let names: Vec<_> = texts.iter().map(|(name, _)| *name).collect();
        let expected: Vec<_> = english.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, expected, "{:?}", entry.path());
        for ((name, text), (_, original)) in texts.iter().zip(&english.0) {
            assert_eq!(tokens(text), tokens(original), "{name} of {:?}", entry.path());
            assert!(!text.trim().is_empty(), "{name} of {:?}", entry.path());
        }
    }
    assert_eq!(count, 7, "English, French, German, Spanish, Portuguese, Japanese, Arabic");
}

#[test]
fn the_manifest_names_exactly_the_parts_that_views_draw() {
    let manifest: Value = serde_json::from_str(include_str!("../../custom-elements.json")).expect("JSON");
    let elements = manifest["modules"][0]["declarations"].as_array().expect("elements");
    assert_eq!(elements.len(), 5);
    let mut named: Vec<_> = elements
        .iter()
        .flat_map(|element| element["cssParts"].as_array().expect("parts"))
        .filter_map(|part| part["name"].as_str())
        .collect();
    named.sort_unstable();
    named.dedup();
    let views = VIEWS.concat();
    let mut drawn: Vec<_> =
        views.split(" part=").skip(1).filter_map(|rest| rest.split([' ', '\n']).next()).collect();
    drawn.sort_unstable();
    drawn.dedup();
    assert_eq!(named, drawn);
    let script = include_str!("../../js/goodword.js");
    let list = script.split_once(r#"of ""#).and_then(|(_, rest)| rest.split_once(r#"".split"#));
    let defined: Vec<&str> = list.expect("the elements' names").0.split(' ').collect();
    for element in elements {
        let tag = element["tagName"].as_str().expect("a name");
        let kind = tag.strip_prefix("goodword-").expect("ours");
        assert!(defined.contains(&kind), "{tag} is not defined");
        let sources = [
            include_str!("../../js/element.js"),
            include_str!("../../js/port.js"),
            include_str!("../../js/show.js"),
            include_str!("../../style.css"),
        ]
        .concat();
        for attribute in
            element["attributes"].as_array().expect("attributes").iter().filter_map(|a| a["name"].as_str())
        {
            let read = [
                format!("get(\"{attribute}\")"),
                format!("getAttribute(\"{attribute}\")"),
                format!("[{attribute}]"),
            ];
            assert!(read.iter().any(|way| sources.contains(way)), "nobody reads `{attribute}` of {tag}");
        }
        for event in element["events"].as_array().expect("events").iter().filter_map(|e| e["name"].as_str()) {
            let name = event.strip_prefix("goodword-").expect("ours");
            assert!(sources.contains(&format!("emit(\"{name}\"")), "nobody fires {event}");
        }
    }
}
