//! The rules of the house that no compiler checks.

mod source;

use source::{File, files, strings};
use std::collections::BTreeSet;
use std::path::Path;
use syn::visit::Visit;

const MOST_LINES: usize = 600;
const MOST_LINES_OF_A_FUNCTION: usize = 70;

#[track_caller]
fn none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn there_is_something_to_check() {
    let all = files();
    for part in [
        "server/src/main.rs",
        "server/domain/src/lib.rs",
        "server/wire/src/lib.rs",
        "tests/it/main.rs",
        "xtask/src/main.rs",
    ] {
        assert!(all.iter().any(|f| f.name == part), "{part} was not found");
    }
}

#[test]
fn files_are_short() {
    let long = files().into_iter().filter(|f| f.is_source() && f.text.lines().count() > MOST_LINES);
    let found =
        long.map(|f| format!("{} has {} lines; {MOST_LINES} are the most", f.name, f.text.lines().count()));
    none(&found.collect::<Vec<_>>());
}

#[test]
fn functions_are_short() {
    let found = rust().flat_map(|file| {
        let mut long = Functions { name: file.name.clone(), found: Vec::new() };
        long.visit_file(&parsed(&file));
        long.found
    });
    none(&found.collect::<Vec<_>>());
}

struct Functions {
    name: String,
    found: Vec<String>,
}

impl Functions {
    fn check(&mut self, function: &syn::Ident, block: &syn::Block) {
        let span = block.brace_token.span;
        let lines = span.close().start().line - span.open().start().line;
        if lines > MOST_LINES_OF_A_FUNCTION {
            let line = span.open().start().line;
            self.found.push(format!(
                "{}:{line}: {function} has {lines} lines; {MOST_LINES_OF_A_FUNCTION} are the most",
                self.name
            ));
        }
    }
}

impl<'a> Visit<'a> for Functions {
    fn visit_item_fn(&mut self, f: &'a syn::ItemFn) {
        self.check(&f.sig.ident, &f.block);
        syn::visit::visit_item_fn(self, f);
    }

    fn visit_impl_item_fn(&mut self, f: &'a syn::ImplItemFn) {
        self.check(&f.sig.ident, &f.block);
        syn::visit::visit_impl_item_fn(self, f);
    }

    fn visit_trait_item_fn(&mut self, f: &'a syn::TraitItemFn) {
        if let Some(block) = &f.default {
            self.check(&f.sig.ident, block);
        }
        syn::visit::visit_trait_item_fn(self, f);
    }
}

fn rust() -> impl Iterator<Item = File> {
    files().into_iter().filter(|f| f.has_ending("rs"))
}

fn parsed(file: &File) -> syn::File {
    syn::parse_file(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.name))
}

/// Whether a piece of text reads like SQL.
fn is_sql(text: &str) -> bool {
    let text = format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
    let both = |a: &str, b: &str| text.find(a).is_some_and(|at| text[at..].contains(b));
    both(" select ", " from ")
        || both(" update ", " set ")
        || ["insert into ", "delete from ", "create table ", "alter table "].iter().any(|w| text.contains(w))
}

#[test]
fn sql_is_in_the_store_alone() {
    // The tests of the log have tables of their own.
    let is_inside =
        |name: &str| ["server/src/store/", "server/wal/tests/"].iter().any(|dir| name.starts_with(dir));
    let outside = rust().filter(|f| f.name.starts_with("server/") && !is_inside(&f.name));
    let found = outside.flat_map(|file| {
        let sql = strings(&file).into_iter().filter(|(_, text)| is_sql(text));
        sql.map(|(line, text)| format!("{}:{line}: {text}", file.name)).collect::<Vec<_>>()
    });
    none(&found.collect::<Vec<_>>());
    assert!(
        rust()
            .filter(|f| f.name.starts_with("server/src/store/"))
            .flat_map(|f| strings(&f))
            .filter(|(_, t)| is_sql(t))
            .count()
            > 30
    );
}

/// The compiler sees to it in all crates but the one that has to do without.
#[test]
fn one_crate_alone_may_be_unsafe() {
    let manifests = files().into_iter().filter(|f| f.name.ends_with("/Cargo.toml"));
    let forbids = |f: &File| {
        ["[lints]\nworkspace = true", "unsafe_code = \"forbid\""].iter().any(|it| f.text.contains(it))
    };
    let own = manifests.filter(|f| !forbids(f));
    assert_eq!(own.map(|f| f.name).collect::<Vec<_>>(), ["server/wal/Cargo.toml"]);
}

/// Time and randomness are arguments, in SQL too; and what one database alone understands stays out.
#[test]
fn sql_reads_no_clock_and_rolls_no_dice() {
    let banned = [
        "now()",
        "current_timestamp",
        "current_date",
        "datetime(",
        "strftime(",
        "clock_timestamp",
        "random()",
        "gen_random_uuid",
        "autoincrement",
        "serial",
    ];
    let migrations = files().into_iter().filter(|f| f.name.starts_with("server/migrations/"));
    let mut texts: Vec<_> = migrations.map(|f| (f.name, f.text)).collect();
    assert!(!texts.is_empty());
    for file in rust().filter(|f| f.name.starts_with("server/src/store/")) {
        texts.extend(
            strings(&file)
                .into_iter()
                .filter(|(_, t)| is_sql(t))
                .map(|(line, t)| (format!("{}:{line}", file.name), t)),
        );
    }
    let found = texts.iter().flat_map(|(place, text)| {
        let text = text.to_lowercase();
        banned.iter().filter(move |word| text.contains(**word)).map(move |word| format!("{place}: {word}"))
    });
    none(&found.collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("dbg", "!("),
    ];
    let found = files().into_iter().filter(File::is_source).flat_map(|file| {
        let hits =
            file.text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
        hits.map(|(i, line)| format!("{}:{}: {}", file.name, i + 1, line.trim())).collect::<Vec<_>>()
    });
    none(&found.collect::<Vec<_>>());
}

