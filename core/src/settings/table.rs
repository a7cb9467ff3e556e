//! The table of all settings.
//!
//! It defines the struct, its defaults, the methods of the builder and the options of single calls. `cargo xtask generate` writes the
//! types and the reference pages of all languages from [`SETTINGS`]. So the text of a setting must fit every language: it has names of
//! settings in backticks, and does not mention the default.

use super::{BodyFormat, Decimals, FormDecimal, Headers, Method, TokenIn, TokenParams, TokenStore, seconds};
use crate::error::Result;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// One row of the table of settings.
///
/// ```
/// let setting = &egito::binding::SETTINGS[0];
/// assert_eq!((setting.name, setting.default), ("name", ""));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SettingInfo {
    /// Name in `snake_case`, without a unit.
    pub name: &'static str,
    /// Description in one or more sentences.
    pub doc: &'static str,
    /// Type of its value.
    pub kind: SettingKind,
    /// Default; empty if the setting is not set by default.
    pub default: &'static str,
    /// Group of settings that it belongs to.
    pub group: SettingGroup,
    /// Whether single calls can have their own value.
    pub per_call: bool,
    /// Mark in the wire contract: `A` if its default is an assumption about the server; empty otherwise.
    pub mark: &'static str,
}

/// The type of a setting's value.
///
/// ```
/// use egito::binding::{SETTINGS, SettingKind};
///
/// let durations = SETTINGS.iter().filter(|setting| setting.kind == SettingKind::Seconds);
/// assert_eq!(durations.count(), 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingKind {
    /// A string.
    Text,
    /// A string that is never shown in errors.
    Secret,
    /// The path of a file.
    Path,
    /// `memory`, or the path of a file.
    Store,
    /// A duration in seconds, which can also be given in milliseconds.
    Seconds,
    /// An integer, 0 or more.
    Count,
    /// A number of bytes.
    Bytes,
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// Names and values of HTTP headers.
    Headers,
}

/// A group of settings.
///
/// ```
/// use egito::binding::{SETTINGS, SettingGroup};
///
/// assert_eq!(SETTINGS[0].group, SettingGroup::Connection);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingGroup {
    /// The server and the credentials.
    Connection,
    /// Time limits, retries and limits on requests.
    Calls,
    /// Lists, and values in records.
    Data,
    /// Proxy, certificates and headers.
    Network,
    /// Settings for a server that differs from Egito's documentation. Most programs need none of these.
    Wire,
}

