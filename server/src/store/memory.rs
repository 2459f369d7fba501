//! What a database thread remembers of things that seldom change, so that a click costs no look-up.
//!
//! Right all the same, across processes too: whoever changes a link, program, enrollment, key or clock also raises the
//! version in `directory`, in the same transaction; a transaction reads that version, or fails where it is not the one
//! remembered; then everything is forgotten.

use super::heads::Heads;
use super::{KeyKind, KeyOwner, Link, Logged, News, Program, Seal, StoreError, Tx, params};
use crate::target::Target;
use crate::world::World;
use goodword_domain::click::ClickNumber;
use goodword_domain::enrollment::Status;
use goodword_domain::event::EventKinds;
use goodword_domain::id::{AccountId, GroupId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::{Clock, Instant};
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many entries of a kind are remembered; with more, it starts afresh.
const MOST: usize = 100_000;

/// A thread's memory.
pub struct Memory {
    pub(super) seal: Arc<Seal>,
    count: Arc<AtomicU64>,
    version: Option<i64>,
    /// Whether the version was compared in the open transaction.
    fresh: bool,
    /// Whether the open transaction changed or learned something that is gone if it is undone.
    unsure: bool,
    links: FxHashMap<LinkName, Arc<KnownLink>>,
    programs: FxHashMap<(VendorId, Option<ProgramId>), Arc<Program>>,
    partners: FxHashMap<(ProgramId, PartnerId), Arc<KnownPartner>>,
    keys: FxHashMap<String, Arc<KnownKey>>,
    clocks: FxHashMap<VendorId, Clock>,
    words: FxHashSet<(i64, i64)>,
    accounts: FxHashSet<AccountId>,
    /// The numbers of programs and links, which never change.
    numbers: FxHashMap<String, i64>,
    listened: FxHashMap<VendorId, Listened>,
    pub(super) heads: Heads,
    pub(super) logged: Logged,
    /// What happened in the open piece of work and is not written down yet, and how many triggers lead to what happens now.
    pub(super) news: Vec<News>,
    pub(super) depth: i64,
}

/// Which events somebody of a vendor's listens to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Listened {
    pub kinds: EventKinds,
    /// When somebody stops listening without a word.
    pub until: Option<Instant>,
}

/// How a link is asked for; its key or code folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LinkName {
    /// By its key, whosever it is: somebody follows a short link.
    Key(String),
    /// By its number.
    Number(i64),
    /// By key or code, of a vendor, in one program or in any.
    OfVendor(VendorId, Option<ProgramId>, String),
}

/// A link with what decides whether its clicks count.
#[derive(Debug)]
pub struct KnownLink {
    pub link: Link,
    pub program: Arc<Program>,
    pub partner: Arc<KnownPartner>,
    pub clock: Clock,
    /// Where it leads, told of the click.
    pub target: Target,
}

/// A partner in a program.
#[derive(Clone, Debug)]
pub struct KnownPartner {
    pub name: String,
    /// The e-mail address.
    pub email: String,
    pub approved: bool,
    /// None when the partner is not in the program.
    pub group: Option<GroupId>,
    /// The group's name.
    pub group_name: String,
}

/// A key that was not revoked.
#[derive(Clone, Debug)]
pub struct KnownKey {
    pub vendor: VendorId,
    pub kind: KeyKind,
    /// When one that was rotated ends.
    pub ends_at: Option<Instant>,
    /// The origins whose pages may use it.
    pub origins: Vec<String>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Arc::new(Seal::new("")), 0)
    }
}

impl Memory {
    /// An empty one; numbers of clicks are counted from `start`.
    pub(super) fn new(seal: Arc<Seal>, start: u64) -> Self {
        Self {
            seal,
            count: Arc::new(AtomicU64::new(start)),
            version: None,
            fresh: false,
            unsure: false,
            links: FxHashMap::default(),
            programs: FxHashMap::default(),
            partners: FxHashMap::default(),
            keys: FxHashMap::default(),
            clocks: FxHashMap::default(),
            words: FxHashSet::default(),
            accounts: FxHashSet::default(),
            numbers: FxHashMap::default(),
            listened: FxHashMap::default(),
            heads: Heads::default(),
            logged: Logged::default(),
            news: Vec::new(),
            depth: 0,
        }
    }

    /// Another thread's, empty, that counts on with this one.
    pub(super) fn fresh(&self) -> Self {
        let (logged, heads) = (self.logged.fresh(), self.heads.fresh());
        Self { count: Arc::clone(&self.count), logged, heads, ..Self::new(Arc::clone(&self.seal), 0) }
    }

