//! What the parts are.

use crate::tools::Tool::{
    self, Beancount, Chromium, Clippy, Hledger, Node, PostgreSql, Python, Rustfmt, Systemd, Wasm, Xmllint,
};

/// A part of the tests.
pub struct Part {
    /// What `--only` takes.
    pub name: &'static str,
    /// What it shows, in a line.
    pub about: &'static str,
    /// What must be installed.
    pub tools: &'static [Tool],
    /// Parts that must have run before.
    pub needs: &'static [&'static str],
    /// What it does, in order.
    pub steps: &'static [Step],
}

/// A thing to do.
pub enum Step {
    /// Run cargo with these words.
    Cargo(&'static [&'static str]),
    /// Run cargo with these words and variables, and count the tests: none is a failure.
    Tests(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// Build widget and console, optimised, within their budgets; also the page that is itself a Yew app.
    Assets,
    /// Install the public libraries of `tests/clients`.
    Clients,
}

use Step::{Assets, Cargo, Clients, Tests};

const NONE: &[(&str, &str)] = &[];
const SQLITE: &[(&str, &str)] = &[("GOODWORD_TEST_DATABASE", "sqlite")];
const POSTGRESQL: &[(&str, &str)] = &[("GOODWORD_TEST_DATABASE", "postgres")];
const SERVER: &[&str] = &["assets", "build"];

/// All of them, in the order in which they run: what is quick and likely to fail comes first.
pub const PARTS: &[Part] = &[
    Part {
        name: "format",
        about: "rustfmt changes nothing",
        tools: &[Rustfmt],
        needs: &[],
        steps: &[Cargo(&["fmt", "--all", "--check"])],
    },
    Part {
        name: "assets",
        about: "widget and console build, and the widget keeps to its budget",
        tools: &[Wasm, Node],
        needs: &[],
        steps: &[Assets],
    },
    Part {
        name: "lint",
        about: "clippy and rustc have nothing to say, here and for browsers",
        tools: &[Clippy, Wasm],
        needs: &["assets"],
        steps: &[
            Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
            Cargo(&[
                "clippy",
                "-p",
                "goodword-widget",
                "-p",
                "goodword-console",
                "-p",
                "goodword-yew-host",
                "--target",
                "wasm32-unknown-unknown",
                "--",
                "-D",
                "warnings",
            ]),
        ],
    },
    Part {
        name: "unit",
        about: "every crate on its own",
        tools: &[Xmllint, Hledger, Beancount],
        needs: &["assets"],
        steps: &[Tests(&["test", "--workspace", "--exclude", "goodword-tests", "--quiet"], NONE)],
    },
    Part {
        name: "build",
        about: "the server that the parts below start",
        tools: &[],
        needs: &["assets"],
        steps: &[Cargo(&["build", "-p", "goodword"]), Cargo(&["test", "-p", "goodword-tests", "--no-run"])],
    },
    Part {
        name: "api-sqlite",
        about: "the API and the ledger on SQLite",
        tools: &[PostgreSql, Hledger, Beancount],
        needs: SERVER,
        steps: &[Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "api::", "ledger::"], SQLITE)],
    },
    Part {
        name: "api-postgresql",
        about: "the same on PostgreSQL",
        tools: &[PostgreSql, Hledger, Beancount],
        needs: SERVER,
        steps: &[Tests(
            &["test", "-p", "goodword-tests", "--test", "it", "--", "api::", "ledger::"],
            POSTGRESQL,
        )],
    },
    Part {
        name: "durability",
        about: "nothing acknowledged is lost when the server is killed",
        tools: &[PostgreSql],
        needs: SERVER,
        steps: &[
            Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "durability::"], SQLITE),
            Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "durability::"], POSTGRESQL),
        ],
    },
    Part {
        name: "operate",
        about: "checks, statistics made anew, old clicks deleted, backups and restores",
        tools: &[PostgreSql],
        needs: SERVER,
        steps: &[
            Tests(
                &[
                    "test",
                    "-p",
                    "goodword-tests",
                    "--test",
                    "it",
                    "--",
                    "operate::",
                    "replay::",
                    "attribute::",
                    "snippets::",
                ],
                SQLITE,
            ),
            Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "operate::"], POSTGRESQL),
        ],
    },
    Part {
        name: "faults",
        about: "moving, metrics, overload, full disks, a database that goes away, several processes",
        tools: &[PostgreSql],
        needs: SERVER,
        steps: &[
            Tests(
                &[
                    "test",
                    "-p",
                    "goodword-tests",
                    "--test",
                    "it",
                    "--",
                    "processes::",
                    "metrics::",
                    "overload::",
                ],
                POSTGRESQL,
            ),
            Tests(
                &[
                    "test",
                    "-p",
                    "goodword-tests",
                    "--test",
                    "it",
                    "--",
                    "processes::",
                    "metrics::",
                    "overload::",
                    "moving::",
                    "outage::",
                ],
                SQLITE,
            ),
        ],
    },
    Part {
        name: "clients",
        about: "public SDKs, payment providers' and webhook libraries, as their users run them",
        tools: &[Node, Python],
        needs: SERVER,
        steps: &[
            Clients,
            Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "clients::"], SQLITE),
        ],
    },
    Part {
        name: "packages",
        about: "the reference, the unit, the container's recipe, the npm package and the list of parts are in order",
        tools: &[Node, Python, Systemd],
        needs: SERVER,
        steps: &[
            Clients,
            Cargo(&["run", "--quiet", "-p", "xtask", "--", "release", "--no-binary"]),
            Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "packages::"], NONE),
        ],
    },
    Part {
        name: "browser",
        about: "a real Chromium on a stranger's page, in the console and in the demo",
        tools: &[Chromium],
        needs: SERVER,
        steps: &[Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "browser::"], SQLITE)],
    },
    Part {
        name: "tidy",
        about: "the house rules: sizes, links, where SQL may be",
        tools: &[],
        needs: &[],
        steps: &[Tests(&["test", "-p", "goodword-tests", "--test", "it", "--", "tidy::"], NONE)],
    },
];
