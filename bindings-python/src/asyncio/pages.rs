//! The iterator of pages for asyncio. Each page is delivered exactly once, also if waits are cancelled.

use super::context::Context;
use super::pending::Pending;
use crate::arrow::{ArrowTable, Batches};
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::records::{self, DecodeOptions};
use crate::events::context::EventContext;
use crate::runtime::owner::Owned;
use egito::{Page, Pages};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncPages {
    context: Arc<Context>,
    /// If a wait for the next page is cancelled, its page is requested again.
    pages: Owned<Arc<tokio::sync::Mutex<Pages>>>,
    undelivered: UndeliveredPages,
    format: PageFormat,
    /// Kept for the events of the pages.
    _event_context: EventContext,
}

/// How a page is converted.
#[derive(Clone)]
pub(crate) enum PageFormat {
    Records(DecodeOptions),
    Batch(Arc<Mutex<Batches>>),
}

/// Pages that arrived after their wait was cancelled.
#[derive(Clone, Default)]
struct UndeliveredPages(Arc<Mutex<VecDeque<Page>>>);

/// A page that Python has not accepted yet. If this is dropped before, the next wait gets the page.
struct Delivery {
    page: Option<Page>,
    format: PageFormat,
    undelivered: UndeliveredPages,
}

impl AsyncPages {
    pub(crate) fn new(
        context: Arc<Context>,
        (pages, event_context): (Pages, EventContext),
        format: PageFormat,
    ) -> Self {
        Self {
            context,
            pages: Owned::new(Arc::new(tokio::sync::Mutex::new(pages))),
            undelivered: UndeliveredPages::default(),
            format,
            _event_context: event_context,
        }
    }
}

#[pymethods]
impl AsyncPages {
    /// Awaits the next page, or None at the end.
    fn next(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            self.pages.owner.check("list").into_py_result(py)?;
            let (pages, undelivered, format) = (Arc::clone(&self.pages), self.undelivered.clone(), self.format.clone());
            let call = async move {
                let mut pages = pages.lock().await;
                let page = match undelivered.take() {
                    None => egito::binding::next_page(&mut pages).await?,
                    page => page,
                };
                Ok(page.map(|page| Delivery { page: Some(page), format, undelivered }))
            };
            self.context.start(py, EventContext::default(), call, |py, page: Option<Delivery>| {
                page.map(|page| page.accept(py)).transpose()?.into_bound_py_any(py)
            })
        })
    }
}

impl UndeliveredPages {
    fn take(&self) -> Option<Page> {
        self.lock().pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Page>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PageFormat {
    pub(crate) fn batches(batches: Batches) -> Self {
        Self::Batch(Arc::new(Mutex::new(batches)))
    }

    fn convert<'py>(&self, py: Python<'py>, page: &Page) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Records(options) => records::parse_page(py, page, options),
            Self::Batch(batches) => {
                let made = py.detach(|| batches.lock().unwrap_or_else(PoisonError::into_inner).batch(page));
                let batch = made.map_err(|error| error.exception(py))?;
                Ok(Bound::new(py, ArrowTable::new(batch.schema(), vec![batch]))?.into_any())
            }
        }
    }
}

impl Delivery {
    /// Converts the page for the task that awaits it.
    fn accept(mut self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let Some(page) = self.page.as_ref() else { return Ok(py.None().into_bound(py)) };
        let made = self.format.convert(py, page)?;
        self.page = None;
        Ok(made)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.undelivered.lock().extend(self.page.take());
    }
}
