//! The guard around every function: a panic becomes the error `internal` and never crosses the border.

use crate::error::{egito_error, egito_status, status_of};
use crate::ffi::Out;
use egito_core::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a function that can fail, and hands its error out.
pub(crate) fn fallible(error: *mut *mut egito_error, body: impl FnOnce() -> Result<()>) -> egito_status {
    let result = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Error::from_panic(&*panic)));
    let Err(failure) = result else { return egito_status::EGITO_OK };
    let status = status_of(failure.code());
    infallible((), || Out::optional(error).handle(egito_error::new(failure)));
    status
}

/// Runs the body of a function that cannot fail; `fallback` is what a panic gives.
pub(crate) fn infallible<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_binding_becomes_the_error_internal() {
        let status = fallible(std::ptr::null_mut(), || panic!("on purpose"));
        assert_eq!(status, egito_status::EGITO_ERROR_INTERNAL);
        assert_eq!(infallible(7, || panic!("on purpose")), 7);
    }
}
