//! What a page may know of a program.

use crate::app::Shared;
use crate::auth::PublicCaller;
use crate::document;
use crate::error::Error;
use crate::http::Query;
use crate::routes::find;
use crate::routes::partners::ProgramQuery;
use crate::store::Program;
use crate::time::show;
use axum::Json;
use axum::extract::State;
use goodword_domain::reward::{Amount, Caps, Per, Period, Reward, Step};
use goodword_domain::time::Instant;
use goodword_wire::{EmbedConfig, EmbedReward, EmbedStep, ErrorBody, Terms, WidgetSettings};

/// In which language.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LanguageQuery {
    /// Of whose texts the vendor's own words are given: `en` (default), `fr`, `de`, `es`, `pt`, `ja` or `ar`, also with a
    /// country as in `pt-BR`.
    lang: Option<String>,
}

/// What a page may know of a program
#[utoipa::path(get, path = "/v1/embed/config", tag = "embed",
    params(("pk" = Option<String>, Query, description = "The publishable key"), ProgramQuery, LanguageQuery),
    responses((status = 200, body = EmbedConfig), (status = "4XX", body = ErrorBody)))]
pub async fn config(
    State(app): State<Shared>,
    caller: PublicCaller,
    Query(query): Query<ProgramQuery>,
    Query(language): Query<LanguageQuery>,
) -> Result<Json<EmbedConfig>, Error> {
    let real = app.world.now();
    let config = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        let vendor = find::vendor(tx, &caller.vendor)?;
        let now = vendor.clock.now(real);
        Ok(embed_config(&program, vendor.name, caller.test, language.lang.as_deref(), now))
    });
    Ok(Json(config.await?))
}

fn embed_config(
    p: &Program,
    vendor: String,
    test: bool,
    language: Option<&str>,
    now: Instant,
) -> EmbedConfig {
    let language = language.unwrap_or("en").split('-').next().unwrap_or_default().to_ascii_lowercase();
    let w = &p.widget;
    EmbedConfig {
        program_id: p.id.to_string(),
        name: p.name.clone(),
        vendor,
        url: p.url.clone(),
        currency: p.terms.currency.wire(),
        exponent: p.terms.currency.exponent(),
        mode: if test { "test" } else { "live" }.into(),
        open: p.open,
        auto_approve: p.auto_approve,
        hold_days: p.terms.hold_days,
        terms: Terms { version: p.terms_version.clone(), url: p.terms_url.clone() },
        link_parameters: p.link_parameters.clone(),
        rewards: offered(p, now).map(told).collect(),
        questions: w.questions.clone(),
        theme: w.theme.clone(),
        properties: w.properties.clone(),
        languages: w.languages.clone(),
        texts: w.texts.get(&language).cloned().unwrap_or_default(),
        leaderboard: w.leaderboard.clone().filter(|by| by != "off"),
        share_texts: share_texts(w),
        assets: w.assets.clone(),
    }
}

/// The texts to share, each with what must be said with it.
fn share_texts(w: &WidgetSettings) -> Vec<String> {
    let Some(disclosure) = w.disclosure.as_deref() else { return w.share_texts.clone() };
    let alone = ["{link}".to_owned()];
    let texts = if w.share_texts.is_empty() { &alone[..] } else { &w.share_texts };
    texts.iter().map(|text| format!("{text} {disclosure}")).collect()
}

/// The rewards a program offers everybody now: those of a group are between the vendor and that group.
pub fn offered(p: &Program, now: Instant) -> impl Iterator<Item = &Reward> {
    p.terms.rewards.iter().filter(|r| r.group.is_none()).filter(move |r| in_force(r, now))
}

/// Whether a reward is paid for what happens now.
pub fn in_force(r: &Reward, now: Instant) -> bool {
    r.starts_at.is_none_or(|start| start <= now) && r.ends_at.is_none_or(|end| now < end)
}

fn told(r: &Reward) -> EmbedReward {
    let (cap, cap_per) = narrowest(r.caps).unzip();
    let (kind, amount, percentage) = match &r.amount {
        Amount::Rate(rate) => document::show_rate(*rate),
        Amount::Tiers(_) => ("tiers", None, None),
    };
    let tiers = if let Amount::Tiers(tiers) = &r.amount { Some(tiers) } else { None };
    EmbedReward {
        event: r.event.word().into(),
        event_name: r.event.name().map(str::to_owned),
        kind: kind.into(),
        amount,
        percentage,
        max_duration: r.months,
        unit: document::unit_word(r.unit),
        per_unit: r.per == Per::Unit,
        per_amount: if let Per::Amount(per) = r.per { Some(per) } else { None },
        steps: tiers.map(|tiers| tiers.steps.iter().map(step).collect()).unwrap_or_default(),
        measure: tiers.map(|tiers| tiers.measure.word().into()),
        period: tiers.map(|tiers| tiers.period.word().into()),
        cap,
        cap_per: cap_per.map(str::to_owned),
        ends_at: r.ends_at.map(show),
    }
}

fn step(step: &Step) -> EmbedStep {
    let (_, amount, percentage) = document::show_rate(step.rate);
    EmbedStep { from: step.from, amount, percentage }
}

/// The cap a partner meets first, and for what it is. The one on all partners together is the vendor's own business, and one of a
/// day bounds no partner's earnings.
fn narrowest(caps: Caps) -> Option<(i64, &'static str)> {
    let event = caps.event.map(|amount| (amount, "event"));
    let customer = caps.customer.map(|amount| (amount, "customer"));
    let partner = caps
        .partner
        .filter(|(_, period)| *period != Period::Day)
        .map(|(amount, period)| (amount, period.word()));
    event.or(customer).or(partner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cap_that_is_met_first() {
        let all = Caps {
            event: Some(1),
            customer: Some(2),
            partner: Some((3, Period::Month)),
            total: Some((4, Period::Year)),
        };
        assert_eq!(narrowest(all), Some((1, "event")));
        assert_eq!(narrowest(Caps { event: None, ..all }), Some((2, "customer")));
        assert_eq!(narrowest(Caps { event: None, customer: None, ..all }), Some((3, "month")));
        assert_eq!(narrowest(Caps { total: all.total, ..Caps::default() }), None);
    }
}
