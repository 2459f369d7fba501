//! Reports over journeys: models of attribution side by side.

use super::find;
use crate::app::Shared;
use crate::attribute::{self, Comparison, Reading};
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Query;
use crate::journeys::{self, Asked, By, Collected, Of};
use crate::store::Journeying;
use crate::time;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use goodword_domain::journey::{MAX_MARKOV_NAMES, Model};
use goodword_domain::money::Currency;
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire::{AttributionReport, ErrorBody};

/// The largest body taken.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// Which journeys.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct JourneysQuery {
    /// The program. Default: the default program.
    program_id: Option<String>,
    /// Events from this instant on, RFC 3339. Default: the beginning of the UTC day 30 days before the end.
    start: Option<String>,
    /// Events up to this instant, RFC 3339, which is not included. Default: the end of time.
    end: Option<String>,
    /// What the journeys led to: `sales` (the default) or `leads`.
    of: Option<String>,
}

/// How they are compared.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ModelsQuery {
    /// What is credited: `partner` (the default), `channel`, `link` or `site`. Of journeys that are sent: `channel`, `partner` or
    /// `link`, by default the first of them that is there.
    by: Option<String>,
    /// Models, separated by commas: `last_touch`, `first_touch`, `linear`, `position_based`, `time_decay`, `markov`. Default:
    /// all of them.
    models: Option<String>,
    /// The half-life of `time_decay`, days, 1 to 36,500. Default 7.
    half_life_days: Option<i64>,
    /// `json` (the default) or `csv`.
    format: Option<String>,
    /// Of journeys that are sent: the currency whose amounts, such as `140.00`, are the values. Default: values are minor units.
    currency: Option<String>,
}

/// Models side by side, checked.
struct Models {
    words: Vec<String>,
    half_life_days: i64,
    csv: bool,
}

impl ModelsQuery {
    fn models(&self) -> Result<Models, Error> {
        let half_life_days = self.half_life_days.unwrap_or(7);
        if !(1..=36_500).contains(&half_life_days) {
            return Err(Error::field("halfLifeDays", "must be 1 to 36,500."));
        }
        let words =
            self.models.as_deref().unwrap_or(attribute::ALL).split(',').map(|word| word.trim().to_owned());
        let words: Vec<String> = words.collect();
        for word in words.iter().filter(|word| *word != attribute::ALL) {
            Model::parse(word, half_life_days).map_err(|e| Error::field("models", e.remedy))?;
        }
        let csv = match self.format.as_deref() {
            None | Some("json") => false,
            Some("csv") => true,
            Some(_) => return Err(Error::field("format", "must be `json` or `csv`.")),
        };
        Ok(Models { words, half_life_days, csv })
    }
}

impl Models {
    fn ask_for_lost(&self) -> bool {
        self.words.iter().any(|word| word == attribute::ALL || word == Model::Markov.word())
    }

    /// The models, and what was left out of all of them.
    fn of(&self, reading: &Reading) -> Result<(Vec<Model>, Vec<String>), Error> {
        let models = attribute::models(&self.words, self.half_life_days, &reading.journeys)?;
        let names = reading.journeys.names().len();
        let asked_for = self.words.iter().any(|word| word == Model::Markov.word());
        if asked_for || names <= MAX_MARKOV_NAMES {
            return Ok((models, Vec::new()));
        }
        let told = format!("`markov` compares at most {MAX_MARKOV_NAMES} names, and there are {names}.");
        let (left_out, kept): (Vec<Model>, Vec<Model>) =
            models.into_iter().partition(|m| *m == Model::Markov);
        Ok((kept, left_out.iter().map(|_| told.clone()).collect()))
    }
}

/// What several attribution models would credit to partners, channels, links or sites
///
/// Of the sales or sign-ups of a range, with every touchpoint that could have counted. Under each model the credits add up to
/// the total, exactly. See www/docs/journeys.md.
#[utoipa::path(get, path = "/v1/attribution/report", tag = "analytics", params(JourneysQuery, ModelsQuery),
    responses((status = 200, body = AttributionReport), (status = "4XX", body = ErrorBody)))]
pub async fn report(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<JourneysQuery>,
    Query(wanted): Query<ModelsQuery>,
) -> Result<Response, Error> {
    let (by, models) = (By::parse(wanted.by.as_deref())?, wanted.models()?);
    if wanted.currency.is_some() {
        return Err(Error::field("currency", "goes with journeys that are sent: leave it out."));
    }
    let (collected, currency) = read(&app, caller, query, (models.ask_for_lost(), false)).await?;
    apart(move || compared(&collected, by, &models, currency)).await
}

