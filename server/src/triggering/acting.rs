//! What triggers do. Each action is checked before anything of it is done, so that one that is refused has done nothing; the
//! same check tells a dry run what would be in the way.

use crate::enrolling;
use crate::error::Error;
use crate::mails;
use crate::routes::{commissions, find};
use crate::store::{Enrollment, Partner, Program, Told, Trigger, Tx};
use crate::world::World;
use goodword_domain::enrollment::{Decision, Status};
use goodword_domain::id::{DeliveryId, PartnerId};
use goodword_domain::money::Currency;
use goodword_domain::trigger::{Action, Fact, Facts, Recipient, fill};
use goodword_wire::TriggerDone;

/// Where a trigger acts.
pub struct Scene<'a> {
    trigger: &'a Trigger,
    /// Where the server is, for what is written to partners.
    public_url: &'a str,
    program: Program,
    /// The event; none while it is only tried out.
    told: Option<&'a Told>,
    /// The partner it is about.
    partner: Option<PartnerId>,
}

/// A partner as it stands in the program.
type Standing = Option<(Enrollment, Partner)>;

impl<'a> Scene<'a> {
    /// Loads what the actions are about.
    pub fn set(
        tx: &mut Tx<'_>,
        (trigger, public_url): (&'a Trigger, &'a str),
        told: Option<&'a Told>,
        facts: &Facts,
    ) -> Result<Self, Error> {
        let program = find::program_by_id(tx, &trigger.vendor, &trigger.program)?;
        let partner = facts.of(&Fact::Partner).and_then(|id| PartnerId::parse(id).ok());
        Ok(Self { trigger, public_url, program, told, partner })
    }

    /// The partner as it stands now: an action before may have changed that.
    fn standing(&self, tx: &mut Tx<'_>) -> Result<Standing, Error> {
        let Some(id) = &self.partner else { return Ok(None) };
        Ok(tx.enrollment(&self.program.id, id)?.zip(tx.partner(&self.trigger.vendor, id)?))
    }
}

/// What actions would come to, each after those before it.
pub fn check(tx: &mut Tx<'_>, scene: &Scene<'_>, actions: &[Action]) -> Result<Vec<TriggerDone>, Error> {
    let mut status = scene.standing(tx)?.map(|(enrollment, _)| enrollment.status);
    let mut all = Vec::with_capacity(actions.len());
    for action in actions {
        let obstacle = obstacle(tx, scene, action, status)?;
        let done = obstacle.is_none();
        if done && *action == Action::Approve {
            status = Some(Status::Approved);
        }
        let says = obstacle.unwrap_or_else(|| "Nothing is in the way.".into());
        all.push(TriggerDone { kind: word(action).into(), done, says });
    }
    Ok(all)
}

/// Does it, or says why not.
pub fn act(tx: &mut Tx<'_>, world: World, scene: &Scene<'_>, action: &Action) -> Result<TriggerDone, Error> {
    let kind = word(action).to_owned();
    let standing = scene.standing(tx)?;
    let status = standing.as_ref().map(|(enrollment, _)| enrollment.status);
    if let Some(says) = obstacle(tx, scene, action, status)? {
        return Ok(TriggerDone { kind, done: false, says });
    }
    match carry_out(tx, world, scene, action, &standing) {
        Ok(says) => Ok(TriggerDone { kind, done: true, says }),
        Err(failed @ (Error::Store(_) | Error::Internal(_))) => Err(failed),
        Err(refused) => Ok(TriggerDone { kind, done: false, says: refused.to_string() }),
    }
}

fn word(action: &Action) -> &'static str {
    match action {
        Action::Approve => "approve",
        Action::MoveToGroup(_) => "move_to_group",
        Action::Points(_) => "points",
        Action::Bonus(_) => "bonus",
        Action::Mail { .. } => "mail",
        Action::Webhook(_) => "webhook",
    }
}

/// What is in the way of an action, as a sentence.
fn obstacle(
    tx: &mut Tx<'_>,
    scene: &Scene<'_>,
    action: &Action,
    status: Option<Status>,
) -> Result<Option<String>, Error> {
    let needs_partner = !matches!(action, Action::Webhook(_) | Action::Mail { to: Recipient::Owner, .. });
    let found = match (action, status) {
        (_, None) if needs_partner => Some("The event is about no partner of the program."),
        (Action::Approve, Some(Status::Banned)) => {
            Some("The partner is banned: only a person lets him or her in again.")
        }
        (Action::Points(_) | Action::Bonus(_), Some(status)) if status != Status::Approved => {
            Some("The partner is not approved.")
        }
        (Action::MoveToGroup(group), _) if !tx.groups(&scene.program.id)?.iter().any(|g| g.id == *group) => {
            Some("The group is not one of the program’s.")
        }
        (Action::Bonus(amount), _) if !is_covered(tx, scene, *amount)? => {
            Some("The program’s budget does not cover it.")
        }
        (Action::Webhook(id), _) => match tx.webhook(&scene.trigger.vendor, id)? {
            None => Some("The endpoint was deleted."),
            Some(webhook) if webhook.disabled.is_some() => Some("The endpoint is disabled."),
            Some(_) => None,
        },
        _ => None,
    };
    Ok(found.map(str::to_owned))
}

