//! One event of a file: a JSON object on a line of its own. `www/docs/replay.md` describes every field.

use crate::error::Error;
use crate::http::country_number;
use crate::rates;
use crate::time;
use goodword_domain::exchange::Rate;
use goodword_domain::time::Instant;
use goodword_wire::{CompletionInput, DisputeInput, ExchangeRateInput, LeadInput, RefundInput, SaleInput};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// An event with where it stands and when it happened.
#[derive(Clone, Debug)]
pub struct Line {
    /// From 1.
    pub number: u64,
    pub at: Instant,
    /// What the clock shows when it is reported: the latest instant of this event and all before it.
    pub now: Instant,
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    Partner(PartnerLine),
    Click(ClickLine),
    Lead(Box<LeadInput>, Option<String>),
    Sale(Box<SaleInput>, Option<String>),
    Refund(Box<RefundInput>),
    Dispute(Box<DisputeInput>),
    Rate(Rate),
    /// What was completed, and the code of whoever did.
    Completion(Box<CompletionInput>, Option<String>),
    Budget(BudgetLine),
}

/// Somebody becomes a partner.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PartnerLine {
    pub name: Option<String>,
    pub email: Option<String>,
    pub code: Option<String>,
    pub group: Option<String>,
    pub approved: Option<bool>,
}

/// Somebody follows a partner's link.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClickLine {
    pub code: Option<String>,
    /// By which later events name this click.
    pub id: Option<String>,
    pub visitor: Option<String>,
    pub url: Option<String>,
    pub referrer: Option<String>,
    pub sub_id: Option<String>,
    pub country: Option<String>,
    pub device: Option<String>,
    pub bot: Option<bool>,
    pub consent: Option<bool>,
}

/// Something is set aside, or taken away again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BudgetLine {
    pub amount: i64,
    /// The program's currency, or `points`.
    pub currency: Option<String>,
}

/// The kinds, as they are written.
const KINDS: &str =
    "`partner`, `click`, `lead`, `sale`, `refund`, `dispute`, `rate`, `completion` or `budget`";

/// Reads a line: when it happened, and what.
pub fn read(text: &[u8]) -> Result<(Instant, Event), Error> {
    if text.windows(6).any(|w| w.eq_ignore_ascii_case(b"\\u0000")) {
        return Err(Error::BadRequest("It contains the character U+0000: leave it out.".into()));
    }
    let mut fields: Map<String, Value> = serde_json::from_slice(text)
        .map_err(|e| Error::BadRequest(format!("It is not a JSON object: {e}.")))?;
    let kind =
        word(&mut fields, "type")?.ok_or_else(|| Error::field("type", format!("is needed: {KINDS}.")))?;
    let at = match (word(&mut fields, "at")?, word(&mut fields, "timestamp")?) {
        (Some(_), Some(_)) => {
            return Err(Error::field("at", "and `timestamp` are the same: send one of them."));
        }
        (Some(at), None) => time::parse("at", &at)?,
        (None, Some(at)) => time::parse("timestamp", &at)?,
        (None, None) => return Err(Error::field("at", "is needed: when it happened, RFC 3339.")),
    };
    Ok((at, event(&kind, fields, at)?))
}

