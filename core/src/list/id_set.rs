//! The ids of a list, for a comparison with ids that were stored elsewhere.

use super::seen_ids::SeenIds;
use crate::id::RecordId;

/// A compact set of record ids. A number and its text are the same id, since other systems store ids as text.
#[derive(Debug, Default)]
pub(crate) struct IdSet(SeenIds);

impl IdSet {
    /// Returns whether the set contains the id.
    pub(crate) fn contains(&self, id: &RecordId) -> bool {
        self.0.contains(&plain(id))
    }

    /// Adds an id. Returns false if the set contained it already.
    pub(crate) fn insert(&mut self, id: &RecordId) -> bool {
        self.0.insert(&plain(id))
    }
}

/// Returns the number that a text is, if it is written as JSON does.
fn plain(id: &RecordId) -> RecordId {
    let number = id.text().and_then(RecordId::from_json).filter(|number| number.text().is_none());
    number.unwrap_or_else(|| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_text_are_one_id() {
        let mut ids = IdSet::default();
        assert!(ids.insert(&7.into()) && ids.insert(&"A-7".into()) && ids.insert(&"07".into()));
        assert!(!ids.insert(&"7".into()) && !ids.insert(&"A-7".into()));
        assert!(ids.contains(&"7".into()) && !ids.contains(&"8".into()) && !ids.contains(&r#""7""#.into()));
    }
}
