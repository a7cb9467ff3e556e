//! Pointers, NULL, UTF-8 and results: every step between C's memory and ours. All `unsafe` blocks of the crate are here.
//!
//! What makes them sound is the contract of egito.h, called "the rules" below: a pointer that comes in is NULL or points
//! to what its type says, for the whole call, and nobody else writes there meanwhile.

use egito_core::{Error, Result};
use std::ffi::{CStr, c_char, c_void};

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(pointer: *mut c_void);
}

/// A text that must be given.
pub(crate) fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str> {
    optional_text(name, pointer)?.ok_or_else(|| is_null(name))
}

/// A text that may be NULL.
pub(crate) fn optional_text<'a>(name: &str, pointer: *const c_char) -> Result<Option<&'a str>> {
    bytes(pointer).map(|text| utf8(name, text)).transpose()
}

/// A text that may be NULL, as it is.
pub(crate) fn bytes<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not NULL, so by the rules it ends with a NUL and stays as it is during the call; nothing keeps it longer.
    Some(unsafe { CStr::from_ptr(pointer) })
}

/// A text that must be UTF-8. In JSON the error also names the field that holds the wrong byte.
pub(crate) fn utf8<'a>(name: &str, text: &'a CStr) -> Result<&'a str> {
    text.to_str().map_err(|error| {
        let place = error.valid_up_to();
        let before = String::from_utf8_lossy(&text.to_bytes()[..place]);
        let field = if name.ends_with("json") { last_field(&before) } else { None };
        let field = field.map_or_else(String::new, |field| format!(", in the field `{field}`"));
        Error::config(name, format!("`{name}` is not valid UTF-8 (at byte {place}{field}); pass UTF-8 text"))
    })
}

/// The name of the last member that begins in a part of a JSON text.
fn last_field(json: &str) -> Option<&str> {
    let mut last = None;
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let text = &rest[start + 1..];
        let Some(end) = text_end(text) else { break };
        rest = &text[end + 1..];
        if rest.trim_start().starts_with(':') {
            last = Some(&text[..end]);
        }
    }
    last
}

/// Where a text of JSON ends: at the first quote without a backslash before it.
fn text_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

/// Where a result goes. It is looked at before the call: a record must not be created if its id could not be handed out.
pub(crate) struct Out<T>(Option<*mut T>);

impl<T> Out<T> {
    /// A place for a result that must be given.
    pub(crate) fn needed(name: &str, pointer: *mut T) -> Result<Self> {
        if pointer.is_null() { Err(is_null(name)) } else { Ok(Self(Some(pointer))) }
    }

    /// A place for a result that may be NULL: then nobody wants it.
    pub(crate) fn optional(pointer: *mut T) -> Self {
        Self((!pointer.is_null()).then_some(pointer))
    }

    /// Whether somebody wants the result.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Hands a plain value out.
    pub(crate) fn value(self, value: T) {
        if let Some(place) = self.0 {
            // SAFETY: not NULL, so by the rules it is room for one `T`; what stood there is C's and is not dropped.
            unsafe { place.write(value) }
        }
    }
}

impl Out<*mut c_char> {
    /// Hands text out, which `egito_string_free` takes back.
    pub(crate) fn text(self, text: impl AsRef<[u8]>) -> Result<()> {
        if self.0.is_some() {
            self.value(copied(text.as_ref())?);
        }
        Ok(())
    }

    /// Hands text out, or NULL where there is none.
    pub(crate) fn text_or_null(self, text: Option<impl AsRef<[u8]>>) -> Result<()> {
        match text {
            Some(text) => self.text(text)?,
            None => self.value(std::ptr::null_mut()),
        }
        Ok(())
    }
}

/// Frees what `copied` made.
pub(crate) fn free_text(text: *mut c_char) {
    // SAFETY: by the rules it is NULL or came from `copied`, which took it from malloc.
    unsafe { free(text.cast()) }
}

/// The text with a NUL at its end, in memory of malloc: C programs may change it, and Rust's allocator would have to
/// know its length when it is freed.
fn copied(text: &[u8]) -> Result<*mut c_char> {
    if text.contains(&0) {
        return Err(Error::config(
            "value",
            "the text has a NUL inside, which C would take for its end; read it as JSON",
        ));
    }
    // SAFETY: malloc takes any size.
    let memory = unsafe { malloc(text.len() + 1) }.cast::<u8>();
    assert!(!memory.is_null(), "the system gives no more memory");
    // SAFETY: the memory is new, not NULL, and one byte longer than the text.
    unsafe {
        memory.copy_from_nonoverlapping(text.as_ptr(), text.len());
        memory.add(text.len()).write(0);
    }
    Ok(memory.cast())
}

pub(crate) fn is_null(name: &str) -> Error {
    Error::config(name, format!("`{name}` is NULL; it must be given"))
}

#[cfg(test)]
mod tests {
    use super::{last_field, utf8};

    #[test]
    fn the_field_that_holds_a_wrong_byte_is_named() {
        let error = utf8("record_json", c"{\"id\": 1, \"city\": \"Krak\xf3w\"}").unwrap_err();
        let expected = "`record_json` is not valid UTF-8 (at byte 23, in the field `city`); pass UTF-8 text";
        assert_eq!(error.details().message, expected);
        assert_eq!(utf8("id", c"\"a\": \xff").unwrap_err().to_string().find("field"), None);
    }

    #[test]
    fn the_last_field_is_found_behind_texts_with_quotes() {
        assert_eq!(last_field(r#"{"a": "x\\", "b" : "\": ", "c"#), Some("b"));
        assert_eq!(last_field(r#"["a", "b""#), None);
    }
}
