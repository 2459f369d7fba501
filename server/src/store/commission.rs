//! Commissions.

use super::calculation;
use super::program::broken;
use super::value::Value;
use super::{Fact, Figures, Origin, Row, StoreError, Tallies, Tx, params, row};
use goodword_domain::commission::{Commission, Source, Status};
use goodword_domain::event::EventKind;
use goodword_domain::id::{
    ClickId, CommissionId, CustomerId, LeadId, LinkId, PartnerId, PayoutId, ProgramId, RewardId, SaleId,
    VendorId,
};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

/// The columns [`read_commission`] reads, then the rest of the query.
macro_rules! commissions {
    ($($rest:literal),+) => {
        concat!(
            "select c.id, c.partner_id, c.currency, c.calculation, c.amount, c.refunded, c.earnings, \
             c.status, c.clears_at, c.source, c.payout_id, c.vendor_id, c.program_id, c.customer_id, \
             c.link_id, c.lead_id, c.sale_id, c.click_id, c.corrects, c.reward_id, c.version, \
             c.earnings_at_first, c.note, c.at, s.invoice_id, l.event_name, c.origin, \
             exists (select 1 from commission k where k.corrects = c.id) from \
             commission c left join sale s on s.id = c.sale_id left join lead l on l.id = c.lead_id ",
            $($rest),+
        )
    };
}

/// A commission with what it was earned on.
#[derive(Clone, Debug)]
pub struct CommissionRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub customer: Option<CustomerId>,
    pub link: Option<LinkId>,
    pub lead: Option<LeadId>,
    pub sale: Option<SaleId>,
    pub click: Option<ClickId>,
    /// The commission it corrects, which was sent.
    pub corrects: Option<CommissionId>,
    pub reward: Option<RewardId>,
    /// Of the program's terms.
    pub version: i64,
    pub earnings_at_first: i64,
    /// What a person said with it.
    pub note: Option<String>,
    pub at: Instant,
    pub invoice_id: Option<String>,
    /// What the lead is called, where it was earned on one.
    pub event_name: Option<String>,
    pub payout: Option<PayoutId>,
    /// That of what it was earned on.
    pub origin: Origin,
    pub commission: Commission,
}

impl CommissionRow {
    /// As it is counted.
    pub(super) fn fact(&self) -> Fact<'_> {
        let Self { program, link, at, origin, commission, .. } = self;
        Fact { program, link: link.as_ref(), at: *at, id: commission.id.as_str(), origin: *origin }
    }
}

/// Which commissions to list.
#[derive(Clone, Debug, Default)]
pub struct CommissionFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub status: Option<String>,
    /// Only those a payout was made of, also where it did not arrive.
    pub payout: Option<PayoutId>,
    /// What they were earned on, in words of the wire; all where none is named.
    pub kinds: Vec<String>,
    pub customer: Option<CustomerId>,
    /// Only of partners of this group.
    pub group: Option<String>,
    pub invoice: Option<String>,
    pub from: Option<Instant>,
    /// Not included.
    pub until: Option<Instant>,
    pub order: CommissionOrder,
    pub after: Option<CommissionId>,
    pub skip: i64,
    pub limit: i64,
}

/// In which order to list commissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommissionOrder {
    #[default]
    Newest,
    Oldest,
    Largest,
    Smallest,
}

/// All words of the wire for what a commission was earned on.
pub const COMMISSION_KINDS: [&str; 6] = ["click", "lead", "sale", "correction", "bonus", "fund_claim"];

/// By what index commissions are listed.
#[derive(Clone, Copy)]
enum Look {
    /// All of a vendor are looked at.
    All,
    /// Those of one program, in the order of time.
    OfProgram,
    /// Those of one status but held, in the order of time.
    Settled,
}

