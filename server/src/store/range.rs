//! Figures of any range of time: whole days from the tallies, the parts of days it cuts from the facts.

use super::params;
use super::tally::{MEANS, link_means};
use super::{Dimension, Figures, Narrowed, StoreError, Tx};
use goodword_domain::click::ClickNumber;
use goodword_domain::time::{DAY_MS, Instant};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// A half-open range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub start: Instant,
    /// Not included; none for the end of time.
    pub end: Option<Instant>,
}

/// A range as whole UTC days, the last not included, and what is left of the days it cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Split {
    days: (i64, i64),
    parts: Vec<(Instant, Instant)>,
}

impl Range {
    /// Days before `since` are not cut, but count whole: not all of their facts are there.
    fn split(self, since: i64) -> Split {
        let begin = |day: i64| Instant(day.saturating_mul(DAY_MS));
        let whole_or_cut = |at: Instant| at == begin(at.day()) || at.day() < since;
        let first = if whole_or_cut(self.start) { self.start.day() } else { self.start.day() + 1 };
        let Some(end) = self.end else {
            let parts = Vec::from_iter((first > self.start.day()).then_some((self.start, begin(first))));
            return Split { days: (first, i64::MAX), parts };
        };
        if end <= self.start {
            return Split { days: (0, 0), parts: Vec::new() };
        }
        if self.start.day() == end.day() && end.day() >= since {
            return Split { days: (0, 0), parts: vec![(self.start, end)] };
        }
        let cut_at_end = end != begin(end.day());
        let last = if cut_at_end && end.day() < since { end.day() + 1 } else { end.day() };
        let before = (first > self.start.day()).then_some((self.start, begin(first)));
        let after = (cut_at_end && last == end.day()).then_some((begin(last), end));
        Split { days: (first, last), parts: before.into_iter().chain(after).collect() }
    }
}

