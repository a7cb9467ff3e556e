//! Blocking lists, as iterators of records or pages.

use super::pending_call::PendingCall;
use super::read_ahead::ReadAhead;
use super::runtime_pool::RuntimePool;
use crate::cancellation::CancellationToken;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::id::RecordId;
use crate::list;
use crate::record::Record;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

/// A list of records, see [`crate::RecordList`]. Nothing is sent until it is read.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// for account in client.accounts().list().filter("city", "Kraków").sort("name") {
///     println!("{}", account?.json());
/// }
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
#[must_use = "a list sends nothing until it is read"]
pub struct RecordList {
    runtimes: Arc<RuntimePool>,
    list: list::RecordList,
}

impl RecordList {
    pub(super) fn new(runtimes: Arc<RuntimePool>, list: list::RecordList) -> Self {
        Self { runtimes, list }
    }

    /// Returns the same list, whose events have this tag.
    pub(crate) fn tagged(&self, tag: u64) -> Self {
        let runtimes = Arc::new(self.runtimes.with_client(self.runtimes.client().tagged(tag)));
        Self { runtimes, list: self.list.tagged(tag) }
    }

    /// See [`crate::binding::blocking_list_with_cancellation`].
    pub(crate) fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        let runtimes = Arc::new(self.runtimes.with_client(self.runtimes.client().with_cancellation(cancellation)));
        Self { runtimes, list: self.list.with_cancellation(cancellation) }
    }

    /// See [`crate::binding::blocking_list_with_mark_of`].
    pub(crate) fn with_mark_of(self, other: &Self) -> Self {
        Self { list: self.list.with_mark_of(&other.list), ..self }
    }

    /// See [`crate::binding::run_list_blocking`].
    pub(crate) fn run<T, F: Future<Output = Result<T>>>(&self, call: impl FnOnce(list::RecordList) -> F) -> Result<T> {
        self.runtimes.run(|client| call(self.list.clone().with_engine(client.engine())))
    }

    /// See [`crate::binding::begin_list_call`].
    pub(crate) fn begin<T, F>(&self, call: impl FnOnce(list::RecordList) -> F) -> Result<PendingCall<T>>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        PendingCall::begin(&self.runtimes, |client| call(self.list.clone().with_engine(client.engine())))
    }

    /// Sets all options from one JSON object, see [`crate::RecordList::with_json`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let list = client.accounts().list().with_json(br#"{"limit": 10}"#)?;
    /// # Ok(()) });
    /// ```
    pub fn with_json(self, json: &[u8]) -> Result<Self> {
        Ok(Self { list: self.list.with_json(json)?, ..self })
    }

    /// Selects the records whose field has this value, see [`crate::RecordList::filter`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let accounts = client.accounts().list().filter("city", "Kraków").to_vec()?;
    /// # Ok(()) });
    /// ```
    pub fn filter(self, name: impl Into<String>, value: impl ToString) -> Self {
        Self { list: self.list.filter(name, value), ..self }
    }

    /// Sorts by this field, see [`crate::RecordList::sort`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let by_name = client.accounts().list().sort("name").to_vec()?;
    /// # Ok(()) });
    /// ```
    pub fn sort(self, field: impl Into<String>) -> Self {
        Self { list: self.list.sort(field), ..self }
    }

    /// Sets the direction, see [`crate::RecordList::order`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let newest = client.accounts().list().order("desc").first()?;
    /// # Ok(()) });
    /// ```
    pub fn order(self, order: impl Into<String>) -> Self {
        Self { list: self.list.order(order), ..self }
    }

    /// Requests this many records per page, see [`crate::RecordList::page_size`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let page = client.accounts().list().page_size(10).pages()?.next().unwrap()?;
    /// assert_eq!(page.len(), 10);
    /// # Ok(()) });
    /// ```
    pub fn page_size(self, records: u32) -> Self {
        Self { list: self.list.page_size(records), ..self }
    }

    /// Ends the list after this many records, see [`crate::RecordList::limit`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert_eq!(client.accounts().list().limit(3).to_vec()?.len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn limit(self, records: u64) -> Self {
        Self { list: self.list.limit(records), ..self }
    }

    /// Begins the list at an offset, see [`crate::RecordList::start`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let second_ten = client.accounts().list().start(10).limit(10).to_vec()?;
    /// # Ok(()) });
    /// ```
    pub fn start(self, rows: u64) -> Self {
        Self { list: self.list.start(rows), ..self }
    }

    /// Continues a list of changes after this mark, see [`crate::RecordList::since`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// # let stored: Option<String> = None;
    /// let mut changes = client.accounts().changes().since(stored).records()?;
    /// for account in &mut changes {
    ///     println!("{}", account?.json());
    /// }
    /// let to_store = changes.mark();
    /// # assert!(to_store.is_some());
    /// # Ok(()) });
    /// ```
    pub fn since(self, mark: impl Into<Option<String>>) -> Self {
        Self { list: self.list.since(mark), ..self }
    }

    /// Sets the field by which changes are recognized, see [`crate::RecordList::by`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let new = client.accounts().changes().by("dateCreated").to_vec()?;
    /// # Ok(()) });
    /// ```
    pub fn by(self, field: impl Into<String>) -> Self {
        Self { list: self.list.by(field), ..self }
    }

    /// Sets for how long the server may commit a change after its time, see [`crate::RecordList::lag`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let changes = client.accounts().changes().lag(std::time::Duration::from_secs(3600)).to_vec()?;
    /// # Ok(()) });
    /// ```
    pub fn lag(self, lag: Duration) -> Self {
        Self { list: self.list.lag(lag), ..self }
    }

    /// Returns the mark of the last read of this list of changes, see [`crate::RecordList::mark`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let changes = client.accounts().changes();
    /// let accounts = changes.clone().to_vec()?;
    /// let mark = changes.mark().expect("the list was read to its end");
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.list.mark()
    }

    /// Reads only the ids of the records, see [`crate::RecordList::ids`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let ids = client.accounts().list().filter("city", "Kraków").ids()?;
    /// # Ok(()) });
    /// ```
    pub fn ids(self) -> Result<Vec<RecordId>> {
        self.runtimes.run(|client| self.list.with_engine(client.engine()).ids())
    }

    /// Keeps the HTTP response of each page, see [`crate::RecordList::with_response`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let page = client.accounts().list().with_response().pages()?.next().unwrap()?;
    /// assert_eq!(page.response().unwrap().status, 200);
    /// # Ok(()) });
    /// ```
    pub fn with_response(self) -> Self {
        Self { list: self.list.with_response(), ..self }
    }

    /// Checks the options before anything is sent, see [`crate::RecordList::check`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert!(client.accounts().list().order("up").check().is_err());
    /// # Ok(()) });
    /// ```
    pub fn check(&self) -> Result<()> {
        self.list.check()
    }

    /// Returns the first record, see [`crate::RecordList::first`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let newest = client.accounts().list().order("desc").first()?;
    /// # Ok(()) });
    /// ```
    pub fn first(self) -> Result<Option<Record>> {
        self.runtimes.run(|client| self.list.with_engine(client.engine()).first())
    }

    /// Returns whether the list has any record, see [`crate::RecordList::exists`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert!(client.accounts().list().exists()?);
    /// # Ok(()) });
    /// ```
    pub fn exists(self) -> Result<bool> {
        self.runtimes.run(|client| self.list.with_engine(client.engine()).exists())
    }

    /// Returns the server's own count of the records, see [`crate::RecordList::total`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// println!("{:?} accounts", client.accounts().list().total()?);
    /// # Ok(()) });
    /// ```
    pub fn total(self) -> Result<Option<u64>> {
        self.runtimes.run(|client| self.list.with_engine(client.engine()).total())
    }

    /// Returns the number of records in the list, see [`crate::RecordList::count`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// println!("{} accounts in Kraków", client.accounts().list().filter("city", "Kraków").count()?);
    /// # Ok(()) });
    /// ```
    pub fn count(self) -> Result<u64> {
        self.runtimes.run(|client| self.list.with_engine(client.engine()).count())
    }

    /// Returns an iterator of the records, in constant memory, see [`crate::RecordList::records`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// for account in client.accounts().list().records()? {
    ///     println!("{}", account?.json());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn records(self) -> Result<Records> {
        Ok(Records { pages: self.pages()?, page: None, next: 0 })
    }

    /// Returns an iterator of the pages, see [`crate::RecordList::pages`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// for page in client.accounts().list().pages()? {
    ///     println!("{} accounts", page?.len());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn pages(self) -> Result<Pages> {
        let entity = self.list.entity().clone();
        let pages = self.list.pages()?;
        let marks = pages.marks();
        Ok(Pages { runtimes: self.runtimes, entity, source: Source::Fresh(pages), failure: None, marks, mark: None })
    }

    /// Reads all records into memory.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let accounts = client.accounts().list().to_vec()?;
    /// # Ok(()) });
    /// ```
    pub fn to_vec(self) -> Result<Vec<Record>> {
        self.records()?.collect()
    }
}

