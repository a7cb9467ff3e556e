//! One pass over an answer's bytes: what it is, and where its parts begin and end. No tree is built.

use crate::id::RecordId;
use jiter::{Jiter, JiterResult, Peek};
use std::ops::Range;

/// What an answer's body is.
pub(super) enum Body {
    /// No bytes but white space.
    Empty,
    /// JSON `null`.
    Null,
    Object(Vec<Field>),
    Array(Array),
    /// A text, a number or a boolean.
    Scalar,
}

/// One member of the outermost object.
pub(super) struct Field {
    pub name: String,
    pub value: Range<usize>,
    /// The borders of its records, where the value is an array.
    pub array: Option<Array>,
}

/// An array and the borders of the objects in it.
pub(super) struct Array {
    pub span: Range<usize>,
    pub records: Vec<Span>,
    /// Whether every element is an object.
    pub only_objects: bool,
}

/// Where one record lies, and its id.
pub(super) struct Span {
    pub place: Range<usize>,
    pub id: Option<RecordId>,
}

/// Reads `text`; the error says in words why it is not JSON.
pub(super) fn scan(text: &str) -> Result<Body, String> {
    if text.bytes().all(|b| b.is_ascii_whitespace()) {
        return Ok(Body::Empty);
    }
    let mut jiter = Jiter::new(text.as_bytes());
    body(&mut jiter, text)
        .and_then(|body| jiter.finish().map(|()| body))
        .map_err(|e| format!("{} at byte {}", e.error_type, e.index))
}

fn body(jiter: &mut Jiter<'_>, text: &str) -> JiterResult<Body> {
    Ok(match jiter.peek()? {
        Peek::Object => Body::Object(fields(jiter, text)?),
        Peek::Array => Body::Array(array(jiter, text)?),
        Peek::Null => {
            jiter.next_skip()?;
            Body::Null
        }
        _ => {
            jiter.next_skip()?;
            Body::Scalar
        }
    })
}

fn fields(jiter: &mut Jiter<'_>, text: &str) -> JiterResult<Vec<Field>> {
    let mut fields: Vec<Field> = Vec::new();
    let mut key = jiter.next_object()?.map(str::to_owned);
    while let Some(name) = key {
        let peek = jiter.peek()?;
        let start = jiter.current_index();
        let array = if matches!(peek, Peek::Array) {
            Some(array(jiter, text)?)
        } else {
            jiter.next_skip()?;
            None
        };
        let field = Field { name, value: start..jiter.current_index(), array };
        // Of duplicate keys the last counts.
        match fields.iter_mut().find(|known| known.name == field.name) {
            Some(known) => *known = field,
            None => fields.push(field),
        }
        key = jiter.next_key()?.map(str::to_owned);
    }
    Ok(fields)
}

fn array(jiter: &mut Jiter<'_>, text: &str) -> JiterResult<Array> {
    jiter.peek()?;
    let start = jiter.current_index();
    let mut records = Vec::new();
    let mut only_objects = true;
    let mut next = jiter.next_array()?;
    while let Some(peek) = next {
        if matches!(peek, Peek::Object) {
            records.push(record(jiter, text)?);
        } else {
            only_objects = false;
            jiter.next_skip()?;
        }
        next = jiter.array_step()?;
    }
    Ok(Array { span: start..jiter.current_index(), records, only_objects })
}

fn record(jiter: &mut Jiter<'_>, text: &str) -> JiterResult<Span> {
    let start = jiter.current_index();
    let mut id = None;
    let mut is_id = jiter.next_object()?.map(|key| key == "id");
    while let Some(wanted) = is_id {
        jiter.peek()?;
        let value = jiter.current_index();
        jiter.next_skip()?;
        if wanted {
            id = RecordId::from_json(&text[value..jiter.current_index()]);
        }
        is_id = jiter.next_key()?.map(|key| key == "id");
    }
    Ok(Span { place: start..jiter.current_index(), id })
}
