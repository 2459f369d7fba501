//! The mails partners get: what each says and when. A mail is put into the store in the transaction that gives the reason to
//! write, as text and as HTML, in the partner's language; `work/mail.rs` sends it. Nothing in it is loaded from anywhere, so
//! nothing tells who opened it.

pub mod declining;
mod letter;
pub mod preview;
mod text;

pub use letter::{Kind, Letter};
pub use text::{Texts, fill, of as texts};

use crate::error::Error;
use crate::store::{
    Claim, EarnedSince, Invitation, Link, Mail, Partner, PayoutRow, Person, Program, RedemptionRow,
    RegistrationRow, RequestRow, SplitRow, Tx,
};
use crate::world::World;
use goodword_domain::enrollment::Status;
use goodword_domain::id::{MailId, PartnerId, VendorId};
use goodword_domain::language::Language;
use goodword_domain::money::Currency;
use goodword_domain::payout::{Mark, method};
use goodword_domain::points::{RedemptionStatus, Way};
use goodword_domain::webhook::Disabled;
use goodword_wire::CurrencyStatement;
use letter::Note;

/// To somebody who joined: prove the address.
pub fn prove(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    address: &str,
) -> Result<(), Error> {
    post(tx, world, program, partner, |texts| Letter::prove(texts, address))
}

/// To a partner who wants back in.
pub fn sign_in(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    address: &str,
) -> Result<(), Error> {
    post(tx, world, program, partner, |texts| Letter::sign_in(texts, address))
}

/// To a partner under whose address somebody joined once more.
pub fn joined_again(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    code: &str,
    address: &str,
) -> Result<(), Error> {
    post(tx, world, program, partner, |texts| Letter::joined_again(texts, code, address))
}

/// To an address that a partner wants to have from now on.
pub fn prove_other(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    to: &str,
    address: &str,
) -> Result<(), Error> {
    let there = Partner { email: to.to_owned(), ..partner.clone() };
    post(tx, world, program, &there, |texts| Letter::new_address(texts, address))
}

/// To the address a partner had before, so that it does not go unnoticed where it was somebody else.
pub fn address_changed(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
) -> Result<(), Error> {
    post(tx, world, program, partner, Letter::address_changed)
}

/// To a partner whose application waits for the vendor, once the address is known to be his or hers.
pub fn applied(tx: &mut Tx<'_>, world: World, program: &Program, partner: &Partner) -> Result<(), Error> {
    post(tx, world, program, partner, Letter::applied)
}

/// To a partner who said how to be paid: so that it does not go unnoticed where it was somebody else.
pub fn method_changed(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    kind: method::Kind,
) -> Result<(), Error> {
    post(tx, world, program, partner, |texts| Letter::method_changed(texts, kind))
}

/// To a partner about whom the vendor decided; nothing while nothing is decided.
pub fn decided(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    status: Status,
    public_url: &str,
) -> Result<(), Error> {
    if status == Status::Approved {
        let links = tx.links_of(&program.id, &partner.id)?;
        let own =
            links.first().map(|link: &Link| (link.code.clone(), format!("{public_url}/r/{}", link.key)));
        return post(tx, world, program, partner, |texts| Letter::approved(texts, own.as_ref()));
    }
    match status {
        Status::Rejected => post(tx, world, program, partner, Letter::rejected),
        Status::Banned => post(tx, world, program, partner, Letter::banned),
        Status::Pending | Status::Approved => Ok(()),
    }
}

/// To a partner whose payout arrived, or did not. The other marks tell the partner nothing.
pub fn paid(tx: &mut Tx<'_>, world: World, row: &PayoutRow, mark: Mark) -> Result<(), Error> {
    if !matches!(mark, Mark::Paid | Mark::Failed | Mark::Returned) {
        return Ok(());
    }
    let Some((program, partner)) = both(tx, &row.vendor, &row.program, &row.payout.partner)? else {
        return Ok(());
    };
    post(tx, world, &program, &partner, |texts| {
        if mark == Mark::Paid { Letter::paid(texts, row) } else { Letter::failed(texts, row) }
    })
}

/// To a partner whose claim was decided.
pub fn claim_decided(tx: &mut Tx<'_>, world: World, claim: &Claim, note: Option<&str>) -> Result<(), Error> {
    let Some((program, partner)) = both(tx, &claim.vendor, &claim.program, &claim.partner)? else {
        return Ok(());
    };
    let granted = claim.status == "granted";
    if claim.is_content {
        let kind = if granted { Kind::ContentGranted } else { Kind::ContentRefused };
        return post(tx, world, &program, &partner, |texts| {
            Letter::told(texts, kind, &claim.invoice_id, note)
        });
    }
    post(tx, world, &program, &partner, |texts| Letter::claim(texts, &claim.invoice_id, granted, note))
}

/// To a partner about whose request to a fund, or claim on one, the vendor has decided. `kind` is that of the mail.
pub fn fund_decided(
    tx: &mut Tx<'_>,
    world: World,
    row: &RequestRow,
    (kind, amount): (Kind, i64),
    note: Option<&str>,
) -> Result<(), Error> {
    let Some((program, partner)) = both(tx, &row.vendor, &row.program, &row.partner)? else {
        return Ok(());
    };
    let money = (amount, row.currency);
    post(tx, world, &program, &partner, |texts| Letter::fund(texts, kind, &row.title, money, note)).map(drop)
}

