//! `goodword replay` on files, as somebody runs it who tries rules on what has happened.

pub mod history;
pub mod simulated;

use crate::harness::goodword;
use history::live;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A folder with a program document and a file of events.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new(program: &Value, events: &[Value]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("program.json"), program.to_string()).expect("a file");
        let lines: Vec<String> = events.iter().map(ToString::to_string).collect();
        std::fs::write(folder.path().join("events.jsonl"), lines.join("\n")).expect("a file");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn replay(&self, words: &[&str]) -> Output {
        replay(&self.path("events.jsonl"), &self.path("program.json"), words)
    }

    /// What it printed, as JSON.
    #[track_caller]
    fn rows(&self, words: &[&str]) -> Vec<Value> {
        let output = self.replay(&[words, &["--format", "jsonl"]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let row = |line: &str| serde_json::from_str(line).expect("JSON");
        text(&output.stdout).lines().map(row).collect()
    }
}

fn replay(events: &Path, program: &Path, words: &[&str]) -> Output {
    let mut command = goodword();
    command.arg("replay").arg(events).arg("--program").arg(program).args(words);
    command.output().expect("goodword starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn program(rewards: &Value) -> Value {
    json!({ "name": "Tea", "url": "https://shop.example/", "currency": "usd", "holdDays": 10, "rewards": rewards })
}

fn share() -> Value {
    program(&json!([{ "event": "sale", "type": "percentage", "percentage": "20" }]))
}

fn sale(day: u32, invoice: &str, with: Value) -> Value {
    let mut event = json!({
        "type": "sale", "at": format!("2026-01-{day:02}T12:00:00Z"), "customerExternalId": invoice,
        "amount": 10_000, "invoiceId": invoice, "code": "ANNA11",
    });
    if let (Value::Object(event), Value::Object(with)) = (&mut event, with) {
        event.extend(with);
    }
    event
}

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/docs").join(name)
}

/// The examples of the documentation, and what it says comes out.
#[test]
fn the_documented_example() {
    let guide = std::fs::read_to_string(docs("replay.md")).expect("the guide");
    let (events, program) = (docs("examples/events.jsonl"), docs("examples/program.toml"));
    for words in [&[][..], &["--out", "explanations"], &["--out", "ledger"]] {
        let output = replay(&events, &program, words);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
        let printed = text(&output.stdout);
        assert!(guide.contains(printed.trim_end()), "www/docs/replay.md has something else than\n{printed}");
    }
    let output = goodword().args(["program", "check"]).arg(&program).output().expect("goodword starts");
    let printed = text(&output.stdout);
    assert!(guide.contains(printed.trim_end()), "www/docs/replay.md has something else than\n{printed}");
    for name in ["program.toml", "events.jsonl"] {
        let example = std::fs::read_to_string(docs("examples").join(name)).expect("the example");
        assert!(guide.contains(example.trim_end()), "www/docs/replay.md has another {name}");
    }
}

/// The same history told to a server while it happens, and replayed, ends in the same commissions and the same ledger.
#[test]
fn a_replay_ends_like_the_server() {
    for seed in 0..8 {
        let (document, events) = history::made(seed);
        let files = Files::new(&document, &events);
        let lived = live(&document, &events);
        let refused = |kind: &str| lived.refused.get(kind).copied().unwrap_or(0);
        let summary = files.rows(&["--out", "summary"]).pop().expect("a summary");
        for (kind, told) in summary["events"].as_object().expect("kinds") {
            assert_eq!(told["refused"], refused(kind), "seed {seed}, {kind}: {summary}");
        }
        let told = files.rows(&["--out", "commissions", "--out", "ledger"]);
        let of = |kind: &str| history::sorted(told.iter().filter(|row| row["type"] == kind));
        same(seed, &of("commission"), &lived.commissions);
        same(seed, &of("transfer"), &lived.transfers);
        same(seed, &of("account"), &lived.accounts);
        assert!(
            lived.commissions.len() > 5 && lived.transfers.len() > 10,
            "seed {seed}: too little happened"
        );
    }
}

/// Tells only what differs.
#[track_caller]
fn same(seed: u64, replayed: &[String], lived: &[String]) {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|row| !those.contains(row)).cloned().collect()
    };
    let (here, there) = (only(replayed, lived), only(lived, replayed));
    assert!(replayed == lived, "seed {seed}: only replayed {here:#?}, only on the server {there:#?}");
}

