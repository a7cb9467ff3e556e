//! Reads settings from JSON: names in `snake_case` or `camelCase`, durations in seconds or milliseconds.

use super::Settings;
use super::check::MAX_DURATION;
use super::pair::Pair;
use super::table::{SETTINGS, SettingKind};
use crate::error::{Error, Result};
use crate::json::Members;
use crate::json::typed::{self, Invalid, kind};
use serde_json::value::{RawValue, to_raw_value};

/// Settings that must not be 0.
const ABOVE_ZERO: [&str; 6] =
    ["timeout", "connect_timeout", "read_timeout", "max_concurrency", "page_size", "max_response_bytes"];

/// Reads settings from a JSON object. It overrides those of the environment, and these override those of a file.
pub(super) fn read(json: &[u8], environment: Vec<Pair>, file: Vec<Pair>) -> Result<Settings> {
    let pairs = merge(json, environment, file)?;
    typed::from_members(pairs.iter().map(|(name, value)| (name.as_str(), &**value)))
        .map_err(|reason| invalid(&reason.name, &reason.name, &reason))
}

/// Returns the settings of a JSON object, and those of the environment and of a file that it does not override.
pub(super) fn merge(json: &[u8], environment: Vec<Pair>, file: Vec<Pair>) -> Result<Vec<Pair>> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (name, value) in members(json)? {
        let pair = pair(&name, value, &pairs)?;
        pairs.push(pair);
    }
    let environment = not_given(environment, &pairs);
    if ["name", "base_url"].iter().all(|name| is_given(name, &environment)) {
        let message = "the environment variables EGITO_NAME and EGITO_BASE_URL are both set; set one of them";
        return Err(Error::config("base_url", message));
    }
    pairs.extend(environment);
    pairs.extend(not_given(file, &pairs));
    Ok(pairs)
}

/// Returns a setting under its plain name. Fails if `pairs` already have it.
pub(super) fn pair(name: &str, value: &RawValue, pairs: &[Pair]) -> Result<Pair> {
    let (setting, is_in_ms) = setting(name)?;
    if is_given(&setting, pairs) {
        let message = format!("the setting `{setting}` is given twice; use one spelling of it");
        return Err(Error::config(&setting, message));
    }
    let value = if is_in_ms { in_seconds(value) } else { Ok(value.to_owned()) };
    let value = value.map_err(|reason| invalid(&setting, name, &reason))?;
    Ok((setting, value))
}

/// Checks the type of a setting's value.
pub(super) fn check_value((setting, value): &Pair) -> Result<()> {
    let read = typed::from_members::<Settings, _>([(setting.as_str(), &**value)]);
    read.map(drop).map_err(|reason| invalid(setting, setting, &reason))
}

/// Returns the defaults that `pairs` do not override.
fn not_given(mut defaults: Vec<Pair>, pairs: &[Pair]) -> Vec<Pair> {
    defaults.retain(|(name, _)| match name.as_str() {
        "name" | "base_url" => !is_given("name", pairs) && !is_given("base_url", pairs), // alternatives
        name => !is_given(name, pairs),
    });
    defaults
}

fn is_given(name: &str, pairs: &[Pair]) -> bool {
    pairs.iter().any(|(known, _)| known == name)
}

/// Returns the plain names of the settings in a JSON object.
pub(super) fn given(json: &[u8]) -> Result<Vec<String>> {
    members(json)?.iter().map(|(name, _)| setting(name).map(|(setting, _)| setting)).collect()
}

/// Returns the members of a JSON object that are not null.
fn members(json: &[u8]) -> Result<Vec<(String, &RawValue)>> {
    let Members(members) = Members::read(json).map_err(|e| {
        let got = match std::str::from_utf8(json) {
            Ok(text) if e.is_data() => kind(text.trim_ascii()).to_owned(),
            _ => format!("invalid JSON ({e})"),
        };
        Error::config("settings", format!("invalid settings: expected one JSON object of names and values, got {got}"))
    })?;
    Ok(members.into_iter().filter(|(_, value)| value.get() != "null").collect())
}

/// Returns the error for an invalid setting. `name` is the name that the caller used.
fn invalid(setting: &str, name: &str, reason: &Invalid) -> Error {
    let reason =
        if kind_of(setting) == Some(SettingKind::Secret) { reason.without_value() } else { reason.to_string() };
    let reason = if ABOVE_ZERO.contains(&setting) {
        reason.replacen("from 0 to", "from 1 to", 1).replacen(", 0 or more", ", more than 0", 1)
    } else {
        reason
    };
    Error::config(setting, format!("invalid `{name}`: {reason}"))
}

