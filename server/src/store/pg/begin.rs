//! How a transaction begins.

use super::{Client, Meters};
use crate::store::StoreError;
use crate::store::memory::Memory;
use std::time::{Duration, Instant};

macro_rules! known_version {
    () => {
        "select case when version = $1 then version \
         else cast('the directory has changed, version ' || coalesce(version, 0) as bigint) end, \
         pg_advisory_xact_lock_shared(1611464706) from (select (select version from directory where id = 0) as version) directory"
    };
}

/// Tells the version of the directory, and fails where that is another than was remembered. Whoever waits for the lock sees the
/// version from before: nobody in the group came after a change was answered that it does not tell.
pub(super) const KNOWN_VERSION: &str = known_version!();
/// What a connection for writing prepares: what a group begins with, which has no version to remember in the first case.
pub(super) const PREPARED: &str = concat!(
    "prepare together as select version, pg_advisory_xact_lock_shared(1611464706) from directory where id = 0; ",
    "prepare together_at(bigint) as ",
    known_version!()
);
/// What comparing the version says when it fails.
pub(super) const CHANGED: &str = "the directory has changed";
/// How long after its last commit a connection is taken to be open still.
const AWAKE: Duration = Duration::from_millis(100);

/// How a transaction begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// That of a closure that reads.
    Read,
    /// That of a closure that writes.
    Write,
    /// That of a group, which asks for the version of the directory first.
    Together,
    /// That of a group which takes the directory to be as it is remembered, and everything it does to be undone where it is not. So
    /// it need not wait for an answer before it goes on.
    Trusting,
}

/// Begins a group that takes the version of the directory to be this one.
pub(super) fn trusting(version: i64) -> String {
    format!("begin isolation level read committed; execute together_at({version})")
}

impl Begin {
    fn sql(self) -> &'static str {
        match self {
            Self::Read => "begin isolation level repeatable read read only",
            Self::Write => {
                "begin isolation level serializable; set local enable_seqscan = on; set local enable_hashjoin = on; \
                 set local enable_mergejoin = on"
            }
            Self::Together | Self::Trusting => "begin isolation level read committed; execute together",
        }
    }
}

impl Client {
    pub(super) fn begin(&mut self, begin: Begin, memory: &mut Memory) -> Result<(), StoreError> {
        // Whoever fails is not awake any more.
        let committed = self.committed.take();
        if begin == Begin::Trusting && self.begin_trusting(committed, memory) {
            return Ok(());
        }
        let number = self.first(begin.sql())?;
        memory.begin();
        if matches!(begin, Begin::Together | Begin::Trusting) {
            memory.is_of(number);
        }
        Ok(())
    }

    /// Begins without waiting, where that is possible. A server that was restarted is noticed by whoever asks first, who tries another
    /// connection; so a connection that was idle is asked.
    fn begin_trusting(&mut self, committed: Option<Instant>, memory: &mut Memory) -> bool {
        let awake = committed.is_some_and(|at| Meters::start().saturating_duration_since(at) < AWAKE);
        let Some(version) = memory.version().filter(|_| awake) else { return false };
        self.whole.begin(version);
        memory.begin();
        memory.is_of(Some(version));
        true
    }
}
