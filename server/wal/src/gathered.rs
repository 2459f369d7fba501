//! What SQLite has written of a commit and the file does not have yet.

/// How long what SQLite writes before each page is, bytes.
const HEAD: usize = 24;
/// In the head: how many pages the database has once this page completes a commit, and zero for all other pages.
const PAGES_OF_COMMIT: std::ops::Range<usize> = 4..8;
/// How much is handed on at once at the most, bytes: a file of SQLite's own takes no more with one call (`seekAndWriteFd` in `os_unix.c`).
const MOST: usize = 0x1_ffff;

/// What is gathered: a run of heads with their pages.
#[derive(Debug, Default)]
pub struct Gathered {
    bytes: Vec<u8>,
    /// Where in the file it begins.
    at: i64,
    awaited: Option<Awaited>,
}

/// What comes next, after a head.
#[derive(Clone, Copy, Debug)]
enum Awaited {
    Page,
    /// The one that completes a commit.
    LastPage,
}

impl Gathered {
    /// Takes what SQLite writes at a place while it commits: a head, the page after one, or anything else, which is handed on at once. What
    /// was gathered is handed on when there would be too much, and with the last page of the commit, of which is told whether this was it:
    /// from there on nothing may be gathered, for SQLite may write single heads anew, and tells of the commit. An error of `write` is
    /// passed on, and what was gathered is forgotten: SQLite undoes the transaction.
    pub fn take<E>(
        &mut self,
        piece: &[u8],
        at: i64,
        mut write: impl FnMut(&[u8], i64) -> Result<(), E>,
    ) -> Result<bool, E> {
        let follows = at == self.end();
        let awaited = self.awaited.take().filter(|_| follows);
        if awaited.is_none() && piece.len() != HEAD {
            self.hand_on(&mut write)?;
            write(piece, at)?;
            return Ok(false);
        }
        if !follows || self.bytes.len() + piece.len() > MOST {
            self.hand_on(&mut write)?;
            self.at = at;
        }
        self.bytes.extend_from_slice(piece);
        if awaited.is_none() {
            let is_last = piece[PAGES_OF_COMMIT] != [0; 4];
            self.awaited = Some(if is_last { Awaited::LastPage } else { Awaited::Page });
        }
        let is_done = matches!(awaited, Some(Awaited::LastPage));
        if is_done {
            self.hand_on(&mut write)?;
        }
        Ok(is_done)
    }

    /// Hands on what was gathered.
    pub fn hand_on<E>(&mut self, mut write: impl FnMut(&[u8], i64) -> Result<(), E>) -> Result<(), E> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let written = write(&self.bytes, self.at);
        self.at = self.end();
        self.bytes.clear();
        written
    }

    /// Where what is written next belongs to what is gathered.
    fn end(&self) -> i64 {
        self.at.saturating_add_unsigned(self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log as a file is, with how often it was written to.
    #[derive(Default)]
    struct Log {
        bytes: Vec<u8>,
        calls: usize,
        longest: usize,
    }

    impl Log {
        fn put(&mut self, piece: &[u8], at: i64) {
            let at = usize::try_from(at).expect("a place in the file");
            self.bytes.resize(self.bytes.len().max(at + piece.len()), 0);
            self.bytes[at..at + piece.len()].copy_from_slice(piece);
            self.calls += 1;
            self.longest = self.longest.max(piece.len());
        }
    }

    /// What SQLite writes: a place and bytes.
    type Write = (i64, Vec<u8>);

    const PAGE: usize = 512;
    const FRAME: i64 = 536;

    /// A commit of so many pages from a place on.
    fn commit(from: i64, pages: i64) -> Vec<Write> {
        let frame = |n| {
            let mut head = vec![7; HEAD];
            head[PAGES_OF_COMMIT].fill(u8::from(n + 1 == pages));
            let page = vec![u8::try_from(n % 251).expect("less than 251"); PAGE];
            let at = from + n * FRAME;
            [(at, head), (at + 24, page)]
        };
        (0..pages).flat_map(frame).collect()
    }

    /// What becomes of writes when they are gathered, and when they are not.
    fn both(writes: &[Write]) -> (Log, Log) {
        let (mut gathered, mut log, mut plain) = (Gathered::default(), Log::default(), Log::default());
        for (at, piece) in writes {
            plain.put(piece, *at);
            let write = |piece: &[u8], at| -> Result<(), ()> {
                log.put(piece, at);
                Ok(())
            };
            gathered.take(piece, *at, write).expect("it is written");
        }
        assert!(gathered.bytes.is_empty(), "nothing is kept after a commit");
        (log, plain)
    }

    #[test]
    fn a_commit_is_one_call_of_the_same_bytes() {
        let (log, plain) = both(&commit(32, 7));
        assert_eq!(log.bytes, plain.bytes);
        assert_eq!((log.calls, plain.calls), (1, 14));
    }

    #[test]
    fn the_end_of_a_commit_is_told() {
        let mut gathered = Gathered::default();
        let told: Vec<_> = commit(32, 3)
            .iter()
            .map(|(at, piece)| gathered.take(piece, *at, |_, _| Ok::<_, ()>(())))
            .collect();
        assert_eq!(told, [Ok(false), Ok(false), Ok(false), Ok(false), Ok(false), Ok(true)]);
    }

    #[test]
    fn commits_do_not_wait_for_one_another() {
        let first = commit(32, 3);
        let second = commit(32 + 3 * FRAME, 1);
        let (log, plain) = both(&[first, second].concat());
        assert_eq!(log.bytes, plain.bytes);
        assert_eq!(log.calls, 2);
    }

    #[test]
    fn what_begins_anew_at_the_front_is_written_there() {
        let header = vec![(0, vec![9; 32])];
        let (log, plain) = both(&[header.clone(), commit(32, 4), header, commit(32, 2)].concat());
        assert_eq!(log.bytes, plain.bytes);
        assert_eq!(log.calls, 4);
    }

    #[test]
    fn what_is_written_over_an_earlier_page_comes_after_what_was_gathered() {
        let mut writes = commit(32, 4);
        writes.insert(4, (32 + 24, vec![7; PAGE]));
        let (log, plain) = both(&writes);
        assert_eq!(log.bytes, plain.bytes);
    }

    #[test]
    fn a_page_in_two_parts_is_written_whole() {
        let mut writes = commit(32, 2);
        let (at, page) = writes.pop().expect("a page");
        writes.extend([(at, page[..100].to_vec()), (at + 100, page[100..].to_vec())]);
        let (log, plain) = both(&writes);
        assert_eq!(log.bytes, plain.bytes);
    }

    #[test]
    fn a_long_commit_is_handed_on_in_parts() {
        let (log, plain) = both(&commit(32, 1_000));
        assert_eq!(log.bytes, plain.bytes);
        assert_eq!(log.calls, 536_000_usize.div_ceil(MOST));
        assert!(log.longest <= MOST);
    }

    #[test]
    fn what_the_disk_refused_is_not_written_later() {
        let mut gathered = Gathered::default();
        let refused = commit(32, 3);
        let answers: Vec<_> =
            refused.iter().map(|(at, piece)| gathered.take(piece, *at, |_, _| Err("full"))).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1);
        assert_eq!(answers.last(), Some(&Err("full")), "whoever commits is told");
        let mut log = Log::default();
        for (at, piece) in commit(32, 1) {
            let write = |piece: &[u8], at| -> Result<(), &str> {
                log.put(piece, at);
                Ok(())
            };
            gathered.take(&piece, at, write).expect("there is room again");
        }
        assert_eq!((log.calls, log.bytes.len()), (1, 32 + HEAD + PAGE));
    }
}
