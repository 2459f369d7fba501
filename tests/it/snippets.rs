//! The fenced blocks of the documentation, for the tests that run them.
//!
//! The word after the fence says what a block is. A second word is the name of a file it is written to, for later blocks of
//! its page to use. A block of the kind `console` has commands after `$ `, and after each what it prints.
//! `https://go.example.com` stands for the server, `pk_live_…` for its publishable key.

use crate::harness::Server;
use std::path::{Path, PathBuf};

/// Words whose blocks are shown and not run: what a command prints, or what another program is set to, which has no place here
/// (a proxy of the reader's own, the unit of an operator, a cluster of databases).
pub const SHOWN: [&str; 4] = ["text", "nginx", "ini", "sql"];

/// A block.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// As in `start-html.md:12`.
    pub place: String,
    /// As in `sh`.
    pub language: String,
    /// The name of the file it is to be written to.
    pub file: Option<String>,
    pub text: String,
}

impl Snippet {
    /// With the addresses and keys of a running server.
    pub fn on(&self, server: &Server) -> String {
        let keys = &server.vendor.live;
        self.text
            .replace("https://go.example.com", &server.base)
            .replace("pk_live_…", &keys.publishable_key)
            .replace("sk_live_…", &keys.secret_key)
            .replace("sk_test_…", &server.vendor.test.secret_key)
    }
}

/// A page of the guide with its blocks, in order.
pub struct Page {
    pub name: String,
    pub snippets: Vec<Snippet>,
}

/// Every page of the guide.
pub fn pages() -> Vec<Page> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(guide())
        .expect("the guide is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

/// Where the guide is.
pub fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/docs")
}

fn read(path: &Path) -> Page {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = std::fs::read_to_string(path).expect("a page can be read");
    let snippets = snippets(&name, &text);
    Page { name, snippets }
}

/// The blocks of a text; what is indented, in a list, loses what the fence is indented by.
pub fn snippets(page: &str, text: &str) -> Vec<Snippet> {
    let (mut found, mut lines) = (Vec::new(), text.lines().enumerate());
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let indent = line.len() - line.trim_start().len();
        let body = lines.by_ref().take_while(|(_, line)| line.trim() != "```");
        let body: Vec<&str> = body.map(|(_, line)| line.get(indent..).unwrap_or_default()).collect();
        let mut words = info.split_whitespace();
        found.push(Snippet {
            place: format!("{page}:{}", number + 1),
            language: words.next().unwrap_or("text").to_owned(),
            file: words.next().map(str::to_owned),
            text: body.join("\n") + "\n",
        });
    }
    found
}

#[test]
fn blocks_are_found_with_their_words() {
    let found = snippets(
        "a.md",
        "# A\n\n```sh\necho one\n```\n\n1. then\n   ```mjs server.mjs\n   let a;\n     let b;\n   ```\n",
    );
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].place.as_str(), found[0].text.as_str()), ("a.md:3", "echo one\n"));
    assert_eq!(found[1].file.as_deref(), Some("server.mjs"));
    assert_eq!(found[1].text, "let a;\n  let b;\n");
}
