//! Tallies: figures by day, kept in the transaction that stores what they count.

use super::value::{Param, Value};
use super::{Row, StoreError, Tx, params};
use goodword_domain::commission::{Commission, Status};
use goodword_domain::id::{LinkId, PartnerId, ProgramId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use rustc_hash::FxHashMap;

/// What a tally's item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The program as a whole; the item is 0.
    Program,
    /// The number of a link.
    Link,
    /// The hour of the UTC day, 0 to 23.
    Hour,
    /// The word of the site that referred, 0 for none.
    Site,
    /// Two letters as a number, 0 for unknown.
    Country,
    /// The number of a kind of device, 0 for unknown.
    Device,
}

impl Dimension {
    /// All there are, in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::Program, Self::Link, Self::Hour, Self::Site, Self::Country, Self::Device];

    /// From its number.
    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.number() == number)
    }

    /// What its items are called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Link => "link",
            Self::Hour => "hour",
            Self::Site => "site",
            Self::Country => "country",
            Self::Device => "device",
        }
    }

    /// As it is stored.
    pub fn number(self) -> i64 {
        match self {
            Self::Program => 0,
            Self::Link => 1,
            Self::Hour => 2,
            Self::Site => 3,
            Self::Country => 4,
            Self::Device => 5,
        }
    }
}

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

    /// What a commission earns in money.
    pub fn of_commission(c: &Commission) -> Self {
        if c.currency == Currency::POINTS { Self::default() } else { Self::of_earnings(c.status, c.earnings) }
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
            pending: -self.pending,
            processed: -self.processed,
            paid: -self.paid,
        }
    }

    /// The figures that others tell otherwise, in words.
    pub fn told_beside(&self, right: &Self) -> String {
        let names = ["clicks", "visitors", "leads", "sales", "amount", "pending", "processed", "paid"];
        let figures = names.iter().zip(self.values().into_iter().zip(right.values()));
        let told = figures.filter(|(_, (is, right))| is != right);
        let told = told.map(|(name, (is, right))| format!("{name} {is} instead of {right}"));
        told.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            clicks: row.next()?,
            visitors: row.next()?,
            leads: row.next()?,
            sales: row.next()?,
            amount: row.next()?,
            pending: row.next()?,
            processed: row.next()?,
            paid: row.next()?,
        })
    }

    fn values(&self) -> [i64; 8] {
        [
            self.clicks,
            self.visitors,
            self.leads,
            self.sales,
            self.amount,
            self.pending,
            self.processed,
            self.paid,
        ]
    }
}

/// What is to be added to tallies. Always saved in the order of their keys, so that rivals wait for one another and never
/// in a ring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies(FxHashMap<TallyKey, Figures>);

/// Program, dimension, day and item of a tally.
pub type TallyKey = (i64, Dimension, i64, i64);

impl Tallies {
    /// Adds to one tally of a program, by its number, and a day.
    pub fn add(&mut self, program: i64, dimension: Dimension, day: i64, item: i64, figures: Figures) {
        *self.0.entry((program, dimension, day, item)).or_default() += figures;
    }

    /// Each tally with what it is of: program, dimension, day and item.
    pub fn iter(&self) -> impl Iterator<Item = (TallyKey, &Figures)> {
        self.0.iter().map(|(key, figures)| (*key, figures))
    }

    /// What differs between these and others, with both figures; a tally of nothing is none.
    pub fn differences<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (TallyKey, Figures, Figures)> + 'a {
        let of = |tallies: &Self, key: &TallyKey| tallies.0.get(key).copied().unwrap_or_default();
        let keys = self.0.keys().chain(other.0.keys().filter(|key| !self.0.contains_key(key)));
        keys.map(move |key| (*key, of(self, key), of(other, key))).filter(|(_, a, b)| a != b)
    }

    /// Adds to the program's tally and to that of a link, if there is one.
    pub fn add_event(&mut self, program: i64, link: Option<i64>, day: i64, figures: Figures) {
        self.add(program, Dimension::Program, day, 0, figures);
        if let Some(link) = link {
            self.add(program, Dimension::Link, day, link, figures);
        }
    }
}

