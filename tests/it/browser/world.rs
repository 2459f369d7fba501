//! Everything a scenario plays in: a server, a vendor with a program in its sandbox, and the vendor's shop, an
//! influencer's blog and a stranger's site on three other origins.

use super::site::{Page, Site, door, origin, serve};
use crate::harness::{Client, Kind, Server};
use goodword_demo::Config;
use goodword_wire::{ClickOutput, Event, Program};
use serde_json::{Value, json};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The code of the partner who is there from the start: the blog's author.
pub const CODE: &str = "MARA";

/// Scenarios with a stop-watch in them play alone, the others beside one another.
static STAGE: RwLock<()> = RwLock::const_new(());

/// A place on the stage; kept for as long as the scenario plays.
enum Place {
    Shared { _kept: RwLockReadGuard<'static, ()> },
    Alone { _kept: RwLockWriteGuard<'static, ()> },
}

/// Where a scenario plays.
pub struct World {
    /// The server.
    pub server: Server,
    /// The shop's origin.
    pub shop: String,
    /// The blog's origin.
    pub blog: String,
    /// Pages of the test's own.
    pub site: Site,
    /// The program.
    pub program: Program,
    _place: Place,
}

impl World {
    /// With a program that approves whoever joins.
    pub async fn open() -> Self {
        Self::with(json!({})).await
    }

    /// The same, with something else said of the program.
    pub async fn with(more: Value) -> Self {
        Self::at(Place::Shared { _kept: STAGE.read().await }, more).await
    }

    /// The same, while no other scenario plays.
    pub async fn alone() -> Self {
        Self::at(Place::Alone { _kept: STAGE.write().await }, json!({})).await
    }

    async fn at(place: Place, more: Value) -> Self {
        let (shop_door, blog_door) = (door().await, door().await);
        let (shop, blog) = (origin("shop.localhost", &shop_door), origin("blog.localhost", &blog_door));
        let site = Site::open("stranger.localhost").await;
        let server = Server::with_origins(Kind::chosen(), &[&shop, &blog, &site.origin]);
        let program = make_program(&server.test(), &shop, more);
        let partner = server.test().partner(CODE);
        let config = Config {
            goodword: server.base.clone(),
            publishable_key: server.vendor.test.publishable_key.clone(),
            secret_key: server.vendor.test.secret_key.clone(),
            shop: shop.clone(),
            blog: blog.clone(),
            code: CODE.to_owned(),
            key: partner.links[0].key.clone(),
        };
        serve(shop_door, goodword_demo::shop(config.clone()));
        serve(blog_door, goodword_demo::blog(config));
        Self { server, shop, blog, site, program, _place: place }
    }

    /// The vendor's backend.
    pub fn backend(&self) -> Client {
        self.server.test()
    }

    /// The script tag a stranger pastes, with further attributes.
    pub fn tag(&self, attributes: &str) -> String {
        self.tag_from(&self.server.base, attributes)
    }

    /// The same from another address, such as a proxy's.
    pub fn tag_from(&self, host: &str, attributes: &str) -> String {
        let key = &self.server.vendor.test.publishable_key;
        format!("<script async src=\"{host}/goodword.js\" data-key=\"{key}\" {attributes}></script>")
    }

    /// A stranger's page with the tag and this body; its address.
    pub fn page(&self, body: &str) -> String {
        self.site.put("/", Page::new(&self.tag(""), body))
    }

    /// What happened of one kind, newest first.
    pub fn events(&self, kind: &str) -> Vec<Event> {
        self.backend().get(&format!("/v1/events?event={kind}")).ok()
    }

    /// A click that came another way, to compare with.
    pub fn click(&self, key: &str) -> ClickOutput {
        self.backend().click(json!({ "key": key }))
    }
}

/// 20 % of each sale for a year and 5.00 for a sign-up, held for 30 days, as the shop's pages say.
fn make_program(vendor: &Client, shop: &str, more: Value) -> Program {
    let mut with = json!({
        "name": "Tea list", "url": format!("{shop}/"),
        "holdDays": 30,
        "terms": { "version": "2026-09", "url": format!("{shop}/partners/terms") },
        "rewards": [
            { "event": "lead", "type": "flat", "amount": 500 },
            { "event": "sale", "type": "percentage", "percentage": "20", "maxDuration": 12 },
        ],
    });
    if let (Value::Object(with), Value::Object(more)) = (&mut with, more) {
        with.extend(more);
    }
    vendor.program(with)
}
