//! What whoever runs the server does beside it: checks, statistics made anew, clicks that grow old, backups.

mod backup;
mod chain;
mod checks;
mod history;
mod retention;

use crate::harness::Server;

/// What a command printed, told as it must have ended.
#[track_caller]
fn run(server: &Server, command: &str, rest: &[&str], ends_well: bool) -> String {
    let output = server.operate(command, rest);
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(i32::from(!ends_well)), "goodword {command}: {printed}");
    printed
}

/// Nothing in the database contradicts anything else.
#[track_caller]
fn assert_clean(server: &Server) {
    let printed = run(server, "check", &[], true);
    assert_eq!(printed.lines().filter(|line| line.starts_with("ok ")).count(), 12, "{printed}");
}
