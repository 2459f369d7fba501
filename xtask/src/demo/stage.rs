//! The running demo: a server with a filled sandbox, and two sites.
//!
//! The three have different hosts, not only different ports, because ports alone would make them one *site* to a browser, with
//! shared cookies and none of the protections between strangers that a real page has: the server is `127.0.0.1`, the shop `localhost`,
//! the blog `blog.localhost`. Browsers treat all three as secure, and Chromium and Firefox find `*.localhost` without a word in
//! /etc/hosts; for Safari, which does not, the blog answers at `127.0.0.1` as well.

use super::{Steps, binary, child::Guarded, ports};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::Duration,
};

/// The console's login.
pub const EMAIL: &str = "owner@alpine-tea.example";
/// Nobody but this machine reaches the demo.
pub const PASSWORD: &str = "alpine-tea-demo";

const LOCK: &str = "lock";

/// What is wanted of a demo.
pub struct Wish {
    /// Where the data is.
    pub folder: PathBuf,
    /// The server's port; 0 takes free ones.
    pub port: u16,
    /// Whether to throw away what is there.
    pub fresh: bool,
}

/// Everything that runs.
pub struct Stage {
    /// The server's port.
    pub port: u16,
    /// The shop's port.
    pub shop_port: u16,
    /// The blog's port.
    pub blog_port: u16,
    folder: PathBuf,
    keys: Keys,
    sites: Option<Guarded>,
    server: Option<Guarded>,
    stop: Arc<AtomicBool>,
    seconds: f32,
    _lock: File,
}

struct Keys {
    secret: String,
    publishable: String,
}

impl Stage {
    /// Starts everything that was built.
    pub fn start(wish: &Wish, steps: &mut Steps) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = stop.clone();
        ctrlc::set_handler(move || asked.store(true, Ordering::SeqCst))
            .context("cannot listen for Ctrl-C")?;
        steps.next("Database");
        let lock = lock(&wish.folder)?;
        let keys = prepare(wish)?;
        let port = ports::pick(wish.port, &[])?;
        let shop_port = ports::pick(next(wish.port, 1), &[port])?;
        let blog_port = ports::pick(next(wish.port, 2), &[port, shop_port])?;
        say_moved(wish.port, [port, shop_port, blog_port]);
        let folder = wish.folder.clone();
        let (sites, server) = (None, None);
        let mut stage =
            Self { port, shop_port, blog_port, folder, keys, sites, server, stop, seconds: 0.0, _lock: lock };
        stage.start_server()?;
        steps.next("Six weeks of trade in the sandbox (once)");
        stage.fill()?;
        steps.next("Shop and blog");
        stage.start_sites()?;
        stage.seconds = steps.seconds();
        Ok(stage)
    }

    fn start_server(&mut self) -> Result<()> {
        let mut command = Command::new(binary("goodword")?);
        command.args([
            "serve",
            "--show-outbox",
            "--listen",
            &format!("127.0.0.1:{}", self.port),
            "--public-url",
            &self.goodword(),
        ]);
        command.arg("--database").arg(self.folder.join("goodword.db"));
        command.arg("--outbox").arg(self.folder.join("outbox"));
        let mut server = Guarded::start("server", plain(&mut command), &self.folder.join("server.log"))?;
        let stop = self.stop.clone();
        server.await_answer(self.port, "/readyz", || stop.load(Ordering::SeqCst)).context(
            "if the data is of another version of Goodword, start over with `cargo xtask demo --fresh`",
        )?;
        self.server = Some(server);
        Ok(())
    }

    fn fill(&mut self) -> Result<()> {
        let mut command = self.demo("seed")?;
        for origin in
            [format!("http://127.0.0.1:{}", self.shop_port), format!("http://127.0.0.1:{}", self.blog_port)]
        {
            command.args(["--origin", &origin]);
        }
        let status = command.stdin(Stdio::null()).status()?;
        ensure!(
            !self.stop.load(Ordering::SeqCst),
            "stopped while the sandbox was being filled; the next start begins again"
        );
        ensure!(
            status.success(),
            "the sandbox could not be filled; the server's log is {}",
            self.folder.join("server.log").display()
        );
        Ok(())
    }

    fn start_sites(&mut self) -> Result<()> {
        let mut command = self.demo("serve")?;
        command.args([
            "--shop-port",
            &self.shop_port.to_string(),
            "--blog-port",
            &self.blog_port.to_string(),
        ]);
        let mut sites = Guarded::start("shop", &mut command, &self.folder.join("sites.log"))?;
        for port in [self.shop_port, self.blog_port] {
            sites.await_answer(port, "/healthz", || self.stop.load(Ordering::SeqCst))?;
        }
        self.sites = Some(sites);
        Ok(())
    }

    fn demo(&self, what: &str) -> Result<Command> {
        let mut command = Command::new(binary("goodword-demo")?);
        command.arg(what).arg("--story").arg(self.folder.join("story.json"));
        command.envs([
            ("DEMO_GOODWORD", self.goodword()),
            ("DEMO_SHOP", self.shop()),
            ("DEMO_BLOG", self.blog()),
            ("DEMO_SECRET_KEY", self.keys.secret.clone()),
            ("DEMO_PUBLISHABLE_KEY", self.keys.publishable.clone()),
        ]);
        Ok(command)
    }

    /// The server's address.
    pub fn goodword(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The shop's address.
    pub fn shop(&self) -> String {
        format!("http://localhost:{}", self.shop_port)
    }

    /// The blog's address.
    pub fn blog(&self) -> String {
        format!("http://blog.localhost:{}", self.blog_port)
    }

    /// Where everything is.
    pub fn summary(&self) -> String {
        let (goodword, shop, blog) = (self.goodword(), self.shop(), self.blog());
        let (blog_port, seconds, folder) = (self.blog_port, self.seconds, shown(&self.folder));
        let Keys { secret, publishable } = &self.keys;
        format!(
            "\n  The demo runs (after {seconds:.1} s).\n\n\
             \x20   Shop           {shop}\n\
             \x20   Partners join  {shop}/partners\n\
             \x20   Blog           {blog}      (Safari: http://127.0.0.1:{blog_port})\n\
             \x20   Console        {goodword}/console/?mode=test\n\
             \x20                  {EMAIL}   {PASSWORD}\n\
             \x20   Mails          {goodword}/outbox\n\
             \x20   API            {goodword}/docs/api\n\
             \x20   Sandbox keys   {publishable}\n\
             \x20                  {secret}\n\n\
             \x20 Data and logs are in {folder}. Ctrl-C stops everything; --fresh starts over.\n"
        )
    }

    /// Runs until Ctrl-C, or until something dies.
    pub fn run(&mut self) -> Result<()> {
        while !self.stop.load(Ordering::SeqCst) {
            for child in [&mut self.server, &mut self.sites].into_iter().flatten() {
                child.check()?;
            }
            sleep(Duration::from_millis(200));
        }
        println!("\nStopping …");
        self.stop()
    }

    /// Ends everything: the sites first, so that the server has nothing left to answer.
    pub fn stop(&mut self) -> Result<()> {
        let sites = self.sites.take().map(|mut sites| sites.stop()).transpose()?;
        let server = self.server.take().map(|mut server| server.stop()).transpose()?;
        for (name, status) in [("sites", sites), ("server", server)] {
            if let Some(status) = status.filter(|status| !status.success()) {
                bail!("the {name} did not end well: {status}");
            }
        }
        println!("Everything has ended.");
        Ok(())
    }
}

