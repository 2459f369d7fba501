//! What is counted: of a tally, of a link, of a single fact.

use crate::store::{Row, StoreError};
use goodword_domain::commission::{Commission, Source, Status};

/// Counts, and amounts in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub clicks: i64,
    /// Distinct visitors of the day; counted for the program as a whole.
    pub visitors: i64,
    pub leads: i64,
    pub sales: i64,
    /// What was paid, less what was refunded.
    pub amount: i64,
    /// What was refunded or is disputed.
    pub gone: i64,
    /// Earnings still held.
    pub pending: i64,
    /// Earnings payable.
    pub processed: i64,
    /// Earnings paid out.
    pub paid: i64,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, o: Self) {
        self.clicks += o.clicks;
        self.visitors += o.visitors;
        self.leads += o.leads;
        self.sales += o.sales;
        self.amount += o.amount;
        self.gone += o.gone;
        self.pending += o.pending;
        self.processed += o.processed;
        self.paid += o.paid;
    }
}

impl Figures {
    /// One sale.
    pub fn of_sale(amount: i64) -> Self {
        Self { sales: 1, amount, ..Self::default() }
    }

    /// What a commission earns in money. What a claim on a fund gives back was spent before and is earned by nothing.
    pub fn of_commission(c: &Commission) -> Self {
        if !c.currency.is_money() || c.source == Source::Fund {
            return Self::default();
        }
        Self::of_earnings(c.status, c.earnings)
    }

    /// What a commission of a status earns.
    pub fn of_earnings(status: Status, earnings: i64) -> Self {
        let none = Self::default();
        match status {
            Status::Pending | Status::Hold => Self { pending: earnings, ..none },
            Status::Processed => Self { processed: earnings, ..none },
            Status::Paid => Self { paid: earnings, ..none },
            Status::Refunded | Status::Canceled | Status::Fraud | Status::NeedsRate => none,
        }
    }

    /// Everything earned: held, payable and paid.
    pub fn earnings(&self) -> i64 {
        self.pending + self.processed + self.paid
    }

    /// The same, taken away.
    #[must_use]
    pub fn negative(self) -> Self {
        Self {
            clicks: -self.clicks,
            visitors: -self.visitors,
            leads: -self.leads,
            sales: -self.sales,
            amount: -self.amount,
            gone: -self.gone,
            pending: -self.pending,
            processed: -self.processed,
            paid: -self.paid,
        }
    }

    /// The figures that others tell otherwise, in words.
    pub fn told_beside(&self, right: &Self) -> String {
        let names =
            ["clicks", "visitors", "leads", "sales", "amount", "gone", "pending", "processed", "paid"];
        let figures = names.iter().zip(self.values().into_iter().zip(right.values()));
        let told = figures.filter(|(_, (is, right))| is != right);
        let told = told.map(|(name, (is, right))| format!("{name} {is} instead of {right}"));
        told.collect::<Vec<_>>().join(", ")
    }

    pub(in crate::store) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            clicks: row.next()?,
            visitors: row.next()?,
            leads: row.next()?,
            sales: row.next()?,
            amount: row.next()?,
            gone: row.next()?,
            pending: row.next()?,
            processed: row.next()?,
            paid: row.next()?,
        })
    }

    pub(super) fn of_values(values: [i64; 9]) -> Self {
        let [clicks, visitors, leads, sales, amount, gone, pending, processed, paid] = values;
        Self { clicks, visitors, leads, sales, amount, gone, pending, processed, paid }
    }

    pub(in crate::store) fn values(&self) -> [i64; 9] {
        [
            self.clicks,
            self.visitors,
            self.leads,
            self.sales,
            self.amount,
            self.gone,
            self.pending,
            self.processed,
            self.paid,
        ]
    }
}
