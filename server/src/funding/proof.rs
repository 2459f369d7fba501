//! Files that prove something. They lie in the database, so that a backup holds them and one transaction stores the file and what
//! it proves; they are few and small. What a file is is told by its first bytes, not by its name, and it is given out for
//! saving alone, never shown as a page of ours.

use crate::error::Error;
use crate::hash;
use crate::store::{FundClaimRow, FundFile, Program, Tx};
use crate::world::World;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use goodword_domain::fund::{ClaimStatus, Fund, MOST_PROOFS};
use goodword_domain::id::{FundFileId, PartnerId};
use goodword_domain::time::Instant;

/// The largest file taken: 5 MiB.
pub const MAX_FILE: usize = 5 * 1024 * 1024;
/// How many bytes of files a partner may bring in a day: 50 MiB.
const MAX_A_DAY: i64 = 50 * 1024 * 1024;

/// What a file may be, by how it begins.
const KINDS: [(&str, &[u8]); 4] = [
    ("application/pdf", b"%PDF-"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/webp", b"RIFF"),
];

/// A file on its way in.
pub struct Upload<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// Stores a file of a partner's; the same content again is the same file.
pub fn store_file(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &PartnerId,
    upload: &Upload<'_>,
    now: Instant,
) -> Result<FundFile, Error> {
    super::must_be_approved(tx, program, partner)?;
    let media_type = kind_of(upload.bytes)?;
    let sha256 = hash::sha256_of_bytes(upload.bytes);
    let alike = tx.fund_files_alike(&program.id, &sha256)?;
    if let Some(same) = alike.into_iter().find(|file| file.partner == *partner) {
        return Ok(same);
    }
    let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
    if tx.fund_file_bytes(partner, now.plus_days(-1))? + size > MAX_A_DAY {
        return Err(Error::TooMany("At most 50 MiB of files a day are taken: wait until tomorrow.".into()));
    }
    let file = FundFile {
        id: FundFileId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        partner: partner.clone(),
        claim: None,
        name: plain_name(upload.name),
        media_type: media_type.into(),
        size,
        sha256,
        created_at: now,
    };
    tx.insert_fund_file(&file, &BASE64_STANDARD.encode(upload.bytes))?;
    Ok(file)
}

/// The media type of some bytes.
fn kind_of(bytes: &[u8]) -> Result<&'static str, Error> {
    if bytes.len() > MAX_FILE {
        return Err(Error::TooLarge(format!("A file may have at most {MAX_FILE} bytes.")));
    }
    let found = KINDS.iter().find(|(kind, begin)| {
        bytes.starts_with(begin) && (*kind != "image/webp" || bytes.get(8..12) == Some(b"WEBP"))
    });
    found.map(|(kind, _)| *kind).ok_or_else(|| {
        Error::UnsupportedType("The file must be a PDF, PNG, JPEG or WebP: save it as one of these.".into())
    })
}

/// A name that can stand in a header and in a list: its last part, without signs that mean something there.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fit = |c: char| c.is_alphanumeric() || " .-_()".contains(c);
    let plain: String = last.chars().map(|c| if fit(c) { c } else { '_' }).take(120).collect();
    let plain = plain.trim().trim_start_matches('.').to_owned();
    if plain.is_empty() { "file".into() } else { plain }
}

/// Refuses a claim with fewer files than its fund wants.
pub fn enough(fund: &Fund, files: usize) -> Result<(), Error> {
    let most = usize::try_from(MOST_PROOFS).unwrap_or(usize::MAX);
    if files > most {
        return Err(Error::field("files", format!("must be at most {most}.")));
    }
    if i64::try_from(files).is_ok_and(|files| files < fund.proofs) {
        let remedy = format!("must be at least {}: upload them first (POST /v1/fund-files).", fund.proofs);
        return Err(Error::field("files", remedy));
    }
    Ok(())
}

/// Has files go with a claim. One file proves one thing: what goes with another claim that stands, whosever it is, is refused.
pub fn attach(tx: &mut Tx<'_>, claim: &FundClaimRow, files: &[FundFileId]) -> Result<(), Error> {
    for (place, id) in files.iter().enumerate() {
        let at = |remedy: &str| Error::at(format!("files[{place}]"), remedy);
        let file = tx.fund_file(&claim.vendor, id)?;
        let file = file.filter(|file| file.partner == claim.partner && file.program == claim.program);
        let file = file.ok_or_else(|| at("is not a file of this partner in this program."))?;
        for same in tx.fund_files_alike(&claim.program, &file.sha256)? {
            let Some(other) = same.claim.filter(|other| *other != claim.claim.id) else { continue };
            let other = tx.fund_claim(&claim.vendor, &other)?;
            let dead =
                |c: &FundClaimRow| matches!(c.claim.status, ClaimStatus::Rejected | ClaimStatus::Reversed);
            if other.is_some_and(|other| !dead(&other)) {
                return Err(at("was used with another claim: one file proves one thing."));
            }
        }
        tx.attach_fund_file(id, &claim.claim.id)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(kind_of(b"%PDF-1.7 and so on").unwrap(), "application/pdf");
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n....").unwrap(), "image/png");
        assert_eq!(kind_of(b"\xff\xd8\xff\xe0").unwrap(), "image/jpeg");
        assert_eq!(kind_of(b"RIFF\0\0\0\0WEBPVP8 ").unwrap(), "image/webp");
        for bad in [&b""[..], b"<!doctype html>", b"<svg", b"RIFF\0\0\0\0WAVE", b"MZ", b" %PDF-"] {
            assert!(matches!(kind_of(bad), Err(Error::UnsupportedType(_))));
        }
        assert!(matches!(kind_of(&vec![b'%'; MAX_FILE + 1]), Err(Error::TooLarge(_))));
    }

    #[test]
    fn a_name_means_nothing_anywhere() {
        for (name, plain) in [
            ("invoice.pdf", "invoice.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\bills\\May (2).pdf", "May (2).pdf"),
            ("a\"\r\nSet-Cookie: x.pdf", "a___Set-Cookie_ x.pdf"),
            ("Rechnung März.pdf", "Rechnung März.pdf"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }
}
