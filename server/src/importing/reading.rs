//! From the bytes of a body to lines that can be stored. What many lines share (a key, a visitor, an address) is worked
//! out once.

use super::{Batch, Line, in_short, refuse};
use crate::error::Error;
use crate::hash::Keyed;
use crate::http::country_number;
use crate::routes::clicks::{check_visitor, landing, origin_and_path};
use crate::store::Word;
use crate::time;
use crate::visiting::{Browser, Trace};
use goodword_domain::click::ClickNumber;
use goodword_domain::click::site;
use goodword_domain::code::fold;
use goodword_domain::time::Instant;
use serde::de::{self, Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// How many lines a body may have.
const MOST_LINES: usize = 20_000;
/// The fields of a line.
const FIELDS: [&str; 8] = ["key", "timestamp", "visitorId", "url", "referrer", "subId", "country", "device"];

/// Reads a body; `visitors` hashes the ids of visitors.
pub fn read(body: &[u8], visitors: &Keyed) -> Result<Batch, Error> {
    let mut reader = Reader { visitors, batch: Batch::default(), known: Known::default() };
    let lines =
        || (1..).zip(body.split(|byte| *byte == b'\n')).filter(|(_, text)| !text.trim_ascii().is_empty());
    let count = lines().count();
    if !(1..=MOST_LINES).contains(&count) {
        return Err(Error::field(
            "body",
            format!("must be 1 to {MOST_LINES} lines, each a JSON object: it has {count}."),
        ));
    }
    reader.batch.lines.reserve(count);
    for (number, text) in lines() {
        match parse(text).and_then(|told| reader.line(number, told)) {
            Ok(line) => reader.batch.lines.push(line),
            Err(refusal) => refuse(&mut reader.batch.refused, number, &refusal),
        }
    }
    let mut batch = reader.batch;
    batch.lines.sort_by_key(|line| line.at);
    batch.refused = in_short(batch.refused);
    Ok(batch)
}

/// A [`goodword_wire::ClickImportLine`], borrowed from the body.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Told<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
    timestamp: Option<When<'a>>,
    visitor_id: Option<Text<'a>>,
    url: Option<Text<'a>>,
    referrer: Option<Text<'a>>,
    sub_id: Option<Text<'a>>,
    country: Option<Text<'a>>,
    device: Option<Text<'a>>,
}

/// Text, copied only where it is written with escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// An instant, as it was told.
enum When<'a> {
    Milliseconds(i64),
    Text(Cow<'a, str>),
}

impl<'de: 'a, 'a> Deserialize<'de> for When<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = When<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("RFC 3339 text or whole milliseconds since 1970")
            }

            fn visit_i64<E>(self, ms: i64) -> Result<When<'de>, E> {
                Ok(When::Milliseconds(ms))
            }

            fn visit_u64<E>(self, ms: u64) -> Result<When<'de>, E> {
                Ok(When::Milliseconds(i64::try_from(ms).unwrap_or(i64::MAX)))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<When<'de>, E> {
                Ok(When::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<When<'de>, E> {
                Ok(When::Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

fn parse(text: &[u8]) -> Result<Told<'_>, Error> {
    if !text.trim_ascii_start().starts_with(b"{") {
        return Err(Error::BadRequest("The line must be a JSON object: `{…}`.".into()));
    }
    serde_json::from_slice(text).map_err(|error| explain(text, &error))
}

/// Reads a broken line once more, to learn which field it is.
fn explain(text: &[u8], error: &serde_json::Error) -> Error {
    let mut json = serde_json::Deserializer::from_slice(text);
    let path = serde_path_to_error::deserialize::<_, Told<'_>>(&mut json).err().map(|e| e.path().to_string());
    match FIELDS.iter().find(|field| path.as_deref() == Some(**field)) {
        Some(field) if error.is_data() => Error::field(field, format!("is not as documented: {error}.")),
        _ => Error::BadRequest(format!("The line is not valid JSON: {error}.")),
    }
}

struct Reader<'a, 'k> {
    visitors: &'k Keyed,
    batch: Batch,
    known: Known<'a>,
}

/// What earlier lines told, with what became of it.
#[derive(Default)]
struct Known<'a> {
    keys: HashMap<Cow<'a, str>, usize>,
    visitors: HashMap<Cow<'a, str>, u64>,
    /// Addresses as they were sent, with the places of the address as it is kept and of its site.
    addresses: HashMap<Cow<'a, str>, (Option<usize>, Option<usize>)>,
    /// Pages that visitors landed on, as they were sent, with the places of what is kept of them, and of that without a query.
    landings: HashMap<Cow<'a, str>, (Option<usize>, Option<usize>)>,
    words: HashMap<String, usize>,
}

