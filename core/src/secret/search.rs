//! Finds secrets in a text: unescaped, or escaped for JSON, a URL, a form or HTML.
//!
//! The text is decoded and then searched for the secrets. It is not searched for escaped secrets, since encoders differ in which
//! characters they escape, but all of them are decoded alike.

use super::decode::{Decoded, ENCODINGS};
use memchr::memmem::Finder;
use std::ops::Range;

/// Maximum number of nested encodings: a JSON response may quote HTML, JSON of another server, or a URL in that.
const MAX_LAYERS: usize = 2;

/// The end of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextEnd {
    Complete,
    /// The text is the beginning of a longer one, so it may end in the prefix of a secret.
    Truncated,
}

/// Returns the ranges of the secrets in a text, in order. Overlapping ones are merged.
pub(super) fn find_all(text: &str, secrets: &[&str], end: TextEnd) -> Vec<Range<usize>> {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty()).map(Finder::new).collect();
    Search { secrets, end }.find_all(text.as_bytes(), false, MAX_LAYERS)
}

struct Search<'s> {
    secrets: Vec<Finder<'s>>,
    end: TextEnd,
}

impl Search<'_> {
    fn find_all(&self, text: &[u8], ends_in_escape: bool, layers: usize) -> Vec<Range<usize>> {
        let mut ranges: Vec<_> = self.secrets.iter().flat_map(|secret| find_each(text, secret)).collect();
        if self.end == TextEnd::Truncated {
            ranges
                .extend(self.secrets.iter().filter_map(|secret| prefix_at_end(text, secret.needle(), ends_in_escape)));
        }
        for encoding in ENCODINGS.iter().filter(|_| layers > 0) {
            if let Some(decoded) = Decoded::new(text, *encoding, self.end == TextEnd::Truncated) {
                ranges.extend(decoded.in_source(self.find_all(&decoded.bytes, decoded.ends_in_escape, layers - 1)));
            }
        }
        merged(ranges)
    }
}

/// Returns every range of a secret, also overlapping ones.
fn find_each(text: &[u8], secret: &Finder<'_>) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + secret.find(&text[from..])?;
        from = start + 1;
        Some(start..start + secret.needle().len())
    })
}

