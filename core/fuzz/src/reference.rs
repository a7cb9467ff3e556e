//! A simple implementation of the wire contract: what a response means.

use crate::json::{Json, id};
use egito::Code;

/// The expected result of reading a response.
#[derive(Debug, PartialEq)]
pub enum Expected {
    Id(Option<String>),
    Json(String),
    Page(String, Vec<(String, Option<String>)>, Option<(u64, bool)>),
    /// The code, and the number of field errors.
    Error(Code, usize),
}

/// Returns the expected result of reading a response.
#[must_use]
pub fn expected(action: &str, list_key: Option<&str>, status: u16, text: &str) -> Expected {
    let json = Json::read(text);
    let field_errors = json.as_ref().map_or(0, |json| field_errors(json, action, status));
    let code = match status {
        401 => Code::Auth,
        403 => Code::Permission,
        404 => Code::NotFound,
        _ if field_errors > 0 => Code::Validation,
        429 => Code::RateLimited,
        500..=599 => Code::Server,
        200..=299 => return success(action, list_key, text, json.as_ref()),
        _ => Code::UnexpectedResponse,
    };
    Expected::Error(code, field_errors)
}

/// Returns the number of field errors in a response.
#[must_use]
pub fn field_errors(response: &Json<'_>, action: &str, status: u16) -> usize {
    let has_id = id(response).is_some();
    if has_id && action == "get" && (200..300).contains(&status) {
        return 0;
    }
    let errors = response.member("errors").map_or(0, number_of);
    if errors > 0 || has_id || status == 429 || status >= 500 {
        return errors;
    }
    match response.member("error").map_or(0, number_of) {
        0 => usize::from(response.member("success").is_some_and(|success| success.text == "false")),
        number => number,
    }
}

fn number_of(errors: &Json<'_>) -> usize {
    let is_blank = matches!(errors.text, "null" | "false" | "0" | "\"\"")
        || errors.object().is_some_and(|members| members.is_empty());
    if is_blank { 0 } else { errors.list().map_or(1, <[_]>::len) }
}

fn success(action: &str, list_key: Option<&str>, text: &str, json: Option<&Json<'_>>) -> Expected {
    let unexpected = Expected::Error(Code::UnexpectedResponse, 0);
    let is_empty = text.trim_ascii().is_empty();
    let is_null = json.is_some_and(|json| json.text == "null");
    match (action, json) {
        (_, None) if !is_empty => unexpected,
        ("update" | "delete", _) if is_empty || is_null => Expected::Id(None),
        ("get", _) if is_empty || is_null => Expected::Error(Code::NotFound, 0),
        (_, None) => unexpected,
        ("create", Some(json)) => id(json).map_or(unexpected, |id| Expected::Id(Some(id))),
        ("update" | "delete", Some(json)) if json.text != "false" => Expected::Id(id(json)),
        ("get", Some(json)) => match json.object() {
            Some(members) if members.is_empty() => Expected::Error(Code::NotFound, 0),
            Some(_) => Expected::Json(json.text.to_owned()),
            None => unexpected,
        },
        ("list", Some(json)) => list(json, list_key).map_or(unexpected, |list| page(list, count(json))),
        ("call", Some(json)) => Expected::Json(json.text.to_owned()),
        _ => unexpected,
    }
}

/// Names of members that are lists.
const LISTS: [&str; 6] = ["list", "items", "data", "rows", "results", "records"];

/// Returns the list in a response: the response itself, the array of this name, or the only array of objects.
fn list<'a, 'j>(response: &'a Json<'j>, list_key: Option<&str>) -> Option<&'a Json<'j>> {
    let is_list =
        |value: &&Json<'_>| value.list().is_some_and(|items| items.iter().all(|item| item.object().is_some()));
    if response.list().is_some() {
        return Some(response).filter(is_list);
    }
    if let Some(key) = list_key {
        return response.member(key).filter(is_list);
    }
    let members = response.object()?.iter().filter(|(name, _)| *name != "errors");
    let lists: Vec<_> = members.filter(|(_, value)| is_list(value)).collect();
    let (filled, empty): (Vec<_>, Vec<_>) =
        lists.into_iter().partition(|(_, list)| list.list().is_some_and(|items| !items.is_empty()));
    let candidates = match (filled.is_empty(), named(&filled).is_empty()) {
        (true, _) if named(&empty).len() == 1 => named(&empty),
        (true, _) => empty,
        (false, true) => [filled, named(&empty)].concat(),
        (false, false) => filled,
    };
    if let [(_, only)] = candidates[..] { Some(only) } else { None }
}

fn named<'a, 'j>(lists: &[(&'a String, &'a Json<'j>)]) -> Vec<(&'a String, &'a Json<'j>)> {
    lists.iter().copied().filter(|(name, _)| LISTS.contains(&name.as_str())).collect()
}

fn page(list: &Json<'_>, count: Option<(u64, bool)>) -> Expected {
    let records = list.list().unwrap_or_default().iter().map(|record| (record.text.to_owned(), id(record)));
    Expected::Page(list.text.to_owned(), records.collect(), count)
}

fn count(response: &Json<'_>) -> Option<(u64, bool)> {
    let number = |name| response.member(name)?.text.parse().ok();
    let total = ["total", "totalCount", "total_count"].into_iter().find_map(number);
    total.map(|total| (total, true)).or_else(|| Some((number("count")?, false)))
}
