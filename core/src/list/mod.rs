//! Lists: what to ask for, page after page, until nothing is left.

mod ahead;
mod ascent;
mod mark;
#[cfg(test)]
mod model;
mod news;
mod options;
mod page;
mod paging;
#[cfg(test)]
mod properties;
mod seen;
mod stream;

pub use page::Page;
pub use stream::{Pages, Records};

use crate::call::Engine;
use crate::error::Result;
use crate::record::Record;
use options::ListOptions;
use std::sync::Arc;

/// A list that nothing has been asked of the server for yet.
///
/// Build it with [`filter`](Self::filter), [`sort`](Self::sort) and the like, then read it as [`records`](Self::records),
/// [`pages`](Self::pages), or all [`at once`](Self::to_vec).
#[derive(Clone, Debug)]
#[must_use = "a list asks the server for nothing until it is read"]
pub struct RecordList {
    engine: Engine,
    entity: Arc<str>,
    options: ListOptions,
    /// Instead of the setting `default_sort`.
    default_sort: Option<&'static str>,
}

impl RecordList {
    pub(crate) fn new(engine: Engine, entity: Arc<str>) -> Self {
        Self { engine, entity, options: ListOptions::default(), default_sort: None }
    }

    /// Sends no `sort` by itself.
    pub(crate) fn unsorted(self) -> Self {
        Self { default_sort: Some(""), ..self }
    }

    /// All options from one JSON object: `filters`, `sort`, `order`, `page_size` (or `pageSize`). For the bindings.
    ///
    /// Error `config`: an unknown option or a wrong value.
    pub fn with_json(mut self, json: &[u8]) -> Result<Self> {
        let own = std::mem::take(&mut self.options.filters.0);
        let first_only = self.options.first_only;
        self.options = ListOptions { first_only, ..ListOptions::from_json(json)? };
        self.options.filters.0.splice(0..0, own);
        Ok(self)
    }

    /// Only records for which the server finds `name` to be `value`. Handed to the server as it is.
    #[allow(clippy::needless_pass_by_value)] // so that a literal can be passed
    pub fn filter(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options.filters.0.push((name.into(), value.to_string()));
        self
    }

    /// Sorts by this field instead of the setting `default_sort`.
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.options.sort = Some(field.into());
        self
    }

    /// `asc` (default) or `desc`.
    pub fn order(mut self, order: impl Into<String>) -> Self {
        self.options.order = Some(order.into());
        self
    }

    /// Records asked for in one request, instead of the setting `page_size`.
    pub fn page_size(mut self, records: u32) -> Self {
        self.options.page_size = Some(records);
        self
    }

    /// The first record alone: only one is asked for, and the list ends with it.
    pub fn first_only(mut self) -> Self {
        self.options.first_only = true;
        self
    }

    /// The records one after the other, in constant memory.
    ///
    /// Error `config`: a wrong option; nothing was sent.
    pub fn records(self) -> Result<Records> {
        self.pages().map(Records::new)
    }

    /// The pages one after the other.
    pub fn pages(self) -> Result<Pages> {
        Pages::new(self.engine, self.entity, &self.options, self.default_sort)
    }

    /// All records at once, in memory.
    pub async fn to_vec(self) -> Result<Vec<Record>> {
        let mut pages = self.pages()?;
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            all.extend(page?.records());
        }
        Ok(all)
    }
}
