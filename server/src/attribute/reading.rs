//! From a sheet to journeys: a row is a path that many took, or one touchpoint.

use super::sheet::{Cell, Column, Row, Sheet};
use crate::error::Error;
use crate::time;
use goodword_domain::Invalid;
use goodword_domain::journey::{Journeys, Outcome};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use std::collections::HashMap;

const CONVERSIONS: [&str; 3] = ["conversions", "conversion", "total_conversions"];
const VALUE: [&str; 2] = ["value", "total_conversion_value"];
const NULL: [&str; 2] = ["null", "total_null"];
const CREDITED: [&str; 3] = ["channel", "partner", "link"];

/// What a file says.
pub struct Reading {
    /// What is credited: `channel`, `partner` or `link`.
    pub by: &'static str,
    /// Whether conversions have values.
    pub valued: bool,
    pub journeys: Journeys,
}

impl Reading {
    /// From the bytes of a file. `by` is one of `channel`, `partner` and `link`; values are amounts of `currency`, or minor
    /// units of nobody knows what.
    pub fn of(bytes: &[u8], by: Option<&str>, currency: Option<Currency>) -> Result<Self, Error> {
        let sheet = Sheet::of(bytes)?;
        match (sheet.column(&["path"]), sheet.column(&["journey"])) {
            (Some(path), None) => paths(&sheet, path, by, currency),
            (None, Some(journey)) => touchpoints(&sheet, journey, by, currency),
            (path, _) => {
                let what = if path.is_some() { "there are both" } else { "there is neither of" };
                Err(Error::BadRequest(format!(
                    "line 1: {what} the columns `path` (a row is a path) and `journey` (a row is a touchpoint); have one of \
                     them; {}",
                    sheet.columns_told()
                )))
            }
        }
    }
}

fn paths(
    sheet: &Sheet,
    path: Column,
    by: Option<&str>,
    currency: Option<Currency>,
) -> Result<Reading, Error> {
    sheet.only(&[["path"].as_slice(), &CONVERSIONS, &VALUE, &NULL].concat())?;
    if by.is_some() {
        let what = "line 1: --by chooses among columns, and a row with a `path` has one: leave it out.";
        return Err(Error::BadRequest(what.into()));
    }
    let conversions = sheet.needed(&CONVERSIONS)?;
    let (value, null) = (sheet.column(&VALUE), sheet.column(&NULL));
    let mut journeys = Journeys::default();
    for row in sheet.rows() {
        let outcome = Outcome {
            conversions: row.cell(conversions).count()?,
            lost: null.map_or(Ok(0), |null| row.cell(null).count())?,
            value: value.map_or(Ok(0), |value| row.cell(value).amount(currency))?,
        };
        if outcome.conversions == 0 && outcome.lost == 0 {
            let remedy = "must be at least 1, or `null` must: a path that nobody took says nothing.";
            return Err(row.cell(conversions).refused(remedy));
        }
        let refused = |invalid: Invalid| match (&*invalid.field, value) {
            ("path", _) => row.cell(path).refused(&invalid.remedy),
            ("value", Some(value)) => row.cell(value).refused(&invalid.remedy),
            _ => row.cell(conversions).refused(&invalid.remedy),
        };
        journeys.add(&steps(row.cell(path))?, outcome).map_err(refused)?;
    }
    Ok(Reading { by: CREDITED[0], valued: value.is_some(), journeys })
}

/// `A > B > A`.
fn steps(path: Cell<'_>) -> Result<Vec<(&str, Option<Instant>)>, Error> {
    let steps: Vec<_> = path.text.split('>').map(|name| (name.trim(), None)).collect();
    if steps.iter().any(|(name, _)| name.is_empty()) {
        return Err(path.refused("must be names with `>` between them, as in `mail > search > mail`."));
    }
    Ok(steps)
}

/// The columns of a sheet whose rows are touchpoints.
struct Touchpoints {
    journey: Column,
    at: Column,
    name: Column,
    conversions: Option<Column>,
    value: Option<Column>,
    currency: Option<Currency>,
}

/// What one row says was converted.
#[derive(Clone, Copy)]
struct Conversion<'a> {
    count: u32,
    value: i64,
    at: Instant,
    row: Row<'a>,
}

/// The rows of one journey.
struct Trip<'a> {
    first: Row<'a>,
    touches: Vec<(Instant, &'a str)>,
    conversion: Option<Conversion<'a>>,
    last: Instant,
}

