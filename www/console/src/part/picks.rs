//! Rows that are chosen by a tick, to do something with all of them.

use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Which rows are ticked, by their ids.
#[derive(Clone, PartialEq)]
pub struct Picks {
    ticked: UseStateHandle<Rc<BTreeSet<String>>>,
}

/// Nothing ticked at first.
#[hook]
pub fn use_picks() -> Picks {
    Picks { ticked: use_state_eq(Rc::<BTreeSet<String>>::default) }
}

impl Picks {
    /// Whether a row is.
    pub fn has(&self, id: &str) -> bool {
        self.ticked.contains(id)
    }

    /// Ticks these and no others.
    pub fn set(&self, ids: impl IntoIterator<Item = String>) {
        self.ticked.set(Rc::new(ids.into_iter().collect()));
    }

    /// The box of one row; `what` says what is chosen by it, to who cannot see the row.
    pub fn tick(&self, id: &str, what: &str) -> Html {
        let (ticked, id, checked) = (self.ticked.clone(), id.to_owned(), self.has(id));
        let onchange = Callback::from(move |_: Event| ticked.set(Rc::new(toggled(&ticked, &id))));
        html! { <input type="checkbox" class="box" {checked} {onchange} aria-label={what.to_owned()} /> }
    }

    /// The box of all rows.
    pub fn tick_all(&self, ids: Vec<String>, words: &str) -> Html {
        let checked = !ids.is_empty() && ids.iter().all(|id| self.has(id));
        let (picks, disabled) = (self.clone(), ids.is_empty());
        let onchange = Callback::from(move |event: Event| {
            let all: HtmlInputElement = event.target_unchecked_into();
            picks.set(if all.checked() { ids.clone() } else { Vec::new() });
        });
        html! {
            <label class="tick-all"><input type="checkbox" class="box" {checked} {disabled} {onchange} />{ words.to_owned() }</label>
        }
    }
}

fn toggled(ticked: &BTreeSet<String>, id: &str) -> BTreeSet<String> {
    let mut after = ticked.clone();
    if !after.remove(id) {
        after.insert(id.to_owned());
    }
    after
}

#[cfg(test)]
mod tests {
    use super::toggled;
    use std::collections::BTreeSet;

    #[test]
    fn a_tick_again_takes_it_off() {
        let once = toggled(&BTreeSet::new(), "a");
        assert!(once.contains("a"));
        assert!(toggled(&once, "a").is_empty());
    }
}
