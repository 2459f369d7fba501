//! What is wrong with what was typed, and beside which field that is said.

use crate::format;
use crate::text::t;

/// A refusal of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as the API spells it: `rewards[0].amount`; empty if no field is named.
    pub path: String,
    /// What to do: a sentence, or the clause that follows the field's name.
    pub reason: String,
}

impl Fault {
    /// From the server's words: the path stands first, between backticks.
    pub fn of_server(message: &str) -> Self {
        let named = message.strip_prefix('`').and_then(|rest| rest.split_once("` "));
        let (path, reason) = named.unwrap_or(("", message));
        Self { path: path.to_owned(), reason: reason.to_owned() }
    }

    /// The line of a document that the server names at the end.
    pub fn line(&self) -> Option<usize> {
        let (_, rest) = self.reason.rsplit_once("line ")?;
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    }
}

/// Faults, each at the field nearest to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<(String, Fault)>);

impl Faults {
    /// At the places there are: the longest one that a fault's path begins with.
    pub fn new(faults: Vec<Fault>, places: &[String]) -> Self {
        let landed = |fault: Fault| {
            let leads = places.iter().filter(|place| leads_to(place, &fault.path));
            (leads.max_by_key(|place| place.len()).cloned().unwrap_or_default(), fault)
        };
        Self(faults.into_iter().map(landed).collect())
    }

    /// What is said at a place.
    pub fn at(&self, place: &str) -> Option<&str> {
        self.0.iter().find(|(landed, _)| landed == place).map(|(_, fault)| fault.reason.as_str())
    }

    /// All of them, each with the place it is said at.
    pub fn all(&self) -> &[(String, Fault)] {
        &self.0
    }
}

fn leads_to(place: &str, path: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Fields being read, and what is wrong with them.
pub struct Reading {
    pub currency: String,
    path: String,
    faults: Vec<Fault>,
}

impl Reading {
    /// Nothing read yet.
    pub fn new(currency: &str) -> Self {
        Self { currency: currency.to_owned(), path: String::new(), faults: Vec::new() }
    }

    /// Reads something larger; paths are within it.
    pub fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.path.clone();
        self.path = self.of(name);
        let value = read(self);
        self.path = outer;
        value
    }

    fn of(&self, name: &str) -> String {
        match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (_, true) => self.path.clone(),
            _ => format!("{}.{name}", self.path),
        }
    }

    /// Refuses a field.
    pub fn refuse(&mut self, name: &str, reason: impl Into<String>) {
        let path = self.of(name);
        self.faults.push(Fault { path, reason: reason.into() });
    }

    /// Minor units of what is typed in units; nothing where nothing is.
    pub fn optional_money(&mut self, name: &str, text: &str, unit: &str) -> Option<i64> {
        if text.trim().is_empty() { None } else { self.money(name, text, unit) }
    }

    /// Minor units of what is typed in units.
    pub fn money(&mut self, name: &str, text: &str, unit: &str) -> Option<i64> {
        if text.trim().is_empty() {
            self.refuse(
                name,
                t!(
                    "Type an amount, such as {amount}.",
                    amount = format::units(if unit == "points" { 10 } else { 1_000 }, unit)
                ),
            );
            return None;
        }
        format::typed(text, unit).map_err(|reason| self.refuse(name, reason)).ok()
    }

    /// A whole number.
    pub fn whole(&mut self, name: &str, text: &str) -> Option<i64> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
        plain.parse().map_err(|_| self.refuse(name, t("Type a whole number."))).ok()
    }

    /// What was read, unless something is wrong.
    pub fn end<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(value) } else { Err(self.faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_name_the_field() {
        let fault = Fault::of_server("`rewards[0].amount` must be minor units. (line 8)");
        assert_eq!((fault.path.as_str(), fault.line()), ("rewards[0].amount", Some(8)));
        assert_eq!(fault.reason, "must be minor units. (line 8)");
        let json = Fault::of_server("`rewards[0]` is not as documented: unknown field at line 12 column 3.");
        assert_eq!(json.line(), Some(12));
        let other = Fault::of_server("The server is busy.");
        assert_eq!(
            (other.path.as_str(), other.reason.as_str(), other.line()),
            ("", "The server is busy.", None)
        );
    }

    #[test]
    fn a_fault_is_said_at_the_nearest_field() {
        let places =
            ["rewards[0]", "rewards[0].tiers", "rewards[0].tiers.steps[1]", "rewards[1]"].map(str::to_owned);
        let fault = |path: &str| Fault { path: path.into(), reason: path.into() };
        let paths = ["rewards[0].tiers.steps.from", "rewards[0].tiers.steps[1].amount", "rewards[10].event"];
        let faults = Faults::new(paths.map(fault).to_vec(), &places);
        assert_eq!(faults.at("rewards[0].tiers"), Some("rewards[0].tiers.steps.from"));
        assert_eq!(faults.at("rewards[0].tiers.steps[1]"), Some("rewards[0].tiers.steps[1].amount"));
        assert_eq!(faults.at(""), Some("rewards[10].event"));
        assert_eq!(faults.at("rewards[1]"), None);
    }

    #[test]
    fn fields_are_read_by_their_digits() {
        let mut reading = Reading::new("kwd");
        assert_eq!(reading.money("a", "1.250", "kwd"), Some(1_250));
        assert_eq!(reading.money("a", "1,250", "jpy"), Some(1_250));
        assert_eq!(reading.optional_money("a", " ", "usd"), None);
        assert_eq!(reading.whole("a", "1,000"), Some(1_000));
        reading.within("rewards[0]", |reading| {
            reading.within("caps", |reading| reading.money("event", "", "usd"))
        });
        reading.whole("holdDays", "soon");
        let faults = reading.end(()).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["rewards[0].caps.event", "holdDays"]);
        assert_eq!(faults[0].reason, "Type an amount, such as 10.00.");
    }
}
