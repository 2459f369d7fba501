//! Reading requests: bodies, queries, cookies, and the address of who asks.

use crate::app::Shared;
use crate::error::Error;
use crate::store::Page;
use axum::body::{Bytes, to_bytes};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Uri};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};

/// The largest body taken.
pub const MAX_BODY: usize = 128 * 1024;

/// A JSON body. Pages call it `text/plain` to save the browser's preflight request.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Error> {
        as_json(&request)?;
        parse_json(&read(request).await?).map(Self)
    }
}

/// Whether a body may be JSON by what it calls itself. What a form sends is not: it would be a page's way to speak for whoever
/// looks at it.
fn as_json(request: &Request) -> Result<(), Error> {
    let Some(kind) = request.headers().get(CONTENT_TYPE) else { return Ok(()) };
    let kind = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let ends_in_json = kind.len() > 5 && kind[kind.len() - 5..].eq_ignore_ascii_case(b"+json");
    if [&b"application/json"[..], b"text/plain"].iter().any(|one| kind.eq_ignore_ascii_case(one))
        || ends_in_json
    {
        return Ok(());
    }
    Err(Error::UnsupportedType("The body must be JSON: send `Content-Type: application/json`.".into()))
}

/// Refuses a body that calls itself what it cannot be: what a page's form sends, and `others`.
pub fn refuse_types(headers: &HeaderMap, others: &[&str], wanted: &str) -> Result<(), Error> {
    let kind = header(headers, CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let of_forms = ["application/x-www-form-urlencoded", "text/html"];
    if kind.starts_with("multipart/") || of_forms.iter().chain(others).any(|refused| *refused == kind) {
        return Err(Error::UnsupportedType(format!(
            "The body cannot be of that type: send the file as it is, with `Content-Type: {wanted}`."
        )));
    }
    Ok(())
}

/// A body that is text of any format.
pub struct Text(pub String);

impl FromRequest<Shared> for Text {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Error> {
        let text = String::from_utf8(read(request).await?.to_vec());
        text.map(Self).map_err(|_| Error::BadRequest("The body is not UTF-8: send it as such.".into()))
    }
}

/// The bytes of a body, of at most [`MAX_BODY`].
pub async fn read(request: Request) -> Result<Bytes, Error> {
    to_bytes(request.into_body(), MAX_BODY).await.map_err(|e| {
        if std::error::Error::source(&e).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>) {
            Error::TooLarge(format!("The body is larger than {MAX_BODY} bytes: send less."))
        } else {
            Error::BadRequest("The body could not be read: send it again.".into())
        }
    })
}

/// A body that was read as it is, of at most `most` bytes.
pub fn taken(body: Result<Bytes, BytesRejection>, most: usize) -> Result<Bytes, Error> {
    body.map_err(|refused| match refused {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Error::TooLarge(format!("The body is larger than {most} bytes: send it in several requests."))
        }
        _ => Error::BadRequest("The body could not be read: send it again.".into()),
    })
}

/// The JSON objects of a body that is one or a list of them.
pub fn one_or_many<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, Error> {
    if bytes.trim_ascii_start().starts_with(b"[") { parse_any(bytes) } else { Ok(vec![parse_json(bytes)?]) }
}

/// An answer that is JSON already.
pub struct JsonText(pub String);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

/// A JSON body whose whole numbers may have a fraction of zero: the public SDK for Python writes amounts as `500.0`.
pub struct Wholes<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Wholes<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Error> {
        parse_wholes(&read(request).await?).map(Self)
    }
}

/// The same of a body that was read.
pub fn parse_wholes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut value: Value = parse_json(bytes)?;
    make_whole(&mut value);
    serde_path_to_error::deserialize(value).map_err(|e| explain(&e))
}

/// The same of a number in a query.
pub fn whole<'de, D: serde::Deserializer<'de>>(query: D) -> Result<Option<u32>, D::Error> {
    let text: String = serde::Deserialize::deserialize(query)?;
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    digits.parse().map(Some).map_err(serde::de::Error::custom)
}

