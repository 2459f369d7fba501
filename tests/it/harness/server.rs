//! A running `goodword serve`.

use super::client::Client;
use super::database::Kind;
use super::{BROWSER, ORIGIN};
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use tempfile::TempDir;

/// A server process with a database and an outbox of its own; ends with the value.
pub struct Server {
    process: Mutex<Option<Child>>,
    /// As in `http://127.0.0.1:40123`.
    pub base: String,
    database: String,
    folder: TempDir,
    /// How it is started, each time.
    start: Start,
    /// Whether the database was made for it, and ends with it.
    owned: bool,
    /// Its first vendor, whose pages are on [`ORIGIN`].
    pub vendor: Vendor,
}

/// What is special about a server.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// More words for `goodword serve`.
    pub words: Vec<String>,
    /// What the shell is to do first, in the process that becomes the server.
    pub shell: Option<String>,
}

impl Start {
    /// With more words for `goodword serve`.
    pub fn with(words: &[&str]) -> Self {
        Self { words: words.iter().map(|word| (*word).to_owned()).collect(), shell: None }
    }

    fn command(&self) -> Command {
        let program = goodword();
        let Some(first) = &self.shell else { return program };
        let mut command = program_free_of_settings("sh");
        command.args(["-c", &format!("{first}; exec \"$0\" \"$@\"")]).arg(program.get_program());
        command
    }
}

