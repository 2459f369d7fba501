//! Journals that Beancount reads. Source: <https://beancount.github.io/docs/beancount_language_syntax.html>.

use super::journal::{Booking, Dialect, Posting};
use super::names;
use crate::time::show_day;
use goodword_domain::money::Currency;
use std::collections::BTreeSet;

/// Accounts and commodities are declared before anything can have happened.
const DAWN: &str = "1970-01-01";

pub struct Beancount;

impl Dialect for Beancount {
    fn remark(&self, text: &str) -> String {
        format!("; {text}\n")
    }

    fn preamble(&self) -> String {
        "\noption \"title\" \"Goodword\"\n\n".into()
    }

    fn commodity(&self, currency: Currency) -> String {
        format!("{DAWN} commodity {}\n", names::commodity(currency))
    }

    fn account(&self, name: &str, currencies: &BTreeSet<Currency>, note: &str) -> String {
        let currencies: Vec<String> = currencies.iter().copied().map(names::commodity).collect();
        format!("{DAWN} open {name} {}\n  note: \"{note}\"\n", currencies.join(","))
    }

    fn booking(&self, b: &Booking<'_>) -> String {
        let id = b.id.map(|id| ("transfer", id.to_owned()));
        let tags = id.iter().chain(&b.tags).map(|(name, value)| format!("  {name}: \"{value}\"\n"));
        let postings = b.postings.iter().map(|p| format!("  {}  {}\n", p.account, p.amount()));
        let head = format!("\n{} * \"{}\"\n", show_day(b.day), b.title);
        tags.chain(postings).fold(head, |text, line| text + &line)
    }

    fn closing(&self, _: i64) -> String {
        "\n".into()
    }

    /// A balance is what was there when its day began, so it is told a day later; and exact, where Beancount would let the last
    /// digit differ.
    fn assertion(&self, day: i64, p: &Posting) -> String {
        let amount = p.currency.decimal(p.minor);
        format!(
            "{} balance {}  {amount} ~ 0 {}\n",
            show_day(day + 1),
            p.account,
            names::commodity(p.currency)
        )
    }
}
