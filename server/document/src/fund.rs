//! Funds as documents.

use goodword_domain::Invalid;
use goodword_domain::fund::{
    Accrual, CLAIM_DAYS, Expiry, Fund, Gate, Instalments, Pays, Scope, Score, Threshold, Tranche,
};
use goodword_domain::id::FundId;
use goodword_domain::money::{Percentage, parse_amount};
use goodword_domain::person::parse_name;
use goodword_domain::reward::{Measure, Mode, Period, Rate, Step, Tiers};
use goodword_wire as wire;

/// A fund as a document.
pub fn show(f: &Fund) -> wire::Fund {
    let (lot_days, lots_end) = match f.expiry {
        Expiry::Never => (None, None),
        Expiry::Days(days) => (Some(days), None),
        Expiry::End(period) => (None, Some(period.word().into())),
    };
    let (tranches, instalments) = match &f.pays {
        Pays::Cost => (None, None),
        Pays::Tranches(tranches) => (Some(tranches.iter().map(show_tranche).collect()), None),
        Pays::Instalments(parts) => (None, Some(show_instalments(parts))),
    };
    wire::Fund {
        id: Some(f.id.to_string()),
        name: f.name.clone(),
        scope: (f.scope == Scope::Shared).then(|| f.scope.word().into()),
        share: Some(f.share.to_string()),
        reviewed: (!f.reviewed).then_some(false),
        max_request: f.request_cap,
        max_partner: f.partner_cap.map(|cap| cap.0),
        max_partner_period: f.partner_cap.map(|cap| cap.1.word().into()),
        claim_days: Some(f.claim_days),
        lot_days,
        lots_end,
        proofs: (f.proofs > 0).then_some(f.proofs),
        accrual: f.accrual.as_ref().map(show_accrual),
        tranches,
        instalments,
    }
}

fn show_accrual(a: &Accrual) -> wire::FundAccrual {
    let bands = a.bands();
    let step = |step: &Step| {
        let (_, amount, percentage) = super::show_rate(step.rate);
        wire::TierStep { from: step.from, amount, percentage }
    };
    wire::FundAccrual {
        mode: bands.mode.word().into(),
        period: Some(bands.period.word().into()),
        steps: bands.steps.iter().map(step).collect(),
        sales: a.by_sales,
    }
}

fn show_tranche(t: &Tranche) -> wire::FundTranche {
    let (reaches, reaches_share) = match t.reaches {
        Threshold::Amount(amount) => (Some(amount), None),
        Threshold::Share(share) => (None, Some(share.to_string())),
    };
    wire::FundTranche { name: t.name.clone(), reaches, reaches_share, pays: t.pays }
}

fn show_instalments(i: &Instalments) -> wire::FundInstalments {
    let gate = i.gate.as_ref();
    let gate = gate.map(|g| wire::FundGate { name: g.name.clone(), at_least: g.at_least.to_string() });
    wire::FundInstalments { period: i.period.word().into(), gate }
}

/// The fund a document says; `id` is for one that says none. The fields of errors are within the fund.
pub fn read(f: &wire::Fund, id: Option<FundId>) -> Result<Fund, Invalid> {
    let own = f.id.as_deref().map(FundId::parse).transpose().map_err(|e| Invalid::new("id", e.remedy))?;
    let period = |field: &'static str, word: Option<&str>| {
        word.map_or(Ok(Period::Ever), Period::parse).map_err(|e| Invalid::new(field, e.remedy))
    };
    if f.max_partner.is_none() && f.max_partner_period.is_some() {
        return Err(Invalid::new("maxPartnerPeriod", "goes with `maxPartner`."));
    }
    let partner_period = period("maxPartnerPeriod", f.max_partner_period.as_deref())?;
    Fund {
        id: own.or(id).ok_or_else(|| Invalid::new("id", "is needed."))?,
        name: parse_name("name", &f.name)?,
        scope: f.scope.as_deref().map_or(Ok(Scope::Partner), Scope::parse)?,
        share: percentage("share", f.share.as_deref().unwrap_or("100"))?,
        reviewed: f.reviewed.unwrap_or(true),
        request_cap: f.max_request,
        partner_cap: f.max_partner.map(|cap| (cap, partner_period)),
        claim_days: f.claim_days.unwrap_or(CLAIM_DAYS),
        expiry: match (f.lot_days, f.lots_end.as_deref()) {
            (Some(_), Some(_)) => return Err(Invalid::new("lotDays", "does not go with `lotsEnd`.")),
            (Some(days), None) => Expiry::Days(days),
            (None, Some(_)) => Expiry::End(period("lotsEnd", f.lots_end.as_deref())?),
            (None, None) => Expiry::Never,
        },
        proofs: f.proofs.unwrap_or(0),
        accrual: f.accrual.as_ref().map(read_accrual).transpose()?,
        pays: read_pays(f)?,
    }
    .checked()
}

