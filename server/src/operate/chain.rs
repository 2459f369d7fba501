//! The chain of each program's ledger, walked from its first transfer to its head, a part at a time.

use super::Operation;
use super::check::Finding;
use crate::error::Error;
use crate::store::{ChainHead, Chained};

/// How many rows are read at a time.
const PART: usize = 2000;
/// With more findings than this the walk ends: whatever happened, it was not one row.
const ENOUGH: usize = 100;

/// Walks every chain.
pub(super) async fn walk(operation: &mut Operation) -> Result<Vec<Finding>, Error> {
    let programs = operation.store.read(|tx| Ok(tx.chained_programs()?)).await?;
    let mut findings = Vec::new();
    for (done, program) in programs.iter().enumerate() {
        operation.progress.tell("programs' ledgers checked", done, programs.len());
        let found = chain(operation, program).await?;
        findings.extend(
            found.into_iter().map(|text| Finding(format!("program {program}: {text}: restore a backup."))),
        );
        if findings.len() >= ENOUGH {
            break;
        }
    }
    Ok(findings)
}

async fn chain(operation: &mut Operation, program: &str) -> Result<Vec<String>, Error> {
    let name = program.to_owned();
    // What a running server adds meanwhile stands after this head, and is left for the next check.
    let read_head = operation.store.read(move |tx| {
        let head = tx.chain_head(&name)?;
        let after = tx.links_after_head(&name, head.place, 3)?;
        Ok((head, after))
    });
    let (head, after) = read_head.await?;
    let (mut walked, mut findings) = (Walked::default(), Vec::new());
    loop {
        let links = part(operation, program, &walked, head.place).await?;
        findings.extend(links.iter().flat_map(|link| walked.pass(link)));
        if links.len() < PART || findings.len() >= ENOUGH {
            break;
        }
        let places = |place: i64| usize::try_from(place).unwrap_or(0);
        operation.progress.tell("transfers checked", places(walked.place), places(head.place));
    }
    findings.extend(walked.end(&head));
    findings.extend(after.iter().map(|link| {
        format!(
            "transfer {} stands at place {}, after the end of the chain at place {}",
            link.id, link.place, head.place
        )
    }));
    Ok(findings)
}

async fn part(
    operation: &Operation,
    program: &str,
    walked: &Walked,
    last: i64,
) -> Result<Vec<Chained>, Error> {
    let (name, place, id) = (program.to_owned(), walked.place, walked.id.clone());
    let limit = i64::try_from(PART).unwrap_or(i64::MAX);
    operation.store.read(move |tx| Ok(tx.links_of_chain(&name, (place, &id), last, limit)?)).await
}

/// How far a walk has come.
#[derive(Default)]
struct Walked {
    /// The last place.
    place: i64,
    /// The transfer that stands there.
    id: String,
    /// Its hash.
    hash: String,
}

impl Walked {
    /// Passes a transfer, and tells what is wrong with it or before it.
    fn pass(&mut self, link: &Chained) -> Vec<String> {
        let mut wrong = Vec::new();
        let follows = link.place == self.place + 1;
        if link.place == self.place {
            wrong.push(format!("transfers {} and {} both stand at place {}", self.id, link.id, link.place));
        } else if !follows {
            wrong.push(format!(
                "{} missing before transfer {}",
                places(self.place + 1, link.place - 1),
                link.id
            ));
        }
        // What is after a gap cannot be compared with what is not there.
        if follows && link.chained(&self.hash) != link.hash {
            let after = if self.id.is_empty() { String::new() } else { format!(" after {}", self.id) };
            wrong.push(format!(
                "transfer {} at place {} does not come to its hash{after}: it was changed, or moved, or what is before it was",
                link.id, link.place
            ));
        }
        *self = Self { place: link.place, id: link.id.clone(), hash: link.hash.clone() };
        wrong
    }

    /// Compares where the walk ended with where the chain says it ends.
    fn end(&self, head: &ChainHead) -> Option<String> {
        let last =
            if self.id.is_empty() { "there is none".to_owned() } else { format!("the last is {}", self.id) };
        if self.place < head.place {
            Some(format!("{} missing at the end; {last}", places(self.place + 1, head.place)))
        } else {
            let differs = self.place == head.place && self.hash != head.hash;
            differs.then(|| {
                format!("the chain's end names another hash than that of its last transfer, {}", self.id)
            })
        }
    }
}

fn places(first: i64, last: i64) -> String {
    if first == last {
        format!("the transfer at place {first} is")
    } else {
        format!("the transfers at places {first} to {last} are")
    }
}

