//! Anybody's events, read as a mapping says.

mod path;

use super::money::decimal;
use super::provider::Envelope;
use super::said::{Act, Buyer, Disputed, Refunded, Returned, Said, Says, Sold};
use super::signature::Scheme;
use super::tree::Tree;
use crate::error::Error;
use goodword_domain::money::Currency;
use goodword_wire::{InboundCondition, InboundMapping, InboundRule, Metadata, SaleInput};
use path::{Path, Place};

/// Fields a rule may fill, by what it reports; those marked with `!` are needed.
const SALE: &str = "invoiceId! amount! currency tax shipping discount customerExternalId customerEmail customerName country \
                    clickId code eventName timestamp";
const REFUND: &str = "invoiceId! refundId! amount currency timestamp";
const DISPUTE: &str = "invoiceId! disputeId! status amount currency timestamp";
/// What begins the name of a field that becomes metadata of the sale.
const METADATA: &str = "metadata.";

/// The header of a signature and how it is made.
pub fn signature(mapping: &InboundMapping) -> Result<(String, Scheme), Error> {
    let told = &mapping.signature;
    let header = told.header.as_deref().unwrap_or("Goodword-Signature").to_ascii_lowercase();
    let is_name =
        (1..=100).contains(&header.len()) && header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_name {
        return Err(Error::field("mapping.signature.header", "must be the name of a header."));
    }
    let scheme = match told.scheme.as_deref() {
        None | Some("timestamped") => Scheme::Stripe,
        Some("hex") => Scheme::Hex,
        Some("base64") => Scheme::Base64,
        Some(_) => {
            return Err(Error::field(
                "mapping.signature.scheme",
                "must be `timestamped`, `hex` or `base64`.",
            ));
        }
    };
    Ok((header, scheme))
}

/// The headers a mapping reads.
pub fn headers(mapping: &InboundMapping) -> Vec<String> {
    let conditions = mapping.rules.iter().flat_map(|rule| rule.when.iter().map(|when| &when.path));
    let fields = mapping.rules.iter().flat_map(|rule| rule.fields.values());
    let all = mapping.event_id.iter().chain(&mapping.event_type).chain(conditions).chain(fields);
    let headers = all.filter_map(|path| Path::parse("", path).ok()?.header().map(str::to_owned));
    headers.collect()
}

/// Refuses a mapping that cannot be used, by the path of what is wrong.
pub fn check(mapping: &InboundMapping) -> Result<(), Error> {
    signature(mapping)?;
    crate::reporting::parse_processor(mapping.payment_processor.as_ref())
        .map_err(|_| Error::field("mapping.paymentProcessor", "must be a word such as `woocommerce`."))?;
    for (field, path) in [("mapping.eventId", &mapping.event_id), ("mapping.eventType", &mapping.event_type)]
    {
        path.as_deref().map(|path| Path::parse(field, path)).transpose()?;
    }
    if !(1..=20).contains(&mapping.rules.len()) {
        return Err(Error::field("mapping.rules", "must be 1 to 20."));
    }
    mapping.rules.iter().enumerate().try_for_each(|(place, rule)| check_rule(place, rule))
}

fn check_rule(place: usize, rule: &InboundRule) -> Result<(), Error> {
    let at = |rest: &str| format!("mapping.rules[{place}].{rest}");
    let known = fields_of(&rule.report)
        .ok_or_else(|| Error::at(at("report"), "must be `sale`, `refund` or `dispute`."))?;
    if rule.amounts.as_deref().is_some_and(|word| !["minor", "decimal"].contains(&word)) {
        return Err(Error::at(at("amounts"), "must be `minor` or `decimal`."));
    }
    if rule.when.len() > 10 {
        return Err(Error::at(at("when"), "must be at most 10."));
    }
    for (i, when) in rule.when.iter().enumerate() {
        Path::parse(&at(&format!("when[{i}].path")), &when.path)?;
        if when.is.len() > 50 {
            return Err(Error::at(at(&format!("when[{i}].is")), "must be at most 50."));
        }
    }
    rule.each.as_deref().map(|path| Path::parse(&at("each"), path)).transpose()?;
    if rule.fields.len() > 40 {
        return Err(Error::at(at("fields"), "must be at most 40."));
    }
    for (name, path) in &rule.fields {
        let is_metadata =
            rule.report == "sale" && name.strip_prefix(METADATA).is_some_and(|key| !key.is_empty());
        if !is_metadata && !known.split_whitespace().any(|word| word.trim_end_matches('!') == name) {
            let all = known
                .split_whitespace()
                .map(|word| word.trim_end_matches('!'))
                .collect::<Vec<_>>()
                .join(", ");
            return Err(Error::at(
                at(&format!("fields.{name}")),
                format!("is no field of a {}: {all}.", rule.report),
            ));
        }
        Path::parse(&at(&format!("fields.{name}")), path)?;
    }
    let mut needed = known.split_whitespace().filter_map(|word| word.strip_suffix('!'));
    if let Some(missing) = needed.find(|name| !rule.fields.contains_key(*name)) {
        return Err(Error::at(at(&format!("fields.{missing}")), "is needed."));
    }
    if rule.amounts.as_deref() == Some("decimal")
        && rule.fields.contains_key("amount")
        && !rule.fields.contains_key("currency")
    {
        return Err(Error::at(at("fields.currency"), "is needed where amounts are decimal."));
    }
    Ok(())
}

fn fields_of(report: &str) -> Option<&'static str> {
    match report {
        "sale" => Some(SALE),
        "refund" => Some(REFUND),
        "dispute" => Some(DISPUTE),
        _ => None,
    }
}

