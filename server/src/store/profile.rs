//! What partners say of themselves, their sessions on our own origin, and what is left when they have it all erased.

use super::partner::read_partner;
use super::program::broken;
use super::{Partner, Row, StoreError, Tx, params};
use goodword_domain::enrollment::Status;
use goodword_domain::id::{EnrollmentId, PartnerId, ProgramId, VendorId};
use goodword_domain::person::Email;
use goodword_domain::risk::mailbox;
use goodword_domain::time::Instant;
use std::collections::BTreeMap;

/// Answers to a program's questions, by the question's id.
pub type Answers = BTreeMap<String, String>;

/// A partner who is signed in on our own origin.
#[derive(Clone, Debug)]
pub struct AccountSession {
    pub vendor: VendorId,
    /// The program whose page he or she came from.
    pub program: ProgramId,
    pub partner: PartnerId,
    pub expires_at: Instant,
}

impl Tx<'_> {
    /// What a partner answered when joining a program.
    pub fn answers_given(&mut self, enrollment: &EnrollmentId) -> Result<Answers, StoreError> {
        let row = self.row("select answers from enrollment where id = $1", params![enrollment])?;
        row.map_or(Ok(Answers::new()), |mut row| serde_json::from_str(&row.next::<String>()?).map_err(broken))
    }

    pub fn set_answers(&mut self, enrollment: &EnrollmentId, answers: &Answers) -> Result<(), StoreError> {
        let text = serde_json::to_string(answers).map_err(broken)?;
        self.execute("update enrollment set answers = $2 where id = $1", params![enrollment, text])?;
        Ok(())
    }

    /// The name others may see; none: nobody may see any.
    pub fn shown_as(&mut self, partner: &PartnerId) -> Result<Option<String>, StoreError> {
        let row = self.row("select shown_as from partner where id = $1", params![partner])?;
        row.map_or(Ok(None), |mut row| row.next())
    }

    pub fn set_shown_as(&mut self, partner: &PartnerId, name: Option<&String>) -> Result<(), StoreError> {
        self.execute("update partner set shown_as = $2 where id = $1", params![partner, name])?;
        Ok(())
    }

    /// The names that partners agreed to show, of those with these ids.
    pub fn shown_names(&mut self, partners: &[String]) -> Result<BTreeMap<PartnerId, String>, StoreError> {
        let sql = "select id, shown_as from partner where id = any($1) and shown_as is not null";
        let rows = self.rows(sql, params![partners])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    pub fn rename_partner(&mut self, partner: &PartnerId, name: &str) -> Result<(), StoreError> {
        self.execute("update partner set name = $2 where id = $1", params![partner, name])?;
        self.directory_changed()
    }

    /// Gives a partner an address that was proven at an instant.
    pub fn change_email(
        &mut self,
        partner: &PartnerId,
        email: &Email,
        proven_at: Instant,
    ) -> Result<(), StoreError> {
        let sql =
            "update partner set email = $2, email_folded = $3, proven_at = $4, mailbox = $5 where id = $1";
        let folded = email.folded();
        let mailbox = mailbox(&folded);
        self.execute(sql, params![partner, email.as_str(), folded, proven_at, mailbox])?;
        self.directory_changed()
    }

    /// The partner of a vendor's own id.
    pub fn partner_by_tenant(
        &mut self,
        vendor: &VendorId,
        tenant: &str,
    ) -> Result<Option<Partner>, StoreError> {
        let sql = "select id, vendor_id, name, email, proven_at, created_at from partner \
                   where vendor_id = $1 and tenant_id = $2";
        self.row(sql, params![vendor, tenant])?.map(read_partner).transpose()
    }

    /// The vendor's own id of a partner.
    pub fn tenant_of(&mut self, partner: &PartnerId) -> Result<Option<String>, StoreError> {
        let row = self.row("select tenant_id from partner where id = $1", params![partner])?;
        row.map_or(Ok(None), |mut row| row.next())
    }

    pub fn set_tenant(&mut self, partner: &PartnerId, tenant: &str) -> Result<(), StoreError> {
        self.execute("update partner set tenant_id = $2 where id = $1", params![partner, tenant])?;
        Ok(())
    }

    /// Stores a session, and forgets those that have ended.
    pub fn insert_account_session(
        &mut self,
        token_hash: &str,
        s: &AccountSession,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.execute("delete from account_session where expires_at < $1", params![now])?;
        let sql = "insert into account_session (token_hash, vendor_id, program_id, partner_id, created_at, expires_at) \
                   values ($1, $2, $3, $4, $5, $6)";
        let values = params![token_hash, &s.vendor, &s.program, &s.partner, now, s.expires_at];
        self.execute(sql, values)?;
        Ok(())
    }

    /// A session that has not ended.
    pub fn account_session(
        &mut self,
        token_hash: &str,
        now: Instant,
    ) -> Result<Option<AccountSession>, StoreError> {
        let sql = "select vendor_id, program_id, partner_id, expires_at from account_session \
                   where token_hash = $1 and expires_at > $2";
        let read = |mut row: Row| {
            Ok(AccountSession {
                vendor: row.next()?,
                program: row.next()?,
                partner: row.next()?,
                expires_at: row.next()?,
            })
        };
        self.row(sql, params![token_hash, now])?.map(read).transpose()
    }

    pub fn delete_account_session(&mut self, token_hash: &str) -> Result<(), StoreError> {
        self.execute("delete from account_session where token_hash = $1", params![token_hash])?;
        Ok(())
    }

    /// The programs a partner is in.
    pub fn programs_of_partner(&mut self, partner: &PartnerId) -> Result<Vec<ProgramId>, StoreError> {
        let sql = "select program_id from enrollment where partner_id = $1 order by id";
        self.rows(sql, params![partner])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// Takes everything personal of a partner away. What was earned and paid stays, under a number: it is bookkeeping, as is how
    /// a payout that was made was paid.
    pub fn erase_partner(&mut self, p: &Partner, at: Instant) -> Result<(), StoreError> {
        let nobody = format!("{}@erased.invalid", p.id);
        let person = "update partner set name = 'Former partner', email = $2, email_folded = $2, proven_at = null, \
                      shown_as = null, tenant_id = null, mailbox = null, erased_at = $3 where id = $1";
        self.execute(person, params![&p.id, nobody, at])?;
        let enrolled =
            "update enrollment set answers = '{}', status = $2, reason = 'erased' where partner_id = $1";
        self.execute(enrolled, params![&p.id, Status::Banned.word()])?;
        self.execute("update link set label = null where partner_id = $1", params![&p.id])?;
        self.execute("delete from partner_profile where partner_id = $1", params![&p.id])?;
        let noted = "delete from link_profile where link_id in (select id from link where partner_id = $1)";
        self.execute(noted, params![&p.id])?;
        self.execute("delete from partner_note where partner_id = $1", params![&p.id])?;
        let said = "update registration_event set note = null where by = 'partner' and registration_id in \
                    (select id from registration where partner_id = $1)";
        self.execute(said, params![&p.id])?;
        self.erase_from_funds(&p.id)?;
        self.erase_from_redemptions(&p.id)?;
        self.erase_split_notes(&p.id)?;
        self.erase_tax_profile(&p.id)?;
        self.execute("delete from payee where partner_id = $1", params![&p.id])?;
        self.execute("delete from partner_seen where partner_id = $1", params![&p.id])?;
        self.execute("delete from account_session where partner_id = $1", params![&p.id])?;
        self.execute("delete from one_time where partner_id = $1", params![&p.id])?;
        self.execute("delete from contact where partner_id = $1", params![&p.id])?;
        self.execute("delete from refused_mail where partner_id = $1", params![&p.id])?;
        let noted = "update claim_event set note = null where claim_id in (select id from claim where partner_id = $1)";
        self.execute(noted, params![&p.id])?;
        // What is written down of past days has names in it; it is written anew.
        let days =
            "delete from journey_day where program in (select number from program where vendor_id = $1)";
        self.execute(days, params![&p.vendor])?;
        self.execute("update completion set metadata = null where partner_id = $1", params![&p.id])?;
        let paid = "update commission set note = null where id in (select commission_id from claim where partner_id = $1 and is_content)";
        self.execute(paid, params![&p.id])?;
        let content = "update claim set invoice_id = 'erased:' || id where partner_id = $1 and is_content";
        self.execute(content, params![&p.id])?;
        let mails = "delete from mail where vendor_id = $1 and recipient = $2";
        self.execute(mails, params![&p.vendor, &p.email])?;
        self.directory_changed()
    }
}
