//! The repository's files, and the string literals in them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::path::{Path, PathBuf};

/// A file with its path below the root, `/` between the parts.
pub struct File {
    pub name: String,
    pub text: String,
}

impl File {
    pub fn has_ending(&self, ending: &str) -> bool {
        Path::new(&self.name).extension().is_some_and(|e| e == ending)
    }

    /// Whether people write it.
    pub fn is_source(&self) -> bool {
        ["rs", "js", "css", "html", "sql", "sh", "py"].iter().any(|e| self.has_ending(e))
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in a folder of it").to_path_buf()
}

/// Every text file people wrote.
pub fn files() -> Vec<File> {
    let mut found = Vec::new();
    collect(&root(), "", &mut found);
    found
}

fn collect(folder: &Path, below: &str, found: &mut Vec<File>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') || ["target", "node_modules", "dist"].contains(&name.as_str()) {
            continue;
        }
        let inner = format!("{below}{name}");
        if path.is_dir() {
            collect(&path, &format!("{inner}/"), found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            found.push(File { name: inner, text });
        }
    }
}

/// The string literals of a Rust file with their lines; comments, documentation included, are left out.
pub fn strings(file: &File) -> Vec<(usize, String)> {
    let tokens: TokenStream = file.text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.name));
    let mut found = Vec::new();
    walk(tokens, &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if !is_documentation(&group) => walk(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    found.push((literal.span().start().line, text.value()));
                }
            }
            _ => {}
        }
    }
}

fn is_documentation(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}
