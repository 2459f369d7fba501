//! Names of columns. The programs name them in many ways, change them, and export more than is needed; so a header is compared by
//! its letters and digits alone, the names come in an order of preference, and what is not known is left aside and told.

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

/// Names of columns, the ones meant most surely first.
type Names = &'static [&'static str];

const PARTNER_EMAIL: Names = &[
    "affiliateemail",
    "partneremail",
    "promoteremail",
    "partnershipemail",
    "affiliateemailaddress",
    "partneremailaddress",
    "affiliatesemail",
    "owneremail",
];
const PARTNER_ID: Names = &["affiliateid", "partnerid", "promoterid", "partnerkey", "partnershipkey"];
const PARTNER_NAME: Names =
    &["affiliatename", "partnername", "promotername", "affiliate", "partner", "promoter"];
const TOKEN: Names = &[
    "token",
    "linktoken",
    "affiliatetoken",
    "reftoken",
    "refid",
    "referralid",
    "referralcode",
    "refcode",
    "defaultrefid",
    "trackingparameter",
    "affiliatecode",
    "partnercode",
    "linkvalue",
    "value",
    "slug",
    "ref",
    "via",
    "code",
];
const LINK: Names = &[
    "referrallink",
    "affiliatelink",
    "partnerlink",
    "trackinglink",
    "reflink",
    "linkurl",
    "referralurl",
    "affiliateurl",
    "link",
    "links",
    "url",
];
const COUPON: Names = &[
    "couponcode",
    "coupon",
    "coupons",
    "promocode",
    "customerpromocode",
    "promotioncode",
    "discountcode",
    "couponid",
];
const AT: Names = &[
    "createdat",
    "createdon",
    "datecreated",
    "createddate",
    "created",
    "joinedat",
    "joineddate",
    "datejoined",
    "joindate",
    "joined",
    "signedup",
    "signedupat",
    "signupdate",
    "submittedon",
    "becameleadat",
    "date",
    "chargedat",
    "saledate",
    "timestamp",
];
const STATUS: Names = &["status", "state"];
const CUSTOMER_ID: Names = &[
    "stripecustomerid",
    "customerid",
    "customerkey",
    "customerexternalkey",
    "customerexternalid",
    "externalkey",
    "importedid",
    "uid",
    "referraluid",
    "leaduid",
];
const CUSTOMER_EMAIL: Names =
    &["customeremail", "referralemail", "leademail", "referredemail", "useremail", "customersemail"];
const CUSTOMER_NAME: Names = &["customername", "referralname", "leadname", "customer", "referral", "lead"];

