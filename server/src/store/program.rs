//! Programs, groups and rewards.

use super::page::turned;
use super::{Page, Row, StoreError, Tx, params};
use crate::document;
use crate::hash;
use goodword_domain::id::{GroupId, ProgramId, VendorId};
use goodword_domain::program::Terms;
use goodword_domain::time::Instant;
use goodword_wire::WidgetSettings;

/// The columns [`read_program`] reads, then the rest of the query.
macro_rules! programs {
    ($($rest:literal),+) => {
        concat!(
            "select id, number, vendor_id, name, url, currency, auto_approve, open, is_default, terms_version, terms_url, link_parameters, click_days, \
             created_at, widget from program ",
            $($rest),+
        )
    };
}

/// A vendor's offer to its partners.
#[derive(Clone, Debug)]
pub struct Program {
    pub id: ProgramId,
    /// By which clicks and tallies know it.
    pub number: i64,
    pub vendor: VendorId,
    pub name: String,
    pub url: String,
    /// The terms in force.
    pub terms: Terms,
    /// All versions of them, the first first; the last is in force.
    pub versions: Vec<Version>,
    pub auto_approve: bool,
    pub open: bool,
    pub is_default: bool,
    pub terms_version: String,
    pub terms_url: String,
    pub link_parameters: Vec<String>,
    /// For how many days clicks are kept; none: for ever.
    pub click_days: Option<i64>,
    pub created_at: Instant,
    /// What its widget looks like, asks and offers. Not among the terms: what it says is paid to nobody.
    pub widget: WidgetSettings,
}

/// A program's terms from an instant on.
#[derive(Clone, Debug)]
pub struct Version {
    /// Counted from 1.
    pub number: i64,
    pub since: Instant,
    pub terms: Terms,
}

impl Program {
    /// The version in force at an instant; the first for all that was before.
    pub fn version_at(&self, at: Instant) -> (i64, &Terms) {
        let found = self.versions.iter().rev().find(|version| version.since <= at).or(self.versions.first());
        found.map_or((0, &self.terms), |version| (version.number, &version.terms))
    }

    /// Whether what an event earns can depend on what was earned before: under any version, for reports come late.
    pub fn counts(&self) -> bool {
        self.terms.counts() || self.versions.iter().any(|version| version.terms.counts())
    }

    /// The number of the version in force.
    pub fn version(&self) -> i64 {
        self.versions.last().map_or(0, |version| version.number)
    }
}

/// The lock under which those who count on what a program has paid before take turns.
pub fn counting_lock(program: &ProgramId) -> i64 {
    hash::number(&format!("counts:{program}"))
}

/// Partners that share terms.
#[derive(Clone, Debug)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub is_default: bool,
}

