//! `<goodword-share>`: the partner's own page. `<goodword-join>` shows its upper half to who has just joined.

use super::{Pen, parts, told};
use crate::model::{Commission, Earnings, Me, Qr};
use crate::state::Kind;
use crate::text::{fill, look_up};
use yew::{Html, html};

/// The partner's page.
pub fn me(pen: &Pen) -> Html {
    let Some(me) = &pen.state.me else { return Html::default() };
    let words = pen.words;
    let title = if pen.state.fresh && me.status == "approved" { words.joined_title } else { words.me_title };
    let whole = pen.state.kind == Kind::Share;
    html! {
        <>
            <h2 part="title">{ fill(title, &me.name) }</h2>
            { standing(pen, me) }
            { give(pen, me) }
            { proof(pen, me) }
            if whole && me.status != "pending" { { results(pen, me) } }
            if whole { if let Some(earnings) = &me.earnings { { money(pen, earnings) }{ told::orders(pen, me) } } }
            <p class="foot">{ parts::link_button("sign-out", words.sign_out) }</p>
        </>
    }
}

fn standing(pen: &Pen, me: &Me) -> Html {
    let words = pen.words;
    let (text, reason) = match me.status.as_str() {
        "pending" => (words.pending, ""),
        "rejected" => (words.rejected, me.reason.as_str()),
        "banned" => (words.banned, me.reason.as_str()),
        _ => return Html::default(),
    };
    parts::say("note", format!("{text} {reason}"))
}

fn proof(pen: &Pen, me: &Me) -> Html {
    if me.email_proven {
        return Html::default();
    }
    let words = pen.words;
    let fresh = pen.state.fresh && !pen.state.email.is_empty();
    let text = if fresh { fill(words.prove_fresh, &pen.state.email) } else { words.prove.to_owned() };
    parts::say("note", text)
}

/// Code, link and QR code.
fn give(pen: &Pen, me: &Me) -> Html {
    let Some(link) = &me.link else { return Html::default() };
    let words = pen.words;
    html! {
        <div class="give" part="give">
            <dl>
                { copyable(pen, words.your_code, "copy-code", words.copy_code, &link.code) }
                { copyable(pen, words.your_link, "copy-link", words.copy_link, &link.short_link) }
            </dl>
            if let Some(qr) = &me.qr { { picture(pen, qr) } }
        </div>
    }
}

fn copyable(pen: &Pen, title: &'static str, action: &'static str, label: &'static str, text: &str) -> Html {
    let class = (action == "copy-code").then_some("code");
    html! {
        <>
            <dt>{ title }</dt>
            <dd class="copy">
                <bdi {class} part="value">{ text }</bdi>
                <button type="button" class="quiet" part="copy-button" data-gw={action} data-text={text.to_owned()} aria-label={label}>
                    { pen.words.copy }
                </button>
            </dd>
        </>
    }
}

fn picture(pen: &Pen, qr: &Qr) -> Html {
    html! {
        <svg class="qr" part="qr" role="img" aria-label={pen.words.qr} viewBox={format!("0 0 {0} {0}", qr.size)} shape-rendering="crispEdges">
            <path d={qr.path.clone()} fill="#000" />
        </svg>
    }
}

fn results(pen: &Pen, me: &Me) -> Html {
    let values = me.totals.map(|count| pen.host.number(count));
    html! { <><h3>{ pen.words.results }</h3>{ figures("figures", pen.words.figures, values) }</> }
}

fn figures(class: &'static str, names: [&'static str; 3], values: [String; 3]) -> Html {
    html! {
        <dl {class} part="figures">
            { for names.into_iter().zip(values).map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

fn money(pen: &Pen, earnings: &Earnings) -> Html {
    let words = pen.words;
    let show = |minor| pen.host.money(minor, earnings.exponent, &earnings.currency);
    html! {
        <>
            <h3>{ words.earnings }</h3>
            { figures("figures sums", words.sums, earnings.sums.map(show)) }
            { parts::say("small muted", fill(words.min_payout, &show(earnings.min_payout))) }
            <h3>{ words.latest }</h3>
            if earnings.commissions.is_empty() {
                { parts::say("muted", words.none_yet) }
            } else {
                <ul class="list" part="commissions">
                    { for earnings.commissions.iter().map(|commission| row(pen, earnings, commission)) }
                </ul>
            }
        </>
    }
}

fn row(pen: &Pen, earnings: &Earnings, commission: &Commission) -> Html {
    let words = pen.words;
    let kind = look_up(words.kinds, &commission.kind);
    let state = fill(&look_up(words.states, &commission.status), &pen.host.date(&commission.clears_at));
    let amount = if commission.points {
        fill(words.points, &pen.host.number(commission.earnings))
    } else {
        pen.host.money(commission.earnings, earnings.exponent, &earnings.currency)
    };
    let path = format!("embed/commissions/{}/explanation", commission.id);
    let why = format!("{} {amount}", words.why);
    html! {
        <li key={commission.id.clone()} data-status={commission.status.clone()}>
            <div>
                <span>{ kind }{ " \u{b7} " }{ pen.host.date(&commission.created_at) }</span>
                <span class="small muted">{ commission.arithmetic.clone() }</span>
            </div>
            <div class="end">
                <b>{ amount }</b>
                <span class="small muted">{ state }</span>
            </div>
            <div class="panel">{ told::panel(pen, &path, words.why, Some(why)) }</div>
        </li>
    }
}
