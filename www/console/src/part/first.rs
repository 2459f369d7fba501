//! Long lists that all came at once: the first rows stand there at once, the others when somebody asks for them.

use crate::format;
use crate::text::t;
use yew::prelude::*;

/// How many rows stand there before somebody asks for all of them: more than a screen has room for, and quickly drawn.
const FIRST: usize = 40;

/// Whether all rows are asked for.
pub struct First(UseStateHandle<bool>);

/// A list's state.
#[hook]
pub fn use_first() -> First {
    First(use_state_eq(|| false))
}

impl First {
    /// The rows to draw.
    pub fn of<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        if *self.0 { rows } else { &rows[..FIRST.min(rows.len())] }
    }

    /// Asks for all `count` rows, where there are more than are drawn.
    pub fn more(&self, count: usize) -> Html {
        if *self.0 || count <= FIRST {
            return Html::default();
        }
        let all = self.0.clone();
        let onclick = Callback::from(move |_: MouseEvent| all.set(true));
        let n = format::count(i64::try_from(count).unwrap_or(i64::MAX));
        html! { <p class="more"><button type="button" class="button" {onclick}>{ t!("Show all {n}", n) }</button></p> }
    }
}
