//! Suggests the right option for names that callers know from other libraries, and recognizes settings.

use crate::error::{Error, Result};
use crate::settings::{SETTINGS, SettingInfo, snake_case};

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

/// The options of a list that are settings, too: an error about them is about their value.
const OPTIONS_THAT_ARE_SETTINGS: [&str; 2] = ["page_size", "pageSize"];

/// Settings with names that fields of records have, too.
const FIELD_NAMES: [&str; 5] = ["name", "username", "password", "scope", "body"];

/// What a name that is not an option of a list means.
pub(crate) enum Meaning {
    /// This option.
    Option(&'static str),
    /// A setting.
    Setting(&'static SettingInfo),
}

/// Returns what a name that is not an option means: an option, for names from other libraries, or a setting.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    let option = HINTS.iter().find(|(mistake, _)| *mistake == name).map(|&(_, option)| Meaning::Option(option));
    option.or_else(|| setting(name).map(Meaning::Setting))
}

/// Returns the setting of this name, in any spelling, unless records have fields of this name.
fn setting(name: &str) -> Option<&'static SettingInfo> {
    let plain = snake_case(name);
    let plain = plain.strip_suffix("_ms").unwrap_or(&plain);
    SETTINGS.iter().find(|setting| setting.name == plain && !FIELD_NAMES.contains(&plain))
}

impl Meaning {
    /// Returns what the caller should pass instead.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Option(option) => format!("did you mean `{option}`?"),
            Self::Setting(setting) if setting.per_call => {
                "it is a setting; pass it to `with_options` of the client or the entity".into()
            }
            Self::Setting(_) => "it is a setting; pass it when you create the client".into(),
        }
    }
}

/// Returns the message for a name that is an option of another library, or a setting.
fn mistake(name: &str) -> Option<String> {
    meaning(name).map(|meaning| format!("unknown option `{name}`: {}", meaning.hint()))
}

/// Checks the names of filters that a language takes together with the options of a list.
///
/// Error `config`: a name is an option of other libraries, such as `order_by`, or a setting, such as `timeout`.
pub(crate) fn check_keywords<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<()> {
    for name in names {
        if let Some(mistake) = mistake(name) {
            let message = format!("{mistake} (to filter by a field of this name, pass it in `filters`)");
            return Err(Error::config(name, message));
        }
    }
    Ok(())
}

/// Adds the suggestion to the error about an unknown option.
pub(super) fn add_hint(error: Error) -> Error {
    let name = error.details().setting.clone().unwrap_or_default();
    match mistake(&name).filter(|_| !OPTIONS_THAT_ARE_SETTINGS.contains(&&*name)) {
        Some(mistake) => Error::config(&name, mistake),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_not_taken_for_a_filter() {
        for name in ["prefetch", "timeout", "timeout_ms", "timeoutMs", "page_overlap", "maxRetries", "headers"] {
            let error = check_keywords([name]).unwrap_err().to_string();
            assert!(error.contains(&format!("`{name}`: it is a setting; pass it to `with_options`")), "{error}");
            assert!(error.contains("(to filter by a field of this name"), "{error}");
        }
        for name in ["ca_file", "proxy", "max_concurrency"] {
            let error = check_keywords([name]).unwrap_err().to_string();
            assert!(error.contains("it is a setting; pass it when you create the client"), "{error}");
        }
        check_keywords(["name", "username", "city", "timeout_at", "owner.id", "Name"]).unwrap();
        let error = check_keywords(["order_by"]).unwrap_err().to_string();
        assert!(error.contains("did you mean `sort`? (to filter by a field"), "{error}");
    }
}
