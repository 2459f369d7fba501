//! What partners get by mail, to be looked at.

use crate::language::LANGUAGES;
use crate::text::t;
use crate::words;
use goodword_wire::MAILS;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// A link to each mail, in a language.
#[component]
pub fn Mails() -> Html {
    let language = use_state_eq(|| "en".to_owned());
    let onchange = {
        let language = language.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            language.set(select.value());
        })
    };
    html! {
        <section aria-labelledby="mail-title">
            <div class="head-row">
                <h2 id="mail-title">{ t("Mails as partners get them") }</h2>
                <label class="field inline"><span class="hidden">{ t("Language") }</span>
                    <select {onchange}>
                        { for LANGUAGES.iter().map(|(tag, name)| html! {
                            <option key={*tag} value={*tag} selected={*tag == *language} lang={*tag}>{ *name }</option>
                        }) }
                    </select></label>
            </div>
            <p>{ t("Each partner is written to in the language of the page he or she joined on.") }</p>
            <ul class="plain tiles">
                { for MAILS.iter().map(|kind| html! {
                    <li key={*kind}><a href={format!("/mail/preview/{kind}?lang={}", *language)} target="_blank" rel="noopener">
                        { words::plain(kind) }<span class="hidden">{ " " }{ t("(opens in another tab)") }</span></a></li>
                }) }
            </ul>
            <p class="quiet">{ t("From which address and through which server they are sent is set where Goodword is started.") }</p>
        </section>
    }
}