/// Accounts that were changed: their transfers name them by ids that follow from what they were.
pub(super) async fn forged_accounts(operation: &Operation) -> Result<Vec<Finding>, Error> {
    let (mut findings, mut next) = (Vec::new(), Some(String::new()));
    while let Some(after) = next.filter(|_| findings.len() < ENOUGH) {
        let (forged, last) = operation.store.read(move |tx| Ok(tx.forged_accounts(&after, PART)?)).await?;
        findings.extend(forged.into_iter().map(|id| {
            Finding(format!("account {id} is of another kind, partner, currency or program than when it was opened: restore a backup."))
        }));
        next = last;
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of so many transfers, and its head.
    fn chain(count: i64) -> (Vec<Chained>, ChainHead) {
        let (mut links, mut head) = (Vec::new(), ChainHead::default());
        for place in 1..=count {
            let link = Chained {
                id: format!("trf_{place}"),
                place,
                debit: "acc_1".into(),
                credit: "acc_2".into(),
                amount: place * 10,
                currency: "usd".into(),
                kind: "hold".into(),
                cause: "com_1".into(),
                at: 1_000 + place,
                hash: String::new(),
            };
            let hash = link.chained(&head.hash);
            head = ChainHead { place, hash: hash.clone() };
            links.push(Chained { hash, ..link });
        }
        (links, head)
    }

    fn found(links: &[Chained], head: &ChainHead) -> Vec<String> {
        let mut walked = Walked::default();
        let mut found: Vec<String> = links.iter().flat_map(|link| walked.pass(link)).collect();
        found.extend(walked.end(head));
        found
    }

    #[track_caller]
    fn check(links: &[Chained], head: &ChainHead, told: &[&str]) {
        let found = found(links, head);
        assert_eq!(found.len(), told.len(), "{found:?}");
        for (finding, word) in found.iter().zip(told) {
            assert!(finding.contains(word), "{found:?} without {word}");
        }
    }

    #[test]
    fn a_sound_chain_is_passed() {
        for count in [0, 1, 7] {
            let (links, head) = chain(count);
            check(&links, &head, &[]);
        }
    }

    #[test]
    fn every_field_of_a_row_is_chained() {
        let (links, head) = chain(5);
        let changes: [fn(&mut Chained); 8] = [
            |l| l.id = "trf_x".into(),
            |l| l.debit = "acc_x".into(),
            |l| l.credit = "acc_x".into(),
            |l| l.amount += 1,
            |l| l.currency = "eur".into(),
            |l| l.kind = "void".into(),
            |l| l.cause = "com_2".into(),
            |l| l.at += 1,
        ];
        for change in changes {
            let mut tampered = links.clone();
            change(&mut tampered[2]);
            check(&tampered, &head, &["at place 3 does not come to its hash"]);
        }
    }

    #[test]
    fn who_also_writes_a_fitting_hash_is_found_at_the_next() {
        let (mut links, head) = chain(5);
        links[2].amount += 1;
        links[2].hash = links[2].chained(&links[1].hash);
        check(&links, &head, &["trf_4 at place 4"]);
        let (mut links, head) = chain(3);
        links[2].amount += 1;
        links[2].hash = links[2].chained(&links[1].hash);
        check(&links, &head, &["the chain's end names another hash than that of its last transfer, trf_3"]);
    }

    #[test]
    fn what_is_missing_added_or_moved_is_told() {
        let (links, head) = chain(6);
        check(
            &[&links[..2], &links[4..]].concat(),
            &head,
            &["the transfers at places 3 to 4 are missing before transfer trf_5"],
        );
        check(&links[1..], &head, &["the transfer at place 1 is missing before transfer trf_2"]);
        check(&links[..5], &head, &["the transfer at place 6 is missing at the end; the last is trf_5"]);
        check(&[], &head, &["the transfers at places 1 to 6 are missing at the end; there is none"]);
        let mut twice = links.clone();
        twice.insert(3, Chained { id: "trf_x".into(), ..links[2].clone() });
        check(&twice, &head, &["transfers trf_3 and trf_x both stand at place 3"]);
        let mut swapped = links.clone();
        swapped.swap(1, 3);
        (swapped[1].place, swapped[3].place) = (2, 4);
        check(
            &swapped,
            &head,
            &["trf_4 at place 2", "trf_3 at place 3", "trf_2 at place 4", "trf_5 at place 5"],
        );
    }

    #[test]
    fn a_head_that_was_changed_is_told() {
        let (links, head) = chain(3);
        check(&links, &ChainHead { hash: "0".into(), ..head.clone() }, &["names another hash"]);
        check(&links, &ChainHead { place: 4, ..head }, &["the transfer at place 4 is missing at the end"]);
    }
}
