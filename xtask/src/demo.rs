//! `cargo xtask demo`: builds everything, fills an empty database once, and runs the server, a shop and a blog until Ctrl-C.

mod build;
mod child;
pub mod http;
mod ports;
mod stage;
mod stopwatch;

pub use build::{binary, cargo, everything, target};
pub use child::Guarded;
pub use ports::pick;
pub use stage::{EMAIL, PASSWORD, Stage, Wish};
pub use stopwatch::{Stopwatch, today};

use anyhow::Result;
use std::path::PathBuf;

/// As many steps as `build::everything` and `Stage::start` take.
pub const STEPS: usize = 5;

/// Options of `cargo xtask demo`.
#[derive(clap::Args)]
pub struct Args {
    /// Throw the demo's data away and start from empty
    #[arg(long)]
    fresh: bool,
    /// The server's port; the shop and the blog take the next two
    #[arg(long, default_value_t = 7700)]
    port: u16,
    /// Stop as soon as everything answers; for checks
    #[arg(long)]
    once: bool,
}

/// `cargo xtask demo`.
pub fn run(args: &Args) -> Result<()> {
    let mut steps = Steps::new(STEPS);
    everything(&mut steps)?;
    let wish = Wish { folder: folder(), port: args.port, fresh: args.fresh };
    let mut stage = Stage::start(&wish, &mut steps)?;
    println!("{}", stage.summary());
    if args.once {
        return stage.stop();
    }
    stage.run()
}

/// Where the demo keeps its data; git does not look into it.
fn folder() -> PathBuf {
    let root = crate::root();
    root.canonicalize().unwrap_or(root).join(".demo")
}

/// Numbered steps with the time they took.
pub struct Steps {
    number: usize,
    total: usize,
    begun: Stopwatch,
}

impl Steps {
    /// So many are to come.
    pub fn new(total: usize) -> Self {
        Self { number: 0, total, begun: Stopwatch::start() }
    }

    /// Begins the next step.
    pub fn next(&mut self, name: &str) {
        self.number += 1;
        println!("[{}/{}] {name}  ({:.1} s so far)", self.number, self.total, self.begun.seconds());
    }

    /// How long all of it has taken.
    pub fn seconds(&self) -> f32 {
        self.begun.seconds()
    }
}