#[test]
fn holds_end_by_the_time_of_the_events() {
    let refund = |day: u32, id: &str| json!({ "type": "refund", "at": format!("2026-01-{day:02}T12:00:00Z"), "invoiceId": id, "refundId": id });
    let events = [sale(1, "a", json!({})), sale(2, "b", json!({})), refund(5, "a"), refund(20, "b")];
    let files = Files::new(&share(), &events);
    let rows = files.rows(&["--out", "ledger"]);
    let debits = |kind: &str| -> Vec<String> {
        let of_kind = rows.iter().filter(|row| row["type"] == "transfer" && row["kind"] == kind);
        of_kind.map(|row| format!("{} {}", row["debit"], row["at"]).replace('"', "")).collect()
    };
    let expected = ["held:ANNA11 2026-01-05T12:00:00.000Z", "payable:ANNA11 2026-01-20T12:00:00.000Z"];
    assert_eq!(debits("take_back"), expected);
    assert_eq!(debits("release"), ["held:ANNA11 2026-01-12T12:00:00.000Z"], "when the hold ended");
    let one = Files::new(&share(), &events[..1]);
    let status = |words: &[&str]| one.rows(words)[0]["status"].clone();
    assert_eq!(status(&["--out", "commissions"]), "pending");
    assert_eq!(status(&["--out", "commissions", "--now", "2026-01-11T12:00:00Z"]), "processed");
    let early = one.replay(&["--now", "2025-12-31T00:00:00Z"]);
    assert!(!early.status.success() && text(&early.stderr).contains("`--now`"), "{}", text(&early.stderr));
}

#[test]
fn what_is_refused_is_told_with_its_line() {
    let events = [
        json!({ "type": "gift", "at": "2026-01-01T00:00:00Z" }),
        sale(1, "a", json!({})),
        sale(2, "a", json!({ "amount": 5 })),
        sale(2, "b", json!({ "amuont": 5 })),
        sale(3, "c", json!({ "code": "??" })),
        json!({ "type": "refund", "at": "2026-01-04T00:00:00Z", "invoiceId": "never", "refundId": "r" }),
        json!({ "type": "partner", "at": "2026-01-04T00:00:00Z", "code": "anna11" }),
        json!({ "type": "partner", "at": "2026-01-04T00:00:00Z", "code": "DORA44", "group": "Silver" }),
        sale(5, "d", json!({})),
    ];
    let files = Files::new(&share(), &events);
    let output = files.replay(&["--out", "commissions", "--format", "csv"]);
    assert!(output.status.success());
    let errors = text(&output.stderr);
    for line in [
        "line 1: `type` must be",
        "line 3: `a` was reported before with other content",
        "line 4: `amuont` is not a field of the type `sale`",
        "line 5: `code` is not known",
        "line 6: There is no such sale",
        "line 7: `code` ANNA11 is taken",
        "line 8: `group` is not a group",
    ] {
        assert!(errors.contains(line), "{line}: {errors}");
    }
    assert_eq!(text(&output.stdout).lines().count(), 3, "the others count: {}", text(&output.stdout));
    let strict = files.replay(&["--strict"]);
    assert!(
        !strict.status.success() && text(&strict.stderr).contains("line 1: "),
        "{}",
        text(&strict.stderr)
    );
    let strangers = files.replay(&["--implicit-partners", "false"]);
    assert!(text(&strangers.stderr).contains("line 2: `code` is not known"), "{}", text(&strangers.stderr));
}

