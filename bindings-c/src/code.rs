//! The error table of the core, as data for C.

use crate::panic::infallible;
use egito_core::{CODES, CodeInfo};
use std::ffi::{CString, c_char, c_int};
use std::ptr::null;
use std::sync::LazyLock;

/// One row of the table, in texts that C can read where they stand.
struct Row {
    name: CString,
    constant: CString,
    class: CString,
    meaning: CString,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| CODES.iter().map(Row::new).collect());

/// The name of an error code, such as "not_found" for 4; NULL where there is no such code. Codes count from 1 without a gap.
///
/// The text is the library's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_name(code: c_int) -> *const c_char {
    column(code, |row| &row.name)
}

/// The name of a code's constant, such as "EGITO_ERROR_NOT_FOUND" for 4; NULL where there is no such code.
///
/// The text is the library's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_constant(code: c_int) -> *const c_char {
    column(code, |row| &row.constant)
}

/// The name of a code's class in languages that have classes, such as "NotFoundError" for 4; NULL where there is no such
/// code.
///
/// The text is the library's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_class(code: c_int) -> *const c_char {
    column(code, |row| &row.class)
}

/// When a code occurs, in a few English words; NULL where there is no such code.
///
/// The text is the library's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_code_meaning(code: c_int) -> *const c_char {
    column(code, |row| &row.meaning)
}

fn column(code: c_int, which: impl FnOnce(&'static Row) -> &'static CString) -> *const c_char {
    infallible(null(), || {
        let place = usize::try_from(code).ok().and_then(|code| code.checked_sub(1));
        place.and_then(|place| ROWS.get(place)).map_or(null(), |row| which(row).as_ptr())
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
