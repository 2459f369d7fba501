//! Which of the browsers met today the table of visitors may have. Most clicks are of somebody nobody has met, and looking for
//! each in a large table is most of what a click reads. So for each browser the table had when it was looked at, and each this
//! process has it take over since, a bit is set, at a place its key tells. What another process has it take over is in the log
//! first, and known by heart. Who is not there and has no bit need not be looked for. Source: Bloom, "Space/time trade-offs in hash
//! coding with allowable errors", Communications of the ACM 13, 1970; with one bit for each.

use super::Key;
use rustc_hash::FxHashMap;

/// Keys of browsers met by address begin with the day; so many bits of them tell the browser.
pub const BROWSER_BITS: u32 = 47;
/// How many bits there are: of a million browsers one in nine has another's bit, and is looked for in vain.
const BITS: usize = 1 << 23;

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
                self.bits = vec![0; BITS / 64];
            }
            let (word, bit) = place(key);
            self.bits[word] |= bit;
        }
    }

    /// Whether the table cannot have a browser.
    pub fn lacks(&self, [program, key]: Key) -> bool {
        if day_of(key) != self.day || self.programs.get(&program) != Some(&true) {
            return false;
        }
        let (word, bit) = place(key);
        self.bits.get(word).is_none_or(|bits| bits & bit == 0)
    }
}

/// The day a browser was met on by address; none for a visitor the page knows.
fn day_of(key: i64) -> Option<i64> {
    (key < 0).then_some(key >> BROWSER_BITS)
}

/// The first key of a day and that of the next.
pub(super) fn span(key: i64) -> [i64; 2] {
    let first = (key >> BROWSER_BITS) << BROWSER_BITS;
    [first, first + (1 << BROWSER_BITS)]
}

/// Where a key's bit is. Keys are hashes that differ from program to program.
fn place(key: i64) -> (usize, u64) {
    let place = usize::try_from(key.cast_unsigned() % BITS as u64).unwrap_or(0);
    (place / 64, 1 << (place % 64))
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
    fn a_day_is_a_span_of_keys() {
        assert_eq!(span(key(-5, 77)), [key(-5, 0), key(-4, 0)]);
        assert_eq!(span(-1), [-1 << BROWSER_BITS, 0]);
    }
}
