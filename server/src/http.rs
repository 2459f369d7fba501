//! Reading requests: bodies, queries, cookies, and the address of who asks.

use crate::app::Shared;
use crate::error::Error;
use axum::body::{Bytes, to_bytes};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};

/// The largest body taken.
pub const MAX_BODY: usize = 128 * 1024;

/// A JSON body, whatever it calls itself: pages send `text/plain` to save the browser's preflight request.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Error> {
        parse_json(&read(request).await?).map(Self)
    }
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

async fn read(request: Request) -> Result<Bytes, Error> {
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

fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
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
        if parts.uri.query().is_some_and(|q| q.contains("%00")) {
            return Err(Error::BadRequest("The query contains the character U+0000: leave it out.".into()));
        }
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|q| Self(q.0))
            .map_err(|e| Error::BadRequest(format!("The query is not as documented: {}.", e.body_text())))
    }
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

    /// The id to start after.
    pub fn after<T>(
        &self,
        parse: impl Fn(&str) -> Result<T, goodword_domain::Invalid>,
    ) -> Result<Option<T>, Error> {
        let parsed = self.starting_after.as_deref().map(parse).transpose();
        parsed.map_err(|e| Error::field("startingAfter", e.remedy))
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
        is_public(self.address.parse().ok()?).then_some(self.address.as_str())
    }
}

/// Whether an address is one of the internet's, and not of a private network or of this machine.
pub fn is_public(address: IpAddr) -> bool {
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
        let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string());
        let forwarded = app.config.trust_proxy.then(|| last_forwarded(&parts.headers)).flatten();
        let agent = header(&parts.headers, axum::http::header::USER_AGENT).unwrap_or_default().to_owned();
        let country = if app.config.trust_proxy { country(&parts.headers) } else { 0 };
        let opts_out = header(&parts.headers, HeaderName::from_static("sec-gpc")) == Some("1");
        Ok(Self { address: forwarded.or(direct).unwrap_or_default(), agent, country, opts_out })
    }
}

fn country(headers: &HeaderMap) -> i64 {
    let told = ["cf-ipcountry", "x-country-code"]
        .into_iter()
        .find_map(|name| headers.get(name).and_then(|value| value.to_str().ok()));
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
fn last_forwarded(headers: &HeaderMap) -> Option<String> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let address: IpAddr = last.rsplit(',').next()?.trim().parse().ok()?;
    Some(address.to_string())
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
    fn the_last_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(last_forwarded(&headers), None);
        headers.append("x-forwarded-for", "1.1.1.1, 2.2.2.2".parse().unwrap());
        assert_eq!(last_forwarded(&headers).as_deref(), Some("2.2.2.2"));
        headers.append("x-forwarded-for", "3.3.3.3".parse().unwrap());
        assert_eq!(last_forwarded(&headers).as_deref(), Some("3.3.3.3"));
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
