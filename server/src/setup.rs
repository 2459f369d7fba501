//! Making vendors, people and keys: on the first start, and by `goodword admin`.

use crate::error::Error;
use crate::hash;
use crate::origin;
use crate::store::{KeyKind, KeyRow, Person, Tx, Vendor};
use crate::world::World;
use goodword_domain::id::{KeyId, UserId, VendorId};
use goodword_domain::person::{Email, check_password, parse_name};
use goodword_domain::role::Role;
use goodword_domain::time::{Clock, Instant};
use serde::Serialize;

/// The keys of one mode, shown once.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Keys {
    pub secret_key: String,
    pub publishable_key: String,
}

/// A login, its password shown once.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    pub email: String,
    pub password: String,
}

/// A new vendor with everything it needs to start.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewVendor {
    pub vendor_id: String,
    pub name: String,
    pub owner: Login,
    pub live: Keys,
    pub test: Keys,
}

/// What a new vendor is made from.
#[derive(Clone, Debug)]
pub struct Wish {
    pub name: String,
    pub email: String,
    pub password: Option<String>,
    pub origins: Vec<String>,
}

/// Makes a vendor, its sandbox, an owner, and keys for both.
pub fn create_vendor(tx: &mut Tx<'_>, world: World, wish: &Wish, at: Instant) -> Result<NewVendor, Error> {
    let live = Vendor {
        id: VendorId::from_bits(world.bits()),
        name: parse_name("name", &wish.name)?,
        live: None,
        clock: Clock::default(),
    };
    let sandbox =
        Vendor { id: VendorId::from_bits(world.bits()), live: Some(live.id.clone()), ..live.clone() };
    tx.insert_vendor(&live, at)?;
    tx.insert_vendor(&sandbox, at)?;
    for text in &wish.origins {
        tx.add_origin(&live.id, &origin::parse(text)?)?;
    }
    let person =
        NewPerson { email: &wish.email, name: None, role: "owner", password: wish.password.as_deref() };
    Ok(NewVendor {
        vendor_id: live.id.to_string(),
        name: live.name.clone(),
        owner: create_person(tx, world, &live.id, &person, at)?,
        live: create_keys(tx, world, &live, at)?,
        test: create_keys(tx, world, &sandbox, at)?,
    })
}

fn create_keys(tx: &mut Tx<'_>, world: World, vendor: &Vendor, at: Instant) -> Result<Keys, Error> {
    Ok(Keys {
        secret_key: create_key(tx, world, vendor, (KeyKind::Secret, ""), at)?.0,
        publishable_key: create_key(tx, world, vendor, (KeyKind::Publishable, ""), at)?.0,
    })
}

/// Makes a key and gives it out, once; of a secret one only the hash is kept. The name says what it is for.
pub fn create_key(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &Vendor,
    (kind, name): (KeyKind, &str),
    at: Instant,
) -> Result<(String, KeyRow), Error> {
    let key = world.secret(kind.prefix(vendor.is_test()));
    let shown = match kind {
        KeyKind::Publishable => key.clone(),
        KeyKind::Secret => format!("{}…", &key[..12]),
    };
    let row = KeyRow {
        id: KeyId::from_bits(world.bits()),
        kind: kind.word().into(),
        shown,
        name: name.to_owned(),
        created_at: at,
        used_at: None,
        ends_at: None,
    };
    tx.insert_key(&row, &vendor.id, &hash::sha256(&key))?;
    Ok((key, row))
}

/// Who is to log in.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub role: &'a str,
    pub password: Option<&'a str>,
}

/// Makes a login; without a password, one with a random one.
pub fn create_person(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    new: &NewPerson<'_>,
    at: Instant,
) -> Result<Login, Error> {
    let email = Email::parse("email", new.email)?;
    if tx.person_by_email(&email.folded())?.is_some() {
        return Err(Error::Conflict(format!(
            "{} has a login already: choose another address.",
            email.as_str()
        )));
    }
    let password = match new.password {
        Some(password) => {
            check_password("password", password)?;
            password.to_owned()
        }
        None => hash::hex(&world.bytes::<9>()),
    };
    let person = Person {
        id: UserId::from_bits(world.bits()),
        vendor: vendor.clone(),
        email: email.as_str().to_owned(),
        name: new.name.unwrap_or(email.as_str()).to_owned(),
        role: Role::parse(new.role)?,
        password_hash: hash::password(&password)?,
        totp_secret: None,
        totp_pending: None,
        totp_step: 0,
        created_at: at,
    };
    tx.insert_person(&person, &email.folded())?;
    Ok(Login { email: person.email, password })
}
