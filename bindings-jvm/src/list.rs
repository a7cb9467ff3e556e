//! A list that was not read yet.

use crate::background;
use crate::error::NativeResult;
use crate::json::plain_json;
use crate::pages::{NativeAsyncPages, NativePages};
use egito::{RecordList, Result, blocking};
use std::sync::Arc;

/// The handle of a list.
#[derive(uniffi::Object)]
pub struct NativeList {
    blocking: blocking::RecordList,
    list: RecordList,
}

/// A call of a list that is not read whole.
#[derive(uniffi::Enum)]
pub enum ListCall {
    /// Reads the first record. The result is the record, or `null` for an empty list.
    First,
    /// Finds out whether there is any record. The result is a boolean.
    Exists,
    /// Reads the server's number of all records. The result is `null` if it sends none.
    Total,
    /// Counts the records of the list.
    Count,
    /// Reads the ids of the records.
    Ids,
}

impl ListCall {
    async fn run(self, list: RecordList) -> Result<Vec<u8>> {
        Ok(match self {
            Self::First => list.first().await?.map_or_else(|| b"null".into(), |record| record.bytes().into()),
            Self::Exists => plain_json(&list.exists().await?),
            Self::Total => plain_json(&list.total().await?),
            Self::Count => plain_json(&list.count().await?),
            Self::Ids => plain_json(&list.ids().await?),
        })
    }
}

impl NativeList {
    /// Error `config`: an invalid option.
    pub fn new(
        blocking: blocking::RecordList,
        list: RecordList,
        options: &[u8],
        with_response: bool,
    ) -> NativeResult<Arc<Self>> {
        let (mut blocking, mut list) = (blocking.with_json(options)?, list.with_json(options)?);
        if with_response {
            (blocking, list) = (blocking.with_response(), list.with_response());
        }
        Ok(Arc::new(Self { blocking, list }))
    }
}

#[uniffi::export]
impl NativeList {
    /// Runs a call on this thread.
    pub fn run(&self, call: ListCall) -> NativeResult<Vec<u8>> {
        Ok(egito::binding::run_list_blocking(&self.blocking, |list| call.run(list))?)
    }

    /// Runs a call in the background.
    pub async fn run_async(&self, call: ListCall) -> NativeResult<Vec<u8>> {
        background::spawn(call.run(self.list.clone())).await
    }

    /// Begins to read the pages, each on the thread that asks for it.
    pub fn pages(&self) -> NativeResult<Arc<NativePages>> {
        Ok(Arc::new(NativePages::new(&self.blocking)?))
    }

    /// Begins to read the pages in the background.
    pub fn pages_async(&self) -> NativeResult<Arc<NativeAsyncPages>> {
        Ok(Arc::new(NativeAsyncPages::new(&self.list)?))
    }
}
