//! From tokio to asyncio: messages for an event loop go into a queue, and the loop is woken once for all of them.

use super::loop_waker::{Callback, LoopWaker};
use super::pending::{MakeValue, Pending, ResultSlot};
use crate::convert::errors::IntoPyResult;
use crate::events::context::EventContext;
use crate::events::hook::Hook;
use crate::events::logging::refresh_level;
use crate::runtime::finalization::FinalizationGuard;
use crate::runtime::tokio;
use egito::{Error, Event, EventHook};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const NO_LOOP: &str = "AsyncClient needs a running event loop of asyncio: await this call in a coroutine that `asyncio.run` \
                       runs. With trio, use Client on threads: await trio.to_thread.run_sync(client.accounts.get, 7)";

/// The connection to one event loop.
pub(super) struct LoopBridge {
    event_loop: Py<PyAny>,
    queue: Arc<MessageQueue>,
    waker: LoopWaker,
}

/// The bridge that a client used last. Few programs have more than one event loop.
#[derive(Clone, Default)]
pub(super) struct LastBridge(Arc<Mutex<Option<Arc<LoopBridge>>>>);

/// Messages for the loop. The lock is held for moments only, and never during a wait for the interpreter.
#[derive(Default)]
struct MessageQueue(Mutex<Vec<LoopMessage>>);

enum LoopMessage {
    CallDone(Arc<ResultSlot>),
    Event(Arc<Hook>, Event, Option<Arc<Py<PyAny>>>),
}

impl LoopBridge {
    /// Returns the bridge to the running loop: the last one, if it is for the same loop.
    pub(super) fn to_running_loop(py: Python<'_>, LastBridge(last): &LastBridge) -> PyResult<Arc<Self>> {
        static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let _guard = FinalizationGuard::acquire_or_exit(py)?;
        let event_loop = RUNNING.import(py, "asyncio", "get_running_loop")?.call0();
        let event_loop = event_loop.map_err(|_| Error::config("client", NO_LOOP)).into_py_result(py)?;
        let known = lock(last).as_ref().filter(|bridge| bridge.event_loop.is(&event_loop)).cloned();
        let lost_its_sockets = known.as_ref().is_some_and(|bridge| !bridge.waker.is_open());
        if let Some(bridge) = known.filter(|_| !lost_its_sockets) {
            return Ok(bridge);
        }
        let queue = Arc::<MessageQueue>::default();
        let woken = queue.clone();
        let callback: Callback = Arc::new(move |py| woken.deliver(py));
        let waker = if lost_its_sockets {
            LoopWaker::without_socket(&event_loop, callback) // the loop may still know the numbers of the old ones
        } else {
            LoopWaker::new(&event_loop, callback)?
        };
        let bridge = Arc::new(Self { event_loop: event_loop.unbind(), queue, waker });
        let previous = lock(last).replace(bridge.clone());
        drop(previous); // after the lock is released: it may drop its loop, which runs Python code
        Ok(bridge)
    }

    /// Starts a call, which keeps its `context`. `to_python` converts its result when Python awaits it.
    pub(super) fn start<T: Send + 'static>(
        self: Arc<Self>,
        py: Python<'_>,
        context: EventContext,
        call: impl Future<Output = egito::Result<T>> + Send + 'static,
        to_python: impl FnOnce(Python<'_>, T) -> PyResult<Bound<'_, PyAny>> + Send + 'static,
    ) -> PyResult<Pending> {
        refresh_level(py)?;
        let handle = tokio::handle(py)?;
        let _guard = FinalizationGuard::acquire_or_exit(py)?;
        let future = self.event_loop.bind(py).call_method0("create_future")?;
        let steps = future.try_iter()?.unbind();
        let slot = Arc::new(ResultSlot::new(future.unbind()));
        let completion = Completion { bridge: self, slot: slot.clone() };
        let task = handle.spawn(async move {
            let result = call.await;
            drop(context);
            completion.complete(result.map(|value| -> MakeValue { Box::new(|py| to_python(py, value)) }));
        });
        Ok(Pending::new(slot, steps, task.abort_handle()))
    }

    fn send(&self, message: LoopMessage) {
        if self.queue.push(message) && !self.waker.wake() {
            lock(&self.queue.0).clear(); // the loop is closed: no task waits
        }
    }
}

impl LastBridge {
    /// Returns a core hook that calls this one on the thread of the event loop, as asyncio programs expect.
    pub(super) fn on_loop_thread(&self, hook: &Arc<Hook>) -> EventHook {
        let (last, hook) = (self.clone(), hook.clone());
        Arc::new(move |event| {
            let bridge = lock(&last.0).clone();
            if let Some(bridge) = bridge {
                bridge.send(LoopMessage::Event(hook.clone(), event.clone(), EventContext::of(event)));
            }
        })
    }
}

impl MessageQueue {
    /// Completes the futures of finished calls and calls the hooks, in the order of the messages.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let Some(_guard) = FinalizationGuard::acquire() else { return Ok(()) };
        let messages = std::mem::take(&mut *lock(&self.0));
        let delivered = messages.iter().map(|message| match message {
            LoopMessage::CallDone(slot) => slot.complete_future(py),
            LoopMessage::Event(hook, event, context) => hook.call(py, event, context.as_ref()),
        });
        // Delivers all messages, also after one that failed.
        delivered.fold(Ok(()), Result::and)
    }

    /// Adds a message. Returns true if the queue was empty: then the loop must be woken.
    fn push(&self, message: LoopMessage) -> bool {
        let mut messages = lock(&self.0);
        messages.push(message);
        messages.len() == 1
    }
}

/// Completes a call exactly once, also if it panicked or the runtime was stopped.
struct Completion {
    bridge: Arc<LoopBridge>,
    slot: Arc<ResultSlot>,
}

impl Completion {
    fn complete(self, result: egito::Result<MakeValue>) {
        self.slot.put(result);
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        if Arc::strong_count(&self.slot) == 1 {
            return; // no task waits any more
        }
        let panicked = std::thread::panicking();
        self.slot.put_if_empty(|| if panicked { Error::from_panic(&"a call panicked") } else { Error::cancelled() });
        self.bridge.send(LoopMessage::CallDone(self.slot.clone()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
