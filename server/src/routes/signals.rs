//! The rules that look for something suspicious.

use crate::auth::VendorCaller;
use crate::document;
use crate::error::Error;
use axum::Json;
use goodword_domain::risk::{Rule, Scope, Settings, Sites, Threshold};
use goodword_wire::{ErrorBody, SignalRule, SignalRules, SignalSetting};

/// The rules behind signals
///
/// What each looks for, what it does unless the program says otherwise, and the range of its figures.
#[utoipa::path(get, path = "/v1/signals", tag = "reviews",
    responses((status = 200, body = SignalRules), (status = "4XX", body = ErrorBody)))]
pub async fn list(_: VendorCaller) -> Result<Json<SignalRules>, Error> {
    Ok(Json(SignalRules {
        rules: Rule::ALL.into_iter().map(rule).collect(),
        lists: Sites::ALL.into_iter().map(|list| list.field().to_owned()).collect(),
        defaults: document::show_signals(&Settings::default()).into(),
    }))
}

fn rule(rule: Rule) -> SignalRule {
    let own = Threshold::ALL.into_iter().filter_map(|threshold| {
        let name = threshold.field().strip_prefix(rule.word())?.strip_prefix('.')?;
        let (least, most) = threshold.range();
        Some(SignalSetting { name: name.to_owned(), default: threshold.default_figure(), least, most })
    });
    SignalRule {
        rule: rule.word().into(),
        explanation: rule.explanation().into(),
        action: rule.default_action().word().into(),
        scope: match rule.scope() {
            Scope::Event => "event",
            Scope::Customer => "customer",
        }
        .into(),
        settings: own.collect(),
    }
}
