//! How often strangers may try: logging in, joining, asking for a mail.

use crate::error::Error;
use crate::manners::Quotas;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// The limits, kept in memory by each process.
pub struct Limits {
    networks: DefaultKeyedRateLimiter<String>,
    logins: DefaultKeyedRateLimiter<String>,
    mails: DefaultKeyedRateLimiter<String>,
    joins: DefaultKeyedRateLimiter<String>,
    codes: DefaultKeyedRateLimiter<String>,
    /// How many requests of the API a caller may send.
    pub quotas: Quotas,
}

const fn times(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("a limit is not zero")
}

impl Limits {
    /// With as many requests of the API a minute for each caller; 0 for no limit.
    pub fn new(requests_per_minute: u32) -> Self {
        Self {
            networks: RateLimiter::keyed(Quota::per_minute(times(60))),
            logins: RateLimiter::keyed(Quota::per_minute(times(10))),
            mails: RateLimiter::keyed(Quota::per_hour(times(10))),
            joins: RateLimiter::keyed(Quota::per_minute(times(60))),
            codes: RateLimiter::keyed(Quota::per_minute(times(120))),
            quotas: Quotas::new(requests_per_minute),
        }
    }

    /// A login: ten a minute for one account from one network address, so that passwords cannot be guessed and nobody
    /// is locked out by a stranger; sixty a minute from one address.
    pub fn login(&self, address: &str, account: &str) -> Result<(), Error> {
        check(&self.networks, address, "Too many log-ins from this network: wait a minute.")?;
        check(
            &self.logins,
            &format!("{address} {account}"),
            "Too many log-ins for this account: wait a minute.",
        )
    }

    /// Forgets whoever has been quiet long enough to start afresh.
    pub fn forget_the_quiet(&self) {
        for limiter in [&self.networks, &self.logins, &self.mails, &self.joins, &self.codes] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.quotas.forget_the_quiet();
    }

    /// A mail to one address: ten an hour, so that nobody's mailbox is flooded through us.
    pub fn mail(&self, address: &str) -> Result<(), Error> {
        check(
            &self.mails,
            address,
            "Too many mails to this address: wait an hour, or look for one that came.",
        )
    }

    /// Asking whether codes are free, and whose they are, from one network address: 120 a minute, so that a person who types is
    /// answered and nobody reads off them all.
    pub fn code(&self, address: &str) -> Result<(), Error> {
        check(&self.codes, address, "Too many codes are asked for from this network: wait a minute.")
    }

    /// Joining from one network address: sixty a minute.
    pub fn join(&self, address: &str) -> Result<(), Error> {
        check(&self.joins, address, "Too many people join from this network: wait a minute.")
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<String>, key: &str, message: &str) -> Result<(), Error> {
    limiter.check_key(&key.to_owned()).map_err(|_| Error::TooMany(message.into()))
}
