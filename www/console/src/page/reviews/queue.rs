//! One review as it stands in the queue.

use crate::context::Context;
use crate::part::badge::{self, badge};
use crate::part::link::Link;
use crate::part::picks::Picks;
use crate::part::rows::{partner_link, when};
use crate::route::Route;
use crate::text::t;
use crate::words::{Tone, review as words};
use crate::{date, format};
use goodword_wire::{ExplainedSignal, Review};
use yew::prelude::*;

/// What it is about, what speaks against it, and what was decided.
pub fn entry(context: &Context, review: &Review, picks: &Picks) -> Html {
    let commission = &review.commission;
    let sum = format::money(earned(review), &commission.currency);
    let tick = if review.status == "closed" {
        Html::default()
    } else {
        picks.tick(&review.id, &t!("Choose {sum} of {name}", sum, name = commission.partner.name))
    };
    let (word, tone) = words::review(&review.status);
    html! {
        <li key={review.id.clone()} class="panel review">
            <div class="review-head">
                <span class="pick">{ tick }<strong>{ sum }</strong></span>
                <span>{ partner_link(context, Some(&commission.partner)) }</span>
                if review.status != "waiting" {
                    <span class="badges">{ badge(&word, tone) }
                        if review.status == "cleared" { { badge::commission(commission) } }</span>
                }
                <span class="quiet">{ when(context, &review.opened_at) }</span>
            </div>
            <p>{ about(context, review) }</p>
            <ul class="signals">
                { for review.signals.iter().map(signal) }
            </ul>
            { decided(review) }
        </li>
    }
}

/// What is at stake: what it would bring, also where it was blocked and brings nothing now.
fn earned(review: &Review) -> i64 {
    let commission = &review.commission;
    if commission.earnings == 0 { commission.earnings_at_first } else { commission.earnings }
}

fn about(context: &Context, review: &Review) -> Html {
    let commission = &review.commission;
    let buyer = commission.customer.as_ref().and_then(|c| c.name.clone().or_else(|| c.email.clone()));
    let buyer = buyer.map_or(String::new(), |buyer| format!(" · {buyer}"));
    let (what, to) = if review.event == "sale" {
        let what = commission.invoice_id.as_deref();
        let what = what.map_or_else(|| t("Sale").to_owned(), |invoice| t!("Sale {invoice}", invoice));
        (what, Route::Sale(review.event_id.clone()))
    } else {
        (t("Sign-up").to_owned(), Route::Lead(review.event_id.clone()))
    };
    let what = html! { <Link to={context.to(to)}>{ what }</Link> };
    html! { <>{ what }<span class="quiet">{ buyer }{ " · " }{ &commission.arithmetic }</span></> }
}

fn signal(found: &ExplainedSignal) -> Html {
    let blocked = found.signal.action == "block";
    html! {
        <li key={found.signal.rule.clone()}>
            <p class="badges"><strong>{ words::rule(&found.signal.rule) }</strong>
                if blocked { { badge(t("Blocked"), Tone::Bad) } }</p>
            // With its figures it is told in English alone; what the rule means, in every language.
            if crate::intl::is_english() { <p>{ &found.signal.why }</p> }
            <p class="quiet">{ crate::words::known(&found.explanation) }</p>
        </li>
    }
}

fn decided(review: &Review) -> Html {
    let Some((by, at)) = review.decided_by.as_ref().zip(review.decided_at.as_ref()) else {
        return Html::default();
    };
    let said = t!(
        "{review} by {by} on {time}",
        review = words::review(&review.status).0,
        by = words::by(by),
        time = date::minute(at)
    );
    html! {
        <p class="decided">{ said }
            if let Some(note) = &review.note { { ": “" }{ note }{ "”" } }</p>
    }
}
