//! Servers to ask: Goodword with a program and a hundred partners, and its rivals.

use super::client::Client;
use super::proc;
use super::script::{self, Asker, ORIGIN, PARTNERS};
use super::variants::Ask;
use crate::demo::{self, Guarded, Stopwatch};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// One server, or several on one database.
pub struct Site {
    processes: Vec<(Guarded, u16)>,
    /// Nothing for a rival.
    pub vendor: Option<Vendor>,
    /// Clicks that sales may follow.
    clicks: Vec<String>,
}

/// Who uses Goodword.
#[derive(Clone, Debug)]
pub struct Vendor {
    pub secret_key: String,
    pub publishable_key: String,
    /// The id of the program.
    pub program: String,
}

/// The server as it is measured.
pub fn goodword() -> Result<PathBuf> {
    Ok(demo::target()?.join("release/goodword"))
}

/// What it is measured against.
pub fn rivals() -> Result<PathBuf> {
    Ok(demo::target()?.join("release/rivals"))
}

/// A program with room for a thousand connections, and without the settings of whoever runs the bench.
pub fn roomy(program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 8192 2>/dev/null; exec \"$0\" \"$@\""]).arg(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GOODWORD_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// What `goodword serve` is told.
pub fn serve(database: &str, durability: &str, folder: &Path, port: u16) -> Result<Command> {
    let mut command = roomy(&goodword()?);
    command.args(["serve", "--trust-proxy", "--rate-limit", "0", "--log", "warn", "--database", database]);
    command.args(["--durability", durability, "--listen", &format!("127.0.0.1:{port}")]);
    command.arg("--outbox").arg(folder.join("outbox"));
    Ok(command)
}

impl Site {
    /// Goodword on an empty database, with all it takes to count clicks. Commissions are held for a year, so that none is
    /// released while we measure.
    pub fn new(database: &str, durability: &str, folder: &Path, processes: usize) -> Result<Self> {
        Self::made(365, (database, durability), folder, processes)
    }

    /// The same in one process, holding commissions for so many days.
    pub fn holding(days: u32, database: &str, folder: &Path) -> Result<Self> {
        Self::made(days, (database, "full"), folder, 1)
    }

    fn made(
        hold_days: u32,
        (database, durability): (&str, &str),
        folder: &Path,
        processes: usize,
    ) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut vendor = create_vendor(database, ORIGIN)?;
        let mut site = Self::open(database, durability, folder, processes, vendor.clone())?;
        vendor.program = site.fill(hold_days)?;
        site.vendor = Some(vendor);
        Ok(site)
    }

    /// Goodword on a database that has it all.
    pub fn open(
        database: &str,
        durability: &str,
        folder: &Path,
        processes: usize,
        vendor: Vendor,
    ) -> Result<Self> {
        let mut site = Self { processes: Vec::new(), vendor: Some(vendor), clicks: Vec::new() };
        for number in 0..processes {
            let port = demo::pick(0, &[])?;
            let mut command = serve(database, durability, folder, port)?;
            site.start("server", &mut command, &folder.join(format!("server-{number}.log")), port)?;
        }
        Ok(site)
    }

    /// A rival; what it stores goes into the folder.
    pub fn rival(words: &[&str], folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut site = Self { processes: Vec::new(), vendor: None, clicks: Vec::new() };
        let port = demo::pick(0, &[])?;
        let mut command = roomy(&rivals()?);
        command.args(words).args(["--listen", &format!("127.0.0.1:{port}")]);
        site.start("rival", &mut command, &folder.join("rival.log"), port)?;
        Ok(site)
    }

    fn start(&mut self, name: &'static str, command: &mut Command, log: &Path, port: u16) -> Result<()> {
        let mut process = Guarded::start(name, command, log)?;
        process.await_answer(port, "/healthz", || false)?;
        self.processes.push((process, port));
        Ok(())
    }

    /// A program and a hundred partners.
    fn fill(&mut self, hold_days: u32) -> Result<String> {
        let mut client = self.client()?;
        let program = client.post(
            "/v1/programs",
            &json!({
                "name": "Friends of Tea", "url": "https://shop.example/", "currency": "usd", "holdDays": hold_days,
                "rewards": [{ "event": "sale", "type": "percentage", "percentage": "20" }],
                // So many sales of so few partners would all be held for review: no load is like that.
                "signals": { "velocity": { "action": "off" }, "no_referrer_instant": { "action": "off" } },
            }),
        )?;
        for number in 0..PARTNERS {
            let code = script::code(number);
            let email = format!("{}@partners.example", code.to_lowercase());
            client.post(
                "/v1/partners",
                &json!({ "name": format!("Partner {code}"), "email": email, "code": code }),
            )?;
        }
        Ok(program["id"].as_str().context("a program has an id")?.to_owned())
    }

    /// The port of the first process.
    pub fn port(&self) -> u16 {
        self.processes[0].1
    }

    /// The ports of all of them.
    pub fn ports(&self) -> Vec<u16> {
        self.processes.iter().map(|(_, port)| *port).collect()
    }

    /// A connection to the first process, as the vendor's server.
    pub fn client(&self) -> Result<Client> {
        Client::connect(self.port(), self.vendor.as_ref().map_or("", |vendor| &vendor.secret_key))
    }

    /// The processor time its processes have taken, seconds.
    pub fn cpu_seconds(&self) -> Result<f64> {
        self.processes.iter().map(|(process, _)| proc::cpu_seconds(process.id())).sum()
    }

    /// The memory its processes hold, megabytes.
    pub fn resident_mb(&self) -> Result<f64> {
        self.processes.iter().map(|(process, _)| proc::resident_mb(process.id())).sum()
    }

    /// How many of what was asked for are stored; nothing for a rival.
    pub fn stored(&self, ask: Ask) -> Result<Option<u64>> {
        if self.vendor.is_none() {
            return Ok(None);
        }
        let totals = &self.client()?.get("/v1/analytics?start=2000-01-01T00:00:00Z")?["totals"];
        let name = if ask == Ask::Sale { "sales" } else { "clicks" };
        totals[name].as_u64().with_context(|| format!("the totals tell no {name}: {totals}")).map(Some)
    }

    /// Finds clicks for sales to follow. The site must have been clicked at.
    pub fn find_clicks(&mut self) -> Result<()> {
        if !self.clicks.is_empty() {
            return Ok(());
        }
        let mut client = self.client()?;
        self.clicks = match (&self.vendor, client.get("/ids")) {
            (Some(_), _) => recent_clicks(&mut self.client()?)?,
            (None, Ok(ids)) => texts(&ids),
            (None, Err(_)) => (0..1000).map(|number| format!("clk_{number:020}")).collect(),
        };
        ensure!(!self.clicks.is_empty(), "there are no clicks for sales to follow");
        Ok(())
    }

    /// The script that asks this site.
    pub fn lua(&self, ask: Ask) -> String {
        let (secret_key, publishable_key) = match &self.vendor {
            Some(vendor) => (vendor.secret_key.as_str(), vendor.publishable_key.as_str()),
            None => (NO_KEY, NO_KEY),
        };
        script::lua(ask, &Asker { secret_key, publishable_key, clicks: &self.clicks })
    }

    /// Ends it in order, so that its file is whole.
    pub fn stop(self) -> Result<()> {
        for (mut process, _) in self.processes {
            let status = process.stop()?;
            ensure!(status.success() || self.vendor.is_none(), "a server did not end well: {status}");
        }
        Ok(())
    }
}

