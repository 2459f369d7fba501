//! The reference of commands and settings, from the definitions that read them: www/docs/configuration.md is what this prints.

use crate::config::Cli;
use crate::error::Error;
use clap::{Arg, Command, CommandFactory};
use std::fmt::Write;

const BEGINNING: &str = "# Configuration

Every command of `goodword` and every setting, each as a flag and, where one is named, as a variable. A flag wins over a variable.
This page is printed by `goodword config-reference`; a test sees to it that it is up to date.

";

/// The whole page, as Markdown.
pub fn markdown() -> Result<String, Error> {
    let mut page = BEGINNING.to_owned();
    let command = Cli::command();
    section(&mut page, &command, "goodword").map_err(|e| Error::internal(e.to_string()))?;
    Ok(page.trim_end().to_owned() + "\n")
}

fn section(page: &mut String, command: &Command, name: &str) -> std::fmt::Result {
    let parts: Vec<&Command> =
        command.get_subcommands().filter(|c| c.get_name() != "help" && !c.is_hide_set()).collect();
    if parts.is_empty() {
        writeln!(page, "## `{name}`\n")?;
        writeln!(page, "{}\n", sentence(&about(command)))?;
        arguments(page, command)?;
    }
    for part in parts {
        section(page, part, &format!("{name} {}", part.get_name()))?;
    }
    Ok(())
}

/// What a command does: the long text where there is one, for its first line is the short one.
fn about(command: &Command) -> String {
    command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default()
}

/// Text whose lines are paragraphs, each of which ends.
fn sentence(text: &str) -> String {
    let ended = |line: &str| match line.chars().last() {
        Some(last) if last.is_alphanumeric() || last == '`' || last == ')' => format!("{line}."),
        _ => line.to_owned(),
    };
    text.lines().map(ended).collect::<Vec<_>>().join("\n")
}

fn arguments(page: &mut String, command: &Command) -> std::fmt::Result {
    let told = |arg: &&Arg| !matches!(arg.get_id().as_str(), "help" | "version") && !arg.is_hide_set();
    let (words, flags): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(told).partition(|a| a.is_positional());
    let all: Vec<&Arg> = words.into_iter().chain(flags).collect();
    if all.is_empty() {
        return writeln!(page, "It takes no settings.\n");
    }
    writeln!(page, "| setting | variable | default | meaning |\n| --- | --- | --- | --- |")?;
    for arg in all {
        let variable = arg.get_env().map(|name| format!("`{}`", name.to_string_lossy())).unwrap_or_default();
        writeln!(page, "| {} | {variable} | {} | {} |", shown(arg), default(arg), meaning(arg))?;
    }
    writeln!(page)
}

/// As it is typed: `--listen LISTEN`, `--force`, `FILE`.
fn shown(arg: &Arg) -> String {
    let names = arg.get_value_names().into_iter().flatten().map(ToString::to_string);
    let value = names.collect::<Vec<_>>().join(" ").to_ascii_uppercase();
    match arg.get_long() {
        Some(long) if arg.get_action().takes_values() => format!("`--{long} {value}`"),
        Some(long) => format!("`--{long}`"),
        None => format!("`{value}`"),
    }
}

/// What holds where nothing is set: the value, or what the help says of it in brackets.
fn default(arg: &Arg) -> String {
    let values: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
    match values.as_slice() {
        _ if !arg.get_action().takes_values() => "off".into(),
        [] if arg.is_required_set() => "needed".into(),
        [] => split(&help(arg)).1,
        values => format!("`{}`", values.join(" ")),
    }
}

/// What the help says, in one cell, with the words that are taken.
fn meaning(arg: &Arg) -> String {
    let help = sentence(&split(&help(arg)).0).replace('\n', " ");
    let words: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if words.is_empty() { help } else { format!("{help} One of {}.", words.join(", ")) }
}

fn help(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    help.replace('|', "\\|")
}

/// A help in two: what it says, and the default it names at its end.
fn split(help: &str) -> (String, String) {
    let parts = help.strip_suffix(']').and_then(|help| help.rsplit_once(" [default: "));
    let (said, default) = parts.unwrap_or((help, ""));
    (said.to_owned(), default.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setting is told with its variable, its default, its words and what it is for.
    #[test]
    fn a_row_says_all_there_is() {
        let page = markdown().unwrap();
        let row = |start: &str| {
            page.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}"))
        };
        let listen = row("| `--listen LISTEN` |");
        assert!(listen.contains("`GOODWORD_LISTEN`") && listen.contains("`127.0.0.1:7700`"), "{listen}");
        let address = row("| `--public-url PUBLIC_URL` |");
        assert!(address.contains("| `http://` and the address listened on |"), "{address}");
        assert!(row("| `--role ROLE` |").contains("`finance`"));
        assert!(row("| `--trust-proxy` |").contains("off"));
        assert!(page.contains("## `goodword admin create-vendor`"));
        assert!(!page.contains("config-reference`\n"), "the command that prints it is not told");
    }

    #[test]
    fn no_two_tables_run_into_each_other() {
        let page = markdown().unwrap();
        assert_eq!(page.matches("\n| --- |").count(), page.matches("\n\n| setting |").count());
    }
}
