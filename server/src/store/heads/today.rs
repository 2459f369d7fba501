//! Which of the browsers met today the table of visitors may have. Most clicks are of somebody nobody has met, and looking for
//! each in a large table is most of what a click reads. So for each browser the table had when it was looked at, and each this
//! process has it take over since, a few bits are set, at places its key tells. What another process has it take over is in the log
//! first, and known by heart. Who is not there and lacks a bit need not be looked for. The table is looked at in the order of its keys,
//! some at a time, and whose key comes later is looked for until then. Sources: Bloom, "Space/time trade-offs in hash coding with
//! allowable errors", Communications of the ACM 13, 1970; all of a key's bits in one word, so that memory is asked for once: Putze,
//! Sanders and Singler, "Cache-, hash- and space-efficient Bloom filters", Journal of Experimental Algorithmics 14, 2009.

use super::Key;
use rustc_hash::FxHashMap;

/// Keys of browsers met by address begin with the day; so many bits of them tell the browser.
pub const BROWSER_BITS: u32 = 47;
/// In how many words of 64 bits they are, 4 MiB: of a million browsers met on a day one in some six hundred has bits others set and
/// is looked for in vain, of three million one in some sixty.
pub(super) const WORDS: usize = 1 << 19;
/// How many bits of its word a browser sets: fewer where its places coincide.
const BITS: u32 = 3;

/// What is known of one day, the latest that was asked about.
#[derive(Default)]
pub(super) struct Today {
    day: Option<i64>,
    /// Up to which key the table was looked at, in each program: of those below the bits tell all it has.
    programs: FxHashMap<i64, i64>,
    bits: Vec<u64>,
}

impl Today {
    /// From which key on the table is to be looked at, in the program and on the day of this key; none where all is known. With a
    /// later day all begins anew.
    pub fn unlearned(&mut self, [program, key]: Key) -> Option<i64> {
        let day = day_of(key).filter(|day| self.day.is_none_or(|known| known <= *day))?;
        if self.day != Some(day) {
            *self = Self { day: Some(day), ..Self::default() };
        }
        let first = self.programs.get(&program).copied().unwrap_or(day << BROWSER_BITS);
        (day_of(first) == Some(day)).then_some(first)
    }

    /// These are all the table has of a program from where it was looked at last to below `next`.
    pub fn learn(&mut self, program: i64, keys: &[i64], next: i64) {
        for key in keys {
            self.put([program, *key]);
        }
        self.programs.insert(program, next);
    }

    /// The table takes a browser over.
    pub fn put(&mut self, [_, key]: Key) {
        if self.day.is_some() && day_of(key) == self.day {
            if self.bits.is_empty() {
                self.bits = vec![0; WORDS];
            }
            let (word, bits) = place(key);
            self.bits[word] |= bits;
        }
    }

    /// Whether the table cannot have a browser.
    pub fn lacks(&self, [program, key]: Key) -> bool {
        if day_of(key) != self.day || self.programs.get(&program).is_none_or(|next| key >= *next) {
            return false;
        }
        let (word, bits) = place(key);
        self.bits.get(word).is_none_or(|set| set & bits != bits)
    }
}

/// The day a browser was met on by address; none for a visitor the page knows.
pub(super) fn day_of(key: i64) -> Option<i64> {
    (key < 0).then_some(key >> BROWSER_BITS)
}

/// The first key of the day after a key's.
pub(super) fn end_of_day(key: i64) -> i64 {
    ((key >> BROWSER_BITS) + 1) << BROWSER_BITS
}