/// As long as a key, for those who ask for none.
const NO_KEY: &str = "sk_live_00000000000000000000000000000000";

/// Some of each partner's latest clicks.
fn recent_clicks(client: &mut Client) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    let mut after = String::new();
    for _ in 0..20 {
        let page = client.get(&format!("/v1/events?event=click&pageSize=100{after}"))?;
        let found: Vec<String> = page
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|event| event["id"].as_str().map(str::to_owned))
            .collect();
        let Some(last) = found.last() else { break };
        after = format!("&startingAfter={last}");
        ids.extend(found);
    }
    Ok(ids)
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// By what the vendor's owner logs in.
pub const EMAIL: &str = "owner@shop.example";
/// And the password.
pub const PASSWORD: &str = "a password to measure with";

/// A vendor whose pages are at an origin.
pub fn create_vendor(database: &str, origin: &str) -> Result<Vendor> {
    let mut command = roomy(&goodword()?);
    command.args(["admin", "create-vendor", "--json", "--database", database, "--name", "Alpine Tea"]);
    command.args(["--email", EMAIL, "--password", PASSWORD]);
    let output = command.args(["--origin", origin]).output()?;
    if !output.status.success() {
        bail!("the vendor could not be made:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let printed: Value = serde_json::from_slice(&output.stdout)?;
    let key = |name: &str| {
        printed["live"][name].as_str().map(str::to_owned).context("create-vendor printed no keys")
    };
    let (secret_key, publishable_key) = (key("secretKey")?, key("publishableKey")?);
    Ok(Vendor { secret_key, publishable_key, program: String::new() })
}

/// Starts a server and asks it for a redirect until there is one; answers how long that took, milliseconds.
pub fn time_to_redirect(command: &mut Command, log: &Path, port: u16) -> Result<f64> {
    let begun = Stopwatch::start();
    let mut process = Guarded::start("server", command, log)?;
    let path = format!("/r/{}", script::code(0));
    let redirected = || Client::connect(port, "").and_then(|mut client| client.visit(&path));
    while !redirected().is_ok_and(|status| status == 302) {
        process.check()?;
        ensure!(begun.elapsed() < Duration::from_mins(1), "no redirect came within a minute");
        sleep(Duration::from_millis(1));
    }
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    process.stop()?;
    Ok(milliseconds)
}
