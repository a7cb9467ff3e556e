//! Pages asked for before they are wanted, in the order of their offsets.

use super::decision::PageRequest;
use crate::envelope::PageBody;
use crate::error::{Error, Result};
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;

/// Requests under way. Dropping it ends them, and closes their connections.
#[derive(Debug, Default)]
pub(super) struct Prefetcher(VecDeque<Fetch>);

#[derive(Debug)]
struct Fetch {
    request: PageRequest,
    task: JoinHandle<Result<PageBody>>,
}

impl Prefetcher {
    /// The answer to `request`, if it was sent; what else was asked for is of no use any more.
    pub(super) fn poll_take(&mut self, cx: &mut Context<'_>, request: PageRequest) -> Poll<Option<Result<PageBody>>> {
        if self.0.front().is_some_and(|fetch| fetch.request != request) {
            self.0.clear(); // a page came shorter than those before it
        }
        // It stays in the queue while it is waited for: whoever stops waiting can come back to it.
        let Some(fetch) = self.0.front_mut() else { return Poll::Ready(None) };
        let result = ready!(Pin::new(&mut fetch.task).poll(cx));
        self.0.pop_front();
        Poll::Ready(Some(result.unwrap_or_else(|failed| match failed.try_into_panic() {
            Ok(panic) => Err(Error::from_panic(&*panic)),
            Err(_) => Err(Error::cancelled()), // the runtime is being shut down
        })))
    }

    /// Sends those of the requests that are not under way yet.
    pub(super) fn ask<F>(&mut self, requests: impl Iterator<Item = PageRequest>, fetch: impl Fn(PageRequest) -> F)
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
