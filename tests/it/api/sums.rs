//! What must be so after whatever has happened in a program: commissions, ledger and figures say the same.

use crate::harness::{Client, Server};
use goodword_wire::{Commission, Partner};
use serde_json::Value;
use std::collections::HashMap;

/// What a commission adds to the figures.
fn counted(commission: &Commission) -> i64 {
    let counts = ["pending", "hold", "processed", "paid"].contains(&commission.status.as_str());
    if counts && commission.currency.len() == 3 { commission.earnings } else { 0 }
}

/// Checks a vendor with one program.
#[track_caller]
pub fn assert_sound(shop: &Client) {
    // Before the accounts: a hold that ends meanwhile may make one.
    let transfers = shop.transfers();
    let ledger = shop.ledger();
    assert_eq!(ledger.total_debits, ledger.total_credits);
    let account: HashMap<_, _> =
        ledger.accounts.iter().map(|account| (account.id.as_str(), account)).collect();
    let mut lies: HashMap<String, i64> = HashMap::new();
    for transfer in transfers {
        let (from, to) =
            (account[transfer.debit_account.as_str()], account[transfer.credit_account.as_str()]);
        assert_eq!((&from.currency, &to.currency), (&transfer.currency, &transfer.currency));
        let net = i64::from(to.partner_id.is_some()) - i64::from(from.partner_id.is_some());
        *lies.entry(transfer.cause).or_default() += net * transfer.amount;
    }
    let commissions = shop.commissions();
    for commission in &commissions {
        assert_eq!(lies.remove(&commission.id).unwrap_or(0), commission.earnings, "{commission:#?}");
    }
    lies.retain(|cause, sum| *sum != 0 && cause.starts_with("com_"));
    assert!(lies.is_empty(), "transfers without a commission: {lies:?}");
    let earned: i64 = commissions.iter().map(counted).sum();
    let partners: Vec<Partner> = shop.all("/v1/partners", 100);
    assert_eq!(partners.iter().map(|partner| partner.total_commissions).sum::<i64>(), earned);
    let totals = shop.get("/v1/analytics?start=2000-01-01T00:00:00Z").ok::<Value>()["totals"].clone();
    let of = |field: &str| totals[field].as_i64().unwrap_or_else(|| panic!("no {field}: {totals}"));
    assert_eq!(of("pending") + of("processed") + of("paid"), earned, "{totals}");
}

/// What `goodword check` finds of a server's whole database: nothing.
#[track_caller]
pub fn assert_checked(server: &Server) {
    let printed = server.operate("check", &[]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stdout));
}
