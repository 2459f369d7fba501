//! How a file is to be read, as the form says it and as the API asks for it. Pure.

use crate::api::Failure;
use crate::route::encode;
use crate::text::{key, t};
use std::collections::BTreeMap;

/// What a file may hold, with the words of the choice.
pub const KINDS: [(&str, &str); 7] = [
    ("", key("Told by its columns")),
    ("partners", key("Partners")),
    ("links", key("Links")),
    ("codes", key("Codes")),
    ("customers", key("Customers")),
    ("commissions", key("Commissions")),
    ("balances", key("Balances")),
];

/// What a file holds, within a sentence.
pub fn kind(word: &str) -> &str {
    match word {
        "partners" => t("partners"),
        "links" => t("links"),
        "codes" => t("codes"),
        "customers" => t("customers"),
        "commissions" => t("commissions"),
        "balances" => t("balances"),
        other => other,
    }
}

/// Fields that go into the query as they are.
const PLAIN: [&str; 6] = ["source", "kind", "programId", "decimal", "dates", "timeZone"];

/// The query of `POST /v1/imports`, but for whether it is a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked(String);

impl Asked {
    /// From the fields of the form.
    pub fn read(field: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let mut pairs: Vec<String> = Vec::new();
        for name in PLAIN {
            pairs.extend(field(name).map(|value| format!("{name}={}", encode(&value))));
        }
        if let Some(lines) = field("map") {
            let map = serde_json::to_string(&map(&lines)?).map_err(|e| Failure::of_input(e.to_string()))?;
            pairs.push(format!("map={}", encode(&map)));
        }
        Ok(Self(pairs.join("&")))
    }

    /// The path to post to.
    pub fn path(&self, dry_run: bool) -> String {
        format!("/v1/imports?{}&dryRun={dry_run}", self.0)
    }
}

/// `Their column = our word`, one a line.
fn map(lines: &str) -> Result<BTreeMap<String, String>, Failure> {
    let mut map = BTreeMap::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let pair = line.rsplit_once('=').map(|(theirs, ours)| (theirs.trim(), ours.trim()));
        match pair.filter(|(theirs, ours)| !theirs.is_empty() && !ours.is_empty()) {
            Some((theirs, ours)) => map.insert(theirs.to_owned(), ours.to_owned()),
            None => {
                return Err(Failure::of_input(t!(
                    "“{line}” must read “Their column = our word”, as in “Umsatz = sale_amount”.",
                    line
                )));
            }
        };
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Asked, Failure> {
        Asked::read(|name| fields.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn what_is_chosen_is_asked_for() {
        let asked = read(&[("source", "tolt"), ("timeZone", "Europe/Berlin")]).unwrap();
        assert_eq!(asked.path(true), "/v1/imports?source=tolt&timeZone=Europe%2FBerlin&dryRun=true");
        assert_eq!(read(&[("source", "tolt")]).unwrap().path(false), "/v1/imports?source=tolt&dryRun=false");
    }

    #[test]
    fn columns_are_named_a_line_each() {
        let asked = read(&[("source", "tolt"), ("map", "Umsatz = sale_amount\n\n a=b = ignore \n")]).unwrap();
        assert!(
            asked
                .path(true)
                .contains("map=%7B%22Umsatz%22%3A%22sale_amount%22%2C%22a%3Db%22%3A%22ignore%22%7D")
        );
        for bad in ["Umsatz", "= amount", "Umsatz ="] {
            assert!(read(&[("map", bad)]).unwrap_err().message.contains(bad), "{bad}");
        }
    }
}
