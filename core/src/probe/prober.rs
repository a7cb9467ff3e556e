//! The state of a probe: its requests, its time, the settings found so far and the report.

use super::checks::CHECKS;
use super::failure;
use super::options::ProbeOptions;
use super::report::{Check, CheckStatus, Report};
use super::rows::Rows;
use super::text::Text;
use crate::call::{Action, Call, Engine, Params};
use crate::clock::SharedClock;
use crate::envelope::ParsedResponse;
use crate::error::{Code, Error, Outcome, Result};
use crate::record::Record;
use crate::response::{Response, ResponseSink};
use crate::settings::{Method, SETTINGS, Settings};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Maximum time of one request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// So many requests without a response in a row end the probe.
const MAX_LOST: u32 = 2;

/// A probe that is running.
pub(super) struct Prober {
    client: Engine,
    /// An engine for this probe only, with its own token and connections.
    pub(super) engine: Engine,
    /// The settings of the client, with those that were found.
    pub(super) settings: Settings,
    pub(super) options: ProbeOptions,
    pub(super) report: Report,
    /// Durations of successful requests in seconds.
    pub(super) latencies: Vec<f64>,
    /// The headers of the last whole page, for checks of its headers.
    pub(super) headers: Option<::http::HeaderMap>,
    /// The time zone of the server, if a record shows it.
    pub(super) zone: Option<String>,
    /// The entity and the fields of the test record, while it may be on the server.
    pub(super) test_record: Option<(String, Record)>,
    /// Why the remaining checks are skipped.
    stopped: Option<Text>,
    lost: u32,
    /// The error of the first request of the current check that got no response.
    lost_request: Option<Error>,
    started: Instant,
    requests_before: u64,
}

/// The report and the settings before a check, see [`Prober::begin_check`].
pub(super) struct BeforeCheck {
    settings: Settings,
    checks: usize,
    facts: BTreeMap<&'static str, Value>,
}

/// The result of a call, with its HTTP response.
pub(super) struct CallResult {
    pub(super) parsed: ParsedResponse,
    pub(super) response: Response<()>,
}

impl Prober {
    pub(super) fn new(client: &Engine, options: &ProbeOptions) -> Result<Self> {
        let settings = client.settings().clone();
        let engine = client.recreate_with(for_probe(settings.clone()))?;
        let started = client.clock().now();
        let requests_before = requests(client);
        Ok(Self {
            client: client.clone(),
            engine,
            settings,
            options: options.clone(),
            report: Report { version: env!("CARGO_PKG_VERSION"), ..Report::default() },
            latencies: Vec::new(),
            headers: None,
            zone: None,
            test_record: None,
            stopped: None,
            lost: 0,
            lost_request: None,
            started,
            requests_before,
        })
    }

