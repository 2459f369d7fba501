//! Deal registrations: a partner says whom he or she is going to sell to, and is protected for a time.
//!
//! Submitted → (more information ↔) → approved, protected until an exact instant → won, lost or expired; or rejected; or
//! disqualified whenever it turns out to have been none. While it protects, it is the touchpoint that comes before every code and
//! every click. As the deal moves, its stages are paid, and winning it pays a bonus; whoever is disqualified gives all of that back.

mod customer;
mod settings;

pub use customer::{Customer, keys_of_email};
pub use settings::{Conflict, MOST_STAGES, Overdue, Settings, Stage};

use crate::Invalid;
use crate::id::PartnerId;
use crate::reward::Rate;
use crate::time::{HOUR_MS, Instant};

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for the vendor.
    Submitted,
    /// It waits for the partner.
    MoreInformation,
    /// It protects.
    Approved,
    /// The customer bought.
    Won,
    /// The customer did not.
    Lost,
    /// The protection ended before either.
    Expired,
    /// The vendor did not take it.
    Rejected,
    /// It was taken, and should not have been: what it paid is taken back.
    Disqualified,
}

/// One partner's registration of one customer in one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Whose.
    pub partner: PartnerId,
    /// 1, or 2 for a second registrant, who gets half.
    pub place: i64,
    /// Where it stands.
    pub status: Status,
    /// By when it is to be reviewed.
    pub due_at: Instant,
    /// Since when the partner is asked; the service clock stands still meanwhile.
    pub asked_at: Option<Instant>,
    /// Since when it protects.
    pub protected_from: Option<Instant>,
    /// Until when, not including.
    pub protected_until: Option<Instant>,
    /// How often that was extended.
    pub extended: i64,
    /// The stages it has reached.
    pub reached: Vec<String>,
    /// What it was won for, minor units.
    pub won_for: Option<i64>,
}

/// What somebody does about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The vendor takes it.
    Approve,
    /// The vendor does not.
    Reject,
    /// The vendor wants to know more.
    Ask,
    /// The partner says more.
    Answer,
    /// The vendor protects it for longer.
    Extend,
    /// The deal has reached a stage of the program's.
    Advance(String),
    /// The customer bought.
    Win {
        /// For how much, minor units.
        amount: i64,
        /// When.
        at: Instant,
    },
    /// The customer did not.
    Lose,
    /// It should not have been taken.
    Disqualify,
}

/// Something it pays: by this name once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// `win`, or `stage:` and the stage's name.
    pub name: String,
    /// Minor units; may be nothing.
    pub amount: i64,
}

/// The name of the payment for winning.
pub const WIN: &str = "win";

/// A registration after an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// As it is now.
    pub registration: Registration,
    /// What it pays by that.
    pub pays: Option<Payment>,
    /// Whether all it ever paid is taken back.
    pub takes_back: bool,
}

/// Why an act is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It stands where this cannot be done; with what to do instead.
    State(String),
    /// A field is wrong.
    Field(Invalid),
}

/// How a new registration stands towards those of the same customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has it.
    First,
    /// Somebody has it, and the program gives the second half.
    Second,
    /// The partner has it already: the place of that one among the rivals.
    Own(usize),
    /// Somebody else has it.
    Taken,
}

/// What a new registration by `partner` meets: `rivals` are all of the same customer in the program.
pub fn standing(rivals: &[Registration], partner: &PartnerId, rule: Conflict, now: Instant) -> Standing {
    let live = |r: &Registration| r.is_live(now);
    if let Some(place) = rivals.iter().position(|r| live(r) && r.partner == *partner) {
        return Standing::Own(place);
    }
    match (rivals.iter().filter(|r| live(r)).count(), rule) {
        (0, _) => Standing::First,
        (1, Conflict::Half) => Standing::Second,
        _ => Standing::Taken,
    }
}

impl Registration {
    /// A new one; `place` is 1, or 2 for a second registrant.
    pub fn submitted(partner: PartnerId, place: i64, settings: &Settings, now: Instant) -> Self {
        Self {
            partner,
            place,
            status: Status::Submitted,
            due_at: Instant(now.0.saturating_add(settings.review_hours * HOUR_MS)),
            asked_at: None,
            protected_from: None,
            protected_until: None,
            extended: 0,
            reached: Vec::new(),
            won_for: None,
        }
    }

    /// The same as it is at `now`: one whose protection has ended is expired from exactly that instant on.
    #[must_use]
    pub fn at(&self, now: Instant) -> Self {
        let over = self.status == Status::Approved && self.protected_until.is_some_and(|until| now >= until);
        Self { status: if over { Status::Expired } else { self.status }, ..self.clone() }
    }

    /// Whether it keeps others from registering the customer.
    pub fn is_live(&self, now: Instant) -> bool {
        let protects = self.protected_until.is_some_and(|until| now < until);
        match self.status {
            Status::Submitted | Status::MoreInformation => true,
            Status::Approved | Status::Won => protects,
            Status::Lost | Status::Expired | Status::Rejected | Status::Disqualified => false,
        }
    }

    /// Whether a sale at `at` is its own: it was protected then, whatever has become of it since, unless it was lost or was none.
    pub fn covers(&self, at: Instant) -> bool {
        let counts = matches!(self.status, Status::Approved | Status::Won | Status::Expired);
        let from = self.protected_from.is_some_and(|from| from <= at);
        counts && self.place == 1 && from && self.protected_until.is_some_and(|until| at < until)
    }

