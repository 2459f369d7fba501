//! The partner's account page as the partner sees it. Nobody is signed in by looking; the frame lets nothing on it work.

use crate::api;
use crate::context::use_console;
use crate::part::dialog::Dialog;
use crate::part::state::{Problem, Skeleton};
use crate::route::{Mode, encode};
use crate::text::t;
use goodword_wire::{Partner, PartnerView};
use yew::platform::spawn_local;
use yew::prelude::*;

/// Whose page.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub partner: Partner,
}

type Looked = Option<Result<PartnerView, api::Failure>>;

/// The button, and the page over the page.
#[component]
pub fn SeenAs(props: &Props) -> Html {
    let mode = use_console().mode();
    let (open, page) = (use_state_eq(|| false), use_state_eq(|| None as Looked));
    let onclick = {
        let (open, page, partner) = (open.clone(), page.clone(), props.partner.clone());
        Callback::from(move |_: MouseEvent| {
            open.set(true);
            page.set(None);
            look(mode, &partner, page.clone());
        })
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let shut = close.reform(|_: MouseEvent| ());
    html! {
        <>
            <button type="button" class="button" {onclick}>{ t("See as partner") }</button>
            if *open {
                <Dialog title={t!("What {name} sees", name = props.partner.name)} wide={true} {close}>
                    <p class="quiet">{ t("To look at only: you are not signed in as the partner, and nothing on it works. That you looked is in the audit log.") }</p>
                    { match &*page {
                        None => html! { <Skeleton rows={4} /> },
                        Some(Err(failure)) => html! { <Problem failure={failure.clone()} /> },
                        Some(Ok(view)) => html! { <iframe class="seen" title={t("The partner’s account page")} sandbox="" srcdoc={view.html.clone()} /> },
                    } }
                    <div class="controls"><button type="button" class="button primary" onclick={shut}>{ t("Close") }</button></div>
                </Dialog>
            }
        </>
    }
}

fn look(mode: Mode, partner: &Partner, page: UseStateHandle<Looked>) {
    let path = format!("/v1/partners/{}/view?programId={}", encode(&partner.id), encode(&partner.program_id));
    spawn_local(async move { page.set(Some(api::post::<PartnerView>(mode, &path).await)) });
}
