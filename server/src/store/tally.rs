//! Tallies: figures by day, kept in the transaction that stores what they count, by way of a log.

mod figures;
mod log;
mod week;

pub use figures::Figures;
use log::with_logged;
pub use log::{Logged, SUMS, SUMS_ASIDE};

use super::converted::Conversions;
use super::due::Dues;
use super::value::Value;
use super::{Brought, Origin, StoreError, Tx, params};
use goodword_domain::id::{LinkId, PartnerId, ProgramId};
use goodword_domain::time::{DAY_MS, Instant};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

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
    /// The word of the page visitors landed on, 0 for the link's own.
    Page,
    /// The number of a kind of touchpoint, 0 where nobody is credited; clicks are of the first.
    Means,
    /// The number of a link and that of a kind of touchpoint, as [`link_means`] says; what is clicked is not counted again.
    LinkMeans,
}

impl Dimension {
    /// All there are, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Program,
        Self::Link,
        Self::Hour,
        Self::Site,
        Self::Country,
        Self::Device,
        Self::Page,
        Self::Means,
        Self::LinkMeans,
    ];

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
            Self::Page => "page",
            Self::Means => "means",
            Self::LinkMeans => "link and means",
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
            Self::Page => 6,
            Self::Means => 7,
            Self::LinkMeans => 8,
        }
    }
}

/// What is to be added to tallies, to what single facts and links brought, and to what partners are due. Always saved in one order,
/// table by table and key by key, so that rivals wait for one another and never in a ring; only one at a time changes tallies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    sums: FxHashMap<TallyKey, Figures>,
    facts: FxHashMap<BroughtKey, Brought>,
    pub(super) conversions: Conversions,
    pub(super) dues: Dues,
}

/// Program, dimension, day and item of a tally.
pub type TallyKey = (i64, Dimension, i64, i64);

/// Program, instant and id of a fact.
pub type BroughtKey = (i64, i64, String);

/// A lead, a sale or a commission, as it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    pub program: &'a ProgramId,
    pub link: Option<&'a LinkId>,
    pub at: Instant,
    /// Its id.
    pub id: &'a str,
    pub origin: Origin,
}

/// How many kinds of touchpoint can be told apart by an item of [`Dimension::LinkMeans`].
pub const MEANS: i64 = 8;

/// The item that is a link with a kind of touchpoint, by their numbers.
pub fn link_means(link: i64, means: i64) -> i64 {
    link * MEANS + means
}

/// The hour of the UTC day.
pub fn hour_of(at: Instant) -> i64 {
    at.0.rem_euclid(DAY_MS) / 3_600_000
}

impl Tallies {
    /// Adds to one tally of a program, by its number, and a day.
    pub fn add(&mut self, program: i64, dimension: Dimension, day: i64, item: i64, figures: Figures) {
        *self.sums.entry((program, dimension, day, item)).or_default() += figures;
    }

    /// Each tally with what it is of: program, dimension, day and item.
    pub fn iter(&self) -> impl Iterator<Item = (TallyKey, &Figures)> {
        self.sums.iter().map(|(key, figures)| (*key, figures))
    }

    /// What single facts brought.
    pub(super) fn facts(&self) -> impl Iterator<Item = (&BroughtKey, &Brought)> {
        self.facts.iter()
    }

    /// What they tell of each link of each program, over all days, in the order of both.
    fn links(&self) -> BTreeMap<(i64, i64), Figures> {
        let mut links: BTreeMap<_, Figures> = BTreeMap::new();
        for ((program, dimension, _, item), figures) in &self.sums {
            if *dimension == Dimension::Link {
                *links.entry((*program, *item)).or_default() += *figures;
            }
        }
        links
    }

    /// The same sums, taken away.
    pub(super) fn negative_sums(&self) -> Self {
        let sums = self.sums.iter().map(|(key, figures)| (*key, figures.negative())).collect();
        Self { sums, ..Self::default() }
    }

    /// Forgets the sums.
    pub(super) fn keep_facts_only(&mut self) {
        self.sums.clear();
    }

