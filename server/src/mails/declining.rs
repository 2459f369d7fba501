//! The address by which a partner declines mails of a kind, from the mail itself: signed, so that nobody can decline for
//! somebody else, and without an end, for mails are old when they are read.

use super::Kind;
use crate::hash;
use goodword_domain::id::{PartnerId, ProgramId, VendorId};

/// Who declines what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declining {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub kind: Kind,
}

impl Declining {
    /// The address.
    pub fn address(&self, public_url: &str, key: &str) -> String {
        format!("{public_url}/mail/decline?token={}", self.sign(key))
    }

    /// As it stands in the address.
    pub fn sign(&self, key: &str) -> String {
        let told =
            [self.vendor.as_str(), self.program.as_str(), self.partner.as_str(), self.kind.word()].join(".");
        format!("{told}.{}", signature(key, &told))
    }

    /// From what stood in an address, if we signed it.
    pub fn read(key: &str, token: &str) -> Option<Self> {
        let (told, signed) = token.rsplit_once('.')?;
        if !hash::same(&signature(key, told), signed) {
            return None;
        }
        let mut fields = told.split('.');
        Some(Self {
            vendor: VendorId::parse(fields.next()?).ok()?,
            program: ProgramId::parse(fields.next()?).ok()?,
            partner: PartnerId::parse(fields.next()?).ok()?,
            kind: Kind::parse(fields.next()?).filter(|kind| kind.can_be_declined())?,
        })
    }
}

fn signature(key: &str, told: &str) -> String {
    hash::keyed(key, &format!("decline:{told}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_signed_is_read() {
        let declining = |kind| Declining {
            vendor: VendorId::from_bits(1),
            program: ProgramId::from_bits(2),
            partner: PartnerId::from_bits(3),
            kind,
        };
        let token = declining(Kind::Digest).sign("key");
        assert_eq!(Declining::read("key", &token), Some(declining(Kind::Digest)));
        assert_eq!(Declining::read("other", &token), None);
        assert_eq!(Declining::read("key", &token.replace("digest", "statement")), None);
        assert_eq!(
            Declining::read("key", &declining(Kind::Prove).sign("key")),
            None,
            "that one always comes"
        );
        assert_eq!(Declining::read("key", ""), None);
    }
}
