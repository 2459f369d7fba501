//! Attribution: who is credited for a sign-up or a sale, and why everybody else is not.
//!
//! A pure function of (touchpoints, policy, instant). Precedence comes first (what the vendor named, a registered deal, a
//! code, a click), then the model shares the credit among touchpoints of the same rank. The window is half-open, `[touch, touch + days × 24 h)`;
//! a registered deal counts exactly as long as it is protected.

use crate::Invalid;
use crate::id::{ClickId, LinkId, PartnerId};
use crate::time::Instant;
use crate::weights;
use std::cmp::Reverse;

/// How credit is given among several touchpoints of a rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// All to the latest.
    LastTouch,
    /// All to the earliest.
    FirstTouch,
    /// The same to each.
    Linear,
    /// 40 % to the first, 40 % to the last, 20 % shared by those between; of two, half each.
    PositionBased,
    /// Halved for every seven days that a touchpoint is older than the latest.
    TimeDecay,
}

/// Half-life of [`Model::TimeDecay`], days.
pub const HALF_LIFE_DAYS: i64 = 7;

/// What kind of contact it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A visit through a link.
    Click,
    /// A sign-up form on a partner's own site.
    Form,
    /// A code typed or spoken: at the checkout, on the phone, in a store, at an event.
    Code,
    /// A deal the partner had registered.
    Registration,
    /// Named by the vendor: with the sale, or by granting a claim.
    Manual,
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
    /// Until when it counts, not including, in the place of the policy's window: the end of a protection.
    pub until: Option<Instant>,
    /// What keeps it from counting whatever the policy says.
    pub bar: Option<Bar>,
}

/// What keeps a touchpoint from counting, whatever the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// The partner was not approved in the program.
    NotApproved,
    /// It belongs to another program.
    OtherProgram,
    /// A crawler, a preview or a prefetch.
    Bot,
    /// The visitor had not consented.
    NoConsent,
    /// The partner referred himself or herself, and the program blocks that.
    SelfReferral,
    /// A signal of the program blocks it.
    Blocked,
}

/// The partners a customer was bound to before: one, or several that a model shared the credit among.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Whom, with their weights; at least one.
    pub shares: Vec<BoundShare>,
    /// What kind of touchpoint won.
    pub by: Kind,
    /// Whether a sale of this customer has earned a commission already.
    pub earned: bool,
}

/// One partner's part of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundShare {
    /// Whom, with the link and click that won.
    pub credit: Credit,
    /// Whether the partner is still approved.
    pub approved: bool,
}

/// What the program decided about attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The model.
    pub model: Model,
    /// The windows in days of 24 hours, by kind of touchpoint.
    pub windows: Windows,
    /// Whether only somebody who never bought before can be referred.
    pub new_customers_only: bool,
}

/// How long each kind of touchpoint counts, in days of 24 hours. What the vendor names has no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Of clicks.
    pub click: i64,
    /// Of forms.
    pub form: i64,
    /// Of codes.
    pub code: i64,
    /// Of registered deals.
    pub registration: i64,
}

/// What is known of who buys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buyer {
    /// He or she bought before without being referred.
    pub bought_before: bool,
}

/// Why a touchpoint counted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one, or one of those that share the credit.
    Credited,
    /// A later one was chosen under `last_touch`.
    LaterTouchWon,
    /// An earlier one was chosen under `first_touch`.
    EarlierTouchWon,
    /// A kind that comes before it won: a registered deal before a code, a code before a click.
    Outranked(Kind),
    /// It is so much older than the latest that no weight is left of it.
    Faded,
    /// The customer is bound to a partner already.
    BindingWon,
    /// The event came at or after the end of the window.
    OutsideWindow,
    /// It happened only after the event.
    AfterTheEvent,
    /// Only new customers can be referred, and this one bought before.
    ExistingCustomer,
    /// It could not count at all.
    Barred(Bar),
}

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Credited: the vendor named the partners.
    Named,
    /// Credited: the deal was registered.
    Registered,
    /// Credited: a code was typed.
    CodeTyped,
    /// Credited: a form on the partner's site was filled in.
    FormFilled,
    /// Credited by the model among clicks.
    ByModel(Model),
    /// Credited: bound at the sign-up.
    Bound,
    /// Not credited: nobody referred this person.
    NoTouchpoint,
    /// Not credited: every contact was too long ago.
    OutsideWindow,
    /// Not credited: every contact came after the event.
    AfterTheEvent,
    /// Not credited: only new customers can be referred.
    ExistingCustomer,
    /// Not credited: what kept the contact that came nearest from counting.
    Barred(Bar),
}

