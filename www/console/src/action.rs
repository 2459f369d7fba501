//! Something done on the server by a press of a button: busy, refused with words, or done.

use crate::api::Failure;
use crate::context::use_console;
use std::future::Future;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// What has become of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub busy: bool,
    pub failure: Option<Failure>,
}

/// A button's work.
#[derive(Clone, PartialEq)]
pub struct Action<A: 'static> {
    pub progress: Progress,
    pub run: Callback<A>,
}

/// `work` on demand, never twice at once. When it is done, all data are read anew and `done` is called.
#[hook]
pub fn use_action<A, F, W>(work: W, done: Callback<()>) -> Action<A>
where
    A: 'static,
    F: Future<Output = Result<(), Failure>> + 'static,
    W: Fn(A) -> F + 'static,
{
    let context = use_console();
    let progress = use_state_eq(Progress::default);
    let work = Rc::new(work);
    let run = {
        let progress = progress.clone();
        Callback::from(move |argument: A| {
            if progress.busy {
                return;
            }
            progress.set(Progress { busy: true, failure: None });
            let (progress, work, refresh) = (progress.clone(), work.clone(), context.refresh.clone());
            let (done, expired) = (done.clone(), context.expired.clone());
            spawn_local(async move {
                let failure = work(argument).await.err();
                match &failure {
                    None => {
                        refresh.emit(());
                        done.emit(());
                    }
                    Some(failure) if failure.is_unauthorized() => expired.emit(()),
                    Some(_) => {}
                }
                progress.set(Progress { busy: false, failure });
            });
        })
    };
    Action { progress: (*progress).clone(), run }
}
