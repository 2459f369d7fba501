//! `goodword check`: whether what is stored agrees with itself. Changes nothing; each step looks at a snapshot of its own,
//! so that a running server is not kept from tidying up.
#![expect(clippy::print_stdout, reason = "the command answers on the terminal")]

use super::{Operation, chain};
use crate::config::Storage;
use crate::error::Error;
use crate::store::{Dangling, Dimension, Figures, StoreError, TallyKey, Tx};
use crate::time::show_day;
use std::collections::HashMap;
use std::sync::Arc;

/// How many findings of one check are told.
const MOST: usize = 20;

/// What a check found, and what to do about it.
pub(super) struct Finding(pub(super) String);

/// Runs the command; an error when something is wrong.
pub async fn run(storage: &Storage) -> Result<(), Error> {
    let mut operation = Operation::open(&storage.database)?;
    let result = all(&mut operation).await;
    operation.close();
    match result? {
        0 => Ok(()),
        1 => Err(Error::Conflict("one check failed; what it found is told above.".into())),
        wrong => Err(Error::Conflict(format!("{wrong} checks failed; what they found is told above."))),
    }
}

/// How many checks failed.
async fn all(operation: &mut Operation) -> Result<usize, Error> {
    let mut wrong = 0;
    wrong += told("storage: the database is sound", &storage(operation).await?);
    wrong += told("names: whatever a row names is there", &names(operation).await?);
    wrong +=
        told("transfers: each moves money between two accounts of its program", &transfers(operation).await?);
    wrong += told("ledger: all accounts of a currency come to nothing", &sums(operation).await?);
    wrong +=
        told("ledger chain: no transfer was changed, added or taken away", &chain::walk(operation).await?);
    wrong += told("commissions: each lies in the ledger as it says", &commissions(operation).await?);
    wrong += told("payouts: what is payable, sent and paid is what was earned", &payouts(operation).await?);
    wrong +=
        told("funds: lots, commitments and claims lie in the ledger as they say", &funds(operation).await?);
    wrong += told(
        "points: lots, redemptions and commissions lie in the ledger as they say",
        &points(operation).await?,
    );
    wrong += told("refunds: each sale's, and its disputes, come to what it says", &refunds(operation).await?);
    wrong += told("statistics: tallies equal the facts", &statistics(operation).await?);
    wrong += told("chains: every click pointed to is there", &chains(operation).await?);
    Ok(wrong)
}

/// Prints a check and its findings; 1 if there are any.
fn told(check: &str, findings: &[Finding]) -> usize {
    let word = if findings.is_empty() { "ok   " } else { "WRONG" };
    println!("{word} {check}");
    for Finding(text) in findings.iter().take(MOST) {
        println!("      {text}");
    }
    if findings.len() > MOST {
        println!("      … and {} more.", findings.len() - MOST);
    }
    usize::from(!findings.is_empty())
}

async fn storage(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_storage()?)).await?;
    let finding = |text| Finding(format!("{text}: restore a backup (`goodword restore`)."));
    Ok(broken.into_iter().map(finding).collect())
}

async fn names(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let strays = operation.store.read(|tx| Ok(tx.strays()?)).await?;
    let links = operation.store.read(|tx| Ok(tx.links_that_are_lost()?)).await?;
    let stray = |row| {
        Finding(format!(
            "{row} names a vendor, program, partner or link that is not there: restore a backup."
        ))
    };
    let lost = |(program, link)| {
        Finding(format!(
            "program {program} counts clicks of link {link}, which is not there: restore a backup, or run `goodword rebuild-stats` where only the statistics are wrong."
        ))
    };
    Ok(strays.into_iter().map(stray).chain(links.into_iter().map(lost)).collect())
}

async fn transfers(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_transfers()?)).await?;
    let finding = |id| {
        Finding(format!(
            "transfer {id} names accounts that are missing or not of its currency and program: it was changed from outside; restore a backup."
        ))
    };
    let mut findings: Vec<Finding> = broken.into_iter().map(finding).collect();
    findings.extend(chain::forged_accounts(operation).await?);
    Ok(findings)
}

async fn sums(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let unbalanced = operation.store.read(|tx| Ok(tx.unbalanced()?)).await?;
    let finding = |(currency, rest)| {
        Finding(format!("accounts in {currency} come to {rest} instead of 0: restore a backup."))
    };
    let broken = operation.store.read(|tx| Ok(tx.broken_balances()?)).await?;
    let of_one = |id| {
        Finding(format!(
            "the kept balance of account {id} is not the sum of its transfers: one was changed from outside; restore a backup."
        ))
    };
    Ok(unbalanced.into_iter().map(finding).chain(broken.into_iter().map(of_one)).collect())
}

async fn commissions(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_commissions()?)).await?;
    let finding = |id| {
        Finding(format!(
            "commission {id} and its transfers (`/v1/ledger/transfers?cause={id}`) tell of different earnings: one was changed from outside; restore a backup."
        ))
    };
    Ok(broken.into_iter().map(finding).collect())
}

async fn payouts(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_partners()?)).await?;
    let finding = |of| {
        Finding(format!(
            "partner {of}: the accounts and the commissions tell of different amounts payable, sent or paid: one was changed from outside; restore a backup."
        ))
    };
    let alone = operation.store.read(|tx| Ok(tx.broken_payouts()?)).await?;
    let of_one = |id| {
        Finding(format!(
            "payout {id}, its commissions and its transfers (`/v1/ledger/transfers?cause={id}`) tell of different amounts: one was changed from outside; restore a backup."
        ))
    };
    Ok(broken.into_iter().map(finding).chain(alone.into_iter().map(of_one)).collect())
}

