//! The rules of registrations as documents.

use super::show_rate;
use goodword_domain::Invalid;
use goodword_domain::registration::{Conflict, Overdue, Settings, Stage};
use goodword_domain::reward::Rate;
use goodword_wire::{BonusTerms, RegistrationTerms, StageTerms};

/// The defaults: days of protection, hours of review, extensions, and days of each.
const DEFAULTS: (i64, i64, i64, i64) = (90, 48, 1, 30);

/// The rules as a document, with every default told.
pub fn show(s: &Settings) -> RegistrationTerms {
    let bonus = s.bonus.map(|rate| {
        let (_, amount, percentage) = show_rate(rate);
        BonusTerms { amount, percentage, cap: s.bonus_cap }
    });
    RegistrationTerms {
        protection_days: Some(s.protection_days),
        review_hours: Some(s.review_hours),
        overdue: Some(s.overdue.word().into()),
        extensions: Some(s.extensions),
        extension_days: Some(s.extension_days),
        conflict: Some(s.conflict.word().into()),
        stages: s.stages.iter().map(|s| StageTerms { name: s.name.clone(), amount: s.amount }).collect(),
        bonus,
    }
}

/// The rules a document says; the fields of errors begin with `registrations`.
pub fn read(d: &RegistrationTerms) -> Result<Settings, Invalid> {
    settings(d).map_err(|e| e.within("registrations"))
}

fn settings(d: &RegistrationTerms) -> Result<Settings, Invalid> {
    let (protection, review, extensions, extension) = DEFAULTS;
    let stage = |s: &StageTerms| Stage { name: s.name.trim().to_owned(), amount: s.amount };
    Settings {
        protection_days: d.protection_days.unwrap_or(protection),
        review_hours: d.review_hours.unwrap_or(review),
        overdue: d.overdue.as_deref().map_or(Ok(Overdue::Wait), Overdue::parse)?,
        extensions: d.extensions.unwrap_or(extensions),
        extension_days: d.extension_days.unwrap_or(extension),
        conflict: d.conflict.as_deref().map_or(Ok(Conflict::Refuse), Conflict::parse)?,
        stages: d.stages.iter().map(stage).collect(),
        bonus: d.bonus.as_ref().map(rate).transpose()?,
        bonus_cap: d.bonus.as_ref().and_then(|bonus| bonus.cap),
    }
    .checked()
}

fn rate(bonus: &BonusTerms) -> Result<Rate, Invalid> {
    let kind = if bonus.amount.is_some() { "flat" } else { "percentage" };
    Rate::parse(kind, bonus.amount, bonus.percentage.as_deref()).map_err(|e| e.within("bonus"))
}
