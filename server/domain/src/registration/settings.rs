//! What a program says of registrations.

use crate::Invalid;
use crate::money::parse_amount;
use crate::reward::Rate;

/// How many stages a program may pay for.
pub const MOST_STAGES: usize = 20;

/// The rules of a program's registrations; published to its partners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long an approved registration is protected: 1 to 3,650 days of 24 hours.
    pub protection_days: i64,
    /// Within how many hours a registration is reviewed, not counting those in which the partner is asked: 1 to 8,760.
    pub review_hours: i64,
    /// What happens to one that was not.
    pub overdue: Overdue,
    /// How often the protection can be extended: 0 to 10.
    pub extensions: i64,
    /// By how much: 1 to 3,650 days of 24 hours.
    pub extension_days: i64,
    /// What a second partner hears who registers the same customer.
    pub conflict: Conflict,
    /// What is paid as a deal moves, in the order in which it does.
    pub stages: Vec<Stage>,
    /// What is paid when it is won: a flat amount, or a part of what it was won for.
    pub bonus: Option<Rate>,
    /// The most of that, minor units.
    pub bonus_cap: Option<i64>,
}

/// What happens to a registration whose review is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// It waits on, and is shown as overdue.
    Wait,
    /// It is approved.
    Approve,
}

/// What a second registrant of a customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Nothing: the registration is refused.
    Refuse,
    /// Half of what the first gets, who still gets all of it. A third is refused.
    Half,
}

/// A step of a deal before it is won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it is called: 1 to 60 characters, unique.
    pub name: String,
    /// What reaching it pays, minor units of the program's currency: 0 to 10¹².
    pub amount: i64,
}

impl Settings {
    /// The same, once every figure has been found within its range. Fields of errors are within the settings.
    pub fn checked(self) -> Result<Self, Invalid> {
        within("protectionDays", self.protection_days, 1, 3650)?;
        within("reviewHours", self.review_hours, 1, 8760)?;
        within("extensions", self.extensions, 0, 10)?;
        within("extensionDays", self.extension_days, 1, 3650)?;
        self.bonus_cap.map(|cap| parse_amount("bonus.cap", cap)).transpose()?;
        if self.stages.len() > MOST_STAGES {
            return Err(Invalid::new("stages", format!("must be at most {MOST_STAGES}.")));
        }
        for (place, stage) in self.stages.iter().enumerate() {
            let at = |field: &str| format!("stages[{place}].{field}");
            if !(1..=60).contains(&stage.name.chars().count()) {
                return Err(Invalid::new(at("name"), "must be 1 to 60 characters."));
            }
            if self.stages[..place].iter().any(|before| before.name == stage.name) {
                return Err(Invalid::new(at("name"), "is there twice: each stage is paid once."));
            }
            parse_amount("amount", stage.amount).map_err(|e| Invalid::new(at("amount"), e.remedy))?;
        }
        Ok(self)
    }
}

fn within(field: &'static str, value: i64, low: i64, high: i64) -> Result<(), Invalid> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(field, format!("must be from {low} to {high}; it is {value}.")))
    }
}

impl Overdue {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 2] = [(Self::Wait, "wait"), (Self::Approve, "approve")];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(overdue, _)| *overdue);
        found.ok_or_else(|| Invalid::new("overdue", "must be `wait` or `approve`."))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl Conflict {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 2] = [(Self::Refuse, "refuse"), (Self::Half, "half")];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(conflict, _)| *conflict);
        found.ok_or_else(|| Invalid::new("conflict", "must be `refuse` or `half`."))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}