fn event(kind: &str, mut fields: Map<String, Value>, at: Instant) -> Result<Event, Error> {
    if let Some(own) =
        ["programId", "saleId", "partnerId"].into_iter().find(|name| fields.contains_key(*name))
    {
        return Err(Error::field(
            own,
            "means nothing here: leave it out, and name a sale by its `invoiceId`, a partner by the `code`.",
        ));
    }
    let timestamp = Some(time::show(at));
    Ok(match kind {
        "partner" => Event::Partner(record(kind, fields)?),
        "click" => Event::Click(record(kind, fields)?),
        "lead" => {
            let visitor = word(&mut fields, "visitor")?;
            Event::Lead(Box::new(LeadInput { timestamp, ..record(kind, fields)? }), visitor)
        }
        "sale" => {
            let visitor = word(&mut fields, "visitor")?;
            Event::Sale(Box::new(SaleInput { timestamp, ..record(kind, fields)? }), visitor)
        }
        "refund" => Event::Refund(Box::new(RefundInput { timestamp, ..record(kind, fields)? })),
        "dispute" => Event::Dispute(Box::new(DisputeInput { timestamp, ..record(kind, fields)? })),
        "completion" => {
            let code = word(&mut fields, "code")?;
            Event::Completion(Box::new(CompletionInput { timestamp, ..record(kind, fields)? }), code)
        }
        "rate" => Event::Rate(rate(kind, fields, at)?),
        "budget" => {
            let line: BudgetLine = record(kind, fields)?;
            if line.amount == 0 {
                let remedy = "is needed: minor units or points, less than 0 for what is taken away again.";
                return Err(Error::field("amount", remedy));
            }
            Event::Budget(line)
        }
        _ => return Err(Error::field("type", format!("must be {KINDS}."))),
    })
}

/// Takes a text out of an object.
fn word(fields: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, Error> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::field(name, "must be text.")),
    }
}

/// An object as the record of its kind; a field that the record does not have is refused.
fn record<T: DeserializeOwned>(kind: &str, fields: Map<String, Value>) -> Result<T, Error> {
    let (mut track, mut unknown) = (serde_path_to_error::Track::new(), None);
    let tracked = serde_path_to_error::Deserializer::new(Value::Object(fields), &mut track);
    let read = serde_ignored::deserialize(tracked, |path| {
        unknown.get_or_insert(path.to_string());
    });
    let read = read.map_err(|e: serde_json::Error| {
        Error::at(track.path().to_string(), format!("is not as documented: {e}."))
    })?;
    match unknown {
        None => Ok(read),
        Some(field) => {
            Err(Error::at(field, format!("is not a field of the type `{kind}`: check its spelling.")))
        }
    }
}

/// Rates are told like those a server loads; who says so may be left out.
fn rate(kind: &str, mut fields: Map<String, Value>, at: Instant) -> Result<Rate, Error> {
    fields.insert("at".into(), time::show(at).into());
    fields.entry("source").or_insert_with(|| "file".into());
    let read = rates::read_all(&[record::<ExchangeRateInput>(kind, fields)?])?;
    read.into_iter().next().ok_or_else(|| Error::internal("a rate was lost"))
}

impl Event {
    /// Its word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Partner(_) => "partner",
            Self::Click(_) => "click",
            Self::Lead(..) => "lead",
            Self::Sale(..) => "sale",
            Self::Refund(_) => "refund",
            Self::Dispute(_) => "dispute",
            Self::Rate(_) => "rate",
            Self::Completion(..) => "completion",
            Self::Budget(_) => "budget",
        }
    }
}

