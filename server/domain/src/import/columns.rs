//! Names of columns. The programs name them in many ways, change them, and export more than is needed; so a header is compared by
//! its letters and digits alone, the names come in an order of preference, and what is not known is left aside and told.

mod names;

use super::{Kind, Source, one_of};
use crate::Invalid;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)*
        }

        impl Field {
            /// All of them, with their words.
            pub const WORDS: &'static [(Self, &'static str)] = &[$((Self::$name, $word),)*];
        }
    };
}

fields! {
    /// The other program's id of the row.
    Id = "id",
    /// The partner's id there.
    PartnerId = "partner_id",
    /// The partner's e-mail address.
    PartnerEmail = "partner_email",
    /// The partner's name.
    PartnerName = "partner_name",
    /// The first name.
    FirstName = "first_name",
    /// The last name.
    LastName = "last_name",
    /// The value in the partner's links, or a code.
    Code = "code",
    /// A coupon.
    Coupon = "coupon",
    /// A whole link.
    Link = "link",
    /// The name of the parameter in a link.
    Parameter = "parameter",
    /// The group or campaign.
    Group = "group",
    /// Where it stands.
    Status = "status",
    /// When it began.
    At = "created_at",
    /// Where `PayPal` finds the partner.
    PayPal = "paypal_email",
    /// The vendor's id of the customer.
    CustomerId = "customer_id",
    /// The customer's e-mail address.
    CustomerEmail = "customer_email",
    /// The customer's name.
    CustomerName = "customer_name",
    /// What a commission is.
    Amount = "amount",
    /// What the customer paid.
    SaleAmount = "sale_amount",
    /// The currency of both.
    Currency = "currency",
    /// What it is counted in, where that need not be money.
    Unit = "unit",
    /// Whether it was paid.
    Paid = "paid",
    /// When it was paid.
    PaidAt = "paid_at",
    /// When it can be paid.
    DueAt = "due_at",
    /// The order, charge or invoice.
    Invoice = "invoice_id",
    /// What somebody said with it.
    Note = "note",
    /// What is not due yet, in all.
    PendingSum = "pending_sum",
    /// What is to be paid, in all.
    DueSum = "due_sum",
    /// What was paid, in all.
    PaidSum = "paid_sum",
    /// All that was earned.
    EarnedSum = "earned_sum",
}

impl Field {
    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        let words: Vec<&str> = Self::WORDS.iter().map(|(_, word)| *word).collect();
        found.map(|(field, _)| *field).ok_or_else(|| Invalid::new("map", one_of(&words)))
    }
}

/// A header as it is compared.
pub fn folded(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A column that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub field: Field,
    /// Where it stands, from 0.
    pub place: usize,
    /// Its header, as it is written.
    pub header: String,
    /// Whether its amounts are minor units.
    pub minor: bool,
}

/// Which columns of a file are read, and which are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those that are.
    pub read: Vec<Column>,
    /// The headers of the others.
    pub ignored: Vec<String>,
}

impl Columns {
    /// Of a file with these headers. `told` says what columns hold that are named otherwise: header and word, the word with
    /// `_minor` behind it for minor units, or `ignore`.
    pub fn of(kind: Kind, headers: &[String], told: &[(String, String)]) -> Result<Self, Invalid> {
        let mut columns = Self::default();
        let mut free: Vec<bool> = vec![true; headers.len()];
        for (header, word) in told {
            let place = headers.iter().position(|known| folded(known) == folded(header));
            let place = place.ok_or_else(|| {
                let remedy = format!(
                    "names the column `{header}`, which the file does not have: it has {}.",
                    headers.join(", ")
                );
                Invalid::new("map", remedy)
            })?;
            free[place] = false;
            if word == "ignore" {
                columns.ignored.push(headers[place].clone());
                continue;
            }
            let plain = word.strip_suffix("_minor");
            let field = Field::parse(plain.unwrap_or(word))?;
            columns.read.push(Column {
                field,
                place,
                header: headers[place].clone(),
                minor: plain.is_some(),
            });
        }
        for &(field, names) in names::of(kind) {
            if columns.has(field) {
                continue;
            }
            let found = names.iter().flat_map(|list| list.split(' ')).find_map(|name| {
                let is_named = |(place, header): (usize, &String)| {
                    let header = folded(header);
                    let whole = header.strip_suffix("incents").or(header.strip_suffix("cents"));
                    let named = header == name || whole == Some(name);
                    (free[place] && named).then_some((place, whole == Some(name) && header != name))
                };
                headers.iter().enumerate().find_map(is_named)
            });
            if let Some((place, minor)) = found {
                free[place] = false;
                columns.read.push(Column { field, place, header: headers[place].clone(), minor });
            }
        }
        columns.settle(kind, headers);
        let rest = headers.iter().zip(&free).filter(|(_, free)| **free);
        columns.ignored.extend(rest.map(|(header, _)| header.clone()));
        columns.check(kind, headers)
    }

