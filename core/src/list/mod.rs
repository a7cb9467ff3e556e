//! Lists of records, read page by page.
//!
//! [`stream`] sends the requests and [`paging`] decides: which records of a page are returned, and what is requested next.

mod changes;
mod completeness;
mod decision;
mod dedup;
mod id_order;
mod id_set;
#[cfg(test)]
mod model_server;
mod offset_check;
pub(crate) mod option_hints;
mod options;
mod overlap;
mod page;
mod paging;
mod plan;
mod prefetcher;
#[cfg(test)]
mod property_tests;
mod query;
mod record_key;
mod row_range;
mod seen_ids;
mod shortcuts;
mod stream;
mod tie_check;

pub(crate) use changes::LAG;
pub(crate) use id_set::IdSet;
pub use page::Page;
pub(crate) use stream::{Marks, PageStep, check_running};
pub use stream::{Pages, Records};

use crate::call::Engine;
use crate::cancellation::CancellationToken;
use crate::error::Result;
use crate::id::RecordId;
use crate::record::Record;
use changes::{ChangesOptions, ChangesPaging, LastMark, Origin};
use futures_util::future::BoxFuture;
use options::ListOptions;
use overlap::OverlapSetting;
use paging::Paging;
use plan::Plan;
use query::Query;
use std::sync::Arc;
use std::time::Duration;

/// A list of records. Nothing is sent until it is read.
///
/// Build it with [`filter`](Self::filter), [`sort`](Self::sort) and [`limit`](Self::limit). Then read it as
/// [`records`](Self::records), as [`pages`](Self::pages), or as a whole with [`to_vec`](Self::to_vec) or `.await`.
/// [`first`](Self::first), [`exists`](Self::exists), [`total`](Self::total) and [`count`](Self::count) do not read all of it.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let mut accounts = client.accounts().list().filter("city", "Kraków").sort("name").records()?;
/// while let Some(account) = accounts.next().await {
///     println!("{}", account?.json());
/// }
///
/// let leads = client.leads().list().await?; // all at once
/// # assert!(!leads.is_empty());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
#[must_use = "a list sends no request until it is read"]
pub struct RecordList {
    engine: Engine,
    entity: Arc<str>,
    options: ListOptions,
    /// Replaces the setting `default_sort`.
    default_sort: Option<&'static str>,
    with_response: bool,
    mark: LastMark,
}

impl RecordList {
    pub(crate) fn new(engine: Engine, entity: Arc<str>) -> Self {
        let (options, mark) = (ListOptions::default(), LastMark::default());
        Self { engine, entity, options, default_sort: None, with_response: false, mark }
    }

    /// Makes this a list of changes.
    pub(crate) fn changes(mut self) -> Self {
        self.changes_mut();
        self
    }

    /// Returns the same list with a mark of its own.
    fn without_mark(self) -> Self {
        Self { mark: LastMark::default(), ..self }
    }

    /// Returns this list, whose reads count as reads of `other` for the mark.
    pub(crate) fn with_mark_of(self, other: &Self) -> Self {
        Self { mark: other.mark.clone(), ..self }
    }

    fn changes_mut(&mut self) -> &mut ChangesOptions {
        self.options.changes.get_or_insert_default()
    }

    /// Fails once the client is closed or the list is cancelled.
    pub(crate) fn check_running(&self) -> Result<()> {
        check_running(&self.engine, &self.entity)
    }

    /// Disables the default sort.
    pub(crate) fn unsorted(self) -> Self {
        Self { default_sort: Some(""), ..self }
    }

    /// Sets all options from one JSON object: `filters`, `sort`, `order`, `page_size` (or `pageSize`), `limit`, `start`, `changes`.
    ///
    /// `changes` is an object with the options of [`Entity::changes`](crate::Entity::changes): `since`, `by`, and `lag` in seconds or
    /// `lag_ms` (`lagMs`). An empty object has the defaults.
    ///
    /// Error `config`: an unknown option or an invalid value.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let list = client.accounts().list().with_json(br#"{"filters": {"city": "Gdynia"}, "limit": 10}"#)?;
    /// # Ok(()) });
    /// ```
    pub fn with_json(mut self, json: &[u8]) -> Result<Self> {
        let earlier = std::mem::replace(&mut self.options, ListOptions::from_json(json)?);
        self.options.filters.0.splice(0..0, earlier.filters.0);
        self.options.changes = self.options.changes.or(earlier.changes);
        Ok(self)
    }

    /// Selects the records whose field `name` is `value`. Several filters of the same name match any of the values.
    ///
    /// The filter is sent unchanged. An empty name or value is the error `config` when the list is read, since a server may ignore
    /// such a filter and send every record.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// for account in client.accounts().list().filter("city", "Kraków").await? {
    ///     assert_eq!(account.raw("city"), Some(r#""Kraków""#));
    /// }
    /// # Ok(()) });
    /// ```
    #[allow(clippy::needless_pass_by_value)] // so that a literal can be passed
    pub fn filter(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options.filters.0.push((name.into(), value.to_string()));
        self
    }

