//! The rows of one page, and what they say about the order of a list. No input and output.

use crate::envelope::PageBody;
use crate::id::RecordId;
use crate::json::Members;
use crate::record::Record;
use ::http::HeaderMap;
use serde_json::value::RawValue;

/// The rows of one page.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) records: Vec<Record>,
    pub(super) ids: Vec<Option<RecordId>>,
    /// Key of the array; `None` if the body is the array.
    pub(super) list_key: Option<String>,
    /// Name and value of the count.
    pub(super) count: Option<(String, u64)>,
    pub(super) headers: HeaderMap,
}

/// Names of counts, in the order in which the client looks for them.
const COUNT_NAMES: [&str; 4] = ["total", "totalCount", "total_count", "count"];

impl Rows {
    pub(super) fn new(page: &PageBody, headers: HeaderMap) -> Self {
        let records = page.records.iter().map(|(range, _)| Record::from_validated(page.body.slice(range.clone())));
        let ids = page.records.iter().map(|(_, id)| id.clone()).collect();
        let members = Members::read(&page.body).map(|members| members.0).unwrap_or_default();
        let start = |value: &RawValue| value.get().as_ptr() as usize - page.body.as_ptr() as usize;
        let list_key = members.iter().find(|(_, value)| start(value) == page.array.start).map(|(name, _)| name.clone());
        let count = COUNT_NAMES.iter().find_map(|name| {
            let (_, value) = members.iter().rev().find(|(known, _)| known == name)?;
            Some(((*name).to_owned(), value.get().parse().ok()?))
        });
        Self { records: records.collect(), ids, list_key, count, headers }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns the identity of a row: its id, or the whole record if it has none.
    pub(super) fn key(&self, index: usize) -> Option<String> {
        let id = self.ids.get(index)?;
        Some(id.as_ref().map_or_else(|| self.records[index].json().to_owned(), RecordId::to_json))
    }

    pub(super) fn keys(&self) -> Vec<String> {
        (0..self.len()).filter_map(|index| self.key(index)).collect()
    }

    pub(super) fn has_ids(&self) -> bool {
        !self.is_empty() && self.ids.iter().all(Option::is_some)
    }

    /// Returns whether the ids only grow.
    pub(super) fn is_ascending(&self) -> bool {
        self.ids.windows(2).all(|pair| is_less(pair[0].as_ref(), pair[1].as_ref()))
    }

    /// Returns whether the ids only become less.
    pub(super) fn is_descending(&self) -> bool {
        self.ids.windows(2).all(|pair| is_less(pair[1].as_ref(), pair[0].as_ref()))
    }
}

/// Compares as numbers where both ids are numbers, in whatever form.
fn is_less(a: Option<&RecordId>, b: Option<&RecordId>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let (a, b) = (a.to_string(), b.to_string());
    match (a.parse::<i128>(), b.parse::<i128>()) {
        (Ok(a), Ok(b)) => a < b,
        _ => a < b,
    }
}

/// Returns the key of the array that holds the records in an object with several arrays: the only one whose objects have ids, or the
/// longest of these.
pub(super) fn list_key_of(json: &str) -> Option<String> {
    let Members(members) = Members::read(json.as_bytes()).ok()?;
    let lengths = members.iter().filter_map(|(name, value)| {
        let records: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        let have_ids =
            records.iter().all(|record| Record::from_json(record.get()).is_ok_and(|record| record.id().is_some()));
        (have_ids && !records.is_empty() && name != "errors").then(|| (records.len(), name.clone()))
    });
    let mut lengths: Vec<_> = lengths.collect();
    lengths.sort();
    let (longest, name) = lengths.pop()?;
    let is_unique = lengths.last().is_none_or(|(length, _)| *length < longest);
    is_unique.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ids: &[&str]) -> Rows {
        let ids = ids.iter().map(|id| RecordId::from_json(id)).collect::<Vec<_>>();
        let records = ids.iter().map(|_| Record::from_json("{}").unwrap()).collect();
        Rows { records, ids, ..Rows::default() }
    }

    #[test]
    fn ids_are_compared_as_numbers_in_either_form() {
        assert!(rows(&["9", "10", "11"]).is_ascending() && rows(&[r#""10""#, r#""9""#]).is_descending());
        assert!(!rows(&["9", "9"]).is_ascending() && !rows(&["1", "3", "2"]).is_descending());
        assert!(rows(&[r#""A-1""#, r#""A-2""#]).is_ascending());
        assert!(rows(&["7"]).is_ascending() && rows(&["7"]).is_descending(), "one row says nothing");
    }

    #[test]
    fn the_list_is_the_array_whose_objects_have_ids() {
        assert_eq!(list_key_of(r#"{"messages":[{"text":"x"}],"wyniki":[{"id":1}]}"#).as_deref(), Some("wyniki"));
        assert_eq!(list_key_of(r#"{"a":[{"id":1}],"b":[{"id":1},{"id":2}]}"#).as_deref(), Some("b"));
        assert_eq!(list_key_of(r#"{"a":[{"id":1}],"b":[{"id":1}]}"#), None);
        assert_eq!(list_key_of("[]"), None);
    }
}