/// Iterates over the records, as [`records`](RecordList::records) does. The error for an invalid option is the first item.
impl IntoIterator for RecordList {
    type Item = Result<Record>;
    type IntoIter = Records;

    fn into_iter(self) -> Records {
        let (runtimes, entity) = (self.runtimes.clone(), self.list.entity().clone());
        let (marks, mark) = (list::Marks::default(), None);
        let (source, failure) = (Source::Invalid, None);
        let invalid = |error| Pages { runtimes, entity, source: source(error), failure, marks, mark };
        Records { pages: self.pages().unwrap_or_else(invalid), page: None, next: 0 }
    }
}

/// An iterator of the pages of a list. From the second page on, a background thread reads ahead (setting `prefetch`).
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let pages: Vec<egito::Page> = client.accounts().list().page_size(10).pages()?.collect::<egito::Result<_>>()?;
/// # Ok(()) });
/// ```
#[derive(Debug)]
pub struct Pages {
    runtimes: Arc<RuntimePool>,
    entity: Arc<str>,
    source: Source,
    /// The error that ended the list.
    failure: Option<Error>,
    marks: list::Marks,
    /// The mark that was returned.
    mark: Option<String>,
}

/// The source of the next page.
#[derive(Debug)]
enum Source {
    /// The list was not started yet.
    Fresh(list::Pages),
    /// Each page is requested when the caller asks for it, on the caller's thread.
    OnDemand(list::Pages),
    /// A page is being fetched, for a caller that waits in short intervals.
    Pending(PendingPage),
    /// A thread reads ahead.
    Ahead(ReadAhead),
    /// An option is invalid, so nothing is sent.
    Invalid(Error),
    Ended,
}

