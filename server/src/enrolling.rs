//! Becoming a partner: a person, an enrollment, and a first link with a unique code.

use crate::error::Error;
use crate::mails;
use crate::origin;
use crate::routes::find;
use crate::store::{Enrollment, Link, Partner, Program, Tx};
use crate::world::World;
use goodword_domain::code::{Code, fold};
use goodword_domain::enrollment::{DEACTIVATED, Status};
use goodword_domain::id::{EnrollmentId, GroupId, LinkId, PartnerId};
use goodword_domain::person::{Email, parse_name};
use goodword_domain::time::Instant;

/// How many suggestions are tried before we give up; each later one is drawn from a larger space.
const SUGGESTIONS: u32 = 40;

/// Who wants in.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub name: String,
    pub email: Email,
    /// The code wished for.
    pub code: Option<Code>,
    /// Where the link leads, if not to the program's page.
    pub url: Option<String>,
    pub terms_version: String,
    /// The group of partners, if not the default one.
    pub group: Option<GroupId>,
}

impl Newcomer {
    /// From the fields of a form.
    pub fn parse(
        name: Option<&String>,
        email: Option<&String>,
        code: Option<&String>,
    ) -> Result<Self, Error> {
        Ok(Self {
            name: parse_name("name", find::required("name", name)?)?,
            email: Email::parse("email", find::required("email", email)?)?,
            code: code.map(|c| c.trim()).filter(|c| !c.is_empty()).map(Code::parse).transpose()?,
            url: None,
            terms_version: String::new(),
            group: None,
        })
    }

    /// Whether the person is a partner of the vendor already.
    pub fn known(&self, tx: &mut Tx<'_>, program: &Program) -> Result<Option<Partner>, Error> {
        Ok(tx.partner_by_email(&program.vendor, &self.email.folded())?)
    }

    /// Makes a new partner of the person.
    pub fn become_partner(
        &self,
        tx: &mut Tx<'_>,
        world: World,
        program: &Program,
        at: Instant,
    ) -> Result<Partner, Error> {
        let partner = Partner {
            id: PartnerId::from_bits(world.bits()),
            vendor: program.vendor.clone(),
            name: self.name.clone(),
            email: self.email.as_str().to_owned(),
            proven_at: None,
            created_at: at,
        };
        tx.insert_partner(&partner, &self.email.folded())?;
        Ok(partner)
    }
}

/// Enrolls a partner in a program, with a first link.
pub fn enroll(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    wish: &Newcomer,
    approve: bool,
    at: Instant,
) -> Result<Enrollment, Error> {
    let (status, reason) = Status::at_join(approve);
    let enrollment = Enrollment {
        id: EnrollmentId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: partner.id.clone(),
        group: wish.group.clone().map_or_else(|| default_group(tx, program), Ok)?,
        status,
        reason: reason.into(),
        terms_version: wish.terms_version.clone(),
        created_at: at,
    };
    tx.insert_enrollment(&enrollment)?;
    add_link(tx, world, program, partner, wish.code.as_ref(), wish.url.as_deref(), at)?;
    Ok(enrollment)
}

/// Saves what was decided about a partner, and writes it to him or her; the same again changes nothing.
pub fn decide(
    tx: &mut Tx<'_>,
    world: World,
    before: &Enrollment,
    partner: &Partner,
    (status, reason): (Status, &str),
    public_url: &str,
) -> Result<(), Error> {
    if status == before.status {
        return Ok(());
    }
    tx.set_enrollment(before, status, reason)?;
    // Who is put out without blame hears of it from the vendor, who may have many to put out at once.
    if reason != DEACTIVATED {
        let program = find::program_by_id(tx, &before.vendor, &before.program)?;
        mails::decided(tx, world, &program, partner, status, public_url)?;
    }
    Ok(())
}

/// Whether a code would look like the vendor's own, or like a page of ours.
pub fn is_reserved(tx: &mut Tx<'_>, program: &Program, code: &Code) -> Result<bool, Error> {
    let vendor = find::vendor(tx, &program.vendor)?.name;
    Ok(code.is_reserved(&[&vendor, &program.name]))
}

