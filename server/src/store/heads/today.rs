//! Which of the browsers met today the table of visitors may have. Most clicks are of somebody nobody has met, and looking for
//! each in a large table is most of what a click reads. So for each browser the table had when it was looked at, and each this
//! process has it take over since, a few bits are set, at places its key tells. What another process has it take over is in the log
//! first, and known by heart. Who is not there and lacks a bit need not be looked for. Sources: Bloom, "Space/time trade-offs in hash
//! coding with allowable errors", Communications of the ACM 13, 1970; all of a key's bits in one word, so that memory is asked for
//! once: Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom filters", Journal of Experimental Algorithmics 14, 2009.

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
    /// The programs that were looked at, and whether the bits tell all there was.
    programs: FxHashMap<i64, bool>,
    bits: Vec<u64>,
}

impl Today {
    /// Whether it is time to look at what the table has of the program and the day of this key. With a later day all begins anew.
    pub fn is_news(&mut self, [program, key]: Key) -> bool {
        let Some(day) = day_of(key).filter(|day| self.day.is_none_or(|known| known <= *day)) else {
            return false;
        };
        if self.day != Some(day) {
            *self = Self { day: Some(day), ..Self::default() };
        }
        !self.programs.contains_key(&program)
    }

    /// These are all the table has of a program and the day; or there are too many to tell.
    pub fn learn(&mut self, program: i64, keys: Option<&[i64]>) {
        self.programs.insert(program, keys.is_some());
        for key in keys.unwrap_or_default() {
            self.put([program, *key]);
        }
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
        if day_of(key) != self.day || self.programs.get(&program) != Some(&true) {
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

/// The first key of a day and that of the next.
pub(super) fn span(key: i64) -> [i64; 2] {
    let first = (key >> BROWSER_BITS) << BROWSER_BITS;
    [first, first + (1 << BROWSER_BITS)]
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
        assert!(today.is_news([1, key(-5, 1)]));
        today.learn(1, Some(&[key(-5, 1)]));
        assert!(!today.is_news([1, key(-5, 9)]));
        today.put([1, key(-5, 2)]);
        let lacks = [1, 2, 3].map(|browser| today.lacks([1, key(-5, browser)]));
        assert_eq!(lacks, [false, false, true]);
        // Of what is not known it is not told that it lacks: another program, other days, visitors the page knows.
        assert!(today.is_news([2, key(-5, 3)]));
        for unknown in [[2, key(-5, 3)], [1, key(-6, 3)], [1, key(-4, 3)], [1, 3]] {
            assert!(!today.lacks(unknown), "{unknown:?}");
        }
    }

    #[test]
    fn a_new_day_begins_with_nothing_and_the_old_one_is_not_taken_up_again() {
        let mut today = Today::default();
        assert!(today.is_news([1, key(-5, 1)]));
        today.learn(1, Some(&[]));
        assert!(today.is_news([1, key(-4, 1)]));
        today.learn(1, Some(&[]));
        today.put([1, key(-5, 2)]);
        assert!(!today.is_news([1, key(-5, 3)]) && !today.lacks([1, key(-5, 3)]));
        assert!(today.lacks([1, key(-4, 2)]), "the old day's bit is not the new one's");
        assert!(!today.is_news([1, 7]) && !today.lacks([1, 7]), "a visitor the page knows has no day");
    }

    #[test]
    fn of_too_many_nothing_is_known() {
        let mut today = Today::default();
        assert!(today.is_news([1, key(-5, 1)]));
        today.learn(1, None);
        assert!(!today.is_news([1, key(-5, 1)]) && !today.lacks([1, key(-5, 1)]));
    }

    #[test]
    fn hardly_anybody_is_looked_for_in_vain() {
        let mut today = Today::default();
        assert!(today.is_news([1, key(-5, 0)]));
        today.learn(1, Some(&[]));
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
    fn a_day_is_a_span_of_keys() {
        assert_eq!(span(key(-5, 77)), [key(-5, 0), key(-4, 0)]);
        assert_eq!(span(-1), [-1 << BROWSER_BITS, 0]);
    }
}
