//! What the browser knows of languages: plurals, numbers, amounts and dates. Asked for every language but English, whose forms
//! are written in `format` and `date`.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use wasm_bindgen::{JsCast, JsValue};

static LANGUAGE: OnceLock<&'static str> = OnceLock::new();

thread_local! {
    /// Formatters by what they were made of: each costs more to make than to use.
    static MADE: RefCell<HashMap<String, Function>> = RefCell::default();
}

/// How something is to be written, as `Intl` spells it.
type Options<'a> = &'a [(&'a str, &'a str)];

/// Says which language is spoken, once.
pub fn begin(language: &'static str) {
    let _ = LANGUAGE.set(language);
}

/// The tag of the language spoken.
pub fn language() -> &'static str {
    LANGUAGE.get().copied().unwrap_or("en")
}

/// Whether nothing here need be asked.
pub fn is_english() -> bool {
    language() == "en"
}

/// The plural category of a count: `one`, `few`, `other`, …
pub fn category(count: i64) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count beyond 2^53 has the category of the nearest number"
    )]
    let number = count as f64;
    String::from(Intl::PluralRules::new(&locales(), &Object::new()).select(number))
}

/// A number given as decimal text, so that it is exact.
pub fn number(decimal: &str, options: Options<'_>) -> String {
    formatted("n", options, &decimal.into(), |locales, options| {
        Intl::NumberFormat::new(locales, options).format()
    })
}

/// An amount given as decimal text, with that many digits after the point.
pub fn money(decimal: &str, currency: &str, exponent: u32) -> String {
    let (currency, digits) = (currency.to_ascii_uppercase(), exponent.to_string());
    let digits = digits.as_str();
    number(
        decimal,
        &[
            ("style", "currency"),
            ("currency", &currency),
            ("minimumFractionDigits", digits),
            ("maximumFractionDigits", digits),
        ],
    )
}

/// A percentage given as decimal text, with at least that many digits after the point and at most one.
pub fn percent(decimal: &str, least: &str) -> String {
    let digits = [("minimumFractionDigits", least), ("maximumFractionDigits", "1")];
    // Of the style `percent` a number is a part of one: `unit` takes it as it is.
    number(decimal, &[&[("style", "unit"), ("unit", "percent")][..], &digits[..]].concat())
}

/// An instant in epoch milliseconds, in UTC.
pub fn date(ms: i64, options: Options<'_>) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of dates are below 2^53")]
    let instant = Date::new(&JsValue::from_f64(ms as f64));
    let all: Vec<_> = options.iter().copied().chain([("timeZone", "UTC")]).collect();
    formatted("d", &all, &instant, |locales, options| Intl::DateTimeFormat::new(locales, options).format())
}

fn formatted(
    kind: &str,
    options: Options<'_>,
    value: &JsValue,
    make: impl Fn(&Array, &Object) -> Function,
) -> String {
    let name = format!("{kind}{options:?}");
    let format = MADE.with_borrow_mut(|known| {
        known.entry(name).or_insert_with(|| make(&locales(), &object(options))).clone()
    });
    let text = Reflect::apply(&format, &JsValue::UNDEFINED, &Array::of1(value));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// The language with Western digits, which stand in every language's codes, keys and files as well.
fn locales() -> Array {
    Array::of1(&format!("{}-u-nu-latn", language()).into())
}

fn object(options: Options<'_>) -> Object {
    let object = Object::new();
    for (name, value) in options {
        // It fails only for objects that are frozen.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object.unchecked_into()
}
