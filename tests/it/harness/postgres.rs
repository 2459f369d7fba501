//! One PostgreSQL cluster for the whole run, started when the first test needs it; and one that waits for the disk, for
//! the tests that are about that.
//!
//! With `DATABASE_URL=postgres://USER:PASSWORD@HOST:PORT/NAME` the databases are made on that server instead, and dropped
//! at the end; the role must be allowed to create databases. (What is about a server that goes away still starts its own.)
//!
//! It is stopped and its folder removed by a small shell that waits for the end of our pipe: that comes however this
//! process ends, by panic or kill too.

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A server of our own, which ends with the value.
pub struct Cluster {
    bin: PathBuf,
    port: u16,
    data: String,
    options: String,
    /// The name of a database that has its tables and nothing in them, once one was wanted.
    template: OnceLock<String>,
    /// Held so that the pipe to it stays open.
    _cleaner: Child,
}

static FAST: OnceLock<Cluster> = OnceLock::new();
static DURABLE: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(1);

/// Makes an empty database and gives its URL.
pub fn new_database(durable: bool) -> String {
    match Given::by_whoever_runs_this() {
        Some(given) => given.new_database(),
        None => ours(durable).new_database(),
    }
}

/// Makes a database that has its tables already, where that is quicker, and gives its URL.
pub fn ready_database(durable: bool) -> String {
    match Given::by_whoever_runs_this() {
        Some(given) => given.new_database(),
        None => ours(durable).ready_database(),
    }
}

fn ours(durable: bool) -> &'static Cluster {
    if durable { DURABLE.get_or_init(|| start("on")) } else { FAST.get_or_init(|| start("off")) }
}

impl Cluster {
    /// One for a single test.
    pub fn own() -> Self {
        start("on")
    }

    /// Makes an empty database and gives its URL.
    pub fn new_database(&self) -> String {
        self.url(&self.copy_of("template0"))
    }

    /// Makes one with tables and gives its URL: copying files takes a fourth of the time of making the tables.
    fn ready_database(&self) -> String {
        let make = || {
            let name = self.copy_of("template0");
            assert!(
                super::server::operate(&self.url(&name), "check", &[]).status.success(),
                "the tables are made"
            );
            name
        };
        self.url(&self.copy_of(self.template.get_or_init(make)))
    }

    /// Copies a database and gives the name of the copy.
    fn copy_of(&self, template: &str) -> String {
        let name = format!("goodword_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let port = self.port.to_string();
        let mut createdb = Command::new(self.bin.join("createdb"));
        createdb.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-T", template]);
        // Since 15 there is another way too, which is the usual one and slower here.
        if self.version() >= 15 {
            createdb.arg("--strategy=file_copy");
        }
        run(createdb.arg(&name));
        name
    }

    /// The first number of its version, as its folder says: `…/15/bin`.
    fn version(&self) -> u32 {
        let folder = self.bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        folder.and_then(|name| name.parse().ok()).unwrap_or(0)
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Stops it without waiting for whoever is connected: `fast`, with a word to them, or `immediate`, as a crash would.
    pub fn stop(&self, how: &str) {
        run(self.pg_ctl().args(["-m", how, "-w", "stop"]));
    }

    /// Starts it again.
    pub fn start(&self) {
        let log = format!("{}.log", self.data);
        run(self.pg_ctl().args(["-l", &log, "-w", "-o", &self.options, "start"]));
    }

    fn pg_ctl(&self) -> Command {
        let mut command = as_server_user(&format!("{}/pg_ctl", self.bin.display()));
        command.args(["-D", &self.data]);
        command
    }
}

/// Runs statements on a database, and gives what comes of them.
pub fn psql(url: &str, statements: &str) -> String {
    let output =
        Command::new("psql").args([url, "-qtAX", "-v", "ON_ERROR_STOP=1", "-c", statements]).output();
    let output = output.expect("psql starts");
    assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// Drops a database, if its server still runs: a test may have ended that first.
pub fn drop_database(url: &str) {
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, name) = before.rsplit_once('/').expect("a URL with the name of a database");
    let statement = format!("drop database if exists \"{name}\" with (force)");
    let mut psql = Command::new(programs().join("psql"));
    psql.args([&format!("{server}/postgres?{query}"), "-qX", "-c", &statement]);
    psql.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    psql.status().ok();
}

/// A server that whoever runs the tests has named.
struct Given {
    url: String,
    /// Held so that the pipe to it stays open.
    _cleaner: Child,
}

impl Given {
    fn by_whoever_runs_this() -> Option<&'static Self> {
        static GIVEN: OnceLock<Option<Given>> = OnceLock::new();
        let named = || {
            let url = std::env::var("DATABASE_URL").ok().filter(|url| url.starts_with("postgres"))?;
            Some(Self { _cleaner: drop_at_the_end(&url), url })
        };
        GIVEN.get_or_init(named).as_ref()
    }

    fn new_database(&self) -> String {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}{number}", own_prefix());
        psql(&self.url, &format!("create database {name} template template0 encoding 'UTF8'"));
        let (before, query) =
            self.url.split_once('?').map_or((&*self.url, ""), |(before, query)| (before, query));
        let (server, _) = before.rsplit_once('/').expect("a URL with the name of a database");
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        format!("{server}/{name}{query}")
    }
}

