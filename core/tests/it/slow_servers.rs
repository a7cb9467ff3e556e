//! Slow servers: every timeout works, and closes its request.

use crate::raw_server::{RawServer, await_client_close, ok};
use egito::{Code, Outcome};
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Pause between the bytes of a slow response.
const BYTE_INTERVAL: Duration = Duration::from_millis(5);

/// Far more than the timeouts of these tests.
const LATE: Duration = Duration::from_secs(20);

#[test]
fn a_server_that_never_responds_causes_the_timeout() {
    let server = RawServer::start(|stream, _| await_client_close(stream));
    let error = create(&server, &json!({"timeout": 0.3, "read_timeout": 60}));
    assert_eq!((error.code(), error.outcome()), (Code::OutcomeUnknown, Some(Outcome::Unknown)), "{error:?}");
    assert_eq!(error.details().limit, Some("timeout"));
    server.await_close();
    assert_eq!(server.requests(), 1);
}

#[test]
fn silence_in_the_middle_of_a_response_causes_the_read_timeout() {
    for sent in [0, 20, ok("{\"id\": 7}").len() - 1] {
        let server = RawServer::start(move |stream, _| {
            stream.write_all(&ok("{\"id\": 7}").as_bytes()[..sent]).unwrap();
            await_client_close(stream);
        });
        let error = create(&server, &json!({"timeout": 60, "read_timeout": 0.3}));
        assert_eq!((error.code(), error.details().limit), (Code::OutcomeUnknown, Some("read_timeout")), "{sent}");
        server.await_close();
        assert_eq!(server.requests(), 1);
    }
}

#[test]
fn a_slow_response_causes_a_timeout_even_without_silence() {
    // The head of a response counts as one chunk.
    let heads = [
        ("HTTP/1.1 200 OK\r\nX-Header: ", "read_timeout"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "timeout"),
    ];
    for (head, limit) in heads {
        let server = RawServer::start(move |stream, _| {
            stream.write_all(head.as_bytes()).unwrap();
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(BYTE_INTERVAL);
            }
        });
        let error = create(&server, &json!({"timeout": 2, "read_timeout": 1}));
        assert_eq!((error.code(), error.details().limit), (Code::OutcomeUnknown, Some(limit)), "{error:?}");
        server.await_close();
    }
}

#[test]
fn a_slow_response_is_read_if_the_timeout_allows_it() {
    let server = RawServer::start(|stream, _| {
        for byte in ok("{\"id\": 7}").bytes() {
            stream.write_all(&[byte]).unwrap();
            std::thread::sleep(BYTE_INTERVAL);
        }
    });
    let client = egito::blocking::Client::new(server.settings(&json!({"timeout": 60, "read_timeout": 30}))).unwrap();
    assert_eq!(client.accounts().create(&json!({})).unwrap(), 7.into());
}

#[test]
fn the_timeout_of_a_read_covers_all_its_attempts() {
    let server = RawServer::start(|stream, _| await_client_close(stream));
    let settings = json!({"timeout": 0.8, "read_timeout": 0.2, "max_retries": 100, "backoff_base": 0.001});
    let client = egito::blocking::Client::new(server.settings(&settings)).unwrap();
    let begun = Instant::now();
    let error = client.accounts().get(7).unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Code::Timeout, None), "{error:?}");
    assert!(server.requests() >= 2 && server.requests() <= 4, "{} attempts of 0.2 s in 0.8 s", server.requests());
    assert!(begun.elapsed() < LATE);
}

#[test]
fn a_call_is_not_sent_if_the_token_endpoint_never_responds() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = RawServer::with_ids();
    let error = create(&server, &json!({"base_url": address, "timeout": 0.3}));
    assert_eq!((error.code(), error.outcome()), (Code::Timeout, Some(Outcome::NotSent)), "{error:?}");
    await_client_close(&mut skip_request(&listener));
}

/// Returns the error of a create with these settings.
fn create(server: &RawServer, over: &Value) -> egito::Error {
    let client = egito::blocking::Client::new(server.settings(over)).unwrap();
    let begun = Instant::now();
    let error = client.accounts().create(&json!({"name": "Żubr"})).unwrap_err();
    assert!(begun.elapsed() < LATE, "{error:?}");
    error
}

/// Accepts a connection and reads its request.
fn skip_request(listener: &TcpListener) -> std::net::TcpStream {
    use std::io::Read;
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"password=has%C5%82o&client_id=c&client_secret=secret") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        request.extend_from_slice(&byte);
    }
    stream
}
