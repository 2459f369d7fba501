//! A JSON tree as views read it: the browser's own objects in wasm, `serde_json`'s in tests. Nothing is decoded into records:
//! reading what is shown when it is shown costs a fifth of the bytes.

/// One place in a tree. Nothing here fails: what is missing is none.
pub trait Node: Clone {
    /// The member, or the element, of that name, unless it is missing or null.
    fn get(&self, name: &str) -> Option<Self>;
    /// The text here; none for anything else.
    fn text(&self) -> Option<String>;
    /// Whether there is anything here: no `false`, no 0, no empty text.
    fn truth(&self) -> bool;
    /// The elements here; empty if this is no array.
    fn items(&self) -> Vec<Self>;
    /// A text, as a place in a tree.
    fn word(text: &str) -> Self;
}