/// Defines the struct, its defaults, [`SETTINGS`], the options of single calls and the builder's methods.
///
/// A line is `name: type = default, "default as text" kind`, with `per_call` if single calls can have their own value, and
/// `added` if that value is added to the client's. Its mark in the wire contract comes last.
macro_rules! settings {
    (
        $(#[$about:meta])*
        pub struct Settings {$(
            $group:ident {$(
                $(#[doc = $doc:literal])* $(#[serde($serde:meta)])?
                $field:ident: $type:ty = $default:expr, $shown:tt $kind:ident$(($of:ident: $($word:literal),*))? $($per_call:ident)? $([$mark:ident])?;
            )*}
        )*}
    ) => {
        $(#[$about])*
        pub struct Settings {
            $($($(#[doc = $doc])* #[doc = default_line!($kind $shown)] $(#[doc = mark_line!($mark)])? $(#[serde($serde)])? pub $field: $type,)*)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($($field: $default,)*)* }
            }
        }

        /// All settings, in the order of [`Settings`].
        ///
        /// ```
        /// let per_call = egito::binding::SETTINGS.iter().filter(|setting| setting.per_call);
        /// assert!(per_call.map(|setting| setting.name).any(|name| name == "timeout"));
        /// ```
        pub const SETTINGS: &[SettingInfo] = &[$($(SettingInfo {
            name: stringify!($field),
            doc: concat!($($doc),*),
            kind: kind!($kind $($($word),*)?),
            default: $shown,
            group: SettingGroup::$group,
            per_call: per_call!($($per_call)?),
            mark: concat!($(stringify!($mark))?),
        },)*)*];

        impl Settings {
            /// Copies a setting that single calls can have. Returns false for one that belongs to the whole client.
            pub(super) fn set_for_call(&mut self, name: &str, given: &Self) -> bool {
                match name {
                    $($(stringify!($field) => set_for_call!(self given $field $($per_call)?),)*)*
                    _ => false,
                }
            }
        }

        impl Settings {
            /// Replaces a setting by that of `other`.
            pub(super) fn copy(&mut self, name: &str, other: &Self) {
                match name {
                    $($(stringify!($field) => self.$field.clone_from(&other.$field),)*)*
                    _ => unreachable!("`{name}` is a row of the table"),
                }
            }
        }

        impl<C> ClientBuilder<C> {
            $($(setter! { $kind$(($of))? $field [$($doc)*] default_line!($kind $shown) })*)*
        }
    };
}

macro_rules! kind {
    (OneOf $($word:literal),*) => { SettingKind::OneOf(&[$($word),*]) };
    ($kind:ident) => { SettingKind::$kind };
}

macro_rules! per_call {
    () => {
        false
    };
    ($($per_call:ident)+) => {
        true
    };
}

macro_rules! set_for_call {
    ($to:ident $from:ident $field:ident) => {
        false
    };
    ($to:ident $from:ident $field:ident per_call) => {{
        $to.$field.clone_from(&$from.$field);
        true
    }};
    ($to:ident $from:ident $field:ident added) => {{
        $to.$field = $to.$field.with(&$from.$field);
        true
    }};
}

macro_rules! default_line {
    ($kind:ident "") => {
        ""
    };
    (Seconds $shown:literal) => {
        concat!("\n\nDefault: ", $shown, " s.")
    };
    (Bytes $shown:literal) => {
        concat!("\n\nDefault: ", $shown, " bytes.")
    };
    ($kind:ident $shown:literal) => {
        concat!("\n\nDefault: `", $shown, "`.")
    };
}

macro_rules! mark_line {
    ($mark:ident) => {
        concat!("\n\nThe default is not documented by Egito: mark ", stringify!($mark), " in the wire contract.")
    };
}

macro_rules! setter {
    (impl Into<$type:ty>; $field:ident [$($doc:literal)*] $default:expr) => {
        $(#[doc = $doc])*
        #[doc = $default]
        pub fn $field(mut self, value: impl Into<$type>) -> Self {
            let value: $type = value.into();
            self.settings.$field = value.into();
            self.given.push(stringify!($field));
            self
        }
    };
    ($type:ident; $field:ident [$($doc:literal)*] $default:expr) => {
        $(#[doc = $doc])*
        #[doc = $default]
        pub fn $field(mut self, value: $type) -> Self {
            self.settings.$field = value.into();
            self.given.push(stringify!($field));
            self
        }
    };
    (Text $($rest:tt)*) => { setter! { impl Into<String>; $($rest)* } };
    (Secret $($rest:tt)*) => { setter! { impl Into<SecretString>; $($rest)* } };
    (Path $($rest:tt)*) => { setter! { impl Into<PathBuf>; $($rest)* } };
    (Store $($rest:tt)*) => { setter! { TokenStore; $($rest)* } };
    (Seconds $($rest:tt)*) => { setter! { Duration; $($rest)* } };
    (Count $($rest:tt)*) => { setter! { u32; $($rest)* } };
    (Bytes $($rest:tt)*) => { setter! { u64; $($rest)* } };
    (Number $($rest:tt)*) => { setter! { f64; $($rest)* } };
    (Flag $($rest:tt)*) => { setter! { bool; $($rest)* } };
    (Headers $($rest:tt)*) => { setter! { Headers; $($rest)* } };
    (OneOf($type:ident) $($rest:tt)*) => { setter! { $type; $($rest)* } };
}

settings! {
    /// The settings of a client. Rust programs set them with a [`ClientBuilder`]; this struct reads them from JSON or the environment.
    ///
    /// In JSON, names are in `snake_case` or `camelCase`. Durations are in seconds, or in milliseconds if the name ends in `_ms` or
    /// `Ms`. `null` means "not set". Unknown names fail with `config`.
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
        Connection {
            /// Application name of the customer: the server is `https://{name}.egito.pl`. Either `name` or `base_url` is required.
            name: Option<String> = None, "" Text;
            /// Address of the server, instead of `name`. Plain `http://` is accepted for loopback only.
            base_url: Option<String> = None, "" Text;
            /// Client id of the integration. Required.
            client_id: String = String::new(), "" Text;
            /// Client secret of the integration. Required.
            client_secret: SecretString = SecretString::from(""), "" Secret;
            /// User name, such as `login@firma`. Required with a password.
            username: Option<String> = None, "" Text;
            /// Password of the user.
            password: Option<SecretString> = None, "" Secret;
            /// Refresh token, used only if no password is given.
            refresh_token: Option<SecretString> = None, "" Secret;
            /// Storage of tokens: `memory`, or the path of a file that the processes of one machine share (mode 0600, locked while one
            /// of them logs in).
            token_store: TokenStore = TokenStore::Memory, "memory" Store;
        }
        Calls {
            /// Maximum time of a call, retries and backoff included; for a list, of each page.
            #[serde(with = "seconds")]
            timeout: Duration = Duration::from_secs(120), "120" Seconds per_call;
            /// Maximum time to open a connection.
            #[serde(with = "seconds")]
            connect_timeout: Duration = Duration::from_secs(10), "10" Seconds;
            /// Maximum time without data: until the response begins (connecting and sending included), and between two chunks of it.
            #[serde(with = "seconds")]
            read_timeout: Duration = Duration::from_secs(60), "60" Seconds;
            /// Maximum number of retries of a call. A call is only retried if that is safe. 0 disables retries.
            max_retries: u32 = 4, "4" Count per_call;
            /// Maximum backoff before the first retry; doubles with every retry. The actual delay is random.
            #[serde(with = "seconds")]
            backoff_base: Duration = Duration::from_millis(500), "0.5" Seconds per_call;
            /// Maximum backoff before any retry.
            #[serde(with = "seconds")]
            backoff_max: Duration = Duration::from_secs(20), "20" Seconds per_call;
            /// Maximum delay that the server may request with `Retry-After`. If it requests more, the call fails at once, and the error
            /// has the value.
            #[serde(with = "seconds")]
            retry_after_max: Duration = Duration::from_secs(120), "120" Seconds per_call;
            /// Maximum time that closing a client waits for its calls in flight.
            #[serde(with = "seconds")]
            close_timeout: Duration = Duration::from_secs(5), "5" Seconds;
            /// Maximum number of requests in flight.
            max_concurrency: u32 = 64, "64" Count;
            /// Maximum number of requests per second, evenly spaced. No limit by default.
            requests_per_second: Option<f64> = None, "" Number;
        }
        Data {
            /// Number of records to request per page of a list. The server may send fewer.
            page_size: u32 = 500, "500" Count per_call;
            /// Maximum number of pages to fetch ahead, from the second page on. More than one page is fetched ahead only if the server
            /// sends a count, and records come by ascending id or pages overlap. 0 disables read-ahead.
            prefetch: u32 = 2, "2" Count per_call;
            /// Number of records that each page has in common with the previous one, so that no record is missed if others are deleted
            /// while a list is read. Less than `page_size`; 0 disables it. The default does not apply to records without ids and to
            /// pages of one record. If you set a number, lists of records without ids fail with `pagination`.
            page_overlap: Option<u32> = None, "1" Count per_call;
            /// Type of returned decimals: `float`, the language's double; `string`, a string with every digit; or `decimal`, the
            /// language's exact decimal, which is sent back as the same number (`Decimal` in Python and Node.js, `Number` in PHP;
            /// in other languages like `float`).
            decimals: Decimals = Decimals::Float, "float" OneOf(Decimals: "float", "string", "decimal") per_call;
        }
        Network {
            /// Address of an HTTP proxy, with `user:password@` if it requires a login; or `env` to read `HTTPS_PROXY`, `HTTP_PROXY`,
            /// `ALL_PROXY` and `NO_PROXY`. No proxy by default.
            proxy: Option<SecretString> = None, "" Secret;
            /// PEM file, or folder of such files, with certificates to trust in addition to the system's: those of certificate
            /// authorities, or a server's own self-signed one.
            ca_file: Option<PathBuf> = None, "" Path;
            /// Maximum size of a response in bytes, after decompression.
            max_response_bytes: u64 = 256 << 20, "268435456" Bytes;
            /// Whether event hooks also receive an event at the start of each attempt, for example to open a span.
            start_events: bool = false, "false" Flag;
            /// Additional HTTP headers of every request, logins included, such as `traceparent`. Values are printable ASCII. Headers
            /// that the client sets itself (`Authorization`, `Host`, `Content-Type` …) are refused. Headers of single calls are added
            /// to those of the client.
            headers: Headers = Headers::default(), "" Headers added;
            /// Value of the header `User-Agent`.
            user_agent: String = concat!("egito-sdk/", env!("CARGO_PKG_VERSION")).into(), "egito-sdk/{version}" Text;
            /// Value of the header `Accept-Language`, such as `en`: the language of the server's messages. Not sent by default; the
            /// server then uses its own language.
            accept_language: Option<String> = None, "" Text;
        }
        Wire {
            /// Decimal separator in form parameters: `.`, or `,` for a server whose language is Polish.
            form_decimal: FormDecimal = FormDecimal::Point, "." OneOf(FormDecimal: ".", ",");
            /// Value of `scope` in the token request. Not sent by default.
            scope: Option<String> = None, "" Text;
            /// Location of the parameters of the token request: `form`, which keeps secrets out of URLs and logs, or `query`, as in
            /// Egito's documentation.
            token_params: TokenParams = TokenParams::Form, "form" OneOf(TokenParams: "form", "query");
            /// Location of the access token in calls: the `header` `Authorization`, or the parameter `access_token` in the `query` or
            /// the `form`. The form needs `body` = `form`, and every call is then a POST.
            token_in: TokenIn = TokenIn::Header, "header" OneOf(TokenIn: "header", "query", "form");
            /// Format of the body of calls: `json`, or `form` with nested objects as `parent.child` and lists as `items[0].name`, and at most 2 MiB, the limit of Tomcat.
            body: BodyFormat = BodyFormat::Json, "json" OneOf(BodyFormat: "json", "form");
            /// HTTP method of `get`. Always POST if the token is in the form.
            read_method: Option<Method> = None, "GET" OneOf(Method: "GET", "POST") [A];
            /// HTTP method of `delete`.
            delete_method: Option<Method> = None, "POST" OneOf(Method: "POST", "GET", "DELETE") [A];
            /// Name of the parameter for the id.
            id_param: String = "id".into(), "id" Text [A];
            /// Name of the parameter for the page size.
            limit_param: String = "max".into(), "max" Text [A];
            /// Name of the parameter for the offset.
            offset_param: String = "offset".into(), "offset" Text [A];
            /// Name of the parameter for the field to sort by.
            sort_param: String = "sort".into(), "sort" Text [A];
            /// Name of the parameter for the sort direction.
            order_param: String = "order".into(), "order" Text [A];
            /// Field to sort lists by if the caller names no field, so that pages have a stable order. An empty string disables this.
            default_sort: String = "id".into(), "id" Text per_call [A];
            /// Key of the array of records in the response to a list. Detected by default.
            list_key: Option<String> = None, "" Text per_call [A];
        }
    }
}

/// Builds a client. Every setting has a method. Settings that are not set keep their defaults.
///
/// [`Client::builder`](crate::Client::builder) builds an async client, [`blocking::Client::builder`](crate::blocking::Client::builder)
/// a blocking one. The server and the credentials are required, either in code or [from the environment](Self::from_env).
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
#[must_use = "call `build` to create the client"]
pub struct ClientBuilder<C> {
    pub(super) settings: Settings,
    /// Names of the settings that were set in code.
    pub(super) given: Vec<&'static str>,
    pub(super) from_env: bool,
    pub(super) make: fn(Settings) -> Result<C>,
}
