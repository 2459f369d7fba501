//! A row of the log of heads.

use super::{Head, Key};
use crate::store::StoreError;
use crate::vlq::{Packed, Unpacked};
use goodword_domain::click::ClickNumber;

/// Heads as a row of the log has them: of each its program, its key, whether there is one, and which.
pub fn packed(heads: &[(Key, Head)]) -> String {
    let mut text = Packed::default();
    for ([program, key], head) in heads {
        text.push(*program);
        text.push(*key);
        let click = head.click();
        text.push(i64::from(click.is_some()));
        text.push(click.map_or(0, |click| click.0));
    }
    text.text()
}

/// Heads of such a row.
pub fn unpacked(text: &str) -> Result<Vec<(Key, Head)>, StoreError> {
    let (mut numbers, mut heads) = (Unpacked::of(text), Vec::new());
    while !numbers.is_empty() {
        let [program, key, there, head] =
            numbers.next_some().map_err(|error| StoreError::Failed(error.to_string()))?;
        let head = if there == 0 { Head::FORGOTTEN } else { Head::at(ClickNumber(head)) };
        heads.push(([program, key], head));
    }
    Ok(heads)
}
