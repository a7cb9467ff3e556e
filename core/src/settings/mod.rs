//! The one settings struct. Every language hands its keywords or its object to [`Settings::from_json`].

mod check;
mod env;
mod json;
mod options;
mod proxy;
mod seconds;

pub(crate) use proxy::Proxy;

use crate::error::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a client is built with. [`Settings::default`] has every default; only the credentials and `name` (or `base_url`) must be given.
///
/// As JSON, names may be written in `snake_case` or `camelCase`, durations are seconds, and every duration also goes in
/// milliseconds with the ending `_ms` or `Ms`. `null` means "not given". Unknown names are an error `config`.
///
/// ```
/// let settings = egito::Settings::from_json(br#"{
///     "name": "firma", "clientId": "abc", "clientSecret": "def",
///     "username": "jan@firma", "password": "ghi", "timeoutMs": 30000
/// }"#)?;
/// assert_eq!(settings.timeout.as_secs(), 30);
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The customer's application name: the server is `https://{name}.egito.pl`.
    pub name: Option<String>,
    /// The server's address, instead of `name`. Plain `http://` is taken for loopback only.
    pub base_url: Option<String>,
    /// Client id of the integration.
    pub client_id: String,
    /// Client secret of the integration.
    pub client_secret: SecretString,
    /// User name, `login@firma`.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<SecretString>,
    /// A refresh token, used only where no password is given.
    pub refresh_token: Option<SecretString>,

    /// Where tokens are kept: `memory` (default), or the path of a file that processes of one machine share.
    pub token_store: TokenStore,

    /// Longest time for a whole call with its repeats and pauses; for a list, for each page. Default 120 s.
    #[serde(with = "seconds")]
    pub timeout: Duration,
    /// Longest time to open a connection. Default 10 s.
    #[serde(with = "seconds")]
    pub connect_timeout: Duration,
    /// Longest silence before the first piece of an answer (connecting and sending included) and between two. Default 60 s.
    #[serde(with = "seconds")]
    pub read_timeout: Duration,

    /// How often a call may be repeated after its first attempt, where repeating is safe. Default 4; 0 means never.
    pub max_retries: u32,
    /// Upper bound of the first pause before a repeat; it doubles with each. Default 0.5 s.
    #[serde(with = "seconds")]
    pub backoff_base: Duration,
    /// Upper bound of any such pause. Default 20 s.
    #[serde(with = "seconds")]
    pub backoff_max: Duration,
    /// Longest pause the server may ask for with `Retry-After`; beyond it the error comes at once. Default 120 s.
    #[serde(with = "seconds")]
    pub retry_after_max: Duration,

    /// Most requests at one time. Default 64.
    pub max_concurrency: u32,
    /// Most requests in a second, evenly spaced. No limit by default.
    pub requests_per_second: Option<f64>,

    /// Records asked for in one request of a list. Default 500; servers may send fewer.
    pub page_size: u32,
    /// Most pages of a list asked for before they are wanted, once the second one is; 0 means none. More than one at a time
    /// only where the server tells a count and rows come by ascending id or pages overlap. Default 2.
    pub prefetch: u32,
    /// Records that each page shall have in common with the one before, so that rows which others delete meanwhile hide
    /// none; less than `page_size`. Default 0.
    pub page_overlap: u32,
    /// How decimals come out: as the language's double (`float`), as text (`string`), or, in Python, as `Decimal`.
    pub decimals: Decimals,
    /// Address of a proxy, or `env` for the usual environment variables (`HTTPS_PROXY`, `NO_PROXY` …). None by default:
    /// the environment is not read unasked.
    pub proxy: Option<SecretString>,
    /// PEM file of certificate authorities that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Largest answer that is read, in bytes after decompression. Default 256 MiB.
    pub max_response_bytes: u64,
    /// The `User-Agent` header.
    pub user_agent: String,

    /// `scope` of the token request; none is sent by default.
    pub scope: Option<String>,
    /// Where the token request carries its parameters. Default `form`: secrets in a URL end up in logs.
    pub token_params: TokenParams,
    /// Where a call carries its token. Default `header`.
    pub token_in: TokenIn,
    /// How calls carry a record: as JSON (default) or as form parameters.
    pub body: BodyFormat,
    /// Method of `get`. Default GET; POST where the token is in the form.
    pub read_method: Option<Method>,
    /// Method of `delete`. Default POST.
    pub delete_method: Option<Method>,
    /// Parameter that carries the id. Default `id`.
    pub id_param: String,
    /// Parameter that carries the page size. Default `max`.
    pub limit_param: String,
    /// Parameter that carries the offset. Default `offset`.
    pub offset_param: String,
    /// Parameter that carries the field to sort by. Default `sort`.
    pub sort_param: String,
    /// Parameter that carries the direction. Default `order`.
    pub order_param: String,
    /// Field to sort lists by where the caller names none, so that pages do not overlap. Default `id`; empty turns it off.
    pub default_sort: String,
    /// Key of the array in a list's answer, where it should not be detected.
    pub list_key: Option<String>,
}

