//! What partners are due, as CSV.

use super::cell::{Cell, table};
use crate::error::Error;
use goodword_domain::money::Currency;
use goodword_wire::{DueList, DuePartner};

const COLUMNS: [&str; 10] = [
    "partnerId",
    "partnerName",
    "amount",
    "currency",
    "earned",
    "owed",
    "commissions",
    "method",
    "eligible",
    "reason",
];

/// Headings, and a partner in each line.
pub fn write(list: &DueList, currency: Currency) -> Result<Vec<u8>, Error> {
    let rows = list.partners.iter().map(|partner| row(partner, currency));
    table(std::iter::once(COLUMNS.map(Cell::word).into()).chain(rows).collect())
}

fn row(p: &DuePartner, currency: Currency) -> Vec<Cell> {
    vec![
        Cell::word(&p.partner.id),
        Cell::text(&p.partner.name),
        Cell::word(currency.decimal(p.amount)),
        Cell::word(currency.to_string()),
        Cell::word(currency.decimal(p.earned)),
        Cell::word(currency.decimal(p.owed)),
        Cell::word(p.commissions.to_string()),
        Cell::word(p.method.as_deref().unwrap_or_default()),
        Cell::word(p.eligible.to_string()),
        Cell::word(p.reason.as_deref().unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::PartnerRef;

    #[test]
    fn a_partner_in_each_line() {
        let partner = DuePartner {
            partner: PartnerRef { id: "ptn_1".into(), name: "=Maya".into() },
            amount: -1470,
            earned: 0,
            owed: 1470,
            commissions: 1,
            period_start: String::new(),
            period_end: String::new(),
            method: None,
            eligible: false,
            reason: Some("negative_balance".into()),
            missing: Vec::new(),
        };
        let list = DueList {
            program_id: "prg_1".into(),
            currency: "usd".into(),
            minimum: 5000,
            amount: 0,
            eligible: 0,
            partners: vec![partner],
        };
        let text = String::from_utf8(write(&list, Currency::parse("usd").unwrap()).unwrap()).unwrap();
        let expected = "partnerId,partnerName,amount,currency,earned,owed,commissions,method,eligible,reason\r\n\
            ptn_1,'=Maya,-14.70,USD,0.00,14.70,1,,false,negative_balance\r\n";
        assert_eq!(text, expected);
    }
}
