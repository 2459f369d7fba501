//! A row of the log of heads.

use super::{Head, Key};
use crate::store::StoreError;
use crate::vlq::{Packed, Unpacked};

/// Heads as a row of the log has them: of each its program, its key, whether there is one, and which.
pub fn packed(heads: &[(Key, Head)]) -> String {
    let mut text = Packed::default();
    for ([program, key], head) in heads {
        text.push(*program);
        text.push(*key);
        text.push(i64::from(head.is_some()));
        text.push(head.unwrap_or_default());
    }
    text.text()
}

/// Heads of such a row.
pub fn unpacked(text: &str) -> Result<Vec<(Key, Head)>, StoreError> {
    let (mut numbers, mut heads) = (Unpacked::of(text), Vec::new());
    while !numbers.is_empty() {
        let [program, key, there, head] =
            numbers.next_some().map_err(|error| StoreError::Failed(error.to_string()))?;
        heads.push(([program, key], (there != 0).then_some(head)));
    }
    Ok(heads)
}