async fn funds(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_funds()?)).await?;
    let finding = |of| {
        Finding(format!(
            "{of}: a fund's lots, requests, claims, commissions and accounts tell of different amounts: one was changed from outside; restore a backup."
        ))
    };
    Ok(broken.into_iter().map(finding).collect())
}

async fn points(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_points()?)).await?;
    let finding = |of| {
        Finding(format!(
            "{of}: lots of points, redemptions, commissions and accounts tell of different amounts: one was changed from outside; restore a backup."
        ))
    };
    Ok(broken.into_iter().map(finding).collect())
}

async fn refunds(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let broken = operation.store.read(|tx| Ok(tx.broken_refunds()?)).await?;
    let finding = |id| {
        Finding(format!(
            "sale {id}, its refunds, disputes and commissions tell of different amounts: one was changed from outside; restore a backup."
        ))
    };
    Ok(broken.into_iter().map(finding).collect())
}

async fn statistics(operation: &mut Operation) -> Result<Vec<Finding>, Error> {
    let programs = operation.programs().await?;
    let days = operation.store.read(|tx| Ok(tx.days_of_figures()?)).await?;
    let mut findings = Vec::new();
    for (done, day) in days.iter().copied().enumerate() {
        operation.progress.tell("days of statistics checked", done, days.len());
        let programs = Arc::clone(&programs);
        findings.extend(operation.store.read(move |tx| Ok(day_of_statistics(tx, &programs, day)?)).await?);
    }
    let weeks = operation.store.read(|tx| Ok(tx.weeks_miscounted()?)).await?;
    let finding = |(program, day)| {
        Finding(format!(
            "program {program}: the figures kept of the week from {} are not the sum of its days: run `goodword rebuild-stats`.",
            show_day(day)
        ))
    };
    findings.extend(weeks.into_iter().map(finding));
    let links = operation.store.read(|tx| Ok(tx.links_miscounted()?)).await?;
    let finding = |link| {
        Finding(format!(
            "link {link}: what it has brought in all is not the sum of its days: run `goodword rebuild-stats`."
        ))
    };
    findings.extend(links.into_iter().map(finding));
    let links = operation.store.read(|tx| Ok(tx.conversions_miscounted()?)).await?;
    let finding = |link| {
        Finding(format!(
            "link {link}: the people who have earned somebody a commission are not as many as are kept: run `goodword \
             rebuild-stats`."
        ))
    };
    findings.extend(links.into_iter().map(finding));
    let partners = operation.store.read(|tx| Ok(tx.due_miscounted()?)).await?;
    let finding = |(program, partner)| {
        Finding(format!(
            "partner {partner} in {program}: its commissions do not come to what is kept as due: run `goodword rebuild-stats`."
        ))
    };
    findings.extend(partners.into_iter().map(finding));
    Ok(findings)
}

fn day_of_statistics(tx: &mut Tx<'_>, programs: &[i64], day: i64) -> Result<Vec<Finding>, StoreError> {
    let tallies = tx.day_of_tallies(programs, day)?;
    Ok(tallies.stored.differences(&tallies.right).map(difference).collect())
}

fn difference((key, stored, right): (TallyKey, Figures, Figures)) -> Finding {
    let (program, dimension, day, item) = key;
    let of = match dimension {
        Dimension::Program => String::new(),
        other => format!(", {} {item}", other.word()),
    };
    Finding(format!(
        "program {program}, {}{of}: {}: run `goodword rebuild-stats`.",
        show_day(day),
        stored.told_beside(&right)
    ))
}

async fn chains(operation: &mut Operation) -> Result<Vec<Finding>, Error> {
    let programs = operation.programs().await?;
    let mut findings = Vec::new();
    for (done, program) in programs.iter().copied().enumerate() {
        operation.progress.tell("programs' visitors checked", done, programs.len());
        findings.extend(operation.store.read(move |tx| Ok(heads(tx, program)?)).await?);
    }
    let days = operation.store.read(|tx| Ok(tx.days_of_figures()?)).await?;
    for (done, day) in days.iter().copied().enumerate() {
        operation.progress.tell("days of clicks checked", done, days.len());
        let programs = Arc::clone(&programs);
        findings.extend(operation.store.read(move |tx| Ok(clicks(tx, &programs, day)?)).await?);
    }
    Ok(findings)
}

fn heads(tx: &mut Tx<'_>, program: i64) -> Result<Vec<Finding>, StoreError> {
    let since = tx.clicks_kept_since(&[program])?;
    let lost = tx.dangling_heads(program)?.into_iter().filter(|d| is_lost(d, &since));
    let finding = |d: Dangling| {
        Finding(format!(
            "program {program}, visitor {}: the latest click, {}, is not there: restore a backup, or leave it, for the visitor begins anew.",
            d.of, d.click.0
        ))
    };
    Ok(lost.map(finding).collect())
}

fn clicks(tx: &mut Tx<'_>, programs: &[i64], day: i64) -> Result<Vec<Finding>, StoreError> {
    let since = tx.clicks_kept_since(programs)?;
    let lost = tx.dangling_clicks(day)?.into_iter().filter(|d| is_lost(d, &since));
    let finding = |d: Dangling| {
        Finding(format!(
            "program {}, click {}: the visitor's click before, {}, is not there: restore a backup, or leave it, for the journey begins later.",
            d.program, d.of, d.click.0
        ))
    };
    Ok(lost.map(finding).collect())
}

/// Whether it was not deleted for its age.
fn is_lost(dangling: &Dangling, since: &HashMap<i64, i64>) -> bool {
    since.get(&dangling.program).is_none_or(|since| dangling.click.at().day() >= *since)
}
