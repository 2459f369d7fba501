//! The one component: it asks [`State`] what to do, has the shell do it, and draws. One struct for all elements costs 9 kB less than
//! function components with hooks; requests in the shell cost 8 kB less than futures here.

use crate::node::Node;
use crate::state::{Form, State};
use crate::view::{Canvas, Pen, Scope, Speaker, Views};
use js_sys::{Array, Object, Reflect};
use std::borrow::Cow;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, VList, VTag, VText};
use yew::{AppHandle, AttrValue, Component, Context, Html, Properties};

#[wasm_bindgen]
extern "C" {
    /// The shell of one element: what it knows, how it speaks, what it can do.
    #[derive(Clone)]
    pub type Host;

    /// What views are drawn from.
    #[wasm_bindgen(method, getter)]
    fn data(this: &Host) -> JsValue;
    #[wasm_bindgen(method, js_name = text)]
    fn say(this: &Host, key: &str, count: JsValue) -> Option<String>;
    #[wasm_bindgen(method, js_name = format)]
    fn show(this: &Host, how: &str, value: &JsValue) -> String;
    #[wasm_bindgen(method)]
    fn run(this: &Host, what: &str, value: &str);
}

impl Node for JsValue {
    fn get(&self, name: &str) -> Option<Self> {
        let value = Reflect::get(self, &name.into()).ok()?;
        (!value.is_null() && !value.is_undefined()).then_some(value)
    }
    fn text(&self) -> Option<String> {
        self.as_string()
    }
    fn truth(&self) -> bool {
        self.is_truthy()
    }
    fn items(&self) -> Vec<Self> {
        Array::from(self).iter().collect()
    }
    fn word(text: &str) -> Self {
        text.into()
    }
}

impl Speaker<JsValue> for Host {
    fn text(&self, key: &str, count: Option<JsValue>) -> Option<String> {
        self.say(key, count.unwrap_or_default())
    }
    fn format(&self, how: &str, value: &JsValue) -> String {
        self.show(how, value)
    }
}

impl Canvas for Html {
    fn element(
        tag: &'static str,
        key: String,
        keys: &'static [&'static str],
        values: Vec<Cow<'static, str>>,
        inside: Vec<Self>,
    ) -> Self {
        let mut tag = VTag::new(tag);
        let value =
            |text: Cow<'static, str>| (!text.is_empty()).then(|| AttributeOrProperty::Attribute(kept(text)));
        tag.set_attributes(Attributes::Dynamic { keys, values: values.into_iter().map(value).collect() });
        tag.add_children(inside);
        if !key.is_empty() {
            tag.key = Some(Key::from(key));
        }
        tag.into()
    }

    fn text(text: Cow<'static, str>) -> Self {
        VText::new(kept(text)).into()
    }
}

/// A text as Yew keeps it: one that lives as long as the page is not copied.
fn kept(text: Cow<'static, str>) -> AttrValue {
    match text {
        Cow::Borrowed(text) => AttrValue::Static(text),
        Cow::Owned(text) => AttrValue::from(text),
    }
}

/// What an element is made with.
#[derive(Clone, Properties)]
pub struct Props {
    host: Host,
    kind: Rc<str>,
    views: Views,
}

impl PartialEq for Props {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Something happened: what, a value, and what was typed if it was a form.
pub struct Happened(String, String, Option<Form>);

/// One element's content.
pub struct App {
    state: State,
    props: Props,
}

impl Component for App {
    type Message = Happened;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let props = context.props().clone();
        Self { state: State::new(&props.kind), props }
    }

    fn update(&mut self, _: &Context<Self>, Happened(what, value, form): Happened) -> bool {
        let idle = what == "unchanged" && self.state.missed == 0;
        match form {
            Some(form) => self.state.submit(&what, &form),
            None => self.state.update(&what, &value),
        }
        for (what, value) in std::mem::take(&mut self.state.effects) {
            self.props.host.run(&what, &value);
        }
        !idle
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let ui = Object::new();
        for (name, value) in self.state.fields() {
            // A plain object takes any member.
            let _ = Reflect::set(&ui, &name.into(), &value.into());
        }
        let data = Scope::new(self.props.host.data(), None);
        let scope = Scope::new(ui.into(), Some(&data));
        let drawn = Pen { views: &self.props.views, speaker: &self.props.host }.draw("root", &scope);
        VList::with_children(drawn, None).into()
    }
}

/// One element, as the shell holds it.
#[wasm_bindgen]
pub struct Widget {
    app: AppHandle<App>,
}

#[wasm_bindgen]
impl Widget {
    /// Mounts into an inner `<div>` of the element's shadow root.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host, root: Element, kind: &str, views: &Library) -> Self {
        let props = Props { host, kind: kind.into(), views: views.0 };
        Self { app: yew::Renderer::<App>::with_root_and_props(root, props).render() }
    }

    /// Something happened: see [`State::update`].
    pub fn act(&self, what: String, value: String) {
        self.app.send_message(Happened(what, value, None));
    }

    /// A form was sent off.
    pub fn submit(&self, what: String, fields: &JsValue) {
        let text = |name| fields.get(name).and_then(|value: JsValue| value.text()).unwrap_or_default();
        let form = Form {
            name: text("name"),
            email: text("email"),
            code: text("code"),
            terms: text("terms"),
            invoice: text("invoiceId"),
            label: text("label"),
            customer: text("customerName"),
            contact: text("contact"),
            missing: text("missing"),
        };
        self.app.send_message(Happened(what, String::new(), Some(form)));
    }

    /// How many milliseconds to wait before the next poll.
    pub fn wait(&self) -> u32 {
        self.app.get_component().map_or(4_000, |app| app.state.poll_after())
    }

    /// Takes the content down.
    pub fn destroy(self) {
        self.app.destroy();
    }
}

/// The views of one kind of element, read once for all elements of that kind on the page.
#[wasm_bindgen]
pub struct Library(Views);

#[wasm_bindgen]
impl Library {
    /// Reads views.
    #[wasm_bindgen(constructor)]
    pub fn new(views: String) -> Self {
        Self(Views::parse(views.leak()))
    }

    /// The same with an element's own.
    pub fn with(&self, views: String) -> Self {
        Self(self.0.with(views.leak()))
    }
}
