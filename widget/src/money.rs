//! Minor units as decimal text, which the browser's `Intl` turns into what people read; floats never.

/// `7850` with two digits is `78.50`; with none, `7850`.
pub fn decimal(minor: i64, exponent: u32) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = exponent as usize + 1);
    let (whole, part) = digits.split_at(digits.len() - exponent as usize);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn minor_units_become_decimal_text() {
        assert_eq!(decimal(7850, 2), "78.50");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(-1560, 2), "-15.60");
        assert_eq!(decimal(7850, 0), "7850");
        assert_eq!(decimal(1, 3), "0.001");
        assert_eq!(decimal(i64::MIN, 2), "-92233720368547758.08");
    }
}
