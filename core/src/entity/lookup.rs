//! Finds the records that have a key.

use super::Entity;
use crate::error::{Code, Error, Result};
use crate::key::{KeyValues, Lookup};
use crate::record::Record;

impl Entity {
    /// Returns the records with this key, the oldest first. Each has an id.
    ///
    /// Error `config` (setting `lookup`): the server sent a record with another key, so it ignores the filter.
    pub(super) async fn find(&self, key: &KeyValues, lookup: Lookup) -> Result<Vec<Record>> {
        let mut list = self.list();
        if lookup == Lookup::Filter {
            list = key.filters().fold(list, |list, (field, value)| list.filter(field, value));
        }
        let (mut pages, mut found) = (list.pages()?, Vec::new());
        while let Some(page) = pages.next().await {
            for record in page?.records() {
                match key.first_difference(&record) {
                    None if record.id().is_none() => return Err(self.no_id(key)),
                    None => found.push(record),
                    Some(field) if lookup == Lookup::Filter => return Err(self.filter_is_ignored(field)),
                    Some(_) => {}
                }
            }
        }
        let number = |record: &Record| record.id().and_then(|id| id.as_i64());
        if found.iter().all(|record| number(record).is_some()) {
            found.sort_by_key(number);
        }
        Ok(found)
    }

    fn filter_is_ignored(&self, field: &str) -> Error {
        let name = self.name();
        let message = format!(
            "list {name}: the server ignores the filter `{field}`: it sent a record whose `{field}` is missing or has another value; \
             use lookup = \"scan\", which reads the whole list"
        );
        Error::config("lookup", message)
    }

    fn no_id(&self, key: &KeyValues) -> Error {
        let message = format!("list {}: the record with this key ({}) has no id", self.name(), key.names());
        Error::new(Code::UnexpectedResponse, message)
    }
}
