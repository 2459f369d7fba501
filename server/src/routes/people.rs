//! Who may log in to the console, and what each may.

use super::find;
use crate::app::Shared;
use crate::auth::OwnerCaller;
use crate::error::Error;
use crate::hash;
use crate::http::Body;
use crate::mails;
use crate::store::{self, Person, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goodword_domain::id::{InvitationId, UserId};
use goodword_domain::person::Email;
use goodword_domain::role::{Role, keeps_an_owner};
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, Invitation, InvitationInput, Member, MemberChange, People};

/// How long an invitation can be accepted: 72 hours.
const INVITED_MS: i64 = 72 * 60 * 60 * 1000;
/// How many people one vendor may have, those asked to join included.
const MOST: usize = 200;

/// List the people who may log in, and open invitations
///
/// For owners in the console alone.
#[utoipa::path(get, path = "/v1/people", tag = "people",
    responses((status = 200, body = People), (status = "4XX", body = ErrorBody)))]
pub async fn list(State(app): State<Shared>, caller: OwnerCaller) -> Result<Json<People>, Error> {
    let now = app.world.now();
    let people = app.store.read(move |tx| {
        Ok(People {
            people: tx.people(&caller.live)?.into_iter().map(|(p, seen)| member(p, seen)).collect(),
            invitations: tx.invitations(&caller.live, now)?.into_iter().map(invited).collect(),
        })
    });
    Ok(Json(people.await?))
}

fn member(p: Person, seen: Option<Instant>) -> Member {
    Member {
        id: p.id.to_string(),
        email: p.email,
        name: p.name,
        role: p.role.word().to_owned(),
        two_factor: p.totp_secret.is_some(),
        created_at: show(p.created_at),
        seen_at: seen.map(show),
    }
}

fn invited(i: store::Invitation) -> Invitation {
    Invitation {
        id: i.id.to_string(),
        email: i.email,
        role: i.role.word().to_owned(),
        invited_by: i.invited_by,
        created_at: show(i.created_at),
        expires_at: show(i.expires_at),
    }
}

/// Ask somebody to join
///
/// Mails a link that works once, for 72 hours. The same address again gets another link, and the earlier one ends.
#[utoipa::path(post, path = "/v1/people/invitations", tag = "people", request_body = InvitationInput,
    responses((status = 201, body = Invitation), (status = "4XX", body = ErrorBody)))]
pub async fn invite(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Body(input): Body<InvitationInput>,
) -> Result<(StatusCode, Json<Invitation>), Error> {
    let email = Email::parse("email", find::required("email", input.email.as_ref())?)?;
    let role = Role::parse(find::required("role", input.role.as_ref())?)?;
    app.limits.mail(&email.folded())?;
    let (token, now, world) = (app.world.secret(""), app.world.now(), app.world);
    let address = format!("{}/console/join?token={token}", app.public_url);
    let invitation = store::Invitation {
        id: InvitationId::from_bits(app.world.bits()),
        vendor: caller.live,
        email: email.as_str().to_owned(),
        role,
        invited_by: caller.person.name,
        created_at: now,
        expires_at: Instant(now.0 + INVITED_MS),
    };
    let token_hash = hash::sha256(&token);
    let saved = app.store.write(move |tx| {
        if tx.person_by_email(&email.folded())?.is_some() {
            return Err(Error::Conflict(format!("{} has a login already.", email.as_str())));
        }
        if tx.people(&invitation.vendor)?.len() + tx.invitations(&invitation.vendor, now)?.len() >= MOST {
            return Err(Error::Conflict(format!("There are {MOST} people already: remove some first.")));
        }
        tx.save_invitation(&invitation, &email.folded(), &token_hash)?;
        let vendor = find::vendor(tx, &invitation.vendor)?.name;
        tx.insert_mail(&mails::invitation(world, &invitation, &vendor, &address)?)?;
        Ok(invited(invitation.clone()))
    });
    Ok((StatusCode::CREATED, Json(saved.await?)))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/v1/people/invitations/{id}", tag = "people",
    params(("id" = String, Path, description = "`inv_…`")),
    responses((status = 200, description = "Its link opens nothing any more"), (status = "4XX", body = ErrorBody)))]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Error> {
    let id = InvitationId::parse(&id)?;
    let was = app.store.write(move |tx| Ok(tx.delete_invitation(&caller.live, &id)?)).await?;
    if was {
        Ok(Json(serde_json::json!({})))
    } else {
        Err(Error::NotFound("There is no such invitation.".into()))
    }
}

fn known(tx: &mut Tx<'_>, caller: &OwnerCaller, id: &UserId) -> Result<Person, Error> {
    let found = tx.person(&caller.live, id)?;
    found.ok_or_else(|| Error::NotFound("There is no such person: see GET /v1/people.".into()))
}

fn keep_an_owner(tx: &mut Tx<'_>, person: &Person, after: Option<Role>) -> Result<(), Error> {
    if keeps_an_owner(tx.owners(&person.vendor)?, person.role, after) {
        return Ok(());
    }
    Err(Error::Conflict("The last owner stays one: make somebody else an owner first.".into()))
}

/// Change what somebody may
///
/// It holds from the person's next request on.
#[utoipa::path(patch, path = "/v1/people/{id}", tag = "people", request_body = MemberChange,
    params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 200, body = Member), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Path(id): Path<String>,
    Body(input): Body<MemberChange>,
) -> Result<Json<Member>, Error> {
    let id = UserId::parse(&id)?;
    let role = Role::parse(find::required("role", input.role.as_ref())?)?;
    let changed = app.store.write(move |tx| {
        let person = known(tx, &caller, &id)?;
        keep_an_owner(tx, &person, Some(role))?;
        tx.set_role(&id, role)?;
        Ok(member(Person { role, ..person }, None))
    });
    Ok(Json(changed.await?))
}

/// Remove somebody
///
/// Ends all of the person's sessions. What he or she did stays in the audit log.
#[utoipa::path(delete, path = "/v1/people/{id}", tag = "people",
    params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 200, description = "Removed"), (status = "4XX", body = ErrorBody)))]
pub async fn remove(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Error> {
    let id = UserId::parse(&id)?;
    let removed = app.store.write(move |tx| {
        let person = known(tx, &caller, &id)?;
        keep_an_owner(tx, &person, None)?;
        Ok(tx.delete_person(&id)?)
    });
    removed.await?;
    Ok(Json(serde_json::json!({})))
}
