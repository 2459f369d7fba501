//! Tells partners of the commissions of a day and of the statement of a month: one mail each, to those concerned alone, by the
//! vendor's clock in UTC.
//!
//! When a day begins, the round of the day before begins with it: all transfers since the last round. Its letters are
//! written in parts; each part's transaction also writes down who was told, so that a crash in between repeats nothing. The first
//! round of a program begins with the program.

use super::Step;
use crate::app::App;
use crate::error::Error;
use crate::mails::declining::Declining;
use crate::mails::{self, Kind};
use crate::statement::{self, Month};
use crate::store::{Partner, Program, Round, Rounds, Tx};
use crate::world::World;
use goodword_domain::id::PartnerId;
use goodword_domain::time::Instant;

/// How many partners one transaction writes to.
const PART: i64 = 100;
/// How many commissions a mail lists; more are only counted.
const LISTED: i64 = 8;

/// What the letters need to know of the server.
#[derive(Clone)]
struct Office {
    world: World,
    public_url: String,
    key: String,
}

/// Begins the rounds whose time has come and writes a part of those that have begun, of every program.
pub async fn step(app: &App) -> Result<Step, Error> {
    let real = app.world.now();
    let rounds = app.store.read(|tx| Ok(tx.rounds()?)).await?;
    let mut outcome = Step::Idle;
    for program in rounds.into_iter().filter(|program| is_due(program, program.clock.now(real))) {
        let office =
            Office { world: app.world, public_url: app.public_url.clone(), key: app.token_key.clone() };
        app.store.write(move |tx| advance(tx, &office, &program, program.clock.now(real))).await?;
        outcome = Step::Done;
    }
    Ok(outcome)
}

/// Whether there is something to do.
fn is_due(program: &Rounds, now: Instant) -> bool {
    let (day, month) = (program.day, program.month);
    !day.done || !month.done || day.period < now.day() || month.period < now.month()
}

fn advance(tx: &mut Tx<'_>, office: &Office, of: &Rounds, now: Instant) -> Result<(), Error> {
    let last = tx.last_place(&of.program)?;
    let (today, this_month) = (now.day(), now.month());
    let Some((day, month)) = tx.rounds_of(&of.program)? else { return Ok(()) };
    let Some(program) = tx.program(&of.vendor, &of.program)? else { return Ok(()) };
    let day = if day.done { next(day, today, last) } else { digests(tx, office, &program, day)? };
    let month =
        if month.done { next(month, this_month, last) } else { statements(tx, office, &program, month)? };
    Ok(tx.set_rounds(&of.vendor, &of.program, day, month)?)
}

/// The round that begins with a new period; the same while it is the old one, also where the clock was set back.
fn next(round: Round, period: i64, last: i64) -> Round {
    if period <= round.period {
        return round;
    }
    Round { period, from: round.to, to: last, done: round.to == last }
}

/// Writes a part of a day's letters.
fn digests(tx: &mut Tx<'_>, office: &Office, program: &Program, round: Round) -> Result<Round, Error> {
    let kind = Kind::Digest;
    let partners = tx.partners_to_tell_of_commissions(&program.id, round, kind.word(), PART)?;
    let done = is_less_than_a_part(&partners);
    for id in partners {
        let Some(partner) = tx.partner(&program.vendor, &id)? else { continue };
        let told = tx.told_of_commissions(&program.id, &id, round, LISTED)?;
        let decline = office.decline(program, &partner, kind);
        let mail = mails::digest(tx, office.world, program, &partner, &told, &decline)?;
        tx.insert_letter((&program.vendor, &program.id, &id), kind.word(), round.period, Some(&mail))?;
    }
    Ok(Round { done, ..round })
}

/// Writes a part of a month's letters: about the month before the one that has begun.
fn statements(tx: &mut Tx<'_>, office: &Office, program: &Program, round: Round) -> Result<Round, Error> {
    let kind = Kind::Statement;
    let month = Month::of_number(round.period - 1);
    let partners = tx.partners_to_tell_of_accounts(&program.id, round, kind.word(), PART)?;
    let done = is_less_than_a_part(&partners);
    for id in partners {
        let Some(partner) = tx.partner(&program.vendor, &id)? else { continue };
        let statement = statement::of_month(tx, program, &id, month)?;
        let moved = statement.currencies.iter().any(|part| !part.lines.is_empty());
        let mail = if moved {
            let decline = office.decline(program, &partner, kind);
            let parts = &statement.currencies;
            Some(mails::statement(tx, office.world, program, &partner, month.parts(), parts, &decline)?)
        } else {
            None
        };
        tx.insert_letter((&program.vendor, &program.id, &id), kind.word(), round.period, mail.as_ref())?;
    }
    Ok(Round { done, ..round })
}

fn is_less_than_a_part(partners: &[PartnerId]) -> bool {
    i64::try_from(partners.len()).is_ok_and(|count| count < PART)
}

impl Office {
    fn decline(&self, program: &Program, partner: &Partner, kind: Kind) -> String {
        let declining = Declining {
            vendor: program.vendor.clone(),
            program: program.id.clone(),
            partner: partner.id.clone(),
            kind,
        };
        declining.address(&self.public_url, &self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_begins_where_the_last_one_ended() {
        let round = Round { period: 10, from: 3, to: 7, done: true };
        assert_eq!(next(round, 10, 9), round);
        assert_eq!(next(round, 9, 9), round, "the clock was set back");
        assert_eq!(next(round, 12, 9), Round { period: 12, from: 7, to: 9, done: false });
        assert_eq!(next(round, 11, 7), Round { period: 11, from: 7, to: 7, done: true }, "nothing happened");
    }
}
