//! Huge responses: large pages are read, deeply nested ones are rejected, and decompression stops at the limit.

use crate::measured_process::{MIB, MeasuredProcess};
use crate::raw_server::{RawServer, last, ok};
use egito::blocking::Client;
use egito::{Code, Outcome};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::io::Write;
use std::time::{Duration, Instant};

/// Far more than linear processing of these responses takes, and far less than quadratic processing.
const LATE: Duration = Duration::from_secs(20);

/// Stack of a thread that must not recurse into nested values: far less than 100,000 calls need.
const SMALL_STACK: usize = 512 << 10;

const LEVELS: usize = 100_000;

#[test]
fn a_page_of_50_mb_returns_every_record() {
    const RECORDS: usize = 50_000;
    let note = "Zażółć gęślą jaźń. ".repeat(36);
    let records = |number: usize| format!(r#"{{"id": {number}, "name": "Żubr {number}", "notes": "{note}"}}"#);
    let page = format!("[{}]", (1..=RECORDS).map(records).collect::<Vec<_>>().join(","));
    assert!(page.len() > 50_000_000, "{}", page.len());
    let server = RawServer::start(move |stream, number| {
        let body = if number == 1 { page.as_str() } else { "[]" };
        stream.write_all(last(body).as_bytes()).unwrap();
    });
    let client = Client::new(server.settings(&json!({"page_size": 50_000, "max_retries": 0}))).unwrap();
    let mut expected = 1_i64..;
    for record in client.accounts().list().records().unwrap() {
        assert_eq!(record.unwrap().id(), expected.next().map(Into::into));
    }
    assert_eq!(expected.next(), Some(50_001));
}

#[test]
fn three_hundred_header_lines_are_accepted() {
    let headers = (0..300).map(|n| format!("X-Gateway-{n}: value")).collect::<Vec<_>>().join("\r\n");
    let server = RawServer::start(move |stream, _| {
        let response = format!("HTTP/1.1 200 OK\r\n{headers}\r\nContent-Length: 9\r\n\r\n{{\"id\": 7}}");
        stream.write_all(response.as_bytes()).unwrap();
    });
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    assert_eq!(client.accounts().get(7).unwrap().json(), r#"{"id": 7}"#);
}

#[test]
fn a_hundred_thousand_levels_are_rejected_without_recursion() {
    let object = |inner: String| format!(r#"{{"id": 7, "x": {inner}}}"#);
    let list = |open: &str, close: &str| format!("{}{}", open.repeat(LEVELS), close.repeat(LEVELS));
    let responses = [
        list("[", "]"),
        list(r#"{"a":"#, "}").replace(":}", ":1}"),
        "[{\"a\":".repeat(LEVELS),
        object(list("[", "]")),
        format!("[{}]", object(list("[", "]"))),
        format!(r#"{{"errors": {}}}"#, list("[", "]")),
    ];
    for response in responses {
        let start = response[..20].to_owned();
        let server = RawServer::responding(last(&response));
        let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
        let work = move || {
            let accounts = client.accounts();
            [
                accounts.create(&json!({})).map(drop),
                accounts.get(7).map(drop),
                accounts.list().pages().unwrap().next().unwrap().map(drop),
                accounts.call("print", &json!({})).map(drop),
            ]
        };
        let results = std::thread::Builder::new().stack_size(SMALL_STACK).spawn(work).unwrap().join().unwrap();
        for result in results {
            let error = result.unwrap_err();
            let is_read = matches!(error.details().action.as_deref(), Some("get" | "list"));
            let code = if is_read { Code::UnexpectedResponse } else { Code::OutcomeUnknown };
            assert_eq!((error.code(), error.details().status), (code, Some(200)), "{start}: {error:?}");
        }
    }
}

#[test]
fn half_a_million_arrays_are_rejected_quickly_and_with_a_short_message() {
    let arrays: Vec<_> = (0..500_000).map(|number| format!(r#""a{number}":[]"#)).collect();
    let server = RawServer::responding(ok(&format!("{{{}}}", arrays.join(","))));
    let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let begun = Instant::now();
    let error = client.accounts().list().pages().unwrap().next().unwrap().unwrap_err();
    assert_eq!(error.code(), Code::UnexpectedResponse);
    assert!(
        error.to_string().ends_with("(`a0`, `a1`, `a2`, `a3`, `a4` …); set `list_key` to the key of the list"),
        "{error}"
    );
    assert!(begun.elapsed() < LATE);
}

#[test]
fn ten_million_field_errors_need_little_memory() {
    let body = format!(r#"{{"errors": [{}1]}}"#, "1,".repeat(10_000_000));
    let server = RawServer::responding(ok(&body));
    let settings = json!({"base_url": server.address, "max_retries": 0});
    let peak = MeasuredProcess::test("large_responses::receives_ten_million_field_errors").with(&settings).peak();
    assert!(peak < 128 * MIB, "{} MiB", peak / MIB);
}

#[test]
#[ignore = "runs in the process that the test above measures"]
fn receives_ten_million_field_errors() {
    let error = Client::new(MeasuredProcess::settings()).unwrap().accounts().create(&json!({})).unwrap_err();
    assert_eq!((error.code(), error.details().errors.len()), (Code::Validation, 100_000));
    MeasuredProcess::report_peak();
}

#[test]
fn a_record_of_a_hundred_thousand_levels_is_not_sent() {
    let deep = format!(r#"{{"x": {}{}}}"#, "[".repeat(LEVELS), "]".repeat(LEVELS));
    let server = RawServer::with_ids();
    let client = Client::new(server.settings(&json!({"body": "form"}))).unwrap();
    let work = move || {
        let record = serde_json::value::RawValue::from_string(deep.clone()).unwrap();
        [client.accounts().create(&record).unwrap_err(), egito::Record::from_json(deep).unwrap_err()]
    };
    let errors = std::thread::Builder::new().stack_size(SMALL_STACK).spawn(work).unwrap().join().unwrap();
    assert_eq!(errors.map(|error| error.code()), [Code::Config; 2]);
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_response_beyond_the_limit_is_rejected_while_it_is_received() {
    let endless = |stream: &mut std::net::TcpStream, head: &str| {
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(&[b' '; 16 << 10]).is_ok() {}
    };
    for head in ["", "Content-Length: 1099511627776\r\n"] {
        let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n");
        let server = RawServer::start(move |stream, _| endless(stream, &head));
        let client = Client::new(server.settings(&json!({"max_response_bytes": 100_000}))).unwrap();
        let error = client.accounts().create(&json!({})).unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Code::OutcomeUnknown, Some(Outcome::Unknown)), "{error:?}");
        assert!(error.to_string().contains("max_response_bytes"), "{error}");
        server.await_close(); // the rest is not received
        assert_eq!(server.requests(), 1);
    }
}

#[test]
fn a_body_of_exactly_the_limit_is_read() {
    let body = format!(r#"{{"id": 7{}}}"#, " ".repeat(991));
    for (limit, fits) in [(1000, true), (999, false)] {
        let server = RawServer::responding(ok(&body));
        let client = Client::new(server.settings(&json!({"max_response_bytes": limit}))).unwrap();
        assert_eq!(client.accounts().get(7).is_ok(), fits, "{limit}");
    }
}

#[test]
fn a_compressed_gigabyte_needs_little_memory() {
    for (encoding, bomb) in [("gzip", gzip(1 << 30)), ("br", brotli(1 << 30))] {
        assert!(bomb.len() < 2 << 20, "{} bytes", bomb.len());
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n", bomb.len());
        let server = RawServer::responding([head.as_bytes(), &bomb].concat());
        let settings = json!({"base_url": server.address, "max_response_bytes": 8 << 20, "max_retries": 0});
        let peak = MeasuredProcess::test("large_responses::receives_a_compressed_gigabyte").with(&settings).peak();
        assert!(peak < 64 * MIB, "{encoding}: {} MiB", peak / MIB);
        assert_eq!(server.requests(), 1);
    }
}

#[test]
#[ignore = "runs in the process that the test above measures"]
fn receives_a_compressed_gigabyte() {
    let error = Client::new(MeasuredProcess::settings()).unwrap().accounts().get(7).unwrap_err();
    assert_eq!(error.code(), Code::UnexpectedResponse, "{error}");
    assert!(error.to_string().contains("max_response_bytes"), "{error}");
    MeasuredProcess::report_peak();
}

fn gzip(length: usize) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    spaces(length, &mut packer);
    packer.finish().unwrap()
}

fn brotli(length: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    spaces(length, &mut brotli::CompressorWriter::new(&mut packed, 4096, 5, 22));
    packed
}

fn spaces(length: usize, to: &mut impl Write) {
    let piece = vec![b' '; 1 << 20];
    (0..length >> 20).for_each(|_| to.write_all(&piece).unwrap());
}
