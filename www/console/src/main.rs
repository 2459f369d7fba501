//! The marketer's console: what works, who waits for approval, what is owed, and why each sale was credited as it was.
//!
//! Pure and natively tested: `route`, `date`, `format`, `series`, `compare`, `narrow`, `span`, `text`, `told`, `trial`, `words`,
//! `terms`, `design`. The rest is thin components over them.

mod action;
mod api;
mod app;
mod browser;
mod chapter;
mod compare;
mod context;
mod date;
mod design;
mod format;
mod intl;
mod language;
mod live;
mod narrow;
mod page;
mod part;
mod poll;
mod route;
mod rules;
mod series;
mod shell;
mod span;
mod terms;
mod text;
mod told;
mod trial;
mod words;

fn main() {
    yew::platform::spawn_local(async {
        language::begin().await;
        yew::Renderer::<app::App>::new().render();
    });
}