/// Settings of the person's own shell are for the person's own server.
fn plain(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GOODWORD_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command
}

fn next(port: u16, by: u16) -> u16 {
    if port == 0 { 0 } else { port.saturating_add(by) }
}

fn say_moved(wanted: u16, got: [u16; 3]) {
    if wanted == 0 || got == [wanted, wanted + 1, wanted + 2] {
        return;
    }
    let [server, shop, blog] = got;
    println!(
        "      Some ports from {wanted} on are taken: the server is on {server}, the shop on {shop}, the blog on {blog}."
    );
    println!("      Links made before lead to the ports of then; --fresh makes new ones.");
}

/// Makes the folder and the vendor; answers the sandbox's keys. A start that was cut off before the data was whole begins again.
fn prepare(wish: &Wish) -> Result<Keys> {
    let whole =
        ["state.json", "story.json", "goodword.db"].iter().all(|file| wish.folder.join(file).exists());
    if wish.fresh || !whole {
        if !wish.fresh && wish.folder.join("state.json").exists() {
            println!("      The last start was cut off before the data was whole: beginning again.");
        }
        empty(&wish.folder)?;
    }
    let state = wish.folder.join("state.json");
    if !state.exists() {
        std::fs::write(&state, make_vendor(&wish.folder)?)?;
    }
    let state: serde_json::Value = serde_json::from_slice(&std::fs::read(&state)?)?;
    let key = |name: &str| {
        state["test"][name].as_str().map(str::to_owned).context("state.json has no keys; use --fresh")
    };
    Ok(Keys { secret: key("secretKey")?, publishable: key("publishableKey")? })
}

/// Two demos on one folder would serve one database and fill it twice.
fn lock(folder: &Path) -> Result<File> {
    std::fs::create_dir_all(folder)?;
    let file = File::create(folder.join(LOCK))?;
    ensure!(file.try_lock().is_ok(), "another demo runs with the data in {}; stop that first", shown(folder));
    Ok(file)
}

/// Throws away everything but the lock, which we hold.
fn empty(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != LOCK {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn make_vendor(folder: &Path) -> Result<Vec<u8>> {
    let mut command = Command::new(binary("goodword")?);
    command.args([
        "admin",
        "create-vendor",
        "--json",
        "--name",
        "Alpine Tea",
        "--email",
        EMAIL,
        "--password",
        PASSWORD,
    ]);
    let output = plain(&mut command).arg("--database").arg(folder.join("goodword.db")).output()?;
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "the vendor could not be made:\n{words}");
    Ok(output.stdout)
}

/// A folder without the detours of its making.
fn shown(folder: &Path) -> String {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_take_the_next_ports() {
        assert_eq!((next(7_700, 1), next(7_700, 2)), (7_701, 7_702));
        assert_eq!(next(0, 2), 0);
    }
}
