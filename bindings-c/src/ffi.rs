//! Converts between C and Rust: pointers, NULL, UTF-8 and results.
//!
//! The `unsafe` blocks rely on the contract of egito.h, called "the rules" below: a pointer argument is NULL or points
//! to a valid value of its type during the whole call, and no other thread writes to it meanwhile.

use egito_core::{Error, Record, RecordKey, Result};
use serde::Serialize;
use std::ffi::{CStr, CString, c_char, c_void};

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(pointer: *mut c_void);
}

/// Returns a required string.
pub(crate) fn required_string<'a>(name: &str, pointer: *const c_char) -> Result<&'a str> {
    optional_string(name, pointer)?.ok_or_else(|| is_null(name))
}

/// Returns a required record as JSON. Creating it checks that it is UTF-8; only the error is made here, with the field.
pub(crate) fn required_record(name: &str, pointer: *const c_char) -> Result<Record> {
    let json = unchecked_string(pointer).ok_or_else(|| is_null(name))?;
    Record::from_json(json.to_bytes()).map_err(|error| utf8(name, json).err().unwrap_or(error))
}

/// Returns a required key and its options.
pub(crate) fn required_key(name: &str, options_json: *const c_char) -> Result<RecordKey> {
    RecordKey::from_json(required_string(name, options_json)?.as_bytes())
}

/// Returns a result of the core as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("records, ids and numbers can be written as JSON")
}

/// Returns a string that may be NULL.
pub(crate) fn optional_string<'a>(name: &str, pointer: *const c_char) -> Result<Option<&'a str>> {
    unchecked_string(pointer).map(|text| utf8(name, text)).transpose()
}

/// Returns a string that may be NULL, unchecked.
pub(crate) fn unchecked_string<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not NULL, so by the rules it ends with a NUL and does not change during the call; no one keeps it longer.
    Some(unsafe { CStr::from_ptr(pointer) })
}

/// Returns the strings of an array.
pub(crate) fn strings<'a>(name: &str, pointer: *const *const c_char, count: usize) -> Result<Vec<&'a str>> {
    if pointer.is_null() && count > 0 {
        return Err(is_null(name));
    }
    (0..count)
        .map(|index| {
            // SAFETY: not NULL, so by the rules it points to `count` strings, which do not change during the call.
            required_string(name, unsafe { pointer.add(index).read() })
        })
        .collect()
}

/// The form in which C++ passes a NUL inside a string, which a C string cannot have: overlong, so not UTF-8.
const ESCAPED_NUL: &[u8] = b"\xc0\x80";

/// Checks that a string is UTF-8. In JSON the error also names the field with the invalid byte.
pub(crate) fn utf8<'a>(name: &str, text: &'a CStr) -> Result<&'a str> {
    text.to_str().map_err(|error| {
        let position = error.valid_up_to();
        let before = String::from_utf8_lossy(&text.to_bytes()[..position]);
        let field = if name.ends_with("json") { last_field(&before) } else { None };
        let field = field.map_or_else(String::new, |field| format!(", in the field `{field}`"));
        let is_nul = text.to_bytes()[position..].starts_with(ESCAPED_NUL);
        let found = if is_nul { "a NUL character" } else { "not UTF-8" };
        Error::config(name, format!("invalid `{name}`: {found} at byte {position}{field}"))
    })
}

/// Returns the name of the last member that begins in the first part of a JSON text.
fn last_field(json: &str) -> Option<&str> {
    let mut last = None;
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let string = &rest[start + 1..];
        let Some(end) = string_end(string) else { break };
        rest = &string[end + 1..];
        if rest.trim_start().starts_with(':') {
            last = Some(&string[..end]);
        }
    }
    last
}

/// Returns where a JSON string ends: at the first quote that is not escaped.
fn string_end(string: &str) -> Option<usize> {
    let mut is_escaped = false;
    string.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

/// Returns a text as a C string, with a replacement character for each NUL.
pub(crate) fn without_nul(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// An out-parameter. It is checked before the call: a record must not be created if its id cannot be returned.
pub(crate) struct Out<T>(Option<*mut T>);

impl<T> Out<T> {
    /// Returns a required out-parameter.
    pub(crate) fn required(name: &str, pointer: *mut T) -> Result<Self> {
        if pointer.is_null() { Err(is_null(name)) } else { Ok(Self(Some(pointer))) }
    }

    /// Returns an out-parameter that may be NULL: then the result is dropped.
    pub(crate) fn optional(pointer: *mut T) -> Self {
        Self((!pointer.is_null()).then_some(pointer))
    }

    /// Returns whether there is an out-parameter.
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Writes a plain value.
    pub(crate) fn value(self, value: T) {
        if let Some(pointer) = self.0 {
            // SAFETY: not NULL, so by the rules it has room for one `T`; the old value belongs to C and is not dropped.
            unsafe { pointer.write(value) }
        }
    }
}

impl Out<*mut c_char> {
    /// Writes a copy of a string, which `egito_string_free` frees.
    pub(crate) fn string(self, text: impl AsRef<[u8]>) -> Result<()> {
        if self.0.is_some() {
            self.value(copied(text.as_ref())?);
        }
        Ok(())
    }

    /// Like [`Out::string`], or writes NULL for `None`.
    pub(crate) fn string_or_null(self, text: Option<impl AsRef<[u8]>>) -> Result<()> {
        match text {
            Some(text) => self.string(text)?,
            None => self.value(std::ptr::null_mut()),
        }
        Ok(())
    }
}

/// Frees a string of [`copied`].
pub(crate) fn free_string(text: *mut c_char) {
    // SAFETY: by the rules it is NULL or came from `copied`, which took it from malloc.
    unsafe { free(text.cast()) }
}

/// Copies a string with a NUL at its end to memory of malloc: C programs may change it, and Rust's allocator would need
/// its length to free it.
fn copied(text: &[u8]) -> Result<*mut c_char> {
    if text.contains(&0) {
        return Err(Error::config("value", "the string contains a NUL, which would end it in C; read it as JSON"));
    }
    // SAFETY: malloc takes any size.
    let memory = unsafe { malloc(text.len() + 1) }.cast::<u8>();
    assert!(!memory.is_null(), "out of memory");
    // SAFETY: the memory is new, not NULL, and one byte longer than the text.
    unsafe {
        memory.copy_from_nonoverlapping(text.as_ptr(), text.len());
        memory.add(text.len()).write(0);
    }
    Ok(memory.cast())
}

pub(crate) fn is_null(name: &str) -> Error {
    Error::config(name, format!("`{name}` is required, got NULL"))
}

#[cfg(test)]
mod tests {
    use super::{last_field, utf8};

    #[test]
    fn the_error_names_the_field_with_the_invalid_byte() {
        let error = utf8("record_json", c"{\"id\": 1, \"city\": \"Krak\xf3w\"}").unwrap_err();
        let expected = "invalid `record_json`: not UTF-8 at byte 23, in the field `city`";
        assert_eq!(error.details().message, expected);
        let error = utf8("record_json", c"{\"city\": \"\xc0\x80\"}").unwrap_err();
        assert_eq!(error.details().message, "invalid `record_json`: a NUL character at byte 10, in the field `city`");
        assert_eq!(utf8("id", c"\"a\": \xff").unwrap_err().to_string().find("field"), None);
    }

    #[test]
    fn the_last_field_is_found_after_strings_with_quotes() {
        assert_eq!(last_field(r#"{"a": "x\\", "b" : "\": ", "c"#), Some("b"));
        assert_eq!(last_field(r#"["a", "b""#), None);
    }
}
