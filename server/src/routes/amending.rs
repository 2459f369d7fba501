//! Changes of commissions, as public SDKs send them. No amount is edited: what a change means is done, a refund, a cancellation or
//! a decision, and what cannot be meant is refused.

use super::commissions::{canceled, no_such_commission};
use super::{find, listed, refunds, reviews};
use crate::app::Shared;
use crate::auth::FinanceCaller;
use crate::error::Error;
use crate::http::{Body, Wholes};
use crate::shared::{Record, Words};
use crate::store::{CommissionRow, Decided, Sale, Tx};
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::commission::Status;
use goodword_domain::id::{CommissionId, RefundId};
use goodword_domain::money::Currency;
use goodword_domain::risk::Decision;
use goodword_domain::time::Instant;
use goodword_wire::{
    CommissionChange, CommissionState, CommissionsChange, ErrorBody, ListedCommission, RefundInput,
};
use serde_json::Value;

/// How many commissions one request changes at the most.
const MOST: usize = 100;

/// What a change means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// To cancel it, with the word for why.
    Cancel(&'static str),
    /// To reject it in review, or cancel it where nothing spoke against it.
    Fraud,
    /// To refund what is left of its sale.
    Refund,
    /// To end its review in the partner's favour.
    Clear,
    /// To refund so much that this is left of its sale, minor units.
    SaleOf(i64),
    /// To refund this of its sale, minor units.
    Less(i64),
}

impl Meaning {
    fn of_status(word: &str) -> Result<Self, Error> {
        match word {
            "canceled" => Ok(Self::Cancel("canceled")),
            "duplicate" => Ok(Self::Cancel("duplicate")),
            "fraud" => Ok(Self::Fraud),
            "refunded" => Ok(Self::Refund),
            "pending" => Ok(Self::Clear),
            _ => Err(Error::field(
                "status",
                "must be `canceled`, `duplicate`, `fraud`, `refunded` or `pending`.",
            )),
        }
    }

    fn of(change: &CommissionChange) -> Result<Self, Error> {
        if change.earnings.is_some() {
            let remedy = "cannot be set: it follows from the sale and the reward. Give a bonus with POST /v1/commissions, or cancel.";
            return Err(Error::field("earnings", remedy));
        }
        let whole = change.sale_amount.or(change.amount);
        let less = change.modify_sale_amount.or(change.modify_amount);
        match (change.status.as_deref(), whole, less) {
            (Some(word), None, None) => Self::of_status(word),
            (None, Some(whole), None) => Ok(Self::SaleOf(whole)),
            (None, None, Some(by)) if by < 0 => Ok(Self::Less(by.saturating_neg())),
            (None, None, Some(_)) => Err(more_than_was_paid("modifySaleAmount")),
            (None, None, None) => Err(Error::field("status", "is needed, or `saleAmount`.")),
            _ => Err(Error::field("status", "and an amount are two changes: send one of them.")),
        }
    }
}

fn more_than_was_paid(field: &'static str) -> Error {
    Error::field(field, "can make a sale less, by a refund; what more was paid is another sale: report it.")
}

/// Change a commission
///
/// What was posted is never edited: a smaller amount is a refund of the difference, `refunded` one of the rest, and a status is
/// reached by the step that leads to it.
#[utoipa::path(patch, path = "/v1/commissions/{id}", tag = "commissions", request_body = CommissionChange,
    params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = ListedCommission), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: FinanceCaller,
    words: Words,
    Path(id): Path<String>,
    Wholes(change): Wholes<CommissionChange>,
) -> Result<Json<Value>, Error> {
    let id = CommissionId::parse(&id)?;
    let meaning = Meaning::of(&change)?;
    let currency = change.currency.as_deref().map(Currency::parse).transpose()?;
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let commission = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let change = Change { world, meaning, currency, now };
        let row = change.carry_out(tx, &caller, &id)?;
        Record::Commission.full(words, &listed::commission(tx, &public_url, &row)?)
    });
    Ok(Json(commission.await?))
}

/// Change several commissions alike
///
/// All of them, or none.
#[utoipa::path(patch, path = "/v1/commissions/bulk", tag = "commissions", request_body = CommissionsChange,
    responses((status = 200, body = Vec<CommissionState>), (status = "4XX", body = ErrorBody)))]
pub async fn many(
    State(app): State<Shared>,
    caller: FinanceCaller,
    words: Words,
    Body(change): Body<CommissionsChange>,
) -> Result<Json<Vec<Value>>, Error> {
    if !(1..=MOST).contains(&change.commission_ids.len()) {
        return Err(Error::field("commissionIds", format!("must be 1 to {MOST} commissions.")));
    }
    let parse = |(place, id): (usize, &String)| {
        CommissionId::parse(id).map_err(|e| Error::at(format!("commissionIds[{place}]"), e.remedy))
    };
    let ids = change.commission_ids.iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?;
    let meaning = Meaning::of_status(find::required("status", change.status.as_ref())?)?;
    let (world, real) = (app.world, app.world.now());
    let states = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let change = Change { world, meaning, currency: None, now };
        let states = ids.iter().map(|id| {
            let row = change.carry_out(tx, &caller, id)?;
            let status = row.commission.status.word().to_owned();
            let told = Record::Commission.full(words, &CommissionState { id: id.to_string(), status })?;
            Ok(serde_json::json!({ "id": told["id"], "status": told["status"] }))
        });
        states.collect()
    });
    Ok(Json(states.await?))
}

