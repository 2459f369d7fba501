//! `goodword program …`: programs as documents, on the database or on none.
#![expect(clippy::print_stdout, reason = "these commands answer on the terminal")]

use crate::admin;
use crate::config::{Program as Command, ProgramApply, ProgramCheck, ProgramNew, ProgramShow};
use crate::error::Error;
use crate::program_file::{self, Format, Source, telling};
use crate::routes::{find, programs};
use crate::store::{Group, Program};
use crate::template::{self, Own, TEMPLATES};
use crate::world::World;
use goodword_domain::id::{RewardId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::ProgramInput;
use std::path::Path;

/// Runs a command and prints what came of it.
pub async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Check(c) => check(&c),
        Command::Show(c) => show(c).await,
        Command::Apply(c) => apply(c).await,
        Command::Templates => {
            templates();
            Ok(())
        }
        Command::New(c) => new(c).await,
    }
}

fn templates() {
    for template in TEMPLATES {
        println!("{:<26} {} (/docs/{})", template.name, template.about, template.page);
    }
}

async fn new(c: ProgramNew) -> Result<(), Error> {
    let template = template::named(&c.template)?;
    if c.print {
        print!("{}", template.text);
        return Ok(());
    }
    let document = template.document(&Own { name: c.name, url: c.url, currency: c.currency })?;
    let made = admin::on(&c.storage, move |tx| {
        let vendor = admin::chosen(tx, c.vendor.as_deref())?;
        let program = programs::add(tx, World, &vendor.id, &document, World.now())?;
        let groups = tx.groups(&program.id)?;
        Ok((program, groups))
    });
    let (program, groups) = made.await?;
    println!("{} is made of the template {}.", program.id, template.name);
    print!("{}", telling::program(&program, &groups));
    Ok(())
}

/// A document in a file, read.
pub struct File {
    format: Format,
    text: String,
    name: String,
    /// What it says.
    pub input: ProgramInput,
}

impl File {
    /// Reads a file. A refusal names the file, the field and the line.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::NotFound(format!("{name} cannot be read: {error}.")))?;
        let format = Format::of_file(path);
        let input = Source::new(format, &text).read().map_err(|error| named(&name, error))?;
        Ok(Self { format, text, name, input })
    }

    /// The same refusal with the file's name and the line of the field.
    pub fn located(&self, error: Error) -> Error {
        named(&self.name, Source::new(self.format, &self.text).located(error))
    }

    /// What it says of a program that is not there yet: the ids of another program's rewards mean nothing in it.
    pub fn for_new(&self) -> ProgramInput {
        let mut input = self.input.clone();
        for reward in input.rewards.iter_mut().flatten() {
            reward.id.take_if(|id| RewardId::parse(id).is_ok());
        }
        input
    }

    /// The program it would make, with its groups.
    pub fn sketch(&self) -> Result<(Program, Vec<Group>), Error> {
        let nobody = VendorId::from_bits(World.bits());
        programs::sketch(World, &nobody, &self.for_new(), Instant(0)).map_err(|error| self.located(error))
    }
}

/// A refusal of what a file says, with the file's name.
fn named(name: &str, error: Error) -> Error {
    match error {
        Error::Invalid(_) | Error::BadRequest(_) => Error::BadRequest(format!("{name}: {error}")),
        other => other,
    }
}

fn check(c: &ProgramCheck) -> Result<(), Error> {
    let (program, groups) = File::read(&c.file)?.sketch()?;
    print!("{}", telling::program(&program, &groups));
    Ok(())
}

async fn show(c: ProgramShow) -> Result<(), Error> {
    let document = admin::on(&c.storage, move |tx| {
        let vendor = admin::chosen(tx, c.vendor.as_deref())?;
        let program = find::program(tx, &vendor.id, c.program.as_deref())?;
        Ok(program_file::show(&program, &tx.groups(&program.id)?))
    });
    print!("{}", program_file::write(c.format, &document.await?)?);
    Ok(())
}

async fn apply(c: ProgramApply) -> Result<(), Error> {
    let file = File::read(&c.file)?;
    let (fresh, document) = (file.for_new(), file.input.clone());
    let applied = admin::on(&c.storage, move |tx| {
        let (vendor, now) = (admin::chosen(tx, c.vendor.as_deref())?, World.now());
        let program = match &c.program {
            Some(id) => {
                let old = find::program(tx, &vendor.id, Some(id))?;
                programs::replace(tx, World, old, &document, now)?
            }
            None => programs::add(tx, World, &vendor.id, &fresh, now)?,
        };
        let groups = tx.groups(&program.id)?;
        Ok((program, groups))
    });
    let (program, groups) = applied.await.map_err(|error| file.located(error))?;
    println!("{} is at version {}.", program.id, program.version().max(1));
    print!("{}", telling::program(&program, &groups));
    Ok(())
}
