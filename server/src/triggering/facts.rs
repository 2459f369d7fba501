//! What is known of an event, for triggers to compare: from what is sent of it, and from what is stored of its partner.

use crate::error::Error;
use crate::store::Tx;
use crate::telling;
use goodword_domain::event::EventKind;
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::trigger::{Fact, Facts};
use goodword_wire::Metadata;
use serde_json::Value;

/// The facts of an event with this data.
pub fn facts(
    tx: &mut Tx<'_>,
    (vendor, program): (&VendorId, &ProgramId),
    kind: EventKind,
    data: &Metadata,
) -> Result<Facts, Error> {
    let mut facts = said(kind, data);
    let partner = facts.of(&Fact::Partner).and_then(|id| PartnerId::parse(id).ok());
    if let Some(id) = partner {
        of_partner(tx, (vendor, program), &id, &mut facts)?;
    }
    Ok(facts)
}

/// The data of a stored event.
pub fn stored_data(body: Option<&str>) -> Result<Option<Metadata>, Error> {
    body.map(telling::data_of).transpose()
}

fn said(kind: EventKind, data: &Metadata) -> Facts {
    let at = |path: &[&str]| {
        let (last, way) = path.split_last()?;
        let place = way.iter().try_fold(data, |map, name| map.get(*name)?.as_object())?;
        place.get(*last).and_then(text)
    };
    let (amount, currency, status): (&[&str], &[&str], &[&str]) = match kind {
        EventKind::SaleRefunded => (&["refund", "amount"], &["sale", "currency"], &["status"]),
        EventKind::SaleDisputed => (&["dispute", "amount"], &["sale", "currency"], &["dispute", "status"]),
        EventKind::SaleCreated => (&["sale", "amount"], &["sale", "currency"], &["status"]),
        EventKind::CommissionCreated | EventKind::CommissionUpdated => {
            (&["earnings"], &["currency"], &["status"])
        }
        _ => (&["amount"], &["currency"], &["status"]),
    };
    let partner: &[&str] = match kind {
        EventKind::LinkCreated => &["partnerId"],
        // Of those who share a sale, whoever said so first; nobody where the vendor did.
        EventKind::SplitCreated | EventKind::SplitUpdated => &["proposedBy", "id"],
        _ if kind.object() == "partner" => &["id"],
        _ => &["partner", "id"],
    };
    let mut facts = Facts::default();
    for (fact, path) in [
        (Fact::Amount, amount),
        (Fact::Currency, currency),
        (Fact::EventName, &["eventName"]),
        (Fact::Credited, &["credited"]),
        (Fact::Status, status),
        (Fact::PreviousStatus, &["previous", "status"]),
        (Fact::Reason, &["reason"]),
        (Fact::Partner, partner),
    ] {
        facts.know(fact, at(path));
    }
    let sale = data.get("sale").and_then(|sale| sale.get("metadata"));
    for (name, value) in sale.or(data.get("metadata")).and_then(Value::as_object).into_iter().flatten() {
        facts.know(Fact::Metadata(name.clone()), text(value));
    }
    facts
}

/// As conditions compare it: text, numbers and yes or no.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn of_partner(
    tx: &mut Tx<'_>,
    (vendor, program): (&VendorId, &ProgramId),
    id: &PartnerId,
    facts: &mut Facts,
) -> Result<(), Error> {
    let Some(partner) = tx.partner(vendor, id)? else { return Ok(()) };
    let known = tx.known_partner(vendor, program, id)?;
    facts.know(Fact::Group, known.group.is_some().then_some(known.group_name.clone()));
    facts.know(Fact::EmailDomain, partner.email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()));
    facts.know(Fact::EmailProven, Some(partner.proven_at.is_some().to_string()));
    let totals = tx.partner_figures(program, id)?;
    for (fact, figure) in [
        (Fact::TotalClicks, totals.clicks),
        (Fact::TotalLeads, totals.leads),
        (Fact::TotalSales, totals.sales),
        (Fact::TotalSaleAmount, totals.amount),
        (Fact::TotalCommissions, totals.earnings()),
    ] {
        facts.know(fact, Some(figure.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telling::example;

    #[track_caller]
    fn check(kind: EventKind, fact: &Fact, expected: Option<&str>) {
        let facts = said(kind, &example(kind).unwrap());
        assert_eq!(facts.of(fact), expected, "{fact:?} of {}", kind.word());
    }

    #[test]
    fn facts_are_found_in_every_kind_of_event() {
        check(EventKind::SaleCreated, &Fact::Amount, Some("7800"));
        check(EventKind::SaleCreated, &Fact::Currency, Some("usd"));
        check(EventKind::SaleCreated, &Fact::Credited, Some("true"));
        check(EventKind::SaleCreated, &Fact::Metadata("plan".into()), Some("pro"));
        check(EventKind::SaleRefunded, &Fact::Amount, Some("3900"));
        check(EventKind::SaleDisputed, &Fact::Status, Some("open"));
        check(EventKind::LeadCreated, &Fact::EventName, Some("Sign up"));
        check(EventKind::LeadCreated, &Fact::Amount, None);
        check(EventKind::CommissionUpdated, &Fact::PreviousStatus, Some("pending"));
        check(EventKind::CommissionCreated, &Fact::Amount, Some("1560"));
        check(EventKind::PayoutPaid, &Fact::Status, Some("completed"));
        for (kind, word, _) in EventKind::ALL {
            let facts = said(kind, &example(kind).unwrap());
            assert!(facts.of(&Fact::Partner).is_some_and(|id| id.starts_with("ptn_")), "{word}");
        }
    }
}
