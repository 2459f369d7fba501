//! Every setting, each as a flag and a variable: `goodword serve --help` is the reference.

use crate::store::Durability;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Referral and affiliate software that you host yourself.
#[derive(Debug, Parser)]
#[command(name = "goodword", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the script, the widget, the API and the console
    Serve(Box<Serve>),
    /// Create vendors, people and keys
    #[command(subcommand)]
    Admin(Admin),
    /// Load exchange rates from a file; beside a running server
    #[command(subcommand)]
    Rates(Rates),
    /// Check that storage is sound, the ledger balances and statistics equal the facts; beside a running server
    ///
    /// Prints a line for each check, and what to do about what it finds. Ends with 1 if something is wrong. Changes nothing, but that a
    /// database of an older version is brought up to date first.
    Check(Storage),
    /// Rebuild the statistics from the facts, day by day; beside a running server
    ///
    /// Clicks that were deleted for their age stay in the statistics as they are.
    RebuildStats(Storage),
    /// Copy the database to a file, as of one moment; beside a running server
    ///
    /// The copy is checked before it gets its name. For `PostgreSQL` this runs `pg_dump`.
    Backup(Backup),
    /// Put a backup in the place of a database, while no server has it open
    ///
    /// The backup is checked first. For `PostgreSQL` this runs `pg_restore`.
    Restore(Restore),
    /// Move an installation to another database, whole; stop its servers first
    MigrateDatabase(MigrateDatabase),
    /// Compare how models share the conversions of journeys in a CSV file among channels, partners or links
    ///
    /// A row is a path (`path`, `conversions`, `value`, `null`) or a touchpoint (`journey`, `at`, `channel`, `conversion`,
    /// `value`); www/docs/journeys.md has the details. Needs no database.
    Attribute(Attribute),
    /// Check, show and apply a program written as one document, in TOML or JSON; make one of a template
    #[command(subcommand)]
    Program(Program),
    /// Run a file of events by the rules of a program document, on a database of its own, and print what comes of it
    ///
    /// The way to try rules on last quarter's data. www/docs/replay.md describes both files and what is printed.
    Replay(Box<Replay>),
    /// Write what is stored for other programs to read; beside a running server
    #[command(subcommand)]
    Export(Export),
    /// Print what happens as it happens, for developing against webhooks, and hand it on to a server of your own
    ///
    /// Asks the server with a secret key; nothing need be reachable from outside. www/docs/webhooks.md has more.
    Listen(Listen),
    /// Bring what another program has exported: partners, links, codes, customers, commissions, balances; beside a running server
    ///
    /// The same files again store nothing twice, also after an interruption. www/docs/importing.md describes the columns.
    Import(Box<Import>),
    /// Look at a page with the script on it, and tell what works and what to write where if something does not
    ///
    /// Fetches the page, the script and what it leads to, and asks the server as the page would: tag, key, program, allowed
    /// origin, Content-Security-Policy, elements, mixed content. Needs no database. Ends with 1 if something is to be mended.
    /// What a page on the internet leads to is not fetched from private networks.
    VerifyInstall(VerifyInstall),
    /// Print the `OpenAPI` document
    Openapi,
    /// Print the reference of commands and settings, as Markdown
    #[command(hide = true)]
    ConfigReference,
}

