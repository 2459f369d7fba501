//! A Yew app for the widget to live on: if the widget's own Yew shared the host's marks on DOM nodes,
//! a click in the widget would move this counter.

#[cfg(target_arch = "wasm32")]
mod app {
    use wasm_bindgen::prelude::wasm_bindgen;
    use yew::prelude::{Html, component, html, use_state};

    /// A button and how often it was pressed.
    #[component]
    fn Counter() -> Html {
        let count = use_state(|| 0_u32);
        let onclick = {
            let count = count.clone();
            move |_| count.set(*count + 1)
        };
        html! {
            <p><button id="host-button" {onclick}>{ "Host button" }</button>{ " " }<output id="host-count">{ *count }</output></p>
        }
    }

    /// Mounts the counter into the page's `#host`.
    #[wasm_bindgen(start)]
    pub fn start() {
        let host = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|page| page.get_element_by_id("host"));
        if let Some(host) = host {
            yew::Renderer::<Counter>::with_root(host).render();
        }
    }
}
