//! Recognizes blank strings.

/// Returns whether a string is empty, or has only white space, control characters and invisible characters, such as a zero-width space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Returns whether a character has no glyph: those of Unicode's `Default_Ignorable_Code_Point`, and blank letters.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_blank() {
        for text in ["", " \t\n", "\0", "\u{200b}", "\u{feff}\u{a0}", "\u{2060}\u{ad}", "\u{3164}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["0", "\u{200b}a", "-", "ż", "\u{fffd}", "👍"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
