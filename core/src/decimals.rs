//! Decimals as text, for languages whose numbers would round them. Also the one place that finds number tokens in JSON.

use bytes::Bytes;

/// The JSON with every decimal (a number with a point or an exponent) as a string of the same digits.
pub(crate) fn as_text(json: Bytes) -> Bytes {
    match replace_numbers(&json, |number| is_decimal(number).then(|| format!("\"{number}\""))) {
        Some(changed) => changed.into(),
        None => json,
    }
}

/// Replaces number tokens of a JSON text; `None` where none was replaced. Text that is no JSON is left alone.
///
/// For the bindings, whose parsers may lack the numbers that JSON has.
#[doc(hidden)]
pub fn replace_numbers(json: &[u8], mut replacement: impl FnMut(&str) -> Option<String>) -> Option<Vec<u8>> {
    if !matches!(json.trim_ascii_start().first(), Some(b'{' | b'[' | b'-' | b'0'..=b'9')) {
        return None;
    }
    let mut changed = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while at < json.len() {
        match json[at] {
            b'"' => at = end_of_string(json, at),
            b'-' | b'0'..=b'9' => {
                let end = end_of_number(json, at);
                let number = std::str::from_utf8(&json[at..end]).ok().filter(|_| !is_name(json, end));
                if let Some(new) = number.and_then(&mut replacement) {
                    changed.extend_from_slice(&json[copied..at]);
                    changed.extend_from_slice(new.as_bytes());
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return None;
    }
    changed.extend_from_slice(&json[copied..]);
    Some(changed)
}

/// Whether it is a number with a point or an exponent. What only looks like one must stay broken.
fn is_decimal(number: &str) -> bool {
    let marked = number.bytes().any(|b| matches!(b, b'.' | b'e' | b'E'));
    marked && serde_json::from_str::<serde::de::IgnoredAny>(number).is_ok()
}

/// Whether a number stands where a name must: a broken text that would be mended.
fn is_name(json: &[u8], end: usize) -> bool {
    json[end..].trim_ascii_start().first() == Some(&b':')
}

fn end_of_string(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < json.len() {
        match json[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    json.len()
}

fn end_of_number(json: &[u8], start: usize) -> usize {
    let part_of_number = |b: &u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    json[start..].iter().position(|b| !part_of_number(b)).map_or(json.len(), |length| start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_text_and_nothing_else_changes() {
        let json = Bytes::from_static(br#"{"a": 1.50, "b": -2e-3, "c": 7, "d": "3.14 \" 2.71", "e": [0.1]}"#);
        assert_eq!(as_text(json), r#"{"a": "1.50", "b": "-2e-3", "c": 7, "d": "3.14 \" 2.71", "e": ["0.1"]}"#);
    }

    #[test]
    fn text_that_is_no_json_is_left_alone() {
        let html = Bytes::from_static(b"<html>1.5</html>");
        assert_eq!(as_text(html.clone()), html);
        let number_as_name = Bytes::from_static(b"{1.5 : 2}");
        assert_eq!(as_text(number_as_name.clone()), number_as_name);
    }
}
