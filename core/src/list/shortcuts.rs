//! Methods of a list that do not have to read all of it.

use super::RecordList;
use super::decision::PageRequest;
use crate::error::Result;
use crate::record::Record;

/// The size of a list, according to one small request.
struct Size {
    /// Number of records in the response. More than one if the server ignores the limit.
    received: u64,
    /// Number of all records, if the response has a count whose name contains `total`.
    total: Option<u64>,
}

impl RecordList {
    /// Returns the first record of the list; `None` if the list is empty. Requests as few records as possible: one, or
    /// a few more to check the offset of a list with `start`.
    ///
    /// Errors: those of every read, and `config` for an invalid option.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let newest = client.accounts().list().sort("id").order("desc").first().await?;
    /// # Ok(()) });
    /// ```
    pub async fn first(mut self) -> Result<Option<Record>> {
        let limit = self.options.limit.unwrap_or(1).min(1); // `limit` 0 stays an empty list
        self.options.limit = Some(limit);
        self.without_mark().records()?.next().await.transpose()
    }

    /// Returns whether the list has a record. Requests as few records as [`first`](Self::first).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// if !client.contacts().list().filter("email", "jan@firma.pl").exists().await? {
    ///     println!("unknown");
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn exists(self) -> Result<bool> {
        Ok(self.first().await?.is_some())
    }

    /// Returns the total that the server reports for the filters; `None` if it reports none. Sends one small request.
    ///
    /// The number is taken from a field whose name contains `total`, and is not checked. [`start`](Self::start) and
    /// [`limit`](Self::limit) do not change it. See [`count`](Self::count) for the number of records that the list returns.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// match client.accounts().list().filter("city", "Kraków").total().await? {
    ///     Some(total) => println!("{total} accounts"),
    ///     None => println!("this server does not report a total"),
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn total(self) -> Result<Option<u64>> {
        let size = self.size().await?;
        if size.received == 0 {
            return Ok(Some(0));
        }
        Ok(size.total.filter(|&total| total >= size.received)) // a smaller number cannot be the total
    }

    /// Returns the number of records that the list returns, with its filters, `start` and `limit`.
    ///
    /// Sends one small request if the server reports a total. Otherwise it reads the whole list, in constant memory, and each
    /// record is transferred. It also does so if the total is 1, which may be the length of the page.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let leads = client.leads().list().count().await?;
    /// # Ok(()) });
    /// ```
    pub async fn count(self) -> Result<u64> {
        let (start, limit) = (self.options.start.unwrap_or(0), self.options.limit.unwrap_or(u64::MAX));
        if limit == 0 {
            return self.check().map(|()| 0);
        }
        if self.options.changes.is_some() {
            return self.count_by_reading().await; // a total is that of all records
        }
        let size = self.clone().size().await?;
        match size.total.filter(|&total| total > size.received) {
            _ if size.received == 0 => Ok(0),
            Some(total) => Ok(total.saturating_sub(start).min(limit)),
            None => self.count_by_reading().await,
        }
    }

    async fn count_by_reading(self) -> Result<u64> {
        let (mut pages, mut count) = (self.without_mark().pages()?, 0);
        while let Some(page) = pages.next().await {
            count += page?.len() as u64;
        }
        Ok(count)
    }

    async fn size(self) -> Result<Size> {
        self.check()?;
        let body = self.query().fetch(PageRequest::new(0, 1)).await?;
        let total = body.count.filter(|count| count.is_total).map(|count| count.value);
        Ok(Size { received: body.records.len() as u64, total })
    }
}
