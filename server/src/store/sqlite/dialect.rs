//! Statements as SQLite reads them.

/// The same text as SQLite reads it: it counts `$2` by where it first stands, not by its digit, and has no arrays.
pub fn dialect(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(place) = rest.find('$') {
        let digits = rest[place + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let (before, after) = (&rest[..place], &rest[place + 1 + digits..]);
        let number = &rest[place + 1..=place + digits];
        match before.strip_suffix("= any(") {
            Some(before) => {
                text.extend([before, "in (select value from json_each(?", number, ")"]);
            }
            None => text.extend([before, "?", number]),
        }
        rest = after;
    }
    text + rest
}

/// `… values (…) …` for several rows of so many cells, which follow one another. An insertion that fails leaves what it has stored, for
/// which SQLite need not keep a copy of each page it changes: whoever meets that undoes the whole piece of work.
pub fn of_many(sql: &str, width: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    let (before, after) = sql.split_once("values (").unwrap_or((sql, ""));
    let after = after.split_once(')').map_or("", |(_, after)| after);
    let before = before.replacen("insert into", "insert or fail into", 1);
    format!("{before}values {}{after}", vec![row; rows].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists() {
        assert_eq!(dialect("a = $2 and b in (1, $1)"), "a = ?2 and b in (1, ?1)");
        assert_eq!(
            dialect("id = any($12) and x = $3"),
            "id in (select value from json_each(?12)) and x = ?3"
        );
        assert_eq!(dialect("select 1"), "select 1");
    }

    #[test]
    fn rows_at_once() {
        let sql = "insert into t (a, b) values ($1, $2) on conflict (a) do update set b = excluded.b";
        let three = "insert or fail into t (a, b) values (?, ?), (?, ?), (?, ?) on conflict (a) do update set b = excluded.b";
        assert_eq!(of_many(sql, 2, 3), three);
        let wanted = "with wanted (a) as (values ($1)) select b from wanted w cross join t where t.a = w.a";
        let two = "with wanted (a) as (values (?), (?)) select b from wanted w cross join t where t.a = w.a";
        assert_eq!(of_many(wanted, 1, 2), two);
    }
}
