//! A mail to partners, in one's own words.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::format;
use crate::part::form::{Ask, Field, Form};
use goodword_wire::{MessageInput, MessageOutput, Partner};
use std::rc::Rc;
use yew::prelude::*;

/// To whom, all of one program.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub partners: Rc<Vec<Partner>>,
    pub close: Callback<()>,
    /// Called once it is on its way.
    pub done: Callback<()>,
}

/// The form.
#[component]
pub fn Message(props: &Props) -> Html {
    let mode = use_console().mode();
    let partners = use_memo((), |()| props.partners.clone());
    let send = {
        let partners = partners.clone();
        use_action(
            move |form: Form| {
                let partners = partners.clone();
                async move {
                    for some in partners.chunks(500) {
                        let input = MessageInput {
                            partner_ids: some.iter().map(|partner| partner.id.clone()).collect(),
                            program_id: some.first().map(|partner| partner.program_id.clone()),
                            subject: form.text("subject"),
                            text: form.text("text"),
                        };
                        api::write::<MessageOutput>(mode, "POST", "/v1/partners/message", &input).await?;
                    }
                    Ok(())
                }
            },
            props.done.clone(),
        )
    };
    let number = i64::try_from(partners.len()).unwrap_or(i64::MAX);
    let title = match partners.first() {
        Some(partner) if number == 1 => format!("Write to {}", partner.name),
        _ => format!("Write to {}", format::counted(number, "partner")),
    };
    html! {
        <Ask {title} verb="Send" run={send.run.clone()} progress={send.progress.clone()} close={props.close.clone()}>
            <p>{ "Sent as a mail to each, in the name of the program. " }<code>{ "{name}" }</code>{ " becomes the partner’s name." }</p>
            <Field label="Subject" name="subject" needed=true />
            <Field label="Text" name="text" value="Hello {name},\n\n" rows={8} needed=true />
        </Ask>
    }
}
