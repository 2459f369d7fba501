//! The partner's token: in memory, shared by all elements of the page, and in `sessionStorage` for the next page.
//! It lives 15 minutes; its age is counted by this browser's clock, and the server's 401 has the last word.

use crate::host::Host;
use std::cell::RefCell;
use web_sys::Storage;

const LIFE: i64 = 15 * 60;
const RENEW_AFTER: i64 = 5 * 60;

thread_local! {
    static KEPT: RefCell<Vec<Session>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone)]
struct Session {
    place: String,
    token: String,
    since: i64,
}

fn place(host: &Host) -> String {
    format!("gw_token:{}:{}", host.key(), host.program())
}

/// Seconds, whole: a float in text would bring the float parser and printer along, 9 kB.
#[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 are far below 2^53")]
fn now(host: &Host) -> i64 {
    host.now() as i64
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn find(host: &Host) -> Option<Session> {
    let place = place(host);
    let kept = KEPT.with_borrow(|all| all.iter().find(|session| session.place == place).cloned());
    let session = kept.or_else(|| {
        let text = storage()?.get_item(&place).ok()??;
        let (since, token) = text.split_once(' ')?;
        Some(Session { place, token: token.to_owned(), since: since.parse().ok()? })
    });
    session.filter(|session| now(host) - session.since < LIFE)
}

/// The token, if there is one that may still be good.
pub fn token(host: &Host) -> Option<String> {
    find(host).map(|session| session.token)
}

/// Whether the token should be renewed now.
pub fn is_old(host: &Host) -> bool {
    find(host).is_some_and(|session| now(host) - session.since > RENEW_AFTER)
}

/// Keeps a fresh token.
pub fn keep(host: &Host, token: &str) {
    let session = Session { place: place(host), token: token.to_owned(), since: now(host) };
    if let Some(storage) = storage() {
        // Refused storage only means that the next page asks to sign in again.
        let _ = storage.set_item(&session.place, &format!("{} {token}", session.since));
    }
    KEPT.with_borrow_mut(|all| {
        all.retain(|other| other.place != session.place);
        all.push(session);
    });
}

/// Forgets the token.
pub fn forget(host: &Host) {
    let place = place(host);
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&place);
    }
    KEPT.with_borrow_mut(|all| all.retain(|session| session.place != place));
}
