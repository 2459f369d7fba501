//! What visits earn, in programs that pay for them.

use crate::crediting::{self, Event, Exchanged, Records, Trail};
use crate::error::Error;
use crate::http::country_letters;
use crate::store::{CommissionRow, KnownLink, Origin, Posting, Tallies, Tx, counting_lock};
use crate::world::World;
use goodword_domain::click::ClickNumber;
use goodword_domain::reward::{Happened, Order};
use std::sync::Arc;

/// A new click of a program that pays for clicks.
pub struct Earning {
    pub link: Arc<KnownLink>,
    pub number: ClickNumber,
    pub origin: Origin,
}

/// Credits clicks, and counts what they earn.
pub fn reward(tx: &mut Tx<'_>, clicks: &[Earning], tallies: &mut Tallies) -> Result<(), Error> {
    if clicks.is_empty() {
        return Ok(());
    }
    let counting = clicks.iter().filter(|click| counts(click));
    let locks: Vec<i64> = counting.map(|click| counting_lock(&click.link.program.id)).collect();
    tx.lock(&locks)?;
    let (mut rows, mut postings) = (Vec::new(), Vec::new());
    for click in clicks {
        credit(tx, click, &mut rows, &mut postings)?;
        // What a capped reward pays depends on what was paid before, which must be stored to be seen.
        if counts(click) {
            save(tx, &mut rows, &mut postings, tallies)?;
        }
    }
    save(tx, &mut rows, &mut postings, tallies)
}

fn counts(click: &Earning) -> bool {
    click.link.program.counts()
}

fn credit(
    tx: &mut Tx<'_>,
    click: &Earning,
    rows: &mut Vec<CommissionRow>,
    postings: &mut Vec<Posting>,
) -> Result<(), Error> {
    let (program, at) = (&*click.link.program, click.number.at());
    let country = country_letters(click.origin.country);
    let event = Event {
        program,
        customer: None,
        happened: Happened::Click,
        at,
        lead: None,
        sale: None,
        click: Some(tx.seal().id(program.number, click.number)),
        invoice_id: None,
        event_name: None,
        order: &Order::default(),
        exchanged: &Exchanged::Same,
        country: country.as_deref(),
        metadata: &[],
        first_sign_up: false,
        trail: &Trail { clicks: Vec::new(), own: None, records: &Records::default() },
    };
    for (row, transfer) in
        crediting::credit_click(tx, World, &event, (&click.link.link, click.origin))?.commissions
    {
        let (vendor, program) = (row.vendor.clone(), row.program.clone());
        postings.extend(transfer.map(|transfer| Posting { vendor, program, transfer, at }));
        rows.push(row);
    }
    Ok(())
}

fn save(
    tx: &mut Tx<'_>,
    rows: &mut Vec<CommissionRow>,
    postings: &mut Vec<Posting>,
    tallies: &mut Tallies,
) -> Result<(), Error> {
    tx.insert_commissions(rows, tallies)?;
    tx.post_all(World, postings)?;
    rows.clear();
    postings.clear();
    Ok(())
}
