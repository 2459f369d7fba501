//! What led to sales and sign-ups, for reports.

use super::{LinkLabel, Row, Sale, StoreError, Tx, params};
use goodword_domain::click::ClickNumber;
use goodword_domain::id::{ClickId, ProgramId};
use goodword_domain::time::Instant;
use std::collections::HashSet;

/// The columns [`read_label`] reads, then the rest of the query.
macro_rules! labels {
    ($rest:literal) => {
        concat!(
            "select l.number, l.id, l.code, p.id, p.name from link l join partner p on p.id = l.partner_id ",
            $rest
        )
    };
}

/// An event with the touchpoints that were considered for it.
#[derive(Clone, Debug)]
pub struct Journeyed {
    pub id: String,
    pub at: Instant,
    /// Minor units of the program's currency, refunds taken off; none while no rate is known, 0 for a sign-up.
    pub value: Option<i64>,
    /// As JSON of the wire.
    pub touchpoints: String,
}

/// A click as a report sees it.
#[derive(Clone, Copy, Debug)]
pub struct ClickSeen {
    pub number: ClickNumber,
    pub link: i64,
    /// The visitor the page knew, positive; or how a browser was met.
    pub visitor: Option<i64>,
    pub url: Option<i64>,
    pub referrer: Option<i64>,
}

/// What a report is about.
#[derive(Clone, Debug)]
pub struct Journeying {
    pub program: ProgramId,
    /// The program's number.
    pub number: i64,
    pub from: Instant,
    /// Not included.
    pub to: Instant,
}

/// The journeys of a day that is over, as they were written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JourneyDay {
    pub day: i64,
    /// How many events the day had then.
    pub events: i64,
    pub journeys: String,
    /// The visitors whose clicks were part of them; empty where they are not asked for.
    pub visitors: String,
    /// Those clicks; empty where they are not asked for.
    pub clicks: String,
}

