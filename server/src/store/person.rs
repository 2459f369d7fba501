//! The people who run programs: who they are, their sessions, and how they come in.

use super::{Row, StoreError, Tx, params};
use goodword_domain::Invalid;
use goodword_domain::id::{InvitationId, SessionId, UserId, VendorId};
use goodword_domain::role::Role;
use goodword_domain::time::Instant;

/// The columns [`next_person`] reads, then the rest of the query.
macro_rules! people {
    ($more:literal, $rest:literal) => {
        concat!(
            "select p.id, p.vendor_id, p.email, p.name, p.role, p.password_hash, p.totp_secret, p.totp_pending, p.totp_step, \
             p.created_at",
            $more,
            " from person p ",
            $rest
        )
    };
}

/// A person who runs programs.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub vendor: VendorId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    /// The secret of the authenticator, base32, once it is in force.
    pub totp_secret: Option<String>,
    /// One that was shown and not confirmed yet.
    pub totp_pending: Option<String>,
    /// The step of the last code that was used.
    pub totp_step: i64,
    pub created_at: Instant,
}

/// A session of the console.
#[derive(Clone, Debug)]
pub struct Login {
    pub id: SessionId,
    pub agent: String,
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub used_at: Instant,
    pub expires_at: Instant,
}

/// Somebody who was asked to join.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub vendor: VendorId,
    pub email: String,
    pub role: Role,
    pub invited_by: String,
    pub created_at: Instant,
    pub expires_at: Instant,
}

