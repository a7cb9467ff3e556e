//! Reads a list as a stream of pages or records, in constant memory.

use super::changes::MarkSlot;
use super::decision::NextStep;
use super::page::Page;
use super::plan::Plan;
use super::prefetcher::Prefetcher;
use super::query::Query;
use crate::call::{Action, Engine};
use crate::cancellation::CancellationToken;
use crate::envelope::PageBody;
use crate::error::{Code, Error, Result};
use crate::id::RecordId;
use crate::record::Record;
use futures_util::future::BoxFuture;
use futures_util::stream::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A [`Stream`] of the pages of a list. From the second page on, the following pages are prefetched (setting `prefetch`).
///
/// Dropping it cancels the requests in flight.
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
    plan: Plan,
    prefetch: usize,
    prefetcher: Prefetcher,
    /// The request for the next page, if it was not prefetched.
    in_flight: Option<BoxFuture<'static, Result<PageBody>>>,
    /// The number of calls of the client that may remove rows, before the first request.
    removals_before: Option<u64>,
    /// A page was returned.
    has_returned_page: bool,
    /// No further request is sent.
    ended: bool,
    /// The end, or the error that ended the list, was returned.
    finished: bool,
    /// The error that ended the list.
    failure: Option<Error>,
    /// The ids of the last page, if the caller wants them.
    ids: Option<Vec<RecordId>>,
    marks: Marks,
    /// The mark that was returned.
    mark: Option<String>,
}

/// The mark of a list of changes, on its way to the caller.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Set once the list was read to its end. The caller may not have received the last page yet.
    reached: MarkSlot,
    /// The mark of the [`RecordList`](super::RecordList), as long as this is its last read.
    of_list: MarkSlot,
}

impl Marks {
    pub(super) fn new(of_list: MarkSlot) -> Self {
        Self { reached: MarkSlot::default(), of_list }
    }

    /// Returns the mark to a caller that has received the whole list.
    pub(crate) fn publish(&self) -> Option<String> {
        let mark = self.reached.get()?;
        self.of_list.set(Some(mark.clone()));
        Some(mark)
    }

    /// Drops the mark: the list has ended with an error.
    pub(crate) fn discard(&self) {
        self.reached.set(None);
    }
}

/// The result of one response of a list.
pub(crate) enum PageStep {
    Page(Result<Page>),
    /// The page has no new record: another page is needed.
    NothingNew,
    Ended,
}

impl Pages {
    pub(super) fn new(query: Query, plan: Plan, marks: Marks) -> Self {
        let prefetch = query.engine.settings().prefetch as usize;
        let ended = plan.is_empty();
        Self {
            query,
            plan,
            prefetch,
            prefetcher: Prefetcher::default(),
            in_flight: None,
            removals_before: None,
            has_returned_page: false,
            ended,
            finished: false,
            failure: None,
            ids: None,
            marks,
            mark: None,
        }
    }

