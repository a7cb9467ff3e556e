//! Detects what separates the cells of a CSV file.

use crate::import::error::ImportError;
use std::io::{BufRead, Read};

const CANDIDATES: [char; 4] = [';', ',', '\t', '|'];

/// Rows that are looked at.
const ROWS: usize = 50;

/// Returns the separator with which the largest number of rows has the length of the header, which has at least two cells.
pub(super) fn detect(mut text: impl BufRead) -> Result<char, ImportError> {
    let mut start = Vec::new();
    text.by_ref().take(1 << 18).read_to_end(&mut start)?;
    if let Some(separator) = named_separator(&start) {
        return Ok(separator);
    }
    let best = CANDIDATES.into_iter().max_by_key(|separator| (score(&start, *separator), *separator == ','));
    Ok(best.unwrap_or(','))
}

/// Returns the separator that a first line such as `sep=;` names, as Excel writes it.
pub(super) fn named_separator(start: &[u8]) -> Option<char> {
    match start.strip_prefix(b"sep=")? {
        [separator, b'\r' | b'\n', ..] => Some(char::from(*separator)),
        _ => None,
    }
}

/// Returns how many rows have the length of the header, and that length.
fn score(start: &[u8], separator: char) -> (usize, usize) {
    let delimiter = u8::try_from(separator).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(start);
    let lengths: Vec<usize> = reader.byte_records().take(ROWS).map_while(Result::ok).map(|row| row.len()).collect();
    match lengths.first() {
        Some(&header) if header > 1 => (lengths.iter().filter(|length| **length == header).count(), header),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(text: &str) -> char {
        detect(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_separator_of_equal_rows_is_found() {
        assert_eq!(detected("nip;name;amount\n1;\"a, b\";1,50\n2;c;2,00\n"), ';');
        assert_eq!(detected("nip,name\n1,\"a; b; c\"\n"), ',');
        assert_eq!(detected("nip\tname\n1\ta,b\n"), '\t');
        assert_eq!(detected("nip\n1\n"), ',');
        assert_eq!(detected("sep=|\r\nnip,x|name\n"), '|');
    }
}
