//! A file on its way. An import that is cut off goes on where it stopped when the same file is sent again, so it is.

use super::asked::Asked;
use crate::api::{self, Failure};
use crate::context::use_console;
use crate::part::state::refused;
use crate::route::Mode;
use crate::text::{plural, t};
use gloo_timers::future::TimeoutFuture;
use goodword_wire::ImportOutput;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

/// How often a file is sent before we give up.
const MOST_TIMES: u32 = 20;
/// How long to wait before it is sent again, milliseconds.
const PAUSE_MS: u32 = 2_000;

/// A file that was chosen, and how it is to be read.
pub struct File {
    pub asked: Asked,
    pub file: web_sys::File,
}

/// A file that was read.
#[derive(Clone, PartialEq)]
struct Job {
    asked: Asked,
    name: String,
    text: Rc<str>,
}

/// What is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    name: String,
    lines: usize,
    dry_run: bool,
    /// How often it was sent.
    times: u32,
}

/// What the page knows of its file.
pub struct Import {
    pub under_way: Option<UnderWay>,
    pub failure: Option<Failure>,
    /// The file's name and what came of it, or would.
    pub told: Option<(String, ImportOutput)>,
    /// Tries a file.
    pub try_out: Callback<File>,
    /// Imports what was tried.
    pub go: Callback<()>,
}

/// The state of the page's file. `done` hears of what was imported.
#[hook]
pub fn use_import(mode: Mode, done: Callback<(String, ImportOutput)>) -> Import {
    let context = use_console();
    let under_way = use_state_eq(|| None::<UnderWay>);
    let failure = use_state_eq(|| None::<Failure>);
    let told = use_state_eq(|| None::<(String, ImportOutput)>);
    let tried = use_state_eq(|| None::<Job>);
    let finish = {
        let (under_way, failure, told) = (under_way.clone(), failure.clone(), told.clone());
        let expired = context.expired.clone();
        Callback::from(move |(name, outcome): (String, Result<ImportOutput, Failure>)| {
            under_way.set(None);
            match outcome {
                Ok(output) => told.set(Some((name, output))),
                Err(why) if why.is_unauthorized() => expired.emit(()),
                Err(why) => failure.set(Some(why)),
            }
        })
    };
    let begin = {
        let (under_way, failure) = (under_way.clone(), failure.clone());
        Callback::from(move |state: UnderWay| {
            failure.set(None);
            under_way.set(Some(state));
        })
    };
    let try_out = {
        let (begin, finish, told, tried) = (begin.clone(), finish.clone(), told.clone(), tried.clone());
        Callback::from(move |File { asked, file }: File| {
            let (begin, finish, tried) = (begin.clone(), finish.clone(), tried.clone());
            told.set(None);
            spawn_local(async move {
                let name = file.name();
                let outcome = match read(&file).await {
                    Err(why) => Err(why),
                    Ok(text) => {
                        let job = Job { asked, name: name.clone(), text: text.into() };
                        let outcome = send(mode, &job, true, &begin).await;
                        tried.set(outcome.is_ok().then_some(job));
                        outcome
                    }
                };
                finish.emit((name, outcome));
            });
        })
    };
    let go = {
        let (tried, refresh) = ((*tried).clone(), context.refresh.clone());
        Callback::from(move |()| {
            let Some(job) = tried.clone() else { return };
            let (begin, finish, refresh, done) =
                (begin.clone(), finish.clone(), refresh.clone(), done.clone());
            spawn_local(async move {
                let outcome = send(mode, &job, false, &begin).await;
                if let Ok(output) = &outcome {
                    done.emit((job.name.clone(), output.clone()));
                    refresh.emit(());
                }
                finish.emit((job.name, outcome));
            });
        })
    };
    Import {
        under_way: (*under_way).clone(),
        failure: (*failure).clone(),
        told: (*told).clone(),
        try_out,
        go,
    }
}

/// Sends it until it is done or refused.
async fn send(
    mode: Mode,
    job: &Job,
    dry_run: bool,
    begin: &Callback<UnderWay>,
) -> Result<ImportOutput, Failure> {
    let (path, lines) = (job.asked.path(dry_run), job.text.lines().count().saturating_sub(1));
    let mut times = 1;
    loop {
        begin.emit(UnderWay { name: job.name.clone(), lines, dry_run, times });
        match api::post_long_csv(mode, &path, &job.text).await {
            Err(why) if is_cut_off(&why) && times < MOST_TIMES => {
                times += 1;
                TimeoutFuture::new(PAUSE_MS).await;
            }
            outcome => return outcome,
        }
    }
}

/// Whether it may go on when it is sent again: nobody answered, or the server had no time.
fn is_cut_off(why: &Failure) -> bool {
    matches!(why.status, 0 | 429 | 502..=504)
}

async fn read(file: &web_sys::File) -> Result<String, Failure> {
    let missing = || Failure::of_input(t("The file could not be read: choose it again."));
    let text = JsFuture::from(file.text()).await.map_err(|_| missing())?;
    text.as_string().ok_or_else(missing)
}

/// How far it is, or why it came to nothing.
pub fn shown(import: &Import) -> Html {
    html! {
        <>
            if let Some(state) = &import.under_way {
                <div class="under-way" role="status">
                    <progress aria-label={t("Under way")} />
                    <p class="quiet">{ words(state) }</p>
                </div>
            }
            { refused(import.failure.as_ref()) }
        </>
    }
}

fn words(state: &UnderWay) -> String {
    let name = &state.name;
    match (state.dry_run, state.times) {
        (true, times @ 2..) => t!(
            "Trying {name}: the server had no time, and goes on where it stopped (try {times}).",
            name,
            times
        ),
        (false, times @ 2..) => t!(
            "Importing {name}: the server had no time, and goes on where it stopped (try {times}).",
            name,
            times
        ),
        (true, _) => plural!(
            "one=Trying {name}, {n} line. What is stored stays, should you leave.|Trying {name}, {n} lines. What is stored stays, should you leave.",
            state.lines,
            name
        ),
        (false, _) => plural!(
            "one=Importing {name}, {n} line. What is stored stays, should you leave.|Importing {name}, {n} lines. What is stored stays, should you leave.",
            state.lines,
            name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_told() {
        let state = UnderWay { name: "partners.csv".into(), lines: 1_204, dry_run: false, times: 1 };
        assert_eq!(
            words(&state),
            "Importing partners.csv, 1,204 lines. What is stored stays, should you leave."
        );
        let again = UnderWay { dry_run: true, times: 2, ..state };
        assert!(words(&again).starts_with("Trying partners.csv: the server had no time"));
    }

    #[test]
    fn only_what_was_cut_off_is_sent_again() {
        let of = |status| is_cut_off(&Failure { status, message: String::new() });
        assert!([0, 429, 503].into_iter().all(of));
        assert!(![400, 403, 409, 413, 422, 500].into_iter().any(of));
    }
}
