//! Filters that combine, as the address says them: whose figures, and how people came. Pure.

use crate::route::{Place, encode};
use crate::text::{key, t};

/// A filter: its name in the address, what the server calls it, and what people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    pub key: &'static str,
    pub asked: &'static str,
    pub title: &'static str,
}

const fn filter(key: &'static str, asked: &'static str, title: &'static str) -> Filter {
    Filter { key, asked, title }
}

/// All there are.
pub const FILTERS: [Filter; 7] = [
    filter("partner", "partnerId", key("Partner")),
    filter("link", "linkId", key("Link")),
    filter("site", "site", key("Source")),
    filter("page", "landingPage", key("Landing page")),
    filter("country", "country", key("Country")),
    filter("device", "device", key("Device")),
    filter("touchpoint", "touchpoint", key("Touchpoint")),
];

/// By what figures are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// The word in the address.
    pub word: &'static str,
    /// What the server calls it.
    pub asked: &'static str,
    pub title: &'static str,
    /// What leads to the whole list.
    pub all: &'static str,
    /// The filter a row is.
    pub filter: &'static str,
}

const fn dimension(
    [word, asked, filter]: [&'static str; 3],
    title: &'static str,
    all: &'static str,
) -> Dimension {
    Dimension { word, asked, title, all, filter }
}

/// All there are.
pub const DIMENSIONS: [Dimension; 7] = [
    dimension(["partners", "partners", "partner"], key("Partners"), key("All partners")),
    dimension(["links", "links", "link"], key("Links"), key("All links")),
    dimension(["sources", "sites", "site"], key("Sources"), key("All sources")),
    dimension(["pages", "pages", "page"], key("Landing pages"), key("All landing pages")),
    dimension(["countries", "countries", "country"], key("Countries"), key("All countries")),
    dimension(["devices", "devices", "device"], key("Devices"), key("All devices")),
    dimension(["touchpoints", "touchpoints", "touchpoint"], key("Touchpoints"), key("All touchpoints")),
];

/// What the server is asked besides: `&partnerId=…&country=…`.
pub fn query(place: &Place) -> String {
    let said = FILTERS.iter().filter_map(|filter| Some((filter.asked, place.get(filter.key)?)));
    said.flat_map(|(asked, value)| ["&".to_owned(), asked.to_owned(), "=".to_owned(), encode(value)])
        .collect()
}

/// The filters that are chosen, with their values.
pub fn chosen(place: &Place) -> Vec<(Filter, String)> {
    let said = FILTERS.iter().filter_map(|filter| Some((*filter, place.get(filter.key)?.to_owned())));
    said.collect()
}

/// Another page's place with the same filters and days.
pub fn carried(from: &Place, to: Place) -> Place {
    let keys = FILTERS.iter().map(|filter| filter.key).chain(["range", "from", "to"]);
    keys.fold(to, |to, key| to.with(key, from.get(key).unwrap_or_default()))
}

/// The value of a row's filter: what is not known is `none`.
pub fn value(id: &str) -> &str {
    if id.is_empty() { "none" } else { id }
}

/// What a row or a filter's value is called.
pub fn called(key: &str, name: &str) -> String {
    let known = !name.is_empty() && name != "none";
    match (key, known) {
        ("touchpoint", true) => {
            let word = match name {
                "click" => t("Link followed"),
                "code" => t("Code typed"),
                "form" => t("Form on a partner’s site"),
                "registration" => t("Registered deal"),
                "manual" => t("Named by you"),
                other => other,
            };
            word.to_owned()
        }
        ("device", true) => {
            let mut letters = name.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        (_, true) => name.to_owned(),
        ("site", false) => t("No site told").to_owned(),
        ("page", false) => t("The link’s own page").to_owned(),
        ("touchpoint", false) => t("Nobody’s").to_owned(),
        (_, false) => t("Unknown").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Route;

    #[test]
    fn filters_go_from_the_address_to_the_server() {
        let place = Place::parse("/console", "?country=DE&page=https%3A%2F%2Fshop.example%2F&range=7");
        assert_eq!(query(&place), "&landingPage=https%3A%2F%2Fshop.example%2F&country=DE");
        assert_eq!(
            chosen(&place).iter().map(|(f, _)| f.title).collect::<Vec<_>>(),
            ["Landing page", "Country"]
        );
    }

    #[test]
    fn filters_and_days_are_carried_to_another_page() {
        let place = Place::parse("/console", "?mode=test&country=DE&range=7&chart=sales");
        let to = carried(&place, place.to(Route::Events));
        assert_eq!(to.url(), "/console/events?mode=test&country=DE&range=7");
    }

    #[test]
    fn what_is_not_known_has_a_name() {
        assert_eq!((value(""), called("country", "")), ("none", "Unknown".to_owned()));
        assert_eq!(
            (called("device", "mobile"), called("touchpoint", "none")),
            ("Mobile".into(), "Nobody’s".into())
        );
        assert_eq!(called("site", "none"), "No site told");
    }

    #[test]
    fn every_dimension_filters_by_a_filter_there_is() {
        for dimension in DIMENSIONS {
            assert!(FILTERS.iter().any(|filter| filter.key == dimension.filter), "{}", dimension.title);
        }
    }
}
