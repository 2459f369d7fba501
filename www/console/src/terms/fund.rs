//! What a fund's form says in lines, as people type them: bands of purchases, tranches, instalments. Whether they go together is
//! decided by the reader the server has, in its words.

use crate::format;
use crate::text::t;
use goodword_domain::id::FundId;
use goodword_wire::{Fund, FundAccrual, FundGate, FundInstalments, FundTranche, TierStep};

/// What stands between the parts of a line.
const BETWEEN: &str = "; ";

/// What is typed of what fills a fund.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccrualForm {
    /// `retroactive` or `marginal`; empty where purchases fill nothing.
    pub mode: String,
    /// `month`, `quarter`, `year` or `ever`.
    pub period: String,
    /// Whether sales of the program are purchases.
    pub sales: bool,
    /// A line for each band.
    pub bands: String,
}

/// What is typed of what claims are due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaysForm {
    /// `cost`, `tranches` or `instalments`.
    pub kind: String,
    /// A line for each tranche.
    pub tranches: String,
    /// `month`, `quarter` or `year`.
    pub every: String,
    /// What the figure is called that an instalment needs; empty where it needs none.
    pub gate: String,
    /// The least it must be, percent.
    pub at_least: String,
}

impl AccrualForm {
    /// That of a fund.
    pub fn of(fund: &Fund, currency: &str) -> Self {
        let Some(accrual) = &fund.accrual else {
            return Self { period: "year".to_owned(), ..Self::default() };
        };
        let band = |step: &TierStep| {
            [format::units(step.from, currency), step.percentage.clone().unwrap_or_default()].join(BETWEEN)
        };
        Self {
            mode: accrual.mode.clone(),
            period: accrual.period.clone().unwrap_or_else(|| "ever".to_owned()),
            sales: accrual.sales,
            bands: lines(accrual.steps.iter().map(band)),
        }
    }

    /// What it says; none where purchases fill nothing.
    pub fn read(&self, currency: &str) -> Result<Option<FundAccrual>, String> {
        if self.mode.is_empty() {
            return Ok(None);
        }
        let band = |line: &str| {
            let [from, percentage] =
                parts(line).ok_or_else(|| t("type an amount and a percentage, as in `7500.00; 4`."))?;
            let from = format::typed(&from, currency)?;
            Ok(TierStep { from, percentage: Some(percentage), ..TierStep::default() })
        };
        Ok(Some(FundAccrual {
            mode: self.mode.clone(),
            period: Some(self.period.clone()),
            steps: each(t("Bands"), &self.bands, band)?,
            sales: self.sales,
        }))
    }
}

impl PaysForm {
    /// That of a fund.
    pub fn of(fund: &Fund, currency: &str) -> Self {
        let kind = match (&fund.tranches, &fund.instalments) {
            (Some(_), _) => "tranches",
            (_, Some(_)) => "instalments",
            _ => "cost",
        };
        let tranche = |one: &FundTranche| {
            let reaches = one.reaches.map(|minor| format::units(minor, currency));
            let share = one.reaches_share.as_ref().map(|share| format!("{share} %"));
            let pays = one.pays.map_or_else(String::new, |minor| format::units(minor, currency));
            let line = [one.name.clone(), reaches.or(share).unwrap_or_default(), pays].join(BETWEEN);
            line.trim_end_matches([';', ' ']).to_owned()
        };
        let gate = fund.instalments.as_ref().and_then(|parts| parts.gate.as_ref());
        Self {
            kind: kind.to_owned(),
            tranches: lines(fund.tranches.iter().flatten().map(tranche)),
            every: fund
                .instalments
                .as_ref()
                .map_or_else(|| "quarter".to_owned(), |parts| parts.period.clone()),
            gate: gate.map_or_else(String::new, |gate| gate.name.clone()),
            at_least: gate.map_or_else(String::new, |gate| gate.at_least.clone()),
        }
    }

    /// Puts what it says into a fund.
    pub fn put(&self, fund: Fund, currency: &str) -> Result<Fund, String> {
        let (mut tranches, mut instalments) = (None, None);
        match self.kind.as_str() {
            "tranches" => {
                tranches = Some(each(t("Tranches"), &self.tranches, |line| tranche(line, currency))?);
            }
            "instalments" => {
                let named = Some(self.gate.trim()).filter(|name| !name.is_empty());
                let gate = named.map(|name| FundGate {
                    name: name.to_owned(),
                    at_least: self.at_least.trim().to_owned(),
                });
                instalments = Some(FundInstalments { period: self.every.clone(), gate });
            }
            _ => {}
        }
        Ok(Fund { tranches, instalments, ..fund })
    }
}