impl Look {
    fn sql(self, order: CommissionOrder) -> &'static str {
        macro_rules! listed {
            ($which:literal, $order:literal) => {
                commissions!(
                    "left join commission a on a.id = $5 and a.vendor_id = $1 where c.vendor_id = $1 and ",
                    $which,
                    " and (cast($3 as text) is null or \
                     c.partner_id = $3) and (cast($6 as text) is null \
                     or exists (select 1 from payout_item i where i.payout_id = $6 and i.commission_id = c.id)) \
                     and case when c.corrects is not null then 'correction' when c.sale_id is not null then 'sale' \
                     when c.lead_id is not null then 'lead' when c.click_id is not null then 'click' \
                     when c.source = 'fund' then 'fund_claim' else 'bonus' end = any($8) \
                     and (cast($9 as text) is null or c.customer_id = $9) and (cast($10 as text) is null or exists \
                     (select 1 from enrollment e where e.program_id = c.program_id and e.partner_id = c.partner_id \
                     and e.group_id = $10)) and (cast($11 as text) is null or s.invoice_id = $11) \
                     and c.at >= $12 and c.at < $13 ",
                    $order,
                    " limit $7 offset $14"
                )
            };
        }
        macro_rules! looked_at {
            ($order:literal) => {
                match self {
                    Self::All => listed!(
                        "(cast($2 as text) is null or c.program_id = $2) and (cast($4 as text) is null or c.status = $4)",
                        $order
                    ),
                    Self::OfProgram => {
                        listed!("c.program_id = $2 and (cast($4 as text) is null or c.status = $4)", $order)
                    }
                    Self::Settled => listed!(
                        "(cast($2 as text) is null or c.program_id = $2) and c.status = $4 and c.status <> 'pending'",
                        $order
                    ),
                }
            };
        }
        match order {
            CommissionOrder::Newest => looked_at!(
                "and (cast($5 as text) is null or c.at < a.at or (c.at = a.at and c.id < a.id)) order by c.at desc, c.id desc"
            ),
            CommissionOrder::Oldest => looked_at!(
                "and (cast($5 as text) is null or c.at > a.at or (c.at = a.at and c.id > a.id)) order by c.at, c.id"
            ),
            CommissionOrder::Largest => {
                looked_at!("and cast($5 as text) is null order by c.amount desc, c.id desc")
            }
            CommissionOrder::Smallest => looked_at!("and cast($5 as text) is null order by c.amount, c.id"),
        }
    }
}

