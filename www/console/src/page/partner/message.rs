//! A mail to partners, in one's own words.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::part::form::{Ask, Field, Form};
use crate::text::{plural, rich, t};
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
        Some(partner) if number == 1 => t!("Write to {name}", name = partner.name),
        _ => plural!("one=Write to {n} partner|Write to {n} partners", number),
    };
    html! {
        <Ask {title} verb={t("Send")} run={send.run.clone()} progress={send.progress.clone()} close={props.close.clone()}>
            <p>{ rich!("Sent as a mail to each, in the name of the program. {mark} becomes the partner’s name.", mark = html! { <code>{ "{name}" }</code> }) }</p>
            <Field label={t("Subject")} name="subject" needed=true />
            <Field label={t("Text")} name="text" value={t("Hello {name},").to_owned() + "\n\n"} rows={8} needed=true />
        </Ask>
    }
}
