//! Finds the kind of a response body and the positions of its parts, in one pass and without building a tree.

use crate::blank::is_blank;
use crate::id::RecordId;
use crate::json::scanner::{Kind, Scanner, SyntaxError};
use std::borrow::Cow;
use std::ops::Range;

/// Number of members for which space is reserved. Most objects have fewer.
const INITIAL_CAPACITY: usize = 64;

/// The kind of a response body.
pub(super) enum Body<'t> {
    /// White space only.
    Empty,
    /// JSON `null`.
    Null,
    Object(Vec<Field<'t>>),
    Array(Array),
    /// A string, a number or a boolean.
    Scalar,
}

/// A member of the outermost object. If a name occurs twice, the last one counts.
pub(super) struct Field<'t> {
    pub name: Cow<'t, str>,
    pub value: Range<usize>,
    /// The positions of its records, if the value is an array. Boxed, since most values are none.
    pub array: Option<Box<Array>>,
}

/// The position of an array, and of the objects in it.
pub(super) struct Array {
    pub span: Range<usize>,
    pub records: Vec<RecordSpan>,
    /// Whether every element is an object.
    pub only_objects: bool,
    /// At least the number of bytes of the longest integer in the array, see [`Scanner::longest_integer`].
    pub longest_integer: usize,
}

/// The position of one record, and its id.
pub(super) struct RecordSpan {
    pub range: Range<usize>,
    pub id: Option<RecordId>,
}

/// Scans `text`. The error says why it is not JSON.
pub(super) fn scan(text: &str) -> Result<Body<'_>, String> {
    if text.bytes().all(|b| b.is_ascii_whitespace()) {
        return Ok(Body::Empty);
    }
    let mut scanner = Scanner::new(text);
    body(&mut scanner).and_then(|body| scanner.end().map(|()| body)).map_err(|why| why.to_string())
}

fn body<'t>(scanner: &mut Scanner<'t>) -> Result<Body<'t>, SyntaxError> {
    match scanner.kind()? {
        Kind::Object => fields(scanner).map(Body::Object),
        Kind::Array => array(scanner).map(Body::Array),
        Kind::String | Kind::Plain => Ok(if scanner.value()? == "null" { Body::Null } else { Body::Scalar }),
    }
}

fn fields<'t>(scanner: &mut Scanner<'t>) -> Result<Vec<Field<'t>>, SyntaxError> {
    let mut fields = Vec::with_capacity(INITIAL_CAPACITY);
    scanner.object(|scanner, name| {
        let kind = scanner.kind()?;
        let start = scanner.position();
        let array =
            if kind == Kind::Array { Some(Box::new(array(scanner)?)) } else { scanner.skip().map(|()| None)? };
        fields.push(Field { name: name.text(), value: start..scanner.position(), array });
        Ok(())
    })?;
    Ok(fields)
}

fn array(scanner: &mut Scanner<'_>) -> Result<Array, SyntaxError> {
    let start = scanner.position();
    let mut records = Vec::new();
    let mut only_objects = true;
    scanner.array(|scanner| {
        if scanner.kind()? == Kind::Object {
            records.push(record(scanner)?);
            Ok(())
        } else {
            only_objects = false;
            scanner.skip()
        }
    })?;
    let longest_integer = scanner.longest_integer();
    Ok(Array { span: start..scanner.position(), records, only_objects, longest_integer })
}

fn record(scanner: &mut Scanner<'_>) -> Result<RecordSpan, SyntaxError> {
    let start = scanner.position();
    let mut id = None;
    scanner.object(|scanner, name| {
        if name.is("id") {
            id = RecordId::from_json(scanner.value()?).filter(|id| !id.text().is_some_and(is_blank));
            Ok(())
        } else {
            scanner.skip()
        }
    })?;
    Ok(RecordSpan { range: start..scanner.position(), id })
}
