//! How many requests a caller may send. The limit is there so that a script gone wild does not take the server from everybody
//! else; it is far above what honest use comes to, and `--rate-limit` sets it.
//!
//! Whoever asks is told apart by what he shows: a key, a session or a token; a page of the vendor, which shows the same key as
//! all others, by its network address. Where that is not known nobody is counted, for a proxy's address is everybody's.

use crate::app::Shared;
use crate::auth::SESSION_COOKIE;
use crate::error::Error;
use crate::http::{Client, cookie, header};
use crate::world::World;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, header as names, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
/// The headers that tell of the limit: those that clients of the public Dub API read.
pub const HEADERS: [HeaderName; 3] = [LIMIT, REMAINING, RESET];

type Limiter = RateLimiter<u64, DefaultKeyedStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// Every caller's count, kept in memory by each process.
pub struct Quotas {
    limiter: Option<Limiter>,
    per_minute: u32,
    hasher: RandomState,
}

/// What is left to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    limit: u32,
    remaining: u32,
    /// When all is there again, seconds since 1970.
    reset: i64,
}

impl Quotas {
    /// So many requests a minute; 0 for as many as they like.
    pub fn new(per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        let limiter = quota.map(|quota| RateLimiter::keyed(quota).with_middleware());
        Self { limiter, per_minute, hasher: RandomState::new() }
    }

    /// Forgets whoever has been quiet long enough to start afresh.
    pub fn forget_the_quiet(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// Counts a request: what is left, or in how many seconds to come again.
    fn take(&self, limiter: &Limiter, who: u64, now_seconds: i64) -> Result<Left, (Left, u64)> {
        let left = |remaining: u32| {
            let taken = u64::from(self.per_minute.saturating_sub(remaining));
            let seconds = (taken * 60).div_ceil(u64::from(self.per_minute));
            let reset = now_seconds.saturating_add_unsigned(seconds);
            Left { limit: self.per_minute, remaining, reset }
        };
        match limiter.check_key(&who) {
            Ok(state) => Ok(left(state.remaining_burst_capacity())),
            Err(until) => {
                let wait = until.wait_time_from(limiter.clock().now());
                Err((left(0), wait.as_millis().div_ceil(1000).try_into().unwrap_or(60)))
            }
        }
    }
}

/// Counts the request, and tells what is left.
pub async fn count(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let quotas = &app.limits.quotas;
    let Some(limiter) = &quotas.limiter else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let who = caller(&app, &mut parts).await;
    let request = Request::from_parts(parts, body);
    let Some(who) = who else { return next.run(request).await };
    match quotas.take(limiter, quotas.hasher.hash_one(who), World.now().0 / 1000) {
        Ok(left) => left.tell(next.run(request).await),
        Err((left, seconds)) => {
            let refusal = format!(
                "More than {} requests within a minute: come again in {seconds} s. The operator sets the limit by --rate-limit.",
                left.limit
            );
            let mut response = Error::TooMany(refusal).into_response();
            response.headers_mut().insert(names::RETRY_AFTER, seconds.into());
            left.tell(response)
        }
    }
}

/// Who asks, as far as it can be told without asking the store.
async fn caller(app: &Shared, parts: &mut Parts) -> Option<String> {
    let shown = header(&parts.headers, names::AUTHORIZATION);
    if let Some(shown) = shown.filter(|shown| !shown.contains("pk_")) {
        return Some(format!("key {shown}"));
    }
    if let Some(session) = cookie(&parts.headers, SESSION_COOKIE) {
        return Some(format!("session {session}"));
    }
    let client = Client::from_request_parts(parts, app).await.ok()?;
    client.public_address().map(|address| format!("address {address}"))
}

impl Left {
    fn tell(self, mut response: Response) -> Response {
        let values: [HeaderValue; 3] = [self.limit.into(), self.remaining.into(), self.reset.into()];
        response.headers_mut().extend(HEADERS.into_iter().zip(values));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_a_count_of_his_own_and_hears_when_to_come_again() {
        let quotas = Quotas::new(2);
        let take = |who| quotas.take(quotas.limiter.as_ref().unwrap(), who, 1000);
        assert_eq!(take(1), Ok(Left { limit: 2, remaining: 1, reset: 1030 }));
        assert_eq!(take(1), Ok(Left { limit: 2, remaining: 0, reset: 1060 }));
        let (left, seconds) = take(1).unwrap_err();
        assert_eq!(left, Left { limit: 2, remaining: 0, reset: 1060 });
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert_eq!(take(2), Ok(Left { limit: 2, remaining: 1, reset: 1030 }));
    }

    #[test]
    fn none_is_no_limit() {
        assert!(Quotas::new(0).limiter.is_none());
    }
}