    /// Replaces the engine by one with the settings found so far, for another login.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.engine = self.client.recreate_with(for_probe(self.settings.clone()))?;
        Ok(())
    }

    pub(super) fn clock(&self) -> SharedClock {
        self.client.shared_clock()
    }

    /// Returns the remaining time of the probe.
    pub(super) fn time_left(&self) -> Duration {
        self.options.timeout.saturating_sub(self.client.clock().now().saturating_duration_since(self.started))
    }

    /// Returns the engine for one request within the remaining time.
    pub(super) fn timed(&self) -> Result<Engine> {
        let left = self.time_left();
        if left.is_zero() {
            let message = "the time limit of the probe was reached; raise its option `timeout`";
            return Err(Error::timed_out("timeout", Outcome::NotSent, message));
        }
        let limit = self.engine.context().timeout();
        Ok(self.engine.with_settings(&self.settings).after(limit.saturating_sub(left)))
    }

    /// Begins a check that concludes something from requests that fail.
    pub(super) fn begin_check(&mut self) -> BeforeCheck {
        self.lost_request = None;
        BeforeCheck {
            settings: self.settings.clone(),
            checks: self.report.checks.len(),
            facts: self.report.facts.clone(),
        }
    }

    /// Ends a check. If one of its requests got no response, nothing follows from it: drops what the check has found, skips the
    /// remaining checks, and returns false.
    pub(super) fn end_check(&mut self, name: &'static str, before: BeforeCheck) -> bool {
        let Some(error) = self.lost_request.take() else { return true };
        self.settings = before.settings;
        self.report.checks.truncate(before.checks);
        self.report.facts = before.facts;
        let (why, advice) = self.describe(&error);
        self.unknown(name, why.clone()).advise(advice);
        self.stop(why);
        false
    }

    /// Makes one call with the settings found so far.
    pub(super) async fn call(
        &mut self,
        entity: &str,
        action: Action,
        method: Method,
        params: Params,
    ) -> Result<CallResult> {
        let result = self.send(entity, action, method, params).await;
        if let Some(error) = result.as_ref().err().filter(|error| is_lost(error)) {
            self.lost_request.get_or_insert_with(|| error.clone());
        }
        result
    }

    async fn send(&mut self, entity: &str, action: Action, method: Method, params: Params) -> Result<CallResult> {
        if self.lost >= MAX_LOST {
            return Err(Error::new(Code::Connection, "the server does not respond any more"));
        }
        let sink = ResponseSink::default();
        let engine = self.timed()?.with_response_sink(&sink);
        let result = engine.run(Call { entity: entity.into(), action, method, params }).await;
        self.lost = if result.as_ref().is_err_and(is_lost) { self.lost + 1 } else { 0 };
        let parsed = result?;
        let response = sink.get().map(|response| (*response).clone());
        let response = response.ok_or_else(|| Error::new(Code::Internal, "a successful call has a response"))?;
        if response.attempts == 1 {
            self.latencies.push(response.elapsed.as_secs_f64());
        }
        Ok(CallResult { parsed, response })
    }

    /// Reads one page of a list with exactly these parameters.
    pub(super) async fn list(&mut self, entity: &str, params: &[(&str, String)]) -> Result<Rows> {
        let pairs = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let method = self.settings.list_method();
        let result = self.call(entity, Action::List, method, Params::Query(pairs)).await?;
        match result.parsed {
            ParsedResponse::Page(page) => Ok(Rows::new(&page, result.response.headers)),
            _ => unreachable!("a list is read as a page"),
        }
    }

    /// Sends the request for a list, and returns the JSON of any form.
    pub(super) async fn list_json(&mut self, entity: &str, params: &[(&str, String)]) -> Result<Record> {
        let pairs = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let method = self.settings.list_method();
        let result = self.call(entity, Action::Custom("list".into()), method, Params::Query(pairs)).await?;
        match result.parsed {
            ParsedResponse::Json(json) => Ok(json),
            _ => unreachable!("the response to a custom action is read as JSON"),
        }
    }

    /// Adds a check to the report.
    pub(super) fn add(&mut self, name: &'static str, status: CheckStatus, message: impl Into<Text>) -> &mut Check {
        debug_assert!(CHECKS.contains(&name), "{name} is missing in the list of checks");
        self.report.checks.push(Check::new(name, status, message.into()));
        self.report.checks.last_mut().expect("a check was pushed")
    }

    pub(super) fn ok(&mut self, name: &'static str, message: impl Into<Text>) -> &mut Check {
        self.add(name, CheckStatus::Ok, message)
    }

    pub(super) fn warning(&mut self, name: &'static str, message: impl Into<Text>) -> &mut Check {
        self.add(name, CheckStatus::Warning, message)
    }

    pub(super) fn problem(&mut self, name: &'static str, message: impl Into<Text>) -> &mut Check {
        self.add(name, CheckStatus::Problem, message)
    }

    pub(super) fn unknown(&mut self, name: &'static str, message: impl Into<Text>) -> &mut Check {
        self.add(name, CheckStatus::Unknown, message)
    }

    pub(super) fn skipped(&mut self, name: &'static str, message: impl Into<Text>) -> &mut Check {
        self.add(name, CheckStatus::Skipped, message)
    }

    /// Adds a check that failed with this error.
    pub(super) fn failed(&mut self, name: &'static str, error: &Error) -> &mut Check {
        let (message, advice) = self.describe(error);
        let check = self.problem(name, message);
        check.advise(advice);
        check
    }

    /// Adds a fact to the report.
    pub(super) fn fact(&mut self, name: &'static str, value: impl Into<Value>) {
        self.report.facts.insert(name, value.into());
    }

    /// Skips the checks that were not made yet.
    pub(super) fn stop(&mut self, why: impl Into<Text>) {
        self.stopped.get_or_insert(why.into());
    }

    /// Returns the error of a probe that ends while its test record may be on the server.
    pub(super) fn leftover_error(&self) -> Option<Error> {
        let (entity, record) = self.test_record.as_ref()?;
        let message = format!(
            "the probe was cancelled before its test record of {entity} was deleted; look for it in Egito, and delete it"
        );
        Some(Error::new(Code::OutcomeUnknown, message).with(|d| {
            d.outcome = Some(Outcome::Unknown);
            d.entity = Some(entity.clone());
            d.action = Some("create".to_owned());
            d.record = Some(record.clone().into());
        }))
    }

    /// Returns the report, with the checks that were not made.
    pub(super) fn into_report(mut self) -> Report {
        let why = self.stopped.take().unwrap_or_else(|| "an earlier check failed".into());
        for name in CHECKS {
            if self.report.checks.iter().any(|check| check.name == name) {
                continue;
            }
            let is_write = name.starts_with("write_") && self.options.write.is_none();
            let only_reads = "the probe only reads, unless its option `write` names an entity";
            let why = if is_write { only_reads.into() } else { why.clone() };
            self.skipped(name, why);
        }
        let position = |check: &Check| CHECKS.iter().position(|name| *name == check.name);
        self.report.checks.sort_by_key(position);
        self.report.settings = differing(&self.settings);
        for check in &mut self.report.checks {
            check.mark = mark(check.name);
        }
        self.report.requests = requests(&self.client) - self.requests_before;
        self.report.elapsed = self.client.clock().now().saturating_duration_since(self.started).as_secs_f64();
        self.report
    }

    /// Returns what an error says without names of hosts, and the advice.
    pub(super) fn describe(&self, error: &Error) -> (Text, &'static str) {
        failure::describe(error, &self.names_of_hosts())
    }

    /// Replaces the hosts of the server and the proxy in a text.
    pub(super) fn without_hosts(&self, text: &str) -> String {
        failure::without_hosts(text, &self.names_of_hosts())
    }

    /// Returns the hosts of the server and the proxy, which the report does not show.
    fn names_of_hosts(&self) -> Vec<String> {
        let address = self.settings.address().ok();
        let proxy = address.as_ref().and_then(|address| self.settings.proxy_for(address).ok().flatten());
        let urls = address.into_iter().chain(proxy.map(|proxy| proxy.address));
        urls.filter_map(|url| url.host_str().map(str::to_owned)).collect()
    }
}

