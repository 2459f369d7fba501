//! What a partner has of points, and the level.

use crate::context::use_console;
use crate::date;
use crate::format;
use crate::part::badge::badge;
use crate::part::facts::figures;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::{key, plural, t};
use crate::words::Tone;
use goodword_wire::{LevelStanding, Partner, PointsBalance};
use std::rc::Rc;
use yew::prelude::*;

const LOTS: [Column; 4] =
    [text(key("Came in")), figure(key("Came in with")), figure(key("Left")), text(key("Until"))];

/// Whose.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub partner: Rc<Partner>,
}

/// The figures, the level with its history, and the lots.
#[component]
pub fn Points(props: &Props) -> Html {
    let context = use_console();
    let Partner { id, program_id, .. } = &*props.partner;
    let path = format!("/v1/partners/{}/points?programId={}", encode(id), encode(program_id));
    let points = use_poll::<PointsBalance>(context.mode(), path);
    shown(&points, 4, |points| {
        html! {
            <>
                { figures([
                    (t("To redeem"), format::count(points.available)),
                    (t("Held"), format::count(points.held)),
                    (t("On their way"), format::count(points.requested)),
                    (t("Redeemed"), format::count(points.redeemed)),
                    (t("Owed"), format::count(points.owed)),
                ]) }
                { points.level.as_ref().map(level).unwrap_or_default() }
                { lots(points) }
            </>
        }
    })
}

fn level(level: &LevelStanding) -> Html {
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| t("No level").to_owned());
    let next = match &level.next {
        Some(next) => format!(" {}", plural!("{n} more make {next}.", level.missing, next)),
        None => String::new(),
    };
    html! {
        <section aria-labelledby="level-title">
            <h2 id="level-title">{ named(&level.name) }</h2>
            <p class="badges">
                if level.elite { { badge(t("Elite"), Tone::Good) } }
                <span class="quiet">{ plural!("{n} points count; rewards in points are multiplied by {times}.", level.points, times = level.times) }{ next }</span>
            </p>
            <ul>{ for level.history.iter().map(|change| html! {
                <li key={change.at.clone()}>{ plural!("{level} from {date} on, with {n} points", change.points, level = named(&change.name), date = date::day(&change.at)) }</li>
            }) }</ul>
        </section>
    }
}

fn lots(points: &PointsBalance) -> Html {
    if points.lots.is_empty() {
        return html! { <Empty title={t("No points to redeem")}><p>{ t("They come in when the hold of what was earned has ended.") }</p></Empty> };
    }
    html! {
        <Table caption={t("Lots, in the order in which they are redeemed")} columns={&LOTS[..]}>
            { for points.lots.iter().map(|lot| row(&lot.id, &LOTS, vec![
                html! { date::day(&lot.came_at) },
                html! { format::count(lot.amount) },
                html! { format::count(lot.left) },
                lot.expires_at.as_deref().map_or_else(|| html! { t("Without an end") }, |at| html! { date::minute(at) }),
            ])) }
        </Table>
    }
}
