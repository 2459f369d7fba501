//! A program's terms while they are typed: every field as text, amounts in units of the currency. Pure.

mod condition;
mod fault;
pub mod fund;
pub mod list;
mod reward;

pub use condition::{Compare, Group, Join, NUMBERS, Op, Part};
pub use fault::{Fault, Faults};
#[cfg(test)]
pub use reward::SplitForm;
pub use reward::{Lasts, RewardForm, StepForm, TiersForm};

use crate::format;
use fault::Reading;
use goodword_wire::{Program, ProgramInput, Reward, Terms, Windows};

/// All of a program that can be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsForm {
    pub name: String,
    pub url: String,
    pub is_open: bool,
    pub auto_approve: bool,
    pub model: String,
    /// Days.
    pub windows: WindowsForm,
    pub new_customers_only: bool,
    /// Days.
    pub hold_days: String,
    /// Units of the currency.
    pub min_payout: String,
    pub budgeted: bool,
    pub agreed_version: String,
    pub agreed_url: String,
    /// Separated by commas.
    pub link_parameters: String,
    /// Days; 0 is for ever.
    pub click_retention_days: String,
    /// Names of groups to add, separated by commas.
    pub new_groups: String,
    pub rewards: Vec<RewardForm>,
}

/// How long each kind of touchpoint counts, days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowsForm {
    pub click: String,
    pub form: String,
    pub code: String,
    pub registration: String,
}

impl TermsForm {
    /// What a program says.
    pub fn of(program: &Program) -> Self {
        let days = |days: Option<i64>| days.map_or_else(String::new, |days| days.to_string());
        let windows = &program.attribution_windows;
        Self {
            name: program.name.clone(),
            url: program.url.clone(),
            is_open: program.status == "open",
            auto_approve: program.auto_approve,
            model: program.attribution_model.clone(),
            windows: WindowsForm {
                click: days(windows.click),
                form: days(windows.form),
                code: days(windows.code),
                registration: days(windows.registration),
            },
            new_customers_only: program.new_customers_only,
            hold_days: program.hold_days.to_string(),
            min_payout: format::units(program.min_payout, &program.currency),
            budgeted: program.budgeted,
            agreed_version: program.terms.version.clone(),
            agreed_url: program.terms.url.clone(),
            link_parameters: list::show(&program.link_parameters),
            click_retention_days: program.click_retention_days.to_string(),
            new_groups: String::new(),
            rewards: program.rewards.iter().map(|reward| RewardForm::of(reward, &program.currency)).collect(),
        }
    }

    /// What is sent to the server; else what to type instead, field by field.
    pub fn read(&self, currency: &str) -> Result<ProgramInput, Vec<Fault>> {
        let mut reading = Reading::new(currency);
        let rewards = (0..).zip(&self.rewards).map(|(place, reward)| {
            reading.within(&format!("rewards[{place}]"), |reading| reward.read(reading))
        });
        let rewards = rewards.collect();
        let days = |reading: &mut Reading, name: &str, text: &str| {
            reading.whole(&format!("attributionWindows.{name}"), text)
        };
        let windows = Windows {
            click: days(&mut reading, "click", &self.windows.click),
            form: days(&mut reading, "form", &self.windows.form),
            code: days(&mut reading, "code", &self.windows.code),
            registration: days(&mut reading, "registration", &self.windows.registration),
        };
        let groups = list::read(&self.new_groups);
        let input = ProgramInput {
            name: Some(self.name.trim().to_owned()),
            url: Some(self.url.trim().to_owned()),
            status: Some(if self.is_open { "open" } else { "closed" }.to_owned()),
            auto_approve: Some(self.auto_approve),
            attribution_model: Some(self.model.clone()),
            attribution_windows: Some(windows),
            new_customers_only: Some(self.new_customers_only),
            hold_days: reading.whole("holdDays", &self.hold_days),
            min_payout: reading.money("minPayout", &self.min_payout, currency),
            budgeted: Some(self.budgeted),
            terms: Some(Terms {
                version: self.agreed_version.trim().to_owned(),
                url: self.agreed_url.trim().to_owned(),
            }),
            link_parameters: Some(list::read(&self.link_parameters)),
            click_retention_days: reading.whole("clickRetentionDays", &self.click_retention_days),
            groups: (!groups.is_empty()).then_some(groups),
            rewards: Some(rewards),
            ..ProgramInput::default()
        };
        reading.end(input)
    }

    /// Every place of the form at which a fault can be shown.
    pub fn paths(&self) -> Vec<String> {
        let own = [
            "name",
            "url",
            "attributionModel",
            "attributionWindows",
            "attributionWindows.click",
            "attributionWindows.form",
            "attributionWindows.code",
            "attributionWindows.registration",
            "holdDays",
            "minPayout",
            "terms.version",
            "terms.url",
            "linkParameters",
            "clickRetentionDays",
            "groups",
        ];
        let own = own.into_iter().map(str::to_owned);
        let rewards =
            (0..).zip(&self.rewards).flat_map(|(place, reward)| reward.paths(&format!("rewards[{place}]")));
        own.chain(rewards).collect()
    }
}

/// One reward, if nothing is wrong with it.
pub fn one(form: &RewardForm, currency: &str) -> Option<Reward> {
    let mut reading = Reading::new(currency);
    let reward = form.read(&mut reading);
    reading.end(reward).ok()
}

#[cfg(test)]
#[path = "terms_tests.rs"]
mod tests;
