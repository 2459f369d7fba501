//! Questions whose answer should be nothing: what contradicts what in the database.

use super::{Dimension, StoreError, Tx, params};
use goodword_domain::click::ClickNumber;
use std::collections::{BTreeSet, HashSet};

/// How many of a kind are listed at the most.
const MOST: i64 = 20;
/// How many clicks are looked up at once.
const AT_ONCE: usize = 1000;

/// What transfers that a commission caused have brought into one kind of account.
macro_rules! lies_in {
    ($kind:literal) => {
        concat!(
            "(select cast(coalesce(sum(case when c.kind = '",
            $kind,
            "' then t.amount else 0 end) - sum(case when d.kind = '",
            $kind,
            "' then t.amount else 0 end), 0) as bigint) from transfer t join account c on c.id = t.credit_account \
             join account d on d.id = t.debit_account where t.cause = m.id)"
        )
    };
}

/// What lies in a partner's accounts of some kinds.
macro_rules! balance_of {
    ($kinds:literal) => {
        concat!(
            "(select cast(coalesce(sum((select coalesce(sum(amount), 0) from transfer where credit_account = a.id) \
             - (select coalesce(sum(amount), 0) from transfer where debit_account = a.id)), 0) as bigint) from account a \
             where a.program_id = h.program_id and a.partner_id = h.partner_id and a.currency = h.currency and a.kind in (",
            $kinds,
            "))"
        )
    };
}

/// What a partner's commissions earn, of those that some condition holds for.
macro_rules! earned_where {
    ($condition:literal) => {
        concat!(
            "(select cast(coalesce(sum(m.earnings), 0) as bigint) from commission m where m.program_id = h.program_id \
             and m.partner_id = h.partner_id and m.currency = h.currency and ",
            $condition,
            ")"
        )
    };
}

/// Rows of a table that name a vendor or program that is not there, or another vendor's program; then what else they name.
macro_rules! strays {
    ($table:literal, $more:literal) => {
        concat!(
            "select '",
            $table,
            " ' || r.id from ",
            $table,
            " r left join program g on g.id = r.program_id and g.vendor_id = r.vendor_id \
             left join vendor v on v.id = r.vendor_id where g.id is null or v.id is null",
            $more,
            " order by r.id limit $1"
        )
    };
    ($table:literal) => {
        strays!(
            $table,
            " or (r.partner_id is not null and not exists (select 1 from partner p where p.id = r.partner_id and p.vendor_id = r.vendor_id)) \
             or (r.link_id is not null and not exists (select 1 from link l where l.id = r.link_id and l.program_id = r.program_id))"
        )
    };
}

/// A pointer of a chain to a click that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dangling {
    pub program: i64,
    /// Whose pointer it is: the number of a click, or a browser or visitor.
    pub of: i64,
    pub click: ClickNumber,
}

