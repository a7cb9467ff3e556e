//! Requests pages before they are read, in the order of their offsets.

use super::decision::PageRequest;
use crate::envelope::PageBody;
use crate::error::{Error, Result};
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;

/// The queue of prefetched pages. Dropping it cancels their requests and closes the connections.
#[derive(Debug, Default)]
pub(super) struct Prefetcher(VecDeque<Fetch>);

#[derive(Debug)]
struct Fetch {
    request: PageRequest,
    task: JoinHandle<Result<PageBody>>,
}

impl Prefetcher {
    /// Takes the response to `request`. If the queue begins with another request, all its requests are cancelled, and the result is `None`.
    pub(super) fn poll_take(&mut self, cx: &mut Context<'_>, request: PageRequest) -> Poll<Option<Result<PageBody>>> {
        if self.0.front().is_some_and(|fetch| fetch.request != request) {
            self.0.clear(); // a page was shorter than those before it
        }
        // The request stays in the queue while it is awaited: a caller that stops waiting can wait for it later.
        let Some(fetch) = self.0.front_mut() else { return Poll::Ready(None) };
        let result = ready!(Pin::new(&mut fetch.task).poll(cx));
        self.0.pop_front();
        Poll::Ready(Some(result.unwrap_or_else(|failed| match failed.try_into_panic() {
            Ok(panic) => Err(Error::from_panic(&*panic)),
            Err(_) => Err(Error::cancelled()), // the runtime is being shut down
        })))
    }

    /// Sends the requests that are not in the queue yet.
    pub(super) fn start<F>(&mut self, requests: impl Iterator<Item = PageRequest>, fetch: impl Fn(PageRequest) -> F)
    where
        F: Future<Output = Result<PageBody>> + Send + 'static,
    {
        for request in requests {
            if !self.0.iter().any(|fetch| fetch.request == request) {
                self.0.push_back(Fetch { request, task: tokio::spawn(fetch(request)) });
            }
        }
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        self.task.abort();
    }
}
