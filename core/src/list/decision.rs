//! What paging asks for, and what it decides about a page.

use super::record_key::RecordKey;

/// What is asked of the server: at most `max` rows from `offset` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    pub offset: usize,
    pub max: usize,
    /// In the opposite order.
    pub reversed: bool,
}

/// What to do with a page, and after it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageDecision {
    /// For each record of the page, whether it is given out.
    pub keep: Vec<bool>,
    pub step: NextStep,
}

/// The next step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Go on with the next request.
    More,
    /// The list is complete.
    End,
    /// The rest cannot be reached, for this reason.
    Unreadable(String),
}

impl PageRequest {
    pub(super) fn new(offset: usize, max: usize) -> Self {
        Self { offset, max, reversed: false }
    }
}

impl PageDecision {
    /// Gives out none of the page's records.
    pub(super) fn nothing(page: &[RecordKey], step: NextStep) -> Self {
        Self { keep: vec![false; page.len()], step }
    }
}

impl NextStep {
    pub(super) fn records_have_no_ids() -> Self {
        Self::Unreadable("its records have no id, so the setting `page_overlap` cannot be used with it".into())
    }

    pub(super) fn nothing_new(pages: u32, reached: usize) -> Self {
        Self::Unreadable(format!("{pages} pages in a row content nothing new up to offset {reached}"))
    }

    pub(super) fn same_page(length: usize, offset: usize) -> Self {
        Self::Unreadable(format!(
            "the server sent the same {length} records for offset {offset} again, so it ignores the offset; \
             check the setting `offset_param`, or ask for all at once with a larger `page_size`"
        ))
    }

    pub(super) fn beginning_again(offset: usize) -> Self {
        Self::Unreadable(format!(
            "the server sent the beginning of the list for offset {offset}, so it ignores the offset; \
             check the setting `offset_param`, or read the list without `start`"
        ))
    }

    pub(super) fn perhaps_a_part(length: usize) -> Self {
        Self::Unreadable(format!(
            "the server ignores the offset and sent {length} records, which may be all or a part of them; \
             check the setting `offset_param`, or read the list without `start`"
        ))
    }

    pub(super) fn perhaps_beginning_again(offset: usize) -> Self {
        Self::Unreadable(format!(
            "what the server sent for offset {offset} looks like the beginning of the list, and its records have no id \
             that tells them apart; read the list without `start`"
        ))
    }

    pub(super) fn nothing_matches() -> Self {
        let why = "the rows that were read last, and the one before `start`, are no longer there, \
                   so nothing shows where to go on; read the list again";
        Self::Unreadable(why.into())
    }
}
