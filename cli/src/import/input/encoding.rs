//! Detects the encoding of a text file.
//!
//! Polish files that are not UTF-8 are in windows-1250 or ISO-8859-2, which have most letters at the same places. The others decide:
//! `ą` of the one is `š` of the other, which no Polish word has.

use crate::import::error::ImportError;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_8859_2, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// How much of a file is looked at before its letters are.
const START: u64 = 1 << 16;

/// Letters that only windows-1250 has at these places: `ąĄśŚźŹ`.
const OF_WINDOWS: &[u8] = b"\xB9\xA5\x9C\x8C\x9F\x8F";

/// The same letters in ISO-8859-2. In windows-1250 these bytes are signs, and `Ľ`.
const OF_ISO: &[u8] = b"\xB1\xA1\xB6\xA6\xBC\xAC";

/// Letters of both, which other encodings for Western Europe do not have: `łŁżŻ`.
const OF_BOTH: &[u8] = b"\xB3\xA3\xBF\xAF";

/// What no word has in windows-1250 or ISO-8859-2. In CP852 and Mac encodings these are letters: `łóśĄĘŻ`.
const OF_NEITHER: &[u8] = b"\x88\x90\x98\xA2\xA4\xA8\xBD";

/// The same after a small letter, or inside of a word before one: `ąćę` of CP852 are a capital letter and signs.
const OF_NEITHER_BESIDE_SMALL: &[u8] = b"\xA5\x86\xA9";

/// Returns the encoding of a file: by a byte order mark, by the zeros of UTF-16, as valid UTF-8, or by the letters.
///
/// Error: the letters are those of an encoding that this program cannot read.
pub(super) fn detect(path: &Path) -> Result<&'static Encoding, ImportError> {
    let mut start = Vec::new();
    File::open(path)?.take(START).read_to_end(&mut start)?;
    let marked = Encoding::for_bom(&start).map(|(encoding, _)| encoding);
    match marked.or_else(|| utf16_without_mark(&start)) {
        Some(encoding) => Ok(encoding),
        None => by_letters(path),
    }
}

/// Returns UTF-16 if every second byte of many is zero, as in texts of mostly Latin letters.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let half = bytes.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if half > 0 && odd * 2 > half && even == 0 => Some(UTF_16LE),
        (even, odd) if half > 0 && even * 2 > half && odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn by_letters(path: &Path) -> Result<&'static Encoding, ImportError> {
    let (mut detector, mut letters) = (EncodingDetector::new(Iso2022JpDetection::Deny), Letters::default());
    let mut file = BufReader::new(File::open(path)?);
    loop {
        let piece = file.fill_buf()?;
        detector.feed(piece, piece.is_empty());
        letters.add(piece);
        match piece.len() {
            0 => break,
            length => file.consume(length),
        }
    }
    letters.add(b"\n");
    let guess = detector.guess(Some(b"pl"), Utf8Detection::Allow);
    if guess == UTF_8 || letters.high == 0 {
        return Ok(UTF_8);
    }
    letters.encoding(guess).ok_or(ImportError::UnclearEncoding)
}

/// The bytes of a file that are not ASCII, by what they would be in the encodings of Polish texts.
#[derive(Debug, Default)]
struct Letters {
    /// All of them.
    high: u64,
    /// Those beside an ASCII letter, as in Latin texts.
    beside_ascii: u64,
    windows: u64,
    iso: u64,
    both: u64,
    neither: u64,
    /// The last two bytes.
    last: [u8; 2],
}

impl Letters {
    fn add(&mut self, bytes: &[u8]) {
        for &next in bytes {
            let [before, byte] = self.last;
            if !byte.is_ascii() {
                self.add_byte(before, byte, next);
            }
            self.last = [byte, next];
        }
    }

    fn add_byte(&mut self, before: u8, byte: u8, next: u8) {
        self.high += 1;
        let has = |bytes: &[u8]| bytes.contains(&byte);
        let (is_after, is_before) = (before.is_ascii_alphabetic(), next.is_ascii_alphabetic());
        let is_beside_small = before.is_ascii_lowercase() || (is_after && next.is_ascii_lowercase());
        let is_neither = has(OF_NEITHER) || (has(OF_NEITHER_BESIDE_SMALL) && is_beside_small);
        self.windows += u64::from(has(OF_WINDOWS) && !is_neither);
        if is_after || is_before {
            self.beside_ascii += 1;
            self.iso += u64::from(has(OF_ISO));
            self.both += u64::from(has(OF_BOTH));
            self.neither += u64::from(is_neither);
        }
    }

    /// Returns the encoding, where another one than those of Polish texts was guessed or not; `None` if it is not clear.
    fn encoding(&self, guess: &'static Encoding) -> Option<&'static Encoding> {
        let is_polish = [WINDOWS_1250, ISO_8859_2].contains(&guess);
        let is_western = [WINDOWS_1252, WINDOWS_1254, WINDOWS_1257].contains(&guess);
        let is_latin = is_polish || is_western || self.beside_ascii * 2 >= self.high;
        if !is_latin {
            return Some(guess);
        }
        if self.neither > self.windows && self.neither > self.iso {
            return None;
        }
        if self.iso > self.windows {
            return Some(ISO_8859_2);
        }
        Some(if is_western && self.windows + self.both == 0 { guess } else { WINDOWS_1250 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(bytes: &[u8]) -> Option<&'static str> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, bytes).unwrap();
        detect(file.path()).ok().map(Encoding::name)
    }

    const WORDS: [&str; 12] = [
        "Zając;Dąbrowski",
        "Dąbrowska;Kraków\nWójcik;Łęczyca\nKąkol;Toruń",
        "Książka i Prasa",
        "KSIĄŻKA I PRASA",
        "DĄBROWA",
        "Kraków",
        "Łódź;Gdańsk",
        "ŁÓDŹ",
        "Świerże;Ćma",
        "ą",
        "Żółć",
        "Spółka z ograniczoną odpowiedzialnością",
    ];

    #[test]
    fn polish_words_are_in_windows_1250_or_in_iso_8859_2() {
        for words in WORDS {
            let (windows, _, _) = WINDOWS_1250.encode(words);
            assert_eq!(detected(&windows), Some("windows-1250"), "{words}");
            let (iso, _, _) = ISO_8859_2.encode(words);
            let expected = if iso == windows { "windows-1250" } else { "ISO-8859-2" };
            // Capital letters beside each other, and a letter alone, can be both.
            if !["ŁÓDŹ", "ą"].contains(&words) {
                assert_eq!(detected(&iso), Some(expected), "{words}");
            }
            assert_eq!(detected(words.as_bytes()), Some("UTF-8"), "{words}");
        }
        assert_eq!(detected(b"nip;name\n1;Smok\n"), Some("UTF-8"));
        assert_eq!(detected(b"5\xB12;Krak\xF3w"), Some("windows-1250"));
        assert!(detected(b"M\xFCller;K\xF6ln").is_some());
    }

    #[test]
    fn letters_of_cp852_are_an_error_and_cyrillic_ones_are_not() {
        for cp852 in [
            &b"Krak\xA2w"[..],
            b"\x9D\xA2d\xAB",
            b"Ksi\xA5\xBEka",
            b"D\xA5browska",
            b"D\xA4BROWA",
            b"Kr\xA2l;W\xA9gr\xA2w",
            b"Micha\x88",
        ] {
            assert_eq!(detected(cp852), None, "{cp852:?}");
        }
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Київ;Львів;Одеса;Харків;Запоріжжя");
        assert_eq!(detected(&cyrillic), Some("windows-1251"));
    }
}
