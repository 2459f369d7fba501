//! A program's terms as a document: what the API takes and gives, what a program file holds, what the store keeps of
//! every version. Server and console share it, so that both read the same terms.

pub mod condition;
mod fund;
pub mod history;
mod points;
mod registration;
mod reward;
mod settlement;
mod signals;
mod time;

pub use fund::{read as read_fund, read_stored as read_stored_fund, show as show_fund, write as write_fund};
pub use points::{
    read_article, read_catalogue, read_levels, read_prizes, read_settings as read_points, show_article,
    show_levels, show_prize, show_settings as show_points,
};
pub use registration::{read as read_registrations, show as show_registrations};
pub use reward::{read as read_reward, show as show_reward, show_rate, show_referred, unit_word};
pub use settlement::{read_all as read_settlements, show as show_settlement};
pub use signals::{changes as changed_signals, read as read_signals, show as show_signals};

use goodword_domain::Invalid;
use goodword_domain::attribution::{Model, Windows};
use goodword_domain::money::Currency;
use goodword_domain::program::Terms;
use goodword_domain::risk::Settings;
use goodword_wire::{self as wire, TermsDocument};

/// The terms as a document.
pub fn show(t: &Terms) -> TermsDocument {
    TermsDocument {
        currency: t.currency.wire(),
        attribution_model: t.model.word().into(),
        attribution_windows: show_windows(t.windows),
        new_customers_only: t.new_customers_only,
        hold_days: t.hold_days,
        min_payout: t.min_payout,
        budgeted: t.budgeted,
        rewards: t.rewards.iter().map(show_reward).collect(),
        funds: t.funds.iter().map(show_fund).collect(),
        registrations: t.registrations.as_ref().map(show_registrations),
        settlements: t.settlements.iter().map(show_settlement).collect(),
        points: show_points(t.points),
        catalogue: t.catalogue.iter().map(show_article).collect(),
        levels: t.levels.as_ref().map(show_levels),
        prizes: t.prizes.iter().map(show_prize).collect(),
        signals: changed_signals(&t.signals),
    }
}

/// Every window, told.
pub fn show_windows(w: Windows) -> wire::Windows {
    wire::Windows {
        click: Some(w.click),
        form: Some(w.form),
        code: Some(w.code),
        registration: Some(w.registration),
    }
}

/// The windows of a document; what is left out is as long as `otherwise`, in days.
pub fn read_windows(w: &wire::Windows, otherwise: i64) -> Windows {
    let days = |told: Option<i64>| told.unwrap_or(otherwise);
    Windows {
        click: days(w.click),
        form: days(w.form),
        code: days(w.code),
        registration: days(w.registration),
    }
}

/// The terms a document says. Rewards without an id are refused: the caller gives them one before.
pub fn read(d: &TermsDocument) -> Result<Terms, Invalid> {
    let reward = |(place, reward): (usize, &wire::Reward)| {
        read_reward(reward, None).map_err(|e| e.within(&format!("rewards[{place}]")))
    };
    let fund = |(place, fund): (usize, &wire::Fund)| {
        read_fund(fund, None).map_err(|e| e.within(&format!("funds[{place}]")))
    };
    Terms {
        currency: Currency::parse(&d.currency)?,
        model: Model::parse(&d.attribution_model)?,
        windows: read_windows(&d.attribution_windows, goodword_domain::program::WINDOW_DAYS),
        new_customers_only: d.new_customers_only,
        hold_days: d.hold_days,
        min_payout: d.min_payout,
        budgeted: d.budgeted,
        rewards: d.rewards.iter().enumerate().map(reward).collect::<Result<_, _>>()?,
        funds: d.funds.iter().enumerate().map(fund).collect::<Result<_, _>>()?,
        registrations: d.registrations.as_ref().map(read_registrations).transpose()?,
        settlements: read_settlements(&d.settlements)?,
        points: d.points.as_ref().map_or_else(|| Ok(points::none()), read_points)?,
        catalogue: read_catalogue(&d.catalogue)?,
        levels: d.levels.as_ref().map_or(Ok(None), read_levels)?,
        prizes: read_prizes(&d.prizes)?,
        signals: read_signals(Settings::default(), &d.signals)?,
    }
    .checked()
}
