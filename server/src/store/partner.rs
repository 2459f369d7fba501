//! Partners, their enrollments and their links.

use super::program::broken;
use super::{Row, StoreError, Tx, params};
use goodword_domain::enrollment::Status;
use goodword_domain::event::EventKind;
use goodword_domain::id::{EnrollmentId, GroupId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::risk::mailbox;
use goodword_domain::time::Instant;

/// The columns [`read_partner`] reads, then the rest of the query.
macro_rules! partners {
    ($rest:literal) => {
        concat!("select id, vendor_id, name, email, proven_at, created_at from partner ", $rest)
    };
}

/// The columns [`read_link`] reads, then the rest of the query.
macro_rules! links {
    ($rest:literal) => {
        concat!(
            "select id, number, vendor_id, program_id, partner_id, test, key, code, url, created_at from link ",
            $rest
        )
    };
}

/// Somebody who refers.
#[derive(Clone, Debug)]
pub struct Partner {
    pub id: PartnerId,
    pub vendor: VendorId,
    pub name: String,
    pub email: String,
    pub proven_at: Option<Instant>,
    pub created_at: Instant,
}

/// A partner in a program.
#[derive(Clone, Debug)]
pub struct Enrollment {
    pub id: EnrollmentId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub group: GroupId,
    pub status: Status,
    pub reason: String,
    pub terms_version: String,
    pub created_at: Instant,
}

/// A partner's link with its code.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: LinkId,
    /// By which clicks and tallies know it.
    pub number: i64,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub test: bool,
    pub key: String,
    pub code: String,
    pub url: String,
    pub created_at: Instant,
}

/// What a link and its partner are called.
#[derive(Clone, Debug)]
pub struct LinkLabel {
    pub number: i64,
    pub link: String,
    pub code: String,
    pub partner: String,
    pub name: String,
}

/// Which partners to list.
#[derive(Clone, Debug, Default)]
pub struct PartnerFilter {
    pub program: Option<ProgramId>,
    pub status: Option<String>,
    /// A part of the name or the address, folded to lower case.
    pub search: Option<String>,
    /// The whole address, folded to lower case.
    pub email: Option<String>,
    /// The vendor's own id of the partner.
    pub tenant: Option<String>,
    pub country: Option<String>,
    pub group: Option<String>,
    /// Why the status is what it is, in its word.
    pub reason: Option<String>,
    pub oldest_first: bool,
    pub after: Option<EnrollmentId>,
    pub skip: i64,
    pub limit: i64,
}

/// Which links to list.
#[derive(Clone, Debug, Default)]
pub struct LinkFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    /// A part of the key or of where it leads, folded to lower case.
    pub search: Option<String>,
    pub after: Option<LinkId>,
    pub skip: i64,
    pub limit: i64,
}

impl LinkFilter {
    /// What keys and targets are compared with.
    pub fn pattern(&self) -> Option<String> {
        self.search.as_deref().map(like)
    }
}

