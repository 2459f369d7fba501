//! Data that stays fresh: read at once, then again whenever the server says that something has changed; where it cannot say so,
//! every 1.5 seconds while the page can be seen.
//! What was read before stays on the screen until the next answer is here.

use crate::api::{self, Failure, PAGE_SIZE};
use crate::browser;
use crate::context::{Context, use_console};
use crate::live::Heard;
use crate::route::Mode;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

const POLL_MS: u32 = 1_500;
/// For what changes seldom, or costs the server more to tell.
pub const SLOW_MS: u32 = 10_000;
const AFTER_A_FAILURE_MS: u32 = 4_000;
/// How long it takes at the most to see that something has changed.
const SLICE_MS: u32 = 100;

/// What is known of something on the server.
#[derive(Debug, PartialEq)]
pub struct Polled<T> {
    pub data: Option<Rc<T>>,
    /// Why the last attempt failed, if it did.
    pub failure: Option<Failure>,
}

impl<T> Default for Polled<T> {
    fn default() -> Self {
        Self { data: None, failure: None }
    }
}

impl<T> Clone for Polled<T> {
    fn clone(&self) -> Self {
        Self { data: self.data.clone(), failure: self.failure.clone() }
    }
}

impl<T: PartialEq + 'static> Reducible for Polled<T> {
    type Action = Result<T, Failure>;

    /// A failure keeps the data; the same data again changes nothing.
    fn reduce(self: Rc<Self>, answer: Self::Action) -> Rc<Self> {
        match answer {
            Ok(data) if self.failure.is_none() && self.data.as_deref() == Some(&data) => self,
            Ok(data) => Rc::new(Self { data: Some(Rc::new(data)), failure: None }),
            Err(failure) => Rc::new(Self { data: self.data.clone(), failure: Some(failure) }),
        }
    }
}

/// Reads `path` again and again.
#[hook]
pub fn use_poll<T: DeserializeOwned + PartialEq + 'static>(mode: Mode, path: String) -> Polled<T> {
    let context = use_console();
    let key = (mode, path, context.tick);
    let load = |(mode, path, _): (Mode, String, u32)| async move { api::get::<T>(mode, &path).await };
    use_poll_by(key, context.expired, load)
}

/// Reads whatever `load` reads, anew whenever `key` changes, and again and again.
#[hook]
pub fn use_poll_by<K, T, F, L>(key: K, expired: Callback<()>, load: L) -> Polled<T>
where
    K: Clone + PartialEq + 'static,
    T: PartialEq + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
    L: Fn(K) -> F + 'static,
{
    use_poll_every(POLL_MS, key, expired, load)
}

/// The same, every `pause` milliseconds.
#[hook]
pub fn use_poll_every<K, T, F, L>(pause: u32, key: K, expired: Callback<()>, load: L) -> Polled<T>
where
    K: Clone + PartialEq + 'static,
    T: PartialEq + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
    L: Fn(K) -> F + 'static,
{
    let polled = use_reducer_eq(Polled::<T>::default);
    let dispatcher = polled.dispatcher();
    let heard = use_context::<Context>().map(|context| context.heard).unwrap_or_default();
    let latest = use_mut_ref(|| heard);
    *latest.borrow_mut() = heard;
    use_effect_with(key, move |key| {
        let wanted = Rc::new(Cell::new(true));
        let (key, still) = (key.clone(), wanted.clone());
        spawn_local(async move {
            while still.get() {
                let asked_at = *latest.borrow();
                let pause = if browser::is_visible() {
                    let answer = load(key.clone()).await;
                    if !still.get() {
                        break;
                    }
                    report(answer, pause, &dispatcher, &expired)
                } else {
                    POLL_MS
                };
                rest(pause, asked_at, &latest, &still).await;
            }
        });
        move || wanted.set(false)
    });
    Polled::clone(&polled)
}

