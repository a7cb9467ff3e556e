//! A list as it is read: page after page, in constant memory.

use super::ahead::Ahead;
use super::mark::Mark;
use super::page::Page;
use super::paging::Paging;
use super::query::Query;
use super::verdict::Step;
use crate::call::{Action, Engine};
use crate::cancel::Cancel;
use crate::error::{Code, Error, Result};
use crate::record::Record;
use futures_util::stream::{self, BoxStream};

/// The pages of a list. Once the second page is wanted, the next ones are asked for before they are (setting `prefetch`).
///
/// Dropping it ends the requests that are under way.
#[derive(Debug)]
pub struct Pages {
    query: Query,
    paging: Paging,
    prefetch: usize,
    ahead: Ahead,
    wanted: usize,
    ended: bool,
}

impl Pages {
    pub(super) fn new(query: Query, paging: Paging) -> Self {
        let prefetch = query.engine.settings().prefetch as usize;
        let ended = paging.wants_nothing();
        Self { query, paging, prefetch, ahead: Ahead::default(), wanted: 0, ended }
    }

    /// The next page that holds anything new; `None` at the end, and after an error.
    ///
    /// Errors: those of every read, and `pagination` where the rest cannot be reached.
    pub async fn next(&mut self) -> Option<Result<Page>> {
        let next = self.next_unless_interrupted().await;
        if self.query.engine.cancel().is_some_and(Cancel::is_cancelled) && matches!(next, Some(Err(_))) {
            self.end(); // a `Cancel` is for good
        }
        next
    }

    /// As [`next`](Self::next), but a caller whose `Cancel` was for one wait alone may go on reading after `cancelled`.
    pub(crate) async fn next_unless_interrupted(&mut self) -> Option<Result<Page>> {
        self.wanted += 1;
        while !self.ended {
            match self.read_next().await {
                Ok(page) if page.is_empty() => {}
                Ok(page) => return Some(Ok(page)),
                Err(error) => {
                    if error.code() != Code::Cancelled {
                        self.end();
                    }
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// Whether there is more, and the settings want it read ahead.
    pub(crate) fn reads_ahead(&self) -> bool {
        !self.ended && self.query.engine.settings().prefetch > 0
    }

    /// Goes on over other connections, in another runtime, `prefetch` pages ahead.
    pub(crate) fn go_over(&mut self, engine: &Engine, prefetch: usize) {
        self.query.engine = engine.clone();
        self.prefetch = prefetch;
    }

    /// The pages as a `Stream`.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Page>> {
        Box::pin(stream::unfold(self, |mut pages| async move { pages.next().await.map(|page| (page, pages)) }))
    }

    async fn read_next(&mut self) -> Result<Page> {
        let request = self.paging.request();
        let body = match self.ahead.take(request).await {
            Some(body) => body?,
            None => self.query.clone().fetch(request).await?,
        };
        let marks = body.records.iter().map(|(place, id)| Mark::of(id.as_ref(), &body.body[place.clone()])).collect();
        let verdict = self.paging.after(marks, body.count);
        match verdict.step {
            Step::More => self.read_ahead(),
            Step::End => self.end(),
            Step::Unreadable(seen) => return Err(self.unreadable(seen)),
        }
        Ok(Page::new(body, &verdict.give))
    }

    /// Sends the next requests, but none while only the first page is read.
    fn read_ahead(&mut self) {
        if !self.paging.allows_several() {
            self.ahead = Ahead::default(); // what is still under way did not wait for the page before it
        }
        if self.wanted > 1 {
            let requests = std::iter::once(self.paging.request()).chain(self.paging.later_requests());
            self.ahead.ask(requests.take(self.prefetch), |request| self.query.clone().fetch(request));
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.ahead = Ahead::default();
    }

    fn unreadable(&self, seen: String) -> Error {
        let entity = &self.query.entity;
        let message = format!("list {entity}: the list cannot be read completely: {seen}");
        Error::new(Code::Pagination, message).with(|d| {
            d.entity = Some(entity.to_string());
            d.action = Some(Action::List.name().to_owned());
            d.seen = Some(seen);
        })
    }
}

/// The records of a list, one after the other.
#[derive(Debug)]
pub struct Records {
    pages: Pages,
    page: Option<Page>,
    place: usize,
}

impl Records {
    pub(super) fn new(pages: Pages) -> Self {
        Self { pages, page: None, place: 0 }
    }

    /// The next record; `None` at the end, and after an error.
    pub async fn next(&mut self) -> Option<Result<Record>> {
        loop {
            if let Some(record) = self.page.as_ref().and_then(|page| page.get(self.place)) {
                self.place += 1;
                return Some(Ok(record));
            }
            match self.pages.next().await? {
                Ok(page) => (self.page, self.place) = (Some(page), 0),
                Err(error) => {
                    self.page = None;
                    return Some(Err(error));
                }
            }
        }
    }

    /// The records as a `Stream`.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Record>> {
        Box::pin(stream::unfold(
            self,
            |mut records| async move { records.next().await.map(|record| (record, records)) },
        ))
    }
}
