//! The audit log: who changed what, and what it was before and after.
//!
//! A change that somebody asked for is written down by [`Doing::around`], in the transaction of the change: what it is about is
//! read before and after, and what differs is kept. Which columns are read is said here, column by column, so that no secret, no
//! account's number and nothing personal of a customer can come into the log; free notes stay out, for they may name people.

use super::{Row, StoreError, Tx, Value, params};
use crate::error::Error;
use crate::time::show;
use crate::world::World;
use goodword_domain::id::{AuditId, VendorId};
use goodword_domain::payout::Actor;
use goodword_domain::time::Instant;
use serde_json::{Map, Value as Json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

tokio::task_local! {
    /// What the request that is being answered is about to change.
    static DOING: Arc<Doing>;
}

macro_rules! subjects {
    ($($(#[$doc:meta])* $name:ident = $word:literal, [$($column:literal),*], $from:literal, $newest:expr;)*) => {
        /// What a change is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Subject {
            $($(#[$doc])* $name,)*
        }

        impl Subject {
            /// Its word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            fn columns(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($column),*],)*
                }
            }

            /// What to read of one, by the vendor's id and its own; none where there is nothing to show.
            fn look(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => if $from.is_empty() { None } else {
                        Some(concat!("select ", $($column, ", ",)* "cast(1 as bigint) ", $from))
                    },)*
                }
            }

            /// Finds the id of the one that was made last.
            fn newest(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => $newest,)*
                }
            }
        }
    };
}

macro_rules! newest {
    ($table:literal) => {
        Some(concat!("select id from ", $table, " where vendor_id = $1 order by id desc limit 1"))
    };
}

