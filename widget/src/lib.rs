//! What a partner and a visitor see: `<goodword-join>`, `<goodword-signup>`, `<goodword-share>`, `<goodword-offer>` and
//! `<goodword-leaderboard>`.
//!
//! The loader (`js/goodword.js`) and the shell (`js/element.js`) own the page; this crate owns what is inside one inner `<div>`.
//! [`state`] decides, [`view`] draws what the texts in `view/*.view` describe; both know no browser and are tested natively.
//! Requests, `Intl` and the clipboard are the browser's own and stay in JavaScript, where they cost a tenth of the bytes.

pub mod node;
pub mod state;
pub mod view;

/// The allocator: 2 kB smaller than Rust's own.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
mod app;
