//! The lines of a journal. Each is a JSON object whose last member is a checksum of the text before it. All but the first begin with
//! their number, so that no line can be removed, copied or moved unnoticed.

use super::fingerprint::Fingerprint;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of the format. Lines of version 1 had no numbers.
pub(super) const VERSION: u64 = 2;

/// The start of the last member of a line.
const CHECKSUM: &str = r#","crc":""#;

/// Length of the last member and the end of the object: eight hexadecimal digits and `"}`.
const TAIL: usize = CHECKSUM.len() + 8 + 2;

/// The first line: what the journal belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Version of the format. Files without it belong to other programs.
    pub(super) egito_journal: u64,
    /// Address of the server.
    pub server: String,
    pub entity: String,
    pub action: String,
    /// The fields of the key, if the bulk has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Vec<String>>,
}

/// Any further line: what happened to one row.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry<'a> {
    /// Number of the line in the file, which the writer sets. The header has the number 1.
    pub line: u64,
    pub row: u64,
    pub state: State,
    /// The fingerprint of the input.
    pub input: Fingerprint,
    /// The result of a row that is done.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub result: Option<&'a RawValue>,
    /// The code of the error of a row that is not done, for people who read the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Its request may be sent from now on.
    Started,
    /// The call has succeeded.
    Done,
    /// The call has failed, and has certainly done nothing.
    Failed,
    /// The call has failed, and may have been done.
    Unknown,
}

impl Header {
    pub(crate) fn new(server: String, entity: &str, action: &str, key: Option<&[String]>) -> Self {
        let (entity, action, key) = (entity.to_owned(), action.to_owned(), key.map(<[String]>::to_vec));
        Self { egito_journal: VERSION, server, entity, action, key }
    }

    pub(super) fn to_line(&self) -> Vec<u8> {
        seal(self)
    }
}

impl Entry<'_> {
    pub(super) fn new(row: u64, state: State, input: Fingerprint) -> Self {
        Self { line: 0, row, state, input, result: None, code: None }
    }

    pub(super) fn to_line(&self) -> Vec<u8> {
        seal(self)
    }
}

/// Reads the version of a first line, whatever its checksum: a newer version may have another one.
pub(super) fn version(line: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Version {
        egito_journal: u64,
    }
    serde_json::from_slice::<Version>(line).ok().map(|line| line.egito_journal)
}

/// Reads a line without its line break. Returns `None` if its checksum is wrong.
pub(super) fn read<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Option<T> {
    let (text, tail) = line.split_at(line.len().checked_sub(TAIL)?);
    if tail != checksum(text).as_bytes() {
        return None;
    }
    serde_json::from_slice(line).ok()
}

/// Returns the line of an object, with its checksum and a line break.
fn seal(object: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(object).expect("the lines of a journal are plain data");
    line.pop(); // the end of the object
    let tail = checksum(&line);
    line.extend_from_slice(tail.as_bytes());
    line.push(b'\n');
    line
}

/// Returns the last member of a line with this text before it, and the end of the object.
fn checksum(text: &[u8]) -> String {
    format!("{CHECKSUM}{:08x}\"}}", crc32fast::hash(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_with_a_checksum_that_finds_every_changed_byte() {
        let result = RawValue::from_string(r#"{"id":7}"#.to_owned()).unwrap();
        let input = Fingerprint::of(["7", "{}"].map(Some));
        let entry = Entry { line: 3, result: Some(&result), ..Entry::new(5, State::Done, input) };
        let line = entry.to_line();
        assert!(line.starts_with(br#"{"line":3,"row":5,"state":"done","input":""#) && line.ends_with(b"\"}\n"));
        serde_json::from_slice::<serde_json::Value>(&line).unwrap();
        let line = &line[..line.len() - 1];
        let read_back: Entry<'_> = read(line).unwrap();
        assert_eq!(
            (read_back.line, read_back.row, read_back.input, read_back.result.unwrap().get()),
            (3, 5, input, r#"{"id":7}"#)
        );
        for position in 0..line.len() {
            let mut changed = line.to_vec();
            changed[position] ^= 1;
            assert!(read::<Entry<'_>>(&changed).is_none(), "{position}");
            assert!(
                read::<Entry<'_>>(&line[..position]).is_none() && read::<Entry<'_>>(&line[position + 1..]).is_none()
            );
        }
    }

    #[test]
    fn the_version_is_read_of_any_object_that_has_one() {
        assert_eq!(version(br#"{"egito_journal":3,"sha256":"0a"}"#), Some(3));
        assert_eq!(
            version(&Header::new("https://firma.egito.pl/".into(), "Lead", "create", None).to_line()),
            Some(VERSION)
        );
        assert_eq!((version(b"id;name"), version(b"{}"), version(b"")), (None, None, None));
    }
}
