//! Clicks, as they are stored and as they are read.

use super::{Row, StoreError, Tx, params, row};
use goodword_domain::click::ClickNumber;
use goodword_domain::id::{ClickId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use std::collections::BTreeSet;

/// A visit through a link, with whom it credits.
#[derive(Clone, Debug)]
pub struct Click {
    pub id: ClickId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub link: LinkId,
    /// The visitor the page knows, if it told us; clicks of one visitor form one journey.
    pub visitor: Option<i64>,
    pub at: Instant,
    /// The address of the page the visitor landed on.
    pub landed: Option<String>,
    /// The address the visitor came from.
    pub referrer: Option<String>,
    /// The mark by which the partner tells posts apart.
    pub sub_id: Option<String>,
    pub country: i64,
    pub device: i64,
    /// A hash of the address it came from; none where a server reported it.
    pub address: Option<i64>,
    /// Whether the visitor's own browser was met on its way.
    pub met: bool,
}

/// A click as it is stored. Programs and links by number, texts as words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickRow {
    pub number: ClickNumber,
    pub program: i64,
    pub link: i64,
    /// Negative when met by address and agent, positive when the page knew it.
    pub browser: Option<i64>,
    pub previous: Option<ClickNumber>,
    /// The page's visitor, when it was named after it was stored.
    pub visitor: Option<i64>,
    pub visitor_previous: Option<ClickNumber>,
    pub url: Option<i64>,
    pub referrer: Option<i64>,
    pub sub_id: Option<i64>,
    pub country: i64,
    pub device: i64,
    /// A hash of the address it came from; none where a server reported it.
    pub address: Option<i64>,
}

/// A text that many clicks share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub id: i64,
    pub text: String,
}

impl ClickRow {
    /// Whose journey it belongs to, told as the hash of a browser or of a visitor.
    pub fn key(&self) -> Option<i64> {
        self.visitor.or(self.browser)
    }

    /// The click before it in the chain of a browser or visitor.
    pub fn before(&self, key: i64) -> Option<ClickNumber> {
        if self.visitor == Some(key) { self.visitor_previous } else { self.previous }
    }

    /// Puts another click before it in that chain.
    pub fn set_before(&mut self, key: i64, before: Option<ClickNumber>) {
        if self.visitor == Some(key) {
            self.visitor_previous = before;
        } else {
            self.previous = before;
        }
    }
}

impl Word {
    /// By a hash of 63 bits, so that it is known without asking.
    pub fn new(text: String) -> Self {
        Self { id: crate::hash::number(&text), text }
    }
}

/// The columns [`read_click`] reads, of `c` with its link `l` and program `p`.
macro_rules! clicks {
    ($rest:literal) => {
        concat!(
            "select c.id, c.program, l.program_id, l.partner_id, l.id, coalesce(c.visitor, c.browser), \
             (select text from word where program = c.program and id = c.url), \
             (select text from word where program = c.program and id = c.referrer), \
             (select text from word where program = c.program and id = c.sub_id), c.country, c.device, c.address, c.browser ",
            $rest
        )
    };
}

