//! `cargo xtask test`: everything that must hold, in numbered parts. No part is ever skipped in silence: one that cannot run
//! fails and says what it needs, and one that finds no tests to run fails as well.

mod failures;
mod parts;
mod run;
mod summary;

use crate::demo::Stopwatch;
use anyhow::{Result, bail, ensure};
use parts::{PARTS, Part};
use summary::Row;

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Args {
    /// Only these parts, by name
    #[arg(long, value_name = "PART", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Name the parts and stop
    #[arg(long)]
    list: bool,
    /// Stop at the first part that fails
    #[arg(long)]
    fail_fast: bool,
}

/// `cargo xtask test`.
pub fn run(args: &Args) -> Result<()> {
    if args.list {
        for (number, part) in PARTS.iter().enumerate() {
            println!("{:2}  {:16} {}", number + 1, part.name, part.about);
        }
        return Ok(());
    }
    let chosen = choose(&args.only)?;
    let mut rows = Vec::with_capacity(chosen.len());
    for (number, part) in chosen.iter().enumerate() {
        println!("\n[{}/{}] {}: {}", number + 1, chosen.len(), part.name, part.about);
        let row = one(part);
        println!("      {}", row.line());
        let failed = row.error.is_some();
        rows.push(row);
        if failed && args.fail_fast {
            break;
        }
    }
    println!("\n{}", summary::table(&rows, chosen.len()));
    ensure!(rows.iter().all(|row| row.error.is_none()) && rows.len() == chosen.len(), "not everything holds");
    Ok(())
}

fn one(part: &'static Part) -> Row {
    let begun = Stopwatch::start();
    let outcome = run::part(part);
    let seconds = begun.seconds();
    match outcome {
        Ok(tests) => Row { name: part.name, seconds, tests, error: None },
        Err(error) => {
            println!("\n{error:#}");
            Row { name: part.name, seconds, tests: 0, error: Some(format!("{error:#}")) }
        }
    }
}

/// The parts that were named, in the order in which they run; all if none was. A part that uses the server brings the building of it.
fn choose(only: &[String]) -> Result<Vec<&'static Part>> {
    if let Some(unknown) = only.iter().find(|name| !PARTS.iter().any(|part| part.name == **name)) {
        let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        bail!("there is no part {unknown}; there are {}", names.join(", "));
    }
    let named = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let wanted: Vec<&Part> = PARTS.iter().filter(|part| named(part.name)).collect();
    let needed = |name: &str| wanted.iter().any(|part| part.needs.contains(&name));
    Ok(PARTS.iter().filter(|part| named(part.name) || needed(part.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str]) -> Vec<&'static str> {
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        choose(&only).expect("known parts").iter().map(|part| part.name).collect()
    }

    #[test]
    fn all_parts_run_unless_some_are_named() {
        assert_eq!(names(&[]).len(), PARTS.len());
        assert_eq!(names(&["format"]), ["format"]);
        assert!(choose(&["fromat".to_owned()]).is_err());
    }

    #[test]
    fn what_uses_the_server_builds_it_first() {
        assert_eq!(names(&["browser"]), ["assets", "build", "browser"]);
    }

    #[test]
    fn whatever_is_needed_comes_earlier_in_the_list() {
        for (at, part) in PARTS.iter().enumerate() {
            assert!(
                part.needs.iter().all(|need| PARTS[..at].iter().any(|earlier| earlier.name == *need)),
                "{}",
                part.name
            );
        }
    }
}