/// Writes `500.0` as `500`, by its digits; a number with another fraction stays, and is refused where it is read.
fn make_whole(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(make_whole),
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Number(number) => {
            let digits = number.to_string();
            let whole = digits.strip_suffix(".0").and_then(|whole| whole.parse::<i64>().ok());
            if let Some(whole) = whole {
                *number = whole.into();
            }
        }
        _ => (),
    }
}

/// A JSON object, read as a record.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(Error::BadRequest("The body must be a JSON object: `{…}`.".into()));
    }
    parse_any(bytes)
}

fn parse_any<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if bytes.windows(6).any(|w| w.eq_ignore_ascii_case(b"\\u0000")) {
        return Err(Error::BadRequest("The body contains the character U+0000: leave it out.".into()));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| explain(&e))?;
    json.end().map_err(|e| Error::BadRequest(format!("The body is not one JSON value: {e}.")))?;
    Ok(value)
}

fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let (path, inner) = (error.path().to_string(), error.inner());
    if inner.is_data() {
        let field = if path == "." { "body".to_owned() } else { path };
        Error::at(field, format!("is not as documented: {inner}."))
    } else {
        Error::BadRequest(format!("The body is not valid JSON: {inner}."))
    }
}

/// A query string, refused with our own kind of error.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Error> {
        query(&parts.uri).map(Self)
    }
}

/// What the query of an address tells.
pub fn query<T: DeserializeOwned>(address: &Uri) -> Result<T, Error> {
    if address.query().is_some_and(|q| q.contains("%00")) {
        return Err(Error::BadRequest("The query contains the character U+0000: leave it out.".into()));
    }
    axum::extract::Query::try_from_uri(address)
        .map(|q| q.0)
        .map_err(|e| Error::BadRequest(format!("The query is not as documented: {}.", e.body_text())))
}

/// Which part of a list to give: `pageSize` (1 to 100, default 50) and `startingAfter`.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many rows: 1 to 100. Default 50.
    #[param(minimum = 1, maximum = 100)]
    pub page_size: Option<i64>,
    /// The id of the last row of the page before.
    pub starting_after: Option<String>,
}

impl Paging {
    /// How many rows.
    pub fn limit(&self) -> Result<i64, Error> {
        match self.page_size {
            None => Ok(50),
            Some(n) if (1..=100).contains(&n) => Ok(n),
            Some(n) => Err(Error::field("pageSize", format!("must be 1 to 100; it is {n}."))),
        }
    }

    /// The page and the way round of a list that is sorted by when its rows were made, and by nothing else.
    pub fn page(&self, turning: &Turning) -> Result<Page, Error> {
        turning.sorted_by(&["createdAt"])?;
        let limit = self.limit()?;
        Ok(Page { limit, skip: turning.skip(self, limit)?, oldest_first: turning.is_ascending()? })
    }

    /// The id to start after.
    pub fn after<T>(
        &self,
        parse: impl Fn(&str) -> Result<T, goodword_domain::Invalid>,
    ) -> Result<Option<T>, Error> {
        let parsed = self.starting_after.as_deref().map(parse).transpose();
        parsed.map_err(|e| Error::field("startingAfter", e.remedy))
    }
}

/// How public SDKs turn pages and sort; the cursor of [`Paging`] is the better way through a list that grows.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Turning {
    /// Which page, from 1; in the place of `startingAfter`.
    #[param(minimum = 1)]
    pub page: Option<i64>,
    /// What to sort by, see the list. Default: when it was made.
    pub sort_by: Option<String>,
    /// `desc` (default) or `asc`.
    pub sort_order: Option<String>,
    /// Refused: lists are read forwards, by `startingAfter`.
    #[param(ignore)]
    ending_before: Option<String>,
}

/// How many rows of a list may be skipped by `page`.
const MOST_SKIPPED: i64 = 100_000;

