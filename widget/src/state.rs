//! What is on the screen and what to do next, decided without a browser: `update` takes what happened, changes the state,
//! and names the one effect to carry out.

mod form;

use crate::model::{Config, Entry, Joined, Me};
pub use form::{Field, Form, Problem};

/// Which element this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `<goodword-join>`.
    Join,
    /// `<goodword-share>`.
    Share,
    /// `<goodword-signup>`.
    Signup,
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nothing yet: the element's own children stay.
    Waiting,
    /// The form to join or to sign up.
    Form,
    /// The form to ask for a sign-in link.
    SignIn,
    /// A mail is on its way.
    CheckMail,
    /// The partner's page.
    Me,
    /// Signed up.
    Done,
}

/// What the status line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    #[default]
    Nothing,
    /// The code or the link was copied.
    Copied(String),
    /// It could not be copied; the reader must select it.
    CopyFailed,
    /// The server's own words.
    Refused(String),
    /// The server did not answer.
    Unreachable,
    /// The session has ended.
    SignedOut,
    /// What the server says of the claim just filed.
    Claimed(String),
}

/// What an opened panel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The answer is awaited.
    Waiting,
    /// The server's own words for why there is nothing to show.
    Refused(String),
    /// The server did not answer.
    Lost,
    /// What it said.
    Entries(Vec<Entry>),
}

/// The panel with the partner's claims and the form to file one.
pub const CLAIMS: &str = "embed/claims";
/// The panel with the orders that were not credited.
pub const UNCREDITED: &str = "embed/uncredited";

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Which element.
    pub kind: Kind,
    /// What is shown.
    pub screen: Screen,
    /// The program, once known.
    pub config: Option<Config>,
    /// The partner, once known.
    pub me: Option<Me>,
    /// The address last given.
    pub email: String,
    /// Whether the partner joined just now.
    pub fresh: bool,
    /// Whether an answer is awaited.
    pub busy: bool,
    /// What is wrong with the form.
    pub problems: Vec<(Field, Problem)>,
    /// The status line.
    pub said: Said,
    /// How many polls in a row failed.
    pub missed: u32,
    /// What is open, each by the path its content comes from.
    pub panels: Vec<(String, Told)>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The program is known; a session may be there already.
    Configured(Box<Config>, bool),
    /// The program could not be had.
    Failed(String, String),
    /// Another element, or a ticket, brought a session; or it has gone.
    Session(bool),
    /// The partner's page, fresh.
    Me(Box<Me>),
    /// The partner's page is as it was.
    Unchanged,
    /// A poll failed.
    Missed,
    /// A form was sent off.
    Submitted(Form),
    /// A field was edited.
    Edited(Field),
    /// A button was pressed.
    Pressed(String),
    /// The server took the new partner.
    Joined(Box<Joined>),
    /// The server sent a sign-in link, if the address is known to it.
    Mailed,
    /// The server took the sign-up.
    Led,
    /// The server refused, in its own words.
    Refused(String),
    /// The server did not answer.
    Unreachable,
    /// Something was copied.
    Copied(String),
    /// Copying was not allowed.
    CopyFailed,
    /// A panel was opened or closed: its path.
    Toggled(String),
    /// What a panel shows.
    Told(String, Told),
    /// The server took the claim, and says this of it.
    Claimed(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Show the widget instead of the element's own children, and go on with the next.
    Show(Box<Effect>),
    /// Keep the children; tell the page: code, message.
    Fail(String, String),
    /// Poll the partner's page.
    Watch,
    /// Ask to join.
    Join(Form),
    /// Ask for a sign-in link.
    SignIn(Form),
    /// Report a lead.
    Lead(Form),
    /// Keep the token, tell the page and the other elements.
    Welcome(String),
    /// Forget the token and tell the other elements.
    Forget,
    /// Tell the page of the lead: its e-mail address.
    Led(String),
    /// Ask for what the panel of this path shows.
    Tell(String),
    /// File a claim.
    Claim(Form),
    /// Empty the form of a claim, and ask for the claims.
    Filed,
}

