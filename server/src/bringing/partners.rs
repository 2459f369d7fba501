//! Partners of other programs.

use super::reading::PartnerRow;
use super::{Desk, Outcome};
use crate::enrolling;
use crate::error::Error;
use crate::store::{Enrollment, Partner};
use goodword_domain::code::{Code, fold};
use goodword_domain::id::{EnrollmentId, GroupId, PartnerId};
use goodword_domain::payout::method::{Details, Method};

impl Desk<'_, '_> {
    /// A partner; one of this address who is in the program already is only given the names that are new.
    pub(super) fn partner(&mut self, line: usize, row: &PartnerRow) -> Result<Outcome, Error> {
        Ok(self.store_partner(line, row)?.0)
    }

    pub(super) fn store_partner(
        &mut self,
        line: usize,
        row: &PartnerRow,
    ) -> Result<(Outcome, Partner), Error> {
        let known = self.tx.partner_by_email(&self.program.vendor, &row.email.folded())?;
        let enrolled = match &known {
            Some(partner) => self.tx.enrollment(&self.program.id, &partner.id)?.is_some(),
            None => false,
        };
        let (outcome, partner) = match known {
            Some(partner) if enrolled => {
                let added = self.answer_to(line, &partner, &row.names, row.page.as_deref())?;
                (if added { Outcome::Changed } else { Outcome::Known }, partner)
            }
            known => (Outcome::Made, self.enroll(line, row, known)?),
        };
        self.learn_id(row.id.as_ref(), &partner.id)?;
        self.pay_by(row, &partner)?;
        Ok((outcome, partner))
    }

    fn enroll(&mut self, line: usize, row: &PartnerRow, known: Option<Partner>) -> Result<Partner, Error> {
        let at = row.at.unwrap_or(self.now).min(self.now);
        let group = self.group(line, row.group.as_deref())?;
        let partner = if let Some(partner) = known {
            partner
        } else {
            let partner = Partner {
                id: PartnerId::from_bits(self.world.bits()),
                vendor: self.program.vendor.clone(),
                name: row.name.clone(),
                email: row.email.as_str().to_owned(),
                proven_at: None,
                created_at: at,
            };
            self.tx.insert_partner(&partner, &row.email.folded())?;
            partner
        };
        self.tx.insert_enrollment(&Enrollment {
            id: EnrollmentId::from_bits(self.world.bits()),
            vendor: self.program.vendor.clone(),
            program: self.program.id.clone(),
            partner: partner.id.clone(),
            group,
            status: row.status,
            reason: "imported".into(),
            // Nobody has agreed to these terms yet.
            terms_version: String::new(),
            created_at: at,
        })?;
        let code = self.first_code(&row.names)?;
        let page = row.page.as_deref().and_then(|page| self.page(line, page));
        enrolling::add_link(
            self.tx,
            self.world,
            &self.program,
            &partner,
            code.as_ref(),
            page.as_deref(),
            at,
        )?;
        self.answer_to(line, &partner, &row.names, None)?;
        Ok(partner)
    }

    /// The first of the partner's names that can be a code here.
    fn first_code(&mut self, names: &[String]) -> Result<Option<Code>, Error> {
        for name in names {
            if let Ok(code) = Code::parse(name)
                && self.tx.vendor_link(&self.program.vendor, Some(&self.program.id), &fold(name))?.is_none()
            {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    /// The group of that name, or the default one.
    fn group(&mut self, line: usize, told: Option<&str>) -> Result<GroupId, Error> {
        let named =
            told.and_then(|told| self.groups.iter().find(|group| group.name.eq_ignore_ascii_case(told)));
        if let Some(group) = named {
            return Ok(group.id.clone());
        }
        let default = self.groups.iter().find(|group| group.is_default).or(self.groups.first());
        let default = default.map(|group| (group.id.clone(), group.name.clone()));
        let (id, name) =
            default.ok_or_else(|| Error::internal(format!("program {} has no group", self.program.id)))?;
        if let Some(told) = told {
            self.remark(
                line,
                "group",
                format!("`{told}` is no group of this program: the partner is in `{name}`."),
            );
        }
        Ok(id)
    }

    /// `PayPal`, where the partner has not said otherwise here.
    fn pay_by(&mut self, row: &PartnerRow, partner: &Partner) -> Result<(), Error> {
        let Some(email) = &row.paypal else { return Ok(()) };
        if self.tx.payee(&partner.id)?.method.is_none() {
            let details = Details { email: Some(email.as_str()), ..Details::default() };
            let method = Method::parse("paypal", &details)?;
            self.tx.set_method(&self.program.vendor, &partner.id, &method, self.now)?;
        }
        Ok(())
    }
}
