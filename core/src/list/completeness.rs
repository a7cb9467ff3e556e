//! Whether the one page of a server that ignores the offset is the whole list. Such a server may cap its pages, and the page
//! alone does not show it. The last row does: it is asked for as the first one of the opposite order.

use super::record_key::RecordKey;

/// The state of the check.
#[derive(Debug, Default)]
pub(super) enum CompletenessCheck {
    /// Nothing was asked.
    #[default]
    Idle,
    /// The next page is the last row of the list, to be looked for in this one.
    LastRow { page: Vec<RecordKey> },
    /// The next page is the whole list again, up to its last row, to be given out.
    Passed { last: RecordKey },
}

/// What the last row shows about a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Completeness {
    /// The page is the whole list.
    Complete,
    /// The page is a part of the list.
    Partial,
    /// Nothing: the server ignores the order, or records have no ids.
    Unknown,
}

impl CompletenessCheck {
    /// Whether the last row is asked for next.
    pub(super) fn wants_last_row(&self) -> bool {
        matches!(self, Self::LastRow { .. })
    }

    /// Whether the next page is known to be the whole list.
    pub(super) fn has_passed(&self) -> bool {
        matches!(self, Self::Passed { .. })
    }
}

/// Compares the page with the answer to the request for the last row.
pub(super) fn shown(page: &[RecordKey], answer: &[RecordKey]) -> Completeness {
    match answer.first() {
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
    fn only_a_last_row_with_an_id_shows_something() {
        assert_eq!(shown(&keys(0..5), &keys([4])), Completeness::Complete);
        assert_eq!(shown(&keys(0..5), &keys([4, 3])), Completeness::Complete, "the server ignores `max`");
        assert_eq!(shown(&keys([7]), &keys([7])), Completeness::Unknown, "one row has no order");
        assert_eq!(shown(&keys(0..5), &keys([9])), Completeness::Partial);
        assert_eq!(shown(&keys(0..5), &keys([0])), Completeness::Unknown, "the server ignores the order");
        assert_eq!(shown(&keys(0..5), &[]), Completeness::Unknown);
        assert_eq!(shown(&[RecordKey::new(None, b"{}")], &[RecordKey::new(None, b"{}")]), Completeness::Unknown);
    }
}