/// What the names of this run's databases begin with.
fn own_prefix() -> String {
    format!("goodword_test_{}_", std::process::id())
}

/// Starts the shell that drops this run's databases once the pipe to it ends.
fn drop_at_the_end(url: &str) -> Child {
    let script = r#"trap '' INT TERM HUP; cat >/dev/null
        psql "$0" -qtAXc "select datname from pg_database where starts_with(datname, '$1')" |
        while read -r name; do psql "$0" -qXc "drop database $name with (force)"; done"#;
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", script, url, &own_prefix()]);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().expect("`setsid sh` starts")
}

/// Runs statements on a database of the cluster.
pub fn change(url: &str, sql: &str) {
    let options = ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", sql, url];
    run(Command::new(programs().join("psql")).args(options));
}

fn start(fsync: &str) -> Cluster {
    let bin = programs();
    let folder =
        tempfile::Builder::new().prefix("goodword-postgres-").tempdir().expect("a temporary folder").keep();
    let path = folder.to_str().expect("a plain path").to_owned();
    if is_root() {
        run(Command::new("chown").args(["postgres", &path]));
    }
    let data = format!("{path}/data");
    let initdb = format!("{}/initdb", bin.display());
    run(as_server_user(&initdb).args([
        "-D",
        &data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]));
    let port = free_port();
    let pg_ctl = format!("{}/pg_ctl", bin.display());
    let cleaner = supervise(&pg_ctl, &path);
    let options =
        format!("-p {port} -k {path} -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync={fsync}");
    let cluster = Cluster { bin, port, data, options, template: OnceLock::new(), _cleaner: cleaner };
    cluster.start();
    cluster
}

/// Starts the shell that cleans up once the pipe to it ends.
fn supervise(pg_ctl: &str, folder: &str) -> Child {
    let script = r#"trap '' INT TERM HUP; cat >/dev/null; "$@" -D "$0/data" -m immediate stop >/dev/null 2>&1; rm -rf "$0""#;
    let stop = as_server_user(pg_ctl);
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", script, folder]).arg(stop.get_program()).args(stop.get_args());
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().expect("`setsid sh` starts")
}

/// A command run as a user PostgreSQL accepts: it refuses root.
fn as_server_user(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", program]);
    command
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0"))
}

/// Where `initdb` is: the newest of Debian's folders, or wherever `pg_config` says.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = versions.map(|v| v.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    let version =
        |bin: &PathBuf| bin.parent().and_then(Path::file_name).and_then(|v| v.to_str()?.parse::<u32>().ok());
    folders
        .max_by_key(version)
        .or_else(by_config)
        .expect("PostgreSQL is not installed: apt-get install postgresql")
}

fn by_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
        .filter(|bin| bin.join("initdb").exists())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Runs a command to its end. Its output goes to a file, for a daemon it leaves behind would hold a pipe open.
fn run(command: &mut Command) {
    let mut output = tempfile::tempfile().expect("a temporary file");
    let copy = || Stdio::from(output.try_clone().expect("a file descriptor"));
    let status = command.current_dir("/").stdin(Stdio::null()).stdout(copy()).stderr(copy()).status();
    if !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
        let mut text = String::new();
        std::io::Seek::rewind(&mut output)
            .and_then(|()| output.read_to_string(&mut text))
            .expect("it can be read");
        panic!("{command:?} failed: {status:?}\n{text}");
    }
}