subjects! {
    /// A program's settings.
    Program = "program",
        ["name", "url", "currency", "auto_approve", "open", "is_default", "terms_version", "terms_url", "link_parameters", "click_days", "widget"],
        "from program where vendor_id = $1 and id = $2", newest!("program");
    /// A program's terms.
    Terms = "program", ["version", "document"],
        "from program_version where vendor_id = $1 and program_id = $2 order by version desc limit 1", None;
    /// Partners that share terms.
    Group = "group", ["name", "program_id"], "from partner_group where vendor_id = $1 and id = $2", newest!("partner_group");
    /// What a program has set aside.
    Budget = "budget", ["amount", "currency", "note", "program_id"],
        "from budget_change where vendor_id = $1 and id = $2", newest!("budget_change");
    /// A partner, in each of his or her programs.
    Partner = "partner", [], "",
        Some("select partner_id from enrollment where vendor_id = $1 order by id desc limit 1");
    /// How a partner is paid; never the account's number.
    Payee = "partner", ["method", "on_hold", "hold_reason"],
        "from payee where vendor_id = $1 and partner_id = $2", None;
    /// What tax law wants to know of a partner; neither address nor number.
    Tax = "partner", ["country", "is_business", "is_exempt", "form", "self_billing"],
        "from partner_tax where vendor_id = $1 and partner_id = $2", None;
    /// A link.
    Link = "link", ["code", "key", "url", "label", "partner_id"], "from link where vendor_id = $1 and id = $2", newest!("link");
    /// A customer; nothing personal.
    Customer = "customer", ["external_id", "partner_id", "bound_by"],
        "from customer where vendor_id = $1 and id = $2", newest!("customer");
    /// A commission.
    Commission = "commission", ["status", "reason", "earnings", "refunded", "currency", "partner_id"],
        "from commission where vendor_id = $1 and id = $2", newest!("commission");
    /// What somebody decided about a commission in review.
    Review = "review", ["decision"], "from review where vendor_id = $1 and commission_id = $2", None;
    /// A partner's word that an order was his or hers.
    Claim = "claim", ["status", "reason", "partner_id", "invoice_id"],
        "from claim where vendor_id = $1 and id = $2", newest!("claim");
    /// Payouts that go out together.
    Batch = "batch", ["status", "currency", "program_id", "created_by_name", "decided_by_name"],
        "from payout_batch where vendor_id = $1 and id = $2", newest!("payout_batch");
    /// A payout.
    Payout = "payout", ["status", "amount", "currency", "partner_id"],
        "from payout where vendor_id = $1 and id = $2", None;
    /// How payouts are approved, and what files say of the payer.
    PayoutSettings = "payout_settings", ["document"], "from payout_setting where vendor_id = $1 and cast($2 as text) is not null", None;
    /// An amount that was set aside in a fund.
    Lot = "lot", ["purse", "partner_id", "currency", "amount", "remaining", "expires_at"],
        "from lot where vendor_id = $1 and id = $2", newest!("lot");
    /// A partner's request for money from a fund.
    FundRequest = "fund_request", ["status", "wanted", "committed", "paid", "released", "currency", "partner_id"],
        "from fund_request where vendor_id = $1 and id = $2", newest!("fund_request");
    /// A claim on what a fund has committed.
    FundClaim = "fund_claim", ["status", "figure", "score", "due", "paid", "partner_id", "request_id"],
        "from fund_claim where vendor_id = $1 and id = $2", newest!("fund_claim");
    /// What proves a claim; never what is in it.
    FundFile = "fund_file", ["media_type", "size", "sha256", "partner_id", "claim_id"],
        "from fund_file where vendor_id = $1 and id = $2", newest!("fund_file");
    /// A deal that a partner registered; nothing personal of the customer.
    Registration = "registration", ["status", "reason", "partner_id", "program_id", "amount"],
        "from registration where vendor_id = $1 and id = $2", newest!("registration");
    /// Points on their way to what they are redeemed for; never what was handed over.
    Redemption = "redemption", ["status", "article_key", "price", "partner_id", "program_id"],
        "from redemption where vendor_id = $1 and id = $2", newest!("redemption");
    /// How a sale is to be shared.
    Split = "split", ["status", "sale_id", "partner_id", "program_id"],
        "from split where vendor_id = $1 and id = $2", newest!("split");
    /// What was posted for a period.
    Settlement = "settlement", ["rule", "starts_at", "ends_at", "program_id"],
        "from settlement where vendor_id = $1 and id = $2", newest!("settlement");
    /// An endpoint that hears of events; never its secret.
    Webhook = "webhook", ["url", "description", "events", "program_id", "disabled_reason", "deleted_at"],
        "from webhook where vendor_id = $1 and id = $2", newest!("webhook");
    /// A rule that acts on events.
    Trigger = "trigger", ["name", "event", "document", "enabled", "program_id", "deleted_at"],
        "from trigger_rule where vendor_id = $1 and id = $2", newest!("trigger_rule");
    /// An account at a payment provider; never its secrets.
    Integration = "integration", ["provider", "active", "program_id"],
        "from integration where vendor_id = $1 and provider = $2", None;
    /// An API key; never the key.
    Key = "key", ["kind", "name", "ends_at", "revoked_at"], "from api_key where vendor_id = $1 and id = $2", newest!("api_key");
    /// The origins whose pages may use publishable keys.
    Origins = "origins", [], "", None;
    /// One of the vendor's people; never the password.
    Person = "person", ["email", "name", "role"], "from person where vendor_id = $1 and id = $2", newest!("person");
    /// Somebody who was asked to join.
    Invitation = "invitation", ["email", "role", "expires_at"],
        "from invitation where vendor_id = $1 and id = $2", newest!("invitation");
    /// What the vendor's people say of a partner; its text stays out, for it goes when the partner is erased.
    Note = "note", ["partner_id", "author"], "from partner_note where vendor_id = $1 and id = $2", newest!("partner_note");
    /// The sandbox's clock.
    Clock = "sandbox", ["clock_offset", "clock_frozen"], "from vendor where id = $1 and cast($2 as text) is not null", None;
    /// What has no state of its own: something was sent, loaded or tried.
    Nothing = "", [], "", None;
}

