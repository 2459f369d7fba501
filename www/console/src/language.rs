//! Which language the console speaks: the one chosen, else the browser's, else English.

use crate::{browser, intl, text};

/// The languages by tag, each with its own name.
pub const LANGUAGES: [(&str, &str); 7] = [
    ("en", "English"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ja", "日本語"),
    ("ar", "العربية"),
];

/// Where the browser keeps what was chosen.
const KEPT_AS: &str = "goodword.language";

/// Fetches the language before anything is drawn. What cannot be had leaves the console in English.
pub async fn begin() {
    let asked: Vec<String> = browser::kept(KEPT_AS).into_iter().chain(browser::languages()).collect();
    let language = best(&asked);
    if language != "en" {
        let Some(file) = browser::text_of(language).await else { return };
        text::learn(file);
    }
    intl::begin(language);
    browser::set_language(language, direction(language));
}

/// Speaks another language from now on, in this browser. The page begins anew, for every text on it changes.
pub fn choose(language: &str) {
    browser::keep(KEPT_AS, language);
    browser::begin_anew();
}

/// The first language asked for that there is: `de-AT` is served by `de`.
fn best(asked: &[String]) -> &'static str {
    let known = |tag: &String| {
        let language = tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
        LANGUAGES.iter().map(|(known, _)| *known).find(|known| *known == language)
    };
    asked.iter().find_map(known).unwrap_or("en")
}

/// How its lines run, as the attribute `dir` says it.
fn direction(language: &str) -> &'static str {
    if language == "ar" { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_known_is_spoken() {
        let asked = |tags: &[&str]| best(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>());
        assert_eq!(asked(&["nl", "pt-BR", "de"]), "pt");
        assert_eq!(asked(&["DE-at"]), "de");
        assert_eq!(asked(&[]), "en");
        assert_eq!((direction("ar"), direction("ja")), ("rtl", "ltr"));
    }
}
