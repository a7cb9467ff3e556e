//! Checks whether the server obeys filters: the rows must have the value that was asked for.

use super::probed_list::{FEW, List};
use super::prober::Prober;
use super::rows::Rows;
use super::text::text;
use crate::json::{Members, plain_text};

/// Number of fields that are checked.
const MAX_FIELDS: usize = 3;

/// Longest value that is sent as a filter.
const MAX_LENGTH: usize = 60;

/// A field and a value that a later row has, and the first row has not. So the first row shows that a filter is ignored.
type Filter = (String, String);

/// Checks filters by the id and by some other fields.
pub(super) async fn check(prober: &mut Prober, list: &List) {
    let filters = choose(&list.first);
    let (mut obeyed, mut checked) = (0, 0);
    for filter in &filters {
        if let Some(is_obeyed) = is_obeyed(prober, list, filter).await {
            checked += 1;
            obeyed += usize::from(is_obeyed);
        }
    }
    prober.fact("filters_checked", checked);
    prober.fact("filters_obeyed", obeyed);
    match (obeyed, checked) {
        (_, 0) => drop(prober.unknown("list_filters", "needs two rows with different values")),
        (obeyed, checked) if obeyed == checked => {
            prober.ok("list_filters", text!("{} filters are obeyed", checked));
        }
        (0, _) => {
            prober.warning("list_filters", "filters are ignored").advise(
                "Select records in the program. Records with a key need `lookup` = `scan`, which reads the list.",
            );
        }
        (obeyed, checked) => {
            prober
                .warning("list_filters", text!("{} of {} filters are obeyed", obeyed, checked))
                .advise("Check the records of a filtered list, or select them in the program.");
        }
    }
}

/// Chooses fields with values that the first row does not have.
fn choose(rows: &Rows) -> Vec<Filter> {
    let Some(first) = rows.records.first() else { return Vec::new() };
    let mut filters: Vec<Filter> = Vec::new();
    for record in &rows.records[1..] {
        let Ok(Members(members)) = Members::read(record.json().as_bytes()) else { continue };
        for (name, value) in members {
            let is_known = filters.iter().any(|(known, _)| *known == name);
            let text = plain_text(value).filter(|text| is_usable(text));
            if let Some(text) = text.filter(|_| !is_known && is_plain_name(&name))
                && first.raw(&name) != Some(value.get())
                && filters.len() < MAX_FIELDS
            {
                filters.push((name, text));
            }
        }
    }
    filters
}

/// Returns whether a value can be compared as text. Servers write dates and decimals in other forms than they read them.
fn is_usable(text: &str) -> bool {
    let is_date = text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    !text.trim().is_empty() && text.trim() == text && text.len() <= MAX_LENGTH && !is_date && !text.contains(['.', ','])
}

/// Returns whether a name needs no escape in a path of a record.
fn is_plain_name(name: &str) -> bool {
    !matches!(name, "version") && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Returns whether all rows have the value; `None` if the list failed.
async fn is_obeyed(prober: &mut Prober, list: &List, (name, value): &Filter) -> Option<bool> {
    let settings = prober.settings.clone();
    let mut params = vec![(name.as_str(), value.clone())];
    if list.has_limit {
        params.push((&settings.limit_param, FEW.to_string()));
    }
    if list.is_sorted {
        params.extend([(&*settings.sort_param, "id".to_owned()), (&*settings.order_param, "asc".to_owned())]);
    }
    let rows = prober.list(&list.entity, &params).await.ok()?;
    let has_value = |record: &crate::record::Record| {
        let found = record.raw(name).map(|raw| serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned()));
        found.as_ref() == Some(value)
    };
    Some(!rows.is_empty() && rows.records.iter().all(has_value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn filters_exclude_the_first_row() {
        let records = [
            r#"{"id":1,"version":0,"city":"Łódź","active":true,"note":null,"since":"2026-01-01"}"#,
            r#"{"id":2,"version":1,"city":"Łódź","active":false,"note":" ","since":"2026-01-02","a.b":"x"}"#,
        ];
        let records = records.iter().map(|json| Record::from_json(json).unwrap()).collect();
        let filters = choose(&Rows { records, ..Rows::default() });
        assert_eq!(filters, [("id".into(), "2".into()), ("active".into(), "false".into())]);
    }
}
