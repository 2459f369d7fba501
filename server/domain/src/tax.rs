//! What tax law wants to know of whoever is paid: the country, the VAT number, the forms of the United States; and the invoice that the
//! payer writes in a partner's name.

use crate::Invalid;
use crate::money::Percentage;
use crate::person::parse_name;
use std::fmt;

/// What is known of a partner's taxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Where the partner is taxed.
    pub country: Option<Country>,
    /// The name of the person or firm, as it stands on invoices.
    pub name: Option<String>,
    /// The postal address, in lines.
    pub address: Option<String>,
    /// Whether it is a firm, or a person in business.
    pub is_business: bool,
    /// The number of a firm, without spaces, with its country's letters.
    pub vat: Option<VatNumber>,
    /// Whether a firm says that it needs no VAT number: a small one.
    pub is_exempt: bool,
    /// Whether the payer has the partner's Form W-9 (of the United States) or W-8 (of elsewhere).
    pub form: Option<Form>,
    /// Whether the partner agrees that the payer writes the invoices.
    pub self_billing: bool,
}

/// A form of the United States' tax office that the payer has on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Of people and firms of the United States.
    W9,
    /// Of those from elsewhere: W-8BEN, W-8BEN-E and their like.
    W8,
}

/// A country: its two letters of ISO 3166.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country([u8; 2]);

/// A VAT number whose format is that of its country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatNumber(String);

/// What a payer wants of its partners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whether nobody is paid before the fields are complete.
    pub required: bool,
    /// The payer's own country.
    pub country: Option<Country>,
    /// Whether the payer writes invoices for partners who agree to it.
    pub self_billing: bool,
    /// The rate of VAT that a firm of the payer's own country has in what it is paid; none where invoices show no VAT.
    pub domestic_vat: Option<Percentage>,
}

/// How an invoice treats VAT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// A firm of the payer's own country: so much of the amount is VAT, minor units.
    Included {
        /// The rate.
        rate: Percentage,
        /// Without VAT.
        net: i64,
        /// The VAT.
        vat: i64,
    },
    /// A firm of another country of the European Union: the payer owes the VAT.
    ReverseCharge,
    /// No VAT is shown.
    None,
}

/// The formats, by the letters that numbers begin with: `9` is a digit, `A` a letter, `*` either; everything else stands for itself.
/// Sources: the European Commission's VIES, the tax offices of the United Kingdom, Switzerland and Norway.
const FORMATS: [(&str, &[&str]); 31] = [
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["A9999999A", "A99999999", "99999999A"]),
    ("FI", &["99999999"]),
    ("FR", &["**999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9*99999A", "9999999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("CHE", &["999999999", "999999999MWST", "999999999TVA", "999999999IVA"]),
    ("NO", &["999999999", "999999999MVA"]),
];

/// How many of them, from the first on, are of the European Union.
const UNION: usize = 28;

impl Profile {
    /// What is missing before the partner can be paid, as the fields of the API spell it.
    pub fn missing(&self, wanted: &Wanted) -> Vec<&'static str> {
        let mut missing = Vec::new();
        let mut want = |field: &'static str, is_there: bool| {
            if !is_there {
                missing.push(field);
            }
        };
        want("country", self.country.is_some());
        want("name", self.name.is_some());
        want("address", self.address.is_some());
        if self.is_business && self.country.is_some_and(Country::has_vat) {
            want("vatNumber", self.vat.is_some() || self.is_exempt);
        }
        let us = Country(*b"US");
        if wanted.country == Some(us) || self.country == Some(us) {
            let needed = if self.country == Some(us) { Form::W9 } else { Form::W8 };
            want("form", self.form == Some(needed));
        }
        missing
    }

    /// Whether payouts wait for what is missing.
    pub fn holds_up(&self, wanted: &Wanted) -> bool {
        wanted.required && !self.missing(wanted).is_empty()
    }

    /// The same, once its parts are sure to go together.
    pub fn checked(self) -> Result<Self, Invalid> {
        if let (Some(country), Some(vat)) = (self.country, &self.vat)
            && !vat.is_of(country)
        {
            let remedy = format!("must be a number of the country {country}.");
            return Err(Invalid::new("vatNumber", remedy));
        }
        if self.vat.is_some() && !self.is_business {
            return Err(Invalid::new("vatNumber", "is a firm's: say `business`, or leave it out."));
        }
        Ok(self)
    }

    /// How the invoice over what the partner is paid treats VAT. `amount` in minor units.
    pub fn treatment(&self, wanted: &Wanted, amount: i64) -> Treatment {
        let (Some(own), Some(vat), Some(theirs)) = (wanted.country, &self.vat, self.country) else {
            return Treatment::None;
        };
        match (&wanted.domestic_vat, own == theirs) {
            (Some(rate), true) if !self.is_exempt => {
                let vat = included(*rate, amount);
                Treatment::Included { rate: *rate, net: amount - vat, vat }
            }
            (_, false) if own.is_of_union() && theirs.is_of_union() && vat.is_of_union() => {
                Treatment::ReverseCharge
            }
            _ => Treatment::None,
        }
    }
}

