//! What every handler shares.

use crate::config::Serve;
use crate::error::Error;
use crate::limit::Limits;
use crate::store::Store;
use crate::world::World;
use std::sync::Arc;
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
    pub limits: Limits,
    /// How many passwords are hashed at once; each takes some 19 MB.
    pub hashing: Semaphore,
}

/// How handlers hold it.
pub type Shared = Arc<App>;

impl App {
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
