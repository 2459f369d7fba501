//! What every part of a page may ask: where we are, whose data, which programs, what time it is.

use crate::live::Heard;
use crate::route::{Mode, Place, Route};
use goodword_wire::{Program, Session};
use std::rc::Rc;
use yew::prelude::*;

/// A wish to go somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub place: Place,
    pub replace: bool,
}

/// Handed down from the shell.
#[derive(Clone, PartialEq)]
pub struct Context {
    pub place: Place,
    pub step: Callback<Step>,
    /// Grows whenever everything should be read anew.
    pub tick: u32,
    /// What the server says by itself.
    pub heard: Heard,
    pub refresh: Callback<()>,
    /// Called when the server says that nobody is logged in.
    pub expired: Callback<()>,
    pub programs: Rc<Vec<Program>>,
    /// Who is in.
    pub session: Rc<Session>,
    /// The vendor's clock in epoch milliseconds; the sandbox's own in test mode.
    pub now: i64,
}

impl Context {
    /// Live or test.
    pub fn mode(&self) -> Mode {
        self.place.mode()
    }

    /// Chooses something on this page, without a step back in the history.
    pub fn choose(&self, key: &str, value: &str) {
        self.step.emit(Step { place: self.place.with(key, value), replace: true });
    }

    /// Whether one may change programs and partners. The server sees to it; this only keeps buttons away that it would refuse.
    pub fn may_manage(&self) -> bool {
        matches!(self.session.user.role.as_str(), "owner" | "manager")
    }

    /// Whether one may decide about commissions and pay them.
    pub fn may_pay(&self) -> bool {
        self.session.user.role != "analyst"
    }

    /// Another page, in the same mode.
    pub fn to(&self, route: Route) -> Place {
        self.place.to(route)
    }

    /// The program of that id, or else the default one.
    pub fn program(&self, id: Option<&str>) -> Option<&Program> {
        let by_id = id.and_then(|id| self.programs.iter().find(|program| program.id == id));
        by_id.or_else(|| self.programs.iter().find(|program| program.default)).or(self.programs.first())
    }

    /// The id of the program chosen, else of the default one: for figures, which are of one program and currency.
    pub fn program_shown(&self) -> Option<&str> {
        self.program(self.place.get("program")).map(|program| program.id.as_str())
    }

    /// `&programId=…` of [`Self::program_shown`].
    pub fn one_program_filter(&self) -> String {
        self.program_shown().map_or(String::new(), |id| format!("&programId={}", crate::route::encode(id)))
    }

    /// The currency of the program chosen, where a row does not name its own.
    pub fn currency(&self, program: Option<&str>) -> String {
        self.program(program).map_or_else(|| "usd".to_owned(), |program| program.currency.clone())
    }

    /// `&programId=…` of the program chosen in the address, if one is.
    pub fn program_filter(&self) -> String {
        self.place
            .get("program")
            .map_or(String::new(), |id| format!("&programId={}", crate::route::encode(id)))
    }
}

/// The context of whichever page one is on.
#[hook]
pub fn use_console() -> Context {
    use_context::<Context>().expect("pages are shown inside the shell, which hands the context down")
}
