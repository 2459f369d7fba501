//! The latest click of each browser and visitor: where its chain begins.
//!
//! A head's place in `visitor` is as good as random, so that a click of somebody new changes a page for itself alone. Where
//! one thread writes (SQLite) heads that moved are therefore written at the end of `head_log` and known by heart; the table
//! takes them over later, in the order of its keys, where neighbours share a page. The log is the truth: a transaction first
//! reads what was added to it since, by whichever process, and reads all of it anew where a row was dropped unread. Where
//! several threads write side by side (PostgreSQL) heads go into the table at once. Source of the idea: O'Neil, Cheng, Gawlick
//! and O'Neil, "The log-structured merge-tree", Acta Informatica 33, 1996.

mod head;
mod log;
mod row;
mod strangers;
mod today;

use super::click::told;
use super::{StoreError, Tx, params};
use goodword_domain::click::ClickNumber;
use head::Head;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use strangers::Strangers;
use today::Today;

pub use today::BROWSER_BITS;

/// A program and the key of a browser or visitor in it.
type Key = [i64; 2];

/// A browser or visitor with another latest click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    pub program: i64,
    pub key: i64,
    pub head: ClickNumber,
    /// Whether nothing was known of it.
    pub is_new: bool,
}

/// With how many heads the table begins to take them over: with those of 64 large groups of clicks more, for it may begin so late, it is as
/// many as a hash map of 524,288 places holds. Builds for tests have little room, so that heads go all the way in them.
const ROOM: usize = if cfg!(debug_assertions) { 8 } else { 425_000 };
/// After how many rows of the log the table takes some over: the more heads at once, the more of them share a page, and the commits in
/// between change none of its pages.
const ROWS_BETWEEN: i64 = if cfg!(debug_assertions) { 2 } else { 32 };
/// How many rows of the log are deleted for each that was added.
const ROWS_FOR_ONE: i64 = 4;
/// From how many browsers on it is worth while to learn which of today's the table has.
const MANY: usize = if cfg!(debug_assertions) { 1 } else { 8 };
/// How many of today's are learned at once, while others wait.
const LEARNED: usize = if cfg!(debug_assertions) { 3 } else { 4_096 };
/// How many the table takes over at once when a server ends.
const AT_ONCE: usize = 16_384;

/// What a thread knows of the log.
#[derive(Default)]
pub(super) struct Heads {
    /// What was added or read, until there is enough of it.
    young: FxHashMap<Key, Head>,
    /// What stood there for each that the open transaction added or read, the oldest first.
    before: Vec<(Key, Option<Head>)>,
    /// What the table takes over meanwhile.
    old: FxHashMap<Key, Head>,
    /// Those of the old that the table does not have yet, the last key first.
    order: Vec<Key>,
    /// The last rows of the log that stand in the old, in what lasts, and in all; 0 for none.
    aged: i64,
    known: i64,
    read: i64,
    /// The last rows the table has everything of, and that are deleted.
    taken: i64,
    deleted: i64,
    /// Whether the log was read in the open transaction.
    fresh: bool,
    /// How many heads this process added since the table took some over, in how many rows; also what was undone.
    added: usize,
    rows_added: i64,
    /// Which of today's browsers the table may have.
    today: Today,
    /// Where several write: whom the process need not look for.
    strangers: Strangers,
}

impl Heads {
    /// A transaction begins, and what the one before did has lasted.
    pub fn begin(&mut self) {
        self.before.clear();
        // Who reads a long log needs much for once.
        self.before.shrink_to(AT_ONCE);
        (self.known, self.fresh) = (self.read, false);
    }

    /// Some of the transaction was undone. What was not is in the log, and is read again.
    pub fn rolled_back(&mut self) {
        for (key, before) in self.before.drain(..).rev() {
            match before {
                Some(head) => self.young.insert(key, head),
                None => self.young.remove(&key),
            };
        }
        (self.read, self.fresh) = (self.known, false);
    }

