//! What each lead, sale and commission brought, with how it came: narrow rows for what the tallies do not answer.

use super::value::Value;
use super::{BroughtKey, Dimension, Fact, Figures, Origin, Range, Row, StoreError, Tallies, Tx, params, row};
use goodword_domain::time::{DAY_MS, Instant, civil};

/// What one fact brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The number of the link, 0 for none.
    pub link: i64,
    pub origin: Origin,
    pub figures: Figures,
}

/// Whose figures are meant; what is none does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The numbers of links.
    pub links: Option<Vec<i64>>,
    /// The item of each dimension.
    pub items: Vec<(Dimension, i64)>,
}

/// Leads and sales of those whose first touchpoint was in one calendar month, by how many months later they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CohortRow {
    /// Counted from the year 0.
    pub cohort: i64,
    /// 0 for the same month.
    pub later: i64,
    pub leads: i64,
    pub sales: i64,
    pub amount: i64,
}

/// How many leads and sales took a time to come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayRow {
    /// The place of the span among [`DELAYS`]; one more for what took longer than all.
    pub span: i64,
    pub leads: i64,
    pub sales: i64,
    pub amount: i64,
}

const HOUR_MS: i64 = 3_600_000;

/// Times from the first touchpoint to the event, milliseconds: up to each of them, which is not included.
pub const DELAYS: [i64; 8] = [
    HOUR_MS,
    24 * HOUR_MS,
    3 * 24 * HOUR_MS,
    7 * 24 * HOUR_MS,
    14 * 24 * HOUR_MS,
    30 * 24 * HOUR_MS,
    60 * 24 * HOUR_MS,
    90 * 24 * HOUR_MS,
];

/// The calendar month of an instant (UTC), counted from the year 0.
pub fn month_of(at: Instant) -> i64 {
    let (year, month, _) = civil(at.day());
    year * 12 + month - 1
}

impl Narrowed {
    /// Whether everything is meant.
    pub fn is_all(&self) -> bool {
        self.links.is_none() && self.items.is_empty()
    }

    /// The dimension, with its items, if it is but one that limits: then the tallies answer.
    pub fn single(&self) -> Option<(Dimension, &[i64])> {
        match (&self.links, self.items.as_slice()) {
            (Some(links), []) => Some((Dimension::Link, links)),
            (None, [(dimension, item)]) => Some((*dimension, std::slice::from_ref(item))),
            _ => None,
        }
    }

    /// The item meant of a dimension.
    pub fn item(&self, dimension: Dimension) -> Option<i64> {
        self.items.iter().find(|(of, _)| *of == dimension).map(|(_, item)| *item)
    }

    /// The parameters `$4` to `$10` of a look at narrow rows.
    fn values(&self) -> [Value; 7] {
        let item = |dimension| self.item(dimension).map_or(Value::Null, Value::Int);
        [
            Value::Ints(self.links.clone().unwrap_or_default()),
            Value::Int(i64::from(self.links.is_none())),
            item(Dimension::Site),
            item(Dimension::Country),
            item(Dimension::Device),
            item(Dimension::Page),
            item(Dimension::Means),
        ]
    }
}

/// A query over the narrow rows that are meant: what is selected, then the rest.
macro_rules! brought {
    ($($what:literal),+; $rest:literal) => {
        concat!(
            "select ",
            $($what,)+
            " from brought where program = $1 and at >= $2 and at < $3 and (cast($5 as bigint) = 1 or link = any($4)) \
             and (cast($6 as bigint) is null or site = $6) and (cast($7 as bigint) is null or country = $7) \
             and (cast($8 as bigint) is null or device = $8) and (cast($9 as bigint) is null or page = $9) \
             and (cast($10 as bigint) is null or means = $10) ",
            $rest
        )
    };
}

/// The figures of the narrow rows that are meant, each after an expression.
macro_rules! brought_figures {
    ($key:literal) => {
        brought!(
            $key,
            ", cast(0 as bigint), cast(0 as bigint), leads, sales, amount, gone, pending, processed, paid";
            ""
        )
    };
}