/// The VAT within an amount that has it, rounded half away from zero; minor units.
fn included(rate: Percentage, amount: i64) -> i64 {
    let rate = i128::try_from(rate.millionths()).unwrap_or(0);
    let (above, below) = (i128::from(amount) * rate, 1_000_000 + rate);
    let half = if above < 0 { -below } else { below };
    i64::try_from((2 * above + half) / (2 * below)).unwrap_or(0)
}

impl Country {
    /// From its two letters.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let upper = text.trim().to_ascii_uppercase();
        // Greece is GR, though its VAT numbers begin with EL.
        match upper.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(Invalid::new(field, "must be the two letters of a country, such as `DE`.")),
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What its VAT numbers begin with.
    fn letters(&self) -> &str {
        match self.as_str() {
            "GR" => "EL",
            "CH" | "LI" => "CHE",
            other => other,
        }
    }

    fn has_vat(self) -> bool {
        FORMATS.iter().any(|(letters, _)| *letters == self.letters())
    }

    fn is_of_union(self) -> bool {
        FORMATS[..UNION].iter().any(|(letters, _)| *letters == self.letters() && *letters != "XI")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl VatNumber {
    /// From text with whatever people put between its parts. Only the format is checked, not whether somebody has it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let plain = |c: &char| !matches!(c, ' ' | '.' | '-' | '/' | '\u{a0}');
        let number: String = text.chars().filter(plain).map(|c| c.to_ascii_uppercase()).collect();
        let of = |(letters, formats): &(&str, &[&str])| {
            let rest = number.strip_prefix(letters)?;
            Some(formats.iter().any(|format| fits(rest, format)))
        };
        match FORMATS.iter().find_map(of) {
            Some(true) => Ok(Self(number)),
            Some(false) => Err(Invalid::new("vatNumber", "has another format in its country: check it.")),
            None => Err(Invalid::new(
                "vatNumber",
                "must begin with the letters of a country of the European Union, of GB, CHE or NO.",
            )),
        }
    }

    /// As text, without spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_of(&self, country: Country) -> bool {
        let northern = country.as_str() == "GB" && self.0.starts_with("XI");
        northern || self.0.starts_with(country.letters())
    }

    fn is_of_union(&self) -> bool {
        FORMATS[..UNION].iter().any(|(letters, _)| self.0.starts_with(letters))
    }
}

fn fits(text: &str, format: &str) -> bool {
    let one = |(c, wanted): (char, char)| match wanted {
        '9' => c.is_ascii_digit(),
        'A' => c.is_ascii_uppercase(),
        '*' => c.is_ascii_digit() || c.is_ascii_uppercase(),
        other => c == other,
    };
    text.len() == format.len() && text.chars().zip(format.chars()).all(one)
}

impl Form {
    /// From its word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("form", &[(Self::W9, "w9"), (Self::W8, "w8")], text)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::W9 => "w9",
            Self::W8 => "w8",
        }
    }
}

/// A postal address: 1 to 300 characters, at most six lines.
pub fn parse_address(text: &str) -> Result<String, Invalid> {
    let text = text.trim().replace('\r', "");
    let plain = |c: char| c == '\n' || !c.is_control();
    if text.is_empty() || text.chars().count() > 300 || text.lines().count() > 6 || !text.chars().all(plain) {
        return Err(Invalid::new("address", "must be 1 to 300 characters in at most six lines."));
    }
    Ok(text)
}

/// The name on invoices.
pub fn parse_legal_name(text: &str) -> Result<String, Invalid> {
    parse_name("name", text)
}

#[cfg(test)]
#[path = "tax_tests.rs"]
mod tests;
