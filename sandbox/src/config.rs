//! The behavior of the server that a test can configure (`POST /_sandbox/config`).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::dates::{self, TimeZone};
use crate::fields::Fields;

/// Behaviour that wire.md does not define. Defaults are what we expect of a real server.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each one configures another behavior")]
pub(crate) struct Config {
    /// Maximum number of records of a page, whatever `max` asks for.
    pub page_cap: Option<u64>,
    /// Number of records of a page without `max`; null means all.
    pub page_default: Option<u64>,
    pub ignore_offset: bool,
    pub ignore_max: bool,
    /// Fields whose filters are ignored; `*` means all.
    pub ignore_filters: Vec<String>,
    /// `array`, or the name of the key that holds the array.
    pub list_form: String,
    /// Key of another array of objects next to the array.
    pub other_list: Option<String>,
    /// Key of the total count next to the array.
    pub total_key: Option<String>,
    /// Added to the real count.
    pub total_delta: i64,
    /// Whether only the first page has the count.
    pub hide_total_on_page: bool,
    /// Order of records without `sort`.
    pub unsorted: Unsorted,
    /// Whether `sort` and `order` are ignored.
    pub ignore_sort: bool,
    /// Whether records with equal sort values have a new order for each request.
    pub random_ties: bool,
    pub limit_param: String,
    pub offset_param: String,
    pub sort_param: String,
    pub order_param: String,
    pub id_param: String,
    /// Format of the bodies of writes; fields in another format are not read.
    pub body: BodyFormat,
    pub validation_status: u16,
    pub errors_form: ErrorsForm,
    pub not_found_form: NotFoundForm,
    /// JSON type of ids in responses.
    pub id_form: IdForm,
    /// Location of the parameters of a login; those elsewhere are not read.
    pub token_params: TokenParams,
    /// Lifetime of new access tokens.
    pub token_seconds: f64,
    /// Lifetime of new refresh tokens.
    pub refresh_seconds: f64,
    pub expires_in: ExpiresIn,
    /// Fields to omit from token responses.
    pub token_omit: Vec<String>,
    pub token_type: String,
    /// Whether the refresh grant returns a new refresh token, too.
    pub rotate_refresh: bool,
    /// Duration of a login in a token database without transactions [G]: meanwhile the shared token is removed and stored again.
    pub token_race_ms: u64,
    /// Whether refusals include the token in their description.
    pub echo_token: bool,
    pub locale: Locale,
    /// Decimal fields. As strings they are read with the decimal separator of the language [G].
    pub decimal_fields: Vec<String>,
    /// Charset of a login form whose content type names none [G].
    pub form_charset: FormCharset,
    /// Time zone of dates and times without a valid offset, see `dates`.
    pub time_zone: TimeZone,
    /// Value of `dateCreated` and `lastUpdated` of every write; null means the time of the clock.
    pub timestamp: Option<String>,
    /// Time from the response to a create until other requests see the record [G].
    pub commit_delay_ms: u64,
}

impl Config {
    /// Returns the config with the given changes. The error names the invalid field.
    pub fn merged(&self, changes: &Fields) -> Result<Self, String> {
        changes.iter().try_fold(self.clone(), |config, (name, value)| {
            config.with(name, value).map_err(|message| format!("config {name}: {message}"))
        })
    }

    /// Returns this config with one key changed. The value is parsed before it is merged: an error message that named a
    /// position in the merged text would be no help, since the caller did not send that text.
    fn with(&self, name: &str, value: &RawValue) -> Result<Self, String> {
        let mut config = serde_json::to_value(self).map_err(|error| error.to_string())?;
        config[name] = serde_json::from_str::<Value>(value.get()).map_err(|error| error.to_string())?;
        let config: Self = serde_json::from_value(config).map_err(|error| error.to_string())?;
        if config.page_cap == Some(0) {
            return Err("expected at least 1, or null for no limit".to_owned());
        }
        if let Some(text) = &config.timestamp
            && dates::read(text, TimeZone::Utc).as_ref() != Some(text)
        {
            return Err(format!("expected a date such as 2026-07-01T10:00:00Z, or null, got {text:?}"));
        }
        Ok(config)
    }
}

impl Config {
    /// Returns whether the filter by a field is ignored.
    pub fn ignores_filter(&self, field: &str) -> bool {
        self.ignore_filters.iter().any(|ignored| ignored == "*" || ignored == field)
    }

    /// Returns the duration of a login that stores its token.
    pub fn token_race(&self) -> Duration {
        Duration::from_millis(self.token_race_ms)
    }

    /// Returns the time from the response to a create until its commit.
    pub fn commit_delay(&self) -> Duration {
        Duration::from_millis(self.commit_delay_ms)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            page_cap: None,
            page_default: None,
            ignore_offset: false,
            ignore_max: false,
            ignore_filters: Vec::new(),
            list_form: "array".into(),
            other_list: None,
            total_key: None,
            total_delta: 0,
            hide_total_on_page: false,
            unsorted: Unsorted::Id,
            ignore_sort: false,
            random_ties: false,
            limit_param: "max".into(),
            offset_param: "offset".into(),
            sort_param: "sort".into(),
            order_param: "order".into(),
            id_param: "id".into(),
            body: BodyFormat::Any,
            validation_status: 200,
            errors_form: ErrorsForm::Objects,
            not_found_form: NotFoundForm::Errors,
            id_form: IdForm::Number,
            token_params: TokenParams::Any,
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
            timestamp: None,
            commit_delay_ms: 0,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unsorted {
    /// By id, as in the table.
    Id,
    /// A new order for each request, so pages overlap.
    Random,
}

/// The form of validation errors, see wire.md, "Success and failure".
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
pub(crate) enum BodyFormat {
    Any,
    Json,
    Form,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenParams {
    Any,
    Form,
    Query,
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

/// The charset of a form whose content type names none.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) enum FormCharset {
    #[serde(rename = "UTF-8")]
    Utf8,
    /// As on servers whose security filters run before the filter that sets the encoding.
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
