//! Texts that a spreadsheet takes for a formula when it opens a CSV file.
//!
//! A visitor who fills in a lead form could run a formula on the machine of the person who opens the file. Such a text gets an
//! apostrophe in front, which the import removes. Phone numbers such as `+48 12 446 66 66` stay as they are.

use std::borrow::Cow;

/// Returns the text with an apostrophe in front if a spreadsheet would take it for a formula.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Removes the apostrophe that [`escape`] has added.
pub(crate) fn unescape(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !is_number_or_phone(&text[1..]),
        _ => false,
    }
}

/// Returns whether the text has nothing that a formula needs: no name and no reference, and no operator except in a number with spaces,
/// which a spreadsheet cannot calculate.
fn is_number_or_phone(text: &str) -> bool {
    let is_space = |c: char| matches!(c, ' ' | '\u{a0}');
    let is_allowed = |c: char| c.is_ascii_digit() || is_space(c) || matches!(c, '(' | ')' | '-' | '.' | ',' | '/');
    let is_calculation =
        text.contains(['-', '/']) && text.split(['-', '/']).all(|part| !part.trim().contains(is_space));
    text.chars().all(is_allowed) && !is_calculation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_formulas_are_escaped() {
        for text in
            ["=1+1", "@SUM(A1)", "+A1", "-2+3+cmd|' /C calc'!A0", "\t=1", "'=1", "+48-12-446", "-12 - 34", "+48/12"]
        {
            assert_eq!(escape(text), format!("'{text}"));
            assert_eq!(unescape(&escape(text)), text);
        }
        for text in ["+48 12 446 66 66", "+48 12-446-66-66", "-12,50", "'cytat'", "a=b", "", "'"] {
            assert_eq!(escape(text), text);
            assert_eq!(unescape(text), text);
        }
    }
}