fn is_covered(tx: &mut Tx<'_>, scene: &Scene<'_>, amount: i64) -> Result<bool, Error> {
    let terms = &scene.program.terms;
    Ok(!terms.budgeted || tx.budget_left(&scene.program.id, terms.currency)? >= amount)
}

/// Does it; returns what was done, as a sentence.
fn carry_out(
    tx: &mut Tx<'_>,
    world: World,
    scene: &Scene<'_>,
    action: &Action,
    standing: &Standing,
) -> Result<String, Error> {
    match (action, standing) {
        (Action::Approve, Some((enrollment, partner))) => {
            if enrollment.status == Status::Approved {
                return Ok("The partner was approved before.".into());
            }
            let status = enrollment.status.decide(Decision::Approve)?;
            enrolling::decide(
                tx,
                world,
                enrollment,
                partner,
                (status, "approved_by_trigger"),
                scene.public_url,
            )?;
            Ok("The partner is approved.".into())
        }
        (Action::MoveToGroup(group), Some((enrollment, _))) => {
            if enrollment.group == *group {
                return Ok("The partner was in the group before.".into());
            }
            tx.set_group(enrollment, group)?;
            Ok(format!("The partner is in {} now.", tx.group_name(Some(group))?))
        }
        (Action::Points(points), Some((_, partner))) => {
            grant(tx, world, scene, partner, (*points, Currency::POINTS))
        }
        (Action::Bonus(amount), Some((_, partner))) => {
            grant(tx, world, scene, partner, (*amount, scene.program.terms.currency))
        }
        (Action::Mail { to, subject, body }, _) => {
            let partner = standing.as_ref().map(|(_, partner)| partner);
            mail(tx, world, scene, (*to, partner), (subject, body))
        }
        (Action::Webhook(id), _) => {
            let Some(told) = scene.told else { return Ok("Nothing is in the way.".into()) };
            let delivery = DeliveryId::from_bits(world.bits());
            tx.insert_delivery((&delivery, &told.vendor), (id, &told.id), "trigger", world.now())?;
            Ok("The event is on its way to the endpoint.".into())
        }
        (_, None) => Err(Error::Conflict("The event is about no partner of the program.".into())),
    }
}

fn grant(
    tx: &mut Tx<'_>,
    world: World,
    scene: &Scene<'_>,
    partner: &Partner,
    (amount, unit): (i64, Currency),
) -> Result<String, Error> {
    let now = find::now(tx, &scene.trigger.vendor, world.now())?;
    let note = Some(scene.trigger.name.clone());
    let given = commissions::give(tx, world, &scene.program, (&partner.id, amount, unit), note, now)?;
    Ok(format!("Granted as {}.", given.id))
}

fn mail(
    tx: &mut Tx<'_>,
    world: World,
    scene: &Scene<'_>,
    (to, partner): (Recipient, Option<&Partner>),
    (subject, body): (&str, &str),
) -> Result<String, Error> {
    let vendor = find::vendor(tx, &scene.trigger.vendor)?;
    let name = partner.map_or("", |partner| partner.name.as_str());
    let event = scene.trigger.event.word();
    let values = [("partner", name), ("program", scene.program.name.as_str()), ("event", event)];
    let (subject, body) = (fill(subject, &values), fill(body, &values));
    let addresses = match to {
        Recipient::Partner => {
            let Some(partner) = partner else { return Ok("Mailed to nobody.".into()) };
            mails::by_trigger(tx, world, &scene.program, partner, (&subject, &body))?;
            vec![partner.email.clone()]
        }
        Recipient::Owner => {
            let addresses = tx.owner_addresses(vendor.live_id())?;
            for address in &addresses {
                let to = (address.as_str(), scene.trigger.name.as_str());
                mails::by_trigger_to_owner(tx, world, &scene.program, to, (&subject, &body))?;
            }
            addresses
        }
    };
    Ok(format!("Mailed to {}.", addresses.join(", ")))
}
