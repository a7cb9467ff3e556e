//! The settings of a client. Rust programs use [`ClientBuilder`]; bindings pass settings as JSON to [`Settings::from_json`].

mod builder;
mod check;
mod env;
mod file;
mod headers;
mod json;
mod options;
mod pair;
mod proxy;
mod seconds;
mod table;
mod variables;

pub use headers::Headers;
pub(crate) use json::snake_case;
pub(crate) use proxy::Proxy;
pub use table::{ClientBuilder, SETTINGS, SettingGroup, SettingInfo, SettingKind, Settings};
pub use variables::variable;

use crate::error::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Storage of tokens, see [`ClientBuilder::token_store`].
///
/// ```
/// # let folder = std::env::temp_dir();
/// let store = egito::TokenStore::File(folder.join("egito-token"));
/// let builder = egito::Client::builder().token_store(store);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum TokenStore {
    /// In memory, for the lifetime of the client.
    #[default]
    Memory,
    /// In a file with mode 0600, which the processes of one machine share. A second file with the ending `.lock` is next to it, and is
    /// locked while one of them logs in.
    File(PathBuf),
}

impl TokenStore {
    pub(crate) fn as_path(&self) -> Option<&Path> {
        match self {
            Self::Memory => None,
            Self::File(path) => Some(path),
        }
    }
}

impl From<String> for TokenStore {
    fn from(text: String) -> Self {
        if text == "memory" { Self::Memory } else { Self::File(text.into()) }
    }
}

/// Type of returned decimals, see [`ClientBuilder::decimals`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// let exact = client.with_options(br#"{"decimals": "string"}"#)?;
/// assert_eq!(client.accounts().get(1).await?.raw("revenue"), Some("1250000.50"));
/// assert_eq!(exact.accounts().get(1).await?.raw("revenue"), Some(r#""1250000.50""#));
/// # assert_eq!(exact.settings().decimals, egito::Decimals::String);
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimals {
    /// Numbers, which most programs read as doubles.
    #[default]
    Float,
    /// Strings with every digit.
    String,
    /// Numbers in Rust, exact decimals in languages that have them, such as `decimal.Decimal` in Python.
    Decimal,
}

/// Location of the parameters of the token request, see [`ClientBuilder::token_params`].
///
/// ```
/// let builder = egito::Client::builder().token_params(egito::TokenParams::Query);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenParams {
    /// In the form body.
    #[default]
    Form,
    /// In the query of the URL, as in Egito's documentation.
    Query,
}

/// Location of the access token in calls, see [`ClientBuilder::token_in`].
///
/// ```
/// use egito::{BodyFormat, TokenIn};
///
/// let builder = egito::Client::builder().token_in(TokenIn::Form).body(BodyFormat::Form);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenIn {
    /// The header `Authorization: Bearer …`.
    #[default]
    Header,
    /// The parameter `access_token` in the query.
    Query,
    /// The parameter `access_token` in the form. Needs [`BodyFormat::Form`], and every call is a POST.
    Form,
}

/// Format of the body of calls, see [`ClientBuilder::body`].
///
/// ```
/// let builder = egito::Client::builder().body(egito::BodyFormat::Form);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// A JSON object.
    #[default]
    Json,
    /// Form parameters: nested objects as `parent.child`, lists as `items[0].name`.
    Form,
}

/// Decimal separator in form parameters, see [`ClientBuilder::form_decimal`].
///
/// ```
/// use egito::{BodyFormat, FormDecimal};
///
/// let builder = egito::Client::builder().body(BodyFormat::Form).form_decimal(FormDecimal::Comma);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum FormDecimal {
    /// `12.34`.
    #[default]
    #[serde(rename = ".")]
    Point,
    /// `12,34`, for a server whose language is Polish.
    #[serde(rename = ",")]
    Comma,
}

/// HTTP method of a call.
///
/// ```
/// let method: egito::Method = "post".parse()?;
/// assert_eq!(method, egito::Method::Post);
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)] // the names are clear
pub enum Method {
    #[serde(alias = "get")]
    Get,
    #[serde(alias = "post")]
    Post,
    #[serde(alias = "delete")]
    Delete,
}

impl Method {
    /// Returns the name of the method in a request.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

impl Settings {
    /// Returns the password, unless it is empty.
    pub(crate) fn password(&self) -> Option<&SecretString> {
        self.password.as_ref().filter(|password| !password.expose_secret().is_empty())
    }

