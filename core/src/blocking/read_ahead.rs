//! Reads the pages of a blocking list ahead, on a background thread that exists only while the list is read.

use super::fork::check_process;
use super::runtime_pool::RuntimePool;
use crate::cancellation::CancellationToken;
use crate::client::Client;
use crate::descriptors::DescriptorCheck;
use crate::driver_thread;
use crate::error::{Error, Result};
use crate::list::{Page, PageStep, Pages};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::watch;

/// The receiving end of the thread. Dropping it stops the thread and cancels the requests in flight.
pub(super) struct ReadAhead {
    /// `None` once this is dropped.
    channels: Option<Channels>,
    received: u64,
    cancellation: CancellationToken,
    descriptors: Arc<DescriptorCheck>,
    process: u32,
}

/// The channels to the thread. Dropping them also wakes it.
struct Channels {
    /// `None` is the end of the list. If the channel closes before that, the thread has died.
    pages: Receiver<Result<Option<Page>>>,
    /// Number of pages that the reader has asked for.
    demand: watch::Sender<u64>,
}

impl ReadAhead {
    /// Continues `pages` on a background thread.
    pub(super) fn start(runtimes: &RuntimePool, mut pages: Pages) -> Result<Self> {
        let cancellation = CancellationToken::default();
        let (runtime, client, descriptors) = runtimes.new_background_runtime()?;
        let prefetch = client.settings().prefetch as usize;
        // The page in the channel, or about to enter it, is one of the prefetched pages.
        pages.switch_engine(client.with_cancellation(&cancellation).engine(), prefetch - 1);
        let (sender, receiver) = channel(1);
        let (demand, mut demanded) = watch::channel(0);
        let work = async move {
            // A page is requested only once the channel has room for it. If the channel is closed, the reader is gone.
            for sent in 0.. {
                let Ok(room) = sender.reserve().await else { break };
                let page = loop {
                    // While rows move to the front, for example because the reader deletes them, pages must not be read ahead.
                    let is_on_demand = !pages.can_prefetch();
                    if is_on_demand && demanded.wait_for(|&number| number > sent).await.is_err() {
                        return;
                    }
                    match pages.next_ahead(is_on_demand).await {
                        PageStep::Ended => break Ok(None),
                        PageStep::Page(page) => break page.map(Some),
                        PageStep::NothingNew => {}
                    }
                };
                let ends = !matches!(page, Ok(Some(_)));
                room.send(page);
                if ends {
                    break;
                }
            }
        };
        driver_thread::spawn("egito-read-ahead", runtime, descriptors.clone(), work, ()).map_err(|e| no_thread(&e))?;
        let channels = Some(Channels { pages: receiver, demand });
        Ok(Self { channels, received: 0, cancellation, descriptors, process: std::process::id() })
    }

    /// Waits for the next page and returns it.
    pub(super) fn next(&mut self, runtimes: &RuntimePool) -> Result<Option<Page>> {
        self.receive(runtimes, None).unwrap_or_else(|| Err(Error::cancelled()))
    }

    /// Like [`next`](Self::next), but waits at most `max_wait`, and then returns `None`. The next call returns the same page.
    pub(super) fn next_within(&mut self, runtimes: &RuntimePool, max_wait: Duration) -> Option<Result<Option<Page>>> {
        self.receive(runtimes, Some(max_wait))
    }

    fn receive(&mut self, runtimes: &RuntimePool, max_wait: Option<Duration>) -> Option<Result<Option<Page>>> {
        if let Err(error) = check_process(self.process, "list").and_then(|()| self.descriptors.check("list")) {
            return Some(Err(error));
        }
        let Channels { pages, demand } = self.channels.as_mut().expect("they are set until this is dropped");
        demand.send_replace(self.received + 1);
        let died = || Err(Error::from_panic(&"the thread that reads ahead has died"));
        let next = runtimes.run(|client: Client| async move {
            let page = async { pages.recv().await.unwrap_or_else(died) };
            match max_wait {
                None => client.engine().until_cancelled(page).await.map(Some),
                Some(max_wait) => {
                    let page = client.engine().until_cancelled(page);
                    tokio::time::timeout(max_wait, page).await.map_or(Ok(None), |page| page.map(Some))
                }
            }
        });
        let next = next.transpose()?;
        self.received += u64::from(matches!(next, Ok(Some(_))));
        Some(next)
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        if self.descriptors.are_open() {
            self.cancellation.cancel();
        } else {
            std::mem::forget(self.channels.take()); // waking the thread would write to a foreign descriptor
        }
    }
}

impl std::fmt::Debug for ReadAhead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadAhead")
    }
}

fn no_thread(error: &std::io::Error) -> Error {
    Error::config("prefetch", format!("cannot start a thread to read ahead: {error}; set `prefetch` to 0"))
}
