//! What a test may change about the server's habits (`POST /_sandbox/config`).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::dates::TimeZone;
use crate::fields::Fields;

/// Everything that wire.md leaves open about a server, with what we expect of a real one as the default.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each one is a habit of its own")]
pub(crate) struct Config {
    /// Rows that a page has at most, whatever was asked for.
    pub page_cap: Option<u64>,
    /// Rows of a page where `max` is missing; null: all.
    pub page_default: Option<u64>,
    pub ignore_offset: bool,
    pub ignore_max: bool,
    /// `array`, or the name of the key that holds the array.
    pub list_form: String,
    /// The key of the count beside the array.
    pub total_key: Option<String>,
    /// Added to the true count.
    pub total_delta: i64,
    /// The count stands on the first page only.
    pub hide_total_on_page: bool,
    /// The order of rows where no `sort` was given.
    pub unsorted: Unsorted,
    pub limit_param: String,
    pub offset_param: String,
    pub sort_param: String,
    pub order_param: String,
    pub id_param: String,
    pub validation_status: u16,
    pub errors_form: ErrorsForm,
    pub not_found_form: NotFoundForm,
    /// How ids are written in answers.
    pub id_form: IdForm,
    /// How long a new access token lives.
    pub token_seconds: f64,
    /// How long a new refresh token lives.
    pub refresh_seconds: f64,
    pub expires_in: ExpiresIn,
    /// Fields that token answers lack.
    pub token_omit: Vec<String>,
    pub token_type: String,
    /// A refresh grant gives a new refresh token too.
    pub rotate_refresh: bool,
    /// Tokens are kept in a database without transactions [G]: each login takes so long, and meanwhile the shared token is
    /// removed and stored again.
    pub token_race_ms: u64,
    /// Refusals repeat the token in their description.
    pub echo_token: bool,
    pub locale: Locale,
    /// Fields that hold decimals; as text they are read with the separator of the language [G].
    pub decimal_fields: Vec<String>,
    /// How the form of a login is read whose content type names no charset [G].
    pub form_charset: FormCharset,
    /// In which zone times are that are no points in time.
    pub time_zone: TimeZone,
}

impl Config {
    /// This config with the given fields changed; the message names the one that cannot be.
    pub fn merged(&self, changes: &Fields) -> Result<Self, String> {
        changes.iter().try_fold(self.clone(), |config, (name, value)| {
            config.with(name, value).map_err(|message| format!("config {name}: {message}"))
        })
    }

    /// Read as a value and not as text: a place in a text that nobody sent helps nobody.
    fn with(&self, name: &str, value: &RawValue) -> Result<Self, String> {
        let mut config = serde_json::to_value(self).map_err(|error| error.to_string())?;
        config[name] = serde_json::from_str::<Value>(value.get()).map_err(|error| error.to_string())?;
        let config: Self = serde_json::from_value(config).map_err(|error| error.to_string())?;
        if config.page_cap == Some(0) {
            return Err("a page has at least one row; null is no cap".to_owned());
        }
        Ok(config)
    }
}

impl Config {
    /// How long a login takes to store its token.
    pub fn token_race(&self) -> Duration {
        Duration::from_millis(self.token_race_ms)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            page_cap: None,
            page_default: None,
            ignore_offset: false,
            ignore_max: false,
            list_form: "array".into(),
            total_key: None,
            total_delta: 0,
            hide_total_on_page: false,
            unsorted: Unsorted::Id,
            limit_param: "max".into(),
            offset_param: "offset".into(),
            sort_param: "sort".into(),
            order_param: "order".into(),
            id_param: "id".into(),
            validation_status: 200,
            errors_form: ErrorsForm::Objects,
            not_found_form: NotFoundForm::Errors,
            id_form: IdForm::Number,
            token_seconds: 3600.0,
            refresh_seconds: 30.0 * 86_400.0,
            expires_in: ExpiresIn::Word(ExpiresInWord::Remaining),
            token_omit: Vec::new(),
            token_type: "bearer".into(),
            rotate_refresh: false,
            token_race_ms: 0,
            echo_token: true,
            locale: Locale::Pl,
            decimal_fields: Vec::new(),
            form_charset: FormCharset::Utf8,
            time_zone: TimeZone::Warsaw,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unsorted {
    /// As the table has them: by id.
    Id,
    /// Another order for each request: pages overlap.
    Random,
}

/// How validation failures are written; wire.md, "Success and failure".
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErrorsForm {
    Objects,
    Strings,
    OneObject,
    OneString,
    SingleError,
    SuccessFalse,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotFoundForm {
    /// 404 with `errors`.
    Errors,
    /// 404 without a body.
    Empty,
    /// 200 with `null`.
    Null,
    /// 200 with `{}`.
    Object,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IdForm {
    Number,
    String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum ExpiresIn {
    Word(ExpiresInWord),
    Seconds(i64),
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExpiresInWord {
    Remaining,
    Missing,
}

/// The charset of a form that names none.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) enum FormCharset {
    #[serde(rename = "UTF-8")]
    Utf8,
    /// Where the security filters run before the one that sets the encoding.
    #[serde(rename = "ISO-8859-1")]
    Latin1,
}

/// The language of descriptions and messages.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Locale {
    Pl,
    En,
}

impl Locale {
    pub fn choose<'a>(self, polish: &'a str, english: &'a str) -> &'a str {
        match self {
            Locale::Pl => polish,
            Locale::En => english,
        }
    }
}