#[derive(Debug, Args)]
pub struct VerifyInstall {
    /// The page's address
    pub url: String,
    /// Follow a page on the internet to a script or a server on a private network
    #[arg(long)]
    pub allow_private: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct Storage {
    /// An `SQLite` file (`goodword.db`, `sqlite:PATH`) or a `PostgreSQL` server (`postgres://USER:PASSWORD@HOST/NAME`)
    #[arg(long, env = "DATABASE_URL", default_value = "goodword.db", hide_env_values = true)]
    pub database: String,
    /// How durable a commit on `SQLite` is
    #[arg(long, env = "GOODWORD_DURABILITY", value_enum, default_value = "full")]
    pub durability: Durability,
}

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub storage: Storage,
    /// The file to write
    pub file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub storage: Storage,
    /// The backup
    pub file: PathBuf,
    /// Replace the database though it is not empty: what it holds is lost
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub storage: Storage,
    /// The address and port to listen on; port 0 takes a free one
    #[arg(long, env = "GOODWORD_LISTEN", default_value = "127.0.0.1:7700")]
    pub listen: SocketAddr,
    /// The address people reach this server at, as in `https://go.example.com` [default: `http://` and the address listened on]
    #[arg(long, env = "GOODWORD_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The folder mails are written to as .eml files when no SMTP server is set
    #[arg(long, env = "GOODWORD_OUTBOX", default_value = "outbox")]
    pub outbox: PathBuf,
    /// Show the outbox folder at /outbox to anybody; for trying out, never in production
    #[arg(long, env = "GOODWORD_SHOW_OUTBOX")]
    pub show_outbox: bool,
    /// The SMTP server, as in `smtps://USER:PASSWORD@mail.example.com`
    #[arg(long, env = "GOODWORD_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of mails
    #[arg(long, env = "GOODWORD_MAIL_FROM", default_value = "Goodword <goodword@localhost>")]
    pub mail_from: String,
    /// Believe the last address in `X-Forwarded-For`; only behind a proxy of your own
    #[arg(long, env = "GOODWORD_TRUST_PROXY")]
    pub trust_proxy: bool,
    /// The name of the vendor made on the first start
    #[arg(long, env = "GOODWORD_VENDOR_NAME", default_value = "My company")]
    pub vendor_name: String,
    /// The e-mail address of the owner made on the first start
    #[arg(long, env = "GOODWORD_OWNER_EMAIL", default_value = "owner@example.com")]
    pub owner_email: String,
    /// Send webhooks to this machine and to private networks too, and unencrypted; for trying out, never where strangers may
    /// add endpoints
    #[arg(long, env = "GOODWORD_LOCAL_WEBHOOKS")]
    pub local_webhooks: bool,
    /// Write logs as JSON, one object a line
    #[arg(long, env = "GOODWORD_LOG_JSON")]
    pub log_json: bool,
    /// What to log, as in `info` or `goodword=debug`
    #[arg(long, env = "GOODWORD_LOG", default_value = "info")]
    pub log: String,
    /// How long a request may take, seconds
    #[arg(long, env = "GOODWORD_REQUEST_TIMEOUT", default_value_t = 30)]
    pub request_timeout: u64,
    /// How many reads and how many writes may wait for the database before more are answered 503
    #[arg(long, env = "GOODWORD_QUEUE", default_value_t = 4096)]
    pub queue: usize,
    /// How many requests a minute one key, session or token may send to the API before more are answered 429; clicks, sign-ups and
    /// sales are not counted; 0 is no limit
    #[arg(long, env = "GOODWORD_RATE_LIMIT", default_value_t = 6000)]
    pub rate_limit: u32,
    /// How many connections may be open; more wait until one is closed
    #[arg(long, env = "GOODWORD_CONNECTIONS", default_value_t = 8192)]
    pub connections: usize,
    /// Answer GET /metrics for Prometheus: to this machine alone, not by way of a proxy, or to `anyone`
    #[arg(long, env = "GOODWORD_METRICS", value_enum, num_args = 0..=1, default_missing_value = "local")]
    pub metrics: Option<Audience>,
}

/// Who may read the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Audience {
    /// Who connects from this machine, without a proxy between
    Local,
    /// Everybody who can reach the server
    Anyone,
}

#[derive(Debug, Args)]
pub struct MigrateDatabase {
    /// The database to move from: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`
    pub from: String,
    /// The database to move to: an empty one, or one that an interrupted move to it has left
    pub to: String,
}

#[derive(Debug, Args)]
pub struct Attribute {
    /// The CSV file
    pub file: PathBuf,
    /// A model; may be given several times, and `all` is every one
    #[arg(long = "model", required = true, value_parser = ["all", "last_touch", "first_touch", "linear", "position_based", "time_decay", "markov"])]
    pub models: Vec<String>,
    /// The column that names what is credited, where a row is a touchpoint [default: the first of them that is there]
    #[arg(long, value_parser = ["channel", "partner", "link"])]
    pub by: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// The half-life of `time_decay`, days
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub half_life_days: i64,
    /// The currency, as in `usd`: values are amounts such as `140.00` then, here and there [default: values are minor units]
    #[arg(long)]
    pub currency: Option<String>,
}

