//! `list`: a page of records: filtered, sorted, cut.

use std::fmt::Write;

use super::write_record;
use crate::answer::{Answer, Reply};
use crate::config::{Config, Unsorted};
use crate::exchange::Exchange;
use crate::fields::to_raw;
use crate::store::{Order, Query};
use crate::world::World;

pub(super) fn run(world: &mut World, request: &Exchange, entity: &str) -> Reply {
    page(world, entity, &query(&world.config, request.params()))
}

/// The answer to a list in the configured form, written straight into one text: it may be long.
pub(super) fn page(world: &mut World, entity: &str, query: &Query) -> Reply {
    let config = &world.config;
    let is_array = config.list_form == "array";
    let mut json = if is_array { "[".to_owned() } else { format!("{{{}:[", to_raw(&config.list_form)) };
    let start = json.len();
    world.store.each(entity, query, |stored| {
        if json.len() > start {
            json.push(',');
        }
        write_record(config, stored, &mut json);
    })?;
    json.push(']');
    if is_array {
        return Ok(Answer::json(200, json));
    }
    if let Some(total_key) = config.total_key.as_ref().filter(|_| !config.hide_total_on_page || query.offset == 0) {
        let total = world.store.count(entity, query)?.saturating_add(config.total_delta);
        let _ = write!(json, ",{}:{total}", to_raw(total_key));
    }
    json.push('}');
    Ok(Answer::json(200, json))
}

/// What the parameters ask for, and what the server makes of it. Numbers that are none count as not given.
pub(super) fn query(config: &Config, params: Vec<(String, String)>) -> Query {
    let (mut max, mut offset, mut sort, mut descending) = (None, 0, None, false);
    let mut filters: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in params {
        match &name {
            name if *name == config.limit_param => max = value.parse().ok().filter(|max| *max > 0),
            name if *name == config.offset_param => offset = value.parse().unwrap_or_default(),
            name if *name == config.sort_param => sort = Some(value).filter(|field| !field.is_empty()),
            name if *name == config.order_param => descending = value.eq_ignore_ascii_case("desc"),
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
        (Some(field), _) => Order::By { field, descending },
        (None, Unsorted::Random) => Order::Random,
        (None, Unsorted::Id) => Order::Natural,
    }
}

fn limit(config: &Config, max: Option<u64>) -> Option<u64> {
    let wanted = max.filter(|_| !config.ignore_max).or(config.page_default);
    match (wanted, config.page_cap) {
        (Some(wanted), Some(cap)) => Some(wanted.min(cap)),
        (wanted, cap) => wanted.or(cap),
    }
}
