//! A secret in any of the spellings that a server may send it back in: as it is, or escaped for JSON, a URL, a form or HTML.

use std::ops::Range;

/// HTML's names of characters that stand in passwords.
const NAMES: [(&str, char); 7] =
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("oacute", 'ó'), ("Oacute", 'Ó')];

/// Where the text holds secrets; where they overlap, as one place.
pub(super) fn places(text: &str, secrets: &[&str]) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.char_indices() {
        let rest = &text[start..];
        let Some(length) = secrets.iter().filter_map(|secret| length(rest, secret)).max() else { continue };
        let end = start + length;
        match places.last_mut().filter(|last| start < last.end) {
            Some(last) => last.end = last.end.max(end),
            None => places.push(start..end),
        }
    }
    places
}

/// How many bytes of the text's beginning are the secret, if they are.
fn length(text: &str, secret: &str) -> Option<usize> {
    if text.starts_with(secret) {
        return Some(secret.len());
    }
    let mut rest = text;
    for letter in secret.chars() {
        rest = after(rest, letter)?;
    }
    Some(text.len() - rest.len())
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
        (digits.get(..4)?.eq_ignore_ascii_case(&format!("{unit:04x}"))).then(|| &digits[4..])
    })
}

fn after_percent(text: &str, letter: char) -> Option<&str> {
    letter.encode_utf8(&mut [0; 4]).bytes().try_fold(text, |text, byte| {
        let digits = text.strip_prefix('%')?;
        (digits.get(..2)?.eq_ignore_ascii_case(&format!("{byte:02x}"))).then(|| &digits[2..])
    })
}

fn after_html(text: &str, letter: char) -> Option<&str> {
    let (name, rest) = text.strip_prefix('&')?.split_once(';')?;
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
        places(text, secrets).into_iter().map(|place| &text[place]).collect()
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
        assert!(places("ża & 😀/%\"'o+ %c5 \\u017 &amp &#x; %", &[secret]).is_empty());
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
