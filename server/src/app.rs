//! What every handler shares.

use crate::auth::Met;
use crate::calling::Caller;
use crate::config::Serve;
use crate::error::Error;
use crate::hash::Keyed;
use crate::installations::Installations;
use crate::limit::Limits;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::routes::embed::Boards;
use crate::seeing::Noticed;
use crate::store::Store;
use crate::used_keys::UsedKeys;
use crate::world::World;
use goodword_domain::time::Instant;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// The running server.
pub struct App {
    pub store: Store,
    pub world: World,
    pub config: Serve,
    /// `https://go.example.com`, without a slash at the end.
    pub public_url: String,
    /// The key that signs partners' tokens.
    pub token_key: String,
    /// The same key, ready to hash the ids pages have for their visitors.
    pub visitors: Keyed,
    pub limits: Limits,
    pub metrics: Metrics,
    /// Who reported events before.
    pub met: Met,
    /// What calls the vendors' endpoints.
    pub caller: Caller,
    /// On which sites the script is.
    pub installations: Installations,
    /// When keys were last used.
    pub used_keys: UsedKeys,
    /// From where partners asked lately.
    pub noticed: Noticed,
    /// Leaderboards that were counted a moment ago.
    pub boards: Boards,
    /// Who watches figures in the console.
    pub live: Live,
    /// How many passwords are hashed at once; each takes some 19 MB.
    pub hashing: Semaphore,
    /// The day's salt, once it was asked for.
    pub salt: RwLock<Option<(i64, Keyed)>>,
}

/// How handlers hold it.
pub type Shared = Arc<App>;

impl App {
    /// The salt of the day of `now`, with which addresses are hashed.
    pub async fn salt(&self, now: Instant) -> Result<Keyed, Error> {
        let day = now.day();
        let known = self.salt.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, salt)) = known.filter(|(of, _)| *of == day) {
            return Ok(salt);
        }
        let fresh = self.world.secret("");
        let salt = Keyed::new(&self.store.write(move |tx| Ok(tx.daily_salt(day, &fresh)?)).await?);
        *self.salt.write().unwrap_or_else(PoisonError::into_inner) = Some((day, salt.clone()));
        Ok(salt)
    }

    /// The origin of our own pages.
    pub fn own_origin(&self) -> &str {
        &self.public_url
    }
}

/// Checks the address the server is reached at and takes off the slash at its end.
pub fn parse_public_url(text: &str) -> Result<String, Error> {
    let url =
        url::Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.path() == "/");
    let url = url
        .ok_or_else(|| Error::field("--public-url", "must be an origin such as `https://go.example.com`."))?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
