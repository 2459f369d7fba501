//! The leaderboard: who brings most in a period.

use crate::app::{App, Shared};
use crate::auth::{PartnerCaller, PublicCaller};
use crate::error::Error;
use crate::http::Query;
use crate::routes::find;
use crate::store::{Program, Tx};
use crate::time::show_day;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::leaderboard::{Standing, ranked, top};
use goodword_domain::reward::Period;
use goodword_domain::time::Instant;
use goodword_wire::{EmbedLeaderboard, EmbedRank, ErrorBody};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// How many places are shown where the program does not say.
const PLACES: i64 = 10;
/// For how long a leaderboard is the same: 10 seconds.
const KEPT_MS: i64 = 10_000;

/// Over what.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// `month` (default), `quarter`, `year` or `all`; UTC.
    period: Option<String>,
    /// The program. Default: the vendor's default program; with a token, the token's.
    program_id: Option<String>,
}

impl BoardQuery {
    fn period(&self) -> Result<Period, Error> {
        match self.period.as_deref() {
            None | Some("month") => Ok(Period::Month),
            Some("quarter") => Ok(Period::Quarter),
            Some("year") => Ok(Period::Year),
            Some("all") => Ok(Period::Ever),
            Some(_) => Err(Error::field("period", "must be `month`, `quarter`, `year` or `all`.")),
        }
    }
}

/// Everybody's places, and the names that may be shown.
pub struct Board {
    by: String,
    period: Period,
    first_day: Option<i64>,
    places: usize,
    standings: Vec<Standing<PartnerId>>,
    names: BTreeMap<PartnerId, String>,
}

/// Which leaderboard: a program's, over a period by its word.
type Which = (ProgramId, &'static str);

/// Leaderboards that were counted a moment ago, each with when.
#[derive(Default)]
pub struct Boards(Mutex<HashMap<Which, (Instant, Arc<Board>)>>);

impl Boards {
    /// How many are kept; with more, it starts afresh.
    const MOST: usize = 1_000;

    fn get(&self, key: &Which, real: Instant) -> Option<Arc<Board>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(at, _)| (at.0..at.0 + KEPT_MS).contains(&real.0)).map(|(_, b)| Arc::clone(b))
    }

    fn keep(&self, key: Which, real: Instant, board: &Arc<Board>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= Self::MOST {
            kept.clear();
        }
        kept.insert(key, (real, Arc::clone(board)));
    }
}

/// The leaderboard
///
/// Only where the program has one. Partners who brought nothing are not in it, those who brought as much share a place, and
/// nobody is named who did not agree to be.
#[utoipa::path(get, path = "/v1/embed/leaderboard", tag = "embed",
    params(("pk" = Option<String>, Query, description = "The publishable key"), BoardQuery),
    responses((status = 200, body = EmbedLeaderboard), (status = "4XX", body = ErrorBody)))]
pub async fn leaderboard(
    State(app): State<Shared>,
    caller: PublicCaller,
    Query(query): Query<BoardQuery>,
) -> Result<Response, Error> {
    let board = board(&app, caller.vendor, query.program_id.clone(), query.period()?).await?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=10")], Json(board.show(None))).into_response())
}

/// The leaderboard with the partner's own place, once the e-mail address is proven
#[utoipa::path(get, path = "/v1/embed/me/leaderboard", tag = "embed", params(BoardQuery),
    responses((status = 200, body = EmbedLeaderboard), (status = "4XX", body = ErrorBody)))]
pub async fn own_leaderboard(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Query(query): Query<BoardQuery>,
) -> Result<Response, Error> {
    let program = Some(token.program.to_string());
    let board = board(&app, token.vendor, program, query.period()?).await?;
    let own = Json(board.show(Some(&token.partner)));
    Ok(([(header::CACHE_CONTROL, "private, no-store")], own).into_response())
}

async fn board(
    app: &App,
    vendor: VendorId,
    program: Option<String>,
    period: Period,
) -> Result<Arc<Board>, Error> {
    let real = app.world.now();
    let program = app.store.read(move |tx| find::program(tx, &vendor, program.as_deref())).await?;
    let by = by(&program)?;
    let key = (program.id.clone(), period.word());
    let settings = (by.clone(), places(&program));
    let kept = app.boards.get(&key, real).filter(|b| (b.by.clone(), b.places) == settings);
    if let Some(board) = kept {
        return Ok(board);
    }
    let counted = app.store.read(move |tx| {
        let now = find::now(tx, &program.vendor, real)?;
        Board::count(tx, &program, &by, period, now)
    });
    let board = Arc::new(counted.await?);
    app.boards.keep(key, real, &board);
    Ok(board)
}

/// What a program ranks its partners by.
fn by(program: &Program) -> Result<String, Error> {
    let by = program.widget.leaderboard.clone().filter(|by| by != "off");
    by.ok_or_else(|| Error::NotFound("This program has no leaderboard.".into()))
}

fn places(program: &Program) -> usize {
    usize::try_from(program.widget.leaderboard_places.unwrap_or(PLACES)).unwrap_or_default()
}

impl Board {
    fn count(
        tx: &mut Tx<'_>,
        program: &Program,
        by: &str,
        period: Period,
        now: Instant,
    ) -> Result<Self, Error> {
        let (from, to) = period.around(now);
        let ever = period == Period::Ever;
        let days = if ever { (i64::MIN, i64::MAX) } else { (from.day(), to.day()) };
        let brought = tx.brought_by_partner(&program.id, days.0, days.1)?;
        let count = |(who, leads, sales)| (who, if by == "leads" { leads } else { sales });
        let standings = ranked(brought.into_iter().map(count).collect());
        let places = places(program);
        let shown: Vec<String> = top(&standings, places).iter().map(|s| s.who.to_string()).collect();
        Ok(Self {
            by: by.to_owned(),
            period,
            first_day: (!ever).then_some(days.0),
            places,
            names: tx.shown_names(&shown)?,
            standings,
        })
    }

    fn show(&self, own: Option<&PartnerId>) -> EmbedLeaderboard {
        let mine = own.and_then(|own| self.standings.iter().find(|standing| standing.who == *own));
        let rows = top(&self.standings, self.places).iter();
        EmbedLeaderboard {
            by: self.by.clone(),
            period: if self.period == Period::Ever { "all" } else { self.period.word() }.into(),
            from: self.first_day.map(show_day),
            rows: rows.map(|standing| self.row(standing, own)).collect(),
            own: mine.map(|standing| self.row(standing, own)),
            partners: i64::try_from(self.standings.len()).unwrap_or_default(),
        }
    }

    fn row(&self, standing: &Standing<PartnerId>, own: Option<&PartnerId>) -> EmbedRank {
        EmbedRank {
            rank: standing.rank,
            name: self.names.get(&standing.who).cloned(),
            count: standing.count,
            own: own == Some(&standing.who),
        }
    }
}
