//! The one component: it asks [`State`] what to do and does it. One struct for all elements costs 9 kB less than
//! function components with hooks.

use crate::api::{self, Answer, Call};
use crate::decode::{self, Node};
use crate::host::Host;
use crate::state::{Action, CLAIMS, Effect, Field, Form, Kind, State, Told};
use crate::{session, view};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::html::Scope;
use yew::{AppHandle, Component, Context, Html, Properties};

/// What an element is made with.
#[derive(Clone, Properties)]
pub struct Props {
    host: Host,
    kind: Kind,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// One element's content.
pub struct App {
    state: State,
    host: Host,
    watching: Rc<Cell<bool>>,
}

impl Component for App {
    type Message = Action;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let Props { host, kind } = context.props().clone();
        spawn_local(begin(host.clone(), context.link().clone()));
        Self { state: State::new(kind), host, watching: Rc::default() }
    }

    fn update(&mut self, context: &Context<Self>, action: Action) -> bool {
        let idle = matches!(action, Action::Unchanged) && self.state.missed == 0;
        let effect = self.state.update(action);
        self.carry_out(context.link(), effect);
        !idle
    }

    fn view(&self, _: &Context<Self>) -> Html {
        view::view(&self.state, &self.host)
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.watching.set(false);
    }
}

impl App {
    fn carry_out(&self, link: &Scope<Self>, effect: Effect) {
        let host = self.host.clone();
        let link = link.clone();
        match effect {
            Effect::None => {}
            Effect::Show(next) => {
                host.ready();
                self.carry_out(&link, *next);
            }
            Effect::Fail(code, message) => host.fail(&code, &message),
            Effect::Watch => self.watch(link),
            Effect::Join(form) => self.send(link, join(&host, &form, &self.terms())),
            Effect::SignIn(form) => self.send(link, sign_in(&host, &form)),
            Effect::Lead(form) => self.send(link, lead(&host, &form)),
            Effect::Claim(form) => self.send(link, claim(&form)),
            Effect::Tell(path) => self.send(link, tell(path)),
            Effect::Filed => {
                host.filed();
                self.send(link, tell(CLAIMS.to_owned()));
            }
            Effect::Welcome(token) => self.welcome(link, &token),
            Effect::Forget => {
                session::forget(&host);
                self.watching.set(false);
                host.changed();
            }
            Effect::Led(email) => host.emit("lead", &api::object(&[("email", &email)])),
        }
    }

    fn send(&self, link: Scope<Self>, errand: Errand) {
        spawn_local(run(self.host.clone(), link, errand));
    }

    fn terms(&self) -> String {
        self.state.config.as_ref().map(|config| config.terms_version.clone()).unwrap_or_default()
    }

    fn welcome(&self, link: Scope<Self>, token: &str) {
        session::keep(&self.host, token);
        let about = self.state.me.as_ref().and_then(|me| me.link.as_ref());
        let (code, short_link) = about.map_or(("", ""), |link| (&link.code, &link.short_link));
        self.host.emit("joined", &api::object(&[("code", code), ("link", short_link)]));
        self.watch(link);
    }

    fn watch(&self, link: Scope<Self>) {
        if !self.watching.replace(true) {
            spawn_local(watch(self.host.clone(), link, Rc::clone(&self.watching)));
        }
    }
}

/// A request, and what its answer means. All go the same way: each kind of future costs half a kilobyte.
struct Errand {
    path: String,
    body: Option<JsValue>,
    /// Whether it is the partner's own business, and not anybody's.
    own: bool,
    /// Whether it must not be repeated.
    once: bool,
    read: fn(String, Answer) -> Action,
}

/// Runs an errand, and sends what comes of it back as a message.
async fn run(host: Host, link: Scope<App>, errand: Errand) {
    let Errand { path, body, own, once, read } = errand;
    let token = if own { session::token(&host) } else { None };
    let answer = api::send(&host, &Call { path: &path, body, token, once, ..Call::default() }).await;
    link.send_message(read(path, answer));
}

