//! The fields of the widget's settings.

use crate::design::{DesignForm, MilestoneForm, PROPERTIES, QuestionForm, TextForm, names, swatch, usual};
use crate::language::LANGUAGES;
use crate::part::edit::Edit;
use crate::text::{key, t};
use goodword_wire::Asset;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

const THEMES: [(&str, &str); 4] = [
    ("", key("Plain, unless the page says otherwise")),
    ("plain", key("Plain")),
    ("warm", key("Warm: paper, serifs, round corners")),
    ("bold", key("Bold: strong lines, square corners")),
];
const BOARDS: [(&str, &str); 4] =
    [("", key("Not shown")), ("off", key("Off")), ("sales", key("By sales")), ("leads", key("By sign-ups"))];
const QUESTIONS: [(&str, &str); 3] =
    [("", key("A line of text")), ("url", key("An address")), ("choice", key("One of several"))];
const ASSETS: [(&str, &str); 4] =
    [("", key("Link")), ("image", key("Picture")), ("video", key("Film")), ("document", key("Document"))];
const COUNTED: [(&str, &str); 3] =
    [("clicks", key("Clicks")), ("leads", key("Sign-ups")), ("sales", key("Sales"))];
/// The list of names that the field for a text's name offers.
const NAMES: &str = "widget-text-names";

/// All of them.
pub fn fields(edit: &Edit<DesignForm>) -> Html {
    html! {
        <>
            { looks(edit) }
            { asked(edit) }
            { shared(edit) }
            { pages(edit) }
            { words(edit) }
        </>
    }
}

fn looks(edit: &Edit<DesignForm>) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Looks") }</legend>
            <div class="fields">
                { edit.choice(t("Preset"), "theme", &edit.value.theme, &THEMES, |f, word| f.theme = word) }
                { for PROPERTIES.map(|property| own(edit, property)) }
            </div>
            <p class="quiet">{ t("What is left empty is the preset’s, in light and in dark. A value of yours holds for both; text on the accent is black or white, whichever can be read.") }</p>
        </fieldset>
    }
}

fn own(edit: &Edit<DesignForm>, (name, title, example, is_color): (&'static str, &str, &str, bool)) -> Html {
    let value = edit.value.properties.get(name).cloned().unwrap_or_default();
    let put = move |f: &mut DesignForm, text: String| {
        f.properties.insert(name.to_owned(), text);
        f.properties.retain(|_, value| !value.is_empty());
    };
    let field = edit.text((t(title), example), &format!("properties.{name}"), &value, put);
    if !is_color {
        return field;
    }
    let put = edit.on(put);
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        put.emit(input.value());
    });
    let shown = swatch(&value).or_else(|| swatch(example));
    html! {
        <div key={name} class="colour">
            { field }
            <input type="color" value={shown} {oninput} aria-label={t!("Choose: {title}", title = t(title))} />
        </div>
    }
}

/// A list of things, each with a button that takes it out.
fn list<T: Clone + 'static>(
    edit: &Edit<DesignForm>,
    (name, of): (&'static str, &str),
    get: fn(&mut DesignForm) -> &mut Vec<T>,
    row: impl Fn(&Edit<T>) -> Html,
) -> Html {
    let mut all = (*edit.value).clone();
    let count = get(&mut all).len();
    html! {
        <ul class="rows">
            { for (0..count).map(|place| {
                let value = get(&mut all)[place].clone();
                let part = edit.part(&format!("{name}[{place}]"), value, move |f, value| {
                    if let Some(old) = get(f).get_mut(place) {
                        *old = value;
                    }
                });
                let remove = edit.button(t("Remove"), &format!("{of} {}", place + 1), move |f| {
                    get(f).remove(place);
                });
                html! {
                    <li key={place}>
                        <div class="fields">{ row(&part) }</div>
                        { remove }
                        { part.fault("") }
                    </li>
                }
            }) }
        </ul>
    }
}

fn asked(edit: &Edit<DesignForm>) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Asked when somebody joins") }</legend>
            { list(edit, ("questions", "question"), |f| &mut f.questions, |question| html! {
                <>
                    { question.text(t("Question"), "label", &question.value.label, |q, text| q.label = text) }
                    { question.text((t("Kept as"), t("letters, digits, - and _")), "id", &question.value.id, |q, text| q.id = text) }
                    { question.choice(t("Answer"), "type", &question.value.kind, &QUESTIONS, |q, word| q.kind = word) }
                    if question.value.kind == "choice" { { options(question) } }
                    { question.tick(t("It must be answered"), question.value.required, |q, yes| q.required = yes) }
                </>
            }) }
            <p>{ edit.button(t("Add a question"), "", |f| {
                let id = format!("question-{}", f.questions.len() + 1);
                f.questions.push(QuestionForm { id, ..QuestionForm::default() });
            }) }</p>
        </fieldset>
    }
}

fn options(question: &Edit<QuestionForm>) -> Html {
    area(
        question,
        (t("Answers to choose from"), t("one a line")),
        "options",
        &question.value.options,
        |q, text| {
            q.options = text;
        },
    )
}

/// A field of several lines.
fn area<T: Clone>(
    edit: &Edit<T>,
    (title, hint): (&str, &str),
    name: &str,
    value: &str,
    put: impl Fn(&mut T, String) + 'static,
) -> Html {
    let id = edit.at(name);
    let changed = edit.on(put);
    let oninput = Callback::from(move |event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        changed.emit(area.value());
    });
    html! {
        <div class="field">
            <label for={id.clone()}>{ title.to_owned() }if !hint.is_empty() { <small>{ " " }{ hint.to_owned() }</small> }</label>
            <textarea {id} rows="3" {oninput} value={value.to_owned()} />
            if !name.is_empty() { { edit.fault(name) } }
        </div>
    }
}