impl Pages {
    /// Returns the mark of a list of changes, see [`crate::Pages::mark`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut pages = client.accounts().changes().pages()?;
    /// for page in &mut pages {
    ///     println!("{} accounts", page?.len());
    /// }
    /// let mark = pages.mark().expect("the list was read to its end");
    /// # assert!(client.accounts().changes().since(mark).to_vec()?.is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.mark.clone()
    }

    /// Fails once the client is closed or the list is cancelled. Then no record is returned, even if it was already read.
    pub(crate) fn check_running(&self) -> Result<()> {
        if matches!(self.source, Source::Ended) {
            return Ok(());
        }
        list::check_running(self.runtimes.client().engine(), &self.entity)
    }

    /// Like `next`, but waits at most `max_wait`, and then returns `Pending`. The next call continues to wait for the same page.
    pub(crate) fn next_within(&mut self, max_wait: Duration) -> Poll<Option<Result<list::Page>>> {
        self.read_within(max_wait).map_or(Poll::Pending, |next| Poll::Ready(self.finish_read(next)))
    }

    /// See [`crate::binding::next_page_blocking`].
    pub(crate) fn next_or_failure(&mut self) -> Result<Option<list::Page>> {
        match &self.failure {
            Some(failure) => Err(failure.clone()),
            None => self.next().transpose(),
        }
    }

    fn read_next(&mut self) -> Result<Option<list::Page>> {
        self.advance_source()?;
        match &mut self.source {
            Source::Ahead(ahead) => ahead.next(&self.runtimes),
            Source::Pending(pending) => pending.page.wait(),
            Source::Fresh(pages) | Source::OnDemand(pages) => {
                self.runtimes.run(|client| async move { fetch(pages, &client).await })
            }
            Source::Invalid(error) => Err(error.clone()),
            Source::Ended => Ok(None),
        }
    }

    fn read_within(&mut self, max_wait: Duration) -> Option<Result<Option<list::Page>>> {
        if let Err(error) = self.advance_source().and_then(|()| self.begin_page()) {
            return Some(Err(error));
        }
        match &mut self.source {
            Source::Ahead(ahead) => ahead.next_within(&self.runtimes, max_wait),
            Source::Pending(pending) => pending.page.wait_for(max_wait),
            _ => Some(self.read_next()),
        }
    }

    /// Moves on to the source of the next page.
    fn advance_source(&mut self) -> Result<()> {
        self.check_running()?;
        self.source = match std::mem::replace(&mut self.source, Source::Ended) {
            Source::Fresh(pages) => Source::OnDemand(pages),
            Source::OnDemand(pages) if pages.reads_ahead() => Source::Ahead(ReadAhead::start(&self.runtimes, pages)?),
            other => other,
        };
        Ok(())
    }

    /// Begins to fetch the next page, if pages are requested on demand.
    fn begin_page(&mut self) -> Result<()> {
        self.source = match std::mem::replace(&mut self.source, Source::Ended) {
            Source::OnDemand(pages) => Source::Pending(PendingPage::begin(&self.runtimes, pages)?),
            other => other,
        };
        Ok(())
    }

    /// Returns the next item of the iterator. An error ends it.
    fn finish_read(&mut self, next: Result<Option<list::Page>>) -> Option<Result<list::Page>> {
        match &next {
            Ok(None) => self.mark = self.marks.publish(),
            Err(_) if !self.was_interrupted(&next) => self.marks.discard(),
            _ => {}
        }
        if !matches!(next, Ok(Some(_))) && !self.was_interrupted(&next) {
            self.source = Source::Ended;
            self.failure = next.as_ref().err().cloned();
        } else if let Source::Pending(pending) = &self.source {
            self.source = pending.pages().map_or(Source::Ended, Source::OnDemand);
        }
        next.transpose()
    }

    /// Returns whether only the wait was interrupted. The caller can then continue to read, unlike after a cancellation.
    fn was_interrupted(&self, next: &Result<Option<list::Page>>) -> bool {
        next.as_ref().is_err_and(|error| error.code() == Code::Cancelled)
            && !self.runtimes.client().engine().context().is_cancelled()
    }
}

