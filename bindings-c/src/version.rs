//! The version of the library.

use crate::panic::infallible;
use std::ffi::{CStr, c_char, c_int};
use std::ptr::null;

/// With its NUL, so that C can read it in place.
const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("a version has no NUL inside"),
};

const NUMBER: c_int = 10_000 * part(env!("CARGO_PKG_VERSION_MAJOR"))
    + 100 * part(env!("CARGO_PKG_VERSION_MINOR"))
    + part(env!("CARGO_PKG_VERSION_PATCH"));

const fn part(digits: &str) -> c_int {
    match c_int::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a part of a version is a number"),
    }
}

/// Returns the version of the library at run time, such as "0.1.0". EGITO_VERSION is the version of the header.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_version() -> *const c_char {
    infallible(null(), || VERSION.as_ptr())
}

/// Returns the version of the library as a number: 10000 * major + 100 * minor + patch. EGITO_VERSION_NUMBER is the
/// version of the header. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_version_number() -> c_int {
    infallible(0, || NUMBER)
}
