//! Which pages a list requests, and which of their records it returns: for a list in any order, or for changes.

use super::changes::ChangesPaging;
use super::decision::{PageDecision, PageRequest};
use super::paging::Paging;
use super::record_key::{self, RecordKey};
use crate::envelope::PageBody;
use crate::record::Record;

/// How a list is read.
pub(super) enum Plan {
    List(Box<Paging>),
    Changes(Box<ChangesPaging>),
}

impl Plan {
    /// Returns whether the list is complete without any request.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::List(paging) => paging.is_empty(),
            Self::Changes(paging) => paging.is_empty(),
        }
    }

    /// Returns the next request.
    pub(super) fn request(&self) -> PageRequest {
        match self {
            Self::List(paging) => paging.request(),
            Self::Changes(paging) => paging.request(),
        }
    }

    /// Returns whether the next page may be requested before it is read.
    pub(super) fn can_prefetch(&self) -> bool {
        match self {
            Self::List(paging) => paging.can_prefetch(),
            Self::Changes(_) => true,
        }
    }

    /// Returns whether several requests may be in flight together.
    pub(super) fn allows_parallel_requests(&self) -> bool {
        match self {
            Self::List(paging) => paging.allows_parallel_requests(),
            Self::Changes(_) => false,
        }
    }

    /// Returns the next requests, at most `max`.
    pub(super) fn next_requests(&self, max: usize) -> Vec<PageRequest> {
        let next = std::iter::once(self.request());
        match self {
            Self::List(paging) => next.chain(paging.following_requests()).take(max).collect(),
            Self::Changes(_) => next.take(max).collect(),
        }
    }

    /// Decides about the response to [`Plan::request`]. `may_have_removals`: this client has sent calls since the list began that may
    /// have removed rows from it. The error is the reason why the list cannot be read.
    pub(super) fn on_page(&mut self, body: &PageBody, may_have_removals: bool) -> Result<PageDecision, String> {
        match self {
            Self::List(paging) => {
                paging.set_may_have_removals(may_have_removals);
                Ok(on_page_of_list(paging, body))
            }
            Self::Changes(paging) => paging.on_response(body),
        }
    }

    /// Returns the mark of a list of changes that was read to its end.
    pub(super) fn mark(&self) -> Option<String> {
        match self {
            Self::List(_) => None,
            Self::Changes(paging) => paging.mark(),
        }
    }
}

fn on_page_of_list(paging: &mut Paging, body: &PageBody) -> PageDecision {
    let keys = body.records.iter().map(|(range, id)| RecordKey::new(id.as_ref(), &body.body[range.clone()])).collect();
    let field = paging.tie_field().map(str::to_owned);
    let sort_value = |index: usize| {
        let record = Record::from_validated(body.body.slice(body.records[index].0.clone()));
        field.as_deref().map_or(0, |field| record_key::hash(&record.raw(field)))
    };
    paging.on_page(keys, body.count, sort_value)
}
