//! What of a sale counts towards a settlement.

use super::{Per, Rule};
use crate::reward::Order;
use crate::time::Instant;
use std::collections::BTreeMap;

/// One sale, or one product of it where products are measured by themselves, as it is left after refunds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// Whose.
    pub customer: String,
    /// Of what; empty where that was not told or does not matter.
    pub product: String,
    /// Minor units of the program's currency.
    pub amount: i64,
    /// How many units.
    pub units: i64,
    /// The contract's term in months; 0 where there is none.
    pub months: i64,
    /// Its monthly recurring revenue, minor units.
    pub mrr: i64,
}

/// A sale as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Sold<'a> {
    /// When.
    pub at: Instant,
    /// Whose.
    pub customer: &'a str,
    /// What was paid for, in the currency it was paid in.
    pub order: &'a Order,
    /// What is left of what was paid after refunds and disputes, minor units of the same currency.
    pub left: i64,
    /// The same in the program's currency.
    pub value_left: i64,
    /// The contract's term in months.
    pub months: i64,
    /// Its monthly recurring revenue, minor units of the program's currency, before refunds.
    pub mrr: i64,
}

impl Rule {
    /// What of a sale counts: nothing of one of which nothing is left, or that is of none of the rule's products.
    pub fn lines(&self, sold: &Sold<'_>) -> Vec<Line> {
        if sold.left <= 0 {
            return Vec::new();
        }
        let wanted = |product: Option<&str>| {
            let is = |name: &String| product.is_some_and(|product| product.eq_ignore_ascii_case(name));
            self.products.is_empty() || self.products.iter().any(is)
        };
        // By product: minor units of the sale's currency, and units.
        let mut parts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        let by_item = !self.products.is_empty() || self.per == Per::Product;
        if by_item && !sold.order.items.is_empty() {
            for item in sold.order.items.iter().filter(|item| wanted(item.product.as_deref())) {
                let own = if self.per == Per::Product { item.product.clone() } else { None };
                let part = parts.entry(own.unwrap_or_default()).or_default();
                (part.0, part.1) = (part.0 + item.amount, part.1 + item.quantity);
            }
        } else if self.products.is_empty() {
            let units: i64 = sold.order.items.iter().map(|item| item.quantity).sum();
            parts.insert(String::new(), (self.basis.of(sold.order), units.max(1)));
        }
        parts.into_iter().map(|(product, part)| Self::line(sold, product, part)).collect()
    }

    fn line(sold: &Sold<'_>, product: String, (amount, units): (i64, i64)) -> Line {
        let paid = sold.order.paid;
        Line {
            at: sold.at,
            customer: sold.customer.to_owned(),
            product,
            amount: share(sold.value_left, amount, paid),
            units: whole_share(units, sold.left, paid),
            months: sold.months,
            mrr: share(sold.mrr, sold.left, paid),
        }
    }
}

/// `of × part / whole`, rounded half away from zero; no figure is negative.
fn share(of: i64, part: i64, whole: i64) -> i64 {
    let (product, whole) = (i128::from(of) * i128::from(part), i128::from(whole.max(1)));
    i64::try_from((2 * product + whole) / (2 * whole)).unwrap_or(i64::MAX)
}

/// A unit is whole until all of it is given back.
fn whole_share(of: i64, part: i64, whole: i64) -> i64 {
    let (product, whole) = (i128::from(of) * i128::from(part), i128::from(whole.max(1)));
    i64::try_from((product + whole - 1) / whole).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::{Basis, Item, Measure, Mode, Period, Rate, Step, Tiers};
    use crate::settlement::{Calendar, Scheme};

    fn rule(per: Per, products: &[&str]) -> Rule {
        let steps = vec![Step { from: 1, rate: Rate::Flat(1) }];
        let (mode, measure, period) = (Mode::Marginal, Measure::Quantity, Period::Ever);
        Rule {
            key: "spif".into(),
            name: "SPIF".into(),
            calendar: Calendar::Every(Period::Month),
            grace_days: 0,
            scheme: Scheme::Tiers(Tiers { mode, measure, period, steps }),
            per,
            basis: Basis::Net,
            products: products.iter().map(|name| (*name).to_owned()).collect(),
            threshold: 0,
            cap: None,
            coop: None,
        }
    }

    fn order() -> Order {
        let item = |product: &str, quantity, amount| Item {
            product: Some(product.into()),
            plan: None,
            quantity,
            amount,
        };
        let items = vec![item("Phone", 3, 3_000), item("phone", 1, 1_000), item("Cable", 2, 200)];
        Order { paid: 5_000, tax: 800, shipping: 0, discount: 0, items }
    }

    fn lines(rule: &Rule, left: i64, value_left: i64) -> Vec<(String, i64, i64)> {
        let order = order();
        let sold =
            Sold { at: Instant(0), customer: "acme", order: &order, left, value_left, months: 36, mrr: 450 };
        rule.lines(&sold).into_iter().map(|line| (line.product, line.amount, line.units)).collect()
    }

    #[test]
    fn a_sale_counts_without_tax_and_in_the_currency_of_the_program() {
        let all = rule(Per::Period, &[]);
        assert_eq!(lines(&all, 5_000, 5_000), [(String::new(), 4_200, 6)]);
        assert_eq!(lines(&all, 5_000, 10_000), [(String::new(), 8_400, 6)], "at 2 for 1");
        assert_eq!(lines(&all, 2_500, 2_500), [(String::new(), 2_100, 3)], "half was given back");
        assert_eq!(lines(&all, 0, 0), []);
    }

    #[test]
    fn a_rule_of_products_takes_those_alone() {
        assert_eq!(lines(&rule(Per::Period, &["PHONE"]), 5_000, 5_000), [(String::new(), 4_000, 4)]);
        assert_eq!(lines(&rule(Per::Period, &["Tea"]), 5_000, 5_000), []);
        let each = lines(&rule(Per::Product, &[]), 5_000, 5_000);
        let expected = [("Cable", 200, 2), ("Phone", 3_000, 3), ("phone", 1_000, 1)];
        assert_eq!(each, expected.map(|(product, amount, units)| (product.to_owned(), amount, units)));
    }
}
