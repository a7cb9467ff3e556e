//! The pages of a list of the async client, one by one. Each is handed over exactly once, also where waits are cancelled.

use crate::arrow::{ArrowTable, Batches};
use crate::async_context::Context;
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::fork::Process;
use crate::json::unfitting;
use crate::pending::Pending;
use crate::records::{self, Shape};
use egito::{Error, Page, Pages};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncPages {
    context: Arc<Context>,
    /// Stays where it is when a call for the next page is cancelled: that page is then asked for again.
    reading: Arc<tokio::sync::Mutex<Reading>>,
    returned: Returned,
    form: Form,
    /// Kept for the events of its pages.
    _event_context: EventContext,
    process: Process,
}

/// What becomes of a page in Python.
#[derive(Clone)]
pub(crate) enum Form {
    Records(Shape),
    Batch(Arc<Mutex<Batches>>),
}

/// How far a list was read.
struct Reading {
    pages: Pages,
    /// What ended the list too early, for everyone who asks again: it must not look complete.
    failure: Option<Error>,
}

/// Pages that came while nobody waited for them any more.
#[derive(Clone, Default)]
struct Returned(Arc<Mutex<VecDeque<Page>>>);

/// A page on its way to Python.
struct Delivery {
    page: Option<Page>,
    form: Form,
    returned: Returned,
}

impl AsyncPages {
    pub(crate) fn new(context: Arc<Context>, (pages, event_context): (Pages, EventContext), form: Form) -> Self {
        let reading = Arc::new(tokio::sync::Mutex::new(Reading { pages, failure: None }));
        Self {
            context,
            reading,
            returned: Returned::default(),
            form,
            _event_context: event_context,
            process: Process::current(),
        }
    }
}

#[pymethods]
impl AsyncPages {
    /// The next page, or None at the end.
    fn next(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            self.process.check("list").or_raise(py)?;
            let (reading, returned, form) = (self.reading.clone(), self.returned.clone(), self.form.clone());
            let call = async move {
                let mut reading = reading.lock().await;
                let page = match returned.take() {
                    None => reading.next().await?,
                    page => page,
                };
                Ok(page.map(|page| Delivery { page: Some(page), form, returned }))
            };
            self.context.start(py, EventContext::default(), call, |py, page: Option<Delivery>| {
                page.map(|page| page.accept(py)).transpose()?.into_bound_py_any(py)
            })
        })
    }
}

impl Reading {
    async fn next(&mut self) -> egito::Result<Option<Page>> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let next = self.pages.next().await.transpose();
        self.failure = next.as_ref().err().cloned();
        next
    }
}

impl Returned {
    fn take(&self) -> Option<Page> {
        self.lock().pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Page>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Form {
    pub(crate) fn batches(batches: Batches) -> Self {
        Self::Batch(Arc::new(Mutex::new(batches)))
    }

    fn of<'py>(&self, py: Python<'py>, page: &Page) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Records(shape) => records::parse_page(py, page, shape),
            Self::Batch(batches) => {
                let made = py.detach(|| batches.lock().unwrap_or_else(PoisonError::into_inner).batch(page));
                let batch = made.map_err(|why| unfitting(py, &why))?;
                Ok(Bound::new(py, ArrowTable::new(batch.schema(), vec![batch]))?.into_any())
            }
        }
    }
}

impl Delivery {
    /// What becomes of the page, for the task that awaits it.
    fn accept(mut self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let Some(page) = self.page.as_ref() else { return Ok(py.None().into_bound(py)) };
        let made = self.form.of(py, page)?;
        self.page = None;
        Ok(made)
    }
}

/// Nobody took it: whoever asks next gets it.
impl Drop for Delivery {
    fn drop(&mut self) {
        self.returned.lock().extend(self.page.take());
    }
}
