//! What is on the screen and what to do next, decided without a browser: [`State::update`] takes what happened, changes the state,
//! and names what the shell is to do. What the server said is not kept here: views read it where it is.

mod form;

pub use form::Form;

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nothing yet: the element's own children stay.
    Waiting,
    /// What the element opens on: a form, an offer, a list.
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

impl Screen {
    /// The word views know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Form => "form",
            Self::SignIn => "signIn",
            Self::CheckMail => "checkMail",
            Self::Me => "me",
            Self::Done => "done",
        }
    }
}

/// Something the shell is to do, and with what: `show`, `watch`, `fail`, `forget`, `tell`, or to send the form of that name.
pub type Effect = (String, String);

/// One element. A text that begins with `~` is the name of one of the language's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Which element: the part of its name after `goodword-`.
    pub kind: String,
    /// What is shown.
    pub screen: Screen,
    /// The address last given.
    pub email: String,
    /// Whether the partner joined just now.
    pub fresh: bool,
    /// Whether an answer is awaited.
    pub busy: bool,
    /// What is wrong with the form: the field's name, and a text.
    pub problems: Vec<(String, String)>,
    /// The status line.
    pub said: String,
    /// Whether it tells of something that went wrong.
    pub bad: bool,
    /// How many polls in a row failed.
    pub missed: u32,
    /// What is open, each by its path.
    pub open: Vec<String>,
    /// What the shell is to do, in order.
    pub effects: Vec<Effect>,
}

impl State {
    /// A new element.
    pub fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            screen: Screen::Waiting,
            email: String::new(),
            fresh: false,
            busy: false,
            problems: Vec::new(),
            said: String::new(),
            bad: false,
            missed: 0,
            open: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Takes what happened, and something to it:
    ///
    /// | what | value |
    /// | --- | --- |
    /// | `configured`, `session` | anything, if there is a session |
    /// | `me`, `unchanged`, `missed` | of a poll: the partner's page is there, is as it was, could not be had |
    /// | `edit` | the field |
    /// | `sign-in`, `back`, `sign-out` | of a button |
    /// | `joined` | anything, if it was with a session, and not a mail |
    /// | `mailed`, `led` | |
    /// | `refused` | the server's words |
    /// | `lost` | the server did not answer |
    /// | `say` | a text for the status line |
    /// | `open` | the path of a panel to open or to close |
    pub fn update(&mut self, what: &str, value: &str) {
        match what {
            "configured" => self.configured(!value.is_empty()),
            "session" => self.session(!value.is_empty()),
            "me" => self.refreshed(),
            "unchanged" => self.answered(),
            "missed" => self.poll_missed(),
            "edit" => self.problems.retain(|(field, _)| field != value),
            "sign-in" => self.show(Screen::SignIn),
            "back" => self.show(self.first_screen()),
            "sign-out" => self.ask("forget", ""),
            "joined" => self.joined(!value.is_empty()),
            "mailed" => self.show(Screen::CheckMail),
            "led" => self.show(Screen::Done),
            "refused" => self.refused(value),
            "lost" => self.say("~unreachable", true),
            "say" => self.say(value, false),
            "open" => self.toggled(value),
            _ => {}
        }
    }

    /// A form was sent off: which, and what somebody typed.
    pub fn submit(&mut self, what: &str, form: &Form) {
        if self.busy {
            return;
        }
        self.say("", false);
        self.problems = form.problems(what);
        if self.problems.is_empty() {
            self.busy = true;
            self.email.clone_from(&form.email);
            self.ask(what, "");
        }
    }

    /// What views may read of it, as far as there is anything.
    pub fn fields(&self) -> Vec<(String, String)> {
        let word = |truth: bool| if truth { "true" } else { "" }.to_owned();
        let mut all = vec![
            ("kind".to_owned(), self.kind.clone()),
            ("screen".to_owned(), self.screen.name().to_owned()),
            ("email".to_owned(), self.email.clone()),
            ("fresh".to_owned(), word(self.fresh)),
            ("busy".to_owned(), word(self.busy)),
            ("said".to_owned(), self.said.clone()),
            ("failed".to_owned(), word(self.bad)),
        ];
        all.extend(
            self.problems.iter().map(|(field, text)| (["bad-", &plain(field)].concat(), text.clone())),
        );
        all.extend(self.open.iter().map(|path| (["open-", path].concat(), word(true))));
        all
    }

