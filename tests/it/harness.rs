//! A server of its own for each test, on a free port with a database of its own, and clients by role.

mod client;
mod database;
mod fixture;
mod mail;
mod postgres;
mod receiver;
mod script;
mod server;

pub use client::{Answer, Client};
pub use database::{Kind, change};
pub use fixture::Hers;
pub use postgres::{Cluster, psql};
pub use receiver::{Posted, Receiver};
pub use script::{Script, python};
pub use server::{Server, Start, goodword};

/// The page the publishable key is allowed on, unless a test says otherwise.
pub const ORIGIN: &str = "https://shop.example";

/// What a person's browser calls itself.
pub const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// An instant to measure from.
#[expect(clippy::disallowed_methods, reason = "a test may measure how long a server takes")]
pub fn stopwatch() -> std::time::Instant {
    std::time::Instant::now()
}

/// Fails with those answers alone that have another status.
#[track_caller]
pub fn assert_each<'a>(answers: impl IntoIterator<Item = &'a Answer>, statuses: &[u16]) {
    let others: Vec<&Answer> =
        answers.into_iter().filter(|answer| !statuses.contains(&answer.status)).collect();
    assert!(others.is_empty(), "not one of {statuses:?}: {others:?}");
}

/// Runs `work` on `count` threads at the same moment and gives what each made, in order.
pub fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        let go = |i| {
            let (gate, work) = (&gate, &work);
            scope.spawn(move || {
                gate.wait();
                work(i)
            })
        };
        let threads: Vec<_> = (0..count).map(go).collect();
        threads
            .into_iter()
            .map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
