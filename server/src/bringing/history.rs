//! What other programs have paid, as payouts of the past: one for each partner and day, with the commissions it was made of. Nothing of
//! it is paid again.

use super::Desk;
use crate::error::Error;
use crate::store::{BatchRow, CommissionRow, Deed, PayoutRow, Posting, Tallies};
use goodword_domain::id::{BatchId, CommissionId, PartnerId, PayoutId};
use goodword_domain::payout::method::Method;
use goodword_domain::payout::{BatchStatus, Due, Payout, Status};
use goodword_domain::time::Instant;
use std::collections::BTreeMap;

/// What one partner was paid on one day.
#[derive(Default)]
struct Paid {
    commissions: Vec<CommissionId>,
    due: Option<Due>,
    at: Option<Instant>,
}

/// What was paid, by day and partner.
#[derive(Default)]
pub struct History(BTreeMap<i64, BTreeMap<PartnerId, Paid>>);

impl History {
    /// Adds a commission that is payable here and was paid there.
    pub fn add(&mut self, row: &CommissionRow, at: Instant) {
        let c = &row.commission;
        let paid = self.0.entry(at.day()).or_default().entry(c.partner.clone()).or_default();
        let earnings = c.calculation.earns(0);
        let before =
            paid.due.take().unwrap_or(Due { earned: 0, owed: 0, commissions: 0, period: (row.at, row.at) });
        paid.due = Some(Due {
            earned: before.earned + earnings.max(0),
            owed: before.owed + (-earnings).max(0),
            commissions: before.commissions + 1,
            period: (before.period.0.min(row.at), before.period.1.max(row.at)),
        });
        paid.commissions.push(c.id.clone());
        paid.at = paid.at.max(Some(at));
    }
}

impl Desk<'_, '_> {
    /// Posts what was paid. Where more was taken back on a day than paid, that stays owed, and is told.
    pub(super) fn pay(&mut self) -> Result<(), Error> {
        let history = std::mem::take(&mut self.history);
        for (_, partners) in history.0 {
            let at = partners.values().filter_map(|paid| paid.at).max().unwrap_or(self.now);
            let batch = self.batch_of(at);
            let mut stored = false;
            for (partner, paid) in partners {
                let Some(due) = paid.due else { continue };
                let id = PayoutId::from_bits(self.world.bits());
                let Some(payout) = Payout::of(id, partner.clone(), batch.currency, &due) else {
                    let message = format!(
                        "What {partner} was paid on that day comes to nothing or less: it stays payable, and owed."
                    );
                    self.remark(0, "paid", message);
                    continue;
                };
                if !stored {
                    self.tx.insert_batch(&batch)?;
                    self.tx.decide_batch(&batch)?;
                    stored = true;
                }
                self.pay_one(&batch, payout, &due, &paid.commissions, at)?;
            }
        }
        Ok(())
    }

    fn batch_of(&self, at: Instant) -> BatchRow {
        let deed = Deed { by: "import".into(), name: format!("Import from {}", self.source.name()), at };
        BatchRow {
            id: BatchId::from_bits(self.world.bits()),
            vendor: self.program.vendor.clone(),
            program: self.program.id.clone(),
            currency: self.program.terms.currency,
            minimum: 0,
            status: BatchStatus::Approved,
            created: deed.clone(),
            decided: Some(deed),
        }
    }

    fn pay_one(
        &mut self,
        batch: &BatchRow,
        payout: Payout,
        due: &Due,
        commissions: &[CommissionId],
        at: Instant,
    ) -> Result<(), Error> {
        let partner = self.tx.partner(&batch.vendor, &payout.partner)?;
        let partner =
            partner.ok_or_else(|| Error::internal(format!("partner {} vanished", payout.partner)))?;
        let transfers = payout.import();
        let row = PayoutRow {
            payout: Payout { status: Status::Processing, ..payout },
            vendor: batch.vendor.clone(),
            program: batch.program.clone(),
            batch: batch.id.clone(),
            partner_name: partner.name,
            partner_email: partner.email,
            method: Method::Manual,
            commissions: due.commissions,
            period: due.period,
            note: Some(format!("Paid by way of {}", self.source.name())),
            created_at: at,
            initiated_at: Some(at),
            paid_at: None,
            ended_at: None,
        };
        let ids: Vec<String> = commissions.iter().map(ToString::to_string).collect();
        self.tx.insert_past_payout(&row, &ids)?;
        let paid = PayoutRow {
            payout: Payout { status: Status::Completed, ..row.payout.clone() },
            paid_at: Some(at),
            ..row
        };
        let mut tallies = Tallies::default();
        self.tx.update_payout(&paid, Status::Processing, &mut tallies)?;
        self.tx.add_tallies(&tallies)?;
        let posting =
            |transfer| Posting { vendor: batch.vendor.clone(), program: batch.program.clone(), transfer, at };
        Ok(self.tx.post_all(self.world, &transfers.into_iter().map(posting).collect::<Vec<_>>())?)
    }
}