impl<'a> Reader<'a, '_> {
    fn line(&mut self, number: usize, told: Told<'a>) -> Result<Line, Error> {
        let at = instant(told.timestamp)?;
        let (country, device) = (country(told.country.as_ref())?, device(told.device.as_ref())?);
        let sub_id = sub_id(told.sub_id)?;
        let browser = self.browser(told.visitor_id)?;
        let key = self.key(told.key)?;
        let (url, page) = self.landing(told.url);
        let (referrer, site) = self.address(told.referrer);
        let sub_id = sub_id.map(|text| self.word(text));
        let trace = Trace { url, referrer, site, page, sub_id, country, device };
        Ok(Line { number, key, at, browser, trace })
    }

    fn key(&mut self, told: Option<Text<'a>>) -> Result<usize, Error> {
        let Text(text) = told.filter(|Text(text)| !text.trim().is_empty()).ok_or_else(|| needed("key"))?;
        check_text("key", &text, 64)?;
        if let Some(place) = self.known.keys.get(&text) {
            return Ok(*place);
        }
        let place = self.batch.keys.len();
        self.batch.keys.push(fold(&text));
        self.known.keys.insert(text, place);
        Ok(place)
    }

    fn browser(&mut self, told: Option<Text<'a>>) -> Result<Browser, Error> {
        let Some(Text(id)) = told.filter(|Text(id)| !id.is_empty()) else { return Ok(Browser::Unknown) };
        if let Some(hash) = self.known.visitors.get(&id) {
            return Ok(Browser::Named(*hash));
        }
        check_visitor(&id)?;
        let hash = self.visitors.number(&id);
        self.known.visitors.insert(id, hash);
        Ok(Browser::Named(hash))
    }

    /// The places of the address a visitor landed on, and of its page.
    fn landing(&mut self, told: Option<Text<'a>>) -> (Option<usize>, Option<usize>) {
        let Some(Text(told)) = told else { return (None, None) };
        if let Some(places) = self.known.landings.get(&told) {
            return *places;
        }
        let [url, page] =
            [landing(&told), origin_and_path(&told)].map(|kept| (!kept.is_empty()).then(|| self.word(kept)));
        self.known.landings.insert(told, (url, page));
        (url, page)
    }

    /// The places of an address and of its site.
    fn address(&mut self, told: Option<Text<'a>>) -> (Option<usize>, Option<usize>) {
        let Some(Text(told)) = told else { return (None, None) };
        if let Some(places) = self.known.addresses.get(&told) {
            return *places;
        }
        let kept = origin_and_path(&told);
        let site = site(&kept).map(|site| self.word(site));
        let kept = (!kept.is_empty()).then(|| self.word(kept));
        self.known.addresses.insert(told, (kept, site));
        (kept, site)
    }

    fn word(&mut self, text: String) -> usize {
        if let Some(place) = self.known.words.get(&text) {
            return *place;
        }
        let place = self.batch.words.len();
        self.batch.words.push(Word::new(text.clone()));
        self.known.words.insert(text, place);
        place
    }
}

fn needed(field: &'static str) -> Error {
    Error::field(field, "is needed and was not sent.")
}

fn check_text(field: &'static str, text: &str, most: usize) -> Result<(), Error> {
    if text.len() > most && text.chars().count() > most {
        return Err(Error::field(field, format!("must be at most {most} characters.")));
    }
    if text.contains('\0') {
        return Err(Error::field(field, "contains the character U+0000: leave it out."));
    }
    Ok(())
}

fn instant(told: Option<When<'_>>) -> Result<Instant, Error> {
    let at = match told.ok_or_else(|| needed("timestamp"))? {
        When::Milliseconds(ms) => Instant(ms),
        When::Text(text) => time::parse("timestamp", &text)?,
    };
    if at.0 < 0 || ClickNumber::new(at, 0).is_none() {
        return Err(Error::field("timestamp", "must lie between the years 1970 and 2159."));
    }
    Ok(at)
}

fn sub_id(told: Option<Text<'_>>) -> Result<Option<String>, Error> {
    let Some(Text(text)) = told else { return Ok(None) };
    let text = text.trim();
    check_text("subId", text, 64)?;
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn country(told: Option<&Text<'_>>) -> Result<i64, Error> {
    match told.map_or("", |Text(text)| text.trim()) {
        "" | "XX" | "xx" => Ok(0),
        letters => country_number(letters)
            .ok_or_else(|| Error::field("country", "must be the two letters of a country, such as `DE`.")),
    }
}

fn device(told: Option<&Text<'_>>) -> Result<i64, Error> {
    match told.map_or("", |Text(text)| text.trim()) {
        "" => Ok(0),
        "desktop" => Ok(1),
        "mobile" => Ok(2),
        "tablet" => Ok(3),
        _ => Err(Error::field("device", "must be `desktop`, `mobile` or `tablet`.")),
    }
}