/// How the one that a change is about is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By these ids.
    Ids(Vec<String>),
    /// It is the one that is made by it; where nothing is made, for the same was asked before, there is nothing to tell.
    Newest,
    /// The same, or one that is there already and is changed; which one is not told then.
    NewestOrOther,
}

/// A change that somebody asked for, while it is being made.
#[derive(Debug)]
pub struct Doing {
    /// Whose data.
    pub vendor: VendorId,
    /// The live vendor: the same, or the one whose sandbox it is.
    pub live: VendorId,
    /// Who.
    pub actor: Actor,
    /// What is done, as in `program.changed`.
    pub action: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// Which one.
    pub named: Named,
    /// Whether it has been written down: a request may take several transactions, and its first is the change.
    noted: AtomicBool,
}

/// What a subject is before or after.
type State = Option<Map<String, Json>>;

impl Doing {
    /// One that is about to begin.
    pub fn new(
        (vendor, live): (VendorId, VendorId),
        actor: Actor,
        action: &'static str,
        (subject, named): (Subject, Named),
    ) -> Self {
        Self { vendor, live, actor, action, subject, named, noted: AtomicBool::new(false) }
    }

    /// Answers a request with every change by it written down.
    pub async fn over<F: Future>(self, work: F) -> F::Output {
        DOING.scope(Arc::new(self), work).await
    }

    /// What the request that is being answered changes, if that is to be written down and has not been.
    pub(super) fn current() -> Option<Arc<Self>> {
        DOING.try_with(Arc::clone).ok().filter(|doing| !doing.noted.load(Ordering::Relaxed))
    }

    /// It is written down and durable.
    pub(super) fn is_noted(&self) {
        self.noted.store(true, Ordering::Relaxed);
    }

    /// Makes the change and writes it down.
    pub(super) fn around<T>(
        &self,
        tx: &mut Tx<'_>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let ids = match &self.named {
            Named::Ids(ids) => ids.clone(),
            Named::Newest | Named::NewestOrOther => Vec::new(),
        };
        let before = ids.iter().map(|id| self.state(tx, id)).collect::<Result<Vec<_>, _>>()?;
        let last = self.newest(tx)?;
        let done = work(tx)?;
        match self.newest(tx)?.filter(|made| Some(made) != last.as_ref()) {
            Some(made) => {
                let after = self.state(tx, &made)?;
                self.note(tx, &made, None, after)?;
            }
            None if self.named == Named::NewestOrOther => self.note(tx, "", None, None)?,
            None => {}
        }
        for (id, before) in ids.iter().zip(before) {
            let after = self.state(tx, id)?;
            let (before, after) = differing(before, after);
            self.note(tx, id, before, after)?;
        }
        Ok(done)
    }

    fn newest(&self, tx: &mut Tx<'_>) -> Result<Option<String>, StoreError> {
        let Some(sql) = self.subject.newest().filter(|_| !matches!(self.named, Named::Ids(_))) else {
            return Ok(None);
        };
        tx.row(sql, params![&self.vendor])?.map(|mut row| row.next()).transpose()
    }

    fn state(&self, tx: &mut Tx<'_>, id: &str) -> Result<State, StoreError> {
        if self.subject == Subject::Origins {
            let origins = tx.origins(&self.live)?.into();
            return Ok(Some(Map::from_iter([("origins".to_owned(), origins)])));
        }
        if self.subject == Subject::Partner {
            return self.enrollments(tx, id);
        }
        let Some(sql) = self.subject.look() else { return Ok(None) };
        let row = tx.row(sql, params![&self.vendor, id])?;
        Ok(row.map(|row| {
            let columns = self.subject.columns().iter().zip(row.values());
            columns.map(|(name, value)| ((*name).to_owned(), told(name, value))).collect()
        }))
    }

    /// A partner's state in each of his or her programs.
    fn enrollments(&self, tx: &mut Tx<'_>, partner: &str) -> Result<State, StoreError> {
        let sql = "select program_id, status, reason, group_id from enrollment where vendor_id = $1 and partner_id = $2";
        let mut programs = Map::new();
        for mut row in tx.rows(sql, params![&self.vendor, partner])? {
            let (program, status, reason, group): (String, String, String, String) =
                (row.next()?, row.next()?, row.next()?, row.next()?);
            programs
                .insert(program, serde_json::json!({ "status": status, "reason": reason, "groupId": group }));
        }
        Ok((!programs.is_empty()).then_some(programs))
    }

    fn note(&self, tx: &mut Tx<'_>, id: &str, before: State, after: State) -> Result<(), Error> {
        let text = |state: State| state.map(|state| Json::Object(state).to_string());
        let entry = AuditLine {
            id: AuditId::from_bits(World.bits()),
            test: self.vendor != self.live,
            at: World.now(),
            actor: self.actor.clone(),
            action: self.action.to_owned(),
            subject_kind: self.subject.word().to_owned(),
            subject_id: id.to_owned(),
            before: text(before),
            after: text(after),
        };
        Ok(tx.add_audit_line(&self.live, &entry)?)
    }
}

