//! Checks the parameter for the offset, the server's own limit on pages, and the count.

use super::probed_list::{FEW, List, candidates};
use super::prober::Prober;
use super::rows::Rows;
use super::text::text;
use super::time_zone;
use crate::error::Result;

/// Names that servers use for the offset.
const OFFSET_NAMES: [&str; 6] = ["offset", "start", "skip", "from", "startIndex", "first"];

/// A page size that few lists reach, for servers that ignore the offset.
const WHOLE_LIST: u32 = 10_000;

/// Checks the cap and the count, which need what is known about the offset.
pub(super) async fn check_pages(prober: &mut Prober, list: &List) {
    match whole_page(prober, list, prober.settings.page_size).await {
        Ok(page) => {
            prober.headers = Some(page.headers.clone());
            prober.zone = time_zone::of_dates(&page.records);
            let end = check_cap(prober, list, &page).await;
            check_count(prober, list, &page, end).await;
        }
        Err(error) => drop(prober.failed("list_cap", &error)),
    }
}

/// Checks the offset.
pub(super) async fn check(prober: &mut Prober, list: &mut List) {
    let keys = list.first.keys();
    if keys.len() < 2 || !list.is_stable {
        let why = if list.is_stable { "needs at least two rows" } else { "needs an order that does not change" };
        prober.unknown("list_offset", why);
        list.has_offset = list.is_stable; // the default, as long as nothing shows the opposite
        return;
    }
    let own = prober.settings.offset_param.clone();
    for name in candidates(&own, &OFFSET_NAMES) {
        let rows = page(prober, list, Some((&name, 1)), Some(FEW - 1)).await;
        if rows.is_ok_and(|rows| skips_first(&keys, &rows.keys())) {
            prober.ok("list_offset", if name == own { "is obeyed" } else { "is obeyed under another name" });
            prober.settings.offset_param = name;
            list.has_offset = true;
            return;
        }
    }
    prober
        .warning("list_offset", "the server ignores the offset")
        .advise("A list can be read only if the server sends it in one page. See `list_cap`.");
}

/// Returns whether the rows are those from the second on.
fn skips_first(first: &[String], rows: &[String]) -> bool {
    !rows.is_empty() && first[1..].iter().zip(rows).all(|(expected, row)| expected == row)
}

/// Compares a page of the settings' size with what follows it. Returns the number of rows of the list, if that is now known.
async fn check_cap(prober: &mut Prober, list: &List, page: &Rows) -> Option<usize> {
    let (asked, received) = (prober.settings.page_size as usize, page.len());
    if !list.has_offset {
        return without_offset(prober, list, page).await;
    }
    if list.has_limit && received == asked {
        prober.ok("list_cap", text!("pages of {} rows are allowed", asked));
        return None;
    }
    let next = self::page(prober, list, Some((&prober.settings.offset_param.clone(), received)), Some(1)).await;
    match next {
        Ok(next) if next.is_empty() => {
            prober.ok("list_cap", text!("no limit was seen: the list has only {} rows", received));
            Some(received)
        }
        Ok(_) => {
            prober.fact("page_cap", received);
            prober.settings.page_size = u32::try_from(received).unwrap_or(u32::MAX).max(1);
            prober.ok("list_cap", text!("the server sends at most {} rows per page", received));
            None
        }
        Err(error) => {
            prober.failed("list_cap", &error);
            None
        }
    }
}

/// Without an offset, a list must come in one page. Returns the number of rows of the list, if it does.
async fn without_offset(prober: &mut Prober, list: &List, page: &Rows) -> Option<usize> {
    let end = last_key(prober, list).await;
    let asked = prober.settings.page_size as usize;
    if page.len() < asked && is_whole(page, end.as_ref()) {
        return whole(prober, page.len(), end.is_some());
    }
    if let Ok(larger) = whole_page(prober, list, WHOLE_LIST).await
        && (page.len() + 1..WHOLE_LIST as usize).contains(&larger.len())
        && is_whole(&larger, end.as_ref())
    {
        prober.settings.page_size = WHOLE_LIST;
        return whole(prober, larger.len(), end.is_some());
    }
    // With this size, the client sees that there may be more, and returns an error instead of a part of the list.
    prober.settings.page_size = u32::try_from(page.len()).unwrap_or(u32::MAX).max(1);
    prober
        .problem("list_cap", text!("only the first {} rows of the list can be read", page.len()))
        .advise("Set `offset_param` to the server's name of the parameter for the offset, or use filters.");
    None
}

