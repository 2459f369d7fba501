//! A PostgreSQL server of our own, as it comes but for the number of connections, that waits for the disk.

use crate::demo::{self, Guarded, Stopwatch};
use crate::tools;
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Ends, and leaves nothing, with the value.
pub struct Cluster {
    process: Option<Guarded>,
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts it. The folder is not in ours, where another user may not enter, nor in `/tmp`, which may be memory.
    pub fn start() -> Result<Self> {
        let bin = tools::postgresql().context("PostgreSQL is not there")?;
        let folder = PathBuf::from(format!("/var/tmp/goodword-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let mut cluster = Self { process: None, bin, folder, port: demo::pick(0, &[])? };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&cluster.folder), &cluster.folder)?;
        }
        let data = cluster.folder.join("data");
        let mut initdb = as_server_user(&cluster.bin.join("initdb"));
        initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]);
        run(&mut initdb, &cluster.folder)?;
        let mut server = as_server_user(&cluster.bin.join("postgres"));
        server.arg("-D").arg(&data).args(["-p", &cluster.port.to_string(), "-k"]).arg(&cluster.folder);
        server.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400", "-c", "fsync=on"]);
        server.current_dir(&cluster.folder);
        cluster.process = Some(Guarded::start("PostgreSQL", &mut server, &cluster.folder.join("log"))?);
        cluster.wait()?;
        Ok(cluster)
    }

    fn wait(&mut self) -> Result<()> {
        let begun = Stopwatch::start();
        while self.database("ready").is_err() {
            if let Some(process) = &mut self.process {
                process.check()?;
            }
            ensure!(begun.elapsed() < Duration::from_mins(1), "PostgreSQL does not become ready");
            sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    /// Makes a database and answers its URL.
    pub fn database(&self, name: &str) -> Result<String> {
        let port = self.port;
        let mut command = Command::new(self.bin.join("createdb"));
        command.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres", "-T", "template0", name]);
        run(&mut command, &self.folder)?;
        Ok(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.process.take());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// PostgreSQL refuses root. `setpriv` becomes the program, so that what we end is the program.
fn as_server_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs a command to its end. It says what it has to say into a file of ours.
fn run(command: &mut Command, folder: &Path) -> Result<()> {
    let log = folder.join("setup.log");
    let file = File::create(&log)?;
    command.current_dir(folder).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let status = command.status().with_context(|| format!("{command:?} does not start"))?;
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    ensure!(status.success(), "{command:?} failed: {said}");
    Ok(())
}
