//! What accounts, commodities and people are called in a journal: so that both programs take it, and no name breaks the file.

use goodword_domain::id::{PartnerId, ProgramId};
use goodword_domain::money::Currency;

/// The name of an account of a kind. Names are made of ids alone, for an account must not move when somebody is renamed; the
/// accounts that a partner has in several programs are one. www/docs/ledger.md says why each is what it is.
pub fn account(kind: &str, partner: Option<&str>, program: &ProgramId) -> String {
    let partner = || digits(partner.unwrap_or_default(), PartnerId::PREFIX);
    match kind {
        "expense" => format!("Expenses:Program:G{}:Commissions", digits(program.as_str(), ProgramId::PREFIX)),
        "budget" => format!("Liabilities:Program:G{}:Budget", digits(program.as_str(), ProgramId::PREFIX)),
        "fund" => format!("Liabilities:Program:G{}:Fund", digits(program.as_str(), ProgramId::PREFIX)),
        "allocated" => format!("Liabilities:Partner:P{}:Allocated", partner()),
        "committed" => format!("Liabilities:Partner:P{}:Committed", partner()),
        "held" => format!("Liabilities:Partner:P{}:Held", partner()),
        "payable" => format!("Liabilities:Partner:P{}:Payable", partner()),
        "sent" => format!("Liabilities:Partner:P{}:Sent", partner()),
        "clawback" => format!("Assets:Partner:P{}:Clawback", partner()),
        "paid" => format!("Assets:Payouts:P{}", partner()),
        _ => format!("Equity:Unknown:P{}", partner()),
    }
}

fn digits<'a>(id: &'a str, prefix: &str) -> &'a str {
    id.strip_prefix(prefix).map_or(id, |rest| rest.trim_start_matches('_'))
}

/// What a currency is called: its ISO 4217 code, or `POINTS`.
pub fn commodity(currency: Currency) -> String {
    currency.to_string().to_ascii_uppercase()
}

/// How many characters of a name are told.
const MOST: usize = 100;

/// A name on one line, without anything that a comment, a tag or a string gives a meaning to.
pub fn plain(name: &str) -> String {
    let special = |c: char| c.is_control() || c.is_whitespace() || "\"\\;:,[]|".contains(c);
    let words = name.split(special).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_named_by_ids() {
        let (partner, program) = (PartnerId::from_bits(7), ProgramId::from_bits(9));
        let name = |kind: &str| account(kind, Some(partner.as_str()), &program);
        assert_eq!(name("payable"), "Liabilities:Partner:P00000000000000000000000000000007:Payable");
        assert_eq!(name("paid"), "Assets:Payouts:P00000000000000000000000000000007");
        assert_eq!(
            account("expense", None, &program),
            "Expenses:Program:G00000000000000000000000000000009:Commissions"
        );
    }

    #[test]
    fn commodities_have_names_that_both_programs_take() {
        assert_eq!(commodity(Currency::parse("kwd").unwrap()), "KWD");
        assert_eq!(commodity(Currency::POINTS), "POINTS");
    }

    #[test]
    fn no_name_breaks_the_file() {
        for (name, told) in [
            ("Anna", "Anna"),
            ("Søn & 用户 O'Neil", "Søn & 用户 O'Neil"),
            ("a\n2026-01-01 open Assets:X", "a 2026-01-01 open Assets X"),
            ("x; type:Z, [2026-13-45] \"q\" \\ |", "x type Z 2026-13-45 q"),
            ("\r\n\t\u{2028}\u{85}", ""),
        ] {
            assert_eq!(plain(name), told);
        }
        assert_eq!(plain(&"x".repeat(1000)).len(), MOST);
    }
}
