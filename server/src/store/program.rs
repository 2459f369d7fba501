//! Programs, groups and rewards.

use super::{Row, StoreError, Tx, params};
use goodword_domain::attribution::Model;
use goodword_domain::id::{GroupId, ProgramId, RewardId, VendorId};
use goodword_domain::money::Percentage;
use goodword_domain::program::Terms;
use goodword_domain::reward::{Event, Rate, Reward};
use goodword_domain::time::Instant;

/// The columns [`read_program`] reads, then the rest of the query.
macro_rules! programs {
    ($rest:literal) => {
        concat!(
            "select id, number, vendor_id, name, url, currency, model, window_days, hold_days, min_payout, \
             auto_approve, open, is_default, terms_version, terms_url, link_parameters, click_days, \
             created_at from program ",
            $rest
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
    pub terms: Terms,
    pub auto_approve: bool,
    pub open: bool,
    pub is_default: bool,
    pub terms_version: String,
    pub terms_url: String,
    pub link_parameters: Vec<String>,
    /// For how many days clicks are kept; none: for ever.
    pub click_days: Option<i64>,
    pub created_at: Instant,
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
        let sql = "insert into program (id, vendor_id, name, url, currency, model, window_days, hold_days, min_payout, \
                   auto_approve, open, is_default, terms_version, terms_url, link_parameters, created_at, number, click_days) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
        let t = &p.terms;
        self.execute(
            sql,
            params![
                &p.id,
                &p.vendor,
                &p.name,
                &p.url,
                t.currency,
                t.model.word(),
                t.window_days,
                t.hold_days,
                t.min_payout,
                p.auto_approve,
                p.open,
                p.is_default,
                &p.terms_version,
                &p.terms_url,
                p.link_parameters.join(" "),
                p.created_at,
                p.number,
                p.click_days
            ],
        )?;
        self.replace_rewards(p)
    }

    /// The number of the next program.
    pub fn next_program_number(&mut self) -> Result<i64, StoreError> {
        let row = self.row("select coalesce(max(number), 0) + 1 from program", &[])?;
        row.ok_or_else(|| StoreError::Failed("there is no next program".into()))?.next()
    }

    pub fn update_program(&mut self, p: &Program) -> Result<(), StoreError> {
        let sql = "update program set name = $2, url = $3, model = $4, window_days = $5, hold_days = $6, \
                   min_payout = $7, auto_approve = $8, open = $9, terms_version = $10, terms_url = $11, \
                   link_parameters = $12, click_days = $13 where id = $1";
        let t = &p.terms;
        self.execute(
            sql,
            params![
                &p.id,
                &p.name,
                &p.url,
                t.model.word(),
                t.window_days,
                t.hold_days,
                t.min_payout,
                p.auto_approve,
                p.open,
                &p.terms_version,
                &p.terms_url,
                p.link_parameters.join(" "),
                p.click_days
            ],
        )?;
        self.replace_rewards(p)
    }

    fn replace_rewards(&mut self, p: &Program) -> Result<(), StoreError> {
        self.directory_changed()?;
        self.execute("delete from reward where program_id = $1", params![&p.id])?;
        let sql = "insert into reward (id, vendor_id, program_id, place, event, amount, percentage, months, group_id) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        for (place, r) in (0_i64..).zip(&p.terms.rewards) {
            let (flat, percentage) = rate_columns(r.rate);
            let event = r.event.word();
            self.execute(
                sql,
                params![&r.id, &p.vendor, &p.id, place, event, flat, percentage, r.months, &r.group],
            )?;
        }
        Ok(())
    }

    pub fn program(&mut self, vendor: &VendorId, id: &ProgramId) -> Result<Option<Program>, StoreError> {
        let sql = programs!("where vendor_id = $1 and id = $2");
        let row = self.row(sql, params![vendor, id])?;
        row.map(|row| self.with_rewards(row)).transpose()
    }

    pub fn default_program(&mut self, vendor: &VendorId) -> Result<Option<Program>, StoreError> {
        let sql =
            programs!("where vendor_id = $1 order by case when is_default then 0 else 1 end, id limit 1");
        let row = self.row(sql, params![vendor])?;
        row.map(|row| self.with_rewards(row)).transpose()
    }

    /// A vendor's programs, newest first, after the one named.
    pub fn programs(
        &mut self,
        vendor: &VendorId,
        after: Option<&ProgramId>,
        limit: i64,
    ) -> Result<Vec<Program>, StoreError> {
        let sql = programs!(
            "where vendor_id = $1 and (cast($2 as text) is null or id < $2) order by id desc \
             limit $3"
        );
        let rows = self.rows(sql, params![vendor, after, limit])?;
        rows.into_iter().map(|row| self.with_rewards(row)).collect()
    }

    fn with_rewards(&mut self, row: Row) -> Result<Program, StoreError> {
        let mut program = read_program(row)?;
        let sql = "select id, event, amount, percentage, months, group_id from reward where program_id = $1 order by place";
        let rows = self.rows(sql, params![&program.id])?;
        program.terms.rewards = rows.into_iter().map(read_reward).collect::<Result<_, _>>()?;
        Ok(program)
    }

    pub fn insert_group(&mut self, program: &Program, group: &Group) -> Result<(), StoreError> {
        let sql = "insert into partner_group (id, vendor_id, program_id, name, is_default) values ($1, $2, $3, $4, $5)";
        self.execute(sql, params![&group.id, &program.vendor, &program.id, &group.name, group.is_default])?;
        Ok(())
    }

    pub fn groups(&mut self, program: &ProgramId) -> Result<Vec<Group>, StoreError> {
        let sql = "select id, name, is_default from partner_group where program_id = $1 order by id";
        let read = |mut row: Row| Ok(Group { id: row.next()?, name: row.next()?, is_default: row.next()? });
        self.rows(sql, params![program])?.into_iter().map(read).collect()
    }
}