struct Change {
    world: World,
    meaning: Meaning,
    /// What the caller takes the sale's currency for.
    currency: Option<Currency>,
    now: Instant,
}

impl Change {
    /// Does it, and gives the commission as it is then.
    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        caller: &FinanceCaller,
        id: &CommissionId,
    ) -> Result<CommissionRow, Error> {
        let row = tx.commission(&caller.vendor, id)?.ok_or_else(no_such_commission)?;
        match self.meaning {
            Meaning::Cancel(why) => self.cancel(tx, caller, row, why)?,
            Meaning::Fraud if row.commission.status == Status::Fraud => (),
            Meaning::Fraud if tx.is_in_review(id)? => self.decide(tx, caller, id, Decision::Rejected)?,
            Meaning::Fraud => self.cancel(tx, caller, row, "fraud")?,
            Meaning::Clear if row.commission.status == Status::Pending => (),
            Meaning::Clear => self.decide(tx, caller, id, Decision::Cleared)?,
            Meaning::Refund if row.commission.status == Status::Refunded => (),
            Meaning::Refund => {
                let sale = sale_of(tx, &row)?;
                self.refund(tx, &sale, sale.amount - sale.refunded)?;
            }
            Meaning::SaleOf(whole) => {
                let sale = self.checked_sale_of(tx, &row)?;
                let less = sale.amount - sale.refunded - whole;
                if less < 0 || whole < 0 {
                    return Err(more_than_was_paid("saleAmount"));
                }
                self.refund(tx, &sale, less)?;
            }
            Meaning::Less(less) => {
                let sale = self.checked_sale_of(tx, &row)?;
                self.refund(tx, &sale, less)?;
            }
        }
        tx.commission(&caller.vendor, id)?.ok_or_else(no_such_commission)
    }

    fn cancel(
        &self,
        tx: &mut Tx<'_>,
        caller: &FinanceCaller,
        row: CommissionRow,
        why: &str,
    ) -> Result<(), Error> {
        canceled(tx, self.world, row, &self.said(caller, Decision::Rejected, Some(why)))?;
        Ok(())
    }

    fn decide(
        &self,
        tx: &mut Tx<'_>,
        caller: &FinanceCaller,
        id: &CommissionId,
        decision: Decision,
    ) -> Result<(), Error> {
        let said = self.said(caller, decision, None);
        let decided = reviews::one(tx, self.world, &caller.vendor, id, &said)?;
        decided.message.map_or(Ok(()), |message| Err(Error::Conflict(message)))
    }

    fn said(&self, caller: &FinanceCaller, decision: Decision, note: Option<&str>) -> Decided {
        let (by, note) = (caller.actor.name.clone(), note.map(str::to_owned));
        Decided { decision, by, note, at: self.now }
    }

    /// The sale of a commission, if the caller and it mean the same currency.
    fn checked_sale_of(&self, tx: &mut Tx<'_>, row: &CommissionRow) -> Result<Sale, Error> {
        let sale = sale_of(tx, row)?;
        match self.currency {
            Some(currency) if currency != sale.currency => {
                let remedy = format!("must be {}, the sale's currency.", sale.currency.wire());
                Err(Error::field("currency", remedy))
            }
            _ => Ok(sale),
        }
    }

    fn refund(&self, tx: &mut Tx<'_>, sale: &Sale, amount: i64) -> Result<(), Error> {
        if amount == 0 {
            return Ok(());
        }
        let refund = RefundInput {
            sale_id: Some(sale.id.to_string()),
            refund_id: Some(RefundId::from_bits(self.world.bits()).to_string()),
            amount: Some(amount),
            ..RefundInput::default()
        };
        refunds::carry_out(tx, self.world, &sale.vendor, &refund, None, self.now)?;
        Ok(())
    }
}

fn sale_of(tx: &mut Tx<'_>, row: &CommissionRow) -> Result<Sale, Error> {
    let sale = row.sale.as_ref().map(|id| tx.sale(&row.vendor, id)).transpose()?.flatten();
    sale.ok_or_else(|| {
        Error::Conflict("This commission is on no sale, so nothing can be refunded: cancel it.".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(change: &CommissionChange, meaning: Option<Meaning>) {
        assert_eq!(Meaning::of(change).ok(), meaning, "{change:?}");
    }

    #[test]
    fn a_change_means_one_thing() {
        let none = CommissionChange::default;
        check(&none(), None);
        check(
            &CommissionChange { status: Some("duplicate".into()), ..none() },
            Some(Meaning::Cancel("duplicate")),
        );
        check(&CommissionChange { status: Some("refunded".into()), ..none() }, Some(Meaning::Refund));
        check(&CommissionChange { status: Some("paid".into()), ..none() }, None);
        check(&CommissionChange { amount: Some(5), ..none() }, Some(Meaning::SaleOf(5)));
        check(
            &CommissionChange { sale_amount: Some(5), amount: Some(7), ..none() },
            Some(Meaning::SaleOf(5)),
        );
        check(&CommissionChange { modify_amount: Some(-5), ..none() }, Some(Meaning::Less(5)));
        check(&CommissionChange { modify_sale_amount: Some(5), ..none() }, None);
        check(&CommissionChange { earnings: Some(5), ..none() }, None);
        check(&CommissionChange { status: Some("fraud".into()), sale_amount: Some(5), ..none() }, None);
    }
}