impl Turning {
    /// How many rows to skip before a page of `limit`.
    pub fn skip(&self, paging: &Paging, limit: i64) -> Result<i64, Error> {
        if self.ending_before.is_some() {
            return Err(Error::field("endingBefore", "is not known: read forwards, by `startingAfter`."));
        }
        let page = self.page.unwrap_or(1);
        let skipped = page.checked_sub(1).and_then(|before| before.checked_mul(limit));
        let skip = skipped.filter(|skip| (0..=MOST_SKIPPED).contains(skip)).ok_or_else(|| {
            Error::field(
                "page",
                format!("must be at least 1, and skip at most {MOST_SKIPPED} rows: use `startingAfter`."),
            )
        })?;
        if skip > 0 && paging.starting_after.is_some() {
            return Err(Error::field("page", "does not go with `startingAfter`: send one of them."));
        }
        Ok(skip)
    }

    /// Whether the order is the ascending one.
    pub fn is_ascending(&self) -> Result<bool, Error> {
        match self.sort_order.as_deref() {
            None | Some("desc") => Ok(false),
            Some("asc") => Ok(true),
            Some(_) => Err(Error::field("sortOrder", "must be `desc` or `asc`.")),
        }
    }

    /// Refuses every field to sort by but these; the first is the default.
    pub fn sorted_by(&self, known: &[&'static str]) -> Result<&'static str, Error> {
        let word = self.sort_by.as_deref();
        let found = known.iter().copied().find(|field| word.is_none_or(|word| word == *field));
        found.ok_or_else(|| {
            let known: Vec<String> = known.iter().map(|field| format!("`{field}`")).collect();
            Error::field("sortBy", format!("must be one of {}.", known.join(", ")))
        })
    }
}

/// A header as text.
pub fn header(headers: &HeaderMap, name: impl Into<HeaderName>) -> Option<&str> {
    headers.get(name.into()).and_then(|value| value.to_str().ok())
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// What a proxy tells of a browser's country, of its address; and what a browser says that wants no tracking.
static COUNTRIES: [HeaderName; 2] =
    [HeaderName::from_static("cf-ipcountry"), HeaderName::from_static("x-country-code")];
static FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");
static NO_TRACKING: HeaderName = HeaderName::from_static("sec-gpc");

/// Who asks, as far as the network tells: used hashed, never stored.
pub struct Client {
    /// The address.
    pub address: String,
    /// The `User-Agent` header.
    pub agent: String,
    /// The country our own proxy says the address is in (`CF-IPCountry` or `X-Country-Code`): its two letters as a number
    /// from 1, `AA`, to 676, `ZZ`; 0 for unknown.
    pub country: i64,
    /// Whether the browser wants no tracking (`Sec-GPC: 1`): then nothing is remembered of it but what tells a click from its
    /// repetition.
    pub opts_out: bool,
}

impl Client {
    /// The address, if it tells one household from another: behind a proxy that is not trusted everybody has the proxy's,
    /// which is a private one as a rule.
    pub fn public_address(&self) -> Option<&str> {
        is_one_households(self.address.parse().ok()?).then_some(self.address.as_str())
    }
}

/// Whether an address is one of the internet's, and not of a private network or of this machine. What may be called is another
/// question, with a stricter answer: [`crate::calling::is_public`].
fn is_one_households(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let shared = first == 100 && second & 0xc0 == 64;
            let nowhere = first == 0 || first >= 224;
            !(v4.is_loopback() || v4.is_private() || v4.is_link_local() || shared || nowhere)
        }
        IpAddr::V6(v6) => {
            // Translated from an address of version 4, which may be private.
            let translated = v6.segments()[..2] == [0x64, 0xff9b];
            !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || translated)
        }
    }
}

impl FromRequestParts<Shared> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self::of(&parts.headers, peer, app.config.trust_proxy))
    }
}

impl Client {
    /// Who sent a request over a connection from `peer`. What a proxy tells of it counts where proxies are trusted.
    pub fn of(headers: &HeaderMap, peer: Option<IpAddr>, trust_proxy: bool) -> Self {
        let forwarded = if trust_proxy { last_forwarded(headers) } else { None };
        Self {
            address: forwarded.or(peer).map(|address| address.to_string()).unwrap_or_default(),
            agent: header(headers, USER_AGENT).unwrap_or_default().to_owned(),
            country: if trust_proxy { country(headers) } else { 0 },
            opts_out: headers.get(&NO_TRACKING).is_some_and(|value| value == "1"),
        }
    }
}