/// Reports that one page holds the list. `is_certain`: the last row was seen in it.
fn whole(prober: &mut Prober, rows: usize, is_certain: bool) -> Option<usize> {
    if is_certain {
        prober.ok("list_cap", text!("the server sends the whole list of {} rows at once", rows));
        return Some(rows);
    }
    prober
        .warning("list_cap", text!("the server sends {} rows at once; whether these are all cannot be seen", rows))
        .advise("Compare the number of records with the one in Egito.");
    None
}

/// Returns whether a page may hold the whole list: no count and no row says that there is more.
fn is_whole(page: &Rows, end: Option<&String>) -> bool {
    let has_more =
        page.count.as_ref().is_some_and(|(name, count)| name.contains("total") && *count > page.len() as u64);
    !has_more && end.is_none_or(|end| page.keys().contains(end))
}

/// Returns the last row of a list that the server sorts: the first one in the opposite order.
async fn last_key(prober: &mut Prober, list: &List) -> Option<String> {
    let settings = prober.settings.clone();
    let mut params = vec![(&*settings.sort_param, "id".to_owned()), (&*settings.order_param, "desc".to_owned())];
    params.extend(list.has_limit.then(|| (&*settings.limit_param, FEW.to_string())));
    let rows = if list.is_sorted { prober.list(&list.entity, &params).await.ok()? } else { return None };
    rows.key(0)
}

/// Checks the count against the rows. `end` is the number of rows, if it is known.
async fn check_count(prober: &mut Prober, list: &List, page: &Rows, end: Option<usize>) {
    let Some((name, count)) = page.count.clone() else {
        prober.ok("list_count", "the server sends no count");
        return;
    };
    prober.fact("count_key", name);
    let is_right = match end {
        Some(end) => Some(count == end as u64),
        None if list.has_offset && count > 0 => {
            let offset = (prober.settings.offset_param.clone(), usize::try_from(count - 1).unwrap_or(usize::MAX));
            self::page(prober, list, Some((&offset.0, offset.1)), Some(FEW - 1)).await.ok().map(|last| last.len() == 1)
        }
        None => None,
    };
    match is_right {
        Some(true) => drop(prober.ok("list_count", "the server sends the number of all rows")),
        Some(false) => {
            prober
                .warning("list_count", "the server sends a count that is not the number of all rows")
                .advise("Lists are complete nevertheless. Do not use `total`.");
        }
        None => drop(prober.unknown("list_count", "the server sends a count; whether it is right cannot be seen")),
    }
}

/// Reads the first page in the order of the settings.
async fn whole_page(prober: &mut Prober, list: &List, size: u32) -> Result<Rows> {
    page(prober, list, None, Some(size as usize)).await
}

/// Reads a page in the order of the settings.
async fn page(prober: &mut Prober, list: &List, offset: Option<(&str, usize)>, limit: Option<usize>) -> Result<Rows> {
    let settings = prober.settings.clone();
    let mut params = Vec::new();
    if list.is_sorted {
        params.extend([(&*settings.sort_param, "id".to_owned()), (&*settings.order_param, "asc".to_owned())]);
    }
    params.extend(limit.filter(|_| list.has_limit).map(|limit| (&*settings.limit_param, limit.to_string())));
    params.extend(offset.map(|(name, offset)| (name, offset.to_string())));
    prober.list(&list.entity, &params).await
}

#[cfg(test)]
mod tests {
    use super::skips_first;

    #[test]
    fn the_rows_show_whether_the_offset_is_obeyed() {
        let keys = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        let first = keys(&["1", "2", "3"]);
        assert!(skips_first(&first, &keys(&["2", "3"])) && skips_first(&first, &keys(&["2", "3", "4", "5"])));
        assert!(!skips_first(&first, &keys(&["1", "2"])), "ignored");
        assert!(!skips_first(&first, &keys(&[])), "taken for a filter");
        assert!(!skips_first(&first, &keys(&["3"])));
    }
}
