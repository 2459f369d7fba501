//! A report of several attribution models as the rows of a table. Pure.

use crate::format;
use goodword_wire::{AttributionFigures, AttributionReport, NamedCredit};

/// The models of the table, in the order of its columns.
pub const MODELS: [&str; 6] =
    ["last_touch", "first_touch", "linear", "position_based", "time_decay", "markov"];

/// How long the longest bar is.
pub const BAR: i64 = 100;

/// What one name gets under each model; nothing under one that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub id: Option<String>,
    pub cells: [Option<Cell>; 6],
}

/// What one model gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Conversions, to a hundredth, or whole where the model gives nobody a part of one.
    pub conversions: String,
    /// Minor units.
    pub value: Option<i64>,
    /// The length of its bar, 0 to [`BAR`]; one scale for the whole table.
    pub bar: i64,
}

/// The rows, whoever gets most under the first model first.
pub fn rows(report: &AttributionReport) -> Vec<Row> {
    let all = report.models.iter().flat_map(|model| &model.credits);
    let longest = all.map(|credit| millionths(&credit.figures.conversions)).max().unwrap_or(0).max(1);
    let columns = MODELS.map(|model| (model, shares(report, model)));
    let names = report.models.first().map_or(&[][..], |model| &model.credits);
    let row = |named: &NamedCredit| Row {
        name: named.name.clone(),
        id: named.id.clone(),
        cells: columns.map(|(model, decimals)| {
            Some(cell(&credit(report, model, &named.name)?.figures, longest, decimals))
        }),
    };
    names.iter().map(row).collect()
}

/// Whether a model gives somebody a part of a conversion.
fn shares(report: &AttributionReport, model: &str) -> bool {
    let credits =
        report.models.iter().filter(|credits| credits.model == model).flat_map(|model| &model.credits);
    credits
        .map(|credit| millionths(&credit.figures.conversions))
        .any(|millionths| millionths % 1_000_000 != 0)
}

fn credit<'a>(report: &'a AttributionReport, model: &str, name: &str) -> Option<&'a NamedCredit> {
    let model = report.models.iter().find(|credits| credits.model == model)?;
    model.credits.iter().find(|credit| credit.name == name)
}

fn cell(figures: &AttributionFigures, longest: i64, decimals: bool) -> Cell {
    let length = i128::from(millionths(&figures.conversions).max(0)) * i128::from(BAR) / i128::from(longest);
    Cell {
        conversions: conversions(&figures.conversions, decimals),
        value: figures.value,
        bar: i64::try_from(length).unwrap_or(BAR),
    }
}

/// Decimal text to a hundredth, `12.333333` is `12.33`, or to the next whole.
pub fn conversions(text: &str, decimals: bool) -> String {
    let millionths = millionths(text);
    if decimals {
        format::hundredths((millionths + 5_000).div_euclid(10_000))
    } else {
        format::count((millionths + 500_000).div_euclid(1_000_000))
    }
}

/// Decimal text with at most six decimals as millionths; what is none counts as nothing.
fn millionths(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain(std::iter::repeat('0')).take(6).collect();
    format!("{whole}{digits}").parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::ModelCredits;

    fn model(word: &str, credits: &[(&str, &str, i64)]) -> ModelCredits {
        let named = |(name, conversions, value): &(&str, &str, i64)| NamedCredit {
            name: (*name).into(),
            id: None,
            figures: AttributionFigures { conversions: (*conversions).into(), value: Some(*value) },
        };
        ModelCredits {
            model: word.into(),
            half_life_days: None,
            credits: credits.iter().map(named).collect(),
        }
    }

    #[test]
    fn a_name_has_a_cell_for_each_model_on_one_scale() {
        let report = AttributionReport {
            by: "partner".into(),
            currency: Some("usd".into()),
            total: AttributionFigures { conversions: "3.000000".into(), value: Some(300) },
            models: vec![
                model("linear", &[("Maya", "2.000000", 200), ("Noor", "1.000000", 100)]),
                model("first_touch", &[("Noor", "3.000000", 300), ("Maya", "0.000000", 0)]),
            ],
            journeys: None,
        };
        let rows = rows(&report);
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Maya", "Noor"]);
        let cell = |conversions: &str, value, bar| {
            Some(Cell { conversions: conversions.into(), value: Some(value), bar })
        };
        assert_eq!(rows[0].cells, [None, cell("0", 0, 0), cell("2", 200, 66), None, None, None]);
        assert_eq!(rows[1].cells, [None, cell("3", 300, 100), cell("1", 100, 33), None, None, None]);
    }

    #[test]
    fn conversions_have_two_decimals_where_some_are_shared() {
        let all = ["0.000000", "1234.000000", "0.333333", "12.500000", "0.996000", "7"];
        let shown = all.map(|text| conversions(text, true));
        assert_eq!(shown, ["0.00", "1,234.00", "0.33", "12.50", "1.00", "7.00"]);
        let shown = all.map(|text| conversions(text, false));
        assert_eq!(shown, ["0", "1,234", "0", "13", "1", "7"]);
    }

    #[test]
    fn a_column_is_whole_where_nobody_shares() {
        let report = AttributionReport {
            by: "partner".into(),
            currency: None,
            total: AttributionFigures { conversions: "3.000000".into(), value: None },
            models: vec![
                model("last_touch", &[("Maya", "2.000000", 200), ("Noor", "1.000000", 100)]),
                model("linear", &[("Maya", "1.500000", 150), ("Noor", "1.000000", 100)]),
            ],
            journeys: None,
        };
        let shown = |row: &Row, column: usize| row.cells[column].clone().map(|cell| cell.conversions);
        let rows = rows(&report);
        assert_eq!([shown(&rows[0], 0), shown(&rows[1], 0)], [Some("2".into()), Some("1".into())]);
        assert_eq!([shown(&rows[0], 2), shown(&rows[1], 2)], [Some("1.50".into()), Some("1.00".into())]);
    }
}