impl Tx<'_> {
    /// Figures of a program by day, oldest first; of what is meant alone.
    pub fn figures_by_day(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let single = narrowed.single();
        if single.is_none() && !narrowed.is_all() {
            return self.counted_anew(program, None, narrowed, range);
        }
        let split = self.cut(program, range)?;
        let whole = self.tallies_by_day(program, single, split.days.0, split.days.1)?;
        let mut figures = BTreeMap::from_iter(whole);
        for (from, to) in split.parts {
            let Some((of, items)) = single else {
                *figures.entry(from.day()).or_default() += self.whole_of_part(program, (from, to))?;
                continue;
            };
            for (item, part) in self.items_of_part(program, of, (from, to))? {
                if items.contains(&item) {
                    *figures.entry(from.day()).or_default() += part;
                }
            }
        }
        figures.retain(|_, figures| *figures != Figures::default());
        Ok(Vec::from_iter(figures))
    }

    /// Figures of a part of a day of a program as a whole.
    fn whole_of_part(
        &mut self,
        program: i64,
        (start, end): (Instant, Instant),
    ) -> Result<Figures, StoreError> {
        // Told apart here: a database would sort them.
        let sql = "select coalesce(visitor, browser) from click where id >= $2 and id < $3 and program = $1";
        let numbers = [ClickNumber::first_at(start), ClickNumber::first_at(end)];
        let clicks = self.rows_of_numbers(sql, params![program, numbers[0], numbers[1]])?;
        let (mut seen, mut figures) = (FxHashSet::default(), Figures::default());
        for [visitor] in clicks {
            figures.clicks += 1;
            // Each click of nobody known is a visitor's.
            figures.visitors += i64::from(visitor.is_none_or(|visitor| seen.insert(visitor)));
        }
        let part = Range { start, end: Some(end) };
        for (_, brought) in self.brought_by(program, Some(Dimension::Program), &Narrowed::default(), &part)? {
            figures += brought;
        }
        Ok(figures)
    }

    /// Figures of a part of a day by item of a dimension, in no order.
    fn items_of_part(
        &mut self,
        program: i64,
        dimension: Dimension,
        (start, end): (Instant, Instant),
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let sql = match dimension {
            Dimension::Link => "select link from click where id >= $2 and id < $3 and program = $1",
            Dimension::Country => "select country from click where id >= $2 and id < $3 and program = $1",
            Dimension::Device => "select device from click where id >= $2 and id < $3 and program = $1",
            // Only whoever reads the clicks' addresses knows these.
            _ => {
                let all = self.figures_of_part(&[program], start, end)?;
                let of = all.iter().filter(|((_, of, ..), _)| *of == dimension);
                return Ok(of.map(|((.., item), part)| (item, *part)).collect());
            }
        };
        let numbers = [ClickNumber::first_at(start), ClickNumber::first_at(end)];
        let clicks = self.rows_of_numbers(sql, params![program, numbers[0], numbers[1]])?;
        let mut figures: FxHashMap<i64, Figures> = FxHashMap::default();
        for [item] in clicks {
            figures.entry(item.unwrap_or_default()).or_default().clicks += 1;
        }
        let part = Range { start, end: Some(end) };
        for (item, brought) in self.brought_by(program, Some(dimension), &Narrowed::default(), &part)? {
            *figures.entry(item).or_default() += brought;
        }
        Ok(Vec::from_iter(figures))
    }

    /// The days of a range on which each thing that is meant has some, counted by `what`; the latest first. On no other day is there
    /// anything of all of them together.
    pub(super) fn days_meant(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        (from, to): (i64, i64),
        what: fn(&Figures) -> i64,
    ) -> Result<Vec<i64>, StoreError> {
        let links = narrowed.links.as_ref().map(|links| (Dimension::Link, links.clone()));
        let items = narrowed.items.iter().map(|(of, item)| (*of, vec![*item]));
        let mut days: Option<BTreeSet<i64>> = None;
        for (of, items) in links.into_iter().chain(items) {
            let tallies = self.tallies_by_day(program, Some((of, &items)), from, to)?;
            let some = tallies.into_iter().filter(|(_, figures)| what(figures) > 0).map(|(day, _)| day);
            let some: BTreeSet<i64> = some.collect();
            days =
                Some(days.map_or_else(|| some.clone(), |days| days.intersection(&some).copied().collect()));
        }
        Ok(days.unwrap_or_default().into_iter().rev().collect())
    }

    /// Figures of a program by item of a dimension, in no order; of what is meant alone.
    pub fn figures_by_item(
        &mut self,
        program: i64,
        dimension: Dimension,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let single = narrowed.single();
        if !narrowed.is_all() && single.is_none_or(|(of, _)| of != dimension) {
            return self.counted_anew(program, Some(dimension), narrowed, range);
        }
        let split = self.cut(program, range)?;
        let whole = self.tallies_by_item(program, dimension, split.days.0, split.days.1)?;
        let mut figures = BTreeMap::from_iter(whole);
        for (from, to) in split.parts {
            for (item, part) in self.items_of_part(program, dimension, (from, to))? {
                *figures.entry(item).or_default() += part;
            }
        }
        if let Some((_, items)) = single {
            figures.retain(|item, _| items.contains(item));
        }
        Ok(Vec::from_iter(figures))
    }

    /// Sales and commissions of a range by the number of the kind of touchpoint, in no order; of what is meant alone. Clicks are not told
    /// of the parts of days that the range cuts.
    pub fn sales_by_means(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let (of, items) = match (&narrowed.links, narrowed.items.as_slice()) {
            (None, []) => (Dimension::Means, (0..MEANS).collect::<Vec<i64>>()),
            (None, [(Dimension::Means, means)]) => (Dimension::Means, vec![*means]),
            (Some(links), []) => {
                let all = links.iter().flat_map(|link| (0..MEANS).map(|means| link_means(*link, means)));
                (Dimension::LinkMeans, all.collect())
            }
            _ => return self.brought_by(program, Some(Dimension::Means), narrowed, range),
        };
        let split = self.cut(program, range)?;
        let mut figures: BTreeMap<i64, Figures> = BTreeMap::new();
        for (item, sum) in self.tallies_of_items(program, of, &items, split.days)? {
            *figures.entry(item % MEANS).or_default() += sum;
        }
        for (start, end) in split.parts {
            let part = Range { start, end: Some(end) };
            for (means, sum) in self.brought_by(program, Some(Dimension::Means), narrowed, &part)? {
                *figures.entry(means).or_default() += sum;
            }
        }
        Ok(Vec::from_iter(figures))
    }

    /// Figures that no tally is kept of: the clicks of the range are counted one by one, the rest is read from narrow rows.
    fn counted_anew(
        &mut self,
        program: i64,
        by: Option<Dimension>,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let mut figures: BTreeMap<i64, Figures> = BTreeMap::new();
        let clicks = self.clicks_by(program, by, narrowed, range)?;
        for (item, clicks) in clicks {
            *figures.entry(item).or_default() += Figures { clicks, ..Figures::default() };
        }
        for (item, brought) in self.brought_by(program, by, narrowed, range)? {
            *figures.entry(item).or_default() += brought;
        }
        Ok(Vec::from_iter(figures))
    }

    fn cut(&mut self, program: i64, range: &Range) -> Result<Split, StoreError> {
        let since = self.clicks_kept_since(&[program])?;
        Ok(range.split(since.get(&program).copied().unwrap_or(i64::MIN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = DAY_MS / 2;

    #[track_caller]
    fn check(start: i64, end: Option<i64>, since: i64, days: (i64, i64), parts: &[(i64, i64)]) {
        let split = Range { start: Instant(start), end: end.map(Instant) }.split(since);
        let parts = parts.iter().map(|(from, to)| (Instant(*from), Instant(*to))).collect();
        assert_eq!(split, Split { days, parts });
    }

    #[test]
    fn whole_days_are_not_cut() {
        check(DAY_MS, Some(3 * DAY_MS), 0, (1, 3), &[]);
        check(DAY_MS, None, 0, (1, i64::MAX), &[]);
    }

    #[test]
    fn cut_days_are_parts() {
        let (start, end) = (DAY_MS + 1, 3 * DAY_MS + NOON);
        check(start, Some(end), 0, (2, 3), &[(start, 2 * DAY_MS), (3 * DAY_MS, end)]);
        check(start, None, 0, (2, i64::MAX), &[(start, 2 * DAY_MS)]);
        check(start, Some(2 * DAY_MS), 0, (2, 2), &[(start, 2 * DAY_MS)]);
        check(start, Some(2 * DAY_MS - 1), 0, (0, 0), &[(start, 2 * DAY_MS - 1)]);
        check(start, Some(2 * DAY_MS + 1), 0, (2, 2), &[(start, 2 * DAY_MS), (2 * DAY_MS, 2 * DAY_MS + 1)]);
    }

    #[test]
    fn days_of_deleted_clicks_count_whole() {
        let (start, end) = (DAY_MS + 1, 3 * DAY_MS + NOON);
        check(start, Some(end), 2, (1, 3), &[(3 * DAY_MS, end)]);
        check(start, Some(end), 9, (1, 4), &[]);
        check(start, Some(DAY_MS + 2), 9, (1, 2), &[]);
    }

    #[test]
    fn nothing_between_is_nothing() {
        check(DAY_MS + 1, Some(DAY_MS + 1), 0, (0, 0), &[]);
        check(DAY_MS + NOON, Some(DAY_MS), 9, (0, 0), &[]);
    }
}
