//! How soon each section of the console is on the screen after a press, in a real browser.

use crate::bench::middle::median;
use crate::driver::Driver;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;
use std::fmt::Write as _;

/// What passes unnoticed, milliseconds.
const LIMIT_MS: f64 = 100.0;

/// How often each section is opened once it is warm; the middle one counts.
const ROUNDS: usize = 7;

const SECTIONS: &str =
    "return [...document.querySelectorAll('nav.sections a')].map((link) => link.getAttribute('href'))";

/// Presses a section's link, and waits until its data stands where grey lines stood; not for ever.
const PRESS: &str = "const [address] = arguments;
    const links = () => [...document.querySelectorAll('nav.sections a')];
    const there = () => links().some((link) => link.getAttribute('href') === address && link.hasAttribute('aria-current'))
        && document.querySelector('main h1') && !document.querySelector('main .skeleton');
    return new Promise((done) => {
        const begun = performance.now();
        const look = () => {
            const ms = performance.now() - begun;
            if (ms > 10000 || there()) done({title: document.querySelector('main h1')?.textContent ?? address, ms});
            else requestAnimationFrame(look);
        };
        links().find((link) => link.getAttribute('href') === address).click();
        requestAnimationFrame(look);
    })";

/// A section, and how long it took.
#[derive(Deserialize)]
pub struct Shown {
    /// As its heading calls it.
    pub title: String,
    /// From the press to the frame in which its data stand.
    pub ms: f64,
}

impl Shown {
    /// Whether nobody noticed.
    pub fn is_met(&self) -> bool {
        self.ms <= LIMIT_MS
    }
}

/// Opens every section of the console of the server at a port.
pub fn measure(port: u16, (email, password): (&str, &str)) -> Result<Vec<Shown>> {
    let driver = Driver::start()?;
    driver.view(1280, 800, false)?;
    driver.open(&format!("http://127.0.0.1:{port}/console/?mode=live"))?;
    driver.log_in(email, password)?;
    driver.open(&format!("http://127.0.0.1:{port}/console/?mode=live"))?;
    driver.until("return document.querySelectorAll('nav.sections a').length > 5")?;
    let sections: Vec<String> = serde_json::from_value(driver.script(SECTIONS, &json!([]))?)?;
    let mut times: Vec<Vec<Shown>> = sections.iter().map(|_| Vec::new()).collect();
    for round in 0..=ROUNDS {
        for (address, times) in sections.iter().zip(&mut times) {
            let shown: Shown = serde_json::from_value(driver.script(PRESS, &json!([address]))?)?;
            // The first time fetches the section's code.
            if round > 0 {
                times.push(shown);
            }
        }
    }
    let middle = |times: Vec<Shown>| {
        let ms = median(&times.iter().map(|shown| shown.ms).collect::<Vec<_>>());
        let title = times.into_iter().next().map(|shown| shown.title);
        Ok(Shown { title: title.context("it was opened")?, ms: ms.context("it was opened")? })
    };
    times.into_iter().map(middle).collect()
}

/// Markdown.
pub fn table(all: &[Shown]) -> String {
    let mut out =
        String::from("| section | on the screen after, ms | limit | |\n| --- | ---: | ---: | --- |\n");
    for shown in all {
        let mark = if shown.is_met() { "met" } else { "MISSED" };
        let _ = writeln!(out, "| {} | {:.0} | {LIMIT_MS} | {mark} |", shown.title, shown.ms);
    }
    out
}
