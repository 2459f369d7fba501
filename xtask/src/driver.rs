//! A browser driven over the `WebDriver` protocol, which is JSON over HTTP: the few calls that pictures and measuring take. A client library would
//! make every `cargo xtask` wait for an HTTP stack of its own.

use crate::{demo::http, tools};
use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

const ARGS: [&str; 10] = [
    "--headless=new",
    // Without a screen it calls itself a HeadlessChrome, and those are not counted.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// How many tenths of a second something may take to come true: a machine that builds beside it is slow.
const PATIENCE: u32 = 600;

/// A browser with one window.
pub struct Driver {
    process: Child,
    port: u16,
    session: String,
}

impl Driver {
    /// Starts chromedriver, and Chromium through it.
    pub fn start() -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = Command::new("chromedriver");
        command
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = command.spawn().context("chromedriver does not start")?;
        let mut driver = Self { process, port, session: String::new() };
        driver.await_ready()?;
        let binary = tools::chromium().context("Chromium is missing")?;
        let options = json!({"args": ARGS, "binary": which(binary)});
        let wish = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}});
        let made = driver.call("POST", "/session", &wish)?;
        let session = made["sessionId"].as_str().context("chromedriver made no session")?;
        session.clone_into(&mut driver.session);
        Ok(driver)
    }

    fn await_ready(&mut self) -> Result<()> {
        for _ in 0..200 {
            if http::request(self.port, "GET", "/status", "").is_ok() {
                return Ok(());
            }
            ensure!(self.process.try_wait()?.is_none(), "chromedriver ended at once");
            sleep(Duration::from_millis(50));
        }
        bail!("chromedriver does not answer")
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let (status, answer) = http::request(self.port, method, path, &body)?;
        let mut answer: Value = serde_json::from_str(&answer)?;
        ensure!(status == 200, "the browser refused {path}: {}", answer["value"]["message"]);
        Ok(answer["value"].take())
    }

    fn command(&self, name: &str, body: &Value) -> Result<Value> {
        self.call("POST", &format!("/session/{}/{name}", self.session), body)
    }

    /// Speaks with the browser below `WebDriver`.
    pub fn devtools(&self, name: &str, parameters: &Value) -> Result<Value> {
        self.command("goog/cdp/execute", &json!({"cmd": name, "params": parameters}))
    }

    /// Sets the size of the page and whether the person prefers dark.
    pub fn view(&self, width: u32, height: u32, dark: bool) -> Result<()> {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 2, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics)?;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", &features).map(drop)
    }

    /// Goes to a page.
    pub fn open(&self, address: &str) -> Result<()> {
        self.command("url", &json!({"url": address})).map(drop)
    }

    /// Logs in to the console whose server the page that is open is of.
    pub fn log_in(&self, email: &str, password: &str) -> Result<()> {
        let script = "return fetch('/v1/session', {method: 'POST', headers: {'content-type': 'application/json', 'goodword-console': '1'}, \
             body: JSON.stringify({email: arguments[0], password: arguments[1]})}).then((answer) => answer.status)";
        let status = self.script(script, &json!([email, password]))?;
        ensure!(status == json!(200), "logging in to the console answered {status}");
        Ok(())
    }

    /// Runs a script and answers what it returns; it may be a promise.
    pub fn script(&self, text: &str, arguments: &Value) -> Result<Value> {
        self.command("execute/sync", &json!({"script": text, "args": arguments}))
    }

    /// Waits until a script returns true.
    pub fn until(&self, text: &str) -> Result<()> {
        for _ in 0..PATIENCE {
            if self.script(text, &json!([]))? == Value::Bool(true) {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        bail!("this did not come true: {text}")
    }

    /// Waits until nothing has been fetched for half a second and every animation has ended. What waits to be scrolled to is.
    pub fn settle(&self) -> Result<()> {
        self.quiet()?;
        self.script("scrollTo(0, document.documentElement.scrollHeight)", &json!([]))?;
        self.quiet()?;
        self.script("scrollTo(0, 0)", &json!([])).map(drop)
    }

    fn quiet(&self) -> Result<()> {
        let quiet = "const last = performance.getEntriesByType('resource').reduce((end, one) => Math.max(end, one.responseEnd), 0);\
             return document.readyState === 'complete' && performance.now() - last > 700 && !document.querySelector('[aria-busy=true]');";
        self.until(quiet)
    }

    /// What the window shows, or the page down to so many pixels, as PNG.
    pub fn picture(&self, tallest: Option<u32>) -> Result<Vec<u8>> {
        let mut wish = json!({"format": "png"});
        if let Some(tallest) = tallest {
            let size = &self.devtools("Page.getLayoutMetrics", &json!({}))?["cssContentSize"];
            let height = size["height"].as_f64().context("no height")?.min(tallest.into());
            wish["captureBeyondViewport"] = json!(true);
            wish["clip"] = json!({"x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1});
        }
        let shot = self.devtools("Page.captureScreenshot", &wish)?;
        Ok(BASE64_STANDARD.decode(shot["data"].as_str().context("no picture")?)?)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            drop(self.call("DELETE", &format!("/session/{}", self.session), &Value::Null));
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The path of a program; chromedriver wants it whole.
fn which(name: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.map_or_else(|| name.to_owned(), |file| file.display().to_string())
}
