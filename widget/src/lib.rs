//! What a partner and a visitor see: `<goodword-join>`, `<goodword-share>` and `<goodword-signup>`.
//!
//! The loader (`js/goodword.js`) and the shell (`js/element.js`) own the page; this crate owns what is inside one
//! inner `<div>`. [`state`] decides, [`decode`] reads answers, [`text`] speaks; these three know no browser and are
//! tested natively. The rest compiles for wasm alone.

pub mod decode;
pub mod model;
pub mod money;
pub mod state;
pub mod text;

/// The allocator: 2 kB smaller than Rust's own.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod view;