/// Reads an event.
pub fn read(event: &Envelope<'_>) -> Result<Said, Error> {
    let Some(mapping) = &event.options.mapping else {
        return Err(Error::Conflict("No mapping is set: PUT /v1/integrations/generic takes it.".into()));
    };
    let place = Place { body: event.tree, headers: event.headers, item: None };
    let told = |path: &Option<String>| path.as_deref().and_then(|path| place.first(path));
    let event_id = told(&mapping.event_id).unwrap_or_else(|| event.hash.to_owned());
    let kind = told(&mapping.event_type).unwrap_or_default();
    let says = acts(mapping, place).map_or_else(
        |refusal| Says::Unreadable(refusal.to_string()),
        |acts| {
            if acts.is_empty() {
                Says::Nothing("No rule of the mapping applies to it.".into())
            } else {
                Says::Acts(acts)
            }
        },
    );
    Ok(Said { event_id, kind, says })
}

fn acts(mapping: &InboundMapping, place: Place<'_>) -> Result<Vec<Act>, Error> {
    let mut acts = Vec::new();
    for rule in mapping.rules.iter().filter(|rule| rule.when.iter().all(|when| holds(when, place))) {
        match &rule.each {
            None => acts.push(act(rule, place)?),
            Some(list) => {
                for item in place.all(list).into_iter().flat_map(Tree::items) {
                    acts.push(act(rule, Place { item: Some(item), ..place })?);
                }
            }
        }
    }
    Ok(acts)
}

fn holds(when: &InboundCondition, place: Place<'_>) -> bool {
    let found = place.words(&when.path);
    if when.is.is_empty() { !found.is_empty() } else { found.iter().any(|word| when.is.contains(word)) }
}

/// The fields of a rule, read from an event.
struct Fields<'a> {
    rule: &'a InboundRule,
    place: Place<'a>,
}

impl Fields<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.place.first(self.rule.fields.get(name)?)
    }

    fn needed(&self, name: &'static str) -> Result<String, Error> {
        let path = self.rule.fields.get(name).map_or("", String::as_str);
        self.text(name)
            .ok_or_else(|| Error::field(name, format!("is needed, and nothing stands at `{path}`.")))
    }

    fn currency(&self) -> Result<Option<Currency>, Error> {
        Ok(self.text("currency").map(|code| Currency::parse(&code)).transpose()?)
    }

    /// Minor units. What is given back is written as negative by some.
    fn amount(&self, name: &'static str) -> Result<Option<i64>, Error> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let amount = if self.rule.amounts.as_deref() == Some("decimal") {
            let currency = self.currency()?.ok_or_else(|| Error::field("currency", "is needed."))?;
            decimal(currency, name, &text)?
        } else {
            text.parse()
                .map_err(|_| Error::field(name, format!("must be whole minor units; it is `{text}`.")))?
        };
        Ok(Some(if self.rule.report == "sale" { amount } else { amount.abs() }))
    }
}

fn act(rule: &InboundRule, place: Place<'_>) -> Result<Act, Error> {
    let fields = Fields { rule, place };
    let order = fields.needed("invoiceId")?;
    let (amount, at) = (fields.amount("amount")?, fields.text("timestamp"));
    let currency = fields.currency()?.map(Currency::wire);
    Ok(match rule.report.as_str() {
        "refund" => {
            let id = fields.needed("refundId")?;
            let amount = amount.map_or_else(
                || Returned::Rest { id: id.clone() },
                |amount| Returned::One { id: id.clone(), amount },
            );
            Act::Refunded(Refunded { orders: vec![order], amount, currency, at })
        }
        "dispute" => {
            let status = match fields.text("status").as_deref() {
                None | Some("open") => "open",
                Some("won") => "won",
                Some("lost") => "lost",
                Some(_) => return Err(Error::field("status", "must be `open`, `won` or `lost`.")),
            };
            let id = fields.needed("disputeId")?;
            Act::Disputed(Disputed { id, orders: vec![order], amount, currency, status, at })
        }
        _ => sold(&fields, order, currency, at)?,
    })
}

fn sold(
    fields: &Fields<'_>,
    order: String,
    currency: Option<String>,
    at: Option<String>,
) -> Result<Act, Error> {
    let input = SaleInput {
        amount: Some(fields.amount("amount")?.ok_or_else(|| Error::field("amount", "is needed."))?),
        currency,
        tax: fields.amount("tax")?,
        shipping: fields.amount("shipping")?,
        discount: fields.amount("discount")?,
        event_name: fields.text("eventName"),
        metadata: metadata(fields),
        timestamp: at,
        ..SaleInput::default()
    };
    let codes = fields.rule.fields.get("code").map(|path| fields.place.words(path)).unwrap_or_default();
    let buyer = Buyer {
        external_id: fields.text("customerExternalId").filter(|id| id != "0"),
        email: fields.text("customerEmail"),
        name: fields.text("customerName"),
        country: fields.text("country"),
        click_id: fields.text("clickId"),
        codes,
    };
    Ok(Act::Sold(Box::new(Sold { order, input, buyer, customer: None, awaits: None })))
}

fn metadata(fields: &Fields<'_>) -> Option<Metadata> {
    let named =
        fields.rule.fields.iter().filter_map(|(name, path)| Some((name.strip_prefix(METADATA)?, path)));
    let found: Metadata =
        named.filter_map(|(key, path)| Some((key.to_owned(), fields.place.first(path)?.into()))).collect();
    (!found.is_empty()).then_some(found)
}
