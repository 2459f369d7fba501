//! Sales that are shared, on a partner's account page: proposed there, answered there.

use super::Account;
use super::changes::{answer as answered, plain};
use crate::app::{App, Shared};
use crate::crediting::NamedPartner;
use crate::error::Error;
use crate::routes::embed::Own;
use crate::routes::words::{Speech, Words};
use crate::routes::{find, splits};
use crate::splitting::{self, Said};
use crate::store::Tx;
use crate::time::show_day;
use axum::extract::{Form, State};
use axum::response::Response;
use goodword_domain::id::{SaleId, SplitId};
use goodword_domain::split::proposal::{Answer, Status};
use goodword_domain::time::Instant;
use goodword_wire::{SalePartner, SplitProposal};

/// How many splits, and how many commissions to find sales among, the page lists.
const MOST: i64 = 50;

/// What the page says of shared sales.
pub struct Splits {
    /// The latest that concern the partner, newest first.
    pub all: Vec<Shown>,
    /// The partner's own latest sales: id, and what it is called.
    pub sales: Vec<(String, String)>,
}

/// One split.
pub struct Shown {
    pub id: String,
    /// The invoice.
    pub sale: String,
    /// Until when the vendor is to decide, or when that was done.
    pub date: String,
    /// Where it stands, in words.
    pub status: &'static str,
    /// The partner's own part.
    pub mine: String,
    pub parts: Vec<(String, String)>,
    /// What was said with it.
    pub notes: Vec<String>,
    pub is_open: bool,
    /// Whether the partner proposed it.
    pub is_mine: bool,
}

impl Splits {
    /// A partner's in a program.
    pub fn of(tx: &mut Tx<'_>, w: &Words, own: &Own, now: Instant) -> Result<Self, Error> {
        let (program, partner) = (&own.program, &own.partner.id);
        let all = splits::of_partner(tx, program, partner, (MOST, now))?;
        let mut sales = Vec::new();
        for row in tx.latest_commissions_of(&program.id, partner, MOST)? {
            if let (Some(sale), None) = (&row.sale, &row.corrects) {
                let invoice = row.invoice_id.as_deref().unwrap_or_default();
                let earned = row.commission.currency.show(row.commission.earnings);
                sales.push((sale.to_string(), format!("{} {invoice} ({earned})", show_day(row.at.day()))));
            }
        }
        Ok(Self { all: all.into_iter().map(|s| Shown::of(w, partner.as_str(), s)).collect(), sales })
    }

    /// Whether there is anything to say or do.
    pub fn is_shown(&self) -> bool {
        !self.all.is_empty() || !self.sales.is_empty()
    }
}

impl Shown {
    fn of(w: &Words, partner: &str, s: SplitProposal) -> Self {
        let (status, is_open) = match s.status.as_str() {
            "proposed" => (w.split_proposed, true),
            "agreed" => (w.split_agreed, true),
            "disputed" => (w.split_disputed, true),
            "approved" => (w.split_approved, false),
            "rejected" => (w.split_rejected, false),
            _ => (w.split_withdrawn, false),
        };
        let parts = if s.decided.is_empty() { &s.parts } else { &s.decided };
        let mine = parts.iter().find(|part| part.partner.id == partner);
        let date = s.decided_at.as_deref().unwrap_or(&s.due_at).get(..10).unwrap_or_default().to_owned();
        Self {
            sale: s.invoice_id.unwrap_or(s.sale_id),
            date,
            status,
            mine: mine.map_or_else(|| "0 %".to_owned(), |part| format!("{} %", part.percentage)),
            parts: parts.iter().map(|p| (p.partner.name.clone(), format!("{} %", p.percentage))).collect(),
            notes: s.trail.into_iter().filter_map(|event| event.note).collect(),
            is_open,
            is_mine: s.proposed_by.is_some_and(|by| by.id == partner),
            id: s.id,
        }
    }
}

/// A sale to share with another partner.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct ProposeForm {
    mark: String,
    program: String,
    sale: String,
    code: String,
    part: String,
    note: String,
}

/// Proposes that another partner has a part of a sale.
pub async fn propose(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<ProposeForm>,
) -> Response {
    let program = plain(&form.program);
    let done = proposed(&app, &account, form).await;
    answered(&app, words, &account, program, ("split", done)).await
}

async fn proposed(app: &App, account: &Account, form: ProposeForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let id = SaleId::parse(&form.sale)?;
    let note = find::text("note", Some(&form.note), 1000)?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let at = find::now(tx, &own.program.vendor, real)?;
        let sale = tx.sale(&own.program.vendor, &id)?.filter(|sale| sale.program == own.program.id);
        let sale = sale.ok_or_else(|| Error::field("saleId", "is of no sale of yours."))?;
        let part = Some(form.part.trim().replace(',', "."));
        let named = NamedPartner::parse_all(Some(&vec![
            SalePartner {
                code: Some(form.code.trim().to_owned()),
                percentage: part,
                ..SalePartner::default()
            },
            SalePartner { partner_id: Some(own.partner.id.to_string()), ..SalePartner::default() },
        ]))?;
        let said =
            Said { by: "partner".into(), partner: Some(own.partner.id.clone()), note: note.clone(), at };
        splitting::propose(tx, world, (&own.program, &sale), &named, &said).map(drop)
    });
    done.await
}

/// An answer to a proposal.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    mark: String,
    program: String,
    id: String,
    answer: String,
    note: String,
}

/// Agrees, disputes, or takes one's own proposal back.
pub async fn answer(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<AnswerForm>,
) -> Response {
    let program = plain(&form.program);
    let done = said(&app, &account, form).await;
    answered(&app, words, &account, program, ("split_answer", done)).await
}

async fn said(app: &App, account: &Account, form: AnswerForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let id = SplitId::parse(&form.id)?;
    let note = find::text("note", Some(&form.note), 1000)?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let at = find::now(tx, &own.program.vendor, real)?;
        let row = tx.split(&own.program.vendor, &id)?.filter(|row| row.program == own.program.id);
        let concerned = |row: &crate::store::SplitRow| {
            row.proposal.consents.iter().any(|consent| consent.partner == own.partner.id)
        };
        let row = row.filter(concerned).ok_or_else(splitting::no_such_split)?;
        let said =
            Said { by: "partner".into(), partner: Some(own.partner.id.clone()), note: note.clone(), at };
        if form.answer == "withdrawn" {
            if row.proposal.proposer.as_ref() != Some(&own.partner.id) {
                return Err(Error::Forbidden("Only who proposed it can take it back.".into()));
            }
            return splitting::end(tx, world, (&own.program, row), (Status::Withdrawn, None), &said)
                .map(drop);
        }
        let answer = match form.answer.as_str() {
            "agreed" => Answer::Agreed,
            "disputed" => Answer::Disputed,
            _ => return Err(Error::field("answer", "must be `agreed` or `disputed`.")),
        };
        splitting::answer(tx, row, &own.partner.id, answer, &said).map(drop)
    });
    done.await
}