/// One touchpoint's part in the credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Whom to credit.
    pub partner: PartnerId,
    /// By which link.
    pub link: LinkId,
    /// By which click, where it was one.
    pub click: Option<ClickId>,
    /// The part: this weight of the sum of all credits' weights; at least 1.
    pub weight: u64,
}

/// The decision with its grounds: one verdict per touchpoint, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who is credited, in the order of the touchpoints; none if nobody is.
    pub credits: Vec<Credit>,
    /// What kind of touchpoint won, now or when the customer was bound.
    pub by: Option<Kind>,
    /// The outcome in one word.
    pub reason: Reason,
    /// Why each touchpoint counted or not.
    pub verdicts: Vec<Verdict>,
    /// The weight of each touchpoint in the credit; 0 where it did not count.
    pub weights: Vec<u64>,
}

/// Decides on an event at `at`. A binding stands, but a kind that comes before the one that bound takes its place for as long
/// as the customer has earned nobody anything: precedence is registration, code, click, and money once credited is not
/// argued over again.
pub fn decide(
    binding: Option<&Binding>,
    touches: &[Touch],
    policy: Policy,
    buyer: Buyer,
    at: Instant,
) -> Decision {
    match binding {
        Some(bound) if !is_outranked(bound, touches, policy, buyer, at) => keep(bound, touches, policy, at),
        _ => choose(touches, policy, buyer, at),
    }
}

fn is_outranked(bound: &Binding, touches: &[Touch], policy: Policy, buyer: Buyer, at: Instant) -> bool {
    let counts = |t: &Touch| bar(t, policy, at).is_none() && (t.kind == Kind::Manual || !policy.bars(buyer));
    let beats = |t: &Touch| t.kind.rank() > bound.by.rank() && counts(t);
    !bound.earned && touches.iter().any(beats)
}

/// Whoever of those bound is still approved shares the whole.
fn keep(bound: &Binding, touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    let approved = bound.shares.iter().filter(|share| share.approved);
    let credits: Vec<Credit> = approved.map(|share| share.credit.clone()).collect();
    let nobody = credits.is_empty();
    Decision {
        credits,
        by: (!nobody).then_some(bound.by),
        reason: if nobody { Reason::Barred(Bar::NotApproved) } else { Reason::Bound },
        verdicts: touches.iter().map(|t| bar(t, policy, at).unwrap_or(Verdict::BindingWon)).collect(),
        weights: vec![0; touches.len()],
    }
}

fn choose(touches: &[Touch], policy: Policy, buyer: Buyer, at: Instant) -> Decision {
    let free = |t: &Touch| bar(t, policy, at).is_none();
    let Some(rank) = touches.iter().filter(|t| free(t)).map(|t| t.kind.rank()).max() else {
        return nobody(touches, policy, at);
    };
    if policy.bars(buyer) && rank != Kind::Manual.rank() {
        return existing_customer(touches, policy, at);
    }
    let is_rival = |t: &Touch| free(t) && t.kind.rank() == rank;
    let rivals: Vec<usize> = (0..touches.len()).filter(|i| is_rival(&touches[*i])).collect();
    let weights = spread(touches, &rivals, policy.model);
    let best = leading_kind(touches, &weights);
    let verdict = |(i, t): (usize, &Touch)| match bar(t, policy, at) {
        Some(bar) => bar,
        None if weights[i] > 0 => Verdict::Credited,
        None if t.kind.rank() < rank => Verdict::Outranked(best),
        None => lost(policy.model),
    };
    Decision {
        verdicts: touches.iter().enumerate().map(verdict).collect(),
        reason: best.wins(policy.model),
        by: Some(best),
        credits: touches.iter().zip(&weights).filter_map(|(t, weight)| t.credit(*weight)).collect(),
        weights,
    }
}

/// Forms and codes rank alike and can share a credit: it goes by the one with the largest weight, of equals the latest.
fn leading_kind(touches: &[Touch], weights: &[u64]) -> Kind {
    let order = |i: &usize| (weights[*i], touches[*i].at, *i);
    (0..touches.len()).max_by_key(order).map_or(Kind::Click, |i| touches[i].kind)
}

