//! Functions for the bindings of other languages, and for the core's own tests.
//!
//! This module is for the crates of the Egito SDK, which are released together with the core. **It is not covered by semantic
//! versioning**: anything in it can change or be removed in a patch release. Programs in Rust do not need it.
//!
//! | item | for |
//! | --- | --- |
//! | [`SETTINGS`], [`variable`], [`DETAILS`] | the tables that `cargo xtask generate` reads |
//! | [`with_camel_case_settings`], [`with_unitless_settings`], [`camel_case_setting`], [`camel_case`], [`in_backticks`] | the spelling of names in other languages |
//! | [`server_address`] | the address that the string form of a client shows, such as Python's `repr` |
//! | [`read_settings`] | the settings of a client, from its caller, the environment or a file |
//! | [`settings_from_env`] | the same as JSON, for a process that has another environment |
//! | [`report_to_json`] | the report of a probe, with its texts |
//! | [`with_ca_file_of`] | environment variables for certificate authorities, such as those of Node.js |
//! | [`error`], [`wrong_type`], [`OUTCOME_UNKNOWN_ADVICE`] | errors that a binding creates |
//! | [`response_of`], [`blocking_response_of`], [`header_texts`] | calls that return their response, and its headers as strings |
//! | [`with_response_sink`], [`ResponseSink`] | clients that keep the response of their last call |
//! | [`blocking_client`], [`run_blocking`], [`run_list_blocking`] | one client for blocking and async calls, which share their code |
//! | [`interruptible`], [`step_unless_interrupted`] | blocking calls and bulks that can be interrupted by Ctrl-C |
//! | [`PendingCall`], [`begin_call`], [`begin_list_call`], [`begin_delivery`], [`next_page_within`], [`step_within`] | blocking calls whose caller waits in short intervals |
//! | [`Log`], [`LogLevel`], [`LogMessage`], [`log_to`], [`log_level_changed`] | the messages of the core, for the log of a language |
//! | [`block_sigpipe`] | threads of a binding that write to connections |
//! | [`BackgroundThread`], [`background_runtime`] | the runtimes of calls that run in the background |
//! | [`DescriptorCheck`], [`OwnedFile`], [`closed_descriptors`] | programs that close all file descriptors |
//! | [`PerProcess`], [`recreate`], [`check_process`] | values, clients and other objects of a forked child |
//! | [`RecordIndex`], [`scanner`], [`record_from_written`] | several fields of a record; JSON token by token; JSON that a binding wrote |
//! | [`ids_from_json`], [`ids_to_json`], [`upsert_row_to_json`] | the ids of `ids` and `deleted`; rows of an upsert |
//! | [`replace_numbers`], [`longest_integer`] | numbers that a language's parser would round |
//! | [`tagged`], [`tagged_entity`], [`tagged_list`], [`tagged_blocking_entity`], [`tagged_blocking_list`], [`tag_of`] | events that a binding assigns to the call that caused them |
//! | [`list_with_mark_of`], [`blocking_list_with_mark_of`] | one mark for a list that is read in two forms |
//! | [`list_with_cancellation`], [`blocking_list_with_cancellation`] | an iteration that another thread can close |
//! | [`outbox_on`], [`interval_from_seconds`] | deliveries of an outbox with settings of their own; the interval of a started one |
//! | [`check_filter_keywords`], [`unknown_option`] | names of options that belong to other libraries, or are settings |
//! | [`next_page`], [`next_page_blocking`] | pages that several callers share |
//! | [`check_running`], [`check_list_running`] | records that were received before a list was cancelled or its client closed |
//! | [`Clock`], [`Sleep`], [`with_clock`] | tests of pauses that do not wait |
//! | `panic_for_tests`, `blocking_panic_for_tests` (feature `test-panic`) | tests of panics, which become the error `internal` |

pub use crate::background_runtime::{BackgroundThread, background_runtime};
pub use crate::blocking::fork::check_process;
pub use crate::blocking::pending_call::PendingCall;
pub use crate::clock::{Clock, Sleep};
pub use crate::decimals::replace_numbers;
pub use crate::descriptors::{DescriptorCheck, OwnedFile, closed_descriptors};
pub use crate::error::{DETAILS, DetailInfo, DetailKind, OUTCOME_UNKNOWN_ADVICE};
pub use crate::json::scanner;
pub use crate::log::{Log, LogLevel, LogMessage, log_level_changed, log_to};
pub use crate::per_process::PerProcess;
pub use crate::record::RecordIndex;
pub use crate::response::ResponseSink;
pub use crate::settings::{SETTINGS, SettingGroup, SettingInfo, SettingKind, variable};
pub use crate::signals::block_sigpipe;

