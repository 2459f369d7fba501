//! Attribution: who is credited for a sign-up or a sale, and why everybody else is not.
//!
//! A pure function of (touchpoints, policy, instant). Precedence comes first (a code over a click), then the model
//! chooses among touchpoints of the same kind. The window is half-open, `[touch, touch + days × 24 h)`.

use crate::id::{ClickId, LinkId, PartnerId};
use crate::time::Instant;

/// How one touchpoint is chosen among several of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The latest.
    LastTouch,
    /// The earliest.
    FirstTouch,
}

/// What kind of contact it was; a later one in this list takes precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A visit through a link.
    Click,
    /// A code typed or spoken.
    Code,
}

/// One contact between a visitor and a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Its kind.
    pub kind: Kind,
    /// Whose link or code.
    pub partner: PartnerId,
    /// The link or the code's link.
    pub link: LinkId,
    /// The click, where it was one.
    pub click: Option<ClickId>,
    /// When.
    pub at: Instant,
    /// Whether the partner was approved in the program.
    pub approved: bool,
}

/// The partner a customer was bound to before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Whom.
    pub partner: PartnerId,
    /// The link that won.
    pub link: LinkId,
    /// The click that won, where it was one.
    pub click: Option<ClickId>,
    /// What kind of touchpoint won.
    pub by: Kind,
    /// Whether the partner is still approved.
    pub approved: bool,
    /// Whether a sale of this customer has earned a commission already.
    pub earned: bool,
}

/// What the program decided about attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The model.
    pub model: Model,
    /// The window in days of 24 hours.
    pub window_days: i64,
}

/// Why a touchpoint counted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one.
    Credited,
    /// A later one was chosen under `last_touch`.
    LaterTouchWon,
    /// An earlier one was chosen under `first_touch`.
    EarlierTouchWon,
    /// A code was typed, and codes come before clicks.
    CodeWon,
    /// The customer is bound to a partner already.
    BindingWon,
    /// The event came at or after the end of the window.
    OutsideWindow,
    /// It happened only after the event.
    AfterTheEvent,
    /// The partner was not approved in the program.
    PartnerNotApproved,
}

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Credited: a code was typed.
    CodeTyped,
    /// Credited by the model.
    LastTouch,
    /// Credited by the model.
    FirstTouch,
    /// Credited: bound at the sign-up.
    Bound,
    /// Not credited: nobody referred this person.
    NoTouchpoint,
    /// Not credited: every contact was too long ago.
    OutsideWindow,
    /// Not credited: every contact came after the event.
    AfterTheEvent,
    /// Not credited: the partner was not approved.
    PartnerNotApproved,
}

/// Who won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Winner {
    /// Whom to credit.
    pub partner: PartnerId,
    /// By which link.
    pub link: LinkId,
    /// By which click, where it was one.
    pub click: Option<ClickId>,
    /// What kind of touchpoint won, now or when the customer was bound.
    pub by: Kind,
}

/// The decision with its grounds: one verdict per touchpoint, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who is credited, if anybody.
    pub winner: Option<Winner>,
    /// The outcome in one word.
    pub reason: Reason,
    /// Why each touchpoint counted or not.
    pub verdicts: Vec<Verdict>,
}

/// Decides on an event at `at`. A binding stands, but a code typed with the event beats a binding that came from a
/// click for as long as the customer has earned nobody anything: precedence is code before click, and money once
/// credited is not argued over again.
pub fn decide(binding: Option<&Binding>, touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    match binding {
        Some(bound) if !code_beats(bound, touches, policy, at) => keep(bound, touches, policy, at),
        _ => choose(touches, policy, at),
    }
}

fn code_beats(bound: &Binding, touches: &[Touch], policy: Policy, at: Instant) -> bool {
    let code_counts = touches.iter().any(|t| t.kind == Kind::Code && bar(t, policy, at).is_none());
    bound.by == Kind::Click && !bound.earned && code_counts
}

fn keep(bound: &Binding, touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    let verdicts = touches.iter().map(|t| bar(t, policy, at).unwrap_or(Verdict::BindingWon)).collect();
    if !bound.approved {
        return Decision { winner: None, reason: Reason::PartnerNotApproved, verdicts };
    }
    let winner = Winner {
        partner: bound.partner.clone(),
        link: bound.link.clone(),
        click: bound.click.clone(),
        by: bound.by,
    };
    Decision { winner: Some(winner), reason: Reason::Bound, verdicts }
}

