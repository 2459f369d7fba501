//! Period settlement: from sales as they are known now to what a rule's period posts, and what corrects earlier ones.

use crate::error::Error;
use crate::funding;
use crate::granting::grant;
use crate::hash;
use crate::reporting::flat;
use crate::routes::sales::order;
use crate::store::{Program, SettledLine, SettledSale, SettlementRow, Tx};
use crate::world::World;
use goodword_domain::id::{LotId, PartnerId, SettlementId};
use goodword_domain::money::Currency;
use goodword_domain::settlement::{Accrual, Entry, Known, Line, Posted, Rule, Scheme, Sold, Span};
use goodword_domain::time::{Instant, civil};
use goodword_wire::SaleInput;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// For how long after its end a period is corrected, months.
const CORRECTED_MONTHS: i64 = 36;

/// What settling a period posts.
#[derive(Debug)]
pub struct Worked {
    pub span: Span,
    pub rule: Rule,
    /// Of the program's terms.
    pub version: i64,
    /// Every partner who brought something, or is corrected.
    pub entries: Vec<(PartnerId, Vec<Entry>)>,
}

/// The rule that a period goes by: of the version that was in force when it ended, if that has the period.
pub fn rule_at<'a>(program: &'a Program, key: &str, span: Span) -> Option<(i64, &'a Rule)> {
    let (version, terms) = program.version_at(Instant(span.end.0 - 1));
    let rule = terms.settlements.iter().find(|rule| rule.key == key)?;
    let own = rule.calendar.around(span.start) == Some(span) || rule.calendar.is_after(span);
    own.then_some((version, rule))
}

/// What settling a period would post now.
pub fn work_out(
    tx: &mut Tx<'_>,
    program: &Program,
    key: &str,
    span: Span,
    now: Instant,
) -> Result<Worked, Error> {
    let (version, rule) = rule_at(program, key, span).ok_or_else(no_such_period)?;
    let settled = tx.settlements_of_rule(&program.id, key)?;
    let oldest = now.plus_months(-CORRECTED_MONTHS);
    let earlier = settled.iter().map(|row| row.span).filter(|s| s.end <= span.start && s.end > oldest);
    let mut periods: Vec<(Span, &Rule)> =
        earlier.filter_map(|s| rule_at(program, key, s).map(|(_, rule)| (s, rule))).collect();
    periods.push((span, rule));
    let mut posted: HashMap<(PartnerId, Span), Posted> = HashMap::new();
    let mut partners = BTreeSet::new();
    for (partner, of, sum) in tx.posted_by_rule(&program.id, key)? {
        partners.insert(partner.clone());
        posted.insert((partner, of), sum);
    }
    let sales = tx.sales_to_settle(&program.id, None, reach(&periods))?;
    partners.extend(sales.iter().map(|sale| sale.partner.clone()));
    let lines: Vec<BTreeMap<PartnerId, Vec<Line>>> =
        periods.iter().map(|(_, rule)| lines(rule, &sales)).collect::<Result<_, _>>()?;
    let mut entries = Vec::new();
    for partner in partners {
        // What a barred partner would have had is nobody's; should he or she come back, it is corrected then.
        if !tx.known_partner(&program.vendor, &program.id, &partner)?.approved {
            continue;
        }
        let known: Vec<Known<'_>> = periods
            .iter()
            .zip(&lines)
            .map(|((span, rule), lines)| Known {
                span: *span,
                rule,
                posted: posted.get(&(partner.clone(), *span)).copied().unwrap_or_default(),
                lines: lines.get(&partner).map(Vec::as_slice).unwrap_or_default(),
            })
            .collect();
        let mut own = Rule::settle(&known);
        for entry in own.iter_mut().filter(|entry| entry.coop < 0) {
            let lots = tx.settled_lots(&program.id, key, &partner, entry.span)?;
            *entry = entry.within(funding::takable(&lots));
        }
        own.retain(|e| e.cash != 0 || e.coop != 0 || (e.span == span && e.accrual.measured != 0));
        if !own.is_empty() {
            entries.push((partner, own));
        }
    }
    Ok(Worked { span, rule: rule.clone(), version, entries })
}