/// The columns of a kind of rows, in the order in which they choose.
fn known(kind: Kind) -> Vec<(Field, Vec<&'static str>)> {
    let both = |a: Names, b: Names| [a, b].concat();
    match kind {
        Kind::Partners => vec![
            (Field::Id, both(&["id", "key"], PARTNER_ID)),
            (Field::PartnerEmail, both(&["email", "emailaddress", "emailid"], PARTNER_EMAIL)),
            (
                Field::FirstName,
                vec!["firstname", "affiliatefirstname", "partnerfirstname", "promoterfirstname"],
            ),
            (
                Field::LastName,
                vec!["lastname", "affiliatelastname", "partnerlastname", "promoterlastname", "surname"],
            ),
            (Field::PartnerName, both(&["name", "fullname", "displayname"], PARTNER_NAME)),
            (
                Field::Status,
                both(STATUS, &["affiliatestatus", "partnerstatus", "promoterstatus", "approved"]),
            ),
            (Field::Coupon, COUPON.to_vec()),
            (Field::Code, TOKEN.to_vec()),
            (Field::Parameter, vec!["param", "parameter", "linkparam"]),
            (Field::Link, LINK.to_vec()),
            (
                Field::Group,
                vec!["group", "groupname", "partnergroup", "campaign", "campaignname", "affiliategroup"],
            ),
            (Field::PayPal, vec!["paypalemail", "paypalemailaddress", "paypal"]),
            (Field::At, AT.to_vec()),
        ],
        Kind::Links | Kind::Codes => vec![
            (Field::PartnerEmail, both(PARTNER_EMAIL, &["email", "emailaddress"])),
            (Field::PartnerId, PARTNER_ID.to_vec()),
            (Field::PartnerName, both(PARTNER_NAME, &["name"])),
            (Field::Coupon, COUPON.to_vec()),
            (Field::Code, TOKEN.to_vec()),
            (Field::Parameter, vec!["param", "parameter", "linkparam"]),
            (Field::Link, LINK.to_vec()),
            (Field::At, AT.to_vec()),
        ],
        Kind::Customers => vec![
            (Field::CustomerId, both(CUSTOMER_ID, &["externalid", "id", "key"])),
            (Field::PartnerEmail, PARTNER_EMAIL.to_vec()),
            (Field::PartnerId, PARTNER_ID.to_vec()),
            (Field::CustomerEmail, both(CUSTOMER_EMAIL, &["email", "emailaddress"])),
            (Field::CustomerName, both(CUSTOMER_NAME, &["name", "fullname"])),
            (Field::Code, TOKEN.to_vec()),
            (Field::Link, LINK.to_vec()),
            (Field::PartnerName, PARTNER_NAME.to_vec()),
            (Field::At, AT.to_vec()),
        ],
        Kind::Commissions => commissions(),
        Kind::Balances => vec![
            (Field::PartnerEmail, both(PARTNER_EMAIL, &["email", "emailaddress"])),
            (Field::PartnerId, both(PARTNER_ID, &["id", "key"])),
            (Field::Code, TOKEN.to_vec()),
            (Field::PartnerName, both(PARTNER_NAME, &["name"])),
            (
                Field::PendingSum,
                vec![
                    "pending",
                    "pendingamount",
                    "pendingbalance",
                    "pendingcommissions",
                    "onhold",
                    "upcoming",
                    "held",
                ],
            ),
            (
                Field::DueSum,
                vec![
                    "due",
                    "dueamount",
                    "amountdue",
                    "unpaid",
                    "unpaidamount",
                    "unpaidcommissions",
                    "currentbalance",
                    "outstandingbalance",
                    "outstanding",
                    "balance",
                    "payable",
                    "owed",
                    "amountowed",
                    "available",
                ],
            ),
            (
                Field::PaidSum,
                vec![
                    "paid",
                    "paidamount",
                    "amountpaid",
                    "paidbalance",
                    "totalpaid",
                    "paidcommissions",
                    "paidout",
                ],
            ),
            (
                Field::EarnedSum,
                vec![
                    "earned",
                    "totalearned",
                    "totalearnings",
                    "earningsbalance",
                    "earnings",
                    "totalcommissions",
                    "total",
                ],
            ),
            (Field::Currency, vec!["currency", "currencycode"]),
        ],
    }
}