impl Tx<'_> {
    /// Adds to the stored tallies: what are clicks alone, which come by the thousand, by a shorter statement.
    pub fn add_tallies(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        let clicks = "insert into tally (program, dimension, day, item, clicks, visitors) values ($1, $2, $3, $4, $5, $6) \
                      on conflict (program, dimension, day, item) do update set clicks = tally.clicks + excluded.clicks, \
                      visitors = tally.visitors + excluded.visitors";
        let sales = "insert into tally (program, dimension, day, item, leads, sales, amount, pending, processed, paid) \
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                     on conflict (program, dimension, day, item) do update set leads = tally.leads + excluded.leads, \
                     sales = tally.sales + excluded.sales, amount = tally.amount + excluded.amount, \
                     pending = tally.pending + excluded.pending, processed = tally.processed + excluded.processed, \
                     paid = tally.paid + excluded.paid";
        let (mut of_clicks, mut of_sales) = (Vec::new(), Vec::new());
        for ((program, dimension, day, item), figures) in &tallies.0 {
            let (program, dimension, day, item) = (*program, dimension.number(), *day, *item);
            let [clicks, visitors, leads, sales, amount, pending, processed, paid] = figures.values();
            if (clicks, visitors) != (0, 0) {
                of_clicks.push([program, dimension, day, item, clicks, visitors].map(Some));
            }
            if [leads, sales, amount, pending, processed, paid] != [0; 6] {
                let row = [program, dimension, day, item, leads, sales, amount, pending, processed, paid];
                of_sales.push(row.map(Some));
            }
        }
        of_clicks.sort_unstable();
        of_sales.sort_unstable();
        self.execute_numbers(clicks, &of_clicks)?;
        self.execute_numbers(sales, &of_sales)
    }

    /// Adds what happened at `at` to the tallies of a program and, if there is one, a link.
    pub fn count(
        &mut self,
        program: &ProgramId,
        link: Option<&LinkId>,
        at: Instant,
        figures: Figures,
    ) -> Result<(), StoreError> {
        let mut tallies = Tallies::default();
        self.tally(&mut tallies, program, link, at, figures)?;
        self.add_tallies(&tallies)
    }

    /// The same, to be saved with others.
    pub(super) fn tally(
        &mut self,
        tallies: &mut Tallies,
        program: &ProgramId,
        link: Option<&LinkId>,
        at: Instant,
        figures: Figures,
    ) -> Result<(), StoreError> {
        let number = self.program_number(program)?;
        let link = link.map(|link| self.link_number(link)).transpose()?;
        tallies.add_event(number, link, at.day(), figures);
        Ok(())
    }

    /// Tallies of a program by day, oldest first; of some of its links alone when `links` is given.
    pub(super) fn tallies_by_day(
        &mut self,
        program: i64,
        links: Option<&[i64]>,
        from_day: i64,
        to_day: i64,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let whole = "select day, clicks, visitors, leads, sales, amount, pending, processed, paid from tally \
                     where program = $1 and dimension = 0 and day >= $2 and day < $3 order by day";
        // By way of the days on which the program has anything, so that each look-up is one of a whole key.
        let of_links = "select d.day, cast(sum(t.clicks) as bigint), cast(sum(t.visitors) as bigint), cast(sum(t.leads) as bigint), \
                     cast(sum(t.sales) as bigint), cast(sum(t.amount) as bigint), cast(sum(t.pending) as bigint), \
                     cast(sum(t.processed) as bigint), cast(sum(t.paid) as bigint) \
                     from tally d join tally t on t.program = d.program and t.dimension = 1 and t.day = d.day and t.item = any($4) \
                     where d.program = $1 and d.dimension = 0 and d.day >= $2 and d.day < $3 group by d.day order by d.day";
        let rows = match links {
            None => self.rows(whole, params![program, from_day, to_day]),
            Some(links) => self.rows(of_links, params![program, from_day, to_day, links]),
        }?;
        rows.into_iter().map(|mut row| Ok((row.next()?, Figures::read(&mut row)?))).collect()
    }

    /// What links of a program have brought, each with its number; those that brought nothing are left out.
    pub fn figures_by_link(
        &mut self,
        program: &ProgramId,
        links: &[i64],
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        // By way of the days on which the program has anything, as above.
        let sql = "select t.item, cast(sum(t.clicks) as bigint), cast(sum(t.visitors) as bigint), cast(sum(t.leads) as bigint), \
                   cast(sum(t.sales) as bigint), cast(sum(t.amount) as bigint), cast(sum(t.pending) as bigint), \
                   cast(sum(t.processed) as bigint), cast(sum(t.paid) as bigint) \
                   from tally d join tally t on t.program = d.program and t.dimension = 1 and t.day = d.day and t.item = any($2) \
                   where d.program = $1 and d.dimension = 0 group by t.item";
        let number = self.program_number(program)?;
        let rows = self.rows(sql, params![number, links])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, Figures::read(&mut row)?))).collect()
    }

    /// What links of a program have brought on days from `from` up to, not including, `to`; days without anything are left out.
    pub fn figures_of_links(
        &mut self,
        program: &ProgramId,
        links: &[i64],
        from: i64,
        to: i64,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let number = self.program_number(program)?;
        self.tallies_by_day(number, Some(links), from, to)
    }

    /// What each approved partner has brought to a program on days from `from` up to, not including, `to`: sign-ups and sales.
    pub fn brought_by_partner(
        &mut self,
        program: &ProgramId,
        from: i64,
        to: i64,
    ) -> Result<Vec<(PartnerId, i64, i64)>, StoreError> {
        let sql = "select l.partner_id, cast(sum(t.leads) as bigint), cast(sum(t.sales) as bigint) from tally t \
                   join link l on l.number = t.item \
                   join enrollment e on e.program_id = l.program_id and e.partner_id = l.partner_id \
                   where t.program = $1 and t.dimension = 1 and t.day >= $2 and t.day < $3 and e.status = 'approved' \
                   group by l.partner_id";
        let number = self.program_number(program)?;
        let rows = self.rows(sql, params![number, from, to])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?, row.next()?))).collect()
    }

    /// What a partner has brought to a program.
    pub fn partner_figures(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<Figures, StoreError> {
        let (number, links) = (self.program_number(program)?, self.link_numbers(program, partner)?);
        let mut sum = Figures::default();
        for (_, figures) in self.tallies_by_day(number, Some(&links), i64::MIN, i64::MAX)? {
            sum += figures;
        }
        Ok(sum)
    }

    /// Tallies of a program by item of a dimension, over days, in no order.
    pub(super) fn tallies_by_item(
        &mut self,
        program: i64,
        dimension: Dimension,
        from_day: i64,
        to_day: i64,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let sql = "select item, cast(sum(clicks) as bigint), cast(sum(visitors) as bigint), cast(sum(leads) as bigint), \
                   cast(sum(sales) as bigint), cast(sum(amount) as bigint), cast(sum(pending) as bigint), \
                   cast(sum(processed) as bigint), cast(sum(paid) as bigint) from tally \
                   where program = $1 and dimension = $2 and day >= $3 and day < $4 group by item";
        let rows = self.rows(sql, params![program, dimension.number(), from_day, to_day])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, Figures::read(&mut row)?))).collect()
    }
}

impl Param for Dimension {
    fn value(&self) -> Value {
        Value::Int(self.number())
    }
}