/// A column as the log tells it: times as text, documents as such, and of an account's number its end.
fn told(name: &str, value: Value) -> Json {
    match value {
        Value::Int(at) if name.ends_with("_at") => show(Instant(at)).into(),
        Value::Int(0 | 1)
            if matches!(name, "auto_approve" | "open" | "is_default" | "on_hold" | "enabled" | "active") =>
        {
            (value == Value::Int(1)).into()
        }
        Value::Int(number) => number.into(),
        Value::Bool(yes) => yes.into(),
        Value::Text(text) if matches!(name, "document" | "widget") => {
            serde_json::from_str(&text).map_or(Json::String(text), masked)
        }
        Value::Text(text) => text.into(),
        Value::Null | Value::Ints(_) | Value::Texts(_) => Json::Null,
    }
}

/// A document without the numbers of accounts in it.
fn masked(mut document: Json) -> Json {
    match &mut document {
        Json::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let is_number =
                    name.to_lowercase().contains("iban") || name.to_lowercase().contains("account");
                *value = match value.take() {
                    Json::String(text) if is_number => ending(&text).into(),
                    other => masked(other),
                };
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| *item = masked(item.take())),
        _ => {}
    }
    document
}

fn ending(text: &str) -> String {
    let end: Vec<char> = text.chars().rev().take(4).collect();
    end.into_iter().rev().fold("…".to_owned(), |mut out, letter| {
        out.push(letter);
        out
    })
}

/// Only what differs, where there is something on both sides; of documents the parts that differ.
fn differing(before: State, after: State) -> (State, State) {
    let (Some(before), Some(after)) = (&before, &after) else { return (before, after) };
    let (mut was, mut is) = (Map::new(), Map::new());
    for (name, new) in after {
        match (before.get(name), new) {
            (Some(old), new) if old == new => {}
            (Some(Json::Object(old)), Json::Object(new)) => {
                let (old, new) = differing(Some(old.clone()), Some(new.clone()));
                was.insert(name.clone(), old.map_or(Json::Null, Json::Object));
                is.insert(name.clone(), new.map_or(Json::Null, Json::Object));
            }
            (old, new) => {
                was.insert(name.clone(), old.cloned().unwrap_or(Json::Null));
                is.insert(name.clone(), new.clone());
            }
        }
    }
    for (name, old) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        was.insert(name.clone(), old.clone());
    }
    (Some(was), Some(is))
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct AuditLine {
    pub id: AuditId,
    pub test: bool,
    pub at: Instant,
    pub actor: Actor,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    /// JSON.
    pub before: Option<String>,
    /// JSON.
    pub after: Option<String>,
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub test: Option<bool>,
    pub actor: Option<String>,
    /// What the action begins with.
    pub action: Option<String>,
    pub subject: Option<String>,
    pub from: Option<Instant>,
    /// Exclusive.
    pub to: Option<Instant>,
    pub after: Option<AuditId>,
    pub limit: i64,
}