/// What whoever names a period hears that no rule has.
pub fn no_such_period() -> Error {
    Error::NotFound("No rule of this program has such a period: see `settlements` of the program.".into())
}

/// From the earliest instant that matters to the periods until their end: targets and growth look back.
fn reach(periods: &[(Span, &Rule)]) -> (Instant, Instant) {
    let back = |(span, rule): &(Span, &Rule)| {
        let times = match &rule.scheme {
            Scheme::Target { target, .. } => target.periods,
            Scheme::Tiers(_) | Scheme::Multiple(_) => 1,
        };
        let before = (0..times).try_fold(*span, |at, _| rule.calendar.before(at));
        before.map_or(span.start, |before| before.start)
    };
    let from = periods.iter().map(back).min().unwrap_or(Instant(0));
    let until = periods.iter().map(|(span, _)| span.end).max().unwrap_or(Instant(0));
    (from, until)
}

/// What counts of each partner's sales by a rule.
fn lines(rule: &Rule, sales: &[SettledSale]) -> Result<BTreeMap<PartnerId, Vec<Line>>, Error> {
    let mut all: BTreeMap<PartnerId, Vec<Line>> = BTreeMap::new();
    for sale in sales {
        let detail: Option<SaleInput> =
            sale.detail.as_deref().map(serde_json::from_str).transpose().map_err(|e| broken(&e))?;
        let order = order(&SaleInput { amount: Some(sale.amount), ..detail.unwrap_or_default() })?;
        let metadata = flat(sale.metadata.as_deref());
        let number = |name: &str| {
            let told = metadata.iter().find(|(key, _)| key == name);
            told.and_then(|(_, text)| text.parse::<i64>().ok()).filter(|n| *n >= 0).unwrap_or(0)
        };
        let sold = Sold {
            at: sale.at,
            customer: &sale.customer,
            order: &order,
            left: sale.amount - sale.gone.min(sale.amount),
            value_left: sale.value_left,
            // These two stay when a customer is erased.
            months: number("termMonths"),
            mrr: number("mrr"),
        };
        all.entry(sale.partner.clone()).or_default().extend(rule.lines(&sold));
    }
    Ok(all)
}

fn broken(error: &serde_json::Error) -> Error {
    Error::internal(format!("a stored sale is broken: {error}"))
}

/// Settles a period that is over, once: the same again finds the settlement that is there.
pub fn settle(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (key, span): (&str, Span),
    by: &str,
    now: Instant,
) -> Result<SettlementRow, Error> {
    tx.lock(&[hash::number(&format!("settlements:{}:{key}", program.id))])?;
    funding::lock_funds_of(tx, program, key)?;
    let settled = tx.settlements_of_rule(&program.id, key)?;
    if let Some(row) = settled.into_iter().find(|row| row.span == span) {
        return Ok(row);
    }
    if now < span.end {
        let end = crate::time::show(span.end);
        return Err(Error::Conflict(format!("The period is not over before {end}: settle it then.")));
    }
    let worked = work_out(tx, program, key, span, now)?;
    let row = SettlementRow {
        id: SettlementId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        rule: key.to_owned(),
        span,
        version: worked.version,
        by: by.to_owned(),
        at: now,
    };
    let mut lines = Vec::new();
    for (partner, entries) in &worked.entries {
        let amount = entries.iter().map(|entry| entry.cash).sum();
        let note = note(program.terms.currency, &worked, entries);
        let commission = grant(tx, world, program, (partner, amount), note, now)?;
        for entry in entries {
            lines.push(SettledLine {
                partner: partner.clone(),
                span: entry.span,
                measured: entry.accrual.measured,
                target: entry.accrual.target,
                earned: entry.accrual.earned,
                cash: entry.cash,
                coop: entry.coop,
                lot: move_coop(tx, world, program, (partner, &row.rule, entry), now)?,
                commission: commission.clone(),
            });
        }
    }
    tx.insert_settlement(&row, &lines)?;
    Ok(row)
}