/// In which word a key's bits are, and which. Keys are hashes that differ from program to program, and what tells a browser of a day
/// is enough for both.
pub(super) fn place(key: i64) -> (usize, u64) {
    let key = key.cast_unsigned();
    let bits = (0..BITS).fold(0, |bits, nth| bits | 1 << (key >> (WORDS.ilog2() + 6 * nth) & 63));
    (usize::try_from(key % WORDS as u64).unwrap_or(0), bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser's key on a day; days are counted from the last that keys can tell.
    fn key(day: i64, browser: i64) -> i64 {
        (day << BROWSER_BITS) + browser
    }

    #[test]
    fn only_whom_the_table_took_over_is_looked_for() {
        let mut today = Today::default();
        assert_eq!(today.unlearned([1, key(-5, 1)]), Some(key(-5, 0)));
        today.learn(1, &[key(-5, 1)], key(-4, 0));
        assert_eq!(today.unlearned([1, key(-5, 9)]), None);
        today.put([1, key(-5, 2)]);
        let lacks = [1, 2, 3].map(|browser| today.lacks([1, key(-5, browser)]));
        assert_eq!(lacks, [false, false, true]);
        // Of what is not known it is not told that it lacks: another program, other days, visitors the page knows.
        assert_eq!(today.unlearned([2, key(-5, 3)]), Some(key(-5, 0)));
        for unknown in [[2, key(-5, 3)], [1, key(-6, 3)], [1, key(-4, 3)], [1, 3]] {
            assert!(!today.lacks(unknown), "{unknown:?}");
        }
    }

    #[test]
    fn what_was_not_looked_at_yet_is_looked_for() {
        let mut today = Today::default();
        assert_eq!(today.unlearned([1, key(-5, 30)]), Some(key(-5, 0)));
        today.learn(1, &[key(-5, 1), key(-5, 8)], key(-5, 9));
        let lacks = [1, 2, 8, 9, 30].map(|browser| today.lacks([1, key(-5, browser)]));
        assert_eq!(lacks, [false, true, false, false, false]);
        assert_eq!(today.unlearned([1, key(-5, 2)]), Some(key(-5, 9)));
        today.learn(1, &[key(-5, 30)], key(-4, 0));
        assert_eq!([9, 30].map(|browser| today.lacks([1, key(-5, browser)])), [true, false]);
    }

    #[test]
    fn a_new_day_begins_with_nothing_and_the_old_one_is_not_taken_up_again() {
        let mut today = Today::default();
        assert_eq!(today.unlearned([1, key(-5, 1)]), Some(key(-5, 0)));
        today.learn(1, &[], key(-4, 0));
        assert_eq!(today.unlearned([1, key(-4, 1)]), Some(key(-4, 0)));
        today.learn(1, &[], key(-3, 0));
        today.put([1, key(-5, 2)]);
        assert!(today.unlearned([1, key(-5, 3)]).is_none() && !today.lacks([1, key(-5, 3)]));
        assert!(today.lacks([1, key(-4, 2)]), "the old day's bit is not the new one's");
        assert!(
            today.unlearned([1, 7]).is_none() && !today.lacks([1, 7]),
            "a visitor the page knows has no day"
        );
    }

    #[test]
    fn hardly_anybody_is_looked_for_in_vain() {
        let mut today = Today::default();
        assert_eq!(today.unlearned([1, key(-5, 0)]), Some(key(-5, 0)));
        today.learn(1, &[], key(-4, 0));
        // Numbers that look random. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
        let browser = |n: u64| {
            let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            key(-5, (n >> (64 - BROWSER_BITS)).cast_signed())
        };
        for n in 0..1_000_000 {
            today.put([1, browser(n)]);
        }
        let in_vain = (1_000_000..1_200_000).filter(|n| !today.lacks([1, browser(*n)])).count();
        assert!((200..450).contains(&in_vain), "{in_vain} of 200,000; 1 in 640 is expected");
        assert!((0..1_000_000).all(|n| !today.lacks([1, browser(n)])), "whom the table has is looked for");
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        assert_eq!(
            [end_of_day(key(-5, 0)), end_of_day(key(-5, 77)), end_of_day(-1)],
            [key(-4, 0), key(-4, 0), 0]
        );
    }
}
