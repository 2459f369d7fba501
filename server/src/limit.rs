//! How often strangers may try: logging in, joining, asking for a mail.

use crate::error::Error;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// The limits, kept in memory by each process.
pub struct Limits {
    logins: DefaultKeyedRateLimiter<String>,
    mails: DefaultKeyedRateLimiter<String>,
    joins: DefaultKeyedRateLimiter<String>,
}

const fn times(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("a limit is not zero")
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            logins: RateLimiter::keyed(Quota::per_minute(times(10))),
            mails: RateLimiter::keyed(Quota::per_hour(times(10))),
            joins: RateLimiter::keyed(Quota::per_minute(times(60))),
        }
    }
}

impl Limits {
    /// A login: ten a minute for one account, so that passwords cannot be guessed.
    pub fn login(&self, account: &str) -> Result<(), Error> {
        check(&self.logins, account, "Too many log-ins for this account: wait a minute.")
    }

    /// A mail to one address: ten an hour, so that nobody's mailbox is flooded through us.
    pub fn mail(&self, address: &str) -> Result<(), Error> {
        check(
            &self.mails,
            address,
            "Too many mails to this address: wait an hour, or look for one that came.",
        )
    }

    /// Joining from one network address: sixty a minute.
    pub fn join(&self, address: &str) -> Result<(), Error> {
        check(&self.joins, address, "Too many people join from this network: wait a minute.")
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<String>, key: &str, message: &str) -> Result<(), Error> {
    limiter.check_key(&key.to_owned()).map_err(|_| Error::TooMany(message.into()))
}
