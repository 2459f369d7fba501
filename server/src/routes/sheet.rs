//! Tables as CSV files.

use crate::cell;
use crate::error::Error;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Whether a table is wanted as CSV.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Format {
    /// `json` (the default) or `csv`.
    pub format: Option<String>,
}

impl Format {
    /// Whether it is CSV.
    pub fn is_csv(&self) -> Result<bool, Error> {
        match self.format.as_deref() {
            None | Some("json") => Ok(false),
            Some("csv") => Ok(true),
            Some(_) => Err(Error::field("format", "must be `json` or `csv`.")),
        }
    }
}

/// A file of that name; what a spreadsheet would run stands as text.
pub fn file<const WIDTH: usize>(
    name: &str,
    columns: [&str; WIDTH],
    rows: impl IntoIterator<Item = [String; WIDTH]>,
) -> Result<Response, Error> {
    let failed = |error: csv::Error| Error::internal(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        let is_number = |text: &str| text.parse::<i64>().is_ok();
        let row = row.iter().map(|text| if is_number(text) { text.into() } else { cell::safe(text) });
        writer.write_record(row.map(std::borrow::Cow::into_owned)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}
