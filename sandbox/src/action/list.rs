//! `list`: returns a page of records, filtered and sorted.

use std::fmt::Write;

use super::write_record;
use crate::config::{Config, Unsorted};
use crate::crm::Crm;
use crate::fields::to_raw;
use crate::request::Request;
use crate::response::{ActionResult, Response};
use crate::store::{Order, Query};

pub(super) fn run(crm: &mut Crm, request: &Request, entity: &str) -> ActionResult {
    page(crm, entity, &query(&crm.config, request.params()))
}

/// Returns a page in the configured form. It is written into one string, since it may be long.
pub(super) fn page(crm: &mut Crm, entity: &str, query: &Query) -> ActionResult {
    let config = &crm.config;
    let is_array = config.list_form == "array";
    let mut json = if is_array { "[".to_owned() } else { format!("{{{}:[", to_raw(&config.list_form)) };
    let start = json.len();
    crm.store.each(entity, query, |stored| {
        if json.len() > start {
            json.push(',');
        }
        write_record(config, stored, &mut json);
    })?;
    json.push(']');
    if is_array {
        return Ok(Response::json(200, json));
    }
    if let Some(other) = &config.other_list {
        let _ = write!(json, ",{}:[{{\"text\":\"\"}}]", to_raw(other));
    }
    if let Some(total_key) = config.total_key.as_ref().filter(|_| !config.hide_total_on_page || query.offset == 0) {
        let total = crm.store.count(entity, query)?.saturating_add(config.total_delta);
        let _ = write!(json, ",{}:{total}", to_raw(total_key));
    }
    json.push('}');
    Ok(Response::json(200, json))
}

/// Reads the parameters as the server does. Invalid numbers are ignored.
pub(super) fn query(config: &Config, params: Vec<(String, String)>) -> Query {
    let (mut max, mut offset, mut sort, mut descending) = (None, 0, None, false);
    let mut filters: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in params {
        match &name {
            name if *name == config.limit_param => max = value.parse().ok().filter(|max| *max > 0),
            name if *name == config.offset_param => offset = value.parse().unwrap_or_default(),
            name if *name == config.sort_param => {
                sort = Some(value).filter(|field| !field.is_empty() && !config.ignore_sort);
            }
            name if *name == config.order_param => descending = value.eq_ignore_ascii_case("desc"),
            name if config.ignores_filter(name) => {}
            name => match filters.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => values.push(value),
                None => filters.push((name.clone(), vec![value])),
            },
        }
    }
    Query {
        filters,
        order: order(config, sort, descending),
        limit: limit(config, max),
        offset: if config.ignore_offset { 0 } else { offset },
    }
}

fn order(config: &Config, sort: Option<String>, descending: bool) -> Order {
    match (sort, config.unsorted) {
        (Some(field), _) => Order::By { field, descending, random_ties: config.random_ties },
        (None, Unsorted::Random) => Order::Random,
        (None, Unsorted::Id) => Order::Natural,
    }
}

fn limit(config: &Config, max: Option<u64>) -> Option<u64> {
    let requested = max.filter(|_| !config.ignore_max).or(config.page_default);
    match (requested, config.page_cap) {
        (Some(requested), Some(cap)) => Some(requested.min(cap)),
        (requested, cap) => requested.or(cap),
    }
}
