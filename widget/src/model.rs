//! What the server says, as far as a widget shows it. The records are those of `goodword-wire`, minus what no view uses;
//! a test in [`crate::decode`] holds the two together.

/// What a page may know of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The program's name.
    pub name: String,
    /// The vendor's name.
    pub vendor: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Decimal digits of the currency's minor unit.
    pub exponent: u32,
    /// Whether these are test data.
    pub test: bool,
    /// Whether people can join.
    pub open: bool,
    /// How long a commission is held, in days.
    pub hold_days: i64,
    /// The version of the terms to agree to.
    pub terms_version: String,
    /// Where the terms are; empty if there is no page.
    pub terms_url: String,
    /// What partners earn.
    pub rewards: Vec<Reward>,
}

/// What partners earn for one kind of event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reward {
    /// `lead` or `sale`.
    pub event: String,
    /// A flat amount in minor units.
    pub amount: Option<i64>,
    /// A share, as decimal text.
    pub percentage: Option<String>,
    /// Calendar months; 0 = the first sale only, none = for ever.
    pub max_duration: Option<i64>,
}

/// A partner's own page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Me {
    /// The name.
    pub name: String,
    /// Whether the e-mail address is proven.
    pub email_proven: bool,
    /// `pending`, `approved`, `rejected` or `banned`.
    pub status: String,
    /// Why.
    pub reason: String,
    /// The link; none until approved.
    pub link: Option<Link>,
    /// The link as a QR code.
    pub qr: Option<Qr>,
    /// Clicks, sign-ups and sales.
    pub totals: [i64; 3],
    /// Money; none until the address is proven.
    pub earnings: Option<Earnings>,
}

/// A partner's link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The code to type or to say.
    pub code: String,
    /// The address to share.
    pub short_link: String,
}

/// A QR code as an SVG path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Qr {
    /// Units across.
    pub size: u32,
    /// The `d` of one path of dark squares.
    pub path: String,
}

/// What a proven partner has earned; minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earnings {
    /// ISO 4217, lower case.
    pub currency: String,
    /// Decimal digits of the minor unit.
    pub exponent: u32,
    /// In hold, payable, paid.
    pub sums: [i64; 3],
    /// The least balance that is paid out.
    pub min_payout: i64,
    /// The latest commissions, newest first.
    pub commissions: Vec<Commission>,
}

/// One commission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commission {
    /// `com_…`.
    pub id: String,
    /// `click`, `lead`, `sale`, `correction` or `bonus`.
    pub kind: String,
    /// `pending`, `processed`, `paid`, `refunded`, `canceled`, `hold`, `fraud` or `needs_rate`.
    pub status: String,
    /// What the partner gets, minor units; negative where it takes back what was paid.
    pub earnings: i64,
    /// Whether they are points, and no money.
    pub points: bool,
    /// How the figure came about.
    pub arithmetic: String,
    /// When the event happened.
    pub created_at: String,
    /// When the hold ends.
    pub clears_at: String,
}

/// One thing the server tells of an order or of a claim, with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// When; empty where it does not matter.
    pub at: String,
    /// What kind of touchpoint it is, the number of an order, or who said it.
    pub mark: String,
    /// A touchpoint's share in percent, or the status of a claim, in a word.
    pub status: String,
    /// The sentence.
    pub says: String,
    /// What belongs to it, in order.
    pub parts: Vec<Entry>,
}

/// What came of joining.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// `joined` or `check_email`.
    pub status: String,
    /// A token, unless the address must first be proven.
    pub token: Option<String>,
    /// The partner's page.
    pub me: Option<Me>,
}
