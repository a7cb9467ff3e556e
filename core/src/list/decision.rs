//! The requests of a list, and the decision about each page.

use super::record_key::RecordKey;

/// A request for at most `max` rows from `offset` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    pub offset: usize,
    pub max: usize,
    /// Requests the opposite order.
    pub reversed: bool,
}

/// What to return from a page, and what to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageDecision {
    /// For each record of the page, whether it is returned to the caller.
    pub keep: Vec<bool>,
    pub step: NextStep,
}

/// The next step after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Send the next request.
    More,
    /// The list is complete.
    End,
    /// The rest of the list cannot be read, for this reason.
    Unreadable(String),
}

impl PageRequest {
    pub(super) fn new(offset: usize, max: usize) -> Self {
        Self { offset, max, reversed: false }
    }
}

impl PageDecision {
    /// Keeps none of the page's records.
    pub(super) fn keep_none(page: &[RecordKey], step: NextStep) -> Self {
        Self { keep: vec![false; page.len()], step }
    }
}

impl NextStep {
    pub(super) fn records_have_no_ids() -> Self {
        Self::Unreadable(
            "its records have no `id`, which an overlap needs; leave out `page_overlap`, or set it to 0".into(),
        )
    }

    pub(super) fn nothing_new(pages: u32, reached: usize) -> Self {
        Self::Unreadable(format!("{pages} pages in a row had no new record, up to offset {reached}"))
    }

    pub(super) fn same_page(length: usize, offset: usize) -> Self {
        Self::Unreadable(format!(
            "the server sent the same {length} records again for offset {offset}, so it ignores the offset; \
             check the setting `offset_param`, or request all records at once with a larger `page_size`"
        ))
    }

    pub(super) fn first_page_again(offset: usize) -> Self {
        Self::Unreadable(format!(
            "the server sent the first records of the list for offset {offset}, so it ignores the offset; \
             check the setting `offset_param`, or read the list without `start`"
        ))
    }

    pub(super) fn perhaps_partial(length: usize) -> Self {
        Self::Unreadable(format!(
            "the server ignores the offset and sent {length} records, which may be only a part of the list; \
             check the setting `offset_param`, or read the list without `start`"
        ))
    }

    pub(super) fn perhaps_first_page_again(offset: usize) -> Self {
        Self::Unreadable(format!(
            "the records for offset {offset} look like the first ones of the list, and have no `id` to distinguish them; \
             read the list without `start`"
        ))
    }

    pub(super) fn ties_moved(field: &str) -> Self {
        Self::Unreadable(format!(
            "records with equal values of `{field}` changed places between pages, so some may have been skipped; \
             sort by `id`, or by a field whose values are unique, or request all records at once with a larger `page_size`"
        ))
    }

    pub(super) fn no_overlap_found() -> Self {
        let reason = "the rows that were read last, and the row before `start`, were deleted or moved, \
                      so the position in the list is lost; read the list again";
        Self::Unreadable(reason.into())
    }
}
