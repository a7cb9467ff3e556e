//! One page of a list: the bytes of a response, and the ranges of its records that are returned to the caller.

use crate::envelope::{Count, PageBody};
use crate::record::Record;
use crate::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use std::ops::Range;
use std::sync::Arc;

/// One page of a list: the records of one response, without those that were returned before.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let page = client.accounts().list().page_size(10).pages()?.next().await.unwrap()?;
/// for account in page.records() {
///     println!("{}", account.json());
/// }
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Page {
    body: Bytes,
    /// The range of the JSON array of the records, if they are contiguous in the body.
    array: Option<Range<usize>>,
    records: Vec<Range<usize>>,
    total: Option<u64>,
    longest_integer: usize,
    response: Option<Arc<Response<()>>>,
}

impl Page {
    /// Creates the page. `keep`: for each record of the body, whether it belongs to the page.
    pub(super) fn new(body: PageBody, keep: &[bool]) -> Self {
        let PageBody { body, array, records, count, longest_integer, response } = body;
        let skipped = keep.iter().take_while(|&&keep| !keep).count();
        let (body, array) = match records.get(skipped) {
            Some((first, _)) if keep[skipped..].iter().all(|&keep| keep) => {
                without_start(body, array, first.start, skipped)
            }
            _ => (body, None),
        };
        let records = records.into_iter().zip(keep).filter(|&(_, &keep)| keep).map(|((range, _), _)| range).collect();
        let total = count.filter(|count: &Count| count.is_total).map(|count| count.value);
        Self { body, array, records, total, longest_integer, response }
    }

    /// Returns the number of records.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().page_size(10).pages()?.next().await.unwrap()?;
    /// assert_eq!(page.len(), 10);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns whether the page has no records. A list never returns such a page.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// assert!(!page.is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns the records, in the server's order.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// let names: Vec<_> = page.records().map(|account| account.raw("name").map(str::to_owned)).collect();
    /// # Ok(()) });
    /// ```
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record> + '_ {
        self.records.iter().map(|range| Record::from_validated(self.body.slice(range.clone())))
    }

    /// Returns one record by its index in the page, from 0.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// assert_eq!(page.get(0).unwrap().id(), Some(1.into()));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Record> {
        self.records.get(index).map(|range| Record::from_validated(self.body.slice(range.clone())))
    }

    /// Returns the total that the server reports, if the response has a count whose name contains `total`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// println!("{} of {:?}", page.len(), page.total());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the HTTP response of the page; `None` unless the list was built with
    /// [`with_response`](crate::RecordList::with_response).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().with_response().pages()?.next().await.unwrap()?;
    /// let response = page.response().unwrap();
    /// println!("{} accounts, status {}", page.len(), response.status);
    /// # assert_eq!(response.status, 200);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn response(&self) -> Option<&Response<()>> {
        self.response.as_deref()
    }

    /// Returns at least the number of bytes of the longest integer in the records, see
    /// [`Scanner::longest_integer`](crate::json::scanner::Scanner::longest_integer).
    pub(crate) fn longest_integer(&self) -> usize {
        self.longest_integer
    }

    /// Returns the records as one JSON array. These are the server's own bytes, unless a record was left out.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// let accounts: Vec<serde_json::Value> = serde_json::from_slice(&page.json()).expect("an array");
    /// assert_eq!(accounts.len(), page.len());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn json(&self) -> Bytes {
        if let Some(array) = &self.array {
            return self.body.slice(array.clone());
        }
        let length = self.records.iter().map(|range| range.len() + 1).sum::<usize>();
        let mut json = BytesMut::with_capacity(length + 2);
        json.put_u8(b'[');
        for (index, range) in self.records.iter().enumerate() {
            if index > 0 {
                json.put_u8(b',');
            }
            json.extend_from_slice(&self.body[range.clone()]);
        }
        json.put_u8(b']');
        json.freeze()
    }
}

/// Makes the array begin with the record at `first`, without a copy: the comma before it is replaced by a bracket.
///
/// Pages that overlap leave out their first records, so this is the common case. Returns no array if the body is shared.
fn without_start(body: Bytes, array: Range<usize>, first: usize, skipped: usize) -> (Bytes, Option<Range<usize>>) {
    if skipped == 0 {
        return (body, Some(array));
    }
    match body.try_into_mut() {
        Ok(mut body) => {
            body[first - 1] = b'[';
            (body.freeze(), Some(first - 1..array.end))
        }
        Err(body) => (body, None),
    }
}
