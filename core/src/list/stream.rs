//! A list as it is read: page after page, in constant memory.

use super::ListOptions;
use super::ahead::Ahead;
use super::mark::Mark;
use super::page::Page;
use super::paging::{Paging, Step};
use crate::call::{Action, Call, Engine, Params};
use crate::cancel::Cancel;
use crate::envelope::{Answer, PageBody};
use crate::error::{Code, Error, Result};
use crate::record::Record;
use futures_util::stream::{self, BoxStream};
use std::sync::Arc;

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
    first_only: bool,
    ended: bool,
}

/// What is asked for, but for the offset.
#[derive(Clone, Debug)]
struct Query {
    engine: Engine,
    entity: Arc<str>,
    selection: Vec<(String, String)>,
    page_size: u32,
}

impl Pages {
    pub(super) fn new(
        engine: Engine,
        entity: Arc<str>,
        options: &ListOptions,
        default_sort: Option<&str>,
    ) -> Result<Self> {
        options.check()?;
        let settings = engine.settings();
        let default_sort = default_sort.unwrap_or(&settings.default_sort);
        let selection = options.selection(default_sort, &settings.sort_param, &settings.order_param);
        let own = [&settings.limit_param, &settings.offset_param, &settings.sort_param, &settings.order_param];
        if let Some((name, _)) = options.filters.0.iter().find(|(name, _)| own.contains(&name)) {
            let message = format!("`{name}` is no filter; use the list's own `page_size`, `sort` and `order`");
            return Err(Error::config(name, message));
        }
        let page_size = options.page_size.unwrap_or(settings.page_size);
        let overlap = settings.page_overlap;
        if overlap >= page_size {
            let message = format!("`page_overlap` ({overlap}) must be less than `page_size` ({page_size})");
            return Err(Error::config("page_overlap", message));
        }
        let first_only = options.first_only;
        let (page_size, overlap) = if first_only { (1, 0) } else { (page_size, overlap) };
        let prefetch = settings.prefetch as usize;
        let paging = Paging::new(page_size, overlap, options.is_by_id(default_sort));
        let query = Query { engine, entity, selection, page_size };
        Ok(Self { query, paging, prefetch, ahead: Ahead::default(), wanted: 0, first_only, ended: false })
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
        let offset = self.paging.offset();
        let body = match self.ahead.take(offset).await {
            Some(body) => body?,
            None => self.query.clone().fetch(offset).await?,
        };
        let marks = body.records.iter().map(|(place, id)| Mark::of(id.as_ref(), &body.body[place.clone()])).collect();
        let mut verdict = self.paging.after(marks, body.count);
        if self.first_only {
            verdict.give.iter_mut().skip(1).for_each(|give| *give = false); // a server may send more than is asked for
            verdict.step = Step::End;
        }
        match verdict.step {
            Step::More => self.read_ahead(),
            Step::End => self.end(),
            Step::Unreadable(seen) => return Err(self.unreadable(seen)),
        }
        Ok(Page::new(body, &verdict.give))
    }

    /// Who stops within the first page has asked for nothing in vain.
    fn read_ahead(&mut self) {
        if !self.paging.allows_several() {
            self.ahead = Ahead::default(); // what is still under way did not wait for the page before it
        }
        if self.wanted > 1 {
            let offsets = std::iter::once(self.paging.offset()).chain(self.paging.later_offsets()).take(self.prefetch);
            self.ahead.ask(offsets, |offset| self.query.clone().fetch(offset));
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

impl Query {
    async fn fetch(self, offset: usize) -> Result<PageBody> {
        let settings = self.engine.settings();
        let mut pairs = self.selection;
        pairs.push((settings.limit_param.clone(), self.page_size.to_string()));
        pairs.push((settings.offset_param.clone(), offset.to_string()));
        let (method, params) = (settings.list_method(), Params::Query(pairs));
        match self.engine.run(Call { entity: self.entity, action: Action::List, method, params }).await? {
            Answer::Page(body) => Ok(body),
            _ => unreachable!("a list is read as a page"),
        }
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