#[test]
fn exceptions_from_lints_say_why() {
    let found = rust().flat_map(|file| {
        let lines: Vec<_> = file.text.lines().collect();
        let attribute = |i: usize| lines[i..lines.len().min(i + 6)].join(" ");
        let bad = |i: usize| {
            let line = lines[i].trim_start();
            let allows = line.starts_with("#[allow(") || line.starts_with("#![allow(");
            let silent = (line.starts_with("#[expect(") || line.starts_with("#![expect("))
                && !attribute(i).split(")]").next().is_some_and(|a| a.contains("reason"));
            allows || silent
        };
        (0..lines.len())
            .filter(|i| bad(*i))
            .map(|i| format!("{}:{}: {}", file.name, i + 1, lines[i].trim()))
            .collect::<Vec<_>>()
    });
    none(&found.collect::<Vec<_>>());
}

/// The names in one section of a `Cargo.toml`.
fn dependencies(manifest: &str, section: &str) -> BTreeSet<String> {
    let file =
        files().into_iter().find(|f| f.name == manifest).unwrap_or_else(|| panic!("{manifest} is missing"));
    let lines = file.text.lines().map(str::trim).skip_while(|l| *l != format!("[{section}]")).skip(1);
    let entries = lines.take_while(|l| !l.starts_with('[')).filter(|l| !l.is_empty() && !l.starts_with('#'));
    entries
        .filter_map(|l| Some(l.split(['=', '.', ' ']).next()?.to_owned()))
        .filter(|name| !name.contains(['"', ']', '}']))
        .collect()
}

#[test]
fn arrows_point_one_way() {
    assert_eq!(
        dependencies("server/domain/Cargo.toml", "dependencies"),
        BTreeSet::from(["rust_decimal".to_owned()])
    );
    let none_of = |manifest: &str, banned: &[&str]| {
        let ours = dependencies(manifest, "dependencies");
        for name in banned {
            assert!(!ours.contains(*name), "{manifest} must not depend on {name}");
        }
    };
    none_of("server/wire/Cargo.toml", &["goodword", "goodword-domain", "axum", "tokio"]);
    none_of("widget/Cargo.toml", &["goodword", "goodword-domain"]);
    none_of("www/console/Cargo.toml", &["goodword", "goodword-widget"]);
    none_of("www/demo/Cargo.toml", &["goodword", "goodword-domain"]);
}

#[test]
fn links_between_documents_resolve() {
    let documents: Vec<_> = files().into_iter().filter(|f| f.has_ending("md")).collect();
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        assert!(documents.iter().any(|f| f.name == name), "{name} is missing");
    }
    let found = documents.iter().flat_map(|file| {
        let links = file.text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
        let inner = links.filter(|l| !l.contains("://") && !l.starts_with("mailto:"));
        inner
            .filter(|link| !resolves(file, link))
            .map(|link| format!("{}: {link}", file.name))
            .collect::<Vec<_>>()
    });
    none(&found.collect::<Vec<_>>());
}

fn resolves(file: &File, link: &str) -> bool {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let folder =
        source::root().join(&file.name).parent().map(Path::to_path_buf).expect("a file is in a folder");
    let target = if path.is_empty() { source::root().join(&file.name) } else { folder.join(path) };
    let text = || std::fs::read_to_string(&target).unwrap_or_default();
    target.exists() && (heading.is_empty() || headings(&text()).contains(heading))
}

/// The anchors of a document's headings.
fn headings(text: &str) -> BTreeSet<String> {
    let titles = text
        .lines()
        .filter_map(|l| l.strip_prefix('#'))
        .map(|l| l.trim_start_matches('#').trim().to_lowercase());
    let anchor = |t: String| {
        t.chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .collect::<String>()
            .replace(' ', "-")
    };
    titles.map(anchor).collect()
}

/// One screen of routes is the promise of `routes.rs`: handlers are elsewhere.
#[test]
fn one_file_knows_status_codes_for_errors() {
    let others = rust().filter(|f| f.name.starts_with("server/src/") && f.name != "server/src/error.rs");
    let codes = [
        "StatusCode::UNAUTHORIZED",
        "StatusCode::FORBIDDEN",
        "StatusCode::CONFLICT",
        "StatusCode::UNPROCESSABLE_ENTITY",
        "StatusCode::BAD_REQUEST",
    ];
    let found = others.flat_map(|file| {
        codes
            .iter()
            .filter(|code| file.text.contains(**code))
            .map(|code| format!("{}: {code}", file.name))
            .collect::<Vec<_>>()
    });
    none(&found.collect::<Vec<_>>());
}