use crate::bulk::{BULK_DURATIONS, BULK_OPTIONS};
use crate::cancellation::CancellationToken;
use crate::error::Result;
use crate::key::SETTLE;
use crate::list::LAG;
use crate::list::option_hints::{self, Meaning};
use crate::transport::{PathOrigin, certificates};
use crate::{
    BulkRow, BulkStep, Change, Client, Code, Entity, Error, Event, HeaderMap, Page, Pages, Record, RecordId,
    RecordList, Report, Response, Settings, SnippetFormat, blocking,
};
#[cfg(feature = "outbox")]
use crate::{Delivery, Outbox};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

/// Returns the address of the server: `base_url`, or the address for `name`. Empty if neither is valid.
///
/// ```
/// let settings = egito::Settings::from_json(br#"{"name": "firma"}"#)?;
/// assert_eq!(egito::binding::server_address(&settings), "https://firma.egito.pl");
/// # Ok::<(), egito::Error>(())
/// ```
#[must_use]
pub fn server_address(settings: &Settings) -> String {
    settings.address().map_or_else(|_| String::new(), |address| address.as_str().trim_end_matches('/').to_owned())
}

/// Returns the error with the names of settings as in JavaScript, in its message and its `setting`: in camelCase, and with the
/// suffix `Ms` for durations.
///
/// ```
/// let error = egito::Error::config("connect_timeout", "`connect_timeout` must be more than 0");
/// let error = egito::binding::with_camel_case_settings(&error);
/// assert_eq!(error.to_string(), "`connectTimeoutMs` must be more than 0");
/// ```
#[must_use]
pub fn with_camel_case_settings(error: &Error) -> Error {
    with_settings_named(error, camel_case_setting)
}

/// Like [`with_camel_case_settings`], for a language with a type for durations, whose names have no suffix.
///
/// ```
/// let error = egito::Error::config("connect_timeout", "`connect_timeout` must be more than 0");
/// let error = egito::binding::with_unitless_settings(&error);
/// assert_eq!(error.to_string(), "`connectTimeout` must be more than 0");
/// ```
#[must_use]
pub fn with_unitless_settings(error: &Error) -> Error {
    with_settings_named(error, |name| if is_setting_or_option(name) { camel_case(name) } else { name.to_owned() })
}

fn with_settings_named(error: &Error, rename: impl Fn(&str) -> String) -> Error {
    error.clone().with(|d| {
        if d.code != Code::Validation {
            d.message = in_backticks(&d.message, &rename); // errors of the server contain names of its own
        }
        d.setting = d.setting.take().map(|name| rename(&name));
    })
}

/// Applies a function to each part of a text between two backticks.
///
/// ```
/// assert_eq!(egito::binding::in_backticks("see `a` and `b`", str::to_uppercase), "see `A` and `B`");
/// ```
pub fn in_backticks(text: &str, change: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let is_quoted = |index: usize| index % 2 == 1 && index + 1 < parts.len();
    let part = |(index, part): (usize, &&str)| if is_quoted(index) { change(part) } else { (*part).to_owned() };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join("`")
}

/// The name of an option of outboxes.
const KEEP_DAYS: &str = "keep_days";

/// The durations that are neither settings nor options of bulks.
const OTHER_DURATIONS: [&str; 2] = [SETTLE, LAG];

/// Returns the name of a setting, or of an option of bulks, `create_once`, `changes` and outboxes, in JavaScript. Other names are unchanged.
///
/// ```
/// assert_eq!(egito::binding::camel_case_setting("connect_timeout"), "connectTimeoutMs");
/// assert_eq!(egito::binding::camel_case_setting("settle"), "settleMs");
/// assert_eq!(egito::binding::camel_case_setting("last_name"), "last_name");
/// ```
#[must_use]
pub fn camel_case_setting(name: &str) -> String {
    if !is_setting_or_option(name) {
        return name.to_owned();
    }
    let is_duration = setting(name).is_some_and(|setting| setting.kind == SettingKind::Seconds)
        || BULK_DURATIONS.contains(&name)
        || OTHER_DURATIONS.contains(&name);
    camel_case(name) + if is_duration { "Ms" } else { "" }
}

fn is_setting_or_option(name: &str) -> bool {
    setting(name).is_some() || BULK_OPTIONS.contains(&name) || OTHER_DURATIONS.contains(&name) || name == KEEP_DAYS
}

fn setting(name: &str) -> Option<&'static SettingInfo> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// Converts a name from `snake_case` to `camelCase`.
///
/// ```
/// assert_eq!(egito::binding::camel_case("retry_after"), "retryAfter");
/// ```
#[must_use]
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// Reads the settings that a binding passes as JSON. They override those of the file, or those of the environment with `from_env`.
///
/// ```
/// let settings = egito::binding::read_settings(br#"{"name": "firma"}"#, false, None)?;
/// assert_eq!(settings.name.as_deref(), Some("firma"));
/// # Ok::<(), egito::Error>(())
/// ```
pub fn read_settings(json: &[u8], from_env: bool, file: Option<&Path>) -> Result<Settings> {
    match file {
        Some(file) => Settings::from_file(file, json),
        None if from_env => Settings::from_env(json),
        None => Settings::from_json(json),
    }
}