    /// A transaction begins.
    pub(super) fn begin(&mut self) {
        (self.unsure, self.fresh) = (false, false);
        self.heads.begin();
        self.logged.begin();
    }

    /// The version of the directory that is remembered.
    pub(super) fn version(&self) -> Option<i64> {
        self.version
    }

    /// The open transaction sees this version: what was remembered of another is forgotten.
    pub(super) fn is_of(&mut self, version: Option<i64>) {
        if self.version != version {
            // What is remembered from here on may still be undone, if the version is the transaction's own.
            let unsure = self.unsure;
            self.forget();
            (self.version, self.unsure) = (version, unsure);
        }
        self.fresh = true;
    }

    /// Some of the transaction was undone.
    pub(super) fn rolled_back(&mut self) {
        if self.unsure {
            self.forget();
        }
        self.heads.rolled_back();
        self.logged.rolled_back();
    }

    /// The transaction could not be committed, or nobody knows.
    pub(super) fn failed(&mut self) {
        self.forget();
        self.heads = Heads::default();
        self.logged.rolled_back();
    }

    /// Forgets all but what is known of the logs of heads, which tells itself what is new, and of tallies, which no change outdates.
    fn forget(&mut self) {
        let (news, heads) = (std::mem::take(&mut self.news), std::mem::take(&mut self.heads));
        let logged = std::mem::take(&mut self.logged);
        *self = Self { news, heads, depth: self.depth, ..self.fresh() };
        self.logged = logged;
    }
}

fn remember<K: Eq + Hash, V>(map: &mut FxHashMap<K, V>, key: K, value: V) {
    if map.len() >= MOST {
        map.clear();
    }
    map.insert(key, value);
}

