//! What was seen of partners before: their own addresses and browsers, how much they brought, where their codes stand.

use super::{Row, StoreError, Tx, params, row};
use crate::hash;
use goodword_domain::enrollment::DEACTIVATED;
use goodword_domain::id::{CommissionId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// When a partner first and last used an address or a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub first: Instant,
    pub last: Instant,
}

/// How much a partner brought before an instant: commissions, corrections and those of clicks left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// In the hour before, at most [`Pace::MOST`].
    pub hour: i64,
    /// In the day before, at most [`Pace::MOST`].
    pub day: i64,
}

impl Pace {
    /// Up to how many events are counted for all at once; whoever asks for more counts alone.
    pub const MOST: i64 = 200;
}

/// A partner of a program at an instant, told as ids and milliseconds.
pub type Moment = (String, String, String);

/// A sale that followed at once a click no page had led to.
#[derive(Clone, Debug)]
pub struct InstantSale {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub commission: CommissionId,
    pub at: Instant,
}

/// By which number it is known that a partner used an address (`address`) or a browser (`device`).
pub fn seen_id(program: &ProgramId, partner: &PartnerId, kind: &str, key: i64) -> i64 {
    hash::number(&format!("{program}|{partner}|{kind}|{key}"))
}

/// An address or a browser that a partner uses.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// By [`seen_id`].
    id: i64,
    /// The same for every partner of the program.
    mark: i64,
    of_device: bool,
}

impl Use {
    /// Of an address.
    pub fn of_address(program: &ProgramId, partner: &PartnerId, key: i64) -> Self {
        Self::new(program, partner, ("address", key))
    }

    /// Of a browser.
    pub fn of_device(program: &ProgramId, partner: &PartnerId, key: i64) -> Self {
        Self::new(program, partner, ("device", key))
    }

    fn new(program: &ProgramId, partner: &PartnerId, (kind, key): (&str, i64)) -> Self {
        Self {
            id: seen_id(program, partner, kind, key),
            mark: hash::number(&format!("{program}|{kind}|{key}")),
            of_device: kind == "device",
        }
    }
}

