//! Which version of the library this is.

use crate::panic::infallible;
use std::ffi::{CStr, c_char};
use std::ptr::null;

/// With its NUL, so that C can read it where it stands.
const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("a version has no NUL inside"),
};

/// The version of the library that the program runs with, such as "0.1.0".
///
/// EGITO_VERSION_MAJOR, _MINOR and _PATCH are those of the header it was compiled with.
/// The text is the library's: do not free it. Never fails. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_version() -> *const c_char {
    infallible(null(), || VERSION.as_ptr())
}