/// Returns the settings that [`Settings::from_env`] reads, as one JSON object, for processes that have another environment. The object
/// contains secrets. Names are plain, and durations are in seconds.
///
/// Error `config`: a setting is unknown or given twice, or one of the environment or of its file is invalid.
///
/// ```
/// let settings = egito::binding::settings_from_env(br#"{"pageSize": 100, "timeoutMs": 500}"#)?;
/// assert!(settings.contains(r#""page_size":100"#) && settings.contains(r#""timeout":0.5"#));
/// # Ok::<(), egito::Error>(())
/// ```
pub fn settings_from_env(json: &[u8]) -> Result<String> {
    Settings::json_from_env(json)
}

/// Returns a report as JSON, with `is_ok`, its texts `text` and `toml`, and `snippets`: the settings in each format.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let report = client.probe(&egito::ProbeOptions::default()).await?;
/// assert!(egito::binding::report_to_json(&report).contains(r#""is_ok":true"#));
/// # Ok(()) });
/// ```
#[must_use]
#[allow(clippy::missing_panics_doc)] // a report is plain data
pub fn report_to_json(report: &Report) -> String {
    #[derive(serde::Serialize)]
    struct WithTexts<'a> {
        #[serde(flatten)]
        report: &'a Report,
        is_ok: bool,
        text: String,
        toml: String,
        snippets: BTreeMap<&'static str, String>,
    }
    let snippets = SnippetFormat::ALL.into_iter().map(|format| (format.as_str(), report.snippet(format))).collect();
    let all = WithTexts { report, is_ok: report.is_ok(), text: report.to_text(), toml: report.to_toml(), snippets };
    serde_json::to_string(&all).expect("a report is plain data")
}

/// Returns a report as text for people, without the settings, in another language.
///
/// `translate` returns the translation of a sentence, in which each `{}` stands for a value, or of a value. What it does not know stays
/// in English.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let report = client.probe(&egito::ProbeOptions::default()).await?;
/// let polish = |text: &str| (text == "no proxy is set").then_some("proxy nie jest ustawione");
/// let text = egito::binding::translated_report(&report, &polish);
/// assert!(text.starts_with("ok       proxy: proxy nie jest ustawione\n"));
/// # Ok(()) });
/// ```
#[must_use]
pub fn translated_report(report: &Report, translate: &dyn Fn(&str) -> Option<&'static str>) -> String {
    report.translated(translate)
}

/// Sets `ca_file` from the first of these environment variables that is set, unless the settings have a `ca_file`.
///
/// Users of a language expect its variables to work, such as `NODE_EXTRA_CA_CERTS`. The error `config` names the variable and the
/// file without a valid certificate.
///
/// ```
/// let settings = egito::Settings::from_json(br#"{"name": "firma", "ca_file": "own.pem"}"#)?;
/// let settings = egito::binding::with_ca_file_of(settings, &["NODE_EXTRA_CA_CERTS"])?;
/// assert_eq!(settings.ca_file.as_deref(), Some("own.pem".as_ref()));
/// # Ok::<(), egito::Error>(())
/// ```
pub fn with_ca_file_of(mut settings: Settings, variables: &[&str]) -> Result<Settings> {
    let value = |name: &&str| std::env::var_os(name).filter(|file| !file.is_empty());
    let given = variables.iter().find_map(|name| value(name).map(|file| (name, std::path::PathBuf::from(file))));
    if let (None, Some((name, file))) = (&settings.ca_file, given) {
        certificates(&file, PathOrigin::Variable(name))?;
        settings.ca_file = Some(file);
    }
    Ok(settings)
}

/// Creates an error of any code.
///
/// ```
/// let error = egito::binding::error(egito::Code::NotFound, "there is no value at `city`");
/// assert!(error.is_not_found());
/// ```
#[must_use]
pub fn error(code: Code, message: impl Into<String>) -> Error {
    Error::new(code, message)
}

/// Creates an error `config`: the value at a path of a record does not have the type that the caller asks for. It has no outcome.
///
/// ```
/// let error = egito::binding::wrong_type("city", "invalid value at `city`: expected a number, got \"Opole\"");
/// assert_eq!((error.code(), error.outcome()), (egito::Code::Config, None));
/// ```
#[must_use]
pub fn wrong_type(path: impl Into<String>, message: impl Into<String>) -> Error {
    Error::wrong_type(path, message)
}