    /// Returns the mark of a list of [changes](crate::Entity::changes), for [`since`](crate::RecordList::since) of the next one. `None`
    /// until [`next`](Self::next) has returned `None`, since the caller has not received all changes before that; and if the list
    /// ended with an error or by its `limit`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut pages = client.accounts().changes().pages()?;
    /// while let Some(page) = pages.next().await {
    ///     println!("{} accounts", page?.len());
    /// }
    /// let mark = pages.mark().expect("the list was read to its end");
    /// # assert!(client.accounts().changes().since(mark).await?.is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.mark.clone()
    }

    /// Returns where the mark of this list arrives.
    pub(crate) fn marks(&self) -> Marks {
        self.marks.clone()
    }

    /// Keeps the ids of each page, for [`take_ids`](Self::take_ids).
    pub(super) fn keep_ids(&mut self) {
        self.ids = Some(Vec::new());
    }

    /// Returns the ids of the pages since the last call.
    pub(super) fn take_ids(&mut self) -> Vec<RecordId> {
        self.ids.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Waits for the next page with a new record. Returns `None` at the end, and after an error.
    ///
    /// Errors: those of every read, and `pagination` if the rest of the list cannot be read.
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
        let next = NextCall(self);
        poll_fn(|cx| next.0.poll_page(cx)).await
    }

    /// See [`crate::binding::next_page`].
    pub(crate) async fn next_or_failure(&mut self) -> Result<Option<Page>> {
        match &self.failure {
            Some(failure) => Err(failure.clone()),
            None => self.next().await.transpose(),
        }
    }

    /// Like [`next`](Self::next), but reading can continue after the error `cancelled`, for callers whose token cancels only
    /// one wait.
    pub(crate) async fn next_unless_interrupted(&mut self) -> Option<Result<Page>> {
        let next = NextCall(self);
        poll_fn(|cx| next.0.poll_page_unless_interrupted(cx)).await
    }

    /// Like [`next`](Self::next), for a thread that reads ahead. If no caller waits for the page yet (`is_awaited` is false), it
    /// stops with [`PageStep::NothingNew`] once rows are moving: the next page should be requested only when it is needed.
    pub(crate) async fn next_ahead(&mut self, is_awaited: bool) -> PageStep {
        let next = NextCall(self);
        poll_fn(|cx| {
            loop {
                let step = ready!(next.0.poll_step(cx));
                if !matches!(step, PageStep::NothingNew) || !(is_awaited || next.0.can_prefetch()) {
                    return Poll::Ready(step);
                }
            }
        })
        .await
    }

    /// Fails once the client is closed or the list is cancelled. No record is returned then, even if it was already received.
    fn check_running(&self) -> Result<()> {
        if self.finished { Ok(()) } else { check_running(&self.query.engine, &self.query.entity) }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page>>> {
        if let Err(error) = self.check_running() {
            self.end();
            self.marks.discard();
            self.finished = true;
            self.failure = Some(error.clone());
            return Poll::Ready(Some(Err(error)));
        }
        let next = ready!(self.poll_page_unless_interrupted(cx));
        if self.query.engine.cancellation().is_some_and(CancellationToken::is_cancelled) && matches!(next, Some(Err(_)))
        {
            self.end(); // a cancelled token stays cancelled
        }
        if next.is_none() {
            self.mark = self.marks.publish();
        }
        self.finished = self.ended && !matches!(next, Some(Ok(_)));
        if self.finished
            && let Some(Err(error)) = &next
        {
            self.failure = Some(error.clone());
        }
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
                self.has_returned_page = true;
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
        let request = self.plan.request();
        self.removals_before.get_or_insert(self.removals());
        if self.in_flight.is_none()
            && let Some(body) = ready!(self.prefetcher.poll_take(cx, request))
        {
            return Poll::Ready(body);
        }
        let fetch = || Box::pin(self.query.clone().fetch(request)) as BoxFuture<'static, _>;
        let body = ready!(self.in_flight.get_or_insert_with(fetch).as_mut().poll(cx));
        self.in_flight = None;
        Poll::Ready(body)
    }

    /// Returns whether there may be more pages, and the settings allow prefetching.
    pub(crate) fn reads_ahead(&self) -> bool {
        !self.ended && self.query.engine.settings().prefetch > 0
    }

    /// Returns whether the next page may be requested before it is read. It must not while rows are moving.
    pub(crate) fn can_prefetch(&self) -> bool {
        self.plan.can_prefetch()
    }

    /// Continues on the connections of another runtime, with this many prefetched pages.
    pub(crate) fn switch_engine(&mut self, engine: &Engine, prefetch: usize) {
        self.query.engine = engine.clone();
        self.prefetch = prefetch;
        self.in_flight = None;
    }

    fn read(&mut self, mut body: PageBody) -> Result<Page> {
        let may_have_removals = self.removals_before != Some(self.removals());
        let decision = self.plan.on_page(&body, may_have_removals).map_err(|reason| self.unreadable(reason))?;
        match decision.step {
            NextStep::More => self.read_ahead(),
            NextStep::End => self.end(),
            NextStep::Unreadable(reason) => return Err(self.unreadable(reason)),
        }
        if let Some(ids) = &mut self.ids {
            let kept = body.records.iter().zip(&decision.keep).filter(|&(_, &keep)| keep);
            let new: Option<Vec<RecordId>> = kept.map(|((_, id), _)| id.clone()).collect();
            ids.extend(new.ok_or_else(|| no_id(&self.query.entity))?);
        }
        if self.ended {
            self.marks.reached.set(self.plan.mark());
        }
        if !self.query.with_response {
            body.response = None;
        }
        Ok(Page::new(body, &decision.keep))
    }

    /// Returns the number of calls of the client so far that may have removed rows.
    fn removals(&self) -> u64 {
        self.query.engine.events().counters.removals.get()
    }

    /// Prefetches the next pages, but not before the second page is read.
    fn read_ahead(&mut self) {
        if !self.plan.allows_parallel_requests() {
            self.prefetcher = Prefetcher::default(); // the requests in flight did not wait for the page before them
        }
        if self.has_returned_page && self.can_prefetch() {
            let requests = self.plan.next_requests(self.prefetch);
            self.prefetcher.start(requests.into_iter(), |request| self.query.clone().fetch(request));
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.prefetcher = Prefetcher::default();
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

/// Fails once the client is closed or these calls are cancelled. The error has the details of a list.
pub(crate) fn check_running(engine: &Engine, entity: &str) -> Result<()> {
    engine.check_running().map_err(|error| {
        error.with(|d| {
            d.entity = Some(entity.to_owned());
            d.action = Some(Action::List.name().to_owned());
        })
    })
}

fn no_id(entity: &str) -> Error {
    let message = format!("list {entity}: a record has no `id`");
    Error::new(Code::UnexpectedResponse, message).with(|d| {
        d.entity = Some(entity.to_owned());
        d.action = Some(Action::List.name().to_owned());
    })
}

/// A call of `next`. Dropping it cancels its request.
struct NextCall<'p>(&'p mut Pages);

impl Drop for NextCall<'_> {
    fn drop(&mut self) {
        self.0.in_flight = None;
    }
}

/// A [`Stream`] of the records of a list, in constant memory. Dropping it cancels the requests in flight.
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
    index: usize,
}

impl Records {
    pub(super) fn new(pages: Pages) -> Self {
        Self { pages, page: None, index: 0 }
    }

    /// Waits for the next record. Returns `None` at the end, and after an error.
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
            if let Err(error) = self.open_page(page) {
                return Some(Err(error));
            }
        }
    }

    /// Returns the mark of a list of changes, see [`Pages::mark`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut changes = client.accounts().changes().records()?;
    /// while let Some(account) = changes.next().await {
    ///     println!("{}", account?.json());
    /// }
    /// let mark = changes.mark().expect("the list was read to its end");
    /// # assert!(client.accounts().changes().since(mark).await?.is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.pages.mark()
    }

    fn next_of_page(&mut self) -> Option<Record> {
        if self.pages.query.engine.check_running().is_err() {
            self.page = None;
        }
        let record = self.page.as_ref()?.get(self.index)?;
        self.index += 1;
        Some(record)
    }

    fn open_page(&mut self, page: Result<Page>) -> Result<()> {
        self.page = None;
        (self.page, self.index) = (Some(page?), 0);
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
            if let Err(error) = self.open_page(page) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}
