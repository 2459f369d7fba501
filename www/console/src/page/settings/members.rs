//! Who may log in, and what each may; for owners.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::date;
use crate::part::badge::badge;
use crate::part::form::{Ask, Form};
use crate::part::state::{refused, shown};
use crate::part::table::{Column, Table, row, text};
use crate::poll::use_poll;
use crate::route::{Mode, encode};
use crate::text::{key, t};
use crate::words::{self, Tone};
use goodword_wire::{Invitation, InvitationInput, Member, MemberChange, People};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("Person")), text(key("Role")), text(key("Last seen")), text(key("Change"))];
const INVITED: [Column; 4] =
    [text(key("Invited")), text(key("Role")), text(key("Link works until")), text(key("Change"))];

/// The roles, with what each is for.
const ROLES: [(&str, &str); 4] = [
    ("owner", key("Owner: everything, and who else may what")),
    ("manager", key("Manager: programs, partners and money")),
    ("finance", key("Finance: looks, and moves money")),
    ("analyst", key("Analyst: looks at figures")),
];

/// Somebody, or an invitation, to take away.
#[derive(Clone, PartialEq)]
enum Goner {
    Person(String, String),
    Invitation(String, String),
}

/// The people and the invitations.
#[component]
pub fn Members() -> Html {
    let context = use_console();
    let people = use_poll::<People>(Mode::Live, "/v1/people".to_owned());
    let (inviting, goner) = (use_state_eq(|| false), use_state_eq(|| None::<Goner>));
    let invite = {
        let inviting = inviting.clone();
        Callback::from(move |_: MouseEvent| inviting.set(true))
    };
    let change = use_action(
        move |(id, role): (String, String)| async move {
            let path = format!("/v1/people/{}", encode(&id));
            api::write::<Member>(Mode::Live, "PATCH", &path, &MemberChange { role: Some(role) })
                .await
                .map(drop)
        },
        Callback::noop(),
    );
    html! {
        <section aria-labelledby="people-title">
            <div class="head-row">
                <h2 id="people-title">{ t("People") }</h2>
                <button type="button" class="button primary" onclick={invite}>{ t("Invite somebody") }</button>
            </div>
            { refused(change.progress.failure.as_ref()) }
            { shown(&people, 3, |people| html! {
                <>
                    <Table caption={t("People")} columns={&COLUMNS[..]}>
                        { for people.people.iter().map(|member| row(&member.id, &COLUMNS, cells(&context, member, &change.run, &goner))) }
                    </Table>
                    if !people.invitations.is_empty() {
                        <Table caption={t("Invitations")} columns={&INVITED[..]}>
                            { for people.invitations.iter().map(|one| row(&one.id, &INVITED, invited(one, &goner))) }
                        </Table>
                    }
                </>
            }) }
            if *inviting { <Invite close={ { let inviting = inviting.clone(); Callback::from(move |()| inviting.set(false)) } } /> }
            if let Some(gone) = (*goner).clone() { <Remove {gone} close={ { let goner = goner.clone(); Callback::from(move |()| goner.set(None)) } } /> }
        </section>
    }
}

fn cells(
    context: &Context,
    member: &Member,
    change: &Callback<(String, String)>,
    goner: &UseStateHandle<Option<Goner>>,
) -> Vec<Html> {
    let seen = member
        .seen_at
        .as_deref()
        .map_or_else(|| t("not logged in").to_owned(), |at| date::ago(at, context.now));
    let onchange = {
        let (change, id) = (change.clone(), member.id.clone());
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            change.emit((id.clone(), select.value()));
        })
    };
    let remove = {
        let (goner, gone) = (goner.clone(), Goner::Person(member.id.clone(), member.name.clone()));
        Callback::from(move |_: MouseEvent| goner.set(Some(gone.clone())))
    };
    vec![
        html! { <span class="two"><span>{ called(context, member) }</span><small>{ &member.email }</small></span> },
        html! {
            <label class="field inline"><span class="hidden">{ t!("Role of {name}", name = member.name) }</span>
                <select {onchange}>
                    { for ROLES.iter().map(|(word, _)| html! {
                        <option key={*word} value={*word} selected={*word == member.role}>{ words::plain(word) }</option>
                    }) }
                </select></label>
        },
        html! { <span class="badges">{ seen }if member.two_factor { { badge(t("Authenticator"), Tone::Good) } }</span> },
        html! { <button type="button" class="button small" onclick={remove}>{ t("Remove") }<span class="hidden">{ " " }{ &member.name }</span></button> },
    ]
}