/// Runs one call of an entity and returns its result with its response, like [`Entity::with_response`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// let get = |entity: egito::Entity| async move { entity.get(1).await };
/// assert_eq!(egito::binding::response_of(&client.accounts(), get).await?.status, 200);
/// # Ok(()) });
/// ```
pub async fn response_of<T, F: Future<Output = Result<T>>>(
    entity: &Entity,
    call: impl FnOnce(Entity) -> F,
) -> Result<Response<T>> {
    entity.response_of(call).await
}

/// Like [`response_of`], for a blocking call.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let response = egito::binding::blocking_response_of(&client.accounts(), |entity| entity.get(1))?;
/// assert_eq!(response.status, 200);
/// # Ok(()) });
/// ```
pub fn blocking_response_of<T>(
    entity: &blocking::Entity,
    call: impl FnOnce(&blocking::Entity) -> Result<T>,
) -> Result<Response<T>> {
    entity.response_of(call)
}

/// Returns the same client, whose calls store their last response in `sink`, even if they fail.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let sink = egito::binding::ResponseSink::default();
/// let client = egito::binding::with_response_sink(&client, &sink);
/// assert!(client.accounts().get(7_000_000).is_err());
/// assert_eq!(sink.get().unwrap().status, 404);
/// assert!(client.accounts().get("").is_err()); // nothing was sent
/// # Ok(()) });
/// ```
#[must_use]
pub fn with_response_sink(client: &blocking::Client, sink: &ResponseSink) -> blocking::Client {
    client.with_response_sink(sink)
}

/// Returns the names of the headers, in lower case, and their values as strings in Latin-1, like `fetch`. A header that was sent
/// several times is returned several times.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let response = client.accounts().with_response().get(1).await?;
/// let headers: Vec<_> = egito::binding::header_texts(&response.headers).collect();
/// assert!(headers.contains(&("content-type", "application/json;charset=UTF-8".to_owned())));
/// # Ok(()) });
/// ```
pub fn header_texts(headers: &HeaderMap) -> impl Iterator<Item = (&str, String)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes().iter().copied().map(char::from).collect()))
}

/// Returns a blocking client that shares everything with this one but its connections: a blocking call has its own.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let client = egito::Client::new(client.settings().clone())?;
/// let blocking = egito::binding::blocking_client(&client);
/// blocking.accounts().get(1)?;
/// assert_eq!(client.stats().calls, 1);
/// # Ok(()) });
/// ```
#[must_use]
pub fn blocking_client(client: &Client) -> blocking::Client {
    blocking::Client::from_async(client.clone())
}

/// Runs an async call on the caller's thread, as a blocking client runs its own calls.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let get = |client: egito::Client| async move { client.accounts().get(1).await };
/// assert!(egito::binding::run_blocking(&client, get).is_ok());
/// # Ok(()) });
/// ```
pub fn run_blocking<T, F: Future<Output = Result<T>>>(
    client: &blocking::Client,
    call: impl FnOnce(Client) -> F,
) -> Result<T> {
    client.run(call)
}

/// Like [`run_blocking`], for a call of a list, such as `total`.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let total = egito::binding::run_list_blocking(&client.accounts().list(), |list| list.total())?;
/// # Ok(()) });
/// ```
pub fn run_list_blocking<T, F: Future<Output = Result<T>>>(
    list: &blocking::RecordList,
    call: impl FnOnce(RecordList) -> F,
) -> Result<T> {
    list.run(call)
}

/// Creates a blocking client whose calls fail with `cancelled` soon after `interrupted` returns true.
///
/// `interrupted` is called about 20 times per second on the waiting thread. Python checks for Ctrl-C there.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let client = egito::binding::interruptible(client.settings().clone(), || false)?;
/// assert!(client.accounts().get(1).is_ok());
/// # Ok(()) });
/// ```
pub fn interruptible(
    settings: Settings,
    interrupted: impl Fn() -> bool + Send + Sync + 'static,
) -> Result<blocking::Client> {
    blocking::Client::interruptible(settings, interrupted)
}

/// Like [`blocking::BulkCalls::step`], but returns `None` if an [`interruptible`] client is interrupted. Nothing is lost then.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
/// assert!(egito::binding::step_unless_interrupted(&mut calls, true).is_some());
/// # Ok(()) });
/// ```
pub fn step_unless_interrupted(calls: &mut blocking::BulkCalls, more: bool) -> Option<BulkStep> {
    calls.step_unless_interrupted(more)
}

