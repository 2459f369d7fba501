//! Sentences for commissions, and for what happened to them since.

use super::sentences::{Telling, capital};
use crate::error::Error;
use crate::routes::view;
use crate::store::{CommissionRow, Customer, Page, TransferRow, Tx};
use crate::time::show;
use goodword_domain::commission::Status;
use goodword_domain::ledger::TransferKind;
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use goodword_wire::{ExplainedCommission, Happening};

/// How many transfers of one cause are told; a commission has a few.
const MOST: i64 = 1000;

/// A happening with its place among those of one instant.
pub type Told = (Instant, i64, Happening);

/// A commission in words, and its transfers. `least` is the smallest payout, minor units of the program's currency.
pub fn commission(
    tx: &mut Tx<'_>,
    row: &CommissionRow,
    buyer: Option<&Customer>,
    telling: &Telling<'_>,
    least: (i64, Currency),
) -> Result<(ExplainedCommission, Vec<Told>), Error> {
    let shown = view::commission_of(tx, row, buyer)?;
    let own = transfers(tx, row, &row.commission.id.to_string())?;
    let sent = match &row.payout {
        Some(payout) => transfers(tx, row, &payout.to_string())?,
        None => Vec::new(),
    };
    let paid_at = sent.iter().find(|t| t.kind == TransferKind::Pay.word()).map(|t| show(t.at));
    let name = telling.name(&shown.partner);
    let gets = if name == "you" { "You get".to_owned() } else { format!("{} gets", capital(&name)) };
    let earns = row.commission.currency.show(row.commission.earnings);
    let says = format!("{gets} {earns}: {}. {}", shown.arithmetic, when(row, least));
    let pays_from = open(row.commission.status).then(|| show(row.commission.clears_at));
    let mut history = Vec::new();
    for transfer in own.iter().chain(&sent) {
        history.extend(happening(transfer, &name, row.commission.currency)?);
    }
    Ok((ExplainedCommission { commission: shown, pays_from, paid_at, says }, history))
}

fn transfers(tx: &mut Tx<'_>, row: &CommissionRow, cause: &str) -> Result<Vec<TransferRow>, Error> {
    let page = Page { limit: MOST, ..Page::default() };
    let mut found = tx.transfers(&row.vendor, Some(&row.program), Some(cause), None, page)?;
    found.sort_by_key(|transfer| transfer.place);
    Ok(found)
}

/// Whether it is still to be paid.
fn open(status: Status) -> bool {
    matches!(status, Status::Pending | Status::Processed | Status::Hold | Status::NeedsRate)
}

/// When it is paid.
fn when(row: &CommissionRow, (least, currency): (i64, Currency)) -> String {
    let clears = show(row.commission.clears_at);
    let next = if row.commission.currency.is_money() {
        format!(", with the next payout in which at least {} are due", currency.show(least))
    } else {
        String::new()
    };
    match row.commission.status {
        Status::Pending => format!("It is held until {clears} and paid after that{next}."),
        Status::Processed => match &row.payout {
            Some(payout) => format!("It is on its way with the payout {payout}."),
            None => format!("It is payable since {clears}: it is paid{next}."),
        },
        Status::Paid => match &row.payout {
            Some(payout) => format!("It was paid with the payout {payout}."),
            None => "It was paid.".into(),
        },
        Status::Refunded => {
            "All that was paid for is refunded or in dispute, so nothing is left of it.".into()
        }
        Status::Canceled => {
            let note = row.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            format!("The vendor voided it{note}.")
        }
        Status::Hold => {
            "It is in review: it is neither payable nor lost until somebody has looked at it.".into()
        }
        Status::Fraud => "It was rejected in review.".into(),
        Status::NeedsRate => {
            "It waits for an exchange rate, and is credited when there is one; nothing is taken 1:1.".into()
        }
    }
}

/// What a transfer did, as far as it concerns the partner.
fn happening(t: &TransferRow, name: &str, currency: Currency) -> Result<Option<Told>, Error> {
    let kind = TransferKind::ALL.into_iter().find(|kind| kind.word() == t.kind);
    let kind = kind.ok_or_else(|| Error::internal(format!("a transfer is of the kind `{}`", t.kind)))?;
    let amount = currency.show(t.amount);
    let says = match kind {
        TransferKind::Hold => format!("{amount} were credited to {name}, held."),
        TransferKind::Release => format!("The hold ended: {amount} became payable to {name}."),
        TransferKind::TakeBack => format!("{amount} were taken back from {name}."),
        TransferKind::Restore => format!("{amount} were added for {name}."),
        TransferKind::Void => format!("{amount} of {name} were voided."),
        TransferKind::Send => format!("It was sent to {name} with the payout {}.", t.cause),
        TransferKind::Pay => format!("The payout {} to {name} arrived.", t.cause),
        TransferKind::Return => format!("The payout {} to {name} came back.", t.cause),
        TransferKind::Net => format!("The payout {} was lessened by what {name} owed.", t.cause),
        TransferKind::Import => {
            format!("{amount} of {name} were brought from another program, as they stood there.")
        }
        TransferKind::Reimburse => format!("{amount} were paid to {name} out of a fund."),
        // The program's own money, and a partner's in funds, which no commission moves.
        TransferKind::Allocate
        | TransferKind::Withdraw
        | TransferKind::Grant
        | TransferKind::Accrue
        | TransferKind::Commit
        | TransferKind::Free
        | TransferKind::Expire => return Ok(None),
    };
    let is_payout =
        matches!(kind, TransferKind::Send | TransferKind::Pay | TransferKind::Return | TransferKind::Net);
    let told = Happening {
        at: show(t.at),
        says,
        what: kind.word().into(),
        amount: Some(t.amount),
        currency: Some(currency.wire()),
        payout_id: is_payout.then(|| t.cause.clone()),
        partner: Some(name.to_owned()),
    };
    Ok(Some((t.at, t.place, told)))
}
