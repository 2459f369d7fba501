//! Triggers being edited: text as it is typed, and the same as the wire has it. Pure.

use crate::format;
use crate::terms::{Fault, Faults};
use crate::text::{key, t};
use goodword_wire::{Condition, Trigger, TriggerAction, TriggerInput};

/// The facts a trigger can compare, with what they are called.
pub const FACTS: [(&str, &str); 17] = [
    ("amount", key("Amount")),
    ("currency", key("Currency")),
    ("eventName", key("Name of the event")),
    ("credited", key("Credited (true or false)")),
    ("status", key("Status")),
    ("previousStatus", key("Status before")),
    ("reason", key("Reason")),
    ("partner", key("Partner’s id")),
    ("group", key("Partner’s group")),
    ("emailDomain", key("Domain of the partner’s address")),
    ("emailProven", key("Address is proven (true or false)")),
    ("totalClicks", key("Partner’s clicks")),
    ("totalLeads", key("Partner’s sign-ups")),
    ("totalSales", key("Partner’s sales")),
    ("totalSaleAmount", key("What the partner has sold")),
    ("totalCommissions", key("What the partner has earned")),
    ("metadata", key("Metadata")),
];

/// How they are compared.
pub const OPS: [(&str, &str); 4] = [
    ("is", key("is one of")),
    ("isNot", key("is none of")),
    ("atLeast", key("is at least")),
    ("atMost", key("is at most")),
];

/// What a trigger can do.
pub const ACTIONS: [(&str, &str); 6] = [
    ("approve", key("Approve the partner")),
    ("move_to_group", key("Move to a group")),
    ("points", key("Grant points")),
    ("bonus", key("Grant a bonus")),
    ("mail", key("Write a mail")),
    ("webhook", key("Call an endpoint")),
];

/// A trigger as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleForm {
    pub name: String,
    pub program: String,
    pub event: String,
    /// Whether one comparison is enough.
    pub any: bool,
    pub compares: Vec<CompareForm>,
    pub actions: Vec<ActionForm>,
}

/// A comparison as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompareForm {
    pub field: String,
    /// Of the metadata.
    pub name: String,
    pub op: String,
    pub value: String,
}

/// An action as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionForm {
    pub kind: String,
    pub group: String,
    pub amount: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub webhook: String,
}

/// Whether a fact is compared as a number.
pub fn is_number(field: &str) -> bool {
    matches!(field, "amount" | "metadata") || field.starts_with("total")
}

/// Whether that number is an amount of money.
pub fn is_money(field: &str) -> bool {
    matches!(field, "amount" | "totalSaleAmount" | "totalCommissions")
}

impl CompareForm {
    /// A first one.
    pub fn new() -> Self {
        Self { field: "totalSales".into(), op: "atLeast".into(), ..Self::default() }
    }

    fn of(condition: &Condition, currency: &str) -> Option<Self> {
        let field = condition.field.clone()?;
        let (field, name) = match field.split_once("metadata.") {
            Some((_, name)) => ("metadata".to_owned(), name.to_owned()),
            None => (field, String::new()),
        };
        let number = |n: i64| if is_money(&field) { format::units(n, currency) } else { n.to_string() };
        let (op, value) = match condition {
            Condition { is: Some(list), .. } => ("is", crate::terms::list::show(list)),
            Condition { is_not: Some(list), .. } => ("isNot", crate::terms::list::show(list)),
            Condition { at_least: Some(n), .. } => ("atLeast", number(*n)),
            Condition { at_most: Some(n), .. } => ("atMost", number(*n)),
            _ => return None,
        };
        Some(Self { field, name, op: op.into(), value })
    }

    fn read(&self, currency: &str) -> Result<Condition, String> {
        let field = if self.field == "metadata" {
            format!("metadata.{}", self.name.trim())
        } else {
            self.field.clone()
        };
        let blank = Condition { field: Some(field), ..Condition::default() };
        let list = || Some(crate::terms::list::read(&self.value));
        let number = || {
            if is_money(&self.field) {
                return format::typed(&self.value, currency);
            }
            self.value.trim().parse::<i64>().map_err(|_| t("Type a whole number.").to_owned())
        };
        Ok(match self.op.as_str() {
            "isNot" => Condition { is_not: list(), ..blank },
            "atLeast" => Condition { at_least: Some(number()?), ..blank },
            "atMost" => Condition { at_most: Some(number()?), ..blank },
            _ => Condition { is: list(), ..blank },
        })
    }
}

impl ActionForm {
    /// One of a kind.
    pub fn new(kind: &str) -> Self {
        Self { kind: kind.into(), to: "partner".into(), ..Self::default() }
    }

    fn of(action: &TriggerAction, currency: &str) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let amount = |n: i64| if action.kind == "bonus" { format::units(n, currency) } else { n.to_string() };
        Self {
            kind: action.kind.clone(),
            group: text(&action.group_id),
            amount: action.amount.map(amount).unwrap_or_default(),
            to: action.to.clone().unwrap_or_else(|| "partner".into()),
            subject: text(&action.subject),
            body: text(&action.body),
            webhook: text(&action.webhook_id),
        }
    }

    fn read(&self, currency: &str) -> Result<TriggerAction, String> {
        let blank = TriggerAction { kind: self.kind.clone(), ..TriggerAction::default() };
        let said = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let whole = || self.amount.trim().parse::<i64>().map_err(|_| t("Type a whole number.").to_owned());
        Ok(match self.kind.as_str() {
            "move_to_group" => TriggerAction { group_id: said(&self.group), ..blank },
            "points" => TriggerAction { amount: Some(whole()?), ..blank },
            "bonus" => TriggerAction { amount: Some(format::typed(&self.amount, currency)?), ..blank },
            "mail" => TriggerAction {
                to: said(&self.to),
                subject: said(&self.subject),
                body: said(&self.body),
                ..blank
            },
            "webhook" => TriggerAction { webhook_id: said(&self.webhook), ..blank },
            _ => blank,
        })
    }
}

