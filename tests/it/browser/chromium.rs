//! One browser with a profile of its own, as a test sees it: by what is on the screen, shadow roots included.
//! A path such as `goodword-join >>> button` goes through an open shadow root at each `>>>`.

use super::wait::{PATIENCE, until};
use crate::harness::BROWSER;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use thirtyfour::prelude::*;
use thirtyfour::{BrowserLogEntry, ChromiumLikeCapabilities, LoggingPrefsLogLevel};

/// Runs before any script of any page: notes errors, warnings and the widget's events.
const NOTES: &str = include_str!("notes.js");

/// Finds what a path names; with a text, the first that shows it.
const FIND: &str = r"
    const parts = arguments[0].split(' >>> '), last = parts.pop();
    let root = document;
    for (const part of parts) root = root && root.querySelector(part) && root.querySelector(part).shadowRoot;
    const shown = (e) => e.getClientRects().length > 0 && e.checkVisibility({ visibilityProperty: true });
    const fits = (e) => !arguments[1] || e.textContent.includes(arguments[1]);
    return [...(root ? root.querySelectorAll(last) : [])].find((e) => shown(e) && fits(e)) || null;";

/// What a browser is like besides the usual.
#[derive(Clone, Copy, Default)]
pub struct Wish {
    /// Cookies and storage are refused, as by a careful person's settings.
    pub no_storage: bool,
    /// Says `Sec-GPC: 1`.
    pub privacy_signal: bool,
}

/// A browser.
pub struct Browser {
    driver: Option<WebDriver>,
    log: Mutex<Vec<BrowserLogEntry>>,
    process: Process,
}

/// What was started for it, ended with it.
struct Process {
    chromedriver: Child,
    chromium: Option<u64>,
    profile: PathBuf,
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(id) = self.chromium.filter(|id| PathBuf::from(format!("/proc/{id}")).exists()) {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Quits the session, which ends the browser in order; what is left then is killed.
        drop(self.driver.take());
    }
}

fn profile() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("goodword-browser-{}-{number}", std::process::id()))
}

fn program(variable: &str, usual: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| usual.to_owned())
}

/// Starts chromedriver on a free port; answers its address too. Somebody else may take the port it found free.
fn start_chromedriver() -> (Child, String) {
    (0..5).find_map(|_| try_chromedriver()).expect("chromedriver says which port it took")
}

fn try_chromedriver() -> Option<(Child, String)> {
    let name = program("CHROMEDRIVER", "chromedriver");
    let mut child = Command::new(&name)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| {
            panic!("{name} does not start ({e}): install Chromium with its driver, or set CHROMEDRIVER")
        });
    let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let port = lines.map_while(Result::ok).find_map(|line| {
        let port = line.split("on port ").nth(1)?.trim_end_matches('.').parse::<u16>().ok()?;
        (port > 0).then_some(port)
    });
    if port.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    port.map(|port| (child, format!("http://127.0.0.1:{port}")))
}

fn capabilities(wish: Wish, profile: &std::path::Path) -> WebDriverResult<thirtyfour::ChromeCapabilities> {
    let mut caps = DesiredCapabilities::chrome();
    for flag in [
        "--headless",
        // Nothing is to be waited for that only glides into place.
        "--force-prefers-reduced-motion",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,900",
        // Names of no site at all, for what differs between a domain and the names under it.
        "--host-resolver-rules=MAP *.shop.test 127.0.0.1",
    ] {
        caps.add_arg(flag)?;
    }
    caps.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    // Without a screen it calls itself a HeadlessChrome, and those are not counted.
    caps.add_arg(&format!("--user-agent={BROWSER}"))?;
    caps.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    if let Ok(path) = std::env::var("CHROMIUM").or_else(|_| which("chromium")) {
        caps.set_binary(&path)?;
    }
    if wish.no_storage {
        caps.add_experimental_option("prefs", json!({"profile.default_content_setting_values.cookies": 2}))?;
    }
    Ok(caps)
}

fn which(name: &str) -> Result<String, std::env::VarError> {
    let paths = std::env::var("PATH")?;
    let found = std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.map(|path| path.display().to_string()).ok_or(std::env::VarError::NotPresent)
}

impl Browser {
    /// A usual one.
    pub async fn open() -> Self {
        Self::with(Wish::default()).await
    }

    /// An unusual one.
    pub async fn with(wish: Wish) -> Self {
        let profile = profile();
        // Built beside the server, the client takes TLS as the server does: from whatever a program chooses at its start.
        drop(rustls::crypto::ring::default_provider().install_default());
        let (chromedriver, address) = start_chromedriver();
        let mut process = Process { chromedriver, chromium: None, profile };
        let caps = capabilities(wish, &process.profile).expect("capabilities are JSON");
        let driver = WebDriver::new(&address, caps).await.expect("Chromium starts");
        process.chromium = driver.handle().capabilities().get("goog:processID").and_then(Value::as_u64);
        let browser = Self { driver: Some(driver), log: Mutex::default(), process };
        let mut notes = NOTES.to_owned();
        if wish.privacy_signal {
            notes +=
                "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });";
        }
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": notes })).await;
        browser
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("it is taken only on drop")
    }

