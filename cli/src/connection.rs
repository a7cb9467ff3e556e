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
    let setting = SETTINGS.iter().find(is_name);
    if setting.is_some_and(|setting| may_be_secret(setting, value)) {
        let message = format!(
            "`{name}` cannot be set with `--set`, since other users can see the arguments of a program; set it in the file of \
             `--config` or in the environment"
        );
        return Err(Error::config(name, message));
    }
    let is_text = setting.is_some_and(|setting| is_text(setting.kind));
    let is_json = !is_text && serde_json::from_str::<serde_json::Value>(value).is_ok();
    let value = if is_json { value.to_owned() } else { serde_json::Value::from(value).to_string() };
    Ok(format!("{}:{value}", serde_json::Value::from(name)))
}

/// Returns whether other users must not see the value. That of a proxy is secret with a password, and that of a header can be a key.
fn may_be_secret(setting: &SettingInfo, value: &str) -> bool {
    match setting.kind {
        SettingKind::Secret if setting.name == "proxy" => value.contains('@'),
        kind => matches!(kind, SettingKind::Secret | SettingKind::Headers),
    }
}

fn is_text(kind: SettingKind) -> bool {
    use SettingKind::{OneOf, Path, Secret, Store, Text};
    matches!(kind, Text | Secret | Path | Store | OneOf(_))
}
