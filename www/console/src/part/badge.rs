//! A state, as a word in a coloured frame; the colour only repeats what the word says.

use crate::words::{self, Tone};
use goodword_wire::Commission;
use yew::prelude::*;

/// The word and how it looks.
pub fn badge(text: &str, tone: Tone) -> Html {
    html! { <span class={classes!("badge", tone.class())}>{ text }</span> }
}

/// A commission's state.
pub fn commission(commission: &Commission) -> Html {
    let (text, tone) = words::commission_status(commission);
    badge(&text, tone)
}

/// A partner's state.
pub fn partner(status: &str) -> Html {
    let (text, tone) = words::partner_status(status);
    badge(&text, tone)
}