#[test]
fn clicks_are_found_by_id_and_visitor_and_bots_do_not_count() {
    let click = |minute: u32, code: &str, with: Value| {
        let mut event =
            json!({ "type": "click", "at": format!("2026-01-01T00:{minute:02}:00Z"), "code": code });
        if let (Value::Object(event), Value::Object(with)) = (&mut event, with) {
            event.extend(with);
        }
        event
    };
    let buy = |invoice: &str, with: Value| {
        let mut event = sale(2, invoice, with);
        event.as_object_mut().expect("an object").remove("code");
        event
    };
    let events = [
        click(0, "ANNA11", json!({ "id": "c1", "visitor": "v1", "subId": "blog" })),
        click(1, "BERT22", json!({ "visitor": "v1" })),
        click(2, "BERT22", json!({ "visitor": "v1" })),
        click(3, "CARA33", json!({ "id": "c3" })),
        click(3, "CARA33", json!({ "id": "c3" })),
        click(4, "DORA44", json!({ "visitor": "v2", "bot": true })),
        click(5, "DORA44", json!({ "visitor": "v2", "consent": false })),
        buy("by-visitor", json!({ "visitor": "v1" })),
        buy("by-id", json!({ "clickId": "c3" })),
        buy("unknown", json!({ "clickId": "never" })),
        buy("bot", json!({ "visitor": "v2" })),
    ];
    let files = Files::new(&share(), &events);
    let rows = files.rows(&["--out", "summary", "--out", "explanations"]);
    let told = json!({ "taken": 3, "repeated": 2, "notCounted": 2, "refused": 0 });
    assert_eq!(rows[0]["events"]["click"], told);
    let of = |invoice: &str| {
        let row = rows.iter().find(|row| row["invoiceId"] == invoice).expect("its explanation");
        let touched = row["touchpoints"].as_array().expect("touchpoints").iter();
        let touched: Vec<String> =
            touched.map(|t| format!("{} {}", t["partner"], t["verdict"]).replace('"', "")).collect();
        (row["reason"].as_str().expect("a reason").to_owned(), touched.join(", "))
    };
    assert_eq!(of("by-visitor"), ("last_touch".into(), "ANNA11 later_touch_won, BERT22 credited".into()));
    assert_eq!(of("by-id"), ("last_touch".into(), "CARA33 credited".into()));
    assert_eq!(of("unknown"), ("unknown_click".into(), String::new()));
    assert_eq!(of("bot"), ("no_touchpoint".into(), String::new()));
}

#[test]
fn budgets_rates_and_groups_are_told_by_events() {
    let mut document = program(&json!([
        { "event": "sale", "type": "percentage", "percentage": "50", "group": "Gold" },
        { "event": "sale", "type": "percentage", "percentage": "10" },
    ]));
    (document["budgeted"], document["groups"]) = (json!(true), json!(["Gold"]));
    let events = [
        json!({ "type": "budget", "at": "2026-01-01T00:00:00Z", "amount": 6000 }),
        json!({ "type": "rate", "at": "2026-01-01T00:00:00Z", "base": "eur", "quote": "usd", "rate": "1.5" }),
        json!({ "type": "partner", "at": "2026-01-01T00:00:00Z", "code": "ANNA11", "group": "Gold" }),
        sale(1, "a", json!({})),
        sale(2, "b", json!({ "code": "BERT22", "currency": "eur", "amount": 4000 })),
        sale(3, "c", json!({})),
    ];
    let rows = Files::new(&document, &events).rows(&["--out", "commissions"]);
    let earned: Vec<i64> = rows.iter().map(|row| row["earnings"].as_i64().expect("minor units")).collect();
    assert_eq!(earned, [5000, 600, 400], "the budget ends");
}

