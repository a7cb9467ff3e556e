//! Why a page cannot become a batch.

use crate::convert::decode::unexpected_response;
use crate::convert::records;
use crate::runtime::finalization::FinalizationGuard;
use egito::RecordId;
use pyo3::prelude::*;

/// Why a page cannot become a batch.
pub(crate) struct PageError {
    /// The problem, and the expected type.
    pub problem: String,
    /// What to do, for a value that does not fit the schema.
    pub advice: Option<&'static str>,
    /// The record of that value, if it has an id.
    pub id: Option<RecordId>,
}

impl PageError {
    /// Returns the exception. For a value that does not fit the schema it has `id`, and `_problem` for callers that have another way to
    /// give a schema.
    pub(crate) fn exception(&self, py: Python<'_>) -> PyErr {
        let Some(advice) = self.advice else { return unexpected_response(py, &self.problem) };
        let exception = unexpected_response(py, &format!("{}: {advice}", self.problem));
        self.add_details(py, &exception).err().unwrap_or(exception)
    }

    fn add_details(&self, py: Python<'_>, exception: &PyErr) -> PyResult<()> {
        let _guard = FinalizationGuard::acquire_or_exit(py)?;
        let exception = exception.value(py);
        exception.setattr("_problem", &self.problem)?;
        self.id.as_ref().map_or(Ok(()), |id| exception.setattr("id", records::id(py, id)?))
    }
}

impl From<String> for PageError {
    fn from(problem: String) -> Self {
        Self { problem, advice: None, id: None }
    }
}
