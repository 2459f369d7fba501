//! Programs ready to be made: one document for each of the field's kinds of incentive, compiled in.
//!
//! A template is a program document without the vendor's own words: no page its links lead to, a name to be changed, and US
//! dollars. The list is in the order in which the field counts its kinds.

use crate::error::Error;
use crate::program_file::{Format, Source};
use goodword_domain::money::Currency;
use goodword_wire::ProgramInput;

/// A program ready to be made.
pub struct Template {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What kind of program it is, in a few words.
    pub about: &'static str,
    /// The page of the guide that tells its story.
    pub page: &'static str,
    /// The document, TOML.
    pub text: &'static str,
}

macro_rules! templates {
    ($($name:literal: $about:literal;)*) => {
        &[$(Template {
            name: $name,
            about: $about,
            page: concat!("program-", $name),
            text: include_str!(concat!("../programs/", $name, ".toml")),
        }),*]
    };
}

/// Every template, in the order in which the field counts its kinds of program.
pub const TEMPLATES: &[Template] = templates! {
    "value-added-reseller": "Reseller: sell-through against a target of one's own, with accelerators";
    "spif": "SPIF: a dated promotion, per unit or by monthly recurring revenue";
    "market-development-fund": "Market development: a share of the cost of activities, approved beforehand";
    "co-op-fund": "Co-op: purchases accrue money for advertising, in lots that expire";
    "deal-registration": "Deal registration: who registers a customer is protected, and paid as the deal moves";
    "training": "Training: points for courses and certificates, once each, levels, and a prize for the best";
    "loyalty": "Loyalty: points by what was sold, in lots that expire, redeemed from a catalogue";
    "rebate": "Rebate: by what was sold in a period, with the distance to the next tier";
    "referral": "Referral: both who refers and who is referred get something";
    "influencer": "Influencer: a bounty for each new subscriber, capped";
    "solution-fund": "Solution development: paid in tranches, as evidence reaches thresholds";
    "embedded-headcount": "Embedded headcount: a share of a salary by quarters, gated by a figure";
};

/// The vendor's own words, in the place of the template's.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The program's name.
    pub name: Option<String>,
    /// Where its links lead.
    pub url: Option<String>,
    /// Its currency, with a minor unit of two digits.
    pub currency: Option<String>,
}

/// The template of a name.
pub fn named(name: &str) -> Result<&'static Template, Error> {
    TEMPLATES.iter().find(|template| template.name == name).ok_or_else(|| {
        let names: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        Error::BadRequest(format!("There is no template `{name}`. There are: {}.", names.join(", ")))
    })
}

impl Template {
    /// The document with the vendor's own words in it.
    pub fn document(&self, own: &Own) -> Result<ProgramInput, Error> {
        let document = Source::new(Format::Toml, self.text).read()?;
        if let Some(code) = &own.currency
            && Currency::parse(code)?.exponent() != 2
        {
            let remedy = "must have a minor unit of two digits, for the template's amounts are written in it: print the \
                          template with `--print`, change its amounts, and use `goodword program apply`.";
            return Err(Error::field("currency", remedy));
        }
        Ok(ProgramInput {
            name: own.name.clone().or(document.name),
            url: own.url.clone().or(document.url),
            currency: own.currency.clone().or(document.currency),
            ..document
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::programs;
    use crate::world::World;
    use goodword_domain::id::VendorId;
    use goodword_domain::time::Instant;

    #[test]
    fn every_template_is_a_program_once_it_has_a_page() {
        for template in TEMPLATES {
            let own = Own { url: Some("https://shop.example/".into()), ..Own::default() };
            let document = template.document(&own).unwrap();
            let made = programs::sketch(World, &VendorId::from_bits(1), &document, Instant(0));
            assert!(made.is_ok(), "{}: {}", template.name, made.unwrap_err());
            assert!(template.text.starts_with("# "), "{} does not say what it is", template.name);
        }
    }

    #[test]
    fn a_currency_of_other_digits_would_change_every_amount() {
        let own = |code: &str| Own { currency: Some(code.into()), ..Own::default() };
        let influencer = named("influencer").unwrap();
        assert_eq!(influencer.document(&own("eur")).unwrap().currency.as_deref(), Some("eur"));
        for odd in ["jpy", "kwd", "xyz"] {
            assert!(influencer.document(&own(odd)).is_err(), "{odd}");
        }
    }

    #[test]
    fn whoever_asks_for_another_hears_which_there_are() {
        let refusal = named("influenza").err().unwrap().to_string();
        assert!(refusal.contains("influencer") && refusal.contains("referral"), "{refusal}");
    }
}
