//! How many people who were bound by a link have earned somebody a commission: kept with what the link has brought in all.

use super::{Customer, StoreError, Tallies, Tx, params};
use goodword_domain::id::{CustomerId, LinkId, ProgramId};
use goodword_domain::time::Instant;
use std::collections::{BTreeMap, HashMap};

/// By program and link, how many more people there are than before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conversions(BTreeMap<(i64, i64), i64>);

impl Tx<'_> {
    /// How many people who were bound by links have earned somebody a commission; links with none are left out.
    pub fn conversions_of_links(
        &mut self,
        program: &ProgramId,
        links: &[LinkId],
    ) -> Result<HashMap<LinkId, i64>, StoreError> {
        let numbers = links.iter().map(|link| self.link_number(link)).collect::<Result<Vec<_>, _>>()?;
        let known: HashMap<i64, &LinkId> = numbers.iter().copied().zip(links).collect();
        let sql = "select link, conversions from link_total where program = $1 and link = any($2) and conversions <> 0";
        let number = self.program_number(program)?;
        let rows = self.rows(sql, params![number, &numbers[..]])?;
        let read = rows.into_iter().map(|mut row| Ok((row.next::<i64>()?, row.next()?)));
        let read = read.collect::<Result<Vec<(i64, i64)>, StoreError>>()?;
        Ok(read.into_iter().filter_map(|(link, count)| Some(((*known.get(&link)?).clone(), count))).collect())
    }

    /// Counts those of some customers, about to be stored, who have become what is counted, or are bound by another link since.
    pub(super) fn count_conversions(
        &mut self,
        customers: &[Customer],
        tallies: &mut Tallies,
    ) -> Result<(), StoreError> {
        // Who has earned somebody a commission once has done so for ever.
        let converted: HashMap<&str, &Customer> = customers
            .iter()
            .filter(|c| c.first_commissioned_at.is_some())
            .map(|c| (c.id.as_str(), c))
            .collect();
        let changes = &mut tallies.conversions;
        if converted.is_empty() {
            return Ok(());
        }
        let ids: Vec<[&str; 1]> = converted.keys().map(|id| [*id]).collect();
        for (program, link) in self.counted(&ids)? {
            *changes.0.entry(self.place_of(&program, &link)?).or_default() -= 1;
        }
        for customer in converted.values() {
            if let Some(bound) = &customer.bound {
                *changes.0.entry(self.place_of(&customer.program, &bound.leading.link)?).or_default() += 1;
            }
        }
        Ok(())
    }

    /// A customer has earned somebody a first commission after all.
    pub(super) fn convert(&mut self, customer: &CustomerId, at: Instant) -> Result<(), StoreError> {
        let before = self.counted(&[[customer.as_str()]])?;
        let sql = "update customer set first_commissioned_at = $2 where id = $1 \
                   and (first_commissioned_at is null or first_commissioned_at > $2)";
        self.execute(sql, params![customer, at])?;
        let mut changes = Conversions::default();
        if before.is_empty() {
            for (program, link) in self.counted(&[[customer.as_str()]])? {
                changes.0.insert(self.place_of(&program, &link)?, 1);
            }
        }
        self.add_conversions(&changes)
    }

    /// Program and link of those of some customers who are counted as they are stored.
    fn counted(&mut self, ids: &[[&str; 1]]) -> Result<Vec<(ProgramId, LinkId)>, StoreError> {
        let sql = "with wanted (id) as (values ($1)) select c.program_id, c.link_id from wanted w cross join customer c \
                   where c.id = w.id and c.first_commissioned_at is not null and c.link_id is not null";
        let rows = self.look_up(sql, ids)?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    fn place_of(&mut self, program: &ProgramId, link: &LinkId) -> Result<(i64, i64), StoreError> {
        Ok((self.program_number(program)?, self.link_number(link)?))
    }

    /// Adds people who have earned somebody a first commission.
    pub(super) fn add_conversions(&mut self, changes: &Conversions) -> Result<(), StoreError> {
        let sql = "insert into link_total (program, link, conversions) values ($1, $2, $3) on conflict (program, link) \
                   do update set conversions = link_total.conversions + excluded.conversions";
        let rows = changes.0.iter().filter(|(_, more)| **more != 0);
        let rows: Vec<_> = rows.map(|((program, link), more)| [*program, *link, *more].map(Some)).collect();
        self.execute_numbers(sql, &rows)
    }

    /// Counts anew, where links' totals have just been added up.
    pub(super) fn recount_conversions(&mut self) -> Result<(), StoreError> {
        let sql = "insert into link_total (program, link, conversions) select p.number, l.number, count(*) from customer c \
                   join program p on p.id = c.program_id join link l on l.id = c.link_id \
                   where c.first_commissioned_at is not null group by p.number, l.number \
                   on conflict (program, link) do update set conversions = excluded.conversions";
        self.execute(sql, &[])?;
        Ok(())
    }

    /// The links whose people are kept as more or fewer than there are.
    pub fn conversions_miscounted(&mut self) -> Result<Vec<i64>, StoreError> {
        let sql = "select link from (select link, conversions from link_total union all \
                   select l.number, -1 from customer c join link l on l.id = c.link_id \
                   where c.first_commissioned_at is not null) x group by link having sum(conversions) <> 0 order by link";
        self.rows(sql, &[])?.into_iter().map(|mut row| row.next()).collect()
    }
}
