//! Reads settings from environment variables. Only callers that ask for it use this.

use super::pair::Pair;
use super::table::{SETTINGS, SettingKind};
use super::variables::{self, variable};
use super::{file, json};
use crate::error::{Error, Result};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use std::env::{VarError, var, var_os};

/// Returns the settings of the file that the environment names. An empty variable counts as not set.
pub(super) fn file_settings() -> Result<Vec<Pair>> {
    match var_os(variables::FILE).filter(|path| !path.is_empty()) {
        Some(path) => file::settings(path.as_ref()),
        None => Ok(Vec::new()),
    }
}

/// Returns the settings in the environment. An empty variable counts as not set.
pub(super) fn settings() -> Result<Vec<Pair>> {
    let mut found = Vec::new();
    for setting in SETTINGS {
        let Some(variable) = variable(setting.name) else { continue };
        match var(&variable) {
            Ok(text) if !text.is_empty() => found.push(pair(setting.name, setting.kind, &text, &variable)?),
            Ok(_) | Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => {
                let message = format!("invalid environment variable {variable}: it is not valid UTF-8");
                return Err(Error::config(setting.name, message));
            }
        }
    }
    Ok(found)
}

fn pair(setting: &str, kind: SettingKind, text: &str, variable: &str) -> Result<Pair> {
    let pair = (setting.to_owned(), value(kind, text));
    let checked = json::check_value(&pair);
    checked.map_err(|error| error.with(|d| d.message = format!("environment variable {variable}: {}", d.message)))?;
    Ok(pair)
}

/// Returns the value as JSON. A text that is not of the kind of the setting stays a string, which is then refused.
fn value(kind: SettingKind, text: &str) -> Box<RawValue> {
    use SettingKind::{Bytes, Count, Flag, Number, Seconds};

    let is_of_kind = |value: &Value| match kind {
        Seconds | Count | Bytes | Number => value.is_number(),
        Flag => value.is_boolean(),
        _ => false,
    };
    let plain = serde_json::from_str::<Value>(text).ok().filter(is_of_kind);
    to_raw_value(&plain.unwrap_or_else(|| text.into())).expect("a JSON value is JSON")
}