    /// The log has more now, up to a row.
    fn extend(&mut self, heads: &[(Key, Head)], row: i64) {
        self.before.extend(heads.iter().map(|(key, head)| (*key, self.young.insert(*key, *head))));
        self.read = row;
    }

    /// What another thread of the process knows, which is whom it has met.
    pub fn fresh(&self) -> Self {
        Self { strangers: self.strangers.clone(), ..Self::default() }
    }

    /// A group that may have taken somebody to be new who was not is undone.
    pub fn mistrust(&self) {
        self.strangers.mistrust();
    }

    /// Whether anything was read of a log, or written.
    pub fn is_known(&self) -> bool {
        self.known > 0
    }

    /// What the log says of a visitor, if anything.
    fn of(&self, key: Key) -> Option<Head> {
        [&self.young, &self.old].into_iter().find_map(|part| part.get(&key).copied())
    }

    /// What the log says of a program's visitors.
    fn all_of(&self, program: i64) -> impl Iterator<Item = (i64, Head)> {
        let old = self.old.iter().filter(|(key, _)| !self.young.contains_key(*key));
        let theirs = old.chain(&self.young).filter(move |([of, _], _)| *of == program);
        theirs.map(|([_, id], head)| (*id, *head))
    }

    /// How many heads are due, so that the table has the old ones by the time the young are as many as there is room for.
    fn due(&self) -> usize {
        let room = ROOM.saturating_sub(self.young.len()).max(1);
        (self.order.len() * self.added).div_ceil(room).min(self.order.len())
    }

    /// When the table has the old ones, of which none is left here: the young ones are old now. Nothing is undone from here on, unless the
    /// whole group is and all of this is forgotten.
    fn age(&mut self) {
        self.before.clear();
        // The other way round their room is used again.
        std::mem::swap(&mut self.old, &mut self.young);
        self.order = self.old.keys().copied().collect();
        self.order.sort_unstable_by(|a, b| b.cmp(a));
        self.aged = self.read;
    }

    /// The next heads in the order of keys, which the table takes over. Not those that moved again: another process may have
    /// put the newer one there already.
    fn take(&mut self, count: usize) -> Vec<(Key, Head)> {
        let keys = self.order.split_off(self.order.len().saturating_sub(count));
        let latest = keys.into_iter().rev().filter(|key| !self.young.contains_key(key));
        let heads = latest.filter_map(|key| Some((key, *self.old.get(&key)?))).collect();
        if self.order.is_empty() {
            self.old.clear();
            self.taken = self.aged;
        }
        heads
    }

    /// Up to which row the log is to be deleted now, if any: some at a time, and never the last.
    fn drop_some(&mut self, rows: i64) -> Option<i64> {
        let place = self.deleted.saturating_add(rows).min(self.taken).min(self.read - 1);
        (place > self.deleted).then(|| {
            self.deleted = place;
            place
        })
    }
}

