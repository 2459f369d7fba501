//! How often strangers may try: logging in, joining, asking for a mail.
//!
//! Kept in memory by each process, under hashes with a key of the process's own: no address of anybody stands in it.

use crate::error::Error;
use crate::manners::Quotas;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

type Limiter = DefaultKeyedRateLimiter<u64>;

/// The limits.
pub struct Limits {
    networks: Limiter,
    logins: Limiter,
    accounts: Limiter,
    mails: Limiter,
    joins: Limiter,
    codes: Limiter,
    hasher: RandomState,
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
            accounts: RateLimiter::keyed(Quota::per_hour(times(100))),
            mails: RateLimiter::keyed(Quota::per_hour(times(10))),
            joins: RateLimiter::keyed(Quota::per_minute(times(60))),
            codes: RateLimiter::keyed(Quota::per_minute(times(120))),
            hasher: RandomState::new(),
            quotas: Quotas::new(requests_per_minute),
        }
    }

    /// A login: sixty a minute from one network address; ten a minute for one account from one address; and a hundred an hour for
    /// one account from wherever, so that many addresses together cannot guess a password either. The last does not hold for a
    /// browser the account was logged in on before (`is_known`), so that strangers can lock nobody out.
    pub fn login(&self, address: &str, account: &str, is_known: bool) -> Result<(), Error> {
        self.check(&self.networks, address, "Too many log-ins from this network: wait a minute.")?;
        let both = format!("{address} {account}");
        self.check(&self.logins, &both, "Too many log-ins for this account: wait a minute.")?;
        if is_known {
            return Ok(());
        }
        let slow =
            "Too many log-ins for this account today: use a browser it was logged in on before, or wait.";
        self.check(&self.accounts, account, slow)
    }

    /// Forgets whoever has been quiet long enough to start afresh.
    pub fn forget_the_quiet(&self) {
        for limiter in [&self.networks, &self.logins, &self.accounts, &self.mails, &self.joins, &self.codes] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.quotas.forget_the_quiet();
    }

    /// A mail to one address: ten an hour, so that nobody's mailbox is flooded through us.
    pub fn mail(&self, address: &str) -> Result<(), Error> {
        let told = "Too many mails to this address: wait an hour, or look for one that came.";
        self.check(&self.mails, address, told)
    }

    /// Asking whether codes are free, and whose they are, from one network address: 120 a minute, so that a person who types is
    /// answered and nobody reads off them all.
    pub fn code(&self, address: &str) -> Result<(), Error> {
        self.check(&self.codes, address, "Too many codes are asked for from this network: wait a minute.")
    }

    /// Joining from one network address: sixty a minute.
    pub fn join(&self, address: &str) -> Result<(), Error> {
        self.check(&self.joins, address, "Too many people join from this network: wait a minute.")
    }

    fn check(&self, limiter: &Limiter, key: &str, message: &str) -> Result<(), Error> {
        limiter.check_key(&self.hasher.hash_one(key)).map_err(|_| Error::TooMany(message.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_guarded_against_many_networks_and_its_owner_is_not_locked_out() {
        let limits = Limits::new(0);
        let let_in =
            (0..150).filter(|n| limits.login(&format!("192.0.2.{n}"), "maya", false).is_ok()).count();
        assert_eq!(let_in, 100);
        assert!(limits.login("198.51.100.1", "maya", false).is_err());
        limits.login("198.51.100.1", "maya", true).unwrap();
        limits.login("198.51.100.1", "otto", false).unwrap();
    }
}