    /// What differs between these and others, with both figures; a tally of nothing is none.
    pub fn differences<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (TallyKey, Figures, Figures)> + 'a {
        let of = |tallies: &Self, key: &TallyKey| tallies.sums.get(key).copied().unwrap_or_default();
        let keys = self.sums.keys().chain(other.sums.keys().filter(|key| !self.sums.contains_key(key)));
        keys.map(move |key| (*key, of(self, key), of(other, key))).filter(|(_, a, b)| a != b)
    }

    /// The ids of facts that brought something else here than there, in order; one that brought nothing is none.
    pub fn different_facts(&self, other: &Self) -> Vec<String> {
        let of = |tallies: &Self, key: &BroughtKey| {
            tallies.facts.get(key).copied().filter(|brought| brought.figures != Figures::default())
        };
        let keys = self.facts.keys().chain(other.facts.keys().filter(|key| !self.facts.contains_key(key)));
        let mut ids: Vec<String> =
            keys.filter(|key| of(self, key) != of(other, key)).map(|(_, _, id)| id.clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// Adds what a fact brings, in every dimension.
    pub fn add_fact(&mut self, (program, at, id): BroughtKey, brought: Brought) {
        if brought.figures == Figures::default() {
            return;
        }
        self.add_in_all(program, Instant(at), &brought);
        self.facts
            .entry((program, at, id))
            .and_modify(|known| known.figures += brought.figures)
            .or_insert(brought);
    }

    /// The same without keeping what it was of.
    pub(super) fn add_in_all(&mut self, program: i64, at: Instant, brought: &Brought) {
        let Brought { link, origin, figures } = *brought;
        for (dimension, item) in [
            (Dimension::Program, 0),
            (Dimension::Hour, hour_of(at)),
            (Dimension::Site, origin.site),
            (Dimension::Country, origin.country),
            (Dimension::Device, origin.device),
            (Dimension::Page, origin.page),
            (Dimension::Means, origin.means),
        ] {
            self.add(program, dimension, at.day(), item, figures);
        }
        if link != 0 {
            self.add(program, Dimension::Link, at.day(), link, figures);
            self.add(program, Dimension::LinkMeans, at.day(), link_means(link, origin.means), figures);
        }
    }
}

/// The statements that add to a table of tallies, by what it has for the time: those of clicks and visitors, those of all else.
macro_rules! adding_to {
    ($table:literal, $time:literal) => {
        [
            concat!(
                "insert into ",
                $table,
                " (program, dimension, ",
                $time,
                ", item, clicks, visitors) values ($1, $2, $3, $4, $5, $6) \
                 on conflict (program, dimension, ",
                $time,
                ", item) do update set clicks = ",
                $table,
                ".clicks + excluded.clicks, \
                 visitors = ",
                $table,
                ".visitors + excluded.visitors"
            ),
            concat!(
                "insert into ",
                $table,
                " (program, dimension, ",
                $time,
                ", item, leads, sales, amount, gone, pending, processed, paid) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                 on conflict (program, dimension, ",
                $time,
                ", item) do update set leads = ",
                $table,
                ".leads + excluded.leads, \
                 sales = ",
                $table,
                ".sales + excluded.sales, amount = ",
                $table,
                ".amount + excluded.amount, \
                 gone = ",
                $table,
                ".gone + excluded.gone, pending = ",
                $table,
                ".pending + excluded.pending, \
                 processed = ",
                $table,
                ".processed + excluded.processed, paid = ",
                $table,
                ".paid + excluded.paid"
            ),
        ]
    };
}

impl Tx<'_> {
    /// Adds to the stored tallies, by way of their log, and to what else is kept of the same.
    pub fn add_tallies(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        self.log_sums(tallies)?;
        self.add_all_but_sums(tallies)
    }

    /// The same at once.
    pub(super) fn put_tallies(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        self.put_sums(tallies)?;
        self.add_all_but_sums(tallies)
    }

    /// Adds what single facts brought, who was converted, and what partners are due.
    fn add_all_but_sums(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        self.add_conversions(&tallies.conversions)?;
        self.add_brought(tallies)?;
        self.add_dues(&tallies.dues)
    }

    /// Adds to tallies of days and weeks, and to links.
    fn put_sums(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        self.put_figures(adding_to!("tally", "day"), tallies)?;
        self.put_figures(adding_to!("tally_week", "week"), &tallies.by_week())?;
        self.add_to_links(tallies)
    }

    /// Adds figures: what are clicks alone, which come by the thousand, by a shorter statement.
    fn put_figures(
        &mut self,
        [clicks, sales]: [&'static str; 2],
        tallies: &Tallies,
    ) -> Result<(), StoreError> {
        let (mut of_clicks, mut of_sales) = (Vec::new(), Vec::new());
        for ((program, dimension, time, item), figures) in &tallies.sums {
            let (program, dimension, time, item) = (*program, dimension.number(), *time, *item);
            let [clicks, visitors, rest @ ..] = figures.values();
            // By way of the program's own rows others are looked for, so that these are there also where all comes to nothing.
            let always = dimension == Dimension::Program.number() && rest == [0; 7];
            if (clicks, visitors) != (0, 0) || always {
                of_clicks.push([program, dimension, time, item, clicks, visitors].map(Some));
            }
            if rest != [0; 7] {
                let [leads, sales, amount, gone, pending, processed, paid] = rest;
                let row =
                    [program, dimension, time, item, leads, sales, amount, gone, pending, processed, paid];
                of_sales.push(row.map(Some));
            }
        }
        of_clicks.sort_unstable();
        of_sales.sort_unstable();
        self.execute_numbers(clicks, &of_clicks)?;
        self.execute_numbers(sales, &of_sales)
    }

    /// Adds what tallies tell of links to what these have brought in all.
    pub(super) fn add_to_links(&mut self, tallies: &Tallies) -> Result<(), StoreError> {
        let clicks = "insert into link_total (program, link, clicks) values ($1, $2, $3) \
                      on conflict (program, link) do update set clicks = link_total.clicks + excluded.clicks";
        let all = "insert into link_total (program, link, clicks, leads, sales, amount, gone, pending, processed, paid) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (program, link) do update set \
                   clicks = link_total.clicks + excluded.clicks, leads = link_total.leads + excluded.leads, \
                   sales = link_total.sales + excluded.sales, amount = link_total.amount + excluded.amount, \
                   gone = link_total.gone + excluded.gone, pending = link_total.pending + excluded.pending, \
                   processed = link_total.processed + excluded.processed, paid = link_total.paid + excluded.paid";
        let links = tallies.links().into_iter().map(|((program, link), figures)| {
            let [clicks, _, rest @ ..] = figures.values();
            ([program, link, clicks], rest)
        });
        let links: Vec<_> = links.collect();
        // One statement for all, so that they are changed in one order.
        if links.iter().all(|(_, rest)| *rest == [0; 7]) {
            let rows: Vec<_> = links.iter().map(|(row, _)| row.map(Some)).collect();
            return self.execute_numbers(clicks, &rows);
        }
        let row = |([program, link, clicks], rest): ([i64; 3], [i64; 7])| {
            let [leads, sales, amount, gone, pending, processed, paid] = rest;
            [program, link, clicks, leads, sales, amount, gone, pending, processed, paid].map(Some)
        };
        self.execute_numbers(all, &links.into_iter().map(row).collect::<Vec<_>>())
    }

    /// Adds up anew what each link has brought in all.
    pub fn recount_links(&mut self) -> Result<(), StoreError> {
        self.stop_counting()?;
        self.execute("delete from link_total", &[])?;
        let sql = "insert into link_total (program, link, clicks, leads, sales, amount, gone, pending, processed, paid) \
                   select program, item, cast(sum(clicks) as bigint), cast(sum(leads) as bigint), cast(sum(sales) as bigint), \
                   cast(sum(amount) as bigint), cast(sum(gone) as bigint), cast(sum(pending) as bigint), \
                   cast(sum(processed) as bigint), cast(sum(paid) as bigint) from tally where dimension = 1 group by program, item";
        self.execute(sql, &[])?;
        self.recount_conversions()
    }

    /// The links of which something else is kept than their tallies come to.
    pub fn links_miscounted(&mut self) -> Result<Vec<i64>, StoreError> {
        let sql = "select link from (select link, clicks, leads, sales, amount, gone, pending, processed, paid from link_total \
                   union all select item, -clicks, -leads, -sales, -amount, -gone, -pending, -processed, -paid from tally \
                   where dimension = 1) x group by link having sum(clicks) <> 0 or sum(leads) <> 0 or sum(sales) <> 0 \
                   or sum(amount) <> 0 or sum(gone) <> 0 or sum(pending) <> 0 or sum(processed) <> 0 or sum(paid) <> 0 \
                   order by link";
        self.rows(sql, &[])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// Adds what a fact brings to the tallies.
    pub fn count(&mut self, fact: &Fact<'_>, figures: Figures) -> Result<(), StoreError> {
        let mut tallies = Tallies::default();
        self.tally(&mut tallies, fact, figures)?;
        self.add_tallies(&tallies)
    }

    /// The same, to be saved with others.
    pub(super) fn tally(
        &mut self,
        tallies: &mut Tallies,
        fact: &Fact<'_>,
        figures: Figures,
    ) -> Result<(), StoreError> {
        let program = self.program_number(fact.program)?;
        let link = fact.link.map(|link| self.link_number(link)).transpose()?.unwrap_or(0);
        let brought = Brought { link, origin: fact.origin, figures };
        tallies.add_fact((program, fact.at.0, fact.id.to_owned()), brought);
        Ok(())
    }

    /// Tallies of a program by day, oldest first; of some items of a dimension alone when `items` are given.
    pub(super) fn tallies_by_day(
        &mut self,
        program: i64,
        items: Option<(Dimension, &[i64])>,
        from_day: i64,
        to_day: i64,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let whole = "select day, clicks, visitors, leads, sales, amount, gone, pending, processed, paid from tally \
                     where program = $1 and dimension = 0 and day >= $2 and day < $3";
        // By way of the days on which the program has anything, so that each look-up is one of a whole key.
        let of_items = "select d.day, t.clicks, t.visitors, t.leads, t.sales, t.amount, t.gone, t.pending, t.processed, t.paid \
                     from tally d join tally t on t.program = d.program and t.dimension = $5 and t.day = d.day and t.item = any($4) \
                     where d.program = $1 and d.dimension = 0 and d.day >= $2 and d.day < $3";
        let stored = match items {
            None => self.figures_by_key(whole, params![program, from_day, to_day]),
            Some((dimension, items)) => {
                self.figures_by_key(of_items, params![program, from_day, to_day, items, dimension.number()])
            }
        }?;
        let of = items.map_or((Dimension::Program, None), |(dimension, items)| (dimension, Some(items)));
        let logged = self.logged_tallies(program, of, from_day..to_day)?;
        Ok(with_logged(stored, logged.into_iter().map(|(day, _, figures)| (day, figures))))
    }

    /// What links of a program have brought in all, each with its number; those that brought nothing are left out. Visitors are not told.
    pub fn figures_by_link(
        &mut self,
        program: &ProgramId,
        links: &[i64],
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let sql = "select link, clicks, cast(0 as bigint), leads, sales, amount, gone, pending, processed, paid \
                   from link_total where program = $1 and link = any($2)";
        let number = self.program_number(program)?;
        let stored = self.figures_by_key(sql, params![number, links])?;
        let logged = self.logged_tallies(number, (Dimension::Link, Some(links)), i64::MIN..i64::MAX)?;
        let logged = logged.into_iter().map(|(_, link, f)| (link, Figures { visitors: 0, ..f }));
        Ok(with_logged(stored, logged))
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
        self.tallies_by_day(number, Some((Dimension::Link, links)), from, to)
    }

    /// What each approved partner has brought to a program on days from `from` up to, not including, `to`: sign-ups and sales.
    pub fn brought_by_partner(
        &mut self,
        program: &ProgramId,
        from: i64,
        to: i64,
    ) -> Result<Vec<(PartnerId, i64, i64)>, StoreError> {
        let sql = "select l.number, l.partner_id from link l \
                   join enrollment e on e.program_id = l.program_id and e.partner_id = l.partner_id \
                   where l.program_id = $1 and l.number = any($2) and e.status = 'approved'";
        let number = self.program_number(program)?;
        let figures: BTreeMap<i64, Figures> =
            self.tallies_by_item(number, Dimension::Link, from, to)?.into_iter().collect();
        let links: Vec<i64> = figures.keys().copied().collect();
        let mut partners: BTreeMap<PartnerId, (i64, i64)> = BTreeMap::new();
        for mut row in self.rows(sql, params![program, &links[..]])? {
            let Figures { leads, sales, .. } = figures.get(&row.next()?).copied().unwrap_or_default();
            let sum = partners.entry(row.next()?).or_default();
            *sum = (sum.0 + leads, sum.1 + sales);
        }
        Ok(partners.into_iter().map(|(partner, (leads, sales))| (partner, leads, sales)).collect())
    }

    /// What a partner has brought to a program.
    pub fn partner_figures(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<Figures, StoreError> {
        let links = self.link_numbers(program, partner)?;
        let mut sum = Figures::default();
        for (_, figures) in self.figures_by_link(program, &links)? {
            sum += figures;
        }
        Ok(sum)
    }

    /// Figures added up by what stands before them, in no order.
    pub(super) fn figures_by_key(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let sums: Vec<[i64; 10]> = self.sums(sql, params)?;
        Ok(sums.into_iter().map(|[key, values @ ..]| (key, Figures::of_values(values))).collect())
    }
}
