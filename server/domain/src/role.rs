//! The roles of the people who run programs, and what each may do.

use crate::Invalid;

/// What a person of the console is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything, and who else may what.
    Owner,
    /// Programs, partners and money.
    Manager,
    /// Looks at figures.
    Analyst,
    /// Moves money: commissions, reviews, payouts, exchange rates, budgets.
    Finance,
}

/// A kind of thing that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read figures, partners, programs and the ledger.
    Look,
    /// Read how partners are paid, the files of payouts, and who changed what.
    Confidential,
    /// Decide about commissions and pay them.
    Money,
    /// Change programs, partners, links, customers and integrations.
    Manage,
    /// Change who is in, what they may, keys, and how payouts are approved.
    Account,
}

impl Role {
    /// All of them, the most powerful first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::Analyst, Self::Finance];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Analyst => "analyst",
            Self::Finance => "finance",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| Invalid::new("role", "must be `owner`, `manager`, `analyst` or `finance`."))
    }

    /// Whether it includes a right.
    pub fn may(self, right: Right) -> bool {
        match (self, right) {
            (Self::Owner, _) | (_, Right::Look) => true,
            (Self::Manager, right) => right != Right::Account,
            (Self::Finance, right) => matches!(right, Right::Confidential | Right::Money),
            (Self::Analyst, _) => false,
        }
    }
}

/// Whether an owner is left when one of the people, whose role is `before`, gets the role `after` or leaves (none). `owners` is how
/// many there are, this one included.
pub fn keeps_an_owner(owners: i64, before: Role, after: Option<Role>) -> bool {
    before != Role::Owner || after == Some(Role::Owner) || owners > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of www/docs/people.md.
    #[test]
    fn what_each_role_may() {
        let rights = [Right::Look, Right::Confidential, Right::Money, Right::Manage, Right::Account];
        let row = |role: Role| rights.map(|right| role.may(right));
        assert_eq!(row(Role::Owner), [true, true, true, true, true]);
        assert_eq!(row(Role::Manager), [true, true, true, true, false]);
        assert_eq!(row(Role::Finance), [true, true, true, false, false]);
        assert_eq!(row(Role::Analyst), [true, false, false, false, false]);
    }

    #[test]
    fn words_lead_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Ok(role));
        }
        assert!(Role::parse("Owner").is_err() && Role::parse("").is_err());
    }

    #[test]
    fn the_last_owner_stays() {
        assert!(!keeps_an_owner(1, Role::Owner, None));
        assert!(!keeps_an_owner(1, Role::Owner, Some(Role::Manager)));
        assert!(keeps_an_owner(1, Role::Owner, Some(Role::Owner)));
        assert!(keeps_an_owner(2, Role::Owner, None));
        assert!(keeps_an_owner(1, Role::Analyst, None));
    }
}
