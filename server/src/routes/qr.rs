//! QR codes as pictures.

use crate::app::Shared;
use crate::auth::PublicCaller;
use crate::error::Error;
use crate::http::{Query, whole};
use crate::origin;
use crate::qr::{Level, Style, png};
use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use goodword_domain::Invalid;
use goodword_wire::ErrorBody;

/// Of what, and how. The names are those of the public Dub API.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct QrQuery {
    /// The address: `https:`, at most 2,048 characters. Without a key, one of ours.
    url: String,
    /// How wide the picture is, in pixels: 32 to 2,048. Default 600.
    #[param(minimum = 32, maximum = 2048)]
    #[serde(default, deserialize_with = "whole")]
    size: Option<u32>,
    /// How much of it may be covered: `L` (7 %, default), `M` (15 %), `Q` (25 %) or `H` (30 %).
    level: Option<String>,
    /// The colour of the squares, as in `#000000` (default).
    fg_color: Option<String>,
    /// The colour of the ground, as in `#FFFFFF` (default).
    bg_color: Option<String>,
    /// The quiet zone around it, in squares: 0 to 16. Default 2.
    #[param(minimum = 0, maximum = 16)]
    #[serde(default, deserialize_with = "whole")]
    margin: Option<u32>,
}

/// Somebody with a key, or without.
pub struct Holder(Option<PublicCaller>);

impl FromRequestParts<Shared> for Holder {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let has_key = parts.headers.contains_key(header::AUTHORIZATION)
            || parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("pk=")));
        if has_key {
            PublicCaller::from_request_parts(parts, app).await.map(Some).map(Self)
        } else {
            Ok(Self(None))
        }
    }
}

/// An address as a QR code
///
/// A PNG. With a key of any `https:` address; without one, so that it can stand in an `<img>`, of our own links.
#[utoipa::path(get, path = "/v1/qr", tag = "links", params(QrQuery),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), (status = "4XX", body = ErrorBody)))]
pub async fn picture(
    State(app): State<Shared>,
    Holder(holder): Holder,
    Query(query): Query<QrQuery>,
) -> Result<Response, Error> {
    let own = query.url == app.public_url || query.url.starts_with(&format!("{}/", app.public_url));
    if !own {
        if holder.is_none() {
            return Err(Error::Unauthorized(
                "Without a key only our own links are drawn: send a secret key, or `?pk=pk_…`.".into(),
            ));
        }
        origin::parse_link_target("url", &query.url)?;
    } else if query.url.len() > 2048 {
        return Err(Error::field("url", "must be at most 2,048 characters."));
    }
    let style = query.style()?;
    let drawn = tokio::task::spawn_blocking(move || png(&query.url, &style)).await;
    let picture = drawn.map_err(|e| Error::internal(e.to_string()))??;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, [("cross-origin-resource-policy", "cross-origin")], picture).into_response())
}

impl QrQuery {
    fn style(&self) -> Result<Style, Invalid> {
        Ok(Style {
            size: within("size", self.size.unwrap_or(600), 32, 2048)?,
            margin: within("margin", self.margin.unwrap_or(2), 0, 16)?,
            level: level(self.level.as_deref())?,
            dark: self.fg_color.as_deref().map_or(Ok([0; 3]), |text| colour("fgColor", text))?,
            light: self.bg_color.as_deref().map_or(Ok([255; 3]), |text| colour("bgColor", text))?,
        })
    }
}

fn within(field: &'static str, value: u32, low: u32, high: u32) -> Result<u32, Invalid> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(Invalid::new(field, format!("must be from {low} to {high}; it is {value}.")))
    }
}

fn level(word: Option<&str>) -> Result<Level, Invalid> {
    match word {
        None | Some("L") => Ok(Level::L),
        Some("M") => Ok(Level::M),
        Some("Q") => Ok(Level::Q),
        Some("H") => Ok(Level::H),
        Some(_) => Err(Invalid::new("level", "must be `L`, `M`, `Q` or `H`.")),
    }
}

/// Red, green and blue of `#RRGGBB`, or of `#RGB`.
fn colour(field: &'static str, text: &str) -> Result<[u8; 3], Invalid> {
    let digits: Option<Vec<u32>> = text.trim_start_matches('#').chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| [3, 6].contains(&digits.len()));
    let digits = digits.ok_or_else(|| Invalid::new(field, "must be a colour such as `#000000`."))?;
    let width = digits.len() / 3;
    let part = |at: usize| digits[at * width] * 16 + digits[at * width + width - 1];
    Ok([0, 1, 2].map(|at| u8::try_from(part(at)).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        assert_eq!(colour("fgColor", "#0a7d4f").unwrap(), [10, 125, 79]);
        assert_eq!(colour("fgColor", "F80").unwrap(), [255, 136, 0]);
        for bad in ["", "#", "#12345", "red", "#ggg"] {
            assert!(colour("fgColor", bad).is_err(), "{bad}");
        }
    }
}