impl Tx<'_> {
    /// Adds to what facts brought.
    pub(super) fn add_brought(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        let sql = "insert into brought (program, at, id, link, site, country, device, page, means, first_at, cohort, month, \
                   leads, sales, amount, gone, pending, processed, paid) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
                   on conflict (program, at, id) do update set leads = brought.leads + excluded.leads, \
                   sales = brought.sales + excluded.sales, amount = brought.amount + excluded.amount, \
                   gone = brought.gone + excluded.gone, pending = brought.pending + excluded.pending, \
                   processed = brought.processed + excluded.processed, paid = brought.paid + excluded.paid";
        let mut facts: Vec<(&BroughtKey, &Brought)> = tallies.facts().collect();
        facts.sort_unstable_by_key(|(key, _)| *key);
        let rows: Vec<Vec<Value>> = facts.into_iter().map(|(key, brought)| values(key, brought)).collect();
        self.execute_all(sql, &rows)
    }

    /// Takes a fact out of the figures; returns what it had brought.
    pub(super) fn uncount(&mut self, fact: &Fact<'_>) -> Result<Figures, StoreError> {
        let program = self.program_number(fact.program)?;
        let found = self.brought_by_id(program, fact.at, fact.id)?;
        let Some(brought) = found else { return Ok(Figures::default()) };
        let mut tallies = Tallies::default();
        tallies.add_in_all(program, fact.at, &Brought { figures: brought.figures.negative(), ..brought });
        self.add_tallies(&tallies)?;
        let sql = "delete from brought where program = $1 and at = $2 and id = $3";
        self.execute(sql, params![program, fact.at, fact.id])?;
        Ok(brought.figures)
    }

    fn brought_by_id(&mut self, program: i64, at: Instant, id: &str) -> Result<Option<Brought>, StoreError> {
        let sql = "select link, site, country, device, page, means, first_at, cast(0 as bigint), cast(0 as bigint), \
                   leads, sales, amount, gone, pending, processed, paid \
                   from brought where program = $1 and at = $2 and id = $3";
        self.row(sql, params![program, at, id])?.map(|mut row| read_brought(&mut row)).transpose()
    }

    /// Everything that facts of programs brought in a half-open range of instants, added to tallies.
    pub(super) fn add_brought_between(
        &mut self,
        tallies: &mut Tallies,
        programs: &[i64],
        (from, to): (Instant, Instant),
    ) -> Result<(), StoreError> {
        let sql = "select program, at, id, link, site, country, device, page, means, first_at, cast(0 as bigint), \
                   cast(0 as bigint), leads, sales, amount, gone, pending, processed, paid \
                   from brought where program = any($1) and at >= $2 and at < $3";
        for mut row in self.rows(sql, params![programs, from, to])? {
            let key = (row.next()?, row.next()?, row.next()?);
            tallies.add_fact(key, read_brought(&mut row)?);
        }
        Ok(())
    }

    /// What facts of a range brought, by day or by item of a dimension, in no order.
    pub(super) fn brought_by(
        &mut self,
        program: i64,
        by: Option<Dimension>,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let sql = match by {
            None => brought_figures!("at / 86400000"),
            Some(Dimension::Program) => brought_figures!("cast(0 as bigint)"),
            Some(Dimension::Link) => brought_figures!("link"),
            Some(Dimension::Hour) => brought_figures!("at % 86400000 / 3600000"),
            Some(Dimension::Site) => brought_figures!("site"),
            Some(Dimension::Country) => brought_figures!("country"),
            Some(Dimension::Device) => brought_figures!("device"),
            Some(Dimension::Page) => brought_figures!("page"),
            Some(Dimension::Means) => brought_figures!("means"),
            Some(Dimension::LinkMeans) => brought_figures!("link * 8 + means"),
        };
        let figures = self.figures_by_key(sql, &meant(program, narrowed, range))?;
        Ok(figures.into_iter().filter(|(item, _)| by != Some(Dimension::Link) || *item != 0).collect())
    }

    /// Leads and sales of a range by the month of the first touchpoint, in order; without one they belong to none.
    pub fn cohorts(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<CohortRow>, StoreError> {
        let sql = brought!(
            "cohort, month - cohort, cast(sum(leads) as bigint), cast(sum(sales) as bigint), cast(sum(amount) as bigint)";
            "and cohort is not null and leads + sales > 0 group by 1, 2 order by 1, 2"
        );
        let rows = self.rows(sql, &meant(program, narrowed, range))?;
        let read = |mut row: Row| {
            let (cohort, later) = (row.next()?, row.next()?);
            Ok(CohortRow { cohort, later, leads: row.next()?, sales: row.next()?, amount: row.next()? })
        };
        rows.into_iter().map(read).collect()
    }

    /// Leads and sales of a range by the time since the first touchpoint, in order of [`DELAYS`].
    pub fn delays(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<DelayRow>, StoreError> {
        let sql = brought!(
            "case when at - first_at < $11 then 0 when at - first_at < $12 then 1 when at - first_at < $13 then 2 \
             when at - first_at < $14 then 3 when at - first_at < $15 then 4 when at - first_at < $16 then 5 \
             when at - first_at < $17 then 6 when at - first_at < $18 then 7 else cast(8 as bigint) end, \
             cast(sum(leads) as bigint), cast(sum(sales) as bigint), cast(sum(amount) as bigint)";
            "and first_at is not null and leads + sales > 0 group by 1 order by 1"
        );
        let mut values = meant(program, narrowed, range);
        values.extend(DELAYS.map(Value::Int));
        let rows = self.rows(sql, &values)?;
        let read = |mut row: Row| {
            Ok(DelayRow { span: row.next()?, leads: row.next()?, sales: row.next()?, amount: row.next()? })
        };
        rows.into_iter().map(read).collect()
    }

    /// The ids of the latest leads or sales that are meant, after one of them.
    pub(super) fn latest_brought(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
        (kind, after, limit): (&str, Option<&str>, i64),
    ) -> Result<Vec<String>, StoreError> {
        let sql = brought!(
            "id";
            "and case when $11 = 'leads' then leads else sales end > 0 and (cast($12 as text) is null or at < $13 \
             or (at = $13 and id < $12)) order by at desc, id desc limit $14"
        );
        let at = match after {
            Some(id) => self.time_of_event(id)?,
            None => Instant(i64::MAX),
        };
        let of: fn(&Figures) -> i64 = if kind == "leads" { |f| f.leads } else { |f| f.sales };
        let end = range.end.unwrap_or(Instant(i64::MAX));
        let mut found: Vec<String> = Vec::new();
        for day in self.days_meant(program, narrowed, (range.start.day(), end.day().saturating_add(1)), of)? {
            let room = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if room <= 0 {
                break;
            }
            let (begin, over) = (Instant(day * DAY_MS), Instant((day + 1) * DAY_MS));
            let of_day = Range { start: range.start.max(begin), end: Some(end.min(over)) };
            let mut values = meant(program, narrowed, &of_day);
            values.extend_from_slice(params![kind, after, at, room]);
            for mut row in self.rows(sql, &values)? {
                found.push(row.next()?);
            }
        }
        Ok(found)
    }

    fn time_of_event(&mut self, id: &str) -> Result<Instant, StoreError> {
        let sql = "select at from sale where id = $1 union all select at from lead where id = $1";
        let row = self.row(sql, params![id])?;
        row.map_or(Ok(Instant(i64::MAX)), |mut row| row.next())
    }
}

/// The parameters of a look at narrow rows.
fn meant(program: i64, narrowed: &Narrowed, range: &Range) -> Vec<Value> {
    let end = range.end.unwrap_or(Instant(i64::MAX));
    let mut values = row![program, range.start, end];
    values.extend(narrowed.values());
    values
}

fn values((program, at, id): &BroughtKey, brought: &Brought) -> Vec<Value> {
    let Brought { link, origin, figures } = *brought;
    let Origin { means, site, country, device, page, first } = origin;
    let [_, _, leads, sales, amount, gone, pending, processed, paid] = figures.values();
    row![
        *program,
        *at,
        id,
        link,
        site,
        country,
        device,
        page,
        means,
        first,
        first.map(month_of),
        month_of(Instant(*at)),
        leads,
        sales,
        amount,
        gone,
        pending,
        processed,
        paid
    ]
}

fn read_brought(row: &mut Row) -> Result<Brought, StoreError> {
    let link = row.next()?;
    let (site, country, device, page) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let (means, first) = (row.next()?, row.next()?);
    let origin = Origin { means, site, country, device, page, first };
    Ok(Brought { link, origin, figures: Figures::read(row)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Database, Durability, Store};

    /// How SQLite finds the rows of a query.
    async fn plan(sql: &'static str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(folder.path().join("plans.db"));
        let store = Store::open(&database, Durability::Off).unwrap();
        let plan = store.read(move |tx| {
            let range = Range { start: Instant(0), end: None };
            let rows = tx.rows(sql, &meant(1, &Narrowed::default(), &range))?;
            let detail = |row: Row| {
                row.values()
                    .filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None })
                    .collect::<String>()
            };
            Ok(rows.into_iter().map(detail).collect::<Vec<_>>().join("\n"))
        });
        let plan = plan.await.unwrap();
        store.close();
        plan
    }

    /// However many rows there are, only those of the program and the range are read.
    #[tokio::test]
    async fn narrow_rows_are_found_by_program_and_time() {
        for sql in [
            concat!("explain query plan ", brought_figures!("site")),
            concat!("explain query plan ", brought_figures!("at / 86400000")),
            concat!("explain query plan ", brought!("cohort, month - cohort, sum(leads)"; "group by 1, 2")),
            concat!("explain query plan ", brought!("id"; "order by at desc, id desc")),
        ] {
            let plan = plan(sql).await;
            assert!(
                plan.contains("SEARCH brought USING PRIMARY KEY (program=? AND at>? AND at<?)"),
                "{sql}\n{plan}"
            );
        }
    }
}
