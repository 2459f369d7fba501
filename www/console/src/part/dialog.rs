//! A question over the page, asked with the browser's own dialog: it keeps the focus and closes on Escape.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The question.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub title: AttrValue,
    /// Called on Escape, and by whatever else closes it.
    pub close: Callback<()>,
    /// Whether there is room for a table.
    #[prop_or_default]
    pub wide: bool,
    pub children: Children,
}

/// Shown for as long as it is there.
#[component]
pub fn Dialog(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                // It fails only if the dialog is open already.
                let _ = dialog.show_modal();
            }
        }
    });
    let oncancel = {
        let close = props.close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            close.emit(());
        })
    };
    html! {
        <dialog ref={node} class={classes!(props.wide.then_some("wide"))} {oncancel} aria-labelledby="dialog-title">
            <h2 id="dialog-title">{ props.title.clone() }</h2>
            { props.children.clone() }
        </dialog>
    }
}
