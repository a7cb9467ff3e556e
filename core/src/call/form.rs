//! Writes a record as form parameters, in the notation that the server's data binding reads.

use crate::json::{Members, plain_text};
use crate::settings::FormDecimal;
use serde_json::value::RawValue;

/// Returns the parameters: nested objects as `parent.child`, lists as `items[0].name`; null, `{}` and `[]` as an empty value.
pub(super) fn pairs(record: &[u8], decimal: FormDecimal) -> serde_json::Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for (name, value) in Members::read(record)?.0 {
        add(&mut pairs, name, value, decimal)?;
    }
    Ok(pairs)
}

fn add(
    pairs: &mut Vec<(String, String)>,
    name: String,
    value: &RawValue,
    decimal: FormDecimal,
) -> serde_json::Result<()> {
    if let Some(text) = plain_text(value) {
        let is_string = value.get().starts_with('"');
        let text = if decimal == FormDecimal::Comma && !is_string { text.replace('.', ",") } else { text };
        pairs.push((name, text));
        return Ok(());
    }
    let parts: Vec<(String, &RawValue)> = if value.get().starts_with('{') {
        let members = Members::read(value.get().as_bytes())?.0;
        members.into_iter().map(|(part, value)| (format!("{name}.{part}"), value)).collect()
    } else {
        let items: Vec<&RawValue> = serde_json::from_str(value.get())?;
        items.into_iter().enumerate().map(|(index, value)| (format!("{name}[{index}]"), value)).collect()
    };
    if parts.is_empty() {
        pairs.push((name, String::new()));
    }
    parts.into_iter().try_for_each(|(name, value)| add(pairs, name, value, decimal))
}

#[cfg(test)]
mod tests {
    use crate::settings::FormDecimal;

    #[test]
    fn records_become_parameters_without_losing_a_digit() {
        let record = r#"{"name": "Żubr", "account": {"id": 9007199254740993, "tags": ["a", {"b": 1.50}]}, "ok": true,
            "none": null, "list": [], "object": {}}"#;
        let pairs = super::pairs(record.as_bytes(), FormDecimal::Point).unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("name", "Żubr"),
            ("account.id", "9007199254740993"),
            ("account.tags[0]", "a"),
            ("account.tags[1].b", "1.50"),
            ("ok", "true"),
            ("none", ""),
            ("list", ""),
            ("object", ""),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn only_numbers_are_written_with_a_comma() {
        let record = r#"{"price": 12.34, "count": 1234, "items": [{"price": -0.5}], "text": "1.5", "ok": true}"#;
        let pairs = super::pairs(record.as_bytes(), FormDecimal::Comma).unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected =
            [("price", "12,34"), ("count", "1234"), ("items[0].price", "-0,5"), ("text", "1.5"), ("ok", "true")];
        assert_eq!(pairs, expected);
    }
}
