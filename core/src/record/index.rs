//! An index of the members of a record, for callers that read several of them.

use super::{Record, check, path};
use crate::error::Result;
use crate::json::scanner::{RawStr, Scanner, SyntaxError};
use bytes::Bytes;

/// Number of members for which space is reserved. Most records have fewer.
const INITIAL_CAPACITY: usize = 64;

/// A record with an index of its members. Each value is found without scanning the whole record again.
///
/// ```
/// let record = egito::Record::from_json(r#"{"id": 7, "address": {"city": "Łódź"}}"#)?;
/// let index = egito::binding::RecordIndex::new(record);
/// assert_eq!((index.raw("id"), index.raw("address.city")), (Some("7"), Some(r#""Łódź""#)));
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Debug)]
pub struct RecordIndex {
    record: Record,
    /// `None` if the JSON is not an object, or is too large. Then each value is found by scanning.
    members: Option<Vec<Member>>,
}

/// The ranges of one member in the JSON text.
#[derive(Debug)]
struct Member {
    /// With the quotes.
    name: Part,
    name_has_escapes: bool,
    value: Part,
}

/// The range of a part, in half the space of a `Range<usize>`.
#[derive(Debug)]
struct Part {
    start: u32,
    end: u32,
}

impl RecordIndex {
    /// Indexes the members of the record.
    ///
    /// ```
    /// let index = egito::binding::RecordIndex::new(egito::Record::from_json("{}")?);
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[must_use]
    pub fn new(record: Record) -> Self {
        let members = scan(record.json()).ok();
        Self::with_members(record, members)
    }

    /// Checks the JSON text of a record and indexes its members, in one scan.
    ///
    /// Error `config`: not valid JSON, or not an object.
    pub(crate) fn from_bytes(json: &Bytes) -> Result<Self> {
        let text = super::text(json)?;
        let members = match scan(text) {
            Ok(members) => Some(members),
            Err(_) => check(text).map(|()| None)?, // its error says what is wrong
        };
        let record = Record { json: json.slice_ref(text.as_bytes()) };
        Ok(Self::with_members(record, members))
    }

    fn with_members(record: Record, members: Option<Vec<Member>>) -> Self {
        let has_room = u32::try_from(record.json.len()).is_ok();
        Self { record, members: members.filter(|_| has_room) }
    }

    /// Returns the record.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// Returns the names and values of the members, in their order.
    pub(crate) fn members(&self) -> Vec<(RawStr<'_>, &str)> {
        let json = self.record.json();
        if let Some(members) = &self.members {
            return members.iter().map(|member| (member.name(json), member.value.of(json))).collect();
        }
        let mut members = Vec::new();
        let scanned = Scanner::new(json).object(|scanner, name| {
            members.push((name, scanner.value()?));
            Ok(())
        });
        scanned.map(|()| members).unwrap_or_default()
    }

    /// Returns the JSON text of one value, see [`Record::raw`].
    ///
    /// ```
    /// let index = egito::binding::RecordIndex::new(egito::Record::from_json(r#"{"phones": ["12", "34"]}"#)?);
    /// assert_eq!(index.raw("phones.1"), Some(r#""34""#));
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[must_use]
    pub fn raw(&self, path: &str) -> Option<&str> {
        let Some(members) = &self.members else { return self.record.raw(path) };
        path::find_by(path, self.record.json(), &|json, name| find(members, json, name))
    }
}

/// Finds the members of an object, and checks its JSON.
fn scan(json: &str) -> std::result::Result<Vec<Member>, SyntaxError> {
    let (mut scanner, mut members) = (Scanner::new(json), Vec::with_capacity(INITIAL_CAPACITY));
    scanner.object(|scanner, name| {
        let (name, name_has_escapes) = (Part::new(json, name.json()), name.has_escapes());
        members.push(Member { name, name_has_escapes, value: Part::new(json, scanner.value()?) });
        Ok(())
    })?;
    scanner.end().map(|()| members)
}

/// Returns the value of a member. If a key occurs twice, the last one counts.
fn find<'j>(members: &[Member], json: &'j str, name: &str) -> Option<&'j str> {
    let has_name = |member: &&Member| member.name(json).is(name);
    members.iter().rev().find(has_name).map(|member| member.value.of(json))
}

impl Member {
    fn name<'j>(&self, whole: &'j str) -> RawStr<'j> {
        RawStr::new(self.name.of(whole), self.name_has_escapes)
    }
}

impl Part {
    /// Returns the range of a part in the text that it is a slice of.
    #[allow(clippy::cast_possible_truncation)] // an index of a text that is too large is not kept
    fn new(whole: &str, part: &str) -> Self {
        let start = part.as_ptr() as usize - whole.as_ptr() as usize;
        Self { start: start as u32, end: (start + part.len()) as u32 }
    }

    fn of<'j>(&self, whole: &'j str) -> &'j str {
        &whole[self.start as usize..self.end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_finds_the_same_values_as_a_scan() {
        let json = r#"{"a": 1, "b": {"c": [true, {"d.e": "\u017b"}]}, "\u0061": 2, "": null, "f.g": "x"}"#;
        let record = Record::from_json(json).unwrap();
        let index = RecordIndex::new(record.clone());
        for path in ["a", "b", "b.c.0", "b.c.1.d\\.e", "b.c.2", "", "f\\.g", "f.g", "nothing", "a.b"] {
            assert_eq!(index.raw(path), record.raw(path), "{path}");
        }
        assert_eq!(index.raw("a"), Some("2"));
    }

    #[test]
    fn json_that_is_not_an_object_is_scanned() {
        assert_eq!(RecordIndex::new(Record::from_validated("[7]".into())).raw("0"), Some("7"));
    }
}