impl Tx<'_> {
    pub fn insert_partner(&mut self, p: &Partner, folded: &str) -> Result<(), StoreError> {
        let sql = "insert into partner (id, vendor_id, name, email, email_folded, proven_at, created_at, mailbox) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mailbox = mailbox(folded);
        self.execute(
            sql,
            params![&p.id, &p.vendor, &p.name, &p.email, folded, p.proven_at, p.created_at, mailbox],
        )?;
        Ok(())
    }

    pub fn partner(&mut self, vendor: &VendorId, id: &PartnerId) -> Result<Option<Partner>, StoreError> {
        let sql = partners!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_partner).transpose()
    }

    pub fn partner_by_email(
        &mut self,
        vendor: &VendorId,
        folded: &str,
    ) -> Result<Option<Partner>, StoreError> {
        let sql = partners!("where vendor_id = $1 and email_folded = $2");
        self.row(sql, params![vendor, folded])?.map(read_partner).transpose()
    }

    pub fn prove_partner(&mut self, id: &PartnerId, at: Instant) -> Result<(), StoreError> {
        self.execute(
            "update partner set proven_at = $2 where id = $1 and proven_at is null",
            params![id, at],
        )?;
        Ok(())
    }

    pub fn insert_enrollment(&mut self, e: &Enrollment) -> Result<(), StoreError> {
        let sql = "insert into enrollment (id, vendor_id, program_id, partner_id, group_id, status, reason, \
                   terms_version, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.execute(
            sql,
            params![
                &e.id,
                &e.vendor,
                &e.program,
                &e.partner,
                &e.group,
                e.status.word(),
                &e.reason,
                &e.terms_version,
                e.created_at
            ],
        )?;
        self.tell((&e.vendor, &e.program), kind_of(e.status), e.id.as_str())
    }

    pub fn enrollment(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<Option<Enrollment>, StoreError> {
        let sql = "select id, vendor_id, program_id, partner_id, group_id, status, reason, terms_version, created_at \
                   from enrollment where program_id = $1 and partner_id = $2";
        self.row(sql, params![program, partner])?.map(read_enrollment).transpose()
    }

    /// A partner's earliest enrollment with a vendor, or in one program.
    pub fn earliest_enrollment(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        partner: &PartnerId,
    ) -> Result<Option<EnrollmentId>, StoreError> {
        let sql = "select id from enrollment where partner_id = $1 and vendor_id = $2 \
                   and (cast($3 as text) is null or program_id = $3) order by id limit 1";
        self.row(sql, params![partner, vendor, program])?.map(|mut row| row.next()).transpose()
    }

    pub fn set_enrollment(&mut self, e: &Enrollment, status: Status, reason: &str) -> Result<(), StoreError> {
        let sql = "update enrollment set status = $2, reason = $3 where id = $1";
        self.execute(sql, params![&e.id, status.word(), reason])?;
        self.directory_changed()?;
        self.tell((&e.vendor, &e.program), kind_of(status), e.id.as_str())
    }

    /// Puts a partner into another group of the program.
    pub fn set_group(&mut self, e: &Enrollment, group: &GroupId) -> Result<(), StoreError> {
        self.execute("update enrollment set group_id = $2 where id = $1", params![&e.id, group])?;
        self.directory_changed()?;
        self.tell((&e.vendor, &e.program), EventKind::PartnerGroupChanged, e.id.as_str())
    }

    /// The enrollment of an id.
    pub fn enrollment_by_id(
        &mut self,
        vendor: &VendorId,
        id: &EnrollmentId,
    ) -> Result<Option<Enrollment>, StoreError> {
        let sql = "select id, vendor_id, program_id, partner_id, group_id, status, reason, terms_version, created_at \
                   from enrollment where vendor_id = $1 and id = $2";
        self.row(sql, params![vendor, id])?.map(read_enrollment).transpose()
    }

    /// Enrollments with their partners.
    pub fn enrollments(
        &mut self,
        vendor: &VendorId,
        f: &PartnerFilter,
    ) -> Result<Vec<(Enrollment, Partner)>, StoreError> {
        macro_rules! listed {
            ($order:literal) => {
                concat!(
                    "select e.id, e.vendor_id, e.program_id, e.partner_id, e.group_id, e.status, e.reason, \
                     e.terms_version, e.created_at, p.id, p.vendor_id, p.name, p.email, p.proven_at, p.created_at \
                     from enrollment e join partner p on p.id = e.partner_id \
                     left join partner_profile f on f.partner_id = e.partner_id where e.vendor_id = $1 \
                     and (cast($2 as text) is null or e.program_id = $2) and (cast($3 as text) is null or e.status = $3) \
                     and (cast($4 as text) is null or lower(p.name) like $4 escape '!' or p.email_folded like $4 escape '!') \
                     and (cast($7 as text) is null or p.email_folded = $7) and (cast($8 as text) is null or p.tenant_id = $8) \
                     and (cast($9 as text) is null or f.country = $9) and (cast($10 as text) is null or e.group_id = $10) \
                     and (cast($12 as text) is null or e.reason = $12) ",
                    $order,
                    " limit $6 offset $11"
                )
            };
        }
        let sql = if f.oldest_first {
            listed!("and (cast($5 as text) is null or e.id > $5) order by e.id")
        } else {
            listed!("and (cast($5 as text) is null or e.id < $5) order by e.id desc")
        };
        let pattern = f.search.as_deref().map(like);
        let filter = params![
            vendor, &f.program, &f.status, pattern, &f.after, f.limit, &f.email, &f.tenant, &f.country,
            &f.group, f.skip, &f.reason
        ];
        let read = |mut row: Row| Ok((next_enrollment(&mut row)?, next_partner(&mut row)?));
        self.rows(sql, filter)?.into_iter().map(read).collect()
    }

    pub fn insert_link(&mut self, l: &Link, key_folded: &str, code_folded: &str) -> Result<(), StoreError> {
        // A live link takes precedence over a test link of the same key that is remembered.
        if self.link_by_key(key_folded)?.is_some() {
            self.directory_changed()?;
        }
        let sql = "insert into link (id, vendor_id, program_id, partner_id, test, key, key_folded, code, code_folded, \
                   url, created_at, number) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        self.execute(
            sql,
            params![
                &l.id,
                &l.vendor,
                &l.program,
                &l.partner,
                l.test,
                &l.key,
                key_folded,
                &l.code,
                code_folded,
                &l.url,
                l.created_at,
                l.number
            ],
        )?;
        self.tell((&l.vendor, &l.program), EventKind::LinkCreated, l.id.as_str())
    }

    /// The number of the next link.
    pub fn next_link_number(&mut self) -> Result<i64, StoreError> {
        let row = self.row("select coalesce(max(number), 0) + 1 from link", &[])?;
        row.ok_or_else(|| StoreError::Failed("there is no next link".into()))?.next()
    }

    /// The links of a program with what they are called.
    pub fn link_labels(&mut self, program: &ProgramId) -> Result<Vec<LinkLabel>, StoreError> {
        let sql = "select l.number, l.id, l.code, p.id, p.name from link l join partner p on p.id = l.partner_id \
                   where l.program_id = $1";
        let read = |mut row: Row| {
            Ok(LinkLabel {
                number: row.next()?,
                link: row.next()?,
                code: row.next()?,
                partner: row.next()?,
                name: row.next()?,
            })
        };
        self.rows(sql, params![program])?.into_iter().map(read).collect()
    }

    /// The numbers of a partner's links in a program.
    pub fn link_numbers(&mut self, program: &ProgramId, partner: &PartnerId) -> Result<Vec<i64>, StoreError> {
        let sql = "select number from link where program_id = $1 and partner_id = $2 order by id";
        self.rows(sql, params![program, partner])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// Links of a vendor, newest first.
    pub fn links(&mut self, vendor: &VendorId, f: &LinkFilter) -> Result<Vec<Link>, StoreError> {
        let sql = links!(
            "where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) and (cast($3 \
             as text) is null or partner_id = $3) and (cast($4 as text) is null or id < $4) \
             and (cast($6 as text) is null or lower(key) like $6 escape '!' or lower(url) like $6 escape '!') \
             order by id desc limit $5 offset $7"
        );
        let pattern = f.pattern();
        self.rows(sql, params![vendor, &f.program, &f.partner, &f.after, f.limit, pattern, f.skip])?
            .into_iter()
            .map(read_link)
            .collect()
    }

    /// A partner's links in a program, oldest first, at most a hundred.
    pub fn links_of(&mut self, program: &ProgramId, partner: &PartnerId) -> Result<Vec<Link>, StoreError> {
        let sql = links!("where program_id = $1 and partner_id = $2 order by id limit 100");
        self.rows(sql, params![program, partner])?.into_iter().map(read_link).collect()
    }

    /// The link of a key; a live one before a test one.
    pub fn link_by_key(&mut self, folded: &str) -> Result<Option<Link>, StoreError> {
        let sql = links!("where key_folded = $1 order by case when test then 1 else 0 end limit 1");
        self.row(sql, params![folded])?.map(read_link).transpose()
    }

    pub fn link_by_number(&mut self, number: i64) -> Result<Option<Link>, StoreError> {
        let sql = links!("where number = $1");
        self.row(sql, params![number])?.map(read_link).transpose()
    }

    /// A vendor's link by its key, or else by its code, or else by a name that old links call it by, in one program or in any.
    pub fn vendor_link(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        folded: &str,
    ) -> Result<Option<Link>, StoreError> {
        let by_key = links!(
            "where vendor_id = $1 and key_folded = $2 and (cast($3 as text) is null or program_id \
             = $3) order by id limit 1"
        );
        let by_code = links!(
            "where vendor_id = $1 and code_folded = $2 and (cast($3 as text) is null or \
             program_id = $3) order by id limit 1"
        );
        let by_alias = links!(
            "where id = (select link_id from link_alias where vendor_id = $1 and alias_folded = $2 \
             and (cast($3 as text) is null or program_id = $3) order by link_id limit 1)"
        );
        for sql in [by_key, by_code, by_alias] {
            if let Some(row) = self.row(sql, params![vendor, folded, program])? {
                return read_link(row).map(Some);
            }
        }
        Ok(None)
    }

    pub fn link_by_code(&mut self, program: &ProgramId, folded: &str) -> Result<Option<Link>, StoreError> {
        let sql = links!("where program_id = $1 and code_folded = $2");
        self.row(sql, params![program, folded])?.map(read_link).transpose()
    }

    pub fn link(&mut self, vendor: &VendorId, id: &LinkId) -> Result<Option<Link>, StoreError> {
        let sql = links!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_link).transpose()
    }

    pub fn key_is_taken(&mut self, test: bool, folded: &str) -> Result<bool, StoreError> {
        let sql = "select id from link where test = $1 and key_folded = $2";
        Ok(self.row(sql, params![test, folded])?.is_some())
    }
}

