//! Files that prove something to a fund.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{FundClaimId, FundFileId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_file`] reads, then the rest of the query.
macro_rules! files {
    ($($rest:literal),+) => {
        concat!(
            "select f.id, f.vendor_id, f.program_id, f.partner_id, f.claim_id, f.name, f.media_type, f.size, f.sha256, \
             f.created_at from fund_file f ",
            $($rest),+
        )
    };
}

/// A file, without its content.
#[derive(Clone, Debug)]
pub struct FundFile {
    pub id: FundFileId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    /// The claim it goes with, once it does.
    pub claim: Option<FundClaimId>,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    pub sha256: String,
    pub created_at: Instant,
}

impl Tx<'_> {
    /// Stores a file with its content, base64.
    pub fn insert_fund_file(&mut self, f: &FundFile, content: &str) -> Result<(), StoreError> {
        let sql = "insert into fund_file (id, vendor_id, program_id, partner_id, claim_id, name, media_type, size, sha256, \
                   content, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = params![
            &f.id,
            &f.vendor,
            &f.program,
            &f.partner,
            &f.claim,
            &f.name,
            &f.media_type,
            f.size,
            &f.sha256,
            content,
            f.created_at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    pub fn fund_file(&mut self, vendor: &VendorId, id: &FundFileId) -> Result<Option<FundFile>, StoreError> {
        let sql = files!("where f.vendor_id = $1 and f.id = $2");
        self.row(sql, params![vendor, id])?.map(read_file).transpose()
    }

    /// The files of a content in a program, whosever they are.
    pub fn fund_files_alike(
        &mut self,
        program: &ProgramId,
        sha256: &str,
    ) -> Result<Vec<FundFile>, StoreError> {
        let sql = files!("where f.program_id = $1 and f.sha256 = $2 order by f.id");
        self.rows(sql, params![program, sha256])?.into_iter().map(read_file).collect()
    }

    /// The files that go with a claim.
    pub fn fund_files(&mut self, claim: &FundClaimId) -> Result<Vec<FundFile>, StoreError> {
        let sql = files!("where f.claim_id = $1 order by f.id");
        self.rows(sql, params![claim])?.into_iter().map(read_file).collect()
    }

    /// The content of a file, base64.
    pub fn fund_file_content(&mut self, id: &FundFileId) -> Result<Option<String>, StoreError> {
        let sql = "select content from fund_file where id = $1";
        self.row(sql, params![id])?.map(|mut row| row.next()).transpose()
    }

    /// Has a file go with a claim.
    pub fn attach_fund_file(&mut self, id: &FundFileId, claim: &FundClaimId) -> Result<(), StoreError> {
        self.execute("update fund_file set claim_id = $2 where id = $1", params![id, claim])?;
        Ok(())
    }

    /// Takes out what a partner has said and proved to funds; amounts stay, and that there was a file.
    pub fn erase_from_funds(&mut self, partner: &PartnerId) -> Result<(), StoreError> {
        let files = "update fund_file set name = 'erased', content = '' where partner_id = $1";
        self.execute(files, params![partner])?;
        self.execute("update fund_request set title = 'Erased' where partner_id = $1", params![partner])?;
        let said = "update fund_event set note = null where by = 'partner' and (subject in \
                    (select id from fund_request where partner_id = $1) or subject in \
                    (select id from fund_claim where partner_id = $1))";
        self.execute(said, params![partner])?;
        let paid = "update commission set note = null where source = 'fund' and partner_id = $1";
        self.execute(paid, params![partner])?;
        Ok(())
    }

    /// How many bytes of files a partner has brought since an instant.
    pub fn fund_file_bytes(&mut self, partner: &PartnerId, since: Instant) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(size), 0) as bigint) from fund_file where partner_id = $1 and created_at >= $2";
        self.row(sql, params![partner, since])?.map_or(Ok(0), |mut row| row.next())
    }
}

fn read_file(mut row: Row) -> Result<FundFile, StoreError> {
    Ok(FundFile {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        claim: row.next()?,
        name: row.next()?,
        media_type: row.next()?,
        size: row.next()?,
        sha256: row.next()?,
        created_at: row.next()?,
    })
}