impl State {
    /// A new element.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            screen: Screen::Waiting,
            config: None,
            me: None,
            email: String::new(),
            fresh: false,
            busy: false,
            problems: Vec::new(),
            said: Said::Nothing,
            missed: 0,
            panels: Vec::new(),
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, action: Action) -> Effect {
        match action {
            Action::Configured(config, session) => self.configured(*config, session),
            Action::Failed(code, message) => Effect::Fail(code, message),
            Action::Session(session) => self.session(session),
            Action::Me(me) => self.refreshed(*me),
            Action::Unchanged => self.answered(),
            Action::Missed => self.poll_missed(),
            Action::Submitted(form) => self.submitted(form),
            Action::Edited(field) => self.edited(field),
            Action::Pressed(name) => self.pressed(&name),
            Action::Joined(joined) => self.joined(*joined),
            Action::Mailed => self.show(Screen::CheckMail),
            Action::Led => self.led(),
            Action::Refused(message) => self.refused(message),
            Action::Unreachable => self.say(Said::Unreachable),
            Action::Copied(what) => self.say(Said::Copied(what)),
            Action::CopyFailed => self.say(Said::CopyFailed),
            Action::Toggled(path) => self.toggled(path),
            Action::Told(path, told) => self.told(&path, told),
            Action::Claimed(says) => self.claimed(says),
        }
    }

    fn first_screen(&self) -> Screen {
        if self.kind == Kind::Share { Screen::SignIn } else { Screen::Form }
    }

    fn show(&mut self, screen: Screen) -> Effect {
        self.screen = screen;
        self.busy = false;
        self.problems.clear();
        self.said = Said::Nothing;
        Effect::None
    }

    fn say(&mut self, said: Said) -> Effect {
        self.busy = false;
        self.said = said;
        Effect::None
    }

    fn configured(&mut self, config: Config, session: bool) -> Effect {
        self.config = Some(config);
        if session && self.kind != Kind::Signup {
            return Effect::Watch;
        }
        self.show(self.first_screen());
        Effect::Show(Box::new(Effect::None))
    }

    fn session(&mut self, session: bool) -> Effect {
        if self.kind == Kind::Signup || self.config.is_none() {
            return Effect::None;
        }
        if session {
            return if self.screen == Screen::Me { Effect::None } else { Effect::Watch };
        }
        if self.screen == Screen::Me || self.screen == Screen::Waiting {
            self.me = None;
            self.fresh = false;
            self.panels.clear();
            self.show(self.first_screen());
            self.said = Said::SignedOut;
            return Effect::Show(Box::new(Effect::None));
        }
        Effect::None
    }

    fn refreshed(&mut self, me: Me) -> Effect {
        let first = self.screen != Screen::Me;
        self.me = Some(me);
        if first {
            self.show(Screen::Me);
        }
        self.answered();
        if first { Effect::Show(Box::new(Effect::None)) } else { Effect::None }
    }

    fn answered(&mut self) -> Effect {
        if self.missed > 1 && self.said == Said::Unreachable {
            self.said = Said::Nothing;
        }
        self.missed = 0;
        Effect::None
    }

    /// One lost poll is nobody's business; the third in a row is said. An element with nothing to show gives up at the second.
    fn poll_missed(&mut self) -> Effect {
        self.missed += 1;
        if self.screen == Screen::Waiting && self.missed == 2 {
            return Effect::Fail("network".to_owned(), "the server does not answer".to_owned());
        }
        if self.screen == Screen::Me && self.missed == 3 {
            self.said = Said::Unreachable;
        }
        Effect::None
    }

    fn submitted(&mut self, form: Form) -> Effect {
        if self.busy {
            return Effect::None;
        }
        self.said = Said::Nothing;
        if self.screen == Screen::Me {
            return self.claim(form);
        }
        let needs_terms = self.screen == Screen::Form && self.kind == Kind::Join;
        self.problems = form.problems(self.screen == Screen::Form, needs_terms);
        if !self.problems.is_empty() {
            return Effect::None;
        }
        self.busy = true;
        self.email.clone_from(&form.email);
        match (self.screen, self.kind) {
            (Screen::Form, Kind::Signup) => Effect::Lead(form),
            (Screen::Form, _) => Effect::Join(form),
            _ => Effect::SignIn(form),
        }
    }

    fn claim(&mut self, form: Form) -> Effect {
        self.problems = form.claim_problems();
        self.busy = self.problems.is_empty();
        if self.busy { Effect::Claim(form) } else { Effect::None }
    }

    /// What is opened is asked for anew each time: an answer may have come since.
    fn toggled(&mut self, path: String) -> Effect {
        self.said = Said::Nothing;
        let open = self.panels.len();
        self.panels.retain(|(known, _)| *known != path);
        if self.panels.len() < open {
            return Effect::None;
        }
        self.panels.push((path.clone(), Told::Waiting));
        Effect::Tell(path)
    }

    fn told(&mut self, path: &str, told: Told) -> Effect {
        if let Some(panel) = self.panels.iter_mut().find(|(known, _)| known == path) {
            panel.1 = told;
        }
        Effect::None
    }

    fn claimed(&mut self, says: String) -> Effect {
        self.say(Said::Claimed(says));
        Effect::Filed
    }

    /// What the panel of this path shows; none while it is closed.
    pub fn panel(&self, path: &str) -> Option<&Told> {
        self.panels.iter().find(|(known, _)| known == path).map(|(_, told)| told)
    }

    fn edited(&mut self, field: Field) -> Effect {
        self.problems.retain(|(known, _)| *known != field);
        Effect::None
    }

    fn pressed(&mut self, name: &str) -> Effect {
        match name {
            "sign-in" => self.show(Screen::SignIn),
            "back" => self.show(self.first_screen()),
            "sign-out" => Effect::Forget,
            _ => Effect::None,
        }
    }

    fn joined(&mut self, joined: Joined) -> Effect {
        match (joined.token, joined.me) {
            (Some(token), Some(me)) => {
                self.me = Some(me);
                self.fresh = true;
                self.show(Screen::Me);
                Effect::Welcome(token)
            }
            _ => self.show(Screen::CheckMail),
        }
    }

    fn led(&mut self) -> Effect {
        self.show(Screen::Done);
        Effect::Led(self.email.clone())
    }

    /// A refusal that begins with a field's name in backticks is said at that field; any other in the status line.
    fn refused(&mut self, message: String) -> Effect {
        let named = message.strip_prefix('`').and_then(|rest| rest.split_once('`'));
        let field = named.and_then(|(name, said)| Some((Field::named(name)?, said.trim_start())));
        if let Some((field, said)) = field {
            self.problems = vec![(field, Problem::Said(said.to_owned()))];
            return self.say(Said::Nothing);
        }
        self.say(Said::Refused(message))
    }

    /// What is wrong with a field, if anything.
    pub fn problem(&self, field: Field) -> Option<&Problem> {
        self.problems.iter().find(|(known, _)| *known == field).map(|(_, problem)| problem)
    }

    /// How long to wait before the next poll: the partner's page is looked at often, a panel beside a form less so,
    /// and a silent server is left alone more and more.
    pub fn poll_after(&self) -> u32 {
        let usual = if self.kind == Kind::Share { 1_500 } else { 4_000 };
        (usual << self.missed.min(5)).min(30_000)
    }
}

#[cfg(test)]
mod tests;