/// Where tokens are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum TokenStore {
    /// In the client, for as long as it lives.
    #[default]
    Memory,
    /// In a file, mode 0600, locked while one process logs in. Beside it lies a file with the ending `.lock`.
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

/// How decimals come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimals {
    /// As numbers: the language's double.
    #[default]
    Float,
    /// As text, digit by digit.
    String,
    /// As numbers here; Python makes `decimal.Decimal` of them.
    Decimal,
}

/// Where the token request carries its parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenParams {
    /// In the form body.
    #[default]
    Form,
    /// In the URL's query, as Egito's documentation writes it.
    Query,
}

/// Where a call carries its token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenIn {
    /// `Authorization: Bearer …`.
    #[default]
    Header,
    /// The parameter `access_token` in the URL.
    Query,
    /// The parameter `access_token` in the form; needs `body = "form"`, and every call goes as POST.
    Form,
}

/// How calls carry a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// As a JSON object.
    #[default]
    Json,
    /// As form parameters: nested objects as `parent.child`, lists as `items[0].name`.
    Form,
}

/// HTTP method of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)] // their names say it
pub enum Method {
    #[serde(alias = "get")]
    Get,
    #[serde(alias = "post")]
    Post,
    #[serde(alias = "delete")]
    Delete,
}

impl Settings {
    /// The password, unless it is empty.
    pub(crate) fn password(&self) -> Option<&SecretString> {
        self.password.as_ref().filter(|password| !password.expose_secret().is_empty())
    }

    /// The refresh token, where it is what to log in with.
    pub(crate) fn refresh_grant(&self) -> Option<&SecretString> {
        let given = self.refresh_token.as_ref().filter(|token| !token.expose_secret().is_empty());
        given.filter(|_| self.password().is_none())
    }

    /// Method of `get`.
    pub(crate) fn read_method(&self) -> Method {
        self.read_method.unwrap_or_else(|| self.list_method())
    }

    /// Method of `delete`.
    pub(crate) fn delete_method(&self) -> Method {
        self.delete_method.unwrap_or(Method::Post)
    }

    /// Method of `list`.
    pub(crate) fn list_method(&self) -> Method {
        if self.token_in == TokenIn::Form { Method::Post } else { Method::Get }
    }

    /// Settings from one JSON object.
    ///
    /// Error `config`, naming the setting: unknown, of the wrong type, or given twice (`timeout` and `timeoutMs`).
    pub fn from_json(json: &[u8]) -> Result<Self> {
        json::read(json, Vec::new())
    }

    /// The names of all settings, in the order of the struct.
    #[doc(hidden)]
    #[must_use]
    pub fn names() -> &'static [&'static str] {
        json::names()
    }

    /// Whether the setting of this name is a duration, which also goes in milliseconds.
    #[doc(hidden)]
    #[must_use]
    pub fn is_duration(name: &str) -> bool {
        json::is_duration(name)
    }

    /// Settings from `EGITO_NAME`, `EGITO_API_ID`, `EGITO_API_SECRET`, `EGITO_USERNAME`, `EGITO_PASSWORD` and
    /// `EGITO_BASE_URL`, with those of a JSON object laid over them.
    pub fn from_env(json: &[u8]) -> Result<Self> {
        json::read(json, env::settings()?)
    }
}

impl std::str::FromStr for Method {
    type Err = Error;

    /// `GET`, `POST` or `DELETE`, in any case of letters.
    fn from_str(method: &str) -> Result<Self> {
        match method.to_ascii_uppercase().as_str() {
            "GET" => Ok(Self::Get),
            "POST" => Ok(Self::Post),
            "DELETE" => Ok(Self::Delete),
            _ => Err(Error::config("method", format!("`method` is GET, POST or DELETE, not `{method}`"))),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: None,
            base_url: None,
            client_id: String::new(),
            client_secret: SecretString::from(String::new()),
            username: None,
            password: None,
            refresh_token: None,
            token_store: TokenStore::default(),
            timeout: Duration::from_mins(2),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_mins(1),
            max_retries: 4,
            backoff_base: Duration::from_millis(500),
            backoff_max: Duration::from_secs(20),
            retry_after_max: Duration::from_mins(2),
            max_concurrency: 64,
            requests_per_second: None,
            page_size: 500,
            prefetch: 2,
            page_overlap: 0,
            decimals: Decimals::default(),
            proxy: None,
            ca_file: None,
            max_response_bytes: 256 << 20,
            user_agent: concat!("egito-sdk/", env!("CARGO_PKG_VERSION")).into(),
            scope: None,
            token_params: TokenParams::default(),
            token_in: TokenIn::default(),
            body: BodyFormat::default(),
            read_method: None,
            delete_method: None,
            id_param: "id".into(),
            limit_param: "max".into(),
            offset_param: "offset".into(),
            sort_param: "sort".into(),
            order_param: "order".into(),
            default_sort: "id".into(),
            list_key: None,
        }
    }
}
