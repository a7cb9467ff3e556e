//! A list as it is read: page after page, in constant memory.

use super::decision::NextStep;
use super::page::Page;
use super::paging::Paging;
use super::prefetcher::Prefetcher;
use super::query::Query;
use super::record_key::RecordKey;
use crate::call::{Action, Engine};
use crate::cancellation::CancellationToken;
use crate::envelope::PageBody;
use crate::error::{Code, Error, Result};
use crate::record::Record;
use futures_util::future::BoxFuture;
use futures_util::stream::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The pages of a list, a [`Stream`]. From the second page on, the next ones are fetched ahead (setting `prefetch`).
///
/// Dropping it closes the requests in flight.
///
/// ```
/// use futures_util::TryStreamExt;
///
/// # egito_test_support::run(async |client| {
/// let pages = client.accounts().list().page_size(10).pages()?;
/// let lengths: Vec<usize> = pages.map_ok(|page| page.len()).try_collect().await?;
/// # assert_eq!(lengths[0], 10);
/// # Ok(()) });
/// ```
pub struct Pages {
    query: Query,
    paging: Paging,
    prefetch: usize,
    ahead: Prefetcher,
    /// The request for the next page, if it was not sent ahead.
    in_flight: Option<BoxFuture<'static, Result<PageBody>>>,
    /// Whether a page was kept.
    begun: bool,
    /// Nothing more is asked for.
    ended: bool,
    /// The end, or what ended the list too early, was kept.
    finished: bool,
}

/// How far one response has content a list.
pub(crate) enum PageStep {
    Page(Result<Page>),
    /// It has no new record: another one is needed.
    NothingNew,
    Ended,
}

impl Pages {
    pub(super) fn new(query: Query, paging: Paging) -> Self {
        let prefetch = query.engine.settings().prefetch as usize;
        let ended = paging.is_empty();
        Self {
            query,
            paging,
            prefetch,
            ahead: Prefetcher::default(),
            in_flight: None,
            begun: false,
            ended,
            finished: false,
        }
    }

    /// Waits for the next page that has a new record; `None` at the end, and after an error.
    ///
    /// Errors: those of every read, and `pagination` if the rest of the list cannot be reached.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut pages = client.accounts().list().pages()?;
    /// while let Some(page) = pages.next().await {
    ///     println!("{} accounts", page?.len());
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn next(&mut self) -> Option<Result<Page>> {
        let next = Next(self);
        poll_fn(|cx| next.0.poll_page(cx)).await
    }

    /// As [`next`](Self::next), but a caller whose `CancellationToken` was for one wait alone may go on reading after `cancelled`.
    pub(crate) async fn next_unless_interrupted(&mut self) -> Option<Result<Page>> {
        let next = Next(self);
        poll_fn(|cx| next.0.poll_page_unless_interrupted(cx)).await
    }

    /// As [`next`](Self::next), but unless the page is `wanted` already it stops with nothing new where rows are found to move:
    /// what is asked for then is best asked for late.
    pub(crate) async fn next_ahead(&mut self, wanted: bool) -> PageStep {
        let next = Next(self);
        poll_fn(|cx| {
            loop {
                let step = ready!(next.0.poll_step(cx));
                if !matches!(step, PageStep::NothingNew) || !(wanted || next.0.can_prefetch()) {
                    return Poll::Ready(step);
                }
            }
        })
        .await
    }