impl Tx<'_> {
    /// What the database says is wrong with itself.
    pub fn broken_storage(&mut self) -> Result<Vec<String>, StoreError> {
        self.driver.broken_storage()
    }

    /// Rows that name what is not there, where no constraint watches it: kind and id.
    pub fn strays(&mut self) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for sql in [
            strays!("customer"),
            strays!("lead"),
            strays!("sale"),
            strays!("commission"),
            strays!(
                "account",
                " or (r.partner_id <> '' and not exists (select 1 from partner p where p.id = r.partner_id))"
            ),
            strays!("transfer", ""),
            strays!("payout_batch", ""),
            strays!("payout", ""),
            strays!(
                "lot",
                " or (r.partner_id <> '' and not exists (select 1 from partner p where p.id = r.partner_id))"
            ),
            strays!("fund_request", " or not exists (select 1 from partner p where p.id = r.partner_id)"),
            strays!("redemption", " or not exists (select 1 from partner p where p.id = r.partner_id)"),
            strays!("completion", " or not exists (select 1 from partner p where p.id = r.partner_id)"),
            strays!("fund_claim", " or not exists (select 1 from partner p where p.id = r.partner_id)"),
            strays!("fund_file", " or not exists (select 1 from partner p where p.id = r.partner_id)"),
            "select 'refund ' || r.id from refund r left join vendor v on v.id = r.vendor_id where v.id is null order by r.id limit $1",
        ] {
            found.extend(self.ids(sql)?);
        }
        Ok(found)
    }

    /// Links that clicks were counted for and that are not there, told as program and link.
    pub fn links_that_are_lost(&mut self) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "select distinct t.program, t.item from tally t left join program g on g.number = t.program \
                   left join link l on l.number = t.item and l.program_id = g.id where t.dimension = 1 and l.id is null";
        let rows = self.rows(sql, &[])?.into_iter().map(|mut row| Ok((row.next()?, row.next()?)));
        let mut lost: BTreeSet<(i64, i64)> = rows.collect::<Result<_, StoreError>>()?;
        let logged = self.logged_of_all()?;
        let clicked = logged.iter().filter(|((_, dimension, ..), _)| *dimension == Dimension::Link);
        let clicked: BTreeSet<(i64, i64)> =
            clicked.map(|((program, _, _, link), _)| (*program, *link)).collect();
        let numbers: Vec<i64> = clicked.iter().map(|(_, link)| *link).collect();
        let sql = "select p.number, l.number from link l join program p on p.id = l.program_id where l.number = any($1)";
        let rows = self.rows(sql, params![&numbers[..]])?.into_iter();
        let known = rows.map(|mut row| Ok((row.next()?, row.next()?)));
        let known: BTreeSet<(i64, i64)> = known.collect::<Result<_, StoreError>>()?;
        lost.extend(clicked.difference(&known));
        Ok(lost.into_iter().collect())
    }

    /// Transfers whose accounts are missing, of another currency or program, or one and the same.
    pub fn broken_transfers(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "select t.id from transfer t left join account d on d.id = t.debit_account \
                   left join account c on c.id = t.credit_account \
                   where d.id is null or c.id is null or d.id = c.id or t.amount <= 0 \
                   or d.currency <> t.currency or c.currency <> t.currency \
                   or d.program_id <> t.program_id or c.program_id <> t.program_id order by t.id limit $1";
        self.ids(sql)
    }

    /// Currencies whose accounts do not come to nothing, and to what they come.
    pub fn unbalanced(&mut self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "select currency, cast(sum(balance) as bigint) from (select a.currency, \
                   (select coalesce(sum(amount), 0) from transfer where credit_account = a.id) \
                   - (select coalesce(sum(amount), 0) from transfer where debit_account = a.id) as balance from account a) b \
                   group by currency having sum(balance) <> 0 order by currency";
        self.rows(sql, &[])?.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    /// Commissions whose transfers do not come to their earnings, or lie elsewhere than their status says. What is moved by a
    /// payout is caused by the payout: to a commission in one it is as if it were payable.
    pub fn broken_commissions(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = concat!(
            "select m.id from commission m left join commission o on o.id = m.corrects where ",
            lies_in!("held"),
            " <> case when m.status in ('pending', 'hold') then m.earnings else 0 end or ",
            lies_in!("payable"),
            " <> case when m.status in ('processed', 'paid') and m.earnings > 0 then m.earnings else 0 end or ",
            lies_in!("clawback"),
            " <> case when m.status in ('processed', 'paid') and m.earnings < 0 then m.earnings else 0 end or ",
            "(m.status in ('refunded', 'canceled', 'fraud', 'needs_rate') and m.earnings <> 0) or ",
            "(m.earnings < 0 and m.status not in ('processed', 'paid')) or ",
            "(m.status = 'paid' and m.payout_id is null) or ",
            "(m.corrects is not null and (o.id is null or o.partner_id <> m.partner_id or o.program_id <> m.program_id ",
            "or o.currency <> m.currency)) order by m.id limit $1"
        );
        self.ids(sql)
    }

    /// Partners, with program and currency, of whom less or more is payable (what they owe taken off), sent or paid than their
    /// commissions say.
    pub fn broken_partners(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = concat!(
            "select h.partner_id || ' in program ' || h.program_id || ', ' || h.currency from \
             (select distinct program_id, partner_id, currency from account where partner_id <> '' and currency <> 'points') h where ",
            balance_of!("'payable', 'clawback'"),
            " <> ",
            earned_where!("m.status = 'processed' and m.payout_id is null"),
            " or ",
            balance_of!("'sent', 'paid'"),
            " <> ",
            earned_where!("m.status in ('processed', 'paid') and m.payout_id is not null"),
            " order by 1 limit $1"
        );
        self.ids(sql)
    }

    /// Payouts that are not the sum of what they were made of, whose commissions are not where their status says, or that lie
    /// elsewhere in the ledger.
    pub fn broken_payouts(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = concat!(
            "select m.id from payout m where m.amount <> (select cast(coalesce(sum(i.earnings), 0) as bigint) from payout_item i \
             where i.payout_id = m.id) or m.commissions <> (select count(*) from payout_item i where i.payout_id = m.id) \
             or (select count(*) from commission c where c.payout_id = m.id) <> \
             case when m.status in ('pending', 'processing', 'completed') then m.commissions else 0 end \
             or exists (select 1 from payout_item i join commission c on c.id = i.commission_id where i.payout_id = m.id \
             and (c.earnings <> i.earnings and c.payout_id = m.id or c.partner_id <> m.partner_id \
             or c.program_id <> m.program_id or c.currency <> m.currency)) or ",
            lies_in!("sent"),
            " <> case when m.status in ('pending', 'processing') then m.amount else 0 end or ",
            lies_in!("paid"),
            " <> case when m.status = 'completed' then m.amount else 0 end or ",
            lies_in!("clawback"),
            " <> case when m.status in ('pending', 'processing', 'completed') then m.netted else 0 end order by m.id limit $1"
        );
        self.ids(sql)
    }

    /// Sales whose refunds and disputes do not come to what they say, whose commission says otherwise, or of which another
    /// value is left.
    pub fn broken_refunds(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "select s.id from (select s.*, case when s.refunded + s.disputed > s.amount then s.amount \
                   else s.refunded + s.disputed end as gone from sale s) s join program g on g.id = s.program_id where s.refunded <> \
                   (select cast(coalesce(sum(amount), 0) as bigint) from refund where sale_id = s.id) or s.disputed <> \
                   (select cast(coalesce(sum(amount), 0) as bigint) from dispute where sale_id = s.id and status <> 'won') \
                   or exists (select 1 from commission m where m.sale_id = s.id and m.corrects is null and m.refunded <> s.gone) \
                   or (s.rate is null and s.value_left <> s.amount - s.gone) or (s.rate is not null and s.value_left is null) \
                   or (s.currency = g.currency and s.value_left is null) order by s.id limit $1";
        self.ids(sql)
    }

    /// Lots, requests and claims of funds that do not add up among themselves, and partners of whom another amount lies in the accounts
    /// of funds than they say.
    pub fn broken_funds(&mut self) -> Result<Vec<String>, StoreError> {
        let lots = "select 'lot ' || l.id from lot l where l.amount <> l.remaining + l.gone + (select cast(coalesce(sum(d.amount - d.back), 0) \
                    as bigint) from lot_draw d where d.lot_id = l.id) order by l.id limit $1";
        let requests = "select 'request ' || r.id from fund_request r where r.committed - r.released <> \
                        (select cast(coalesce(sum(d.amount - d.back), 0) as bigint) from lot_draw d where d.drawer = r.id) \
                        or r.paid <> (select cast(coalesce(sum(c.paid), 0) as bigint) from fund_claim c where c.request_id = r.id) \
                        order by r.id limit $1";
        let claims = "select 'claim ' || c.id from fund_claim c left join commission m on m.id = c.commission_id \
                      where (c.status = 'paid') <> (c.paid > 0) or (c.paid > 0 and (m.id is null or m.source <> 'fund' \
                      or m.earnings <> c.paid or m.partner_id <> c.partner_id)) order by c.id limit $1";
        let accounts = concat!(
            "select 'partner ' || h.partner_id || ' in program ' || h.program_id || ', ' || h.currency from \
             (select distinct program_id, partner_id, currency from account where kind in ('fund', 'allocated', 'committed')) h where ",
            balance_of!("'fund', 'allocated'"),
            " <> (select cast(coalesce(sum(l.remaining), 0) as bigint) from lot l where l.program_id = h.program_id \
             and l.partner_id = h.partner_id and l.currency = h.currency) or ",
            balance_of!("'committed'"),
            " <> (select cast(coalesce(sum(r.committed - r.paid - r.released), 0) as bigint) from fund_request r \
             where r.program_id = h.program_id and r.partner_id = h.partner_id and r.currency = h.currency) order by 1 limit $1"
        );
        let mut found = Vec::new();
        for sql in [lots, requests, claims, accounts] {
            found.extend(self.ids(sql)?);
        }
        Ok(found)
    }

    /// Redemptions that are not drawn from lots as they say, and partners whose points' lots, redemptions and commissions tell of other
    /// amounts than the accounts.
    pub fn broken_points(&mut self) -> Result<Vec<String>, StoreError> {
        let redemptions = "select 'redemption ' || r.id from redemption r where (select cast(coalesce(sum(d.amount - d.back), 0) as bigint) \
                           from lot_draw d where d.drawer = r.id) <> case when r.status in ('requested', 'fulfilled') then r.price else 0 end \
                           order by r.id limit $1";
        macro_rules! of_partner {
            ($what:literal, $from:literal) => {
                concat!(
                    "(select cast(coalesce(sum(",
                    $what,
                    "), 0) as bigint) from ",
                    $from,
                    " x where x.program_id = h.program_id and x.partner_id = h.partner_id "
                )
            };
        }
        let accounts = concat!(
            "select 'partner ' || h.partner_id || ' in program ' || h.program_id from \
             (select distinct program_id, partner_id, currency from account where partner_id <> '' and currency = 'points') h where ",
            balance_of!("'payable'"),
            " <> ",
            of_partner!("x.remaining", "lot"),
            "and x.kind = 'points') or ",
            balance_of!("'sent'"),
            " <> ",
            of_partner!("x.price", "redemption"),
            "and x.status = 'requested') or ",
            balance_of!("'paid'"),
            " <> ",
            of_partner!("x.price", "redemption"),
            "and x.status = 'fulfilled') or ",
            balance_of!("'payable', 'clawback', 'sent', 'paid'"),
            " <> ",
            of_partner!("x.earnings", "commission"),
            "and x.currency = 'points' and x.status = 'processed') - ",
            of_partner!("x.gone", "lot"),
            "and x.kind = 'points') order by 1 limit $1"
        );
        let mut found = Vec::new();
        for sql in [redemptions, accounts] {
            found.extend(self.ids(sql)?);
        }
        Ok(found)
    }

    /// Latest clicks of a program's browsers and visitors that are not there.
    pub fn dangling_heads(&mut self, program: i64) -> Result<Vec<Dangling>, StoreError> {
        let sql = "select v.program, v.id, v.head from visitor v left join click c on c.id = v.head and c.program = v.program \
                   where v.program = $1 and c.id is null";
        let logged = self.logged_heads(program)?;
        let mut found = self.dangling(sql, &[super::Value::Int(program)])?;
        found.retain(|dangling| !logged.contains_key(&dangling.of));
        let heads: Vec<_> = logged.into_iter().filter_map(|(key, head)| Some((key, head.click()?))).collect();
        for part in heads.chunks(AT_ONCE) {
            let clicks: Vec<i64> = part.iter().map(|(_, click)| click.0).collect();
            let rows = self.click_rows(&[program], &clicks)?;
            let there: HashSet<ClickNumber> = rows.into_iter().map(|row| row.number).collect();
            let lost = part.iter().filter(|(_, click)| !there.contains(click));
            found.extend(lost.map(|(key, click)| Dangling { program, of: *key, click: *click }));
        }
        Ok(found)
    }

    /// Earlier clicks that those of a day point to and that are not there.
    pub fn dangling_clicks(&mut self, day: i64) -> Result<Vec<Dangling>, StoreError> {
        let by_browser = "select c.program, c.id, c.previous from click c left join click p on p.id = c.previous and p.program = c.program \
                          where c.id >= $1 and c.id < $2 and c.previous is not null and p.id is null";
        let by_visitor = "select c.program, c.id, c.visitor_previous from click c left join click p on p.id = c.visitor_previous \
                          and p.program = c.program where c.id >= $1 and c.id < $2 and c.visitor_previous is not null and p.id is null";
        let range = params![ClickNumber::first_of_day(day), ClickNumber::first_of_day(day + 1)];
        let mut found = self.dangling(by_browser, range)?;
        found.extend(self.dangling(by_visitor, range)?);
        Ok(found)
    }

    fn dangling(&mut self, sql: &'static str, params: &[super::Value]) -> Result<Vec<Dangling>, StoreError> {
        let rows = self.rows(sql, params)?;
        rows.into_iter()
            .map(|mut row| Ok(Dangling { program: row.next()?, of: row.next()?, click: row.next()? }))
            .collect()
    }

    pub(super) fn ids(&mut self, sql: &'static str) -> Result<Vec<String>, StoreError> {
        self.rows(sql, params![MOST])?.into_iter().map(|mut row| row.next()).collect()
    }
}
