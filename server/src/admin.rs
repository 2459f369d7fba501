//! `goodword admin …`: works on the database directly, beside a running server or without one.
#![expect(clippy::print_stdout, reason = "these commands answer on the terminal")]

use crate::config::{Admin, LoadRates, Rates, Storage};
use crate::error::Error;
use crate::hash;
use crate::origin;
use crate::rates;
use crate::setup::{self, NewPerson, NewVendor, Wish};
use crate::store::{Database, KeyKind, Store, Tx, Vendor};
use crate::work::rates::all_of;
use crate::world::World;
use goodword_domain::exchange::Rate;
use goodword_domain::id::VendorId;
use serde::Serialize;

/// Runs a command and prints what came of it.
pub async fn run(command: Admin) -> Result<(), Error> {
    match command {
        Admin::CreateVendor(c) => create_vendor(c).await,
        Admin::CreateUser(c) => create_user(c).await,
        Admin::CreateKey(c) => create_key(c).await,
        Admin::RevokeKey(c) => revoke_key(c).await,
        Admin::AllowOrigin(c) => allow_origin(c).await,
        Admin::List(c) => list(c).await,
    }
}

/// Loads exchange rates, and prints what came of it.
pub async fn rates(Rates::Load(c): Rates) -> Result<(), Error> {
    let bytes = std::fs::read(&c.file)
        .map_err(|e| Error::BadRequest(format!("{} cannot be read: {e}.", c.file.display())))?;
    let told = rates::read_csv(&bytes)?;
    let store = Store::open(&Database::parse(&c.storage.database), c.storage.durability)?;
    let result = load_rates(&store, c, told).await;
    store.close();
    result
}

async fn load_rates(store: &Store, c: LoadRates, told: Vec<Rate>) -> Result<(), Error> {
    let loading = store.write(move |tx| {
        let vendor = of_mode(tx, c.vendor.as_deref(), &c.mode)?;
        let loaded = rates::load(tx, &vendor.id, &told, World.now())?;
        Ok((vendor.id, loaded))
    });
    let (vendor, loaded) = loading.await?;
    let resumed = all_of(store, World, &vendor).await?;
    println!(
        "{} rates stored, {} known; {resumed} sales that waited are counted.",
        loaded.stored, loaded.known
    );
    Ok(())
}

/// Runs `work` on a database in one transaction.
pub async fn on<T: Send + 'static>(
    storage: &Storage,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let store = Store::open(&Database::parse(&storage.database), storage.durability)?;
    let result = store.write(work).await;
    store.close();
    result
}

async fn create_vendor(c: crate::config::CreateVendor) -> Result<(), Error> {
    let wish = Wish { name: c.name, email: c.email, password: c.password, origins: c.origins };
    let made = on(&c.storage, move |tx| setup::create_vendor(tx, World, &wish, World.now())).await?;
    if c.json {
        return print_json(&made);
    }
    print_vendor(&made);
    Ok(())
}

/// Shows a new vendor's secrets, the only time they are shown.
pub fn print_vendor(v: &NewVendor) {
    println!("Vendor {} ({})", v.name, v.vendor_id);
    println!("  owner            {} / {}", v.owner.email, v.owner.password);
    for (mode, keys) in [("live", &v.live), ("test", &v.test)] {
        println!("  {mode} secret key  {}", keys.secret_key);
        println!("  {mode} public key  {}", keys.publishable_key);
    }
    println!("Keep the password and the secret keys: they are shown this once.");
}

fn print_json(value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Error::internal(e.to_string()))?;
    println!("{text}");
    Ok(())
}

async fn create_user(c: crate::config::CreateUser) -> Result<(), Error> {
    let made = on(&c.storage, move |tx| {
        let vendor = chosen(tx, c.vendor.as_deref())?;
        let (name, password) = (c.name.as_deref(), c.password.as_deref());
        let person = NewPerson { email: &c.email, name, role: &c.role, password };
        setup::create_person(tx, World, &vendor.id, &person, World.now())
    });
    let made = made.await?;
    if c.json {
        return print_json(&made);
    }
    println!("{} can log in with {}", made.email, made.password);
    Ok(())
}

async fn create_key(c: crate::config::CreateKey) -> Result<(), Error> {
    let (mode, json) = (c.mode.clone(), c.json);
    let key = on(&c.storage, move |tx| {
        let vendor = of_mode(tx, c.vendor.as_deref(), &mode)?;
        let kind = if c.kind == "secret" { KeyKind::Secret } else { KeyKind::Publishable };
        Ok(setup::create_key(tx, World, &vendor, (kind, ""), World.now())?.0)
    });
    let key = key.await?;
    if json {
        return print_json(&serde_json::json!({ "key": key }));
    }
    println!("{key}");
    Ok(())
}

async fn revoke_key(c: crate::config::RevokeKey) -> Result<(), Error> {
    let key_hash = hash::sha256(&c.key);
    let revoked = on(&c.storage, move |tx| Ok(tx.revoke_key(&c.key, &key_hash, World.now())?)).await?;
    if !revoked {
        return Err(Error::NotFound("There is no such key, or it was revoked before.".into()));
    }
    println!("The key is revoked.");
    Ok(())
}

async fn allow_origin(c: crate::config::AllowOrigin) -> Result<(), Error> {
    let origins = on(&c.storage, move |tx| {
        let vendor = chosen(tx, c.vendor.as_deref())?;
        for text in &c.origins {
            tx.add_origin(&vendor.id, &origin::parse(text)?)?;
        }
        Ok(tx.origins(&vendor.id)?)
    });
    println!("{}", origins.await?.join("\n"));
    Ok(())
}

async fn list(c: crate::config::Listing) -> Result<(), Error> {
    let vendors = on(&c.storage, |tx| Ok(tx.vendors()?)).await?;
    let live: Vec<_> = vendors.into_iter().filter(|v| !v.is_test()).collect();
    if c.json {
        let rows: Vec<_> =
            live.iter().map(|v| serde_json::json!({ "vendorId": v.id.as_str(), "name": v.name })).collect();
        return print_json(&rows);
    }
    for v in &live {
        println!("{}  {}", v.id, v.name);
    }
    Ok(())
}

/// The same, or its sandbox.
pub fn of_mode(tx: &mut Tx<'_>, named: Option<&str>, mode: &str) -> Result<Vendor, Error> {
    let live = chosen(tx, named)?;
    Ok(if mode == "test" { tx.sandbox_of(&live.id)?.unwrap_or(live) } else { live })
}

/// The vendor named, or the only one there is.
pub fn chosen(tx: &mut Tx<'_>, named: Option<&str>) -> Result<Vendor, Error> {
    if let Some(id) = named {
        let found = tx.vendor(&VendorId::parse(id)?)?.filter(|v| !v.is_test());
        return found
            .ok_or_else(|| Error::NotFound(format!("There is no vendor {id}: see `goodword admin list`.")));
    }
    let mut live = tx.vendors()?.into_iter().filter(|v| !v.is_test());
    match (live.next(), live.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::NotFound("There is no vendor yet: `goodword admin create-vendor`.".into())),
        _ => Err(Error::BadRequest(
            "There are several vendors: say which with --vendor (see `goodword admin list`).".into(),
        )),
    }
}
