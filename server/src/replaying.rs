//! `goodword replay`: events of a file by the rules of a program document. Events are carried out by the code that serves
//! reports, on a database of its own that is gone afterwards, with the time they tell; so what comes out is what would have
//! come out. `www/docs/replay.md` describes what is read and what is printed.

mod line;
mod playing;
mod progress;
mod records;
mod writing;

use crate::config::{Replay, ReplayFormat, ReplayOut};
use crate::error::Error;
use crate::program_cli::File;
use crate::routes::programs;
use crate::store::{Database, Durability, Store, Vendor};
use crate::time;
use crate::world::World;
use goodword_domain::id::VendorId;
use goodword_domain::time::{Clock, Instant};
use line::Line;
use playing::{Outcome, Stage};
use progress::Progress;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// How many events share a transaction.
const GROUP: usize = 500;
/// The longest line, bytes.
const LONGEST: u64 = 1 << 20;

/// What became of the events.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By kind: taken, repeated, not counted, refused.
    pub kinds: BTreeMap<&'static str, [u64; 4]>,
    /// Lines that are no events.
    pub unreadable: u64,
}

/// Runs the command.
pub async fn run(command: Replay) -> Result<(), Error> {
    let now = command.now.as_deref().map(|text| time::parse("--now", text)).transpose()?;
    let outs = outs(&command)?;
    let document = File::read(&command.program)?;
    document.sketch()?;
    let folder = tempfile::Builder::new().prefix("goodword-replay-").tempdir();
    let folder = folder.map_err(|e| Error::internal(format!("no folder for the database: {e}")))?;
    let store = Store::open(&Database::Sqlite(folder.path().join("replay.db")), Durability::Off)?;
    let all = async {
        let stage = set_up(&store, &document, command.implicit_partners).await?;
        let counts = play_all(&store, &stage, &command, now).await?;
        writing::print(&store, &stage, &counts, &outs, command.format).await
    };
    let outcome = tokio::select! {
        outcome = all => outcome,
        _ = tokio::signal::ctrl_c() => Err(Error::BadRequest("The replay was stopped.".into())),
    };
    store.close();
    outcome
}

/// What is to be printed; a CSV file holds one thing.
fn outs(command: &Replay) -> Result<Vec<ReplayOut>, Error> {
    let outs = match command.outs.as_slice() {
        [] => vec![ReplayOut::Summary, ReplayOut::Commissions],
        told => told.to_vec(),
    };
    if command.format == ReplayFormat::Csv && outs.len() > 1 {
        return Err(Error::field(
            "--out",
            "must be given once with `--format csv`, as in `--out commissions`.",
        ));
    }
    Ok(outs)
}

async fn set_up(store: &Store, document: &File, implicit_partners: bool) -> Result<Stage, Error> {
    let input = document.for_new();
    let stage = store.write(move |tx| {
        let vendor = Vendor {
            id: VendorId::from_bits(World.bits()),
            name: "Replay".into(),
            live: None,
            clock: Clock::default(),
        };
        tx.insert_vendor(&vendor, Instant(0))?;
        let program = programs::add(tx, World, &vendor.id, &input, Instant(0))?;
        Ok(Stage { vendor: vendor.id, program: program.id, number: program.number, implicit_partners })
    });
    stage.await.map_err(|error| document.located(error))
}

/// A line by its number, and what it says.
type Numbered = (u64, Result<Line, Error>);

/// The file's lines, and how much of it was read.
struct Reading {
    from: Box<dyn BufRead + Send>,
    whole: Option<u64>,
    bytes: u64,
    lines: u64,
    latest: Instant,
}

impl Reading {
    fn open(path: &Path) -> Result<Self, Error> {
        let failed = |e: std::io::Error| Error::NotFound(format!("{} cannot be read: {e}.", path.display()));
        let (from, whole): (Box<dyn BufRead + Send>, _) = if path == Path::new("-") {
            (Box::new(BufReader::new(std::io::stdin())), None)
        } else {
            let file = std::fs::File::open(path).map_err(failed)?;
            let whole = file.metadata().map_err(failed)?.len();
            (Box::new(BufReader::with_capacity(1 << 18, file)), Some(whole))
        };
        Ok(Self { from, whole, bytes: 0, lines: 0, latest: Instant(0) })
    }

