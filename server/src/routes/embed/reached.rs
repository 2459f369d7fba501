//! What a partner has reached besides money: points, a level, completions, what can be redeemed; credits and free months.

use super::Own;
use crate::error::Error;
use crate::routes::points::balance;
use crate::store::Tx;
use crate::time::show;
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use goodword_wire::{EmbedArticle, EmbedCompleted, EmbedLevel, EmbedPoints, EmbedProduct, LevelStanding};

/// How many completions are told.
const MOST_COMPLETED: i64 = 20;

/// The partner's points; none where the program has none.
pub fn points(
    tx: &mut Tx<'_>,
    public_url: &str,
    own: &Own,
    now: Instant,
) -> Result<Option<EmbedPoints>, Error> {
    let (program, partner) = (&own.program, &own.partner.id);
    if !program.terms.has_points() {
        return Ok(None);
    }
    let balance = balance(tx, program, partner, now)?;
    let mut articles = Vec::new();
    for article in &program.terms.catalogue {
        let taken = tx.redeemed(&program.id, partner, &article.key)?;
        articles.push(EmbedArticle {
            name: article.name.clone(),
            price: article.price,
            missing: (article.price - balance.available).max(0),
            left: article.left(taken),
        });
    }
    let completed = tx.completions_of(&program.id, partner, MOST_COMPLETED)?;
    let told = completed.into_iter().map(|row| EmbedCompleted {
        event_name: row.event_name,
        badge: row.badge,
        at: show(row.at),
    });
    Ok(Some(EmbedPoints {
        available: balance.available,
        held: balance.held,
        owed: balance.owed,
        expiring: balance.expiring,
        expires_at: balance.expires_at,
        level: balance.level.map(level),
        articles,
        completed: told.collect(),
        url: format!("{public_url}/p/account/points?program={}", program.id),
    }))
}

fn level(standing: LevelStanding) -> EmbedLevel {
    let LevelStanding { name, elite, times, points, next, missing, .. } = standing;
    EmbedLevel { name, elite, times, points, next, missing }
}

/// What the partner has of what is settled in the product.
pub fn product(tx: &mut Tx<'_>, own: &Own) -> Result<Vec<EmbedProduct>, Error> {
    let mut all = Vec::new();
    for unit in [Currency::CREDITS, Currency::MONTHS] {
        let has = tx.partner_balances(&own.program.id, &own.partner.id, unit)?;
        let earned = has.payable + has.sent + has.paid;
        if earned != 0 || has.held != 0 {
            all.push(EmbedProduct { unit: unit.wire(), pending: has.held, earned });
        }
    }
    Ok(all)
}
