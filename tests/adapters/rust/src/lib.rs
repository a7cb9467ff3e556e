//! Shared code of both Rust adapters: reads the judge's commands and writes replies. See tests/README.md.

#![allow(clippy::missing_panics_doc)] // a panic here is a broken adapter, and the judge reports it

mod bulk;
mod outbox;

pub use bulk::{BULKS, ProgressLog, ended_report, with_plan};
pub use outbox::{OutboxStep, step_report};

use egito::{Error, EventHook, Page, Record, RecordId, RecordKey, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex};

/// One call of a client, as the judge sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The open client that makes the call.
    pub client: String,
    /// The method, e.g. `create`.
    pub method: String,
    /// Its arguments.
    pub args: Args,
}

/// The arguments of all methods.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, clippy::struct_excessive_bools)] // the protocol describes them
pub struct Args {
    pub entity: String,
    pub record: Option<Box<RawValue>>,
    pub id: Option<RecordId>,
    pub filters: Option<Box<RawValue>>,
    pub sort: Option<String>,
    pub order: Option<String>,
    pub page_size: Option<u32>,
    pub limit: Option<i64>,
    pub start: Option<i64>,
    pub take: Option<usize>,
    pub delete: bool,
    pub r#type: String,
    pub action: String,
    pub params: Option<Box<RawValue>>,
    pub method: Option<String>,
    pub inputs: Vec<Box<RawValue>>,
    pub concurrency: Option<usize>,
    pub max_failures: Option<u64>,
    pub outage_timeout: Option<f64>,
    pub cancel_grace: Option<f64>,
    pub stop_after: Option<usize>,
    pub rest: bool,
    pub cancel_after: Option<usize>,
    pub close_after: Option<usize>,
    pub key: Option<Box<RawValue>>,
    pub settle_ms: Option<f64>,
    pub lookup: Option<String>,
    pub journal: Option<String>,
    pub since: Option<String>,
    pub by: Option<String>,
    pub lag_ms: Option<f64>,
    pub ids: Vec<RecordId>,
    pub path: String,
    pub steps: Vec<OutboxStep>,
    pub apply: bool,
    pub apply_to: Option<String>,
    pub shortcut: bool,
    pub with_response: bool,
}

/// The result of a call as JSON, or an error.
pub type CallResult = Result<String, CallError>;

/// The reason why a call has no result.
pub enum CallError {
    /// An error of the library.
    Egito(Error),
    /// A method that this adapter does not know.
    Unknown(String),
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        Self::Egito(error)
    }
}

/// One of the library's clients, behind the adapter's protocol.
pub trait Player: Sized {
    /// Creates a client from a settings object. The hook receives its events.
    fn open(settings: &RawValue, hook: Option<EventHook>) -> egito::Result<Self>;
    /// Closes the client.
    fn close(&self);
    /// Makes several calls at once, each with its client.
    fn play(calls: &[(&Self, &Call)]) -> Vec<CallResult>;
}

impl Args {
    /// Returns the options of a list as JSON.
    #[must_use]
    pub fn list_options(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Options<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            filters: &'a Option<Box<RawValue>>,
            sort: &'a Option<String>,
            order: &'a Option<String>,
            page_size: Option<u32>,
            limit: Option<i64>,
            start: Option<i64>,
        }
        let Self { filters, sort, order, page_size, limit, start, .. } = self;
        let options = Options { filters, sort, order, page_size: *page_size, limit: *limit, start: *start };
        serde_json::to_vec(&options).expect("plain data")
    }

    /// Returns the options of a list of changes as JSON.
    #[must_use]
    pub fn changes_options(&self) -> Vec<u8> {
        let Self { since, by, lag_ms, filters, page_size, .. } = self;
        let given = [("since", plain(since)), ("by", plain(by)), ("lag_ms", plain(lag_ms))];
        let changes = object(given.into_iter().filter(|(_, json)| json != "null"));
        let options = [("changes", changes), ("filters", plain(filters)), ("page_size", plain(page_size))];
        object(options.into_iter().filter(|(_, json)| json != "null")).into_bytes()
    }

    /// Returns the key of a `create_once` or an `upsert`.
    pub fn record_key(&self) -> egito::Result<RecordKey> {
        #[derive(Serialize)]
        struct Options<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            key: &'a Option<Box<RawValue>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            lookup: &'a Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            settle_ms: Option<f64>,
        }
        let options = Options { key: &self.key, lookup: &self.lookup, settle_ms: self.settle_ms };
        RecordKey::from_json(&serde_json::to_vec(&options).expect("plain data"))
    }

    /// Returns the parameters of a `call`.
    #[must_use]
    pub fn params(&self) -> Box<RawValue> {
        self.params.clone().unwrap_or_else(|| RawValue::from_string("{}".into()).expect("an object"))
    }

    /// Returns the id, which the method requires.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id.clone().expect("the schema requires an id")
    }
}