/// Waits until it is time to ask again: while the server tells by itself when something has changed, only then, or after long.
async fn rest(pause: u32, asked_at: Heard, latest: &RefCell<Heard>, wanted: &Cell<bool>) {
    let (mut passed, slow) = (0, pause >= SLOW_MS);
    loop {
        gloo_timers::future::TimeoutFuture::new(SLICE_MS).await;
        passed += SLICE_MS;
        let now = *latest.borrow();
        let longest = if now.live && pause == POLL_MS { SLOW_MS } else { pause };
        let changed = now.changes != asked_at.changes && (!slow || passed >= SLOW_MS / 4);
        if changed || passed >= longest || !wanted.get() {
            return;
        }
    }
}

/// Hands an answer on; how long to wait before the next.
fn report<T: PartialEq + 'static>(
    answer: Result<T, Failure>,
    pause: u32,
    to: &UseReducerDispatcher<Polled<T>>,
    expired: &Callback<()>,
) -> u32 {
    let pause = if answer.is_ok() { pause } else { AFTER_A_FAILURE_MS };
    if answer.as_ref().is_err_and(Failure::is_unauthorized) {
        expired.emit(());
    } else {
        to.dispatch(answer);
    }
    pause
}

/// A row that can be the last of a page.
pub trait Row: DeserializeOwned + PartialEq + 'static {
    /// What the next page starts after.
    fn id(&self) -> &str;
}

macro_rules! rows {
    ($($row:ty),*) => { $(impl Row for $row { fn id(&self) -> &str { &self.id } })* };
}

rows!(goodword_wire::Partner, goodword_wire::Event, goodword_wire::Commission, goodword_wire::Transfer);
rows!(goodword_wire::Payout, goodword_wire::PayoutBatch, goodword_wire::Review, goodword_wire::Claim);
rows!(goodword_wire::ExchangeRate, goodword_wire::Webhook, goodword_wire::Delivery);
rows!(goodword_wire::Trigger, goodword_wire::TriggerRun);
rows!(goodword_wire::InboundEvent, goodword_wire::Registration, goodword_wire::Settlement);
rows!(goodword_wire::FundRequest, goodword_wire::FundClaim, goodword_wire::SplitProposal);
rows!(goodword_wire::AuditEntry, goodword_wire::Redemption, goodword_wire::Gift);

/// Rows read so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<T> {
    pub rows: Vec<T>,
    /// Whether there are more.
    pub more: bool,
}

/// A list that grows by a page at a time.
pub struct Listing<T> {
    pub polled: Polled<Rows<T>>,
    /// Asks for the next page.
    pub more: Callback<()>,
    /// Whether the next page is on its way.
    pub growing: bool,
}

/// Reads the list at `path` again and again, as many pages of it as were asked for.
#[hook]
pub fn use_list<T: Row>(path: String) -> Listing<T> {
    let context = use_console();
    let pages = use_state_eq(|| (path.clone(), 1_usize));
    let wanted = if pages.0 == path { pages.1 } else { 1 };
    let key = (context.mode(), path.clone(), wanted, context.tick);
    let polled = use_poll_by(key, context.expired, |(mode, path, wanted, _)| load::<T>(mode, path, wanted));
    let shown = polled.data.as_ref().map_or(0, |data| data.rows.len());
    let growing =
        shown > 0 && shown <= (wanted - 1) * PAGE_SIZE && polled.data.as_ref().is_some_and(|d| d.more);
    let more = Callback::from(move |()| pages.set((path.clone(), wanted + 1)));
    Listing { polled, more, growing }
}

async fn load<T: Row>(mode: Mode, path: String, pages: usize) -> Result<Rows<T>, Failure> {
    let mut all = Rows { rows: Vec::new(), more: true };
    let glue = if path.contains('?') { '&' } else { '?' };
    for _ in 0..pages {
        let after = all.rows.last().map_or(String::new(), |row: &T| format!("&startingAfter={}", row.id()));
        let page: Vec<T> = api::get(mode, &format!("{path}{glue}pageSize={PAGE_SIZE}{after}")).await?;
        all.more = page.len() == PAGE_SIZE;
        all.rows.extend(page);
        if !all.more {
            break;
        }
    }
    Ok(all)
}
