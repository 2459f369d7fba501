//! References that fit everywhere.

use crate::error::Error;

/// Crockford's alphabet: no I, L, O or U.
const DIGITS: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An id of ours in at most 30 characters of capital letters, digits and a hyphen: `pyt_` and 32 hexadecimal digits become
/// `pyt-` and the 26 characters that a ULID has for the same 128 bits. An id has 36 characters; a SEPA reference may have 35
/// and no underscore, PayPal's 30 and no space. No two ids share one.
pub fn reference(id: &str) -> Result<String, Error> {
    let parts = id.split_once('_').filter(|(prefix, hex)| {
        (1..=3).contains(&prefix.len())
            && prefix.bytes().all(|b| b.is_ascii_lowercase())
            && hex.len() == 32
            && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    });
    let bits = parts.and_then(|(prefix, hex)| Some((prefix, u128::from_str_radix(hex, 16).ok()?)));
    let (prefix, bits) =
        bits.ok_or_else(|| Error::internal(format!("`{id}` is no id that a payout file can hold")))?;
    let digit = |place: u32| char::from(DIGITS[((bits >> (5 * place)) & 31) as usize]);
    Ok(format!("{prefix}-{}", (0..26).rev().map(digit).collect::<String>()))
}

/// The id that a reference is of, however its letters are written. None where it is the reference of nothing.
pub fn id_of(reference: &str) -> Option<String> {
    let (prefix, digits) = reference.split_once('-').filter(|(_, digits)| digits.len() == 26)?;
    let bits = digits.bytes().try_fold(0_u128, |bits, letter| {
        let digit = DIGITS.iter().position(|digit| digit.eq_ignore_ascii_case(&letter))?;
        bits.checked_mul(32)?.checked_add(u128::try_from(digit).ok()?)
    });
    Some(format!("{}_{:032x}", prefix.to_ascii_lowercase(), bits?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_short() {
        let short = |id: &str| reference(id).unwrap();
        assert_eq!(short("pyt_00000000000000000000000000000000"), "pyt-00000000000000000000000000");
        assert_eq!(short("pyt_ffffffffffffffffffffffffffffffff"), "pyt-7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        // The example of the ULID specification's text and its bits.
        assert_eq!(short("pyt_01563e3ab5d3d6764c61efb99302bd5b"), "pyt-01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assert_eq!(short("pyt_01563e3ab5d3d6764c61efb99302bd5b").len(), 30);
        for id in ["pyt_01563e3ab5d3d6764c61efb99302bd5b", "po_ffffffffffffffffffffffffffffffff"] {
            assert_eq!(id_of(&short(id)).as_deref(), Some(id));
            assert_eq!(id_of(&short(id).to_lowercase()).as_deref(), Some(id));
        }
        for bad in ["", "pyt-1", "pyt-8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "pyt-0000000000000000000000000U"] {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_id_of_ours() {
        for bad in [
            "",
            "pyt_",
            "pyt_1",
            "pyt_+0000000000000000000000000000000",
            "PYT_00000000000000000000000000000000",
        ] {
            assert!(reference(bad).is_err(), "{bad}");
        }
    }
}