impl Tx<'_> {
    /// Clicks of programs as they are stored, in no order.
    pub fn click_rows(&mut self, programs: &[i64], numbers: &[i64]) -> Result<Vec<ClickRow>, StoreError> {
        let sql = "select id, program, link, browser, previous, visitor, visitor_previous, url, referrer, sub_id, country, device, address \
                   from click where program = any($1) and id = any($2)";
        self.rows_of_numbers(sql, params![programs, numbers])?.into_iter().map(read_row).collect()
    }

    pub fn insert_clicks(&mut self, clicks: &[ClickRow]) -> Result<(), StoreError> {
        let sql = "insert into click (id, program, link, browser, previous, visitor, visitor_previous, url, referrer, sub_id, \
                   country, device, address) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let rows: Vec<_> = clicks.iter().map(values).collect();
        self.execute_numbers(sql, &rows)
    }

    /// Saves where a click stands in its chains, and who made it.
    pub fn update_click(&mut self, c: &ClickRow) -> Result<(), StoreError> {
        let sql = "update click set previous = $2, visitor = $3, visitor_previous = $4 where id = $1 and program = $5";
        self.execute(sql, params![c.number, c.previous, c.visitor, c.visitor_previous, c.program])?;
        Ok(())
    }

    /// Stores words that are new.
    pub fn insert_words(&mut self, program_words: &[(i64, &Word)]) -> Result<(), StoreError> {
        let mut new: Vec<(i64, &Word)> = program_words.to_vec();
        new.retain(|(program, word)| self.learn_word(*program, word.id));
        // In one order, so that rivals wait for one another and never in a ring.
        new.sort_unstable_by_key(|(program, word)| (*program, word.id));
        let rows: Vec<_> =
            new.into_iter().map(|(program, word)| row![program, word.id, &word.text]).collect();
        let sql =
            "insert into word (program, id, text) values ($1, $2, $3) on conflict (program, id) do nothing";
        self.execute_all(sql, &rows)
    }

    /// The texts of a program's words, in no order.
    pub fn words(&mut self, program: i64, ids: &[i64]) -> Result<Vec<Word>, StoreError> {
        let sql = "select id, text from word where program = $1 and id = any($2)";
        let rows = self.rows(sql, params![program, ids])?;
        rows.into_iter().map(|mut row| Ok(Word { id: row.next()?, text: row.next()? })).collect()
    }

    /// Clicks by the ids the outside knows, with the vendors whose they are.
    pub fn clicks(&mut self, ids: &[ClickId]) -> Result<Vec<(VendorId, Click)>, StoreError> {
        let opened = ids.iter().filter_map(|id| self.seal().open(id));
        let (programs, numbers): (BTreeSet<i64>, Vec<i64>) = opened.map(|(p, number)| (p, number.0)).unzip();
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let sql = clicks!(
            ", l.vendor_id from click c join link l on l.number = c.link where c.program = any($1) and c.id = any($2)"
        );
        let rows = self.rows(sql, params![&Vec::from_iter(programs)[..], &numbers[..]])?;
        let read = |mut row: Row| {
            let click = self.read_click(&mut row)?;
            Ok((row.next()?, click))
        };
        rows.into_iter().map(read).collect()
    }

    /// The latest clicks of a program's visitors, at most a hundred of each, oldest first. `cross join` makes SQLite follow the
    /// chain and look its clicks up: for the sake of the order it would otherwise read every click there is.
    pub fn journeys(&mut self, program: i64, visitors: &[i64]) -> Result<Vec<Click>, StoreError> {
        let sql = clicks!(
            "from (with recursive chain (visitor, number, depth) as ( \
               select coalesce(visitor, browser), id, 1 from click where program = $1 and id = any($2) \
               union all \
               select h.visitor, case when c.visitor = h.visitor then c.visitor_previous else c.previous end, h.depth + 1 \
               from chain h join click c on c.program = $1 and c.id = h.number where h.depth < 100) \
             select visitor, number from chain) h \
             cross join click c join link l on l.number = c.link \
             where c.program = $1 and c.id = h.number order by c.id"
        );
        let keys: Vec<[i64; 2]> = visitors.iter().map(|key| [program, *key]).collect();
        let heads: Vec<i64> = self.heads(&keys)?.into_iter().map(|(_, head)| head.0).collect();
        if heads.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.rows(sql, params![program, &heads[..]])?;
        rows.into_iter().map(|mut row| self.read_click(&mut row)).collect()
    }

    fn read_click(&self, row: &mut Row) -> Result<Click, StoreError> {
        let (number, program_number): (ClickNumber, i64) = (row.next()?, row.next()?);
        Ok(Click {
            id: self.seal().id(program_number, number),
            at: number.at(),
            program: row.next()?,
            partner: row.next()?,
            link: row.next()?,
            visitor: row.next::<Option<i64>>()?.filter(|key| *key > 0),
            landed: row.next()?,
            referrer: row.next()?,
            sub_id: row.next()?,
            country: row.next()?,
            device: row.next()?,
            address: row.next()?,
            met: row.next::<Option<i64>>()?.is_some_and(|browser| browser < 0),
        })
    }
}

fn values(c: &ClickRow) -> [Option<i64>; 13] {
    let number = |click: ClickNumber| click.0;
    [
        Some(c.number.0),
        Some(c.program),
        Some(c.link),
        c.browser,
        c.previous.map(number),
        c.visitor,
        c.visitor_previous.map(number),
        c.url,
        c.referrer,
        c.sub_id,
        Some(c.country),
        Some(c.device),
        c.address,
    ]
}

fn read_row(row: [Option<i64>; 13]) -> Result<ClickRow, StoreError> {
    let [
        id,
        program,
        link,
        browser,
        previous,
        visitor,
        visitor_previous,
        url,
        referrer,
        sub_id,
        country,
        device,
        address,
    ] = row;
    Ok(ClickRow {
        number: ClickNumber(told(id)?),
        program: told(program)?,
        link: told(link)?,
        browser,
        previous: previous.map(ClickNumber),
        visitor,
        visitor_previous: visitor_previous.map(ClickNumber),
        url,
        referrer,
        sub_id,
        country: told(country)?,
        device: told(device)?,
        address,
    })
}

/// A number of a column that is never null.
pub(super) fn told(cell: Option<i64>) -> Result<i64, StoreError> {
    cell.ok_or_else(|| StoreError::Failed("a column that must hold a number is null".into()))
}
