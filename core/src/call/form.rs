//! A record as form parameters, as the server's data binding takes them.

use crate::json::{Members, plain_text};
use serde_json::value::RawValue;

/// Nested objects as `parent.child`, lists as `items[0].name`, null and what is empty as an empty value.
pub(super) fn pairs(record: &[u8]) -> serde_json::Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for (name, value) in Members::read(record)?.0 {
        add(&mut pairs, name, value)?;
    }
    Ok(pairs)
}

fn add(pairs: &mut Vec<(String, String)>, name: String, value: &RawValue) -> serde_json::Result<()> {
    if let Some(text) = plain_text(value) {
        pairs.push((name, text));
        return Ok(());
    }
    let parts: Vec<(String, &RawValue)> = if value.get().starts_with('{') {
        let members = Members::read(value.get().as_bytes())?.0;
        members.into_iter().map(|(part, value)| (format!("{name}.{part}"), value)).collect()
    } else {
        let items: Vec<&RawValue> = serde_json::from_str(value.get())?;
        items.into_iter().enumerate().map(|(place, value)| (format!("{name}[{place}]"), value)).collect()
    };
    if parts.is_empty() {
        pairs.push((name, String::new()));
    }
    parts.into_iter().try_for_each(|(name, value)| add(pairs, name, value))
}

#[cfg(test)]
mod tests {
    #[test]
    fn records_become_parameters_without_losing_a_digit() {
        let record = r#"{"name": "Żubr", "account": {"id": 9007199254740993, "tags": ["a", {"b": 1.50}]}, "ok": true,
            "none": null, "list": [], "object": {}}"#;
        let pairs = super::pairs(record.as_bytes()).unwrap();
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
}