/// Joins JSON texts to one JSON array.
#[must_use]
pub fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// Joins names and JSON texts to one JSON object.
#[must_use]
pub fn object<'n>(members: impl IntoIterator<Item = (&'n str, String)>) -> String {
    let members = members.into_iter().map(|(name, json)| format!("\"{name}\":{json}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Returns a value as JSON, or `null`.
#[must_use]
pub fn or_null(json: Option<impl std::fmt::Display>) -> String {
    json.map_or_else(|| "null".to_owned(), |json| json.to_string())
}

/// Returns the JSON text of a record.
#[must_use]
pub fn json(record: &Record) -> String {
    record.json().to_owned()
}

/// Returns a result as JSON.
#[must_use]
pub fn plain(result: &impl Serialize) -> String {
    serde_json::to_string(result).expect("plain data")
}

/// Returns a response as JSON, with this JSON as its value.
#[must_use]
pub fn response<T>(response: &Response<T>, value: &str) -> String {
    let Response { status, headers, attempts, call_id, elapsed, .. } = response;
    let mut values = BTreeMap::<&str, Vec<String>>::new();
    for (name, value) in egito::binding::header_texts(headers) {
        values.entry(name).or_default().push(value);
    }
    let headers = serde_json::to_string(&values).expect("plain data");
    let elapsed = elapsed.as_secs_f64();
    format!(
        r#"{{"value":{value},"status":{status},"headers":{headers},"attempts":{attempts},"call_id":{call_id},"elapsed":{elapsed}}}"#
    )
}

/// Returns a page as JSON, with its response if the case asks for it.
#[must_use]
pub fn page(page: &Page) -> String {
    let records = array(page.records().map(|record| json(&record)));
    page.response().map_or_else(|| records.clone(), |of_page| response(of_page, &records))
}

/// An open client, and its recorded events.
struct Open<P> {
    client: P,
    events: Arc<Mutex<Vec<String>>>,
}

type Clients<P> = HashMap<String, Open<P>>;

/// Replies to the judge until it closes the pipe.
pub fn serve<P: Player>(adapter: &str) {
    let mut clients = Clients::<P>::new();
    let mut out = std::io::stdout().lock();
    let mut send = |line: String| writeln!(out, "{line}").and_then(|()| out.flush()).expect("the judge reads");
    send(hello(adapter));
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("the judge writes UTF-8");
        let Seq { seq } = serde_json::from_str(&line).expect("a line of the protocol");
        let reply = match serde_json::from_str::<Command>(&line) {
            Ok(command) => respond(&mut clients, command),
            Err(error) => member(Err(CallError::Unknown(error.to_string()))),
        };
        send(format!("{{\"seq\":{seq},{reply}}}"));
    }
}

#[derive(Deserialize)]
struct Seq {
    seq: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Command {
    #[serde(rename = "seq")]
    _seq: u64,
    r#do: String,
    #[serde(default)]
    client: String,
    settings: Option<Box<RawValue>>,
    #[serde(default)]
    events: bool,
    #[serde(default)]
    method: String,
    args: Option<Args>,
    #[serde(default)]
    calls: Vec<Call>,
}

fn respond<P: Player>(clients: &mut Clients<P>, command: Command) -> String {
    let Command { r#do: what, client, settings, events, method, args, calls, .. } = command;
    match (what.as_str(), settings, args) {
        ("open", Some(settings), _) => member(open(&settings, events).map_err(CallError::Egito).map(|opened| {
            clients.insert(client, opened);
            "null".to_owned()
        })),
        ("call", ..) if method == "events" => {
            member(Ok(array(clients[&client].events.lock().expect("no panic").iter().cloned())))
        }
        ("call", _, Some(args)) => member(play(clients, &[Call { client, method, args }]).remove(0)),
        ("parallel", ..) => {
            let results = play(clients, &calls).into_iter().map(|result| format!("{{{}}}", member(result)));
            format!("\"results\":{}", array(results))
        }
        ("close", ..) => {
            clients[&client].client.close();
            member(Ok("null".to_owned()))
        }
        _ => member(Err(CallError::Unknown(format!("do {what}")))),
    }
}

fn open<P: Player>(settings: &RawValue, with_events: bool) -> egito::Result<Open<P>> {
    let events: Arc<Mutex<Vec<String>>> = Arc::default();
    let recorded = events.clone();
    let hook: EventHook = Arc::new(move |event| {
        recorded.lock().expect("no panic").push(serde_json::to_string(event).expect("plain data"));
    });
    Ok(Open { client: P::open(settings, with_events.then_some(hook))?, events })
}

fn play<P: Player>(clients: &Clients<P>, calls: &[Call]) -> Vec<CallResult> {
    let pairs: Vec<(&P, &Call)> = calls.iter().map(|call| (&clients[&call.client].client, call)).collect();
    P::play(&pairs)
}

/// Returns the member of a reply for the result of a call.
fn member(result: CallResult) -> String {
    match result {
        Ok(json) => format!("\"result\":{json}"),
        Err(CallError::Egito(error)) => format!("\"error\":{}", details(&error)),
        Err(CallError::Unknown(what)) => format!("\"unknown\":{}", serde_json::Value::from(what)),
    }
}

/// Returns an error as JSON of the protocol.
pub(crate) fn details(error: &Error) -> String {
    format!("{{\"class\":\"Code::{:?}\",{}", error.code(), &error.to_json()[1..])
}

fn hello(adapter: &str) -> String {
    let codes: serde_json::Map<_, _> =
        egito::CODES.iter().map(|info| (info.name.to_owned(), format!("Code::{:?}", info.code).into())).collect();
    let version = env!("CARGO_PKG_VERSION");
    serde_json::json!({"hello": {
        "adapter": adapter, "language": "Rust", "version": version, "protocol": 1, "codes": codes,
    }})
    .to_string()
}
