//! Hearing from the server that something has changed, so that nothing need be asked while nothing does.

use crate::browser;
use crate::route::Mode;
use gloo_events::EventListener;
use web_sys::EventSource;
use yew::prelude::*;

/// What was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How often something changed.
    pub changes: u32,
    /// Whether the server can say so.
    pub live: bool,
}

impl Reducible for Heard {
    type Action = Said;

    fn reduce(self: std::rc::Rc<Self>, said: Said) -> std::rc::Rc<Self> {
        let Self { changes, .. } = *self;
        let next = match said {
            Said::Changed => Self { changes: changes.wrapping_add(1), live: true },
            Said::Gone => Self { changes, live: false },
        };
        std::rc::Rc::new(next)
    }
}

/// What the server, or its silence, says.
#[derive(Clone, Copy)]
pub enum Said {
    Changed,
    Gone,
}

/// Listens while the page can be seen: a browser has few connections to one server, and many tabs.
#[hook]
pub fn use_live(mode: Mode) -> Heard {
    let heard = use_reducer_eq(Heard::default);
    let visible = use_state_eq(browser::is_visible);
    use_effect_with((), {
        let visible = visible.clone();
        move |()| {
            let seen = move |_: &web_sys::Event| visible.set(browser::is_visible());
            let listener =
                browser::document().map(|document| EventListener::new(&document, "visibilitychange", seen));
            move || drop(listener)
        }
    });
    let to = heard.dispatcher();
    use_effect_with((mode, *visible), move |(mode, visible)| {
        let path = format!("/v1/live?mode={}", mode.word());
        let source = visible.then(|| EventSource::new(&path).ok()).flatten();
        let listeners = source.as_ref().map(|source| {
            let (told, lost) = (to.clone(), to.clone());
            [
                EventListener::new(source, "figures", move |_| told.dispatch(Said::Changed)),
                // The browser comes again by itself; meanwhile the pages ask.
                EventListener::new(source, "error", move |_| lost.dispatch(Said::Gone)),
            ]
        });
        move || {
            drop(listeners);
            if let Some(source) = source {
                source.close();
            }
            to.dispatch(Said::Gone);
        }
    });
    *heard
}
