//! Options that people know from other libraries.

use crate::error::{Error, Result};

/// A name that is no option of a list, and the option that is meant.
const HINTS: [(&str, &str); 24] = [
    ("page", "start"),
    ("page_number", "start"),
    ("pageNumber", "start"),
    ("offset", "start"),
    ("skip", "start"),
    ("max", "limit"),
    ("max_results", "limit"),
    ("maxResults", "limit"),
    ("per_page", "page_size"),
    ("perPage", "page_size"),
    ("pageSize", "page_size"),
    ("batch_size", "page_size"),
    ("batchSize", "page_size"),
    ("order_by", "sort"),
    ("orderBy", "sort"),
    ("orderby", "sort"),
    ("sort_by", "sort"),
    ("sortBy", "sort"),
    ("sort_order", "order"),
    ("sortOrder", "order"),
    ("where", "filters"),
    ("filter", "filters"),
    ("conditions", "filters"),
    ("criteria", "filters"),
];

/// Returns the option that is meant by the name of none.
pub(crate) fn suggestion(name: &str) -> Option<&'static str> {
    HINTS.iter().find(|(mistake, _)| *mistake == name).map(|&(_, option)| option)
}

/// Checks the names of filters that stand among the options.
///
/// Error `config`: a name is a well-known option of other libraries.
pub(crate) fn check_keywords<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<()> {
    for name in names {
        if let Some(option) = suggestion(name) {
            let message = format!(
                "unknown option `{name}`: did you mean `{option}`? If it is a field of the records, pass it in `filters`"
            );
            return Err(Error::config(name, message));
        }
    }
    Ok(())
}

/// Adds what is meant to the error about an unknown option.
pub(super) fn add_hint(error: Error) -> Error {
    let name = error.details().setting.clone().unwrap_or_default();
    match suggestion(&name) {
        Some(option) => Error::config(&name, format!("unknown option `{name}`: did you mean `{option}`?")),
        None => error,
    }
}
