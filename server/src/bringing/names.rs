//! Which partner a row means, and the names by which old links call a partner.

use super::reading::{LinkRow, Who};
use super::{Desk, Outcome};
use crate::enrolling;
use crate::error::Error;
use crate::store::{Answer, Link, Partner};
use goodword_domain::code::{Code, fold};
use goodword_domain::id::PartnerId;
use std::sync::Arc;

/// Under which a partner's id there is kept.
const KIND: &str = "import-partner";

impl Desk<'_, '_> {
    /// The partner a row means: by the address, by the other program's id, or by what stands in a link.
    pub(super) fn whom(&mut self, who: &Who) -> Result<PartnerId, Error> {
        if let Some(known) = self.known.get(who) {
            return Ok(known.clone());
        }
        let found = match self.find(who)? {
            Some(found) => found,
            None => self.foresee(who)?.ok_or_else(|| {
                let field = match who {
                    Who { email: Some(_), .. } => "partner_email",
                    Who { id: Some(_), .. } => "partner_id",
                    Who { .. } => "code",
                };
                Error::field(field, "names no partner of this program: bring the partners first.")
            })?,
        };
        self.known.insert(who.clone(), found.clone());
        Ok(found)
    }

    fn find(&mut self, who: &Who) -> Result<Option<PartnerId>, Error> {
        let (vendor, program) = (self.program.vendor.clone(), self.program.id.clone());
        let mut found = None;
        if let Some(email) = &who.email {
            found = self.tx.partner_by_email(&vendor, email)?.map(|partner| partner.id);
        }
        if let (None, Some(id)) = (&found, &who.id) {
            found = self.partner_of_id(id)?;
        }
        if let (None, Some(code)) = (&found, &who.code) {
            found = self.tx.vendor_link(&vendor, Some(&program), &fold(code))?.map(|link| link.partner);
        }
        let Some(id) = found else { return Ok(None) };
        Ok(self.tx.enrollment(&program, &id)?.map(|enrollment| enrollment.partner))
    }

    /// In a dry run, a partner whom an earlier file would have brought.
    fn foresee(&mut self, who: &Who) -> Result<Option<PartnerId>, Error> {
        let foreseen = who.names().find_map(|name| self.foreseen.0.get(&name).map(Arc::clone));
        let Some(row) = foreseen else { return Ok(None) };
        let partner = self.store_partner(0, &row)?.1;
        Ok(Some(partner.id))
    }

    fn partner_of_id(&mut self, id: &str) -> Result<Option<PartnerId>, Error> {
        let key = self.key(id, KIND);
        let known = self.tx.answers(std::slice::from_ref(&key))?.remove(&key);
        Ok(known.map(|(_, id)| PartnerId::parse(&id)).transpose()?)
    }

    /// Writes down a partner's id there, unless it is known.
    pub(super) fn learn_id(&mut self, id: Option<&String>, partner: &PartnerId) -> Result<(), Error> {
        let Some(id) = id else { return Ok(()) };
        if self.partner_of_id(id)?.is_none() {
            let answer = Answer {
                key: self.key(id, KIND),
                hash: String::new(),
                text: partner.to_string(),
                at: self.now,
            };
            self.tx.insert_answers(&[answer])?;
        }
        Ok(())
    }

    /// Names of a partner's links or codes.
    pub(super) fn link(&mut self, line: usize, row: &LinkRow) -> Result<Outcome, Error> {
        // What the row is about may be unknown; it does not say who.
        let id = self.whom(&Who { code: None, ..row.who.clone() })?;
        let partner = self.tx.partner(&self.program.vendor, &id)?;
        let partner = partner.ok_or_else(|| Error::internal(format!("partner {id} vanished")))?;
        let added = self.answer_to(line, &partner, &row.names, row.page.as_deref())?;
        Ok(if added { Outcome::Made } else { Outcome::Known })
    }

    /// Has a partner's links answer to names; says whether one is new. A name that can be a code becomes a link with that code, and
    /// any other leads to the partner's first link.
    pub(super) fn answer_to(
        &mut self,
        line: usize,
        partner: &Partner,
        names: &[String],
        page: Option<&str>,
    ) -> Result<bool, Error> {
        let page = page.and_then(|page| self.page(line, page));
        let mut added = false;
        for name in names {
            let folded = fold(name);
            let known = self.tx.vendor_link(&self.program.vendor, Some(&self.program.id), &folded)?;
            match known {
                Some(found) if found.partner == partner.id => {}
                Some(_) => {
                    let message = format!(
                        "`{name}` leads to another partner here already: it stays so, and links with it are credited to that one."
                    );
                    self.remark(line, "code", message);
                }
                None => {
                    added = true;
                    self.add_name(partner, name, &folded, page.as_deref())?;
                }
            }
        }
        Ok(added)
    }

    fn add_name(
        &mut self,
        partner: &Partner,
        name: &str,
        folded: &str,
        page: Option<&str>,
    ) -> Result<(), Error> {
        if let Ok(code) = Code::parse(name) {
            enrolling::add_link(self.tx, self.world, &self.program, partner, Some(&code), page, self.now)?;
            return Ok(());
        }
        let first = self.first_link(&partner.id)?;
        Ok(self.tx.insert_alias(&first, (name, folded), self.source.word(), self.now)?)
    }

    /// A partner's first link.
    pub(super) fn first_link(&mut self, partner: &PartnerId) -> Result<Link, Error> {
        let first = self.tx.links_of(&self.program.id, partner)?.into_iter().next();
        first.ok_or_else(|| Error::internal(format!("partner {partner} has no link")))
    }

    /// A page a link may lead to; another is told, and the link leads to the program's page.
    pub(super) fn page(&mut self, line: usize, page: &str) -> Option<String> {
        if let Ok(page) = enrolling::parse_vendor_page(self.tx, &self.program, "link", page) {
            Some(page)
        } else {
            let message = format!(
                "`{page}` is not on the program's site or an allowed origin: the link leads to the program's page."
            );
            self.remark(line, "link", message);
            None
        }
    }
}
