//! The values of records as text for people.

/// Returns a JSON value as the text of a cell: strings without quotes, numbers digit by digit, lists and objects as JSON, null as
/// nothing.
pub fn text(json: &str) -> String {
    match json.as_bytes().first() {
        None | Some(b'n') => String::new(),
        Some(b'"') => printable(&serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())),
        Some(_) => printable(&super::json_text::one_line(json)),
    }
}

/// Escapes line breaks and other control characters, which could move the cursor or change the terminal.
pub fn printable(text: &str) -> String {
    if !text.chars().any(is_unsafe) {
        return text.to_owned();
    }
    text.chars().map(|c| if is_unsafe(c) { c.escape_debug().to_string() } else { c.to_string() }).collect()
}

/// Escapes control characters other than line breaks.
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Escapes control characters of JSON text as JSON does.
pub fn printable_json(json: &str) -> String {
    json.chars().map(|c| if is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

/// Returns whether a character controls the terminal, or the direction of the text around it.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_has_the_digits_of_the_server_and_no_control_characters() {
        for (json, text) in [
            ("null", ""),
            ("true", "true"),
            ("1250000.50", "1250000.50"),
            ("12345678901234567890", "12345678901234567890"),
            (r#""Żółć""#, "Żółć"),
            (r#""a\nb\u001b[31m""#, r"a\nb\u{1b}[31m"),
            ("[1,\n 2]", "[1,2]"),
        ] {
            assert_eq!(super::text(json), text);
        }
    }
}
