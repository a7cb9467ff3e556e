//! The list of all settings. The struct, its defaults and the methods of the builder are made from it.

use super::{BodyFormat, Decimals, FormDecimal, Headers, Method, TokenIn, TokenParams, TokenStore, seconds};
use crate::error::Result;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// Defines the struct, its defaults and the builder's setters from lines of `name: type = default, argument of the setter`.
///
/// `text`, `secret` and `path` are setters that take whatever becomes one; the others take the type itself.
macro_rules! settings {
    (
        $(#[$about:meta])*
        pub struct Settings {
            $($(#[doc = $doc:literal])* $(#[serde($serde:meta)])? $field:ident: $type:ty = $default:expr, $argument:ident;)*
        }
    ) => {
        $(#[$about])*
        pub struct Settings {
            $($(#[doc = $doc])* $(#[serde($serde)])? pub $field: $type,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl<C> ClientBuilder<C> {
            $(setter! { $argument $field $($doc)* })*
        }
    };
}

macro_rules! setter {
    (text $($rest:tt)*) => { setter! { impl Into<String>; $($rest)* } };
    (secret $($rest:tt)*) => { setter! { impl Into<SecretString>; $($rest)* } };
    (path $($rest:tt)*) => { setter! { impl Into<PathBuf>; $($rest)* } };
    (impl Into<$type:ty>; $field:ident $($doc:literal)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, value: impl Into<$type>) -> Self {
            let value: $type = value.into();
            self.settings.$field = value.into();
            self
        }
    };
    ($type:ident $field:ident $($doc:literal)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, value: $type) -> Self {
            self.settings.$field = value.into();
            self
        }
    };
}

settings! {
    /// The settings of a client. In Rust a [`ClientBuilder`] sets them; this struct reads them from JSON or the environment.
    ///
    /// As JSON, names may be written in `snake_case` or `camelCase`, durations are seconds, and every duration can also be given
    /// in milliseconds with the ending `_ms` or `Ms`. `null` means "not given". Unknown names are an error `config`.
    ///
    /// ```
    /// let settings = egito::Settings::from_json(br#"{
    ///     "name": "firma", "clientId": "4c1e", "clientSecret": "9f30",
    ///     "username": "jan@firma", "password": "secret", "timeoutMs": 30000
    /// }"#)?;
    /// assert_eq!(settings.timeout.as_secs(), 30);
    /// let client = egito::Client::new(settings)?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[derive(Clone, Debug, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Settings {
        /// Application name of the customer: the server is `https://{name}.egito.pl`. This or `base_url` is required.
        name: Option<String> = None, text;
        /// Address of the server, instead of `name`. Plain `http://` is accepted for loopback only.
        base_url: Option<String> = None, text;
        /// Client id of the integration. Required.
        client_id: String = String::new(), text;
        /// Client secret of the integration. Required.
        client_secret: SecretString = SecretString::from(""), secret;
        /// User name, `login@firma`. Required with a password.
        username: Option<String> = None, text;
        /// Password of the user.
        password: Option<SecretString> = None, secret;
        /// Refresh token, used only if no password is given.
        refresh_token: Option<SecretString> = None, secret;

        /// Where tokens are kept: in memory (default), or in a file that the processes of one machine share.
        token_store: TokenStore = TokenStore::Memory, TokenStore;

        /// Maximum time for a whole call, retries and pauses included; for a list, for each page. Default: 120 s.
        #[serde(with = "seconds")]
        timeout: Duration = Duration::from_secs(120), Duration;
        /// Maximum time to open a connection. Default: 10 s.
        #[serde(with = "seconds")]
        connect_timeout: Duration = Duration::from_secs(10), Duration;
        /// Maximum time without data: until the response begins (connecting and sending included), and between two parts of it.
        /// Default: 60 s.
        #[serde(with = "seconds")]
        read_timeout: Duration = Duration::from_secs(60), Duration;

        /// Maximum number of retries after the first attempt of a call, made only if repeating it is safe. Default: 4; 0 disables retries.
        max_retries: u32 = 4, u32;
        /// Upper bound of the random pause before the first retry; it doubles with every retry. Default: 0.5 s.
        #[serde(with = "seconds")]
        backoff_base: Duration = Duration::from_millis(500), Duration;
        /// Upper bound of every such pause. Default: 20 s.
        #[serde(with = "seconds")]
        backoff_max: Duration = Duration::from_secs(20), Duration;
        /// Longest pause that the server may ask for with `Retry-After`; if it asks for more, the call fails at once. Default: 120 s.
        #[serde(with = "seconds")]
        retry_after_max: Duration = Duration::from_secs(120), Duration;

        /// Maximum time that closing a client waits for its calls in flight. Default: 5 s.
        #[serde(with = "seconds")]
        close_timeout: Duration = Duration::from_secs(5), Duration;

        /// Maximum number of requests in flight. Default: 64.
        max_concurrency: u32 = 64, u32;
        /// Maximum number of requests per second, evenly spaced. No limit by default.
        requests_per_second: Option<f64> = None, f64;

        /// Records requested per page of a list. Default: 500; the server may send fewer.
        page_size: u32 = 500, u32;
        /// Maximum number of pages fetched ahead, from the second page on. More than one only if the server tells a count, and
        /// records come by ascending id or pages overlap. Default: 2; 0 disables read-ahead.
        prefetch: u32 = 2, u32;
        /// Records that each page has in common with the one before, so that records deleted while a list is read hide no others.
        /// Less than `page_size`; 0 turns it off. Default: 1, for records that have ids; a list of records without ids can be read
        /// with the default, but not with a number that is set here (error `pagination`).
        page_overlap: Option<u32> = None, u32;
        /// Whether decimals are numbers (default) or, to keep every digit, strings.
        decimals: Decimals = Decimals::Float, Decimals;
        /// Address of an HTTP proxy, with `user:password@` if it asks for a login; or `env` to read `HTTPS_PROXY`, `HTTP_PROXY`,
        /// `ALL_PROXY` and `NO_PROXY`. None by default.
        proxy: Option<SecretString> = None, secret;
        /// PEM file with certificate authorities to trust in addition to the system's.
        ca_file: Option<PathBuf> = None, path;
        /// Maximum size of a response in bytes, after decompression. Default: 256 MiB.
        max_response_bytes: u64 = 256 << 20, u64;
        /// Whether event hooks also hear of the start of each attempt. Default: no.
        start_events: bool = false, bool;
        /// HTTP headers that every request has besides the client's own, logins included. None by default; single calls can have others.
        headers: Headers = Headers::default(), Headers;
        /// Value of the header `User-Agent`. Default: `egito-sdk/` and the version.
        user_agent: String = concat!("egito-sdk/", env!("CARGO_PKG_VERSION")).into(), text;

        /// Value of the header `Accept-Language`, e.g. `en`: the language of the server's messages. Not sent by default; the server then
        /// uses its own.
        accept_language: Option<String> = None, text;
        /// Decimal separator in form parameters: `.` (default), or `,` for a server whose language is Polish.
        form_decimal: FormDecimal = FormDecimal::Point, FormDecimal;
        /// Value of `scope` in the token request. None by default.
        scope: Option<String> = None, text;
        /// Where the token request carries its parameters. Default: in the form body, since secrets in a URL end up in logs.
        token_params: TokenParams = TokenParams::Form, TokenParams;
        /// Where a call carries its token. Default: in the header `Authorization`.
        token_in: TokenIn = TokenIn::Header, TokenIn;
        /// How calls carry a record. Default: as JSON.
        body: BodyFormat = BodyFormat::Json, BodyFormat;
        /// HTTP method of `get`. Default: GET; POST if the token is in the form.
        read_method: Option<Method> = None, Method;
        /// HTTP method of `delete`. Default: POST.
        delete_method: Option<Method> = None, Method;
        /// Name of the parameter for the id. Default: `id`.
        id_param: String = "id".into(), text;
        /// Name of the parameter for the page size. Default: `max`.
        limit_param: String = "max".into(), text;
        /// Name of the parameter for the offset. Default: `offset`.
        offset_param: String = "offset".into(), text;
        /// Name of the parameter for the field to sort by. Default: `sort`.
        sort_param: String = "sort".into(), text;
        /// Name of the parameter for the direction. Default: `order`.
        order_param: String = "order".into(), text;
        /// Field to sort lists by if the caller names none, so that pages do not overlap. Default: `id`; an empty text disables sorting.
        default_sort: String = "id".into(), text;
        /// Key of the array in the response to a list. Detected by default.
        list_key: Option<String> = None, text;
    }
}

/// Builds a client. Every setting has a method; those that are not set keep their defaults.
///
/// [`Client::builder`](crate::Client::builder) builds an async client, [`blocking::Client::builder`](crate::blocking::Client::builder)
/// a blocking one. The server and the credentials are required, in code or [from the environment](Self::from_env).
///
/// ```
/// use std::time::Duration;
///
/// let client = egito::Client::builder()
///     .name("firma")
///     .client_id("4c1e")
///     .client_secret("9f30")
///     .username("jan@firma")
///     .password("zażółć gęślą jaźń")
///     .timeout(Duration::from_secs(30))
///     .token_store(egito::TokenStore::File("/tmp/egito-token".into()))
///     .build()?;
/// assert_eq!(client.settings().max_retries, 4); // a default
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes no client until `build` is called"]
pub struct ClientBuilder<C> {
    pub(super) settings: Settings,
    pub(super) from_env: bool,
    pub(super) make: fn(Settings) -> Result<C>,
}
