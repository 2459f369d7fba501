//! Who brings most. Honest: nobody is in it who brought nothing, and nothing is added to make it look full.

/// Somebody's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<T> {
    /// From 1 on. Who brought as much shares it, and the next comes after all of them: 1, 2, 2, 4.
    pub rank: i64,
    /// How many.
    pub count: i64,
    /// Who.
    pub who: T,
}

/// Everybody who brought something, the best first; who shares a place stands in the order of `T`.
pub fn ranked<T: Ord>(counts: Vec<(T, i64)>) -> Vec<Standing<T>> {
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    counts.sort_by(|(a, fewer), (b, more)| more.cmp(fewer).then_with(|| a.cmp(b)));
    let mut standings: Vec<Standing<T>> = Vec::with_capacity(counts.len());
    for ((who, count), place) in counts.into_iter().zip(1..) {
        let shared = standings.last().filter(|before| before.count == count);
        let rank = shared.map_or(place, |before| before.rank);
        standings.push(Standing { rank, count, who });
    }
    standings
}

/// The first places, with all who share the last of them; at most twice as many as there are places.
pub fn top<T>(standings: &[Standing<T>], places: usize) -> &[Standing<T>] {
    let last = i64::try_from(places).unwrap_or(i64::MAX);
    let within = standings.iter().take(places.saturating_mul(2)).take_while(|s| s.rank <= last).count();
    &standings[..within]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranks(counts: &[i64]) -> Vec<i64> {
        ranked((0..).zip(counts.iter().copied()).collect::<Vec<(usize, i64)>>())
            .iter()
            .map(|standing| standing.rank)
            .collect()
    }

    #[test]
    fn ties_share_a_place() {
        assert_eq!(ranks(&[7, 5, 5, 3]), [1, 2, 2, 4]);
        assert_eq!(ranks(&[4, 4, 4]), [1, 1, 1]);
        assert_eq!(ranks(&[3, 5]), [1, 2]);
    }

    #[test]
    fn who_brought_nothing_is_not_in_it() {
        assert_eq!(ranks(&[0, 0]), Vec::<i64>::new());
        assert_eq!(ranks(&[0, 2, -1]), [1]);
    }

    #[test]
    fn the_last_place_is_shown_whole_within_reason() {
        let all = ranked(vec![("a", 9), ("b", 5), ("c", 5), ("d", 1)]);
        assert_eq!(top(&all, 2).len(), 3);
        assert_eq!(top(&all, 1).len(), 1);
        let tied = ranked((0..50).map(|who| (who, 1)).collect());
        assert_eq!(top(&tied, 10).len(), 20);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_how_many_are_better(counts in prop::collection::vec(-2_i64..9, 0..40)) {
            let all = ranked(counts.iter().copied().enumerate().collect());
            prop_assert_eq!(all.len(), counts.iter().filter(|count| **count > 0).count());
            for standing in &all {
                let better = counts.iter().filter(|count| **count > standing.count).count();
                prop_assert_eq!(standing.rank, i64::try_from(better).unwrap() + 1);
            }
        }
    }
}