#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    pub storage: Storage,
    /// The program the files come from
    #[arg(value_parser = ["rewardful", "firstpromoter", "tolt", "partnerstack", "tapfiliate"])]
    pub source: String,
    /// The CSV files, in any order
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// What the rows are [default: told by the columns of each file]
    #[arg(long, value_parser = ["partners", "links", "codes", "customers", "commissions", "balances"])]
    pub kind: Option<String>,
    /// The program here, `prg_…` [default: the vendor's default program]
    #[arg(long)]
    pub program: Option<String>,
    /// The vendor, when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// Into live data or test data
    #[arg(long, default_value = "live", value_parser = ["live", "test"])]
    pub mode: String,
    /// Store nothing, and tell what would happen
    #[arg(long)]
    pub dry_run: bool,
    /// What a column holds that is named otherwise, as in `"Their column=partner_email"`; `ignore` leaves it aside
    #[arg(long = "map")]
    pub map: Vec<String>,
    /// What stands before decimals [default: told by each amount]
    #[arg(long, value_parser = ["point", "comma"])]
    pub decimal: Option<String>,
    /// Whether days or months come first in dates such as `03/04/2024` [default: told by the dates]
    #[arg(long, value_parser = ["dmy", "mdy"])]
    pub dates: Option<String>,
    /// The time zone of dates that name none
    #[arg(long, default_value = "UTC")]
    pub time_zone: String,
    /// Print JSON, one object a file
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Program {
    /// Check a document, and tell in sentences what it says; needs no database
    Check(ProgramCheck),
    /// Print a program as a document
    Show(ProgramShow),
    /// Make a program of a document, or put the document in the place of a program
    Apply(ProgramApply),
    /// List the templates: a program ready to be made for each of the field's kinds of incentive
    Templates,
    /// Make a program of a template, or print the template to be changed
    New(ProgramNew),
}

#[derive(Debug, Args)]
pub struct ProgramNew {
    #[command(flatten)]
    pub storage: Storage,
    /// The template, as `goodword program templates` lists them
    #[arg(long)]
    pub template: String,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// Where the program's links lead; needed unless the template is printed
    #[arg(long, required_unless_present = "print")]
    pub url: Option<String>,
    /// The program's name [default: the template's]
    #[arg(long)]
    pub name: Option<String>,
    /// ISO 4217, with a minor unit of two digits [default: the template's]
    #[arg(long)]
    pub currency: Option<String>,
    /// Print the template as it is, to be changed and given to `goodword program apply`; touches no database
    #[arg(long)]
    pub print: bool,
}

#[derive(Debug, Args)]
pub struct ProgramCheck {
    /// The document; JSON where its name ends in `.json`, else TOML
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct ProgramShow {
    #[command(flatten)]
    pub storage: Storage,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// The program, `prg_…` [default: the vendor's default program]
    #[arg(long)]
    pub program: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value = "toml")]
    pub format: crate::program_file::Format,
}

#[derive(Debug, Args)]
pub struct ProgramApply {
    #[command(flatten)]
    pub storage: Storage,
    /// The document; JSON where its name ends in `.json`, else TOML
    pub file: PathBuf,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// The program to replace, `prg_…` [default: a new one is made]
    #[arg(long)]
    pub program: Option<String>,
}

#[derive(Debug, Args)]
pub struct Replay {
    /// The events, one JSON object a line; `-` is the standard input
    pub file: PathBuf,
    /// The program document; JSON where its name ends in `.json`, else TOML
    #[arg(long)]
    pub program: PathBuf,
    /// What to print; may be given several times [default: summary and commissions]
    #[arg(long = "out", value_enum)]
    pub outs: Vec<ReplayOut>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub format: ReplayFormat,
    /// Until when holds have ended, RFC 3339 [default: the latest event]
    #[arg(long)]
    pub now: Option<String>,
    /// End with the first event that is refused
    #[arg(long)]
    pub strict: bool,
    /// Whether a code that no event gave to a partner makes one
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub implicit_partners: bool,
}

/// What a replay prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReplayOut {
    /// How many events there were, what was credited and what was not, and the balances
    Summary,
    /// Every commission as it stands at the end
    Commissions,
    /// Every sign-up and sale, with why it was credited as it was
    Explanations,
    /// Every transfer, then every account
    Ledger,
}

/// How a replay prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReplayFormat {
    /// Columns for the eye
    Table,
    /// For programs: a JSON object a line
    Jsonl,
    /// For spreadsheets; of one --out
    Csv,
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns for the eye
    Table,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Export {
    /// Print the ledger as a journal: each transfer with its accounts, and what every account holds at last
    ///
    /// `goodword export ledger --format hledger | hledger -f - check --strict` holds it against itself; www/docs/ledger.md explains
    /// the accounts.
    Ledger(ExportLedger),
}

#[derive(Debug, Args)]
pub struct ExportLedger {
    #[command(flatten)]
    pub storage: Storage,
    /// For which program
    #[arg(long, value_enum)]
    pub format: JournalFormat,
    /// Only this program, `prg_…` [default: all of the vendor's]
    #[arg(long)]
    pub program: Option<String>,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long, conflicts_with = "program")]
    pub vendor: Option<String>,
    /// Live data, or the sandbox's
    #[arg(long, default_value = "live", value_parser = ["live", "test"], conflicts_with = "program")]
    pub mode: String,
    /// The first day, as in `2026-01-01`, UTC; what was before is in opening balances [default: the beginning]
    #[arg(long)]
    pub from: Option<String>,
    /// The day after the last, as in `2027-01-01`, UTC [default: all there is]
    #[arg(long)]
    pub to: Option<String>,
}

