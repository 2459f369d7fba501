//! Rounds of letters: what partners are told of a day or a month together. A round is about the transfers between two places of
//! a program's chain, which has no gaps and no order but that of commits; so nothing is told twice and nothing is left out,
//! whenever an event happened and however late it was reported.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{MailId, PartnerId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::{Clock, Instant};

/// How far a program's partners were told of its days, or of its months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// The day, or the month counted from year 0.
    pub period: i64,
    /// The place after which its transfers begin, and the last of them.
    pub from: i64,
    pub to: i64,
    /// Whether everybody concerned was written to.
    pub done: bool,
}

/// A program's rounds.
#[derive(Clone, Debug)]
pub struct Rounds {
    pub program: ProgramId,
    pub vendor: VendorId,
    pub clock: Clock,
    pub day: Round,
    pub month: Round,
}

/// What a partner is told of new commissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EarnedSince {
    /// Of each currency how many, and what they come to in minor units.
    pub sums: Vec<(Currency, i64, i64)>,
    /// The latest: when the event was, minor units.
    pub latest: Vec<(Instant, i64, Currency)>,
}

/// Who may be told: in the program and not banned, with a proven address, and willing to hear of it. `a` is the account.
macro_rules! willing {
    ($rest:literal) => {
        concat!(
            " and not exists (select 1 from letter_sent s where s.program_id = t.program_id and s.partner_id = a.partner_id \
             and s.kind = $4 and s.period = $5) \
             and not exists (select 1 from refused_mail r where r.partner_id = a.partner_id and r.kind = $4) \
             and exists (select 1 from partner p join enrollment e on e.partner_id = p.id where p.id = a.partner_id \
             and e.program_id = t.program_id and e.status <> 'banned' and p.proven_at is not null) ",
            $rest
        )
    };
}

