//! A secret in any of the spellings that a server may send it back in: as it is, or escaped for JSON, a URL, a form or HTML.

use std::ops::Range;

/// HTML's names of characters that stand in passwords.
const NAMES: [(&str, char); 7] =
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("oacute", 'ó'), ("Oacute", 'Ó')];

/// Bytes of the longest spelling of one character that is looked for, `&#x0001f600;` with some zeros more.
const LONGEST: usize = 24;

/// What escapes begin with, `+` for a space among them.
const ESCAPES: &[u8] = b"\\%&+";

/// What a text ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Whole,
    /// It is the beginning of a longer one, so its end may be the beginning of a secret.
    Cut,
}

/// Where the text holds secrets; where they overlap, as one place.
pub(super) fn places(text: &str, secrets: &[&str], end_of_text: End) -> Vec<Range<usize>> {
    let secrets: Vec<Secret<'_>> = secrets.iter().filter_map(|secret| Secret::of(secret)).collect();
    let first = first_bytes(&secrets);
    let mut places: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.bytes().enumerate().filter(|&(_, byte)| first[usize::from(byte)]) {
        let rest = &text[start..];
        let escaped = escaped(rest);
        let may_be_cut = end_of_text == End::Cut && rest.len() < LONGEST;
        let begun = secrets.iter().filter(|secret| may_be_cut || secret.may_begin(rest, escaped));
        let lengths = begun.filter_map(|secret| length(rest, secret.text, end_of_text));
        let Some(length) = lengths.max() else { continue };
        let end = start + length;
        match places.last_mut().filter(|last| start < last.end) {
            Some(last) => last.end = last.end.max(end),
            None => places.push(start..end),
        }
    }
    places
}

/// A secret and the ways in which its first letter can be escaped: most secrets are ruled out by it.
struct Secret<'s> {
    text: &'s str,
    letter: char,
    unit: u16,
    byte: u8,
}

/// What an escape at a text's beginning stands for.
#[derive(Clone, Copy)]
enum Escaped {
    Nothing,
    Letter(char),
    /// One of UTF-16.
    Unit(u16),
    /// One of UTF-8.
    Byte(u8),
}

impl<'s> Secret<'s> {
    /// `None` for an empty one.
    fn of(text: &'s str) -> Option<Self> {
        let letter = text.chars().next()?;
        Some(Self { text, letter, unit: letter.encode_utf16(&mut [0; 2])[0], byte: text.as_bytes()[0] })
    }

    fn may_begin(&self, text: &str, escaped: Escaped) -> bool {
        text.as_bytes()[0] == self.byte
            || match escaped {
                Escaped::Nothing => false,
                Escaped::Letter(letter) => letter == self.letter,
                Escaped::Unit(unit) => unit == self.unit,
                Escaped::Byte(byte) => byte == self.byte,
            }
    }
}

fn escaped(text: &str) -> Escaped {
    let letter = |(letter, _)| Escaped::Letter(letter);
    let escaped = match text.as_bytes()[0] {
        b'\\' => json_letter(text).map(letter).or_else(|| json_unit(text).map(|(unit, _)| Escaped::Unit(unit))),
        b'%' => percent_byte(text).map(|(byte, _)| Escaped::Byte(byte)),
        b'&' => html_letter(text).map(letter),
        b'+' => Some(Escaped::Letter(' ')),
        _ => None,
    };
    escaped.unwrap_or(Escaped::Nothing)
}

/// The bytes that a secret may begin with, all of them first bytes of characters: most of a text is passed over at a glance.
fn first_bytes(secrets: &[Secret<'_>]) -> [bool; 256] {
    let mut first = [false; 256];
    for byte in secrets.iter().map(|secret| secret.byte).chain(ESCAPES.iter().copied()) {
        first[usize::from(byte)] = true;
    }
    first
}

/// How many bytes of the text's beginning are the secret, if they are.
fn length(text: &str, secret: &str, end: End) -> Option<usize> {
    let same = text.bytes().zip(secret.bytes()).take_while(|(a, b)| a == b).count();
    if same == secret.len() {
        return Some(same);
    }
    let looked_at = &text.as_bytes()[..text.len().min(same + 1)];
    if same < text.len() && !looked_at.iter().any(|byte| ESCAPES.contains(byte)) {
        return None; // nothing in it can be read in another way
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
        b'&' => html_letter(text).filter(|&(found, _)| found == letter).map(|(_, rest)| rest),
        b'+' if letter == ' ' => text.strip_prefix('+'),
        _ => None,
    };
    escaped.or_else(|| text.strip_prefix(letter))
}

fn after_json(text: &str, letter: char) -> Option<&str> {
    if let Some((_, rest)) = json_letter(text).filter(|&(found, _)| found == letter) {
        return Some(rest);
    }
    let mut units = [0; 2];
    letter
        .encode_utf16(&mut units)
        .iter()
        .try_fold(text, |text, unit| json_unit(text).filter(|(found, _)| found == unit).map(|(_, rest)| rest))
}

fn after_percent(text: &str, letter: char) -> Option<&str> {
    letter
        .encode_utf8(&mut [0; 4])
        .bytes()
        .try_fold(text, |text, byte| percent_byte(text).filter(|&(found, _)| found == byte).map(|(_, rest)| rest))
}

/// `\"`, `\n` and their like.
fn json_letter(text: &str) -> Option<(char, &str)> {
    let rest = text.strip_prefix('\\')?;
    let letter = match rest.bytes().next()? {
        letter @ (b'"' | b'\\' | b'/' | b'\'') => letter.into(),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    };
    Some((letter, &rest[1..]))
}

fn json_unit(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix("\\u")?;
    Some((u16::from_str_radix(digits.get(..4)?, 16).ok()?, &digits[4..]))
}

fn percent_byte(text: &str) -> Option<(u8, &str)> {
    let digits = text.strip_prefix('%')?;
    Some((u8::from_str_radix(digits.get(..2)?, 16).ok()?, &digits[2..]))
}

fn html_letter(text: &str) -> Option<(char, &str)> {
    // No further: a text of nothing but `&` would be read to its end for each.
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => char::from_u32(match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        })?,
        None => NAMES.iter().find(|(known, _)| *known == name).map(|&(_, letter)| letter)?,
    };
    Some((letter, &text[end + 1..]))
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
