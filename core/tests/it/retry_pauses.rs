//! Pauses between attempts, with a fake clock.

use crate::fake_clock::FakeClock;
use crate::raw_server::{RawServer, last};
use crate::sandbox::Server;
use egito::{Code, Outcome};
use httpdate::fmt_http_date;
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn the_client_waits_as_long_as_the_server_asks() {
    let date = fmt_http_date(FakeClock::BEGIN + Duration::from_secs(30));
    for (asked, pause) in [("7", 7.0), (" 100 ", 100.0), ("0", 0.0), (date.as_str(), 30.0)] {
        let (result, clock) = create_after(429, asked).await;
        assert!(result.is_ok(), "{asked}");
        assert_eq!(clock.pauses(), [pause], "{asked}");
    }
}

#[tokio::test]
async fn the_client_does_not_wait_for_a_very_long_pause() {
    let years = fmt_http_date(FakeClock::BEGIN + Duration::from_secs(7 * 365 * 86_400));
    let huge = "9".repeat(1000);
    for asked in ["121", "4294967296", "18446744073709551615", "18446744073709551616", &huge, &years] {
        let (result, clock) = create_after(429, asked).await;
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Code::RateLimited, Some(Outcome::Rejected)), "{asked}");
        assert!(error.details().retry_after.is_some_and(|seconds| seconds >= 121.0), "{asked}: {error:?}");
        assert!(error.to_json().contains("\"retry_after\":"), "{asked}");
        assert_eq!(clock.pauses(), [0.0; 0], "{asked}");
    }
}

#[tokio::test]
async fn an_invalid_retry_after_is_ignored() {
    for asked in ["soon", "-1", "+1", "1.5", "1e3", "", "0x10", "Mon, 31 Feb 2026 25:61:00 GMT", "١٢"] {
        let (result, clock) = create_after(429, asked).await;
        assert!(result.is_ok(), "{asked}");
        assert_eq!(clock.pauses(), [0.25], "{asked}: half of the first maximum of 0.5 s");
    }
}

#[tokio::test]
async fn the_timeout_of_a_call_limits_all_its_pauses() {
    let server = RawServer::start(|stream, _| stream.write_all(response(503, "60").as_bytes()).unwrap());
    let clock = Arc::new(FakeClock::default());
    let settings = server.settings(&json!({"timeout": 150, "max_retries": 100}));
    let client = egito::binding::with_clock(settings, clock.clone()).unwrap();
    let error = client.accounts().get(7).await.unwrap_err();
    assert_eq!((error.code(), error.details().attempts), (Code::Server, 3), "{error:?}");
    assert_eq!(clock.pauses(), [60.0, 60.0], "a third pause does not fit into 150 s");
}

#[tokio::test]
async fn the_retry_budget_limits_retries_if_the_server_is_down_for_all_calls() {
    let server = RawServer::start(|stream, _| stream.write_all(response(503, "0").as_bytes()).unwrap());
    let clock = Arc::new(FakeClock::default());
    let client = egito::binding::with_clock(server.settings(&json!({"max_retries": 4})), clock).unwrap();
    for _ in 0..100 {
        assert_eq!(client.accounts().get(7).await.unwrap_err().code(), Code::Server);
    }
    assert_eq!(server.requests(), 100 + 100, "the retry budget is 100 retries while no call succeeds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_waits_as_long_as_the_server_asks_or_the_call_is_not_sent() {
    for (asked, pauses, code) in [("7", vec![7.0], None), ("1000", vec![], Some(Code::RateLimited))] {
        let server = Server::start();
        let response = json!({"status": 429, "headers": {"Retry-After": asked}, "body": ""});
        server.control("POST", "faults", &json!({"on": {"action": "login"}, "response": response}));
        let clock = Arc::new(FakeClock::default());
        let client = egito::binding::with_clock(server.settings(&json!({})), clock.clone()).unwrap();
        let error = client.accounts().create(&json!({"name": "Żubr"})).await.err();
        assert_eq!(clock.pauses(), pauses);
        assert_eq!(error.as_ref().map(egito::Error::code), code, "{error:?}");
        if let Some(error) = error {
            assert_eq!((error.outcome(), error.details().retry_after), (Some(Outcome::NotSent), Some(1000.0)));
        }
    }
}

#[tokio::test]
async fn requests_are_evenly_spaced_if_their_rate_is_limited() {
    let server = RawServer::responding(last("{\"id\": 1}"));
    let clock = Arc::new(FakeClock::default());
    let client =
        egito::binding::with_clock(server.settings(&json!({"requests_per_second": 2.5})), clock.clone()).unwrap();
    for _ in 0..4 {
        client.accounts().get(1).await.unwrap();
    }
    assert_eq!(clock.pauses(), [0.4; 4], "the login is the first request");
}

#[tokio::test]
async fn a_create_that_would_wait_beyond_its_timeout_is_not_sent() {
    for (timeout, begun) in [(10.5, false), (20.0, true)] {
        let server = RawServer::with_ids();
        let clock = Arc::new(FakeClock::default());
        let settings = json!({"requests_per_second": 0.1, "timeout": timeout});
        let client = egito::binding::with_clock(server.settings(&settings), clock.clone()).unwrap();
        let result = client.accounts().create(&json!({})).await;
        assert_eq!((result.is_ok(), server.requests() == 1), (begun, begun), "{result:?}");
        assert_eq!(clock.pauses().is_empty(), !begun, "it fails at once");
        if let Err(error) = result {
            assert_eq!((error.code(), error.outcome()), (Code::Timeout, Some(Outcome::NotSent)), "{error:?}");
        }
    }
}

/// Sends a create whose first response asks to wait, and whose second one succeeds.
async fn create_after(status: u16, retry_after: &str) -> (egito::Result<egito::RecordId>, Arc<FakeClock>) {
    let first = response(status, retry_after);
    let server = RawServer::start(move |stream, number| {
        let response = if number == 1 { first.clone() } else { last("{\"id\": 7}") };
        stream.write_all(response.as_bytes()).unwrap();
    });
    let clock = Arc::new(FakeClock::default());
    let client = egito::binding::with_clock(server.settings(&json!({})), clock.clone()).unwrap();
    (client.accounts().create(&json!({})).await, clock)
}

fn response(status: u16, retry_after: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nRetry-After: {retry_after}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}