    /// The only address beside a customer's id is the partner's, and so is one that stands beside where the partner is paid: so
    /// the format is in which Rewardful takes data.
    fn settle(&mut self, kind: Kind, headers: &[String]) {
        let names_partner =
            [Field::PartnerEmail, Field::PartnerId, Field::Code, Field::Link, Field::PartnerName];
        let is_paid =
            headers.iter().any(|header| ["paypalemail", "wiseemail"].contains(&folded(header).as_str()));
        let alone = is_paid || !names_partner.iter().any(|field| self.has(*field));
        if kind == Kind::Customers && self.has(Field::CustomerId) && !self.has(Field::PartnerEmail) && alone {
            for column in self.read.iter_mut().filter(|column| column.field == Field::CustomerEmail) {
                column.field = Field::PartnerEmail;
            }
        }
    }

    /// Refuses a file without what its rows cannot do without.
    fn check(self, kind: Kind, headers: &[String]) -> Result<Self, Invalid> {
        let partner = [Field::PartnerEmail, Field::PartnerId, Field::Code, Field::Link];
        let needed: &[(&[Field], &str)] = match kind {
            Kind::Partners => &[(&[Field::PartnerEmail], "the partner's e-mail address (`partner_email`)")],
            Kind::Links | Kind::Codes => &[
                (&[Field::PartnerEmail, Field::PartnerId], "the partner (`partner_email` or `partner_id`)"),
                (&[Field::Code, Field::Link, Field::Coupon], "the link or code (`link`, `code` or `coupon`)"),
            ],
            Kind::Customers => &[
                (
                    &[Field::CustomerId, Field::CustomerEmail],
                    "the customer (`customer_id` or `customer_email`)",
                ),
                (&partner, "the partner (`partner_email`, `partner_id` or `code`)"),
            ],
            Kind::Commissions => &[
                (&partner, "the partner (`partner_email`, `partner_id` or `code`)"),
                (&[Field::Amount], "the commission (`amount`)"),
                (
                    &[Field::Status, Field::Paid, Field::PaidAt],
                    "where it stands (`status`, `paid` or `paid_at`)",
                ),
                (&[Field::At], "when it was earned (`created_at`)"),
            ],
            Kind::Balances => &[
                (&partner, "the partner (`partner_email`, `partner_id` or `code`)"),
                (
                    &[Field::PendingSum, Field::DueSum, Field::PaidSum, Field::EarnedSum],
                    "an amount (`pending_sum`, `due_sum`, `paid_sum` or `earned_sum`)",
                ),
            ],
        };
        match needed.iter().find(|(fields, _)| !fields.iter().any(|field| self.has(*field))) {
            None => Ok(self),
            Some((_, what)) => {
                let remedy = format!(
                    "has no column for {what}: say which it is with a mapping such as `Their column=word`; the columns are {}.",
                    headers.join(", ")
                );
                Err(Invalid::new("file", remedy))
            }
        }
    }

    /// Whether a field has a column.
    pub fn has(&self, field: Field) -> bool {
        self.of_field(field).is_some()
    }

    /// The column of a field.
    pub fn of_field(&self, field: Field) -> Option<&Column> {
        self.read.iter().find(|column| column.field == field)
    }
}

/// What the rows of a file with these headers seem to be; none where that cannot be told.
pub fn guess(headers: &[String]) -> Option<Kind> {
    use names::{COUPON, CUSTOMER_EMAIL, CUSTOMER_ID, LINK, PARTNER_EMAIL, TOKEN};
    let headers: Vec<String> = headers.iter().map(|header| folded(header)).collect();
    let any = |names: &str| {
        let has = |name: &str| headers.iter().any(|h| h == name || h.strip_suffix("cents") == Some(name));
        names.split(' ').any(has)
    };
    let balances =
        "currentbalance outstandingbalance paidbalance earningsbalance balance unpaidcommissions amountowed";
    let beside = "commissionid rewardkey rewardid dueat paidat duedate ispaid rewardstatus sale saleamount";
    let earned =
        any("commissionamount commission rewardamount reward earnings") || (any("amount") && any(beside));
    let called = any(COUPON) || any(TOKEN) || any(LINK);
    let kinds = [
        (any(balances), Kind::Balances),
        (earned, Kind::Commissions),
        (any(CUSTOMER_ID) || any(CUSTOMER_EMAIL), Kind::Customers),
        (any(PARTNER_EMAIL) && any(COUPON) && !any("firstname name"), Kind::Codes),
        (any(PARTNER_EMAIL) && called && !any("firstname name"), Kind::Links),
        (any("email emailaddress emailid") || any(PARTNER_EMAIL), Kind::Partners),
    ];
    kinds.into_iter().find(|(is, _)| *is).map(|(_, kind)| kind)
}

/// The base64 of a text without padding, as `PartnerStack` writes a partner's key into links.
pub fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digits = (0..=chunk.len()).map(|place| DIGITS[(bits >> (18 - 6 * place) & 63) as usize]);
        written.extend(digits.map(char::from));
    }
    written
}

/// The names by which a partner's old links call him or her, from the id that the other program has given.
pub fn names_from_id(source: Source, id: &str) -> Vec<String> {
    match source {
        Source::PartnerStack => vec![id.to_owned(), base64(id)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
