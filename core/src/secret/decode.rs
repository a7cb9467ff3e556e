//! Decodes escapes in a text, and maps ranges in the result back to the text.

use memchr::{memchr, memchr2};
use std::ops::Range;

/// An encoding that servers use to escape values in their texts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Encoding {
    /// `\"`, `\u0105`
    Json,
    /// `%C4%85`
    Url,
    /// `%C4%85`, and `+` for a space
    Form,
    /// `&amp;`, `&#261;`
    Html,
}

pub(super) const ENCODINGS: [Encoding; 4] = [Encoding::Json, Encoding::Url, Encoding::Form, Encoding::Html];

/// Maximum length of an escape in bytes: `&#x0001f600;` with some more zeros.
const MAX_ESCAPE_LENGTH: usize = 24;

/// HTML names of the characters from U+00A0 to U+00FF, in order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
    Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
    times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
    eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute \
    ucirc uuml yacute thorn yuml";

/// HTML names of other characters that a Polish keyboard types, or a phone substitutes.
const OTHERS: [(&str, char); 14] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("bdquo", '„'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("hellip", '…'),
];

/// A text without the escapes of one encoding.
pub(super) struct Decoded {
    pub bytes: Vec<u8>,
    /// Number of source bytes for each decoded byte. All bytes of an escape count for its last decoded byte.
    lengths: Vec<u8>,
    source_length: usize,
    /// Whether the source ends within an escape, which is not decoded.
    pub ends_in_escape: bool,
}

impl Decoded {
    /// Decodes a text, which may be truncated. Returns `None` if it has no escapes.
    pub(super) fn new(source: &[u8], encoding: Encoding, is_truncated: bool) -> Option<Self> {
        let (bytes, lengths) = (Vec::new(), Vec::new());
        let mut decoded = Self { bytes, lengths, source_length: source.len(), ends_in_escape: false };
        let (mut rest, mut has_escapes) = (source, false);
        while let Some(at) = encoding.find(rest) {
            rest = decoded.copy(rest, at);
            if let Some(length) = encoding.read(rest, &mut decoded.bytes) {
                decoded.lengths.resize(decoded.bytes.len() - 1, 0);
                decoded.lengths.push(length.try_into().expect("escapes are short"));
                rest = &rest[length..];
                has_escapes = true;
            } else if is_truncated && rest.len() < MAX_ESCAPE_LENGTH {
                decoded.ends_in_escape = true;
                return Some(decoded);
            } else {
                rest = decoded.copy(rest, 1);
            }
        }
        decoded.copy(rest, rest.len());
        has_escapes.then_some(decoded)
    }

    fn copy<'s>(&mut self, source: &'s [u8], length: usize) -> &'s [u8] {
        let (plain, rest) = source.split_at(length);
        self.bytes.extend_from_slice(plain);
        self.lengths.resize(self.bytes.len(), 1);
        rest
    }

    /// Maps ordered ranges to the source. A range that ends at the end of the decoded text ends at the end of the source.
    pub(super) fn in_source(&self, ranges: Vec<Range<usize>>) -> impl Iterator<Item = Range<usize>> {
        let (mut last, mut in_source) = (0, 0);
        let mut map = move |position| {
            in_source += self.lengths[last..position].iter().copied().map(usize::from).sum::<usize>();
            last = position;
            in_source
        };
        ranges.into_iter().map(move |range| {
            let start = map(range.start);
            start..if range.end == self.bytes.len() { self.source_length } else { map(range.end) }
        })
    }
}

impl Encoding {
    /// Returns where the next escape may begin.
    fn find(self, text: &[u8]) -> Option<usize> {
        match self {
            Self::Json => memchr(b'\\', text),
            Self::Url => memchr(b'%', text),
            Self::Form => memchr2(b'%', b'+', text),
            Self::Html => memchr(b'&', text),
        }
    }

    /// Appends the decoded character of an escape, and returns the length of the escape.
    fn read(self, escape: &[u8], decoded: &mut Vec<u8>) -> Option<usize> {
        let (letter, length) = match self {
            Self::Json => json(escape)?,
            Self::Html => html(escape)?,
            Self::Form if escape[0] == b'+' => (' ', 1),
            Self::Url | Self::Form => {
                decoded.push(number(escape.get(1..3)?, 16)?.try_into().ok()?);
                return Some(3);
            }
        };
        decoded.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        Some(length)
    }
}

fn json(escape: &[u8]) -> Option<(char, usize)> {
    let letter = match escape.get(1)? {
        letter @ (b'"' | b'\\' | b'/' | b'\'') => char::from(*letter),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return json_unicode(escape),
        _ => return None,
    };
    Some((letter, 2))
}

fn json_unicode(escape: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| number(escape.get(at..at + 6)?.strip_prefix(b"\\u")?, 16);
    let first = unit(0)?;
    if let Some(letter) = char::from_u32(first) {
        return Some((letter, 6));
    }
    let pair = [u16::try_from(first).ok()?, u16::try_from(unit(6)?).ok()?];
    char::decode_utf16(pair).next()?.ok().map(|letter| (letter, 12))
}

fn html(escape: &[u8]) -> Option<(char, usize)> {
    // The search is limited, since it would be quadratic for a text of many `&`.
    let end = memchr(b';', &escape[..escape.len().min(MAX_ESCAPE_LENGTH)])?;
    let letter = match &escape[1..end] {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        name => named(std::str::from_utf8(name).ok()?)?,
    };
    Some((letter, end + 1))
}

fn named(name: &str) -> Option<char> {
    let latin = || ('\u{a0}'..).zip(LATIN.split(' ')).find(|(_, known)| *known == name).map(|(letter, _)| letter);
    OTHERS.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter).or_else(latin)
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let (first, rest) = digits.split_first()?;
    let digit = |byte: &u8| char::from(*byte).to_digit(radix);
    rest.iter().try_fold(digit(first)?, |number, byte| number.checked_mul(radix)?.checked_add(digit(byte)?))
}
