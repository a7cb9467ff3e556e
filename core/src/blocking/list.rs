//! Lists as iterators.

use super::runtime::Runtimes;
use crate::error::Result;
use crate::list;
use crate::record::Record;
use std::sync::Arc;

/// A list that nothing has been asked of the server for yet, see [`crate::RecordList`].
#[derive(Clone, Debug)]
#[must_use = "a list asks the server for nothing until it is read"]
pub struct RecordList {
    runtimes: Arc<Runtimes>,
    list: list::RecordList,
}

impl RecordList {
    pub(super) fn new(runtimes: Arc<Runtimes>, list: list::RecordList) -> Self {
        Self { runtimes, list }
    }

    /// See [`crate::RecordList::with_json`].
    pub fn with_json(self, json: &[u8]) -> Result<Self> {
        Ok(Self { list: self.list.with_json(json)?, ..self })
    }

    /// See [`crate::RecordList::filter`].
    pub fn filter(self, name: impl Into<String>, value: impl ToString) -> Self {
        Self { list: self.list.filter(name, value), ..self }
    }

    /// See [`crate::RecordList::sort`].
    pub fn sort(self, field: impl Into<String>) -> Self {
        Self { list: self.list.sort(field), ..self }
    }

    /// See [`crate::RecordList::order`].
    pub fn order(self, order: impl Into<String>) -> Self {
        Self { list: self.list.order(order), ..self }
    }

    /// See [`crate::RecordList::page_size`].
    pub fn page_size(self, records: u32) -> Self {
        Self { list: self.list.page_size(records), ..self }
    }

    /// The records one after the other, in constant memory.
    pub fn records(self) -> Result<Records> {
        Ok(Records { pages: self.pages()?, page: None, place: 0 })
    }

    /// The pages one after the other.
    pub fn pages(self) -> Result<Pages> {
        Ok(Pages { runtimes: self.runtimes, pages: self.list.pages()? })
    }

    /// All records at once, in memory.
    pub fn to_vec(self) -> Result<Vec<Record>> {
        self.records()?.collect()
    }
}

/// The pages of a list.
#[derive(Debug)]
pub struct Pages {
    runtimes: Arc<Runtimes>,
    pages: list::Pages,
}

impl Iterator for Pages {
    type Item = Result<list::Page>;

    fn next(&mut self) -> Option<Self::Item> {
        let pages = &mut self.pages;
        let next = self.runtimes.run(|client| async move {
            pages.go_over(client.engine(), 0);
            pages.next().await.transpose()
        });
        next.transpose()
    }
}

/// The records of a list.
#[derive(Debug)]
pub struct Records {
    pages: Pages,
    page: Option<list::Page>,
    place: usize,
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.page.as_ref().and_then(|page| page.get(self.place)) {
                self.place += 1;
                return Some(Ok(record));
            }
            match self.pages.next()? {
                Ok(page) => (self.page, self.place) = (Some(page), 0),
                Err(error) => {
                    self.page = None;
                    return Some(Err(error));
                }
            }
        }
    }
}