/// What `goodword admin create-vendor --json` prints.
#[derive(Clone, Debug, Deserialize)]
pub struct Vendor {
    pub owner: Login,
    pub live: Keys,
    pub test: Keys,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Login {
    pub email: String,
    pub password: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Keys {
    pub secret_key: String,
    pub publishable_key: String,
}

impl Server {
    /// On the database this run is about.
    pub fn start() -> Self {
        Self::on(Kind::chosen())
    }

    /// On a certain database.
    pub fn on(kind: Kind) -> Self {
        Self::set_up(kind, &[ORIGIN], false)
    }

    /// On a database that waits for the disk.
    pub fn durable(kind: Kind) -> Self {
        Self::set_up(kind, &[ORIGIN], true)
    }

    /// With pages on these origins.
    pub fn with_origins(kind: Kind, origins: &[&str]) -> Self {
        Self::set_up(kind, origins, false)
    }

    /// Started in a special way, on the database this run is about.
    pub fn special(start: Start) -> Self {
        let folder = new_folder();
        let database = Kind::chosen().prepare(folder.path(), false);
        let vendor = create_vendor(&database, "Tea Shop", "owner@shop.example", &[ORIGIN]);
        let mut server = Self::begin(folder, database, start, vendor);
        server.owned = true;
        server
    }

    /// On an empty database of the test's own.
    pub fn new_in(database: String, start: Start) -> Self {
        let vendor = create_vendor(&database, "Tea Shop", "owner@shop.example", &[ORIGIN]);
        Self::begin(new_folder(), database, start, vendor)
    }

    /// On a database that holds this vendor already.
    pub fn go_on(database: String, vendor: Vendor) -> Self {
        Self::begin(new_folder(), database, Start::default(), vendor)
    }

    fn set_up(kind: Kind, origins: &[&str], durable: bool) -> Self {
        let folder = new_folder();
        let database = kind.prepare(folder.path(), durable);
        let vendor = create_vendor(&database, "Tea Shop", "owner@shop.example", origins);
        let mut server = Self::begin(folder, database, Start::default(), vendor);
        server.owned = true;
        server
    }

    fn begin(folder: TempDir, database: String, start: Start, vendor: Vendor) -> Self {
        let (process, base) = spawn(&start, &database, folder.path(), 0);
        Self { process: Mutex::new(Some(process)), base, database, owned: false, folder, start, vendor }
    }

    /// Where its data is.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.lock().as_ref().expect("the server runs").id()
    }

    /// Asks the process to stop, and waits until it has.
    pub fn stop(&self) {
        self.ask_to_stop();
        assert!(self.wait().success(), "{}", self.log());
    }

    /// One more vendor on the same server.
    pub fn another_vendor(&self, name: &str, email: &str, origins: &[&str]) -> Vendor {
        create_vendor(&self.database, name, email, origins)
    }

    /// Runs `goodword admin …` on the server's database and gives what it printed.
    pub fn admin(&self, command: &str, rest: &[&str]) -> String {
        admin(&self.database, command, rest)
    }

    /// Runs `goodword COMMAND --database …` on the server's database.
    pub fn operate(&self, command: &str, rest: &[&str]) -> Output {
        operate(&self.database, command, rest)
    }

    /// Changes the database behind the server's back.
    pub fn change(&self, sql: &str) {
        super::database::change(&self.database, sql);
    }

    /// The same server on another, empty database, which is not running yet.
    pub fn elsewhere(&self) -> Self {
        let folder = new_folder();
        let database = Kind::of(&self.database).create(folder.path(), false);
        let vendor = self.vendor.clone();
        let (process, base, start) = (Mutex::new(None), "http://127.0.0.1:0".into(), Start::default());
        Self { process, base, database, owned: true, folder, start, vendor }
    }

    /// The same, once it runs.
    #[must_use]
    pub fn started(mut self) -> Self {
        let (process, base) = spawn(&self.start, &self.database, self.folder.path(), 0);
        (self.process, self.base) = (Mutex::new(Some(process)), base);
        self
    }

    /// Where a test may put files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder mails are written to.
    pub fn outbox(&self) -> PathBuf {
        self.folder.path().join("outbox")
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(log_file(self.folder.path())).unwrap_or_default()
    }

    /// Ends the process at once, as a crash would.
    pub fn kill(&self) {
        if let Some(mut child) = self.lock().take() {
            child.kill().expect("the server can be killed");
            child.wait().expect("the server was ours");
        }
    }

    /// Asks the process to stop.
    pub fn ask_to_stop(&self) {
        let id = self.lock().as_ref().expect("the server runs").id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("`kill` starts");
        assert!(sent.success(), "the server of {} was gone already", self.base);
    }

    /// Waits until a process that was asked to stop has.
    pub fn wait(&self) -> ExitStatus {
        let mut child = self.lock().take().expect("the server runs");
        child.wait().expect("the server was ours")
    }

    /// One more process on the same database.
    pub fn beside(&self) -> Self {
        Self::begin(new_folder(), self.database.clone(), self.start.clone(), self.vendor.clone())
    }

    /// Starts it again on the same database and port.
    pub fn restart(&self) {
        let mut process = self.lock();
        assert!(process.is_none(), "kill or stop the server first");
        let port = self.base.rsplit(':').next().and_then(|p| p.parse().ok()).expect("the base has a port");
        let (child, base) = spawn(&self.start, &self.database, self.folder.path(), port);
        assert_eq!(base, self.base, "it came back elsewhere");
        *process = Some(child);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Without any credentials.
    pub fn nobody(&self) -> Client {
        Client::new(&self.base).with("user-agent", BROWSER)
    }

    /// With any bearer: a key or a partner's token.
    pub fn bearer(&self, key: &str) -> Client {
        self.nobody().with("authorization", &format!("Bearer {key}"))
    }

    /// The vendor's server, on test data.
    pub fn test(&self) -> Client {
        self.bearer(&self.vendor.test.secret_key)
    }

    /// The vendor's server, on live data.
    pub fn live(&self) -> Client {
        self.bearer(&self.vendor.live.secret_key)
    }

    /// The vendor's page on [`ORIGIN`], on test data.
    pub fn page(&self) -> Client {
        self.page_of(&self.vendor.test.publishable_key, ORIGIN)
    }

    /// A page with any publishable key on any origin.
    pub fn page_of(&self, key: &str, origin: &str) -> Client {
        self.nobody().with("origin", origin).with_pk(key)
    }

    /// The owner in the console, on test data (`.with("goodword-mode", "live")` for the other).
    pub fn console(&self) -> Client {
        self.console_of(&self.vendor.owner.email, &self.vendor.owner.password)
    }

    /// Anybody in the console, on test data.
    pub fn console_of(&self, email: &str, password: &str) -> Client {
        let answer =
            self.nobody().post("/v1/session", &serde_json::json!({ "email": email, "password": password }));
        assert_eq!(answer.status, 200, "log-in failed: {}", answer.text);
        let cookie = answer.header("set-cookie").expect("a cookie");
        let pair = cookie.split(';').next().unwrap_or_default();
        self.nobody().with("cookie", pair).with("goodword-console", "1").with("goodword-mode", "test")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().rev().take(20).collect();
            std::io::Write::write_all(
                &mut std::io::stderr(),
                lines.into_iter().rev().collect::<Vec<_>>().join("\n").as_bytes(),
            )
            .ok();
        }
        // Hundreds of databases that nobody needs any more would fill a small disk.
        if self.owned {
            super::database::remove(&self.database);
        }
    }
}

fn new_folder() -> TempDir {
    tempfile::Builder::new().prefix("goodword-test-").tempdir().expect("a temporary folder")
}

fn create_vendor(database: &str, name: &str, email: &str, origins: &[&str]) -> Vendor {
    let mut rest = vec!["--name", name, "--email", email, "--password", "correct horse battery", "--json"];
    for origin in origins {
        rest.extend(["--origin", origin]);
    }
    let printed = admin(database, "create-vendor", &rest);
    serde_json::from_str(&printed).unwrap_or_else(|e| panic!("{e} in what create-vendor printed: {printed}"))
}

fn admin(database: &str, command: &str, rest: &[&str]) -> String {
    let output = goodword()
        .args(["admin", command, "--database", database])
        .args(rest)
        .output()
        .expect("goodword starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "goodword admin {command} failed: {errors}");
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

pub fn operate(database: &str, command: &str, rest: &[&str]) -> Output {
    goodword().args([command, "--database", database]).args(rest).output().expect("goodword starts")
}

/// The program under test, free of the settings of whoever runs the tests.
pub fn goodword() -> Command {
    program_free_of_settings(binary())
}

fn program_free_of_settings(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null());
    for name in ["PATH", "HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("GOODWORD_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("…/debug/deps/it");
    let path = profile.join("goodword");
    assert!(path.exists(), "{} is missing: run `cargo build -p goodword` first", path.display());
    path
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("stderr.log")
}

/// Starts a server; a port that was ours a moment ago may need a few tries.
fn spawn(start: &Start, database: &str, folder: &Path, port: u16) -> (Child, String) {
    for _ in 0..50 {
        if let Some(started) = try_spawn(start, database, folder, port) {
            return started;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let log = std::fs::read_to_string(log_file(folder)).unwrap_or_default();
    panic!("the server does not start: {log}");
}

fn try_spawn(start: &Start, database: &str, folder: &Path, port: u16) -> Option<(Child, String)> {
    let log = File::options().create(true).append(true).open(log_file(folder)).expect("a log file");
    let listen = format!("127.0.0.1:{port}");
    let mut command = start.command();
    command.args(["serve", "--database", database, "--listen", &listen, "--show-outbox", "--log", "info"]);
    command.arg("--outbox").arg(folder.join("outbox")).args(&start.words);
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("goodword starts");
    let lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
    let ready = lines
        .map_while(Result::ok)
        .find_map(|l| l.strip_prefix("Goodword is listening on ").map(str::to_owned));
    if ready.is_none() {
        child.kill().ok();
        child.wait().ok();
    }
    ready.map(|base| (child, base))
}