impl Tx<'_> {
    /// How many sales, or sign-ups, each day has from `from` up to, not including, `to`: days without any are left out.
    pub fn events_by_day(
        &mut self,
        program: i64,
        of_sales: bool,
        (from, to): (i64, i64),
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let days = self.tallies_by_day(program, None, from, to)?;
        let events = days.into_iter().map(|(day, f)| (day, if of_sales { f.sales } else { f.leads }));
        Ok(events.filter(|(_, events)| *events > 0).collect())
    }

    /// The days that are written down, oldest first; with their visitors where clicks are asked for, and with the clicks from
    /// `clicks_since` on.
    pub fn journey_days(
        &mut self,
        program: i64,
        of_sales: bool,
        (from, to): (i64, i64),
        clicks_since: Option<i64>,
    ) -> Result<Vec<JourneyDay>, StoreError> {
        let sql = "select day, events, journeys, case when cast($5 as bigint) is null then '' else visitors end, \
                   case when day >= $5 then clicks else '' end from journey_day \
                   where program = $1 and of_sales = $2 and day >= $3 and day < $4 order by day";
        let read = |mut row: Row| {
            Ok(JourneyDay {
                day: row.next()?,
                events: row.next()?,
                journeys: row.next()?,
                visitors: row.next()?,
                clicks: row.next()?,
            })
        };
        self.rows(sql, params![program, i64::from(of_sales), from, to, clicks_since])?
            .into_iter()
            .map(read)
            .collect()
    }

    /// The days before `to` with at least so many sales, or sign-ups, that are not written down as they are now.
    pub fn days_to_write_down(
        &mut self,
        program: i64,
        of_sales: bool,
        (to, least): (i64, i64),
    ) -> Result<Vec<i64>, StoreError> {
        let sql = "select day, events from journey_day where program = $1 and of_sales = $2 and day < $3";
        let rows = self.rows_of_numbers(sql, params![program, i64::from(of_sales), to])?;
        let written: HashSet<[Option<i64>; 2]> = rows.into_iter().collect();
        let days = self.events_by_day(program, of_sales, (i64::MIN, to))?.into_iter();
        let due =
            days.filter(|(day, events)| *events >= least && !written.contains(&[*day, *events].map(Some)));
        Ok(due.map(|(day, _)| day).collect())
    }

    /// Writes a day down.
    pub fn write_journey_day(
        &mut self,
        program: i64,
        of_sales: bool,
        day: &JourneyDay,
    ) -> Result<(), StoreError> {
        let sql = "insert into journey_day (program, of_sales, day, events, journeys, visitors, clicks) \
                   values ($1, $2, $3, $4, $5, $6, $7) \
                   on conflict (program, of_sales, day) do update set events = excluded.events, \
                   journeys = excluded.journeys, visitors = excluded.visitors, clicks = excluded.clicks";
        let (of_sales, JourneyDay { journeys, visitors, clicks, .. }) = (i64::from(of_sales), day);
        self.execute(sql, params![program, of_sales, day.day, day.events, journeys, visitors, clicks])?;
        Ok(())
    }

    /// Forgets what is written down of the day of a sale that is another now.
    pub(super) fn forget_journey_day(&mut self, sale: &Sale) -> Result<(), StoreError> {
        let program = self.program_number(&sale.program)?;
        let sql = "delete from journey_day where program = $1 and of_sales = $2 and day = $3";
        self.execute(sql, params![program, 1, sale.at.day()])?;
        Ok(())
    }

    /// Sales of a half-open range after the last one read, oldest first.
    pub fn sales_journeyed(
        &mut self,
        of: &Journeying,
        after: Option<&Journeyed>,
        limit: i64,
    ) -> Result<Vec<Journeyed>, StoreError> {
        let sql = "select id, at, value_left, touchpoints from sale where program_id = $1 and at >= $2 and at < $3 \
                   and (at > $2 or cast($4 as text) is null or id > $4) order by at, id limit $5";
        let (from, id) = (after.map_or(of.from, |last| last.at), after.map(|last| last.id.clone()));
        let rows = self.rows(sql, params![&of.program, from, of.to, id, limit])?;
        rows.into_iter().map(read_journeyed).collect()
    }

    /// The same of sign-ups.
    pub fn leads_journeyed(
        &mut self,
        of: &Journeying,
        after: Option<&Journeyed>,
        limit: i64,
    ) -> Result<Vec<Journeyed>, StoreError> {
        let sql = "select id, at, cast(0 as bigint), touchpoints from lead where program_id = $1 and at >= $2 and at < $3 \
                   and (at > $2 or cast($4 as text) is null or id > $4) order by at, id limit $5";
        let (from, id) = (after.map_or(of.from, |last| last.at), after.map(|last| last.id.clone()));
        let rows = self.rows(sql, params![&of.program, from, of.to, id, limit])?;
        rows.into_iter().map(read_journeyed).collect()
    }

    /// The latest clicks of a half-open range, oldest first.
    pub fn clicks_seen(&mut self, of: &Journeying, limit: i64) -> Result<Vec<ClickSeen>, StoreError> {
        let sql = "select id, link, coalesce(visitor, browser), url, referrer from click \
                   where id >= $1 and id < $2 and program = $3 order by id desc limit $4";
        let (from, to) = (ClickNumber::first_at(of.from), ClickNumber::first_at(of.to));
        let rows = self.rows_of_numbers(sql, params![from, to, of.number, limit])?;
        let read = |[id, link, visitor, url, referrer]: [Option<i64>; 5]| {
            let (number, link) = id.map(ClickNumber).zip(link)?;
            Some(ClickSeen { number, link, visitor, url, referrer })
        };
        let mut clicks: Vec<ClickSeen> = rows.into_iter().filter_map(read).collect();
        clicks.reverse();
        Ok(clicks)
    }

    /// The latest click of a half-open range but so many; none where there are not more than that.
    pub fn latest_click_but(
        &mut self,
        of: &Journeying,
        many: i64,
    ) -> Result<Option<ClickNumber>, StoreError> {
        let sql = "select id from click where id >= $1 and id < $2 and program = $3 order by id desc limit 1 offset $4";
        let (from, to) = (ClickNumber::first_at(of.from), ClickNumber::first_at(of.to));
        self.row(sql, params![from, to, of.number, many])?.map(|mut row| row.next()).transpose()
    }

    /// What links and their partners are called, by the links' numbers.
    pub fn labels_of_numbers(&mut self, numbers: &[i64]) -> Result<Vec<LinkLabel>, StoreError> {
        let rows = self.rows(labels!("where l.number = any($1)"), params![numbers])?;
        rows.into_iter().map(read_label).collect()
    }

    /// The same by their ids.
    pub fn labels_of_links(&mut self, ids: &[String]) -> Result<Vec<LinkLabel>, StoreError> {
        let rows = self.rows(labels!("where l.id = any($1)"), params![ids])?;
        rows.into_iter().map(read_label).collect()
    }

    /// The numbers of clicks, of those ids that are ours.
    pub fn numbers_of_clicks(&self, ids: &[ClickId]) -> HashSet<ClickNumber> {
        ids.iter().filter_map(|id| self.seal().open(id)).map(|(_, number)| number).collect()
    }
}

fn read_label(mut row: Row) -> Result<LinkLabel, StoreError> {
    Ok(LinkLabel {
        number: row.next()?,
        link: row.next()?,
        code: row.next()?,
        partner: row.next()?,
        name: row.next()?,
    })
}

fn read_journeyed(mut row: Row) -> Result<Journeyed, StoreError> {
    Ok(Journeyed { id: row.next()?, at: row.next()?, value: row.next()?, touchpoints: row.next()? })
}