/// Starts a call of a blocking client, for a caller that waits in short intervals. PHP handles signals between them.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut call = egito::binding::begin_call(&client, |client| async move { client.accounts().get(1).await })?;
/// while call.wait_for(std::time::Duration::from_millis(50)).is_none() {
///     println!("still waiting");
/// }
/// # Ok(()) });
/// ```
pub fn begin_call<T, F>(client: &blocking::Client, call: impl FnOnce(Client) -> F) -> Result<PendingCall<T>>
where
    F: Future<Output = Result<T>> + Send + 'static,
{
    client.begin(call)
}

/// Like [`begin_call`], for a call of a list, such as `total`.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut total = egito::binding::begin_list_call(&client.accounts().list(), |list| list.total())?;
/// while total.wait_for(std::time::Duration::from_millis(50)).is_none() {
///     println!("still waiting");
/// }
/// # Ok(()) });
/// ```
pub fn begin_list_call<T, F>(list: &blocking::RecordList, call: impl FnOnce(RecordList) -> F) -> Result<PendingCall<T>>
where
    F: Future<Output = Result<T>> + Send + 'static,
{
    list.begin(call)
}

/// Like [`blocking::Outbox::deliver`], for a caller that waits in short intervals.
///
/// ```
/// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
/// let mut delivery = egito::binding::begin_delivery(&outbox, None)?;
/// while delivery.wait_for(std::time::Duration::from_millis(50)).is_none() {
///     println!("still waiting");
/// }
/// # Ok(()) });
/// ```
#[cfg(feature = "outbox")]
pub fn begin_delivery(outbox: &blocking::Outbox, limit: Option<u64>) -> Result<PendingCall<Delivery>> {
    outbox.begin_delivery(limit)
}

/// Maximum interval of a started outbox, in seconds: a day.
#[cfg(feature = "outbox")]
const MAX_INTERVAL: f64 = 86_400.0;

/// Reads the interval of [`Outbox::start`](crate::Outbox::start), in seconds.
///
/// Error `config` (setting `interval`): it is not a number from 0 to 86400, a day.
///
/// ```
/// assert!(egito::binding::interval_from_seconds(0.5).is_ok());
/// assert!(egito::binding::interval_from_seconds(-1.0).is_err());
/// ```
#[cfg(feature = "outbox")]
pub fn interval_from_seconds(seconds: f64) -> Result<Duration> {
    if (0.0..=MAX_INTERVAL).contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    let message = format!("invalid `interval`: expected seconds from 0 to {MAX_INTERVAL}, got {seconds}");
    Err(Error::config("interval", message))
}

/// Like `next` of the iterator, but pending if the page is not available after `max_wait`. The next call continues to wait for it.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut pages = client.accounts().list().pages()?;
/// while egito::binding::next_page_within(&mut pages, std::time::Duration::from_millis(50)).is_pending() {
///     println!("still waiting");
/// }
/// # Ok(()) });
/// ```
pub fn next_page_within(pages: &mut blocking::Pages, max_wait: Duration) -> Poll<Option<Result<Page>>> {
    pages.next_within(max_wait)
}

/// Like [`blocking::BulkCalls::step`], but returns `None` if there is no step after `max_wait`. Nothing is lost then.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
/// assert!(egito::binding::step_within(&mut calls, true, std::time::Duration::from_millis(50)).is_some());
/// # Ok(()) });
/// ```
pub fn step_within(calls: &mut blocking::BulkCalls, more: bool, max_wait: Duration) -> Option<BulkStep> {
    calls.step_within(more, max_wait)
}

/// Creates a client with the same settings that shares nothing with this one, for a forked child: locks that a thread of the
/// parent held during the fork stay locked in the child.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let own = egito::binding::recreate(&client)?;
/// own.accounts().get(1).await?;
/// assert_eq!(client.settings().client_id, own.settings().client_id);
/// # Ok(()) });
/// ```
pub fn recreate(client: &Client) -> Result<Client> {
    client.recreate()
}

/// Creates a client with another clock, see [`Clock`].
///
/// ```
/// # use egito::binding::{Clock, Sleep};
/// # use std::time::{Duration, Instant, SystemTime};
/// # #[derive(Debug)]
/// # struct Impatient;
/// # impl Clock for Impatient {
/// #     fn now(&self) -> Instant { Instant::now() }
/// #     fn system_time(&self) -> SystemTime { SystemTime::now() }
/// #     fn sleep(&self, _: Duration) -> Sleep { Box::pin(std::future::ready(())) }
/// #     fn random(&self) -> f64 { 0.5 }
/// # }
/// # let fault = r#"{"on": {"action": "get"}, "response": {"status": 429, "headers": {"Retry-After": "100"}}}"#;
/// # egito_test_support::run_against(fault, async |client| {
/// let client = egito::binding::with_clock(client.settings().clone(), std::sync::Arc::new(Impatient))?;
/// client.accounts().get(1).await?; // the server asked for a pause of 100 s
/// assert_eq!(client.stats().retries, 1);
/// # Ok(()) });
/// ```
pub fn with_clock(settings: Settings, clock: Arc<dyn Clock>) -> Result<Client> {
    Client::with_clock(settings, clock)
}

