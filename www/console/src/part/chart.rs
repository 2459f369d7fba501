//! A trend as a line over days, drawn as SVG; the same figures stand in a table below it.
//! The drawing is stretched to the room there is, so every word stands outside of it.

use crate::series::{Metric, ceiling};
use crate::text::{rich, t};
use crate::{date, format};
use goodword_wire::Day;
use std::fmt::Write;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// The room of the drawing, in its own units.
const WIDTH: i64 = 1_000;
const HEIGHT: i64 = 220;

/// The days, without gaps, and which of their figures.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub days: Rc<Vec<Day>>,
    pub metric: Metric,
    pub currency: AttrValue,
    /// The days they are compared with, as many.
    #[prop_or_default]
    pub before: Option<Rc<Vec<Day>>>,
}

/// The chart.
#[component]
pub fn Chart(props: &Props) -> Html {
    let pointed = use_state_eq(|| None::<usize>);
    let values: Vec<i64> = props.days.iter().map(|day| props.metric.of(day)).collect();
    let of_before: Vec<i64> =
        props.before.iter().flat_map(|days| days.iter()).map(|day| props.metric.of(day)).collect();
    let top = ceiling(&values).max(ceiling(&of_before));
    let (points, points_before) = (place(&values, top), place(&of_before, top));
    let title = props.metric.title();
    let onpointermove = {
        let (pointed, length) = (pointed.clone(), values.len());
        Callback::from(move |event: PointerEvent| pointed.set(under(&event, length)))
    };
    let onpointerleave = pointed.reform_none();
    let spot = pointed.and_then(|index| points.get(index).copied());
    let axis = |n: i64| {
        if props.metric.is_money() { format::short_money(n, &props.currency) } else { format::short(n) }
    };
    html! {
        <figure class="chart">
            <figcaption>{ readout(props, *pointed) }</figcaption>
            <div class="plot">
                <div class="axis-y" aria-hidden="true"><span>{ axis(top) }</span><span>{ axis(top / 2) }</span><span>{ "0" }</span></div>
                <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" role="img"
                    aria-label={t!("{title} per day. The figures stand in the table below.", title)} {onpointermove} {onpointerleave}>
                    { for [0, HEIGHT / 2, HEIGHT].map(|y| html! {
                        <line class="grid" x1="0" x2={WIDTH.to_string()} y1={y.to_string()} y2={y.to_string()} />
                    }) }
                    if !points_before.is_empty() {
                        <path class="line before" d={line(&points_before)} />
                    }
                    <path class="area" d={area(&points)} />
                    <path class="line" d={line(&points)} />
                    { spot.map(marker) }
                </svg>
            </div>
            { axis_x(&props.days) }
            { table(props) }
        </figure>
    }
}

/// Nothing is pointed at any more.
trait Unpoint {
    fn reform_none(&self) -> Callback<PointerEvent>;
}

impl Unpoint for UseStateHandle<Option<usize>> {
    fn reform_none(&self) -> Callback<PointerEvent> {
        let state = self.clone();
        Callback::from(move |_| state.set(None))
    }
}

fn readout(props: &Props, pointed: Option<usize>) -> Html {
    let written = |n: i64| amount(props, n);
    match pointed.and_then(|index| props.days.get(index)) {
        Some(day) => {
            let before = pointed.and_then(|index| props.before.as_ref()?.get(index));
            html! {
                <>{ rich!("{figure} on {date}", figure = html! { <strong>{ written(props.metric.of(day)) }</strong> }, date = html! { date::day(&day.date) }) }
                if let Some(before) = before {
                    <span>{ " · " }{ t!("{written} on {date}", written = written(props.metric.of(before)), date = date::day(&before.date)) }</span>
                }</>
            }
        }
        None => html! {
            <>{ rich!("{figure} per day, UTC", figure = html! { <strong>{ props.metric.title() }</strong> }) }
            if props.before.is_some() { <span class="key"><i aria-hidden="true" />{ t("the range before") }</span> }</>
        },
    }
}

fn amount(props: &Props, n: i64) -> String {
    if props.metric.is_money() { format::money(n, &props.currency) } else { format::count(n) }
}

