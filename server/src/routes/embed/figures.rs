//! A partner's figures by day.

use super::Own;
use crate::app::Shared;
use crate::auth::TokenCaller;
use crate::error::Error;
use crate::http::Query;
use crate::routes::find;
use crate::store::{Figures, Tx};
use crate::time::show_day;
use crate::token::Token;
use axum::Json;
use axum::extract::State;
use goodword_domain::time::Instant;
use goodword_wire::{EmbedFigures, ErrorBody};

/// Of which days.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// How many, today included: 7 to 366. Default 30.
    #[param(minimum = 7, maximum = 366)]
    days: Option<i64>,
}

/// The partner's figures by day
///
/// UTC days, today the last. Amounts once the e-mail address is proven.
#[utoipa::path(get, path = "/v1/embed/figures", tag = "embed", params(DaysQuery),
    responses((status = 200, body = EmbedFigures), (status = "4XX", body = ErrorBody)))]
pub async fn figures(
    State(app): State<Shared>,
    TokenCaller(token): TokenCaller,
    Query(query): Query<DaysQuery>,
) -> Result<Json<EmbedFigures>, Error> {
    let days = query.days.unwrap_or(30);
    if !(7..=366).contains(&days) {
        return Err(Error::field("days", format!("must be from 7 to 366; it is {days}.")));
    }
    let real = app.world.now();
    let figures = app.store.read(move |tx| {
        let now = find::now(tx, &token.vendor, real)?;
        by_day(tx, &token, days, now)
    });
    Ok(Json(figures.await?))
}

fn by_day(tx: &mut Tx<'_>, token: &Token, days: i64, now: Instant) -> Result<EmbedFigures, Error> {
    let own = Own::find(tx, token)?;
    let links = match &token.guest {
        Some(guest) => vec![tx.link_number(&guest.link)?],
        None => tx.link_numbers(&own.program.id, &own.partner.id)?,
    };
    let proven = token.guest.is_none() && own.partner.proven_at.is_some();
    let to = now.day() + 1;
    let from = to - days;
    let told = tx.figures_of_links(&own.program.id, &links, from, to)?;
    let list = |figure: fn(&Figures) -> i64| series(&told, from..to, figure);
    Ok(EmbedFigures {
        from: show_day(from),
        clicks: list(|f| f.clicks),
        leads: list(|f| f.leads),
        sales: list(|f| f.sales),
        earnings: if proven { list(Figures::earnings) } else { Vec::new() },
    })
}

/// One figure for each day, 0 where there is none.
fn series(told: &[(i64, Figures)], days: std::ops::Range<i64>, figure: fn(&Figures) -> i64) -> Vec<i64> {
    let mut told = told.iter().peekable();
    days.map(|day| told.next_if(|(of, _)| *of == day).map_or(0, |(_, figures)| figure(figures))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_a_figure() {
        let clicks = |clicks| Figures { clicks, ..Figures::default() };
        let told = [(11, clicks(3)), (13, clicks(5))];
        assert_eq!(series(&told, 10..15, |f| f.clicks), [0, 3, 0, 5, 0]);
        assert_eq!(series(&[], 1..4, |f| f.clicks), [0, 0, 0]);
    }
}