    /// Speaks with the browser below `WebDriver`.
    pub async fn cdp(&self, method: &str, parameters: Value) -> Value {
        self.driver().cdp().send_raw(method, parameters).await.unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    /// Opens an address.
    pub async fn goto(&self, address: &str) {
        self.driver().goto(address).await.unwrap_or_else(|e| panic!("{address} does not open: {e}"));
    }

    /// Runs a script's body; what it returns.
    pub async fn js<T: DeserializeOwned>(&self, body: &str, arguments: Value) -> T {
        let list = arguments.as_array().cloned().unwrap_or_default();
        let answer = self.driver().execute(body, list).await.unwrap_or_else(|e| panic!("{body}: {e}"));
        serde_json::from_value(answer.json().clone())
            .unwrap_or_else(|e| panic!("{body}: {e}: {}", answer.json()))
    }

    /// The same, for what the page will do in its own time: the script calls `done(answer)`.
    pub async fn js_later<T: DeserializeOwned>(&self, body: &str) -> T {
        let body = format!("const done = arguments[0]; {body}");
        let answer = self
            .driver()
            .execute_async(body.as_str(), vec![])
            .await
            .unwrap_or_else(|e| panic!("{body}: {e}"));
        serde_json::from_value(answer.json().clone()).unwrap_or_else(|e| panic!("{e}: {}", answer.json()))
    }

    /// Asks until there is an answer; otherwise the test ends with all that can be known.
    pub async fn until<T>(&self, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
        self.within(PATIENCE, what, ask).await
    }

    /// The same, with a time of its own.
    pub async fn within<T>(&self, limit: Duration, what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
        match until(limit, ask).await {
            Some(answer) => answer,
            None => panic!("not within {limit:?}: {what}\n{}", self.situation().await),
        }
    }

    async fn situation(&self) -> String {
        let body = "const gw = [...document.querySelectorAll('goodword-join,goodword-share,goodword-signup,goodword-offer,goodword-leaderboard')]
            .map((e) => e.localName + ': ' + (e.shadowRoot ? e.shadowRoot.textContent : 'no root'));
            return [location.href, document.title, document.body.innerText.slice(0, 1500), ...gw, JSON.stringify(window.gwNotes)].join('\\n');";
        let page: String = self.js(body, json!([])).await;
        let log: Vec<_> =
            self.read_log().await.into_iter().map(|e| format!("{} {}", e.level, e.message)).collect();
        format!("--- page\n{page}\n--- log\n{}", log.join("\n"))
    }

    async fn found(&self, path: &str, text: &str) -> Option<WebElement> {
        let found = self.driver().execute(FIND, vec![json!(path), json!(text)]).await.ok()?;
        if found.json().is_null() { None } else { found.element().ok() }
    }

    /// Waits until something is on the screen.
    pub async fn see(&self, path: &str, text: &str) {
        self.until(&format!("`{path}` shows “{text}”"), async || self.found(path, text).await).await;
    }

    /// Whether something is on the screen now.
    pub async fn sees(&self, path: &str, text: &str) -> bool {
        self.found(path, text).await.is_some()
    }

    /// Clicks on something, once it is there and takes clicks: a disabled button would swallow one without a word.
    pub async fn click(&self, path: &str, text: &str) {
        let click = async || {
            let found = self.found(path, text).await?;
            found.is_enabled().await.ok()?.then_some(())?;
            found.click().await.ok()
        };
        self.until(&format!("`{path}` “{text}” can be clicked"), click).await;
    }

    /// Types into a field, once it is there.
    pub async fn fill(&self, path: &str, text: &str) {
        let fill = async || {
            let field = self.found(path, "").await?;
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()?;
            // A page that draws itself anew between the two puts back what it knows of the field.
            let now = field.value().await.ok()?.unwrap_or_default();
            (now == text || !now.ends_with(text)).then_some(())
        };
        self.until(&format!("`{path}` can be filled"), fill).await;
    }

    /// Presses keys in a field as it stands, once; [`fill`](Self::fill) is for what a field shall hold.
    pub async fn press(&self, path: &str, keys: &str) {
        let press = async || self.found(path, "").await?.send_keys(keys).await.ok();
        self.until(&format!("keys can be pressed in `{path}`"), press).await;
    }

    /// Chooses among the words of a field.
    pub async fn pick(&self, path: &str, word: &str) {
        let pick = async || {
            let field = self.found(path, "").await?;
            let set = "arguments[0].value = arguments[1]; \
                       arguments[0].dispatchEvent(new Event('change', { bubbles: true })); return arguments[0].value;";
            let arguments = vec![field.to_json().ok()?, json!(word)];
            let now = self.driver().execute(set, arguments).await.ok()?;
            (now.json().as_str() == Some(word)).then_some(())
        };
        self.until(&format!("`{word}` can be chosen in `{path}`"), pick).await;
    }

    /// Chooses a file in a field for files.
    pub async fn choose(&self, path: &str, file: &std::path::Path) {
        let choose = async || self.found(path, "").await?.send_keys(file.display().to_string()).await.ok();
        self.until(&format!("a file can be chosen in `{path}`"), choose).await;
    }

    /// What something says, once it says anything.
    pub async fn text(&self, path: &str) -> String {
        let text = async || {
            let text = self.found(path, "").await?.text().await.ok()?;
            (!text.trim().is_empty()).then(|| text.trim().to_owned())
        };
        self.until(&format!("`{path}` says something"), text).await
    }

    /// Waits until a field holds just this.
    pub async fn holds(&self, path: &str, value: &str) {
        let ask = async || (self.found(path, "").await?.value().await.ok()?? == value).then_some(());
        self.until(&format!("`{path}` holds “{value}”"), ask).await;
    }

    /// Width and height of something, CSS pixels.
    pub async fn size(&self, path: &str) -> (f64, f64) {
        let element = self.until(&format!("`{path}` is there"), async || self.found(path, "").await).await;
        let rect = element.rect().await.expect("an element has a size");
        (rect.width, rect.height)
    }

    /// Steps into a frame.
    pub async fn enter(&self, path: &str) {
        let enter = async || self.found(path, "").await?.enter_frame().await.ok();
        self.until(&format!("`{path}` can be entered"), enter).await;
    }

    /// Steps out of all frames.
    pub async fn leave(&self) {
        self.driver().enter_default_frame().await.expect("the page itself is always there");
    }

    /// Where the page is.
    pub async fn address(&self) -> String {
        self.driver().current_url().await.expect("a page has an address").to_string()
    }

    /// Deletes a cookie, wherever it is set.
    pub async fn lose_cookie(&self, name: &str) {
        self.driver().delete_cookie(name).await.expect("a cookie can be deleted");
    }

    /// Light or dark.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// A window this wide, as of a phone.
    pub async fn narrow(&self, width: u32) {
        let metrics = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Where others can take part in it, by the protocol of its developer tools.
    pub fn debugging_port(&self) -> u16 {
        let told = std::fs::read_to_string(self.process.profile.join("DevToolsActivePort"));
        let told = told.expect("a browser that is driven says where");
        told.lines().next().and_then(|port| port.parse().ok()).expect("a port stands in the first line")
    }

    /// By how much the page is wider than its window, and what reaches out of it on either side; nothing where it fits.
    pub async fn overflow(&self) -> String {
        let look = "const over = document.documentElement.scrollWidth - innerWidth;
            const out = (e) => { const box = e.getBoundingClientRect();
                return box.right > innerWidth + 1 || box.left < -1 || e.scrollWidth > innerWidth };
            return over <= 0 ? '' : over + ' px: ' + [...document.querySelectorAll('body *')].filter((e) => out(e) && !e.closest('.tabs'))
                .slice(-5).map((e) => e.outerHTML.slice(0, 160)).join(' | ')";
        self.js(look, json!([])).await
    }

    /// What was noted of one kind on the page that is open: `errors`, `warnings` or `events`.
    pub async fn notes(&self, kind: &str) -> Vec<String> {
        self.js("return (window.gwNotes || {})[arguments[0]] || []", json!([kind])).await
    }

    /// Waits for one of the widget's events; all that is known of it, as `goodword-join ready {…}`.
    pub async fn event(&self, start: &str) -> String {
        let ask = async || self.notes("events").await.into_iter().find(|event| event.starts_with(start));
        self.until(&format!("the event `{start}`"), ask).await
    }

    async fn read_log(&self) -> Vec<BrowserLogEntry> {
        let fresh = self.driver().browser_log().await.unwrap_or_default();
        let mut log = self.log.lock().expect("nobody panics with the log in hand");
        log.extend(fresh);
        log.clone()
    }

    /// Fails if anything was thrown or rejected on any page so far, or written as an error into the console. Refused
    /// loads are the browser's own words and no fault of a script.
    pub async fn assert_quiet(&self) {
        assert!(self.process.chromium.is_some(), "the browser says which process it is");
        let noted = self.notes("errors").await;
        assert!(noted.is_empty(), "uncaught on {}: {noted:#?}", self.address().await);
        let ours =
            |e: &BrowserLogEntry| matches!(e.source.as_deref(), Some("javascript" | "console-api") | None);
        let browsers = ["SRI's integrity checks failed", "violates the document's Content Security Policy"];
        let loud = |e: &BrowserLogEntry| {
            e.level == "SEVERE" && ours(e) && !browsers.iter().any(|words| e.message.contains(words))
        };
        let log: Vec<_> = self.read_log().await.into_iter().filter(loud).map(|e| e.message).collect();
        assert!(log.is_empty(), "uncaught: {log:#?}");
    }
}
