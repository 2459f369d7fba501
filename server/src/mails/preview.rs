//! Every mail as somebody would get it who does not exist.

use super::declining::Declining;
use super::letter::Written;
use super::{Kind, Letter, texts};
use crate::error::Error;
use crate::store::{EarnedSince, PayoutRow};
use goodword_domain::id::{BatchId, PartnerId, PayoutId, ProgramId, VendorId};
use goodword_domain::language::Language;
use goodword_domain::money::Currency;
use goodword_domain::payout::method::{self, Method};
use goodword_domain::payout::{Payout, Status};
use goodword_domain::time::Instant;
use goodword_wire::{CurrencyStatement, StatementBalances, StatementLine};

/// 2026-11-12T09:30:00Z.
const DAY: Instant = Instant(1_794_475_800_000);
const PAGE: &str = "https://shop.example/partners";

/// A kind of mail in a language.
pub fn of(kind: Kind, language: Language) -> Result<Written, Error> {
    let t = texts(language);
    let usd = Currency::parse("usd")?;
    let own = ("MAYA10".to_owned(), "https://go.shop.example/r/MAYA10".to_owned());
    let told = EarnedSince {
        sums: vec![(usd, 3, 123_640)],
        latest: vec![(DAY, 1_560, usd), (DAY.plus_days(-1), 2_080, usd), (DAY.plus_days(-1), 120_000, usd)],
    };
    let secret = "https://go.shop.example/verify?token=0123456789abcdef0123456789abcdef0123456789abcdef";
    let letter = match kind {
        Kind::Prove => Letter::prove(t, secret),
        Kind::SignIn => Letter::sign_in(t, secret),
        Kind::JoinedAgain => Letter::joined_again(t, "MAYA27", secret),
        Kind::NewAddress => Letter::new_address(t, secret),
        Kind::AddressChanged => Letter::address_changed(t),
        Kind::Applied => Letter::applied(t),
        Kind::Approved => Letter::approved(t, Some(&own)),
        Kind::Rejected => Letter::rejected(t),
        Kind::Banned => Letter::banned(t),
        Kind::Method => Letter::method_changed(t, method::Kind::Sepa),
        Kind::Digest => Letter::digest(t, &told),
        Kind::Payout => Letter::paid(t, &payout(usd)),
        Kind::Failed => Letter::failed(t, &payout(usd)),
        Kind::Statement => Letter::statement(t, (2026, 10), &[month()]),
        Kind::Granted => Letter::claim(t, "1004-77", true, None),
        Kind::Refused => Letter::claim(t, "1004-77", false, Some("The order was placed before the click.")),
        Kind::FundApproved => Letter::fund(t, kind, "Stand at the spring fair", (500_000, usd), None),
        Kind::FundPaid => Letter::fund(t, kind, "Stand at the spring fair", (420_000, usd), None),
        Kind::FundRefused => {
            let note = Some("The invoice is of another year.");
            Letter::fund(t, kind, "Stand at the spring fair", (420_000, usd), note)
        }
        Kind::DealAsked => Letter::told(t, kind, "Globex", Some("Who decides there?")),
        Kind::DealApproved | Kind::DealRefused => Letter::told(t, kind, "Globex", None),
        Kind::ContentGranted | Kind::ContentRefused => {
            Letter::told(t, kind, "https://video.example/watch?v=1", None)
        }
        Kind::SplitProposed | Kind::SplitApproved | Kind::SplitRefused => {
            Letter::told(t, kind, "1004-77", None)
        }
        Kind::LevelUp => Letter::level(t, kind, "Gold"),
        Kind::LevelDown => Letter::level(t, kind, "Silver"),
        Kind::Redeemed | Kind::RedemptionRefused => {
            Letter::fund(t, kind, "Gift card of 50.00", (500, Currency::POINTS), None)
        }
    };
    let letter = if kind.can_be_declined() {
        letter.declined_at(&declining(kind).address("https://go.shop.example", ""))
    } else {
        letter
    };
    letter.written(language, "Friends of Tea", "Maya Lindholm", PAGE)
}

fn declining(kind: Kind) -> Declining {
    let (vendor, program) = (VendorId::from_bits(0), ProgramId::from_bits(0));
    Declining { vendor, program, partner: PartnerId::from_bits(0), kind }
}

fn payout(currency: Currency) -> PayoutRow {
    PayoutRow {
        payout: Payout {
            id: PayoutId::from_bits(0),
            partner: PartnerId::from_bits(0),
            currency,
            amount: 241_990,
            netted: 0,
            status: Status::Completed,
        },
        vendor: VendorId::from_bits(0),
        program: ProgramId::from_bits(0),
        batch: BatchId::from_bits(0),
        partner_name: "Maya Lindholm".into(),
        partner_email: "maya@example.com".into(),
        method: Method::Manual,
        commissions: 17,
        period: (DAY.plus_days(-40), DAY.plus_days(-9)),
        note: None,
        created_at: DAY,
        initiated_at: Some(DAY),
        paid_at: Some(DAY),
        ended_at: None,
    }
}

fn month() -> CurrencyStatement {
    let line = |what: &str, amount: i64| StatementLine {
        at: String::new(),
        what: what.into(),
        amount,
        from: None,
        to: None,
        cause: String::new(),
        transfer_id: String::new(),
        balances: StatementBalances::default(),
    };
    CurrencyStatement {
        currency: "usd".into(),
        exponent: 2,
        opening: StatementBalances::default(),
        lines: vec![line("credited", 48_230), line("taken_back", 1_170), line("paid", 241_990)],
        closing: StatementBalances { held: 31_200, payable: 15_860, ..StatementBalances::default() },
    }
}
