//! Which version of the library this is.

use crate::panic::infallible;
use std::ffi::{CStr, c_char, c_int};
use std::ptr::null;

/// With its NUL, so that C can read it where it stands.
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

/// The version of the library that the program runs with, such as "0.1.0". EGITO_VERSION is that of the header.
///
/// The text is the library's: do not free it. Never fails. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_version() -> *const c_char {
    infallible(null(), || VERSION.as_ptr())
}

/// The same as a number that grows: 10000 * major + 100 * minor + patch. EGITO_VERSION_NUMBER is that of the header.
///
/// Never fails. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_version_number() -> c_int {
    infallible(0, || NUMBER)
}