/// Puts an entry's part into the partner's fund, or takes it out.
fn move_coop(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (partner, key, entry): (&PartnerId, &str, &Entry),
    now: Instant,
) -> Result<Option<LotId>, Error> {
    if entry.coop < 0 {
        funding::take_out_settled(tx, world, (program, key), (partner, entry.span, -entry.coop), now)?;
    }
    if entry.coop <= 0 {
        return Ok(None);
    }
    let (version, rule) = rule_at(program, key, entry.span).ok_or_else(no_such_period)?;
    let fund = rule.coop.as_ref().and_then(|coop| funding::fund_of(program, version, &coop.fund));
    let fund = fund.ok_or_else(|| Error::internal(format!("rule {key} names no fund")))?;
    let day = |at: Instant| crate::time::show_day(at.day());
    let note = format!("{}, {} to {}", rule.name, day(entry.span.start), day(Instant(entry.span.end.0 - 1)));
    funding::put_in_settled(tx, world, (program, &fund), (partner, entry.coop), note, now).map(Some)
}

/// What a commission of a settlement says of itself: `Growth rebate, 2026-01-01 to 2026-03-31: 600.00 USD; earlier periods: -20.00 USD`.
fn note(currency: Currency, worked: &Worked, entries: &[Entry]) -> String {
    let day = |at: Instant| crate::time::show_day(at.day());
    let (start, last) = (day(worked.span.start), day(Instant(worked.span.end.0 - 1)));
    let sum = |own: bool| -> i64 {
        entries.iter().filter(|e| (e.span == worked.span) == own).map(|e| e.cash).sum()
    };
    let corrections = match sum(false) {
        0 => String::new(),
        more => format!("; corrections of earlier periods: {}", currency.show(more)),
    };
    let own = currency.show(sum(true));
    format!("{}, {start} to {last}: {own}{corrections}", worked.rule.name)
}

/// The periods of a program that are over, with their days of grace, and not settled.
pub fn open_periods(tx: &mut Tx<'_>, program: &Program, now: Instant) -> Result<Vec<(String, Span)>, Error> {
    let mut open = Vec::new();
    for rule in &program.terms.settlements {
        let settled = tx.settlements_of_rule(&program.id, &rule.key)?;
        for span in rule.calendar.closed(program.created_at, now.plus_days(-rule.grace_days)) {
            let is_settled = settled.iter().any(|row| row.span == span);
            if !is_settled && rule_at(program, &rule.key, span).is_some() {
                open.push((rule.key.clone(), span));
            }
        }
    }
    open.sort_by_key(|(_, span)| *span);
    Ok(open)
}

/// How the current period of each rule stands, for one partner or for all who have brought something.
pub fn progress(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: Option<&PartnerId>,
    now: Instant,
) -> Result<Vec<(PartnerId, Rule, Span, Accrual)>, Error> {
    let mut all = Vec::new();
    for rule in &program.terms.settlements {
        let Some(span) = rule.calendar.around(now) else { continue };
        let sales = tx.sales_to_settle(&program.id, partner, reach(&[(span, rule)]))?;
        let mut lines = lines(rule, &sales)?;
        if let Some(partner) = partner {
            lines.entry(partner.clone()).or_default();
        }
        for (partner, lines) in lines {
            let accrual = rule.accrue(&lines, span);
            all.push((partner, rule.clone(), span, accrual));
        }
    }
    Ok(all)
}

/// `31 March`: the last day of a period.
pub fn last_day(span: Span) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (_, month, day) = civil(Instant(span.end.0 - 1).day());
    let month =
        usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    format!("{day} {month}")
}