/// Returns the range of the longest prefix of a secret at the end of the text.
///
/// If the text ended in an escape that was not decoded, a secret may begin with that; the range is then empty.
fn prefix_at_end(text: &[u8], secret: &[u8], ends_in_escape: bool) -> Option<Range<usize>> {
    let shortest = usize::from(!ends_in_escape);
    let length = (shortest..secret.len()).rev().find(|&length| text.ends_with(&secret[..length]))?;
    Some(text.len() - length..text.len())
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::decode::Encoding;
    use proptest::prelude::*;

    fn found<'t>(text: &'t str, secrets: &[&str]) -> Vec<&'t str> {
        find_all(text, secrets, TextEnd::Complete).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        let secret = "ża & 😀/%\"'ó+";
        for spelled in [
            secret,
            r#"\u017ca & \ud83d\ude00\/%\"'\u00f3+"#,
            r"\u017Ca \u0026 \uD83D\uDE00/%\u0022\u0027\u00F3+",
            "%C5%BCa+%26+%F0%9F%98%80%2F%25%22%27%C3%B3%2B",
            "%c5%bca%20%26%20%f0%9f%98%80%2f%25%22%27%c3%b3%2b",
            "ża &amp; 😀/%&quot;&#039;&oacute;+",
            "&#380;a &#x26; &#X1f600;/%&#34;&apos;&#xF3;&#43;",
            // Some encoders escape some characters: Tomcat, Gson, Grails.
            "ża &amp; 😀&#47;%&quot;&#39;ó+",
            r#"ża \u0026 😀/%\"\u0027ó\u002b"#,
            r#"ża & \uD83D\uDE00/%\"'ó+"#,
            // In JSON: HTML, a form, other JSON. In HTML: JSON, a URL.
            r"\u017ca &amp; 😀\/%&quot;&#39;&oacute;+",
            r"%C5%BCa\u002b%26\u002b%F0%9F%98%80%2F%25%22%27%C3%B3%2B",
            r#"\\u017ca & \\ud83d\\ude00\/%\\\"'\\u00f3+"#,
            r"\u017ca &amp; 😀/%\&quot;&#39;\u00f3&#43;",
            "&#37;C5&#37;BCa%20%26%20%F0%9F%98%80&#47;%25%22%27%C3%B3%2B",
        ] {
            let text = format!("<{spelled}>");
            assert_eq!(found(&text, &[secret]), [spelled]);
        }
        assert!(find_all("ża & 😀/%\"'o+ %c5 \\u017 &amp &#x; %", &[secret], TextEnd::Complete).is_empty());
    }

    #[test]
    fn the_prefix_of_a_secret_is_found_at_the_end_of_a_truncated_text() {
        let secret = "żeton-ó-sesji";
        for spelled in ["żeton", "ż", r"\u017ceto", r"\u01", "%c5%bceton-%c", "&#380;eton-&oacu", "żeton-ó-sesji", "&"]
        {
            let text = format!("sesja żeton {spelled}");
            let ranges = find_all(&text, &[secret], TextEnd::Truncated).into_iter();
            assert_eq!(ranges.map(|range| &text[range]).collect::<Vec<_>>(), [spelled]);
        }
        assert!(find_all("sesja żetony", &[secret], TextEnd::Truncated).is_empty());
        assert!(find_all("sesja żeton ż", &[secret], TextEnd::Complete).is_empty());
    }

    #[test]
    fn characters_with_html_names_are_found() {
        for (spelled, secret) in
            [("&nbsp;&yuml;", "\u{a0}ÿ"), ("&sect;&Oacute;&times;", "§Ó×"), ("&euro;&bdquo;", "€„")]
        {
            assert_eq!(found(&format!("&none;{spelled};"), &[secret]), [spelled]);
        }
    }

    #[test]
    fn a_secret_that_looks_escaped_is_found() {
        for secret in [r"a\\b", "100%25", "a&amp;b", r"\u017c", "a+ b"] {
            assert_eq!(found(secret, &[secret]), [secret]);
        }
    }

    #[test]
    fn longer_and_overlapping_secrets_are_found_completely() {
        assert_eq!(found("-tokentoken2-", &["token", "token2"]), ["token", "token2"]);
        assert_eq!(found("-abcdef-", &["abcd", "cdef"]), ["abcdef"]);
        assert_eq!(found("-ababab-", &["abab"]), ["ababab"]);
        assert_eq!(found("-a+b%20c%2Bd-", &["a b ", " c+d"]), ["a+b%20c%2Bd"]);
    }

    /// Escapes a text as an encoder does: the letters that it must escape, and other ones as `may` says.
    fn escaped(text: &str, encoding: Encoding, may: &[bool]) -> String {
        let mut may = may.iter().cycle();
        let mut escaped = String::new();
        for letter in text.chars() {
            let must = match encoding {
                Encoding::Json => "\"\\",
                Encoding::Url => "%",
                Encoding::Form => "%+",
                Encoding::Html => "&",
            };
            if must.contains(letter) || *may.next().expect("it has no end") {
                escaped += &escape(letter, encoding);
            } else {
                escaped.push(letter);
            }
        }
        escaped
    }

    fn escape(letter: char, encoding: Encoding) -> String {
        let parts: Vec<_> = match encoding {
            Encoding::Json => letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
            Encoding::Form if letter == ' ' => vec!["+".into()],
            Encoding::Url | Encoding::Form => letter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
            Encoding::Html => vec![format!("&#{};", u32::from(letter))],
        };
        parts.concat()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_secret_is_found_after_one_or_two_encoders(
            secret in r#"[a-c0-9żó–😀 "'/\\%&+;#u]{4,12}"#,
            inner in prop::sample::select(&ENCODINGS[..]),
            outer in prop::sample::select(&ENCODINGS[..]),
            may in prop::collection::vec(any::<bool>(), 1..8),
        ) {
            let once = escaped(&secret, inner, &may);
            for spelled in [escaped(&once, outer, &may), once] {
                let text = format!("<{spelled}>");
                prop_assert_eq!(found(&text, &[&secret]), [&spelled]);
            }
        }
    }
}