impl Tx<'_> {
    /// Every program's rounds.
    pub fn rounds(&mut self) -> Result<Vec<Rounds>, StoreError> {
        let sql = "select p.id, p.vendor_id, v.clock_offset, v.clock_frozen, r.day, r.day_from, r.day_to, r.day_done, r.month, \
                   r.month_from, r.month_to, r.month_done from program p join vendor v on v.id = p.vendor_id \
                   join letter_round r on r.program_id = p.id order by p.id";
        self.rows(sql, &[])?.into_iter().map(read_rounds).collect()
    }

    /// A program's, held until the transaction ends.
    pub fn rounds_of(&mut self, program: &ProgramId) -> Result<Option<(Round, Round)>, StoreError> {
        let sql = "select day, day_from, day_to, day_done, month, month_from, month_to, month_done from letter_round \
                   where program_id = $1 /* hold */";
        self.row(sql, params![program])?
            .map(|mut row| Ok((next_round(&mut row)?, next_round(&mut row)?)))
            .transpose()
    }

    /// A program's first: nothing has happened in it yet.
    pub(super) fn begin_rounds(
        &mut self,
        vendor: &VendorId,
        program: &ProgramId,
        at: Instant,
    ) -> Result<(), StoreError> {
        let begin = |period| Round { period, from: 0, to: 0, done: true };
        self.set_rounds(vendor, program, begin(at.day()), begin(at.month()))
    }

    pub fn set_rounds(
        &mut self,
        vendor: &VendorId,
        program: &ProgramId,
        day: Round,
        month: Round,
    ) -> Result<(), StoreError> {
        let sql = "insert into letter_round (program_id, vendor_id, day, day_from, day_to, day_done, month, month_from, month_to, \
                   month_done) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (program_id) do update set \
                   day = excluded.day, day_from = excluded.day_from, day_to = excluded.day_to, day_done = excluded.day_done, \
                   month = excluded.month, month_from = excluded.month_from, month_to = excluded.month_to, \
                   month_done = excluded.month_done";
        self.execute(
            sql,
            params![
                program,
                vendor,
                day.period,
                day.from,
                day.to,
                day.done,
                month.period,
                month.from,
                month.to,
                month.done
            ],
        )?;
        Ok(())
    }

    /// The place of the last transfer of a program's chain; 0 where there is none.
    pub fn last_place(&mut self, program: &ProgramId) -> Result<i64, StoreError> {
        let row = self.row("select place from chain where program_id = $1", params![program])?;
        row.map_or(Ok(0), |mut row| row.next())
    }

    /// Partners with new commissions in a round, who were not told yet.
    pub fn partners_to_tell_of_commissions(
        &mut self,
        program: &ProgramId,
        round: Round,
        kind: &str,
        limit: i64,
    ) -> Result<Vec<PartnerId>, StoreError> {
        let sql = concat!(
            "select distinct a.partner_id from transfer t join account a on a.id = t.credit_account \
             where t.program_id = $1 and t.place > $2 and t.place <= $3 and t.kind = 'hold' and a.partner_id <> ''",
            willing!("order by a.partner_id limit $6")
        );
        let rows = self.rows(sql, params![program, round.from, round.to, kind, round.period, limit])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    /// Partners whose accounts moved in a round, who were not told yet.
    pub fn partners_to_tell_of_accounts(
        &mut self,
        program: &ProgramId,
        round: Round,
        kind: &str,
        limit: i64,
    ) -> Result<Vec<PartnerId>, StoreError> {
        let sql = concat!(
            "select distinct a.partner_id from transfer t join account a on (a.id = t.credit_account or a.id = t.debit_account) \
             where t.program_id = $1 and t.place > $2 and t.place <= $3 and a.partner_id <> ''",
            willing!("order by a.partner_id limit $6")
        );
        let rows = self.rows(sql, params![program, round.from, round.to, kind, round.period, limit])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    /// A partner's new commissions in a round, the latest few of them one by one.
    pub fn told_of_commissions(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        round: Round,
        few: i64,
    ) -> Result<EarnedSince, StoreError> {
        let sums = "select t.currency, count(*), cast(sum(t.amount) as bigint) from transfer t \
                    join account a on a.id = t.credit_account where t.program_id = $1 and t.place > $2 and t.place <= $3 \
                    and t.kind = 'hold' and a.partner_id = $4 group by t.currency order by t.currency";
        let rows = self.rows(sums, params![program, round.from, round.to, partner])?;
        let sums = rows
            .into_iter()
            .map(|mut row| Ok((row.next()?, row.next()?, row.next()?)))
            .collect::<Result<_, StoreError>>()?;
        let latest = "select coalesce(c.at, t.at), t.amount, t.currency from transfer t join account a on a.id = t.credit_account \
                      left join commission c on c.id = t.cause where t.program_id = $1 and t.place > $2 and t.place <= $3 \
                      and t.kind = 'hold' and a.partner_id = $4 order by t.place desc limit $5";
        let rows = self.rows(latest, params![program, round.from, round.to, partner, few])?;
        let latest = rows
            .into_iter()
            .map(|mut row| Ok((row.next()?, row.next()?, row.next()?)))
            .collect::<Result<_, StoreError>>()?;
        Ok(EarnedSince { sums, latest })
    }

    /// Writes down that a partner was told; a second time is a conflict.
    pub fn insert_letter(
        &mut self,
        (vendor, program, partner): (&VendorId, &ProgramId, &PartnerId),
        kind: &str,
        period: i64,
        mail: Option<&MailId>,
    ) -> Result<(), StoreError> {
        let sql = "insert into letter_sent (program_id, partner_id, kind, period, vendor_id, mail_id) values ($1, $2, $3, $4, $5, $6)";
        let mail = mail.map_or("", MailId::as_str);
        self.execute(sql, params![program, partner, kind, period, vendor, mail])?;
        Ok(())
    }
}

fn read_rounds(mut row: Row) -> Result<Rounds, StoreError> {
    let (program, vendor) = (row.next()?, row.next()?);
    let clock = Clock { offset: row.next()?, frozen: row.next()? };
    Ok(Rounds { program, vendor, clock, day: next_round(&mut row)?, month: next_round(&mut row)? })
}

fn next_round(row: &mut Row) -> Result<Round, StoreError> {
    Ok(Round { period: row.next()?, from: row.next()?, to: row.next()?, done: row.next()? })
}