fn touchpoints(
    sheet: &Sheet,
    journey: Column,
    by: Option<&str>,
    currency: Option<Currency>,
) -> Result<Reading, Error> {
    sheet.only(&[["journey", "at"].as_slice(), &CREDITED, &CONVERSIONS[..2], &VALUE[..1]].concat())?;
    let there = |name: &&&str| by.map_or(sheet.column(&[**name]).is_some(), |by| by == **name);
    let by = CREDITED.iter().find(there).copied().unwrap_or(CREDITED[0]);
    let columns = Touchpoints {
        journey,
        at: sheet.needed(&["at"])?,
        name: sheet.needed(&[by])?,
        conversions: sheet.column(&CONVERSIONS),
        value: sheet.column(&VALUE),
        currency,
    };
    if columns.conversions.or(columns.value).is_none() {
        sheet.needed(&["conversion"])?;
    }
    let mut journeys = Journeys::default();
    for trip in columns.trips(sheet)? {
        columns.add(trip, &mut journeys)?;
    }
    Ok(Reading { by, valued: columns.value.is_some(), journeys })
}

impl Touchpoints {
    /// The journeys, in the order of their first rows.
    fn trips<'a>(&self, sheet: &'a Sheet) -> Result<Vec<Trip<'a>>, Error> {
        let mut places = HashMap::new();
        let mut trips = Vec::new();
        for row in sheet.rows() {
            let journey = row.cell(self.journey);
            if journey.text.is_empty() {
                return Err(journey.refused("must name the journey this touchpoint belongs to."));
            }
            let place = *places.entry(journey.text).or_insert(trips.len());
            if place == trips.len() {
                trips.push(Trip {
                    first: row,
                    touches: Vec::new(),
                    conversion: None,
                    last: Instant(i64::MIN),
                });
            }
            self.take(row, &mut trips[place])?;
        }
        Ok(trips)
    }

    fn take<'a>(&self, row: Row<'a>, trip: &mut Trip<'a>) -> Result<(), Error> {
        let at = self.at(row)?;
        let conversion = self.conversion(row, at)?;
        let name = row.cell(self.name);
        match (name.text, conversion) {
            ("", None) => {
                return Err(name.refused(
                    "must name what is credited, be it `none`; only the row of a conversion can do without.",
                ));
            }
            ("", Some(_)) => {}
            (name, _) => trip.touches.push((at, name)),
        }
        if let (Some(_), Some(conversion)) = (trip.conversion, conversion) {
            return Err(self.worth(conversion.row).refused(
                "must be on one row of a journey alone, its last: give a second conversion a journey of its own.",
            ));
        }
        trip.conversion = trip.conversion.or(conversion);
        trip.last = trip.last.max(at);
        Ok(())
    }

    fn at(&self, row: Row<'_>) -> Result<Instant, Error> {
        let at = row.cell(self.at);
        time::parse("at", at.text)
            .map_err(|invalid| at.refused(&format!("{} It is `{}`.", invalid.remedy, at.text)))
    }

    /// A value without a count is that of one conversion.
    fn conversion<'a>(&self, row: Row<'a>, at: Instant) -> Result<Option<Conversion<'a>>, Error> {
        let told = |column: Option<Column>| {
            column.map(|column| row.cell(column)).filter(|cell| !cell.text.is_empty())
        };
        let (conversions, value) = (told(self.conversions), told(self.value));
        let value_told = value.is_some();
        let value = value.map_or(Ok(0), |cell| cell.amount(self.currency))?;
        let count = match conversions {
            Some(cell) => cell.count()?,
            None => u32::from(value_told),
        };
        if count == 0 && value > 0 {
            return Err(self.worth(row).refused("must be at least 1 where there is a value."));
        }
        Ok((count > 0).then_some(Conversion { count, value, at, row }))
    }

    /// Where a row says that something was converted.
    fn worth<'a>(&self, row: Row<'a>) -> Cell<'a> {
        row.cell(self.conversions.or(self.value).unwrap_or(self.name))
    }

    fn add(&self, mut trip: Trip<'_>, journeys: &mut Journeys) -> Result<(), Error> {
        if let Some(conversion) = trip.conversion.filter(|conversion| conversion.at < trip.last) {
            return Err(self.worth(conversion.row).refused(
                "must be on the latest row of its journey: give what follows a conversion a journey of its own.",
            ));
        }
        // Stable: touchpoints of one instant stay in the order of the file.
        trip.touches.sort_by_key(|(at, _)| *at);
        let touches: Vec<_> = trip.touches.iter().map(|(at, name)| (*name, Some(*at))).collect();
        let outcome = trip.conversion.map_or(Outcome { lost: 1, ..Outcome::default() }, |conversion| {
            Outcome { conversions: conversion.count, lost: 0, value: conversion.value }
        });
        journeys.add(&touches, outcome).map_err(|invalid| match &*invalid.field {
            "path" => trip.first.cell(self.name).refused(&invalid.remedy),
            _ => self.worth(trip.conversion.map_or(trip.first, |c| c.row)).refused(&invalid.remedy),
        })
    }
}
