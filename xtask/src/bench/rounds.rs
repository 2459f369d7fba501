//! Turns: in every round each variant is asked for some seconds, so that what disturbs the machine disturbs all alike.

use super::filled::{self, Filled};
use super::load::{self, Shot, float};
use super::postgres::Cluster;
use super::site::Site;
use super::variants::{Ask, Size, Stage, Target, Variant};
use super::{Bench, middle};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

/// What one turn came to.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub shot: Shot,
    /// Processor time an answer, microseconds.
    pub cpu_us: f64,
}

/// What all turns of a variant came to, or why there are none.
pub type Samples = BTreeMap<&'static str, Result<Vec<Sample>, String>>;

/// So many ask at once before the memory is looked at.
const CROWD: u32 = 1000;

/// The turns of one stage.
pub struct Turns<'a> {
    bench: &'a Bench,
    sites: BTreeMap<Target, Site>,
    filled: BTreeMap<Size, Filled>,
    cluster: Option<Cluster>,
}

impl<'a> Turns<'a> {
    /// Nothing runs yet.
    pub fn new(bench: &'a Bench) -> Self {
        Self { bench, sites: BTreeMap::new(), filled: BTreeMap::new(), cluster: None }
    }

    /// Lets each variant have its turns.
    pub fn take(&mut self, stage: Stage, variants: &[&'static Variant]) -> Samples {
        println!("\n{}: {} rounds of {} variants", stage.about(), self.bench.rounds, variants.len());
        let mut samples = Samples::new();
        for variant in variants {
            let ready = self.prepare(variant).map(|()| Vec::new());
            samples.insert(variant.name, ready.map_err(|error| tell(variant, &error)));
        }
        for round in 1..=self.bench.rounds {
            for variant in variants {
                let Some(so_far) = samples.get_mut(variant.name) else { continue };
                let Ok(taken) = so_far else { continue };
                match self.turn(variant) {
                    Ok(sample) => {
                        println!("      [{round}/{}] {}", self.bench.rounds, line(variant, &sample));
                        taken.push(sample);
                    }
                    Err(error) => *so_far = Err(tell(variant, &error)),
                }
            }
        }
        samples
    }

    /// Starts what a variant asks, unless it runs, and lets it warm up.
    fn prepare(&mut self, variant: &Variant) -> Result<()> {
        if !self.sites.contains_key(&variant.target) {
            let site = self.open(variant.target)?;
            self.sites.insert(variant.target, site);
        }
        let filled = matches!(variant.target, Target::Filled(_));
        if variant.ask == Ask::Sale && !filled {
            self.shoot(variant, Ask::Beacon, 64, 1)?;
        }
        self.warm_up(variant)
    }

    fn warm_up(&mut self, variant: &Variant) -> Result<()> {
        if variant.ask == Ask::Sale {
            self.sites.get_mut(&variant.target).context("it runs")?.find_clicks()?;
        }
        self.shoot(variant, variant.ask, variant.connections, 1).map(drop)
    }

    fn open(&mut self, target: Target) -> Result<Site> {
        let folder = self.folder(target)?;
        let file = format!("sqlite:{}", folder.join("goodword.db").display());
        match target {
            Target::Bare => Site::rival(&["bare"], &folder),
            Target::Naive => {
                let database = folder.join("naive.db").display().to_string();
                Site::rival(&["naive", "--database", &database], &folder)
            }
            Target::Full => Site::new(&file, "full", &folder, 1),
            Target::Normal => Site::new(&file, "normal", &folder, 1),
            Target::Filled(clicks) => {
                let mut site = self.filled(clicks)?.open_copy(&folder)?;
                // Before others are clicked: of these the page knows the visitor, so that a sale has a journey to look at.
                site.find_clicks()?;
                Ok(site)
            }
            Target::OnPostgres => Site::new(&self.cluster()?.database("one")?, "full", &folder, 1),
            Target::PairOnPostgres => Site::new(&self.cluster()?.database("two")?, "full", &folder, 2),
        }
    }

    /// An empty folder for a target.
    fn folder(&self, target: Target) -> Result<PathBuf> {
        let name = format!("{target:?}").to_lowercase().replace(['(', ')'], "-");
        self.bench.empty_folder(&name)
    }

    fn filled(&mut self, size: Size) -> Result<&Filled> {
        if !self.filled.contains_key(&size) {
            self.filled.insert(size, filled::prepare(self.bench, self.bench.clicks_of(size))?);
        }
        self.filled.get(&size).context("it was filled")
    }

    fn cluster(&mut self) -> Result<&Cluster> {
        if self.cluster.is_none() {
            self.cluster = Some(Cluster::start()?);
        }
        self.cluster.as_ref().context("it was started")
    }

    /// A turn of a variant. What a turn adds would be much to a small file: that is a new copy every time.
    fn turn(&mut self, variant: &Variant) -> Result<Sample> {
        if matches!(variant.target, Target::Filled(Size::Small | Size::Middle)) {
            if let Some(site) = self.sites.remove(&variant.target) {
                site.stop()?;
            }
            let site = self.open(variant.target)?;
            self.sites.insert(variant.target, site);
            self.warm_up(variant)?;
        }
        let cpu = self.site(variant)?.cpu_seconds()?;
        let shot = self.shoot(variant, variant.ask, variant.connections, self.bench.seconds)?;
        let cpu = self.site(variant)?.cpu_seconds()? - cpu;
        Ok(Sample { shot, cpu_us: cpu * 1e6 / float(shot.answers) })
    }

    fn site(&self, variant: &Variant) -> Result<&Site> {
        self.sites.get(&variant.target).context("it runs")
    }

    /// Asks, and looks whether what was answered is stored. When wrk stops counting, as many may be on their way as there
    /// are connections; they are waited for, lest they count for the next.
    fn shoot(&self, variant: &Variant, ask: Ask, connections: u32, seconds: u64) -> Result<Shot> {
        let site = self.site(variant)?;
        let script = self.bench.folder.join(format!("{}.lua", variant.name));
        std::fs::write(&script, site.lua(ask))?;
        let before = settled(site, ask)?;
        let shot = load::shoot(&site.ports(), &script, connections, seconds)?;
        if let (Some(before), Some(after)) = (before, settled(site, ask)?) {
            let (stored, answers) = (after - before, shot.answers);
            let most = answers + u64::from(connections);
            ensure!((answers..=most).contains(&stored), "{answers} were answered and {stored} stored");
        }
        Ok(shot)
    }

    /// The memory of Goodword as it comes, after a thousand have asked at once.
    pub fn memory(&self, variant: &Variant) -> Result<f64> {
        self.shoot(variant, Ask::Click, CROWD, self.bench.seconds)?;
        self.site(variant)?.resident_mb()
    }
}

/// How many are stored, once that no longer changes.
fn settled(site: &Site, ask: Ask) -> Result<Option<u64>> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut last = site.stored(ask)?;
    while last.is_some() {
        sleep(PAUSE);
        let now = site.stored(ask)?;
        if now == last {
            break;
        }
        last = now;
    }
    Ok(last)
}

fn line(variant: &Variant, sample: &Sample) -> String {
    let Shot { rate, p50_ms, p99_ms, .. } = sample.shot;
    format!(
        "{:16} {rate:8.0}/s  p50 {p50_ms:6.1} ms  p99 {p99_ms:6.1} ms  cpu {:6.1} µs",
        variant.name, sample.cpu_us
    )
}

fn tell(variant: &Variant, error: &anyhow::Error) -> String {
    println!("      {}: {error:#}", variant.name);
    format!("{}: {error:#}", variant.name)
}

/// The middle of one thing about a variant.
pub fn typical(samples: &[Sample], what: impl Fn(&Sample) -> f64) -> f64 {
    let numbers: Vec<f64> = samples.iter().map(what).collect();
    middle::median(&numbers).unwrap_or(f64::NAN)
}