/// Refuses such a code to a partner who chooses it.
pub fn check_reserved(tx: &mut Tx<'_>, program: &Program, code: &Code) -> Result<(), Error> {
    if is_reserved(tx, program, code)? {
        return Err(Error::field("code", "is reserved for the vendor: choose another."));
    }
    Ok(())
}

fn default_group(tx: &mut Tx<'_>, program: &Program) -> Result<GroupId, Error> {
    let groups = tx.groups(&program.id)?;
    let group = groups.iter().find(|g| g.is_default).or(groups.first());
    group.map(|g| g.id.clone()).ok_or_else(|| Error::internal(format!("program {} has no group", program.id)))
}

/// Gives a partner a link with a code: the one wished for, or a readable one made from the name.
pub fn add_link(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    wished: Option<&Code>,
    url: Option<&str>,
    at: Instant,
) -> Result<Link, Error> {
    let test = find::vendor(tx, &program.vendor)?.is_test();
    let code = match wished {
        Some(code) if tx.code_is_taken(&program.id, &code.folded())? => {
            return Err(Error::Conflict(format!(
                "`code` {} is taken in this program: choose another.",
                code.as_str()
            )));
        }
        Some(code) => code.clone(),
        None => free_code(tx, world, program, &partner.name, test)?,
    };
    let link = Link {
        id: LinkId::from_bits(world.bits()),
        number: tx.next_link_number()?,
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: partner.id.clone(),
        test,
        key: free_key(tx, world, &code, test)?,
        code: code.as_str().to_owned(),
        url: url.unwrap_or(&program.url).to_owned(),
        created_at: at,
    };
    tx.insert_link(&link, &fold(&link.key), &code.folded())?;
    Ok(link)
}

/// A code that is free in the program and as a key on this server.
fn free_code(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    name: &str,
    test: bool,
) -> Result<Code, Error> {
    for attempt in 0..SUGGESTIONS {
        let code = Code::suggest(name, attempt, world.random());
        let folded = code.folded();
        if !tx.code_is_taken(&program.id, &folded)? && !key_is_taken(tx, test, &folded)? {
            return Ok(code);
        }
    }
    Err(Error::internal("no free code was found"))
}

/// The key of `/r/KEY`: the code itself, or, where another program has that, the code with an ending.
fn free_key(tx: &mut Tx<'_>, world: World, code: &Code, test: bool) -> Result<String, Error> {
    if !key_is_taken(tx, test, &code.folded())? {
        return Ok(code.as_str().to_owned());
    }
    for attempt in 0..SUGGESTIONS {
        let ending = Code::suggest("", attempt, world.random());
        let key = format!("{}-{}", code.as_str(), ending.as_str());
        if !key_is_taken(tx, test, &fold(&key))? {
            return Ok(key);
        }
    }
    Err(Error::internal("no free key was found"))
}

/// A test link must not take, nor stand behind, a live link's key.
fn key_is_taken(tx: &mut Tx<'_>, test: bool, folded: &str) -> Result<bool, Error> {
    Ok(tx.key_is_taken(test, folded)? || (test && tx.key_is_taken(false, folded)?))
}

/// A page of the vendor's: on the program's origin or an allowed one, so that our links never lead astray.
pub fn parse_vendor_page(
    tx: &mut Tx<'_>,
    program: &Program,
    field: &'static str,
    text: &str,
) -> Result<String, Error> {
    let url = origin::parse_link_target(field, text)?;
    let vendor = find::vendor(tx, &program.vendor)?;
    let origins = tx.origins(vendor.live_id())?;
    let page = origin::of_page(&url);
    let ours = page.is_some() && page == origin::of_page(&program.url);
    if ours || page.is_some_and(|o| origin::allowed(&o, &origins)) {
        Ok(url)
    } else {
        Err(Error::field(
            field,
            "must be on the program's own site or on an allowed origin (see the console's settings).",
        ))
    }
}
