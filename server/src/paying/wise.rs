//! Wise batch payments. Source: <https://wise.com/help/articles/2663302/how-do-i-fill-in-my-batch-template>.

use super::cell::{Cell, table};
use super::{File, Line, reference};
use crate::error::Error;
use goodword_domain::payout::method::{Account, Method};

/// Payments in a file, at most.
const MOST: usize = 1_000;
/// The columns of "Send by email". Those of "Send to bank accounts" have the account's number besides.
const COLUMNS: [&str; 8] = [
    "name",
    "recipientEmail",
    "paymentReference",
    "receiverType",
    "amountCurrency",
    "amount",
    "sourceCurrency",
    "targetCurrency",
];

/// "Send to bank accounts" if every line names one, else "Send by email": Wise then asks each partner for the account.
pub fn write(file: &File) -> Result<Vec<u8>, Error> {
    file.at_most(MOST, "Wise")?;
    let to_accounts = file.lines.iter().all(|line| account(line).is_some());
    let mut headings: Vec<_> = COLUMNS.map(Cell::word).into();
    headings.extend(to_accounts.then(|| Cell::word("IBAN")));
    let rows = file.lines.iter().map(|line| row(file, line, to_accounts));
    table(std::iter::once(Ok(headings)).chain(rows).collect::<Result<_, _>>()?)
}

fn account(line: &Line) -> Option<&Account> {
    match &line.method {
        Method::Wise { account, .. } => account.as_ref(),
        _ => None,
    }
}

fn row(file: &File, line: &Line, to_accounts: bool) -> Result<Vec<Cell>, Error> {
    let Method::Wise { email, account } = &line.method else { return Err(line.misplaced(file)) };
    let account = account.as_ref().filter(|_| to_accounts);
    let mut row = vec![
        Cell::text(account.map_or(&line.partner_name, |account| &account.holder)),
        Cell::exact(line, email.as_str())?,
        Cell::word(reference(&line.id)?),
        Cell::word("PERSON"),
        Cell::word("target"),
        Cell::amount(file, line.amount),
        Cell::word(file.currency.to_string()),
        Cell::word(file.currency.to_string()),
    ];
    row.extend(account.map(|account| Cell::word(account.iban.as_str())));
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{account, email, file, line, rows, text};
    use super::super::{Format, write};
    use super::*;

    fn to_account(n: u32, holder: &str) -> Line {
        let account = Some(account(holder, "DE89370400440532013000"));
        line(n, Method::Wise { email: email("maya@example.com"), account }, 1234)
    }

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        for (currency, amount) in [("jpy", "1234"), ("usd", "12.34"), ("kwd", "1.234"), ("clf", "0.1234")] {
            let code = currency.to_uppercase();
            assert_eq!(rows(&file(Format::Wise, currency))[1][4..], ["target", amount, &code, &code]);
        }
    }

    #[test]
    fn by_email() {
        assert_eq!(
            text(&file(Format::Wise, "usd")),
            "name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency\r\n\
             Maya Núñez,maya@example.com,pyt-00000000000000000000000001,PERSON,target,12.34,USD,USD\r\n\
             Maya Núñez,maya@example.com,pyt-00000000000000000000000002,PERSON,target,0.05,USD,USD\r\n"
        );
    }

    #[test]
    fn to_accounts_when_all_are_known() {
        let lines = vec![to_account(1, "Maya Núñez"), to_account(2, "=1+1")];
        let rows = rows(&File { lines, ..file(Format::Wise, "eur") });
        assert_eq!(rows[0][8], "IBAN");
        assert_eq!(rows[1][8], "DE89370400440532013000");
        assert_eq!(rows[2][0], "'=1+1");
    }

    #[test]
    fn by_email_when_one_account_is_not_known() {
        let mut file = file(Format::Wise, "eur");
        file.lines.push(to_account(3, "Holder"));
        let rows = rows(&file);
        assert!(rows.iter().all(|row| row.len() == 8));
        assert_eq!(rows[3][0], "Maya Núñez");
    }

    #[test]
    fn a_thousand_and_no_more() {
        let lines = (1..=1_001).map(|n| to_account(n, "Maya")).collect();
        let said = write(&File { lines, ..file(Format::Wise, "eur") }).unwrap_err().to_string();
        assert!(said.contains("1000 in a file"), "{said}");
    }
}