/// Where each value lies in the drawing.
fn place(values: &[i64], top: i64) -> Vec<(i64, i64)> {
    let steps = i64::try_from(values.len()).unwrap_or(i64::MAX).max(2) - 1;
    let scaled = |value: i64| i128::from(value.max(0)) * i128::from(HEIGHT) / i128::from(top.max(1));
    let y = |value: i64| HEIGHT - i64::try_from(scaled(value)).unwrap_or(HEIGHT);
    (0..).zip(values).map(|(index, value)| (index * WIDTH / steps, y(*value))).collect()
}

fn line(points: &[(i64, i64)]) -> String {
    points.iter().enumerate().fold(String::new(), |mut path, (index, (x, y))| {
        // Writing to a string cannot fail.
        let _ = write!(path, "{}{x} {y}", if index == 0 { 'M' } else { 'L' });
        path
    })
}

fn area(points: &[(i64, i64)]) -> String {
    points.last().map_or_else(String::new, |(x, _)| format!("{}L{x} {HEIGHT}L0 {HEIGHT}Z", line(points)))
}

/// Which day the pointer is over.
fn under(event: &PointerEvent, length: usize) -> Option<usize> {
    let element: Element = event.current_target().map(wasm_bindgen::JsCast::unchecked_into)?;
    let frame = element.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - frame.left()) / frame.width();
    let steps = u32::try_from(length.checked_sub(1)?).ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the number of days"
    )]
    let index = (part * f64::from(steps)).round().clamp(0.0, f64::from(steps)) as usize;
    Some(index)
}

/// A line of no length with round ends is a dot that the stretching does not flatten.
fn marker((x, y): (i64, i64)) -> Html {
    let (x, y) = (x.to_string(), y.to_string());
    html! {
        <>
            <line class="guide" x1={x.clone()} x2={x.clone()} y1="0" y2={HEIGHT.to_string()} />
            <line class="dot" x1={x.clone()} x2={x} y1={y.clone()} y2={y} />
        </>
    }
}

fn axis_x(days: &[Day]) -> Html {
    let label = |day: Option<&Day>| day.and_then(|day| date::day_number(&day.date)).map(date::day_short);
    let middle = days.get(days.len() / 2);
    html! {
        <div class="axis-x" aria-hidden="true">
            { for [days.first(), middle, days.last()].into_iter().map(|day| html! { <span>{ label(day) }</span> }) }
        </div>
    }
}

fn table(props: &Props) -> Html {
    html! {
        <details class="figures-table">
            <summary>{ t("Show as a table") }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label={t("Figures per day")}>
                <table class="numbers">
                    <caption class="hidden">{ t("Figures per day, newest first") }</caption>
                    <thead><tr>
                        { for [t("Day"), t("Clicks"), t("Leads"), t("Sales"), t("Revenue"), t("Commissions")].into_iter().enumerate().map(|(place, title)| html! {
                            <th key={title} scope="col" class={(place > 0).then_some("number")}>{ title }</th>
                        }) }
                    </tr></thead>
                    <tbody>{ for props.days.iter().rev().map(|day| table_row(day, &props.currency)) }</tbody>
                </table>
            </div>
        </details>
    }
}

fn table_row(day: &Day, currency: &str) -> Html {
    html! {
        <tr key={day.date.clone()}>
            <th scope="row">{ date::day(&day.date) }</th>
            <td class="number">{ format::count(day.clicks) }</td>
            <td class="number">{ format::count(day.leads) }</td>
            <td class="number">{ format::count(day.sales) }</td>
            <td class="number">{ format::money(day.sale_amount, currency) }</td>
            <td class="number">{ format::money(day.earnings, currency) }</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_spans_the_room_and_the_highest_value_touches_the_top() {
        let points = place(&[0, 5, 10], 10);
        assert_eq!(points, [(0, 220), (500, 110), (1_000, 0)]);
        assert_eq!(line(&points), "M0 220L500 110L1000 0");
        assert_eq!(area(&points), "M0 220L500 110L1000 0L1000 220L0 220Z");
    }

    #[test]
    fn one_day_or_none_is_no_division_by_zero() {
        assert_eq!(place(&[3], 4), [(0, 55)]);
        assert_eq!(area(&[]), "");
    }
}