fn country(headers: &HeaderMap) -> i64 {
    let told = COUNTRIES.iter().find_map(|name| headers.get(name).and_then(|value| value.to_str().ok()));
    told.and_then(country_number).unwrap_or(0)
}

/// Two letters as a number; `XX` is how proxies say they do not know.
pub fn country_number(letters: &str) -> Option<i64> {
    let [a, b] = letters.as_bytes() else { return None };
    let place =
        |letter: &u8| letter.is_ascii_alphabetic().then(|| i64::from(letter.to_ascii_uppercase() - b'A'));
    (!letters.eq_ignore_ascii_case("xx")).then_some(place(a)? * 26 + place(b)? + 1)
}

/// The two letters of a country's number.
pub fn country_letters(number: i64) -> Option<String> {
    let index = u8::try_from((number - 1) / 26).ok().zip(u8::try_from((number - 1) % 26).ok());
    let (a, b) = index.filter(|_| (1..=676).contains(&number))?;
    Some([b'A' + a, b'A' + b].map(char::from).iter().collect())
}

/// The address our own proxy added: the last of the last line, whatever the client sent before it.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(&FORWARDED).iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::SaleInput;

    #[track_caller]
    fn refusal(body: &str) -> String {
        parse_json::<SaleInput>(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_names_the_field() {
        assert!(refusal(r#"{"amount":"ten"}"#).contains("`amount`"));
        assert!(refusal(r#"{"amount":1.5}"#).contains("`amount`"));
        assert!(refusal("{").contains("not valid JSON"));
        assert!(refusal("[]").contains("JSON object"));
        assert!(refusal(r#"{"invoiceId":"a\u0000b"}"#).contains("U+0000"));
        assert!(refusal(r"{} {}").contains("one JSON value"));
    }

    #[test]
    fn whole_numbers_may_have_a_fraction_of_zero() {
        let amount = |text: &str| parse_wholes::<SaleInput>(text.as_bytes()).map(|sale| sale.amount);
        assert_eq!(amount(r#"{"amount":500.0}"#).unwrap(), Some(500));
        assert_eq!(amount(r#"{"amount":-7}"#).unwrap(), Some(-7));
        for refused in [r#"{"amount":500.5}"#, r#"{"amount":1e300}"#, r#"{"amount":"500"}"#] {
            assert!(amount(refused).unwrap_err().to_string().contains("`amount`"), "{refused}");
        }
    }

    #[test]
    fn the_last_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(last_forwarded(&headers), None);
        headers.append("x-forwarded-for", "1.1.1.1, 2.2.2.2".parse().unwrap());
        assert_eq!(last_forwarded(&headers), Some([2, 2, 2, 2].into()));
        headers.append("x-forwarded-for", "3.3.3.3".parse().unwrap());
        assert_eq!(last_forwarded(&headers), Some([3, 3, 3, 3].into()));
        headers.append("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(last_forwarded(&headers), None);
    }

    #[test]
    fn private_addresses_tell_nothing() {
        let is_public = |address: &str| {
            let client =
                Client { address: address.to_owned(), agent: String::new(), country: 0, opts_out: false };
            client.public_address().is_some()
        };
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.9",
            "169.254.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "",
        ] {
            assert!(!is_public(address), "{address}");
        }
        for address in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2001:db8::1"] {
            assert!(is_public(address), "{address}");
        }
    }

    #[test]
    fn countries_there_and_back() {
        for letters in ["AA", "DE", "ZZ"] {
            assert_eq!(country_letters(country_number(letters).unwrap()).as_deref(), Some(letters));
        }
        assert_eq!(country_number("us"), country_number("US"));
        assert_eq!([country_number("XX"), country_number("USA"), country_number("U1")], [None; 3]);
        assert_eq!([country_letters(0), country_letters(677)], [None, None]);
    }

    #[test]
    fn cookies() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; gw=xyz".parse().unwrap());
        assert_eq!(cookie(&headers, "gw"), Some("xyz"));
        assert_eq!(cookie(&headers, "g"), None);
    }
}
