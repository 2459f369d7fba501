//! Tables that stay readable at 360 pixels: there, each row becomes a card and each cell names its column.
//! The roles are spelled out because a browser drops them with the table's display.

use crate::text::t;
use yew::prelude::*;

/// A column's heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub title: &'static str,
    pub numeric: bool,
}

/// A column of words.
pub const fn text(title: &'static str) -> Column {
    Column { title, numeric: false }
}

/// A column of figures, set flush right.
pub const fn figure(title: &'static str) -> Column {
    Column { title, numeric: true }
}

/// The caption, the headings and the rows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the table holds, for who cannot see it.
    pub caption: AttrValue,
    pub columns: &'static [Column],
    pub children: Children,
}

/// The table.
#[component]
pub fn Table(props: &Props) -> Html {
    html! {
        <table class="table" role="table">
            <caption class="hidden">{ props.caption.clone() }</caption>
            <thead role="rowgroup">
                <tr role="row">
                    { for props.columns.iter().map(|column| html! {
                        <th key={column.title} scope="col" role="columnheader" class={number(column.numeric)}>
                            { t(column.title) }
                        </th>
                    }) }
                </tr>
            </thead>
            <tbody role="rowgroup">{ props.children.clone() }</tbody>
        </table>
    }
}

fn number(numeric: bool) -> Classes {
    classes!(numeric.then_some("number"))
}

/// A row; its cells stand in the order of the columns.
pub fn row(key: &str, columns: &[Column], cells: Vec<Html>) -> Html {
    let cells = columns.iter().zip(cells).enumerate().map(|(index, (column, cell))| {
        if index == 0 {
            html! { <th key={0} scope="row" role="rowheader" class={number(column.numeric)}>{ cell }</th> }
        } else {
            html! {
                <td key={index} role="cell" class={number(column.numeric)} data-label={t(column.title).to_owned()}>{ cell }</td>
            }
        }
    });
    html! { <tr key={key} role="row">{ for cells }</tr> }
}

/// Asks for the next page of rows, if there is one.
pub fn load_more(more: bool, growing: bool, ask: &Callback<()>) -> Html {
    if !more {
        return Html::default();
    }
    let onclick = ask.reform(|_: MouseEvent| ());
    let text = if growing { t("Loading…") } else { t("Load more") };
    html! { <p class="more"><button type="button" class="button" disabled={growing} {onclick}>{ text }</button></p> }
}