/// Returns a duration in milliseconds as seconds.
fn in_seconds(milliseconds: &RawValue) -> std::result::Result<Box<RawValue>, Invalid> {
    let number = serde_json::from_str::<f64>(milliseconds.get()).ok().filter(|number| *number >= 0.0);
    let number = number.ok_or_else(|| Invalid::mismatch("a number of milliseconds, 0 or more", milliseconds.get()))?;
    let max = MAX_DURATION.as_millis();
    if number / 1000.0 > MAX_DURATION.as_secs_f64() {
        return Err(Invalid::mismatch(format!("at most {max} milliseconds"), milliseconds.get()));
    }
    Ok(to_raw_value(&(number / 1000.0)).expect("a number is JSON"))
}

/// Returns the plain name of a setting, and whether its value is in milliseconds.
fn setting(name: &str) -> Result<(String, bool)> {
    let snake = snake_case(name);
    if let Some(duration) = snake.strip_suffix("_ms").filter(|base| is_duration(base)) {
        return Ok((duration.to_owned(), true));
    }
    if kind_of(&snake).is_some() {
        return Ok((snake, false));
    }
    let nearest = SETTINGS
        .iter()
        .map(|setting| setting.name)
        .max_by(|a, b| similarity(a, &snake).total_cmp(&similarity(b, &snake)));
    let hint = nearest.filter(|nearest| similarity(nearest, &snake) > 0.8);
    let hint = hint.map_or(String::new(), |nearest| format!(": did you mean `{nearest}`?"));
    Err(Error::config(name, format!("unknown setting `{}`{hint}", name.escape_debug())))
}

fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// Converts a name from `camelCase` to `snake_case`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

pub(super) fn is_duration(name: &str) -> bool {
    kind_of(name) == Some(SettingKind::Seconds)
}

fn kind_of(name: &str) -> Option<SettingKind> {
    SETTINGS.iter().find(|setting| setting.name == name).map(|setting| setting.kind)
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, SettingKind, read};

    #[test]
    fn an_error_says_what_was_expected_and_what_was_given() {
        for (json, message) in [
            (r#"{"timeout": "3"}"#, r#"invalid `timeout`: expected a number, got the string "3""#),
            (r#"{"timeout": -1}"#, "invalid `timeout`: expected a number of seconds, more than 0, got -1"),
            (r#"{"timeoutMs": -1}"#, "invalid `timeoutMs`: expected a number of milliseconds, more than 0, got -1"),
            (r#"{"timeoutMs": 1e15}"#, "invalid `timeoutMs`: expected at most 31536000000 milliseconds, got 1e15"),
            (
                r#"{"backoff_max_ms": []}"#,
                "invalid `backoff_max_ms`: expected a number of milliseconds, 0 or more, got a list",
            ),
            (r#"{"page_size": 1.5}"#, "invalid `page_size`: expected an integer from 1 to 4294967295, got 1.5"),
            (r#"{"max_response_bytes": -1}"#, "invalid `max_response_bytes`: expected an integer, more than 0, got -1"),
            (
                r#"{"readMethod": "PUT"}"#,
                r#"invalid `read_method`: expected "GET", "POST" or "DELETE", got the string "PUT""#,
            ),
            (r#"{"token_store": false}"#, "invalid `token_store`: expected a string, got false"),
            ("[1]", "invalid settings: expected one JSON object of names and values, got a list"),
            (" null", "invalid settings: expected one JSON object of names and values, got null"),
        ] {
            let error = read(json.as_bytes(), Vec::new(), Vec::new()).unwrap_err();
            assert_eq!(error.details().message, message);
        }
        let broken = read(b"{\"timeout\": }", Vec::new(), Vec::new()).unwrap_err();
        assert!(broken.details().message.contains("got invalid JSON (expected value at line 1 column 13)"), "{broken}");
    }

    #[test]
    fn an_error_does_not_show_the_value_of_a_secret() {
        for setting in SETTINGS.iter().filter(|setting| setting.kind == SettingKind::Secret).map(|setting| setting.name)
        {
            let error = read(format!("{{\"{setting}\": 1234567}}").as_bytes(), Vec::new(), Vec::new()).unwrap_err();
            assert_eq!(error.details().message, format!("invalid `{setting}`: expected a string, got a number"));
        }
    }
}
