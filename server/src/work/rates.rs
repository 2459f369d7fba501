//! Counts sales that waited for an exchange rate once it has come, and credits what was earned on them.

use super::Step;
use crate::app::App;
use crate::crediting::{Exchanged, MAX_VALUE, exchange_for, recalculated};
use crate::error::Error;
use crate::store::{CommissionRow, Program, Sale, Store, Tallies, Together, Tx, counting_lock};
use crate::world::World;
use goodword_domain::commission;
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::time::Instant;

/// How many sales one transaction counts.
const BATCH: i64 = 100;

/// Counts a batch, whosever it is.
pub async fn step(app: &App) -> Result<Step, Error> {
    Ok(if some_of(&app.store, app.world, None).await? > 0 { Step::Done } else { Step::Idle })
}

/// Counts everything of one vendor's whose rate is there; tells how many sales.
pub async fn all_of(store: &Store, world: World, vendor: &VendorId) -> Result<usize, Error> {
    let mut all = 0;
    loop {
        let count = some_of(store, world, Some(vendor)).await?;
        if count == 0 {
            return Ok(all);
        }
        all += count;
    }
}

/// Counts a batch of one program's.
async fn some_of(store: &Store, world: World, vendor: Option<&VendorId>) -> Result<usize, Error> {
    let wanted = vendor.cloned();
    let found = store.read(move |tx| Ok(tx.program_to_exchange(wanted.as_ref())?)).await?;
    let Some((vendor, program)) = found else { return Ok(0) };
    store.together(Waiting { vendor, program, world, real: world.now() }).await
}

/// The same of one program's, within a transaction that is open. `real` is what the world's clock shows.
pub fn all_within(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    program: &ProgramId,
    real: Instant,
) -> Result<(), Error> {
    let waiting = Waiting { vendor: vendor.clone(), program: program.clone(), world, real };
    while waiting.count(tx)? > 0 {}
    Ok(())
}

/// The sales of a program that wait. They are counted like reports of sales: what is committed is read, under the lock of
/// whatever counts in the program, so that caps hold while sales are reported.
struct Waiting {
    vendor: VendorId,
    program: ProgramId,
    world: World,
    real: Instant,
}

impl Together for Waiting {
    type Answer = usize;

    fn together(tx: &mut Tx<'_>, all: &[&Self]) -> Result<Vec<Result<usize, Error>>, Error> {
        let locks: Vec<i64> = all.iter().map(|waiting| counting_lock(&waiting.program)).collect();
        tx.lock(&locks)?;
        all.iter().map(|waiting| waiting.count(tx).map(Ok)).collect()
    }
}

impl Waiting {
    fn count(&self, tx: &mut Tx<'_>) -> Result<usize, Error> {
        let now = tx.known_clock(&self.vendor)?.now(self.real);
        let Some(program) = tx.known_program(&self.vendor, Some(&self.program))? else { return Ok(0) };
        let (mut tallies, mut counted) = (Tallies::default(), 0);
        for sale in tx.sales_to_exchange(&self.program, BATCH)? {
            counted += usize::from(self.exchange(tx, &program, &sale, now, &mut tallies)?);
        }
        tx.add_tallies(&tallies)?;
        Ok(counted)
    }

    /// Whether the sale is counted now. Whoever refunds it meanwhile is first or waits.
    fn exchange(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        sale: &Sale,
        now: Instant,
        tallies: &mut Tallies,
    ) -> Result<bool, Error> {
        let exchanged = exchange_for(tx, &self.vendor, sale.currency, program.terms.currency, sale.at)?;
        let Exchanged::By(rate, _) = &exchanged else { return Ok(false) };
        let told = exchanged.of_sale().zip(exchanged.value(sale.amount - sale.gone()));
        let Some((of_sale, value)) = told else { return Ok(false) };
        let left = value.min(MAX_VALUE);
        let gone = exchanged.value(sale.amount).map_or(0, |whole| whole.min(MAX_VALUE) - left);
        if !tx.exchange_sale(sale, &of_sale, (left, gone), tallies)? {
            return Ok(false);
        }
        // What is too much to be counted would have been refused; whoever reported it has mistaken the currency.
        if value > MAX_VALUE {
            return Ok(true);
        }
        let rows = tx.commissions_of_sale(&sale.id)?;
        // All are worked out before the first is saved: partners who share a sale share the room under a cap.
        let mut steps = Vec::with_capacity(rows.len());
        for row in rows {
            let step = row.commission.exchanged(recalculated(tx, program, &row, rate)?);
            steps.extend(step.map(|step| (row, step)));
        }
        for (row, step) in &steps {
            self.save(tx, row, step, now, tallies)?;
        }
        Ok(true)
    }

    fn save(
        &self,
        tx: &mut Tx<'_>,
        row: &CommissionRow,
        step: &commission::Step,
        now: Instant,
        tallies: &mut Tallies,
    ) -> Result<(), Error> {
        if tx.exchange_commission(row, &step.commission, tallies)? {
            tx.post(self.world, &row.vendor, &row.program, step.transfer.as_ref(), now.max(row.at))?;
        }
        Ok(())
    }
}
