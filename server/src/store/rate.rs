//! Exchange rates, as the vendor loaded them, and the sales that wait for one.

use super::program::broken;
use super::value::Value;
use super::{Figures, Row, Sale, SaleRate, StoreError, Tallies, Tx, params, row};
use goodword_domain::commission::Commission;
use goodword_domain::exchange::{RATE_DAYS, Rate, parse_rate};
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::reward::Exchange;
use goodword_domain::time::{DAY_MS, Instant};

/// Which rates to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct RateFilter {
    pub base: Option<Currency>,
    pub quote: Option<Currency>,
    /// The last one of the page before.
    pub after: Option<(Currency, Currency, Instant)>,
    pub limit: i64,
}

impl Tx<'_> {
    /// Stores rates of a vendor's that are new.
    pub fn insert_rates(
        &mut self,
        vendor: &VendorId,
        rates: &[&Rate],
        now: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into exchange_rate (vendor_id, base, quote, at, rate, source, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let row = |r: &&Rate| -> Vec<Value> {
            let e = &r.exchange;
            row![vendor, e.from, e.to, r.at, e.rate.to_string(), &e.source, now]
        };
        self.execute_all(sql, &rates.iter().map(row).collect::<Vec<_>>())
    }

    /// Those of a vendor's rates that are for the same currencies and instants as these.
    pub fn rates_like(&mut self, vendor: &VendorId, rates: &[Rate]) -> Result<Vec<Rate>, StoreError> {
        let sql = "with wanted (vendor_id, base, quote, at) as (values ($1, $2, $3, $4)) \
                   select r.base, r.quote, r.rate, r.source, r.at from wanted w cross join exchange_rate r \
                   where r.vendor_id = w.vendor_id and r.base = w.base and r.quote = w.quote and r.at = cast(w.at as bigint)";
        let told = |r: &Rate| [r.exchange.from.wire(), r.exchange.to.wire(), r.at.0.to_string()];
        let told: Vec<[String; 3]> = rates.iter().map(told).collect();
        let wanted: Vec<[&str; 4]> =
            told.iter().map(|[base, quote, at]| [vendor.as_str(), base, quote, at]).collect();
        self.look_up(sql, &wanted)?.into_iter().map(read_rate).collect()
    }

    /// The latest rate at or before an instant.
    pub fn rate_before(
        &mut self,
        vendor: &VendorId,
        from: Currency,
        to: Currency,
        at: Instant,
    ) -> Result<Option<Rate>, StoreError> {
        let sql = "select base, quote, rate, source, at from exchange_rate where vendor_id = $1 and base = $2 and quote = $3 \
                   and at <= $4 order by at desc limit 1";
        self.row(sql, params![vendor, from, to, at])?.map(read_rate).transpose()
    }

    /// A vendor's rates, the latest first.
    pub fn rates(&mut self, vendor: &VendorId, f: &RateFilter) -> Result<Vec<Rate>, StoreError> {
        let sql = "select base, quote, rate, source, at from exchange_rate where vendor_id = $1 \
                   and (cast($2 as text) is null or base = $2) and (cast($3 as text) is null or quote = $3) \
                   and (cast($4 as text) is null or at < $6 or (at = $6 and (base > $4 or (base = $4 and quote > $5)))) \
                   order by at desc, base, quote limit $7";
        let (base, quote, at) = match f.after {
            Some((base, quote, at)) => (Some(base), Some(quote), at),
            None => (None, None, Instant(0)),
        };
        let rows = self.rows(sql, params![vendor, f.base, f.quote, base, quote, at, f.limit])?;
        rows.into_iter().map(read_rate).collect()
    }

    /// A program with sales that wait for a rate that has come, of this vendor or of any.
    pub fn program_to_exchange(
        &mut self,
        vendor: Option<&VendorId>,
    ) -> Result<Option<(VendorId, ProgramId)>, StoreError> {
        let sql = "select s.vendor_id, s.program_id from sale s join program p on p.id = s.program_id \
                   where s.value_left is null and (cast($1 as text) is null or s.vendor_id = $1) \
                   and exists (select 1 from exchange_rate r where r.vendor_id = s.vendor_id and r.base = s.currency \
                   and r.quote = p.currency and r.at <= s.at and r.at > s.at - $2) limit 1";
        let row = self.row(sql, params![vendor, RATE_DAYS * DAY_MS])?;
        row.map(|mut row| Ok((row.next()?, row.next()?))).transpose()
    }

    /// Tells by which rate a sale is counted, what is left of it and what is gone in the program's currency, unless something has happened to it since it was read as `before`.
    pub fn exchange_sale(
        &mut self,
        before: &Sale,
        rate: &SaleRate,
        (value_left, gone): (i64, i64),
        tallies: &mut Tallies,
    ) -> Result<bool, StoreError> {
        let sql = "update sale set value_left = $2, rate = $3, rate_source = $4, rate_at = $5 \
                   where id = $1 and value_left is null and refunded = $6 and disputed = $7";
        let (refunded, disputed) = (before.refunded, before.disputed);
        let values = params![&before.id, value_left, &rate.rate, &rate.source, rate.at, refunded, disputed];
        let is_mine = self.execute(sql, values)? > 0;
        if is_mine {
            self.forget_journey_day(before)?;
            let figures = Figures { amount: value_left, gone, ..Figures::default() };
            self.tally(tallies, &before.fact(), figures)?;
        }
        Ok(is_mine)
    }

    /// Saves a commission that has its rate now, unless somebody has decided about it since it was read as `before`.
    pub fn exchange_commission(
        &mut self,
        before: &super::CommissionRow,
        c: &Commission,
        tallies: &mut Tallies,
    ) -> Result<bool, StoreError> {
        let sql = "update commission set calculation = $2, earnings = $3, earnings_at_first = $3, status = $4, reason = $5, \
                   volume = $6, units = $7 where id = $1 and status = $8 and refunded = $9";
        let volume = c.calculation.volume(c.refunded);
        let calculation = super::calculation::write(&c.calculation);
        let (status, reason) = (c.status.word(), c.status.reason());
        let was = before.commission.status.word();
        let values = params![
            &c.id,
            calculation,
            c.earnings,
            status,
            reason,
            volume.amount,
            volume.units,
            was,
            c.refunded
        ];
        let is_mine = self.execute(sql, values)? > 0;
        if is_mine {
            self.recount_commission(tallies, before, c)?;
            let (was, of) = (&before.commission, (&before.vendor, &before.program));
            self.tell_updated(of, &c.id, was.status, was.earnings)?;
        }
        Ok(is_mine)
    }
}

fn read_rate(mut row: Row) -> Result<Rate, StoreError> {
    let (from, to) = (row.next()?, row.next()?);
    let rate = parse_rate(&row.next::<String>()?).map_err(broken)?;
    Ok(Rate { exchange: Exchange { rate, from, to, source: row.next()? }, at: row.next()? })
}
