//! Something being typed: what it says now, where its faults are told, and how a field changes it.

use crate::terms::Faults;
use crate::text::t;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A value being edited, or a part of one.
#[derive(Clone, PartialEq)]
pub struct Edit<T: 'static> {
    pub value: Rc<T>,
    pub change: Callback<T>,
    /// Where it stands, as the API spells it.
    pub path: String,
    pub faults: Rc<Faults>,
}

/// A field's label and hint.
#[derive(Clone, Copy)]
pub struct Label<'a> {
    pub title: &'a str,
    /// What the field is counted in, or an example.
    pub hint: &'a str,
}

impl<'a> From<&'a str> for Label<'a> {
    fn from(title: &'a str) -> Self {
        Self { title, hint: "" }
    }
}

impl<'a> From<(&'a str, &'a str)> for Label<'a> {
    fn from((title, hint): (&'a str, &'a str)) -> Self {
        Self { title, hint }
    }
}

impl<T: Clone> Edit<T> {
    /// Where a part of it stands.
    pub fn at(&self, name: &str) -> String {
        match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (_, true) => self.path.clone(),
            _ => format!("{}.{name}", self.path),
        }
    }

    /// Changes it by what is given.
    pub fn on<A: 'static>(&self, put: impl Fn(&mut T, A) + 'static) -> Callback<A> {
        let (value, change) = (self.value.clone(), self.change.clone());
        Callback::from(move |given: A| {
            let mut changed = (*value).clone();
            put(&mut changed, given);
            change.emit(changed);
        })
    }

    /// A part of it, which is edited in its own right.
    pub fn part<U: 'static>(&self, name: &str, value: U, put: impl Fn(&mut T, U) + 'static) -> Edit<U> {
        Edit { value: Rc::new(value), change: self.on(put), path: self.at(name), faults: self.faults.clone() }
    }

    /// A button that changes it.
    pub fn button(&self, text: &'static str, of: &str, put: impl Fn(&mut T) + 'static) -> Html {
        let onclick = self.on(move |value, _: MouseEvent| put(value));
        let of = of.to_owned();
        html! {
            <button type="button" class="button small" {onclick}>{ text }if !of.is_empty() { <span class="hidden">{ " " }{ of }</span> }</button>
        }
    }

    /// A field of one line.
    pub fn text<'a>(
        &self,
        label: impl Into<Label<'a>>,
        name: &str,
        value: &str,
        put: impl Fn(&mut T, String) + 'static,
    ) -> Html {
        self.input("text", label.into(), name, value, put)
    }

    /// A field for a day and a time, UTC.
    pub fn instant(
        &self,
        title: &str,
        name: &str,
        value: &str,
        put: impl Fn(&mut T, String) + 'static,
    ) -> Html {
        self.input("datetime-local", (title, "UTC").into(), name, value, put)
    }

    fn input(
        &self,
        kind: &'static str,
        label: Label<'_>,
        name: &str,
        value: &str,
        put: impl Fn(&mut T, String) + 'static,
    ) -> Html {
        let id = self.at(name);
        let changed = self.on(put);
        let oninput = Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            changed.emit(input.value());
        });
        let fault = self.faults.at(&id);
        html! {
            <div class="field">
                <label for={id.clone()}>{ title(label) }</label>
                <input type={kind} id={id.clone()} value={value.to_owned()} {oninput} autocomplete="off" step={(kind != "text").then_some("any")}
                    aria-invalid={fault.map(|_| "true")} aria-describedby={fault.map(|_| told_at(&id))} />
                { told(&id, fault) }
            </div>
        }
    }

    /// One of several words, whose texts are looked up.
    pub fn choice(
        &self,
        title: &str,
        name: &str,
        value: &str,
        options: &[(&str, &str)],
        put: impl Fn(&mut T, String) + 'static,
    ) -> Html {
        let told: Vec<(&str, &str)> = options.iter().map(|(word, text)| (*word, t(text))).collect();
        self.choice_of_names(title, name, value, &told, put)
    }

    /// One of several that have names of their own.
    pub fn choice_of_names(
        &self,
        title: &str,
        name: &str,
        value: &str,
        options: &[(&str, &str)],
        put: impl Fn(&mut T, String) + 'static,
    ) -> Html {
        let id = self.at(name);
        let changed = self.on(put);
        let onchange = Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            changed.emit(select.value());
        });
        let fault = self.faults.at(&id);
        html! {
            <div class="field">
                <label for={id.clone()}>{ title.to_owned() }</label>
                <select id={id.clone()} {onchange} aria-invalid={fault.map(|_| "true")} aria-describedby={fault.map(|_| told_at(&id))}>
                    { for options.iter().map(|(word, text)| html! {
                        <option key={*word} value={(*word).to_owned()} selected={*word == value}>{ (*text).to_owned() }</option>
                    }) }
                </select>
                { told(&id, fault) }
            </div>
        }
    }

    /// Yes or no.
    pub fn tick(&self, title: &str, checked: bool, put: impl Fn(&mut T, bool) + 'static) -> Html {
        let changed = self.on(put);
        let onchange = Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            changed.emit(input.checked());
        });
        html! {
            <label class="yes-no"><input type="checkbox" class="tick" {checked} {onchange} /><span>{ title.to_owned() }</span></label>
        }
    }

    /// What is wrong with a part of it as a whole.
    pub fn fault(&self, name: &str) -> Html {
        let id = self.at(name);
        told(&id, self.faults.at(&id))
    }
}

fn title(label: Label<'_>) -> Html {
    let (title, hint) = (label.title.to_owned(), label.hint.to_owned());
    html! { <>{ title }if !hint.is_empty() { <small>{ " " }{ hint }</small> }</> }
}

fn told_at(id: &str) -> String {
    format!("{id}-fault")
}

fn told(id: &str, fault: Option<&str>) -> Html {
    fault.map_or_else(
        Html::default,
        |fault| html! { <p class="fault" id={told_at(id)}>{ capital(fault) }</p> },
    )
}

/// A clause as a sentence.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