async fn begin(host: Host, link: Scope<App>) {
    let ticket = host.ticket();
    if !ticket.is_empty() {
        let body = Some(api::object(&[("ticket", &ticket)]));
        if let Answer::Ok(body, _) =
            api::send(&host, &Call { path: "embed/ticket", body, once: true, ..Call::default() }).await
            && let Some(token) = decode::token(&body)
        {
            session::keep(&host, &token);
            host.changed();
        }
    }
    let query =
        if host.program().is_empty() { String::new() } else { format!("&programId={}", host.program()) };
    let answer = api::send(&host, &Call { path: "embed/config", query: &query, ..Call::default() }).await;
    link.send_message(match answer {
        Answer::Ok(body, _) => match decode::config(&body) {
            Some(config) => Action::Configured(Box::new(config), session::token(&host).is_some()),
            None => Action::Failed("malformed".to_owned(), "the server's answer makes no sense".to_owned()),
        },
        Answer::Refused(code, message) => Action::Failed(code, message),
        Answer::Unauthorized => {
            Action::Failed("unauthorized".to_owned(), "the key is not accepted on this page".to_owned())
        }
        Answer::NotModified | Answer::Lost => {
            Action::Failed("network".to_owned(), "the server does not answer".to_owned())
        }
    });
}

/// Polls the partner's page while somebody can see it.
async fn watch(host: Host, link: Scope<App>, watching: Rc<Cell<bool>>) {
    let mut known = None;
    while watching.get() {
        let Some(token) = session::token(&host) else { break };
        let call = Call {
            path: "embed/me",
            token: Some(token),
            known: known.as_deref(),
            once: true,
            ..Call::default()
        };
        match api::send(&host, &call).await {
            Answer::Ok(body, etag) => {
                known = etag;
                link.send_message(decode::me(&body).map_or(Action::Missed, |me| Action::Me(Box::new(me))));
            }
            Answer::NotModified => link.send_message(Action::Unchanged),
            Answer::Unauthorized | Answer::Refused(..) => {
                session::forget(&host);
                break;
            }
            Answer::Lost => link.send_message(Action::Missed),
        }
        renew(&host).await;
        let wait = link.get_component().map_or(1_500, |app| app.state.poll_after());
        if !host.tick(wait).await.is_ok_and(|go| go.is_truthy()) {
            break;
        }
    }
    watching.set(false);
    if session::token(&host).is_none() {
        link.send_message(Action::Session(false));
    }
}

async fn renew(host: &Host) {
    if !session::is_old(host) {
        return;
    }
    let call = Call {
        path: "embed/renew",
        token: session::token(host),
        body: Some(api::object(&[])),
        once: true,
        ..Call::default()
    };
    if let Answer::Ok(body, _) = api::send(host, &call).await
        && let Some(token) = decode::token(&body)
    {
        session::keep(host, &token);
    }
}

/// What a POST comes to when it was not taken.
fn not_taken(answer: Answer) -> Action {
    match answer {
        Answer::Refused(_, message) => Action::Refused(message),
        Answer::Unauthorized => Action::Refused(String::new()),
        Answer::Ok(..) | Answer::NotModified | Answer::Lost => Action::Unreachable,
    }
}

fn join(host: &Host, form: &Form, terms_version: &str) -> Errand {
    let body = api::object(&[
        ("name", &form.name),
        ("email", &form.email),
        ("code", &form.code),
        ("termsVersion", terms_version),
        ("page", &host.page()),
        ("programId", &host.program()),
    ]);
    api::set(&body, "termsAccepted", &form.terms.into());
    let read = |_, answer| match answer {
        Answer::Ok(body, _) => {
            decode::joined(&body).map_or(Action::Unreachable, |joined| Action::Joined(Box::new(joined)))
        }
        other => not_taken(other),
    };
    Errand { path: "embed/join".to_owned(), body: Some(body), own: false, once: true, read }
}