/// Panics inside the core, like a bug would.
///
/// ```
/// # egito_test_support::run(async |client| {
/// # std::panic::set_hook(Box::new(|_| ()));
/// let error = egito::binding::panic_for_tests(&client).await.unwrap_err();
/// assert_eq!(error.code(), egito::Code::Internal);
/// # Ok(()) });
/// ```
#[cfg(feature = "test-panic")]
pub async fn panic_for_tests(client: &Client) -> Result<()> {
    client.panic_for_tests().await
}

/// Panics inside the core in a blocking call, like a bug would.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// # std::panic::set_hook(Box::new(|_| ()));
/// let error = egito::binding::blocking_panic_for_tests(&client).unwrap_err();
/// assert_eq!(error.code(), egito::Code::Internal);
/// # Ok(()) });
/// ```
#[cfg(feature = "test-panic")]
pub fn blocking_panic_for_tests(client: &blocking::Client) -> Result<()> {
    client.panic_for_tests()
}

/// Returns the same client, whose events have this tag. A binding uses it to find the call that caused an event.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let tags = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
/// let seen = tags.clone();
/// client.on_event(Some(std::sync::Arc::new(move |event| seen.lock().unwrap().push(egito::binding::tag_of(event)))));
/// egito::binding::tagged(&client, 7).accounts().get(1).await?;
/// egito::binding::tagged_entity(&client.accounts(), 8).get(1).await?;
/// assert_eq!(*tags.lock().unwrap(), [7, 7, 8]); // the login, too
/// # Ok(()) });
/// ```
#[must_use]
pub fn tagged(client: &Client, tag: u64) -> Client {
    client.tagged(tag)
}

/// Returns the same entity, whose events have this tag, see [`tagged`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// client.on_event(Some(std::sync::Arc::new(|event| assert_eq!(egito::binding::tag_of(event), 8))));
/// egito::binding::tagged_entity(&client.accounts(), 8).get(1).await?;
/// # Ok(()) });
/// ```
#[must_use]
pub fn tagged_entity(entity: &Entity, tag: u64) -> Entity {
    entity.tagged(tag)
}

/// Returns the same list, whose events have this tag, see [`tagged`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// client.on_event(Some(std::sync::Arc::new(|event| assert_eq!(egito::binding::tag_of(event), 8))));
/// egito::binding::tagged_list(&client.accounts().list(), 8).to_vec().await?;
/// # Ok(()) });
/// ```
pub fn tagged_list(list: &RecordList, tag: u64) -> RecordList {
    list.tagged(tag)
}

/// Returns the same outbox, whose deliveries have the settings, the cancellation and the tag of this client.
///
/// ```
/// # egito_test_support::run_with_outbox(async |client, outbox| {
/// let client = egito::binding::tagged(&client, 8).with_options(br#"{"timeout": 5}"#)?;
/// egito::binding::outbox_on(&outbox, &client).deliver(None).await?;
/// # Ok(()) });
/// ```
#[cfg(feature = "outbox")]
#[must_use]
pub fn outbox_on(outbox: &Outbox, client: &Client) -> Outbox {
    outbox.with_engine(client.engine())
}

/// Returns the same entity, whose events have this tag, also those of its bulks. See [`tagged`].
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// client.on_event(Some(std::sync::Arc::new(|event| assert_eq!(egito::binding::tag_of(event), 8))));
/// egito::binding::tagged_blocking_entity(&client.accounts(), 8).get_many([1, 2])?.to_vec();
/// # Ok(()) });
/// ```
#[must_use]
pub fn tagged_blocking_entity(entity: &blocking::Entity, tag: u64) -> blocking::Entity {
    entity.tagged(tag)
}

/// Returns the same list, whose events have this tag, also those of prefetched pages. See [`tagged`].
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// client.on_event(Some(std::sync::Arc::new(|event| assert_eq!(egito::binding::tag_of(event), 8))));
/// egito::binding::tagged_blocking_list(&client.accounts().list().page_size(1), 8).to_vec()?;
/// # Ok(()) });
/// ```
pub fn tagged_blocking_list(list: &blocking::RecordList, tag: u64) -> blocking::RecordList {
    list.tagged(tag)
}

/// Returns `list`, whose reads count as reads of `other` for its mark: a binding that has the same list in two forms.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let (changes, again) = (client.accounts().changes(), client.accounts().changes());
/// egito::binding::list_with_mark_of(again, &changes).to_vec().await?;
/// assert!(changes.mark().is_some());
/// # Ok(()) });
/// ```
pub fn list_with_mark_of(list: RecordList, other: &RecordList) -> RecordList {
    list.with_mark_of(other)
}

