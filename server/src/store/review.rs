//! Reviews: what speaks against a commission, and what somebody decided about it.

use super::{Row, StoreError, Tx, params, row};
use goodword_domain::id::{CommissionId, CustomerId, PartnerId, ProgramId, VendorId};
use goodword_domain::risk::{Decision, Rule};
use goodword_domain::time::Instant;

/// The columns [`read_review`] reads, then the rest of the query.
macro_rules! reviews {
    ($rest:literal) => {
        concat!(
            "select r.commission_id, r.vendor_id, r.program_id, r.partner_id, r.rules, r.signals, r.opened_at, \
             r.decided_at, r.decision, r.by, r.note from review r ",
            $rest
        )
    };
}

/// A commission that signals speak against.
#[derive(Clone, Debug)]
pub struct Review {
    pub commission: CommissionId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub rules: Vec<Rule>,
    /// JSON of the wire.
    pub signals: String,
    pub opened_at: Instant,
    pub decided: Option<Decided>,
}

/// What somebody decided.
#[derive(Clone, Debug)]
pub struct Decided {
    pub decision: Decision,
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

/// Which reviews to list.
#[derive(Clone, Debug, Default)]
pub struct ReviewFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub rule: Option<Rule>,
    /// `waiting`, `cleared` or `rejected`.
    pub status: Option<String>,
    pub after: Option<CommissionId>,
    pub limit: i64,
}

impl Tx<'_> {
    pub fn insert_reviews(&mut self, reviews: &[Review]) -> Result<(), StoreError> {
        let sql = "insert into review (commission_id, vendor_id, program_id, partner_id, rules, signals, opened_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let row = |r: &Review| {
            let words: Vec<&str> = r.rules.iter().map(|rule| rule.word()).collect();
            let rules = format!(" {} ", words.join("  "));
            row![&r.commission, &r.vendor, &r.program, &r.partner, rules, &r.signals, r.opened_at]
        };
        self.execute_all(sql, &reviews.iter().map(row).collect::<Vec<_>>())
    }

    pub fn review(
        &mut self,
        vendor: &VendorId,
        commission: &CommissionId,
    ) -> Result<Option<Review>, StoreError> {
        let sql = reviews!("where r.vendor_id = $1 and r.commission_id = $2");
        self.row(sql, params![vendor, commission])?.map(read_review).transpose()
    }

    /// Whether a commission has signals nobody has decided about.
    pub fn is_in_review(&mut self, commission: &CommissionId) -> Result<bool, StoreError> {
        let sql = "select commission_id from review where commission_id = $1 and decided_at is null";
        Ok(self.row(sql, params![commission])?.is_some())
    }

    /// Those that wait first, each kind the earliest first.
    pub fn reviews(&mut self, vendor: &VendorId, f: &ReviewFilter) -> Result<Vec<Review>, StoreError> {
        let sql = reviews!(
            "left join review a on a.commission_id = $6 and a.vendor_id = $1 where r.vendor_id = $1 \
             and (cast($2 as text) is null or r.program_id = $2) and (cast($3 as text) is null or r.partner_id = $3) \
             and (cast($4 as text) is null or r.rules like $4) and (cast($5 as text) is null or coalesce(r.decision, 'waiting') = $5) \
             and (cast($6 as text) is null \
               or (case when r.decided_at is null then 0 else 1 end, r.opened_at, r.commission_id) > \
                  (case when a.decided_at is null or cast($5 as text) = 'waiting' then 0 else 1 end, a.opened_at, a.commission_id)) \
             order by case when r.decided_at is null then 0 else 1 end, r.opened_at, r.commission_id limit $7"
        );
        let rule = f.rule.map(|rule| format!("% {} %", rule.word()));
        let rows =
            self.rows(sql, params![vendor, &f.program, &f.partner, rule, &f.status, &f.after, f.limit])?;
        rows.into_iter().map(read_review).collect()
    }

    /// Writes down what somebody decided; a later decision takes the place of an earlier.
    pub fn decide_review(&mut self, commission: &CommissionId, d: &Decided) -> Result<(), StoreError> {
        let sql =
            "update review set decided_at = $2, decision = $3, by = $4, note = $5 where commission_id = $1";
        self.execute(sql, params![commission, d.at, d.decision.word(), &d.by, &d.note])?;
        Ok(())
    }

    /// A commission that was blocked, and is credited after all, begins what depends on a customer's first.
    pub fn begin_after_all(
        &mut self,
        commission: &CommissionId,
        customer: Option<&CustomerId>,
        (earnings, at): (i64, Instant),
    ) -> Result<(), StoreError> {
        let sql = "update commission set earnings_at_first = $2 where id = $1 and earnings_at_first = 0";
        self.execute(sql, params![commission, earnings])?;
        customer.map_or(Ok(()), |customer| self.convert(customer, at))
    }

    pub fn set_note(&mut self, commission: &CommissionId, note: Option<&str>) -> Result<(), StoreError> {
        self.execute(
            "update commission set note = $2 where id = $1",
            params![commission, note.map(str::to_owned)],
        )?;
        Ok(())
    }

    /// The rules that somebody cleared for a customer and a partner.
    pub fn cleared_signals(
        &mut self,
        customer: &CustomerId,
        partner: &PartnerId,
    ) -> Result<Vec<Rule>, StoreError> {
        let sql = "select rule from cleared_signal where customer_id = $1 and partner_id = $2";
        let rows = self.rows(sql, params![customer, partner])?;
        rows.into_iter().map(|mut row| read_rule(&row.next::<String>()?)).collect()
    }

    pub fn clear_signal(
        &mut self,
        vendor: &VendorId,
        (customer, partner): (&CustomerId, &PartnerId),
        rule: Rule,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into cleared_signal (customer_id, partner_id, rule, vendor_id, at) values ($1, $2, $3, $4, $5) \
                   on conflict (customer_id, partner_id, rule) do nothing";
        self.execute(sql, params![customer, partner, rule.word(), vendor, at])?;
        Ok(())
    }

    /// Takes back what was cleared by mistake.
    pub fn unclear_signal(
        &mut self,
        customer: &CustomerId,
        partner: &PartnerId,
        rule: Rule,
    ) -> Result<(), StoreError> {
        let sql = "delete from cleared_signal where customer_id = $1 and partner_id = $2 and rule = $3";
        self.execute(sql, params![customer, partner, rule.word()])?;
        Ok(())
    }
}

fn read_rule(word: &str) -> Result<Rule, StoreError> {
    Rule::parse(word).map_err(super::program::broken)
}

fn read_review(mut row: Row) -> Result<Review, StoreError> {
    let (commission, vendor, program, partner) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let rules = row.next::<String>()?;
    let (signals, opened_at) = (row.next()?, row.next()?);
    let (at, decision): (Option<Instant>, Option<String>) = (row.next()?, row.next()?);
    let (by, note): (Option<String>, Option<String>) = (row.next()?, row.next()?);
    let decision = decision.map(|word| Decision::parse(&word)).transpose().map_err(super::program::broken)?;
    Ok(Review {
        commission,
        vendor,
        program,
        partner,
        rules: rules.split_whitespace().map(read_rule).collect::<Result<_, _>>()?,
        signals,
        opened_at,
        decided: at.zip(decision).map(|(at, decision)| Decided {
            decision,
            by: by.unwrap_or_default(),
            note,
            at,
        }),
    })
}
