//! The table of error codes, for C.

use crate::panic::infallible;
use egito_core::{CODES, CodeInfo};
use std::ffi::{CString, c_char, c_int};
use std::ptr::null;
use std::sync::LazyLock;

/// One row of the table, as C strings.
struct Row {
    name: CString,
    constant: CString,
    class: CString,
    meaning: CString,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| CODES.iter().map(Row::new).collect());

/// Returns the name of an error code, such as "not_found" for 4; NULL for an unknown code. Codes count from 1 without
/// gaps.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_name(code: c_int) -> *const c_char {
    column(code, |row| &row.name)
}

/// Returns the name of the constant of a code, such as "EGITO_ERROR_NOT_FOUND" for 4; NULL for an unknown code.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_constant(code: c_int) -> *const c_char {
    column(code, |row| &row.constant)
}

/// Returns the name of the class of a code in languages with classes, such as "NotFoundError" for 4; NULL for an
/// unknown code.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_class(code: c_int) -> *const c_char {
    column(code, |row| &row.class)
}

/// Returns when a code occurs, in a few English words; NULL for an unknown code.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_meaning(code: c_int) -> *const c_char {
    column(code, |row| &row.meaning)
}

fn column(code: c_int, which: impl FnOnce(&'static Row) -> &'static CString) -> *const c_char {
    infallible(null(), || {
        let index = usize::try_from(code).ok().and_then(|code| code.checked_sub(1));
        index.and_then(|index| ROWS.get(index)).map_or(null(), |row| which(row).as_ptr())
    })
}

impl Row {
    fn new(info: &CodeInfo) -> Self {
        let text = |text: &str| CString::new(text).expect("the table has no NUL");
        Self {
            name: text(info.name),
            constant: text(&format!("EGITO_ERROR_{}", info.name.to_uppercase())),
            class: text(info.class),
            meaning: text(info.when),
        }
    }
}
