//! Whom a process takes to be new without looking, where several write side by side. Most clicks are of somebody nobody has met, and
//! whoever looks for each must wait for an answer. But to store a browser as new is refused where there is one; so a browser this process
//! has not met today is taken to be new, and where that was wrong the group is undone, and looks. It would be wrong often where the
//! same browsers come to several processes: they are looked for until a number of groups in a row have found nobody unexpected.

use super::Key;
use super::today::{WORDS, day_of, place};
use rustc_hash::FxHashSet;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// After how many groups that looked for everybody and found nobody unexpected a process trusts what it has met itself.
const CALM: usize = if cfg!(debug_assertions) { 2 } else { 64 };

/// What the threads of a process know together of the latest day. A bit that is lost when a day begins costs a conflict, and nothing more.
#[derive(Clone, Default)]
pub(super) struct Strangers(Arc<Met>);

struct Met {
    day: AtomicI64,
    /// As those of [`super::today::Today`].
    bits: OnceLock<Box<[AtomicU64]>>,
    /// How many groups in a row have found nobody unexpected.
    calm: AtomicUsize,
}

impl Default for Met {
    fn default() -> Self {
        Self { day: AtomicI64::new(i64::MIN), bits: OnceLock::new(), calm: AtomicUsize::new(0) }
    }
}

/// Some browsers and visitors, before they are looked for.
pub(super) struct Expected {
    /// Who is looked for.
    pub asked: Vec<Key>,
    /// Who this process meets for the first time today.
    strangers: FxHashSet<i64>,
}

impl Strangers {
    /// Who of these is to be looked for: those of `held` always.
    pub fn expect(&self, keys: &[Key], held: &[i64]) -> Expected {
        let mut strangers = FxHashSet::default();
        for [_, key] in keys {
            if self.0.meets(*key) {
                strangers.insert(*key);
            }
        }
        let trusts = self.0.calm.load(Ordering::Relaxed) >= CALM;
        let is_asked = |[_, key]: &&Key| !trusts || !strangers.contains(key) || held.contains(key);
        Expected { asked: keys.iter().filter(is_asked).copied().collect(), strangers }
    }

    /// Who was looked for and found. A group that met nobody new says nothing.
    pub fn found(&self, expected: &Expected, found: impl IntoIterator<Item = i64>) {
        if found.into_iter().any(|key| expected.strangers.contains(&key)) {
            self.mistrust();
        } else if !expected.strangers.is_empty() && self.0.calm.load(Ordering::Relaxed) < CALM {
            self.0.calm.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Somebody who was taken to be new may not have been.
    pub fn mistrust(&self) {
        self.0.calm.store(0, Ordering::Relaxed);
    }
}

impl Met {
    /// Meets a browser, which may be for the first time today; of a visitor the page knows that is never said.
    fn meets(&self, key: i64) -> bool {
        let Some(day) = day_of(key) else { return false };
        let bits = self.bits.get_or_init(|| (0..WORDS).map(|_| AtomicU64::new(0)).collect());
        let latest = self.day.fetch_max(day, Ordering::Relaxed);
        if day < latest {
            return false;
        }
        if day > latest {
            bits.iter().for_each(|word| word.store(0, Ordering::Relaxed));
        }
        let (word, its) = place(key);
        bits[word].fetch_or(its, Ordering::Relaxed) & its != its
    }
}

#[cfg(test)]
mod tests {
    use super::super::today::BROWSER_BITS;
    use super::*;

    /// Programs and keys of browsers on a day; days are counted from the last that keys can tell.
    fn keys<const COUNT: usize>(day: i64, browsers: [i64; COUNT]) -> [Key; COUNT] {
        browsers.map(|browser| [1, (day << BROWSER_BITS) + browser])
    }

    /// One that trusts what it has met.
    fn calm() -> Strangers {
        let strangers = Strangers::default();
        for browser in (0..).take(CALM) {
            strangers.found(&strangers.expect(&keys(-9, [browser]), &[]), []);
        }
        strangers
    }

    #[test]
    fn everybody_is_looked_for_until_nobody_was_unexpected_for_a_while() {
        let strangers = Strangers::default();
        for (turn, browser) in (0..CALM + 2).zip(0..) {
            let expected = strangers.expect(&keys(-5, [browser]), &[]);
            assert_eq!(expected.asked.is_empty(), turn >= CALM, "turn {turn}");
            strangers.found(&expected, []);
        }
        strangers.mistrust();
        assert_eq!(strangers.expect(&keys(-5, [999]), &[]).asked, keys(-5, [999]));
    }

    #[test]
    fn whoever_was_met_before_is_looked_for_by_whichever_thread() {
        let (one, new) = (calm(), keys(-5, [1, 2, 1]));
        assert!(one.expect(&new, &[]).asked.is_empty(), "one who comes twice at once is new all the same");
        let other = one.clone();
        assert_eq!(other.expect(&keys(-5, [2, 3]), &[]).asked, keys(-5, [2]));
        assert_eq!(other.expect(&[[1, 7]], &[]).asked, [[1, 7]], "a visitor the page knows has no day");
        let [[_, held]] = keys(-5, [4]);
        assert_eq!(other.expect(&keys(-5, [4, 5]), &[held]).asked, keys(-5, [4]));
    }

    #[test]
    fn one_nobody_expected_makes_it_look_again() {
        let strangers = Strangers::default();
        let expected = strangers.expect(&keys(-5, [1]), &[]);
        strangers.found(&expected, []);
        let expected = strangers.expect(&keys(-5, [2]), &[]);
        strangers.found(&expected, [keys(-5, [2])[0][1]]);
        strangers.found(&strangers.expect(&keys(-5, [3]), &[]), []);
        assert_eq!(strangers.expect(&keys(-5, [4]), &[]).asked, keys(-5, [4]), "it begins to count anew");
        // Whom it had met itself it expected.
        for browser in (10..).take(CALM) {
            let expected = strangers.expect(&keys(-5, [1, browser]), &[]);
            strangers.found(&expected, [keys(-5, [1])[0][1]]);
        }
        assert!(strangers.expect(&keys(-5, [5]), &[]).asked.is_empty());
    }

    #[test]
    fn of_the_latest_day_alone_anything_is_known() {
        let strangers = calm();
        assert!(strangers.expect(&keys(-5, [1]), &[]).asked.is_empty());
        assert!(strangers.expect(&keys(-4, [1]), &[]).asked.is_empty(), "it is another's bit on another day");
        assert_eq!(strangers.expect(&keys(-5, [8]), &[]).asked, keys(-5, [8]));
    }
}
