//! Lists as iterators.

use super::read_ahead::ReadAhead;
use super::runtime_pool::RuntimePool;
use crate::error::{Code, Error, Result};
use crate::list;
use crate::record::Record;
use std::sync::Arc;

/// A list that nothing has been asked of the server for yet, see [`crate::RecordList`].
#[derive(Clone, Debug)]
#[must_use = "a list asks the server for nothing until it is read"]
pub struct RecordList {
    runtimes: Arc<RuntimePool>,
    list: list::RecordList,
}

impl RecordList {
    pub(super) fn new(runtimes: Arc<RuntimePool>, list: list::RecordList) -> Self {
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

    /// See [`crate::RecordList::limit`].
    pub fn limit(self, records: u64) -> Self {
        Self { list: self.list.limit(records), ..self }
    }

    /// See [`crate::RecordList::start`].
    pub fn start(self, rows: u64) -> Self {
        Self { list: self.list.start(rows), ..self }
    }

    /// See [`crate::RecordList::check`].
    pub fn check(&self) -> Result<()> {
        self.list.check()
    }

    /// See [`crate::RecordList::first`].
    pub fn first(self) -> Result<Option<Record>> {
        self.runtimes.run(|client| self.list.over(client.engine()).first())
    }

    /// See [`crate::RecordList::exists`].
    pub fn exists(self) -> Result<bool> {
        self.runtimes.run(|client| self.list.over(client.engine()).exists())
    }

    /// See [`crate::RecordList::total`].
    pub fn total(self) -> Result<Option<u64>> {
        self.runtimes.run(|client| self.list.over(client.engine()).total())
    }

    /// See [`crate::RecordList::count`].
    pub fn count(self) -> Result<u64> {
        self.runtimes.run(|client| self.list.over(client.engine()).count())
    }

    /// The records one after the other, in constant memory.
    pub fn records(self) -> Result<Records> {
        Ok(Records { pages: self.pages()?, page: None, place: 0 })
    }

    /// The pages one after the other.
    pub fn pages(self) -> Result<Pages> {
        Ok(Pages { runtimes: self.runtimes, source: Source::Fresh(self.list.pages()?) })
    }

    /// All records at once, in memory.
    pub fn to_vec(self) -> Result<Vec<Record>> {
        self.records()?.collect()
    }
}

/// Reads the records, as [`records`](RecordList::records) does; the error of an invalid option is the first item.
impl IntoIterator for RecordList {
    type Item = Result<Record>;
    type IntoIter = Records;

    fn into_iter(self) -> Records {
        let runtimes = self.runtimes.clone();
        let invalid = |error| Pages { runtimes, source: Source::Invalid(error) };
        Records { pages: self.pages().unwrap_or_else(invalid), page: None, place: 0 }
    }
}

/// The pages of a list. Once the second page is wanted, a thread reads ahead (setting `prefetch`).
#[derive(Debug)]
pub struct Pages {
    runtimes: Arc<RuntimePool>,
    source: Source,
}

/// Where the next page comes from.
#[derive(Debug)]
enum Source {
    /// Nothing was read yet.
    Fresh(list::Pages),
    /// Each page is asked for when it is wanted, on the caller's thread.
    Here(list::Pages),
    Ahead(ReadAhead),
    /// An option is invalid: nothing is sent.
    Invalid(Error),
    Ended,
}

impl Pages {
    fn read_next(&mut self) -> Result<Option<list::Page>> {
        self.source = match std::mem::replace(&mut self.source, Source::Ended) {
            Source::Fresh(pages) => Source::Here(pages),
            Source::Here(pages) if pages.reads_ahead() => Source::Ahead(ReadAhead::start(&self.runtimes, pages)?),
            other => other,
        };
        match &mut self.source {
            Source::Ahead(ahead) => ahead.next(&self.runtimes),
            Source::Fresh(pages) | Source::Here(pages) => self.runtimes.run(|client| async move {
                pages.go_over(client.engine(), 0);
                pages.next_unless_interrupted().await.transpose()
            }),
            Source::Invalid(error) => Err(error.clone()),
            Source::Ended => Ok(None),
        }
    }

    /// Whoever was interrupted may go on reading, unlike who has used a `Cancel`.
    fn was_interrupted(&self, next: &Result<Option<list::Page>>) -> bool {
        next.as_ref().is_err_and(|error| error.code() == Code::Cancelled)
            && !self.runtimes.client().engine().context().is_cancelled()
    }
}

impl Iterator for Pages {
    type Item = Result<list::Page>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.read_next();
        if !matches!(next, Ok(Some(_))) && !self.was_interrupted(&next) {
            self.source = Source::Ended;
        }
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
