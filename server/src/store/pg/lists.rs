//! Statements about one row made into such about many, and rows into their sums.

use super::StoreError;
use tokio_postgres::types::Type;

/// The same text with `select * from unnest($1::bigint[], …)` in the place of `values ($1, …)`.
pub(super) fn with_lists(sql: &str, types: &[Type]) -> Result<String, StoreError> {
    let (before, after) = around_values(sql)?;
    let lists: Vec<String> = types.iter().zip(1..).map(|(ty, n)| format!("${n}::{}[]", ty.name())).collect();
    Ok(format!("{before}select * from unnest({}){after}", lists.join(", ")))
}

/// What stands before and after the values of an insert or a look-up.
pub(super) fn around_values(sql: &str) -> Result<(&str, &str), StoreError> {
    let broken = || StoreError::Failed(format!("not an insert of values: {sql}"));
    let (before, rest) = sql.split_once("values (").ok_or_else(broken)?;
    let (_, after) = rest.split_once(')').ok_or_else(broken)?;
    Ok((before, after))
}

/// The same rows added up by the first of so many columns.
pub(super) fn added_up(sql: &str, columns: usize) -> String {
    let names: Vec<String> = (1..columns).map(|n| format!("c{n}")).collect();
    let sums: Vec<String> = names.iter().map(|name| format!("cast(sum({name}) as bigint)")).collect();
    let (names, sums) = (names.join(", "), sums.join(", "));
    format!("select key, {sums} from ({sql}) counted (key, {names}) group by key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_in_one_statement() {
        let one = "insert into t (a, b) values ($1, $2) on conflict (a) do nothing";
        let many =
            "insert into t (a, b) select * from unnest($1::int8[], $2::text[]) on conflict (a) do nothing";
        assert_eq!(with_lists(one, &[Type::INT8, Type::TEXT]).unwrap(), many);
    }

    #[test]
    fn rows_are_added_up_by_their_first_column() {
        let all = "select k, a, b from t where x = $1";
        let sums = "select key, cast(sum(c1) as bigint), cast(sum(c2) as bigint) from (select k, a, b from t where x = $1) \
                    counted (key, c1, c2) group by key";
        assert_eq!(added_up(all, 3), sums);
    }
}
