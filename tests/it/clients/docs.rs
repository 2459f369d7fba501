//! What the guide says to type, typed: the blocks of each page in order, in a folder of their own, on a server of their own.
//!
//! What a page takes for given (files of the reader's, what stands before a block of code) is in `tests/data/guide/PAGE`:
//! `before.sh` and `after.sh` stand around its commands, `before.mjs` and `before.py` before its code; other files are copied.

use crate::harness::{Receiver, Server, goodword, python};
use crate::snippets::{Page, SHOWN, Snippet, pages};
use goodword_wire::Program;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the shell knows besides: commands that would only fetch or build what is there already, or never end.
const SHELL: &str = r#"
set -euo pipefail
curl() {
  case " $* " in *" --fail "*) command curl "$@" ;; *) command curl --fail-with-body "$@" ;; esac
}
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
podman() { echo "podman $*" >> installed.log; }
"#;

/// What a document needs that is a program's but for these.
const LEAST_OF_A_PROGRAM: &str = "name = \"Friends\"\nurl = \"https://shop.example/\"\ncurrency = \"usd\"\n";

/// Kinds of blocks that are run here. `html`, `js` and `css` are put on pages of a browser (`browser/docs.rs`), `ts` is given to
/// TypeScript's compiler (`packages.rs`).
const RUN: [&str; 8] = ["sh", "console", "json", "jsonl", "csv", "toml", "mjs", "python"];

#[test]
fn every_command_of_the_guide_works() {
    let mut ran = 0;
    for page in pages().iter().filter(|page| page.snippets.iter().any(is_run)) {
        ran += run(page);
    }
    assert!(ran > 60, "the guide has only {ran} blocks that are run");
}

#[test]
fn every_block_of_the_guide_is_of_a_known_kind() {
    let on_pages = ["ts", "css", "html", "js"];
    for snippet in pages().iter().flat_map(|page| &page.snippets) {
        let language = snippet.language.as_str();
        assert!(
            SHOWN.contains(&language) || RUN.contains(&language) || on_pages.contains(&language),
            "{}: what is `{language}`?",
            snippet.place
        );
    }
}

/// What is given for a page is for one that there is.
#[test]
fn nothing_is_given_for_a_page_that_is_none() {
    let names: Vec<String> = pages().into_iter().map(|page| page.name).collect();
    for entry in std::fs::read_dir(given("")).expect("the folder is there") {
        let name = entry.expect("it can be read").file_name().to_string_lossy().into_owned();
        assert!(names.contains(&format!("{name}.md")), "there is no page {name}.md");
    }
}

fn is_run(snippet: &Snippet) -> bool {
    RUN.contains(&snippet.language.as_str())
}

fn given(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/guide").join(page.trim_end_matches(".md"))
}

/// A page on its way: where its blocks are written, and the script they make.
struct Rehearsal<'a> {
    page: &'a Page,
    server: Server,
    /// Stands for whoever else a page sends something to.
    others: Receiver,
    folder: PathBuf,
    script: String,
    /// How many files the blocks have made.
    files: usize,
}

/// Runs a page; how many blocks it had.
fn run(page: &Page) -> usize {
    let mut rehearsal = Rehearsal::of(page);
    let group = rehearsal.group();
    let mut count = 0;
    for snippet in page.snippets.iter().filter(|snippet| is_run(snippet)) {
        count += 1;
        rehearsal.take(snippet, &group);
    }
    rehearsal.perform();
    count
}

impl<'a> Rehearsal<'a> {
    fn of(page: &'a Page) -> Self {
        let server = Server::start();
        // A page that does not make a program of its own is for who has one.
        if !page.snippets.iter().any(|snippet| snippet.text.contains("program apply")) {
            server.live().program(json!({}));
            server.live().partner("MAYA27");
        }
        let folder = server.folder().join("page");
        std::fs::create_dir_all(&folder).expect("a folder");
        let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        std::os::unix::fs::symlink(clients.join("node_modules"), folder.join("node_modules"))
            .expect("a link");
        std::fs::copy(clients.join("fake-stripe.mjs"), folder.join("fake-stripe.mjs"))
            .expect("the stand-in for Stripe");
        for entry in std::fs::read_dir(given(&page.name)).into_iter().flatten() {
            let entry = entry.expect("it can be read");
            std::fs::copy(entry.path(), folder.join(entry.file_name())).expect("a file");
        }
        let script = [SHELL, read(&folder.join("before.sh")).as_str()].concat();
        Self { page, server, others: Receiver::start(), folder, script, files: 0 }
    }

