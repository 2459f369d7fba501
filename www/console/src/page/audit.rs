//! Who changed what, and what it was before.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::date;
use crate::part::badge::badge;
use crate::part::changes;
use crate::part::choice::Tabs;
use crate::part::edit::capital;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::state::{Empty, refused, shown};
use crate::part::table::{Column, Table, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Mode, Route, encode};
use crate::text::{key, t};
use crate::words::{self, Tone};
use goodword_wire::AuditEntry;
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("When")), text(key("Who")), text(key("What")), text(key("Before and after"))];

/// What the tabs show, by what an action begins with.
const KINDS: [(&str, &str); 8] = [
    ("", key("All")),
    ("partner", key("Partners")),
    ("program", key("Programs")),
    ("commission", key("Commissions")),
    ("batch", key("Payouts")),
    ("key", key("Keys")),
    ("person", key("People")),
    ("origins", key("Origins")),
];

/// The page.
#[component]
pub fn Audit() -> Html {
    let context = use_console();
    let filter = |name: &str, query: &str| {
        context.place.get(name).map_or(String::new(), |value| format!("&{query}={}", encode(value)))
    };
    let filters =
        format!("{}{}{}", filter("kind", "action"), filter("who", "actorId"), filter("what", "subjectId"));
    let list = use_list::<AuditEntry>(format!("/v1/audit?{filters}").replace("?&", "?"));
    let path = format!("/v1/audit/export?{filters}").replace("?&", "?");
    let export = use_action(
        move |()| {
            let path = path.clone();
            async move { api::download(Mode::Live, &path).await }
        },
        Callback::noop(),
    );
    let onclick = export.run.reform(|_: MouseEvent| ());
    let back = (context.to(Route::Settings), t("Settings"));
    html! {
        <>
            <Head title={t("Audit log")} lead={t("Every change, by whom, and what was before. It is never changed and never deleted.")} {back}>
                <button type="button" class="button" disabled={export.progress.busy} {onclick}>{ t("Export CSV") }</button>
            </Head>
            <Tabs label={t("Kind")} name="kind" options={KINDS.map(|(word, text)| (word, t(text).to_owned())).to_vec()} />
            { refused(export.progress.failure.as_ref()) }
            { chosen(&context) }
            { shown(&list.polled, 6, |data| {
                if data.rows.is_empty() {
                    return html! { <Empty title={t("No change of this kind")}><p>{ t("Changes appear here the moment they are made, in the console or with a secret key.") }</p></Empty> };
                }
                html! {
                    <>
                        <Table caption={t("Changes, the latest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|entry| row(&entry.id, &COLUMNS, cells(&context, entry))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

/// What is looked at alone, with the way back to all.
fn chosen(context: &Context) -> Html {
    if context.place.get("who").is_none() && context.place.get("what").is_none() {
        return Html::default();
    }
    let all = context.place.with("who", "").with("what", "");
    html! { <p class="note">{ t("Only some changes are shown.") }{ " " }<Link to={all} replace={true}>{ t("Show all") }</Link></p> }
}

fn cells(context: &Context, entry: &AuditEntry) -> Vec<Html> {
    let who = context.place.with("who", &entry.actor_id);
    let what = context.place.with("what", &entry.subject_id);
    vec![
        html! { <span class="badges"><time datetime={entry.at.clone()}>{ date::minute(&entry.at) }</time>
        if entry.mode == "test" { { badge(t("Test"), Tone::Plain) } }</span> },
        html! { <span class="clip" title={entry.actor.clone()}><Link to={who} replace={true}>{ &entry.actor }</Link></span> },
        html! { <span class="two"><span>{ action(&entry.action) }</span>
        if !entry.subject_id.is_empty() { <small class="clip" title={entry.subject_id.clone()}><Link to={what} replace={true}>{ &entry.subject_id }</Link></small> }</span> },
        changes::told(changes::changes(entry.before.as_ref(), entry.after.as_ref())),
    ]
}

/// `partner.payout_hold_changed` as words.
fn action(word: &str) -> String {
    let (subject, verb) = word.split_once('.').unwrap_or((word, ""));
    let subject = subject.replace('_', " ");
    words::known(&format!("{}: {}", capital(&subject), verb.replace('_', " "))).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_words() {
        assert_eq!(action("partner.payout_hold_changed"), "Partner: payout hold changed");
    }
}
