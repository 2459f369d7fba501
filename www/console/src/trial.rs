//! Trying terms before they are saved: the history of the program decided anew, by the code the server decides with. Pure.

use crate::text::t;
use goodword_document::{history, read};
use goodword_domain::id::{PartnerId, RewardId};
use goodword_domain::program::Terms;
use goodword_domain::simulation::{Earnings, Event, Partner};
use goodword_wire::{History, HistoryPartner, Program, ProgramInput, Reward, TermsDocument, Windows};
use std::collections::{BTreeMap, HashMap};

/// A program's history, ready to be decided about.
pub struct Past {
    pub partners: HashMap<PartnerId, Partner>,
    pub events: Vec<Event>,
    pub told: Vec<HistoryPartner>,
}

/// One partner, or all together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub name: String,
    /// What was in fact earned, minor units.
    pub earned: i64,
    /// By the terms in force, and by the changed ones.
    pub before: Earnings,
    pub after: Earnings,
}

impl Past {
    /// From the parts the server told; else what it said that nobody understands.
    pub fn of(parts: &[History]) -> Result<Self, String> {
        let told: Vec<HistoryPartner> = parts.iter().flat_map(|part| part.partners.clone()).collect();
        let partners = history::partners(&told).map_err(|refusal| refusal.to_string())?;
        let events = parts.iter().flat_map(|part| &part.events).map(history::event);
        let events = events.collect::<Result<_, _>>().map_err(|refusal| refusal.to_string())?;
        Ok(Self { partners, events, told })
    }
}

/// The terms in force.
pub fn in_force(program: &Program) -> Result<Terms, String> {
    terms(&TermsDocument {
        currency: program.currency.clone(),
        attribution_model: program.attribution_model.clone(),
        attribution_windows: program.attribution_windows.clone(),
        new_customers_only: program.new_customers_only,
        hold_days: program.hold_days,
        min_payout: program.min_payout,
        budgeted: program.budgeted,
        rewards: program.rewards.clone(),
        points: program.points.clone(),
        levels: program.levels.clone(),
        ..TermsDocument::default()
    })
}

/// The terms of the program with what was changed of it.
pub fn changed(program: &Program, input: &ProgramInput) -> Result<Terms, String> {
    let days = input.attribution_windows.clone().unwrap_or_else(|| program.attribution_windows.clone());
    let kept = &program.attribution_windows;
    terms(&TermsDocument {
        currency: program.currency.clone(),
        attribution_model: input
            .attribution_model
            .clone()
            .unwrap_or_else(|| program.attribution_model.clone()),
        attribution_windows: Windows {
            click: days.click.or(kept.click),
            form: days.form.or(kept.form),
            code: days.code.or(kept.code),
            registration: days.registration.or(kept.registration),
        },
        new_customers_only: input.new_customers_only.unwrap_or(program.new_customers_only),
        hold_days: input.hold_days.unwrap_or(program.hold_days),
        min_payout: input.min_payout.unwrap_or(program.min_payout),
        budgeted: input.budgeted.unwrap_or(program.budgeted),
        rewards: input.rewards.clone().unwrap_or_else(|| program.rewards.clone()),
        points: input.points.clone().or_else(|| program.points.clone()),
        levels: input.levels.clone().or_else(|| program.levels.clone()),
        ..TermsDocument::default()
    })
}

/// A reward that is new has no id yet, and is given one that no other has.
fn terms(document: &TermsDocument) -> Result<Terms, String> {
    let named = |(place, reward): (u128, &Reward)| Reward {
        id: reward.id.clone().or_else(|| Some(RewardId::from_bits(place).to_string())),
        ..reward.clone()
    };
    let rewards = (1..).zip(&document.rewards).map(named).collect();
    read(&TermsDocument { rewards, ..document.clone() }).map_err(|refusal| refusal.to_string())
}

/// Everybody with anything, whoever's figures change most first; before them all together.
pub fn rows(
    told: &[HistoryPartner],
    before: &BTreeMap<PartnerId, Earnings>,
    after: &BTreeMap<PartnerId, Earnings>,
) -> Vec<Row> {
    let of = |sums: &BTreeMap<PartnerId, Earnings>, id: &str| {
        PartnerId::parse(id).ok().and_then(|id| sums.get(&id).copied()).unwrap_or_default()
    };
    let row = |partner: &HistoryPartner| Row {
        id: partner.id.clone(),
        name: partner.name.clone(),
        earned: partner.earned,
        before: of(before, &partner.id),
        after: of(after, &partner.id),
    };
    let none = Earnings::default();
    let some = |row: &Row| row.earned != 0 || row.before != none || row.after != none;
    let mut rows: Vec<Row> = told.iter().map(row).filter(some).collect();
    rows.sort_by_key(|row| {
        (-(row.after.money - row.before.money).abs(), -row.before.money, row.name.clone())
    });
    let mut all = Row { name: t("All partners").into(), ..Row::default() };
    for row in &rows {
        all.earned += row.earned;
        for (sum, one) in [(&mut all.before, row.before), (&mut all.after, row.after)] {
            sum.commissions += one.commissions;
            sum.money += one.money;
            sum.held += one.held;
            sum.points += one.points;
        }
    }
    rows.insert(0, all);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(number: u128, name: &str, earned: i64) -> HistoryPartner {
        let id = PartnerId::from_bits(number).to_string();
        HistoryPartner { id, name: name.into(), group_id: None, group: None, approved: true, earned }
    }

    #[test]
    fn whoever_changes_most_comes_first_after_all_together() {
        let told = [partner(1, "Anna", 100), partner(2, "Bert", 200), partner(3, "Cara", 0)];
        let sums = |anna: i64, bert: i64| {
            let of = |number, money| {
                (PartnerId::from_bits(number), Earnings { commissions: 1, money, ..Earnings::default() })
            };
            BTreeMap::from([of(1, anna), of(2, bert)])
        };
        let rows = rows(&told, &sums(100, 200), &sums(110, 150));
        let shown: Vec<_> =
            rows.iter().map(|row| (row.name.as_str(), row.after.money - row.before.money)).collect();
        assert_eq!(shown, [("All partners", -40), ("Bert", -50), ("Anna", 10)]);
        assert_eq!((rows[0].earned, rows[0].before.commissions), (300, 2));
    }
}