impl Tx<'_> {
    pub fn insert_program(&mut self, p: &Program) -> Result<(), StoreError> {
        let sql = "insert into program (id, vendor_id, name, url, currency, auto_approve, open, is_default, terms_version, \
                   terms_url, link_parameters, created_at, number, click_days, widget) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        self.execute(
            sql,
            params![
                &p.id,
                &p.vendor,
                &p.name,
                &p.url,
                p.terms.currency,
                p.auto_approve,
                p.open,
                p.is_default,
                &p.terms_version,
                &p.terms_url,
                p.link_parameters.join(" "),
                p.created_at,
                p.number,
                p.click_days,
                write_widget(&p.widget)?
            ],
        )?;
        self.begin_rounds(&p.vendor, &p.id, p.created_at)?;
        self.insert_version(p, 1, p.created_at)
    }

    /// The number of the next program.
    pub fn next_program_number(&mut self) -> Result<i64, StoreError> {
        let row = self.row("select coalesce(max(number), 0) + 1 from program", &[])?;
        row.ok_or_else(|| StoreError::Failed("there is no next program".into()))?.next()
    }

    /// Saves a program; terms that differ from those in force are a new version from `now` on.
    pub fn update_program(&mut self, p: &Program, now: Instant) -> Result<(), StoreError> {
        let sql = "update program set name = $2, url = $3, auto_approve = $4, open = $5, terms_version = $6, terms_url = $7, \
                   link_parameters = $8, click_days = $9, widget = $10 where id = $1";
        let parameters = p.link_parameters.join(" ");
        self.execute(
            sql,
            params![
                &p.id,
                &p.name,
                &p.url,
                p.auto_approve,
                p.open,
                &p.terms_version,
                &p.terms_url,
                parameters,
                p.click_days,
                write_widget(&p.widget)?
            ],
        )?;
        match p.versions.last() {
            Some(last) if last.terms == p.terms => self.directory_changed(),
            last => self.insert_version(p, last.map_or(1, |last| last.number + 1), now),
        }
    }

    fn insert_version(&mut self, p: &Program, version: i64, since: Instant) -> Result<(), StoreError> {
        self.directory_changed()?;
        let sql = "insert into program_version (program_id, version, vendor_id, document, since) values ($1, $2, $3, $4, $5)";
        let document = serde_json::to_string(&document::show(&p.terms)).map_err(broken)?;
        self.execute(sql, params![&p.id, version, &p.vendor, document, since])?;
        Ok(())
    }

    pub fn program(&mut self, vendor: &VendorId, id: &ProgramId) -> Result<Option<Program>, StoreError> {
        let sql = programs!("where vendor_id = $1 and id = $2");
        let row = self.row(sql, params![vendor, id])?;
        row.map(|row| self.with_versions(row)).transpose()
    }

    /// The name of any vendor's program, with its id.
    pub fn named_program(&mut self, id: &ProgramId) -> Result<Option<(ProgramId, String)>, StoreError> {
        let row = self.row("select id, name from program where id = $1", params![id])?;
        row.map(|mut row| Ok((row.next()?, row.next()?))).transpose()
    }

    /// The ids and names of a vendor's programs, in the order in which they were made.
    pub fn named_programs(&mut self, vendor: &VendorId) -> Result<Vec<(ProgramId, String)>, StoreError> {
        let rows =
            self.rows("select id, name from program where vendor_id = $1 order by id", params![vendor])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    pub fn default_program(&mut self, vendor: &VendorId) -> Result<Option<Program>, StoreError> {
        let sql =
            programs!("where vendor_id = $1 order by case when is_default then 0 else 1 end, id limit 1");
        let row = self.row(sql, params![vendor])?;
        row.map(|row| self.with_versions(row)).transpose()
    }

    /// A vendor's programs, newest first, after the one named.
    pub fn programs(
        &mut self,
        vendor: &VendorId,
        after: Option<&ProgramId>,
        page: Page,
    ) -> Result<Vec<Program>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                programs!(
                    "where vendor_id = $1 and (cast($2 as text) is null or id ",
                    $than,
                    " $2) order by id ",
                    $order,
                    " limit $3 offset $4"
                )
            };
        }
        let sql = turned!(page, listed);
        let rows = self.rows(sql, params![vendor, after, page.limit, page.skip])?;
        rows.into_iter().map(|row| self.with_versions(row)).collect()
    }

    fn with_versions(&mut self, row: Row) -> Result<Program, StoreError> {
        let mut program = read_program(row)?;
        let sql =
            "select version, since, document from program_version where program_id = $1 order by version";
        let rows = self.rows(sql, params![&program.id])?;
        program.versions = rows.into_iter().map(read_version).collect::<Result<_, _>>()?;
        if let Some(last) = program.versions.last() {
            program.terms = last.terms.clone();
        }
        Ok(program)
    }

    pub fn insert_group(&mut self, program: &Program, group: &Group) -> Result<(), StoreError> {
        let sql = "insert into partner_group (id, vendor_id, program_id, name, is_default) values ($1, $2, $3, $4, $5)";
        self.execute(sql, params![&group.id, &program.vendor, &program.id, &group.name, group.is_default])?;
        Ok(())
    }

    /// A group's name; empty where there is no group.
    pub fn group_name(&mut self, group: Option<&GroupId>) -> Result<String, StoreError> {
        let Some(group) = group else { return Ok(String::new()) };
        let row = self.row("select name from partner_group where id = $1", params![group])?;
        row.map_or(Ok(String::new()), |mut row| row.next())
    }

    pub fn groups(&mut self, program: &ProgramId) -> Result<Vec<Group>, StoreError> {
        let sql = "select id, name, is_default from partner_group where program_id = $1 order by id";
        let read = |mut row: Row| Ok(Group { id: row.next()?, name: row.next()?, is_default: row.next()? });
        self.rows(sql, params![program])?.into_iter().map(read).collect()
    }
}

/// A stored word the domain does not know: the database was changed from outside.
pub(super) fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("a stored value is broken: {error}"))
}

fn write_widget(widget: &WidgetSettings) -> Result<String, StoreError> {
    serde_json::to_string(widget).map_err(broken)
}

fn read_version(mut row: Row) -> Result<Version, StoreError> {
    let (number, since) = (row.next()?, row.next()?);
    let terms = serde_json::from_str(&row.next::<String>()?).map_err(broken)?;
    Ok(Version { number, since, terms: document::read(&terms).map_err(broken)? })
}

fn read_program(mut row: Row) -> Result<Program, StoreError> {
    let (id, number, vendor) = (row.next()?, row.next()?, row.next()?);
    let (name, url) = (row.next()?, row.next()?);
    let terms = Terms::default_for(row.next()?);
    Ok(Program {
        id,
        number,
        vendor,
        name,
        url,
        terms,
        versions: Vec::new(),
        auto_approve: row.next()?,
        open: row.next()?,
        is_default: row.next()?,
        terms_version: row.next()?,
        terms_url: row.next()?,
        link_parameters: row.next::<String>()?.split_whitespace().map(str::to_owned).collect(),
        click_days: row.next()?,
        created_at: row.next()?,
        widget: serde_json::from_str(&row.next::<String>()?).map_err(broken)?,
    })
}
