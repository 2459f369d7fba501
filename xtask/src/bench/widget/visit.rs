//! What a browser tells of a page with the widget on it.

use crate::driver::Driver;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// How the page is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// This machine, as it is.
    Local,
    /// A phone: a quarter of the processor, 1.6 Mbit/s, 150 ms to each answer.
    Phone,
}

/// When things happened, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// From the script's first line until the form is there.
    pub script: f64,
    /// From the navigation until the form is there.
    pub navigation: f64,
    /// How many tasks of more than 50 ms there were in that time.
    pub long: f64,
}

/// What a page holds on to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// Nodes the browser keeps for it.
    pub nodes: f64,
    /// Listeners.
    pub listeners: f64,
    /// Memory of the module, bytes.
    pub memory: f64,
}

const READY: &str =
    "return new Promise((done) => { let left = 2400; const look = () => marks.ready || marks.error || !left--
    ? setTimeout(() => done(marks), 150) : setTimeout(look, 25); look(); })";

/// Opens a page as if for the first time.
pub fn open(driver: &Driver, address: &str, way: Way) -> Result<Times> {
    emulate(driver, Way::Local)?;
    driver.open("about:blank")?;
    driver.devtools("Network.clearBrowserCache", &json!({}))?;
    driver.devtools("Network.setCacheDisabled", &json!({ "cacheDisabled": true }))?;
    emulate(driver, way)?;
    driver.open(address)?;
    let marks = driver.script(READY, &json!([]))?;
    if let Some(error) = marks["error"].as_str() {
        bail!("the element failed: {error}");
    }
    let number =
        |name: &str| marks[name].as_f64().with_context(|| format!("the page has no `{name}`: {marks}"));
    let (start, ready) = (number("start")?, number("ready")?);
    let list = marks["long"].as_array().cloned().unwrap_or_default();
    let within = list.iter().filter_map(Value::as_f64).filter(|at| (start..ready).contains(at)).count();
    Ok(Times { script: ready - start, navigation: ready, long: if within > 0 { 1.0 } else { 0.0 } })
}

fn emulate(driver: &Driver, way: Way) -> Result<()> {
    let (latency, down, up, rate) = match way {
        Way::Local => (0.0, -1.0, -1.0, 1.0),
        Way::Phone => (150.0, 200_000.0, 93_750.0, 4.0),
    };
    let network =
        json!({ "offline": false, "latency": latency, "downloadThroughput": down, "uploadThroughput": up });
    driver.devtools("Network.enable", &json!({}))?;
    driver.devtools("Network.emulateNetworkConditions", &network)?;
    driver.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": rate }))?;
    Ok(())
}

/// The module's memory, bytes.
pub fn memory(driver: &Driver) -> Result<f64> {
    driver.script("return memory.buffer.byteLength", &json!([]))?.as_f64().context("there is no module")
}

const JOIN: &str = "const form = document.querySelector('goodword-join').shadowRoot.querySelector('form');
    form.elements.name.value = 'Ines Hartl'; form.elements.email.value = 'ines@hartl.example'; form.elements.terms.checked = true;
    form.requestSubmit();
    return new Promise((done) => { let left = 400; const look = () => {
        const own = document.querySelector('goodword-share').shadowRoot.querySelector('bdi.code'); const all = document.querySelectorAll(':not(:defined)');
        own || !left-- ? setTimeout(() => done(!!own && !all.length), 500) : setTimeout(look, 25) }; look(); })";

/// Joins on a page with every element, and waits for the partner's page.
pub fn join(driver: &Driver) -> Result<()> {
    match driver.script(JOIN, &json!([]))? {
        Value::Bool(true) => Ok(()),
        other => bail!("nobody joined: {other}"),
    }
}

const REMOUNT: &str = "return new Promise((done) => { const element = document.querySelector('goodword-join'); let left = arguments[0];
    const step = () => { if (!left--) return done(null); element.remove(); setTimeout(() => {
        document.getElementById(left % 2 ? 'a' : 'b').append(element); setTimeout(step) }) }; step() })";

/// Takes the element out and puts it back so many times.
pub fn remount(driver: &Driver, times: u32) -> Result<()> {
    driver.script(REMOUNT, &json!([times])).map(drop)
}

/// What the page holds on to, once garbage is collected.
pub fn weigh(driver: &Driver) -> Result<Weight> {
    driver.devtools("Performance.enable", &json!({}))?;
    driver.devtools("HeapProfiler.collectGarbage", &json!({}))?;
    let told = driver.devtools("Performance.getMetrics", &json!({}))?;
    let value = |name: &str| {
        let mut list = told["metrics"].as_array().into_iter().flatten();
        let found = list.find(|metric| metric["name"] == name).and_then(|metric| metric["value"].as_f64());
        found.with_context(|| format!("the browser does not count {name}"))
    };
    Ok(Weight { nodes: value("Nodes")?, listeners: value("JSEventListeners")?, memory: memory(driver)? })
}
