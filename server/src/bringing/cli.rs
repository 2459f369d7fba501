//! `goodword import …`: files of another program, on the database, beside a running server or without one.
#![expect(clippy::print_stdout, reason = "the command answers on the terminal")]

use super::{Batch, Foreseen, Job, Reading, Zone, bring};
use crate::admin;
use crate::config::Import;
use crate::error::Error;
use crate::routes::find;
use crate::store::{Database, Program, Store};
use crate::world::World;
use goodword_domain::import::amount::DecimalMark;
use goodword_domain::import::date::DayOrder;
use goodword_domain::import::{Kind, Source};
use goodword_domain::money::Currency;
use goodword_wire::{ImportOutput, ImportRefusal};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

/// How many rows a file may have.
const MOST_ROWS: usize = 1_000_000;

/// Runs the command and prints what came of each file; an error where a row was refused or a balance differs.
pub async fn run(command: Import) -> Result<(), Error> {
    let store = Store::open(&Database::parse(&command.storage.database), command.storage.durability)?;
    let result = files(&store, &command).await;
    store.close();
    let (refused, differences) = result?;
    if refused + differences == 0 {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "{refused} rows were refused and {differences} figures differ; they are told above. Mend the files and run the command \
         again: what is brought stays, and is not brought twice."
    )))
}

/// How many rows were refused, and how many figures differ.
async fn files(store: &Store, command: &Import) -> Result<(usize, usize), Error> {
    let program = program(store, command).await?;
    let batches = read(command, program.terms.currency)?;
    let job = Job {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        source: Source::parse(&command.source)?,
        dry_run: command.dry_run,
        world: World,
    };
    let mut foreseen = Foreseen::default();
    if job.dry_run {
        for (_, batch) in &batches {
            foreseen.add(batch);
        }
    }
    let (foreseen, mut wrong) = (Arc::new(foreseen), (0, 0));
    for (file, batch) in &batches {
        let bar = bar(batch);
        let brought = bring(store, &job, batch, &foreseen, |done| {
            bar.set_position(u64::try_from(done).unwrap_or_default());
        });
        let brought = brought.await;
        bar.finish_and_clear();
        let output = brought?;
        wrong = (wrong.0 + output.refused_count, wrong.1 + output.differences.len());
        if command.json {
            println!("{}", serde_json::to_string(&output).map_err(|e| Error::internal(e.to_string()))?);
        } else {
            print(&file.display().to_string(), &program, &output);
        }
    }
    Ok(wrong)
}

async fn program(store: &Store, command: &Import) -> Result<Program, Error> {
    let (vendor, mode, named) = (command.vendor.clone(), command.mode.clone(), command.program.clone());
    let found = store.read(move |tx| {
        let vendor = admin::of_mode(tx, vendor.as_deref(), &mode)?;
        find::program(tx, &vendor.id, named.as_deref())
    });
    found.await
}

/// Reads the files, and puts them in the order in which they build on one another.
fn read(command: &Import, currency: Currency) -> Result<Vec<(PathBuf, Batch)>, Error> {
    let map = command.map.iter().map(|pair| {
        let halves =
            pair.rsplit_once('=').map(|(theirs, ours)| (theirs.trim().to_owned(), ours.trim().to_owned()));
        halves
            .ok_or_else(|| Error::field("--map", format!("must be as `Their column=word`; it is `{pair}`.")))
    });
    let map: Vec<(String, String)> = map.collect::<Result<_, _>>()?;
    let reading = Reading {
        source: Source::parse(&command.source)?,
        kind: command.kind.as_deref().map(Kind::parse).transpose()?,
        currency,
        decimal: command.decimal.as_deref().map(DecimalMark::parse).transpose()?.unwrap_or_default(),
        dates: command.dates.as_deref().map(DayOrder::parse).transpose()?.unwrap_or_default(),
        zone: Zone::parse(&command.time_zone)?,
        map,
        most: MOST_ROWS,
    };
    let mut batches = Vec::with_capacity(command.files.len());
    for file in &command.files {
        let name = file.display();
        let bytes =
            std::fs::read(file).map_err(|e| Error::BadRequest(format!("{name} cannot be read: {e}.")))?;
        let batch = Batch::read(&bytes, &reading).map_err(|e| match e {
            Error::Invalid(invalid) => Error::BadRequest(format!("{name}: {invalid}")),
            other => other,
        })?;
        batches.push((file.clone(), batch));
    }
    batches.sort_by_key(|(_, batch)| batch.kind);
    Ok(batches)
}

/// Nothing is shown where there is no terminal.
fn bar(batch: &Batch) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(batch.rows.len()).unwrap_or_default());
    let template = format!("{{bar:40}} {{pos}} of {{len}} {}, {{eta}} left", batch.kind.word());
    match ProgressStyle::with_template(&template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn print(file: &str, program: &Program, o: &ImportOutput) {
    let currency = program.terms.currency;
    let would = if o.dry_run { "would be " } else { "" };
    println!("{file}: {} {} for {}", o.rows, o.kind, program.name);
    println!(
        "  {} {would}new, {} {would}changed, {} known, {} refused",
        o.made, o.changed, o.known, o.refused_count
    );
    if o.kind == "commissions" {
        println!(
            "  {} held, {} payable, {} paid before",
            currency.show(o.pending),
            currency.show(o.processed),
            currency.show(o.paid)
        );
    }
    list("refused", &o.refused, o.refused_count);
    list("remark", &o.remarks, o.remark_count);
    if !o.ignored_columns.is_empty() {
        println!("  columns not read: {}", o.ignored_columns.join(", "));
    }
    if !o.link_parameters.is_empty() {
        println!(
            "  old links go on earning on pages whose script has data-params=\"{}\"",
            o.link_parameters.join(" ")
        );
    }
    if o.kind == "balances" {
        println!("  {} partners compared, {} figures differ", o.compared, o.differences.len());
        for d in &o.differences {
            println!(
                "  line {}: {} ({}): {} is {} there and {} here: {}",
                d.line,
                d.partner_name,
                d.partner_id,
                d.figure,
                currency.show(d.theirs),
                currency.show(d.ours),
                currency.show(d.difference)
            );
        }
    }
}

fn list(what: &str, refusals: &[ImportRefusal], count: usize) {
    for refusal in refusals {
        let line = if refusal.line == 0 { String::new() } else { format!(", line {}", refusal.line) };
        let column = refusal.field.as_ref().map_or_else(String::new, |field| format!(", column `{field}`"));
        println!("  {what}{line}{column}: {}", refusal.message);
    }
    if count > refusals.len() {
        println!("  … and {} more.", count - refusals.len());
    }
}