    /// Fails once the client is closed or the list is cancelled: then no record is given out, whether it was read or not.
    fn check_running(&self) -> Result<()> {
        if self.finished { Ok(()) } else { check_running(&self.query.engine, &self.query.entity) }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page>>> {
        if let Err(error) = self.check_running() {
            self.end();
            self.finished = true;
            return Poll::Ready(Some(Err(error)));
        }
        let next = ready!(self.poll_page_unless_interrupted(cx));
        if self.query.engine.cancellation().is_some_and(CancellationToken::is_cancelled) && matches!(next, Some(Err(_)))
        {
            self.end(); // a `CancellationToken` is for good
        }
        self.finished = self.ended && !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }

    fn poll_page_unless_interrupted(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page>>> {
        loop {
            match ready!(self.poll_step(cx)) {
                PageStep::Ended => return Poll::Ready(None),
                PageStep::Page(page) => return Poll::Ready(Some(page)),
                PageStep::NothingNew => {}
            }
        }
    }

    /// Reads one response.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<PageStep> {
        if self.ended {
            return Poll::Ready(PageStep::Ended);
        }
        let body = ready!(self.poll_body(cx));
        match body.and_then(|body| self.read(body)) {
            Ok(page) if page.is_empty() => Poll::Ready(PageStep::NothingNew),
            Ok(page) => {
                self.begun = true;
                Poll::Ready(PageStep::Page(Ok(page)))
            }
            Err(error) => {
                if error.code() != Code::Cancelled {
                    self.end();
                }
                Poll::Ready(PageStep::Page(Err(error)))
            }
        }
    }

    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Result<PageBody>> {
        let request = self.paging.request();
        if self.in_flight.is_none()
            && let Some(body) = ready!(self.ahead.poll_take(cx, request))
        {
            return Poll::Ready(body);
        }
        let fetch = || Box::pin(self.query.clone().fetch(request)) as BoxFuture<'static, _>;
        let body = ready!(self.in_flight.get_or_insert_with(fetch).as_mut().poll(cx));
        self.in_flight = None;
        Poll::Ready(body)
    }

    /// Whether there is more, and the settings want it read ahead.
    pub(crate) fn reads_ahead(&self) -> bool {
        !self.ended && self.query.engine.settings().prefetch > 0
    }

    /// Whether the next page may be fetched before it is wanted: not while rows move to the front.
    pub(crate) fn can_prefetch(&self) -> bool {
        self.paging.can_prefetch()
    }

    /// Goes on over other connections, in another runtime, `prefetch` pages ahead.
    pub(crate) fn switch_engine(&mut self, engine: &Engine, prefetch: usize) {
        self.query.engine = engine.clone();
        self.prefetch = prefetch;
        self.in_flight = None;
    }

    fn read(&mut self, body: PageBody) -> Result<Page> {
        let keys =
            body.records.iter().map(|(place, id)| RecordKey::new(id.as_ref(), &body.body[place.clone()])).collect();
        let decision = self.paging.on_page(keys, body.count);
        match decision.step {
            NextStep::More => self.read_ahead(),
            NextStep::End => self.end(),
            NextStep::Unreadable(reason) => return Err(self.unreadable(reason)),
        }
        Ok(Page::new(body, &decision.keep))
    }

    /// Sends the next requests, but none while only the first page is read.
    fn read_ahead(&mut self) {
        if !self.paging.allows_parallel_requests() {
            self.ahead = Prefetcher::default(); // what is still under way did not wait for the page before it
        }
        if self.begun && self.can_prefetch() {
            let requests = std::iter::once(self.paging.request()).chain(self.paging.following_requests());
            self.ahead.ask(requests.take(self.prefetch), |request| self.query.clone().fetch(request));
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.ahead = Prefetcher::default();
        self.in_flight = None;
    }

    fn unreadable(&self, reason: String) -> Error {
        let entity = &self.query.entity;
        let message = format!("list {entity}: the list cannot be read completely: {reason}");
        Error::new(Code::Pagination, message).with(|d| {
            d.entity = Some(entity.to_string());
            d.action = Some(Action::List.name().to_owned());
            d.reason = Some(reason);
        })
    }
}

impl Stream for Pages {
    type Item = Result<Page>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(cx)
    }
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("query", &self.query).finish_non_exhaustive()
    }
}

/// Fails once the client is closed or these calls are cancelled, with the details of a list.
pub(crate) fn check_running(engine: &Engine, entity: &str) -> Result<()> {
    engine.check_running().map_err(|error| {
        error.with(|d| {
            d.entity = Some(entity.to_owned());
            d.action = Some(Action::List.name().to_owned());
        })
    })
}

/// A call of `next`. Dropping it closes its request.
struct Next<'p>(&'p mut Pages);

impl Drop for Next<'_> {
    fn drop(&mut self) {
        self.0.in_flight = None;
    }
}

/// The records of a list, a [`Stream`] in constant memory. Dropping it closes the requests in flight.
///
/// ```
/// use futures_util::StreamExt;
///
/// # egito_test_support::run(async |client| {
/// let accounts = client.accounts().list().records()?;
/// let cities = accounts.filter_map(async |account| account.ok()?.raw("city").map(str::to_owned));
/// println!("{} accounts have a city", cities.count().await);
/// # Ok(()) });
/// ```
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

    /// Waits for the next record; `None` at the end, and after an error.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut accounts = client.accounts().list().records()?;
    /// while let Some(account) = accounts.next().await {
    ///     println!("{}", account?.json());
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn next(&mut self) -> Option<Result<Record>> {
        loop {
            if let Some(record) = self.next_of_page() {
                return Some(Ok(record));
            }
            let page = self.pages.next().await?;
            if let Err(error) = self.turn_to(page) {
                return Some(Err(error));
            }
        }
    }

    fn next_of_page(&mut self) -> Option<Record> {
        if self.pages.query.engine.check_running().is_err() {
            self.page = None;
        }
        let record = self.page.as_ref()?.get(self.place)?;
        self.place += 1;
        Some(record)
    }

    fn turn_to(&mut self, page: Result<Page>) -> Result<()> {
        self.page = None;
        (self.page, self.place) = (Some(page?), 0);
        Ok(())
    }
}

impl Stream for Records {
    type Item = Result<Record>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(record) = self.next_of_page() {
                return Poll::Ready(Some(Ok(record)));
            }
            let Some(page) = ready!(self.pages.poll_page(cx)) else { return Poll::Ready(None) };
            if let Err(error) = self.turn_to(page) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}