fn sign_in(host: &Host, form: &Form) -> Errand {
    let body = api::object(&[("email", &form.email), ("page", &host.page()), ("programId", &host.program())]);
    let read = |_, answer| if matches!(answer, Answer::Ok(..)) { Action::Mailed } else { not_taken(answer) };
    Errand { path: "embed/sign-in".to_owned(), body: Some(body), own: false, once: true, read }
}

fn lead(host: &Host, form: &Form) -> Errand {
    let body = api::object(&[
        ("clickId", &host.click()),
        ("code", &host.code()),
        ("customerName", &form.name),
        ("customerEmail", &form.email),
        ("programId", &host.program()),
        ("touch", "form"),
    ]);
    let read = |_, answer| match answer {
        Answer::Ok(body, _) => decode::lead(&body).map_or(Action::Unreachable, |()| Action::Led),
        other => not_taken(other),
    };
    Errand { path: "track/lead".to_owned(), body: Some(body), own: false, once: false, read }
}

/// The same order again gets the claim that is there, so it may be sent twice.
fn claim(form: &Form) -> Errand {
    let body = api::object(&[("invoiceId", &form.invoice), ("note", &form.note)]);
    let read = |_, answer| match answer {
        Answer::Ok(body, _) => decode::says(&body).map_or(Action::Unreachable, Action::Claimed),
        other => not_taken(other),
    };
    Errand { path: CLAIMS.to_owned(), body: Some(body), own: true, once: false, read }
}

fn tell(path: String) -> Errand {
    let read = |path, answer| {
        let told = match answer {
            Answer::Ok(body, _) => Told::Entries(decode::entries(&body)),
            Answer::Refused(_, message) => Told::Refused(message),
            _ => Told::Lost,
        };
        Action::Told(path, told)
    };
    Errand { path, body: None, own: true, once: false, read }
}

/// One element, as the shell holds it.
#[wasm_bindgen]
pub struct Widget {
    app: AppHandle<App>,
    host: Host,
}

#[wasm_bindgen]
impl Widget {
    /// Mounts into an inner `<div>` of the element's shadow root.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host, root: Element, kind: &str) -> Self {
        // Yew's own hook prints a stack; the shell tells the page instead.
        yew::set_custom_panic_hook(Box::new(|_| {}));
        let kind = match kind {
            "join" => Kind::Join,
            "share" => Kind::Share,
            _ => Kind::Signup,
        };
        let props = Props { host: host.clone(), kind };
        Self { app: yew::Renderer::<App>::with_root_and_props(root, props).render(), host }
    }

    /// Something happened to a button or a field.
    pub fn event(&self, name: &str, value: &str) {
        let action = match name {
            "copied" => Action::Copied(value.to_owned()),
            "copy-failed" => Action::CopyFailed,
            "edit" => match Field::named(value) {
                Some(field) => Action::Edited(field),
                None => return,
            },
            "open" => Action::Toggled(value.to_owned()),
            _ => Action::Pressed(name.to_owned()),
        };
        self.app.send_message(action);
    }

    /// A form was sent off.
    pub fn submit(&self, fields: &JsValue) {
        let text = |name| {
            fields.get(name).and_then(|value: JsValue| value.text()).unwrap_or_default().trim().to_owned()
        };
        self.app.send_message(Action::Submitted(Form {
            name: text("name"),
            email: text("email"),
            code: text("code"),
            terms: fields.get("terms").is_some(),
            invoice: text("invoiceId"),
            note: text("note"),
        }));
    }

    /// The session may have come or gone.
    pub fn session(&self) {
        self.app.send_message(Action::Session(session::token(&self.host).is_some()));
    }

    /// Takes the content down.
    pub fn destroy(self) {
        self.app.destroy();
    }
}
