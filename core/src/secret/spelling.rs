//! A secret in any of the spellings that a server may send it back in: as it is, or escaped for JSON, a URL, a form or HTML.

use std::ops::Range;

/// HTML's names of characters that stand in passwords.
const NAMES: [(&str, char); 7] =
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("oacute", 'ó'), ("Oacute", 'Ó')];

/// Bytes of the longest spelling of one character that is looked for, `&#x0001f600;` with some zeros more.
const LONGEST: usize = 24;

/// What a text ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Whole,
    /// It is the beginning of a longer one, so its end may be the beginning of a secret.
    Cut,
}

/// Where the text holds secrets; where they overlap, as one place.
pub(super) fn places(text: &str, secrets: &[&str], end_of_text: End) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let first = first_bytes(secrets);
    for (start, _) in text.bytes().enumerate().filter(|&(_, byte)| first[usize::from(byte)]) {
        let rest = &text[start..];
        let lengths = secrets.iter().filter_map(|secret| length(rest, secret, end_of_text));
        let Some(length) = lengths.max() else { continue };
        let end = start + length;
        match places.last_mut().filter(|last| start < last.end) {
            Some(last) => last.end = last.end.max(end),
            None => places.push(start..end),
        }
    }
    places
}

/// The bytes that a secret may begin with, all of them first bytes of characters: most of a text is passed over at a glance.
fn first_bytes(secrets: &[&str]) -> [bool; 256] {
    let mut first = [false; 256];
    for byte in secrets.iter().filter_map(|secret| secret.bytes().next()) {
        first[usize::from(byte)] = true;
        first[usize::from(b'+')] |= byte == b' ';
    }
    b"\\%&".iter().for_each(|&byte| first[usize::from(byte)] = true);
    first
}

/// How many bytes of the text's beginning are the secret, if they are.
fn length(text: &str, secret: &str, end: End) -> Option<usize> {
    if text.starts_with(secret) {
        return Some(secret.len());
    }
    let mut rest = text;
    for letter in secret.chars() {
        match after(rest, letter) {
            Some(behind) => rest = behind,
            None if end == End::Cut && is_begun(rest) => return Some(text.len()),
            None => return None,
        }
    }
    Some(text.len() - rest.len())
}

/// Whether a text ends here, or perhaps in the middle of one escaped letter.
fn is_begun(text: &str) -> bool {
    text.is_empty() || (text.len() < LONGEST && text.starts_with(['\\', '%', '&']))
}

/// The text behind one letter, which may be escaped.
fn after(text: &str, letter: char) -> Option<&str> {
    let escaped = match text.as_bytes().first()? {
        b'\\' => after_json(text, letter),
        b'%' => after_percent(text, letter),
        b'&' => after_html(text, letter),
        b'+' if letter == ' ' => text.strip_prefix('+'),
        _ => None,
    };
    escaped.or_else(|| text.strip_prefix(letter))
}

fn after_json(text: &str, letter: char) -> Option<&str> {
    let short = match letter {
        '"' | '\\' | '/' | '\'' => Some(letter),
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        _ => None,
    };
    let rest = text.strip_prefix('\\')?;
    if let Some(rest) = short.and_then(|short| rest.strip_prefix(short)) {
        return Some(rest);
    }
    let mut units = [0; 2];
    letter.encode_utf16(&mut units).iter().try_fold(text, |text, unit| {
        let digits = text.strip_prefix("\\u")?;
        (u16::from_str_radix(digits.get(..4)?, 16) == Ok(*unit)).then(|| &digits[4..])
    })
}

fn after_percent(text: &str, letter: char) -> Option<&str> {
    letter.encode_utf8(&mut [0; 4]).bytes().try_fold(text, |text, byte| {
        let digits = text.strip_prefix('%')?;
        (u8::from_str_radix(digits.get(..2)?, 16) == Ok(byte)).then(|| &digits[2..])
    })
}

fn after_html(text: &str, letter: char) -> Option<&str> {
    // No further: a text of nothing but `&` would be read to its end for each.
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let (name, rest) = (text.get(1..end)?, &text[end + 1..]);
    let number = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        },
        None => NAMES.iter().find(|(known, _)| *known == name).map(|&(_, letter)| letter.into()),
    };
    (number == Some(letter.into())).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, secrets: &[&str]) -> Vec<&'t str> {
        places(text, secrets, End::Whole).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let secret = "ża & 😀/%\"'ó+";
        for spelled in [
            secret,
            r#"\u017ca & \ud83d\ude00\/%\"'\u00f3+"#,
            r"\u017Ca \u0026 \uD83D\uDE00/%\u0022\u0027\u00F3+",
            "%C5%BCa+%26+%F0%9F%98%80%2F%25%22%27%C3%B3%2B",
            "%c5%bca%20%26%20%f0%9f%98%80%2f%25%22%27%c3%b3%2b",
            "ża &amp; 😀/%&quot;&#039;&oacute;+",
            "&#380;a &#x26; &#X1f600;/%&#34;&apos;&#xF3;&#43;",
        ] {
            let text = format!("<{spelled}>");
            assert_eq!(found(&text, &[secret]), [spelled]);
        }
        assert!(places("ża & 😀/%\"'o+ %c5 \\u017 &amp &#x; %", &[secret], End::Whole).is_empty());
    }

    #[test]
    fn where_a_text_was_cut_the_beginning_of_a_secret_is_found() {
        let secret = "żeton-ó-sesji";
        for spelled in ["żeton", "ż", r"\u017ceto", r"\u01", "%c5%bceton-%c", "&#380;eton-&oacu", "żeton-ó-sesji", "&"]
        {
            let text = format!("sesja żeton {spelled}");
            let places = places(&text, &[secret], End::Cut).into_iter();
            assert_eq!(places.map(|place| &text[place]).collect::<Vec<_>>(), [spelled]);
        }
        assert!(places("sesja żetony", &[secret], End::Cut).is_empty());
        assert!(places("sesja żeton ż", &[secret], End::Whole).is_empty());
    }

    #[test]
    fn what_looks_escaped_itself_is_found_as_it_is() {
        for secret in [r"a\\b", "100%25", "a&amp;b", r"\u017c", "a+ b"] {
            assert_eq!(found(secret, &[secret]), [secret]);
        }
    }

    #[test]
    fn no_end_of_a_longer_or_overlapping_secret_stays() {
        assert_eq!(found("-tokentoken2-", &["token", "token2"]), ["token", "token2"]);
        assert_eq!(found("-abcdef-", &["abcd", "cdef"]), ["abcdef"]);
    }
}
