//! Who is asked for what: each of these takes its turn in every round of its stage.

use Ask::{Beacon, Click, Sale};
use Stage::{Growth, Postgresql, Sqlite};
use Target::{Bare, Filled, Full, Naive, Normal, OnPostgres, PairOnPostgres};

/// Somebody asked for something, again and again.
#[derive(Debug)]
pub struct Variant {
    /// What it is called.
    pub name: &'static str,
    /// When it has its turns.
    pub stage: Stage,
    /// Who is asked.
    pub target: Target,
    /// For what.
    pub ask: Ask,
    /// On how many connections.
    pub connections: u32,
}

/// Variants of one stage take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On a young SQLite file.
    Sqlite,
    /// On files with more and more clicks.
    Growth,
    /// On PostgreSQL.
    Postgresql,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A server that stores nothing.
    Bare,
    /// A server that commits each request by itself.
    Naive,
    /// Goodword as it comes.
    Full,
    /// Goodword with `--durability normal`.
    Normal,
    /// Goodword on a file with clicks in it.
    Filled(Size),
    /// Goodword on PostgreSQL.
    OnPostgres,
    /// Two of them on one database.
    PairOnPostgres,
}

/// How many clicks are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Ten thousand.
    Small,
    /// A tenth of the most.
    Middle,
    /// What `--clicks` says.
    Large,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `GET /r/CODE`.
    Click,
    /// `POST /v1/track/click`.
    Beacon,
    /// `POST /v1/track/sale`.
    Sale,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Growth, Self::Postgresql];

    /// What it is about.
    pub fn about(self) -> &'static str {
        match self {
            Sqlite => "SQLite beside a bare and a naive server",
            Growth => "SQLite with more and more clicks stored",
            Postgresql => "PostgreSQL, one process and two",
        }
    }
}

const fn variant(name: &'static str, stage: Stage, target: Target, ask: Ask, connections: u32) -> Variant {
    Variant { name, stage, target, ask, connections }
}

/// All of them, in the order of their turns: those that are compared follow one another.
pub const VARIANTS: &[Variant] = &[
    variant("bare_click", Sqlite, Bare, Click, 64),
    variant("click", Sqlite, Full, Click, 64),
    variant("click_normal", Sqlite, Normal, Click, 64),
    variant("naive_click", Sqlite, Naive, Click, 64),
    variant("bare_click_256", Sqlite, Bare, Click, 256),
    variant("click_256", Sqlite, Full, Click, 256),
    variant("bare_beacon", Sqlite, Bare, Beacon, 64),
    variant("beacon", Sqlite, Full, Beacon, 64),
    variant("bare_sale", Sqlite, Bare, Sale, 64),
    variant("sale", Sqlite, Full, Sale, 64),
    variant("naive_sale", Sqlite, Naive, Sale, 64),
    variant("click_small", Growth, Filled(Size::Small), Click, 64),
    variant("click_middle", Growth, Filled(Size::Middle), Click, 64),
    variant("click_large", Growth, Filled(Size::Large), Click, 64),
    variant("sale_small", Growth, Filled(Size::Small), Sale, 64),
    variant("sale_middle", Growth, Filled(Size::Middle), Sale, 64),
    variant("sale_large", Growth, Filled(Size::Large), Sale, 64),
    variant("bare_click_pg", Postgresql, Bare, Click, 64),
    variant("pg_click", Postgresql, OnPostgres, Click, 64),
    variant("pg_click_2p", Postgresql, PairOnPostgres, Click, 64),
    variant("bare_sale_pg", Postgresql, Bare, Sale, 64),
    variant("pg_sale", Postgresql, OnPostgres, Sale, 64),
    variant("pg_sale_2p", Postgresql, PairOnPostgres, Sale, 64),
];

/// The one of that name.
pub fn named(name: &str) -> Option<&'static Variant> {
    VARIANTS.iter().find(|variant| variant.name == name)
}
