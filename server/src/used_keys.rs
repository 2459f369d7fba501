//! When keys were last used: noted in memory, and written down at most once a minute, so that no request costs a write.

use crate::app::App;
use crate::error::Error;
use goodword_domain::time::Instant;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};

/// The keys that were used since it was last written down, by their hashes.
#[derive(Default)]
pub struct UsedKeys(RwLock<HashMap<String, AtomicI64>>);

impl UsedKeys {
    /// How many are noted between two writes; more are not.
    const MOST: usize = 10_000;

    /// A key that is known was used.
    pub fn note(&self, hash: &str, now: Instant) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = known.get(hash) {
            last.store(now.0, Ordering::Relaxed);
            return;
        }
        let has_room = known.len() < Self::MOST;
        drop(known);
        if has_room {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(hash.to_owned(), AtomicI64::new(now.0));
        }
    }

    fn take(&self) -> HashMap<String, AtomicI64> {
        std::mem::take(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes down which keys were used.
pub async fn write_down(app: &App) -> Result<(), Error> {
    let used = app.used_keys.take();
    if used.is_empty() {
        return Ok(());
    }
    let written = app.store.write(move |tx| {
        for (hash, last) in &used {
            tx.key_used(hash, Instant(last.load(Ordering::Relaxed)))?;
        }
        Ok(())
    });
    written.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_noted_once_with_its_last_use() {
        let used = UsedKeys::default();
        used.note("a", Instant(1));
        used.note("a", Instant(5));
        used.note("b", Instant(3));
        let taken = used.take();
        let of = |hash: &str| taken[hash].load(Ordering::Relaxed);
        assert_eq!((taken.len(), of("a"), of("b")), (2, 5, 3));
        assert!(used.take().is_empty());
    }
}