/// Returns whether a request got no response.
fn is_lost(error: &Error) -> bool {
    matches!(error.code(), Code::Connection | Code::Tls | Code::Timeout)
}

/// Returns the number of requests that the client and its probes have sent.
fn requests(client: &Engine) -> u64 {
    let stats = client.events().counters.read();
    stats.attempts + stats.logins
}

/// Returns the settings for the requests of a probe, which must not wait for long.
fn for_probe(mut settings: Settings) -> Settings {
    settings.max_retries = settings.max_retries.min(1);
    settings.timeout = settings.timeout.min(REQUEST_TIMEOUT);
    settings.read_timeout = settings.read_timeout.min(REQUEST_TIMEOUT);
    settings.retry_after_max = settings.retry_after_max.min(Duration::from_secs(5));
    settings
}

/// Returns the mark of a check in the wire contract.
fn mark(name: &str) -> &'static str {
    let is_assumption =
        name.starts_with("list_") || matches!(name, "get" | "id_form" | "write_update" | "write_delete");
    if is_assumption { "A" } else { "" }
}

/// Returns the settings about the server that differ from their defaults.
fn differing(settings: &Settings) -> BTreeMap<&'static str, Value> {
    let default = Settings::default();
    let values = values(settings).into_iter().zip(values(&default));
    let differing = values.filter(|((_, value), (_, default))| value != default).map(|(found, _)| found);
    differing.filter(|(name, _)| SETTINGS.iter().any(|setting| setting.name == *name)).collect()
}

/// Returns the values of the settings that a probe checks.
fn values(settings: &Settings) -> Vec<(&'static str, Value)> {
    use crate::settings::{BodyFormat, TokenIn, TokenParams};

    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    vec![
        ("page_size", settings.page_size.into()),
        ("scope", text(&settings.scope)),
        ("token_params", if settings.token_params == TokenParams::Query { "query" } else { "form" }.into()),
        (
            "token_in",
            match settings.token_in {
                TokenIn::Header => "header",
                TokenIn::Query => "query",
                TokenIn::Form => "form",
            }
            .into(),
        ),
        ("body", if settings.body == BodyFormat::Form { "form" } else { "json" }.into()),
        ("read_method", settings.read_method().as_str().into()),
        ("delete_method", settings.delete_method().as_str().into()),
        ("id_param", settings.id_param.clone().into()),
        ("limit_param", settings.limit_param.clone().into()),
        ("offset_param", settings.offset_param.clone().into()),
        ("sort_param", settings.sort_param.clone().into()),
        ("order_param", settings.order_param.clone().into()),
        ("default_sort", settings.default_sort.clone().into()),
        ("list_key", text(&settings.list_key)),
    ]
}
