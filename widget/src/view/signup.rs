//! `<goodword-signup>`: a sign-up for a partner's code, or for the click the page remembers.

use super::{Pen, parts};
use crate::state::Field;
use crate::text::fill;
use yew::{Html, html};

fn vendor<'a>(pen: &Pen<'a>) -> &'a str {
    pen.state.config.as_ref().map_or("", |config| &config.vendor)
}

/// The form to sign up.
pub fn form(pen: &Pen) -> Html {
    let words = pen.words;
    let code = pen.host.code();
    html! {
        <>
            <h2 part="title">{ fill(words.signup_title, vendor(pen)) }</h2>
            if !code.is_empty() { { parts::say("muted", fill(words.signup_code, &code)) } }
            <form data-gw="signup" novalidate=true part="form">
                <div class="row">
                    { parts::field(pen, Field::Name, words.name, "text", "name") }
                    { parts::field(pen, Field::Email, words.email, "email", "email") }
                </div>
                { parts::send(pen, words.sign_up) }
            </form>
        </>
    }
}

/// Signed up.
pub fn done(pen: &Pen) -> Html {
    html! {
        <div role="status">
            <h2 part="title">{ fill(pen.words.done_title, vendor(pen)) }</h2>
            { parts::say("muted", pen.words.done_hint) }
        </div>
    }
}