/// Like [`list_with_mark_of`], for a blocking list.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let (changes, again) = (client.accounts().changes(), client.accounts().changes());
/// egito::binding::blocking_list_with_mark_of(again, &changes).to_vec()?;
/// assert!(changes.mark().is_some());
/// # Ok(()) });
/// ```
pub fn blocking_list_with_mark_of(list: blocking::RecordList, other: &blocking::RecordList) -> blocking::RecordList {
    list.with_mark_of(other)
}

/// Returns the list for reads that the token cancels as well: an iteration that another thread can close while it waits.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let cancellation = egito::CancellationToken::default();
/// let list = egito::binding::list_with_cancellation(&client.accounts().list(), &cancellation);
/// cancellation.cancel();
/// assert!(list.to_vec().await.unwrap_err().is_cancelled());
/// # Ok(()) });
/// ```
pub fn list_with_cancellation(list: &RecordList, cancellation: &CancellationToken) -> RecordList {
    list.with_cancellation(cancellation)
}

/// Like [`list_with_cancellation`], for a blocking list.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let cancellation = egito::CancellationToken::default();
/// let list = egito::binding::blocking_list_with_cancellation(&client.accounts().list(), &cancellation);
/// cancellation.cancel();
/// assert!(list.to_vec().unwrap_err().is_cancelled());
/// # Ok(()) });
/// ```
pub fn blocking_list_with_cancellation(
    list: &blocking::RecordList,
    cancellation: &CancellationToken,
) -> blocking::RecordList {
    list.with_cancellation(cancellation)
}

/// Returns the tag of an event, see [`tagged`]; 0 if it has none.
///
/// ```
/// # egito_test_support::run(async |client| {
/// client.on_event(Some(std::sync::Arc::new(|event| println!("{}", egito::binding::tag_of(event)))));
/// egito::binding::tagged_entity(&client.accounts(), 8).get(1).await?;
/// # Ok(()) });
/// ```
#[must_use]
pub fn tag_of(event: &Event) -> u64 {
    event.tag
}

/// Checks the names of filters that a language takes together with the options of a list.
///
/// Error `config`: a name is an option of other libraries, such as `order_by`, or a setting, such as `timeout`.
///
/// ```
/// assert!(egito::binding::check_filter_keywords(["city"]).is_ok());
/// let error = egito::binding::check_filter_keywords(["order_by"]).unwrap_err();
/// assert!(error.to_string().contains("did you mean `sort`?"));
/// ```
pub fn check_filter_keywords<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<()> {
    option_hints::check_keywords(names)
}

/// Creates a record from JSON text that the binding has written itself: that it is valid is not checked again.
///
/// Error `config`: not an object.
///
/// ```
/// let record = egito::binding::record_from_written(br#"{"name": "Anna"}"#.to_vec())?;
/// assert_eq!(record.raw("name"), Some(r#""Anna""#));
/// assert!(egito::binding::record_from_written(b"[]".to_vec()).is_err());
/// # Ok::<(), egito::Error>(())
/// ```
pub fn record_from_written(json: Vec<u8>) -> Result<Record> {
    Record::from_written(json)
}

/// Reads the argument of [`Entity::deleted`]: a JSON array of ids, numbers or strings.
///
/// Error `config` (setting `ids`): anything else.
///
/// ```
/// let ids = egito::binding::ids_from_json(br#"[7, "A-7"]"#)?;
/// assert_eq!(ids, [7.into(), "A-7".into()]);
/// assert!(egito::binding::ids_from_json(b"[null]").is_err());
/// # Ok::<(), egito::Error>(())
/// ```
pub fn ids_from_json(json: &[u8]) -> Result<Vec<RecordId>> {
    serde_json::from_slice(json).map_err(|_| {
        Error::config("ids", "invalid `ids`: expected a list of ids, each a number or a string".to_owned())
    })
}

/// Writes ids as a JSON array, each as the server wrote it.
///
/// ```
/// assert_eq!(egito::binding::ids_to_json(&[7.into(), "A-7".into()]), r#"[7,"A-7"]"#);
/// ```
#[must_use]
#[allow(clippy::missing_panics_doc)] // ids are JSON
pub fn ids_to_json(ids: &[RecordId]) -> String {
    serde_json::to_string(ids).expect("ids are numbers and strings")
}