#[derive(Debug, Args)]
pub struct Listen {
    /// The server, as in `https://go.example.com`
    #[arg(long, env = "GOODWORD_SERVER", default_value = "http://127.0.0.1:7700")]
    pub server: String,
    /// A secret key, `sk_…`: a live one hears of live data, a test one of the sandbox
    #[arg(long, env = "GOODWORD_KEY", hide_env_values = true)]
    pub key: String,
    /// The events to hear of, as in `sale.created,lead.created` [default: all but `link.clicked`]
    #[arg(long, value_delimiter = ',')]
    pub events: Vec<String>,
    /// Only events of this program, `prg_…`
    #[arg(long)]
    pub program: Option<String>,
    /// Post each event to this address as well, signed as an endpoint would get it
    #[arg(long, value_name = "URL")]
    pub forward_to: Option<String>,
    /// What signs forwarded events, `whsec_…` [default: a new one, printed]
    #[arg(long, env = "GOODWORD_WEBHOOK_SECRET", hide_env_values = true)]
    pub secret: Option<String>,
    /// Print each event's body alone, a JSON object a line
    #[arg(long)]
    pub json: bool,
    /// End after so many events
    #[arg(long)]
    pub count: Option<u64>,
}

/// A program of plain-text accounting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum JournalFormat {
    /// <https://hledger.org>
    Hledger,
    /// <https://beancount.github.io>
    Beancount,
}

#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Create a vendor with its sandbox, an owner and keys, and print them once
    CreateVendor(CreateVendor),
    /// Create a login for a vendor's console
    CreateUser(CreateUser),
    /// Create an API key and print it once
    CreateKey(CreateKey),
    /// Revoke an API key: from then on it opens nothing
    RevokeKey(RevokeKey),
    /// Let pages of an origin use a vendor's publishable keys
    AllowOrigin(AllowOrigin),
    /// List the vendors
    List(Listing),
}

#[derive(Debug, Subcommand)]
pub enum Rates {
    /// Load a CSV file with the columns base, quote, rate, source and at; sales that waited for a rate are counted at once
    ///
    /// All of it is stored, or nothing. A rate that is known stays as it is.
    Load(LoadRates),
}

#[derive(Debug, Args)]
pub struct LoadRates {
    #[command(flatten)]
    pub storage: Storage,
    /// The CSV file
    pub file: PathBuf,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// For live data or for the sandbox
    #[arg(long, default_value = "live", value_parser = ["live", "test"])]
    pub mode: String,
}

#[derive(Debug, Args)]
pub struct CreateVendor {
    #[command(flatten)]
    pub storage: Storage,
    /// The vendor's name
    #[arg(long)]
    pub name: String,
    /// The owner's e-mail address
    #[arg(long)]
    pub email: String,
    /// The owner's password, at least 10 characters [default: a random one, printed]
    #[arg(long, env = "GOODWORD_OWNER_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// An origin whose pages may use the publishable keys, as in `https://shop.example`; may be given several times
    #[arg(long = "origin")]
    pub origins: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct CreateUser {
    #[command(flatten)]
    pub storage: Storage,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// The person's e-mail address
    #[arg(long)]
    pub email: String,
    /// The person's name [default: the e-mail address]
    #[arg(long)]
    pub name: Option<String>,
    /// What the person may do
    #[arg(long, default_value = "manager", value_parser = ["owner", "manager", "analyst", "finance"])]
    pub role: String,
    /// The password, at least 10 characters [default: a random one, printed]
    #[arg(long, env = "GOODWORD_USER_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct CreateKey {
    #[command(flatten)]
    pub storage: Storage,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// For live data or for the sandbox
    #[arg(long, default_value = "live", value_parser = ["live", "test"])]
    pub mode: String,
    /// For servers or for pages
    #[arg(long, default_value = "secret", value_parser = ["secret", "publishable"])]
    pub kind: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct RevokeKey {
    #[command(flatten)]
    pub storage: Storage,
    /// The key's id, `key_…`, as the console's settings list it, or the key itself
    pub key: String,
}

#[derive(Debug, Args)]
pub struct AllowOrigin {
    #[command(flatten)]
    pub storage: Storage,
    /// The vendor, `ven_…`; needed when there are several
    #[arg(long)]
    pub vendor: Option<String>,
    /// The origins, as in `https://shop.example` or `https://*.shop.example`
    #[arg(required = true)]
    pub origins: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Listing {
    #[command(flatten)]
    pub storage: Storage,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
