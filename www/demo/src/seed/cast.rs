//! Who appears in the demo. None of them exist.

/// A partner, with the weight of the traffic he or she sends and how well it buys.
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub code: &'static str,
    /// Share of the clicks.
    pub reach: u64,
    /// How likely a click becomes a sign-up, against the others.
    pub warmth: u64,
    /// Where the posts are.
    pub referrer: &'static str,
    /// The posts.
    pub posts: [&'static str; 2],
    /// Days before today on which he or she joined.
    pub joined: i64,
}

/// The author of the demo's blog comes first.
pub const PARTNERS: [Person; 10] = [
    person(
        "Mara Lindqvist",
        "mara@kettle-and-crag.example",
        "MARA",
        26,
        12,
        "https://kettle-and-crag.example/",
        ["five-huts", "winter-flask"],
        46,
    ),
    person(
        "Jonas Feld",
        "jonas@feldnotizen.example",
        "FELDNOTES",
        19,
        8,
        "https://www.instagram.com/",
        ["story", "reel-14"],
        45,
    ),
    person(
        "Priya Raman",
        "priya@steepandstill.example",
        "STEEP",
        16,
        14,
        "https://www.youtube.com/",
        ["matcha-review", "morning"],
        44,
    ),
    person(
        "Théo Marchand",
        "theo@refuge.example",
        "THEO20",
        12,
        6,
        "https://www.tiktok.com/",
        ["hut-life", "bivouac"],
        43,
    ),
    person(
        "Aiko Tanabe",
        "aiko@leaf-letter.example",
        "LEAFLETTER",
        9,
        18,
        "https://leaf-letter.example/",
        ["issue-31", "issue-32"],
        43,
    ),
    person(
        "Sam Okafor",
        "sam@trailmix.example",
        "TRAILMIX",
        7,
        7,
        "https://trailmix.example/",
        ["ep-88", "ep-90"],
        40,
    ),
    person(
        "Lucía Ferrer",
        "lucia@cumbres.example",
        "CUMBRES",
        5,
        9,
        "https://www.instagram.com/",
        ["cima", "refugio"],
        35,
    ),
    person(
        "Hannah Brandt",
        "hannah@teeschule.example",
        "TEESCHULE",
        4,
        16,
        "https://teeschule.example/",
        ["oolong-101", "newsletter"],
        31,
    ),
    person(
        "Noah Whitlock",
        "noah@cragclub.example",
        "CRAGCLUB",
        3,
        5,
        "https://www.reddit.com/",
        ["r-climbing", "faq"],
        24,
    ),
    person(
        "Ingrid Moen",
        "ingrid@fjellkopp.example",
        "FJELLKOPP",
        2,
        10,
        "https://fjellkopp.example/",
        ["tur", "hytte"],
        12,
    ),
];

#[expect(clippy::too_many_arguments, reason = "a row of the table above")]
const fn person(
    name: &'static str,
    email: &'static str,
    code: &'static str,
    reach: u64,
    warmth: u64,
    referrer: &'static str,
    posts: [&'static str; 2],
    joined: i64,
) -> Person {
    Person { name, email, code, reach, warmth, referrer, posts, joined }
}

/// They asked to be hosts and wait for an answer: name, e-mail address, code wished for.
pub const WAITING: [[&str; 3]; 3] = [
    ["Berghaus Sonnblick", "office@sonnblick.example", "SONNBLICK"],
    ["Rifugio Tre Corni", "info@trecorni.example", "TRECORNI"],
    ["Cheap Deals Daily", "win@cheapdealsdaily.example", "FREETEA"],
];

/// First names of customers.
pub const FIRST: [&str; 24] = [
    "Anna", "Ben", "Carla", "David", "Elif", "Finn", "Grace", "Hugo", "Iris", "Jakub", "Klara", "Leo",
    "Maja", "Nils", "Olivia", "Paul", "Rosa", "Simon", "Tilda", "Umar", "Vera", "Will", "Yuki", "Zoe",
];

/// Last names of customers.
pub const LAST: [&str; 24] = [
    "Adler", "Brooks", "Costa", "Dahl", "Evans", "Fischer", "Garcia", "Holm", "Ito", "Jansen", "Keller",
    "Lang", "Moreau", "Novak", "Olsen", "Park", "Quinn", "Rossi", "Silva", "Turner", "Urban", "Vogel",
    "Weber", "Young",
];
