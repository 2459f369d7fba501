//! What is kept of each head.

use goodword_domain::click::ClickNumber;

/// The latest click of a browser or visitor, or that it is to be forgotten: no wider than a number, for there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head(i64);

impl Head {
    /// Of one that is to be forgotten. No click has this number before the last millisecond of 2159 that a number can tell.
    pub const FORGOTTEN: Self = Self(i64::MAX);

    pub fn at(click: ClickNumber) -> Self {
        Self(click.0)
    }

    /// None for one that is to be forgotten.
    pub fn click(self) -> Option<ClickNumber> {
        (self != Self::FORGOTTEN).then_some(ClickNumber(self.0))
    }
}
