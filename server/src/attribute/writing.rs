//! Models side by side: for the eye, for spreadsheets and for programs.

use super::reading::Reading;
use crate::cell;
use crate::error::Error;
use goodword_domain::journey::{Credit, MILLIONTHS, Model};
use goodword_domain::money::Currency;
use goodword_wire::{AttributionFigures, AttributionReport, ModelCredits, NamedCredit};
use std::fmt::Write;

/// What is printed: a row for each name, two figures for each model.
pub struct Comparison<'a> {
    by: &'static str,
    valued: bool,
    currency: Option<Currency>,
    total: Credit,
    models: Vec<Model>,
    rows: Vec<(&'a str, Vec<Credit>)>,
}

impl<'a> Comparison<'a> {
    /// Of what each model credits to the names; who gets most under the first model comes first.
    pub fn new(reading: &'a Reading, currency: Option<Currency>, credits: &[(Model, Vec<Credit>)]) -> Self {
        let names = reading.journeys.names().iter().enumerate();
        let of = |place: usize| credits.iter().map(|(_, credits)| credits[place]).collect::<Vec<_>>();
        let mut rows: Vec<_> = names.map(|(place, name)| (name.as_str(), of(place))).collect();
        let rank = |credits: &[Credit]| credits.first().map(|credit| (credit.conversions, credit.value));
        rows.sort_by(|(a, credits_a), (b, credits_b)| rank(credits_b).cmp(&rank(credits_a)).then(a.cmp(b)));
        let models = credits.iter().map(|(model, _)| *model).collect();
        let (by, valued, total) = (reading.by, reading.valued, reading.journeys.total());
        Self { by, valued, currency, total, models, rows }
    }

    /// Columns padded with spaces; conversions, and below them values.
    pub fn table(&self) -> String {
        let mut text = self.block("conversions", |credit| conversions(*credit));
        if self.valued {
            let unit =
                self.currency.map_or("value, minor units".into(), |currency| format!("value, {currency}"));
            let _ = write!(text, "\n{}", self.block(&unit, |credit| self.value(*credit)));
        }
        text
    }

    fn block(&self, title: &str, figure: impl Fn(&Credit) -> String) -> String {
        let mut header = vec![self.by.to_owned()];
        header.extend(self.models.iter().map(|model| model.word().to_owned()));
        let mut lines = vec![header];
        for (name, credits) in &self.rows {
            let name = name.replace(char::is_control, "\u{fffd}");
            lines.push(std::iter::once(name).chain(credits.iter().map(&figure)).collect());
        }
        let total = self.models.iter().map(|_| figure(&self.total));
        lines.push(std::iter::once("total".to_owned()).chain(total).collect());
        format!("{title}\n{}", aligned(&lines))
    }

    /// A line for each name; no total, which a spreadsheet would add up again.
    pub fn csv(&self) -> Result<String, Error> {
        let failed = |error: csv::Error| Error::internal(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut header = vec![self.by.to_owned()];
        for model in &self.models {
            header.push(format!("{}_conversions", model.word()));
            header.extend(self.valued.then(|| format!("{}_value", model.word())));
        }
        writer.write_record(header).map_err(failed)?;
        for (name, credits) in &self.rows {
            let mut record = vec![cell::safe(name).into_owned()];
            for credit in credits {
                record.push(conversions(*credit));
                record.extend(self.valued.then(|| self.value(*credit)));
            }
            writer.write_record(record).map_err(failed)?;
        }
        let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| Error::internal(error.to_string()))
    }

    /// Values are minor units, as everywhere on the wire.
    pub fn json(&self) -> Result<String, Error> {
        let text = serde_json::to_string_pretty(&self.report());
        Ok(text.map_err(|error| Error::internal(error.to_string()))? + "\n")
    }

    /// The same as a record.
    pub fn report(&self) -> AttributionReport {
        let models = self.models.iter().enumerate().map(|(place, model)| {
            let named = |(name, credits): &(&'a str, Vec<Credit>)| NamedCredit {
                name: (*name).to_owned(),
                id: None,
                figures: self.figures(credits[place]),
            };
            let half_life_days = match model {
                Model::TimeDecay { half_life_days } => Some(*half_life_days),
                _ => None,
            };
            let credits = self.rows.iter().map(named).collect();
            ModelCredits { model: model.word().into(), half_life_days, credits }
        });
        AttributionReport {
            by: self.by.into(),
            currency: self.currency.map(Currency::wire),
            total: self.figures(self.total),
            models: models.collect(),
            journeys: None,
        }
    }

    fn figures(&self, credit: Credit) -> AttributionFigures {
        AttributionFigures { conversions: conversions(credit), value: self.valued.then_some(credit.value) }
    }

    fn value(&self, credit: Credit) -> String {
        self.currency.map_or_else(|| credit.value.to_string(), |currency| currency.decimal(credit.value))
    }
}

/// With all its six decimals, so that a column adds up to the total.
fn conversions(credit: Credit) -> String {
    format!("{}.{:06}", credit.conversions / MILLIONTHS, credit.conversions % MILLIONTHS)
}

/// The first column to the left, the others to the right.
fn aligned(lines: &[Vec<String>]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..lines[0].len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let _ = write!(text, "{:<1$}", line[0], widths[0]);
        for (cell, width) in line.iter().zip(&widths).skip(1) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    text
}