fn compared(collected: &Collected, by: By, models: &Models, currency: Currency) -> Result<Response, Error> {
    let reading = collected.reading(by)?;
    let currency = (collected.told.of == "sales").then_some(currency);
    let (chosen, left_out) = models.of(&reading)?;
    let credits = credits(&reading, &chosen)?;
    let comparison = Comparison::new(&reading, currency, &credits);
    if models.csv {
        return Ok(csv(comparison.csv()?));
    }
    let ids = collected.ids(by);
    let mut report = comparison.report();
    for credit in report.models.iter_mut().flat_map(|model| &mut model.credits) {
        credit.id = ids.get(credit.name.as_str()).map(|id| (*id).to_owned());
    }
    report.journeys = Some(goodword_wire::JourneysTold { left_out, ..collected.told.clone() });
    Ok(Json(report).into_response())
}

/// The same of journeys of your own
///
/// The body is the CSV that `goodword attribute` reads, at most 8 MiB; so is the answer what it prints. See www/docs/journeys.md.
#[utoipa::path(post, path = "/v1/attribution/report", tag = "analytics", params(ModelsQuery),
    request_body(content = String, content_type = "text/csv", description = "Journeys."),
    responses((status = 200, body = AttributionReport), (status = "4XX", body = ErrorBody)))]
pub async fn report_of_file(
    _: VendorCaller,
    Query(wanted): Query<ModelsQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let body = body.map_err(|_| {
        Error::TooLarge(format!("The body is larger than {MAX_BODY} bytes, or broke off: send less."))
    })?;
    let models = wanted.models()?;
    let by = wanted.by.as_deref();
    if by.is_some_and(|by| !["channel", "partner", "link"].contains(&by)) {
        return Err(Error::field("by", "must be `channel`, `partner` or `link`."));
    }
    let currency = wanted.currency.as_deref().map(Currency::parse).transpose()?;
    let by = wanted.by.clone();
    apart(move || {
        let reading = Reading::of(&body, by.as_deref(), currency)?;
        let (chosen, _) = models.of(&reading)?;
        let credits = credits(&reading, &chosen)?;
        let comparison = Comparison::new(&reading, currency, &credits);
        Ok(if models.csv { csv(comparison.csv()?) } else { Json(comparison.report()).into_response() })
    })
    .await
}

/// Journeys as CSV
///
/// In the form that `goodword attribute` and `POST /v1/attribution/report` read: a row for each touchpoint, then one for the sale
/// or the sign-up it led to; values are minor units of the program's currency.
#[utoipa::path(get, path = "/v1/attribution/journeys", tag = "analytics", params(JourneysQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "4XX", body = ErrorBody)))]
pub async fn journeys(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<JourneysQuery>,
) -> Result<Response, Error> {
    let (collected, _) = read(&app, caller, query, (true, true)).await?;
    apart(move || Ok(csv(collected.csv()?))).await
}

/// The journeys of a program, those that led to nothing too if so told, each with its event if so told; and the program's currency.
async fn read(
    app: &Shared,
    caller: VendorCaller,
    query: JourneysQuery,
    (lost, named): (bool, bool),
) -> Result<(Collected, Currency), Error> {
    let of = Of::parse(query.of.as_deref())?;
    let start = query.start.as_deref().map(|text| time::parse("start", text)).transpose()?;
    let end = query.end.as_deref().map(|text| time::parse("end", text)).transpose()?;
    let real = app.world.now();
    let collected = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        let now = find::now(tx, &caller.vendor, real)?;
        let month_before = || Instant((end.unwrap_or(now).day() - 30).saturating_mul(DAY_MS));
        let about = Journeying {
            program: program.id.clone(),
            number: program.number,
            from: start.unwrap_or_else(month_before),
            to: end.unwrap_or(Instant(i64::MAX)),
        };
        Ok((journeys::collect(tx, &Asked { of, about, lost, named })?, program.terms.currency))
    });
    collected.await
}

fn credits(
    reading: &Reading,
    models: &[Model],
) -> Result<Vec<(Model, Vec<goodword_domain::journey::Credit>)>, Error> {
    models.iter().map(|model| Ok((*model, reading.journeys.credit(*model)?))).collect()
}

/// On a thread of its own: it computes for longer than others should wait.
async fn apart(work: impl FnOnce() -> Result<Response, Error> + Send + 'static) -> Result<Response, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(e.to_string()))?
}

/// A browser saves it under this name.
fn csv(text: String) -> Response {
    let name = "attachment; filename=\"attribution.csv\"";
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)];
    (headers, text).into_response()
}
