//! Pages of a blocking list read ahead: a thread with a runtime of its own, only while the list is read.

use super::descriptors::DescriptorCheck;
use super::driver_thread;
use super::fork::check_process;
use super::runtime_pool::{RuntimePool, current_thread};
use crate::cancellation::CancellationToken;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::list::{Page, PageStep, Pages};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::watch;

/// The reading end. Dropping it ends the thread, and the requests that are under way.
pub(super) struct ReadAhead {
    /// `None` once this is dropped.
    channels: Option<Channels>,
    received: u64,
    cancellation: CancellationToken,
    descriptors: Arc<DescriptorCheck>,
    process: u32,
}

/// What wakes the thread, also when it is dropped.
struct Channels {
    /// `None` is the end; a channel that closes without it is a thread that died.
    pages: Receiver<Result<Option<Page>>>,
    /// How many pages the reader has asked for.
    wanted: watch::Sender<u64>,
}

impl ReadAhead {
    /// Goes on with `pages` in a thread.
    pub(super) fn start(runtimes: &RuntimePool, mut pages: Pages) -> Result<Self> {
        let cancellation = CancellationToken::default();
        let (runtime, client, descriptors) = runtimes.new_runtime(&mut current_thread())?;
        let descriptors = Arc::new(descriptors);
        let prefetch = client.settings().prefetch as usize;
        // The page that is in the channel or on its way there is one of them.
        pages.switch_engine(client.with_cancellation(&cancellation).engine(), prefetch - 1);
        let (sender, receiver) = channel(1);
        let (wanted, mut demand) = watch::channel(0);
        let work = async move {
            // A page is asked for only once there is room for it. No room any more: nobody reads.
            for sent in 0.. {
                let Ok(room) = sender.reserve().await else { break };
                let page = loop {
                    // While rows move to the front, as where the reader deletes them, a page that comes early is of no use.
                    let is_late = !pages.can_prefetch();
                    if is_late && demand.wait_for(|&wanted| wanted > sent).await.is_err() {
                        return;
                    }
                    match pages.next_ahead(is_late).await {
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
        let channels = Some(Channels { pages: receiver, wanted });
        Ok(Self { channels, received: 0, cancellation, descriptors, process: std::process::id() })
    }

    /// The next page, once it is there.
    pub(super) fn next(&mut self, runtimes: &RuntimePool) -> Result<Option<Page>> {
        self.receive(runtimes, None).unwrap_or_else(|| Err(Error::cancelled()))
    }

    /// As [`next`](Self::next), but returns `None` if the page is not there after so long. It comes the next time then.
    pub(super) fn next_within(&mut self, runtimes: &RuntimePool, most: Duration) -> Option<Result<Option<Page>>> {
        self.receive(runtimes, Some(most))
    }

    fn receive(&mut self, runtimes: &RuntimePool, most: Option<Duration>) -> Option<Result<Option<Page>>> {
        if let Err(error) = check_process(self.process, "list").and_then(|()| self.descriptors.check("list")) {
            return Some(Err(error));
        }
        let Channels { pages, wanted } = self.channels.as_mut().expect("they are there until this is dropped");
        wanted.send_replace(self.received + 1);
        let died = || Err(Error::from_panic(&"the thread that reads ahead has died"));
        let next = runtimes.run(|client: Client| async move {
            let page = async { pages.recv().await.unwrap_or_else(died) };
            match most {
                None => client.engine().until_cancelled(page).await.map(Some),
                Some(most) => {
                    let page = client.engine().until_cancelled(page);
                    tokio::time::timeout(most, page).await.map_or(Ok(None), |page| page.map(Some))
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
            std::mem::forget(self.channels.take()); // the thread cannot be woken any more
        }
    }
}

impl std::fmt::Debug for ReadAhead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadAhead")
    }
}

fn no_thread(error: &std::io::Error) -> Error {
    Error::config("prefetch", format!("the system gives no thread to read ahead ({error}); set `prefetch` to 0"))
}
