//! Questions about a list that need not read all of it.

use super::RecordList;
use super::decision::PageRequest;
use crate::error::Result;
use crate::record::Record;

/// What one small request shows of the size of a list.
struct Size {
    /// How many records came. More than one from a server that ignores how many are asked for.
    received: u64,
    /// The count of all records, where the answer has one under a name that says `total`.
    told: Option<u64>,
}

impl RecordList {
    /// Returns the first record of the list; `None` where there is none. Asks for one record, with `start` for three.
    ///
    /// Errors: those of every read, and `config` for a wrong option.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let newest = client.accounts().list().sort("id").order("desc").first().await?;
    /// # Ok(()) });
    /// ```
    pub async fn first(mut self) -> Result<Option<Record>> {
        let limit = self.options.limit.unwrap_or(1).min(1); // a list of no records has no first one
        self.options.limit = Some(limit);
        self.records()?.next().await.transpose()
    }

    /// Returns whether the list has any record. Asks for one record, with `start` for three.
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

    /// Returns how many records the server says that match the filters; `None` where it does not say. Sends one small request.
    ///
    /// This is the server's own number, from a field whose name says `total`, and not checked: [`start`](Self::start) and
    /// [`limit`](Self::limit) do not change it. See [`count`](Self::count) for the number of records that the list gives.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// match client.accounts().list().filter("city", "Kraków").total().await? {
    ///     Some(total) => println!("{total} accounts"),
    ///     None => println!("this server does not count"),
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn total(self) -> Result<Option<u64>> {
        let size = self.size().await?;
        if size.received == 0 {
            return Ok(Some(0));
        }
        Ok(size.told.filter(|&told| told >= size.received)) // less than what came is no count of all
    }

    /// Returns the number of records that the list gives, with its filters, `start` and `limit`.
    ///
    /// Costs one small request where the server tells a total. Otherwise the whole list is read, in constant memory, and each
    /// record is transferred. A total of 1 is checked that way too: some servers tell the length of the page.
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
        let size = self.clone().size().await?;
        match size.told.filter(|&told| told > size.received) {
            _ if size.received == 0 => Ok(0),
            Some(told) => Ok(told.saturating_sub(start).min(limit)),
            None => self.read_through().await,
        }
    }

    async fn read_through(self) -> Result<u64> {
        let (mut pages, mut count) = (self.pages()?, 0);
        while let Some(page) = pages.next().await {
            count += page?.len() as u64;
        }
        Ok(count)
    }

    async fn size(self) -> Result<Size> {
        self.check()?;
        let body = self.query().fetch(PageRequest::new(0, 1)).await?;
        let told = body.count.filter(|count| count.is_total).map(|count| count.value);
        Ok(Size { received: body.records.len() as u64, told })
    }
}
