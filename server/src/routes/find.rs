//! Finding what a request names, or saying what to do when it is not there.

use crate::error::Error;
use crate::store::{Page, Program, Tx, Vendor};
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The caller's vendor.
pub fn vendor(tx: &mut Tx<'_>, id: &VendorId) -> Result<Vendor, Error> {
    tx.vendor(id)?.ok_or_else(|| Error::internal(format!("vendor {id} vanished")))
}

/// What the vendor's clock shows: the world's for live data, its own for a sandbox.
pub fn now(tx: &mut Tx<'_>, id: &VendorId, world: Instant) -> Result<Instant, Error> {
    Ok(vendor(tx, id)?.clock.now(world))
}

/// The program named, or the vendor's default one.
pub fn program(tx: &mut Tx<'_>, vendor: &VendorId, named: Option<&str>) -> Result<Program, Error> {
    match named {
        Some(text) => program_by_id(tx, vendor, &ProgramId::parse(text)?),
        None => tx.default_program(vendor)?.ok_or_else(no_program_yet),
    }
}

/// The program of an id.
pub fn program_by_id(tx: &mut Tx<'_>, vendor: &VendorId, id: &ProgramId) -> Result<Program, Error> {
    tx.program(vendor, id)?.ok_or_else(no_such_program)
}

/// A program was named that is not there.
pub fn no_such_program() -> Error {
    Error::NotFound("`programId` is not one of your programs in this mode: see GET /v1/programs.".into())
}

/// None was named, and there is none.
pub fn no_program_yet() -> Error {
    Error::NotFound("There is no program yet: create one with POST /v1/programs.".into())
}

/// Refuses what a closed program does not take.
pub fn open(program: &Program) -> Result<(), Error> {
    if program.open {
        Ok(())
    } else {
        Err(Error::Conflict(format!(
            "The program {} is closed: open it with PATCH /v1/programs/{}.",
            program.name, program.id
        )))
    }
}

/// A required field.
pub fn required<'a>(field: &'static str, value: Option<&'a String>) -> Result<&'a str, Error> {
    value
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Error::field(field, "is needed and was not sent."))
}

/// The program that is named, or all of them.
pub fn programs(tx: &mut Tx<'_>, vendor: &VendorId, id: Option<&str>) -> Result<Vec<Program>, Error> {
    match id {
        Some(id) => Ok(vec![program(tx, vendor, Some(id))?]),
        None => Ok(tx.programs(vendor, None, Page { limit: 1_000, ..Page::default() })?),
    }
}

/// Optional text, trimmed, of a bounded length; empty counts as not sent.
pub fn text(field: &'static str, value: Option<&String>, most: usize) -> Result<Option<String>, Error> {
    let text = value.map(|t| t.trim()).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > most) {
        return Err(Error::field(field, format!("must be at most {most} characters.")));
    }
    Ok(text.map(str::to_owned))
}

/// Free data as it is stored.
pub fn metadata(value: Option<&goodword_wire::Metadata>) -> Result<Option<String>, Error> {
    let text = value.map(serde_json::to_string).transpose().map_err(|e| Error::internal(e.to_string()))?;
    if text.as_ref().is_some_and(|t| t.len() > 10_000) {
        return Err(Error::field("metadata", "must be at most 10,000 characters of JSON."));
    }
    Ok(text)
}
