//! Triggers as documents: checked field by field, kept as they were sent, and told as a sentence.

use super::with;
use crate::document::condition;
use crate::error::Error;
use crate::routes::find;
use crate::store::{Trigger, Tx};
use goodword_domain::Invalid;
use goodword_domain::event::EventKind;
use goodword_domain::id::{GroupId, WebhookId};
use goodword_domain::reward::{Compared, Condition};
use goodword_domain::trigger::{Action, Fact, MOST_ACTIONS, MOST_GRANTED, Recipient, Rule};
use goodword_wire::{self as wire, TriggerAction};
use serde::{Deserialize, Serialize};

/// What is kept of a trigger's document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stored {
    pub when: Option<wire::Condition>,
    pub actions: Vec<TriggerAction>,
}

/// The rule of a stored trigger.
pub fn read(trigger: &Trigger) -> Result<Rule, Error> {
    let broken = |e: &dyn std::fmt::Display| Error::internal(format!("{} is broken: {e}", trigger.id));
    let stored: Stored = serde_json::from_str(&trigger.document).map_err(|e| broken(&e))?;
    parse(trigger.event, &stored).map_err(|e| broken(&e))
}

/// The rule a document says; a refusal names the field.
pub fn parse(event: EventKind, stored: &Stored) -> Result<Rule, Error> {
    if !(1..=MOST_ACTIONS).contains(&stored.actions.len()) {
        return Err(Error::field("actions", format!("must be 1 to {MOST_ACTIONS}.")));
    }
    let action = |(place, action): (usize, &TriggerAction)| {
        self::action(action).map_err(|e| e.within(&format!("actions[{place}]")))
    };
    Ok(Rule {
        event,
        when: condition::read(stored.when.as_ref())?,
        actions: stored.actions.iter().enumerate().map(action).collect::<Result<_, _>>()?,
    })
}

fn action(a: &TriggerAction) -> Result<Action, Invalid> {
    let (action, takes): (Action, &[&str]) = match a.kind.as_str() {
        "approve" => (Action::Approve, &[]),
        "move_to_group" => {
            let id = a.group_id.as_deref().ok_or_else(|| needed("groupId"))?;
            (Action::MoveToGroup(GroupId::parse(id)?), &["groupId"])
        }
        "points" => (Action::Points(granted(a)?), &["amount"]),
        "bonus" => (Action::Bonus(granted(a)?), &["amount"]),
        "mail" => (mail(a)?, &["to", "subject", "body"]),
        "webhook" => {
            let id = a.webhook_id.as_deref().ok_or_else(|| needed("webhookId"))?;
            (Action::Webhook(WebhookId::parse(id)?), &["webhookId"])
        }
        _ => {
            let remedy = "must be `approve`, `move_to_group`, `points`, `bonus`, `mail` or `webhook`.";
            return Err(Invalid::new("type", remedy));
        }
    };
    for (name, sent) in [
        ("groupId", a.group_id.is_some()),
        ("amount", a.amount.is_some()),
        ("to", a.to.is_some()),
        ("subject", a.subject.is_some()),
        ("body", a.body.is_some()),
        ("webhookId", a.webhook_id.is_some()),
    ] {
        if sent && !takes.contains(&name) {
            return Err(Invalid::new(name, format!("says nothing to `{}`: leave it out.", a.kind)));
        }
    }
    Ok(action)
}

fn needed(field: &'static str) -> Invalid {
    Invalid::new(field, "is needed and was not sent.")
}

fn granted(a: &TriggerAction) -> Result<i64, Invalid> {
    let amount = a.amount.ok_or_else(|| needed("amount"))?;
    if (1..=MOST_GRANTED).contains(&amount) {
        Ok(amount)
    } else {
        Err(Invalid::new("amount", format!("must be 1 to {MOST_GRANTED}; it is {amount}.")))
    }
}

fn mail(a: &TriggerAction) -> Result<Action, Invalid> {
    let to = match a.to.as_deref() {
        None | Some("partner") => Recipient::Partner,
        Some("owner") => Recipient::Owner,
        Some(_) => return Err(Invalid::new("to", "must be `partner` or `owner`.")),
    };
    let text = |field: &'static str, text: Option<&String>, most: usize| {
        let text = text.map(|t| t.trim()).filter(|t| !t.is_empty()).ok_or_else(|| needed(field))?;
        if text.chars().count() > most {
            return Err(Invalid::new(field, format!("must be at most {most} characters.")));
        }
        Ok(text.to_owned())
    };
    let subject = text("subject", a.subject.as_ref(), 200)?;
    if subject.chars().any(char::is_control) {
        return Err(Invalid::new("subject", "must be one line."));
    }
    Ok(Action::Mail { to, subject, body: text("body", a.body.as_ref(), 5_000)? })
}

