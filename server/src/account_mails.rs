//! The mails about a partner's account: joined again, another address, erased.

use crate::store::{Mail, Partner, Program};
use crate::world::World;
use goodword_domain::id::MailId;
use goodword_domain::time::Instant;

fn mail(world: World, program: &Program, to: &str, subject: String, body: String, at: Instant) -> Mail {
    let (id, vendor) = (MailId::from_bits(world.bits()), program.vendor.clone());
    Mail { id, vendor, recipient: to.into(), subject, body, attempts: 0, created_at: at }
}

/// To a partner under whose address somebody joined once more.
pub fn joined_again(
    world: World,
    program: &Program,
    partner: &Partner,
    code: &str,
    address: &str,
    at: Instant,
) -> Mail {
    let body = format!(
        "Hello {},\n\nsomebody joined {} with your address just now. You are a partner already, so the new code {code} is yours, too: \
         what it brings is credited to you.\n\nIf it was you, open your partner page here:\n\n{address}\n\n\
         The link works once, for 30 minutes. If it was not you, ignore this mail: nobody else sees your page or is paid.\n",
        partner.name, program.name
    );
    mail(world, program, &partner.email, format!("You are a partner of {} already", program.name), body, at)
}

/// To an address that a partner wants to have from now on.
pub fn prove_other(
    world: World,
    program: &Program,
    partner: &Partner,
    to: &str,
    address: &str,
    at: Instant,
) -> Mail {
    let body = format!(
        "Hello {},\n\nplease confirm that you want to be reached at this address as a partner of {}:\n\n{address}\n\n\
         The link works once, for 30 minutes. If it was not you who asked, ignore this mail.\n",
        partner.name, program.name
    );
    mail(world, program, to, format!("Confirm your new address for {}", program.name), body, at)
}

/// To the address a partner had before, so that it does not go unnoticed where it was somebody else.
pub fn address_changed(world: World, program: &Program, partner: &Partner, at: Instant) -> Mail {
    let body = format!(
        "Hello {},\n\nyour account as a partner of {} has another e-mail address from now on.\n\n\
         If it was not you, write to the vendor at once.\n",
        partner.name, program.name
    );
    mail(world, program, &partner.email, format!("{}: your address has changed", program.name), body, at)
}
