//! Short names for what module and glue call each other. `__wbg_set_innerHTML_a9d3a267967b5117` says nothing to anybody on
//! a stranger's page, and such names cost 3 kB there.

use anyhow::{Context, Result, bail};
use std::collections::HashMap;

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// Renames imports and exports alike in a module and its glue. `module_name` is what the glue calls itself.
pub fn shorten(module: &[u8], glue: &str, module_name: &str) -> Result<(Vec<u8>, String)> {
    let mut names = Names::default();
    let mut out = module.get(..8).context("not a module")?.to_vec();
    let mut rest = Reader { bytes: module, at: 8 };
    while rest.at < module.len() {
        let section = rest.byte()?;
        let size = rest.number()?;
        let body = rest.take(size)?;
        let body = match section {
            IMPORTS => names.imports(body)?,
            EXPORTS => names.exports(body)?,
            _ => body.to_vec(),
        };
        out.push(section);
        put_number(&mut out, body.len());
        out.extend(body);
    }
    let glue = names.in_glue(&names.without_unused(glue));
    Ok((out, glue.replace(&format!("\"./{module_name}\""), "\"a\"")))
}

#[derive(Default)]
struct Names {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

impl Names {
    fn imports(&mut self, body: &[u8]) -> Result<Vec<u8>> {
        let mut reader = Reader { bytes: body, at: 0 };
        let mut out = Vec::new();
        let count = reader.number()?;
        put_number(&mut out, count);
        for _ in 0..count {
            let _module = reader.text()?;
            let name = reader.text()?;
            let next = self.imports.len();
            let short = self.imports.entry(name.to_owned()).or_insert_with(|| short(next));
            put_text(&mut out, "a");
            put_text(&mut out, short);
            if reader.byte()? != 0 {
                bail!("the module imports something that is no function: {name}");
            }
            out.push(0);
            put_number(&mut out, reader.number()?);
        }
        Ok(out)
    }

    fn exports(&mut self, body: &[u8]) -> Result<Vec<u8>> {
        let mut reader = Reader { bytes: body, at: 0 };
        let mut out = Vec::new();
        let count = reader.number()?;
        put_number(&mut out, count);
        for _ in 0..count {
            let name = reader.text()?;
            let short = self.exports.len();
            let short = self.exports.entry(name.to_owned()).or_insert_with(|| self::short(short));
            put_text(&mut out, short);
            out.push(reader.byte()?);
            put_number(&mut out, reader.number()?);
        }
        Ok(out)
    }

    /// The glue without the functions the module does not import any more. They stand as wasm-bindgen writes them: from
    /// `        name: function` to a line that is `        },`.
    fn without_unused(&self, glue: &str) -> String {
        let mut skipping = false;
        let mut out = String::new();
        for line in glue.lines() {
            if let Some((name, rest)) = line.strip_prefix("        ").and_then(|line| line.split_once(": "))
                && (rest.starts_with("function(") || rest.starts_with("async function("))
                && !line.contains("},")
            {
                skipping = !self.imports.contains_key(name);
            }
            if !skipping {
                out.push_str(line);
                out.push('\n');
            }
            skipping = skipping && line != "        },";
        }
        out
    }

    /// Imports are the keys of an object (`name: function`), exports are members of `wasm`.
    fn in_glue(&self, glue: &str) -> String {
        let mut out = String::new();
        let mut rest = glue;
        while let Some(start) = rest.find(is_word) {
            let (before, word_on) = rest.split_at(start);
            let (word, after) = word_on.split_at(word_on.find(|c| !is_word(c)).unwrap_or(word_on.len()));
            out.push_str(before);
            let known = if out.ends_with("wasm.") {
                self.exports.get(word)
            } else if after.starts_with(": function") || after.starts_with(": async function") {
                self.imports.get(word)
            } else {
                None
            };
            out.push_str(known.map_or(word, String::as_str));
            rest = after;
        }
        out + rest
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// `a`, `b`, … `z`, `aa`, `ab`, …, with an underscore behind so that none is a word of JavaScript.
fn short(mut number: usize) -> String {
    let mut text = String::from("_");
    loop {
        text.push(char::from(b"abcdefghijklmnopqrstuvwxyz"[number % 26]));
        number /= 26;
        if number == 0 {
            return text;
        }
        number -= 1;
    }
}

pub struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn take(&mut self, size: usize) -> Result<&'a [u8]> {
        let part = self.bytes.get(self.at..self.at + size).context("the module ends too soon")?;
        self.at += size;
        Ok(part)
    }

    pub fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    pub fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        bail!("a number in the module is too long")
    }

    pub fn text(&mut self) -> Result<&'a str> {
        let size = self.number()?;
        Ok(std::str::from_utf8(self.take(size)?)?)
    }
}

pub fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        out.push(u8::try_from(number & 127).unwrap_or_default() | 128);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or_default());
}

pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len());
    out.extend(text.bytes());
}

#[cfg(test)]
mod tests {
    use super::{put_number, put_text, short, shorten};

    fn module() -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        let mut imports = vec![1];
        put_text(&mut imports, "./glue_bg.js");
        put_text(&mut imports, "__wbg_log_1");
        imports.extend([0, 0]);
        let mut exports = vec![1];
        put_text(&mut exports, "memory");
        exports.extend([2, 0]);
        for (section, body) in [(2, imports), (7, exports)] {
            bytes.push(section);
            put_number(&mut bytes, body.len());
            bytes.extend(body);
        }
        bytes
    }

    #[test]
    fn module_and_glue_agree_on_the_short_names() {
        let glue = "\"./glue_bg.js\": { __wbg_log_1: function() { memory(wasm.memory); } }\n";
        let (short, glue) = shorten(&module(), glue, "glue_bg.js").expect("a module it can read");
        assert_eq!(glue, "\"a\": { _a: function() { memory(wasm._a); } }\n");
        assert_eq!(short, b"\0asm\x01\0\0\0\x02\x08\x01\x01a\x02_a\0\0\x07\x06\x01\x02_a\x02\0");
    }

    #[test]
    fn glue_nobody_imports_any_more_goes() {
        let one = |name: &str| format!("        {name}: function() {{\n            1;\n        }},\n");
        let glue = ["a\n", &one("__wbg_log_1"), &one("__wbg_gone_2"), "b\n"].concat();
        let (_, glue) = shorten(&module(), &glue, "glue_bg.js").expect("a module it can read");
        assert_eq!(glue, ["a\n", &one("_a"), "b\n"].concat());
    }

    #[test]
    fn short_names_differ() {
        assert_eq!([short(0), short(25), short(26), short(27)], ["_a", "_z", "_aa", "_ba"]);
        let all: std::collections::HashSet<_> = (0..2000).map(short).collect();
        assert_eq!(all.len(), 2000);
    }

    #[test]
    fn a_broken_module_is_an_error() {
        let module = module();
        assert!(shorten(&module[..module.len() - 1], "", "glue_bg.js").is_err());
        assert!(shorten(b"\0asm", "", "glue_bg.js").is_err());
    }
}