fn called(context: &Context, member: &Member) -> String {
    if member.id == context.session.user.id {
        t!("{name} (you)", name = member.name)
    } else {
        member.name.clone()
    }
}

fn invited(one: &Invitation, goner: &UseStateHandle<Option<Goner>>) -> Vec<Html> {
    let withdraw = {
        let (goner, gone) = (goner.clone(), Goner::Invitation(one.id.clone(), one.email.clone()));
        Callback::from(move |_: MouseEvent| goner.set(Some(gone.clone())))
    };
    vec![
        html! { <span class="two"><span>{ &one.email }</span><small>{ t!("by {name}", name = one.invited_by) }</small></span> },
        html! { words::plain(&one.role) },
        html! { date::minute(&one.expires_at) },
        html! { <button type="button" class="button small" onclick={withdraw}>{ t("Withdraw") }<span class="hidden">{ " " }{ &one.email }</span></button> },
    ]
}

/// How it is closed.
#[derive(Properties, PartialEq)]
struct InviteProps {
    close: Callback<()>,
}

#[component]
fn Invite(props: &InviteProps) -> Html {
    let invite = use_action(
        move |form: Form| async move {
            let input = InvitationInput { email: form.text("email"), role: form.text("role") };
            api::write::<Invitation>(Mode::Live, "POST", "/v1/people/invitations", &input).await.map(drop)
        },
        props.close.clone(),
    );
    html! {
        <Ask title={t("Invite somebody")} verb={t("Send the link")} run={invite.run.clone()} progress={invite.progress.clone()} close={props.close.clone()}>
            <p>{ t("A mail brings a link that works once, for 72 hours. Nobody else can use it up.") }</p>
            <label class="field"><span>{ t("E-mail") }</span><input type="email" name="email" required=true autocomplete="off" /></label>
            <label class="field"><span>{ t("Role") }</span>
                <select name="role">
                    { for ROLES.iter().map(|(word, text)| html! {
                        <option key={*word} value={*word} selected={*word == "manager"}>{ t(text) }</option>
                    }) }
                </select></label>
        </Ask>
    }
}

/// Who goes, and how it is closed.
#[derive(Properties, PartialEq)]
struct RemoveProps {
    gone: Goner,
    close: Callback<()>,
}

#[component]
fn Remove(props: &RemoveProps) -> Html {
    let (path, title, what) = match &props.gone {
        Goner::Person(id, name) => (
            format!("/v1/people/{}", encode(id)),
            t!("Remove {name}?", name),
            t(
                "The person is logged out at once and cannot log in any more. What he or she did stays in the audit log.",
            ),
        ),
        Goner::Invitation(id, email) => (
            format!("/v1/people/invitations/{}", encode(id)),
            t!("Withdraw the invitation of {email}?", email),
            t("The link in the mail opens nothing any more."),
        ),
    };
    let remove = use_action(
        move |_: Form| {
            let path = path.clone();
            async move { api::delete(Mode::Live, &path).await }
        },
        props.close.clone(),
    );
    html! {
        <Ask {title} verb={t("Do it")} danger=true run={remove.run.clone()} progress={remove.progress.clone()} close={props.close.clone()}>
            <p>{ what }</p>
        </Ask>
    }
}