    /// Sorts by this field. The default is the setting `default_sort`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let by_name = client.accounts().list().sort("name").await?;
    /// # Ok(()) });
    /// ```
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.options.sort = Some(field.into());
        self
    }

    /// Sets the direction of the sort: `asc` (default) or `desc`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let newest = client.accounts().list().sort("dateCreated").order("desc").await?;
    /// # Ok(()) });
    /// ```
    pub fn order(mut self, order: impl Into<String>) -> Self {
        self.options.order = Some(order.into());
        self
    }

    /// Sets the number of records to request per page. The default is the setting `page_size`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut pages = client.accounts().list().page_size(10).pages()?;
    /// assert_eq!(pages.next().await.unwrap()?.len(), 10);
    /// # Ok(()) });
    /// ```
    pub fn page_size(mut self, records: u32) -> Self {
        self.options.page_size = Some(records);
        self
    }

    /// Sets the maximum number of records. No more are requested from the server. 0 is an empty list, and sends nothing.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let newest = client.leads().list().sort("id").order("desc").limit(20).to_vec().await?;
    /// # Ok(()) });
    /// ```
    pub fn limit(mut self, records: u64) -> Self {
        self.options.limit = Some(records);
        self
    }

    /// Skips the first `rows` rows of the list. With [`limit`](Self::limit) this is a range: the ranges 0..100, 100..200 … of a list
    /// that does not change cover every record exactly once.
    ///
    /// Sends one more small request, to check that the server honors the offset. If it does not, and does not send all records
    /// at once, reading the list is the error `pagination`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let second_hundred = client.accounts().list().start(100).limit(100).to_vec().await?;
    /// # Ok(()) });
    /// ```
    pub fn start(mut self, rows: u64) -> Self {
        self.options.start = Some(rows);
        self
    }

    /// Continues a list of changes: reads what was created or changed since the list that returned this mark. `None`, the default,
    /// reads all records. See [`Entity::changes`](crate::Entity::changes).
    ///
    /// Error `config` when the list is read: the text is not a mark, or belongs to another entity, field or filter.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let stored: Option<String> = None;
    /// let mut changes = client.accounts().changes().since(stored).records()?;
    /// while let Some(account) = changes.next().await {
    ///     println!("{}", account?.json());
    /// }
    /// let to_store = changes.mark();
    /// # assert!(to_store.is_some());
    /// # Ok(()) });
    /// ```
    pub fn since(mut self, mark: impl Into<Option<String>>) -> Self {
        self.changes_mut().since = mark.into();
        self
    }

    /// Sets the field by which changes are recognized: the server must set it to the time of each change, or to a growing number. The
    /// default is `lastUpdated`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let new = client.accounts().changes().by("dateCreated").await?; // only new records
    /// # Ok(()) });
    /// ```
    pub fn by(mut self, field: impl Into<String>) -> Self {
        self.changes_mut().by = field.into();
        self
    }

    /// Sets for how long the server may commit a change after its time, or the clocks of its parts may differ. The default is 300 s.
    ///
    /// Records that are older than the mark by up to the lag are read again, and returned only if they have changed. If the field is
    /// a number, the lag is a number of the same unit (milliseconds from 10¹¹ on).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let changes = client.accounts().changes().lag(std::time::Duration::from_secs(3600)).await?; // imports take up to an hour
    /// # Ok(()) });
    /// ```
    pub fn lag(mut self, lag: Duration) -> Self {
        self.changes_mut().lag = lag;
        self
    }

    /// Returns the mark of the last read of this list of changes or of a clone of it, in any way; `None` if that read did not reach the
    /// end. [`first`](Self::first), [`exists`](Self::exists), [`total`](Self::total) and [`count`](Self::count) return no records to
    /// process, so they do not change the mark. See [`Pages::mark`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let changes = client.accounts().changes();
    /// let accounts = changes.clone().to_vec().await?;
    /// let mark = changes.mark().expect("the list was read to its end");
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        self.mark.get()
    }

    /// Keeps the HTTP response of each page, for [`Page::response`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut pages = client.accounts().list().with_response().pages()?;
    /// while let Some(page) = pages.next().await {
    ///     let page = page?;
    ///     println!("{} accounts: {:?}", page.len(), page.response().map(|response| &response.headers));
    /// }
    /// # Ok(()) });
    /// ```
    pub fn with_response(mut self) -> Self {
        self.with_response = true;
        self
    }

    /// Checks the options without sending anything. Reading the list checks them as well.
    ///
    /// Error `config`: an invalid option.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// assert!(client.accounts().list().order("up").check().is_err());
    /// # Ok(()) });
    /// ```
    pub fn check(&self) -> Result<()> {
        self.options.check(&self.entity, self.engine.settings())
    }

    /// Returns a stream of the records, in constant memory. Nothing is sent before the first record is read.
    ///
    /// Error `config`: an invalid option.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut accounts = client.accounts().list().records()?;
    /// while let Some(account) = accounts.next().await {
    ///     println!("{}", account?.json());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn records(self) -> Result<Records> {
        self.pages().map(Records::new)
    }

    /// Returns a stream of the pages. Nothing is sent before the first page is read.
    ///
    /// Error `config`: an invalid option.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut pages = client.accounts().list().pages()?;
    /// while let Some(page) = pages.next().await {
    ///     println!("{} accounts", page?.len());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn pages(self) -> Result<Pages> {
        self.check()?;
        let plan = match &self.options.changes {
            Some(changes) => Plan::Changes(Box::new(self.changes_paging(changes)?)),
            None => Plan::List(Box::new(self.paging())),
        };
        let marks = Marks::new(self.mark.begin_read());
        Ok(Pages::new(self.query(), plan, marks))
    }

    fn paging(&self) -> Paging {
        let settings = self.engine.settings();
        let (page_size, overlap) = (self.options.page_size(settings), OverlapSetting::new(settings.page_overlap));
        let by_id = self.options.is_by_id(self.default_sort());
        let paging = Paging::new(page_size, overlap, by_id, self.options.range());
        match self.options.sort_field(self.default_sort()) {
            "" => paging,
            field => paging.sorted_by(field),
        }
    }

    fn changes_paging(&self, changes: &ChangesOptions) -> Result<ChangesPaging> {
        let (page_size, range) = (self.options.page_size(self.engine.settings()), self.options.range());
        let origin = Origin::new(self.engine.address(), &self.entity, &changes.by, &self.options.filters.0);
        ChangesPaging::new(changes, origin, page_size, range)
    }

    /// Reads only the ids of the records. The server sends whole records, of which nothing is kept.
    ///
    /// Error `unexpected_response`: a record has no id.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let ids = client.accounts().list().filter("city", "Kraków").ids().await?;
    /// # Ok(()) });
    /// ```
    pub async fn ids(self) -> Result<Vec<RecordId>> {
        let mut all = Vec::new();
        self.each_page_of_ids(|ids| all.extend(ids)).await?;
        Ok(all)
    }

    /// Reads the ids of the records into a set.
    pub(crate) async fn id_set(self) -> Result<IdSet> {
        let mut all = IdSet::default();
        self.each_page_of_ids(|ids| {
            for id in &ids {
                all.insert(id);
            }
        })
        .await?;
        Ok(all)
    }

    async fn each_page_of_ids(self, mut use_ids: impl FnMut(Vec<RecordId>)) -> Result<()> {
        let mut pages = self.pages()?;
        pages.keep_ids();
        while let Some(page) = pages.next().await {
            page?;
            use_ids(pages.take_ids());
        }
        Ok(())
    }

    /// Reads all records into memory.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let accounts = client.accounts().list().filter("city", "Kraków").to_vec().await?;
    /// # Ok(()) });
    /// ```
    pub async fn to_vec(self) -> Result<Vec<Record>> {
        let mut pages = self.pages()?;
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            all.extend(page?.records());
        }
        Ok(all)
    }

    /// Returns the name of the entity.
    pub(crate) fn entity(&self) -> &Arc<str> {
        &self.entity
    }

    /// Returns the same list on another engine.
    pub(crate) fn with_engine(self, engine: &Engine) -> Self {
        Self { engine: engine.clone(), ..self }
    }

    /// Returns the same list, whose events have this tag.
    pub(crate) fn tagged(&self, tag: u64) -> Self {
        self.clone().with_engine(&self.engine.tagged(tag))
    }

    /// See [`crate::binding::list_with_cancellation`].
    pub(crate) fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        self.clone().with_engine(&self.engine.with_cancellation(cancellation))
    }

    fn query(self) -> Query {
        let default_sort = self.default_sort().to_owned();
        let mut query = Query::new(self.engine, self.entity, &self.options, &default_sort);
        query.with_response = self.with_response;
        query.with_date = self.options.changes.is_some();
        query
    }

    fn default_sort(&self) -> &str {
        self.default_sort.unwrap_or(&self.engine.settings().default_sort)
    }
}

/// Reads the whole list: `client.accounts().list().await?` is short for [`to_vec`](RecordList::to_vec).
///
/// ```
/// # egito_test_support::run(async |client| {
/// let contacts: Vec<egito::Record> = client.contacts().list().await?;
/// # Ok(()) });
/// ```
impl IntoFuture for RecordList {
    type Output = Result<Vec<Record>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.to_vec())
    }
}
