//! Where the members of a record lie, for those who read several of them.

use super::{Record, path};
use crate::json::scanner::{RawStr, Scanner};
use std::ops::Range;

/// A record whose members were found once: each value after that takes no walk over the whole.
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
    /// None where it is no object: then every value is walked to.
    members: Option<Vec<Member>>,
}

/// The places of one member in the record's text.
#[derive(Debug)]
struct Member {
    /// With its quotes.
    name: Range<usize>,
    value: Range<usize>,
}

impl RecordIndex {
    /// Finds the members of this record.
    ///
    /// ```
    /// let index = egito::binding::RecordIndex::new(egito::Record::from_json("{}")?);
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[must_use]
    pub fn new(record: Record) -> Self {
        let (json, mut members) = (record.json(), Vec::with_capacity(32));
        let walked = Scanner::new(json).object(|scanner, name| {
            let value = scanner.value()?;
            members.push(Member { name: place(json, name.json()), value: place(json, value) });
            Ok(())
        });
        let members = walked.is_ok().then_some(members);
        Self { record, members }
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

/// Of duplicate keys the last counts.
fn find<'j>(members: &[Member], json: &'j str, name: &str) -> Option<&'j str> {
    let is_it = |member: &&Member| RawStr::new(&json[member.name.clone()]).is(name);
    members.iter().rev().find(is_it).map(|member| &json[member.value.clone()])
}

/// Where a part lies in the text that it was taken from.
fn place(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_finds_what_a_walk_finds() {
        let json = r#"{"a": 1, "b": {"c": [true, {"d.e": "\u017b"}]}, "\u0061": 2, "": null, "f.g": "x"}"#;
        let record = Record::from_json(json).unwrap();
        let index = RecordIndex::new(record.clone());
        for path in ["a", "b", "b.c.0", "b.c.1.d\\.e", "b.c.2", "", "f\\.g", "f.g", "nothing", "a.b"] {
            assert_eq!(index.raw(path), record.raw(path), "{path}");
        }
        assert_eq!(index.raw("a"), Some("2"));
    }

    #[test]
    fn what_is_no_object_is_walked_over() {
        assert_eq!(RecordIndex::new(Record::from_validated("[7]".into())).raw("0"), Some("7"));
    }
}
