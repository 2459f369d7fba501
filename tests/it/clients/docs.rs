//! What the guide says to type, typed: the blocks of each page in order, in a folder of their own, on a server of their own.

use crate::harness::{Server, goodword};
use crate::snippets::{Page, SHOWN, Snippet, pages};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the shell knows besides: commands that would only fetch what is there already, or never end.
const SHELL: &str = r#"
set -euo pipefail
curl() { command curl --fail-with-body "$@"; }
goodword() {
  case "${1-}" in
    serve) timeout 3 "$GOODWORD" "$@" --listen 127.0.0.1:0 > serve.log 2>&1 || [ $? = 124 ] ;;
    listen) timeout 3 "$GOODWORD" "$@" > listen.log 2>&1 || [ $? = 124 ] ;;
    *) "$GOODWORD" "$@" ;;
  esac
}
cargo() { echo "cargo $*" >> installed.log; }
npm() { echo "npm $*" >> installed.log; }
pip() { echo "pip $*" >> installed.log; }
"#;

/// Pages whose commands are about files, packages and answers of the reader's own, which this test has not; what they say is
/// tested beside what they tell of.
const ABOUT_FILES: [&str; 9] = [
    "importing.md",
    "install.md",
    "integrations.md",
    "partners.md",
    "payouts.md",
    "replay.md",
    "triggers.md",
    "webhooks.md",
    "widget.md",
];

#[test]
fn every_command_of_the_guide_works() {
    let mut ran = 0;
    let about = |page: &&Page| !ABOUT_FILES.contains(&page.name.as_str()) && page.snippets.iter().any(is_run);
    for page in pages().iter().filter(about) {
        ran += run(page);
    }
    assert!(ran > 20, "the guide has only {ran} blocks that are run");
}

#[test]
fn every_block_of_the_guide_is_of_a_known_kind() {
    let known = |language: &str| {
        SHOWN.contains(&language)
            || ["sh", "json", "toml", "sql", "mjs", "python", "ts", "css", "html", "js", "csv", "jsonl"]
                .contains(&language)
    };
    for snippet in pages().iter().flat_map(|page| &page.snippets) {
        assert!(known(&snippet.language), "{}: what is `{}`?", snippet.place, snippet.language);
    }
}

fn is_run(snippet: &Snippet) -> bool {
    snippet.file.is_some() || ["sh", "json", "toml"].contains(&snippet.language.as_str())
}

/// Runs a page; how many blocks it had.
fn run(page: &Page) -> usize {
    let server = Server::start();
    // A page that does not make a program of its own is for who has one.
    if !page.snippets.iter().any(|snippet| snippet.text.contains("program apply")) {
        server.live().program(json!({}));
        server.live().partner("MAYA27");
    }
    let folder = server.folder().join("page");
    std::fs::create_dir_all(&folder).expect("a folder");
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    std::os::unix::fs::symlink(clients.join("node_modules"), folder.join("node_modules")).expect("a link");
    std::fs::copy(clients.join("fake-stripe.mjs"), folder.join("fake-stripe.mjs"))
        .expect("the stand-in for Stripe");
    let mut script = SHELL.to_owned();
    let mut count = 0;
    for snippet in page.snippets.iter().filter(|snippet| is_run(snippet)) {
        count += 1;
        let text = snippet.on(&server);
        match (&snippet.file, snippet.language.as_str()) {
            (Some(file), _) => std::fs::write(folder.join(file), text).expect("a file"),
            (None, "sh") => script.extend(["echo '>>> ", &snippet.place, "' >&2\n", &text]),
            (None, "json") => parse(snippet, &text),
            (None, _) => check_program(snippet, &folder, &text),
        }
    }
    shell(page, &server, &folder, &script);
    count
}

fn parse(snippet: &Snippet, text: &str) {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(text);
    assert!(parsed.is_ok(), "{}: {parsed:?}", snippet.place);
}

/// A block of TOML without a file is a program.
fn check_program(snippet: &Snippet, folder: &Path, text: &str) {
    let file = folder.join("checked.toml");
    std::fs::write(&file, text).expect("a file");
    let output = goodword().args(["program", "check"]).arg(&file).output().expect("goodword starts");
    assert!(output.status.success(), "{}: {}", snippet.place, String::from_utf8_lossy(&output.stderr));
}

fn shell(page: &Page, server: &Server, folder: &Path, script: &str) {
    let binary = goodword().get_program().to_owned();
    let output = Command::new("bash")
        .args(["-c", script])
        .current_dir(folder)
        .env("GOODWORD", binary)
        .env("DATABASE_URL", server.database())
        .env("SECRET_KEY", &server.vendor.live.secret_key)
        .env("PUBLISHABLE_KEY", &server.vendor.live.publishable_key)
        .env("DUB_API_KEY", &server.vendor.live.secret_key)
        .stdin(Stdio::null())
        .output()
        .expect("bash starts");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}:\n{complained}\n{said}\n{}", page.name, server.log());
}