/// What is told of an enrollment that came to stand so.
fn kind_of(status: Status) -> EventKind {
    match status {
        Status::Pending => EventKind::PartnerApplicationSubmitted,
        Status::Approved => EventKind::PartnerEnrolled,
        Status::Rejected => EventKind::PartnerRejected,
        Status::Banned => EventKind::PartnerBanned,
    }
}

/// A pattern that finds `text` anywhere, taken literally.
pub(super) fn like(text: &str) -> String {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

pub(super) fn read_partner(mut row: Row) -> Result<Partner, StoreError> {
    next_partner(&mut row)
}

fn next_partner(row: &mut Row) -> Result<Partner, StoreError> {
    Ok(Partner {
        id: row.next()?,
        vendor: row.next()?,
        name: row.next()?,
        email: row.next()?,
        proven_at: row.next()?,
        created_at: row.next()?,
    })
}

fn read_enrollment(mut row: Row) -> Result<Enrollment, StoreError> {
    next_enrollment(&mut row)
}

fn next_enrollment(row: &mut Row) -> Result<Enrollment, StoreError> {
    Ok(Enrollment {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        group: row.next()?,
        status: Status::parse(&row.next::<String>()?).map_err(broken)?,
        reason: row.next()?,
        terms_version: row.next()?,
        created_at: row.next()?,
    })
}

pub(super) fn read_link(mut row: Row) -> Result<Link, StoreError> {
    Ok(Link {
        id: row.next()?,
        number: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        test: row.next()?,
        key: row.next()?,
        code: row.next()?,
        url: row.next()?,
        created_at: row.next()?,
    })
}