/// To a partner about whose registered deal the vendor has decided, or wants to know more.
pub fn deal_told(
    tx: &mut Tx<'_>,
    world: World,
    row: &RegistrationRow,
    kind: Kind,
    note: Option<&str>,
) -> Result<(), Error> {
    let Some((program, partner)) = both(tx, &row.vendor, &row.program, &row.registration.partner)? else {
        return Ok(());
    };
    post(tx, world, &program, &partner, |texts| Letter::told(texts, kind, &row.customer_name, note))
}

/// To a partner who is concerned by how a sale is shared; `sale` is what it is called.
pub fn split_told(
    tx: &mut Tx<'_>,
    world: World,
    row: &SplitRow,
    (partner, kind): (&PartnerId, Kind),
    (sale, note): (&str, Option<&str>),
) -> Result<(), Error> {
    let Some((program, partner)) = both(tx, &row.vendor, &row.program, partner)? else { return Ok(()) };
    post(tx, world, &program, &partner, |texts| Letter::told(texts, kind, sale, note))
}

/// To a partner whose redemption the vendor has fulfilled or refused. What was handed over stays out of the mail.
pub fn redemption_decided(
    tx: &mut Tx<'_>,
    world: World,
    row: &RedemptionRow,
    note: Option<&str>,
) -> Result<(), Error> {
    let redemption = &row.redemption;
    let Some((program, partner)) = both(tx, &row.vendor, &row.program, &redemption.partner)? else {
        return Ok(());
    };
    let fulfilled = redemption.status == RedemptionStatus::Fulfilled;
    let kind = if fulfilled { Kind::Redeemed } else { Kind::RedemptionRefused };
    let points = (redemption.article.price, Currency::POINTS);
    let title = &redemption.article.name;
    post(tx, world, &program, &partner, |texts| Letter::fund(texts, kind, title, points, note)).map(drop)
}

/// To a partner whose level by points is a higher or a lower one; empty is none. Where nobody knows whose the address is, nobody is
/// told what was earned.
pub fn level_changed(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &PartnerId,
    (way, level): (Way, &str),
) -> Result<(), Error> {
    let found = tx.partner(&program.vendor, partner)?.filter(|partner| partner.proven_at.is_some());
    let kind = match way {
        Way::Up => Kind::LevelUp,
        Way::Down => Kind::LevelDown,
        Way::Aside => return Ok(()),
    };
    found.map_or(Ok(()), |partner| {
        post(tx, world, program, &partner, |texts| Letter::level(texts, kind, level))
    })
}

/// To a partner with new commissions: those of a day together. `decline` is where such mails are declined.
pub fn digest(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    told: &EarnedSince,
    decline: &str,
) -> Result<MailId, Error> {
    letter_of(tx, world, program, partner, |texts| Letter::digest(texts, told).declined_at(decline))
}

/// To a partner whose statement of a month is there.
pub fn statement(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    (year, month): (i64, i64),
    parts: &[CurrencyStatement],
    decline: &str,
) -> Result<MailId, Error> {
    letter_of(tx, world, program, partner, |texts| {
        Letter::statement(texts, (year, month), parts).declined_at(decline)
    })
}

fn both(
    tx: &mut Tx<'_>,
    vendor: &goodword_domain::id::VendorId,
    program: &goodword_domain::id::ProgramId,
    partner: &PartnerId,
) -> Result<Option<(Program, Partner)>, Error> {
    let program = tx.program(vendor, program)?;
    Ok(program.zip(tx.partner(vendor, partner)?))
}

