//! Whose figures and events are meant: filters that combine.

use super::programs;
use crate::error::Error;
use crate::http::country_number;
use crate::store::{Dimension, Narrowed, Program, Tx, Word, device_word, means_of_word};
use goodword_domain::id::{LinkId, PartnerId, VendorId};

/// Whose figures.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
#[expect(clippy::struct_field_names, reason = "the query calls them so")]
pub struct Narrow {
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// Only of this partner.
    pub partner_id: Option<String>,
    /// Only through this link.
    pub link_id: Option<String>,
}

/// Filters by how clicks, leads and sales came.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CameFrom {
    /// Only from this country, two letters; `none` for unknown.
    pub country: Option<String>,
    /// Only on this kind of device: `desktop`, `mobile` or `tablet`; `none` for unknown.
    pub device: Option<String>,
    /// Only from this site, such as `blog.example`; `none` for those that came from no site.
    pub site: Option<String>,
    /// Only those who landed on this page: its address without a query; `none` for the link's own.
    pub landing_page: Option<String>,
    /// Only by this kind of touchpoint: `click`, `form`, `code`, `registration` or `manual`; `none` for nobody's.
    pub touchpoint: Option<String>,
}

impl CameFrom {
    /// The items that are meant.
    pub fn items(&self) -> Result<Vec<(Dimension, i64)>, Error> {
        let mut items = Vec::new();
        if let Some(text) = said(self.country.as_ref()) {
            let unknown = || Error::field("country", "must be two letters, or `none`.");
            items.push((Dimension::Country, or_none(text, country_number).ok_or_else(unknown)?));
        }
        if let Some(text) = said(self.device.as_ref()) {
            let unknown = || Error::field("device", "must be `desktop`, `mobile`, `tablet` or `none`.");
            let number = |word: &str| (1..=3).find(|number| device_word(*number) == word);
            items.push((Dimension::Device, or_none(text, number).ok_or_else(unknown)?));
        }
        let word = |text: &str| Some(Word::new(text.to_owned()).id);
        if let Some(text) = said(self.site.as_ref()) {
            items.extend(or_none(text, word).map(|item| (Dimension::Site, item)));
        }
        if let Some(text) = said(self.landing_page.as_ref()) {
            items.extend(or_none(text, word).map(|item| (Dimension::Page, item)));
        }
        if let Some(text) = said(self.touchpoint.as_ref()) {
            let remedy = "must be `click`, `form`, `code`, `registration`, `manual` or `none`.";
            items.push((
                Dimension::Means,
                means_of_word(text).ok_or_else(|| Error::field("touchpoint", remedy))?,
            ));
        }
        Ok(items)
    }
}

fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn or_none(text: &str, number: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    if text == "none" { Some(0) } else { number(text) }
}

impl Narrow {
    /// The program, and what is meant of it.
    pub fn read(
        &self,
        tx: &mut Tx<'_>,
        vendor: &VendorId,
        came: &CameFrom,
    ) -> Result<(Program, Narrowed), Error> {
        let program = programs::named(tx, vendor, self.program_id.as_ref())?;
        let partner = self.partner_id.as_deref().map(PartnerId::parse).transpose()?;
        let link = self.link_id.as_deref().map(LinkId::parse).transpose()?;
        let of_partner = partner.map(|partner| tx.link_numbers(&program.id, &partner)).transpose()?;
        let own = match &link {
            Some(link) => Some(Vec::from_iter(
                tx.link(vendor, link)?.filter(|link| link.program == program.id).map(|link| link.number),
            )),
            None => None,
        };
        let links = match (of_partner, own) {
            (Some(mut all), Some(own)) => {
                all.retain(|number| own.contains(number));
                Some(all)
            }
            (all, own) => all.or(own),
        };
        Ok((program, Narrowed { links, items: came.items()? }))
    }
}
