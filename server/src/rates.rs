//! Exchange rates: from what the vendor sends or a file holds to what is stored.

use crate::attribute::sheet::{Cell, Row, Sheet};
use crate::error::Error;
use crate::routes::find;
use crate::store::Tx;
use crate::time::{self, show};
use goodword_domain::Invalid;
use goodword_domain::exchange::{Rate, parse_rate};
use goodword_domain::id::VendorId;
use goodword_domain::money::Currency;
use goodword_domain::reward::Exchange;
use goodword_domain::time::Instant;
use goodword_wire::{ExchangeRateInput, ExchangeRatesOutput};
use std::collections::HashMap;

/// Between which currencies a rate is, and from when.
type Name = (Currency, Currency, Instant);

const COLUMNS: [&str; 5] = ["base", "quote", "rate", "source", "at"];

/// From one rate or a list of them.
pub fn read_all(inputs: &[ExchangeRateInput]) -> Result<Vec<Rate>, Error> {
    let is_list = inputs.len() != 1;
    let read = |(place, input)| {
        read(input).map_err(|e| if is_list { e.within(&format!("[{place}]")) } else { e }.into())
    };
    inputs.iter().enumerate().map(read).collect()
}

/// From a CSV file with the columns `base`, `quote`, `rate`, `source` and `at`.
pub fn read_csv(bytes: &[u8]) -> Result<Vec<Rate>, Error> {
    let sheet = Sheet::of(bytes)?;
    sheet.only(&COLUMNS)?;
    let columns = COLUMNS.map(|name| sheet.needed(&[name]));
    let [base, quote, rate, source, at] = columns;
    let columns = [base?, quote?, rate?, source?, at?];
    let read_row = |row: Row<'_>| {
        let cells: [Cell<'_>; 5] = columns.map(|column| row.cell(column));
        let [base, quote, rate, source, at] = cells.map(|cell| cell.text.to_owned());
        read(&ExchangeRateInput { base, quote, rate, source, at }).map_err(|refused| {
            let cell = cells.iter().find(|cell| cell.column == refused.field).unwrap_or(&cells[0]);
            cell.refused(&refused.remedy)
        })
    };
    sheet.rows().map(read_row).collect()
}

fn read(input: &ExchangeRateInput) -> Result<Rate, Invalid> {
    let currency = |field: &'static str, text: &str| {
        Currency::parse(text.trim()).map_err(|e| Invalid::new(field, e.remedy))
    };
    let (from, to) = (currency("base", &input.base)?, currency("quote", &input.quote)?);
    if from == to {
        return Err(Invalid::new("quote", "must be another currency than `base`."));
    }
    let source = input.source.trim();
    if !(1..=100).contains(&source.chars().count()) || source.contains('\0') {
        return Err(Invalid::new("source", "is needed: say in 1 to 100 characters who says so."));
    }
    let exchange = Exchange { rate: parse_rate(&input.rate)?, from, to, source: source.to_owned() };
    Ok(Rate { exchange, at: instant(input.at.trim())? })
}

fn instant(text: &str) -> Result<Instant, Invalid> {
    // A day has ten characters; its first instant is meant.
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let remedy = "must be RFC 3339 text such as `2026-08-19T16:13:12.109Z`, or a date.";
    time::parse("at", &whole).map_err(|_| Invalid::new("at", remedy))
}

/// Stores rates of a vendor's, all or none. A rate that is known stays as it is, for sales may have been counted by it: who says
/// another one for the same instant is refused.
pub fn load(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    rates: &[Rate],
    real: Instant,
) -> Result<ExchangeRatesOutput, Error> {
    let now = find::now(tx, vendor, real)?;
    let before = tx.rates_like(vendor, rates)?;
    let mut known: HashMap<Name, &Rate> = before.iter().map(|rate| (name(rate), rate)).collect();
    let mut new = Vec::with_capacity(rates.len());
    for rate in rates {
        let first = *known.entry(name(rate)).or_insert_with(|| {
            new.push(rate);
            rate
        });
        if first.exchange.rate != rate.exchange.rate {
            return Err(contradicts(rate, first));
        }
    }
    tx.insert_rates(vendor, &new, now)?;
    Ok(ExchangeRatesOutput { stored: new.len(), known: rates.len() - new.len(), resumed: 0 })
}

fn name(rate: &Rate) -> Name {
    (rate.exchange.from, rate.exchange.to, rate.at)
}

fn contradicts(told: &Rate, first: &Rate) -> Error {
    let Exchange { rate, from, to, .. } = &told.exchange;
    Error::Conflict(format!(
        "The rate of {from} in {to} of {} is {}, not {rate}, and sales may have been counted by it: send another one from a \
         later instant. Nothing was stored.",
        show(told.at),
        first.exchange.rate
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(csv: &str) -> String {
        read_csv(csv.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_file_of_rates() {
        let file = "base,quote,rate,source,at\nEUR,usd,1.0825,\"ECB, daily\",2026-01-02\njpy,usd,0.0067,x,2026-01-02T16:00:00+01:00\n";
        let rates = read_csv(file.as_bytes()).unwrap();
        let told =
            rates.iter().map(|r| (r.exchange.rate.to_string(), show(r.at), r.exchange.source.as_str()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                ("1.0825".to_owned(), "2026-01-02T00:00:00.000Z".to_owned(), "ECB, daily"),
                ("0.0067".to_owned(), "2026-01-02T15:00:00.000Z".to_owned(), "x")
            ]
        );
    }

    #[test]
    fn a_refusal_names_line_and_column() {
        let header = "base,quote,rate,source,at\neur,usd,1,x,2026-01-01\n";
        for (line, column) in [
            ("eur,usd,0,x,2026-01-01", "rate"),
            ("eur,usd,1e3,x,2026-13-01", "at"),
            ("eur,eur,1,x,2026-01-01", "quote"),
            ("xyz,eur,1,x,2026-01-01", "base"),
            ("points,eur,1,x,2026-01-01", "base"),
            ("eur,usd,1,,2026-01-01", "source"),
        ] {
            let text = refused(&format!("{header}{line}\n"));
            assert!(text.starts_with(&format!("line 3, column `{column}`:")), "{line}: {text}");
        }
        assert!(refused("base,quote,rate,at\n").contains("`source`"));
        assert!(refused("base,quote,rate,source,at,more\n").contains("`more`"));
    }
}