impl Tx<'_> {
    pub fn insert_person(&mut self, person: &Person, folded: &str) -> Result<(), StoreError> {
        let sql = "insert into person (id, vendor_id, email, email_folded, name, role, password_hash, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let p = person;
        let role = p.role.word();
        self.execute(
            sql,
            params![&p.id, &p.vendor, &p.email, folded, &p.name, role, &p.password_hash, p.created_at],
        )?;
        Ok(())
    }

    pub fn person_by_email(&mut self, folded: &str) -> Result<Option<Person>, StoreError> {
        let sql = people!("", "where p.email_folded = $1");
        self.row(sql, params![folded])?.map(read_person).transpose()
    }

    /// One of a vendor's people.
    pub fn person(&mut self, vendor: &VendorId, id: &UserId) -> Result<Option<Person>, StoreError> {
        let sql = people!("", "where p.vendor_id = $1 and p.id = $2");
        self.row(sql, params![vendor, id])?.map(read_person).transpose()
    }

    /// All of a vendor's people, and when each was last seen, oldest first.
    pub fn people(&mut self, vendor: &VendorId) -> Result<Vec<(Person, Option<Instant>)>, StoreError> {
        let sql = people!(
            ", (select max(l.used_at) from login l where l.person_id = p.id)",
            "where p.vendor_id = $1 order by p.id"
        );
        let read = |mut row: Row| Ok((next_person(&mut row)?, row.next()?));
        self.rows(sql, params![vendor])?.into_iter().map(read).collect()
    }

    /// How many owners a vendor has. Whoever counts them to take one away holds them until the transaction ends.
    pub fn owners(&mut self, vendor: &VendorId) -> Result<i64, StoreError> {
        let sql = "select count(*) from person where vendor_id = $1 and role = 'owner'";
        self.row(sql, params![vendor])?.map_or(Ok(0), |mut row| row.next())
    }

    pub fn set_role(&mut self, id: &UserId, role: Role) -> Result<(), StoreError> {
        self.execute("update person set role = $2 where id = $1", params![id, role.word()])?;
        Ok(())
    }

    /// Takes somebody away, with all that let him or her in.
    pub fn delete_person(&mut self, id: &UserId) -> Result<(), StoreError> {
        self.execute("delete from login where person_id = $1", params![id])?;
        self.execute("delete from recovery_code where person_id = $1", params![id])?;
        self.execute("delete from password_reset where person_id = $1", params![id])?;
        self.execute("delete from person where id = $1", params![id])?;
        Ok(())
    }

    pub fn set_password(&mut self, id: &UserId, hash: &str) -> Result<(), StoreError> {
        self.execute("update person set password_hash = $2 where id = $1", params![id, hash])?;
        self.execute("delete from password_reset where person_id = $1", params![id])?;
        Ok(())
    }

    /// Shows a secret that is not in force yet.
    pub fn offer_totp(&mut self, id: &UserId, secret: &str) -> Result<(), StoreError> {
        self.execute("update person set totp_pending = $2 where id = $1", params![id, secret])?;
        Ok(())
    }

    /// Puts a secret in force, or none, with the codes that stand in for it by their hashes.
    pub fn set_totp(
        &mut self,
        id: &UserId,
        secret: Option<&String>,
        step: i64,
        codes: &[String],
    ) -> Result<(), StoreError> {
        let sql = "update person set totp_secret = $2, totp_pending = null, totp_step = $3 where id = $1";
        self.execute(sql, params![id, secret, step])?;
        self.execute("delete from recovery_code where person_id = $1", params![id])?;
        for hash in codes {
            self.execute("insert into recovery_code (person_id, hash) values ($1, $2)", params![id, hash])?;
        }
        Ok(())
    }

    /// The code of a step was used; none of it or before is right any more.
    pub fn totp_used(&mut self, id: &UserId, step: i64) -> Result<(), StoreError> {
        self.execute("update person set totp_step = $2 where id = $1", params![id, step])?;
        Ok(())
    }

    /// Uses up a code that stands in for the authenticator; tells whether there was such a one.
    pub fn use_recovery_code(&mut self, id: &UserId, hash: &str) -> Result<bool, StoreError> {
        let sql = "delete from recovery_code where person_id = $1 and hash = $2";
        Ok(self.execute(sql, params![id, hash])? > 0)
    }

    /// How many such codes are left.
    pub fn recovery_codes(&mut self, id: &UserId) -> Result<i64, StoreError> {
        let sql = "select count(*) from recovery_code where person_id = $1";
        self.row(sql, params![id])?.map_or(Ok(0), |mut row| row.next())
    }

    pub fn insert_login(&mut self, token_hash: &str, who: &UserId, l: &Login) -> Result<(), StoreError> {
        self.execute("delete from login where expires_at <= $1", params![l.created_at])?;
        let sql = "insert into login (token_hash, person_id, id, agent, created_at, used_at, expires_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        self.execute(sql, params![token_hash, who, &l.id, &l.agent, l.created_at, l.used_at, l.expires_at])?;
        Ok(())
    }

    /// Who is logged in by a token in a session that has not ended and was used after `quiet_since`.
    pub fn login(
        &mut self,
        token_hash: &str,
        now: Instant,
        quiet_since: Instant,
    ) -> Result<Option<(Person, Login)>, StoreError> {
        let sql = people!(
            ", l.id, l.agent, l.created_at, l.used_at, l.expires_at",
            "join login l on l.person_id = p.id where l.token_hash = $1 and l.expires_at > $2 and l.used_at > $3"
        );
        let Some(mut row) = self.row(sql, params![token_hash, now, quiet_since])? else { return Ok(None) };
        Ok(Some((next_person(&mut row)?, next_login(&mut row)?)))
    }

    /// A session is in use.
    pub fn login_used(&mut self, token_hash: &str, at: Instant) -> Result<(), StoreError> {
        let sql = "update login set used_at = $2 where token_hash = $1 and used_at < $2";
        self.execute(sql, params![token_hash, at])?;
        Ok(())
    }

    /// Somebody's sessions that have not ended, the one used last first.
    pub fn logins(
        &mut self,
        who: &UserId,
        now: Instant,
        quiet_since: Instant,
    ) -> Result<Vec<Login>, StoreError> {
        let sql = "select id, agent, created_at, used_at, expires_at from login \
                   where person_id = $1 and expires_at > $2 and used_at > $3 order by used_at desc, id desc";
        let rows = self.rows(sql, params![who, now, quiet_since])?;
        rows.into_iter().map(|mut row| next_login(&mut row)).collect()
    }

    pub fn delete_login(&mut self, token_hash: &str) -> Result<(), StoreError> {
        self.execute("delete from login where token_hash = $1", params![token_hash])?;
        Ok(())
    }

    /// Ends one of somebody's sessions; tells whether there was one.
    pub fn delete_session(&mut self, who: &UserId, id: &SessionId) -> Result<bool, StoreError> {
        let sql = "delete from login where person_id = $1 and id = $2";
        Ok(self.execute(sql, params![who, id])? > 0)
    }

    /// Ends all of somebody's sessions but the one named, if one is.
    pub fn delete_logins(&mut self, who: &UserId, but: Option<&SessionId>) -> Result<u64, StoreError> {
        let sql = "delete from login where person_id = $1 and ($2 = '' or id <> $2)";
        self.execute(sql, params![who, but.map_or("", SessionId::as_str)])
    }

    /// Asks somebody to join, in the place of an earlier invitation of the same address.
    pub fn save_invitation(
        &mut self,
        i: &Invitation,
        folded: &str,
        token_hash: &str,
    ) -> Result<(), StoreError> {
        let sql = "delete from invitation where expires_at <= $1 or (vendor_id = $2 and email_folded = $3)";
        self.execute(sql, params![i.created_at, &i.vendor, folded])?;
        let sql = "insert into invitation (id, vendor_id, email, email_folded, role, token_hash, invited_by, created_at, expires_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = params![
            &i.id,
            &i.vendor,
            &i.email,
            folded,
            i.role.word(),
            token_hash,
            &i.invited_by,
            i.created_at,
            i.expires_at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// The invitations that can still be accepted, oldest first.
    pub fn invitations(&mut self, vendor: &VendorId, now: Instant) -> Result<Vec<Invitation>, StoreError> {
        let sql = "select id, vendor_id, email, role, invited_by, created_at, expires_at from invitation \
                   where vendor_id = $1 and expires_at > $2 order by id";
        self.rows(sql, params![vendor, now])?.into_iter().map(read_invitation).collect()
    }

    /// The invitation of a token, if it can still be accepted.
    pub fn invitation(&mut self, token_hash: &str, now: Instant) -> Result<Option<Invitation>, StoreError> {
        let sql = "select id, vendor_id, email, role, invited_by, created_at, expires_at from invitation \
                   where token_hash = $1 and expires_at > $2";
        self.row(sql, params![token_hash, now])?.map(read_invitation).transpose()
    }

    /// Takes an invitation back, or away once it was accepted; tells whether there was one.
    pub fn delete_invitation(&mut self, vendor: &VendorId, id: &InvitationId) -> Result<bool, StoreError> {
        let sql = "delete from invitation where vendor_id = $1 and id = $2";
        Ok(self.execute(sql, params![vendor, id])? > 0)
    }

    /// Somebody may choose another password with a token, in the place of earlier tokens.
    pub fn save_reset(&mut self, token_hash: &str, who: &UserId, ends: Instant) -> Result<(), StoreError> {
        self.execute("delete from password_reset where person_id = $1", params![who])?;
        let sql = "insert into password_reset (token_hash, person_id, expires_at) values ($1, $2, $3)";
        self.execute(sql, params![token_hash, who, ends])?;
        Ok(())
    }

    /// Who may choose another password with a token.
    pub fn reset(&mut self, token_hash: &str, now: Instant) -> Result<Option<Person>, StoreError> {
        let sql = people!(
            "",
            "join password_reset r on r.person_id = p.id where r.token_hash = $1 and r.expires_at > $2"
        );
        self.row(sql, params![token_hash, now])?.map(read_person).transpose()
    }
}

fn broken(invalid: &Invalid) -> StoreError {
    StoreError::Failed(format!("a stored role is broken: {invalid}"))
}

fn read_person(mut row: Row) -> Result<Person, StoreError> {
    next_person(&mut row)
}

fn next_person(row: &mut Row) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.next()?,
        vendor: row.next()?,
        email: row.next()?,
        name: row.next()?,
        role: Role::parse(&row.next::<String>()?).map_err(|invalid| broken(&invalid))?,
        password_hash: row.next()?,
        totp_secret: row.next()?,
        totp_pending: row.next()?,
        totp_step: row.next()?,
        created_at: row.next()?,
    })
}

fn next_login(row: &mut Row) -> Result<Login, StoreError> {
    Ok(Login {
        id: row.next()?,
        agent: row.next()?,
        created_at: row.next()?,
        used_at: row.next()?,
        expires_at: row.next()?,
    })
}

fn read_invitation(mut row: Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: row.next()?,
        vendor: row.next()?,
        email: row.next()?,
        role: Role::parse(&row.next::<String>()?).map_err(|invalid| broken(&invalid))?,
        invited_by: row.next()?,
        created_at: row.next()?,
        expires_at: row.next()?,
    })
}