/// A rate as its two columns.
pub(super) fn rate_columns(rate: Rate) -> (Option<i64>, Option<String>) {
    match rate {
        Rate::Flat(amount) => (Some(amount), None),
        Rate::Percentage(percentage) => (None, Some(percentage.to_string())),
    }
}

/// A rate from its two columns.
pub(super) fn read_rate(row: &mut Row) -> Result<Rate, StoreError> {
    let (flat, percentage): (Option<i64>, Option<String>) = (row.next()?, row.next()?);
    match (flat, percentage) {
        (Some(amount), None) => Ok(Rate::Flat(amount)),
        (None, Some(text)) => Percentage::parse(&text).map(Rate::Percentage).map_err(broken),
        _ => Err(StoreError::Failed("a rate is neither flat nor a percentage".into())),
    }
}

/// A stored word the domain does not know: the database was changed from outside.
pub(super) fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("a stored value is broken: {error}"))
}

fn read_reward(mut row: Row) -> Result<Reward, StoreError> {
    let id: RewardId = row.next()?;
    let event = Event::parse(&row.next::<String>()?).map_err(broken)?;
    Ok(Reward { id, event, rate: read_rate(&mut row)?, months: row.next()?, group: row.next()? })
}

fn read_program(mut row: Row) -> Result<Program, StoreError> {
    let (id, number, vendor) = (row.next()?, row.next()?, row.next()?);
    let (name, url) = (row.next()?, row.next()?);
    let terms = Terms {
        currency: row.next()?,
        model: Model::parse(&row.next::<String>()?).map_err(broken)?,
        window_days: row.next()?,
        hold_days: row.next()?,
        min_payout: row.next()?,
        rewards: Vec::new(),
    };
    Ok(Program {
        id,
        number,
        vendor,
        name,
        url,
        terms,
        auto_approve: row.next()?,
        open: row.next()?,
        is_default: row.next()?,
        terms_version: row.next()?,
        terms_url: row.next()?,
        link_parameters: row.next::<String>()?.split_whitespace().map(str::to_owned).collect(),
        click_days: row.next()?,
        created_at: row.next()?,
    })
}
