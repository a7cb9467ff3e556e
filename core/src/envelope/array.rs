//! Which array of an answer is the list, and what the answer says about the total count.

use super::scan::{Array, Body, Field};
use std::borrow::Cow;
use std::collections::HashMap;

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

/// Names that an array has only where it is the list.
const LISTS: [&str; 6] = ["list", "items", "data", "rows", "results", "records"];

/// How many arrays an error names.
const NAMED: usize = 5;

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
    let mut candidates = lists(fields);
    // An array without elements may be of anything, so it is the list only where no array holds objects. But an empty list
    // beside messages must not make records of those, nor hide that there are none.
    let is_list = |name: &str| LISTS.contains(&name);
    let filled: Vec<_> = candidates.iter().filter(|(_, array)| !array.records.is_empty()).collect();
    if !filled.is_empty() {
        let is_sure = filled.iter().any(|(name, _)| is_list(name));
        candidates.retain(|(name, array)| !array.records.is_empty() || (!is_sure && is_list(name)));
    } else if candidates.iter().filter(|(name, _)| is_list(name)).count() == 1 {
        candidates.retain(|(name, _)| is_list(name));
    }
    if candidates.len() > 1 {
        let names: Vec<_> = candidates.iter().take(NAMED).map(|(name, _)| format!("`{name}`")).collect();
        let more = if candidates.len() > NAMED { " …" } else { "" };
        let which = names.join(", ") + more;
        return Err(format!(
            "the answer has several arrays ({which}); name the list's key with the setting `list_key`"
        ));
    }
    let (_, array) = candidates
        .pop()
        .ok_or("the answer has no array of objects; name the list's key with the setting `list_key`")?;
    Ok(Found { array, count })
}

/// The arrays of objects, in their order, but for empty `errors`. Of duplicate keys the last counts.
fn lists(fields: Vec<Field<'_>>) -> Vec<(Cow<'_, str>, Array)> {
    let last: HashMap<_, _> = fields.iter().enumerate().map(|(place, field)| (field.name.clone(), place)).collect();
    let kept =
        fields.into_iter().enumerate().filter(|(place, field)| last[&field.name] == *place && field.name != "errors");
    kept.filter_map(|(_, field)| Some((field.name, field.array.filter(|array| array.only_objects)?))).collect()
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
