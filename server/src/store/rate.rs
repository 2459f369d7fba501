//! Exchange rates, as the vendor loaded them.

use super::program::broken;
use super::{Row, StoreError, Tx, params};
use goodword_domain::exchange::{Rate, parse_rate};
use goodword_domain::id::VendorId;
use goodword_domain::money::Currency;
use goodword_domain::reward::Exchange;
use goodword_domain::time::Instant;

impl Tx<'_> {
    /// Stores rates of a vendor's; one for the same currencies and instant takes the place of the one before.
    pub fn save_rates(&mut self, vendor: &VendorId, rates: &[Rate], now: Instant) -> Result<(), StoreError> {
        let sql = "insert into exchange_rate (vendor_id, base, quote, at, rate, source, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7) on conflict (vendor_id, base, quote, at) \
                   do update set rate = excluded.rate, source = excluded.source, created_at = excluded.created_at";
        for Rate { exchange: e, at } in rates {
            self.execute(sql, params![vendor, e.from, e.to, *at, e.rate.to_string(), &e.source, now])?;
        }
        Ok(())
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
    pub fn rates(&mut self, vendor: &VendorId, limit: i64) -> Result<Vec<Rate>, StoreError> {
        let sql = "select base, quote, rate, source, at from exchange_rate where vendor_id = $1 \
                   order by at desc, base, quote limit $2";
        self.rows(sql, params![vendor, limit])?.into_iter().map(read_rate).collect()
    }
}

fn read_rate(mut row: Row) -> Result<Rate, StoreError> {
    let (from, to) = (row.next()?, row.next()?);
    let rate = parse_rate(&row.next::<String>()?).map_err(broken)?;
    Ok(Rate { exchange: Exchange { rate, from, to, source: row.next()? }, at: row.next()? })
}
