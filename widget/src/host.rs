//! What the shell in JavaScript offers: the page's facts, formatting by `Intl`, time, and events.

use crate::money;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// The shell of one element.
    #[derive(Clone)]
    pub type Host;

    #[wasm_bindgen(method, getter)]
    pub fn key(this: &Host) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn host(this: &Host) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn program(this: &Host) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn code(this: &Host) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn page(this: &Host) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn lang(this: &Host) -> String;
    #[wasm_bindgen(method)]
    pub fn click(this: &Host) -> String;
    #[wasm_bindgen(method)]
    pub fn ticket(this: &Host) -> String;
    #[wasm_bindgen(method, js_name = money)]
    fn format_money(this: &Host, decimal: &str, exponent: u32, currency: &str) -> String;
    #[wasm_bindgen(method, js_name = number)]
    fn format_number(this: &Host, number: f64) -> String;
    /// An instant, or a sentence with instants in it, each as people read it; without backticks.
    #[wasm_bindgen(method)]
    pub fn date(this: &Host, instant: &str) -> String;
    #[wasm_bindgen(method)]
    pub fn now(this: &Host) -> f64;
    #[wasm_bindgen(method, catch)]
    pub async fn jitter(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub async fn tick(this: &Host, ms: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    pub fn emit(this: &Host, name: &str, detail: &JsValue);
    /// The form was taken: its fields are empty again.
    #[wasm_bindgen(method)]
    pub fn filed(this: &Host);
    #[wasm_bindgen(method)]
    pub fn changed(this: &Host);
    #[wasm_bindgen(method)]
    pub fn ready(this: &Host);
    #[wasm_bindgen(method)]
    pub fn fail(this: &Host, code: &str, message: &str);
}

impl Host {
    /// An amount of minor units as people read it.
    pub fn money(&self, minor: i64, exponent: u32, currency: &str) -> String {
        self.format_money(&money::decimal(minor, exponent), exponent, currency)
    }

    /// A count as people read it.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn number(&self, count: i64) -> String {
        self.format_number(count as f64)
    }
}
