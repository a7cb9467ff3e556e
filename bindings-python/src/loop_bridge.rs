//! From tokio to asyncio: finished calls gather in a queue, and the event loop is woken once for all of them.

use crate::ending::{inside, inside_or_exit};
use crate::errors::OrRaise;
use crate::event_context::EventContext;
use crate::hook::Hook;
use crate::logging::look_at_level;
use crate::pending::{Pending, Reply, Slot};
use crate::runtime;
use crate::wake::Waker;
use egito::{Error, Event, EventHook};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const NO_LOOP: &str = "AsyncClient needs a running event loop of asyncio: await this call in a coroutine that `asyncio.run` \
                       runs. With trio, use Client on threads: await trio.to_thread.run_sync(client.accounts.get, 7)";

/// The way to one event loop.
pub(crate) struct LoopBridge {
    event_loop: Py<PyAny>,
    finished: Arc<Finished>,
    waker: Waker,
}

/// The bridge that a client used last. Seldom has a program more than one loop.
#[derive(Clone, Default)]
pub(crate) struct LastBridge(Arc<Mutex<Option<Arc<LoopBridge>>>>);

/// What the loop has to be told of since it last looked. Its lock is held for moments, and never while waiting for Python.
#[derive(Default)]
struct Finished(Mutex<Vec<News>>);

enum News {
    Ended(Arc<Slot>),
    Event(Arc<Hook>, Event, Option<Arc<Py<PyAny>>>),
}

impl LoopBridge {
    /// The bridge to the loop that runs now: the one used last, where it is the same loop.
    pub(crate) fn to_running_loop(py: Python<'_>, LastBridge(last): &LastBridge) -> PyResult<Arc<Self>> {
        static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let _inside = inside_or_exit(py)?;
        let event_loop = RUNNING.import(py, "asyncio", "get_running_loop")?.call0();
        let event_loop = event_loop.map_err(|_| Error::config("client", NO_LOOP)).or_raise(py)?;
        if let Some(bridge) = lock(last).as_ref().filter(|bridge| bridge.event_loop.is(&event_loop)) {
            return Ok(bridge.clone());
        }
        let finished = Arc::<Finished>::default();
        let woken = finished.clone();
        let waker = Waker::new(&event_loop, Arc::new(move |py| woken.tell(py)))?;
        let bridge = Arc::new(Self { event_loop: event_loop.unbind(), finished, waker });
        let before = lock(last).replace(bridge.clone());
        drop(before); // after the lock was given back: its loop may end with it, and run code
        Ok(bridge)
    }

    /// Starts a call and gives what Python awaits: what `to_python` makes of the call's result. The call keeps its `context`.
    pub(crate) fn start<T: Send + 'static>(
        self: Arc<Self>,
        py: Python<'_>,
        context: EventContext,
        call: impl Future<Output = egito::Result<T>> + Send + 'static,
        to_python: impl FnOnce(Python<'_>, T) -> PyResult<Bound<'_, PyAny>> + Send + 'static,
    ) -> PyResult<Pending> {
        look_at_level(py)?;
        let handle = runtime::handle(py)?;
        let _inside = inside_or_exit(py)?;
        let future = self.event_loop.bind(py).call_method0("create_future")?;
        let steps = future.try_iter()?.unbind();
        let slot = Arc::new(Slot::new(future.unbind()));
        let ending = Ending { bridge: self, slot: slot.clone() };
        let task = handle.spawn(async move {
            let result = call.await;
            drop(context);
            ending.with(result.map(|value| -> Reply { Box::new(|py| to_python(py, value)) }));
        });
        Ok(Pending::new(slot, steps, task.abort_handle()))
    }
}

impl LoopBridge {
    fn tell(&self, news: News) {
        if self.finished.add(news) && !self.waker.wake() {
            lock(&self.finished.0).clear(); // the loop is gone: nobody waits
        }
    }
}

impl LastBridge {
    /// Events go to the hook on the loop's own thread: programs for asyncio expect no other.
    pub(crate) fn events_to(&self, hook: &Arc<Hook>) -> EventHook {
        let (last, hook) = (self.clone(), hook.clone());
        Arc::new(move |event| {
            let bridge = lock(&last.0).clone();
            if let Some(bridge) = bridge {
                bridge.tell(News::Event(hook.clone(), event.clone(), EventContext::of(event)));
            }
        })
    }
}

impl Finished {
    /// Tells the asyncio future of every call that ended, and every hook of the events before that.
    fn tell(&self, py: Python<'_>) -> PyResult<()> {
        let Some(_inside) = inside() else { return Ok(()) };
        let news = std::mem::take(&mut *lock(&self.0));
        let told = news.iter().map(|news| match news {
            News::Ended(slot) => slot.tell(py),
            News::Event(hook, event, context) => hook.call(py, event, context.as_ref()),
        });
        // Nobody is left waiting because telling another one failed.
        told.fold(Ok(()), Result::and)
    }

    /// Whether it is the first since the loop last looked: then the loop must be woken.
    fn add(&self, news: News) -> bool {
        let mut finished = lock(&self.0);
        finished.push(news);
        finished.len() == 1
    }
}

/// Ends a call exactly once, also where it panicked or its runtime stopped.
struct Ending {
    bridge: Arc<LoopBridge>,
    slot: Arc<Slot>,
}

impl Ending {
    fn with(self, result: egito::Result<Reply>) {
        self.slot.put(result);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if Arc::strong_count(&self.slot) == 1 {
            return; // nobody waits any more
        }
        let panicked = std::thread::panicking();
        self.slot.put_if_empty(|| if panicked { Error::from_panic(&"a call panicked") } else { Error::cancelled() });
        self.bridge.tell(News::Ended(self.slot.clone()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
