//! Finds the records that have a key.

use super::Entity;
use crate::error::{Code, Error, Result};
use crate::id::RecordId;
use crate::key::{KeyValues, Lookup};
use crate::record::Record;

/// A record that was found by its key.
#[derive(Clone, Debug)]
pub(super) struct FoundRecord {
    pub id: RecordId,
    pub record: Record,
}

/// The option that an error names if the server ignores the filter.
const LOOKUP: &str = "lookup";

impl Entity {
    /// Returns the records with this key, the oldest first.
    ///
    /// Error `config` (setting `lookup`): the server sent a record with another key, so it ignores the filter.
    pub(super) async fn find(&self, key: &KeyValues, lookup: Lookup) -> Result<Vec<FoundRecord>> {
        let found = match lookup {
            Lookup::Filter => self.find_by_filter(key).await,
            Lookup::Scan => self.find_by_scan(key).await,
            Lookup::Auto => match self.find_by_filter(key).await {
                Err(error) if is_filter_ignored(&error) => self.find_by_scan(key).await,
                found => found,
            },
        };
        self.oldest_first(key, found?.into_iter().map(|record| (record.id(), record)))
    }

    async fn find_by_filter(&self, key: &KeyValues) -> Result<Vec<Record>> {
        let list = key.filters().fold(self.list(), |list, (field, value)| list.filter(field, value));
        let (mut pages, mut found) = (list.pages()?, Vec::new());
        while let Some(page) = pages.next().await {
            for record in page?.records() {
                match key.first_difference(&record) {
                    None => found.push(record),
                    Some(field) => return Err(self.filter_is_ignored(field)),
                }
            }
        }
        Ok(found)
    }

    async fn find_by_scan(&self, key: &KeyValues) -> Result<Vec<Record>> {
        let (mut pages, mut found) = (self.list().pages()?, Vec::new());
        while let Some(page) = pages.next().await {
            found.extend(page?.records().filter(|record| key.first_difference(record).is_none()));
        }
        Ok(found)
    }

    /// Sorts the records with a key by their ids, if these are numbers.
    ///
    /// Error `unexpected_response`: one of them has no id.
    pub(super) fn oldest_first(
        &self,
        key: &KeyValues,
        found: impl IntoIterator<Item = (Option<RecordId>, Record)>,
    ) -> Result<Vec<FoundRecord>> {
        let with_id = |(id, record): (Option<RecordId>, Record)| Some(FoundRecord { id: id?, record });
        let found: Option<Vec<_>> = found.into_iter().map(with_id).collect();
        let mut found = found.ok_or_else(|| self.no_id(key))?;
        let number = |found: &FoundRecord| found.id.as_i64();
        if found.iter().all(|found| number(found).is_some()) {
            found.sort_by_key(number);
        }
        Ok(found)
    }

    fn filter_is_ignored(&self, field: &str) -> Error {
        let name = self.name();
        let message = format!(
            "list {name}: the server ignores the filter `{field}`, or compares it otherwise: it sent a record whose `{field}` is missing or \
             has another value (upper and lower case count); use lookup = \"scan\", which reads the whole list"
        );
        Error::config(LOOKUP, message)
    }

    fn no_id(&self, key: &KeyValues) -> Error {
        let message = format!("list {}: the record with this key ({}) has no id", self.name(), key.names());
        Error::new(Code::UnexpectedResponse, message)
    }
}

/// Returns whether a lookup failed because the server ignores the filter.
pub(super) fn is_filter_ignored(error: &Error) -> bool {
    error.code() == Code::Config && error.details().setting.as_deref() == Some(LOOKUP)
}
