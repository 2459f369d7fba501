//! What is known of somebody who wants in, for whoever decides about it.

use crate::error::Error;
use crate::routes::{find, view};
use crate::store::{self, Tx};
use goodword_domain::applicant;
use goodword_domain::enrollment::Status;
use goodword_domain::id::PartnerId;
use goodword_wire as wire;

/// What speaks against somebody who waits for a decision; nothing of who has one.
pub fn signals(
    tx: &mut Tx<'_>,
    e: &store::Enrollment,
    p: &store::Partner,
) -> Result<Vec<wire::ApplicantSignal>, Error> {
    /// Of others no more are named than a person looks at.
    const MOST: i64 = 5;
    if e.status != Status::Pending {
        return Ok(Vec::new());
    }
    let sharers = tx.sharers(&e.vendor, &p.id, MOST)?;
    let of = |device: bool| sharers.iter().filter(move |s| s.1 == device).map(|s| s.0.clone()).collect();
    let facts = applicant::Facts {
        email: p.email.clone(),
        is_proven: p.proven_at.is_some(),
        same_mailbox: tx.same_mailbox(&e.vendor, &p.id, MOST)?,
        same_device: of(true),
        same_address: of(false),
        refusals: tx.refusals_elsewhere(&e.program, &p.id)?,
    };
    let program = find::program_by_id(tx, &e.vendor, &e.program)?;
    let shown = |found: applicant::Signal<PartnerId>| {
        let named = found.others.iter().map(|id| view::partner_ref(tx, &e.vendor, &e.program, id));
        let partners = named.collect::<Result<_, _>>()?;
        Ok(wire::ApplicantSignal { rule: found.rule.word().into(), partners, says: found.why })
    };
    applicant::evaluate(&program.terms.signals, facts).into_iter().map(shown).collect()
}
