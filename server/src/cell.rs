//! Cells of CSV files that people open in spreadsheets.

use std::borrow::Cow;

/// The text with an apostrophe before it where a spreadsheet would take it for a formula. Source: OWASP, "CSV Injection".
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        for plain in ["", "mail", "a=b", "'=1", " =1"] {
            assert_eq!(safe(plain), plain);
        }
    }
}
