//! Which part of a list, and which way round it is.

/// A page of a list that is sorted by when its rows were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many rows at the most.
    pub limit: i64,
    /// How many rows are left out before them.
    pub skip: i64,
    /// The oldest row first; else the newest.
    pub oldest_first: bool,
}

/// The text of a list for either way round: `$list!(than, order)` is the text with the comparison by which a row comes after
/// another, and the word by which they are sorted.
macro_rules! turned {
    ($page:expr, $list:ident) => {
        if $page.oldest_first { $list!(">", "asc") } else { $list!("<", "desc") }
    };
}
pub(super) use turned;
