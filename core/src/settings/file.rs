//! Reads settings from a TOML file. Errors name the path and the line.

use super::json;
use super::pair::Pair;
use crate::error::{Error, Result};
use serde_json::Value;
use serde_json::value::to_raw_value;
use std::ops::Range;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Returns the settings of a file.
pub(super) fn settings(path: &Path) -> Result<Vec<Pair>> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read the settings file {}: {error}", path.display());
        Error::config("file", message).caused_by(&error)
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let table = DeTable::parse(text).map_err(|error| {
        // Only the message, since the text around the position may be a secret.
        at(path, text, error.span(), &Error::config("file", format!("invalid TOML: {}", error.message())))
    })?;
    let mut pairs = Vec::new();
    for (name, value) in table.get_ref() {
        let pair = pair(name.get_ref(), value.get_ref(), &pairs);
        pairs.push(pair.map_err(|error| at(path, text, Some(name.span()), &error))?);
    }
    Ok(pairs)
}

/// Returns the error with the path and the line of the file.
fn at(path: &Path, text: &str, span: Option<Range<usize>>, error: &Error) -> Error {
    let line = span.map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
    error.clone().with(|d| d.message = format!("{}{line}: {}", path.display(), d.message))
}

fn pair(name: &str, value: &DeValue<'_>, pairs: &[Pair]) -> Result<Pair> {
    let json = to_json(value).ok_or_else(|| {
        let message = format!("invalid `{name}`: expected a string, a number, a boolean or a table of strings");
        Error::config(name, message)
    })?;
    let json = to_raw_value(&json).expect("a JSON value is JSON");
    let pair = json::pair(name, &json, pairs)?;
    json::check_value(&pair)?;
    Ok(pair)
}

/// Returns a value as JSON; `None` for dates, and for numbers that JSON does not have.
fn to_json(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::from(text.as_ref())),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Value::from),
        DeValue::Float(float) => {
            let float = float.as_str().parse().ok()?;
            serde_json::Number::from_f64(float).map(Value::from)
        }
        DeValue::Boolean(flag) => Some(Value::from(*flag)),
        DeValue::Array(values) => values.iter().map(|value| to_json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            let members =
                table.iter().map(|(name, value)| Some((name.get_ref().to_string(), to_json(value.get_ref())?)));
            members.collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
        }
        DeValue::Datetime(_) => None,
    }
}