    /// The next line that is not blank, and what it says; none at the end.
    fn next(&mut self) -> Result<Option<Numbered>, Error> {
        let mut text = Vec::new();
        loop {
            text.clear();
            let read = self.from.by_ref().take(LONGEST).read_until(b'\n', &mut text);
            let read = read.map_err(|e| Error::BadRequest(format!("The events cannot be read: {e}.")))?;
            if read == 0 {
                return Ok(None);
            }
            self.bytes += read as u64;
            self.lines += 1;
            if read as u64 == LONGEST && !text.ends_with(b"\n") {
                let remedy = format!("line {}: it is longer than {LONGEST} bytes.", self.lines);
                return Err(Error::BadRequest(remedy));
            }
            if !text.trim_ascii().is_empty() {
                break;
            }
        }
        let read = line::read(text.trim_ascii()).map(|(at, event)| {
            self.latest = self.latest.max(at);
            Line { number: self.lines, at, now: self.latest, event }
        });
        Ok(Some((self.lines, read)))
    }
}

/// Plays the whole file, then ends the holds that are over at its end.
async fn play_all(
    store: &Store,
    stage: &Stage,
    command: &Replay,
    now: Option<Instant>,
) -> Result<Counts, Error> {
    let mut reading = Reading::open(&command.file)?;
    let mut player = Player {
        store,
        stage,
        strict: command.strict,
        looked: Instant(0),
        counts: Counts::default(),
        progress: Progress::new(reading.whole),
    };
    let mut group = Vec::with_capacity(GROUP);
    while let Some((number, line)) = reading.next()? {
        match line {
            Ok(line) => group.push(line),
            Err(refusal) => {
                player.play(std::mem::take(&mut group)).await?;
                player.counts.unreadable += 1;
                player.refuse(number, &refusal.to_string())?;
            }
        }
        if group.len() == GROUP {
            player.play(std::mem::take(&mut group)).await?;
            player.progress.tell(reading.bytes, reading.lines);
        }
    }
    player.play(group).await?;
    let end = now.unwrap_or(reading.latest);
    if end < reading.latest {
        let remedy = format!("must not be before the latest event, {}.", time::show(reading.latest));
        return Err(Error::field("--now", remedy));
    }
    player.end(end).await
}

struct Player<'a> {
    store: &'a Store,
    stage: &'a Stage,
    strict: bool,
    /// Until when holds were ended.
    looked: Instant,
    counts: Counts,
    progress: Progress,
}

impl Player<'_> {
    /// Plays lines in one transaction; or each in its own, if a refusal would leave some of it done.
    async fn play(&mut self, lines: Vec<Line>) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        let lines: Arc<[Line]> = lines.into();
        match self.write(Arc::clone(&lines), 0..lines.len()).await {
            Ok(outcomes) => self.count(&lines, outcomes),
            Err(Error::Store(failed)) => Err(failed.into()),
            Err(_) => {
                for place in 0..lines.len() {
                    let outcomes = match self.write(Arc::clone(&lines), place..place + 1).await {
                        Err(Error::Store(failed)) => return Err(failed.into()),
                        Err(refusal) => vec![Outcome::Refused(refusal.to_string())],
                        Ok(outcomes) => outcomes,
                    };
                    self.count(&lines[place..=place], outcomes)?;
                }
                Ok(())
            }
        }
    }

    async fn write(
        &mut self,
        lines: Arc<[Line]>,
        range: std::ops::Range<usize>,
    ) -> Result<Vec<Outcome>, Error> {
        let (stage, looked) = (self.stage.clone(), self.looked);
        let played = self.store.write(move |tx| playing::play(tx, &stage, &lines[range.clone()], looked));
        let (outcomes, looked) = played.await?;
        self.looked = looked;
        Ok(outcomes)
    }

    fn count(&mut self, lines: &[Line], outcomes: Vec<Outcome>) -> Result<(), Error> {
        for (line, outcome) in lines.iter().zip(outcomes) {
            let counts = self.counts.kinds.entry(line.event.kind()).or_default();
            match outcome {
                Outcome::Taken => counts[0] += 1,
                Outcome::Repeated => counts[1] += 1,
                Outcome::NotCounted(_) => counts[2] += 1,
                Outcome::Refused(why) => {
                    counts[3] += 1;
                    self.refuse(line.number, &why)?;
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, line: u64, why: &str) -> Result<(), Error> {
        if self.strict {
            return Err(Error::BadRequest(format!("line {line}: {why}")));
        }
        self.progress.refused(line, why);
        Ok(())
    }

    async fn end(self, now: Instant) -> Result<Counts, Error> {
        let (stage, looked) = (self.stage.clone(), self.looked);
        self.store.write(move |tx| playing::release_until(tx, &stage, now, looked)).await?;
        self.progress.end();
        Ok(self.counts)
    }
}
