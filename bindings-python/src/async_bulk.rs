//! Bulks of the async client: a task of the runtime carries them on, whatever the event loop does meanwhile.

use crate::async_context::Context;
use crate::bulk::{read_input, row_tuple};
use crate::errors::{OrRaise, contained};
use crate::fork::Process;
use crate::pending::Pending;
use crate::runtime;
use egito::{BulkAction, BulkInput, BulkRow, Error};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

/// Python hands over no more inputs than it wants calls at one time, so neither the inputs nor the rows pile up.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncBulkCalls {
    context: Arc<Context>,
    inputs: UnboundedSender<egito::Result<BulkInput>>,
    rows: Arc<Rows>,
    action: BulkAction,
    task: AbortHandle,
    process: Process,
}

/// The rows that nobody has taken yet.
#[derive(Default)]
struct Rows {
    ready: Mutex<Ready>,
    changed: Notify,
}

#[derive(Default)]
struct Ready {
    rows: VecDeque<BulkRow>,
    /// No row comes any more.
    ended: bool,
}

impl AsyncBulkCalls {
    pub(crate) fn new(
        py: Python<'_>,
        context: Arc<Context>,
        entity: &egito::Entity,
        action: BulkAction,
        concurrency: usize,
    ) -> PyResult<Self> {
        let calls = entity.bulk_calls(action).concurrency(concurrency);
        let (inputs, receiver) = unbounded_channel();
        let rows = Arc::<Rows>::default();
        let task = runtime::handle(py)?.spawn(drive(calls, receiver, End(rows.clone()))).abort_handle();
        Ok(Self { context, inputs, rows, action, task, process: Process::current() })
    }
}

#[pymethods]
impl AsyncBulkCalls {
    /// Hands an input over. One that cannot be sent keeps its place, and its exception is given back.
    fn push<'py>(&self, py: Python<'py>, input: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            self.process.check("bulk").or_raise(py)?;
            let (input, refused) = read_input(self.action, input)?;
            drop(self.inputs.send(input)); // a task that has ended says so to who waits for a row
            Ok(refused)
        })
    }

    /// The next row, where one is ready.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        contained(py, || {
            self.process.check("bulk").or_raise(py)?;
            let row = self.rows.lock().rows.pop_front();
            row.map(|row| row_tuple(py, &row, self.context.decimals)).transpose()
        })
    }

    /// Awaits that a row is ready. Cancelling that loses none.
    fn ready(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            self.process.check("bulk").or_raise(py)?;
            let rows = self.rows.clone();
            self.context.start(py, async move { rows.ready().await }, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    /// Ends the calls that are under way.
    fn close(&self) {
        if self.process.is_current() {
            self.task.abort();
        }
    }
}

impl Drop for AsyncBulkCalls {
    fn drop(&mut self) {
        self.close();
    }
}

async fn drive(mut calls: egito::BulkCalls, mut inputs: UnboundedReceiver<egito::Result<BulkInput>>, end: End) {
    loop {
        tokio::select! {
            biased;
            input = inputs.recv() => match input {
                Some(input) => calls.push(input),
                None => return, // nobody waits any more
            },
            Some(row) = calls.next() => end.0.put(row),
        }
    }
}

/// Tells who waits that no row comes any more, however the task ends.
struct End(Arc<Rows>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.changed.notify_one();
    }
}

impl Rows {
    fn put(&self, row: BulkRow) {
        self.lock().rows.push_back(row);
        self.changed.notify_one();
    }

    async fn ready(&self) -> egito::Result<()> {
        loop {
            if let Some(ready) = self.state() {
                self.changed.notify_one(); // for a second one who waits
                return ready;
            }
            self.changed.notified().await;
        }
    }

    /// None while rows are yet to come.
    fn state(&self) -> Option<egito::Result<()>> {
        let ready = self.lock();
        let ended = ready.ended.then(|| Err(Error::cancelled()));
        if ready.rows.is_empty() { ended } else { Some(Ok(())) }
    }

    fn lock(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
