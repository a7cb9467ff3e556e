//! Checks whether the server sorts lists by the parameters of the settings.

use super::probed_list::{FEW, List};
use super::prober::Prober;
use super::rows::Rows;

/// Pairs of names that servers use for the field and the direction.
const NAMES: [(&str, &str); 12] = [
    ("sort", "order"),
    ("sort", "dir"),
    ("sort", "direction"),
    ("sort", "sortOrder"),
    ("sortBy", "order"),
    ("sortBy", "sortOrder"),
    ("sortBy", "direction"),
    ("sort_by", "order"),
    ("orderBy", "order"),
    ("orderBy", "direction"),
    ("order_by", "direction"),
    ("sidx", "sord"),
];

/// How the server treats the parameters.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// It sorts in both directions.
    Obeyed,
    /// It ignores them, and the order does not change.
    Ignored,
    /// It takes them for filters, or refuses them.
    Harmful,
    /// There are too few rows.
    TooFew,
}

/// Checks the order, and reads the first rows in it.
pub(super) async fn check(prober: &mut Prober, list: &mut List) {
    if list.first.len() < 2 || !list.first.has_ids() {
        prober.unknown("list_sort", "needs at least two rows with ids");
        list.is_stable = true;
        return;
    }
    let own = (prober.settings.sort_param.clone(), prober.settings.order_param.clone());
    let (verdict, ascending) = try_names(prober, list, &own).await;
    if verdict == Verdict::Obeyed {
        prober.ok("list_sort", "is obeyed in both directions");
        return sorted(list, ascending);
    }
    for (sort, order) in NAMES.iter().map(|(sort, order)| ((*sort).to_owned(), (*order).to_owned())) {
        if (&sort, &order) == (&own.0, &own.1) {
            continue;
        }
        if let (Verdict::Obeyed, ascending) = try_names(prober, list, &(sort.clone(), order.clone())).await {
            (prober.settings.sort_param, prober.settings.order_param) = (sort, order);
            prober.ok("list_sort", "is obeyed under other names");
            return sorted(list, ascending);
        }
    }
    unsorted(prober, list, &verdict).await;
}

fn sorted(list: &mut List, ascending: Option<Rows>) {
    (list.is_sorted, list.is_stable) = (true, true);
    list.first = ascending.unwrap_or_else(|| std::mem::take(&mut list.first));
}

async fn try_names(prober: &mut Prober, list: &List, names: &(String, String)) -> (Verdict, Option<Rows>) {
    let Some(descending) = page(prober, list, names, "desc").await else { return (Verdict::Harmful, None) };
    if !descending.is_empty() && !descending.is_descending() {
        return (Verdict::Ignored, None);
    }
    let Some(ascending) = page(prober, list, names, "asc").await else { return (Verdict::Harmful, None) };
    (verdict(&ascending, &descending), Some(ascending))
}

fn verdict(ascending: &Rows, descending: &Rows) -> Verdict {
    match (ascending.len(), descending.len()) {
        (0, _) | (_, 0) => Verdict::Harmful,
        (1, _) | (_, 1) => Verdict::TooFew,
        _ if ascending.is_ascending() && descending.is_descending() => Verdict::Obeyed,
        _ => Verdict::Ignored,
    }
}

async fn page(prober: &mut Prober, list: &List, (sort, order): &(String, String), direction: &str) -> Option<Rows> {
    let limit = prober.settings.limit_param.clone();
    let mut params = vec![(sort.as_str(), "id".to_owned()), (order.as_str(), direction.to_owned())];
    if list.has_limit {
        params.push((&limit, FEW.to_string()));
    }
    prober.list(&list.entity, &params).await.ok()
}

/// Reports that the server does not sort, and whether its own order can be relied on.
async fn unsorted(prober: &mut Prober, list: &mut List, verdict: &Verdict) {
    if *verdict == Verdict::Harmful {
        prober.settings.default_sort.clear();
    }
    let limit = prober.settings.limit_param.clone();
    let params = if list.has_limit { vec![(limit.as_str(), FEW.to_string())] } else { Vec::new() };
    let again = prober.list(&list.entity, &params).await;
    list.is_stable = again.is_ok_and(|again| again.keys() == list.first.keys());
    if list.is_stable {
        prober.warning("list_sort", "the server does not sort by id, but its own order did not change").advise("Records that are added or deleted while a list is read can be missed. Set `sort_param` and `order_param` if the server has such parameters.");
    } else {
        prober
            .problem("list_sort", "the server does not sort by id, and each request has another order")
            .advise("Pages then share records and miss others. Set `page_size` to more than all records of a list, if the server sends so many at once.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;

    fn rows(ids: &[i64]) -> Rows {
        let ids: Vec<_> = ids.iter().map(|id| Some(RecordId::from(*id))).collect();
        let records = ids.iter().map(|_| crate::record::Record::from_json("{}").unwrap()).collect();
        Rows { records, ids, ..Rows::default() }
    }

    #[test]
    fn a_list_is_sorted_only_if_both_directions_show_it() {
        assert_eq!(verdict(&rows(&[1, 2, 3]), &rows(&[9, 8, 7])), Verdict::Obeyed);
        assert_eq!(verdict(&rows(&[1, 2, 3]), &rows(&[1, 2, 3])), Verdict::Ignored);
        assert_eq!(verdict(&rows(&[9, 8]), &rows(&[9, 8])), Verdict::Ignored);
        assert_eq!(verdict(&rows(&[]), &rows(&[])), Verdict::Harmful);
        assert_eq!(verdict(&rows(&[1]), &rows(&[1])), Verdict::TooFew);
    }
}
