//! What is for sale.

/// A tea, or a box of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tea {
    /// In the page's address.
    pub slug: &'static str,
    /// On the tin.
    pub name: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// How much of it.
    pub size: &'static str,
    /// In cents.
    pub price: i64,
    /// One sentence.
    pub line: &'static str,
    /// A paragraph.
    pub text: &'static str,
    /// How to brew it.
    pub brew: &'static str,
}

/// All of it, in the order of the shelf.
pub const SHELF: [Tea; 6] = [
    Tea {
        slug: "glacier-white",
        name: "Glacier White",
        kind: "White tea",
        size: "80 g tin",
        price: 1_800,
        line: "Silver buds, dried in thin air. Melon, hay, cold stone.",
        text: "Picked on two mornings in April, before the buds open, and dried on hurdles at 1,900 metres where the air does most \
               of the work. It is a quiet tea: give it time and a thin cup.",
        brew: "75 °C · 4 minutes · three infusions",
    },
    Tea {
        slug: "alpenglow-oolong",
        name: "Alpenglow Oolong",
        kind: "Oolong",
        size: "100 g tin",
        price: 2_400,
        line: "Half-oxidised and slowly roasted. Apricot, butter, warm wood.",
        text: "Rolled by hand, then roasted three times over larch charcoal with a week of rest between. The colour in the cup is \
               the colour of the ridge ten minutes before sunset, which is where the name comes from.",
        brew: "90 °C · 2 minutes · five infusions",
    },
    Tea {
        slug: "larch-smoke",
        name: "Larch Smoke",
        kind: "Black tea",
        size: "100 g tin",
        price: 1_600,
        line: "Black tea over a larch fire. Resin, cocoa, campfire.",
        text: "Our answer to lapsang: less tar, more forest. It stands up to milk, to bacon and to a wet morning in a tent, \
               and it is the tea we are asked for most often by people who say they do not like tea.",
        brew: "95 °C · 3 minutes · takes milk",
    },
    Tea {
        slug: "edelweiss-herbal",
        name: "Edelweiss Herbal",
        kind: "Herbal, no caffeine",
        size: "60 g tin",
        price: 1_400,
        line: "Mountain flowers, lemon balm, a little mint. For the evening.",
        text: "Grown by four families on the sunny side of one valley and blended so that no single herb shouts. There is \
               edelweiss in it, cultivated and not picked wild; it tastes of very little, and it looks lovely.",
        brew: "100 °C · 6 minutes · cover the cup",
    },
    Tea {
        slug: "summit-matcha",
        name: "Summit Matcha",
        kind: "Green tea, stone-ground",
        size: "40 g tin",
        price: 3_200,
        line: "Shade-grown and milled in small batches. Cream, spinach, snow peas.",
        text: "Three weeks under reed mats, then forty minutes in the mill for each tin. We ship it within ten days of milling, \
               because matcha is a fresh food, and most of what is sold as matcha is not.",
        brew: "80 °C · 2 g to 70 ml · whisk well",
    },
    Tea {
        slug: "the-hut-box",
        name: "The Hut Box",
        kind: "All five, and a cup",
        size: "gift box",
        price: 7_800,
        line: "Five small tins, an enamel cup and a route card. For somebody dear.",
        text: "Everything we make in tins of 30 g, the enamel cup we use ourselves, and a card with our five favourite huts to \
               drink it in. It fits a letterbox if the letterbox is Swiss.",
        brew: "Open · put the kettle on · share",
    },
];

/// The tea of that name in the address.
pub fn find(slug: &str) -> Option<&'static Tea> {
    SHELF.iter().find(|tea| tea.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tea_is_found_by_its_own_address() {
        assert!(SHELF.iter().all(|tea| find(tea.slug) == Some(tea)));
        assert_eq!(find("coffee"), None);
    }
}