/// The weight of every touchpoint when the rivals share the credit.
fn spread(touches: &[Touch], rivals: &[usize], model: Model) -> Vec<u64> {
    // Rivals in the order of time; of two at one instant the one told later is the later.
    let mut by_time = rivals.to_vec();
    by_time.sort_by_key(|i| (touches[*i].at, *i));
    let n = by_time.len();
    let alone = |winner: usize| (0..n).map(|i| u64::from(i == winner)).collect();
    let parts: Vec<u64> = match model {
        Model::LastTouch => alone(n - 1),
        Model::FirstTouch => alone(0),
        Model::Linear => weights::linear(n).collect(),
        Model::PositionBased => weights::position_based(n).collect(),
        Model::TimeDecay => {
            let times: Vec<Instant> = by_time.iter().map(|i| touches[*i].at).collect();
            weights::time_decay(&times, HALF_LIFE_DAYS).collect()
        }
    };
    let mut all = vec![0; touches.len()];
    for (index, part) in by_time.into_iter().zip(parts) {
        all[index] = part;
    }
    all
}

fn lost(model: Model) -> Verdict {
    match model {
        Model::LastTouch => Verdict::LaterTouchWon,
        Model::FirstTouch => Verdict::EarlierTouchWon,
        Model::Linear | Model::PositionBased | Model::TimeDecay => Verdict::Faded,
    }
}

fn existing_customer(touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    let verdicts = touches.iter().map(|t| bar(t, policy, at).unwrap_or(Verdict::ExistingCustomer));
    Decision {
        verdicts: verdicts.collect(),
        ..Decision::nobody(Reason::ExistingCustomer, Vec::new(), touches.len())
    }
}

/// Nobody is credited: the reason is that of the contact that came nearest to counting, of equals the latest.
fn nobody(touches: &[Touch], policy: Policy, at: Instant) -> Decision {
    let verdicts: Vec<_> = touches.iter().filter_map(|t| bar(t, policy, at)).collect();
    let distance = |(verdict, touch): &(&Verdict, &Touch)| (verdict.distance(), Reverse(touch.at));
    let nearest = verdicts.iter().zip(touches).rev().min_by_key(distance);
    let reason = match nearest.map(|(verdict, _)| verdict) {
        None => Reason::NoTouchpoint,
        Some(Verdict::Barred(bar)) => Reason::Barred(*bar),
        Some(Verdict::OutsideWindow) => Reason::OutsideWindow,
        Some(_) => Reason::AfterTheEvent,
    };
    Decision::nobody(reason, verdicts, touches.len())
}

/// What keeps a touchpoint from counting at all, whoever else there is.
fn bar(touch: &Touch, policy: Policy, at: Instant) -> Option<Verdict> {
    if touch.at > at {
        Some(Verdict::AfterTheEvent)
    } else if policy.ends(touch).is_some_and(|end| at >= end) {
        Some(Verdict::OutsideWindow)
    } else {
        touch.bar.map(Verdict::Barred)
    }
}

impl Touch {
    fn credit(&self, weight: u64) -> Option<Credit> {
        let (partner, link, click) = (self.partner.clone(), self.link.clone(), self.click.clone());
        (weight > 0).then_some(Credit { partner, link, click, weight })
    }
}

impl Decision {
    fn nobody(reason: Reason, verdicts: Vec<Verdict>, touches: usize) -> Self {
        Self { credits: Vec::new(), by: None, reason, verdicts, weights: vec![0; touches] }
    }

    /// Whoever the records that have room for one partner name: of several that share the credit, the one with the largest
    /// part; of equals the last.
    pub fn leading(&self) -> Option<&Credit> {
        let part = |partner: &PartnerId| -> u128 {
            self.credits.iter().filter(|c| c.partner == *partner).map(|c| u128::from(c.weight)).sum()
        };
        self.credits.iter().max_by_key(|credit| part(&credit.partner))
    }
}

impl Policy {
    /// When a touchpoint ceases to count; none: never.
    fn ends(self, touch: &Touch) -> Option<Instant> {
        touch.until.or_else(|| self.windows.of(touch.kind).map(|days| touch.at.plus_days(days)))
    }

    /// Whether nobody can be credited for this buyer unless the vendor says so.
    fn bars(self, buyer: Buyer) -> bool {
        self.new_customers_only && buyer.bought_before
    }
}

impl Windows {
    /// The same for every kind, days.
    pub fn all(days: i64) -> Self {
        Self { click: days, form: days, code: days, registration: days }
    }

    /// The longest of them, days.
    pub fn longest(self) -> i64 {
        self.click.max(self.form).max(self.code).max(self.registration)
    }

    /// Of one kind, days; none: for ever.
    pub fn of(self, kind: Kind) -> Option<i64> {
        match kind {
            Kind::Click => Some(self.click),
            Kind::Form => Some(self.form),
            Kind::Code => Some(self.code),
            Kind::Registration => Some(self.registration),
            Kind::Manual => None,
        }
    }
}

