//! Content that partners made, sent in from the account page: an address, and a file that shows it where it may disappear.

use super::Account;
use super::changes::{answer as answered, plain};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::funding::{self, Upload};
use crate::http::{header as read_header, taken};
use crate::multipart;
use crate::routes::embed::Own;
use crate::routes::words::{Speech, Words};
use crate::routes::{claims, find};
use crate::store::{ClaimFilter, Page, Tx};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use goodword_wire::ClaimInput;

/// The largest form taken: a file of the largest size, and what is around it.
pub const MAX_FORM: usize = funding::MAX_FILE + 64 * 1024;

/// How many claims are looked through.
const MOST: i64 = 100;

/// What the page says of content.
pub struct Content {
    /// Whether the program takes any.
    pub takes: bool,
    /// The latest, newest first.
    pub all: Vec<Shown>,
}

/// One submission.
pub struct Shown {
    pub address: String,
    pub status: &'static str,
    pub date: String,
    /// What it was paid.
    pub bonus: Option<String>,
    /// What was said last.
    pub note: Option<String>,
}

impl Content {
    /// A partner's in a program.
    pub fn of(tx: &mut Tx<'_>, w: &Words, own: &Own) -> Result<Self, Error> {
        let (program, takes) = (&own.program, own.program.widget.content);
        let filter = ClaimFilter {
            program: Some(program.id.clone()),
            partner: Some(own.partner.id.clone()),
            page: Page { limit: MOST, ..Page::default() },
            ..ClaimFilter::default()
        };
        let claims = if takes { claims::of_partner(tx, &program.vendor, &filter)? } else { Vec::new() };
        let shown = |claim: goodword_wire::Claim| {
            Some(Shown {
                address: claim.url?,
                status: match claim.status.as_str() {
                    "open" => w.content_open,
                    "granted" => w.content_granted,
                    _ => w.content_refused,
                },
                date: claim.created_at.get(..10).unwrap_or_default().to_owned(),
                bonus: claim.commission.map(|paid| program.terms.currency.show(paid.earnings)),
                note: claim.trail.into_iter().rev().find_map(|event| event.note),
            })
        };
        Ok(Self { takes, all: claims.into_iter().filter_map(shown).collect() })
    }
}

/// Sends content in.
pub async fn send(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let sent = taken(body, MAX_FORM).and_then(|body| Sent::read(&headers, &body));
    let (program, done) = match sent {
        Ok(sent) => (plain(&sent.program), filed(&app, &account, sent).await),
        Err(error) => (String::new(), Err(error)),
    };
    answered(&app, words, &account, program, ("content", done)).await
}

/// What the form says.
#[derive(Clone, Default)]
struct Sent {
    mark: String,
    program: String,
    url: String,
    file: Option<(String, Vec<u8>)>,
}

impl Sent {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Error> {
        let mut sent = Self::default();
        for part in multipart::read(read_header(headers, header::CONTENT_TYPE), body)? {
            let text = String::from_utf8_lossy(part.bytes).into_owned();
            match (part.name.as_str(), part.file) {
                ("mark", None) => sent.mark = text,
                ("program", None) => sent.program = text,
                ("url", None) => sent.url = text,
                // Where nothing was chosen an empty file without a name is sent.
                ("file", Some(name)) if !part.bytes.is_empty() => {
                    sent.file = Some((name, part.bytes.to_vec()));
                }
                _ => {}
            }
        }
        Ok(sent)
    }
}

async fn filed(app: &App, account: &Account, sent: Sent) -> Result<(), Error> {
    account.check(app, &sent.mark)?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&sent.program))?;
        let (program, partner) = (&own.program, &own.partner.id);
        if !program.widget.content || !tx.known_partner(&program.vendor, &program.id, partner)?.approved {
            return Err(Error::Forbidden("This program takes no content from you.".into()));
        }
        let now = find::now(tx, &program.vendor, real)?;
        let file = match &sent.file {
            Some((name, bytes)) => {
                Some(funding::store_file(tx, world, program, partner, &Upload { name, bytes }, now)?.id)
            }
            None => None,
        };
        let told = claims::Told::parse(&ClaimInput {
            url: Some(sent.url.trim().to_owned()),
            file_id: file.map(|id| id.to_string()),
            ..ClaimInput::default()
        })?;
        claims::filed(tx, world, program, partner, &told, ("partner", now)).map(drop)
    });
    done.await
}
