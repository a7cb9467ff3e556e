//! Checks whether the one page that a server sends for every offset is the whole list.
//!
//! Such a server may also cap its pages, which the page alone does not show. So the last row of the list is requested, as the first row
//! in the opposite order. If the page contains that row, the page is the whole list.

use super::record_key::RecordKey;

/// The state of the check.
#[derive(Debug, Default)]
pub(super) enum CompletenessCheck {
    #[default]
    NotStarted,
    /// The next response is the last row of the list, which is then searched in this page.
    LastRow { page: Vec<RecordKey> },
    /// The next response is the whole list again, and must contain this last row.
    WholeList { last: RecordKey },
}

/// Whether a page is the whole list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Completeness {
    Complete,
    Partial,
    /// The server ignores the order, or records have no ids.
    Unknown,
}

impl CompletenessCheck {
    /// Returns whether the next request is for the last row.
    pub(super) fn needs_last_row(&self) -> bool {
        matches!(self, Self::LastRow { .. })
    }

    /// Returns whether the next page must be the whole list.
    pub(super) fn needs_whole_list(&self) -> bool {
        matches!(self, Self::WholeList { .. })
    }
}

/// Compares a page with the response to the request for the last row.
pub(super) fn completeness(page: &[RecordKey], response: &[RecordKey]) -> Completeness {
    match response.first() {
        Some(last @ RecordKey::Id(_)) if !page.contains(last) => Completeness::Partial,
        Some(last @ RecordKey::Id(_)) if page.first() != Some(last) => Completeness::Complete,
        _ => Completeness::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(ids: impl IntoIterator<Item = i64>) -> Vec<RecordKey> {
        ids.into_iter().map(|id| RecordKey::Id(id.into())).collect()
    }

    #[test]
    fn only_a_last_row_with_an_id_proves_something() {
        assert_eq!(completeness(&keys(0..5), &keys([4])), Completeness::Complete);
        assert_eq!(completeness(&keys(0..5), &keys([4, 3])), Completeness::Complete, "the server ignores `max`");
        assert_eq!(completeness(&keys([7]), &keys([7])), Completeness::Unknown, "one row has no order");
        assert_eq!(completeness(&keys(0..5), &keys([9])), Completeness::Partial);
        assert_eq!(completeness(&keys(0..5), &keys([0])), Completeness::Unknown, "the server ignores the order");
        assert_eq!(completeness(&keys(0..5), &[]), Completeness::Unknown);
        let without_id = [RecordKey::new(None, b"{}")];
        assert_eq!(completeness(&without_id, &without_id), Completeness::Unknown);
    }
}
