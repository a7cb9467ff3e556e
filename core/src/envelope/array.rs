//! Finds the array of records in the response to a list, and the count of all records.

use super::scan::{Array, Body, Field};
use std::borrow::Cow;
use std::collections::HashMap;

/// The parts of the response to a list.
pub(super) struct Found {
    pub array: Array,
    pub count: Option<Count>,
}

/// A number in the response to a list that may be the count of all records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub value: u64,
    /// Whether its name contains `total`. A plain `count` may be that of the page.
    pub is_total: bool,
}

/// Keys of counts, in order of certainty, and whether they mean the total.
const COUNT_KEYS: [(&str, bool); 4] = [("total", true), ("totalCount", true), ("total_count", true), ("count", false)];

/// Keys that only the array of records has.
const LIST_KEYS: [&str; 6] = ["list", "items", "data", "rows", "results", "records"];

/// Maximum number of arrays that an error names.
const MAX_NAMED: usize = 5;

/// Finds the array of records. The error says why there is none.
pub(super) fn find(text: &str, body: Body<'_>, list_key: Option<&str>) -> Result<Found, String> {
    match (body, list_key) {
        (Body::Array(array), _) => checked(array, "the array").map(|array| Found { array, count: None }),
        (Body::Object(fields), Some(key)) => {
            let count = count(text, &fields);
            let array = fields.into_iter().rev().find(|field| field.name == key).and_then(|field| field.array);
            let array = array.ok_or_else(|| format!("expected an array `{key}` (setting `list_key`), found none"))?;
            checked(*array, &format!("`{key}`")).map(|array| Found { array, count })
        }
        (Body::Object(fields), None) => detect(text, fields),
        _ => Err("expected an array of records, or an object with one".into()),
    }
}

fn detect(text: &str, fields: Vec<Field<'_>>) -> Result<Found, String> {
    let count = count(text, &fields);
    let mut candidates = arrays_of_objects(fields);
    // The elements of an empty array may be of any kind, so it is the list only if no other array holds objects. But if an array
    // with a list key is empty and, for example, `messages` is not, the messages must not be returned as records.
    let is_list = |name: &str| LIST_KEYS.contains(&name);
    let filled: Vec<_> = candidates.iter().filter(|(_, array)| !array.records.is_empty()).collect();
    if !filled.is_empty() {
        let is_certain = filled.iter().any(|(name, _)| is_list(name));
        candidates.retain(|(name, array)| !array.records.is_empty() || (!is_certain && is_list(name)));
    } else if candidates.iter().filter(|(name, _)| is_list(name)).count() == 1 {
        candidates.retain(|(name, _)| is_list(name));
    }
    if candidates.len() > 1 {
        let names: Vec<_> = candidates.iter().take(MAX_NAMED).map(|(name, _)| format!("`{name}`")).collect();
        let more = if candidates.len() > MAX_NAMED { " …" } else { "" };
        let which = names.join(", ") + more;
        return Err(format!(
            "expected one array of records, found several ({which}); set `list_key` to the key of the list"
        ));
    }
    let (_, array) =
        candidates.pop().ok_or("expected an array of objects, found none; set `list_key` to the key of the list")?;
    Ok(Found { array, count })
}

/// Returns the arrays of objects in their order, without `errors`. If a key occurs twice, the last one counts.
fn arrays_of_objects(fields: Vec<Field<'_>>) -> Vec<(Cow<'_, str>, Array)> {
    let last: HashMap<_, _> = fields.iter().enumerate().map(|(index, field)| (field.name.clone(), index)).collect();
    let kept =
        fields.into_iter().enumerate().filter(|(index, field)| last[&field.name] == *index && field.name != "errors");
    kept.filter_map(|(_, field)| Some((field.name, *field.array.filter(|array| array.only_objects)?))).collect()
}

fn checked(array: Array, name: &str) -> Result<Array, String> {
    if array.only_objects { Ok(array) } else { Err(format!("expected only objects in {name}, found another value")) }
}

fn count(text: &str, fields: &[Field<'_>]) -> Option<Count> {
    COUNT_KEYS.iter().find_map(|&(name, is_total)| {
        let value = super::errors::member(text, fields, name)?.parse().ok()?;
        Some(Count { value, is_total })
    })
}