fn commissions() -> Vec<(Field, Vec<&'static str>)> {
    let both = |a: Names, b: Names| [a, b].concat();
    vec![
        (Field::Id, vec!["commissionid", "rewardid", "rewardkey", "id", "key"]),
        (
            Field::Amount,
            vec![
                "commissionamount",
                "commission",
                "commissions",
                "rewardamount",
                "reward",
                "earnings",
                "affiliateearnings",
                "amount",
                "payoutamount",
            ],
        ),
        (
            Field::SaleAmount,
            vec![
                "saleamount",
                "conversionamount",
                "transactionamount",
                "orderamount",
                "chargeamount",
                "saletotal",
                "originalsaleamount",
                "revenue",
                "sale",
                "amount",
                "price",
            ],
        ),
        (Field::Currency, vec!["commissioncurrency", "currency", "currencycode", "rewardcurrency"]),
        (Field::Unit, vec!["unit", "rewardunit"]),
        (
            Field::Status,
            both(
                &["commissionstatus", "commissionstate", "rewardstatus", "payoutstatus"],
                &["status", "state", "approved"],
            ),
        ),
        (Field::PaidAt, vec!["paidat", "datepaid", "paiddate", "paidon", "payoutdate"]),
        (Field::DueAt, vec!["dueat", "duedate", "dueon", "availableat", "clearsat"]),
        (Field::Paid, vec!["ispaid", "paid", "paidout", "commissionpaid"]),
        (Field::PartnerEmail, both(PARTNER_EMAIL, &["email", "emailaddress"])),
        (Field::PartnerId, PARTNER_ID.to_vec()),
        (Field::CustomerId, CUSTOMER_ID.to_vec()),
        (Field::CustomerEmail, CUSTOMER_EMAIL.to_vec()),
        (Field::Code, TOKEN.to_vec()),
        (Field::Link, LINK.to_vec()),
        (Field::PartnerName, PARTNER_NAME.to_vec()),
        (Field::CustomerName, CUSTOMER_NAME.to_vec()),
        (
            Field::Invoice,
            vec![
                "invoiceid",
                "stripechargeid",
                "chargeid",
                "orderid",
                "ordernumber",
                "transactionid",
                "transactionkey",
                "eventid",
                "externalid",
                "saleid",
            ],
        ),
        (Field::Note, vec!["note", "notes", "externalnote", "comment", "description"]),
        (Field::At, AT.to_vec()),
    ]
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
        for (field, names) in known(kind) {
            if columns.has(field) {
                continue;
            }
            let found = names.iter().find_map(|name| {
                let is_named = |(place, header): (usize, &String)| {
                    let header = folded(header);
                    let whole = header.strip_suffix("incents").or(header.strip_suffix("cents"));
                    let named = header == *name || whole == Some(*name);
                    (free[place] && named).then_some((place, whole == Some(*name) && header != *name))
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
    let headers: Vec<String> = headers.iter().map(|header| folded(header)).collect();
    let any = |names: &[&str]| {
        names.iter().any(|name| headers.iter().any(|h| h == name || h.strip_suffix("cents") == Some(name)))
    };
    let money = any(&["commissionamount", "commission", "rewardamount", "reward", "earnings"])
        || (any(&["amount"])
            && any(&[
                "commissionid",
                "rewardkey",
                "rewardid",
                "dueat",
                "paidat",
                "duedate",
                "ispaid",
                "rewardstatus",
                "sale",
                "saleamount",
            ]));
    if any(&[
        "currentbalance",
        "outstandingbalance",
        "paidbalance",
        "earningsbalance",
        "balance",
        "unpaidcommissions",
        "amountowed",
    ]) {
        Some(Kind::Balances)
    } else if money {
        Some(Kind::Commissions)
    } else if any(CUSTOMER_ID) || any(CUSTOMER_EMAIL) {
        Some(Kind::Customers)
    } else if any(PARTNER_EMAIL) && (any(COUPON) || any(TOKEN) || any(LINK)) && !any(&["firstname", "name"]) {
        Some(if any(COUPON) { Kind::Codes } else { Kind::Links })
    } else if any(&["email", "emailaddress", "emailid"]) || any(PARTNER_EMAIL) {
        Some(Kind::Partners)
    } else {
        None
    }
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
mod tests {
    use super::*;

    fn headers(line: &str) -> Vec<String> {
        line.split(',').map(|header| header.trim().to_owned()).collect()
    }

    fn told(columns: &Columns) -> Vec<(&'static str, usize, bool)> {
        let mut told: Vec<_> = columns.read.iter().map(|c| (c.field.word(), c.place, c.minor)).collect();
        told.sort_by_key(|(_, place, _)| *place);
        told
    }

    #[track_caller]
    fn check(kind: Kind, line: &str, expected: &[(&'static str, usize, bool)]) -> Columns {
        let columns = Columns::of(kind, &headers(line), &[]).unwrap();
        assert_eq!(told(&columns), expected, "{line}");
        columns
    }

    #[test]
    fn words_name_one_field() {
        for (field, word) in Field::WORDS {
            assert_eq!((field.word(), Field::parse(word)), (*word, Ok(*field)));
        }
        assert!(Field::parse("colour").is_err());
    }

    #[test]
    fn the_formats_that_are_documented() {
        // Rewardful's help, "How do I import data into Rewardful?".
        check(
            Kind::Customers,
            "stripe_customer_id,first_name,last_name,email,paypal_email,wise_email,token",
            &[("customer_id", 0, false), ("partner_email", 3, false), ("code", 6, false)],
        );
        check(
            Kind::Customers,
            "stripe_customer_id,email",
            &[("customer_id", 0, false), ("partner_email", 1, false)],
        );
        // FirstPromoter's API, "Create promoter".
        check(
            Kind::Partners,
            "email,first_name,last_name,cust_id,ref_id,promo_code",
            &[
                ("partner_email", 0, false),
                ("first_name", 1, false),
                ("last_name", 2, false),
                ("code", 4, false),
                ("coupon", 5, false),
            ],
        );
        // Tapfiliate's help, "Importing conversions in Bulk".
        check(
            Kind::Commissions,
            "external_id,amount,created_at,affiliate_email,program,currency,customer_id,commission_status,commission_amount",
            &[
                ("invoice_id", 0, false),
                ("sale_amount", 1, false),
                ("created_at", 2, false),
                ("partner_email", 3, false),
                ("currency", 5, false),
                ("customer_id", 6, false),
                ("status", 7, false),
                ("amount", 8, false),
            ],
        );
    }

    #[test]
    fn case_order_and_more_columns_do_not_matter() {
        let columns = check(
            Kind::Partners,
            "Shoe size,E-MAIL,First name,LAST_NAME",
            &[("partner_email", 1, false), ("first_name", 2, false), ("last_name", 3, false)],
        );
        assert_eq!(columns.ignored, ["Shoe size"]);
        check(
            Kind::Commissions,
            "State,Amount Cents,Affiliate Email,Created At",
            &[
                ("status", 0, false),
                ("amount", 1, true),
                ("partner_email", 2, false),
                ("created_at", 3, false),
            ],
        );
    }

    #[test]
    fn columns_can_be_told() {
        let map = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
        };
        let line = headers("Wer,Wann,Wieviel,Stand,amount");
        let columns = Columns::of(
            Kind::Commissions,
            &line,
            &map(&[
                ("wer", "partner_email"),
                ("Wann", "created_at"),
                ("Wieviel", "amount_minor"),
                ("Stand", "status"),
                ("amount", "ignore"),
            ]),
        );
        let columns = columns.unwrap();
        assert_eq!(
            told(&columns),
            [
                ("partner_email", 0, false),
                ("created_at", 1, false),
                ("amount", 2, true),
                ("status", 3, false)
            ]
        );
        assert_eq!(columns.ignored, ["amount"]);
        for bad in [("Wo", "status"), ("Wer", "person")] {
            assert_eq!(Columns::of(Kind::Commissions, &line, &map(&[bad])).unwrap_err().field, "map");
        }
    }

    #[test]
    fn a_file_without_what_is_needed_is_refused() {
        let error = Columns::of(Kind::Commissions, &headers("email,amount,created_at"), &[]).unwrap_err();
        assert!(error.remedy.contains("where it stands"), "{}", error.remedy);
        assert!(Columns::of(Kind::Partners, &headers("name"), &[]).is_err());
    }

    #[test]
    fn kinds_are_guessed() {
        for (line, kind) in [
            ("id,email,first_name,last_name,token", Some(Kind::Partners)),
            ("affiliate_email,coupon", Some(Kind::Codes)),
            ("partner email,param,value", Some(Kind::Links)),
            ("stripe_customer_id,email", Some(Kind::Customers)),
            ("Affiliate Email,Commission,State,Created", Some(Kind::Commissions)),
            ("reward_key,amount,reward_status,partner_key", Some(Kind::Commissions)),
            ("email,paid_balance,current_balance", Some(Kind::Balances)),
            ("colour,size", None),
        ] {
            assert_eq!(guess(&headers(line)), kind, "{line}");
        }
    }

    /// As in addresses that PartnerStack has made.
    #[test]
    fn keys_in_links() {
        assert_eq!(base64("troycooper1364"), "dHJveWNvb3BlcjEzNjQ");
        assert_eq!(base64("coreycohiehl1100"), "Y29yZXljb2hpZWhsMTEwMA");
        assert_eq!(base64("abc"), "YWJj");
        assert_eq!(names_from_id(Source::PartnerStack, "abc"), ["abc", "YWJj"]);
    }
}
