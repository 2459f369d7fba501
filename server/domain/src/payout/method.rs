//! How a partner wants to be paid.

use super::iban::{Bic, Iban};
use crate::Invalid;
use crate::person::{Email, parse_name};

/// The ways of paying, without anybody's details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PayPal, by e-mail address.
    PayPal,
    /// Wise, by e-mail address or bank account.
    Wise,
    /// A SEPA credit transfer, in euros.
    Sepa,
    /// A gift card that is sent by e-mail.
    GiftCard,
    /// A credit note: the vendor sets the amount off, or pays it outside.
    CreditNote,
    /// However vendor and partner agreed.
    Manual,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::PayPal, Self::Wise, Self::Sepa, Self::GiftCard, Self::CreditNote, Self::Manual];

    /// From its word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| {
            let words = Self::ALL.map(|kind| format!("`{}`", kind.word())).join(", ");
            Invalid::new("method", format!("must be one of {words}."))
        })
    }

    /// The word for it, as stored and as said by the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::PayPal => "paypal",
            Self::Wise => "wise",
            Self::Sepa => "sepa",
            Self::GiftCard => "gift_card",
            Self::CreditNote => "credit_note",
            Self::Manual => "manual",
        }
    }

    /// The details it may have.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::PayPal | Self::GiftCard => &["email"],
            Self::Wise => &["email", "holder", "iban"],
            Self::Sepa => &["holder", "iban", "bic"],
            Self::CreditNote => &["name", "address", "taxId"],
            Self::Manual => &[],
        }
    }
}

/// Details as text: what a person sent, or what is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Details<'a> {
    /// `email`: where PayPal, Wise or the gift card finds the partner.
    pub email: Option<&'a str>,
    /// `holder`: whose bank account it is.
    pub holder: Option<&'a str>,
    /// `iban`: the bank account.
    pub iban: Option<&'a str>,
    /// `bic`: the bank.
    pub bic: Option<&'a str>,
    /// `name`: to whom a credit note is made out.
    pub name: Option<&'a str>,
    /// `address`: the postal address on a credit note, in lines.
    pub address: Option<&'a str>,
    /// `taxId`: the number the partner is taxed under.
    pub tax_id: Option<&'a str>,
}

impl Details<'_> {
    fn named(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("email", self.email),
            ("holder", self.holder),
            ("iban", self.iban),
            ("bic", self.bic),
            ("name", self.name),
            ("address", self.address),
            ("taxId", self.tax_id),
        ]
    }

    fn check_belonging(&self, kind: Kind) -> Result<(), Invalid> {
        let stranger =
            self.named().into_iter().find(|(field, told)| told.is_some() && !kind.fields().contains(field));
        stranger.map_or(Ok(()), |(field, _)| {
            Err(Invalid::new(
                field,
                format!("does not belong to the method `{}`: leave it out.", kind.word()),
            ))
        })
    }
}

/// A bank account with the name it is held under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The holder's name.
    pub holder: String,
    /// The account.
    pub iban: Iban,
}

impl Account {
    fn parse(told: &Details) -> Result<Self, Invalid> {
        Ok(Self {
            holder: parse_name("holder", needed("holder", told.holder)?)?,
            iban: Iban::parse("iban", needed("iban", told.iban)?)?,
        })
    }
}

/// A way of paying one partner, with all it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// To a PayPal account.
    PayPal {
        /// The account's address.
        email: Email,
    },
    /// By Wise, which asks for an account by e-mail if none is known.
    Wise {
        /// Where Wise writes to.
        email: Email,
        /// The account, if the partner named one.
        account: Option<Account>,
    },
    /// By SEPA credit transfer.
    Sepa {
        /// The account, in the SEPA area.
        account: Account,
        /// The bank; since 2016 the account's number is enough.
        bic: Option<Bic>,
    },
    /// By gift card.
    GiftCard {
        /// Where it is sent.
        email: Email,
    },
    /// By credit note.
    CreditNote {
        /// To whom it is made out.
        name: String,
        /// The postal address in lines.
        address: String,
        /// The number the partner is taxed under.
        tax_id: Option<String>,
    },
    /// Outside of any provider's file.
    Manual,
}

