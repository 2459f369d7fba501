//! Several values in one field: separated by commas, in double quotes where a value has a comma itself.

/// The values of a field.
pub fn read(text: &str) -> Vec<String> {
    let (mut values, mut value, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(std::mem::take(&mut value)),
            c => value.push(c),
        }
    }
    values.push(value);
    values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// The same as text.
pub fn show(values: &[String]) -> String {
    let quoted = |value: &String| if value.contains(',') { format!("\"{value}\"") } else { value.clone() };
    values.iter().map(quoted).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_by_commas() {
        assert_eq!(read(" DE,AT , \"Korea, South\",, "), ["DE", "AT", "Korea, South"]);
        assert_eq!(read(""), Vec::<String>::new());
        let values = ["a".to_owned(), "b, c".to_owned()];
        assert_eq!(read(&show(&values)), values);
    }
}