/// Writes a letter in the partner's language and puts it among the mails to send.
fn post(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    write: impl FnOnce(&'static Texts) -> Letter,
) -> Result<(), Error> {
    letter_of(tx, world, program, partner, write).map(drop)
}

/// The same, for whoever writes down which mail it was.
fn letter_of(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    write: impl FnOnce(&'static Texts) -> Letter,
) -> Result<MailId, Error> {
    let contact = tx.contact(&partner.id)?;
    let page = contact.page.as_deref().unwrap_or(&program.url);
    let letter = write(texts(contact.language));
    let written = letter.written(contact.language, &program.name, &partner.name, page)?;
    let mail = Mail {
        id: MailId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        recipient: partner.email.clone(),
        sender: Some(program.name.clone()),
        subject: written.subject,
        body: written.text,
        html: Some(written.html),
        kind: letter.kind.word().into(),
        language: contact.language.tag().into(),
        unsubscribe: written.decline,
        attempts: 0,
        created_at: world.now(),
    };
    tx.insert_mail(&mail)?;
    Ok(mail.id)
}

/// To the partner an event is about, what a trigger was made to say, in the vendor's own words.
pub fn by_trigger(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    (subject, body): (&str, &str),
) -> Result<(), Error> {
    let language = tx.contact(&partner.id)?.language;
    let footer = fill(texts(language).footer, &[("program", program.name.as_str())]);
    let note = Note { language, sender: &program.name, subject, body, button: None, footer };
    Ok(tx.insert_mail(&noted(world, &program.vendor, &partner.email, "trigger", note)?)?)
}

/// The same to an owner, who may not remember which of the triggers it was.
pub fn by_trigger_to_owner(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (address, trigger): (&str, &str),
    (subject, body): (&str, &str),
) -> Result<(), Error> {
    let footer = format!("The trigger “{trigger}” of {} sends this mail.", program.name);
    let note = Note { language: Language::En, sender: &program.name, subject, body, button: None, footer };
    Ok(tx.insert_mail(&noted(world, &program.vendor, address, "trigger", note)?)?)
}

/// To an owner whose endpoint hears nothing any more.
pub fn webhook_disabled(
    world: World,
    vendor: &VendorId,
    address: &str,
    (url, why): (&str, Disabled),
    console: &str,
) -> Result<Mail, Error> {
    let reason = match why {
        Disabled::Gone => "it answered 410, which says that it wants no more events",
        Disabled::Failing | Disabled::ByHand => {
            "it has taken nothing for three days, though each event was tried nine times a day"
        }
    };
    let body = format!(
        "Events are no longer sent to this endpoint:\n\n{url}\n\nThe reason: {reason}.\n\n\
         Events are kept for 30 days. When the endpoint works again, enable it and have the missed ones sent."
    );
    let note = Note {
        language: Language::En,
        sender: "Goodword",
        subject: "A webhook endpoint was disabled",
        body: &body,
        button: Some(("Open the endpoints", console.to_owned())),
        footer: "This mail comes to the owners of the vendor’s account.".into(),
    };
    Ok(Mail { sender: None, ..noted(world, vendor, address, "webhook_disabled", note)? })
}

/// To a partner, in the vendor's own words and in the program's name.
pub fn message(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &Partner,
    (subject, text): (&str, &str),
) -> Result<(), Error> {
    let language = tx.contact(&partner.id)?.language;
    let footer = fill(texts(language).footer, &[("program", program.name.as_str())]);
    let body = text.replace("{name}", &partner.name);
    let note = Note { language, sender: &program.name, subject, body: &body, button: None, footer };
    Ok(tx.insert_mail(&noted(world, &program.vendor, &partner.email, "message", note)?)?)
}

/// To somebody who is asked to join the people of a vendor.
pub fn invitation(world: World, to: &Invitation, vendor: &str, address: &str) -> Result<Mail, Error> {
    let body = format!(
        "{} invites you to the Goodword console of {vendor}, as {}. Choose a name and a password there.\n\n\
         The link works once, for 72 hours. If you do not know {vendor}, do nothing.",
        to.invited_by,
        to.role.word()
    );
    let subject = format!("You are invited to the console of {vendor}");
    let button = Some(("Come in", address.to_owned()));
    to_people(world, (&to.vendor, &to.email), "invitation", (&subject, &body, button))
}

/// To one of a vendor's people who has forgotten the password.
pub fn password_reset(world: World, to: &Person, address: &str) -> Result<Mail, Error> {
    let body = "You can choose another password.\n\n\
                The link works once, for an hour. If you did not ask for it, do nothing: your password stays as it is.";
    let button = Some(("Choose another password", address.to_owned()));
    let what = ("Choose another password", body, button);
    to_people(world, (&to.vendor, &to.email), "password_reset", what)
}

/// To one of a vendor's people whose password is another one: so that it does not go unnoticed where it was somebody else.
pub fn password_changed(world: World, to: &Person) -> Result<Mail, Error> {
    let body = "The password of your login was changed just now, and your other sessions were ended.\n\n\
                If it was not you: ask for another password on the log-in page at once, and tell an owner.";
    let what = ("Your password was changed", body, None);
    to_people(world, (&to.vendor, &to.email), "password_changed", what)
}

/// A mail about somebody's own login.
fn to_people(
    world: World,
    (vendor, address): (&VendorId, &str),
    kind: &str,
    (subject, body, button): (&str, &str, Option<(&'static str, String)>),
) -> Result<Mail, Error> {
    let footer = "This mail is about a login to the Goodword console.".into();
    let note = Note { language: Language::En, sender: "Goodword", subject, body, button, footer };
    Ok(Mail { sender: None, ..noted(world, vendor, address, kind, note)? })
}

/// A mail to the vendor's own people, or in the vendor's own words.
fn noted(world: World, vendor: &VendorId, to: &str, kind: &str, note: Note<'_>) -> Result<Mail, Error> {
    let (sender, language) = (note.sender.to_owned(), note.language);
    let written = note.written()?;
    Ok(Mail {
        id: MailId::from_bits(world.bits()),
        vendor: vendor.clone(),
        recipient: to.to_owned(),
        sender: Some(sender),
        subject: written.subject,
        body: written.text,
        html: Some(written.html),
        kind: kind.into(),
        language: language.tag().into(),
        unsubscribe: None,
        attempts: 0,
        created_at: world.now(),
    })
}
