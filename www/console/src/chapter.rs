//! The pages that come later. What everybody sees first is in the console's first module; every other page is in a chapter, a
//! module of its own that is fetched when one of its pages is opened, or before that, when the browser has nothing else to do.

mod pages;

use crate::browser;
use crate::part::state::Skeleton;
use crate::route::{Place, Route};
use crate::text::t;
use pages::View;
use std::rc::Rc;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::platform::spawn_local;
use yew::prelude::*;

/// How long the first page has the line to itself, milliseconds.
const FIRST_PAGE_MS: u32 = 1_000;

/// Pages that come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    Terms,
    People,
    Money,
    Works,
}

/// The module of a chapter did not come.
struct Missing;

impl From<SplitLoaderError> for Missing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

impl Chapter {
    const ALL: [Self; 4] = [Self::People, Self::Money, Self::Terms, Self::Works];

    /// The chapter a page is in, if it is in one.
    pub fn of(route: &Route) -> Option<Self> {
        use Route as R;
        match route {
            R::Overview | R::NotFound => None,
            R::Programs | R::Program(_) | R::Signals => Some(Self::Terms),
            R::Partners
            | R::Partner(_)
            | R::Events
            | R::Lead(_)
            | R::Sale(_)
            | R::Explorer
            | R::Attribution => Some(Self::People),
            _ if route.is_money() => Some(Self::Money),
            _ => Some(Self::Works),
        }
    }

    /// Fetches its module, unless it is here.
    async fn load(self) -> Result<View, Missing> {
        match self {
            Self::Terms => gates::terms().await,
            Self::People => gates::people().await,
            Self::Money => gates::money().await,
            Self::Works => gates::works().await,
        }
    }
}

/// Where the console is taken apart: what each of these answers, and all that only it uses, is not in the first module.
mod gates {
    #![expect(clippy::unnecessary_wraps, reason = "the module it waits for may not come")]

    use super::pages::{self, View};
    use super::{Missing, wasm_split};

    #[wasm_split(terms, fallible)]
    pub fn terms() -> Result<View, Missing> {
        Ok(pages::terms)
    }

    #[wasm_split(people, fallible)]
    pub fn people() -> Result<View, Missing> {
        Ok(pages::people)
    }

    #[wasm_split(money, fallible)]
    pub fn money() -> Result<View, Missing> {
        Ok(pages::money)
    }

    #[wasm_split(works, fallible)]
    pub fn works() -> Result<View, Missing> {
        Ok(pages::works)
    }
}

/// What has come.
#[derive(Clone, Default)]
struct Shelf {
    here: Vec<(Chapter, View)>,
    /// The one that was asked for and did not come.
    missing: Option<Chapter>,
}

enum News {
    Came(Chapter, View),
    DidNotCome(Chapter),
    AskedAgain,
}

impl Reducible for Shelf {
    type Action = News;

    fn reduce(self: Rc<Self>, news: News) -> Rc<Self> {
        let Self { mut here, mut missing } = Self::clone(&self);
        match news {
            News::Came(chapter, view) => {
                here.push((chapter, view));
                missing = missing.filter(|missing| *missing != chapter);
            }
            News::DidNotCome(chapter) => missing = Some(chapter),
            News::AskedAgain => missing = None,
        }
        Rc::new(Self { here, missing })
    }
}

impl Shelf {
    fn view(&self, chapter: Chapter) -> Option<View> {
        self.here.iter().find(|(known, _)| *known == chapter).map(|(_, view)| *view)
    }
}

/// Every chapter, as far as it is here.
pub struct Chapters(UseReducerHandle<Shelf>);

/// Fetches the chapter that is open, and the others once there is time.
#[hook]
pub fn use_chapters(open: Option<Chapter>) -> Chapters {
    let shelf = use_reducer(Shelf::default);
    let here = open.is_none_or(|chapter| shelf.view(chapter).is_some());
    let news = shelf.dispatcher();
    use_effect_with(open, move |open| {
        if let Some(chapter) = open.filter(|_| !here) {
            fetch(chapter, news);
        }
    });
    let news = shelf.dispatcher();
    use_effect_with((), move |()| fetch_all_in_time(news));
    Chapters(shelf)
}

fn fetch(chapter: Chapter, news: UseReducerDispatcher<Shelf>) {
    spawn_local(async move {
        news.dispatch(match chapter.load().await {
            Ok(view) => News::Came(chapter, view),
            Err(Missing) => News::DidNotCome(chapter),
        });
    });
}

/// One after the other. One that does not come is asked for again when somebody opens it.
fn fetch_all_in_time(news: UseReducerDispatcher<Shelf>) {
    spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(FIRST_PAGE_MS).await;
        for chapter in Chapter::ALL {
            browser::idle().await;
            if let Ok(view) = chapter.load().await {
                news.dispatch(News::Came(chapter, view));
            }
        }
    });
}

impl Chapters {
    /// The page at a place, or what stands in its place until it is here.
    pub fn view(&self, place: &Place) -> Html {
        let Some(chapter) = Chapter::of(&place.route) else { return pages::first(&place.route) };
        match self.0.view(chapter) {
            Some(view) => view(&place.route).unwrap_or_default(),
            None if self.0.missing == Some(chapter) => self.missing(chapter, place),
            None => html! { <Skeleton rows={8} /> },
        }
    }

    fn missing(&self, chapter: Chapter, place: &Place) -> Html {
        let news = self.0.dispatcher();
        let again = Callback::from(move |_: MouseEvent| {
            news.dispatch(News::AskedAgain);
            fetch(chapter, news.clone());
        });
        html! {
            <div class="empty problem" role="alert">
                <p class="what">{ t("This page did not come") }</p>
                <div class="teach">
                    <p>{ t("The server did not hand it over. It may be out of reach, or newer than the console in this window.") }</p>
                </div>
                <button type="button" class="button" onclick={again}>{ t("Try again") }</button>
                <a class="button" href={place.url()}>{ t("Load the console anew") }</a>
            </div>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_in_the_chapter_that_is_fetched_for_it() {
        for route in Route::every("id") {
            let views: [(Chapter, View); 4] = [
                (Chapter::Terms, pages::terms),
                (Chapter::People, pages::people),
                (Chapter::Money, pages::money),
                (Chapter::Works, pages::works),
            ];
            let shown: Vec<Chapter> = views
                .iter()
                .filter(|(_, view)| view(&route).is_some())
                .map(|(chapter, _)| *chapter)
                .collect();
            assert_eq!(shown, Vec::from_iter(Chapter::of(&route)), "{route:?}");
        }
    }

    #[test]
    fn what_did_not_come_may_come_later() {
        let view: View = |_| None;
        let shelf = Rc::new(Shelf::default()).reduce(News::DidNotCome(Chapter::Money));
        assert_eq!(shelf.missing, Some(Chapter::Money));
        let shelf = shelf.reduce(News::Came(Chapter::Works, view));
        assert_eq!(shelf.missing, Some(Chapter::Money), "another came");
        let shelf = shelf.reduce(News::Came(Chapter::Money, view));
        assert_eq!(shelf.missing, None);
        assert!(shelf.view(Chapter::Money).is_some() && shelf.view(Chapter::Terms).is_none());
    }
}