impl Model {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::LastTouch, "last_touch"),
        (Self::FirstTouch, "first_touch"),
        (Self::Linear, "linear"),
        (Self::PositionBased, "position_based"),
        (Self::TimeDecay, "time_decay"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(model, _)| *model);
        found.ok_or_else(|| {
            let remedy =
                "must be one of `last_touch`, `first_touch`, `linear`, `position_based`, `time_decay`.";
            Invalid::new("attributionModel", remedy)
        })
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl Kind {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::Click, "click"),
        (Self::Form, "form"),
        (Self::Code, "code"),
        (Self::Registration, "registration"),
        (Self::Manual, "manual"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(kind, _)| *kind);
        let remedy = "must be one of `click`, `form`, `code`, `registration`, `manual`.";
        found.ok_or_else(|| Invalid::new("kind", remedy))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// What comes before what: the higher rank wins. A form carries its partner's code, so it ranks with codes.
    pub fn rank(self) -> u8 {
        match self {
            Self::Click => 0,
            Self::Form | Self::Code => 1,
            Self::Registration => 2,
            Self::Manual => 3,
        }
    }

    fn wins(self, model: Model) -> Reason {
        match self {
            Self::Click => Reason::ByModel(model),
            Self::Form => Reason::FormFilled,
            Self::Code => Reason::CodeTyped,
            Self::Registration => Reason::Registered,
            Self::Manual => Reason::Named,
        }
    }
}

impl Bar {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::NotApproved,
        Self::OtherProgram,
        Self::Bot,
        Self::NoConsent,
        Self::SelfReferral,
        Self::Blocked,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotApproved => "partner_not_approved",
            Self::OtherProgram => "other_program",
            Self::Bot => "bot",
            Self::NoConsent => "no_consent",
            Self::SelfReferral => "self_referral",
            Self::Blocked => "blocked",
        }
    }
}

impl Verdict {
    /// From its word; none for a word of none. What a code and what a form won are one word.
    pub fn parse(word: &str) -> Option<Self> {
        let own = [
            Self::Credited,
            Self::LaterTouchWon,
            Self::EarlierTouchWon,
            Self::Outranked(Kind::Code),
            Self::Outranked(Kind::Registration),
            Self::Outranked(Kind::Manual),
            Self::Faded,
            Self::BindingWon,
            Self::OutsideWindow,
            Self::AfterTheEvent,
            Self::ExistingCustomer,
        ];
        let all = own.into_iter().chain(Bar::ALL.map(Self::Barred));
        all.into_iter().find(|verdict| verdict.word() == word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Credited => "credited",
            Self::LaterTouchWon => "later_touch_won",
            Self::EarlierTouchWon => "earlier_touch_won",
            Self::Outranked(Kind::Click | Kind::Form | Kind::Code) => "code_won",
            Self::Outranked(Kind::Registration) => "registration_won",
            Self::Outranked(Kind::Manual) => "named_partner_won",
            Self::Faded => "faded",
            Self::BindingWon => "binding_won",
            Self::OutsideWindow => "outside_window",
            Self::AfterTheEvent => "after_the_event",
            Self::ExistingCustomer => "existing_customer",
            Self::Barred(bar) => bar.word(),
        }
    }

    /// How far a touchpoint was from counting: what was barred came nearest, then what was too old.
    fn distance(self) -> u8 {
        match self {
            Self::Barred(Bar::OtherProgram) => 3,
            Self::Barred(_) => 0,
            Self::OutsideWindow => 1,
            _ => 2,
        }
    }
}

impl Reason {
    /// From its word; none for a word of none.
    pub fn parse(word: &str) -> Option<Self> {
        let own = [
            Self::Named,
            Self::Registered,
            Self::CodeTyped,
            Self::FormFilled,
            Self::Bound,
            Self::NoTouchpoint,
            Self::OutsideWindow,
            Self::AfterTheEvent,
            Self::ExistingCustomer,
        ];
        let models = Model::WORDS.map(|(model, _)| Self::ByModel(model));
        let all = own.into_iter().chain(models).chain(Bar::ALL.map(Self::Barred));
        all.into_iter().find(|reason| reason.word() == word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Named => "named_by_vendor",
            Self::Registered => "deal_registered",
            Self::CodeTyped => "code_typed",
            Self::FormFilled => "form_filled",
            Self::ByModel(model) => model.word(),
            Self::Bound => "bound_at_sign_up",
            Self::NoTouchpoint => "no_touchpoint",
            Self::OutsideWindow => "outside_window",
            Self::AfterTheEvent => "after_the_event",
            Self::ExistingCustomer => "existing_customer",
            Self::Barred(bar) => bar.word(),
        }
    }
}

#[cfg(test)]
#[path = "attribution_tests.rs"]
mod tests;
