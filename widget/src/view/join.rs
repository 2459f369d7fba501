//! `<goodword-join>`: the offer, the form, and the way back in for who joined before.

use super::{Pen, parts};
use crate::model::{Config, Reward};
use crate::state::{Field, Kind};
use crate::text::fill;
use yew::{Html, html};

/// The form to join.
pub fn form(pen: &Pen) -> Html {
    let words = pen.words;
    let Some(config) = &pen.state.config else { return Html::default() };
    html! {
        <>
            <h2 part="title">{ fill(words.join_title, &config.vendor) }</h2>
            { for config.rewards.iter().map(|reward| parts::say("muted", offer(pen, config, reward))) }
            if config.hold_days > 0 { { parts::say("small muted", fill(words.hold, &pen.host.number(config.hold_days))) } }
            if config.open {
                <form data-gw="join" novalidate=true part="form">
                    <div class="row">
                        { parts::field(pen, Field::Name, words.name, "text", "name") }
                        { parts::field(pen, Field::Email, words.email, "email", "email") }
                    </div>
                    { parts::field(pen, Field::Code, words.code, "text", "off") }
                    { terms(pen, config) }
                    { parts::send(pen, words.join) }
                </form>
            } else {
                { parts::say("note", words.closed) }
            }
            <p class="foot">{ words.already }{ " " }{ parts::link_button("sign-in", words.sign_in) }</p>
        </>
    }
}

fn offer(pen: &Pen, config: &Config, reward: &Reward) -> String {
    let words = pen.words;
    let money = pen.host.money(reward.amount.unwrap_or_default(), config.exponent, &config.currency);
    let head = match &reward.percentage {
        Some(share) => fill(words.earn_share, share),
        None if reward.event == "lead" => fill(words.earn_lead, &money),
        None => fill(words.earn_sale, &money),
    };
    let tail = match reward.max_duration {
        _ if reward.event == "lead" => String::new(),
        Some(0) => words.first_only.to_owned(),
        Some(months) => fill(words.for_months, &pen.host.number(months)),
        None => String::new(),
    };
    head + &tail + "."
}

fn terms(pen: &Pen, config: &Config) -> Html {
    let words = pen.words;
    let invalid = pen.state.problem(Field::Terms).map(|_| "true");
    let described = invalid.map(|_| parts::error_id(Field::Terms));
    html! {
        <div>
            <div class="check">
                <input id="terms" name="terms" type="checkbox" aria-required="true" aria-invalid={invalid} aria-describedby={described} />
                <label for="terms">
                    { words.agree }
                    if config.terms_url.is_empty() {
                        { words.terms }
                    } else {
                        <a href={config.terms_url.clone()} target="_blank" rel="noopener noreferrer">
                            { words.terms }<span class="offscreen">{ words.new_window }</span>
                        </a>
                    }
                    if !config.terms_version.is_empty() { { fill(words.version, &config.terms_version) } }
                </label>
            </div>
            { parts::error(pen, Field::Terms) }
        </div>
    }
}

/// The form to ask for a sign-in link.
pub fn sign_in(pen: &Pen) -> Html {
    let words = pen.words;
    html! {
        <>
            <h2 part="title">{ words.sign_in_title }</h2>
            { parts::say("muted", words.sign_in_hint) }
            <form data-gw="sign-in" novalidate=true part="form">
                { parts::field(pen, Field::Email, words.email, "email", "email") }
                { parts::send(pen, words.send_link) }
            </form>
            if pen.state.kind == Kind::Join { <p class="foot">{ parts::link_button("back", words.back) }</p> }
        </>
    }
}

/// A mail is on its way.
pub fn check_mail(pen: &Pen) -> Html {
    let words = pen.words;
    html! {
        <>
            <div role="status">
                <h2 part="title">{ words.check_title }</h2>
                { parts::say("muted", fill(words.check_hint, &pen.state.email)) }
            </div>
            <p class="foot">{ parts::link_button("back", words.back) }</p>
        </>
    }
}
