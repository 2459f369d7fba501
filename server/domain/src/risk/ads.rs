//! How a paid ad is recognised.

/// What ad networks append to the address an ad leads to: Google (the first five), Microsoft (msclkid), `TikTok` (ttclid),
/// X (twclid), Yandex (yclid), Reddit (`rdt_cid`), `LinkedIn` (`li_fat_id`), Snap (sccid). Not fbclid: Facebook appends it
/// to every link in every post, paid or not.
const CLICK_IDS: [&str; 12] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "gclsrc",
    "msclkid",
    "ttclid",
    "twclid",
    "yclid",
    "rdt_cid",
    "li_fat_id",
    "sccid",
];

/// The values of `utm_medium` that mean paid, besides those that begin with `paid`. Source: the default channel group of
/// Google Analytics (support.google.com/analytics/answer/9756891), and the old `sem`. Not `banner`, `display` or
/// `retargeting`: an influencer may carry a banner, and a newsletter may remind.
const PAID_MEDIA: [(&str, &str); 5] = [
    ("cpc", "utm_medium=cpc"),
    ("ppc", "utm_medium=ppc"),
    ("cpm", "utm_medium=cpm"),
    ("cpv", "utm_medium=cpv"),
    ("sem", "utm_medium=sem"),
];

/// The parameter in an address, or in its query from the `?` on, that tells it was reached through a paid ad. Its value
/// would name a person's click and is left out; so this, not the address, is what is kept of a click.
pub fn ad_parameter(address: &str) -> Option<&'static str> {
    let (_, query) = address.split('#').next()?.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        paid(&name.to_ascii_lowercase(), &value.to_ascii_lowercase())
    })
}

fn paid(name: &str, value: &str) -> Option<&'static str> {
    if name != "utm_medium" {
        return CLICK_IDS.into_iter().find(|id| *id == name && !value.is_empty());
    }
    let medium = PAID_MEDIA.iter().find(|(medium, _)| *medium == value).map(|(_, shown)| *shown);
    medium.or_else(|| value.starts_with("paid").then_some("utm_medium=paid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paid_clicks() {
        for (address, found) in [
            ("https://shop.example/?gclid=x", "gclid"),
            ("https://shop.example/tea?a=1&MSCLKID=x#top", "msclkid"),
            ("?wbraid=1", "wbraid"),
            ("https://shop.example/?utm_medium=CPC", "utm_medium=cpc"),
            ("https://shop.example/?utm_medium=paid-social&via=maya", "utm_medium=paid"),
            ("https://shop.example/?utm_medium=email&ttclid=7", "ttclid"),
        ] {
            assert_eq!(ad_parameter(address), Some(found), "{address}");
        }
    }

    #[test]
    fn clicks_nobody_paid_for() {
        for address in [
            "https://shop.example/gclid=x",
            "https://shop.example/?gclid=",
            "https://shop.example/?fbclid=x",
            "https://shop.example/?utm_medium=influencer",
            "https://shop.example/?utm_medium=unpaid",
            "https://shop.example/?utm_source=cpc",
            "https://shop.example/?page=1#?gclid=x",
            "https://shop.example/#?gclid=x",
        ] {
            let found = ad_parameter(address);
            assert_eq!(found, None, "{address}");
        }
    }
}
