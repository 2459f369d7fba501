//! Points, the catalogue, levels and prizes as documents.

use goodword_domain::Invalid;
use goodword_domain::fund::Expiry;
use goodword_domain::points::{Article, ArticleKind, Level, Levels, Multiplier, Over, Prize, Settings};
use goodword_domain::reward::Period;
use goodword_wire::{ArticleTerms, LevelTerms, LevelsTerms, PointsTerms, PrizeTerms};

/// After how many days a prize is settled where nothing is said.
const GRACE_DAYS: i64 = 10;

/// How points behave; none where all is as it comes.
pub fn show_settings(s: Settings) -> Option<PointsTerms> {
    let (expire_days, expire_end) = match s.expiry {
        Expiry::Never => (None, None),
        Expiry::Days(days) => (Some(days), None),
        Expiry::End(period) => (None, Some(period.word().to_owned())),
    };
    let budgeted = s.budgeted.then_some(true);
    (s != Settings::default()).then_some(PointsTerms { expire_days, expire_end, budgeted })
}

/// Those of a document that says nothing of them.
pub fn none() -> Settings {
    Settings::default()
}

/// The settings a document says.
pub fn read_settings(d: &PointsTerms) -> Result<Settings, Invalid> {
    let read = || {
        let expiry = match (d.expire_days, &d.expire_end) {
            (None, None) => Expiry::Never,
            (Some(days), None) => Expiry::Days(days),
            (None, Some(word)) => {
                Expiry::End(Period::parse(word).map_err(|e| Invalid::new("expireEnd", e.remedy))?)
            }
            (Some(_), Some(_)) => {
                return Err(Invalid::new("expireEnd", "and `expireDays` do not go together."));
            }
        };
        Settings { expiry, budgeted: d.budgeted.unwrap_or(false) }.checked()
    };
    read().map_err(|e| e.within("points"))
}

/// An article as a document.
pub fn show_article(a: &Article) -> ArticleTerms {
    ArticleTerms {
        key: a.key.clone(),
        name: a.name.clone(),
        kind: a.kind.word().into(),
        price: a.price,
        stock: a.stock,
        per_partner: a.per_partner,
    }
}

/// An article a document says.
pub fn read_article(d: &ArticleTerms) -> Result<Article, Invalid> {
    Article {
        key: d.key.clone(),
        name: d.name.trim().to_owned(),
        kind: ArticleKind::parse(&d.kind)?,
        price: d.price,
        stock: d.stock,
        per_partner: d.per_partner,
    }
    .checked()
}

/// The catalogue a document says; the fields of errors begin with `catalogue`.
pub fn read_catalogue(all: &[ArticleTerms]) -> Result<Vec<Article>, Invalid> {
    let one = |(place, article)| {
        read_article(article).map_err(|e: Invalid| e.within(&format!("catalogue[{place}]")))
    };
    all.iter().enumerate().map(one).collect()
}

/// Levels as a document.
pub fn show_levels(l: &Levels) -> LevelsTerms {
    let (days, period) = match l.over {
        Over::Rolling(days) => (Some(days), None),
        Over::Calendar(period) => (None, Some(period.word().to_owned())),
    };
    let step = |level: &Level| LevelTerms {
        name: level.name.clone(),
        from: level.from,
        times: (level.times != Multiplier::ONCE).then(|| level.times.to_string()),
        elite: level.elite,
    };
    let grace_days = (l.grace_days != 0).then_some(l.grace_days);
    LevelsTerms { days, period, grace_days, steps: l.steps.iter().map(step).collect() }
}

/// The levels a document says; none where it has no steps.
pub fn read_levels(d: &LevelsTerms) -> Result<Option<Levels>, Invalid> {
    if *d == LevelsTerms::default() {
        return Ok(None);
    }
    let read = || {
        let over = match (d.days, &d.period) {
            (Some(days), None) => Over::Rolling(days),
            (None, Some(word)) => Over::Calendar(Period::parse(word)?),
            _ => return Err(Invalid::new("period", "or `days` is needed, and not both.")),
        };
        let steps = d.steps.iter().enumerate().map(level).collect::<Result<_, _>>()?;
        Levels { over, grace_days: d.grace_days.unwrap_or(0), steps }.checked()
    };
    read().map(Some).map_err(|e| e.within("levels"))
}

fn level((place, d): (usize, &LevelTerms)) -> Result<Level, Invalid> {
    let times = d.times.as_deref().map_or(Ok(Multiplier::ONCE), Multiplier::parse);
    let times = times.map_err(|e| e.within(&format!("steps[{place}]")))?;
    Ok(Level { name: d.name.trim().to_owned(), from: d.from, times, elite: d.elite })
}

/// A prize as a document.
pub fn show_prize(p: &Prize) -> PrizeTerms {
    PrizeTerms {
        key: p.key.clone(),
        name: Some(p.name.clone()),
        period: p.period.word().into(),
        grace_days: Some(p.grace_days),
        places: p.places.clone(),
    }
}

/// The prizes a document says; the fields of errors begin with `prizes`.
pub fn read_prizes(all: &[PrizeTerms]) -> Result<Vec<Prize>, Invalid> {
    let one = |d: &PrizeTerms| {
        Prize {
            key: d.key.clone(),
            name: d.name.as_deref().map_or(d.key.as_str(), str::trim).to_owned(),
            period: Period::parse(&d.period)?,
            grace_days: d.grace_days.unwrap_or(GRACE_DAYS),
            places: d.places.clone(),
        }
        .checked()
    };
    let at = |(place, d)| one(d).map_err(|e: Invalid| e.within(&format!("prizes[{place}]")));
    all.iter().enumerate().map(at).collect()
}