impl Iterator for Pages {
    type Item = Result<list::Page>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.read_next();
        self.finish_read(next)
    }
}

/// A page that is being fetched, and its list.
#[derive(Debug)]
struct PendingPage {
    page: PendingCall<Option<list::Page>>,
    /// Set once the page was fetched.
    pages: Arc<Mutex<Option<list::Pages>>>,
}

impl PendingPage {
    fn begin(runtimes: &RuntimePool, mut pages: list::Pages) -> Result<Self> {
        let result = Arc::<Mutex<Option<list::Pages>>>::default();
        let after = result.clone();
        let page = PendingCall::begin(runtimes, |client| async move {
            let page = fetch(&mut pages, &client).await;
            *after.lock().unwrap_or_else(PoisonError::into_inner) = Some(pages);
            page
        })?;
        Ok(Self { page, pages: result })
    }

    fn pages(&self) -> Option<list::Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Fetches the next page over the connections of `client`.
async fn fetch(pages: &mut list::Pages, client: &Client) -> Result<Option<list::Page>> {
    pages.switch_engine(client.engine(), 0);
    pages.next_unless_interrupted().await.transpose()
}

/// An iterator of the records of a list, in constant memory.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let first_three: Vec<egito::Record> = client.accounts().list().records()?.take(3).collect::<egito::Result<_>>()?;
/// # Ok(()) });
/// ```
#[derive(Debug)]
pub struct Records {
    pages: Pages,
    page: Option<list::Page>,
    /// Index of the next record in the page.
    next: usize,
}

impl Records {
    /// Returns the mark of a list of changes, see [`crate::Pages::mark`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut changes = client.accounts().changes().records()?;
    /// for account in &mut changes {
    ///     println!("{}", account?.json());
    /// }
    /// let mark = changes.mark().expect("the list was read to its end");
    /// # assert!(client.accounts().changes().since(mark).to_vec()?.is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.pages.mark()
    }
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.pages.runtimes.client().engine().check_running().is_err() {
                self.page = None;
            }
            if let Some(record) = self.page.as_ref().and_then(|page| page.get(self.next)) {
                self.next += 1;
                return Some(Ok(record));
            }
            match self.pages.next()? {
                Ok(page) => (self.page, self.next) = (Some(page), 0),
                Err(error) => {
                    self.page = None;
                    return Some(Err(error));
                }
            }
        }
    }
}
