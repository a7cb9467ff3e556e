//! Replaces decimals in JSON by strings, for languages whose numbers would round them.

use crate::json::scanner::Scanner;
use bytes::Bytes;

/// Replaces every decimal (a number with a point or an exponent) by a string of the same digits.
///
/// Returns a text that is not JSON unchanged; the error is found when it is parsed.
pub(crate) fn as_strings(json: Bytes) -> Bytes {
    let Ok(text) = simdutf8::basic::from_utf8(&json) else { return json };
    match replace_numbers(text, |number| number.contains(['.', 'e', 'E']).then(|| format!("\"{number}\""))) {
        Some(changed) => changed.into(),
        None => json,
    }
}

/// Replaces numbers in a JSON text, for languages whose parsers would change their values.
///
/// Returns `None` if nothing was replaced or the text is not JSON. Any depth and lone surrogates are accepted.
///
/// ```
/// let json = r#"{"id": 12345678901234567890, "n": 7}"#;
/// let text = egito::binding::replace_numbers(json, |number| (number.len() > 15).then(|| format!("\"{number}\"")));
/// assert_eq!(text.unwrap(), r#"{"id": "12345678901234567890", "n": 7}"#);
/// ```
pub fn replace_numbers(json: &str, mut replacement: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut changed = String::new();
    let mut copied = 0;
    let scanned = Scanner::each_number(json, |range| {
        if let Some(new) = replacement(&json[range.clone()]) {
            changed.push_str(&json[copied..range.start]);
            changed.push_str(&new);
            copied = range.end;
        }
    });
    if scanned.is_err() || copied == 0 {
        return None;
    }
    changed.push_str(&json[copied..]);
    Some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_strings_and_nothing_else_changes() {
        let json = Bytes::from_static(br#"{"a": 1.50, "b": -2e-3, "c": 7, "d": "3.14 \" 2.71", "e": [0.1]}"#);
        assert_eq!(as_strings(json), r#"{"a": "1.50", "b": "-2e-3", "c": 7, "d": "3.14 \" 2.71", "e": ["0.1"]}"#);
    }

    #[test]
    fn text_that_is_not_json_is_unchanged() {
        let html = Bytes::from_static(b"<html>1.5</html>");
        assert_eq!(as_strings(html.clone()), html);
        for broken in ["{1.5 : 2}", "[1.5", "[1.5] x", "[1.5, 01]", "[1.5, 2.]", "1.5 \u{1}", "[1.5}"] {
            assert_eq!(as_strings(Bytes::from_static(broken.as_bytes())), broken);
        }
        assert_eq!(as_strings(Bytes::from_static(b"[1.5, \"\xb3\"]")), b"[1.5, \"\xb3\"]"[..]);
    }

    #[test]
    fn numbers_are_found_at_any_depth_and_next_to_any_string() {
        let (open, close) = ("[{\"\\ud800\":".repeat(50_000), "}]".repeat(50_000));
        let replaced = replace_numbers(&format!("{open}[-7, \"8\", 9]{close}"), |number| Some(format!("<{number}>")));
        assert_eq!(replaced.unwrap(), format!("{open}[<-7>, \"8\", <9>]{close}"));
    }
}