impl Tx<'_> {
    /// Forgets what was remembered, if somebody has changed something since. A transaction asks once, before it asks
    /// anything else of its memory.
    fn refresh(&mut self) -> Result<(), StoreError> {
        if self.memory.fresh {
            return Ok(());
        }
        let row = self.row("select version from directory where id = $1", params![0_i64])?;
        self.memory.is_of(row.map(|mut row| row.next()).transpose()?);
        Ok(())
    }

    /// Tells every thread of every process to forget what it remembers.
    pub(super) fn directory_changed(&mut self) -> Result<(), StoreError> {
        (self.memory.unsure, self.memory.fresh) = (true, false);
        self.execute("update directory set version = version + 1 where id = $1", params![0_i64])?;
        Ok(())
    }

    /// What turns numbers of clicks into ids and back.
    pub fn seal(&self) -> &Seal {
        &self.memory.seal
    }

    /// The number of a new click; none for an instant out of the numbers' reach.
    pub fn new_click(&mut self, at: Instant) -> Option<ClickNumber> {
        ClickNumber::new(at, self.memory.count.fetch_add(1, Ordering::Relaxed))
    }

    /// The link of a name.
    pub fn known_link(&mut self, name: &LinkName) -> Result<Option<Arc<KnownLink>>, StoreError> {
        self.refresh()?;
        if let Some(known) = self.memory.links.get(name) {
            return Ok(Some(Arc::clone(known)));
        }
        let link = match name {
            LinkName::Key(key) => self.link_by_key(key)?,
            LinkName::Number(number) => self.link_by_number(*number)?,
            LinkName::OfVendor(vendor, program, folded) => {
                self.vendor_link(vendor, program.as_ref(), folded)?
            }
        };
        let Some(link) = link else { return Ok(None) };
        let Some(program) = self.known_program(&link.vendor, Some(&link.program))? else { return Ok(None) };
        let partner = self.known_partner(&link.vendor, &link.program, &link.partner)?;
        let clock = self.known_clock(&link.vendor)?;
        let known = Arc::new(KnownLink { target: Target::of(&link.url), link, program, partner, clock });
        remember(&mut self.memory.links, name.clone(), Arc::clone(&known));
        Ok(Some(known))
    }

    /// A vendor's program, or its default one.
    pub fn known_program(
        &mut self,
        vendor: &VendorId,
        id: Option<&ProgramId>,
    ) -> Result<Option<Arc<Program>>, StoreError> {
        self.refresh()?;
        let name = (vendor.clone(), id.cloned());
        if let Some(known) = self.memory.programs.get(&name) {
            return Ok(Some(Arc::clone(known)));
        }
        let found = match id {
            Some(id) => self.program(vendor, id)?,
            None => self.default_program(vendor)?,
        };
        let Some(program) = found.map(Arc::new) else { return Ok(None) };
        remember(&mut self.memory.programs, name, Arc::clone(&program));
        Ok(Some(program))
    }

    /// A partner's standing in a program.
    pub fn known_partner(
        &mut self,
        vendor: &VendorId,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<Arc<KnownPartner>, StoreError> {
        self.refresh()?;
        let name = (program.clone(), partner.clone());
        if let Some(known) = self.memory.partners.get(&name) {
            return Ok(Arc::clone(known));
        }
        let enrollment = self.enrollment(program, partner)?;
        let (person, email) =
            self.partner(vendor, partner)?.map_or_else(Default::default, |p| (p.name, p.email));
        let known = Arc::new(KnownPartner {
            name: person,
            email,
            approved: enrollment.as_ref().is_some_and(|e| e.status == Status::Approved),
            group_name: self.group_name(enrollment.as_ref().map(|e| &e.group))?,
            group: enrollment.map(|e| e.group),
        });
        if known.group.is_some() {
            remember(&mut self.memory.partners, name, Arc::clone(&known));
        }
        Ok(known)
    }

    /// The key of a hash, unless it was revoked.
    pub fn known_key(&mut self, hash: &str) -> Result<Option<Arc<KnownKey>>, StoreError> {
        self.refresh()?;
        if let Some(known) = self.memory.keys.get(hash) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(KeyOwner { vendor, kind, ends_at }) = self.key_owner(hash)? else { return Ok(None) };
        let live = self.vendor(&vendor)?.map_or_else(|| vendor.clone(), |v| v.live_id().clone());
        let known = Arc::new(KnownKey { origins: self.origins(&live)?, vendor, kind, ends_at });
        remember(&mut self.memory.keys, hash.to_owned(), Arc::clone(&known));
        Ok(Some(known))
    }

    /// A vendor's clock.
    pub fn known_clock(&mut self, vendor: &VendorId) -> Result<Clock, StoreError> {
        self.refresh()?;
        if let Some(clock) = self.memory.clocks.get(vendor) {
            return Ok(*clock);
        }
        let found = self.vendor(vendor)?;
        let clock = found.ok_or_else(|| StoreError::Failed(format!("vendor {vendor} vanished")))?.clock;
        remember(&mut self.memory.clocks, vendor.clone(), clock);
        Ok(clock)
    }

    /// Which events somebody of a vendor's listens to.
    pub(super) fn known_listened(&mut self, vendor: &VendorId) -> Result<Listened, StoreError> {
        self.refresh()?;
        let known = self.memory.listened.get(vendor).copied();
        if let Some(known) = known.filter(|known| known.until.is_none_or(|until| World.now() < until)) {
            return Ok(known);
        }
        let listened = self.listened(vendor, World.now())?;
        remember(&mut self.memory.listened, vendor.clone(), listened);
        Ok(listened)
    }

    /// The number of a program.
    pub fn program_number(&mut self, id: &ProgramId) -> Result<i64, StoreError> {
        self.known_number("select number from program where id = $1", id.as_str())
    }

    /// The number of a link.
    pub fn link_number(&mut self, id: &LinkId) -> Result<i64, StoreError> {
        self.known_number("select number from link where id = $1", id.as_str())
    }

    fn known_number(&mut self, sql: &'static str, id: &str) -> Result<i64, StoreError> {
        if let Some(number) = self.memory.numbers.get(id) {
            return Ok(*number);
        }
        let row = self.row(sql, params![id])?;
        let number = row.ok_or_else(|| StoreError::Failed(format!("{id} vanished")))?.next()?;
        remember(&mut self.memory.numbers, id.to_owned(), number);
        Ok(number)
    }

    /// Whether an account is not known to be open; from now on it is taken to be.
    pub(super) fn learn_account(&mut self, id: &AccountId) -> bool {
        if self.memory.accounts.contains(id) {
            return false;
        }
        if self.memory.accounts.len() >= MOST {
            self.memory.accounts.clear();
        }
        self.memory.unsure = true;
        self.memory.accounts.insert(id.clone())
    }

    /// Whether a word is known to be stored.
    pub fn knows_word(&self, program: i64, id: i64) -> bool {
        self.memory.words.contains(&(program, id))
    }

    /// Whether a word is not known to be stored; from now on it is taken to be.
    pub(super) fn learn_word(&mut self, program: i64, id: i64) -> bool {
        if self.knows_word(program, id) {
            return false;
        }
        if self.memory.words.len() >= MOST {
            self.memory.words.clear();
        }
        self.memory.unsure = true;
        self.memory.words.insert((program, id))
    }
}
