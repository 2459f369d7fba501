//! Clicks of a range counted one by one, for what no tally is kept of: several filters at once.

use super::value::Value;
use super::{Dimension, Narrowed, Range, StoreError, Tx, Word, means_number, params, row};
use crate::routes::clicks::origin_and_path;
use goodword_domain::attribution::Kind;
use goodword_domain::click::{ClickNumber, site};
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// A one for each click that is meant, after an expression.
macro_rules! clicks {
    ($key:literal) => {
        concat!(
            "select ",
            $key,
            ", cast(1 as bigint) from click where id >= $2 and id < $3 and program = $1 and (cast($5 as bigint) = 1 or link = any($4)) \
             and (cast($6 as bigint) is null or country = $6) and (cast($7 as bigint) is null or device = $7) \
             and (cast($9 as bigint) = 1 or coalesce(referrer, 0) = any($8)) and (cast($11 as bigint) = 1 or coalesce(url, 0) = any($10))"
        )
    };
}

impl Tx<'_> {
    /// How many clicks of a range are meant, by day or by item of a dimension, in no order.
    pub(super) fn clicks_by(
        &mut self,
        program: i64,
        by: Option<Dimension>,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let clicks = means_number(Kind::Click);
        if narrowed.item(Dimension::Means).is_some_and(|means| means != clicks) {
            return Ok(Vec::new());
        }
        // The time of a click is in its number: milliseconds since 2020, then 21 bits that tell clicks apart.
        let sql = match by {
            None => clicks!("((id >> 21) + 1577836800000) / 86400000"),
            Some(Dimension::Program) => clicks!("cast(0 as bigint)"),
            Some(Dimension::Means) => clicks!("cast(1 as bigint)"),
            // What is clicked is not counted by link and means.
            Some(Dimension::LinkMeans) => return Ok(Vec::new()),
            Some(Dimension::Link) => clicks!("link"),
            Some(Dimension::Hour) => clicks!("((id >> 21) + 1577836800000) % 86400000 / 3600000"),
            Some(Dimension::Country) => clicks!("country"),
            Some(Dimension::Device) => clicks!("device"),
            Some(Dimension::Site) => clicks!("coalesce(referrer, 0)"),
            Some(Dimension::Page) => clicks!("coalesce(url, 0)"),
        };
        let values = self.clicks_meant(program, narrowed, range)?;
        let counted = self.sums(sql, &values)?.into_iter().map(|[item, count]| (item, count)).collect();
        match by {
            Some(Dimension::Site) => self.as_items(program, counted, site_of),
            Some(Dimension::Page) => self.as_items(program, counted, page_of),
            _ => Ok(counted),
        }
    }

    /// The latest clicks that are meant, of numbers from the first of `between` up to, not including, the second.
    pub(super) fn latest_clicks(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        (above, below): (i64, i64),
        limit: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let clicks = means_number(Kind::Click);
        if narrowed.item(Dimension::Means).is_some_and(|means| means != clicks) {
            return Ok(Vec::new());
        }
        let sql = "select id from click where id >= $2 and id < $3 and program = $1 and (cast($5 as bigint) = 1 or link = any($4)) \
                   and (cast($6 as bigint) is null or country = $6) and (cast($7 as bigint) is null or device = $7) \
                   and (cast($9 as bigint) = 1 or coalesce(referrer, 0) = any($8)) and (cast($11 as bigint) = 1 or coalesce(url, 0) = any($10)) \
                   order by id desc limit $12";
        let everything = Range { start: Instant(0), end: None };
        let mut values = self.clicks_meant(program, narrowed, &everything)?;
        values.push(Value::Int(limit));
        let (first, last) = (ClickNumber(above).at().day(), ClickNumber(below).at().day());
        let mut found = Vec::new();
        for day in self.days_meant(program, narrowed, (first, last + 1), |figures| figures.clicks)? {
            let room = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if room <= 0 {
                break;
            }
            values[1] = Value::Int(ClickNumber::first_of_day(day).0.max(above));
            values[2] = Value::Int(ClickNumber::first_of_day(day + 1).0.min(below));
            values[11] = Value::Int(room);
            let rows = self.rows_of_numbers(sql, &values)?;
            found.extend(rows.into_iter().filter_map(|[id]: [Option<i64>; 1]| id));
        }
        Ok(found)
    }

    /// The parameters of a count of clicks.
    fn clicks_meant(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<Value>, StoreError> {
        let (from, to) = (range.start, range.end.unwrap_or(Instant(i64::MAX)));
        let (from, to) = (ClickNumber::first_at(from), ClickNumber::first_at(to));
        let links = narrowed.links.clone();
        let (site, page) = (narrowed.item(Dimension::Site), narrowed.item(Dimension::Page));
        let referrers = site.map(|item| self.addresses_of(program, item, site_of)).transpose()?;
        let urls = page.map(|item| self.addresses_of(program, item, page_of)).transpose()?;
        let all = |list: &Option<Vec<i64>>| i64::from(list.is_none());
        let item = |dimension| narrowed.item(dimension);
        let (without_links, without_sites, without_pages) = (all(&links), all(&referrers), all(&urls));
        Ok(row![
            program,
            from,
            to,
            &links.unwrap_or_default()[..],
            without_links,
            item(Dimension::Country),
            item(Dimension::Device),
            &referrers.unwrap_or_default()[..],
            without_sites,
            &urls.unwrap_or_default()[..],
            without_pages
        ])
    }

    /// The words of a program that belong to an item.
    fn addresses_of(&mut self, program: i64, item: i64, of: fn(&str) -> i64) -> Result<Vec<i64>, StoreError> {
        let rows = self.rows("select id, text from word where program = $1", params![program])?;
        // Where there is no address it belongs to none.
        let mut found = Vec::from_iter((item == 0).then_some(0));
        for mut row in rows {
            let (id, text): (i64, String) = (row.next()?, row.next()?);
            if of(&text) == item {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Counts by address as counts by what they belong to.
    fn as_items(
        &mut self,
        program: i64,
        counted: Vec<(i64, i64)>,
        of: fn(&str) -> i64,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let ids: Vec<i64> = counted.iter().map(|(id, _)| *id).collect();
        let words = self.words(program, &ids)?;
        let items: HashMap<i64, i64> = words.into_iter().map(|word| (word.id, of(&word.text))).collect();
        let mut sums: HashMap<i64, i64> = HashMap::new();
        for (id, count) in counted {
            *sums.entry(items.get(&id).copied().unwrap_or(0)).or_default() += count;
        }
        Ok(Vec::from_iter(sums))
    }
}

/// The word of the site of an address, 0 for none.
pub(super) fn site_of(address: &str) -> i64 {
    site(address).map_or(0, |site| Word::new(site).id)
}

/// The word of the page of an address, 0 for none.
pub(super) fn page_of(address: &str) -> i64 {
    let page = origin_and_path(address);
    if page.is_empty() { 0 } else { Word::new(page).id }
}