impl ClickLine {
    /// Why it is told and not counted, if it is not.
    pub fn uncounted(&self) -> Option<&'static str> {
        match (self.bot, self.consent) {
            (Some(true), _) => Some("bot"),
            (_, Some(false)) => Some("no_consent"),
            _ => None,
        }
    }

    /// The country as it is stored.
    pub fn country_number(&self) -> Result<i64, Error> {
        self.country.as_deref().map_or(Ok(0), |letters| {
            country_number(letters)
                .ok_or_else(|| Error::field("country", "must be the two letters of a country, such as `DE`."))
        })
    }

    /// The device as it is stored.
    pub fn device_number(&self) -> Result<i64, Error> {
        match self.device.as_deref() {
            None | Some("unknown") => Ok(0),
            Some("desktop") => Ok(1),
            Some("mobile") => Ok(2),
            Some("tablet") => Ok(3),
            Some(_) => Err(Error::field("device", "must be `desktop`, `mobile`, `tablet` or `unknown`.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refusal(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn every_kind_is_read() {
        let kinds = [
            (r#"{"type":"partner","at":"2026-01-01T00:00:00Z","code":"ANNA","group":"Gold"}"#, "partner"),
            (r#"{"type":"click","at":"2026-01-01T00:00:00Z","code":"ANNA","visitor":"v"}"#, "click"),
            (r#"{"type":"lead","at":"2026-01-01T00:00:00Z","customerExternalId":"u","visitor":"v"}"#, "lead"),
            (
                r#"{"type":"sale","timestamp":"2026-01-01T00:00:00Z","amount":1,"items":[{"amount":1}]}"#,
                "sale",
            ),
            (r#"{"type":"refund","at":"2026-01-01T00:00:00Z","invoiceId":"i","refundId":"r"}"#, "refund"),
            (r#"{"type":"dispute","at":"2026-01-01T00:00:00Z","invoiceId":"i","disputeId":"d"}"#, "dispute"),
            (
                r#"{"type":"rate","at":"2026-01-01T00:00:00Z","base":"eur","quote":"usd","rate":"1.1"}"#,
                "rate",
            ),
            (
                r#"{"type":"completion","at":"2026-01-01T00:00:00Z","code":"ANNA","eventName":"Course"}"#,
                "completion",
            ),
            (r#"{"type":"budget","at":"2026-01-01T00:00:00Z","amount":-100,"currency":"points"}"#, "budget"),
        ];
        for (text, kind) in kinds {
            let (at, event) = read(text.as_bytes()).unwrap();
            assert_eq!((event.kind(), time::show(at).as_str()), (kind, "2026-01-01T00:00:00.000Z"), "{text}");
        }
    }

    #[test]
    fn a_refusal_names_the_field() {
        let cases = [
            ("[]", "not a JSON object"),
            ("{", "not a JSON object"),
            (r#"{"at":"2026-01-01T00:00:00Z"}"#, "`type`"),
            (r#"{"type":"gift","at":"2026-01-01T00:00:00Z"}"#, "`type`"),
            (r#"{"type":"click"}"#, "`at`"),
            (r#"{"type":"click","at":"yesterday"}"#, "`at`"),
            (r#"{"type":"click","at":7}"#, "`at`"),
            (r#"{"type":"click","at":"2026-01-01T00:00:00Z","timestamp":"2026-01-01T00:00:00Z"}"#, "`at`"),
            (r#"{"type":"click","at":"2026-01-01T00:00:00Z","cdoe":"A"}"#, "`cdoe`"),
            (r#"{"type":"sale","at":"2026-01-01T00:00:00Z","amuont":1}"#, "`amuont`"),
            (r#"{"type":"sale","at":"2026-01-01T00:00:00Z","amount":"1"}"#, "`amount`"),
            (r#"{"type":"sale","at":"2026-01-01T00:00:00Z","amount":1.5}"#, "`amount`"),
            (r#"{"type":"sale","at":"2026-01-01T00:00:00Z","items":[{"amount":"x"}]}"#, "`items[0].amount`"),
            (r#"{"type":"sale","at":"2026-01-01T00:00:00Z","programId":"prg_1"}"#, "`programId`"),
            (r#"{"type":"refund","at":"2026-01-01T00:00:00Z","saleId":"sal_1"}"#, "`saleId`"),
            (
                r#"{"type":"rate","at":"2026-01-01T00:00:00Z","base":"eur","quote":"???","rate":"1"}"#,
                "`quote`",
            ),
            (
                r#"{"type":"rate","at":"2026-01-01T00:00:00Z","base":"eur","quote":"usd","rate":"-1"}"#,
                "`rate`",
            ),
            (r#"{"type":"rate","at":"2026-01-01T00:00:00Z","from":"eur","quote":"usd"}"#, "`from`"),
            (r#"{"type":"budget","at":"2026-01-01T00:00:00Z"}"#, "`amount`"),
            (r#"{"type":"completion","at":"2026-01-01T00:00:00Z","partnerId":"ptn_1"}"#, "`code`"),
            (r#"{"type":"lead","at":"2026-01-01T00:00:00Z","customerName":"a\u0000"}"#, "U+0000"),
        ];
        for (text, expected) in cases {
            assert!(refusal(text).contains(expected), "{text}: {}", refusal(text));
        }
    }
}
