//! The settings of the client, from a file, the environment and `--set`.

use crate::arguments::GlobalArguments;
use egito::binding::{SETTINGS, SettingInfo, SettingKind};
use egito::{Error, Result, Settings};

/// Returns the settings: those of `--set` override the environment, and the environment overrides the file.
pub fn settings(arguments: &GlobalArguments) -> Result<Settings> {
    let json = arguments.settings.iter().map(|given| pair(given)).collect::<Result<Vec<_>>>()?;
    let json = format!("{{{}}}", json.join(","));
    match &arguments.config {
        Some(file) => Settings::from_file_and_env(file, json.as_bytes()),
        None => Settings::from_env(json.as_bytes()),
    }
}

/// Returns `NAME=VALUE` as a member of a JSON object. The core reports what is wrong with the name or the value.
fn pair(given: &str) -> Result<String> {
    let Some((name, value)) = given.split_once('=') else {
        return Err(Error::config("set", format!("invalid `--set`: expected NAME=VALUE, got {given:?}")));
    };
    let is_name = |setting: &&SettingInfo| setting.name == name || egito::binding::camel_case(setting.name) == name;
    let kind = SETTINGS.iter().find(is_name).map(|setting| setting.kind);
    if kind == Some(SettingKind::Secret) {
        let message = format!(
            "`{name}` cannot be set with `--set`, since other users can see the arguments of a program; set it in the file of \
             `--config` or in the environment"
        );
        return Err(Error::config(name, message));
    }
    let is_text =
        matches!(kind, Some(SettingKind::Text | SettingKind::Path | SettingKind::Store | SettingKind::OneOf(_)));
    let is_json = !is_text && serde_json::from_str::<serde_json::Value>(value).is_ok();
    let value = if is_json { value.to_owned() } else { serde_json::Value::from(value).to_string() };
    Ok(format!("{}:{value}", serde_json::Value::from(name)))
}