impl Tx<'_> {
    /// A partner uses addresses or browsers.
    pub fn see_partner(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        uses: &[Use],
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into partner_seen (id, vendor_id, partner_id, first_at, last_at, mark, of_device) \
                   values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set last_at = excluded.last_at, \
                   mark = excluded.mark, of_device = excluded.of_device";
        let row = |u: &Use| row![u.id, vendor, partner, at, at, u.mark, i64::from(u.of_device)];
        let rows: Vec<_> = uses.iter().map(row).collect();
        self.execute_all(sql, &rows)
    }

    /// When partners used addresses or browsers, by [`seen_id`].
    pub fn seen(&mut self, ids: &[[i64; 1]]) -> Result<HashMap<i64, Seen>, StoreError> {
        let sql = "with wanted (id) as (values ($1)) select s.id, s.first_at, s.last_at from wanted w \
                   cross join partner_seen s where s.id = w.id";
        let cell = |cell: Option<i64>| cell.unwrap_or_default();
        let read = |[id, first, last]: [Option<i64>; 3]| {
            (cell(id), Seen { first: Instant(cell(first)), last: Instant(cell(last)) })
        };
        Ok(self.look_up_numbers(sql, ids)?.into_iter().map(read).collect())
    }

    /// Partners of the vendor who used an address or a browser a partner has used, the earliest first, and whether it was a
    /// browser; at most `limit`.
    pub fn sharers(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<(PartnerId, bool)>, StoreError> {
        let sql = "select o.partner_id, o.of_device, min(o.first_at) from partner_seen s join partner_seen o \
                   on o.mark = s.mark where s.partner_id = $1 and o.vendor_id = $2 and o.partner_id <> $1 \
                   group by o.partner_id, o.of_device order by min(o.first_at), o.partner_id limit $3";
        let rows = self.rows(sql, params![partner, vendor, limit])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next::<i64>()? == 1))).collect()
    }

    /// Other partners of the vendor whose address leads to the same mailbox as a partner's, the earliest first; at most `limit`.
    pub fn same_mailbox(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<PartnerId>, StoreError> {
        let sql = "select id from partner where vendor_id = $1 and id <> $2 and mailbox = \
                   (select mailbox from partner where id = $2) order by created_at, id limit $3";
        let rows = self.rows(sql, params![vendor, partner, limit])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    /// How many programs but this one have rejected or banned a partner, but for those that were ended without blame.
    pub fn refusals_elsewhere(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<i64, StoreError> {
        let sql = "select count(*) from enrollment where partner_id = $2 and program_id <> $1 \
                   and status in ('rejected', 'banned') and reason <> $3";
        self.number(sql, params![program, partner, DEACTIVATED])
    }

    /// Forgets what partners used last before an instant.
    pub fn forget_seen_before(&mut self, at: Instant) -> Result<(), StoreError> {
        self.execute("delete from partner_seen where last_at < $1", params![at])?;
        Ok(())
    }

    /// How much partners brought up to instants.
    pub fn paces(&mut self, wanted: &[[&str; 3]]) -> Result<HashMap<Moment, Pace>, StoreError> {
        // The latest of the day are read once, for those of its last hour are the latest of them. Both counts, neither above 200, come in
        // one number: the day's is its thousands.
        let sql = "with wanted (program_id, partner_id, at) as (values ($1, $2, $3)) \
                   select w.program_id, w.partner_id, w.at, \
                   (select count(*) * 1000 + count(*) filter (where d.at > cast(w.at as bigint) - 3600000) \
                    from (select c.at from commission c where c.program_id = w.program_id \
                    and c.partner_id = w.partner_id and c.at > cast(w.at as bigint) - 86400000 \
                    and c.at <= cast(w.at as bigint) and c.corrects is null and c.click_id is null \
                    order by c.at desc limit 200) d) from wanted w";
        let counted = self.count_each(sql, wanted)?.into_iter();
        Ok(counted.map(|(moment, n)| (moment, Pace { hour: n % 1000, day: n / 1000 })).collect())
    }

    /// Of how many of the sales partners brought in 90 days up to instants anything was given back.
    pub fn refunds(&mut self, wanted: &[[&str; 3]]) -> Result<HashMap<Moment, i64>, StoreError> {
        let sql = "with wanted (program_id, partner_id, at) as (values ($1, $2, $3)) \
                   select w.program_id, w.partner_id, w.at, \
                   (select count(*) from commission c where c.program_id = w.program_id and c.partner_id = w.partner_id \
                    and c.refunded > 0 and c.at > cast(w.at as bigint) - 7776000000 and c.at <= cast(w.at as bigint) \
                    and c.corrects is null and c.sale_id is not null) from wanted w";
        self.count_each(sql, wanted)
    }

    fn count_each(
        &mut self,
        sql: &'static str,
        wanted: &[[&str; 3]],
    ) -> Result<HashMap<Moment, i64>, StoreError> {
        let read = |mut row: Row| Ok(((row.next()?, row.next()?, row.next()?), row.next()?));
        self.look_up(sql, wanted)?.into_iter().map(read).collect()
    }

    /// A partner's commissions after one instant up to another, corrections and those of clicks left out; at most `limit`.
    pub fn events_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        (after, to): (Instant, Instant),
        limit: i64,
    ) -> Result<i64, StoreError> {
        let sql = "select count(*) from (select 1 from commission where program_id = $1 and partner_id = $2 and at > $3 \
                   and at <= $4 and corrects is null and click_id is null limit $5) counted";
        self.number(sql, params![program, partner, after, to, limit])
    }

    /// The same of sales alone.
    pub fn sales_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        (after, to): (Instant, Instant),
        limit: i64,
    ) -> Result<i64, StoreError> {
        let sql = "select count(*) from (select 1 from commission where program_id = $1 and partner_id = $2 and at > $3 \
                   and at <= $4 and corrects is null and click_id is null and sale_id is not null limit $5) counted";
        self.number(sql, params![program, partner, after, to, limit])
    }

    /// A partner's instant sales after one instant up to another.
    pub fn instant_sales_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        (after, to): (Instant, Instant),
    ) -> Result<i64, StoreError> {
        let sql = "select count(*) from instant_sale where program_id = $1 and partner_id = $2 and at > $3 and at <= $4";
        self.number(sql, params![program, partner, after, to])
    }

    pub fn insert_instant_sales(&mut self, sales: &[InstantSale]) -> Result<(), StoreError> {
        let sql = "insert into instant_sale (program_id, partner_id, at, commission_id, vendor_id) values ($1, $2, $3, $4, $5)";
        let row = |s: &InstantSale| row![&s.program, &s.partner, s.at, &s.commission, &s.vendor];
        self.execute_all(sql, &sales.iter().map(row).collect::<Vec<_>>())
    }

    /// How many coupon sites people came from who used the codes of links; links without any are left out.
    pub fn code_sites(&mut self, links: &[[&str; 1]]) -> Result<HashMap<LinkId, i64>, StoreError> {
        let sql = "with wanted (link_id) as (values ($1)) select w.link_id, \
                   (select count(*) from code_site s where s.link_id = w.link_id) from wanted w";
        let rows = self.look_up(sql, links)?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    /// People came from sites who used the codes of links.
    pub fn insert_code_sites(&mut self, sites: &[(VendorId, LinkId, String)]) -> Result<(), StoreError> {
        let sql = "insert into code_site (link_id, site, vendor_id) values ($1, $2, $3) \
                   on conflict (link_id, site) do nothing";
        let row = |(vendor, link, site): &(VendorId, LinkId, String)| row![link, site, vendor];
        self.execute_all(sql, &sites.iter().map(row).collect::<Vec<_>>())
    }

    fn number(&mut self, sql: &'static str, params: &[super::Value]) -> Result<i64, StoreError> {
        self.row(sql, params)?.map_or(Ok(0), |mut row| row.next())
    }
}
