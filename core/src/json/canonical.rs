//! The canonical form of a JSON text, to compare records whose fields have another order.

use super::scanner::{Kind, Scanner, SyntaxError};
use std::borrow::Cow;

/// Returns the text without whitespace, and the members of each object sorted by name. Members of one name keep their order. Numbers
/// and strings stay as they are written. A text that is not valid JSON is returned unchanged.
pub(crate) fn canonical(json: &str) -> Cow<'_, str> {
    let mut result = String::with_capacity(json.len());
    let mut scanner = Scanner::new(json);
    match append(&mut scanner, &mut result).and_then(|()| scanner.end()) {
        Ok(()) => Cow::Owned(result),
        Err(_) => Cow::Borrowed(json),
    }
}

/// Reads the next value. It recurses at most to the depth that the scanner allows.
fn append(scanner: &mut Scanner<'_>, result: &mut String) -> Result<(), SyntaxError> {
    match scanner.kind()? {
        Kind::Object => {
            let mut members = Vec::new();
            scanner.object(|scanner, name| {
                let mut value = String::new();
                append(scanner, &mut value)?;
                members.push((name.text(), value));
                Ok(())
            })?;
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            let members =
                members.iter().map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name.as_ref())));
            result.extend(["{", &members.collect::<Vec<_>>().join(","), "}"]);
        }
        Kind::Array => {
            let mut items = Vec::new();
            scanner.array(|scanner| {
                let mut item = String::new();
                append(scanner, &mut item)?;
                items.push(item);
                Ok(())
            })?;
            result.extend(["[", &items.join(","), "]"]);
        }
        Kind::String | Kind::Plain => result.push_str(scanner.value()?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn the_order_of_fields_and_whitespace_do_not_count() {
        let sorted = r#"{"a":[1,{"c":"Ł","d":2.50}],"b":{},"ż":null}"#;
        assert_eq!(canonical(sorted), sorted);
        assert_eq!(canonical(r#" {"ż": null, "b": { }, "\u0061": [ 1, {"d": 2.50, "c": "Ł"} ]} "#), sorted);
    }

    #[test]
    fn everything_else_counts() {
        let texts =
            [r#"{"a":1}"#, r#"{"a":1.0}"#, r#"{"a":"1"}"#, r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":1,"a":2}"#];
        let texts = texts.iter().chain(&[r#"{"a":2,"a":1}"#, r#"{"a\"":1}"#, "{}", "[]", "", "{", "null"]);
        for (position, text) in texts.clone().enumerate() {
            assert!(texts.clone().skip(position + 1).all(|other| canonical(other) != canonical(text)), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_nested_too_deeply_stays_as_it_is() {
        let deep = "[".repeat(100_000);
        assert_eq!(canonical(&deep), deep);
    }
}
