//! Takes out of a module what can only run when it is dying anyway. A panic ends in a trap, and the guard around the exports tells the
//! page; the sentence that Rust would make of it reaches nobody, and the code that makes it is a seventh of the module.

use super::rename::{Reader, put_number};
use anyhow::{Context, Result, ensure};
use std::collections::HashMap;

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// Whoever has one of these in its name traps at once. First what panics are made of; nothing of ours may format with `core::fmt`,
/// for it would trap too. Then what Yew can do and the widget never asks for: listeners of its own (the shell delegates events),
/// raw HTML, portals and suspense, which are a tenth of the module.
const SNIPPED: [&str; 24] = [
    "core::fmt",
    "alloc::fmt",
    "std::fmt",
    "core::panicking::",
    "std::panicking::",
    "std::sys::backtrace",
    "console_error_panic_hook",
    "rust_panic",
    "unwrap_failed",
    "expect_failed",
    "panic_already",
    "slice_error_fail",
    "core::slice::index::slice_",
    "escape_debug",
    "capacity_overflow",
    "raw_vec::handle_error",
    "handle_alloc_error",
    "SubtreeData::add_listener",
    "BSubtree::ensure_handled",
    "subtree_root::EventDescriptor",
    "listeners::ListenerRegistration::register",
    "dom_bundle::bsuspense::",
    "dom_bundle::bportal::",
    "dom_bundle::braw::",
];

/// Whoever has one of these in its name does nothing: who sets a hook for panics need not.
const IDLE: [&str; 1] = ["std::panicking::set_hook"];

/// Snips a module that still has its names, and takes the names away.
pub fn snip(module: &[u8]) -> Result<Vec<u8>> {
    let sections = sections(module)?;
    let imported = match sections.iter().find(|(id, _)| *id == IMPORTS) {
        Some((_, body)) => imported(body)?,
        None => 0,
    };
    let names = names(&sections)?;
    ensure!(!names.is_empty(), "the module has no names, so nothing can be found in it");
    let mut out = module.get(..8).context("not a module")?.to_vec();
    for (id, body) in sections {
        if id == CUSTOM && name_of(body)? == "name" {
            continue;
        }
        let body = if id == CODE { without(body, imported, &names)? } else { body.to_vec() };
        out.push(id);
        put_number(&mut out, body.len());
        out.extend(body);
    }
    Ok(out)
}

fn sections(module: &[u8]) -> Result<Vec<(u8, &[u8])>> {
    let mut all = Vec::new();
    let mut rest = Reader { bytes: module, at: 8 };
    while rest.at < module.len() {
        let id = rest.byte()?;
        let size = rest.number()?;
        all.push((id, rest.take(size)?));
    }
    ensure!(all.iter().any(|(id, _)| *id == FUNCTIONS), "the module has no functions");
    Ok(all)
}

fn name_of(custom: &[u8]) -> Result<&str> {
    Reader { bytes: custom, at: 0 }.text()
}

/// How many functions are imported: they are counted before the module's own.
fn imported(body: &[u8]) -> Result<usize> {
    let mut reader = Reader { bytes: body, at: 0 };
    let count = reader.number()?;
    for _ in 0..count {
        reader.text()?;
        reader.text()?;
        ensure!(reader.byte()? == 0, "the module imports something that is no function");
        reader.number()?;
    }
    Ok(count)
}

/// The functions' names by their number.
fn names(sections: &[(u8, &[u8])]) -> Result<HashMap<usize, String>> {
    let mut names = HashMap::new();
    for (id, body) in sections {
        if *id != CUSTOM || name_of(body)? != "name" {
            continue;
        }
        let mut reader = Reader { bytes: body, at: 0 };
        reader.text()?;
        while reader.at < body.len() {
            let kind = reader.byte()?;
            let size = reader.number()?;
            let mut part = Reader { bytes: reader.take(size)?, at: 0 };
            if kind == 1 {
                for _ in 0..part.number()? {
                    names.insert(part.number()?, plain(part.text()?));
                }
            }
        }
    }
    Ok(names)
}

/// A name without the hashes of crates: `core[c5930c85]::fmt` is `core::fmt`.
fn plain(name: &str) -> String {
    let parts = name.split('[').enumerate();
    parts.map(|(i, part)| part.split_once(']').filter(|_| i > 0).map_or(part, |(_, rest)| rest)).collect()
}

/// The code, with the bodies of what is never missed replaced: no locals, a trap (or nothing), the end.
fn without(body: &[u8], imported: usize, names: &HashMap<usize, String>) -> Result<Vec<u8>> {
    const TRAP: [u8; 3] = [0x00, 0x00, 0x0b];
    const NOTHING: [u8; 2] = [0x00, 0x0b];
    let mut reader = Reader { bytes: body, at: 0 };
    let count = reader.number()?;
    let mut out = Vec::with_capacity(body.len());
    put_number(&mut out, count);
    for number in imported..imported + count {
        let size = reader.number()?;
        let code = reader.take(size)?;
        let is = |list: &[&str]| {
            names.get(&number).is_some_and(|name| list.iter().any(|part| name.contains(part)))
        };
        let code = if is(&IDLE) {
            &NOTHING[..]
        } else if is(&SNIPPED) {
            &TRAP[..]
        } else {
            code
        };
        put_number(&mut out, code.len());
        out.extend(code);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::snip;
    use crate::wasm::rename::{put_number, put_text};

    /// Functions of these names, each of which answers with a constant.
    fn module(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        let mut list = vec![0];
        list.push(1);
        let count = u8::try_from(names.len()).expect("a few");
        let mut part = vec![count];
        for (number, name) in names.iter().enumerate() {
            put_number(&mut part, number);
            put_text(&mut part, name);
        }
        list = Vec::new();
        put_text(&mut list, "name");
        list.push(1);
        put_number(&mut list, part.len());
        list.extend(part);
        let code = [vec![count], [4, 0, 0x41, 7, 0x0b].repeat(names.len())].concat();
        for (section, body) in [(3, [vec![count], vec![0; names.len()]].concat()), (10, code), (0, list)] {
            bytes.push(section);
            put_number(&mut bytes, body.len());
            bytes.extend(body);
        }
        bytes
    }

    #[test]
    fn what_only_a_panic_needs_traps_and_the_names_are_gone() {
        let module = module(&["mine", "core[c593]::panicking::panic_fmt", "std[0a]::panicking::set_hook"]);
        let out = snip(&module).expect("a module it can read");
        assert_eq!(out[8..], [3, 4, 3, 0, 0, 0, 10, 13, 3, 4, 0, 0x41, 7, 0x0b, 3, 0, 0, 0x0b, 2, 0, 0x0b]);
    }

    #[test]
    fn a_module_without_names_is_an_error_and_not_a_surprise() {
        let module = module(&["mine"]);
        assert!(snip(&module[..module.len() - 15]).is_err());
        assert!(snip(b"\0asm").is_err());
    }
}