/// A stored trigger as it is told.
pub fn show(tx: &mut Tx<'_>, t: &Trigger) -> Result<wire::Trigger, Error> {
    let rule = read(t)?;
    let stored: Stored = serde_json::from_str(&t.document).map_err(|e| Error::internal(e.to_string()))?;
    Ok(wire::Trigger {
        id: t.id.to_string(),
        name: t.name.clone(),
        program_id: t.program.to_string(),
        event: t.event.word().into(),
        when: stored.when,
        actions: stored.actions,
        says: says(tx, t, &rule)?,
        status: if t.enabled { "enabled" } else { "disabled" }.into(),
        created_at: crate::time::show(t.created_at),
    })
}

/// A trigger in a sentence.
pub fn says(tx: &mut Tx<'_>, trigger: &Trigger, rule: &Rule) -> Result<String, Error> {
    let when = match &rule.when {
        Condition::All(parts) if parts.is_empty() => String::new(),
        condition => format!(", if {}", in_words(condition)),
    };
    let program = find::program_by_id(tx, &trigger.vendor, &trigger.program)?;
    let currency = program.terms.currency;
    let mut actions = Vec::with_capacity(rule.actions.len());
    for action in &rule.actions {
        actions.push(match action {
            Action::Approve => "approve the partner".to_owned(),
            Action::MoveToGroup(group) => format!("move the partner to {}", tx.group_name(Some(group))?),
            Action::Points(points) => format!("grant {points} points"),
            Action::Bonus(amount) => format!("grant {}", currency.show(*amount)),
            Action::Mail { to: Recipient::Partner, subject, .. } => format!("mail the partner “{subject}”"),
            Action::Mail { to: Recipient::Owner, subject, .. } => format!("mail the owners “{subject}”"),
            Action::Webhook(id) => {
                let webhook = tx.webhook(&trigger.vendor, id)?;
                format!("call {}", webhook.map_or_else(|| "an endpoint that is gone".into(), |w| w.url))
            }
        });
    }
    Ok(format!("On {}{when}: {}.", rule.event.word(), actions.join("; ")))
}

fn in_words(condition: &Condition<Fact>) -> String {
    let all = |parts: &[Condition<Fact>], joint: &str| {
        let words: Vec<String> = parts.iter().map(in_words).collect();
        if words.len() == 1 { words.concat() } else { format!("({})", words.join(joint)) }
    };
    match condition {
        Condition::All(parts) if parts.is_empty() => "always".into(),
        Condition::All(parts) => all(parts, " and "),
        Condition::Any(parts) => all(parts, " or "),
        Condition::Not(part) => format!("not {}", in_words(part)),
        Condition::Is { field, comparison } => format!("{} {}", field.word(), with(comparison)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn refused(action: serde_json::Value) -> String {
        let stored = Stored { when: None, actions: vec![serde_json::from_value(action).unwrap()] };
        parse(EventKind::SaleCreated, &stored).unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_names_the_field() {
        let of = |action| refused(action).split('`').nth(1).unwrap_or_default().to_owned();
        assert_eq!(of(json!({ "type": "explode" })), "actions[0].type");
        assert_eq!(of(json!({ "type": "points" })), "actions[0].amount");
        assert_eq!(of(json!({ "type": "bonus", "amount": 0 })), "actions[0].amount");
        assert_eq!(of(json!({ "type": "approve", "amount": 5 })), "actions[0].amount");
        assert_eq!(of(json!({ "type": "move_to_group", "groupId": "grp_x" })), "actions[0].groupId");
        assert_eq!(of(json!({ "type": "mail", "subject": "Hi\nBcc: x", "body": "x" })), "actions[0].subject");
        assert_eq!(
            of(json!({ "type": "mail", "to": "mallory@x", "subject": "s", "body": "b" })),
            "actions[0].to"
        );
        let when = serde_json::from_value(json!({ "all": [{ "field": "colour", "is": ["red"] }] })).unwrap();
        let stored = Stored {
            when: Some(when),
            actions: vec![TriggerAction { kind: "approve".into(), ..Default::default() }],
        };
        let refused = parse(EventKind::SaleCreated, &stored).unwrap_err().to_string();
        assert!(refused.starts_with("`when.all[0].field`"), "{refused}");
    }

    #[test]
    fn conditions_read_as_words() {
        let when = json!({ "any": [{ "field": "totalSales", "atLeast": 10 }, { "not": { "field": "group", "is": ["Gold"] } }] });
        let condition: Condition<Fact> =
            condition::read(Some(&serde_json::from_value(when).unwrap())).unwrap();
        assert_eq!(in_words(&condition), "(totalSales is at least 10 or not group is Gold)");
    }
}