/// Writes the row of an upsert, or of a plan, as a JSON object: `change`, `fields`, `duplicates`, and `id` and `record` if it has them.
/// Returns `None` for other rows.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let upsert = client.accounts().upsert_many([serde_json::json!({"nip": "5250001009", "name": "Żubr"})], "nip")?;
/// let json = egito::binding::upsert_row_to_json(&upsert.to_vec()[0]).unwrap();
/// assert!(json.contains(r#""change":"created""#));
/// # Ok(()) });
/// ```
#[must_use]
#[allow(clippy::missing_panics_doc)] // the row of an upsert is plain data
pub fn upsert_row_to_json(row: &BulkRow) -> Option<String> {
    #[derive(Serialize)]
    struct Members<'r> {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'r RecordId>,
        change: Change,
        fields: &'r [String],
        duplicates: &'r [RecordId],
        #[serde(skip_serializing_if = "Option::is_none")]
        record: Option<&'r Record>,
        #[serde(skip_serializing_if = "Option::is_none", rename = "plannedFor")]
        planned_for: Option<&'r str>,
    }
    let BulkRow { id, change, fields, duplicates, record, planned_for, .. } = row;
    let (id, record, planned_for) = (id.as_ref(), record.as_ref(), planned_for.as_deref());
    let members = Members { id, change: (*change)?, fields, duplicates, record, planned_for };
    Some(serde_json::to_string(&members).expect("the row of an upsert is plain data"))
}

/// Returns at least the number of bytes of the longest integer in the records of a page, with its sign. A binding reads it to find
/// out whether a parser with integers of a fixed size can read the page.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let page = client.accounts().list().page_size(10).pages()?.next().await.unwrap()?;
/// assert!(egito::binding::longest_integer(&page) < 19); // all of them fit into 64 bits
/// # Ok(()) });
/// ```
#[must_use]
pub fn longest_integer(page: &Page) -> usize {
    page.longest_integer()
}

/// Returns the next page, `None` at the end of the list. Unlike [`Pages::next`](crate::Pages::next), it returns the error that ended the
/// list to every later caller, too: an end would look as if the list were complete.
///
/// ```
/// # let refused = r#"{"on": {"action": "list"}, "response": {"status": 403}}"#;
/// # egito_test_support::run_against(refused, async |client| {
/// let mut pages = client.accounts().list().pages()?;
/// for _ in 0..2 {
///     assert!(egito::binding::next_page(&mut pages).await.unwrap_err().is_permission());
/// }
/// # Ok(()) });
/// ```
pub async fn next_page(pages: &mut Pages) -> Result<Option<Page>> {
    pages.next_or_failure().await
}

/// Like [`next_page`], for blocking pages.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut pages = client.accounts().list().pages()?;
/// assert!(egito::binding::next_page_blocking(&mut pages)?.is_some());
/// # Ok(()) });
/// ```
pub fn next_page_blocking(pages: &mut blocking::Pages) -> Result<Option<Page>> {
    pages.next_or_failure()
}

/// Fails once the client of these pages is closed or they are cancelled. A binding that holds records of a page calls this before
/// it returns one.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut pages = client.accounts().list().pages()?;
/// let page = pages.next().unwrap()?;
/// assert!(egito::binding::check_running(&pages).is_ok());
/// client.close();
/// assert!(egito::binding::check_running(&pages).is_err());
/// # Ok(()) });
/// ```
pub fn check_running(pages: &blocking::Pages) -> Result<()> {
    pages.check_running()
}

/// Like [`check_running`], for a list of the async client.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let list = client.accounts().list();
/// assert!(egito::binding::check_list_running(&list).is_ok());
/// client.close().await;
/// assert!(egito::binding::check_list_running(&list).is_err());
/// # Ok(()) });
/// ```
pub fn check_list_running(list: &RecordList) -> Result<()> {
    list.check_running()
}

/// Returns the message for an option that a call in JavaScript does not have, with what is probably meant. `names` are the options
/// of the call.
///
/// ```
/// use egito::binding::unknown_option;
///
/// assert_eq!(unknown_option("orderBy", &["sort"]), "unknown option `orderBy`: did you mean `sort`? expected one of sort");
/// let message = unknown_option("prefetch", &["sort"]);
/// assert_eq!(message, "unknown option `prefetch`: it is a setting; pass it to `withOptions` of the client or the entity");
/// ```
#[must_use]
pub fn unknown_option(name: &str, names: &[&str]) -> String {
    let in_javascript = |meaning: &Meaning| match meaning {
        Meaning::Option(option) => camel_case(option),
        Meaning::Setting(setting) => camel_case_setting(setting.name),
    };
    let meaning = option_hints::meaning(name);
    let expected = format!("expected one of {}", names.join(", "));
    let hint = match &meaning {
        Some(meaning) if names.contains(&&*in_javascript(meaning)) => {
            format!("did you mean `{}`? {expected}", in_javascript(meaning))
        }
        Some(setting @ Meaning::Setting(_)) => in_backticks(&setting.hint(), camel_case),
        _ => expected,
    };
    format!("unknown option `{name}`: {hint}")
}
