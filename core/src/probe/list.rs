//! Checks lists: the user's rights, the form of a page, and the parameter for the page size.

use super::probed_list::{FEW, List, candidates};
use super::prober::Prober;
use super::report::CheckStatus;
use super::rows::{Rows, list_key_of};
use super::text::text;
use super::{offset, order};
use crate::error::{Code, Error, Result};

/// Names that servers use for the page size.
const LIMIT_NAMES: [&str; 9] = ["max", "limit", "pageSize", "page_size", "size", "perPage", "per_page", "rows", "top"];

/// Reads some rows of each entity. Returns the entity that has the greatest number of them, with its rows.
pub(super) async fn find_entity(prober: &mut Prober) -> Option<(String, Rows)> {
    let mut best: Option<(String, Rows)> = None;
    for entity in prober.options.entities.clone() {
        match first_rows(prober, &entity).await {
            Ok(rows) => {
                prober.ok("rights", rows_seen(rows.len())).entity = Some(entity.clone());
                if best.as_ref().is_none_or(|(_, known)| known.len() < rows.len()) {
                    best = Some((entity, rows));
                }
            }
            Err(error) => {
                let is_unknown = error.code() == Code::NotFound;
                let check = prober.failed("rights", &error);
                check.entity = Some(entity);
                if is_unknown {
                    check.status = CheckStatus::Warning;
                    check.advise("Check the name of the entity.");
                }
            }
        }
    }
    if best.is_none() {
        prober.stop("no list can be read");
    }
    best
}

fn rows_seen(count: usize) -> &'static str {
    match count {
        0 => "the list can be read; the first page is empty",
        _ => "the list can be read",
    }
}

/// Reads the first rows. If the array of records is not clear, finds its key.
async fn first_rows(prober: &mut Prober, entity: &str) -> Result<Rows> {
    let limit = [(prober.settings.limit_param.clone(), FEW.to_string())];
    let params: Vec<_> = limit.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    match prober.list(entity, &params).await {
        Err(error) if is_unclear_list(&error) => {
            let json = prober.list_json(entity, &params).await?;
            let Some(key) = list_key_of(json.json()) else { return Err(error) };
            prober.settings.list_key = Some(key);
            let rows = prober.list(entity, &params).await;
            if rows.is_err() {
                prober.settings.list_key = None;
            }
            rows
        }
        result => result,
    }
}

fn is_unclear_list(error: &Error) -> bool {
    error.code() == Code::UnexpectedResponse && error.details().status.is_some_and(|status| status < 300)
}

/// Checks the list of this entity, whose first rows are known.
pub(super) async fn check(prober: &mut Prober, (entity, rows): (String, Rows)) -> Option<List> {
    let before = prober.begin_check();
    let found = limit(prober, &entity, rows).await;
    if !prober.end_check("list_limit", before) {
        return None;
    }
    let (first, has_limit) = match found {
        Ok(found) => found,
        Err(error) => {
            prober.failed("list_limit", &error);
            prober.stop("a list cannot be read");
            return None;
        }
    };
    if first.is_empty() {
        prober.stop("the lists have no rows; create a record, and probe again");
        return None;
    }
    form(prober, &first);
    let mut list = List { entity, has_limit, is_sorted: false, is_stable: false, has_offset: false, first };
    let before = prober.begin_check();
    order::check(prober, &mut list).await;
    if !prober.end_check("list_sort", before) {
        return None;
    }
    let before = prober.begin_check();
    offset::check(prober, &mut list).await;
    if !prober.end_check("list_offset", before) {
        return None;
    }
    let before = prober.begin_check();
    offset::check_pages(prober, &list).await;
    prober.end_check("list_cap", before).then_some(list)
}

fn form(prober: &mut Prober, rows: &Rows) {
    let (message, form) = match &rows.list_key {
        None => ("an array of records", "array"),
        Some(_) if prober.settings.list_key.is_some() => ("an object; `list_key` names the array", "object"),
        Some(_) => ("an object with one array of records", "object"),
    };
    prober.fact("list_form", form);
    if let Some(key) = &rows.list_key {
        prober.fact("list_key", key.as_str());
    }
    if rows.has_ids() {
        prober.ok("list_form", message);
    } else {
        prober
            .warning("list_form", text!("{}, some without an id", message))
            .advise("Records that are added or deleted while a list is read can be missed.");
    }
}

/// Finds the parameter for the page size. Returns the first rows, and whether there is such a parameter.
async fn limit(prober: &mut Prober, entity: &str, first: Rows) -> Result<(Rows, bool)> {
    let own = prober.settings.limit_param.clone();
    if is_limit(prober, entity, &own, first.len()).await {
        prober.ok("list_limit", "is obeyed");
        return Ok((first, true));
    }
    // One row shows nothing about any name.
    let others = if first.len() == 1 { Vec::new() } else { candidates(&own, &LIMIT_NAMES) };
    for name in others.into_iter().skip(1) {
        let Ok(rows) = prober.list(entity, &[(&name, FEW.to_string())]).await else { continue };
        if is_limit(prober, entity, &name, rows.len()).await {
            prober.settings.limit_param = name;
            prober.ok("list_limit", "is obeyed under another name");
            return Ok((rows, true));
        }
    }
    no_limit(prober, entity, first).await
}

/// Returns whether the server obeys this parameter, after it has sent `count` rows for [`FEW`]: it then sends fewer for less.
async fn is_limit(prober: &mut Prober, entity: &str, name: &str, count: usize) -> bool {
    let Some(fewer) = fewer_rows(count) else { return false };
    prober.list(entity, &[(name, fewer.to_string())]).await.is_ok_and(|rows| rows.len() == fewer)
}

/// Reports that no parameter for the page size was found.
async fn no_limit(prober: &mut Prober, entity: &str, first: Rows) -> Result<(Rows, bool)> {
    match first.len() {
        0 => {
            // Either there are no records, or the server takes the parameter for a filter.
            let rows = prober.list(entity, &[]).await?;
            if rows.is_empty() {
                prober.unknown("list_limit", "the lists have no rows");
            } else {
                prober
                    .problem("list_limit", "the server takes `limit_param` for a filter")
                    .advise("Set `limit_param` to the server's name of the parameter for the page size.");
            }
            return Ok((rows, false));
        }
        1 => drop(prober.unknown("list_limit", "the list has one row, which shows nothing")),
        _ => {
            prober
                .warning("list_limit", "the server ignores the page size")
                .advise("Lists are complete, but pages have the size that the server chooses.");
        }
    }
    Ok((first, false))
}

/// Returns how many rows to ask for, to see whether the server obeys; `None` if it has ignored the number, or has too few rows.
fn fewer_rows(count: usize) -> Option<usize> {
    (2..=FEW).contains(&count).then(|| count - 1)
}