impl Tx<'_> {
    /// The latest clicks of browsers and visitors, each told as program and key; the keys differ from program to program.
    pub fn heads(&mut self, programs_keys: &[[i64; 2]]) -> Result<Vec<(i64, ClickNumber)>, StoreError> {
        self.read_head_log()?;
        self.learn_today(programs_keys)?;
        let (mut found, mut asked) = (Vec::with_capacity(programs_keys.len()), Vec::new());
        for key in programs_keys {
            match self.memory.heads.of(*key) {
                Some(head) => found.extend(head.click().map(|click| (key[1], click))),
                None if self.memory.heads.today.lacks(*key) => {}
                None => asked.push(*key),
            }
        }
        let sql = "with wanted (program, id) as (values ($1, $2)) select v.id, v.head from wanted w \
                   cross join visitor v where v.program = w.program and v.id = w.id";
        for [key, head] in self.look_up_numbers(sql, &asked)? {
            found.push((told(key)?, ClickNumber(told(head)?)));
        }
        Ok(found)
    }

    /// The same, and who else asks for what was found, or for `held`, waits until the transaction ends. Whoever was not found may come to be
    /// there meanwhile, or was there and not looked for: to store it as new is a conflict then.
    pub fn held_heads(
        &mut self,
        programs_keys: &[[i64; 2]],
        held: &[i64],
    ) -> Result<Vec<(i64, ClickNumber)>, StoreError> {
        if self.driver.writes_alone() {
            return self.heads(programs_keys);
        }
        let strangers = self.memory.heads.strangers.clone();
        let expected = strangers.expect(programs_keys, held);
        let found = self.heads(&expected.asked)?;
        strangers.found(&expected, found.iter().map(|(key, _)| *key));
        if found.is_empty() && held.is_empty() {
            return Ok(found);
        }
        let held: FxHashSet<i64> = found.iter().map(|(key, _)| *key).chain(held.iter().copied()).collect();
        self.lock(&held.iter().copied().collect::<Vec<_>>())?;
        // They may have changed before.
        let again = expected.asked.iter().filter(|[_, key]| held.contains(key));
        self.heads(&again.copied().collect::<Vec<_>>())
    }

    /// Looks which of today's browsers the table has in one program of these, some at a time, where one thread writes.
    fn learn_today(&mut self, programs_keys: &[Key]) -> Result<(), StoreError> {
        if programs_keys.len() < MANY || !self.driver.writes_alone() {
            return Ok(());
        }
        let today = &mut self.memory.heads.today;
        let unlearned = |key: &Key| today.unlearned(*key).map(|first| (key[0], first));
        let Some((program, first)) = programs_keys.iter().find_map(unlearned) else { return Ok(()) };
        let end = today::end_of_day(first);
        let most = i64::try_from(LEARNED).unwrap_or(i64::MAX);
        let sql = "select id from visitor where program = $1 and id >= $2 and id < $3 order by id limit $4";
        let rows = self.rows_of_numbers::<1>(sql, params![program, first, end, most])?;
        let keys: Vec<i64> = rows.into_iter().flatten().flatten().collect();
        let next = keys.last().filter(|_| keys.len() == LEARNED).map_or(end, |last| last + 1);
        self.memory.heads.today.learn(program, &keys, next);
        Ok(())
    }

    /// Tells which click is a browser's or visitor's latest now.
    pub fn set_heads(&mut self, moved: &[Moved]) -> Result<(), StoreError> {
        let told = |m: &Moved| ([m.program, m.key], Head::at(m.head));
        if self.driver.writes_alone() {
            return self.log_heads(&moved.iter().map(told).collect::<Vec<_>>());
        }
        // To look first whether a row is there makes it half as dear again.
        let (new, known): (Vec<&Moved>, Vec<&Moved>) = moved.iter().partition(|moved| moved.is_new);
        let rows: Vec<_> = new.iter().map(|m| [m.program, m.key, m.head.0].map(Some)).collect();
        self.execute_numbers("insert into visitor (program, id, head) values ($1, $2, $3)", &rows)?;
        self.put_heads(&known.into_iter().map(told).collect::<Vec<_>>())
    }

    /// Forgets visitors of a program whose latest click is one of these.
    pub(super) fn forget_heads(
        &mut self,
        program: i64,
        keys: &[i64],
        clicks: &[i64],
    ) -> Result<(), StoreError> {
        if !self.driver.writes_alone() {
            let sql = "delete from visitor where program = $1 and id = any($2) and head = any($3)";
            return self.execute(sql, params![program, keys, clicks]).map(drop);
        }
        let clicked: FxHashSet<i64> = clicks.iter().copied().collect();
        let keys: BTreeSet<Key> = keys.iter().map(|key| [program, *key]).collect();
        let heads = self.heads(&Vec::from_iter(keys))?;
        let theirs = heads.into_iter().filter(|(_, head)| clicked.contains(&head.0));
        self.log_heads(&theirs.map(|(key, _)| ([program, key], Head::FORGOTTEN)).collect::<Vec<_>>())
    }

    /// Forgets browsers with a key below `key`, about `limit` at a time; returns how many. For those that nobody meets again:
    /// another process may know them for a while.
    pub fn delete_heads_below(&mut self, program: i64, key: i64, limit: i64) -> Result<u64, StoreError> {
        self.read_head_log()?;
        let theirs =
            self.memory.heads.all_of(program).filter(|(id, head)| *id < key && head.click().is_some());
        let most = usize::try_from(limit).unwrap_or(0);
        let logged: Vec<_> = theirs.take(most).map(|(id, _)| ([program, id], Head::FORGOTTEN)).collect();
        self.log_heads(&logged)?;
        let sql = "delete from visitor where program = $1 and id in \
                   (select id from visitor where program = $1 and id < $2 order by id limit $3)";
        Ok(self.execute(sql, params![program, key, limit])? + logged.len() as u64)
    }

    /// A program's visitors of whom the log tells something newer than the table, with their latest clicks.
    pub(super) fn logged_heads(&mut self, program: i64) -> Result<BTreeMap<i64, Head>, StoreError> {
        self.read_head_log()?;
        Ok(self.memory.heads.all_of(program).collect())
    }

    /// Before a commit: the table takes some heads over.
    pub(super) fn settle_some_heads(&mut self) -> Result<(), StoreError> {
        if self.memory.heads.rows_added < ROWS_BETWEEN {
            return Ok(());
        }
        // What the last job undid may have taken what was read with it.
        self.read_head_log()?;
        let heads = &mut self.memory.heads;
        if heads.order.is_empty() && heads.young.len() >= ROOM {
            heads.age();
        }
        let (count, rows) = (heads.due(), heads.rows_added * ROWS_FOR_ONE);
        (heads.added, heads.rows_added) = (0, 0);
        self.settle_heads(count, rows)
    }

    /// The same when a server ends; returns whether there are more. The next then need not read a long log.
    pub(super) fn settle_more_heads(&mut self) -> Result<bool, StoreError> {
        self.read_head_log()?;
        if self.memory.heads.order.is_empty() {
            self.memory.heads.age();
        }
        self.settle_heads(AT_ONCE, i64::MAX)?;
        let heads = &self.memory.heads;
        Ok(heads.order.len() + heads.young.len() > 0 || heads.deleted < heads.read - 1)
    }

    fn settle_heads(&mut self, count: usize, rows: i64) -> Result<(), StoreError> {
        let next = self.memory.heads.take(count);
        for (key, _) in &next {
            self.memory.heads.today.put(*key);
        }
        self.put_heads(&next)?;
        match self.memory.heads.drop_some(rows) {
            Some(place) => self.execute("delete from head_log where place <= $1", params![place]).map(drop),
            None => Ok(()),
        }
    }

    fn put_heads(&mut self, moved: &[(Key, Head)]) -> Result<(), StoreError> {
        let mut kept = Vec::with_capacity(moved.len());
        let mut forgotten: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for ([program, key], head) in moved {
            match head.click() {
                Some(click) => kept.push([*program, *key, click.0].map(Some)),
                None => forgotten.entry(*program).or_default().push(*key),
            }
        }
        let sql = "insert into visitor (program, id, head) values ($1, $2, $3) \
                   on conflict (program, id) do update set head = excluded.head";
        self.execute_numbers(sql, &kept)?;
        for (program, keys) in forgotten {
            let sql = "delete from visitor where program = $1 and id = any($2)";
            self.execute(sql, params![program, &keys[..]])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Session;
    use crate::store::{Memory, migrate};
    use std::collections::HashMap;

    /// A program that has nothing to do with the others.
    const ASIDE: i64 = 9;

    /// Processes with one file: each has a memory, and a transaction is one's alone.
    struct File<'c> {
        session: Session<'c>,
        memories: Vec<Memory>,
    }

    impl<'c> File<'c> {
        fn new(connection: &'c rusqlite::Connection, processes: usize) -> Self {
            let mut session = Session::new(connection);
            migrate::run(&mut Tx::new(&mut session, &mut Memory::default())).expect("the tables are made");
            Self { session, memories: (0..processes).map(|_| Memory::default()).collect() }
        }

        fn commit<T>(&mut self, process: usize, work: impl FnOnce(&mut Tx<'_>) -> T) -> T {
            let memory = &mut self.memories[process];
            memory.begin();
            let mut tx = Tx::new(&mut self.session, memory);
            tx.execute("begin immediate", &[]).expect("it begins");
            let result = work(&mut tx);
            tx.settle_some_heads().expect("some are taken over");
            tx.execute("commit", &[]).expect("it commits");
            result
        }

        fn count(&mut self, sql: &'static str) -> i64 {
            let rows = Tx::new(&mut self.session, &mut Memory::default()).rows(sql, &[]).expect("it is read");
            rows.into_iter().next().expect("a row").next().expect("a number")
        }

        fn log(&mut self) -> i64 {
            self.count("select count(*) from head_log")
        }
    }

    /// Numbers that look random. Source: Knuth, "The Art of Computer Programming", volume 2, 3.3.4, the multiplier of MMIX.
    fn next(state: &mut u64) -> i64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33).cast_signed()
    }

    fn set(tx: &mut Tx<'_>, key: Key, head: i64) {
        let moved = Moved { program: key[0], key: key[1], head: ClickNumber(head), is_new: false };
        tx.set_heads(&[moved]).expect("it is set");
    }

    /// All heads as they are looked up.
    fn all(tx: &mut Tx<'_>) -> HashMap<Key, i64> {
        let mut found = HashMap::new();
        for program in 1..=2 {
            let keys: Vec<Key> = (-100..100).map(|key| [program, key]).collect();
            let heads = tx.heads(&keys).expect("they are looked up");
            found.extend(heads.into_iter().map(|(key, head)| ([program, key], head.0)));
        }
        found
    }

    #[test]
    fn heads_are_what_was_set_whoever_asks_whatever_was_undone() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut file = File::new(&connection, 3);
        let (mut right, mut state) = (HashMap::<Key, i64>::new(), 7);
        for turn in 0..20_000 {
            let process = usize::try_from(next(&mut state) % 3).expect("it is small");
            let key = [next(&mut state) % 2 + 1, next(&mut state) % 200 - 100];
            match next(&mut state) % 12 {
                0 => file.memories[process] = Memory::default(),
                1 => {
                    let clicks: Vec<i64> = right.get(&key).copied().into_iter().collect();
                    file.commit(process, |tx| tx.forget_heads(key[0], &[key[1]], &clicks))
                        .expect("it is forgotten");
                    right.remove(&key);
                }
                2 => file.commit(process, |tx| {
                    // What one job set lasts, what the next did does not.
                    set(tx, key, turn);
                    tx.execute("savepoint job", &[]).expect("a savepoint");
                    set(tx, [key[0], key[1] ^ 1], -turn);
                    tx.execute("rollback to job", &[]).expect("it is undone");
                    tx.memory.rolled_back();
                    right.insert(key, turn);
                }),
                3 => {
                    let found = file.commit(process, all);
                    let wrong = found.iter().find(|(key, head)| right.get(*key) != Some(*head));
                    assert!(wrong.is_none() && found.len() == right.len(), "turn {turn}: {wrong:?}");
                }
                _ => file.commit(process, |tx| {
                    set(tx, key, turn);
                    right.insert(key, turn);
                }),
            }
        }
        assert!(file.count("select count(*) from visitor") > 100, "the table takes them over");
    }

    #[test]
    fn what_was_read_of_the_log_and_undone_is_learned_anew() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut file = File::new(&connection, 2);
        let keys: Vec<Key> = (-20..0).map(|key| [1, key]).collect();
        for [_, key] in &keys {
            file.commit(1, |tx| set(tx, [1, *key], 7));
        }
        file.commit(0, |tx| {
            tx.execute("savepoint job", &[]).expect("a savepoint");
            assert_eq!(tx.heads(&keys).expect("they are looked up").len(), keys.len());
            tx.execute("rollback to job", &[]).expect("it is undone");
            tx.memory.rolled_back();
        });
        // Meanwhile the table takes over what was only in the log, whose rows are dropped.
        while file.commit(1, |tx| tx.settle_more_heads().expect("the table takes them over")) {}
        assert_eq!(file.commit(0, |tx| tx.heads(&keys)).expect("they are looked up").len(), keys.len());
    }

    #[test]
    fn the_log_stays_short_and_a_server_that_ends_leaves_its_last_row() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut file = File::new(&connection, 1);
        let mut state = 3;
        for turn in 1..3000 {
            let key = [ASIDE, next(&mut state) % 100_000];
            file.commit(0, |tx| set(tx, key, turn));
            assert!(
                file.log() <= 3 * i64::try_from(ROOM).expect("it is small"),
                "turn {turn}: {}",
                file.log()
            );
        }
        let last = file.count("select max(place) from head_log");
        while file.commit(0, |tx| tx.settle_more_heads().expect("the table takes them over")) {}
        assert_eq!([file.log(), file.count("select max(place) from head_log")], [1, last]);
        let table = file.count("select count(*) from visitor");
        // A process that knows no log finds all of them.
        file.memories[0] = Memory::default();
        let heads = file.commit(0, |tx| tx.heads(&(0..100_000).map(|key| [ASIDE, key]).collect::<Vec<_>>()));
        let found = heads.expect("they are looked up").len();
        assert_eq!(i64::try_from(found), Ok(table));
        file.commit(0, |tx| set(tx, [ASIDE, 1], 1));
        assert_eq!(file.count("select max(place) from head_log"), last + 1, "no place is given twice");
    }

    #[test]
    fn browsers_of_days_gone_by_are_forgotten_in_table_and_log() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut file = File::new(&connection, 1);
        for key in -30..30 {
            file.commit(0, |tx| set(tx, [1, key], key + 100));
        }
        let mut forgotten = Vec::new();
        while forgotten.last() != Some(&0) {
            forgotten.push(file.commit(0, |tx| tx.delete_heads_below(1, -9, 5)).expect("some are forgotten"));
        }
        assert!(forgotten.iter().all(|count| *count <= 10), "{forgotten:?}");
        assert_eq!(forgotten.iter().sum::<u64>(), 21);
        let left: Vec<i64> = file.commit(0, all).into_keys().map(|[_, key]| key).collect();
        assert_eq!(BTreeSet::from_iter(left), (-9..30).collect());
    }

    #[test]
    fn a_click_that_is_not_there_is_told_wherever_its_visitor_stands() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut file = File::new(&connection, 1);
        for key in 0..30 {
            file.commit(0, |tx| set(tx, [1, key], key + 100));
        }
        let table = file.count("select count(*) from visitor");
        assert!((1..30).contains(&table), "{table}");
        let told = file.commit(0, |tx| tx.dangling_heads(1)).expect("they are looked up");
        assert_eq!(told.iter().map(|dangling| dangling.of).collect::<BTreeSet<_>>(), (0..30).collect());
        assert!(told.iter().all(|dangling| dangling.click.0 == dangling.of + 100), "{told:?}");
    }

    #[test]
    fn a_log_that_was_moved_is_emptied_into_the_table() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut file = File::new(&connection, 1);
        file.commit(0, |tx| {
            for (key, head) in [(1, 1), (2, 2), (1, 3)] {
                set(tx, [ASIDE, key], head);
            }
        });
        file.memories[0] = Memory::default();
        file.commit(0, |tx| tx.empty_head_log().expect("the table takes them over"));
        assert_eq!([file.log(), file.count("select sum(head) from visitor")], [0, 5]);
    }
}
