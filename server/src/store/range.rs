//! Figures of any range of time: whole days from the tallies, the parts of days it cuts from the facts.

use super::{Dimension, Figures, Narrowed, StoreError, Tx};
use goodword_domain::time::{DAY_MS, Instant};
use std::collections::BTreeMap;

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
            for ((_, dimension, day, item), part) in self.figures_of_part(&[program], from, to)?.iter() {
                let wanted = match single {
                    None => dimension == Dimension::Program,
                    Some((of, items)) => dimension == of && items.contains(&item),
                };
                if wanted {
                    *figures.entry(day).or_default() += *part;
                }
            }
        }
        Ok(Vec::from_iter(figures))
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
            for ((_, of, _, item), part) in self.figures_of_part(&[program], from, to)?.iter() {
                if of == dimension {
                    *figures.entry(item).or_default() += *part;
                }
            }
        }
        if let Some((_, items)) = single {
            figures.retain(|item, _| items.contains(item));
        }
        Ok(Vec::from_iter(figures))
    }

    /// Sales and commissions of a range by the number of the kind of touchpoint, in no order; of what is meant alone. Clicks are told
    /// only where that costs nothing.
    pub fn sales_by_means(
        &mut self,
        program: i64,
        narrowed: &Narrowed,
        range: &Range,
    ) -> Result<Vec<(i64, Figures)>, StoreError> {
        let kept = narrowed.is_all() || narrowed.single().is_some_and(|(of, _)| of == Dimension::Means);
        if kept {
            return self.figures_by_item(program, Dimension::Means, narrowed, range);
        }
        self.brought_by(program, Some(Dimension::Means), narrowed, range)
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
