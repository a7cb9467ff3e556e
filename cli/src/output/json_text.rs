//! JSON text, changed in its white space only. No number and no string is parsed, so none changes.

use std::borrow::Cow;

/// Returns JSON text in one line.
pub fn one_line(json: &str) -> Cow<'_, str> {
    if !json.contains(['\n', '\r']) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len());
    each_token(json, |token, _| text.push_str(token));
    Cow::Owned(text)
}

/// Returns JSON text with one member of each object or array on a line.
pub fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut is_empty = false;
    each_token(json, |token, next| match token {
        "{" | "[" => {
            text.push_str(token);
            is_empty = matches!(next, Some('}' | ']'));
            if !is_empty {
                depth += 1;
                new_line(&mut text, depth);
            }
        }
        "}" | "]" => {
            if !std::mem::take(&mut is_empty) {
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
            }
            text.push_str(token);
        }
        "," => {
            text.push(',');
            new_line(&mut text, depth);
        }
        ":" => text.push_str(": "),
        value => text.push_str(value),
    });
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}

/// Calls `on_token` with each token, and with the character after it and its white space.
fn each_token(json: &str, mut on_token: impl FnMut(&str, Option<char>)) {
    let mut rest = json.trim_start();
    while !rest.is_empty() {
        let (token, after) = rest.split_at(token_length(rest));
        rest = after.trim_start();
        on_token(token, rest.chars().next());
    }
}

/// Returns the length of the token at the start of the text.
fn token_length(json: &str) -> usize {
    let bytes = json.as_bytes();
    match bytes[0] {
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        b'"' => {
            let mut index = 1;
            while index < bytes.len() && bytes[index] != b'"' {
                index += if bytes[index] == b'\\' { 2 } else { 1 };
            }
            (index + 1).min(bytes.len())
        }
        _ => json.find(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ']' | '}')).unwrap_or(json.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_changes() {
        let json =
            "{ \"a\" : 1.50e+3,\n \"b c\": [\"x, \\\" y\", {}, [ ]],\r\n\"d\": 12345678901234567890.10, \"e\": null }";
        let short = r#"{"a":1.50e+3,"b c":["x, \" y",{},[]],"d":12345678901234567890.10,"e":null}"#;
        assert_eq!(one_line(json), short);
        assert_eq!(one_line(r#"{ "a": 1 }"#), r#"{ "a": 1 }"#);
        let lines = "{\n  \"a\": 1.50e+3,\n  \"b c\": [\n    \"x, \\\" y\",\n    {},\n    []\n  ],\n  \"d\": 12345678901234567890.10,\n  \"e\": null\n}";
        assert_eq!(indented(json), lines);
    }
}
