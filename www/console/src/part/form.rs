//! Forms: what was typed, by the names of the fields, and the question over the page that has one.

use crate::action::Progress;
use crate::api::Failure;
use crate::part::dialog::Dialog;
use crate::part::state::refused;
use crate::text::t;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Element, File, HtmlFormElement, HtmlInputElement};
use yew::prelude::*;

/// A form that was sent off.
#[derive(Clone, Debug)]
pub struct Form(Element);

impl Form {
    /// The form of the event, which is kept from loading the page anew.
    pub fn of(event: &SubmitEvent) -> Self {
        event.prevent_default();
        Self(event.target_unchecked_into())
    }

    /// What the field of that name holds, without the space around it; none where it is empty or not there.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = Reflect::get(&self.field(name)?.into(), &"value".into()).ok()?.as_string()?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// What a field for a password holds, to the letter.
    pub fn secret(&self, name: &str) -> Option<String> {
        Reflect::get(&self.field(name)?.into(), &"value".into()).ok()?.as_string()
    }

    /// The same, empty where there is nothing.
    pub fn text_or_empty(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// Minor units, as typed in a field of that name.
    pub fn money(&self, name: &str, currency: &str) -> Result<i64, Failure> {
        crate::format::typed(&self.text_or_empty(name), currency).map_err(Failure::of_input)
    }

    /// The file chosen in the field of that name.
    pub fn file(&self, name: &str) -> Option<File> {
        self.field(name)?.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)
    }

    /// Empties it.
    pub fn reset(&self) {
        if let Some(form) = self.0.dyn_ref::<HtmlFormElement>() {
            form.reset();
        }
    }

    fn field(&self, name: &str) -> Option<Element> {
        self.0.query_selector(&format!("[name=\"{name}\"]")).ok().flatten()
    }
}

/// A question with fields.
#[derive(Properties, PartialEq)]
pub struct AskProps {
    pub title: AttrValue,
    /// What the button says that does it.
    pub verb: AttrValue,
    /// Whether it cannot be undone, or takes something away.
    #[prop_or_default]
    pub danger: bool,
    /// Whether there is room for a table.
    #[prop_or_default]
    pub wide: bool,
    pub progress: Progress,
    pub run: Callback<Form>,
    pub close: Callback<()>,
    pub children: Children,
}

/// Asks over the page, says why it was refused, and stays until it is done or closed.
#[component]
pub fn Ask(props: &AskProps) -> Html {
    let onsubmit = props.run.reform(|event: SubmitEvent| Form::of(&event));
    let cancel = props.close.reform(|_: MouseEvent| ());
    let kind = if props.danger { "danger" } else { "primary" };
    let busy = props.progress.busy;
    html! {
        <Dialog title={props.title.clone()} close={props.close.clone()} wide={props.wide}>
            <form {onsubmit}>
                { props.children.clone() }
                { refused(props.progress.failure.as_ref()) }
                <div class="controls">
                    <button type="submit" class={classes!("button", kind)} disabled={busy} aria-busy={busy.to_string()}>
                        { props.verb.clone() }
                    </button>
                    <button type="button" class="button" onclick={cancel}>{ t("Cancel") }</button>
                </div>
            </form>
        </Dialog>
    }
}

/// A field for a note.
pub fn note(label: &'static str, needed: bool) -> Html {
    html! {
        <label class="field"><span>{ label }</span>
            <textarea name="note" rows="3" maxlength="500" required={needed} /></label>
    }
}

/// What the server knows is put into the field when that changes, and not at every drawing: what is typed meanwhile stays.
#[hook]
pub fn use_known(value: AttrValue) -> NodeRef {
    let node = use_node_ref();
    use_effect_with(value, {
        let node = node.clone();
        move |value| {
            if let Some(field) = node.cast::<Element>() {
                // It fails for frozen objects only, and an element is none.
                let _ = Reflect::set(&field, &"value".into(), &value.as_str().into());
            }
        }
    });
    node
}

/// A field that may hold something already.
#[derive(Properties, PartialEq)]
pub struct FieldProps {
    pub label: AttrValue,
    /// Its name in the form.
    pub name: AttrValue,
    #[prop_or_default]
    pub value: AttrValue,
    #[prop_or_default]
    pub example: Option<AttrValue>,
    #[prop_or_default]
    pub needed: bool,
    /// `text`, `number`, `date`, …
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// The least and the most, where it is a number.
    #[prop_or_default]
    pub range: Option<(i64, i64)>,
    /// Where it has several lines: how many are seen.
    #[prop_or_default]
    pub rows: Option<u32>,
}

/// The field with its label.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let node = use_known(props.value.clone());
    let (name, example, required) = (props.name.clone(), props.example.clone(), props.needed);
    let (least, most) = props.range.map(|(least, most)| (least.to_string(), most.to_string())).unzip();
    let field = if let Some(rows) = props.rows {
        html! { <textarea ref={node} {name} rows={rows.to_string()} placeholder={example} {required} /> }
    } else {
        html! {
            <input ref={node} type={props.kind.clone()} {name} placeholder={example} {required}
                min={least} max={most} autocomplete="off" />
        }
    };
    html! { <label class="field"><span>{ props.label.clone() }</span>{ field }</label> }
}

/// A field of one line: what it is called, its name in the form, what it holds, and an example.
pub fn line(
    label: &'static str,
    name: &'static str,
    value: &str,
    example: &'static str,
    needed: bool,
) -> Html {
    html! { <Field {label} {name} value={value.to_owned()} {example} {needed} /> }
}

/// A field for an amount of money, in the unit said behind its label.
pub fn amount(label: &str, currency: &str) -> Html {
    let is_code = currency.len() == 3;
    let unit = if is_code { currency.to_ascii_uppercase() } else { currency.to_owned() };
    html! {
        <label class="field"><span>{ format!("{label}, {unit}") }</span>
            <input type="text" name="amount" inputmode="decimal" required=true autocomplete="off" /></label>
    }
}
