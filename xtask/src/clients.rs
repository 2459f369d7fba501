//! The public libraries that the tests drive the server with, as their users do: npm's beside their scripts in
//! `tests/clients`, Python's in an environment of their own under `target/tools`.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Installs what is not there yet, in exactly the versions that are checked in. What was installed from other lists is replaced.
pub fn install() -> Result<()> {
    npm()?;
    python()
}

fn folder() -> PathBuf {
    crate::root().join("tests/clients")
}

fn npm() -> Result<()> {
    let modules = folder().join("node_modules");
    let list = folder().join("package-lock.json");
    done_once(&modules, &list, || {
        println!("      installing the npm packages of tests/clients");
        let mut command = Command::new("npm");
        command
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
            .args(["--fetch-retries=2", "--fetch-timeout=60000", "--prefix"])
            .arg(folder());
        must(&mut command, "npm ci in tests/clients")
    })
}

fn python() -> Result<()> {
    let home = crate::root().join("target/tools/python");
    let list = folder().join("requirements.txt");
    done_once(&home, &list, || {
        println!("      installing the Python packages of tests/clients");
        must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home), "python3 -m venv")?;
        let mut command = Command::new(home.join("bin/python"));
        command
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
            .arg(&list);
        must(&mut command, "pip install of tests/clients/requirements.txt")
    })
}

/// Does the work unless a mark in the home says that it was done with this very list.
fn done_once(home: &Path, list: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let content = std::fs::read(list).with_context(|| format!("{} cannot be read", list.display()))?;
    let wanted = crate::hexadecimal(&Sha256::digest(content));
    let mark = home.join(".installed-from");
    if std::fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    work()?;
    std::fs::write(&mark, wanted).with_context(|| format!("{} cannot be written", mark.display()))
}

fn must(command: &mut Command, name: &str) -> Result<()> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    ensure!(
        status.with_context(|| format!("{name} does not run"))?.success(),
        "{name} failed; it says above why"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_done_again_only_when_the_list_changed() {
        let home = std::env::temp_dir().join(format!("goodword-clients-{}", std::process::id()));
        std::fs::create_dir_all(&home).expect("a folder");
        let list = home.join("list");
        std::fs::write(&list, "one").expect("a list");
        let count = std::cell::Cell::new(0);
        let step = || {
            count.set(count.get() + 1);
            Ok(())
        };
        done_once(&home, &list, step).expect("done");
        done_once(&home, &list, step).expect("already done");
        assert_eq!(count.get(), 1);
        std::fs::write(&list, "two").expect("another list");
        done_once(&home, &list, step).expect("done again");
        assert_eq!(count.get(), 2);
        std::fs::remove_dir_all(&home).expect("removed");
    }
}