impl Method {
    /// From its word and details. A detail that belongs to another method is refused, not ignored.
    pub fn parse(word: &str, told: &Details) -> Result<Self, Invalid> {
        let kind = Kind::parse(word)?;
        told.check_belonging(kind)?;
        Ok(match kind {
            Kind::PayPal => Self::PayPal { email: payee(told)? },
            Kind::GiftCard => Self::GiftCard { email: payee(told)? },
            Kind::Wise => Self::Wise {
                email: payee(told)?,
                account: told.iban.or(told.holder).map(|_| Account::parse(told)).transpose()?,
            },
            Kind::Sepa => sepa(told)?,
            Kind::CreditNote => Self::CreditNote {
                name: parse_name("name", needed("name", told.name)?)?,
                address: parse_address(needed("address", told.address)?)?,
                tax_id: told.tax_id.map(parse_tax_id).transpose()?,
            },
            Kind::Manual => Self::Manual,
        })
    }

    /// Which way it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::PayPal { .. } => Kind::PayPal,
            Self::Wise { .. } => Kind::Wise,
            Self::Sepa { .. } => Kind::Sepa,
            Self::GiftCard { .. } => Kind::GiftCard,
            Self::CreditNote { .. } => Kind::CreditNote,
            Self::Manual => Kind::Manual,
        }
    }

    /// Its details as text, from which [`Method::parse`] makes the same again.
    pub fn details(&self) -> Details<'_> {
        let none = Details::default();
        match self {
            Self::PayPal { email } | Self::GiftCard { email } => {
                Details { email: Some(email.as_str()), ..none }
            }
            Self::Wise { email, account } => Details {
                email: Some(email.as_str()),
                holder: account.as_ref().map(|account| account.holder.as_str()),
                iban: account.as_ref().map(|account| account.iban.as_str()),
                ..none
            },
            Self::Sepa { account, bic } => Details {
                holder: Some(&account.holder),
                iban: Some(account.iban.as_str()),
                bic: bic.as_ref().map(Bic::as_str),
                ..none
            },
            Self::CreditNote { name, address, tax_id } => {
                Details { name: Some(name), address: Some(address), tax_id: tax_id.as_deref(), ..none }
            }
            Self::Manual => none,
        }
    }
}

fn needed<'a>(field: &'static str, told: Option<&'a str>) -> Result<&'a str, Invalid> {
    told.ok_or_else(|| Invalid::new(field, "is needed for this method and was not sent."))
}

/// An address that money is sent to goes into files as it is, so none is taken that a spreadsheet reads as a formula.
fn payee(told: &Details) -> Result<Email, Invalid> {
    let email = Email::parse("email", needed("email", told.email)?)?;
    if email.as_str().starts_with(char::is_alphanumeric) {
        Ok(email)
    } else {
        Err(Invalid::new("email", "must begin with a letter or a digit to be paid to."))
    }
}

fn sepa(told: &Details) -> Result<Method, Invalid> {
    let account = Account::parse(told)?;
    if !account.iban.in_sepa() {
        return Err(Invalid::new("iban", "must be an account in the SEPA area; choose `wise` for others."));
    }
    Ok(Method::Sepa { account, bic: told.bic.map(|text| Bic::parse("bic", text)).transpose()? })
}

/// 1 to 8 lines of text, 300 characters at most, each line trimmed and none empty.
fn parse_address(text: &str) -> Result<String, Invalid> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let address = lines.join("\n");
    let clean = lines.iter().all(|line| !line.chars().any(char::is_control));
    if clean && (1..=8).contains(&lines.len()) && address.chars().count() <= 300 {
        Ok(address)
    } else {
        Err(Invalid::new("address", "must be 1 to 8 lines, 300 characters at most."))
    }
}

