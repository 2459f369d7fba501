//! From where partners look at their own pages: by it a click of their own is told from a visitor's. Only keyed hashes are
//! kept, of public addresses with the salt of the day, and a year at the most.

use crate::app::App;
use crate::error::Error;
use crate::hash;
use crate::http::Client;
use crate::routes::clicks::{address_hash, named};
use crate::routes::find;
use crate::store::{Tx, Use};
use crate::visiting::{Browser, address_key};
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use rustc_hash::FxHashSet;
use std::sync::{Mutex, PoisonError};

/// For how long what partners used is known: 365 days.
pub const KEPT_DAYS: i64 = 365;

/// What was written down within the hour, so that a page that asks often costs one write.
#[derive(Default)]
pub struct Noticed(Mutex<(i64, FxHashSet<i64>)>);

impl Noticed {
    /// How many are remembered; with more, it starts afresh.
    const MOST: usize = 100_000;

    fn is_new(&self, hour: i64, mark: i64) -> bool {
        let mut noticed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noticed.0 != hour || noticed.1.len() >= Self::MOST {
            *noticed = (hour, FxHashSet::default());
        }
        noticed.1.insert(mark)
    }
}

/// From where somebody asks: keyed hashes of an address and a browser.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    address: Option<u64>,
    browser: Option<Browser>,
}

/// Looks at where somebody asks from.
pub async fn look(
    app: &App,
    client: &Client,
    visitor_id: Option<&str>,
    real: Instant,
) -> Result<Look, Error> {
    let address = address_hash(app, client, real).await?;
    let visitor_id = visitor_id.filter(|id| !id.is_empty() && !client.opts_out);
    let browser = visitor_id.map(|id| named(app, id)).transpose()?;
    Ok(Look { address, browser })
}

impl Look {
    /// Writes down that it is where a partner asks from.
    pub fn save(
        self,
        tx: &mut Tx<'_>,
        (vendor, program, partner): (&VendorId, &ProgramId, &PartnerId),
        now: Instant,
    ) -> Result<(), Error> {
        let number = tx.program_number(program)?;
        let of_address = |hash| Use::of_address(program, partner, address_key(hash, number));
        let of_device = |key| Use::of_device(program, partner, key);
        let device = self.browser.and_then(|browser| browser.key(number)).map(of_device);
        let uses: Vec<Use> = self.address.map(of_address).into_iter().chain(device).collect();
        Ok(tx.see_partner(vendor, partner, &uses, now)?)
    }
}

/// A partner, known by a token, asks from an address with a browser.
pub async fn see(
    app: &App,
    (vendor, program, partner): (VendorId, ProgramId, PartnerId),
    client: &Client,
    visitor_id: Option<&str>,
) -> Result<(), Error> {
    let real = app.world.now();
    let look = look(app, client, visitor_id, real).await?;
    if look.address.is_none() && look.browser.is_none() {
        return Ok(());
    }
    let mark = hash::number(&format!("{program}|{partner}|{:?}|{:?}", look.address, look.browser));
    if !app.noticed.is_new(real.0.div_euclid(3_600_000), mark) {
        return Ok(());
    }
    let seen = app.store.write(move |tx| {
        let now = find::now(tx, &vendor, real)?;
        look.save(tx, (&vendor, &program, &partner), now)
    });
    seen.await
}
