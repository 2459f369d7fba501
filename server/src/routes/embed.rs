//! What the widget asks: the offer, joining, signing in, codes and links, and the partner's own page.

mod board;
mod codes;
mod config;
mod figures;
mod join;
mod me;
mod nudge;
mod offer;
mod reached;
mod session;
mod tokens;

pub use board::Boards;
pub use me::{account_url, months};

use config::{in_force, offered};
use me::{changes_left, post, show_to};

use crate::app::App;
use crate::described::{Described, routes};
use crate::enrolling;
use crate::error::Error;
use crate::hash;
use crate::mails;
use crate::store::{Enrollment, OneTime, Partner, Program, Purpose, Tx};
use crate::token::Token;
use crate::world::World;
use goodword_domain::id::PartnerId;
use goodword_domain::time::Instant;

/// How long the link in a proof mail works: 7 days.
const PROOF_MS: i64 = 7 * 86_400_000;
/// How long any other one-time secret works: 30 minutes.
const SIGN_IN_MS: i64 = 30 * 60_000;

/// All of it.
pub fn routes() -> Described {
    Described::none()
        .routes(routes!(config::config))
        .routes(routes!(offer::offer))
        .routes(routes!(board::leaderboard))
        .routes(routes!(board::own_leaderboard))
        .routes(routes!(join::join))
        .routes(routes!(session::sign_in))
        .routes(routes!(session::ticket))
        .routes(routes!(session::renew))
        .routes(routes!(tokens::create_token))
        .routes(routes!(tokens::identify))
        .routes(routes!(me::show_me))
        .routes(routes!(figures::figures))
        .routes(routes!(codes::code, codes::change_code))
        .routes(routes!(codes::add_post))
}

/// Which browser asks.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct VisitorQuery {
    /// The page's own id of the browser, given with consent: as with `POST /v1/track/click`.
    visitor_id: Option<String>,
}

/// A partner in a program, by a token.
pub struct Own {
    /// The program.
    pub program: Program,
    /// Who.
    pub partner: Partner,
    /// Where he or she stands in it.
    pub enrollment: Enrollment,
}

impl Own {
    /// Whom a token is of.
    pub fn find(tx: &mut Tx<'_>, token: &Token) -> Result<Self, Error> {
        let gone = || Error::Unauthorized("This partner is not in the program any more: join again.".into());
        let program = tx.program(&token.vendor, &token.program)?.ok_or_else(gone)?;
        let partner = tx.partner(&token.vendor, &token.partner)?.ok_or_else(gone)?;
        let enrollment = tx.enrollment(&program.id, &partner.id)?.ok_or_else(gone)?;
        Ok(Self { program, partner, enrollment })
    }
}

/// The page to come back to from a mail: the one told, if it is the vendor's, else the program's.
fn page_to_return_to(tx: &mut Tx<'_>, told: Option<&str>, program: &Program) -> Result<String, Error> {
    match told.map(|page| enrolling::parse_vendor_page(tx, program, "page", page)) {
        Some(Ok(page)) => Ok(page),
        None | Some(Err(Error::Invalid(_))) => Ok(program.url.clone()),
        Some(Err(other)) => Err(other),
    }
}

/// Mails a partner the link that signs him or her in.
pub fn mail_sign_in(
    tx: &mut Tx<'_>,
    app: &App,
    program: &Program,
    partner: &Partner,
    back: &str,
    real: Instant,
) -> Result<(), Error> {
    let address = sign_in_address(tx, app, program, partner, back, real)?;
    mails::sign_in(tx, app.world, program, partner, &address)
}

fn sign_in_address(
    tx: &mut Tx<'_>,
    app: &App,
    program: &Program,
    partner: &Partner,
    back: &str,
    real: Instant,
) -> Result<String, Error> {
    let secret = one_time(tx, app.world, program, &partner.id, Purpose::Open, back, real)?;
    Ok(format!("{}/p/open?token={secret}", app.public_url))
}

/// Makes a one-time secret; its hash is stored, and it is given out here alone.
pub fn one_time(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &PartnerId,
    purpose: Purpose,
    page: &str,
    real: Instant,
) -> Result<String, Error> {
    let life = if purpose == Purpose::Prove { PROOF_MS } else { SIGN_IN_MS };
    let secret = world.secret("");
    let once = OneTime {
        purpose,
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: partner.clone(),
        page: page.to_owned(),
        expires_at: Instant(real.0 + life),
    };
    tx.insert_once(&hash::sha256(&secret), &once)?;
    Ok(secret)
}