impl Tx<'_> {
    /// Stores commissions, and counts them.
    pub fn insert_commissions(
        &mut self,
        commissions: &[CommissionRow],
        tallies: &mut Tallies,
    ) -> Result<(), StoreError> {
        let sql = "insert into commission (id, vendor_id, program_id, partner_id, customer_id, link_id, lead_id, sale_id, \
                   click_id, corrects, reward_id, version, calculation, amount, refunded, earnings_at_first, earnings, currency, status, \
                   reason, source, volume, units, payout_id, note, at, clears_at, origin) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
                   $23, $24, $25, $26, $27, $28)";
        for row in commissions {
            self.tally(tallies, &row.fact(), Figures::of_commission(&row.commission))?;
            tallies.dues.add(row, &row.commission);
            let id = row.commission.id.as_str();
            self.tell((&row.vendor, &row.program), EventKind::CommissionCreated, id)?;
            self.points_changed(row)?;
        }
        self.execute_all(sql, &commissions.iter().map(values).collect::<Vec<_>>())
    }

    /// Saves what a step changed of a commission that stood as `before`.
    pub fn update_commission(&mut self, before: &CommissionRow, c: &Commission) -> Result<(), StoreError> {
        let sql = "update commission set earnings = $2, status = $3, reason = $4, refunded = $5, volume = $6, units = $7, \
                   calculation = $8 where id = $1";
        let volume = c.calculation.volume(c.refunded);
        let (status, reason) = (c.status.word(), c.status.reason());
        let calculation = calculation::write(&c.calculation);
        self.execute(
            sql,
            params![&c.id, c.earnings, status, reason, c.refunded, volume.amount, volume.units, calculation],
        )?;
        let was = &before.commission;
        if (was.status, was.earnings) != (c.status, c.earnings) {
            self.tell_updated((&before.vendor, &before.program), &c.id, was.status, was.earnings)?;
        }
        self.points_changed(before)?;
        let mut tallies = Tallies::default();
        self.recount_commission(&mut tallies, before, c)?;
        self.add_tallies(&tallies)
    }

    /// Counts a commission that stood as `before` as it is now.
    pub(super) fn recount_commission(
        &mut self,
        tallies: &mut Tallies,
        before: &CommissionRow,
        c: &Commission,
    ) -> Result<(), StoreError> {
        let mut change = Figures::of_commission(c);
        change += Figures::of_commission(&before.commission).negative();
        tallies.dues.take(before, &before.commission);
        tallies.dues.add(before, c);
        self.tally(tallies, &before.fact(), change)
    }

    /// Points that were earned, or are others now, may mean another level. Where there are levels what is earned is decided one after
    /// the other, so that no two wait for each other's row.
    fn points_changed(&mut self, row: &CommissionRow) -> Result<(), StoreError> {
        if row.commission.currency != Currency::POINTS {
            return Ok(());
        }
        let program = self.known_program(&row.vendor, Some(&row.program))?;
        if program.is_none_or(|program| program.terms.levels.is_none()) {
            return Ok(());
        }
        self.look_at_level((&row.vendor, &row.program, &row.commission.partner), Instant(0))
    }

    /// Tells that a commission's status or earnings were others before.
    pub(super) fn tell_updated(
        &mut self,
        of: (&VendorId, &ProgramId),
        id: &CommissionId,
        status: Status,
        earnings: i64,
    ) -> Result<(), StoreError> {
        let before = || Some(format!(r#"{{"status":"{}","earnings":{earnings}}}"#, status.word()));
        self.tell_with(of, EventKind::CommissionUpdated, id.as_str(), before)
    }

    pub fn commission(
        &mut self,
        vendor: &VendorId,
        id: &CommissionId,
    ) -> Result<Option<CommissionRow>, StoreError> {
        let sql = commissions!("where c.vendor_id = $1 and c.id = $2");
        self.row(sql, params![vendor, id])?.map(read_commission).transpose()
    }

    /// A sale's commissions, corrections of sent ones included, in the order they were made.
    pub fn commissions_of_sale(&mut self, sale: &SaleId) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!("where c.sale_id = $1 order by c.id");
        self.rows(sql, params![sale])?.into_iter().map(read_commission).collect()
    }

    /// A lead's commissions, corrections of sent ones included, in the order they were made.
    pub fn commissions_of_lead(&mut self, lead: &LeadId) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!("where c.lead_id = $1 order by c.id");
        self.rows(sql, params![lead])?.into_iter().map(read_commission).collect()
    }

    /// In the order of the filter; a cursor goes with the order of time alone.
    pub fn commissions(
        &mut self,
        vendor: &VendorId,
        f: &CommissionFilter,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let is_settled = f.status.as_deref().is_some_and(|status| status != Status::Pending.word());
        let newest = match f.order {
            CommissionOrder::Newest => true,
            CommissionOrder::Oldest => false,
            CommissionOrder::Largest | CommissionOrder::Smallest => return self.listed(vendor, f, Look::All),
        };
        if is_settled {
            return self.listed(vendor, f, Look::Settled);
        }
        // Program by program, for each has them in the order of time.
        let programs = match &f.program {
            Some(program) => vec![program.clone()],
            None => self.program_ids(vendor)?,
        };
        let mut found = Vec::new();
        for program in programs {
            let of_one = CommissionFilter {
                program: Some(program),
                limit: f.limit.saturating_add(f.skip),
                skip: 0,
                ..f.clone()
            };
            found.extend(self.listed(vendor, &of_one, Look::OfProgram)?);
        }
        let key = |row: &CommissionRow| (row.at, row.commission.id.as_str().to_owned());
        found.sort_by_cached_key(key);
        if newest {
            found.reverse();
        }
        let (skip, limit) =
            (usize::try_from(f.skip).unwrap_or(0), usize::try_from(f.limit).unwrap_or(usize::MAX));
        Ok(found.into_iter().skip(skip).take(limit).collect())
    }

    fn program_ids(&mut self, vendor: &VendorId) -> Result<Vec<ProgramId>, StoreError> {
        let rows = self.rows("select id from program where vendor_id = $1 order by id", params![vendor])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }

    fn listed(
        &mut self,
        vendor: &VendorId,
        f: &CommissionFilter,
        look: Look,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let all = || COMMISSION_KINDS.map(str::to_owned).to_vec();
        let kinds = if f.kinds.is_empty() { all() } else { f.kinds.clone() };
        let (from, until) = (f.from.unwrap_or(Instant(i64::MIN)), f.until.unwrap_or(Instant(i64::MAX)));
        let filter = params![
            vendor,
            &f.program,
            &f.partner,
            &f.status,
            &f.after,
            &f.payout,
            f.limit,
            &kinds[..],
            &f.customer,
            &f.group,
            &f.invoice,
            from,
            until,
            f.skip
        ];
        self.rows(look.sql(f.order), filter)?.into_iter().map(read_commission).collect()
    }

    /// A partner's latest commissions in a program, newest first.
    pub fn latest_commissions_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!(
            "where c.program_id = $1 and c.partner_id = $2 order by c.at desc, c.id desc limit $3"
        );
        self.rows(sql, params![program, partner, limit])?.into_iter().map(read_commission).collect()
    }

    /// A program's commissions in the order of their events, after one of them.
    pub fn commissions_in_order(
        &mut self,
        program: &ProgramId,
        (at, id): (Instant, &str),
        limit: i64,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!(
            "where c.program_id = $1 and c.at >= $2 and (c.at > $2 or c.id > $3) order by c.at, c.id limit $4"
        );
        self.rows(sql, params![program, at, id, limit])?.into_iter().map(read_commission).collect()
    }

    /// Held commissions of a vendor whose hold has ended, the earliest first, without those of sales about whose split is to be decided.
    pub fn commissions_to_release(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!(
            "where c.vendor_id = $1 and c.status = 'pending' and c.clears_at <= $2 and not exists (select 1 from split x \
             where x.sale_id = c.sale_id and x.status in ('proposed', 'agreed', 'disputed')) order by \
             c.clears_at, c.id limit $3"
        );
        self.rows(sql, params![vendor, now, limit])?.into_iter().map(read_commission).collect()
    }
}

