//! Catches panics: none may unwind into C.

use egito_core::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a function that can fail. A panic becomes the error `internal`.
pub(crate) fn catch_panics<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))
}

/// Runs a function that cannot fail. Returns `fallback` if it panics.
pub(crate) fn infallible<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::infallible;

    #[test]
    fn a_panic_in_an_infallible_function_returns_the_fallback() {
        assert_eq!(infallible(7, || panic!("on purpose")), 7);
    }
}
