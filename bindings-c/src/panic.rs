//! Stops panics: none crosses the border to C.

use egito_core::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a body that can fail. A panic becomes the error `internal`.
pub(crate) fn caught<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))
}

/// Runs the body of a function that cannot fail; a panic gives `fallback`.
pub(crate) fn infallible<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::infallible;

    #[test]
    fn a_panic_in_a_function_that_cannot_fail_gives_the_fallback() {
        assert_eq!(infallible(7, || panic!("on purpose")), 7);
    }
}