    /// A group of the program, where the page names one.
    fn group(&self) -> String {
        if !self.page.snippets.iter().any(|snippet| snippet.text.contains("grp_…")) {
            return String::new();
        }
        let programs: Vec<Program> = self.server.live().get("/v1/programs").ok();
        let path = format!("/v1/programs/{}/groups", programs[0].id);
        let group: Value = self.server.live().post(&path, &json!({ "name": "Gold" })).ok();
        group["id"].as_str().expect("an id").to_owned()
    }

    /// The text of a block, with what is real here in the place of what is the reader's.
    fn text(&self, snippet: &Snippet, group: &str) -> String {
        snippet
            .on(&self.server)
            .replace("DATABASE_URL=goodword.db", &format!("DATABASE_URL='{}'", self.server.database()))
            .replace("grp_…", group)
            .replace("whsec_…", "whsec_5Gs8gVb0nDpqLw2hJcE1")
            .replace("payouts-….json", "payouts-1.json")
            .replace("https://www.tremendous.com", &self.others.base)
            .replace("http://localhost:3000", &self.others.base)
    }

    fn take(&mut self, snippet: &Snippet, group: &str) {
        let text = self.text(snippet, group);
        if let Some(file) = &snippet.file {
            std::fs::write(self.folder.join(file), &text).expect("a file");
        }
        match (&snippet.file, snippet.language.as_str()) {
            (_, "sh") => self.say(snippet, &text),
            (_, "console") => self.console(snippet, &text),
            (_, "json") => parse(snippet, &text),
            (_, "jsonl") => text.lines().for_each(|line| parse(snippet, line)),
            (_, "toml") => check_program(snippet, &self.folder, &text),
            (None, "mjs") => self.code(snippet, &text, "mjs", "node"),
            (None, "python") => self.code(snippet, &text, "py", "\"$PYTHON\""),
            _ => {}
        }
    }

    fn say(&mut self, snippet: &Snippet, commands: &str) {
        self.script.extend(["echo '>>> ", &snippet.place, "' >&2\n", commands]);
    }

    /// Each command prints what stands below it, if anything does.
    fn console(&mut self, snippet: &Snippet, text: &str) {
        for part in format!("\n{text}").split("\n$ ").skip(1) {
            let (command, printed) = part.split_once('\n').unwrap_or((part, ""));
            self.files += 1;
            let name = format!("printed-{}", self.files);
            std::fs::write(self.folder.join(&name), printed.trim_end().to_owned() + "\n").expect("a file");
            let compare = format!("{command} > {name}.now\n");
            self.say(snippet, &compare);
            if !printed.trim().is_empty() {
                let compare =
                    ["diff --ignore-trailing-space --ignore-blank-lines --unified ", &name, " ", &name];
                self.script.extend(compare);
                self.script.push_str(".now\n");
            }
        }
    }

    /// A block of code, after what stands before it in the reader's.
    fn code(&mut self, snippet: &Snippet, text: &str, extension: &str, runner: &str) {
        self.files += 1;
        let name = format!("block-{}.{extension}", self.files);
        let before = read(&self.folder.join(format!("before.{extension}")));
        std::fs::write(self.folder.join(&name), before + text).expect("a file");
        self.say(snippet, &format!("{runner} {name}\n"));
    }

    fn perform(self) {
        let Self { page, server, folder, script, .. } = self;
        let script = [script, read(&folder.join("after.sh"))].concat();
        let keys = &server.vendor.live;
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(&folder)
            .env("GOODWORD", goodword().get_program())
            .env("PYTHON", python())
            .env("SOURCE", Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("DATABASE_URL", server.database())
            .env("SECRET_KEY", &keys.secret_key)
            .env("GOODWORD_SECRET_KEY", &keys.secret_key)
            .env("PUBLISHABLE_KEY", &keys.publishable_key)
            .env("DUB_API_KEY", &keys.secret_key)
            .stdin(Stdio::null())
            .output()
            .expect("bash starts");
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}:\n{complained}\n{said}\n{}", page.name, server.log());
        for posted in self.others.posted() {
            assert!(posted.json().is_object(), "{}: {}", page.name, posted.body);
        }
    }
}

/// The text of a file, or nothing where there is none.
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn parse(snippet: &Snippet, text: &str) {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(text);
    assert!(parsed.is_ok(), "{}: {parsed:?}", snippet.place);
}

/// A block of TOML is a program, or a part of one.
fn check_program(snippet: &Snippet, folder: &Path, text: &str) {
    let is_whole = text.lines().any(|line| line.starts_with("name = "));
    let text = if is_whole { text.to_owned() } else { LEAST_OF_A_PROGRAM.to_owned() + text };
    let file = folder.join("checked.toml");
    std::fs::write(&file, text).expect("a file");
    let output = goodword().args(["program", "check"]).arg(&file).output().expect("goodword starts");
    assert!(output.status.success(), "{}: {}", snippet.place, String::from_utf8_lossy(&output.stderr));
}