    /// How many milliseconds to wait before the next poll: the partner's page is looked at often, a panel beside a form less so,
    /// and a silent server is left alone more and more.
    pub fn poll_after(&self) -> u32 {
        let usual = if self.kind == "share" { 1_500 } else { 4_000 };
        (usual << self.missed.min(5)).min(30_000)
    }

    /// Whether this element is a partner's, so that it goes by the partner's session.
    fn is_own(&self) -> bool {
        self.kind == "join" || self.kind == "share"
    }

    fn first_screen(&self) -> Screen {
        if self.kind == "share" { Screen::SignIn } else { Screen::Form }
    }

    fn ask(&mut self, what: &str, value: &str) {
        self.effects.push((what.to_owned(), value.to_owned()));
    }

    fn show(&mut self, screen: Screen) {
        self.screen = screen;
        self.problems.clear();
        self.say("", false);
    }

    fn say(&mut self, text: &str, bad: bool) {
        self.busy = false;
        text.clone_into(&mut self.said);
        self.bad = bad;
    }

    fn configured(&mut self, session: bool) {
        if session && self.is_own() {
            return self.ask("watch", "");
        }
        self.show(self.first_screen());
        self.ask("show", "");
    }

    fn session(&mut self, session: bool) {
        if !self.is_own() {
            return;
        }
        if session {
            if self.screen != Screen::Me {
                self.ask("watch", "");
            }
        } else if self.screen == Screen::Me || self.screen == Screen::Waiting {
            self.fresh = false;
            self.open.clear();
            self.show(self.first_screen());
            "~signedOut".clone_into(&mut self.said);
            self.ask("show", "");
        }
    }

    fn refreshed(&mut self) {
        if self.screen != Screen::Me {
            self.show(Screen::Me);
            self.ask("show", "");
        }
        self.answered();
    }

    fn answered(&mut self) {
        if self.missed > 2 {
            self.say("", false);
        }
        self.missed = 0;
    }

    /// One lost poll is nobody's business; the third in a row is said. An element with nothing to show gives up at the second.
    fn poll_missed(&mut self) {
        self.missed += 1;
        if self.screen == Screen::Waiting && self.missed == 2 {
            self.ask("fail", "the server does not answer");
        }
        if self.screen == Screen::Me && self.missed == 3 {
            self.say("~unreachable", true);
        }
    }

    /// What is opened is asked for anew each time: an answer may have come since.
    fn toggled(&mut self, path: &str) {
        self.said.clear();
        let open = self.open.len();
        self.open.retain(|known| known != path);
        if self.open.len() == open {
            self.open.push(path.to_owned());
            self.ask("tell", path);
        }
    }

    fn joined(&mut self, session: bool) {
        self.fresh = session;
        self.show(if session { Screen::Me } else { Screen::CheckMail });
    }

    /// A refusal that begins with a field's name in backticks is said at that field; any other in the status line.
    fn refused(&mut self, message: &str) {
        let named = message.strip_prefix('`').and_then(|rest| rest.split_once('`'));
        if let Some((field, said)) = named.filter(|(field, _)| form::is_field(field)) {
            self.problems = vec![(field.to_owned(), said.trim_start_matches(' ').to_owned())];
            return self.say("", false);
        }
        self.say(if message.is_empty() { "~refused" } else { message }, true);
    }
}

/// A field's name without a dot, which in a path would lead inside.
fn plain(field: &str) -> String {
    field.split_once('.').map_or_else(|| field.to_owned(), |(head, tail)| [head, "-", tail].concat())
}

#[cfg(test)]
mod tests;