#[test]
fn cells_are_safe_for_spreadsheets_and_csv_holds_one_thing() {
    let files =
        Files::new(&share(), &[sale(1, "=HYPERLINK(1)", json!({ "customerExternalId": "@a,\"b\"" }))]);
    let output = files.replay(&["--out", "commissions", "--format", "csv"]);
    let printed = text(&output.stdout);
    assert!(printed.contains(",'=HYPERLINK(1),") && printed.contains(",\"'@a,\"\"b\"\"\","), "{printed}");
    for out in ["summary", "explanations", "ledger"] {
        let output = files.replay(&["--out", out, "--format", "csv"]);
        let printed = text(&output.stdout);
        let width = |line: &str| line.matches(',').count() - line.matches(",\"\"").count();
        let first = printed.lines().next().map(width);
        assert!(output.status.success() && printed.lines().count() > 1 && first > Some(2), "{printed}");
    }
    let two = files.replay(&["--format", "csv"]);
    assert!(!two.status.success() && text(&two.stderr).contains("`--out`"), "{}", text(&two.stderr));
}

#[test]
fn a_bad_program_is_refused_before_anything_is_read() {
    let files = Files::new(&share(), &[]);
    let toml = files.path("program.toml");
    std::fs::write(&toml, "name = \"x\"\nurl = \"https://x.example/\"\ncurrency = \"usd\"\nholdDays = 400\n")
        .expect("a file");
    let output = replay(&files.path("none.jsonl"), &toml, &[]);
    let errors = text(&output.stderr);
    assert!(errors.contains("program.toml: `holdDays`") && errors.contains("(line 4)"), "{errors}");
    let output = replay(&files.path("none.jsonl"), &files.path("program.json"), &[]);
    assert!(text(&output.stderr).contains("none.jsonl cannot be read"), "{}", text(&output.stderr));
    let nothing = files.replay(&["--out", "summary"]);
    assert!(nothing.status.success(), "no events are no mistake: {}", text(&nothing.stderr));
}

/// Fifty thousand events in little memory; www/docs/replay.md says how a million was measured.
#[test]
fn memory_does_not_grow_with_the_file() {
    const EVENTS: u32 = 50_000;
    const MOST_KB: u64 = 400_000;
    let files = Files::new(&share(), &[]);
    let mut file =
        std::io::BufWriter::new(std::fs::File::create(files.path("events.jsonl")).expect("a file"));
    for n in 0..EVENTS {
        let (day, second) = (1 + n * 28 / EVENTS, n % 86_400);
        let at =
            format!("2026-01-{day:02}T{:02}:{:02}:{:02}Z", second / 3600 % 24, second / 60 % 60, second % 60);
        let mut line = String::new();
        let person = n / 100 * 100 + n % 20;
        let written = match n % 100 {
            0..80 => write!(
                line,
                r#"{{"type":"click","at":"{at}","code":"CODE{}","visitor":"v{person}","id":"c{n}"}}"#,
                n % 97
            ),
            80..90 => write!(
                line,
                r#"{{"type":"lead","at":"{at}","customerExternalId":"u{n}","visitor":"v{person}"}}"#
            ),
            _ => write!(
                line,
                r#"{{"type":"sale","at":"{at}","customerExternalId":"u{}","amount":1000,"invoiceId":"i{n}"}}"#,
                n - 10
            ),
        };
        written.and_then(|()| writeln!(line)).expect("a line");
        file.write_all(line.as_bytes()).expect("it can be written");
    }
    file.flush().expect("it can be written");
    drop(file);
    let mut command = goodword();
    command.arg("replay").arg(files.path("events.jsonl")).arg("--program").arg(files.path("program.json"));
    command.args(["--out", "summary", "--format", "jsonl"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("goodword starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().expect("the child is ours").is_none() {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        most = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(most);
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().expect("the child is ours");
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(summary["events"]["sale"]["taken"], 5000, "{summary}");
    let credited = summary["sales"].as_array().expect("sums").iter().find(|sum| sum["credited"] == true);
    assert_eq!(credited.map(|sum| (&sum["count"], &sum["amount"])), Some((&json!(5000), &json!(5_000_000))));
    assert!(most > 1000 && most < MOST_KB, "{most} kB");
}
