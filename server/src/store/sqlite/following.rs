//! The log follows to the disk, where commits do not wait for it. SQLite itself writes it there only when it brings it into the file:
//! until then a power cut would undo all of it, and then all who write would wait for all of it at once.

use crate::seldom::Seldom;
use crate::store::StoreError;
use rusqlite::Connection;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long it stays behind: so short that few megabytes come together, and long enough to take hundreds of commits at once.
const BEHIND: Duration = Duration::from_millis(20);

/// Who is told of commits. The log follows until this is dropped.
pub struct Following {
    commits: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Following {
    /// Begins to follow, with the log of a connection that was opened at `path` and outlives this.
    pub fn begin(connection: &Connection, path: &Path) -> Result<Self, StoreError> {
        let log = log_of(connection, path);
        let (commits, heard) = sync_channel(1);
        let follow = move || follow(&heard, || File::open(&log)?.sync_data());
        let thread = super::spawn("sqlite-log", follow)?;
        Ok(Self { commits: Some(commits), thread: Some(thread) })
    }

    /// Tells of a commit.
    pub fn committed(&self) {
        if let Some(commits) = &self.commits {
            // One that is told of already will be followed by the same.
            let _ = commits.try_send(());
        }
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.commits = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that brings SQLite's log to the disk had panicked");
        }
    }
}

/// Where SQLite keeps the log of a file: beside what a link at `path` leads to, which it tells where the name is UTF-8.
fn log_of(connection: &Connection, path: &Path) -> PathBuf {
    let mut name = connection.path().map_or(path, Path::new).as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Calls `sync` some time after each commit, for all there were until then.
fn follow(commits: &Receiver<()>, sync: impl Fn() -> io::Result<()>) {
    let seldom = Seldom::default();
    while commits.recv().is_ok() {
        thread::sleep(BEHIND);
        // The next may be told of from here on, so that none is missed while the disk writes.
        while commits.try_recv().is_ok() {}
        if let Err(error) = sync()
            && let Some(unsaid) = seldom.may_speak()
        {
            tracing::warn!(%error, unsaid, "SQLite's log does not come to the disk; a power cut may undo what is only there");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn what_is_committed_is_on_disk_soon_and_many_commits_at_once() {
        let (commits, heard) = sync_channel(1);
        let (synced, seen) = channel();
        let thread = thread::spawn(move || {
            follow(&heard, || {
                synced.send(()).map_err(io::Error::other)?;
                Err(io::Error::other("the next is tried all the same"))
            });
        });
        for _ in 0..300 {
            let _ = commits.try_send(());
        }
        seen.recv_timeout(Duration::from_secs(10)).expect("the log follows");
        let more = std::iter::from_fn(|| seen.recv_timeout(BEHIND * 5).ok()).take(100).count();
        assert!(more < 100, "once for many, and it rests while nothing is committed");
        let _ = commits.try_send(());
        drop(commits);
        thread.join().expect("it ends");
        assert_eq!(seen.iter().count(), 1, "the last commit is followed, too");
    }

    #[cfg(unix)]
    #[test]
    fn the_log_is_found_beside_the_file_a_link_leads_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let [file, link] = ["of it.db", "link.db"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        for path in [&file, &link] {
            let connection =
                super::super::open(path, crate::store::Durability::Normal, super::super::TO_WRITE)
                    .expect("it is opened");
            connection
                .execute_batch("create table if not exists t (a); insert into t values (1)")
                .expect("it is written");
            let log = File::open(log_of(&connection, path)).expect("the log is there");
            assert!(log.metadata().expect("it is looked at").len() > 0, "{path:?}");
        }
    }
}