fn parse_tax_id(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if (1..=40).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new("taxId", "must be 1 to 40 characters of one line, such as `DE123456789`."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: Details = Details {
        email: Some("maya@example.com"),
        holder: None,
        iban: None,
        bic: None,
        name: None,
        address: None,
        tax_id: None,
    };

    fn bank() -> Details<'static> {
        Details {
            holder: Some("Maya Núñez"),
            iban: Some("DE89 3704 0044 0532 0130 00"),
            ..Details::default()
        }
    }

    fn note() -> Details<'static> {
        Details {
            name: Some("Maya GmbH"),
            address: Some(" Teeweg 1 \r\n\n20095 Hamburg"),
            ..Details::default()
        }
    }

    #[test]
    fn what_is_parsed_can_be_stored_and_parsed_again() {
        let wise = Details { email: EMAIL.email, ..bank() };
        let sepa = Details { bic: Some("cobadeff"), ..bank() };
        let taxed = Details { tax_id: Some("DE123456789"), ..note() };
        let all = [
            ("paypal", EMAIL),
            ("wise", EMAIL),
            ("wise", wise),
            ("sepa", bank()),
            ("sepa", sepa),
            ("gift_card", EMAIL),
            ("credit_note", note()),
            ("credit_note", taxed),
            ("manual", Details::default()),
        ];
        for (word, told) in all {
            let method = Method::parse(word, &told).unwrap();
            assert_eq!(method.kind().word(), word);
            assert_eq!(Method::parse(word, &method.details()), Ok(method));
        }
        let Method::CreditNote { address, .. } = Method::parse("credit_note", &note()).unwrap() else {
            unreachable!()
        };
        assert_eq!(address, "Teeweg 1\n20095 Hamburg");
    }

    #[track_caller]
    fn refused(word: &str, told: &Details, field: &str) {
        assert_eq!(Method::parse(word, told).unwrap_err().field, field, "{word} {told:?}");
    }

    #[test]
    fn refusals_name_the_field() {
        let none = Details::default();
        refused("cash", &none, "method");
        refused("PayPal", &EMAIL, "method");
        refused("paypal", &none, "email");
        refused("paypal", &Details { email: Some("maya"), ..none }, "email");
        refused("gift_card", &none, "email");
        refused("wise", &bank(), "email");
        refused("wise", &Details { holder: Some("Maya"), ..EMAIL }, "iban");
        refused("wise", &Details { iban: bank().iban, ..EMAIL }, "holder");
        refused("sepa", &Details { holder: None, ..bank() }, "holder");
        refused("sepa", &Details { iban: Some("DE88370400440532013000"), ..bank() }, "iban");
        refused("sepa", &Details { iban: Some("KW81CBKU0000000000001234560101"), ..bank() }, "iban");
        refused("sepa", &Details { bic: Some("COBA"), ..bank() }, "bic");
        refused("credit_note", &Details { name: None, ..note() }, "name");
        refused("credit_note", &Details { address: Some(" \n"), ..note() }, "address");
        refused("credit_note", &Details { address: Some(&"x\n".repeat(9)), ..note() }, "address");
        refused("credit_note", &Details { tax_id: Some(""), ..note() }, "taxId");
    }

    #[test]
    fn details_of_other_methods_are_not_ignored() {
        refused("paypal", &Details { iban: bank().iban, ..EMAIL }, "iban");
        refused("sepa", &Details { email: EMAIL.email, ..bank() }, "email");
        refused("manual", &EMAIL, "email");
    }

    #[test]
    fn no_address_that_is_paid_to_is_a_formula() {
        for bad in ["=1+1@example.com", "+maya@example.com", "-maya@example.com", "'maya@example.com"] {
            assert!(Email::parse("email", bad).is_ok(), "{bad}");
            refused("paypal", &Details { email: Some(bad), ..Details::default() }, "email");
        }
    }
}
