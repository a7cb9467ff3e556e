//! Suggests the right option for names that callers know from other libraries.

use crate::error::{Error, Result};

/// Names that are not options of a list, and the option that each of them means.
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

/// Returns the option that a name from another library means.
pub(crate) fn suggestion(name: &str) -> Option<&'static str> {
    HINTS.iter().find(|(mistake, _)| *mistake == name).map(|&(_, option)| option)
}

/// Checks the names of filters that a language takes together with the options of a list.
///
/// Error `config`: a name is an option of other libraries, such as `order_by`.
pub(crate) fn check_keywords<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<()> {
    for name in names {
        if let Some(option) = suggestion(name) {
            let message = format!(
                "unknown option `{name}`: did you mean `{option}`? To filter by a field of this name, pass it in `filters`"
            );
            return Err(Error::config(name, message));
        }
    }
    Ok(())
}

/// Adds the suggestion to the error about an unknown option.
pub(super) fn add_hint(error: Error) -> Error {
    let name = error.details().setting.clone().unwrap_or_default();
    match suggestion(&name) {
        Some(option) => Error::config(&name, format!("unknown option `{name}`: did you mean `{option}`?")),
        None => error,
    }
}