/// `First customers; 50000.00; 400000.00`, or `In the market; 20 %` for the rest.
fn tranche(line: &str, currency: &str) -> Result<FundTranche, String> {
    let remedy = t(
        "type a name, what must be reached (an amount, or a part as in `20 %`) and what it pays, as in `First customers; 50000.00; 400000.00`. The last may leave out what it pays.",
    );
    let (name, reaches, pays) = match (parts::<3>(line), parts::<2>(line)) {
        (Some([name, reaches, pays]), _) => (name, reaches, Some(pays)),
        (None, Some([name, reaches])) => (name, reaches, None),
        (None, None) => return Err(remedy.to_owned()),
    };
    let share = reaches.strip_suffix('%').map(|share| share.trim_end().to_owned());
    let amount = if share.is_none() { Some(format::typed(&reaches, currency)?) } else { None };
    let pays = pays.map(|pays| format::typed(&pays, currency)).transpose()?;
    Ok(FundTranche { name, reaches: amount, reaches_share: share, pays })
}

/// Whether a fund makes sense: what the server would refuse, in its words.
pub fn check(fund: &Fund) -> Result<(), String> {
    let read = goodword_document::read_fund(fund, Some(FundId::from_bits(0)));
    read.map(drop).map_err(|invalid| format!("`{}` {}", invalid.field, invalid.remedy))
}

fn lines(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join("\n")
}

/// Exactly so many parts of a line, none of them empty.
fn parts<const N: usize>(line: &str) -> Option<[String; N]> {
    let all: Vec<String> = line.split(';').map(|part| part.trim().to_owned()).collect();
    <[String; N]>::try_from(all).ok().filter(|all| all.iter().all(|part| !part.is_empty()))
}

/// Every line that has something in it; what is wrong is told with its number.
fn each<T>(what: &str, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(place, line)| {
            read(line).map_err(|why| t!("{what}, line {n}: {why}", what, n = place + 1, why))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Fund {
        serde_json::from_str(text).expect("a fund")
    }

    /// Through the form and back: nothing is lost.
    #[track_caller]
    fn comes_back(text: &str) {
        let fund = told(text);
        let accrual = AccrualForm::of(&fund, "usd").read("usd").expect("bands");
        let blank = Fund { accrual, tranches: None, instalments: None, ..fund.clone() };
        let read = PaysForm::of(&fund, "usd").put(blank, "usd").expect("what it pays");
        assert_eq!(read, fund);
        assert_eq!(check(&read), Ok(()));
    }

    #[test]
    fn bands_tranches_and_instalments_come_back_from_the_form() {
        comes_back(r#"{"name": "Plain"}"#);
        comes_back(
            r#"{"name": "Co-op", "accrual": {"mode": "retroactive", "period": "year", "sales": true,
                "steps": [{"from": 0, "percentage": "3"}, {"from": 750000, "percentage": "4.5"}]}}"#,
        );
        comes_back(
            r#"{"name": "Kit", "tranches": [{"name": "First", "reaches": 5000000, "pays": 40000000},
                {"name": "Rest", "reachesShare": "20"}]}"#,
        );
        comes_back(
            r#"{"name": "People", "instalments": {"period": "quarter", "gate": {"name": "Goals", "atLeast": "70"}}}"#,
        );
        comes_back(r#"{"name": "People", "instalments": {"period": "month"}}"#);
    }

    #[test]
    fn a_line_that_says_nothing_is_named() {
        let bands = |bands: &str| AccrualForm {
            mode: "marginal".into(),
            period: "year".into(),
            sales: false,
            bands: bands.into(),
        };
        let refused = bands("0; 3\n\n7500").read("usd").unwrap_err();
        assert!(refused.starts_with("Bands, line 3: type an amount and a percentage"), "{refused}");
        let pays = PaysForm { kind: "tranches".into(), tranches: "First".into(), ..PaysForm::default() };
        assert!(pays.put(Fund::default(), "usd").unwrap_err().starts_with("Tranches, line 1: type a name"));
    }

    /// In the server's words, for it is the server's reader.
    #[test]
    fn what_does_not_go_together_is_told_as_the_server_would() {
        let falling = AccrualForm {
            mode: "marginal".into(),
            period: "year".into(),
            sales: false,
            bands: "100; 3\n50; 4".into(),
        };
        let fund = Fund { name: "F".into(), accrual: falling.read("usd").unwrap(), ..Fund::default() };
        assert!(check(&fund).unwrap_err().contains("`accrual.steps"));
        let shared = Fund { scope: Some("shared".into()), ..fund };
        assert!(check(&shared).is_err());
        assert!(check(&Fund::default()).unwrap_err().starts_with("`name` "));
    }
}
