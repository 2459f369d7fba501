//! Journals that `hledger` reads. Source: <https://hledger.org/1.25/hledger.html#journal-format>.

use super::journal::{Booking, Dialect, Posting};
use super::names;
use crate::time::show_day;
use goodword_domain::money::Currency;
use std::collections::BTreeSet;

pub struct Hledger;

impl Dialect for Hledger {
    fn remark(&self, text: &str) -> String {
        format!("; {text}\n")
    }

    fn preamble(&self) -> String {
        "\ndecimal-mark .\n\n".into()
    }

    /// With a decimal mark in any case: the directive wants one.
    fn commodity(&self, currency: Currency) -> String {
        let amount = currency.decimal(currency.units(1000));
        let mark = if currency.exponent() == 0 { "." } else { "" };
        format!("commodity {amount}{mark} {}\n", names::commodity(currency))
    }

    fn account(&self, name: &str, _: &BTreeSet<Currency>, note: &str) -> String {
        format!("account {name}  ; {note}\n")
    }

    fn booking(&self, b: &Booking<'_>) -> String {
        let code = b.id.map_or_else(String::new, |id| format!("({id}) "));
        let tags = b.tags.iter().map(|(name, value)| format!("    ; {name}:{value}\n"));
        let postings = b.postings.iter().map(|p| format!("    {}  {}\n", p.account, p.amount()));
        let head = format!("\n{} * {code}{}\n", show_day(b.day), b.title);
        tags.chain(postings).fold(head, |text, line| text + &line)
    }

    fn closing(&self, day: i64) -> String {
        format!("\n{} * closing balances\n", show_day(day))
    }

    fn assertion(&self, _: i64, p: &Posting) -> String {
        let nothing = Posting { account: String::new(), minor: 0, currency: p.currency };
        format!("    {}  {} = {}\n", p.account, nothing.amount(), p.amount())
    }
}
