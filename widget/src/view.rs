//! What is drawn, one file per element. No listener is attached here: the shell delegates by `data-gw`.

mod join;
mod parts;
mod share;
mod signup;
mod told;

use crate::host::Host;
use crate::state::{Kind, Screen, State};
use crate::text::{self, Words};
use yew::{Html, html};

/// What a view needs besides the state.
pub struct Pen<'a> {
    /// The state.
    pub state: &'a State,
    /// Formats.
    pub host: &'a Host,
    /// Speaks.
    pub words: &'static Words,
}

/// Draws one element.
pub fn view(state: &State, host: &Host) -> Html {
    let pen = Pen { state, host, words: text::words(&host.lang()) };
    let body = match (state.screen, state.kind) {
        (Screen::Waiting, _) => return Html::default(),
        (Screen::SignIn, _) => join::sign_in(&pen),
        (Screen::CheckMail, _) => join::check_mail(&pen),
        (Screen::Me, _) => share::me(&pen),
        (Screen::Done, _) => signup::done(&pen),
        (Screen::Form, Kind::Signup) => signup::form(&pen),
        (Screen::Form, _) => join::form(&pen),
    };
    html! {
        <section class="card" part="card">
            { body }
            { parts::status(&pen) }
        </section>
    }
}