fn percentage(field: &'static str, text: &str) -> Result<Percentage, Invalid> {
    Percentage::parse(text).map_err(|e| Invalid::new(field, e.remedy))
}

fn read_accrual(a: &wire::FundAccrual) -> Result<Accrual, Invalid> {
    let steps = a.steps.iter().enumerate().map(|(place, step)| {
        let rate = Rate::parse("percentage", step.amount, step.percentage.as_deref());
        let rate = rate.map_err(|e| e.within(&format!("accrual.steps[{place}]")))?;
        Ok(Step { from: step.from, rate })
    });
    let within = |e: Invalid| match e.field.strip_prefix("tiers.") {
        Some(field) => Invalid::new(format!("accrual.{field}"), e.remedy),
        None if e.field.starts_with("accrual.") => e,
        None => e.within("accrual"),
    };
    let bands = Tiers {
        mode: Mode::parse(&a.mode).map_err(within)?,
        measure: Measure::Amount,
        period: a.period.as_deref().map_or(Ok(Period::Ever), Period::parse).map_err(within)?,
        steps: steps.collect::<Result<_, Invalid>>()?,
    };
    Accrual::new(bands.checked().map_err(within)?, a.sales).map_err(within)
}

fn read_pays(f: &wire::Fund) -> Result<Pays, Invalid> {
    match (&f.tranches, &f.instalments) {
        (Some(_), Some(_)) => Err(Invalid::new("tranches", "do not go with `instalments`.")),
        (Some(tranches), None) => {
            let read = tranches.iter().enumerate().map(|(place, tranche)| {
                read_tranche(tranche).map_err(|e| e.within(&format!("tranches[{place}]")))
            });
            Ok(Pays::Tranches(read.collect::<Result<_, _>>()?))
        }
        (None, Some(parts)) => {
            read_instalments(parts).map(Pays::Instalments).map_err(|e| e.within("instalments"))
        }
        (None, None) => Ok(Pays::Cost),
    }
}

fn read_tranche(t: &wire::FundTranche) -> Result<Tranche, Invalid> {
    let reaches = match (t.reaches, &t.reaches_share) {
        (Some(amount), None) => Threshold::Amount(parse_amount("reaches", amount)?),
        (None, Some(share)) => Threshold::Share(percentage("reachesShare", share)?),
        _ => return Err(Invalid::new("reaches", "or `reachesShare` is needed, and not both.")),
    };
    Ok(Tranche { name: parse_name("name", &t.name)?, reaches, pays: t.pays })
}

fn read_instalments(i: &wire::FundInstalments) -> Result<Instalments, Invalid> {
    let gate = i.gate.as_ref().map(|gate| {
        let name = parse_name("gate.name", &gate.name)?;
        Ok(Gate { name, at_least: Score::parse("gate.atLeast", &gate.at_least)? })
    });
    Ok(Instalments { period: Period::parse(&i.period)?, gate: gate.transpose()? })
}

/// As it is stored with a request.
pub fn write(fund: &Fund) -> String {
    serde_json::to_string(&show(fund)).unwrap_or_default()
}

/// From what is stored with a request.
pub fn read_stored(text: &str) -> Result<Fund, Invalid> {
    let fund: wire::Fund = serde_json::from_str(text).map_err(|e| Invalid::new("fund", e.to_string()))?;
    read(&fund, None)
}