fn values(c: &CommissionRow) -> Vec<Value> {
    let d = &c.commission;
    let volume = d.calculation.volume(d.refunded);
    row![
        &d.id,
        &c.vendor,
        &c.program,
        &d.partner,
        &c.customer,
        &c.link,
        &c.lead,
        &c.sale,
        &c.click,
        &c.corrects,
        &c.reward,
        c.version,
        calculation::write(&d.calculation),
        d.amount,
        d.refunded,
        c.earnings_at_first,
        d.earnings,
        d.currency,
        d.status.word(),
        d.status.reason(),
        d.source.word(),
        volume.amount,
        volume.units,
        &c.payout,
        &c.note,
        c.at,
        d.clears_at,
        c.origin
    ]
}

fn read_commission(mut row: Row) -> Result<CommissionRow, StoreError> {
    let commission = Commission {
        id: row.next()?,
        partner: row.next()?,
        currency: row.next()?,
        calculation: calculation::read(&row.next::<String>()?)?,
        amount: row.next()?,
        refunded: row.next()?,
        earnings: row.next()?,
        status: Status::parse(&row.next::<String>()?).map_err(broken)?,
        clears_at: row.next()?,
        source: Source::parse(&row.next::<String>()?).map_err(broken)?,
        in_payout: false,
    };
    let payout: Option<PayoutId> = row.next()?;
    let mut read = CommissionRow {
        vendor: row.next()?,
        program: row.next()?,
        customer: row.next()?,
        link: row.next()?,
        lead: row.next()?,
        sale: row.next()?,
        click: row.next()?,
        corrects: row.next()?,
        reward: row.next()?,
        version: row.next()?,
        earnings_at_first: row.next()?,
        note: row.next()?,
        at: row.next()?,
        invoice_id: row.next()?,
        event_name: row.next()?,
        origin: row.next()?,
        payout,
        commission,
    };
    // A commission that others correct stays as it is, also when the payout it was in came back: they already say the rest.
    let corrected: bool = row.next()?;
    read.commission.in_payout = read.payout.is_some() || corrected;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Database, Durability, Store};

    /// However many commissions there are, a page of a list reads little more than its rows.
    #[tokio::test]
    async fn lists_in_the_order_of_time_are_read_in_the_order_of_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(folder.path().join("plans.db"));
        let store = Store::open(&database, Durability::Off).unwrap();
        for (look, index) in [
            (Look::OfProgram, "commission_by_program (program_id=? AND at>? AND at<?)"),
            (Look::Settled, "commission_settled (vendor_id=? AND status=? AND at>? AND at<?)"),
        ] {
            for order in [CommissionOrder::Newest, CommissionOrder::Oldest] {
                let sql: &'static str = format!("explain query plan {}", look.sql(order)).leak();
                let filter =
                    CommissionFilter { status: Some("paid".into()), limit: 50, ..Default::default() };
                let plan = store.read(move |tx| {
                    let nobody: Option<String> = None;
                    let kinds = COMMISSION_KINDS.map(str::to_owned).to_vec();
                    let values = params![
                        "ven_1",
                        "prg_1",
                        &nobody,
                        &filter.status,
                        &nobody,
                        &nobody,
                        filter.limit,
                        &kinds[..],
                        &nobody,
                        &nobody,
                        &nobody,
                        Instant(0),
                        Instant(1),
                        filter.skip
                    ];
                    let rows = tx.rows(sql, values)?;
                    let text = |value| if let Value::Text(text) = value { text } else { String::new() };
                    let line = |row: Row| row.values().map(text).collect::<String>();
                    Ok(rows.into_iter().map(line).collect::<Vec<_>>().join("\n"))
                });
                let plan = plan.await.unwrap();
                assert!(plan.contains(index), "{plan}");
                assert!(!plan.contains("TEMP B-TREE FOR ORDER BY"), "{plan}");
            }
        }
        store.close();
    }
}
