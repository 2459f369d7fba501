//! `goodword attribute`: how models would share the conversions of journeys in a file. `www/docs/journeys.md` describes what is
//! read and what is printed.

mod reading;
pub mod sheet;
#[cfg(test)]
mod tests;
mod writing;

use crate::config::{Attribute, Format};
use crate::error::Error;
use goodword_domain::journey::{Journeys, Model};
use goodword_domain::money::Currency;
use std::io::Write;

pub use reading::Reading;
pub use writing::Comparison;

/// The word for every model.
pub const ALL: &str = "all";

/// What a command answers.
struct Answer {
    text: String,
    /// Whether `all` had to leave out time decay.
    without_decay: bool,
}

/// Runs the command.
pub fn run(command: &Attribute) -> Result<(), Error> {
    let file = command.file.display();
    let bytes = std::fs::read(&command.file)
        .map_err(|error| Error::NotFound(format!("{file} cannot be read: {error}.")))?;
    let answer = compared(command, &bytes).map_err(|error| match error {
        Error::BadRequest(what) => Error::BadRequest(format!("{file}, {what}")),
        other => other,
    })?;
    if answer.without_decay {
        say_what_is_left_out();
    }
    let printed = std::io::stdout().write_all(answer.text.as_bytes());
    printed.map_err(|error| Error::internal(format!("the answer cannot be written: {error}.")))
}

#[expect(clippy::print_stderr, reason = "beside the answer, which may go to a file")]
fn say_what_is_left_out() {
    eprintln!(
        "goodword: `time_decay` is left out, for a row with a `path` does not say when its steps were."
    );
}

/// The answer to the command, for a file with these bytes.
fn compared(command: &Attribute, bytes: &[u8]) -> Result<Answer, Error> {
    let currency = command.currency.as_deref().map(Currency::parse).transpose()?;
    let reading = Reading::of(bytes, command.by.as_deref(), currency)?;
    let mut credits = Vec::new();
    for model in models(&command.models, command.half_life_days, &reading.journeys)? {
        credits.push((model, reading.journeys.credit(model)?));
    }
    let comparison = Comparison::new(&reading, currency, &credits);
    let text = match command.format {
        Format::Table => comparison.table(),
        Format::Csv => comparison.csv()?,
        Format::Json => comparison.json()?,
    };
    let all = command.models.iter().any(|word| word == ALL);
    Ok(Answer { text, without_decay: all && !reading.journeys.timed() })
}

/// The models asked for, each once. [`ALL`] leaves out what the journeys do not allow.
pub fn models(words: &[String], half_life_days: i64, journeys: &Journeys) -> Result<Vec<Model>, Error> {
    let possible = |model: &Model| journeys.timed() || !matches!(model, Model::TimeDecay { .. });
    let mut models = Vec::new();
    for word in words {
        if word == ALL {
            models.extend(Model::all(half_life_days).into_iter().filter(possible));
            continue;
        }
        let model = Model::parse(word, half_life_days)?;
        if !possible(&model) {
            return Err(Error::BadRequest(
                "line 1: `time_decay` needs to know when each touchpoint was, which a row with a `path` does not say: \
                 have a row for each touchpoint, with `journey` and `at`, or take another --model."
                    .into(),
            ));
        }
        models.push(model);
    }
    let all = models.clone().into_iter().enumerate();
    Ok(all.filter(|(i, model)| !models[..*i].contains(model)).map(|(_, model)| model).collect())
}