impl Tx<'_> {
    /// Adds a line to a vendor's log.
    pub fn add_audit_line(&mut self, live: &VendorId, e: &AuditLine) -> Result<(), StoreError> {
        let sql = "insert into audit_entry (id, vendor_id, test, at, actor_kind, actor_id, actor, action, subject_kind, subject_id, \
                   before, after) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let kind = if e.actor.is_person { "person" } else { "key" };
        self.execute(
            sql,
            params![
                &e.id,
                live,
                e.test,
                e.at,
                kind,
                &e.actor.id,
                &e.actor.name,
                &e.action,
                &e.subject_kind,
                &e.subject_id,
                &e.before,
                &e.after
            ],
        )?;
        Ok(())
    }

    /// Lines of a vendor's log, the latest first.
    pub fn audit_lines(&mut self, live: &VendorId, f: &AuditFilter) -> Result<Vec<AuditLine>, StoreError> {
        let sql = "select id, test, at, actor_kind, actor_id, actor, action, subject_kind, subject_id, before, after \
                   from audit_entry where vendor_id = $1 and (cast($2 as boolean) is null or test = $2) \
                   and (cast($3 as text) is null or actor_id = $3) \
                   and (cast($4 as text) is null or substr(action, 1, length($4)) = $4) \
                   and (cast($5 as text) is null or subject_id = $5) \
                   and (cast($6 as bigint) is null or at >= $6) and (cast($7 as bigint) is null or at < $7) \
                   and (cast($8 as text) is null or id < $8) order by id desc limit $9";
        let values = params![live, f.test, &f.actor, &f.action, &f.subject, f.from, f.to, &f.after, f.limit];
        self.rows(sql, values)?.into_iter().map(read_line).collect()
    }
}

fn read_line(mut row: Row) -> Result<AuditLine, StoreError> {
    let (id, test, at) = (row.next()?, row.next()?, row.next()?);
    let kind: String = row.next()?;
    let actor = Actor { id: row.next()?, name: row.next()?, is_person: kind == "person" };
    Ok(AuditLine {
        id,
        test,
        at,
        actor,
        action: row.next()?,
        subject_kind: row.next()?,
        subject_id: row.next()?,
        before: row.next()?,
        after: row.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Json) -> State {
        if let Json::Object(fields) = value { Some(fields) } else { None }
    }

    #[test]
    fn only_what_differs_is_kept() {
        let before = map(
            json!({ "name": "Tea", "open": true, "document": { "hold": 30, "rewards": [1] }, "gone": 1 }),
        );
        let after = map(json!({ "name": "Tea", "open": false, "document": { "hold": 14, "rewards": [1] } }));
        let (was, is) = differing(before, after);
        assert_eq!(was, map(json!({ "open": true, "document": { "hold": 30 }, "gone": 1 })));
        assert_eq!(is, map(json!({ "open": false, "document": { "hold": 14 } })));
        assert_eq!(differing(None, map(json!({ "a": 1 }))), (None, map(json!({ "a": 1 }))));
    }

    #[test]
    fn of_an_account_only_the_end_is_told() {
        let told = masked(
            json!({ "debtor": { "iban": "DE89370400440532013000", "name": "Tea" }, "list": [{ "accountNumber": "12345678" }] }),
        );
        assert_eq!(
            told,
            json!({ "debtor": { "iban": "…3000", "name": "Tea" }, "list": [{ "accountNumber": "…5678" }] })
        );
    }

    #[test]
    fn no_column_that_is_read_can_hold_a_secret() {
        for subject in [
            Subject::Key,
            Subject::Person,
            Subject::Webhook,
            Subject::Integration,
            Subject::Payee,
            Subject::Invitation,
        ] {
            for column in subject.columns() {
                assert!(
                    !["hash", "secret", "token", "details", "totp", "password"]
                        .iter()
                        .any(|word| column.contains(word)),
                    "{subject:?} {column}"
                );
            }
        }
    }
}
