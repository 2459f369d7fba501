//! Ids of clicks as the outside sees them: the number of program and click, enciphered, so that a stranger can neither
//! read how many there are nor make one up.

use aes::Aes128;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use goodword_domain::click::ClickNumber;
use goodword_domain::id::ClickId;
use sha2::{Digest, Sha256};

/// What enciphers and deciphers: AES-128 of one block, which holds the program's number (32 bits), the click's (64 bits)
/// and 32 zero bits, by which a made-up id is told.
pub struct Seal(Aes128);

impl Seal {
    /// From the installation's secret.
    pub fn new(secret: &str) -> Self {
        let digest = Sha256::digest(secret.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(Aes128::new(&Array::from(key)))
    }

    /// The id of a program's click.
    pub fn id(&self, program: i64, click: ClickNumber) -> ClickId {
        let mut block = [0; 16];
        block[4..8].copy_from_slice(&program.to_be_bytes()[4..]);
        block[8..].copy_from_slice(&click.0.to_be_bytes());
        let mut block = Array::from(block);
        self.0.encrypt_block(&mut block);
        ClickId::from_bits(u128::from_be_bytes(block.into()))
    }

    /// The numbers of program and click behind an id, if it is one of ours.
    pub fn open(&self, id: &ClickId) -> Option<(i64, ClickNumber)> {
        let hex = id.as_str().strip_prefix("clk_")?;
        let mut block = Array::from(u128::from_str_radix(hex, 16).ok()?.to_be_bytes());
        self.0.decrypt_block(&mut block);
        let bits = u128::from_be_bytes(block.into());
        let (zeros, program, click) = (bits >> 96, (bits >> 64) & 0xffff_ffff, bits & u128::from(u64::MAX));
        let click = u64::try_from(click).ok()?.cast_signed();
        (zeros == 0).then_some((i64::try_from(program).ok()?, ClickNumber(click)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let seal = Seal::new("secret");
        for (program, click) in [(1, 1), (4_000_000_000, i64::MAX), (7, -3)] {
            let id = seal.id(program, ClickNumber(click));
            assert_eq!(seal.open(&id), Some((program, ClickNumber(click))));
            assert_eq!(Seal::new("other").open(&id), None);
        }
        assert_eq!(seal.open(&ClickId::from_bits(1)), None);
    }
}