fn shared(edit: &Edit<DesignForm>) -> Html {
    html! {
        <fieldset>
            <legend>{ t("What partners can use") }</legend>
            { list(edit, ("shareTexts", "text"), |f| &mut f.share_texts, |text| {
                area(text, (t("Text to share"), t("{link} and {code} stand for the partner’s")), "", &text.value, |old, text| *old = text)
            }) }
            <p>{ edit.button(t("Add a text to share"), "", |f| f.share_texts.push("{link}".to_owned())) }</p>
            { edit.text((t("What must be said when sharing"), t("added to every text, such as #ad")), "disclosure", &edit.value.disclosure, |f, text| f.disclosure = text) }
            { edit.choice(t("Content that partners made"), "content", if edit.value.content { "yes" } else { "" },
                &[("", t("Is not sent in")), ("yes", t("Is sent in on the account page, for a bonus"))], |f, word| f.content = word == "yes") }
            { list(edit, ("assets", t("picture or link")), |f| &mut f.assets, |asset| html! {
                <>
                    { asset.text(t("Title"), "title", &asset.value.title, |a, text| a.title = text) }
                    { asset.text((t("Address"), "https:"), "url", &asset.value.url, |a, text| a.url = text) }
                    { asset.choice(t("Kind"), "type", asset.value.kind.as_deref().unwrap_or_default(), &ASSETS, |a, word| a.kind = Some(word).filter(|word| !word.is_empty())) }
                </>
            }) }
            <p>{ edit.button(t("Add a picture or link"), "", |f| f.assets.push(Asset::default())) }</p>
        </fieldset>
    }
}

fn pages(edit: &Edit<DesignForm>) -> Html {
    let form = &edit.value;
    html! {
        <fieldset>
            <legend>{ t("The partner’s page") }</legend>
            <div class="fields narrow">
                { edit.choice(t("Leaderboard"), "leaderboard", &form.leaderboard, &BOARDS, |f, word| f.leaderboard = word) }
                { edit.text((t("Places on it"), t("3 to 100; usually 10")), "leaderboardPlaces", &form.places, |f, text| f.places = text) }
                { edit.text((t("Changes of a code"), t("0 to 20; usually 3")), "codeChanges", &form.code_changes, |f, text| f.code_changes = text) }
                { edit.text((t("You pay on the"), t("day of the month, 1 to 28")), "payoutDay", &form.payout_day, |f, text| f.payout_day = text) }
            </div>
            { list(edit, ("milestones", "milestone"), |f| &mut f.milestones, |milestone| html! {
                <>
                    { milestone.text(t("From"), "at", &milestone.value.at, |m, text| m.at = text) }
                    { milestone.choice(t("Counted"), "of", &milestone.value.of, &COUNTED, |m, word| m.of = word) }
                    { milestone.text((t("They get"), t("in your words")), "text", &milestone.value.text, |m, text| m.text = text) }
                </>
            }) }
            <p>{ edit.button(t("Add a milestone"), "", |f| {
                f.milestones.push(MilestoneForm { of: "leads".to_owned(), ..MilestoneForm::default() });
            }) }</p>
        </fieldset>
    }
}

fn words(edit: &Edit<DesignForm>) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Languages and words") }</legend>
            <div class="ticks" role="group" aria-label={t("Languages the widget speaks")}>
                { for LANGUAGES.map(|(tag, name)| {
                    let spoken = edit.value.languages.iter().any(|one| one == tag);
                    edit.tick(name, spoken, move |f, yes| {
                        f.languages.retain(|one| one != tag);
                        if yes { f.languages.push(tag.to_owned()); }
                    })
                }) }
            </div>
            <p class="quiet">{ t("None ticked: it speaks them all, and each visitor’s own where it can.") }</p>
            <datalist id={NAMES}>{ for names().map(|(name, text)| html! { <option key={name} value={name}>{ text }</option> }) }</datalist>
            <ul class="rows">{ for (0..edit.value.texts.len()).map(|place| own_words(edit, place)) }</ul>
            <p>{ edit.button(t("Say something in your own words"), "", |f| {
                f.texts.push(TextForm { language: "en".to_owned(), ..TextForm::default() });
            }) }</p>
        </fieldset>
    }
}

/// One of the vendor's own words. Its faults are told by language and name, which are typed here themselves.
fn own_words(edit: &Edit<DesignForm>, place: usize) -> Html {
    let Some(text) = edit.value.texts.get(place).cloned() else { return Html::default() };
    let path = format!("texts.{}.{}", text.language, text.name);
    let put = move |f: &mut DesignForm, text: TextForm| {
        if let Some(old) = f.texts.get_mut(place) {
            *old = text;
        }
    };
    let part = edit.part(&format!("texts[{place}]"), text.clone(), put);
    let named = part.on(|t, name: String| t.name = name);
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        named.emit(input.value());
    });
    let remove = edit.button(t("Remove"), &t!("text {n}", n = place + 1), move |f| {
        f.texts.remove(place);
    });
    html! {
        <li key={place}>
            <div class="fields">
                { part.choice(t("Language"), "language", &text.language, &LANGUAGES, |t, word| t.language = word) }
                <div class="field">
                    <label for={part.at("name")}>{ t("Text") }<small>{ " " }{ t("its name") }</small></label>
                    <input id={part.at("name")} list={NAMES} value={text.name.clone()} {oninput} autocomplete="off" />
                </div>
                { part.text((t("Your words"), usual(&text.name).unwrap_or_default()), "text", &text.text, |t, words| t.text = words) }
            </div>
            { remove }
            { edit.fault(&path) }
        </li>
    }
}
