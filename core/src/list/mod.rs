//! Lists of records, read page by page.
//!
//! [`stream`] sends the requests and [`paging`] decides: which records of a page are returned, and what is requested next.

mod completeness;
mod decision;
mod dedup;
mod id_order;
#[cfg(test)]
mod model_server;
mod offset_check;
pub(crate) mod option_hints;
mod options;
mod overlap;
mod page;
mod paging;
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

pub use page::Page;
pub(crate) use stream::{PageStep, check_running};
pub use stream::{Pages, Records};

use crate::call::Engine;
use crate::error::Result;
use crate::record::Record;
use futures_util::future::BoxFuture;
use options::ListOptions;
use overlap::OverlapSetting;
use paging::Paging;
use query::Query;
use std::sync::Arc;

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
}

impl RecordList {
    pub(crate) fn new(engine: Engine, entity: Arc<str>) -> Self {
        Self { engine, entity, options: ListOptions::default(), default_sort: None, with_response: false }
    }

    /// Fails once the client is closed or the list is cancelled.
    pub(crate) fn check_running(&self) -> Result<()> {
        check_running(&self.engine, &self.entity)
    }

    /// Disables the default sort.
    pub(crate) fn unsorted(self) -> Self {
        Self { default_sort: Some(""), ..self }
    }

    /// Sets all options from one JSON object: `filters`, `sort`, `order`, `page_size` (or `pageSize`), `limit`, `start`.
    ///
    /// Error `config`: an unknown option or an invalid value.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let list = client.accounts().list().with_json(br#"{"filters": {"city": "Gdynia"}, "limit": 10}"#)?;
    /// # Ok(()) });
    /// ```
    pub fn with_json(mut self, json: &[u8]) -> Result<Self> {
        let earlier = std::mem::take(&mut self.options.filters.0);
        self.options = ListOptions::from_json(json)?;
        self.options.filters.0.splice(0..0, earlier);
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
        self.options.check(self.engine.settings())
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
        let settings = self.engine.settings();
        let (page_size, overlap) = (self.options.page_size(settings), OverlapSetting::new(settings.page_overlap));
        let by_id = self.options.is_by_id(self.default_sort());
        let paging = Paging::new(page_size, overlap, by_id, self.options.range());
        let paging = match self.options.sort_field(self.default_sort()) {
            "" => paging,
            field => paging.sorted_by(field),
        };
        Ok(Pages::new(self.query(), paging))
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

    fn query(self) -> Query {
        let default_sort = self.default_sort().to_owned();
        let mut query = Query::new(self.engine, self.entity, &self.options, &default_sort);
        query.with_response = self.with_response;
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
