//! Cells of CSV files that people open in spreadsheets.

use std::borrow::Cow;

/// The text with an apostrophe before it where a spreadsheet would take it for a formula. Source: OWASP, "CSV Injection".
pub fn safe(text: &str) -> Cow<'_, str> {
    if is_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// Whether a spreadsheet may run a text: it begins, blanks aside, with a sign that opens a formula (the wide forms count in
/// East Asian settings), or with a control character.
pub fn is_formula(text: &str) -> bool {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    text.starts_with(char::is_control) || text.trim_start_matches(blank).starts_with(SIGNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{feff}=1", "＝1"] {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        for plain in ["", "mail", "a=b", "'=1", " 1"] {
            assert_eq!(safe(plain), plain);
        }
    }
}