    /// Whether it should have been reviewed by now.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.status == Status::Submitted && now >= self.due_at
    }

    /// Does an act at `now`. What was done already is done again without effect where that can be meant.
    pub fn act(&self, act: &Act, settings: &Settings, now: Instant) -> Result<Outcome, Refusal> {
        let own = self.at(now);
        let waits = matches!(own.status, Status::Submitted | Status::MoreInformation);
        let approved = own.status == Status::Approved;
        let registration = match act {
            Act::Approve => own.may(waits, "approved").map(|()| own.approved(settings, now)),
            Act::Reject => own.may(waits, "rejected").map(|()| own.with(Status::Rejected)),
            Act::Ask => own
                .may(own.status == Status::Submitted, "asked about")
                .map(|()| Self { asked_at: Some(now), ..own.with(Status::MoreInformation) }),
            Act::Answer => {
                own.may(own.status == Status::MoreInformation, "answered for").map(|()| own.answered(now))
            }
            Act::Extend => own.may(approved, "extended").and_then(|()| own.protected_longer(settings)),
            Act::Lose => own
                .may(approved, "lost")
                .map(|()| Self { protected_until: Some(now), ..own.with(Status::Lost) }),
            Act::Advance(name) => return own.advanced(name, settings),
            Act::Win { amount, at } => return own.won(*amount, *at, settings),
            Act::Disqualify => return own.disqualified(now),
        };
        Ok(Outcome { registration: registration?, pays: None, takes_back: false })
    }

    fn may(&self, can: bool, what: &str) -> Result<(), Refusal> {
        let word = self.status.word();
        let refused = || Refusal::State(format!("A registration that is `{word}` cannot be {what}."));
        if can { Ok(()) } else { Err(refused()) }
    }

    fn with(&self, status: Status) -> Self {
        Self { status, asked_at: None, ..self.clone() }
    }

    fn disqualified(&self, now: Instant) -> Result<Outcome, Refusal> {
        let was_taken = self.protected_from.is_some() && self.status != Status::Disqualified;
        self.may(was_taken, "disqualified")?;
        let registration = Self { protected_until: Some(now), ..self.with(Status::Disqualified) };
        Ok(Outcome { registration, pays: None, takes_back: true })
    }

    fn approved(&self, settings: &Settings, now: Instant) -> Self {
        let until = now.plus_days(settings.protection_days);
        Self { protected_from: Some(now), protected_until: Some(until), ..self.with(Status::Approved) }
    }

    /// The service clock goes on where it stood when the partner was asked.
    fn answered(&self, now: Instant) -> Self {
        let waited = self.asked_at.map_or(0, |asked| (now.0 - asked.0).max(0));
        let due_at = Instant(self.due_at.0.saturating_add(waited));
        Self { status: Status::Submitted, asked_at: None, due_at, ..self.clone() }
    }

    fn protected_longer(&self, settings: &Settings) -> Result<Self, Refusal> {
        if self.extended >= settings.extensions {
            let times = settings.extensions;
            return Err(Refusal::State(format!(
                "The program extends a protection at most {times} times, and it was."
            )));
        }
        let until = self.protected_until.map(|until| until.plus_days(settings.extension_days));
        Ok(Self { protected_until: until, extended: self.extended + 1, ..self.clone() })
    }

    fn advanced(&self, name: &str, settings: &Settings) -> Result<Outcome, Refusal> {
        let stage = settings.stages.iter().find(|stage| stage.name == name).ok_or_else(|| {
            let names: Vec<String> =
                settings.stages.iter().map(|stage| format!("`{}`", stage.name)).collect();
            let remedy = if names.is_empty() {
                "must be a stage of the program, and it has none.".to_owned()
            } else {
                format!("must be a stage of the program: {}.", names.join(", "))
            };
            Refusal::Field(Invalid::new("stage", remedy))
        })?;
        self.may(self.status == Status::Approved, "moved to a stage")?;
        if self.reached.iter().any(|reached| reached == name) {
            return Ok(Outcome { registration: self.clone(), pays: None, takes_back: false });
        }
        let mut registration = self.clone();
        registration.reached.push(name.to_owned());
        let pays = Payment { name: format!("stage:{name}"), amount: self.part_of(stage.amount) };
        Ok(Outcome { registration, pays: Some(pays), takes_back: false })
    }

    fn won(&self, amount: i64, at: Instant, settings: &Settings) -> Result<Outcome, Refusal> {
        self.may(matches!(self.status, Status::Approved | Status::Expired), "won")?;
        let from = self.protected_from.is_some_and(|from| from <= at);
        if !from || self.protected_until.is_none_or(|until| at >= until) {
            return Err(Refusal::State(
                "The deal was won outside its protection: tell with `at` when it was won, or extend it in time.".into(),
            ));
        }
        let registration = Self { status: Status::Won, won_for: Some(amount), ..self.clone() };
        let whole = match settings.bonus {
            None => None,
            Some(Rate::Flat(flat)) => Some(flat),
            Some(Rate::Percentage(percentage)) => Some(percentage.of(amount)),
        };
        let capped = whole.map(|whole| settings.bonus_cap.map_or(whole, |cap| whole.min(cap)));
        let pays = capped.map(|bonus| Payment { name: WIN.into(), amount: self.part_of(bonus) });
        Ok(Outcome { registration, pays, takes_back: false })
    }

    /// All of it, or half for the second, rounded half away from zero.
    fn part_of(&self, amount: i64) -> i64 {
        if self.place == 1 { amount } else { amount / 2 + amount % 2 }
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::Field(invalid)
    }
}

impl Status {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 8] = [
        (Self::Submitted, "submitted"),
        (Self::MoreInformation, "more_information"),
        (Self::Approved, "approved"),
        (Self::Won, "won"),
        (Self::Lost, "lost"),
        (Self::Expired, "expired"),
        (Self::Rejected, "rejected"),
        (Self::Disqualified, "disqualified"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("status", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;
