//! Which array of an answer is the list, and what the answer says about the total count.

use super::scan::{Array, Body, Field};

/// A list's answer, sorted out.
pub(super) struct Found {
    pub array: Array,
    pub count: Option<Count>,
}

/// A number in a list's answer that may be the count of all records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub value: u64,
    /// Whether its name says `total`; a plain `count` may mean "on this page".
    pub is_total: bool,
}

/// Names of counts, the surest first.
const COUNTS: [(&str, bool); 4] = [("total", true), ("totalCount", true), ("total_count", true), ("count", false)];

/// Finds the list; the error says in words why there is none.
pub(super) fn find(text: &str, body: Body<'_>, list_key: Option<&str>) -> Result<Found, String> {
    match (body, list_key) {
        (Body::Array(array), _) => checked(array, "the list").map(|array| Found { array, count: None }),
        (Body::Object(fields), Some(key)) => {
            let count = count(text, &fields);
            let array = fields.into_iter().rev().find(|field| field.name == key).and_then(|field| field.array);
            let array = array.ok_or_else(|| format!("the answer has no array `{key}` (setting `list_key`)"))?;
            checked(array, key).map(|array| Found { array, count })
        }
        (Body::Object(fields), None) => detect(text, fields),
        _ => Err("the answer to a list is neither an array nor an object with one".into()),
    }
}

fn detect(text: &str, fields: Vec<Field<'_>>) -> Result<Found, String> {
    let count = count(text, &fields);
    let names = |fields: &[&Field<'_>]| fields.iter().map(|f| format!("`{}`", f.name)).collect::<Vec<_>>().join(", ");
    let mut arrays: Vec<&Field<'_>> = Vec::new();
    for field in fields.iter().filter(|field| field.array.as_ref().is_some_and(|array| array.only_objects)) {
        arrays.retain(|known| known.name != field.name); // of duplicate keys the last counts
        arrays.push(field);
    }
    // An array without elements may be of anything, so it is the list only where no array holds objects.
    let filled: Vec<&Field<'_>> = arrays.iter().copied().filter(|f| !is_empty(f)).collect();
    let candidates = if filled.is_empty() { arrays } else { filled };
    let name = match candidates.as_slice() {
        [] => return Err("the answer has no array of objects; name the list's key with the setting `list_key`".into()),
        [one] => one.name.to_string(),
        many => {
            let which = names(many);
            return Err(format!(
                "the answer has several arrays ({which}); name the list's key with the setting `list_key`"
            ));
        }
    };
    let array = fields.into_iter().rev().find(|field| field.name == name).and_then(|field| field.array);
    array.map(|array| Found { array, count }).ok_or_else(|| "the list vanished".into())
}

fn is_empty(field: &Field<'_>) -> bool {
    field.array.as_ref().is_none_or(|array| array.records.is_empty())
}

fn checked(array: Array, name: &str) -> Result<Array, String> {
    if array.only_objects { Ok(array) } else { Err(format!("not every element of `{name}` is a record (an object)")) }
}

fn count(text: &str, fields: &[Field<'_>]) -> Option<Count> {
    COUNTS.iter().find_map(|&(name, is_total)| {
        let value = super::errors::member(text, fields, name)?.parse().ok()?;
        Some(Count { value, is_total })
    })
}
