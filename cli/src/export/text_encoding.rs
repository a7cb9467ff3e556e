//! The encoding of a CSV file, as it is written.

use clap::ValueEnum;
use encoding_rs::{EncoderResult, WINDOWS_1250};
use std::borrow::Cow;

/// The encoding of a text file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextEncoding {
    #[default]
    #[value(name = "utf-8")]
    Utf8,
    /// With a byte order mark, by which Excel recognizes UTF-8.
    #[value(name = "utf-8-bom")]
    Utf8Bom,
    #[value(name = "cp1250", alias = "windows-1250")]
    Cp1250,
}

impl TextEncoding {
    /// Returns the bytes at the start of a file.
    pub(crate) fn start(self) -> &'static [u8] {
        if self == Self::Utf8Bom { b"\xEF\xBB\xBF" } else { b"" }
    }

    /// Encodes a text.
    ///
    /// Error: the first character that the encoding does not have.
    pub(crate) fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        if self != Self::Cp1250 || text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let mut encoder = WINDOWS_1250.new_encoder();
        let mut bytes = vec![0; text.len()]; // one byte for each character
        match encoder.encode_from_utf8_without_replacement(text, &mut bytes, true) {
            (EncoderResult::Unmappable(character), _, _) => Err(character),
            (_, _, written) => {
                bytes.truncate(written);
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Encodes a text with `?` for each character that the encoding does not have. Returns their number as well.
    pub(crate) fn encode_with_replacement(self, text: &str) -> (Vec<u8>, u64) {
        let (mut bytes, mut replaced) = (Vec::new(), 0);
        for character in text.chars() {
            if let Ok(encoded) = self.encode(character.encode_utf8(&mut [0; 4])) {
                bytes.extend_from_slice(&encoded);
            } else {
                bytes.push(b'?');
                replaced += 1;
            }
        }
        (bytes, replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_letters_have_one_byte_in_cp1250() {
        let bytes = TextEncoding::Cp1250.encode("Zażółć 12 €").unwrap().into_owned();
        assert_eq!(bytes, b"Za\xBF\xF3\xB3\xE6 12 \x80");
    }

    #[test]
    fn a_character_that_is_missing_is_an_error_or_a_question_mark() {
        assert_eq!(TextEncoding::Cp1250.encode("dom 🏠"), Err('🏠'));
        assert_eq!(TextEncoding::Cp1250.encode_with_replacement("ż 🏠"), (b"\xBF ?".to_vec(), 1));
    }
}