impl RuleForm {
    /// An empty one for a program.
    pub fn new(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            event: "sale.created".into(),
            actions: vec![ActionForm::new("points")],
            ..Self::default()
        }
    }

    /// A stored one, unless its condition has groups within groups.
    pub fn of(trigger: &Trigger, currency: &str) -> Option<Self> {
        let (any, parts) = match &trigger.when {
            None => (false, Vec::new()),
            Some(Condition { all: Some(parts), .. }) => (false, parts.clone()),
            Some(Condition { any: Some(parts), .. }) => (true, parts.clone()),
            Some(one) => (false, vec![one.clone()]),
        };
        Some(Self {
            name: trigger.name.clone(),
            program: trigger.program_id.clone(),
            event: trigger.event.clone(),
            any,
            compares: parts.iter().map(|part| CompareForm::of(part, currency)).collect::<Option<_>>()?,
            actions: trigger.actions.iter().map(|action| ActionForm::of(action, currency)).collect(),
        })
    }

    /// As it is sent, or what is wrong with it.
    pub fn read(&self, currency: &str) -> Result<TriggerInput, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut parts = Vec::new();
        for (place, compare) in self.compares.iter().enumerate() {
            match compare.read(currency) {
                Ok(part) => parts.push(part),
                Err(reason) => faults.push(Fault { path: self.compare_path(place), reason }),
            }
        }
        let mut actions = Vec::new();
        for (place, action) in self.actions.iter().enumerate() {
            match action.read(currency) {
                Ok(action) => actions.push(action),
                Err(reason) => faults.push(Fault { path: format!("actions[{place}].amount"), reason }),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let when = if self.any && !parts.is_empty() {
            Condition { any: Some(parts), ..Condition::default() }
        } else {
            Condition { all: Some(parts), ..Condition::default() }
        };
        Ok(TriggerInput {
            name: Some(self.name.clone()),
            program_id: Some(self.program.clone()),
            event: Some(self.event.clone()),
            when: Some(when),
            actions: Some(actions),
            status: None,
        })
    }

    /// Where a comparison stands, as the API spells it.
    pub fn compare_path(&self, place: usize) -> String {
        format!("when.{}[{place}]", if self.any { "any" } else { "all" })
    }

    /// Faults beside the fields there are.
    pub fn faults(&self, faults: Vec<Fault>) -> Faults {
        let mut places: Vec<String> = ["name", "event", "when", "actions"].map(str::to_owned).to_vec();
        places.extend((0..self.compares.len()).map(|place| self.compare_path(place)));
        for place in 0..self.actions.len() {
            let at = format!("actions[{place}]");
            places.extend(
                ["amount", "groupId", "subject", "body", "webhookId"].map(|name| format!("{at}.{name}")),
            );
            places.push(at);
        }
        Faults::new(faults, &places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::reward::Compared as _;
    use goodword_domain::trigger::Fact;

    fn stored(when: &serde_json::Value) -> Trigger {
        let trigger = serde_json::json!({
            "id": "trg_1", "name": "Gold", "programId": "prg_1", "event": "sale.created", "when": when, "says": "",
            "actions": [{ "type": "bonus", "amount": 1050 }, { "type": "mail", "subject": "S", "body": "B" }],
            "status": "enabled", "createdAt": "",
        });
        serde_json::from_value(trigger).unwrap()
    }

    #[test]
    fn every_fact_of_the_server_can_be_chosen() {
        for word in Fact::words() {
            assert!(FACTS.iter().any(|(fact, _)| *fact == word), "{word}");
            assert_eq!(is_number(word), Fact::parse(word).unwrap().is_number(), "{word}");
        }
        assert_eq!(FACTS.len(), Fact::words().count() + 1, "and metadata");
    }

    #[test]
    fn what_is_stored_is_typed_and_read_again() {
        let when = serde_json::json!({ "any": [
            { "field": "amount", "atLeast": 5000 }, { "field": "metadata.plan", "is": ["pro", "a, b"] },
        ] });
        let form = RuleForm::of(&stored(&when), "usd").unwrap();
        assert_eq!(
            (form.any, form.compares[0].value.as_str(), form.actions[0].amount.as_str()),
            (true, "50.00", "10.50")
        );
        assert_eq!(form.compares[1].name, "plan");
        let input = form.read("usd").unwrap();
        assert_eq!(serde_json::to_value(input.when).unwrap(), when);
        assert_eq!(input.actions.unwrap()[0].amount, Some(1050));
    }

    #[test]
    fn groups_within_groups_are_left_to_the_api() {
        let when = serde_json::json!({ "all": [{ "not": { "field": "group", "is": ["Gold"] } }] });
        assert_eq!(RuleForm::of(&stored(&when), "usd"), None);
        assert!(RuleForm::of(&stored(&serde_json::Value::Null), "usd").unwrap().compares.is_empty());
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let mut form = RuleForm::new("prg_1");
        form.compares.push(CompareForm { value: "many".into(), ..CompareForm::new() });
        let faults = form.faults(form.read("usd").unwrap_err());
        assert_eq!(faults.at("when.all[0]"), Some("Type a whole number."));
        assert_eq!(faults.at("actions[0].amount"), Some("Type a whole number."));
        let server = form.faults(vec![Fault::of_server("`actions[0].groupId` is needed.")]);
        assert_eq!(server.at("actions[0].groupId"), Some("is needed."));
    }
}