fn choose(touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    let counting = |t: &&(usize, &Touch)| bar(t.1, policy, at).is_none();
    let numbered: Vec<_> = touches.iter().enumerate().collect();
    let best_kind = numbered.iter().filter(counting).map(|(_, t)| t.kind).max();
    let rivals = numbered.iter().filter(counting).filter(|(_, t)| Some(t.kind) == best_kind);
    let chosen = match policy.model {
        Model::LastTouch => rivals.max_by_key(|(i, t)| (t.at, *i)),
        Model::FirstTouch => rivals.min_by_key(|(i, t)| (t.at, *i)),
    };
    let Some((index, winner)) = chosen else { return nobody(touches, policy, at) };
    let verdict = |(i, t): (usize, &Touch)| match bar(t, policy, at) {
        Some(bar) => bar,
        None if i == *index => Verdict::Credited,
        None if t.kind < winner.kind => Verdict::CodeWon,
        None if policy.model == Model::LastTouch => Verdict::LaterTouchWon,
        None => Verdict::EarlierTouchWon,
    };
    Decision {
        verdicts: touches.iter().enumerate().map(verdict).collect(),
        reason: match (winner.kind, policy.model) {
            (Kind::Code, _) => Reason::CodeTyped,
            (Kind::Click, Model::LastTouch) => Reason::LastTouch,
            (Kind::Click, Model::FirstTouch) => Reason::FirstTouch,
        },
        winner: Some(Winner {
            partner: winner.partner.clone(),
            link: winner.link.clone(),
            click: winner.click.clone(),
            by: winner.kind,
        }),
    }
}

/// Nobody is credited: the reason is that of the contact that came nearest to counting.
fn nobody(touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    let verdicts: Vec<_> = touches.iter().filter_map(|t| bar(t, policy, at)).collect();
    let reason = [
        (Verdict::PartnerNotApproved, Reason::PartnerNotApproved),
        (Verdict::OutsideWindow, Reason::OutsideWindow),
        (Verdict::AfterTheEvent, Reason::AfterTheEvent),
    ]
    .into_iter()
    .find_map(|(verdict, reason)| verdicts.contains(&verdict).then_some(reason))
    .unwrap_or(Reason::NoTouchpoint);
    Decision { winner: None, reason, verdicts }
}

/// What keeps a touchpoint from counting at all, whoever else there is.
fn bar(touch: &Touch, policy: Policy, at: Instant) -> Option<Verdict> {
    if touch.at > at {
        Some(Verdict::AfterTheEvent)
    } else if at >= touch.at.plus_days(policy.window_days) {
        Some(Verdict::OutsideWindow)
    } else if !touch.approved {
        Some(Verdict::PartnerNotApproved)
    } else {
        None
    }
}

impl Model {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, crate::Invalid> {
        match word {
            "last_touch" => Ok(Self::LastTouch),
            "first_touch" => Ok(Self::FirstTouch),
            _ => Err(crate::Invalid::new("attributionModel", "must be `last_touch` or `first_touch`.")),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::LastTouch => "last_touch",
            Self::FirstTouch => "first_touch",
        }
    }
}

impl Kind {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, crate::Invalid> {
        match word {
            "click" => Ok(Self::Click),
            "code" => Ok(Self::Code),
            _ => Err(crate::Invalid::new("kind", "must be `click` or `code`.")),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Code => "code",
        }
    }
}

impl Verdict {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Credited => "credited",
            Self::LaterTouchWon => "later_touch_won",
            Self::EarlierTouchWon => "earlier_touch_won",
            Self::CodeWon => "code_won",
            Self::BindingWon => "binding_won",
            Self::OutsideWindow => "outside_window",
            Self::AfterTheEvent => "after_the_event",
            Self::PartnerNotApproved => "partner_not_approved",
        }
    }
}

impl Reason {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::CodeTyped => "code_typed",
            Self::LastTouch => "last_touch",
            Self::FirstTouch => "first_touch",
            Self::Bound => "bound_at_sign_up",
            Self::NoTouchpoint => "no_touchpoint",
            Self::OutsideWindow => "outside_window",
            Self::AfterTheEvent => "after_the_event",
            Self::PartnerNotApproved => "partner_not_approved",
        }
    }
}

#[cfg(test)]
#[path = "attribution_tests.rs"]
mod tests;
