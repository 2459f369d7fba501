//! On which sites the script is: whoever loads it or uses a key is noted in memory, and written down at most once a minute, so
//! that a page view costs no write.

use crate::app::App;
use crate::error::Error;
use crate::hash;
use crate::origin;
use crate::store::{KeyKind, KeyOwner, Tx};
use goodword_domain::id::VendorId;
use goodword_domain::time::Instant;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};

/// How long a site nobody hears of any more is remembered: 90 days.
const KEPT_MS: i64 = 90 * 86_400_000;

/// How many sites of one vendor are remembered. Anybody may send any origin along with a key he or she read on a page.
pub const MOST_OF_ONE: i64 = 200;

/// Who was heard of since it was last written down.
#[derive(Default)]
pub struct Installations(RwLock<FxHashMap<u64, Heard>>);

/// A site that was heard of.
pub struct Heard {
    /// The hash of the key its page used; empty where the script was only loaded.
    key_hash: String,
    origin: String,
    last: AtomicI64,
}

impl Installations {
    /// How many are noted between two writes; more are not.
    const MOST: usize = 1_000;

    /// A page of an origin used the key of a hash.
    pub fn note(&self, key_hash: &str, origin: &str, now: Instant) {
        let mark = FxBuildHasher.hash_one((key_hash, origin));
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(heard) = known.get(&mark) {
            heard.last.store(now.0, Ordering::Relaxed);
            return;
        }
        let room = known.len() < Self::MOST;
        drop(known);
        if room && let Some(origin) = site(origin) {
            let heard = Heard { key_hash: key_hash.to_owned(), origin, last: AtomicI64::new(now.0) };
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(mark, heard);
        }
    }

    /// A page, told by its address or origin, loaded the script.
    pub fn note_script(&self, page: &str, now: Instant) {
        if let Some(origin) = site(page) {
            self.note("", &origin, now);
        }
    }

    fn take(&self) -> Vec<Heard> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *known).into_values().collect()
    }
}

/// The origin of what may be any text.
fn site(page: &str) -> Option<String> {
    origin::of_page(page).filter(|origin| origin.len() <= 255)
}

/// Notes a page that sent a publishable key.
pub fn note_key(app: &App, key: &str, origin: &str) {
    if origin != app.own_origin() {
        app.installations.note(&hash::sha256(key), origin, app.world.now());
    }
}

/// Writes down who was heard of. What a failing database loses is heard of again with the next page.
pub async fn write_down(app: &App) -> Result<(), Error> {
    let heard = app.installations.take();
    if heard.is_empty() {
        return Ok(());
    }
    let now = app.world.now();
    let written = app.store.write(move |tx| {
        heard.iter().try_for_each(|one| hear(tx, one))?;
        Ok(tx.forget_installations_before(Instant(now.0 - KEPT_MS))?)
    });
    written.await
}

fn hear(tx: &mut Tx<'_>, heard: &Heard) -> Result<(), Error> {
    let at = Instant(heard.last.load(Ordering::Relaxed));
    for vendor in whose(tx, heard)? {
        tx.hear_of_installation(&vendor, &heard.origin, at)?;
    }
    Ok(())
}

/// The vendors it concerns. A script's address names no key: it is of those whose pages are on that site. A site that is not
/// allowed is told of while there is room, so that its owner sees what to allow.
fn whose(tx: &mut Tx<'_>, heard: &Heard) -> Result<Vec<VendorId>, Error> {
    if !heard.key_hash.is_empty() {
        let Some(KeyOwner { vendor, kind: KeyKind::Publishable, .. }) = tx.key_owner(&heard.key_hash)? else {
            return Ok(Vec::new());
        };
        let known = tx.installations(&vendor, MOST_OF_ONE)?;
        let is_told = i64::try_from(known.len()).is_ok_and(|count| count < MOST_OF_ONE)
            || known.iter().any(|site| site.origin == heard.origin)
            || is_allowed(tx, &vendor, &heard.origin)?;
        return Ok(if is_told { vec![vendor] } else { Vec::new() });
    }
    let vendors = tx.vendors()?.into_iter().filter(|vendor| !vendor.is_test()).map(|vendor| vendor.id);
    let mut found = Vec::new();
    for vendor in vendors {
        if origin::allowed(&heard.origin, &tx.origins(&vendor)?) {
            found.push(vendor);
        }
    }
    Ok(found)
}

fn is_allowed(tx: &mut Tx<'_>, vendor: &VendorId, site: &str) -> Result<bool, Error> {
    let Some(vendor) = tx.vendor(vendor)? else { return Ok(false) };
    Ok(origin::allowed(site, &tx.origins(vendor.live_id())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_noted_once_and_taken_once() {
        let noted = Installations::default();
        noted.note("k", "https://shop.example", Instant(1));
        noted.note("k", "https://shop.example", Instant(9));
        noted.note_script("https://shop.example/tea?x=1", Instant(5));
        noted.note("k", "null", Instant(2));
        noted.note_script("about:blank", Instant(2));
        let mut taken: Vec<_> = noted
            .take()
            .into_iter()
            .map(|h| (h.key_hash, h.origin, h.last.load(Ordering::Relaxed)))
            .collect();
        taken.sort();
        let shop = || "https://shop.example".to_owned();
        assert_eq!(taken, [(String::new(), shop(), 5), ("k".to_owned(), shop(), 9)]);
        assert!(noted.take().is_empty());
    }

    #[test]
    fn a_flood_of_made_up_sites_stays_small() {
        let noted = Installations::default();
        for number in 0..5_000 {
            noted.note("k", &format!("https://s{number}.example"), Instant(1));
        }
        assert_eq!(noted.take().len(), Installations::MOST);
    }
}