    /// Returns the refresh token, if the client logs in with it.
    pub(crate) fn refresh_grant(&self) -> Option<&SecretString> {
        let given = self.refresh_token.as_ref().filter(|token| !token.expose_secret().is_empty());
        given.filter(|_| self.password().is_none())
    }

    /// Returns the HTTP method of `get`.
    pub(crate) fn read_method(&self) -> Method {
        self.read_method.unwrap_or_else(|| self.list_method())
    }

    /// Returns the HTTP method of `delete`.
    pub(crate) fn delete_method(&self) -> Method {
        self.delete_method.unwrap_or(Method::Post)
    }

    /// Returns the HTTP method of `list`.
    pub(crate) fn list_method(&self) -> Method {
        if self.token_in == TokenIn::Form { Method::Post } else { Method::Get }
    }

    /// Reads settings from one JSON object.
    ///
    /// Fails with `config` if a setting is unknown, has an invalid value, or is given twice (`timeout` and `timeoutMs`). The error has
    /// the name of the setting.
    ///
    /// ```
    /// let error = egito::Settings::from_json(br#"{"time_out": 5}"#).unwrap_err();
    /// assert_eq!(error.details().setting.as_deref(), Some("time_out"));
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        json::read(json, Vec::new(), Vec::new())
    }

    /// Reads settings from environment variables, and from the file that `EGITO_CONFIG` names, see [`from_file`](Self::from_file). The
    /// variables override the file, and the settings in the JSON object override both.
    ///
    /// A variable is `EGITO_` and the name of the setting, such as `EGITO_NAME`, `EGITO_USERNAME`, `EGITO_PASSWORD` and
    /// `EGITO_PAGE_SIZE`. Those of the client's keys are `EGITO_API_ID` and `EGITO_API_SECRET`. An empty one counts as not set.
    ///
    /// ```no_run
    /// let settings = egito::Settings::from_env(br#"{"timeout": 30}"#)?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_env(json: &[u8]) -> Result<Self> {
        json::read(json, env::settings()?, env::file_settings()?)
    }

    /// Returns the settings that [`from_env`](Self::from_env) reads, as one JSON object.
    pub(crate) fn json_from_env(json: &[u8]) -> Result<String> {
        let settings = json::merge(json, env::settings()?, env::file_settings()?)?;
        let settings: std::collections::BTreeMap<_, _> = settings.into_iter().collect();
        Ok(serde_json::to_string(&settings).expect("settings are JSON"))
    }

    /// Reads settings like [`from_env`](Self::from_env), but from this file instead of the one that `EGITO_CONFIG` names.
    ///
    /// ```no_run
    /// let settings = egito::Settings::from_file_and_env("egito.toml", b"{}")?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_file_and_env(path: impl AsRef<Path>, json: &[u8]) -> Result<Self> {
        json::read(json, env::settings()?, file::settings(path.as_ref())?)
    }

    /// Reads settings from a TOML file, under their names in `snake_case`. The settings in the JSON object override them.
    ///
    /// The environment is not read: [`from_env`](Self::from_env) reads both. A file with secrets should be readable by its owner only
    /// (mode 0600).
    ///
    /// Error `config`, with the path and the line: the file is not TOML, or a setting is unknown or invalid.
    ///
    /// ```
    /// # let folder = egito_test_support::Folder::new();
    /// let path = folder.path().join("egito.toml");
    /// std::fs::write(&path, "limit_param = \"limit\"\npage_size = 100\n").unwrap();
    /// let settings = egito::Settings::from_file(&path, br#"{"name": "firma"}"#)?;
    /// assert_eq!((settings.limit_param.as_str(), settings.page_size), ("limit", 100));
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>, json: &[u8]) -> Result<Self> {
        json::read(json, Vec::new(), file::settings(path.as_ref())?)
    }
}

impl std::str::FromStr for Method {
    type Err = Error;

    /// Parses `GET`, `POST` or `DELETE`, in upper or lower case.
    fn from_str(method: &str) -> Result<Self> {
        match method.to_ascii_uppercase().as_str() {
            "GET" => Ok(Self::Get),
            "POST" => Ok(Self::Post),
            "DELETE" => Ok(Self::Delete),
            _ => Err(Error::config(
                "method",
                format!("invalid `method`: expected \"GET\", \"POST\" or \"DELETE\", got \"{method}\""),
            )),
        }
    }
}
