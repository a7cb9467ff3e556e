//! Finds the records that have a key.

use super::Entity;
use crate::error::{Code, Error, Result};
use crate::id::RecordId;
use crate::key::{KeyValues, Lookup};

impl Entity {
    /// Returns the ids of the records with this key, the oldest first.
    ///
    /// Error `config` (setting `lookup`): the server sent a record with another key, so it ignores the filter.
    pub(super) async fn find(&self, key: &KeyValues, lookup: Lookup) -> Result<Vec<RecordId>> {
        let mut list = self.list();
        if lookup == Lookup::Filter {
            list = key.filters().fold(list, |list, (field, value)| list.filter(field, value));
        }
        let (mut pages, mut ids) = (list.pages()?, Vec::new());
        while let Some(page) = pages.next().await {
            for record in page?.records() {
                match key.first_difference(&record) {
                    None => ids.push(record.id().ok_or_else(|| self.no_id(key))?),
                    Some(field) if lookup == Lookup::Filter => return Err(self.filter_is_ignored(field)),
                    Some(_) => {}
                }
            }
        }
        if ids.iter().all(|id| id.as_i64().is_some()) {
            ids.sort_by_key(RecordId::as_i64);
        }
        Ok(ids)
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
