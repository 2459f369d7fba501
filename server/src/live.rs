//! Telling the console that figures have changed: one look at the database for each vendor somebody watches, however many do.
//!
//! What changes is seen in the database, not in this process, so that it does not matter which of several processes stored it.

use crate::app::Shared;
use crate::error::Error;
use crate::seldom::Seldom;
use goodword_domain::id::VendorId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How long lies between two looks: with it a change is told within a second, and read anew within two.
const REST: Duration = Duration::from_millis(700);

/// Who watches which vendor's figures.
#[derive(Debug, Default)]
pub struct Live(Mutex<Watched>);

#[derive(Debug, Default)]
struct Watched {
    vendors: HashMap<VendorId, watch::Sender<Vec<i64>>>,
    /// Set once the server is to end, so that streams end and nobody waits for them.
    over: bool,
}

impl Live {
    /// Hears whenever a vendor's figures have changed; none once the server is to end.
    pub fn listen(&self, vendor: &VendorId) -> Option<watch::Receiver<Vec<i64>>> {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.over {
            return None;
        }
        let sender = watched.vendors.entry(vendor.clone());
        Some(sender.or_insert_with(|| watch::channel(Vec::new()).0).subscribe())
    }

    /// The vendors somebody watches; the others are forgotten.
    fn watched(&self) -> Vec<VendorId> {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.vendors.retain(|_, sender| sender.receiver_count() > 0);
        watched.vendors.keys().cloned().collect()
    }

    /// Tells those who watch a vendor, if its figures are others than they were.
    fn tell(&self, vendor: &VendorId, mark: Vec<i64>) {
        let watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = watched.vendors.get(vendor) {
            sender.send_if_modified(|known| {
                let changed = *known != mark;
                *known = mark;
                changed
            });
        }
    }

    fn end(&self) {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.over = true;
        watched.vendors.clear();
    }
}

/// Looks again and again until told to stop.
pub async fn run(app: Shared, mut stop: watch::Receiver<bool>) {
    static SELDOM: Seldom = Seldom::new();
    while !*stop.borrow() {
        if let Err(error) = look(&app).await
            && SELDOM.may_speak().is_some()
        {
            tracing::warn!(%error, "looking for changed figures failed; it will be tried again");
        }
        // Either way the loop's condition is asked next.
        drop(tokio::time::timeout(REST, stop.changed()).await);
    }
    app.live.end();
}

async fn look(app: &Shared) -> Result<(), Error> {
    let vendors = app.live.watched();
    if vendors.is_empty() {
        return Ok(());
    }
    let marks = app.store.read(move |tx| {
        let mark = |vendor: &VendorId| Ok((tx.mark_of_figures(vendor)?, vendor.clone()));
        vendors.iter().map(mark).collect::<Result<Vec<_>, Error>>()
    });
    for (mark, vendor) in marks.await? {
        app.live.tell(&vendor, mark);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_is_told_and_only_those_who_are_watched_are_looked_at() {
        let (live, vendor) = (Live::default(), VendorId::from_bits(1));
        let mut heard = live.listen(&vendor).unwrap();
        heard.mark_unchanged();
        live.tell(&vendor, vec![1]);
        assert!(heard.has_changed().unwrap());
        heard.mark_unchanged();
        live.tell(&vendor, vec![1]);
        assert!(!heard.has_changed().unwrap());
        assert_eq!(live.watched(), std::slice::from_ref(&vendor));
        drop(heard);
        assert!(live.watched().is_empty());
        let heard = live.listen(&vendor).unwrap();
        live.end();
        assert!(heard.has_changed().is_err() && live.listen(&vendor).is_none());
    }
}
