//! The mails we write. Plain text: it reads everywhere, and carries nothing that could be tracked.

use crate::store::{Mail, Partner, Program};
use crate::world::World;
use goodword_domain::enrollment::Status;
use goodword_domain::id::{MailId, VendorId};
use goodword_domain::payout::method::Kind;
use goodword_domain::time::Instant;
use goodword_domain::webhook::Disabled;

fn mail(world: World, vendor: &VendorId, to: &str, subject: String, body: String, at: Instant) -> Mail {
    let id = MailId::from_bits(world.bits());
    Mail { id, vendor: vendor.clone(), recipient: to.into(), subject, body, attempts: 0, created_at: at }
}

/// To somebody who joined: prove the address.
pub fn prove(world: World, program: &Program, partner: &Partner, address: &str, at: Instant) -> Mail {
    let body = format!(
        "Hello {},\n\nyou joined {} as a partner. Please confirm that this address is yours, so that your earnings show:\n\n\
         {address}\n\nThe link works once, for 7 days. If it was not you who joined, ignore this mail: nothing will be paid to anybody.\n",
        partner.name, program.name
    );
    mail(
        world,
        &program.vendor,
        &partner.email,
        format!("Confirm your address for {}", program.name),
        body,
        at,
    )
}

/// To a partner who wants back in.
pub fn sign_in(world: World, program: &Program, partner: &Partner, address: &str, at: Instant) -> Mail {
    let body = format!(
        "Hello {},\n\nhere is the link to your partner page of {}:\n\n{address}\n\n\
         It works once, for 30 minutes. If it was not you who asked, ignore this mail.\n",
        partner.name, program.name
    );
    mail(world, &program.vendor, &partner.email, format!("Your partner page of {}", program.name), body, at)
}

/// To a partner who said how to be paid: so that it does not go unnoticed where it was somebody else.
pub fn method_changed(world: World, program: &Program, partner: &Partner, kind: Kind, at: Instant) -> Mail {
    let body = format!(
        "Hello {},\n\nyou will be paid by {} from now on, as was said on your partner page of {}.\n\n\
         If it was not you, write to the vendor at once.\n",
        partner.name,
        kind.word().replace('_', " "),
        program.name
    );
    let subject = format!("{}: how you are paid has changed", program.name);
    mail(world, &program.vendor, &partner.email, subject, body, at)
}

/// To a partner about whom the vendor decided.
pub fn decided(world: World, program: &Program, partner: &Partner, status: Status, at: Instant) -> Mail {
    let news = match status {
        Status::Approved => "you are approved: your code and link work from now on",
        Status::Rejected => "the vendor did not accept your application",
        Status::Banned => "the vendor has ended your partnership; what you earned before stays yours",
        Status::Pending => "your application is being looked at",
    };
    let body = format!("Hello {},\n\nnews from {}: {news}.\n", partner.name, program.name);
    mail(
        world,
        &program.vendor,
        &partner.email,
        format!("{}: news of your partnership", program.name),
        body,
        at,
    )
}

/// To somebody who is told what a trigger was made to say.
pub fn by_trigger(
    world: World,
    vendor: &VendorId,
    address: &str,
    (subject, body): (String, String),
    at: Instant,
) -> Mail {
    mail(world, vendor, address, subject, body, at)
}

/// To an owner whose endpoint hears nothing any more.
pub fn webhook_disabled(
    world: World,
    vendor: &VendorId,
    address: &str,
    (url, why): (&str, Disabled),
    console: &str,
) -> Mail {
    let reason = match why {
        Disabled::Gone => "it answered 410, which says that it wants no more events",
        Disabled::Failing | Disabled::ByHand => {
            "it has taken nothing for three days, though each event was tried nine times a day"
        }
    };
    let body = format!(
        "Hello,\n\nevents are no longer sent to this endpoint:\n\n{url}\n\nThe reason: {reason}.\n\n\
         Events are kept for 30 days. When the endpoint works again, enable it and have the missed ones sent:\n\n{console}\n"
    );
    let at = world.now();
    mail(world, vendor, address, "A webhook endpoint was disabled".into(), body, at)
}
