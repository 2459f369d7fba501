//! Lists of events.

use super::{Dimension, Narrowed, Range, Row, StoreError, Tx, params};
use goodword_domain::click::ClickNumber;
use goodword_domain::id::{ClickId, CustomerId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use std::collections::BTreeSet;

/// A click, lead or sale in a list.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub id: String,
    pub at: Instant,
    pub partner: Option<(PartnerId, String)>,
    pub link: Option<LinkId>,
    pub customer: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub earnings: i64,
    /// The program's currency; what was earned is in it.
    pub earnings_currency: String,
    pub reason: String,
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    /// Only through this link.
    pub link: Option<LinkId>,
    /// Only of this person; of leads and sales.
    pub customer: Option<CustomerId>,
    pub from: Option<Instant>,
    /// Not included.
    pub until: Option<Instant>,
    pub after: Option<String>,
    pub limit: i64,
    /// Only those that came so, of the program of that number.
    pub came: Option<(i64, Narrowed)>,
}

impl EventFilter {
    /// From when to when, the end not included.
    fn range(&self) -> (Instant, Instant) {
        (self.from.unwrap_or(Instant(i64::MIN)), self.until.unwrap_or(Instant(i64::MAX)))
    }
}

impl Tx<'_> {
    /// Clicks, newest first. They are looked for only on days on which the tallies say there are some.
    pub fn click_events(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        let programs = self.numbers_of(vendor, f.program.as_ref())?;
        let links = self.links_meant(vendor, f)?;
        let after = f.after.as_deref().and_then(|id| ClickId::parse(id).ok());
        let mut below = after.and_then(|id| self.seal().open(&id)).map_or(i64::MAX, |(_, number)| number.0);
        let (start, end) = f.range();
        below = below.min(ClickNumber::first_at(end).0);
        let above = ClickNumber::first_at(start).0;
        if let Some((program, narrowed)) = &f.came {
            let numbers = self.latest_clicks(*program, narrowed, (above, below), f.limit)?;
            let mut found = self.clicks_of_numbers(*program, &numbers)?;
            self.tell_what_clicks_earned(&mut found)?;
            return Ok(found);
        }
        let mut found = Vec::new();
        for day in self.days_with_clicks(&programs, links.as_deref(), ClickNumber(below).at().day())? {
            let room = f.limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if room <= 0 || ClickNumber::first_of_day(day + 1).0 <= above {
                break;
            }
            below = below.min(ClickNumber::first_of_day(day + 1).0);
            let from = ClickNumber::first_of_day(day).0.max(above);
            found.extend(self.clicks_between(from, below, &programs, links.as_deref(), room)?);
        }
        self.tell_what_clicks_earned(&mut found)?;
        Ok(found)
    }

    fn tell_what_clicks_earned(&mut self, clicks: &mut [EventRow]) -> Result<(), StoreError> {
        let sql = "select click_id, earnings from commission where click_id = any($1) and click_id is not null \
                   and corrects is null and currency not in ('points', 'credits', 'months')";
        let ids: Vec<String> = clicks.iter().map(|click| click.id.clone()).collect();
        for mut row in self.rows(sql, params![&ids[..]])? {
            let (id, earnings): (String, i64) = (row.next()?, row.next()?);
            for click in clicks.iter_mut().filter(|click| click.id == id) {
                click.earnings = earnings;
            }
        }
        Ok(())
    }

    /// The numbers of a vendor's programs, or of one of them.
    pub(super) fn numbers_of(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = "select number from program where vendor_id = $1 and (cast($2 as text) is null or id = $2)";
        self.rows(sql, params![vendor, program])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// The numbers of the links that are meant; none for all.
    fn links_meant(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Option<Vec<i64>>, StoreError> {
        if let Some(link) = &f.link {
            return Ok(Some(self.link(vendor, link)?.map(|l| l.number).into_iter().collect()));
        }
        f.partner.as_ref().map(|partner| self.links_of_partner(vendor, partner)).transpose()
    }

    fn links_of_partner(&mut self, vendor: &VendorId, partner: &PartnerId) -> Result<Vec<i64>, StoreError> {
        let sql = "select number from link where vendor_id = $1 and partner_id = $2";
        self.rows(sql, params![vendor, partner])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// Newest first.
    fn days_with_clicks(
        &mut self,
        programs: &[i64],
        links: Option<&[i64]>,
        until: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let any = "select distinct day from tally where program = any($1) and dimension = 0 and day <= $2 and clicks > 0 \
                   order by day desc";
        let of_links = "select distinct day from tally where program = any($1) and dimension = 1 and day <= $2 \
                   and item = any($3) and clicks > 0 order by day desc";
        let rows = match links {
            None => self.rows(any, params![programs, until]),
            Some(links) => self.rows(of_links, params![programs, until, links]),
        }?;
        let mut days: BTreeSet<i64> =
            rows.into_iter().map(|mut row| row.next()).collect::<Result<_, StoreError>>()?;
        for ((_, dimension, day, item), figures) in self.logged(programs)?.iter() {
            let is_meant = match links {
                None => *dimension == Dimension::Program,
                Some(links) => *dimension == Dimension::Link && links.contains(item),
            };
            if is_meant && *day <= until && figures.clicks > 0 {
                days.insert(*day);
            }
        }
        Ok(days.into_iter().rev().collect())
    }

    fn clicks_of_numbers(&mut self, program: i64, numbers: &[i64]) -> Result<Vec<EventRow>, StoreError> {
        let sql = "select c.id, c.program, p.id, p.name, l.id, w.text, g.currency from click c \
                   join link l on l.number = c.link join partner p on p.id = l.partner_id \
                   join program g on g.number = c.program left join word w on w.program = c.program and w.id = c.referrer \
                   where c.program = $1 and c.id = any($2) order by c.id desc";
        let rows = self.rows(sql, params![program, numbers])?;
        rows.into_iter().map(|row| self.read_click_event(row)).collect()
    }

    fn clicks_between(
        &mut self,
        from: i64,
        below: i64,
        programs: &[i64],
        links: Option<&[i64]>,
        limit: i64,
    ) -> Result<Vec<EventRow>, StoreError> {
        macro_rules! clicks {
            ($rest:literal) => {
                concat!(
                    "select c.id, c.program, p.id, p.name, l.id, w.text, g.currency \
                     from (select id, program, link, referrer from click where id >= $1 and id < $2 \
                       and program = any($3) ", $rest, " order by id desc limit $4) c \
                     join link l on l.number = c.link join partner p on p.id = l.partner_id \
                     join program g on g.number = c.program left join word w on w.program = c.program and w.id = c.referrer order by c.id desc"
                )
            };
        }
        let rows = match links {
            None => self.rows(clicks!(""), params![from, below, programs, limit]),
            Some(links) => {
                self.rows(clicks!("and link = any($5)"), params![from, below, programs, limit, links])
            }
        }?;
        rows.into_iter().map(|row| self.read_click_event(row)).collect()
    }

    fn read_click_event(&self, mut row: Row) -> Result<EventRow, StoreError> {
        let (number, program): (ClickNumber, i64) = (row.next()?, row.next()?);
        let partner = (row.next()?, row.next()?);
        let (link, customer) = (row.next()?, row.next()?);
        let currency: String = row.next()?;
        Ok(EventRow {
            id: self.seal().id(program, number).to_string(),
            at: number.at(),
            partner: Some(partner),
            link,
            customer,
            amount: 0,
            earnings: 0,
            earnings_currency: currency.clone(),
            currency,
            reason: "counted".into(),
        })
    }

    pub fn lead_events(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        macro_rules! leads {
            ($rest:literal) => {
                concat!(
                    "select l.id, l.at, p.id, p.name, l.link_id, coalesce(k.name, k.email, k.external_id), cast(0 as bigint), \
                   g.currency, (select cast(coalesce(sum(earnings), 0) as bigint) from commission where lead_id = l.id \
                   and currency not in ('points', 'credits', 'months')), g.currency, l.reason from lead l join customer k on k.id = l.customer_id \
                   join program g on g.id = l.program_id \
                   left join partner p on p.id = l.partner_id \
                   left join lead a on a.id = $4 \
                   where l.vendor_id = $1 and (cast($2 as text) is null or l.program_id = $2) and (cast($3 as text) is null or l.partner_id = $3) \
                   and (cast($4 as text) is null or l.at < a.at or (l.at = a.at and l.id < a.id)) \
                   and (cast($6 as text) is null or l.link_id = $6) and (cast($7 as text) is null or l.customer_id = $7) \
                   and l.at >= $8 and l.at < $9 ",
                    $rest,
                    " order by l.at desc, l.id desc limit $5"
                )
            };
        }
        self.events([leads!(""), leads!("and l.id = any($10)")], "leads", vendor, f)
    }

    pub fn sale_events(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        macro_rules! sales {
            ($rest:literal) => {
                concat!(
                    "select s.id, s.at, p.id, p.name, s.link_id, coalesce(k.name, k.email, k.external_id), s.amount, s.currency, \
                   (select cast(coalesce(sum(earnings), 0) as bigint) from commission where sale_id = s.id and currency not in ('points', 'credits', 'months')), \
                   g.currency, s.reason from sale s join program g on g.id = s.program_id left join customer k on k.id = s.customer_id \
                   left join partner p on p.id = s.partner_id \
                   left join sale a on a.id = $4 \
                   where s.vendor_id = $1 and (cast($2 as text) is null or s.program_id = $2) and (cast($3 as text) is null or s.partner_id = $3) \
                   and (cast($4 as text) is null or s.at < a.at or (s.at = a.at and s.id < a.id)) \
                   and (cast($6 as text) is null or s.link_id = $6) and (cast($7 as text) is null or s.customer_id = $7) \
                   and s.at >= $8 and s.at < $9 ",
                    $rest,
                    " order by s.at desc, s.id desc limit $5"
                )
            };
        }
        self.events([sales!(""), sales!("and s.id = any($10)")], "sales", vendor, f)
    }

    /// Leads or sales by a query for all of them, or by one for those of ids.
    fn events(
        &mut self,
        [all, of_ids]: [&'static str; 2],
        kind: &str,
        vendor: &VendorId,
        f: &EventFilter,
    ) -> Result<Vec<EventRow>, StoreError> {
        let (from, until) = f.range();
        let filter =
            params![vendor, &f.program, &f.partner, &f.after, f.limit, &f.link, &f.customer, from, until];
        let rows = match &f.came {
            None => self.rows(all, filter)?,
            Some((program, narrowed)) => {
                let range = Range { start: from, end: Some(until) };
                let ids =
                    self.latest_brought(*program, narrowed, &range, (kind, f.after.as_deref(), f.limit))?;
                let mut filter = filter.to_vec();
                filter.extend_from_slice(params![&ids[..]]);
                self.rows(of_ids, &filter)?
            }
        };
        rows.into_iter().map(read_event).collect()
    }
}

fn read_event(mut row: Row) -> Result<EventRow, StoreError> {
    let (id, at) = (row.next()?, row.next()?);
    let (partner, name): (Option<PartnerId>, Option<String>) = (row.next()?, row.next()?);
    Ok(EventRow {
        id,
        at,
        partner: partner.zip(name),
        link: row.next()?,
        customer: row.next()?,
        amount: row.next()?,
        currency: row.next()?,
        earnings: row.next()?,
        earnings_currency: row.next()?,
        reason: row.next()?,
    })
}
